"""Additions to python-docx: accessible tables, figures, captions, the same bytes each time.

Knows Word, nothing about runs.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from opt.report import theme

FIXED_DATE = datetime(2000, 1, 1)  # noqa: DTZ001  a constant, not a time: files must not hold a clock
ZIP_DATE = (2000, 1, 1, 0, 0, 0)
TEXT_WIDTH_CM = 16.6
MOST_HEIGHT_CM = 22.0


def clean(text: str) -> str:
    """Text without the control characters that XML cannot hold."""
    return "".join(c if c in "\t\n" or ord(c) >= 32 else " " for c in text)


def new_document(title: str, header: str) -> Any:
    """An A4 document with the house fonts, page numbers, a title and a language."""
    document = Document()
    core = document.core_properties
    core.title, core.author, core.language = clean(title), "opt", "en-US"
    core.comments, core.subject = "", "Policy memo, draft"
    core.created = core.modified = FIXED_DATE
    core.revision = 1
    _set_page(document)
    _set_styles(document)
    _set_header_footer(document, clean(header))
    return document


def _set_page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(1.9), Cm(1.7)
    section.header_distance = section.footer_distance = Cm(0.8)


def _set_styles(document: Any) -> None:
    styles = document.styles
    colour = RGBColor.from_string(theme.HEADER[1:])
    sizes = {"Title": 18, "Heading 1": 12.5, "Heading 2": 11, "Normal": 10, "Caption": 8.5}
    for name, size in sizes.items():
        style = styles[name]
        style.font.name, style.font.size = theme.DOCUMENT_FONT, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme_font in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme_font}"), None)
        for font in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{font}"), theme.DOCUMENT_FONT)
        if name != "Normal":
            style.font.color.rgb = colour
    _space(styles["Normal"], 0, 4)
    _space(styles["Title"], 0, 2)
    _space(styles["Heading 1"], 8, 3)
    _space(styles["Heading 2"], 6, 2)
    _space(styles["Caption"], 2, 6)
    _space(styles["List Bullet"], 0, 2)
    _drop_title_rule(styles["Title"])


def _space(style: Any, before: float, after: float) -> None:
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.line_spacing = 1.0


def _drop_title_rule(style: Any) -> None:
    properties = style.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)


def _set_header_footer(document: Any, header: str) -> None:
    section = document.sections[0]
    top = section.header.paragraphs[0]
    top.text = header
    bottom = section.footer.paragraphs[0]
    bottom.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    bottom.add_run("Page ")
    add_field(bottom, "PAGE", "1")
    for name in ("Header", "Footer"):
        font = document.styles[name].font
        font.size, font.color.rgb = Pt(8.5), RGBColor.from_string(theme.MUTED[1:])


def add_field(paragraph: Any, code: str, shown: str) -> None:
    """A Word field such as PAGE or SEQ, with the text that shows until Word updates it."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = shown
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


def add_text(document: Any, text: str, style: str | None = None, *, bold: bool = False) -> Any:
    """A paragraph."""
    paragraph = document.add_paragraph(style=style)
    paragraph.add_run(clean(text)).bold = bold or None
    return paragraph


def add_note(document: Any, text: str) -> None:
    """A paragraph right under a table."""
    add_text(document, text).paragraph_format.space_before = Pt(4)


def add_prompt(document: Any, text: str) -> None:
    """A place the analyst must fill, in italics and in square brackets."""
    document.add_paragraph().add_run(f"[Analyst: {clean(text)}]").italic = True


def add_caption(document: Any, kind: str, text: str) -> None:
    """'Table 1. ...' with the next number of its kind, which Word can renumber."""
    captions = [p.text for p in document.paragraphs if p.style.name == "Caption"]
    number = 1 + sum(caption.startswith(f"{kind} ") for caption in captions)
    paragraph = document.add_paragraph(f"{kind} ", style="Caption")
    paragraph.paragraph_format.keep_with_next = kind == "Table"
    add_field(paragraph, f"SEQ {kind} \\* ARABIC", str(number))
    paragraph.add_run(f". {clean(text)}")


def add_figure(document: Any, png: bytes, alt: str, width_cm: float = 16.0) -> None:
    """An inline picture with words for who cannot see it."""
    document.add_picture(io.BytesIO(png), width=Cm(width_cm))
    picture = document.paragraphs[-1]
    picture.paragraph_format.keep_with_next = True
    picture.paragraph_format.space_after = Pt(0)
    shape = document.inline_shapes[-1]
    shape._inline.docPr.set("descr", clean(alt))
    excess = shape.height / Cm(MOST_HEIGHT_CM)
    if excess > 1:
        shape.width, shape.height = round(shape.width / excess), round(shape.height / excess)


def add_table(
    document: Any,
    heads: Sequence[str],
    lines: Sequence[Sequence[str]],
    widths: Sequence[float],
    *,
    right: Sequence[int] = (),
    title: str = "",
    size: float = 8.5,
) -> None:
    """A grid with a repeated header row. `widths` are shares of the text width; `right` aligns."""
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _describe(table, title)
    for line in (heads, *lines):
        cells = table.rows[0].cells if line is heads else table.add_row().cells
        for place, (cell, text) in enumerate(zip(cells, line, strict=True)):
            cell.width = Cm(TEXT_WIDTH_CM * widths[place] / sum(widths))
            _fill(cell, text, size, bold=line is heads, right=place in right)
    for place, grid in enumerate(table._tbl.tblGrid.gridCol_lst):
        grid.w = Cm(TEXT_WIDTH_CM * widths[place] / sum(widths))
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _describe(table: Any, title: str) -> None:
    properties = table._tbl.tblPr
    for name in ("w:tblCaption", "w:tblDescription"):
        element = OxmlElement(name)
        element.set(qn("w:val"), clean(title))
        properties.append(element)


def _fill(cell: Any, text: str, size: float, *, bold: bool, right: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    run = paragraph.add_run(clean(text))
    run.font.size = Pt(size)
    run.bold = bold or None
    if bold:
        _shade(cell)


def _shade(cell: Any) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), theme.SHADE[1:])
    cell._tc.get_or_add_tcPr().append(shade)


def document_bytes(document: Any) -> bytes:
    """The document as .docx bytes with fixed dates, so that the same text gives the same file."""
    raw = io.BytesIO()
    document.save(raw)
    target = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(entry, source.read(name))
    return target.getvalue()
