"""Offtake contracts and policy targets, with every name of a scope worked out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from opt.data.context import Context
from opt.data.instance import Demand, Offtake, Plant, Target
from opt.data.lanes import BLOC
from opt.data.scopes import Scope, read_scope
from opt.data.tables import Row, Tables


def offtakes(case: Context, plants: Mapping[str, Plant]) -> tuple[Offtake, ...]:
    """Contracts in the order of the rows."""
    found = []
    for row in case.tables.rows["offtakes"]:
        plant = plants[row.text("facility") or row.text("project")]
        to = row.text("destination")
        last = row.optional("last_year")
        regions = [r for r, b in case.blocs.items() if to in (r, BLOC + b)]
        found.append(
            Offtake(
                plant=plant.id,
                region=plant.region,
                commodity=row.text("commodity"),
                destinations=frozenset(regions),
                share=row.number_of("share"),
                last_year=case.years[-1] if last is None else int(last),
            )
        )
    return tuple(found)


def told_apart(
    contracts: Iterable[Offtake], aims: Iterable[Target]
) -> dict[str, list[frozenset[str]]]:
    """By commodity, the sets of regions that a rule tells from all others in trade."""
    found: dict[str, list[frozenset[str]]] = {}
    for contract in contracts:
        sets = [frozenset({contract.region}), contract.destinations]
        found.setdefault(contract.commodity, []).extend(sets)
    for aim in aims:
        for commodity in sorted(aim.commodities):
            found.setdefault(commodity, []).extend([*aim.sources, aim.users])
    return found


def targets(
    case: Context, demands: Mapping[str, Demand], plants: Iterable[Plant]
) -> tuple[Target, ...]:
    """Targets in the order of the rows."""
    known = list(plants)
    return tuple(_target(case, row, demands, known) for row in case.tables.rows["targets"])


def _target(case: Context, row: Row, demands: Mapping[str, Demand], plants: list[Plant]) -> Target:
    scope = read_scope(case.tables, row)
    blank = Target(
        id=row.text("target"),
        metric=row.text("metric"),
        scope=row.text("scope"),
        year=int(row.number_of("year")),
        bound=row.number_of("bound"),
        at_most=row["sense"] == "at_most",
    )
    if blank.metric == "source_share":
        made = {
            c
            for p in case.processes.values()
            if p.stage.casefold() == scope.stage.casefold()
            for c in p.outputs
        }
        sources = tuple(scope.source)
        return replace(blank, commodities=frozenset(made), sources=sources, users=scope.users)
    if blank.metric == "output":
        totals = dict.fromkeys(case.years, 1.0)
        return replace(
            blank, made=_made(case, plants, scope, {scope.commodity: 1.0}), totals=totals
        )
    if blank.metric == "home_share":
        content = _content_of(case, scope, demands)
        users = {
            d: content.get(x.commodity, 0.0) for d, x in demands.items() if x.region in scope.users
        }
        return replace(
            blank, made=_made(case, plants, scope, content), totals=_totals(case, demands, users)
        )
    weights = _weights(case, scope, demands)
    return replace(blank, demands=weights, totals=_totals(case, demands, weights))


def _totals(
    case: Context, demands: Mapping[str, Demand], weights: Mapping[str, float]
) -> dict[int, float]:
    """Weighted sum of some demands by year."""
    return {
        t: sum(weight * demands[d].amounts[t] for d, weight in weights.items()) for t in case.years
    }


def _weights(case: Context, scope: Scope, demands: Mapping[str, Demand]) -> dict[str, float]:
    """Weight of every allied demand that a scope of dependence or shortfall takes."""
    found = {}
    contents = contents_of(case.tables)
    for d in demands.values():
        fits = {
            "all": True,
            "commodity": d.commodity == scope.commodity,
            "element": scope.element in contents[d.commodity],
            "segment": d.segment.casefold() == scope.segment.casefold(),
            "regions": d.region in scope.regions,
        }
        if d.allied and fits[scope.kind]:
            content = contents[d.commodity][scope.element] if scope.kind == "element" else 1.0
            found[d.id] = d.weight * content
    return found


def contents_of(tables: Tables) -> dict[str, dict[str, float]]:
    """Share of mass by commodity and element."""
    contents: dict[str, dict[str, float]] = {
        row.text("commodity"): {} for row in tables.rows["commodities"]
    }
    for row in tables.rows["contents"]:
        contents[row.text("commodity")][row.text("element")] = row.number_of("share")
    return contents


def _content_of(case: Context, scope: Scope, demands: Mapping[str, Demand]) -> dict[str, float]:
    """Share of each commodity's mass that a home share counts: the element of the scope, else all
    elements that the users' demands hold, else everything where sheet contents is empty."""
    contents = contents_of(case.tables)
    if not case.tables.rows["contents"]:
        return dict.fromkeys(case.commodities, 1.0)
    wanted = {scope.element}
    if not scope.element:
        wanted = {
            e for d in demands.values() if d.region in scope.users for e in contents[d.commodity]
        }
    return {
        c: sum(share for e, share in held.items() if e in wanted) for c, held in contents.items()
    }


def _made(
    case: Context, plants: Iterable[Plant], scope: Scope, content: Mapping[str, float]
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
