"""Policy targets: what each counts in its year, with every name of its scope worked out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace

from opt.data.book import Book
from opt.data.case import ScenarioBook
from opt.data.check import PLANTS, check
from opt.data.inspection import Inspection
from opt.data.instance import Demand, Plant, Target
from opt.data.scopes import Scope, ScopeError, read_scope, readable
from opt.data.sheets.chain import ContentRow
from opt.data.sheets.demand import DemandRow
from opt.data.sheets.targets import TargetRow
from opt.data.timing import value_in
from opt.data.words import plain
from opt.errors import Effect

_SHARES = ("dependence", "shortfall", "source_share", "home_share")


def targets(
    case: ScenarioBook, demands: Mapping[str, Demand], plants: Iterable[Plant]
) -> tuple[Target, ...]:
    """Targets in the order of the rows."""
    known = list(plants)
    return tuple(_target(case, row, demands, known) for row in case.rows(TargetRow))


def _target(
    case: ScenarioBook, row: TargetRow, demands: Mapping[str, Demand], plants: list[Plant]
) -> Target:
    scope = read_scope(case, row.metric, row.scope)
    blank = Target(
        id=row.target,
        metric=row.metric,
        scope=row.scope,
        year=row.year,
        bound=row.bound,
        at_most=row.sense == "at_most",
    )
    if blank.metric == "source_share":
        made = frozenset(c for c in case.made_in(scope.stage) if _of_mineral(case, scope, c))
        return replace(blank, commodities=made, sources=scope.source, users=scope.users)
    if blank.metric == "output":
        totals = dict.fromkeys(case.years, 1.0)
        return replace(
            blank, made=_made(case, plants, scope, {scope.commodity: 1.0}), totals=totals
        )
    if blank.metric == "home_share":
        content = _content_of(case, scope)
        users = {
            d: content.get(x.commodity, 0.0) for d, x in demands.items() if x.region in scope.users
        }
        return replace(
            blank, made=_made(case, plants, scope, content), totals=_totals(case, demands, users)
        )
    weights = _weights(case, scope, demands)
    return replace(blank, demands=weights, totals=_totals(case, demands, weights))


def _totals(
    case: ScenarioBook, demands: Mapping[str, Demand], weights: Mapping[str, float]
) -> dict[int, float]:
    """Weighted sum of some demands by year."""
    return {
        t: math.fsum(weight * demands[d].amounts[t] for d, weight in weights.items())
        for t in case.years
    }


def _weights(case: ScenarioBook, scope: Scope, demands: Mapping[str, Demand]) -> dict[str, float]:
    """Weight of every allied demand that a scope of dependence or shortfall takes."""
    allied = [demand for demand in demands.values() if demand.allied]
    taken = {demand.id: (demand, _taken(case, scope, demand)) for demand in allied}
    return {d: demand.weight * share for d, (demand, share) in taken.items() if share is not None}


def _taken(book: Book, scope: Scope, demand: Demand | DemandRow) -> float | None:
    """The share of a demand that a scope of dependence or shortfall takes, an element by its
    content; None where it takes none of it."""
    if scope.kind == "element":
        return book.contents.get(demand.commodity, {}).get(scope.element)
    fits = {
        "all": True,
        "commodity": demand.commodity == scope.commodity,
        "segment": demand.segment.casefold() == scope.segment.casefold(),
        "regions": demand.region in scope.regions,
        "mineral": _of_mineral(book, scope, demand.commodity),
    }
    return 1.0 if fits[scope.kind] else None


def _of_mineral(book: Book, scope: Scope, commodity: str) -> bool:
    """Whether a commodity is of the mineral of a scope, where it names one."""
    good = book.commodities.get(commodity)
    own = good.mineral.casefold() if good else ""
    return scope.mineral.casefold() in ("", own)


def _content_of(book: Book, scope: Scope) -> dict[str, float]:
    """Share of each commodity's mass that a home share counts: the element of the scope, else all
    elements that the users' demands hold, else everything where sheet contents is empty; nothing of
    what is not of the scope's mineral."""
    content = _content_of_all(book, scope)
    return {c: share for c, share in content.items() if _of_mineral(book, scope, c)}


def _content_of_all(book: Book, scope: Scope) -> dict[str, float]:
    if not book.rows(ContentRow):
        return dict.fromkeys(book.commodities, 1.0)
    users = (row for row in book.rows(DemandRow) if row.region in scope.users)
    wanted = {e for row in users for e in book.contents.get(row.commodity, {})}
    if scope.element:
        wanted = {scope.element}
    return {
        c: sum(share for e, share in held.items() if e in wanted)
        for c, held in book.contents.items()
    }


def _made(
    case: ScenarioBook, plants: Iterable[Plant], scope: Scope, content: Mapping[str, float]
) -> dict[tuple[str, str], float]:
    """What a unit of activity of the users' plants makes of what counts, by plant and process;
    of the scope's stage where it names one."""
    found = {}
    for plant in plants:
        for p in plant.rates if plant.region in scope.users else ():
            process = case.processes[p]
            if scope.stage.casefold() in ("", process.stage.casefold()):
                made = sum(process.recipe[c] * content.get(c, 0.0) for c in process.outputs)
                if made > 0:
                    found[plant.id, p] = made
    return found


