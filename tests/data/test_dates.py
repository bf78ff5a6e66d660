"""Days and times of a spreadsheet, against openpyxl as the second program and the calendar."""

from __future__ import annotations

import datetime
from pathlib import Path

import openpyxl
import pytest
from cases import drop, patch, setting, tiny_case
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, from_excel

from opt.data.convert import convert
from opt.data.reader import read
from opt.data.reading.dates import format_kinds, of_iso, of_serial
from opt.errors import InputError

# Number formats and what a cell shows with them: a day, a time alone, a number.
DAYS = [
    *("yyyy", "mm-dd-yy", "d-mmm-yy", "mmm-yy", "yyyy-mm-dd hh:mm", "[$-409]d mmmm yyyy;@", "mmmm"),
    *('yyyy"年"m"月"', "[Red]dd/mm/yyyy", "yyyy\\-mm\\-dd"),
]
TIMES = ["hh:mm", "h:mm AM/PM", "h A/P", "[h]:mm:ss", "mm:ss.0", "[mm]:ss", "[$-F400]h:mm:ss"]
NUMBERS = [
    *("General", "0.00", "#,##0", '0 "days"', "0.0E+00", "@", '"FY "0', "[Red]0;[Blue]-0", "0%"),
    *("#,##0 [$USD]", "0\\d", "# ?/?", "Standard"),
]


def kind(code: str) -> bool | None:
    """What a cell with this number format shows: True a time, False a day, None a number."""
    return format_kinds({164: code}, [0, 164]).get("1")


def test_number_formats() -> None:
    assert [kind(code) for code in DAYS] == [False] * len(DAYS)
    assert [kind(code) for code in TIMES] == [True] * len(TIMES)
    assert [kind(code) for code in NUMBERS] == [None] * len(NUMBERS)


# "Standard" is how some programs write General; openpyxl takes its s and d for a date.
@pytest.mark.parametrize("code", sorted({*DAYS, *TIMES, *NUMBERS} - {"Standard"}))
def test_number_formats_as_openpyxl_knows_them(code: str) -> None:
    assert (kind(code) is not None) == is_date_format(code)


def test_formats_known_by_number_alone() -> None:
    # 14: m/d/yyyy; 20: h:mm; 46: [h]:mm:ss; 9: 0%; 49: text (ECMA-376, 18.8.30)
    found = format_kinds({}, [0, 14, 20, 46, 9, 49])
    assert found == {"1": False, "2": True, "3": True}


@pytest.mark.parametrize("number", [1, 27, 59, 61, 2029, 2200, 45658, 46753.5, 2958465])
def test_days_are_those_of_openpyxl(number: float) -> None:
    found = of_serial(number, is_time=False, is_1904=False)
    expected = from_excel(number)
    assert found.year == expected.year
    midnight = expected.time() == datetime.time()
    assert found.shown == (expected.date() if midnight else expected).isoformat()


@pytest.mark.parametrize("number", [1, 2029, 45658])
def test_days_counted_from_1904(number: float) -> None:
    found = of_serial(number, is_time=False, is_1904=True)
    assert found.shown == from_excel(number, CALENDAR_MAC_1904).date().isoformat()


def test_days_that_the_calendar_gives() -> None:
    # 2029 days after 30 December 1899, and the first day of 2025
    assert of_serial(2029, False, False).shown == "1905-07-21"
    assert of_serial(45658, False, False).shown == "2025-01-01"
    for number in (-1, 2_958_466):
        found = of_serial(number, False, False)
        assert (found.year, found.shown) == (None, str(number))


def test_times_and_durations() -> None:
    shown = [of_serial(number, True, False).shown for number in (0, 0.5, 1.5, 0.25 + 1 / 86400)]
    assert shown == ["00:00:00", "12:00:00", "36:00:00", "06:00:01"]


