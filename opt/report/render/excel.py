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

from opt.record.columns import COUNT, MUSD, SHARE, YEAR, Line, Scalar, TableColumn
from opt.report import theme, wording
from opt.report.document import Block, Bullets, Document, Note, Pair, Pairs, Prompt, Text
from opt.report.excel_charts import add_chart
from opt.report.excel_sheets import Filled
from opt.report.render.letters import printable
from opt.xlsx_strings import plain_workbook

FIXED_DATE = datetime(2000, 1, 1)  # noqa: DTZ001  a constant, not a time: files must not hold a clock
HEADER_ROW = 3
WIDEST, NARROWEST = 60, 9
LABEL_CHARACTERS, COVER_CHARACTERS = 36, 100  # in a line of the cover's two columns
LINE_HEIGHT = 16  # points
WRAPPED = 1.1  # what a text takes more of its lines because it breaks between words
LONGEST_TEXT = 32_000  # Excel holds 32,767 characters in a cell

NUMBER_FORMATS = {"": "General", YEAR: "0", COUNT: "#,##0", MUSD: "#,##0.0", SHARE: "0.0%"}
OTHER_NUMBERS = "#,##0.0##"
# A share that the usual format would show as nothing, from the largest down.
SMALL_SHARES = ((5e-4, NUMBER_FORMATS[SHARE]), (5e-6, "0.000%"), (0.0, "0.0E+00"))
# A sheet of more lines is for the screen: the first few are printed, which its help says.
PRINTED_LINES_AT_MOST, PRINTED_LINES = 150, 40

Formats = dict[str, Any]


def xlsx_bytes(cover: Document, sheets: Sequence[Filled]) -> bytes:
    """The workbook: a cover, then the sheets with their lines; the same bytes each time."""
    target = io.BytesIO()
    workbook = plain_workbook(target, {"in_memory": True})
    workbook.set_properties({"title": cover.title, "author": "opt", "created": FIXED_DATE})
    formats = _formats(workbook)
    _write_cover(workbook, formats, cover, sheets)
    for filled in sheets:
        _write_sheet(workbook, formats, filled)
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
        "label": {"bold": True, "text_wrap": True} | left,
        "text": left,
        "wrap": {"text_wrap": True} | left,
        "link": {"font_color": theme.BLUE, "underline": 1} | left,
    }
    formats = {name: workbook.add_format(font | extra) for name, extra in named.items()}
    codes = dict.fromkeys((*NUMBER_FORMATS.values(), OTHER_NUMBERS, *dict(SMALL_SHARES).values()))
    for code in codes:
        formats[code] = workbook.add_format(font | {"num_format": code, "align": "right"})
        formats[f"left {code}"] = workbook.add_format(font | left | {"num_format": code})
    return formats


def _text(value: str) -> str:
    return printable(value)[:LONGEST_TEXT]


def _number_format(field: TableColumn, value: float) -> str:
    if field.unit == SHARE and value:
        return next(code for least, code in SMALL_SHARES if abs(value) >= least)
    return NUMBER_FORMATS.get(field.unit, OTHER_NUMBERS)


def _write_cell(
    page: Any, place: tuple[int, int], value: Scalar, field: TableColumn, formats: Formats
) -> None:
    if value is None:
        page.write_blank(*place, None, formats["text"])
    elif isinstance(value, str):
        style = "wrap" if len(value) > WIDEST else "text"
        page.write_string(*place, _text(value), formats[style])
    else:
        page.write_number(*place, value, formats[_number_format(field, value)])


def _write_sheet(workbook: Any, formats: Formats, filled: Filled) -> None:
    sheet, fields, lines = filled
    page = workbook.add_worksheet(sheet.name)
    page.write_string(0, 0, sheet.title, formats["title"])
    page.write_string(1, 0, _help(filled), formats["muted"])
    for column, field in enumerate(fields):
        style = "muted right" if field.unit else "muted"
        page.write_string(HEADER_ROW - 1, column, field.unit, formats[style])
        page.set_column(column, column, _width(field, column, lines))
    _add_table(page, formats, filled)
    for number, line in enumerate(lines, start=HEADER_ROW + 1):
        for column, (value, field) in enumerate(zip(line, fields, strict=True)):
            _write_cell(page, (number, column), value, field, formats)
        _set_height(page, number, line)
    if not lines:
        page.write_string(HEADER_ROW + 1, 0, "none", formats["muted"])
    page.freeze_panes(HEADER_ROW + 1, 1)
    _print_setup(page, filled)
    if lines:
        add_chart(workbook, page, filled, HEADER_ROW)  # below the row that every page repeats


def _set_height(page: Any, number: int, line: Line) -> None:
    """Room for the longest text of a row: no program but Excel makes it by itself."""
    longest = max((len(cell) for cell in line if isinstance(cell, str)), default=0)
    if longest > WIDEST:
        page.set_row(number, LINE_HEIGHT * math.ceil(WRAPPED * longest / WIDEST))


def _help(filled: Filled) -> str:
    """The line below the title; of a long sheet it says how much of it is printed."""
    told, count = filled.sheet.help, len(filled.lines)
    if count <= PRINTED_LINES_AT_MOST:
        return told
    return f"{told} Printed: the first {PRINTED_LINES} of {count:,} rows; filter what you look for."


