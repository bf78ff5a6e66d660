"""The empty Word file that a document is set in: our own A4, or a house template."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from opt.errors import InputError, Issue
from opt.report import theme

# The styles that a document uses; every one is built into Word.
STYLES = ("Title", "Heading 1", "Heading 2", "Caption", "List Bullet", "Table Grid")


def new_word(header: str) -> Any:
    """An A4 document with the fonts of theme and page numbers."""
    word = docx.Document()
    _set_page(word)
    _set_styles(word)
    _set_header_footer(word, header)
    return word


def from_template(template: Path) -> Any:
    """An empty document with everything of the template but its text."""
    try:
        word = docx.Document(str(template))
    except (OSError, ValueError, KeyError, PackageNotFoundError) as error:
        raise _unusable(template, f"cannot be read as a Word document: {error}.") from error
    missing = [name for name in STYLES if name not in word.styles]
    if missing:
        raise _unusable(template, f"has no style {', '.join(missing)}.")
    body = word.element.body
    for element in list(body):
        if element.tag != qn("w:sectPr"):
            body.remove(element)
    return word


def _unusable(template: Path, why: str) -> InputError:
    hint = "Save a document of Word with its built-in styles as .docx and name that."
    return InputError([Issue("--template", "", str(template), f"{template} {why}", hint)])


def check_template(template: Path) -> None:
    """Raises InputError where a template cannot be used: to be asked before a long solve."""
    from_template(template)


def _set_page(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.0)
    section.top_margin, section.bottom_margin = Cm(1.6), Cm(1.4)
    section.header_distance = section.footer_distance = Cm(0.6)


def _set_styles(document: Any) -> None:
    styles = document.styles
    colour = RGBColor.from_string(theme.HEADER[1:])
    sizes = {"Title": 15, "Heading 1": 10.5, "Heading 2": 10, "Normal": 9.5, "Caption": 8.5}
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
    _space(styles["Normal"], 0, 2)
    _space(styles["Title"], 0, 1)
    _space(styles["Heading 1"], 5, 1)
    _space(styles["Heading 2"], 5, 1)
    _space(styles["Caption"], 2, 2)
    _space(styles["List Bullet"], 0, 1)
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
