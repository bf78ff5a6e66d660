"""What `opt compare` says: tables for a terminal, a column a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from opt.commands.word_table import WordTable, aligned
from opt.record.comparison import ChangedCell, ComparedCommitment, ComparedPass, Comparison
from opt.report import wording

Row = TypeVar("Row")
MOST_CELLS = 40
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


def _wide(
    head: str,
    runs: Sequence[str],
    rows: Iterable[Row],
    key: Callable[[Row], tuple[str, str]],
    told: Callable[[Row], str],
) -> WordTable:
    """Rows of what and run as a table with a column a run; several of one cell one by the other."""
    cells: dict[str, dict[str, list[str]]] = {}
    for row in rows:
        what, run = key(row)
        cells.setdefault(what, {}).setdefault(run, []).append(told(row))
    lines = tuple(
        (what, *(", ".join(own.get(run, ["-"])) for run in runs)) for what, own in cells.items()
    )
    return WordTable((head, *runs), lines, frozenset({0}))


def _measured(metric: str, value: float) -> str:
    return wording.percent(value) if metric in SHARES else f"{value:,.1f}"


def _commitment(row: ComparedCommitment) -> str:
    units = "" if row.units == 1 else f" x {row.units}"
    size = "" if row.size is None else f" of {wording.number(row.size)}"
    return f"{row.year}{units}{size}"


def _proof(row: ComparedPass) -> str:
    return f"{row.outcome}, gap {row.gap:.2%}"


def _cells_table(cells: Sequence[ChangedCell]) -> WordTable:
    rows = tuple(
        (row.run, row.sheet, row.row, row.column or "(row)", row.before or "-", row.after or "-")
        for row in cells[:MOST_CELLS]
    )
    head = ("run", "sheet", "row", "column", "before", "now")
    return WordTable(head, rows, frozenset(range(len(head))))


def in_words(found: Comparison) -> str:
    """All of it for a terminal."""
    runs = [row.run for row in found.runs]
    lines = []
    for row in found.runs:
        parts = [row.scenario or "base case", row.variant and f"variant {row.variant}"]
        parts += [f"objective {row.objective}", row.plan and f"plan {row.plan}", str(row.status)]
        told = ", ".join(filter(None, parts))
        lines.append(f"{row.run}: {row.id} of {row.workbook}, {told}.")
    differ = [row for row in found.plan if not row.common]
    common = len({row.project for row in found.plan if row.common})
    tables = [
        _wide(
            "measure",
            runs,
            found.metrics,
            lambda row: (TITLES[row.metric], row.run),
            lambda row: _measured(row.metric, row.value),
        ),
        _wide("proven", runs, found.proofs, lambda row: (row.objective, row.run), _proof),
        _wide("project", runs, differ, lambda row: (row.project, row.run), _commitment),
        _wide(
            "programme pays, USD million",
            runs,
            found.money,
            lambda row: (row.programme, row.run),
            lambda row: f"{row.paid_musd:,.1f}",
        ),
        _cells_table(found.cells),
    ]
    for table in tables:
        if table.rows:
            lines += ["", *aligned(table)]
    more = len(found.cells) - MOST_CELLS
    if more > 0:
        lines.append(f"and {more} more cells: --json has them.")
    lines += ["", f"Committed alike in every run: {common} project{'' if common == 1 else 's'}."]
    lines.append(f"Cells of the input that differ: {len(found.cells)}.")
    return "\n".join(lines)