def _add_table(page: Any, formats: Formats, filled: Filled) -> None:
    sheet, fields, lines = filled
    rows, totals = max(len(lines), 1), sheet.totals if lines else ()
    page.add_table(
        HEADER_ROW,
        0,
        HEADER_ROW + rows + bool(totals),
        len(fields) - 1,
        {
            "columns": [
                {"header": field.name, "header_format": formats["head"]}
                | _total(filled, column, formats)
                for column, field in enumerate(fields)
            ],
            "name": f"tbl{sheet.name.replace(' ', '')}",
            "style": "Table Style Light 1",
            "title": sheet.title,
            "description": sheet.help,
            "total_row": bool(totals),
        },
    )


def _total(filled: Filled, column: int, formats: Formats) -> dict[str, Any]:
    """What the table's own row of totals has in a column, which no reader of the table takes for a
    row of it."""
    name = filled.columns[column].name
    if not filled.sheet.totals or not filled.lines:
        return {}
    if column == 0:
        return {"total_string": "Total"}
    if name not in filled.sheet.totals:
        return {}
    cells = [line[column] for line in filled.lines]
    value = math.fsum(cell for cell in cells if isinstance(cell, int | float))
    return {
        "total_function": "sum",
        "total_value": value,
        "format": formats[_number_format(filled.columns[column], value)],
    }


def _width(field: TableColumn, column: int, lines: Sequence[Line]) -> int:
    cells = [line[column] for line in lines]
    texts = [len(cell) for cell in cells if isinstance(cell, str)]
    numbers = [len(f"{cell:,.3f}".rstrip("0")) for cell in cells if isinstance(cell, float)]
    wanted = max([*texts, *numbers, len(field.name) + 3, len(field.unit) + 1, NARROWEST])
    return min(wanted + 1, WIDEST)


def _print_setup(page: Any, filled: Filled) -> None:
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEADER_ROW)
    page.set_footer(f"&L{filled.sheet.name}&R&P of &N")
    if len(filled.lines) > PRINTED_LINES_AT_MOST:
        page.print_area(0, 0, HEADER_ROW + PRINTED_LINES, len(filled.columns) - 1)


def _write_cover(
    workbook: Any, formats: Formats, document: Document, sheets: Sequence[Filled]
) -> None:
    page = workbook.add_worksheet("Cover")
    page.set_column(0, 0, LABEL_CHARACTERS)
    page.set_column(1, 1, COVER_CHARACTERS)
    page.hide_gridlines(2)
    page.write_string(0, 0, _text(document.title), formats["title"])
    page.write_string(1, 0, _text(document.record), formats["muted"])
    row = _write_blocks(page, formats, 3, document.opening)
    for section in document.sections:
        _write_head(page, formats, row, section.title)
        row = _write_blocks(page, formats, row + 1, section.blocks) + 1
    _write_contents(page, formats, row, sheets)
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_footer("&LCover&R&P of &N")


def _write_head(page: Any, formats: Formats, row: int, title: str) -> None:
    page.write_string(row, 0, title, formats["head"])
    page.write_string(row, 1, "", formats["head"])


def _write_blocks(page: Any, formats: Formats, row: int, blocks: Sequence[Block]) -> int:
    """Sentences and key numbers, a row each; the first row after them. A cover has no others."""
    for block in blocks:
        match block:
            case Text(text) | Note(text):
                row = _write_texts(page, formats, row, (text,))
            case Bullets(items):
                row = _write_texts(page, formats, row, items)
            case Pairs(pairs):
                row = _write_pairs(page, formats, row, pairs)
            case Prompt():
                pass
            case _:
                raise TypeError(block)
    return row


def _write_texts(page: Any, formats: Formats, row: int, texts: Sequence[str]) -> int:
    for number, text in enumerate(texts, start=row):
        _write_wrapped(page, formats, number, text)
    return row + len(texts)


def _write_wrapped(page: Any, formats: Formats, row: int, text: str) -> None:
    page.write_string(row, 1, _text(text), formats["wrap"])
    page.set_row(row, LINE_HEIGHT * math.ceil(len(text) / COVER_CHARACTERS))


def _write_pairs(page: Any, formats: Formats, row: int, pairs: Sequence[Pair]) -> int:
    for number, pair in enumerate(pairs, start=row):
        name = f"{pair.name}, {pair.unit}" if pair.unit == MUSD else pair.name
        page.write_string(number, 0, name, formats["label"])
        page.set_row(number, LINE_HEIGHT * math.ceil(WRAPPED * len(name) / LABEL_CHARACTERS))
        page.write_number(number, 1, pair.value, formats[f"left {NUMBER_FORMATS[pair.unit]}"])
    return row + len(pairs)


def _write_contents(page: Any, formats: Formats, row: int, sheets: Sequence[Filled]) -> None:
    _write_head(page, formats, row, "Contents")
    for number, (sheet, _, rows) in enumerate(sheets, start=row + 1):
        page.write_url(number, 0, f"internal:'{sheet.name}'!A1", formats["link"], sheet.name)
        said = f"{sheet.help} ({wording.count(len(rows), 'row')})"
        _write_wrapped(page, formats, number, said)