@check("target rows", "settings")
def check_target_rows(book: Inspection) -> None:
    """A target holds in a year of the plan, with a bound and a sense that its metric can have."""
    for row in book.rows(TargetRow):
        metric, bound, year = row.metric, row.bound, row.year
        if not book.first <= year <= book.last:
            message = f"{year} is outside {book.first}-{book.last}."
            book.fault(row, "year", message, "Choose a year of the plan.")
        if metric in _SHARES and bound > 1:
            guess = plain(float(f"{bound / 100:.12g}"))
            hint = f"Did you mean {guess} ({plain(bound)}%)?" if bound <= 100 else "Type a share."
            book.fault(row, "bound", f"{plain(bound)} is outside 0-1.", hint)
        if metric in ("dependence", "shortfall") and row.sense == "at_least":
            message = f"at_least asks for more {metric}."
            book.warn(row, "sense", message, "Type at_most if less is wanted.", effect=Effect.TAKEN)
        if metric in ("home_share", "output") and "sense" not in row.given:
            message = f"sense is blank, so {metric} may be {plain(bound)} at most."
            book.warn(
                row,
                "sense",
                message,
                "Type at_least if that is meant, or at_most.",
                effect=Effect.TAKEN,
            )


@check("target scopes", "settings", "regions", "commodities", "contents", "demand", *PLANTS)
def check_target_scopes(book: Inspection) -> None:
    """The scope of a target can be read, and holds something to measure."""
    for row in book.rows(TargetRow):
        try:
            scope = read_scope(book, row.metric, row.scope)
        except ScopeError as error:
            book.fault(row, "scope", error.message, error.hint)
            continue
        year = row.year
        if row.metric in ("dependence", "shortfall"):
            _check_demand(book, row, _weighted_demand(book, scope, year), "allied demand")
        elif row.metric == "home_share":
            _check_demand(book, row, _home_demand(book, scope, year), "demand of these users")
            _check_home(book, row, scope)
        elif row.metric == "source_share":
            _check_used(book, row, scope)
            _check_share_of_sources(book, row, scope)
        else:
            _check_output(book, row, scope)


def _check_share_of_sources(book: Inspection, row: TargetRow, scope: Scope) -> None:
    """The users' demand is served in the plan, and a floor names its source."""
    if any(book.bloc[region] != "ally" for region in scope.users):
        message = "not all of these users are allies: what others demand counts as short."
        book.warn(row, "scope", message, "Name allied users.", effect=Effect.TAKEN)
    if row.sense == "at_least" and len(scope.source) > 1:
        message = "at_least cannot hold for any source: each of them would have to reach it."
        book.fault(row, "sense", message, "Name one source, or type at_most.")


@check("target pairs", "regions", "commodities", "contents", "demand", "processes")
def check_target_pairs(book: Inspection) -> None:
    """No two targets ask for more and for less of the same thing than can go together."""
    bounds: dict[tuple[str, Scope, int], list[TargetRow]] = {}
    for row, scope in readable(book):
        key = (row.metric, scope, row.year)
        for other in bounds.setdefault(key, []):
            if row.sense != other.sense and _apart(row, other):
                message = f"this and target '{other.target}' cannot both be met."
                book.fault(row, "bound", message, "Mend one of the bounds.")
        bounds[key].append(row)


def _apart(one: TargetRow, other: TargetRow) -> bool:
    """Whether the floor among two bounds lies above the ceiling."""
    floor, ceiling = (one, other) if one.sense == "at_least" else (other, one)
    return floor.bound > ceiling.bound


def _check_demand(book: Inspection, row: TargetRow, demand: float, words: str) -> None:
    if demand <= 0:
        message = f"no {words} matches in {row.year}, so there is nothing to measure."
        book.fault(row, "scope", message, "Mend the scope or the year.")


def _weighted_demand(book: Inspection, scope: Scope, year: int) -> float:
    """Weight x demand of the allied demands that a scope takes; an element by its content."""
    total = 0.0
    for row in book.rows(DemandRow):
        if book.bloc.get(row.region) == "ally" and row.years:
            weight = (_taken(book, scope, row) or 0.0) * row.weight
            total += weight * value_in(row.years, year)
    return total


def _home_demand(book: Inspection, scope: Scope, year: int) -> float:
    """What the users demand, by the content that counts."""
    content = _content_of(book, scope)
    return sum(
        content.get(row.commodity, 0.0) * value_in(row.years, year)
        for row in book.rows(DemandRow)
        if row.region in scope.users and row.years
    )


def _check_home(book: Inspection, row: TargetRow, scope: Scope) -> None:
    run = {
        book.stage.get(process, "").casefold()
        for plant in book.plants
        if plant.region in scope.users
        for process in plant.processes
    }
    if scope.stage.casefold() not in run:
        message = f"no plant there runs a process of stage {scope.stage}: the share is 0."
        book.warn(row, "scope", message, effect=Effect.TAKEN)


def _check_used(book: Inspection, row: TargetRow, scope: Scope) -> None:
    users = [plant for plant in book.plants if plant.region in scope.users]
    used = {commodity for plant in users for commodity in book.inputs(plant)}
    used |= {r.commodity for r in book.rows(DemandRow) if r.region in scope.users}
    made = {c for c in book.made_in(scope.stage) if _of_mineral(book, scope, c)}
    if used.isdisjoint(made):
        message = f"nothing of stage {scope.stage} is used there: the share is 0."
        book.warn(row, "scope", message, effect=Effect.TAKEN)


def _check_output(book: Inspection, row: TargetRow, scope: Scope) -> None:
    makers = [plant for plant in book.plants if plant.region in scope.users]
    if not any(scope.commodity in book.outputs(plant) for plant in makers):
        message = f"no plant there makes {scope.commodity}: the output is 0."
        book.warn(row, "scope", message, effect=Effect.TAKEN)
