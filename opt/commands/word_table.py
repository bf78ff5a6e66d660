"""Tables of words, for a terminal and for a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opt.report.document import TableBlock


@dataclass(frozen=True, slots=True)
class WordTable:
    """A table of words: its head, its rows, and which columns are text, the others figures."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    texts: frozenset[int]


def shown(block: TableBlock, most: int | None = None) -> list[str]:
    """The first lines of a table of the documents, for a terminal."""
    texts = frozenset(range(len(block.heads))) - frozenset(block.right)
    rows = tuple(tuple(line) for line in block.lines[:most])
    return aligned(WordTable(tuple(block.heads), rows, texts))


def aligned(table: WordTable) -> list[str]:
    """Its lines for a terminal, text to the left and figures to the right."""
    lines = [table.head, *table.rows]
    widths = [max(len(line[n]) for line in lines) for n in range(len(table.head))]
    return ["  ".join(_cells(table, line, widths)).rstrip() for line in lines]


def _cells(table: WordTable, line: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    for n, (cell, width) in enumerate(zip(line, widths, strict=True)):
        yield cell.ljust(width) if n in table.texts else cell.rjust(width)


def piped(table: WordTable) -> Iterator[str]:
    """Its lines for a page of Markdown."""
    rule = ("---" if n in table.texts else "---:" for n in range(len(table.head)))
    for line in (table.head, rule, *table.rows):
        yield f"| {' | '.join(line)} |"
