"""Conversion loses nothing, either way."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from cases import Cells, Edit, add, drop, patch, setting, tiny_case
from test_reader import content

from opt.data.convert import convert
from opt.data.reader import read
from opt.data.reading.csv_text import line_of
from opt.errors import InputError


def files(folder: Path) -> dict[str, bytes]:
    """The bytes of a folder's files."""
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.fixture
def rich(tmp_path: Path) -> Path:
    """A folder with own sheets and columns, long numbers, odd text and a sheet without rows."""

    def header_only(case: Cells) -> None:
        case["lanes"] = [["origin", "destination", "commodity"]]

    return tiny_case(
        tmp_path,
        header_only,
        add("x_own", b="text", a="007", c="5", d="0.1"),
        patch("plans", 1, "plan", "1"),
        patch("plans", 2, "plan", "1"),
        patch("projects", 1, "x_weight", "1200"),
        patch("projects", 1, "capex", "0.30000000000000004"),
        patch("projects", 2, "capex", "123456789.12345679"),
        patch("projects", 3, "capex", "0.000085"),
        patch("projects", 3, "note", """'=1+1, "quoted"\nsecond line"""),
        patch("projects", 2, "note", "https://example.org/" + "a" * 300),
        patch("regions", 1, "name", "1200"),
        patch("regions", 2, "name", "Łódź, 日本"),
        patch("regions", 3, "source", "'@x"),
        setting("gap", "0.001"),
    )


def test_folder_to_xlsx_and_back_is_byte_for_byte_the_same(tmp_path: Path, rich: Path) -> None:
    convert(rich, tmp_path / "a.xlsx")
    convert(tmp_path / "a.xlsx", tmp_path / "back")
    assert files(tmp_path / "back") == files(rich)
    assert content(read(tmp_path / "a.xlsx")) == content(read(rich))


def test_xlsx_to_folder_and_back_gives_equal_tables(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, add("x_own", a=1, b="two"), xlsx=True)
    convert(path, tmp_path / "folder")
    convert(tmp_path / "folder", tmp_path / "again.xlsx")
    assert content(read(path)) == content(read(tmp_path / "again.xlsx"))
    convert(tmp_path / "again.xlsx", tmp_path / "folder2")
    assert files(tmp_path / "folder") == files(tmp_path / "folder2")


