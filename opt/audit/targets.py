"""What a target measures, recomputed of one set of flows: a part over a whole.

A scope is a name, or several with `:` between; `bloc:ally` is one name. Names match without case.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import asdict
from typing import Any, NamedTuple

from opt.audit.case import AuditCase, DemandKey, unit_of
from opt.audit.check import (
    Check,
    KeyedRows,
    OfKind,
    Scales,
    Where,
    at_most,
    equal,
    holds,
    scales_of,
)
from opt.audit.evidence import Evidence, Sums
from opt.audit.rule import of_plan, told
from opt.audit.weighing import ByMineral, Dependence, joined, mineral_of
from opt.data.tables import Row
from opt.record.flows import Delivery
from opt.record.shape import TEXT
from opt.record.targets import TargetResult

DEPENDENCE = "dependence"
SHORTFALL = "shortfall"
SOURCE_SHARE = "source_share"
HOME_SHARE = "home_share"
OUTPUT = "output"
EVERYTHING = ("", "all")
ANY = "any"
AT_MOST = "at_most"


class Measured(NamedTuple):
    """What is measured over what it is measured against; the whole of an output is 1."""

    part: float
    whole: float

    @property
    def value(self) -> float:
        """part / whole; 0 where the whole is 0."""
        return self.part / self.whole if self.whole else 0.0


def measure_target(case: AuditCase, sums: Sums, row: Row) -> Measured:
    """The value of a row of sheet targets in its year and one set of flows."""
    metric, scope, year = row.text("metric"), row.text("scope"), int(row.number_of("year"))
    if metric in (DEPENDENCE, SHORTFALL):
        weights = demand_weights(case, scope)
        line = joined(case, _by_mineral(case, sums, weights, year))
        return Measured(line.short + (line.exposed if metric == DEPENDENCE else 0.0), line.demand)
    if metric == SOURCE_SHARE:
        return _source_share(case, sums, split_scope(scope), year)
    if metric == HOME_SHARE:
        return _home_share(case, sums, split_scope(scope), year)
    return Measured(_output(case, sums, split_scope(scope), year), 1.0)


def split_scope(scope: str) -> list[str]:
    """The names of a scope; `mineral:NAME` is one."""
    names: list[str] = []
    for part in scope.split(":"):
        if names and names[-1].casefold() in ("bloc", "mineral"):
            names[-1] = f"{names[-1].casefold()}:{part.strip()}"
        else:
            names.append(part.strip())
    return names


def named_mineral(names: list[str]) -> str:
    """The mineral that the last name of a scope names, without case; blank where it names none."""
    word, _, name = names[-1].partition(":")
    return name.strip().casefold() if word.strip().casefold() == "mineral" else ""


def is_of(case: AuditCase, commodity: str, mineral: str) -> bool:
    """Whether a commodity is of a mineral; of blank every one is."""
    return mineral in ("", case.commodities[commodity].text("mineral").casefold())


def demand_weights(case: AuditCase, scope: str) -> Mapping[DemandKey, float]:
    """Weight of a unit of each allied demand that a scope takes.

    Everything, `mineral:NAME`, a commodity, an element, a region or `bloc:NAME`, or a segment: the
    first of these that has the name.
    """
    name = scope.strip().casefold()
    allied = _allied_weights(case)
    mineral = named_mineral([scope])
    if mineral:
        return {key: w for key, w in allied.items() if is_of(case, key[1], mineral)}
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


def element_weights(case: AuditCase, element: str) -> Mapping[DemandKey, float]:
    """Weight x share by mass of an element in a unit of each allied demand."""
    return {
        key: weight * content_of(case, key[1], {element.casefold()})
        for key, weight in _allied_weights(case).items()
    }


def weighted_demand(
    case: AuditCase, sums: Sums, weights: Mapping[DemandKey, float], year: int
) -> tuple[float, float, float]:
    """Demand, exposed and short of a year: sums of weight x amount."""
    demand = sum(weight * case.demand[key, year] for key, weight in weights.items())
    exposed = short = 0.0
    for key, given in _deliveries(sums, year):
        exposed += weights.get(key, 0.0) * given.exposed
        short += weights.get(key, 0.0) * given.short
    return demand, exposed, short


def _by_mineral(
    case: AuditCase, sums: Sums, weights: Mapping[DemandKey, float], year: int
) -> ByMineral:
    """Demand, exposed and short of a year of the demands that have a weight, by mineral."""
    minerals = {mineral_of(case, key) for key in weights}
    return {
        mineral: Dependence(
            *weighted_demand(
                case,
                sums,
                {key: w for key, w in weights.items() if mineral_of(case, key) == mineral},
                year,
            )
        )
        for mineral in sorted(minerals)
    }


def _allied_weights(case: AuditCase) -> Mapping[DemandKey, float]:
    return {
        key: row.number_of("weight") for key, row in case.demands.items() if case.is_allied(key[0])
    }


def _without_mineral(names: list[str]) -> tuple[list[str], str]:
    """The names of a scope but for the mineral at its end, and that, blank where it has none."""
    mineral = named_mineral(names)
    return (names[:-1] if mineral else names), mineral


def _source_share(case: AuditCase, sums: Sums, scope: list[str], year: int) -> Measured:
    """(shipped from the source to the users + short of their demands) / (inputs of plants there +
    served + short), of all that processes of the stage make. Source `any`: the largest of the
    single regions outside the users."""
    names, mineral = _without_mineral(scope)
    stage, source = names[0], names[1]
    users = case.regions_of(names[2] if len(names) > 2 else "ally")
    goods = {
        c
        for p in _processes(case, stage)
        for c, amount in case.recipes[p].items()
        if amount > 0 and is_of(case, c, mineral)
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


def _home_share(case: AuditCase, sums: Sums, scope: list[str], year: int) -> Measured:
    """Sum of outputs x content of runs of the stage in the users' regions / sum of their demands x
    content, allied or not; of one mineral alone where the scope names it."""
    names, mineral = _without_mineral(scope)
    users = case.regions_of(names[1])
    elements = _elements(case, users, names[2] if len(names) > 2 else "")
    processes = _processes(case, names[0])
    made = 0.0
    for (plant, process, t), activity in sums.activity.items():
        if t == year and process in processes and case.plant(plant).region in users:
            for good, amount in case.recipes[process].items():
                share = content_of(case, good, elements) * is_of(case, good, mineral)
                made += max(0.0, amount) * activity * share
    needed = sum(
        demand * content_of(case, key[1], elements)
        for (key, t), demand in case.demand.items()
        if t == year and key[0] in users and is_of(case, key[1], mineral)
    )
    return Measured(made, needed)


def _output(case: AuditCase, sums: Sums, names: list[str], year: int) -> float:
    """Units of a commodity made in a region or bloc, both classes."""
    good, where = names[0].casefold(), case.regions_of(names[1])
    return sum(
        amount
        for (region, commodity, _, t), amount in sums.made.items()
        if t == year and commodity.casefold() == good and region in where
    )


def _processes(case: AuditCase, stage: str) -> frozenset[str]:
    return frozenset(
        name
        for name, row in case.processes.items()
        if row.text("stage").casefold() == stage.casefold()
    )


def _elements(case: AuditCase, users: frozenset[str], element: str) -> set[str]:
    """The element named, or all that any commodity demanded by the users contains; without case."""
    if element:
        return {element.casefold()}
    return held_elements(case, users)


def held_elements(case: AuditCase, regions: Container[str]) -> set[str]:
    """The elements that any commodity demanded in some regions contains; without case."""
    demanded = {commodity for region, commodity, _ in case.demands if region in regions}
    return {e.casefold() for c in demanded for e in case.contents.get(c, {})}


def content_of(case: AuditCase, commodity: str, elements: set[str]) -> float:
    """Share of the elements in a commodity by mass; 1 where sheet contents is empty."""
    if not case.contents:
        return 1.0
    shares = case.contents.get(commodity, {})
    return sum(share for element, share in shares.items() if element.casefold() in elements)


def _deliveries(sums: Sums, year: int) -> Iterator[tuple[DemandKey, Delivery]]:
    for given in sums.flows.deliveries:
        if given.year == year:
            yield (given.region, given.commodity, given.segment), given


@of_plan
def limit_target(evidence: Evidence) -> Iterator[Check]:
    """part <= bound x whole (at_most) or part >= bound x whole (at_least) of each target in its
    year, in the allied flows; value = part / whole, whole 1 of an output.

    Unit: units, weighted in dependence and shortfall. Scale: the whole.
    """
    for row in evidence.case.tables.rows.get("targets", ()):
        found = measure_target(evidence.case, evidence.allied, row)
        bound = row.number_of("bound") * found.whole
        pair = (found.part, bound) if row.text("sense") == AT_MOST else (bound, found.part)
        yield at_most((row.text("target"),), *pair, _scale(evidence, row, found))


@of_plan
def define_targets(evidence: Evidence) -> Iterator[Check]:
    """targets.csv: each row of sheet targets with its value in the allied flows and, as
    baseline_value, in the baseline's; slack = bound - value (at_most) or value - bound (at_least).

    A share, or units of an output.
    """
    rows = {row.target: row for row in evidence.answer.targets}
    for asked in evidence.case.tables.rows.get("targets", ()):
        row = rows.get(asked.text("target"))
        yield holds((asked.text("target"), "asked"), row is not None and _is_asked(row, asked))
        if row is None:
            continue
        found = measure_target(evidence.case, evidence.allied, asked)
        place = (row.target, "value")
        yield _check_value(place, row.value, found, _scale(evidence, asked, found))
        slack = row.bound - row.value if row.sense == AT_MOST else row.value - row.bound
        scale = max(1.0, abs(row.bound), abs(row.value))
        yield equal((row.target, "slack"), row.slack, slack, scale)
        before = measure_target(evidence.case, evidence.baseline, asked)
        scale = _scale(evidence, asked, before)
        yield _check_value((row.target, "baseline_value"), row.baseline_value, before, scale)


def _is_asked(row: TargetResult, asked: Row) -> bool:
    """Whether a written row says of a target what the workbook says."""
    scopes = {text.casefold() for text in (row.scope, asked.text("scope"))}
    same_scope = len(scopes) == 1 or scopes <= set(EVERYTHING)
    same_words = (row.metric, row.sense) == (asked.text("metric"), asked.text("sense"))
    same_numbers = (row.year, row.bound) == (asked.number_of("year"), asked.number_of("bound"))
    return same_scope and same_words and same_numbers


def _check_value(place: Where, value: float, found: Measured, scale: float) -> Check:
    """A written value, times the whole, against the part; 0 where the whole is 0."""
    if not found.whole:
        return equal(place, value, 0.0, 1.0)
    return equal(place, value * found.whole, found.part, scale)


def _scale(evidence: Evidence, row: Row, found: Measured) -> float:
    """The whole, never less than the floor of mass; the whole of an output is no amount."""
    whole = 0.0 if row.text("metric") == OUTPUT else found.whole
    return max(evidence.case.mass_floor, whole)


@told
def tell_targets(evidence: Evidence) -> Mapping[str, Any]:
    """The rows of targets.csv, which define_targets recomputes, each with its unit."""
    scales = scales_of(evidence)
    rows = [_target(evidence.case, scales, e) for e in evidence.answer.targets]
    return {"targets": KeyedRows(("target",), rows)}


def _target(case: AuditCase, scales: Scales, row: Any) -> dict[str, Any]:
    unit = "share"
    if row.metric == OUTPUT:
        name = split_scope(row.scope)[0].casefold()
        unit = next((unit_of(case, c) for c in case.commodities if c.casefold() == name), "units")
    numbers = ("bound", "value", "slack", "baseline_value")
    own = {name: scales.share(getattr(row, name)) for name in numbers}
    return {**asdict(row), **own, "words": OfKind(TEXT), "unit": unit}
