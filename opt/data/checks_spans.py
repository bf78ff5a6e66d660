"""Whether the numbers of one case lie near enough to each other for the solver to hold them all.

A solver keeps rows to an absolute tolerance (1e-9, and 1e-7 around values that are fixed) and the
model is scaled once, so that the largest demand that counts is 100 to 1000 and the dearest
commitment that could be paid 1 to 10. What is then not far above the tolerance is decided by noise,
so a case that holds such numbers is refused by the cells of its extremes. These checks come last,
on sound tables.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from opt.data.checks_money import largest_share
from opt.data.facts import Facts
from opt.data.tables import Row
from opt.data.words import figure, plain, times

# The largest at 100 or more, the smallest at 1e-5 or more: a hundred times the looser tolerance.
# The other way round 1e10, of which 16 digits leave a millionth.
MASS_SPAN = 1e7
# The largest at 1 or more, the smallest at 1e-6 or more: a thousand times the tolerance.
MONEY_SPAN = 1e6
# In the objective, where the largest weight is 1: a thousand times the tolerance on its slopes.
WEIGHT_SPAN = 1e6
# Whole numbers hold to 1e-9 where the optimum is asked for: a unit that is not built could run a
# thousandth of what counts.
CAPACITY_SPAN = 1e6
# Only the objective sets a year's costs beside capital cost; 16 digits hold this and a gap of 1e-6.
RUNNING_SPAN = 1e8
# A column of the model holds the amounts of a recipe; its rows are kept to the same tolerance.
RECIPE_SPAN = 1e8
USD_PER_MUSD = 1e6
ROUNDING = 1e-9  # relative


class Amount(NamedTuple):
    """One number of a case, as the model holds it, and the cell that it comes from."""

    size: float
    row: Row
    column: str | int

    @property
    def where(self) -> str:
        """The cell as the user writes it."""
        return f"{self.row.sheet}!{self.row.cell(self.column)}"

    @property
    def typed(self) -> str:
        """What stands in the cell."""
        value = (
            self.row.years[self.column] if isinstance(self.column, int) else self.row[self.column]
        )
        return plain(value) if isinstance(value, int | float) else str(value)


def check_spans(facts: Facts) -> None:
    """Demand that counts, weights, recipes, capacities and money span no more than can be held."""
    demands = list(_demands(facts))
    _refuse(facts, demands, MASS_SPAN, "the smallest demand that counts")
    _refuse(facts, _weights(facts, demands), WEIGHT_SPAN, "the smallest weight of demand")
    for recipe in _recipes(facts):
        _refuse(facts, recipe, RECIPE_SPAN, "the smallest amount of the recipe")
    if demands:
        _check_plenty(facts, max(demands, key=_size))
        _check_capacities(facts, max(demands, key=_size))
    _check_money(facts, max((amount.size for amount in demands), default=0.0))


def _refuse(facts: Facts, amounts: Iterable[Amount], most: float, smallest: str) -> None:
    """A fault at the largest of some amounts where it is too many times the smallest, which is
    called by these words."""
    found = [amount for amount in amounts if amount.size > 0]
    if not found:
        return
    small, large = min(found, key=_size), max(found, key=_size)
    if large.size <= most * small.size:
        return
    message = (
        f"{large.typed} is {times(large.size / small.size)} times {smallest}, {small.typed} in"
        f" {small.where}; the solver can hold {figure(most)} in one case."
    )
    hint = "Mend the wrong one of the two, or leave out what is too small to count."
    facts.fault(large.row, large.column, message, hint)


def _size(amount: Amount) -> float:
    return amount.size


def _demands(facts: Facts) -> Iterator[Amount]:
    """Demand that counts: of allies, with a weight."""
    for row in facts.rows("demand"):
        if facts.bloc.get(row.text("region")) == "ally" and row.number_of("weight") > 0:
            for year, amount in row.years.items():
                yield Amount(amount, row, year)


def _weights(facts: Facts, demands: Iterable[Amount]) -> Iterator[Amount]:
    """Weights of demand that counts, times its prices where the objective weighs these."""
    for row in {amount.row.number: amount.row for amount in demands}.values():
        weight = row.number_of("weight")
        place = row.text("commodity"), row.text("region")
        price = facts.price(*place) if facts.tables.weighs_prices else None
        for factor in price.years.values() if price is not None else (1.0,):
            yield Amount(weight * factor, row, "weight")


def _recipes(facts: Facts) -> Iterator[list[Amount]]:
    """The amounts of each process."""
    found: dict[str, list[Amount]] = {}
    for row in facts.rows("recipes"):
        amount = Amount(abs(row.number_of("amount")), row, "amount")
        found.setdefault(row.text("process"), []).append(amount)
    yield from found.values()


def _check_plenty(facts: Facts, largest: Amount) -> None:
    """What stands for plenty is of the size of the largest demand that counts too."""
    for amount in (*_existing(facts), *_others(facts)):
        if amount.size > largest.size:
            _refuse(facts, [amount, largest], MASS_SPAN, "the largest demand that counts")


def _existing(facts: Facts) -> Iterator[Amount]:
    """What lies in stock, and the capacity of facilities in activity."""
    for row in facts.rows("stockpiles"):
        yield Amount(row.number_of("initial"), row, "initial")
    for row in facts.rows("facilities"):
        sizes: list[tuple[str | int, float]] = [("capacity", row.optional("capacity") or 0.0)]
        for process in row.items("processes"):
            rate = _rate(facts, row, process)
            for column, size in (*sizes, *row.years.items()):
                yield Amount(size / rate, row, column)


def _others(facts: Facts) -> Iterator[Amount]:
    """Demand that does not count."""
    for row in facts.rows("demand"):
        yield from (Amount(amount, row, year) for year, amount in row.years.items())


def _rate(facts: Facts, row: Row, process: str) -> float:
    """The capacity that a unit of activity takes."""
    return abs(facts.recipe.get(process, {}).get(row.text("capacity_of"), 1.0)) or 1.0


def _check_capacities(facts: Facts, largest: Amount) -> None:
    """What a candidate could make is of the size of the largest demand that counts."""
    for row in facts.rows("projects"):
        column = "capacity" if row.optional("capacity") is not None else "capacity_max"
        made = [_made(facts, row, process, column) for process in row.items("processes")]
        amount = Amount(max(made), row, column)
        if amount.size > largest.size:
            _refuse(facts, [amount, largest], CAPACITY_SPAN, "the largest demand that counts")
        else:
            _refuse(facts, [amount, largest], MASS_SPAN, "what a candidate could make")


def _made(facts: Facts, row: Row, process: str, column: str) -> float:
    """What a candidate could make, or use where it makes nothing, by one of its processes."""
    amounts = [a for a in facts.recipe.get(process, {}).values() if a > 0] or [1.0]
    return (row.optional(column) or 0.0) / _rate(facts, row, process) * max(amounts)


def _check_money(facts: Facts, asked: float) -> None:
    """Costs of candidates that could be paid, smallest tickets, and what running would cost at the
    largest demand."""
    capital = list(_capital(facts))
    tickets = [Amount(r.number_of("ticket_min"), r, "ticket_min") for r in facts.rows("programmes")]
    if _spans([*capital, *tickets], MONEY_SPAN):
        capital = [amount for amount in capital if _is_within_means(facts, amount)]
    _refuse(facts, capital, MONEY_SPAN, "the cheapest candidate")
    if not capital:
        return
    dearest, cheapest = max(capital, key=_size), min(capital, key=_size)
    for ticket in tickets:
        _refuse(facts, [dearest, ticket], MONEY_SPAN, "the smallest ticket")
    what = f"(where {figure(asked)} are asked for) the cheapest candidate"
    for amount in _running(facts, asked):
        _refuse(facts, [amount, cheapest], RUNNING_SPAN, what)


def _running(facts: Facts, asked: float) -> Iterator[Amount]:
    """What a year costs: fixed, and for each cost of a unit where the largest demand bears it."""
    yield from (Amount(row.number_of("fixed_opex"), row, "fixed_opex") for row in facts.plants)
    units = [(row, "opex") for row in facts.plants]
    units += [(row, "cost") for row in facts.rows("lanes")]
    units += [(row, "carrying_cost") for row in facts.rows("stockpiles")]
    units += [(row, "surplus") for row in facts.rows("commodities")]
    for row, column in units:
        cost = row[column]
        if isinstance(cost, int | float):
            yield Amount(abs(cost) * asked / USD_PER_MUSD, row, column)


def _spans(amounts: Iterable[Amount], most: float) -> bool:
    sizes = [amount.size for amount in amounts if amount.size > 0]
    return bool(sizes) and max(sizes) > most * min(sizes)


def _capital(facts: Facts) -> Iterator[Amount]:
    """The cost of a unit of every candidate, at its smallest size, where it is not nothing."""
    for row in facts.rows("projects"):
        size = row.optional("capacity_min") or 0.0
        sized = row.number_of("capex_per_unit") * size
        whole = row.number_of("capex") + (sized if row.optional("capacity") is None else 0.0)
        amount = Amount(whole * row.number_of("capex_share"), row, "capex")
        if amount.size > 0 and row.text("decision") != "forbid":
            yield amount


def _is_within_means(facts: Facts, capital: Amount) -> bool:
    """Whether the money of all years of the plan could pay a candidate: a rougher rule than that
    of opt.data.payable, which needs the case assembled. What cannot be paid sets no scale."""
    project, cost = capital.row, capital.size
    public = 0.0
    for programme in facts.rows("programmes"):
        share = largest_share(facts, programme, project)
        charge = programme.number_of("charge")
        endless = charge == 0 or programme["repay_years"] is not None
        amount = math.inf if endless else programme.number_of("amount") / charge
        public += min(share * cost, amount)
    public = min(public, project.number_of("max_public_share") * cost)
    reaches_floor = public >= facts.floor(project) * cost * (1 - ROUNDING)
    return reaches_floor and cost - public <= _private(facts, project) * (1 + ROUNDING)


def _private(facts: Facts, project: Row) -> float:
    """The private money of all years that is ready for a candidate; inf where a year has no end."""
    years = range(facts.first, facts.last + 1)
    rows = [
        row
        for row in facts.rows("private_capital")
        if row["field"] == "all" or facts.matches(project, row.text("field"), row.text("value"))
    ]
    whole = [row for row in rows if all(year in row.years for year in years)]
    return min((sum(row.years[t] for t in years) for row in whole), default=math.inf)
