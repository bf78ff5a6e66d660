"""First touch, recomputed: at which stage exposed supply was first worked in the covered bloc.

Exposed material of a place is a mix of what is made there, arrives, is downgraded or released from
stock. What arrives was touched where it comes from; what a plant makes was touched as its most
touched input, and what of that was not, at the plant's own stage where it cannot make clear output;
what was downgraded never, and of what lay in stock nobody knows where. Which input is the most
touched is found first, by the shares touched at all, and an input is left for another only where
that is clearly more touched. Shares start at nothing and grow until none moves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Any, NamedTuple, TypeVar

from opt.audit.case import ALLIED, BASELINE, AuditCase
from opt.audit.check import Check, KeyedRows, Scales, at_most, equal, scales_of
from opt.audit.demand import dependence_by_year
from opt.audit.evidence import Evidence, Sums
from opt.audit.rule import of_plan, of_record, told
from opt.audit.settled import settle
from opt.audit.weighing import mineral_of, over
from opt.record.flows import EXPOSED, Flows, Place

STOCK = "stock"
SETTLED = 1e-13
CLEARLY = 1e-9
MOST_ROUNDS = 2_000  # a loop that feeds itself all but alone settles too slowly to be checked
T = TypeVar("T")
StageShares = dict[str, float]  # by stage
Followed = Mapping[Place, list[Place | None]]
TOUCH_FLOOR = 1e-2  # a share of 1e-8 is a mix that has not quite settled


class TouchInflow(NamedTuple):
    """Exposed material that joins a mix: where it may have been touched before, and the stage at
    which what was not is touched (blank: nowhere)."""

    amount: float
    sources: tuple[Place, ...]
    stage: str


TouchInflows = Mapping[Place, list[TouchInflow]]


def touch_by_year(case: AuditCase, sums: Sums) -> dict[int, StageShares | None]:
    """Share of each year's weighted allied demand that was first touched at each stage; None where
    the shares do not settle."""
    joined = _inflows(case, sums.flows)
    return {year: _touch(case, sums, year, joined.get(year, {})) for year in case.years}


def _touch(case: AuditCase, sums: Sums, year: int, inflows: TouchInflows) -> StageShares | None:
    mixes = touched_mixes(inflows)
    if mixes is None:
        return None
    asked: dict[str, float] = defaultdict(float)
    found: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for given in sums.flows.deliveries:
        if given.year == year and case.is_allied(given.region):
            key = (given.region, given.commodity, given.segment)
            weight = case.demands[key].number_of("weight")
            mineral = mineral_of(case, key)
            asked[mineral] += weight * case.demand[key, year]
            for stage, share in mixes.get((given.region, given.commodity), {}).items():
                found[stage][mineral] += weight * given.exposed * share
    return {stage: over(case, parts, asked) for stage, parts in found.items()}


def touched_mixes(inflows: TouchInflows) -> dict[Place, StageShares] | None:
    """Shares by stage of each place's exposed material; None where they do not settle."""
    totals = dict.fromkeys(inflows, 0.0)
    followed = _follow(inflows, totals, None)
    for _ in range(MOST_ROUNDS):
        settled = _totals(inflows, followed)
        if settled is None:
            return None
        totals, chosen = settled, _follow(inflows, settled, followed)
        if chosen == followed:
            return _mixes(inflows, followed, totals)
        followed = chosen
    return None


def _follow(inflows: TouchInflows, totals: Mapping[Place, float], now: Followed | None) -> Followed:
    """The source that each inflow follows: of equals the last by name, and the one it has until
    another is clearly more touched."""
    return {
        place: [
            _most(part, totals, now[place][number] if now else None)
            for number, part in enumerate(parts)
        ]
        for place, parts in inflows.items()
    }


def _most(part: TouchInflow, totals: Mapping[Place, float], current: Place | None) -> Place | None:
    known = [(totals[place], place) for place in part.sources if place in totals]
    share, most = max(known, default=(0.0, None))
    if current is not None and share <= totals[current] + CLEARLY:
        return current
    return most


def _totals(inflows: TouchInflows, followed: Followed) -> dict[Place, float] | None:
    """Share of each place's exposed material that was touched at all."""
    totals = dict.fromkeys(inflows, 0.0)

    def work(place: Place) -> float:
        parts = inflows[place]
        touched = sum(
            part.amount * (1.0 if part.stage else totals.get(source, 0.0) if source else 0.0)
            for part, source in zip(parts, followed[place], strict=True)
        )
        return touched / sum(part.amount for part in parts)

    return totals if _settled(totals, followed, work, lambda old, new: abs(new - old)) else None


def _mixes(
    inflows: TouchInflows, followed: Followed, totals: Mapping[Place, float]
) -> dict[Place, StageShares] | None:
    mixes: dict[Place, StageShares] = {place: {} for place in inflows}

    def work(place: Place) -> StageShares:
        return _mix(inflows[place], followed[place], totals, mixes)

    return mixes if _settled(mixes, followed, work, _apart) else None


def _apart(before: StageShares, after: StageShares) -> float:
    return max((abs(after[s] - before.get(s, 0.0)) for s in after), default=0.0)


