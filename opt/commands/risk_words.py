"""What `opt risk` says: sentences and tables for a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from opt.commands.word_table import WordTable, aligned
from opt.record.risk import (
    EVERY,
    Risk,
    RiskChoice,
    RiskCommitment,
    RiskMeasure,
    RiskScenario,
    RiskStock,
)
from opt.report import wording

SAID = {
    RiskMeasure.EXPECTED: "Expected {of}",
    RiskMeasure.CVAR: "Mean {of} of the worst {tail} of probability",
    RiskMeasure.WORST: "The worst {of} of all scenarios",
    RiskMeasure.REGRET: "The largest regret in {of}",
}
WORTH = {
    "wait_and_see": "If it were known before which scenario comes: {}.",
    "perfect_information": "To know it is worth {}.",
    "all_scenarios": "To look at all scenarios, and not at the base case alone, is worth {}.",
    "waiting": "That the second wave can wait is worth {}.",
}
SHARES = frozenset({"wait_and_see"})
METHOD = (
    "Commitments, and who pays for them where they cost the same, are the same in every scenario;"
    " flows and service are its own. What is told of the plan is the least that it can reach in"
    " each scenario. The best plan of a scenario knew it before; regret is how far the plan lies"
    " above it. Targets are left out."
)
NEAR = 5e-5


def in_words(found: Risk) -> str:
    """The whole answer."""
    return "\n".join(_lines(found))


def _lines(found: Risk) -> Iterator[str]:
    yield _headline(found)
    yield from _worth(found)
    yield ""
    yield from aligned(_levels(found))
    yield ""
    yield from aligned(_scenarios(found.scenarios))
    yield ""
    yield from _decided(found)
    if found.stock:
        yield ""
        yield from aligned(_stock(found.stock))
    if found.choices:
        yield ""
        yield from aligned(_choices(found.choices))
    yield ""
    yield METHOD
    yield from _notes(found)


def _headline(found: Risk) -> str:
    measure = RiskMeasure(found.measure)
    said = SAID[measure].format(of=found.of, tail=wording.percent(1.0 - found.alpha))
    if not math.isfinite(found.value):
        return f"{said}: no plan is known yet. {_not_beaten(found.bound)}"
    if found.value - found.bound <= NEAR:
        return f"{said}: {_share(found.value)}. No plan can beat that."
    return f"{said}: {_share(found.value)}. {_not_beaten(found.bound)}"


def _not_beaten(bound: float) -> str:
    return f"No plan can beat {_share(bound)}." if math.isfinite(bound) else "Nothing is proven."


def _share(value: float | None) -> str:
    known = value is not None and math.isfinite(value)
    return wording.percent(value) if known and value is not None else "not known"


def _points(low: float, high: float) -> str:
    """A difference of shares, as a bracket where the gaps leave one."""
    ends = [f"{100 * x:.1f}" if math.isfinite(x) else "" for x in (low, high)]
    if not ends[0] and not ends[1]:
        return "not known"
    if not ends[1]:
        return f"at least {ends[0]} points"
    if not ends[0]:
        return f"at most {ends[1]} points"
    return f"{ends[0]} points" if ends[0] == ends[1] else f"{ends[0]} to {ends[1]} points"


def _between(low: float, high: float) -> str:
    one, other = _share(low), _share(high)
    return one if one == other else f"between {one} and {other}"


def _worth(found: Risk) -> Iterator[str]:
    regret = found.measure == RiskMeasure.REGRET
    for row in found.worth:
        if row.name in SHARES:
            if not regret:
                yield WORTH[row.name].format(_between(row.low, row.high))
        else:
            yield WORTH[row.name].format(_points(row.low, row.high))


def _levels(found: Risk) -> WordTable:
    head = ("measure", "the plan", "no plan can beat")
    rows = []
    for row in found.levels:
        name = f"{row.measure} (asked)" if row.asked else row.measure
        told = _points if row.measure == RiskMeasure.REGRET else _between
        rows.append((name, told(row.value, row.value), told(row.bound, row.bound)))
    return WordTable(head, tuple(rows), frozenset({0}))


def _scenarios(rows: Sequence[RiskScenario]) -> WordTable:
    head = (
        "scenario",
        "probability",
        "the plan",
        "best for it alone",
        "regret",
        "base case's plan",
    )
    lines = [
        (
            row.scenario,
            _probability(row),
            _share(row.outcome),
            _best(row),
            _regret(row),
            _share(row.base_plan),
        )
        for row in rows
    ]
    return WordTable(head, tuple(lines), frozenset({0}))


def _probability(row: RiskScenario) -> str:
    told = wording.percent(row.probability)
    return told if row.stated else f"{told}*"


def _best(row: RiskScenario) -> str:
    if row.best is None:
        return "not known"
    bound = -math.inf if row.best_bound is None else row.best_bound
    return _between(bound, row.best) if math.isfinite(bound) else _share(row.best)


def _regret(row: RiskScenario) -> str:
    low = -math.inf if row.regret is None else row.regret
    return _points(low, math.inf if row.regret_most is None else row.regret_most)


def _decided(found: Risk) -> Iterator[str]:
    if not found.commitments:
        yield "Nothing is committed."
        return
    if found.second_wave is not None:
        yield f"Commitments before {found.second_wave} are decided now; later ones wait."
    names = [row.scenario for row in found.scenarios]
    yield from aligned(_commitments(found.commitments, names))


def _commitments(rows: Sequence[RiskCommitment], names: Sequence[str]) -> WordTable:
    head = ("commitment", "year", "scenario", "USD million", "public money")
    lines = [
        (
            row.project if row.units == 1 else f"{row.project} x {row.units}",
            str(row.year),
            _scenarios_of(row.scenarios, names),
            wording.number(row.capex_musd),
            _payers(row.paid_by),
        )
        for row in rows
    ]
    return WordTable(head, tuple(lines), frozenset({0, 2, 4}))


def _scenarios_of(some: Sequence[str], names: Sequence[str]) -> str:
    others = [name for name in names if name not in some]
    if not some:
        return "every"
    return ", ".join(some) if len(some) <= len(others) else f"all but {', '.join(others)}"


def _scenario(name: str) -> str:
    return "every" if name == EVERY else name


def _payers(paid: Mapping[str, float]) -> str:
    return ", ".join(f"{k} {wording.number(x)}" for k, x in paid.items()) or "none"


def _stock(rows: Sequence[RiskStock]) -> WordTable:
    head = ("stockpile", "region", "year", "scenario", "bought", "level", "days", "public money")
    lines = [
        (
            row.stockpile,
            row.region,
            str(row.year),
            _scenario(row.scenario),
            wording.number(row.bought),
            wording.number(row.level),
            "-" if row.cover_days is None else wording.number(row.cover_days),
            _payers(row.paid_by),
        )
        for row in rows
    ]
    return WordTable(head, tuple(lines), frozenset({0, 1, 3, 7}))


def _choices(rows: Sequence[RiskChoice]) -> WordTable:
    head = ("choice", "best plan", "no plan can beat", "stock", "capital", "public")
    lines = [
        (
            row.choice,
            _share(row.value),
            _share(row.bound),
            wording.number(row.bought_musd),
            wording.number(row.capex_musd),
            wording.number(row.public_musd),
        )
        for row in rows
    ]
    return WordTable(head, tuple(lines), frozenset({0}))


def _notes(found: Risk) -> Iterator[str]:
    if not all(row.stated for row in found.scenarios):
        yield (
            "* The workbook states no probability: the scenarios without one share evenly what the"
            " others leave."
        )
    if found.second_wave is not None and found.second_wave < found.known_from:
        yield (
            f"The scenarios differ from {found.known_from} on: in {found.second_wave} a second wave"
            " knows no more than the first."
        )
    if len(found.scenarios) > 1:
        yield (
            f"What stock buys and gives out is the same in every scenario before"
            f" {found.known_from}, and later in those in which the same has happened until then."
        )
    lapsed = [row for row in found.scenarios if row.base_lapsed]
    for row in lapsed:
        names = ", ".join(row.base_lapsed)
        yield f"{row.scenario}: of the base case's plan {names} cannot be paid there and lapses."
    if lapsed:
        yield "So that plan is not one for all scenarios, and is not compared with it."
    yield from found.left_out
    yield from (row.reason for row in found.scenarios if row.reason)
