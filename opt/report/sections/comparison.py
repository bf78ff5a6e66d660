"""Runs side by side: what they come to, what is proven, where their plans and inputs differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from opt.record.comparison import ChangedCell, ComparedCommitment, ComparedPass, Comparison
from opt.report import wording
from opt.report.document import Block, Section, TableBlock, Text
from opt.report.story import Story

Row = TypeVar("Row")
TITLE = "Beside other runs"
MOST_ROWS = 15  # of a table in the documents: the answer of the study has all
SHARES = frozenset({"dependence", "shortfall", "pooled_dependence", "baseline_dependence"})
TITLES = {
    "dependence": "dependence",
    "shortfall": "unserved",
    "pooled_dependence": "dependence where material mixes",
    "cost_musd": "discounted cost, USD million",
    "capex_musd": "capital cost, USD million",
    "public_musd": "public money, USD million",
    "private_musd": "private money, USD million",
    "baseline_dependence": "dependence without new money",
}


def section(story: Story) -> Section | None:
    """The runs and their tables; none where nothing was compared."""
    found = story.answer(Comparison)
    if found is None:
        return None
    blocks: list[Block] = [Text(text) for text in (*runs(found), *ends(found))]
    for table in tables(found):
        blocks.append(replace(table, lines=table.lines[:MOST_ROWS]))
        if len(table.lines) > MOST_ROWS:
            blocks.append(Text(f"And {len(table.lines) - MOST_ROWS} rows more."))
    return Section("comparison", TITLE, blocks)


def runs(found: Comparison) -> Iterator[str]:
    """What each run was asked."""
    for row in found.runs:
        parts = [row.scenario or "base case", row.variant and f"variant {row.variant}"]
        parts += [f"objective {row.objective}", row.plan and f"plan {row.plan}", str(row.status)]
        told = ", ".join(filter(None, parts))
        yield f"{row.run}: {row.id} of {row.workbook}, {told}."


def ends(found: Comparison) -> Iterator[str]:
    """How much is alike, and how much of the inputs differs."""
    common = len({row.project for row in found.plan if row.common})
    yield f"Committed alike in every run: {common} project{'' if common == 1 else 's'}."
    yield f"Cells of the input that differ: {len(found.cells)}."


def tables(found: Comparison) -> tuple[TableBlock, ...]:
    """A table for each kind of difference, a column a run; those without a row are left out."""
    names = [row.run for row in found.runs]
    differ = [row for row in found.plan if not row.common]
    made = (
        _wide(
            ("What the runs come to", "measure"),
            names,
            found.metrics,
            lambda row: (TITLES[row.metric], row.run),
            lambda row: _measured(row.metric, row.value),
        ),
        _wide(
            ("What is proven of them", "proven"),
            names,
            found.proofs,
            lambda row: (row.objective, row.run),
            _proof,
        ),
        _wide(
            ("Where their plans differ", "project"),
            names,
            differ,
            lambda row: (row.project, row.run),
            _commitment,
        ),
        _wide(
            ("What programmes pay", "programme pays, USD million"),
            names,
            found.money,
            lambda row: (row.programme, row.run),
            lambda row: f"{row.paid_musd:,.1f}",
        ),
        _cells(found.cells),
    )
    return tuple(table for table in made if table.lines)


def _wide(
    titles: tuple[str, str],
    names: Sequence[str],
    rows: Iterable[Row],
    key: Callable[[Row], tuple[str, str]],
    told: Callable[[Row], str],
) -> TableBlock:
    """Rows of what and run as a table with a column a run; several of one cell one by the other."""
    cells: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        what, run = key(row)
        cells.setdefault(what, {}).setdefault(run, []).append(told(row))
    lines = [
        (what, *(", ".join(own.get(run, ["-"])) for run in names)) for what, own in cells.items()
    ]
    title, head = titles
    right = tuple(range(1, len(names) + 1))
    return TableBlock(title, (head, *names), lines, (3, *[2] * len(names)), right)


def _measured(metric: str, value: float) -> str:
    return wording.percent(value) if metric in SHARES else f"{value:,.1f}"


def _commitment(row: ComparedCommitment) -> str:
    units = "" if row.units == 1 else f" x {row.units}"
    size = "" if row.size is None else f" of {wording.number(row.size)}"
    return f"{row.year}{units}{size}"


def _proof(row: ComparedPass) -> str:
    return f"{row.outcome}, gap {row.gap:.2%}"


def _cells(cells: Sequence[ChangedCell]) -> TableBlock:
    lines = [
        (row.run, row.sheet, row.row, row.column or "(row)", row.before or "-", row.after or "-")
        for row in cells
    ]
    heads = ("run", "sheet", "row", "column", "before", "now")
    return TableBlock("Where their inputs differ", heads, lines, (2, 2, 3, 2, 2, 2))
