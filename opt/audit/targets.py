"""What a target measures, recomputed of one set of flows: a part over a whole.

A scope is a name, or several with `:` between; `bloc:ally` is one name. Names match without case.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import NamedTuple

from opt.audit.case import Case, DemandKey
from opt.audit.evidence import Sums
from opt.data.tables import Row
from opt.record.flows import Delivery

DEPENDENCE = "dependence"
SHORTFALL = "shortfall"
SOURCE_SHARE = "source_share"
HOME_SHARE = "home_share"
OUTPUT = "output"
EVERYTHING = ("", "all")
ANY = "any"


class Measured(NamedTuple):
    """What is measured over what it is measured against; the whole of an output is 1."""

    part: float
    whole: float

    @property
    def value(self) -> float:
        """part / whole; 0 where the whole is 0."""
        return self.part / self.whole if self.whole else 0.0


def measure(case: Case, sums: Sums, row: Row) -> Measured:
    """The value of a row of sheet targets in its year and one set of flows."""
    metric, scope, year = row.text("metric"), row.text("scope"), int(row.number_of("year"))
    if metric in (DEPENDENCE, SHORTFALL):
        weights = demand_weights(case, scope)
        demand, exposed, short = weighted_demand(case, sums, weights, year)
        return Measured(short + (exposed if metric == DEPENDENCE else 0.0), demand)
    if metric == SOURCE_SHARE:
        return _source_share(case, sums, split_scope(scope), year)
    if metric == HOME_SHARE:
        return _home_share(case, sums, split_scope(scope), year)
    return Measured(_output(case, sums, split_scope(scope), year), 1.0)


def split_scope(scope: str) -> list[str]:
    """The names of a scope."""
    names: list[str] = []
    for part in scope.split(":"):
        if names and names[-1].casefold() == "bloc":
            names[-1] = f"bloc:{part.strip()}"
        else:
            names.append(part.strip())
    return names


def demand_weights(case: Case, scope: str) -> Mapping[DemandKey, float]:
    """Weight of a unit of each allied demand that a scope takes.

    Everything, a commodity, an element, a region or `bloc:NAME`, or a segment: the first of these
    that has the name.
    """
    name = scope.strip().casefold()
    allied = _allied_weights(case)
    if name in EVERYTHING:
        return allied
    if name in {commodity.casefold() for commodity in case.commodities}:
        return {key: weight for key, weight in allied.items() if key[1].casefold() == name}
    if name in {e.casefold() for shares in case.contents.values() for e in shares}:
        return element_weights(case, name)
    if name.startswith("bloc:") or name in {region.casefold() for region in case.blocs}:
        regions = case.regions_of(name)
        return {key: weight for key, weight in allied.items() if key[0] in regions}
    return {key: weight for key, weight in allied.items() if key[2].casefold() == name}


def element_weights(case: Case, element: str) -> Mapping[DemandKey, float]:
    """Weight x share by mass of an element in a unit of each allied demand."""
    return {
        key: weight * content_of(case, key[1], {element.casefold()})
        for key, weight in _allied_weights(case).items()
    }


def weighted_demand(
    case: Case, sums: Sums, weights: Mapping[DemandKey, float], year: int
) -> tuple[float, float, float]:
    """Demand, exposed and short of a year: sums of weight x amount."""
    demand = sum(weight * case.demand[key, year] for key, weight in weights.items())
    exposed = short = 0.0
    for key, given in _deliveries(sums, year):
        exposed += weights.get(key, 0.0) * given.exposed
        short += weights.get(key, 0.0) * given.short
    return demand, exposed, short


def _allied_weights(case: Case) -> Mapping[DemandKey, float]:
    return {
        key: row.number_of("weight") for key, row in case.demands.items() if case.is_allied(key[0])
    }


def _source_share(case: Case, sums: Sums, names: list[str], year: int) -> Measured:
    """(shipped from the source to the users + short of their demands) / (inputs of plants there +
    served + short), of all that processes of the stage make. Source `any`: the largest of the
    single regions outside the users."""
    stage, source = names[0], names[1]
    users = case.regions_of(names[2] if len(names) > 2 else "ally")
    goods = {
        c for p in _processes(case, stage) for c, amount in case.recipes[p].items() if amount > 0
    }
    served = [
        given for key, given in _deliveries(sums, year) if key[0] in users and key[1] in goods
    ]
    short = sum(given.short for given in served)
    use = short + sum(given.clear + given.exposed for given in served)
    for (region, good, _, t), amount in sums.used.items():
        use += amount if t == year and region in users and good in goods else 0.0
    shipped = dict.fromkeys(case.blocs, 0.0)
    for trade in sums.flows.shipments:
        if trade.year == year and trade.commodity in goods and trade.destination in users:
            shipped[trade.origin_region] += trade.amount
    outside = [shipped[region] for region in case.blocs if region not in users]
    if source.casefold() == ANY:
        return Measured(max(outside, default=0.0) + short, use)
    return Measured(sum(shipped[region] for region in case.regions_of(source)) + short, use)


def _home_share(case: Case, sums: Sums, names: list[str], year: int) -> Measured:
    """Sum of outputs x content of runs of the stage in the users' regions / sum of their demands x
    content, allied or not."""
    users = case.regions_of(names[1])
    elements = _elements(case, users, names[2] if len(names) > 2 else "")
    processes = _processes(case, names[0])
    made = 0.0
    for (plant, process, t), activity in sums.activity.items():
        if t == year and process in processes and case.plant(plant).region in users:
            for good, amount in case.recipes[process].items():
                made += max(0.0, amount) * activity * content_of(case, good, elements)
    needed = sum(
        demand * content_of(case, key[1], elements)
        for (key, t), demand in case.demand.items()
        if t == year and key[0] in users
    )
    return Measured(made, needed)


def _output(case: Case, sums: Sums, names: list[str], year: int) -> float:
    """Units of a commodity made in a region or bloc, both classes."""
    good, where = names[0].casefold(), case.regions_of(names[1])
    return sum(
        amount
        for (region, commodity, _, t), amount in sums.made.items()
        if t == year and commodity.casefold() == good and region in where
    )


def _processes(case: Case, stage: str) -> frozenset[str]:
    return frozenset(
        name
        for name, row in case.processes.items()
        if row.text("stage").casefold() == stage.casefold()
    )


def _elements(case: Case, users: frozenset[str], element: str) -> set[str]:
    """The element named, or all that any commodity demanded by the users contains; without case."""
    if element:
        return {element.casefold()}
    return held_elements(case, users)


def held_elements(case: Case, regions: Container[str]) -> set[str]:
    """The elements that any commodity demanded in some regions contains; without case."""
    demanded = {commodity for region, commodity, _ in case.demands if region in regions}
    return {e.casefold() for c in demanded for e in case.contents.get(c, {})}


def content_of(case: Case, commodity: str, elements: set[str]) -> float:
    """Share of the elements in a commodity by mass; 1 where sheet contents is empty."""
    if not case.contents:
        return 1.0
    shares = case.contents.get(commodity, {})
    return sum(share for element, share in shares.items() if element.casefold() in elements)


def _deliveries(sums: Sums, year: int) -> Iterator[tuple[DemandKey, Delivery]]:
    for given in sums.flows.deliveries:
        if given.year == year:
            yield (given.region, given.commodity, given.segment), given
