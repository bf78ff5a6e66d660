"""The three documents of a run as files: the memo, the page and the workbook of results."""

from __future__ import annotations

from pathlib import Path

from opt.errors import InputError, Issue
from opt.report import outline
from opt.report.deck import deck
from opt.report.document import Pictures
from opt.report.excel_sheets import sheets_of
from opt.report.figures import registry
from opt.report.figures.chart import SLIDE
from opt.report.render.excel import xlsx_bytes
from opt.report.render.page import html_text
from opt.report.render.word import docx_bytes
from opt.report.story import Story


def memo_bytes(
    story: Story, pictures: Pictures | None = None, template: Path | None = None
) -> bytes:
    """The memo as .docx. `pictures` are its charts as PNG, where they are drawn already; `template`
    a Word document whose styles, page, header and footer it takes.

    Raises InputError where the template cannot be used.
    """
    drawn = registry.pictures(story, "png") if pictures is None else pictures
    return docx_bytes(outline.memo(story), drawn, template)


def report_html(story: Story, pictures: Pictures | None = None) -> str:
    """The page; its charts leave their finding to the heading above them, and are there a second
    time for a narrow screen. `pictures` are its charts as SVG, where they are drawn already."""
    drawn = registry.pictures(story, "svg") if pictures is None else pictures
    wide = registry.untitled(story, drawn)
    return html_text(outline.page(story), wide, registry.narrow(story))


def deck_bytes(story: Story) -> bytes:
    """The slides as .pptx, their charts no longer than a slide can show.

    Raises InputError where the library that writes slides is not installed.
    """
    try:
        from opt.report.render.slides import pptx_bytes  # noqa: PLC0415  an extra
    except ModuleNotFoundError as error:
        message = f"{error.name} is not installed, which writes slides."
        issue = Issue("--deck", "", "", message, 'pip install ".[deck]"')
        raise InputError([issue]) from error
    drawn = registry.pictures(story, "png", SLIDE)
    return pptx_bytes(deck(story), drawn, registry.finding_shares(story, SLIDE))


def workbook_bytes(story: Story) -> bytes:
    """The workbook of results as .xlsx: a cover, then every table."""
    return xlsx_bytes(outline.cover(story), sheets_of(story.run))
