"""Workbooks as other programs write them: read as they are meant, or refused by what is wrong."""

from __future__ import annotations

import re
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from cases import drop, patch, setting, tiny, tiny_case
from parts import Parts, Rewrite, leave_out, move, put, rewrite, swap
from test_reader import content

from opt.data.convert import convert
from opt.data.reader import read
from opt.data.reading.cells import is_error, type_cell
from opt.data.reading.error_values import BY_LANGUAGE, ERROR_VALUES
from opt.data.reading.raw import RawCell
from opt.data.reading.sheet_xml import area, cell_text
from opt.data.reading.workbook import read_raw
from opt.data.sheets.registry import SHEET
from opt.errors import Effect, InputError
from opt.words import gathered, kind_words

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PARTS = "http://schemas.openxmlformats.org/package/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
BOOK_RELS = "xl/_rels/workbook.xml.rels"
CALCULATE = "Open the file in Excel, press F9, save."
SAVE = "Open it in Excel and save it as .xlsx."


def sheet_of(name: str) -> str:
    """The part of a sheet of the tiny case, as it is written."""
    return f"xl/worksheets/sheet{list(tiny()).index(name) + 1}.xml"


def faults(path: Path) -> list[str]:
    """The faults of a workbook in words."""
    with pytest.raises(InputError) as caught:
        read(path)
    return [str(issue) for issue in caught.value.issues]


def warnings(path: Path) -> list[str]:
    """The warnings of a sound workbook in words."""
    return [str(warning) for warning in read(path).warnings]


def prefix(parts: Parts) -> None:
    """Every element of sheets, texts and styles with a prefix of its namespace, as .NET writes."""
    for name in parts:
        if re.match(r"xl/(worksheets/sheet|sharedStrings|styles|workbook\.xml)", name):
            text = re.sub(r"<(/?)(\w)", r"<\1x:\2", parts[name].decode())
            parts[name] = text.replace("xmlns=", "xmlns:x=").encode()


def wide_characters(parts: Parts) -> None:
    """Every part in UTF-16."""
    for name in parts:
        if name.startswith("xl/"):
            text = parts[name].decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
            parts[name] = text.encode("utf-16")


def strict(parts: Parts) -> None:
    """The namespaces of Strict Open XML."""
    for name in parts:
        text = parts[name].decode()
        parts[name] = text.replace(MAIN, STRICT_MAIN).replace(OFFICE, STRICT_OFFICE).encode()


def nameless(parts: Parts) -> None:
    """No cell and no row says where it stands: each follows the one before it."""
    for name in parts:
        if "worksheets/sheet" in name:
            text = re.sub(r'<row r="\d+"', "<row", parts[name].decode())
            parts[name] = re.sub(r'<c r="[A-Z]+\d+"', "<c", text).encode()


def rows_without_numbers(parts: Parts) -> None:
    """Only the cells say where they stand."""
    for name in parts:
        if "worksheets/sheet" in name:
            parts[name] = re.sub(rb'<row r="\d+"', b"<row", parts[name])


def backslashes(parts: Parts) -> None:
    """Names of parts as some programs for Windows write them."""
    for name in list(parts):
        if name.startswith("xl/"):
            parts[name.replace("/", "\\")] = parts.pop(name)


def rich(parts: Parts) -> None:
    """Texts in pieces with fonts, and with how they are pronounced."""
    name = "xl/sharedStrings.xml"
    text = re.sub(
        r"<si><t>(\w)(\w*)</t></si>",
        r"<si><r><rPr><b/></rPr><t>\1</t></r><r><t>\2</t></r>"
        r'<rPh sb="0" eb="1"><t>kana</t></rPh></si>',
        parts[name].decode(),
    )
    parts[name] = text.encode()


