"""Tables of words, for a terminal and for a page."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from opt.commands.terminal import broken, columns

if TYPE_CHECKING:
    from opt.report.document import TableBlock

_GAP = "  "
_HEAD = 12


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
    """Its lines for a terminal, text to the left and figures to the right.

    Where they are longer than the terminal is wide, heads and texts are broken between words; what
    is still too wide stands below, beside the first column again. A figure is never broken.
    """
    width = columns(sys.stdout)
    widths = [_widest(table, n) for n in range(len(table.head))]
    if width is None or _total(widths) <= width:
        return _block(table, list(enumerate(widths)))
    widths = [_narrowed(table, n, width) for n in range(len(table.head))]
    blocks = [_block(table, part) for part in _parts(widths, width)]
    return [line for n, block in enumerate(blocks) for line in ([""] if n else []) + block]


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _widest(table: WordTable, column: int) -> int:
    return max(len(line[column]) for line in (table.head, *table.rows))


def _narrowed(table: WordTable, column: int, width: int) -> int:
    """What a column takes at least: its longest word, and a third of the width where it is text; a
    figure whole, and as much as a head of a few words."""
    cells = [row[column] for row in table.rows]
    is_text = column in table.texts
    words = table.head[column].split()
    words += [word for cell in cells for word in (cell.split() if is_text else [cell])]
    least = width // 3 if is_text else _HEAD
    return min(_widest(table, column), max(least, *map(len, words)))


def _parts(widths: Sequence[int], width: int) -> Iterator[list[tuple[int, int]]]:
    """The columns, each with its width, in as many parts as it takes; the first is in all."""
    first, *others = enumerate(widths)
    part = [first]
    for column in others:
        if len(part) > 1 and _total([taken for _, taken in (*part, column)]) > width:
            yield part
            part = [first]
        part.append(column)
    yield part


def _block(table: WordTable, part: Sequence[tuple[int, int]]) -> list[str]:
    """Lines of some columns, each given with its width."""
    return [line for row in (table.head, *table.rows) for line in _row(table, row, part)]


def _row(table: WordTable, row: Sequence[str], part: Sequence[tuple[int, int]]) -> Iterator[str]:
    """A row, of as many lines as its longest cell takes."""
    cells = [broken(row[n], width) if len(row[n]) > width else [row[n]] for n, width in part]
    for texts in itertools.zip_longest(*cells, fillvalue=""):
        placed = (
            text.ljust(width) if n in table.texts else text.rjust(width)
            for text, (n, width) in zip(texts, part, strict=True)
        )
        yield _GAP.join(placed).rstrip()


def piped(table: WordTable) -> Iterator[str]:
    """Its lines for a page of Markdown."""
    rule = ("---" if n in table.texts else "---:" for n in range(len(table.head)))
    for line in (table.head, rule, *table.rows):
        yield f"| {' | '.join(line)} |"
