"""Folders of CSV as other programs leave them: what is read, what is refused in which words."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from cases import patch, setting, tiny_case
from test_reader import content

from opt.data.reader import read
from opt.data.reading.csv_text import as_meant, bare_quotes, line_of, parsed, without_formula
from opt.errors import Effect, InputError


def faults(path: Path) -> list[str]:
    """What is wrong with a case."""
    with pytest.raises(InputError) as caught:
        read(path)
    return [str(issue) for issue in caught.value.issues]


def rewrite(path: Path, change: Callable[[str], str]) -> None:
    """Change the text of a file."""
    path.write_bytes(change(path.read_text(encoding="utf-8")).encode())


def separated(path: Path, separator: str) -> None:
    """Write a CSV file again with another separator."""
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=separator).writerows(rows)


@pytest.mark.parametrize(
    ("separator", "word"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")]
)
def test_another_separator_is_one_fault_for_all_files(
    tmp_path: Path, separator: str, word: str
) -> None:
    path = tiny_case(tmp_path)
    names = sorted(file.name for file in path.iterdir())
    for file in path.iterdir():
        separated(file, separator)
    assert faults(path) == [
        f"case: {len(names)} files are separated by {word} (first {names[0]})."
        " Save it with commas between cells and points in numbers ('CSV UTF-8')."
    ]


def test_one_file_with_semicolons_is_named(tmp_path: Path) -> None:
    path = tiny_case(tmp_path)
    separated(path / "demand.csv", ";")
    rewrite(path / "demand.csv", lambda text: "sep=;\n" + text)
    assert faults(path) == [
        "demand: the file demand.csv is separated by semicolons."
        " Save it with commas between cells and points in numbers ('CSV UTF-8')."
    ]


def test_a_quotation_mark_that_never_closes_is_refused_by_line(tmp_path: Path) -> None:
    path = tiny_case(tmp_path)
    file = path / "demand.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    lines[1] += ',"seen in May'
    lines[0] += ",note"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert faults(path) == [
        "demand: the file demand.csv has a quotation mark in line 2 that is never closed."
        " Close it, or write a quotation mark inside a cell twice."
    ]


def test_a_quotation_mark_that_closes_inside_a_cell_is_refused_by_line(tmp_path: Path) -> None:
    path = tiny_case(tmp_path)
    rewrite(path / "regions.csv", lambda text: text + '"Isle" of Man,,ally\n')
    count = len((path / "regions.csv").read_text(encoding="utf-8").splitlines())
    assert faults(path) == [
        f"regions: the file regions.csv has a quotation mark in line {count} that closes inside a"
        " cell. Close it, or write a quotation mark inside a cell twice."
    ]


@pytest.mark.parametrize("content", [b"region\0,bloc\n", b"region,bl\xf6c\n"])
def test_what_is_no_text_in_utf_8_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tiny_case(tmp_path)
    (path / "regions.csv").write_bytes(content)
    assert faults(path) == [
        "regions: the file regions.csv is not CSV text in UTF-8. Save it as 'CSV UTF-8'."
    ]


def test_a_quotation_mark_in_a_cell_without_any_around_it_is_warned_of(tmp_path: Path) -> None:
    # No program writes one so: it makes another label of a segment, and nothing else tells.
    path = tiny_case(tmp_path)
    rewrite(path / "demand.csv", lambda text: text.replace("vehicles", 'vehi"cles', 1))
    rewrite(path / "regions.csv", lambda text: text.replace("Australia", '"Austr""alia"', 1))
    told = [str(warning) for warning in read(path).warnings if "quotation" in warning.message]
    assert told == [
        "demand!C2: this cell holds a quotation mark without quotation marks around the cell (C2)."
        " Delete it if it is stray, else put the cell between two and write this one twice."
    ]


# (text, the rows and columns of cells with a quotation mark and none around them)
BARE = (
    ('a,b\n"x,y","z"\n', []),
    ('a,b\nx"y,z\n', [(2, 1)]),
    ('"a""b",c\r\n\r\nq,"r\ns",t"u\n', [(3, 3)]),  # the third row, on lines 3 and 4
    ('x"y,"q,r",z"', [(1, 1), (1, 3)]),
    ('"",""\n,"a"\r"b",c"d"\n', [(3, 2)]),
)


@pytest.mark.parametrize(("text", "places"), BARE)
def test_bare_quotation_marks_are_found_by_row_and_column(
    text: str, places: list[tuple[int, int]]
) -> None:
    assert bare_quotes(text) == places
    for row, column in places:
        assert '"' in parsed(text)[row - 1][column - 1]


def test_a_note_that_swallows_a_row_is_warned_of(tmp_path: Path) -> None:
    # A mark that opens in one row and one that closes in the next make a sound cell of both.
    path = tiny_case(tmp_path)
    file = path / "programmes.csv"
    header = file.read_text(encoding="utf-8").splitlines()[0].split(",")
    row = dict.fromkeys(header, "") | {"programme": "second", "amount": "5"}
    swallowed = ",".join([*row.values(), "shut"])
    rewrite(
        file, lambda text: text.replace("\n", ",note\n", 1).rstrip("\n") + f',"open\n{swallowed}"\n'
    )
    number = len(file.read_text(encoding="utf-8").splitlines()) - 1
    column = chr(ord("A") + len(header))
    assert [str(warning) for warning in read(path).warnings] == [
        f"programmes!{column}{number}: this cell holds a whole row of commas after a line break."
        " Look for a stray quotation mark; if it is text, leave out the line break."
    ]


def test_a_file_cut_short_is_warned_of(tmp_path: Path) -> None:
    """Within the last cell of its row, where nothing else tells."""
    path = tiny_case(tmp_path)
    rewrite(path / "regions.csv", lambda text: text.rstrip("\n"))
    count = len((path / "regions.csv").read_text(encoding="utf-8").splitlines())
    (warning,) = read(path).warnings
    assert str(warning) == (
        f"regions!A{count}: the file ends in the middle of row {count}, without a line break,"
        " unlike others of its folder: it may have been cut short."
        " Compare it with where it came from; if it is whole, end its last line."
    )
    assert warning.effect is Effect.TAKEN


def test_a_program_that_ends_no_last_line_has_cut_nothing(tmp_path: Path) -> None:
    path = tiny_case(tmp_path)
    for file in path.iterdir():
        rewrite(file, lambda text: text.rstrip("\n"))
    assert read(path).warnings == ()


def test_an_empty_file_is_warned_of(tmp_path: Path) -> None:
    path = tiny_case(tmp_path)
    (path / "eligibility.csv").write_bytes(b"")
    told = [str(warning) for warning in read(path).warnings if warning.sheet == "eligibility"]
    assert told == [
        "eligibility: this sheet is empty, and is read as one without rows."
        " Put its header and rows back, or delete it."
    ]


def test_what_another_program_left_of_a_character_is_warned_of(tmp_path: Path) -> None:
    # Excel's files write a carriage return as _x000D_; a program that does not know it copies it.
    path = tiny_case(tmp_path)
    header = (path / "regions.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    column = chr(ord("A") + header.index("name"))
    rows = list(csv.DictReader((path / "regions.csv").read_text(encoding="utf-8").splitlines()))
    for row in rows[:2]:
        row["name"] = f"{row['region']} land_x000D_"
    with (path / "regions.csv").open("w", encoding="utf-8", newline="") as file:
        written = csv.DictWriter(file, header)
        written.writeheader()
        written.writerows(rows)
    assert [str(warning) for warning in read(path).warnings] == [
        f"regions!{column}2: 2 cells hold a character as Excel's files write it"
        f" ({column}2: _x000D_). Delete it, or type the character."
    ]


def test_long_cells_are_read_whole(tmp_path: Path) -> None:
    note = "a, b" * 50_000
    tables = read(tiny_case(tmp_path, patch("regions", 1, "note", note)))
    assert tables.rows["regions"][0]["note"] == note


@pytest.mark.parametrize("name", ["._projects.csv", ".~lock.projects.csv", "~$projects.csv"])
def test_what_systems_leave_beside_is_no_table(tmp_path: Path, name: str) -> None:
    path = tiny_case(tmp_path)
    before = read(path)
    (path / name).write_bytes(b"\x00\x05\x16\x07\xff")
    assert content(read(path)) == content(before)
    assert read(path).sha256 == before.sha256


def test_no_link_is_followed(tmp_path: Path) -> None:
    path = tiny_case(tmp_path)
    outside = tmp_path / "outside.csv"
    (path / "plans.csv").replace(outside)
    (path / "plans.csv").symlink_to(outside)
    assert faults(path) == [
        f"plans: the file plans.csv is a link to {outside}."
        " Put the file itself there: no link is followed."
    ]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    path = tiny_case(tmp_path)
    os.mkfifo(path / "x_pipe.csv")
    assert faults(path) == [
        "x_pipe.csv: this is not a file with data in it. Name a file or a folder."
    ]


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_line_ends_of_other_systems_are_read_alike(tmp_path: Path, ends: str) -> None:
    before = read(tiny_case(tmp_path / "a"))
    path = tiny_case(tmp_path / "b")
    for file in path.iterdir():
        file.write_bytes(file.read_bytes().replace(b"\n", ends.encode()))
    assert content(read(path)) == content(before)


# What a spreadsheet would run, behind an apostrophe; numbers and other text as they are.
WRITTEN = {
    "=1+1": "'=1+1",
    "@SUM(A1)": "'@SUM(A1)",
    "+tax": "'+tax",
    "- see below": "'- see below",
    "\tx": "'\tx",
    "\rx": "'\rx",
    "'=1+1": "''=1+1",
    "-1": "-1",
    "+1.5e-3": "+1.5e-3",
    "'-1": "'-1",
    "'s Gravenhage": "'s Gravenhage",
    "1=1": "1=1",
    "": "",
}


@pytest.mark.parametrize("text", WRITTEN)
def test_formulas_are_written_behind_an_apostrophe_and_read_without(text: str) -> None:
    assert without_formula(text) == WRITTEN[text]
    assert as_meant(WRITTEN[text]) == text
    line = [text, "a,b", 'say "x"', "two\nlines", "cr\ralone"]
    assert parsed(line_of(line)) == [line]


def test_lines_are_those_of_the_csv_module(tmp_path: Path) -> None:
    line = ["a", "", "b,c", 'q"q', "x\ny", " s ", "1.5"]
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([line, [""]])
    with path.open(encoding="utf-8", newline="") as file:
        assert file.read() == line_of(line) + line_of([""])


@pytest.mark.parametrize("character", ["\uffff", "\ufffe", "\x07", "\x1b"])
def test_what_no_document_can_hold_is_refused_before_any_solve(
    tmp_path: Path, character: str
) -> None:
    path = tiny_case(tmp_path, setting("title", f"A{character}B"))
    name = f"U+{ord(character):04X}"
    assert faults(path) == [
        f"settings!B3: this text holds {name}, which no document can show."
        " Delete it: type the text again."
    ]
    with pytest.raises(InputError) as caught:
        read(tiny_case(tmp_path / "2"), overrides={"title": f"A{character}B"})
    assert f"title: this text holds {name}" in str(caught.value)
