"""What `opt labels` says: a sentence for each label, and a table of the candidates."""

from __future__ import annotations

import math
from collections.abc import Iterator

from opt.commands.word_table import WordTable, aligned
from opt.record.labels import NO_PLAN, Label, LabelRow, Labels
from opt.report import wording
from opt.words import not_known

MEANING = {
    Label.CORE: "in every plan",
    Label.BORDERLINE: "in some plan, and not in some",
    Label.EXTERIOR: "in no plan",
    Label.UNDECIDED: "not known",
}
METHOD = (
    "Loss: the rise of dependence over the best plan where the candidate is decided otherwise, "
    "years of all others chosen anew; at least what is proven, at most what a plan found comes to."
)


def interval(low: float, high: float) -> str:
    """A loss in points of dependence: '1.2 to 1.4 points', rounded outwards; '1.3 points' where it
    is known."""
    if low == math.inf:
        return NO_PLAN
    if high - low <= wording.NOTHING:
        return wording.points(high)
    least = wording.points(math.floor(low * 1000 + 1e-3) / 1000)
    if high == math.inf:
        return f"{least} or more"
    most = wording.points(math.ceil(high * 1000 - 1e-3) / 1000)
    return most if least == most else f"{least.removesuffix(' points')} to {most}"


def in_words(found: Labels) -> str:
    """All of it for a terminal."""
    lines = [*_sentences(found), "", *aligned(_table(found)), "", METHOD]
    return "\n".join(lines)


def _sentences(found: Labels) -> Iterator[str]:
    best, bound = wording.percent(found.best), wording.bound_value("dependence", found.bound)
    yield f"Dependence: best plan {best}, no plan can beat {bound}."
    within = f"within {wording.points(found.within)}"
    for label, meaning in MEANING.items():
        names = [row.project for row in found.of(label)]
        if names:
            yield f"{str(label).capitalize()}, {meaning} {within}: {', '.join(names)}."
    if found.forced:
        yield f"Forced by the case, not asked about: {', '.join(found.forced)}."
    asked = (row for row in found.projects if row.reason not in ("", NO_PLAN))
    yield from not_known((row.project, row.reason) for row in asked)


def _table(found: Labels) -> WordTable:
    return WordTable(
        head=("candidate", "name", "in the plan", "label", "loss decided otherwise"),
        rows=tuple(_cells(row) for row in found.projects),
        texts=frozenset({0, 1, 2, 3}),
    )


def _cells(row: LabelRow) -> tuple[str, ...]:
    chosen = "yes" if row.chosen else "no"
    loss = interval(row.loss_low, row.loss_high)
    return row.project, row.name, chosen, str(row.label), loss