DECORATION = (
    '<dataValidations count="1"><dataValidation type="list" errorStyle="bogus" sqref="A1"/>'
    "</dataValidations>"
)
FOREIGN: list[tuple[str, tuple[Rewrite, ...]]] = [
    ("font family", (swap("styles", '<family val="2"/>', '<family val="34"/>'),)),
    ("colour", (swap("styles", '<color theme="1"/>', '<color rgb="nonsense"/>'),)),
    (
        "date of the properties",
        (swap("docProps/core", "Z</", " or so</"),),
    ),
    ("no properties", (leave_out("docProps/core.xml"),)),
    ("validation", (swap("sheet", "</sheetData>", f"</sheetData>{DECORATION}"),)),
    (
        "drawing that is missing",
        (
            swap("worksheets/sheet3", "</sheetData>", '</sheetData><drawing r:id="rId1"/>'),
            put(
                "xl/worksheets/_rels/sheet3.xml.rels",
                f'<Relationships xmlns="{PARTS}"><Relationship Id="rId1"'
                f' Type="{OFFICE}/drawing" Target="../drawings/drawing1.xml"/></Relationships>',
            ),
        ),
    ),
    ("name of the texts", (move({"xl/sharedStrings.xml": "xl/SharedStrings.xml"}),)),
    ("names with backslashes", (backslashes,)),
    (
        "name of a sheet",
        (
            move({"xl/worksheets/sheet2.xml": "xl/data/Regions.xml"}),
            swap(BOOK_RELS, "worksheets/sheet2.xml", "/xl/worksheets/../data/Regions.xml"),
        ),
    ),
    ("prefix", (prefix,)),
    ("UTF-16", (wide_characters,)),
    ("Strict Open XML", (strict,)),
    ("cells without names", (rows_without_numbers,)),
    ("rich text", (rich,)),
    ("format without a number", (swap("styles", 'numFmtId="0"', 'numFmtId="General"'),)),
    ("no view of the file as a whole", (leave_out("_rels/.rels"),)),
]


@pytest.mark.parametrize("changes", [f[1] for f in FOREIGN], ids=[f[0] for f in FOREIGN])
def test_what_other_programs_write_is_read(tmp_path: Path, changes: tuple[Rewrite, ...]) -> None:
    path = tiny_case(tmp_path, xlsx=True)
    before = content(read(path))
    after = rewrite(path, *changes)
    assert content(read(after)) == before


def test_cells_and_rows_that_only_follow_each_other(tmp_path: Path) -> None:
    path = tmp_path / "case.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("regions").write_row(0, 0, ["region", "bloc"])
        book.worksheets()[0].write_row(1, 0, ["AUS", "ally"])
    rewrite(path, nameless)
    sheet = read_raw(path).sheets[0]
    found = {cell.address: cell.value for row in sheet.rows for cell in row.cells.values()}
    assert found == {"A1": "region", "B1": "bloc", "A2": "AUS", "B2": "ally"}


