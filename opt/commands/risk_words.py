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
from opt.report.sections.risk import (
    METHOD,
    best,
    headline,
    notes,
    probability,
    regret,
    share,
    worth,
)


def in_words(found: Risk) -> str:
    """The whole answer."""
    return "\n".join(_lines(found))


def _lines(found: Risk) -> Iterator[str]:
    yield headline(found)
    yield from worth(found)
    yield ""
    yield from aligned(_levels(found))
    yield ""
    yield from aligned(_scenarios(found.scenarios))
    if math.isfinite(found.value):
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
    yield from notes(found)


def _levels(found: Risk) -> WordTable:
    head = ("measure", "the plan", "no plan can beat")
    rows = []
    for row in found.levels:
        name = f"{row.measure} (asked)" if row.asked else row.measure
        told = wording.points if row.measure == RiskMeasure.REGRET else wording.percent
        ends = (told(x) if math.isfinite(x) else "not known" for x in (row.value, row.bound))
        rows.append((name, *ends))
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
            probability(row),
            share(row.outcome),
            best(row),
            regret(row),
            share(row.base_plan),
        )
        for row in rows
    ]
    return WordTable(head, tuple(lines), frozenset({0}))


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
            share(row.value),
            share(row.bound),
            wording.number(row.bought_musd),
            wording.number(row.capex_musd),
            wording.number(row.public_musd),
        )
        for row in rows
    ]
    return WordTable(head, tuple(lines), frozenset({0}))
