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
from typing import Generic, NamedTuple, TypeVar

from opt.data.ceilings import is_covered
from opt.data.inspection import Inspection
from opt.data.sheets.ceilings import PrivateCapitalRow
from opt.data.sheets.chain import CommodityRow, FacilityRow, RecipeRow
from opt.data.sheets.demand import DemandRow
from opt.data.sheets.money import ProgrammeRow
from opt.data.sheets.projects import ProjectRow
from opt.data.sheets.stock import StockpileRow
from opt.data.sheets.trade import LaneRow
from opt.data.tables import Row
from opt.data.units import USD_PER_MUSD
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
ROUNDING = 1e-9  # relative

R_co = TypeVar("R_co", bound=Row, covariant=True)


class Amount(NamedTuple, Generic[R_co]):
    """One number of a case, as the model holds it, and the cell that it comes from."""

    size: float
    row: R_co
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


def check_spans(book: Inspection) -> None:
    """Demand that counts, weights, recipes, capacities and money span no more than can be held."""
    demands = list(_demands(book))
    _refuse(book, demands, MASS_SPAN, "the smallest demand that counts")
    _refuse(book, _weights(book, demands), WEIGHT_SPAN, "the smallest weight of demand")
    for recipe in _recipes(book):
        _refuse(book, recipe, RECIPE_SPAN, "the smallest amount of the recipe")
    if demands:
        _check_plenty(book, max(demands, key=_size))
        _check_capacities(book, max(demands, key=_size))
    _check_money(book, max((amount.size for amount in demands), default=0.0))


def _refuse(book: Inspection, amounts: Iterable[Amount[Row]], most: float, smallest: str) -> None:
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
    book.fault(large.row, large.column, message, hint)


def _size(amount: Amount[Row]) -> float:
    return amount.size


def _demands(book: Inspection) -> Iterator[Amount[DemandRow]]:
    """Demand that counts: of allies, with a weight."""
    for row in book.rows(DemandRow):
        if book.bloc.get(row.region) == "ally" and row.weight > 0:
            for year, amount in row.years.items():
                yield Amount(amount, row, year)


def _weights(book: Inspection, demands: Iterable[Amount[DemandRow]]) -> Iterator[Amount[Row]]:
    """Weights of demand that counts, times its prices where the objective weighs these."""
    for row in {amount.row.number: amount.row for amount in demands}.values():
        weight = row.weight
        price = book.price(row.commodity, row.region) if book.weighs_prices else None
        for factor in price.years.values() if price is not None else (1.0,):
            yield Amount(weight * factor, row, "weight")


def _recipes(book: Inspection) -> Iterator[list[Amount[Row]]]:
    """The amounts of each process."""
    found: dict[str, list[Amount[Row]]] = {}
    for row in book.rows(RecipeRow):
        amount = Amount(abs(row.amount), row, "amount")
        found.setdefault(row.process, []).append(amount)
    yield from found.values()


def _check_plenty(book: Inspection, largest: Amount[Row]) -> None:
    """What stands for plenty is of the size of the largest demand that counts too."""
    for amount in (*_existing(book), *_others(book)):
        if amount.size > largest.size:
            _refuse(book, [amount, largest], MASS_SPAN, "the largest demand that counts")


def _existing(book: Inspection) -> Iterator[Amount[Row]]:
    """What lies in stock, and the capacity of facilities in activity."""
    for stock in book.rows(StockpileRow):
        yield Amount(stock.initial, stock, "initial")
    for row in book.rows(FacilityRow):
        sizes: list[tuple[str | int, float]] = [("capacity", row.capacity or 0.0)]
        for process in row.processes:
            rate = book.rate(row, process)
            for column, size in (*sizes, *row.years.items()):
                yield Amount(size / rate, row, column)


def _others(book: Inspection) -> Iterator[Amount[Row]]:
    """Demand that does not count."""
    for row in book.rows(DemandRow):
        yield from (Amount(amount, row, year) for year, amount in row.years.items())