@pytest.mark.parametrize(
    "cell",
    ["><is><t>AUS</t></is>", 't="inlineStr"><is><t>AUS</t></is>', 't="inlineStr"><v>AUS</v>'],
)
def test_texts_in_the_cells_themselves(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "case.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("regions").write(0, 0, 5)
    rewrite(path, swap("sheet1", '<c r="A1"><v>5</v></c>', f'<c r="A1" {cell}</c>'))
    assert [c.value for c in read_raw(path).sheets[0].rows[0].cells.values()] == ["AUS"]


def test_rows_without_numbers_stand_where_their_cells_say(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, lambda case: case["regions"].insert(2, []), xlsx=True)  # a blank row
    rewrite(path, rows_without_numbers)
    assert [row.cell("region") for row in read(path).rows["regions"]] == ["A2", "A4", "A5"]


def test_how_a_text_in_a_cell_is_pronounced_ends_with_it(tmp_path: Path) -> None:
    path = tmp_path / "case.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("regions").write_row(0, 0, ["region", "bloc"])
    first, second = "<is><t>AUS</t><rPh><t>kana</t></rPh></is>", "<is><t>ally</t></is>"
    cells = f'<c r="A1" t="inlineStr">{first}</c><c r="B1" t="inlineStr">{second}</c>'
    rewrite(path, lambda parts: put_row(parts, cells))
    cells_of = read_raw(path).sheets[0].rows[0].cells
    assert [cell.value for cell in cells_of.values()] == ["AUS", "ally"]


def put_row(parts: Parts, cells: str) -> None:
    """These cells in place of those of the only row."""
    name = "xl/worksheets/sheet1.xml"
    text = re.sub(r"(<row [^>]*>).*?</row>", rf"\1{cells}</row>", parts[name].decode())
    parts[name] = text.encode()


def formula(path: Path, value: object, *changes: Rewrite, cell: str = "G2") -> Path:
    """The case with a formula in sheet projects and its stored value; the file says that it is
    calculated unless a change says otherwise."""
    with xlsxwriter.Workbook(path) as book:
        for name, table in tiny().items():
            sheet = book.add_worksheet(name)
            for number, line in enumerate(table):
                sheet.write_row(number, 0, line)
            if name == "projects":
                sheet.write_formula(cell, "=2*200", None, value)
    return rewrite(path, swap("xl/workbook.xml", ' fullCalcOnLoad="1"', ""), *changes)


UNCALCULATED = swap("worksheets/sheet", "<f>2*200</f><v>400</v>", "<f>2*200</f>")
NEVER = f"projects!G2: this formula was never calculated. {CALCULATE}"


@pytest.mark.parametrize(
    "changes",
    [
        (),
        (prefix,),
        (wide_characters,),
        (strict,),
        (backslashes,),
        (
            move({sheet_of("projects"): "xl/worksheets/Candidates.xml"}),
            swap(BOOK_RELS, sheet_of("projects")[3:], "worksheets/Candidates.xml"),
        ),
    ],
    ids=["plain", "prefix", "UTF-16", "strict", "backslashes", "name of the sheet"],
)
def test_a_formula_never_calculated_is_found_in_every_file(
    tmp_path: Path, changes: tuple[Rewrite, ...]
) -> None:
    path = formula(tmp_path / "case.xlsx", 400, UNCALCULATED, *changes)
    assert faults(path) == [NEVER]


@pytest.mark.parametrize("mark", ["shared", "array"])
def test_shared_and_array_formulas_are_formulas(tmp_path: Path, mark: str) -> None:
    old, new = "<f>2*200</f><v>400</v>", f'<f t="{mark}" ref="G2:G3" si="0">2*200</f><v/>'
    path = formula(tmp_path / "case.xlsx", 400, swap("worksheets/sheet", old, new))
    assert faults(path) == [NEVER]


@pytest.mark.parametrize("value", ["<v></v>", "<v/>"])
def test_a_formula_whose_text_is_empty_is_blank(tmp_path: Path, value: str) -> None:
    new = f'<c r="N2" t="str"><f>IF(1=1,"","x")</f>{value}</c>'
    written = '<c r="N2"><f>2*200</f><v>400</v></c>'
    path = formula(tmp_path / "case.xlsx", 400, swap("sheet", written, new), cell="N2")
    tables = read(path)
    assert tables.warnings == ()
    assert "opex" not in tables.rows["projects"][0].given  # column N
    convert(path, tmp_path / "folder")
    assert "opex" not in read(tmp_path / "folder").rows["projects"][0].given


@pytest.mark.parametrize("word", ['fullCalcOnLoad="1"', 'calcCompleted="0"'])
def test_stored_values_that_the_file_calls_old_are_warned_of(tmp_path: Path, word: str) -> None:
    path = formula(tmp_path / "case.xlsx", 0, swap("xl/workbook.xml", "<calcPr", f"<calcPr {word}"))
    assert warnings(path) == [
        "projects!G2: this formula is still to be calculated, as the file itself says;"
        f" the stored value is read (G2: 0). {CALCULATE}",
    ]
    with pytest.raises(InputError) as caught:
        convert(path, tmp_path / "folder")
    assert [str(issue) for issue in caught.value.issues] == [
        f"projects!G2: this formula is still to be calculated. {CALCULATE}"
    ]


def test_old_values_are_converted_from_no_column(tmp_path: Path) -> None:
    old = swap("xl/workbook.xml", "<calcPr", '<calcPr fullCalcOnLoad="1"')
    path = formula(tmp_path / "case.xlsx", 0, old, cell="Z2")  # beyond the headers
    with pytest.raises(InputError, match="projects!Z2: this formula is still to be calculated"):
        convert(path, tmp_path / "folder")


def test_a_calculated_formula_is_a_value(tmp_path: Path) -> None:
    path = formula(tmp_path / "case.xlsx", 400)
    assert warnings(path) == []
    assert read(path).rows["projects"][0]["capex"] == 400.0


def test_old_values_in_cells_that_are_not_read_are_no_matter(tmp_path: Path) -> None:
    again = swap("xl/workbook.xml", "<calcPr", '<calcPr fullCalcOnLoad="1"')
    named = swap("sharedStrings", "<t>note</t>", "<t>x_note</t>")
    path = formula(tmp_path / "case.xlsx", 0, again, named, cell="Q2")
    assert warnings(path) == []


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("Home_x000D_\n", "Home\r\n"),
        ("a_x000d__x000A_b", "a\r\nb"),
        ("_x005F_x000D_", "_x000D_"),
        ("_x00e9_t_x00E9_", "été"),
        ("_xD83D__xDE00_", "\U0001f600"),
        ("_x0000_", "_x0000_"),
        ("_xFFFF_", "_xFFFF_"),
        ("_xFFFE_", "_xFFFE_"),  # no character, as FFFF (Unicode 23.7)
        ("_xFFFD_", "\ufffd"),
        ("_xD83D_", "\ufffd"),  # half of a pair: U+FFFD stands for what is none
        ("x_0041_", "x_0041_"),
    ],
)
def test_characters_written_by_their_number(written: str, read_as: str) -> None:
    # ECMA-376, 22.9.2.19 (ST_Xstring)
    assert cell_text(written) == read_as


