"""The workbook that people get: layout, drop-downs, prompts, and nothing else changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from opt.data.example import EXAMPLE
from opt.data.reader import read
from opt.data.reading.grids import complete, plan_years
from opt.data.sheets.registry import SHEETS
from opt.data.template import write_workbook


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The template with the example."""
    file = tmp_path_factory.mktemp("template") / "case.xlsx"
    write_workbook(file, complete(EXAMPLE, plan_years(EXAMPLE)))
    return file


@pytest.fixture(scope="module")
def book(path: Path) -> Any:
    """The template as openpyxl sees it."""
    return openpyxl.load_workbook(path)


def test_the_template_is_a_sound_case(path: Path) -> None:
    tables = read(path)
    assert tables.warnings == ()
    assert tables.rows["projects"][0].cell("project") == "A5"


def test_sheets_stand_in_order(book: Any) -> None:
    assert book.sheetnames == ["README", *(sheet.name for sheet in SHEETS), "lists"]


@pytest.mark.parametrize("sheet", SHEETS, ids=[sheet.name for sheet in SHEETS])
def test_layout_of_each_sheet(book: Any, sheet: Any) -> None:
    page = book[sheet.name]
    titles = [cell.value for cell in page[4]]
    assert page["A1"].value == sheet.title
    assert page["A2"].value == sheet.help
    assert titles[: len(sheet.columns)] == [column.name for column in sheet.columns]
    assert page.freeze_panes == "B5"
    assert page.print_title_rows == "$4:$4"
    assert not page.protection.sheet
    (table,) = page.tables.values()
    assert table.displayName == "tbl" + sheet.name.title().replace("_", "")
    assert table.ref.startswith("A4:")
    for column in sheet.columns:
        assert (page.cell(3, titles.index(column.name) + 1).value or "").strip() == column.unit


def test_every_sheet_prints_all_its_columns_on_a_page(book: Any) -> None:
    for page in book:
        assert page.sheet_properties.pageSetUpPr.fitToPage
        # A width that is not written is one page; a height of 0 is as many as it takes.
        assert (page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight) == (1, 0)
        assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)


def test_nothing_of_the_readme_is_cut_in_print(book: Any) -> None:
    """All of it is in the printed area; every text is within its columns, in a row high enough for
    its lines. A column of 90 takes 90 digits, and letters are narrower by a tenth and more."""
    page = book["README"]
    assert page.print_area == f"'README'!$A$1:$C${page.max_row}"
    assert page.max_row == 12 + len(SHEETS)
    widths = [page.column_dimensions[letter].width for letter in "ABC"]
    merged = {area.min_row: area.size["columns"] for area in page.merged_cells.ranges}
    for row in page.iter_rows():
        for cell in row:
            room = sum(widths[cell.column - 1 :][: merged.get(cell.row, 1)]) * 1.1
            lines = -(-len(str(cell.value or "")) // room)
            assert lines <= 1 or cell.alignment.wrap_text
            assert lines <= (page.row_dimensions[cell.row].height or 15) / 15


def test_every_column_has_a_prompt(book: Any) -> None:
    for sheet in SHEETS:
        rules = book[sheet.name].data_validations.dataValidation
        titles = [cell.value for cell in book[sheet.name][4]]
        assert [rule.promptTitle for rule in rules] == [
            title if not title[-1].isdigit() else rule.promptTitle
            for title, rule in zip(titles, rules, strict=True)
        ]
        assert all(rule.prompt for rule in rules)


def rule_of(book: Any, sheet: str, column: str) -> Any:
    """The data validation of one column."""
    return next(
        rule for rule in book[sheet].data_validations.dataValidation if rule.promptTitle == column
    )


def test_drop_downs_point_at_defined_names(book: Any) -> None:
    for sheet in SHEETS:
        for rule in book[sheet.name].data_validations.dataValidation:
            if rule.type == "list":
                assert rule.formula1 in book.defined_names
    assert rule_of(book, "projects", "region").formula1 == "list_regions"
    assert rule_of(book, "regions", "bloc").formula1 == "list_bloc"
    assert rule_of(book, "settings", "key").formula1 == "list_setting"


def test_choices_stand_in_the_lists_sheet(book: Any) -> None:
    where = book.defined_names["list_bloc"].attr_text
    sheet, area = where.split("!")
    assert sheet == "lists"
    cells = [cell.value for (cell,) in book["lists"][area.replace("$", "")]]
    assert cells == ["ally", "covered", "other"]


def test_number_rules_and_error_texts(book: Any) -> None:
    share = rule_of(book, "programmes", "max_share")
    assert (share.type, share.formula1, share.formula2) == ("decimal", "0", "1")
    assert share.error == "Type a number at least 0 and at most 1."
    assert share.prompt == "Largest share of a project's capex (share). Blank: 1.0."
    capex = rule_of(book, "projects", "capex")
    assert (capex.type, capex.formula1, float(capex.formula2)) == ("decimal", "0", 1e9)
    assert capex.error == "Type a number at least 0 and at most 1e9."
    year = rule_of(book, "projects", "earliest")
    assert (year.formula1, year.formula2) == ("1900", "2200")
    assert (year.type, year.error) == ("whole", "Type a year such as 2028.")


def test_inputs_are_marked_and_only_help_is_protected(book: Any) -> None:
    cell = book["projects"]["A5"]
    assert cell.font.color.rgb == "FF0000FF"
    assert cell.fill.fgColor.rgb == "FFFFFFE5"
    assert book["README"].protection.sheet
    assert book["lists"].protection.sheet
    assert not book["README"].protection.password


def test_year_columns_cover_the_plan(book: Any) -> None:
    titles = [cell.value for cell in book["build_limits"][4]]
    assert titles[8:-3] == [str(year) for year in range(2026, 2036)]
    assert [cell.value for cell in book["demand"][4]][5:-3] == ["2026", "2030", "2035"]


def test_years_of_the_plan_where_settings_tell_them() -> None:
    def years(**given: int) -> range:
        return plan_years({"settings": (("key", "value"), *given.items())})

    assert years(first_year=2027, last_year=2031) == range(2027, 2032)
    assert years(first_year=2027) == range(2027, 2037)  # ten
    assert years() == plan_years({}) == range(2026, 2036)
    assert years(first_year=2027, last_year=2020) == range(2027, 2028)  # a fault; one all the same


def test_same_content_same_bytes(tmp_path: Path, path: Path) -> None:
    write_workbook(tmp_path / "b.xlsx", complete(EXAMPLE, plan_years(EXAMPLE)))
    assert (tmp_path / "b.xlsx").read_bytes() == path.read_bytes()
