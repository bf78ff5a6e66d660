"""How much of a page some sections take, by the sizes of our own A4 page.

An estimate from the lengths of texts, a little on the safe side; a template has its own sizes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from opt.report.document import Block, Bullets, Figure, Note, Prompt, Section, TableBlock, Text

PAGE = 754.0  # points of height between the margins
WIDTH = 482.0  # points between the margins
HEADING, LINE, GAP = 17.5, 11.6, 2.0
LETTER = 3.85  # width of one at the size of the text, in points
CELL_LETTER, CELL_LINE, CELL_MARGIN = 3.4, 9.7, 11.0
CAPTION, CAPTION_LETTER = 14.5, 4.0
ASPECT = 0.385  # of the figure by year: height to width, with two lines of title
LEAST, MOST = 0.6, 0.88  # parts of the width at which the figure can be read


def lines_of(text: str, letter: float, width: float = WIDTH) -> int:
    """The lines that a text takes."""
    return max(1, math.ceil(len(text) * letter / width))


def height(sections: Iterable[Section]) -> float:
    """The height of sections without their figures, in points."""
    return sum(HEADING + sum(map(_height, section.blocks)) for section in sections)


def _height(block: Block) -> float:
    if isinstance(block, TableBlock):
        return _table(block)
    if isinstance(block, Bullets):
        return sum(lines_of(item, LETTER, WIDTH - 18) * LINE + GAP for item in block.items)
    if isinstance(block, Text | Prompt | Note):
        return lines_of(block.text, LETTER) * LINE + GAP
    return 0.0


def _table(block: TableBlock) -> float:
    whole = sum(block.widths)
    widths = [WIDTH * width / whole - CELL_MARGIN for width in block.widths]
    rows = (block.heads, *block.lines)
    lines = (
        max(lines_of(c, CELL_LETTER, w) for c, w in zip(row, widths, strict=True)) for row in rows
    )
    return CAPTION * lines_of(block.title, CAPTION_LETTER) + CELL_LINE * sum(lines)


def fitted(sections: tuple[Section, ...], above: float) -> tuple[Section, ...]:
    """The sections of the first page with their figure as large as the page leaves room for, and
    without it where that is too small to be read; `above` is what stands above them."""
    left = PAGE - above - height(sections) - CAPTION - GAP
    share = min(MOST, left / (WIDTH * ASPECT))
    return tuple(
        replace(section, blocks=tuple(_sized(section.blocks, share))) for section in sections
    )


def _sized(blocks: Iterable[Block], share: float) -> Iterable[Block]:
    for block in blocks:
        if not isinstance(block, Figure):
            yield block
        elif share >= LEAST:
            yield replace(block, share=share)