def test_a_carriage_return_in_an_id_is_no_other_id(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, xlsx=True)
    changes = swap("sharedStrings", "<t>AUS</t>", '<t xml:space="preserve">AUS_x000D_\n</t>')
    rewrite(path, changes)
    assert read(path).rows["regions"][0]["region"] == "AUS"


def test_a_carriage_return_in_a_cell_survives_conversion(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, xlsx=True)
    rewrite(path, swap("sharedStrings", "<t>Coast refinery</t>", "<t>Coast&#13;refinery</t>"))
    convert(path, tmp_path / "folder")
    assert read(tmp_path / "folder").rows["projects"][1]["name"] == "Coast refinery"


def test_a_carriage_return_in_csv_survives_conversion(tmp_path: Path) -> None:
    path = tiny_case(tmp_path)
    text = (path / "projects.csv").read_bytes()
    (path / "projects.csv").write_bytes(text.replace(b"Coast refinery", b'"Coast\rrefinery"'))
    convert(path, tmp_path / "folder")
    assert read(tmp_path / "folder").rows["projects"][1]["name"] == "Coast refinery"


def test_error_values_of_every_edition() -> None:
    column = SHEET["projects"].column("capex")
    for text in sorted(ERROR_VALUES):
        typed = type_cell(RawCell(f" {text}"), column, is_text=True)
        assert (typed.value, typed.message) == (None, f"{text} is an error value.")


@pytest.mark.parametrize("xlsx", [False, True])
def test_error_values_stand_for_no_number_and_no_name(tmp_path: Path, xlsx: bool) -> None:
    new = ("#SPILL!", "#NV")
    changes = [patch("projects", 1, "capex", new[0]), patch("projects", 1, "region", new[1])]
    assert faults(tiny_case(tmp_path, *changes, xlsx=xlsx)) == [
        "projects!C2: #NV is an error value. Fix the formula or type a value.",
        "projects!G2: #SPILL! is an error value. Fix the formula or type a number.",
    ]


def test_error_values_by_number() -> None:
    # as LibreOffice shows a formula with a fault in it, and writes it to CSV
    assert is_error(" Err:502")
    assert not any(is_error(text) for text in ("Err:50", "Err:5020", "see Err:502", "#TODO!", 502))


def test_error_values_by_language() -> None:
    # as the editions of Excel show them
    assert {"#NV", "#BEZUG!", "#WERT!", "#ZAHL!"} <= set(BY_LANGUAGE["German"])
    assert {"#SAKNAS!", "#VÄRDEFEL!", "#NAMN?"} <= set(BY_LANGUAGE["Swedish"])
    assert {"#YOK", "#DEĞER!", "#BAŞV!", "#AD?"} <= set(BY_LANGUAGE["Turkish"])
    assert {"#NOM?", "#VALEUR!", "#NOMBRE!"} <= set(BY_LANGUAGE["French"])
    assert {"#¿NOMBRE?", "#¡VALOR!", "#¡REF!"} <= set(BY_LANGUAGE["Spanish"])


