"""results.xlsx: the answer for Excel users. One titled table a sheet, native charts, no macros.

Title in A1, a line of help, units, then the header, as in the input workbook. Numbers are numbers;
text from the workbook is written as text, never as a formula or link.
"""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from opt.record.columns import COUNT, MUSD, SHARE, YEAR, Cell, Column, Line
from opt.record.run import Run
from opt.report import theme, wording
from opt.report.excel_charts import add_chart
from opt.report.excel_sheets import Sheet, sheets_of
from opt.report.lines import audit_words, data_words, scenario_words, version_words
from opt.report.policy_words import has_more_than_capital
from opt.report.story import (
    Story,
    foresight,
    headline,
    judgments,
    proof,
    proven,
    spent_sentence,
    status_sentence,
    tell,
)

FIXED_DATE = datetime(2000, 1, 1)  # noqa: DTZ001  a constant, not a time: files must not hold a clock
HEADER_ROW = 3
WIDEST, NARROWEST = 60, 9
COVER_CHARACTERS, LINE_HEIGHT = 100, 16  # characters in a line of the cover, points
LONGEST_TEXT = 32_000  # Excel holds 32,767 characters in a cell

NUMBER_FORMATS = {"": "General", YEAR: "0", COUNT: "#,##0", MUSD: "#,##0.0", SHARE: "0.0%"}
OTHER_NUMBERS = "#,##0.0##"

Formats = dict[str, Any]


def workbook_bytes(run: Run) -> bytes:
    """The workbook as .xlsx bytes, the same for the same run."""
    story = tell(run)
    target = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    workbook = xlsxwriter.Workbook(target, options)
    workbook.set_properties({"title": run.title, "author": "opt", "created": FIXED_DATE})
    formats = _formats(workbook)
    _write_cover(workbook, formats, story)
    for sheet in sheets_of(run):
        _write_sheet(workbook, formats, sheet, run)
    workbook.close()
    return target.getvalue()


def _formats(workbook: Any) -> Formats:
    font: dict[str, object] = {"font_name": theme.DOCUMENT_FONT, "font_size": 11, "valign": "top"}
    left: dict[str, object] = {"align": "left", "indent": 1}
    named: dict[str, dict[str, object]] = {
        "title": {
            "bold": True,
            "align": "left",
            "indent": 1,
            "font_size": 15,
            "font_color": theme.HEADER,
        },
        "head": {"bold": True, "bg_color": theme.SHADE, "bottom": 1} | left,
        "head right": {"bold": True, "bg_color": theme.SHADE, "bottom": 1, "align": "right"},
        "muted": {"font_color": theme.MUTED} | left,
        "muted right": {"font_color": theme.MUTED, "align": "right"},
        "label": {"bold": True} | left,
        "text": left,
        "wrap": {"text_wrap": True} | left,
        "link": {"font_color": theme.BLUE, "underline": 1} | left,
    }
    formats = {name: workbook.add_format(font | extra) for name, extra in named.items()}
    for code in (*NUMBER_FORMATS.values(), OTHER_NUMBERS):
        formats[code] = workbook.add_format(font | {"num_format": code, "align": "right"})
        formats[f"left {code}"] = workbook.add_format(font | left | {"num_format": code})
    return formats


def _text(value: str) -> str:
    return "".join(c if c in "\t\n" or ord(c) >= 32 else " " for c in value)[:LONGEST_TEXT]


def _number_format(field: Column) -> str:
    return NUMBER_FORMATS.get(field.unit, OTHER_NUMBERS)


def _write_cell(
    page: Any, place: tuple[int, int], value: Cell, field: Column, formats: Formats
) -> None:
    if value is None:
        page.write_blank(*place, None, formats["text"])
    elif isinstance(value, str):
        style = "wrap" if len(value) > WIDEST else "text"
        page.write_string(*place, _text(value), formats[style])
    else:
        page.write_number(*place, value, formats[_number_format(field)])


def _write_sheet(workbook: Any, formats: Formats, sheet: Sheet, run: Run) -> None:
    page = workbook.add_worksheet(sheet.name)
    lines = sheet.lines(run)
    fields = sheet.table.columns
    page.write_string(0, 0, sheet.title, formats["title"])
    page.write_string(1, 0, sheet.help, formats["muted"])
    for column, field in enumerate(fields):
        style = "muted right" if field.unit else "muted"
        page.write_string(HEADER_ROW - 1, column, field.unit, formats[style])
        page.set_column(column, column, _width(field, column, lines))
    for number, line in enumerate(lines, start=HEADER_ROW + 1):
        for column, (value, field) in enumerate(zip(line, fields, strict=True)):
            _write_cell(page, (number, column), value, field, formats)
    if not lines:
        page.write_string(HEADER_ROW + 1, 0, "none", formats["muted"])
    _add_table(page, formats, sheet, max(len(lines), 1))
    page.freeze_panes(HEADER_ROW + 1, 1)
    _print_setup(page)
    if lines:
        add_chart(workbook, page, sheet, lines, HEADER_ROW)


def _add_table(page: Any, formats: Formats, sheet: Sheet, rows: int) -> None:
    columns = [
        {"header": field.name, "header_format": formats["head"]} for field in sheet.table.columns
    ]
    page.add_table(
        HEADER_ROW,
        0,
        HEADER_ROW + rows,
        len(columns) - 1,
        {
            "columns": columns,
            "name": f"tbl{sheet.name.replace(' ', '')}",
            "style": "Table Style Light 1",
            "title": sheet.title,
            "description": sheet.help,
        },
    )