def test_conversion_is_repeatable(tmp_path: Path, rich: Path) -> None:
    convert(rich, tmp_path / "a.xlsx")
    convert(rich, tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_text_is_never_a_formula_or_a_link(tmp_path: Path, rich: Path) -> None:
    convert(rich, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not any(cell.data_type == "f" or cell.hyperlink for cell in cells)


def test_an_existing_target_is_kept(tmp_path: Path) -> None:
    source, target = tiny_case(tmp_path), tmp_path / "a.xlsx"
    target.write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.xlsx: it exists already"):
        convert(source, target)
    assert target.read_text(encoding="utf-8") == "mine"
    convert(source, target, force=True)
    assert content(read(target)) == content(read(source))


def test_an_existing_folder_is_kept(tmp_path: Path) -> None:
    source, target = tiny_case(tmp_path, drop("plans"), xlsx=True), tmp_path / "folder"
    target.mkdir()
    convert(source, target)
    (target / "plans.csv").write_text("plan,project,year\n", encoding="utf-8")
    (target / "other.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="it exists already"):
        convert(source, target)
    convert(source, target, force=True)
    assert "plans.csv" not in files(target)
    assert files(target)["other.txt"] == b"mine"


def test_source_and_target_must_differ(tmp_path: Path) -> None:
    path = tiny_case(tmp_path)
    before = files(path)
    with pytest.raises(InputError, match="source and target are the same"):
        convert(path, path, force=True)
    assert files(path) == before


def test_a_file_does_not_replace_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").mkdir()
    (tmp_path / "a.xlsx" / "b").touch()
    with pytest.raises(InputError, match="cannot replace each other"):
        convert(tiny_case(tmp_path), tmp_path / "a.xlsx", force=True)


def test_cells_without_a_value_stop_the_conversion(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, xlsx=True)
    book = openpyxl.load_workbook(path)
    book["projects"]["G2"] = "=1+1"
    book["projects"]["G3"] = "#REF!"
    book.save(path)
    with pytest.raises(InputError) as caught:
        convert(path, tmp_path / "folder")
    assert [issue.where for issue in caught.value.issues] == ["projects!G2", "projects!G3"]
    assert not (tmp_path / "folder").exists()


def test_names_that_excel_cannot_hold(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, add("x_" + "a" * 40, b=1))
    with pytest.raises(InputError, match="cannot be the name of a sheet in Excel"):
        convert(path, tmp_path / "a.xlsx")


def test_nothing_to_convert(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "regions.csv").touch()
    with pytest.raises(InputError, match="no sheet with a header was found"):
        convert(tmp_path / "empty", tmp_path / "a.xlsx")


# What writers and readers of either form are known to take for something else.
ODD = (
    *("one\rtwo", "one\r\ntwo\n", "\rone", "_x000D_", "_x0041_", "a\u2028b", "e\u0301", "x\x85"),
    *("<r>bold</r>", "<r>a & b</r>", "<r> </r>", "<r><t>bold</t></r>", "<t>", "&#13;", "{=1}"),
    *(" led", "trailed ", "a  b", "'", "''=1", "1e5", "1.50", "TRUE", "2028-01-31", "\ufeffbom"),
)


def test_text_that_others_misread_comes_back(tmp_path: Path) -> None:
    path = tiny_case(tmp_path)
    for name in ("regions", "x_own"):
        lines = [["region", "name", "bloc", "note"]]
        lines += [[f"R{number}", f"n{number}", "ally", text] for number, text in enumerate(ODD)]
        (path / f"{name}.csv").write_text("".join(map(line_of, lines)), "utf-8", newline="")
    convert(path, tmp_path / "a.xlsx")
    convert(tmp_path / "a.xlsx", tmp_path / "back")
    assert files(tmp_path / "back") == files(path)
    # A reader that is not ours agrees; it mixes up `_x000D_` itself and a carriage return.
    page = openpyxl.load_workbook(tmp_path / "a.xlsx")["x_own"]
    shown = {row[3].value for row in page.iter_rows(min_row=5)}
    assert {text for text in ODD if "\r" not in text} <= shown


def test_a_header_that_looks_like_markup_is_a_header(tmp_path: Path) -> None:
    path = tiny_case(tmp_path / "2", add("x_own", b=1), patch("x_own", 0, "b", "<r>&</r>"))
    convert(path, tmp_path / "a.xlsx")
    assert openpyxl.load_workbook(tmp_path / "a.xlsx")["x_own"]["A4"].value == "<r>&</r>"


LIMITS = [
    (patch("regions", 1, "note", "a" * 32_768), "regions!D2: this text has 32768 letters."),
    (patch("regions", 1, "note", "a\x07b"), "regions!D2: this text holds U+0007."),
    (patch("x_own", 1, "b", "a\uffff"), "x_own!B2: this text holds U+FFFF."),
    (patch("x_own", 0, "b", "b" * 256), "x_own!B1: this header has 256 letters."),
    (
        lambda case: case["x_own"][1].extend(["far"] * (16_385 - 2)),
        "x_own: this sheet has 16385 columns; Excel holds 16384.",
    ),
]


@pytest.mark.parametrize(("change", "words"), LIMITS)
def test_what_a_workbook_cannot_hold_is_refused_by_cell(
    tmp_path: Path, change: Edit, words: str
) -> None:
    path = tiny_case(tmp_path, add("x_own", a=1, b="two"), change)
    with pytest.raises(InputError) as caught:
        convert(path, tmp_path / "a.xlsx")
    assert [str(issue).split(". ")[0] + "." for issue in caught.value.issues] == [words]
    assert not (tmp_path / "a.xlsx").exists()


def test_the_longest_text_that_a_workbook_holds_comes_back_whole(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, patch("regions", 1, "note", "a" * 32_767))
    convert(path, tmp_path / "a.xlsx")
    convert(tmp_path / "a.xlsx", tmp_path / "back")
    assert files(tmp_path / "back") == files(path)


def test_sheets_that_differ_by_case_alone_cannot_be_one_workbook(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, add("x_own", a=1), add("X_own", a=1))
    with pytest.raises(InputError, match="'x_own' and 'X_own' are one name in Excel"):
        convert(path, tmp_path / "a.xlsx")