def test_an_error_that_only_the_file_knows(tmp_path: Path) -> None:
    new = '<c r="G2" t="e"><v>#NEVERSEEN!</v></c>'
    written = '<c r="G2"><f>2*200</f><v>400</v></c>'
    path = formula(tmp_path / "case.xlsx", 400, swap("worksheets/sheet", written, new))
    words = "#NEVERSEEN! is an error value. Fix the formula or type a number."
    assert faults(path) == [f"projects!G2: {words}"]


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ('t="d"><v>2029-01-01</v>', "2029-01-01 is a date, not a number"),
        ('t="d"><v>soon</v>', "'soon' is text, not a number"),
        ("><v>4O0</v>", "'4O0' is text, not a number"),
    ],
)
def test_a_stored_value_that_is_no_number_is_none(tmp_path: Path, written: str, word: str) -> None:
    # a cell of type d holds a day as ISO 8601 writes it: ECMA-376, 18.18.11
    cell = '<c r="G2"><f>2*200</f><v>400</v></c>'
    change = swap("worksheets/sheet", cell, f'<c r="G2" {written}</c>')
    (fault,) = faults(formula(tmp_path / "case.xlsx", 400, change))
    assert fault.startswith(f"projects!G2: {word}.")


def with_table(path: Path, ref: str, total: bool = False) -> Path:
    """The case with an Excel table on sheet programmes, and a row of totals where it has one."""
    book = openpyxl.load_workbook(path)
    sheet = book["programmes"]
    if total:
        sheet["A4"], sheet["E4"] = "Total", "=SUBTOTAL(109,E2:E3)"
    found = openpyxl.worksheet.table.Table(displayName="tblProgrammes", ref="A1:J4")
    found.totalsRowCount = 1 if total else None
    sheet.add_table(found)
    book.save(path)
    return rewrite(path, swap("tables/table", 'ref="A1:J4"', f'ref="{ref}"'))


def test_the_total_row_of_an_excel_table_is_no_programme(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, xlsx=True)
    before = content(read(path))
    with_table(path, "A1:J4", total=True)
    assert content(read(path)) == before
    (warning,) = read(path).warnings
    assert str(warning) == (
        "programmes!A4: this is the total row of the Excel table: it is not read as data."
    )
    assert warning.effect is Effect.UNUSED
    convert(path, tmp_path / "folder")
    assert content(read(tmp_path / "folder"))["rows"] == before["rows"]


@pytest.mark.parametrize(
    "change",
    [
        leave_out("xl/tables/table1.xml"),
        swap("tables/table", 'ref="A1:J4"', 'ref="A1:J"'),
        put("xl/tables/table1.xml", "<tableau/>"),
    ],
)
def test_a_table_that_cannot_be_read_is_plain_cells(tmp_path: Path, change: Rewrite) -> None:
    path = tiny_case(tmp_path, xlsx=True)
    rewrite(with_table(path, "A1:J4", total=True), change)
    # Row 4 is then no row of totals, and its sum one that openpyxl does not work out.
    assert faults(path) == [f"programmes!E4: this formula was never calculated. {CALCULATE}"]


def test_the_total_row_of_a_table_beside_the_data_is_left_where_it_is(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, xlsx=True)
    before = content(read(path))["rows"]
    book = openpyxl.load_workbook(path)
    sheet = book["regions"]
    for row, line in enumerate([["x_a", "x_b"], ["r", 1], ["Total", 1]], start=1):
        for column, value in enumerate(line, start=6):
            sheet.cell(row, column).value = value
    beside = openpyxl.worksheet.table.Table(displayName="beside", ref="F1:G3")
    beside.totalsRowCount = 1
    sheet.add_table(beside)
    book.save(path)
    assert content(read(path))["rows"] == before
    assert warnings(path) == [
        "regions!F3: this is the total row of the Excel table: it is not read as data.",
        "regions!A4: row 4 is below the Excel table but used.",
    ]


@pytest.mark.parametrize("ref", ["A1", "A:J", "1:9", "$A$1:$J$4", "A1:XFD1048576"])
def test_tables_of_one_cell_or_of_whole_columns(tmp_path: Path, ref: str) -> None:
    path = with_table(tiny_case(tmp_path, xlsx=True), ref)
    below = ["programmes!A2: rows 2-3 are below the Excel table but used."]
    assert warnings(path) == (below if ref == "A1" else [])


