"""The chain: balances, capacity and its use, stages taken in, and the output of the world."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from opt.audit.case import ALLIED, WORLD, AuditCase
from opt.audit.check import (
    Check,
    KeyedRows,
    Scales,
    Where,
    at_most,
    compare_table,
    equal,
    holds,
    scales_of,
)
from opt.audit.evidence import Evidence, Sums
from opt.audit.rule import of_flows, of_plan, of_record, told
from opt.audit.targets import content_of, held_elements
from opt.record.flows import CLEAR, EXPOSED
from opt.record.lines import read_cells

TakenIn = Mapping[tuple[str, int], tuple[float, float]]
WHOLE_HHI = 10_000.0
UNIT = "units/yr"  # of capacity.csv: whatever the plant's capacity is given in


@of_flows
def balance_commodity(evidence: Evidence) -> Iterator[Check]:
    """made + arrived + released (+ downgraded, if exposed) = used + sent + served + bought +
    surplus + contracted (+ downgraded, if clear).

    For each set of flows, region, commodity, class and year that any of them touches. Scale: the
    largest of the terms.
    """
    for name, sums in evidence.sets():
        for key in _places(sums):
            region, commodity, origin, year = key
            down = sums.downgraded.get((region, commodity, CLEAR, year), 0.0)
            gains = [book.get(key, 0.0) for book in sums.gains]
            losses = [book.get(key, 0.0) for book in sums.losses]
            (gains if origin == EXPOSED else losses).append(down)
            scale = max(evidence.case.mass_floor, *gains, *losses)
            yield Check((name, *key), abs(sum(gains) - sum(losses)), scale)


@of_flows
def limit_throughput(evidence: Evidence) -> Iterator[Check]:
    """Sum over processes and classes of activity x |amount of capacity_of| <= capacity.

    Existing: nameplate x ramp[t - opens + 1] x availability x chance x shocks while open. Project:
    sum over v of size x ramp[t - first operation + 1] x availability x chance x shocks within its
    life. A chance counts where setting survival is expected. What comes without new money:
    capacity x merchant_chance x ramp x availability x shocks, of which a commitment adds what it is
    above; another project of the group runs only from the year on in which it is as large, and then
    in its place. Of a project with lost_after that is not committed: what a commitment of the year
    after would run.
    """
    case = evidence.case
    for name, sums in evidence.sets():
        for (plant, year), used in sums.throughput.items():
            capacity = evidence.capacity_run(name, case.plant(plant), year)
            yield at_most((name, plant, year), used, capacity, case.mass_floor)


@of_flows
def require_clear_plant(evidence: Evidence) -> Iterator[Check]:
    """Clear activity = 0 at a plant in a covered region or controlled by the covered bloc, in all
    years, by a shock in some, or because nobody committed it before it was lost."""
    for name, sums in evidence.sets():
        case = evidence.case_of(name)
        for run in sums.flows.activities:
            if run.origin == CLEAR:
                can = run.year in case.plant(run.plant).clear_years
                excess = 0.0 if can else run.activity
                scale = max(case.mass_floor, run.activity)
                yield Check((name, run.plant, run.process, run.year), excess, scale)


@of_flows
def limit_surplus(evidence: Evidence) -> Iterator[Check]:
    """Surplus = 0 of a commodity whose surplus is `none`."""
    for name, sums in evidence.sets():
        for left in sums.flows.leftovers:
            if evidence.case.commodities[left.commodity]["surplus"] == "none":
                place = (name, left.region, left.commodity, left.origin, left.year)
                yield at_most(place, left.surplus, 0.0, evidence.case.mass_floor)


@of_flows
def keep_clear_flows(evidence: Evidence) -> Iterator[Check]:
    """Clear activity and clear shipments of the world pass = those of the allied flows."""
    allied, world = (_clear_flows(evidence.sums[name]) for name in (ALLIED, WORLD))
    for place in allied.keys() | world.keys():
        left, right = world.get(place, 0.0), allied.get(place, 0.0)
        yield equal(place, left, right, evidence.case.mass_floor)


def _places(sums: Sums) -> set[tuple[str, str, str, int]]:
    keys = {key for book in (*sums.gains, *sums.losses) for key in book}
    for region, commodity, _, year in sums.downgraded:
        keys |= {(region, commodity, CLEAR, year), (region, commodity, EXPOSED, year)}
    return keys


def _clear_flows(sums: Sums) -> Mapping[Where, float]:
    amounts: dict[Where, float] = defaultdict(float)
    for run in sums.flows.activities:
        if run.origin == CLEAR:
            amounts[run.plant, run.process, run.year] += run.activity
    for trade in sums.flows.shipments:
        if trade.origin == CLEAR:
            key = (trade.origin_region, trade.destination, trade.commodity, trade.year)
            amounts[key] += trade.amount
    return amounts


@told
def tell_stages(evidence: Evidence) -> Mapping[str, Any]:
    """By stage and year: inputs of allied plants and what allied users are served, clear and
    exposed, of the stage's commodities; exposed_share = exposed / (clear + exposed), of the allied
    flows and of the baseline's."""
    return {"stages": KeyedRows(("stage", "year"), stage_rows(evidence))}


