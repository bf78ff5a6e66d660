"""An .xlsx file as sheets of raw cells: the parts of SpreadsheetML that say what its cells hold.

Looks (fonts, fills, widths), drawings, drop-downs, properties of the document and whatever else a
program may have written are not opened. Both the common and the Strict form of the format are read.
"""

from __future__ import annotations

from collections.abc import Iterator

from opt.data.reading.dates import format_kinds
from opt.data.reading.package import NAMES, Element, Package, PackageError, Related
from opt.data.reading.raw import RawSheet, RawTable
from opt.data.reading.sheet_xml import Context, area, cell_text, is_true, read_sheet
from opt.errors import Issue

_NO_WORKBOOK = "this is not an Excel workbook."


def read_sheets(content: bytes) -> tuple[tuple[RawSheet, ...], tuple[Issue, ...]]:
    """The worksheets of a file in order, and one issue for each that cannot be read.

    PackageError where the file as a whole cannot be.
    """
    package = Package.of(content)
    book = _book_part(package)
    if book.casefold().endswith(".bin"):
        raise PackageError("this is a binary workbook (.xlsb).", "Save it as .xlsx in Excel.")
    elements = list(package.elements(book))
    if not elements or elements[0].name != "workbook":
        raise PackageError(f"its part {book} is not a workbook's.")
    related = package.related(book)
    context = _context(package, elements, related)
    sheets, issues = [], []
    for element in elements:
        if element.name != "sheet" or element.parent != "sheets":
            continue
        name = element.get("name")
        try:
            part = _sheet_part(element, related)
            if part is not None:
                tables = tuple(_tables(package, part))
                sheets.append(read_sheet(package, part, name, tables, context))
        except PackageError as error:
            message = f"this sheet cannot be read: {error.message}"
            issues.append(Issue(name, "", "", message, error.hint))
    return tuple(sheets), tuple(issues)


def _book_part(package: Package) -> str:
    """The part of the workbook; PackageError with the kind of file it is where there is none."""
    for related in package.related(""):
        if related.kind == "officeDocument":
            return related.part
    if package.find("xl/workbook.xml"):
        return "xl/workbook.xml"
    if package.find("mimetype"):
        raise PackageError("this is an OpenDocument file.", "Save it as .xlsx.")
    raise PackageError(_NO_WORKBOOK)


def _sheet_part(element: Element, related: list[Related]) -> str | None:
    """The part of a listed sheet; None for what is no worksheet (a chart, a dialog, macros)."""
    found = next((r for r in related if r.id == element.get("r:id")), None)
    if found is None:
        raise PackageError("the file lists it, but points to no part.")
    return found.part if found.kind == "worksheet" else None


def _context(package: Package, elements: list[Element], related: list[Related]) -> Context:
    parts = {r.kind: r.part for r in related}
    about = {e.name: e for e in elements if e.name in ("workbookPr", "calcPr")}
    book, calculation = (about.get(name, Element("", "", {})) for name in ("workbookPr", "calcPr"))
    return Context(
        list(_texts(package, parts["sharedStrings"])) if "sharedStrings" in parts else [],
        _dated(package, parts["styles"]) if "styles" in parts else {},
        is_1904=is_true(book.get("date1904")),
        is_pending=is_true(calculation.get("fullCalcOnLoad"))
        or not is_true(calculation.get("calcCompleted", "1")),
    )


def _texts(package: Package, part: str) -> Iterator[str]:
    """The shared texts, each without its fonts and without how it is pronounced."""
    found: list[str] = []
    path: list[str] = []
    pieces: list[str] = []

    def start(name: str, _: object) -> None:
        path.append(NAMES[name])
        if path[-1] == "si":
            pieces.clear()

    def end(name: str) -> None:
        path.pop()
        if NAMES[name] == "si":
            found.append(cell_text("".join(pieces)))

    def text(data: str) -> None:
        if path[-1] == "t" and "rPh" not in path:
            pieces.append(data)

    for _ in package.parse(part, start, end, text):
        yield from found
        found.clear()


def _dated(package: Package, part: str) -> dict[str, bool]:
    """The cell formats that show a day or a time."""
    codes, formats = {}, []
    for element in package.elements(part):
        number = element.get("numFmtId", "0")
        if not number.isdecimal():
            continue
        if element.name == "numFmt" and element.parent == "numFmts":
            codes[int(number)] = element.get("formatCode")
        elif element.name == "xf" and element.parent == "cellXfs":
            formats.append(int(number))
    return format_kinds(codes, formats)


def _tables(package: Package, part: str) -> Iterator[RawTable]:
    """The Excel tables of a sheet. One whose part is missing is plain cells, as Excel has it."""
    for related in package.related(part):
        if related.kind != "table" or package.find(related.part) is None:
            continue
        for element in package.elements(related.part):
            place = area(element.get("ref")) if element.name == "table" else None
            if place:
                totals = element.get("totalsRowCount", "0")
                first_row, first, last_row, last = place
                count = int(totals) if totals.isdecimal() else 0
                yield RawTable(first_row, last_row, first, last, count)
            break