def _check_capacities(book: Inspection, largest: Amount[Row]) -> None:
    """What a candidate could make is of the size of the largest demand that counts."""
    for row in book.rows(ProjectRow):
        if row.lifts_alone:
            continue
        column = "capacity" if row.capacity is not None else "capacity_max"
        made = [_made(book, row, process, column) for process in row.processes]
        amount = Amount(max(made), row, column)
        if amount.size > largest.size:
            _refuse(book, [amount, largest], CAPACITY_SPAN, "the largest demand that counts")
        else:
            _refuse(book, [amount, largest], MASS_SPAN, "what a candidate could make")


def _made(book: Inspection, row: ProjectRow, process: str, column: str) -> float:
    """What a candidate could make, or use where it makes nothing, by one of its processes."""
    amounts = [a for a in book.recipe.get(process, {}).values() if a > 0] or [1.0]
    return (row.optional(column) or 0.0) / book.rate(row, process) * max(amounts)


def _check_money(book: Inspection, asked: float) -> None:
    """Costs of candidates that could be paid, smallest tickets, and what running would cost at the
    largest demand."""
    capital = list(_capital(book))
    tickets = [Amount(r.ticket_min, r, "ticket_min") for r in book.rows(ProgrammeRow)]
    if _spans([*capital, *tickets], MONEY_SPAN):
        capital = [amount for amount in capital if _is_within_means(book, amount)]
    _refuse(book, capital, MONEY_SPAN, "the cheapest candidate")
    if not capital:
        return
    dearest, cheapest = max(capital, key=_size), min(capital, key=_size)
    for ticket in tickets:
        _refuse(book, [dearest, ticket], MONEY_SPAN, "the smallest ticket")
    what = f"(where {figure(asked)} are asked for) the cheapest candidate"
    for amount in _running(book, asked):
        _refuse(book, [amount, cheapest], RUNNING_SPAN, what)


def _running(book: Inspection, asked: float) -> Iterator[Amount[Row]]:
    """What a year costs: fixed, and for each cost of a unit where the largest demand bears it."""
    for plant in book.plants:
        yield Amount(plant.fixed_opex * plant.opex_share, plant, "fixed_opex")
        yield Amount(plant.opex * plant.opex_share * asked / USD_PER_MUSD, plant, "opex")
    units: list[tuple[Row, str]] = [(row, "idle_cost") for row in book.rows(FacilityRow)]
    units += [(row, "cost") for row in book.rows(LaneRow)]
    units += [(row, "carrying_cost") for row in book.rows(StockpileRow)]
    units += [(row, "surplus") for row in book.rows(CommodityRow)]
    for row, column in units:
        cost = row[column]
        if isinstance(cost, int | float):
            yield Amount(abs(cost) * asked / USD_PER_MUSD, row, column)


def _spans(amounts: Iterable[Amount[Row]], most: float) -> bool:
    sizes = [amount.size for amount in amounts if amount.size > 0]
    return bool(sizes) and max(sizes) > most * min(sizes)


def _capital(book: Inspection) -> Iterator[Amount[ProjectRow]]:
    """The cost of a unit of every candidate, at its smallest size, where it is not nothing."""
    for row in book.rows(ProjectRow):
        size = (row.capacity_min or 0.0) if row.capacity is None else 0.0
        amount = Amount(row.unit_cost(size), row, "capex")
        if amount.size > 0 and row.decision != "forbid":
            yield amount


def _is_within_means(book: Inspection, capital: Amount[ProjectRow]) -> bool:
    """Whether the money of all years of the plan could pay a candidate: a rougher rule than that
    of opt.data.payable, which needs the case assembled. What cannot be paid sets no scale."""
    project, cost = capital.row, capital.size
    public = 0.0
    for programme in book.payers(project):
        share = book.largest_share(programme, project)
        charge = programme.charge
        endless = charge == 0 or programme.repay_years is not None
        amount = math.inf if endless else programme.own_amount / charge
        public += min(share * cost, amount)
    public = min(public, project.max_public_share * cost)
    reaches_floor = public >= book.floor(project) * cost * (1 - ROUNDING)
    return reaches_floor and cost - public <= _private(book, project) * (1 + ROUNDING)


def _private(book: Inspection, project: ProjectRow) -> float:
    """The private money of all years that is ready for a candidate; inf where a year has no end."""
    rows = [row for row in book.rows(PrivateCapitalRow) if is_covered(book, row, project)]
    whole = [row for row in rows if all(year in row.years for year in book.years)]
    return min((sum(row.years[t] for t in book.years) for row in whole), default=math.inf)