def _settled(
    found: dict[Place, T],
    followed: Followed,
    work: Callable[[Place], T],
    apart: Callable[[T, T], float],
) -> bool:
    sources = {place: [s for s in own if s is not None] for place, own in followed.items()}
    return settle(found, sources, work, apart, most_rounds=MOST_ROUNDS, settled=SETTLED)


def _mix(
    parts: list[TouchInflow],
    followed: list[Place | None],
    totals: Mapping[Place, float],
    mixes: Mapping[Place, StageShares],
) -> StageShares:
    mix: StageShares = defaultdict(float)
    whole = sum(part.amount for part in parts)
    for part, source in zip(parts, followed, strict=True):
        before = mixes[source] if source else {}
        for stage, share in before.items():
            mix[stage] += part.amount / whole * share
        if part.stage:
            rest = 1.0 - (totals[source] if source else 0.0)
            mix[part.stage] += part.amount / whole * (rest if rest > CLEARLY else 0.0)
    return mix


def _inflows(case: AuditCase, flows: Flows) -> Mapping[int, dict[Place, list[TouchInflow]]]:
    """What makes up the exposed material of each place, by year; nothing joins with no amount."""
    found: dict[int, dict[Place, list[TouchInflow]]] = defaultdict(lambda: defaultdict(list))
    for year, place, part in (*_made(case, flows), *_moved(case, flows)):
        if part.amount > 0:
            found[year][place].append(part)
    return found


def _made(case: AuditCase, flows: Flows) -> Iterator[tuple[int, Place, TouchInflow]]:
    for run in flows.activities:
        if run.origin != EXPOSED:
            continue
        plant, recipe = case.plant(run.plant), case.recipes[run.process]
        sources = tuple((plant.region, good) for good, amount in recipe.items() if amount < 0)
        stage = "" if run.year in plant.clear_years else case.processes[run.process].text("stage")
        for good, amount in recipe.items():
            if amount > 0:
                part = TouchInflow(amount * run.activity, sources, stage)
                yield run.year, (plant.region, good), part


def _moved(case: AuditCase, flows: Flows) -> Iterator[tuple[int, Place, TouchInflow]]:
    for trade in flows.shipments:
        if trade.origin == EXPOSED:
            part = TouchInflow(trade.amount, ((trade.origin_region, trade.commodity),), "")
            yield trade.year, (trade.destination, trade.commodity), part
    for left in flows.leftovers:
        yield left.year, (left.region, left.commodity), TouchInflow(left.downgraded, (), "")
    for kept in flows.stocks:
        if kept.origin == EXPOSED:
            row = case.stockpiles[kept.stockpile]
            place = (row.text("region"), row.text("commodity"))
            yield kept.year, place, TouchInflow(kept.released, (), STOCK)


@of_plan
def limit_touch(evidence: Evidence) -> Iterator[Check]:
    """touch.csv: 0 <= share <= 1, and sum over stages of share <= exposed / demand of the year, of
    the allied flows; baseline_share likewise of the baseline's. Which stage it is: define_touch.
    """
    for column, sums in (("share", evidence.allied), ("baseline_share", evidence.baseline)):
        by_year = dependence_by_year(evidence, sums)
        totals: dict[int, float] = defaultdict(float)
        for row in evidence.answer.touch:
            share = getattr(row, column)
            place = (row.stage, row.year, column)
            yield at_most(place, share, 1.0, 1.0)
            yield at_most(place, -share, 0.0, 1.0)
            totals[row.year] += share
        for year, total in totals.items():
            if year in by_year:
                known = by_year[year]
                most = known.exposed / known.demand if known.demand else 0.0
                yield at_most((year, column), total, most, 1.0)


@of_record
def define_touch(evidence: Evidence) -> Iterator[Check]:
    """touch.csv: sum over allied demands of weight x exposed x share of the mix first touched at
    the stage / sum of weight x demand, of the allied flows and of the baseline's, as in touches.py.

    Not of a year in which the shares do not settle. A row left out is a share of 0.
    """
    sets = {"share": ALLIED, "baseline_share": BASELINE}
    rows = {(row.stage, row.year): row for row in evidence.answer.touch}
    for column, name in sets.items():
        by_year = touch_by_year(evidence.case_of(name), evidence.sums[name])
        known = {(s, t): v for t, found in by_year.items() for s, v in (found or {}).items()}
        for stage, year in sorted(rows.keys() | known.keys()):
            if by_year.get(year) is not None:
                row = rows.get((stage, year))
                left = getattr(row, column) if row else 0.0
                right = known.get((stage, year), 0.0)
                yield equal((stage, year, column), left, right, TOUCH_FLOOR)


@told
def tell_touch(evidence: Evidence) -> Mapping[str, Any]:
    """The rows of touch.csv, which define_touch recomputes."""
    scales = scales_of(evidence)
    rows = [touch_row(scales, e) for e in evidence.answer.touch]
    return {"touch": KeyedRows(("stage", "year"), rows)}


def touch_row(scales: Scales, row: Any) -> dict[str, Any]:
    """A row of touch.csv."""
    shares = ("share", "baseline_share")
    return asdict(row) | {name: scales.share(getattr(row, name)) for name in shares}