def test_rows_below_many_tables_are_one_line(tmp_path: Path) -> None:
    path = with_table(tiny_case(tmp_path, xlsx=True), "A1")
    book = openpyxl.load_workbook(path)
    book["regions"].add_table(openpyxl.worksheet.table.Table(displayName="places", ref="A1:C2"))
    book.save(path)
    assert [kind_words(group) for group in gathered(read(path).warnings)] == [
        "regions!A3 (2 cells): rows below the Excel table are used. No answer changes."
    ]


def test_areas() -> None:
    assert area("B2:D5") == (2, 2, 5, 4)
    assert area("D5:B2") == (2, 2, 5, 4)
    assert area("$C$7") == (7, 3, 7, 3)
    assert area("C:D") == (1, 3, 1_048_576, 4)
    assert area("2:3") == (2, 1, 3, 16_384)
    assert [area(text) for text in ("", "A1:B2:C3", "Sheet1!A1", "#REF!")] == [None] * 4


DAMAGED: list[tuple[str, Rewrite, str]] = [
    (
        "sheet that is missing",
        leave_out(sheet_of("demand")),
        f"demand: this sheet cannot be read: its part {sheet_of('demand')} is missing. {SAVE}",
    ),
    (
        "sheet that points nowhere",
        swap(BOOK_RELS, 'Id="rId3"', 'Id="rId333"'),
        f"commodities: this sheet cannot be read: the file lists it, but points to no part. {SAVE}",
    ),
    (
        "sheet that is no XML",
        put(sheet_of("settings"), "<worksheet"),
        f"settings: this sheet cannot be read: its part {sheet_of('settings')}"
        f" is not sound XML (line 1). {SAVE}",
    ),
    (
        "sheet of another kind",
        put(sheet_of("settings"), "<html/>"),
        f"settings: this sheet cannot be read: its part {sheet_of('settings')}"
        f" is not a worksheet. {SAVE}",
    ),
    (
        "cell that cannot be",
        swap(sheet_of("regions"), 'r="B2"', 'r="XFE2"'),
        f"regions: this sheet cannot be read: its part {sheet_of('regions')}"
        f" is damaged: cell XFE2. {SAVE}",
    ),
    (
        "cell in another row",
        swap(sheet_of("regions"), 'r="B2"', 'r="B3"'),
        f"regions: this sheet cannot be read: its part {sheet_of('regions')}"
        f" is damaged: cell B3 in row 2. {SAVE}",
    ),
    (
        "texts that are missing",
        leave_out("xl/sharedStrings.xml"),
        f"case.xlsx: its part xl/sharedStrings.xml is missing. {SAVE}",
    ),
    (
        "formats that are no XML",
        put("xl/styles.xml", "<styleSheet>"),
        f"case.xlsx: its part xl/styles.xml is not sound XML (line 1). {SAVE}",
    ),
    (
        "entities that multiply",
        put(
            "xl/sharedStrings.xml",
            '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>',
        ),
        "case.xlsx: its part xl/sharedStrings.xml declares a document type, which no workbook does."
        f" {SAVE}",
    ),
    (
        "encoding that nobody knows",
        put("xl/styles.xml", '<?xml version="1.0" encoding="klingon"?><styleSheet/>'),
        f"case.xlsx: its part xl/styles.xml is not sound XML. {SAVE}",
    ),
]


@pytest.mark.parametrize(
    ("change", "expected"), [d[1:] for d in DAMAGED], ids=[d[0] for d in DAMAGED]
)
def test_what_cannot_be_read_is_named(tmp_path: Path, change: Rewrite, expected: str) -> None:
    path = rewrite(tiny_case(tmp_path, xlsx=True), change)
    assert faults(path) == [expected]


def test_every_sheet_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, xlsx=True)
    rewrite(path, leave_out(sheet_of("demand")), leave_out(sheet_of("plans")))
    assert [line.partition(":")[0] for line in faults(path)] == ["demand", "plans"]


