"""deck.pptx: one section a slide, its title in the title's own place, text as text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches, Pt

from opt.report import theme
from opt.report.document import (
    Block,
    Bullets,
    Document,
    Figure,
    Picture,
    Pictures,
    TableBlock,
    Text,
)
from opt.report.render.letters import printable

FIXED_DATE = datetime(2000, 1, 1)  # noqa: DTZ001  a constant, not a time: files must not hold a clock
ZIP_DATE = (2000, 1, 1, 0, 0, 0)
WIDE, HIGH, MARGIN = 13.333, 7.5, 0.6  # inches
TITLE_TOP, TITLE_HIGH, BODY_TOP, FOOT = 0.4, 1.1, 1.65, 0.45
TITLE_ONLY = 5  # the layout of the library's own template
# Sizes of body text, points, by the most characters that a slide has of it.
BODY_SIZES = ((600, 24), (1000, 20), (1500, 18), (2200, 15), (10**9, 12))
TITLE_SIZES = ((70, 30), (130, 24), (10**9, 20))
CELL_SIZES = ((6, 16), (10**9, 13))  # by the most rows of the table
FOOT_SIZE = 11


def pptx_bytes(document: Document, pictures: Pictures, findings: Mapping[str, float]) -> bytes:
    """The slides, `pictures` as PNG, of whose height `findings` is the share at the top that the
    slide's title says already; the same bytes each time."""
    made = Presentation()
    made.slide_width, made.slide_height = Inches(WIDE), Inches(HIGH)
    properties = made.core_properties
    properties.title, properties.author, properties.language = document.title, "opt", "en"
    properties.created = properties.modified = FIXED_DATE
    properties.last_modified_by = "opt"
    for number, section in enumerate(document.sections, start=1):
        slide = made.slides.add_slide(made.slide_layouts[TITLE_ONLY])
        _title(slide, section.title)
        top = BODY_TOP
        for block in section.blocks:
            top = _add(slide, block, top, pictures, findings)
        _foot(slide, f"{document.header}. Slide {number} of {len(document.sections)}")
    return _saved(made)


def _title(slide: Any, text: str) -> None:
    shape = slide.shapes.title
    shape.left, shape.top = Inches(MARGIN), Inches(TITLE_TOP)
    shape.width, shape.height = Inches(WIDE - 2 * MARGIN), Inches(TITLE_HIGH)
    shape.text_frame.word_wrap = True
    shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    shape.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    _write(shape.text_frame.paragraphs[0], text, _size(TITLE_SIZES, text), theme.HEADER, bold=True)


def _add(
    slide: Any, block: Block, top: float, pictures: Pictures, findings: Mapping[str, float]
) -> float:
    """A block below what stands there, and where the next one begins."""
    match block:
        case Text(text):
            return _texts(slide, (text,), top, marked=False)
        case Bullets(items):
            return _texts(slide, items, top, marked=True)
        case Figure(name):
            return _picture(slide, pictures[name], findings[name], top)
        case TableBlock():
            return _table(slide, block, top)
        case _:
            raise TypeError(block)


def _texts(slide: Any, items: Sequence[str], top: float, *, marked: bool) -> float:
    room = HIGH - FOOT - top
    box = slide.shapes.add_textbox(
        Inches(MARGIN), Inches(top), Inches(WIDE - 2 * MARGIN), Inches(room)
    )
    frame = box.text_frame
    frame.word_wrap = True
    size = _size(BODY_SIZES, "".join(items))
    for place, item in enumerate(items):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.space_after = Pt(size / 2)
        _write(paragraph, f"\u2022 {item}" if marked else item, size, theme.INK)
    lines = sum(len(item) * size / 1500 + 1 for item in items)
    return min(top + lines * size / 50, HIGH - FOOT)


def _picture(slide: Any, picture: Picture, cut: float, top: float) -> float:
    """A figure as large as its room allows, in the middle, with words for who cannot see it."""
    shape = slide.shapes.add_picture(io.BytesIO(picture.data), Inches(MARGIN), Inches(top))
    shape.crop_top, shape.height = cut, int(shape.height * (1.0 - cut))
    wide, high = Inches(WIDE - 2 * MARGIN), Inches(HIGH - FOOT - top)
    scale = min(wide / shape.width, high / shape.height)
    shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
    shape.left = int((Inches(WIDE) - shape.width) / 2)
    shape._element.nvPicPr.cNvPr.set("descr", printable(picture.alt))
    return HIGH - FOOT


def _table(slide: Any, block: TableBlock, top: float) -> float:
    rows, columns = len(block.lines) + 1, len(block.heads)
    wide = WIDE - 2 * MARGIN
    shape = slide.shapes.add_table(
        rows, columns, Inches(MARGIN), Inches(top), Inches(wide), Inches(0.4 * rows)
    )
    shape._element.nvGraphicFramePr.cNvPr.set("descr", printable(block.title))
    grid, points = shape.table, next(size for most, size in CELL_SIZES if rows <= most)
    for column, part in enumerate(block.widths):
        grid.columns[column].width = int(Inches(wide) * part / sum(block.widths))
    for row, texts in enumerate((block.heads, *block.lines)):
        for column, text in enumerate(texts):
            cell = grid.cell(row, column)
            cell.margin_top = cell.margin_bottom = Inches(0.03)
            cell.fill.solid()
            cell.fill.fore_color.rgb = _colour(theme.SHADE if row == 0 else theme.WHITE)
            paragraph = cell.text_frame.paragraphs[0]
            paragraph.alignment = PP_ALIGN.RIGHT if column in block.right else PP_ALIGN.LEFT
            _write(paragraph, text, points, theme.INK, bold=row == 0)
    return min(top + 0.55 * rows + 0.2, HIGH - 2 * FOOT)


def _foot(slide: Any, text: str) -> None:
    box = slide.shapes.add_textbox(
        Inches(MARGIN), Inches(HIGH - FOOT), Inches(WIDE - 2 * MARGIN), Inches(FOOT)
    )
    _write(box.text_frame.paragraphs[0], text, FOOT_SIZE, theme.MUTED)


def _write(paragraph: Any, text: str, size: float, colour: str, *, bold: bool = False) -> None:
    run = paragraph.add_run()
    run.text = printable(text)
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, theme.DOCUMENT_FONT
    run.font.color.rgb = _colour(colour)
    run._r.get_or_add_rPr().set("lang", "en-GB")


def _colour(text: str) -> RGBColor:
    return RGBColor.from_string(text.removeprefix("#"))


def _size(sizes: Sequence[tuple[int, int]], text: str) -> int:
    return next(size for most, size in sizes if len(text) <= most)


def _saved(made: Any) -> bytes:
    """The file with a fixed date in every entry."""
    raw, target = io.BytesIO(), io.BytesIO()
    made.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(entry, source.read(name))
    return target.getvalue()
