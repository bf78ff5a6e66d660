"""Rules of price and output support: gaps, what covers them, what is paid and by whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from opt.audit.answer import ALLIED, BASELINE
from opt.audit.case import USD_PER_MUSD
from opt.audit.check import NOISE_MUSD, PRICE_FLOOR, Check, at_most, equal, holds
from opt.audit.evidence import Evidence
from opt.audit.support import gap, may_support, rate
from opt.record.money import Payment, Use
from opt.record.support import MarginYear


def define_margins(evidence: Evidence) -> Iterator[Check]:
    """margins.csv: gap = max(0, opex + sum of inputs x price - sum of outputs x price) of each
    process and year of a plant that can be clear, where above 0; activity of the allied flows and
    of the baseline, both classes.

    A row is needed where the plant has capacity or runs. USD and units per year.
    """
    case = evidence.case
    rows = {(row.plant, row.process, row.year): row for row in evidence.answer.margins}
    for name, plant in case.plants.items():
        for process in plant.processes:
            for year in case.years:
                key = (name, process, year)
                row = rows.pop(key, None)
                right = gap(evidence, plant, process, year)
                if row is not None:
                    yield equal((*key, "gap"), row.gap, right, PRICE_FLOOR)
                    yield from _check_activities(evidence, row)
                elif right > 0:
                    unwritten = evidence.capacity(ALLIED, plant, year) > 0
                    yield holds((*key, "missing"), not unwritten)


def _check_activities(evidence: Evidence, row: MarginYear) -> Iterator[Check]:
    key = (row.plant, row.process, row.year)
    floor = evidence.case.mass_floor
    right = evidence.allied.activity.get(key, 0.0)
    yield equal((*key, "activity"), row.activity, right, floor)
    before = evidence.baseline.activity.get(key, 0.0)
    yield equal((*key, "baseline_activity"), row.baseline_activity, before, floor)


def cover_gap(evidence: Evidence) -> Iterator[Check]:
    """gap x sum over o of run[f, p, o, t] <= sum over k of min(rate[k], gap) x q[k, f, p, t], where
    the gap is above 0; so in the baseline, which has no programmes, nothing runs there.

    For each set of flows, with the one q of the run. USD. Scale: gap x the floor of mass.
    """
    case = evidence.case
    covered: dict[tuple[str, str, int], float] = defaultdict(float)
    for line in evidence.answer.paid_for(Use.SUPPORT):
        key = (line.thing, line.process, line.year)
        lacking = gap(evidence, case.plant(line.thing), line.process, line.year)
        covered[key] += min(_rate(evidence, line), lacking) * (line.activity or 0.0)
    for name, sums in evidence.sets():
        for key, activity in sums.activity.items():
            plant, process, year = key
            lacking = gap(evidence, case.plant(plant), process, year)
            if lacking > 0:
                given = 0.0 if name == BASELINE else covered.get(key, 0.0)
                floor = lacking * case.mass_floor
                yield at_most((name, *key), lacking * activity, given, floor)


def define_support(evidence: Evidence) -> Iterator[Check]:
    """paid[k, f, p, t] = rate[k, f, p, t] x q[k, f, p, t] / 1e6. USD million.

    Price support without floors pays the gap, with floors sum of max(0, floor - price) x amount;
    output support so much per unit made.
    """
    case = evidence.case
    for line in evidence.answer.paid_for(Use.SUPPORT):
        own = _rate(evidence, line) / USD_PER_MUSD
        floor = max(case.money_floor, own * case.mass_floor)
        yield equal(_place(line), line.paid_musd, own * (line.activity or 0.0), floor)


def limit_supported(evidence: Evidence) -> Iterator[Check]:
    """0 <= q[k, f, p, t] <= sum over o of run[f, p, o, t] of the allied flows; 0 where there is no
    gap or the rate is 0. Unit: units of activity."""
    case = evidence.case
    for line in evidence.answer.paid_for(Use.SUPPORT):
        key = (line.thing, line.process, line.year)
        lacking = gap(evidence, case.plant(line.thing), line.process, line.year)
        pays = lacking > 0 and _rate(evidence, line) > 0
        most = evidence.allied.activity.get(key, 0.0) if pays else 0.0
        yield at_most(_place(line), (line.activity or 0.0), most, case.mass_floor)


def limit_supporters(evidence: Evidence) -> Iterator[Check]:
    """A programme supports a plant only if pays_for names price_support or output_support, its
    eligibility passes for the plant, and t >= commit_from. True or false."""
    case = evidence.case
    for line in evidence.answer.paid_for(Use.SUPPORT):
        if line.paid_musd > NOISE_MUSD or (line.activity or 0.0) > 1e-6 * case.mass_floor:
            fits = may_support(case, line.programme, case.plant(line.thing), line.year)
            yield holds(_place(line), fits)


def _rate(evidence: Evidence, line: Payment) -> float:
    plant = evidence.case.plant(line.thing)
    return rate(evidence, line.programme, plant, line.process, line.year)


def _place(line: Payment) -> tuple[object, ...]:
    return (line.thing, line.process, line.year, line.programme)