def test_dates_as_text_are_the_same_numbers() -> None:
    for number in (1, 27, 59, 61, 2029, 45658, 46753.5):
        shown = of_serial(number, False, False).shown
        found = of_iso(shown, is_1904=False)
        assert found is not None
        assert (found.number, found.shown) == (number, shown)
    early = of_iso("1904-01-02", is_1904=True)
    noon = of_iso("12:00:00", is_1904=False)
    assert early is not None
    assert noon is not None
    assert (early.number, noon.number, noon.year) == (1, 0.5, None)
    assert of_iso("soon", is_1904=False) is None


@pytest.mark.parametrize("written", ["06:30:36", "T06:30:36"])
def test_a_time_as_text_is_a_part_of_a_day(written: str) -> None:
    found = of_iso(written, is_1904=False)
    assert found is not None
    assert found.number == pytest.approx((6 + 30 / 60 + 36 / 3600) / 24)


def dated(path: Path, sheet: str, cells: dict[str, tuple[object, str]]) -> None:
    """Set cells of a workbook to a number, or a date, with a number format."""
    book = openpyxl.load_workbook(path)
    for address, (value, code) in cells.items():
        book[sheet][address] = value
        book[sheet][address].number_format = code
    book.save(path)


def faults_of(path: Path) -> list[str]:
    """The faults of a workbook in words."""
    with pytest.raises(InputError) as caught:
        read(path)
    return [str(issue) for issue in caught.value.issues]


def test_a_year_typed_into_a_cell_formatted_as_a_date(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, drop("plans"), setting("price_year", 2026), xlsx=True)
    dated(path, "projects", {"L2": (2029, "mmm-yy"), "L3": (2030, "yyyy")})
    tables = read(path)
    assert [row["earliest"] for row in tables.rows["projects"]] == [2029, 2030, 2026]
    assert [str(warning) for warning in tables.warnings] == [
        "projects!L2: 2 cells are formatted as dates; the year is read"
        " (L2: 2029, not 1905-07-21). Format as a number and type the year."
    ]


def test_a_year_of_the_settings_formatted_as_a_date(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, xlsx=True)
    row = next(
        number
        for number, line in enumerate(openpyxl.load_workbook(path)["settings"].values, start=1)
        if line[0] == "last_year"
    )
    dated(path, "settings", {f"B{row}": (2035, "dd.mm.yyyy")})
    tables = read(path)
    assert tables.last_year == 2035
    assert len(tables.warnings) == 1
    convert(path, tmp_path / "folder")
    assert read(tmp_path / "folder").last_year == 2035


def test_a_day_where_a_year_is_wanted(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, drop("plans"), xlsx=True)
    dated(path, "projects", {"L2": (datetime.date(2027, 7, 1), "yyyy-mm-dd")})
    tables = read(path)
    assert tables.rows["projects"][0]["earliest"] == 2027
    assert [str(warning) for warning in tables.warnings] == [
        "projects!L2: this cell is formatted as a date; the year is read"
        " (L2: 2027, of 2027-07-01). Format as a number and type the year."
    ]


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        (27, "yyyy", "1900-01-27"),
        (2029.5, "yyyy", "1905-07-21T12:00:00"),
        (0.5, "hh:mm", "12:00:00"),
        (20290101, "yyyy-mm-dd", "20290101"),
    ],
)
def test_what_is_no_year_either_way(tmp_path: Path, number: float, code: str, shown: str) -> None:
    path = tiny_case(tmp_path, drop("plans"), xlsx=True)
    dated(path, "projects", {"L2": (number, code)})
    assert faults_of(path) == [
        f"projects!L2: {shown} is not a year from 1900 to 2200."
        " Format the cell as a number and type a year such as 2028."
    ]


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [
        (400, "yyyy-mm-dd", "1901-02-03 is a date"),
        (0.5, "hh:mm", "12:00:00 is a time"),
        (1.5, "[h]:mm", "36:00:00 is a time"),
    ],
)
def test_dates_and_times_are_no_numbers(
    tmp_path: Path, number: float, code: str, words: str
) -> None:
    path = tiny_case(tmp_path, xlsx=True)
    dated(path, "projects", {"G2": (number, code)})
    assert faults_of(path) == [
        f"projects!G2: {words}, not a number."
        f" Type a number; formatted as a number, the cell holds {number}."
    ]


