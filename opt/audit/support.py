"""Plants that lack something at market prices, and what programmes may pay towards it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from opt.audit.case import ALLIED, BASELINE, USD_PER_MUSD, AuditCase, AuditPlant, can_run
from opt.audit.check import (
    NOISE_MUSD,
    PRICE_FLOOR,
    Check,
    KeyedRows,
    Scales,
    at_most,
    equal,
    holds,
    scales_of,
)
from opt.audit.evidence import Evidence
from opt.audit.money import (
    OUTPUT_SUPPORT,
    PRICE_SUPPORT,
    commit_years,
    eligibility,
    is_eligible,
    uses,
)
from opt.audit.rule import of_flows, of_plan, told
from opt.data.tables import Row
from opt.record.money import Payment, Use
from opt.record.support import MarginYear

FLOOR = "floor"
PER_UNIT = "per_unit"
ROUNDING = 1e-9  # of the largest term: a gap below it is rounding


def is_run(case: AuditCase, paid: Payment) -> bool:
    """Whether a plant is paid for that may run the process."""
    return can_run(case, paid.thing, paid.process)


THINGS = {Use.SUPPORT: is_run}


def is_judged(evidence: Evidence) -> bool:
    """Whether gaps matter: setting losing_plants is need_support, and sheet prices has rows."""
    asked = evidence.case.setting_text("losing_plants") == "need_support"
    return asked and bool(evidence.prices.rows)


def gap(evidence: Evidence, plant: AuditPlant, process: str, year: int) -> float:
    """max(0, opex x opex_share + sum of inputs x price - sum of outputs x price), USD per unit of
    activity.

    0 where gaps do not matter: at a plant that makes nothing clear then, of a process with an input
    without price, or without any output with a price. An output without price is worth nothing.
    """
    if not (is_judged(evidence) and year in plant.clear_years):
        return 0.0
    recipe = evidence.case.recipes[process]
    prices = {c: evidence.prices.find(c, plant.region, year) for c in recipe}
    priced_inputs = all(prices[c] is not None for c, amount in recipe.items() if amount < 0)
    priced_output = any(prices[c] is not None for c, amount in recipe.items() if amount > 0)
    if not (priced_inputs and priced_output):
        return 0.0
    terms = [-amount * (prices[c] or 0.0) for c, amount in recipe.items()]
    terms.append(plant.carried("opex"))
    lacking = sum(terms)
    return lacking if lacking > ROUNDING * max(abs(term) for term in terms) else 0.0


def rate(evidence: Evidence, programme: str, plant: AuditPlant, process: str, year: int) -> float:
    """What a programme pays per unit of activity, USD.

    Price support: the gap itself where the programme has no floor; else the sum over its floors of
    max(0, floor - price) x amount made. Output support adds so much per unit made, but not to the
    gap itself.
    """
    kinds = uses(evidence.case, programme)
    rows = [
        row
        for row in evidence.case.tables.rows.get("supports", ())
        if row.text("programme") == programme
    ]
    floors = [row for row in rows if row.text("basis") == FLOOR]
    if PRICE_SUPPORT in kinds and not floors:
        return gap(evidence, plant, process, year)
    made = evidence.case.recipes[process]
    total = 0.0
    for row in _alive(evidence.case, rows, year):
        commodity, basis = row.text("commodity"), row.text("basis")
        amount = max(0.0, made.get(commodity, 0.0))
        if basis == FLOOR and PRICE_SUPPORT in kinds:
            price = evidence.prices.worth(commodity, plant.region, year)
            total += max(0.0, row.number_of("amount") - price) * amount
        elif basis == PER_UNIT and OUTPUT_SUPPORT in kinds:
            total += row.number_of("amount") * amount
    return total


def may_support(case: AuditCase, programme: str, plant: AuditPlant, year: int) -> bool:
    """Whether a programme may support a plant in a year: pays_for names support, eligibility passes
    as for projects, t >= commit_from (what was promised by commit_to is paid later too)."""
    supports = {PRICE_SUPPORT, OUTPUT_SUPPORT} & uses(case, programme)
    fits = is_eligible(eligibility(case, programme), plant.traits)
    return bool(supports) and fits and year >= commit_years(case, programme).start


def _alive(case: AuditCase, rows: list[Row], year: int) -> list[Row]:
    """The rows of sheet supports that hold in a year; blank years: those of the plan."""
    found = []
    for row in rows:
        first, last = row.optional("first_year"), row.optional("last_year")
        begun = year >= (case.tables.first_year if first is None else first)
        if begun and year <= (case.tables.last_year if last is None else last):
            found.append(row)
    return found


@of_plan
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


@of_flows
def cover_gap(evidence: Evidence) -> Iterator[Check]:
    """gap x sum over o of run[f, p, o, t] <= sum over k of min(rate[k], gap) x q[k, f, p, t], where
    the gap is above 0; so in the baseline, which has no programmes, nothing runs there
    but what is lost, which runs at any price.

    For each set of flows, with the one q of the run. USD. Scale: gap x the floor of mass.
    """
    case = evidence.case
    covered: dict[tuple[str, str, int], float] = defaultdict(float)
    for line in evidence.answer.paid_for(Use.SUPPORT):
        key = (line.thing, line.process, line.year)
        lacking = gap(evidence, case.plant(line.thing), line.process, line.year)
        covered[key] += min(_rate(evidence, line), lacking) * (line.activity or 0.0)
    for name, sums in evidence.sets():
        known = evidence.case_of(name)
        for key, activity in sums.activity.items():
            plant, process, year = key
            lacking = gap(evidence, known.plant(plant), process, year)
            if lacking > 0:
                given = 0.0 if name == BASELINE else covered.get(key, 0.0)
                floor = lacking * case.mass_floor
                yield at_most((name, *key), lacking * activity, given, floor)


@of_plan
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


@of_plan
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


@of_plan
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


@told
def tell_margins(evidence: Evidence) -> Mapping[str, Any]:
    """The rows of margins.csv, which define_margins recomputes, by plant and process."""
    return {"margins": _margins(evidence, scales_of(evidence))}


def _margins(evidence: Evidence, scales: Scales) -> KeyedRows:
    by_process: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    for row in evidence.answer.margins:
        by_process[row.plant, row.process][str(row.year)] = {
            "gap": scales.usd(row.gap),
            "activity": scales.units(row.activity),
            "baseline_activity": scales.units(row.baseline_activity),
        }
    rows = [{"plant": f, "process": p, "by_year": years} for (f, p), years in by_process.items()]
    return KeyedRows(("plant", "process"), rows)
