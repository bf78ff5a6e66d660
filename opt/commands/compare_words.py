"""What `opt compare` says: tables for a terminal, a column a run."""

from __future__ import annotations

from opt.commands.word_table import shown
from opt.record.comparison import Comparison
from opt.report.sections import comparison

MOST_CELLS = 40


def in_words(found: Comparison) -> str:
    """All of it for a terminal."""
    lines = list(comparison.runs(found))
    for table in comparison.tables(found):
        is_cells = table.heads[0] == "run"
        lines += ["", *shown(table, MOST_CELLS if is_cells else None)]
    more = len(found.cells) - MOST_CELLS
    if more > 0:
        lines.append(f"and {more} more cells: --json has them.")
    return "\n".join([*lines, "", *comparison.ends(found)])
