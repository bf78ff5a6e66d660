"""What a baseline comes to, beside published figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from opt.data import patterns
from opt.data.instance import Instance
from opt.data.tables import Row
from opt.record.flows import Flows
from opt.record.run import Solution
from opt.results.shares import world_shares

ANYWHERE = ("any", "world")
MOST_PLANTS = 5


@dataclass(frozen=True, slots=True)
class CalibrationResult:
    """One published figure and the model's; shares, or units for output and exports. `makers` are
    the plants that make most of what is measured, with how much, in units; none for dependence."""

    cell: str
    metric: str
    scope: str
    year: int
    published: float
    tolerance: float
    model: float
    makers: tuple[tuple[str, float], ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the two differ by no more than the tolerance."""
        return abs(self.model - self.published) <= self.tolerance


def calibration_results(
    instance: Instance, baseline: Solution, rows: Iterable[Row]
) -> tuple[CalibrationResult, ...]:
    """Every row of sheet calibration whose year is one of the plan's.

    `baseline` has no new projects; trade and output are those with everybody served.
    """
    return tuple(
        CalibrationResult(
            cell=row.cell("published"),
            metric=row.text("metric"),
            scope=row.text("scope"),
            year=int(row.number_of("year")),
            published=row.number_of("published"),
            tolerance=row.number_of("tolerance"),
            model=_value(instance, baseline, row),
            makers=_makers(instance, baseline.world, row),
        )
        for row in rows
        if int(row.number_of("year")) in instance.years
    )


def _value(instance: Instance, baseline: Solution, row: Row) -> float:
    year, (parts, mineral) = int(row.number_of("year")), _parts(row)
    if row["metric"] == "dependence":
        return _dependence(instance, baseline.allied, (parts or [""])[0], mineral, year)
    if row["metric"] == "exports":
        return _exports(instance, baseline.world, parts, year)
    if row["metric"] == "output":
        return _output(instance, baseline.world, parts, year)
    stage, place = parts
    rows = [
        row
        for row in world_shares(instance, baseline.world, mineral)
        if row.year == year and row.stage.casefold() == stage.casefold()
    ]
    return sum(row.share for row in rows if place in (row.region, row.bloc))


def _parts(row: Row) -> tuple[list[str], str | None]:
    """The parts of a scope, and the mineral at its end without case; None where it names none."""
    *rest, last = patterns.parts(row.text("scope"))
    mineral = patterns.mineral_named(last)
    return ([*rest, last], None) if mineral is None else (rest, mineral.casefold())


def _lies_in(instance: Instance, region: str, place: str) -> bool:
    """Whether a region is a place, in a bloc of that name, or anywhere at all."""
    if place in instance.blocs:
        return place == region
    return place == instance.blocs[region] or place in ANYWHERE


def _output(instance: Instance, flows: Flows, parts: list[str], year: int) -> float:
    """What is made of one or several commodities at a place. Units."""
    commodities, place = parts[0].split(";"), parts[1]
    plants = instance.plants()
    return sum(
        max(0.0, instance.processes[run.process].recipe.get(commodity, 0.0)) * run.activity
        for commodity in commodities
        for run in flows.activities
        if run.year == year and _lies_in(instance, plants[run.plant].region, place)
    )


def _makers(instance: Instance, flows: Flows, row: Row) -> tuple[tuple[str, float], ...]:
    """The plants that make most of what a figure counts, or of what is shipped from its origin."""
    if row["metric"] == "dependence":
        return ()
    (what, place, *_), mineral = _parts(row)
    year = int(row.number_of("year"))
    of_stage = row["metric"] == "world_share"
    plants, made = instance.plants(), dict[str, float]()
    for run in flows.activities:
        process = instance.processes[run.process]
        if run.year != year or not _lies_in(instance, plants[run.plant].region, place):
            continue
        of_mineral = [
            amount
            for c, amount in process.recipe.items()
            if mineral in (None, instance.mineral_of(c))
        ]
        counted = (
            of_mineral
            if of_stage and process.stage.casefold() == what.casefold()
            else [process.recipe.get(c, 0.0) for c in ([] if of_stage else what.split(";"))]
        )
        amount = run.activity * sum(max(0.0, a) for a in counted)
        if amount > 0:
            made[run.plant] = made.get(run.plant, 0.0) + amount
    ordered = sorted(made.items(), key=lambda item: (-item[1], item[0]))
    return tuple(ordered[:MOST_PLANTS])


def _exports(instance: Instance, flows: Flows, parts: list[str], year: int) -> float:
    """Shipped of one or several commodities from one place to another. Units."""
    commodities, origin, destination = parts[0].split(";"), parts[1], parts[2]
    return sum(
        ship.amount
        for ship in flows.shipments
        if ship.year == year
        and ship.commodity in commodities
        and _lies_in(instance, ship.origin_region, origin)
        and _lies_in(instance, ship.destination, destination)
    )


def _dependence(
    instance: Instance, flows: Flows, scope: str, mineral: str | None, year: int
) -> float:
    """Share of allied demand that is exposed or short: of a commodity, an element, a mineral or of
    all.

    By mass, without the weights of segments: published figures know of none.
    """
    total = rests = 0.0
    for d in flows.deliveries:
        if d.year != year or instance.blocs[d.region] != "ally":
            continue
        if mineral is not None:
            counted = float(instance.mineral_of(d.commodity) == mineral)
        elif scope in instance.commodities:
            counted = float(d.commodity == scope)
        elif scope == "all":
            counted = 1.0
        else:
            counted = instance.contents.get(d.commodity, {}).get(scope, 0.0)
        total += counted * d.demand
        rests += counted * (d.exposed + d.short)
    return rests / total if total > 0 else 0.0
