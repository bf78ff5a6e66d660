"""docs/studies.md, made from the declarations of the answers that studies give."""

from __future__ import annotations

import dataclasses
import inspect
import textwrap
from collections.abc import Iterator

from opt.record.alternatives import Alternatives
from opt.record.columns import cells_of
from opt.record.comparison import Comparison
from opt.record.explain import Explanation
from opt.record.frontier import Frontier
from opt.record.labels import Labels
from opt.record.minerals import Minerals
from opt.record.pool import Pool
from opt.record.risk import Risk
from opt.record.sensitivity import Sensitivity
from opt.record.shown import rows_of
from opt.record.stress import Stress
from opt.record.update import Update
from opt.record.variants import Variants

# The answer of each command.
ANSWERS: dict[str, type] = {
    "alternatives": Alternatives,
    "compare": Comparison,
    "explain": Explanation,
    "frontier": Frontier,
    "labels": Labels,
    "minerals": Minerals,
    "pool": Pool,
    "risk": Risk,
    "sensitivity": Sensitivity,
    "stress": Stress,
    "update": Update,
    "variants": Variants,
}
INTRODUCTION = """\
# What studies answer

This page is made from the answers declared in `opt/record/`; a test keeps the two equal.

Each question is a command and a function of the same name: `python -m opt labels RUN --json` prints
what `opt.labels(run).document()` gives, and `opt.labels(run).frames["projects"]` holds the rows as
a pandas DataFrame, their units in `.attrs["units"]`. Shares and losses are shares of allied demand:
a point is 0.01. The best plan is that of least dependence: of a run that minimised something else
it is searched for first. A number that is not finite is null in JSON.
"""


def studies_page() -> str:
    """The page as Markdown."""
    parts = [part for name, answer in ANSWERS.items() for part in _answer(name, answer)]
    return "\n".join([INTRODUCTION, *parts])


def _answer(name: str, answer: type) -> Iterator[str]:
    yield f"## {name}\n"
    yield f"{_said(answer)}\n"
    rows = dict(rows_of(answer))
    plain = [f"`{own.name}`" for own in dataclasses.fields(answer) if own.name not in rows]
    yield f"Keys: {', '.join([*plain, *(f'`{key}`' for key in rows)])}.\n"
    for key, row in rows.items():
        yield f"### {key}\n"
        yield f"{_said(row)}\n"
        yield "| column | unit | what it holds |\n| --- | --- | --- |"
        yield from (f"| `{col.name}` | {col.unit} | {col.help} |" for col in cells_of(row))
        yield ""


def _said(own: type) -> str:
    """What the docstring of a class says, as lines of a page."""
    text = " ".join((inspect.getdoc(own) or "").split())
    return textwrap.fill(text, 100, break_long_words=False, break_on_hyphens=False)