def test_a_small_number_shown_as_a_day_of_long_ago_is_no_text(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, xlsx=True)
    dated(path, "projects", {"Q2": (2026, "mmm-yy")})
    words = (
        "projects!Q2: this cell holds 2026 but is formatted as a date, and shows 1905-07-18."
        " Format it as a number or as text, and type what is meant."
    )
    assert faults_of(path) == [words]
    with pytest.raises(InputError) as caught:
        convert(path, tmp_path / "folder")
    assert [str(issue) for issue in caught.value.issues] == [words]


def test_a_date_in_a_column_of_text_is_its_day(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, xlsx=True)
    dated(path, "projects", {"Q2": (datetime.date(2026, 11, 25), "d mmm yyyy")})
    assert read(path).rows["projects"][0]["note"] == "2026-11-25"


def test_years_in_the_header_that_are_dates(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, xlsx=True)
    plain = read(path)
    days = {"D1": datetime.date(2026, 1, 1), "E1": datetime.date(2030, 12, 31)}
    dated(path, "demand", {where: (day, "yyyy") for where, day in days.items()})
    tables = read(path)
    assert tables.rows["demand"][0].years == plain.rows["demand"][0].years
    assert [str(warning) for warning in tables.warnings] == [
        "demand!D1: 2 headers are formatted as dates; the year is read"
        " (D1: 2026, of 2026-01-01). Format as a number and type the year."
    ]
    convert(path, tmp_path / "folder")
    assert read(tmp_path / "folder").rows["demand"][0].years == plain.rows["demand"][0].years


def test_two_dates_of_one_year_in_the_header(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, xlsx=True)
    days = {"D1": datetime.date(2030, 1, 1), "E1": datetime.date(2030, 7, 1)}
    dated(path, "demand", {where: (day, "mmm-yy") for where, day in days.items()})
    assert faults_of(path) == ["demand!E1: column '2030' stands twice (also D1)."]


@pytest.mark.parametrize(
    ("header", "hint"),
    [
        ("2026/27", "A column is one year: type 2026 or 2027."),
        ("2026-2027", "A column is one year: type 2026 or 2027."),
        ("2026-30", "A column is one year: type it alone."),
        ("FY2026", "Type the year alone: 2026."),
        ("2026-01-01", "Type the year alone: 2026."),
        ("2026-01-01 00:00:00", "Type the year alone: 2026."),
        ("2026e", "Type the year alone: 2026."),
        ("2026 (USD)", "Type the year alone: 2026."),
    ],
)
def test_years_in_the_header_with_more_words(tmp_path: Path, header: str, hint: str) -> None:
    path = tiny_case(tmp_path, lambda case: case["demand"][0].__setitem__(3, header))
    assert faults_of(path) == [f"demand!D1: '{header}' is not a year. {hint}"]


def test_a_year_of_a_variant_formatted_as_a_date(tmp_path: Path) -> None:
    path = tiny_case(
        tmp_path,
        drop("plans"),
        lambda case: case.__setitem__(
            "variants",
            [
                ["variant", "sheet", "row", "column", "value"],
                ["late", "projects", "P1", "earliest", ""],
            ],
        ),
        patch("projects", 1, "decision", "free"),
        xlsx=True,
    )
    dated(path, "variants", {"E2": (datetime.date(2029, 1, 1), "yyyy")})
    tables = read(path, variant="late")
    assert tables.rows["projects"][0]["earliest"] == 2029
    assert [warning.where for warning in tables.warnings] == ["projects!L2"]
