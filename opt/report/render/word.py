"""A document as .docx: accessible tables, figures, captions, the same bytes each time.

A house template gives styles, page, header and footer; its own text is left out.
"""

from __future__ import annotations

import copy
import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from functools import cache, singledispatch
from pathlib import Path
from typing import Any

from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.text.paragraph import Paragraph

from opt.report import theme
from opt.report.document import (
    Block,
    Bullets,
    Document,
    Figure,
    Heading,
    Note,
    Pairs,
    Pictures,
    Prompt,
    Section,
    TableBlock,
    Text,
)
from opt.report.render.blank import add_field, from_template, new_word
from opt.report.render.letters import printable

FIXED_DATE = datetime(2000, 1, 1)  # noqa: DTZ001  a constant, not a time: files must not hold a clock
ZIP_DATE = (2000, 1, 1, 0, 0, 0)
MOST_HEIGHT_CM = 22.0
MOST_TOGETHER = 6  # lines of a table that is never broken over pages
TABLE_SIZE, DENSE_SIZE = 8.5, 7.5  # points


def docx_bytes(document: Document, pictures: Pictures, template: Path | None = None) -> bytes:
    """The document as .docx, the same bytes each time, in the styles of a house template if given.

    Raises InputError where the template cannot be read or lacks a style that the document needs.
    """
    made = _Made(_blank(document, template), pictures)
    core = made.word.core_properties
    core.title, core.author, core.language = printable(document.title), "opt", "en-US"
    core.comments, core.subject = "", "Policy memo, draft"
    core.created = core.modified = FIXED_DATE
    core.revision = 1
    made.word.add_paragraph(printable(document.title), style="Title")
    _add_text(made.word, document.record)
    _add_blocks(made, document.opening)
    for section in document.sections:
        _add_section(made, section)
    return _saved(made.word)


def _blank(document: Document, template: Path | None) -> Any:
    return new_word(printable(document.header)) if template is None else from_template(template)


class _Made:
    """A Word file in the making, the pictures it may take, and how many captions it has."""

    def __init__(self, word: Any, pictures: Pictures) -> None:
        self.word = word
        # At each use of a style python-docx looks through all of them for the default.
        word.part.get_style_id = cache(word.part.get_style_id)
        self.pictures = pictures
        self._captions = {"Table": 0, "Figure": 0}
        page = word.sections[0]
        self.width = page.page_width - page.left_margin - page.right_margin

    def next_number(self, kind: str) -> int:
        """The number of the next caption of a kind."""
        self._captions[kind] += 1
        return self._captions[kind]


def _add_section(made: _Made, section: Section) -> None:
    heading = made.word.add_heading(printable(section.title), level=1)
    heading.paragraph_format.page_break_before = section.opens_page or None
    _add_blocks(made, section.blocks)


def _add_blocks(made: _Made, blocks: Sequence[Block]) -> None:
    after_table = False
    for block in blocks:
        first = len(made.word.element.body)
        _add(block, made)
        if after_table:
            _space_above(made.word, first)
        after_table = isinstance(block, TableBlock) and bool(block.lines)


def _space_above(word: Any, place: int) -> None:
    """Keeps what stands at a place of the body away from the table above it."""
    element = word.element.body[place - 1]
    if element.tag == qn("w:p"):
        paragraph = Paragraph(element, word)
        paragraph.paragraph_format.space_before = Pt(6)


@singledispatch
def _add(block: Any, made: _Made) -> None:
    raise TypeError(block)


@_add.register
def _(block: Heading, made: _Made) -> None:
    made.word.add_heading(printable(block.text), level=2)


@_add.register
def _(block: Text, made: _Made) -> None:
    _add_text(made.word, block.text, bold=block.strong)


@_add.register
def _(block: Note, made: _Made) -> None:
    _add_text(made.word, block.text)


@_add.register
def _(block: Bullets, made: _Made) -> None:
    for item in block.items:
        _add_text(made.word, item, "List Bullet")


@_add.register
def _(block: Pairs, made: _Made) -> None:
    for pair in block.items:
        _add_text(made.word, f"{pair.name}: {pair.text}", "List Bullet")