def _width(field: Column, column: int, lines: Sequence[Line]) -> int:
    cells = [line[column] for line in lines]
    texts = [len(cell) for cell in cells if isinstance(cell, str)]
    numbers = [len(f"{cell:,.3f}".rstrip("0")) for cell in cells if isinstance(cell, float)]
    wanted = max([*texts, *numbers, len(field.name) + 3, len(field.unit) + 1, NARROWEST])
    return min(wanted + 1, WIDEST)


def _print_setup(page: Any) -> None:
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEADER_ROW)


def _write_cover(workbook: Any, formats: Formats, story: Story) -> None:
    run = story.run
    page = workbook.add_worksheet("Cover")
    page.set_column(0, 0, 36)
    page.set_column(1, 1, 100)
    page.hide_gridlines(2)
    page.write_string(0, 0, _text(run.title), formats["title"])
    record = f"Scenario: {scenario_words(run)}. Run {run.id}. {data_words(run)}".rstrip()
    page.write_string(1, 0, _text(record), formats["muted"])
    row = _write_texts(page, formats, 3, _cover_texts(story))
    row = _write_key_numbers(page, formats, row + 1, story)
    row = _write_contents(page, formats, row + 1, run)
    legend = [
        ("Units", "Row 3 of each sheet; shares are shown as per cent; money in USD million."),
        ("Clear", f"No step of the chain was done in {story.covered} or under its control."),
        ("Exposed", f"At least one step was done in {story.covered} or under its control."),
        ("Blank", "No value: for example a programme without a yearly limit."),
        ("Files", "Every table stands in folder tables as CSV, with all flows and full precision."),
    ]
    page.write_string(row + 1, 0, "Legend", formats["head"])
    page.write_string(row + 1, 1, "", formats["head"])
    _write_texts(page, formats, row + 2, legend)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 1)


def _cover_texts(story: Story) -> list[tuple[str, str]]:
    run = story.run
    findings = [("Finding", sentence) for sentence in judgments(story)]
    return [
        ("Result", headline(story)),
        ("Proof", proof(story)),
        *([("Proven", proven(story))] if proven(story) else []),
        ("Status", status_sentence(story)),
        *([("Foresight", foresight(story))] if foresight(story) else []),
        *findings,
        ("Money", spent_sentence(story)),
        ("Audit", audit_words(run)),
        ("Record", f"Input hash (SHA-256) {run.sha256}. {version_words(run)}"),
    ]


def _write_texts(page: Any, formats: Formats, row: int, texts: Sequence[tuple[str, str]]) -> int:
    """Label and text a row; the first row after them."""
    for number, (label, text) in enumerate(texts, start=row):
        page.write_string(number, 0, label, formats["label"])
        page.write_string(number, 1, _text(text), formats["wrap"])
        page.set_row(number, LINE_HEIGHT * math.ceil(len(text) / COVER_CHARACTERS))
    return row + len(texts)


def _write_key_numbers(page: Any, formats: Formats, row: int, story: Story) -> int:
    metrics = story.run.metrics
    pairs: list[tuple[str, float, str]] = [
        ("Dependence, counted years", metrics.dependence, SHARE),
        ("Dependence without new money", story.run.baseline.dependence, SHARE),
        ("Unserved demand, all years", story.findings.short_share, SHARE),
        ("Public money, USD million", metrics.public_musd, MUSD),
        *_uses(story),
        ("Private money for capital, USD million", metrics.private_musd, MUSD),
        ("Capital cost, USD million", metrics.capex_musd, MUSD),
        ("Discounted cost, USD million", metrics.cost_musd, MUSD),
        ("Projects", story.findings.project_count, "count"),
    ]
    page.write_string(row, 0, "Key numbers", formats["head"])
    page.write_string(row, 1, "", formats["head"])
    for number, (label, value, unit) in enumerate(pairs, start=row + 1):
        page.write_string(number, 0, label, formats["label"])
        page.write_number(number, 1, value, formats[f"left {NUMBER_FORMATS[unit]}"])
    return row + 1 + len(pairs)


def _uses(story: Story) -> list[tuple[str, float, str]]:
    """Public money by use, where it pays more than capital."""
    metrics = story.run.metrics
    if not has_more_than_capital(story.run):
        return []
    return [
        ("  for capital, USD million", story.findings.capital_public_musd, MUSD),
        ("  for stock, USD million", metrics.stock_musd, MUSD),
        ("  for support, USD million", metrics.support_musd, MUSD),
    ]


def _write_contents(page: Any, formats: Formats, row: int, run: Run) -> int:
    page.write_string(row, 0, "Contents", formats["head"])
    page.write_string(row, 1, "", formats["head"])
    sheets = sheets_of(run)
    for number, sheet in enumerate(sheets, start=row + 1):
        page.write_url(number, 0, f"internal:'{sheet.name}'!A1", formats["link"], sheet.name)
        lines = wording.count(len(sheet.lines(run)), "row")
        page.write_string(number, 1, f"{sheet.help} ({lines})", formats["text"])
    return row + 1 + len(sheets)
