"""What `opt frontier` says: sentences and tables for a terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator

from opt.commands.word_table import WordTable, aligned
from opt.record.frontier import Frontier, FrontPoint, FrontStep, OpenGap
from opt.report import wording
from opt.report.sections.frontier import of_mineral

TITLES = {
    "all": "all programmes",
    "commitments": "capital committed",
    "pace": "the pace of building",
}
PACE = "pace"
MOST_NAMES = 6
METHOD = (
    "Each plan needs so much of what is varied and no less; no plan with as much beats the bound. "
    "Steps are solved again, not read off a dual."
)


def in_words(found: Frontier) -> str:
    """All of it for a terminal."""
    lines = list(sentences(found))
    if found.points:
        lines += ["", *aligned(points_table(found))]
    if found.minerals:
        lines += ["", *aligned(minerals_table(found))]
    if found.steps:
        lines += ["", *aligned(steps_table(found))]
    return "\n".join([*lines, "", METHOD])


def sentences(found: Frontier) -> Iterator[str]:
    """What the front is, how far it is proven, its knee, and what is not known."""
    title = TITLES.get(found.of, f"programme {found.of}")
    yield f"Front of {title}: {wording.count(len(found.points), 'point')}."
    if found.proven:
        yield "Proven: between neighbours nothing better exists."
    if found.widest is not None:
        yield _open(found, found.widest)
    if found.knee is not None:
        knee = found.knee
        bought = f"buys {wording.percent(knee.fall_share)} of the fall"
        rest = f"the other {_amount(found, knee.rest)} {wording.points(knee.rest_fall)}"
        yield f"{_capital(_amount(found, knee.amount))} {bought}, {rest}."
    for reason in found.not_known:
        yield f"Not known: {reason}."


def _open(found: Frontier, gap: OpenGap) -> str:
    """The widest part that is not proven."""
    span = f"with more than {_amount(found, gap.low)} and at most {_amount(found, gap.high)}"
    known = (
        "no plan is known" if gap.known == math.inf else f"{wording.percent(gap.known)} is reached"
    )
    return f"Widest part not proven: {span} {known}, and no plan can beat {_bound(gap.bound)}."


def _amount(found: Frontier, amount: float) -> str:
    """An amount of what is varied."""
    return f"{amount:,.2f} times the limits" if found.of == PACE else wording.money(amount)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _bound(bound: float) -> str:
    if bound == math.inf:
        return "no plan"
    return "not known" if bound == -math.inf else wording.bound_value("dependence", bound)


def points_table(found: Frontier) -> WordTable:
    """The points, from the least on."""
    return WordTable(
        head=(
            *(_varied(found), "public", "capital", "dependence", "no plan can beat", "plants"),
            "what changes",
        ),
        rows=tuple(_point(found, n) for n in range(len(found.points))),
        texts=frozenset({6}),
    )


def _point(found: Frontier, n: int) -> tuple[str, ...]:
    point = found.points[n]
    return (
        _needed(found, point),
        wording.short_money(point.public_musd),
        wording.short_money(point.capex_musd),
        wording.percent(point.dependence),
        _bound(point.bound),
        str(point.plants),
        _change(found.points[n - 1] if n else None, point),
    )


def minerals_table(found: Frontier) -> WordTable:
    """Dependence of each mineral at each point, with the public money for it in USD million."""
    names = sorted({row.mineral for row in found.minerals})
    told = {(row.amount, row.mineral): row for row in found.minerals}
    return WordTable(
        head=(_varied(found), *names),
        rows=tuple(
            (
                _needed(found, point),
                *(of_mineral(told.get((point.amount, name))) for name in names),
            )
            for point in found.points
        ),
        texts=frozenset(),
    )


def _varied(found: Frontier) -> str:
    return "times the limits" if found.of == PACE else "needs, USD million"


def _needed(found: Frontier, point: FrontPoint) -> str:
    return f"{point.amount:,.2f}" if found.of == PACE else wording.short_money(point.amount)


def _change(before: FrontPoint | None, after: FrontPoint) -> str:
    """Which projects come and go from one point to the next."""
    had = {built.project for built in before.projects} if before else set()
    has = {built.project for built in after.projects}
    words = [f"+{name}" for name in sorted(has - had)] + [f"-{name}" for name in sorted(had - has)]
    more = len(words) - MOST_NAMES
    return " ".join(words[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def steps_table(found: Frontier) -> WordTable:
    """The steps, those that help most first."""
    ranked = sorted(found.steps, key=lambda step: (-step.fall_low, -step.fall_high))
    return WordTable(
        head=("more of", "", "dependence", "no plan can beat", "falls by, points"),
        rows=tuple(_step(step) for step in ranked),
        texts=frozenset({0, 1}),
    )


def _step(step: FrontStep) -> tuple[str, ...]:
    low, high = (f"{100 * fall:.1f}" for fall in (step.fall_low, step.fall_high))
    is_money = step.subject == "programmes"
    return (
        step.name,
        wording.money(step.more) if is_money else f"{step.more:g} start a year",
        "no plan" if step.dependence == math.inf else wording.percent(step.dependence),
        _bound(step.bound),
        low if low == high else f"{low} to {high}",
    )