@_add.register
def _(block: Prompt, made: _Made) -> None:
    made.word.add_paragraph().add_run(f"[Analyst: {printable(block.text)}]").italic = True


@_add.register
def _(block: Figure, made: _Made) -> None:
    picture = made.pictures[block.name]
    _add_picture(made.word, picture.data, picture.alt, round(made.width * block.share))
    _add_caption(made, "Figure", picture.caption)


@_add.register
def _(block: TableBlock, made: _Made) -> None:
    if not block.lines:
        _add_text(made.word, f"{block.title}: none.")
        return
    _add_caption(made, "Table", block.title)
    _add_grid(made, block)


def _add_text(word: Any, text: str, style: str | None = None, *, bold: bool = False) -> None:
    word.add_paragraph(style=style).add_run(printable(text)).bold = bold or None


def _add_caption(made: _Made, kind: str, text: str) -> None:
    """'Table 1. ...' with the next number of its kind, which Word can renumber."""
    paragraph = made.word.add_paragraph(f"{kind} ", style="Caption")
    paragraph.paragraph_format.keep_with_next = kind == "Table"
    add_field(paragraph, f"SEQ {kind} \\* ARABIC", str(made.next_number(kind)))
    paragraph.add_run(f". {printable(text)}")


def _add_picture(word: Any, png: bytes, alt: str, width: int) -> None:
    """An inline picture with words for who cannot see it, no higher than a page."""
    word.add_picture(io.BytesIO(png), width=width)
    picture = word.paragraphs[-1]
    picture.paragraph_format.keep_with_next = True
    picture.paragraph_format.space_after = Pt(0)
    shape = word.inline_shapes[-1]
    shape._inline.docPr.set("descr", printable(alt))
    excess = shape.height / Cm(MOST_HEIGHT_CM)
    if excess > 1:
        shape.width, shape.height = round(shape.width / excess), round(shape.height / excess)


def _add_grid(made: _Made, block: TableBlock) -> None:
    """A grid with a repeated header row, none of its rows broken over pages."""
    table = made.word.add_table(rows=1, cols=len(block.heads), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _describe(table, block.title)
    size = DENSE_SIZE if block.dense else TABLE_SIZE
    widths = [round(made.width * width / sum(block.widths)) for width in block.widths]
    head, line = table.rows[0], table.add_row()
    for row in (head, line):
        for place, cell in enumerate(row.cells):
            cell.width = widths[place]
            _set_cell(cell, size, bold=row is head, right=place in block.right)
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for width, grid in zip(widths, table._tbl.tblGrid.gridCol_lst, strict=True):
        grid.w = width
    _fill(head._tr, block.heads)
    # Setting up a cell takes ten times as long as copying one that is set up.
    empty = line._tr
    for texts in block.lines:
        filled = copy.deepcopy(empty)
        _fill(filled, texts)
        empty.addprevious(filled)
    table._tbl.remove(empty)
    if len(block.lines) <= MOST_TOGETHER:
        _keep_together(table)


def _keep_together(table: Any) -> None:
    """Lets no row of a table but the last end a page."""
    for row in table.rows[:-1]:
        for cell in row.cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _describe(table: Any, title: str) -> None:
    properties = table._tbl.tblPr
    for name in ("w:tblCaption", "w:tblDescription"):
        element = OxmlElement(name)
        element.set(qn("w:val"), printable(title))
        properties.append(element)


def _set_cell(cell: Any, size: float, *, bold: bool, right: bool) -> None:
    """A cell as it looks, with nothing in it yet."""
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run("")
    run.font.size = Pt(size)
    run.bold = bold or None
    if bold:
        _shade(cell)


def _fill(row: Any, texts: Sequence[str]) -> None:
    """The texts of a row into its cells, each of which holds one run."""
    for run, text in zip(row.iter(qn("w:r")), texts, strict=True):
        run.text = printable(text)


def _shade(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), theme.SHADE[1:])
    cell._tc.get_or_add_tcPr().append(shade)


def _saved(word: Any) -> bytes:
    """The file with fixed dates, so that the same text gives the same bytes."""
    raw = io.BytesIO()
    word.save(raw)
    target = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(entry, source.read(name))
    return target.getvalue()
