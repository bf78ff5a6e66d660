"""What `opt update` says: tables for a terminal."""

from __future__ import annotations

from opt.commands.word_table import shown
from opt.record.update import Update
from opt.report.sections import update

MOST_ROWS = 40


def in_words(found: Update) -> str:
    """All of it for a terminal."""
    lines = list(update.sentences(found))
    for table in update.tables(found):
        lines += ["", *shown(table, MOST_ROWS)]
    return "\n".join(lines)