def test_a_text_that_is_not_in_the_file(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, xlsx=True)
    rewrite(path, swap(sheet_of("regions"), "<v>", "<v>9999"))
    assert [line.partition(" is damaged")[0] for line in faults(path)] == [
        f"regions: this sheet cannot be read: its part {sheet_of('regions')}"
    ]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"mimetype": "a"}, "this is an OpenDocument file. Save it as .xlsx."),
        (
            {
                "_rels/.rels": f'<Relationships xmlns="{PARTS}"><Relationship Id="a"'
                f' Type="{OFFICE}/officeDocument" Target="xl/workbook.bin"/></Relationships>'
            },
            "this is a binary workbook (.xlsb). Save it as .xlsx in Excel.",
        ),
        (
            {"xl/workbook.xml": "<document/>"},
            f"its part xl/workbook.xml is not a workbook's. {SAVE}",
        ),
    ],
    ids=["ods", "xlsb", "docx"],
)
def test_other_files_are_called_by_name(tmp_path: Path, parts: dict[str, str], words: str) -> None:
    path = tmp_path / "case.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    assert faults(path) == [f"case.xlsx: {words}"]


def test_bytes_that_were_changed(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, xlsx=True)
    with zipfile.ZipFile(path) as archive:
        place = archive.getinfo(sheet_of("regions")).header_offset + 60
    raw = bytearray(path.read_bytes())
    raw[place : place + 40] = bytes(40)
    path.write_bytes(raw)
    words = f"this sheet cannot be read: its part {sheet_of('regions')} is damaged. {SAVE}"
    assert faults(path) == [f"regions: {words}"]


def test_a_file_that_would_unpack_to_much_is_refused_before(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, xlsx=True)
    raw = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        true = archive.getinfo(sheet_of("demand")).file_size
    name = sheet_of("demand").encode()
    entry = raw.rindex(name) - 46  # of the zip's directory: PKWARE APPNOTE, 4.3.12
    field = slice(entry + 24, entry + 28)
    assert int.from_bytes(raw[field], "little") == true
    size = (4_000_000_000).to_bytes(4, "little")
    path.write_bytes(raw[: field.start] + size + raw[field.stop :])
    assert faults(path) == [
        f"demand: this sheet cannot be read: with its part {sheet_of('demand')} the file unpacks to"
        " 4,000 MB; at most 500 MB are read. Delete what is not needed."
    ]


def test_blank_cells_with_a_format_cost_nothing(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, xlsx=True)
    before = content(read(path))
    book = openpyxl.load_workbook(path)
    for address in ("XFD1048576", "A1048576", "XFD1"):
        book["regions"][address].font = openpyxl.styles.Font(bold=True)
    book.save(path)
    assert content(read(path)) == before
    convert(path, tmp_path / "folder")
    assert content(read(tmp_path / "folder"))["rows"] == before["rows"]


def test_a_value_in_the_last_column_is_one_more_column(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, xlsx=True)
    book = openpyxl.load_workbook(path)
    book["regions"]["XFD1"], book["regions"]["XFD2"] = "x_far", 7
    book.save(path)
    convert(path, tmp_path / "folder")
    text = (tmp_path / "folder" / "regions.csv").read_text(encoding="utf-8")
    assert text.splitlines()[:2] == ["region,name,bloc,x_far", "AUS,Australia,ally,7"]


def test_memory_follows_the_cells(tmp_path: Path) -> None:
    rows, columns = 4000, 10
    path = tmp_path / "case.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("demand")
        for row in range(rows):
            sheet.write_row(row, 0, [1000 * row + column + 0.5 for column in range(columns)])
    read_raw(path)
    tracemalloc.start()
    raw = read_raw(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(raw.sheets[0].rows) == rows
    # A cell takes some 64 bytes, its number 24, its place in the row's dict some 50.
    assert peak < 250 * rows * columns


def test_other_sheets_are_no_worksheets(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, xlsx=True)
    before = content(read(path))
    book = openpyxl.load_workbook(path)
    book.create_chartsheet("a chart").add_chart(openpyxl.chart.BarChart())
    book.save(path)
    assert content(read(path)) == before


def test_cells_are_those_of_openpyxl(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, drop("plans"), setting("gap", 0.001), xlsx=True)
    book = openpyxl.load_workbook(path)
    for raw, sheet in zip(read_raw(path).sheets, book.worksheets, strict=True):
        found = {c.address: c.value for row in raw.rows for c in row.cells.values()}
        cells = (cell for row in sheet.iter_rows() for cell in row if cell.value is not None)
        assert found == {cell.coordinate: cell.value for cell in cells}