def stage_rows(evidence: Evidence) -> list[dict[str, Any]]:
    """The rows of stages, in run.json and in stages.csv."""
    scales, now = scales_of(evidence), taken_in(evidence.case, evidence.allied)
    before = taken_in(evidence.case, evidence.baseline)
    rows = []
    for stage, year in sorted(now.keys() | before.keys()):
        clear, exposed = now.get((stage, year), (0.0, 0.0))
        rows.append(
            {
                "stage": stage,
                "year": year,
                "clear": scales.units(clear),
                "exposed": scales.units(exposed),
                "exposed_share": scales.share(_part(clear, exposed)),
                "baseline_exposed_share": scales.share(
                    _part(*before.get((stage, year), (0.0, 0.0)))
                ),
            }
        )
    return rows


def _part(clear: float, exposed: float) -> float:
    return exposed / (clear + exposed) if clear + exposed > 0 else 0.0


def taken_in(case: AuditCase, sums: Sums) -> TakenIn:
    """Clear and exposed material taken in by allied plants and users, by stage and year, units."""
    taken: dict[tuple[str, int], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for book in (sums.used, sums.served):
        for (region, commodity, origin, year), amount in book.items():
            if case.is_allied(region):
                stage = case.commodities[commodity].text("stage")
                taken[stage, year][0 if origin == CLEAR else 1] += amount
    return {key: (clear, exposed) for key, (clear, exposed) in taken.items()}


@told
def tell_world(evidence: Evidence) -> Mapping[str, Any]:
    """The world by stage and year, of world.csv, which define_world_table recomputes: output and
    hhi, and the shares of blocs, sums of regions'."""
    return {"world": _world(evidence, scales_of(evidence))}


def _world(evidence: Evidence, scales: Scales) -> dict[str, Any]:
    found: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in evidence.answer.world:
        found[row.stage][str(row.year)].append(row)
    return {
        stage: {year: _stage_year(scales, rows) for year, rows in years.items()}
        for stage, years in found.items()
    }


def _stage_year(scales: Scales, rows: list[Any]) -> dict[str, Any]:
    shares: dict[str, float] = defaultdict(float)
    for row in rows:
        shares[row.bloc] += row.share
    return {
        "output": scales.units(sum(row.output for row in rows)),
        "hhi": scales.share(rows[0].hhi),
        "shares": {bloc: scales.share(share) for bloc, share in shares.items()},
    }


@of_plan
def define_world_table(evidence: Evidence) -> Iterator[Check]:
    """world.csv: output of a stage = sum of outputs x content of its runs in the world's flows;
    share = output / that of all regions; hhi = 10000 x sum over regions of share^2.

    content: share by mass of the elements that any demanded commodity contains; 1 where sheet
    contents is empty. Units. A row left out is an output of 0.
    """
    made = _world_output(evidence)
    rows = {(row.stage, row.region, row.year): row for row in evidence.answer.world}
    totals: dict[tuple[str, int], float] = defaultdict(float)
    squares: dict[tuple[str, int], float] = defaultdict(float)
    for (stage, _, year), output in made.items():
        totals[stage, year] += output
        squares[stage, year] += output * output
    for key in sorted(made.keys() | rows.keys()):
        row, right = rows.get(key), made.get(key, 0.0)
        left = row.output if row else 0.0
        yield equal((*key, "output"), left, right, evidence.case.mass_floor)
        if row is None:
            continue
        total = totals.get((row.stage, row.year), 0.0)
        yield holds((*key, "bloc"), row.bloc == evidence.case.blocs[row.region])
        share = right / total if total else 0.0
        yield equal((*key, "share"), row.share, share, 1.0)
        hhi = WHOLE_HHI * squares[row.stage, row.year] / total**2 if total else 0.0
        yield equal((*key, "hhi"), row.hhi, hhi, WHOLE_HHI)


def _world_output(evidence: Evidence) -> Mapping[tuple[str, str, int], float]:
    """Output x content of the runs of each stage, by region and year."""
    case = evidence.case
    elements = held_elements(case, case.blocs)
    made: dict[tuple[str, str, int], float] = defaultdict(float)
    for (plant, process, year), activity in evidence.sums[WORLD].activity.items():
        stage, recipe = case.processes[process].text("stage"), case.recipes[process]
        outputs = sum(max(0.0, a) * content_of(case, c, elements) for c, a in recipe.items())
        if stage:
            made[stage, case.plant(plant).region, year] += outputs * activity
    return made


@of_record
def repeat_stages(evidence: Evidence) -> Iterator[Check]:
    """stages.csv holds the stages of run.json."""
    rows = KeyedRows(("stage", "year"), stage_rows(evidence))
    yield from compare_table("stages.csv", rows, read_cells(evidence.answer.folder, "stages"))


@of_record
def repeat_capacity(evidence: Evidence) -> Iterator[Check]:
    """capacity.csv: each facility and project in each year in which it is open or runs; capacity =
    what it could make after ramp, availability, chance and shocks, used = throughput of the
    world's flows.

    In the unit of the plant's capacity a year. What runs where nothing is open is a matter of the
    limits on capacity, which hold it to their tolerance: here it is told.
    """
    scales, case = scales_of(evidence), evidence.case
    told = {made.project for made in evidence.answer.commitments}
    told |= {
        j
        for j, plant in case.projects.items()
        if plant.row.optional("merchant") is not None
        or plant.row.optional("lost_after") is not None
    }
    told |= {plant for plant, _ in evidence.sums[WORLD].throughput if plant in case.projects}
    rows: list[dict[str, Any]] = []
    spare: list[dict[str, Any]] = []
    for name in (*case.facilities, *sorted(told)):
        plant = case.plant(name)
        for year in case.years:
            capacity = evidence.capacity_run(WORLD, plant, year)
            used = evidence.sums[WORLD].throughput.get((name, year), 0.0)
            row = {
                "plant": name,
                "kind": "facility" if name in case.facilities else "project",
                "region": plant.region,
                "stage": case.processes[plant.processes[0]].text("stage"),
                "year": year,
                "capacity": scales.units(capacity),
                "used": scales.units(used),
                "unit": UNIT,
            }
            (rows if capacity > 0 or used > 0 else spare).append(row)
    lines = read_cells(evidence.answer.folder, "capacity")
    yield from compare_table("capacity.csv", KeyedRows(("plant", "year"), rows, spare), lines)
