"""What the reader makes of a sound workbook, and the warnings it gives."""

from __future__ import annotations

import datetime
import difflib
import hashlib
import random
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from cases import Cells, add, drop, patch, rename, setting, tiny, tiny_case, write_folder
from openpyxl.utils import get_column_letter

from opt.data.reader import read
from opt.data.reading.cells import as_text
from opt.data.reading.log import Log
from opt.data.reading.references import resolve_references
from opt.data.reading.workbook import read_raw
from opt.data.sheets.registry import SHEETS
from opt.data.tables import Tables
from opt.data.words import MANY, near
from opt.errors import InputError, Issue


def content(tables: Tables) -> dict[str, Any]:
    """What two forms of one workbook must agree in."""
    rows = {
        name: [(dict(row.values), dict(row.years), row.given) for row in found]
        for name, found in tables.rows.items()
    }
    return {"rows": rows, "settings": dict(tables.settings), "defaults": tables.defaults_used}


def test_xlsx_and_folder_give_the_same_tables(tmp_path: Path) -> None:
    folder = read(tiny_case(tmp_path))
    file = read(tiny_case(tmp_path, xlsx=True))
    assert content(folder) == content(file)
    assert (folder.name, file.name) == ("case", "case")
    assert folder.sha256 != file.sha256
    assert len(folder.sha256) == 64


def test_sha256_depends_on_names_and_bytes(tmp_path: Path) -> None:
    one = read_raw(tiny_case(tmp_path / "a")).sha256
    assert read_raw(tiny_case(tmp_path / "b")).sha256 == one
    assert read_raw(tiny_case(tmp_path / "c", setting("gap", 0))).sha256 != one


def test_sha256_of_a_file_is_that_of_its_bytes(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, xlsx=True)
    assert read_raw(path).sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_times_as_text() -> None:
    # as ISO 8601 writes them; midnight is the day alone
    day = datetime.date(2028, 1, 31)
    assert as_text(day) == "2028-01-31"
    assert as_text(datetime.datetime.combine(day, datetime.time())) == "2028-01-31"
    assert as_text(datetime.datetime.combine(day, datetime.time(12, 30))) == "2028-01-31T12:30:00"


def test_rows_know_their_cells(tmp_path: Path) -> None:
    row = read(tiny_case(tmp_path)).rows["projects"][0]
    assert row.number == 2
    assert row.cell("capex") == "G2"
    assert row.cell("requires") == "A2"  # no such column in the file
    assert row["processes"] == ("mine",)
    titles = enumerate(tiny()["projects"][0], start=1)
    assert dict(row.cells) == {title: f"{get_column_letter(n)}2" for n, title in titles}
    demand = read(tiny_case(tmp_path / "2")).rows["demand"][0]
    assert demand.years == {2026: 2000.0, 2030: 3000.0, 2035: 4000.0}
    assert demand.cell(2030) == "E2"


def test_defaults_are_listed(tmp_path: Path) -> None:
    used = {(d.sheet, d.column): (d.value, d.rows) for d in read(tiny_case(tmp_path)).defaults_used}
    assert used["settings", "gap"] == ("0.001", 1)
    assert used["projects", "availability"] == ("1.0", 3)
    assert used["facilities", "fixed_opex"] == ("0.0", 3)
    assert ("projects", "opex") not in used
    assert ("settings", "discount_rate") not in used
    # No default, and one that is of the machine and not of the case.
    assert not {("settings", "data_version"), ("settings", "threads")} & used.keys()


def test_ids_are_trimmed_and_matched_without_case(tmp_path: Path) -> None:
    path = tiny_case(
        tmp_path,
        patch("projects", 1, "region", " aus"),
        patch("projects", 2, "processes", "REFINE ; "),
        patch("regions", 1, "bloc", "Ally\u00a0"),
        patch("eligibility", 2, "value", "Magnet"),
    )
    tables = read(path)
    assert tables.rows["projects"][0]["region"] == "AUS"
    assert tables.rows["projects"][1]["processes"] == ("refine",)
    assert tables.rows["regions"][0]["bloc"] == "ally"
    assert tables.rows["eligibility"][1]["value"] == "magnet"
    assert [str(warning) for warning in tables.warnings] == [
        "regions!C2: needless spaces or unseen marks in 1 cell were ignored (first C2).",
        "projects!C2: needless spaces or unseen marks in 2 cells were ignored (first C2).",
    ]


def test_numbers_in_csv(tmp_path: Path) -> None:
    path = tiny_case(
        tmp_path,
        patch("projects", 1, "capex", "4e2"),
        patch("projects", 1, "life", "20.0"),
        patch("commodities", 1, "surplus", "-2.5"),
        patch("commodities", 2, "surplus", "None"),
    )
    tables = read(path)
    assert tables.rows["projects"][0]["capex"] == 400.0
    assert tables.rows["projects"][0]["life"] == 20
    assert tables.rows["commodities"][0]["surplus"] == -2.5
    assert tables.rows["commodities"][1]["surplus"] == "none"


def test_overrides_replace_settings(tmp_path: Path) -> None:
    path = tiny_case(tmp_path)
    tables = read(path, {"gap": "0", "Public_Share": "0.1", "objective": "Cost"})
    assert tables.settings["gap"] == 0.0
    assert tables.settings["public_share"] == 0.1
    assert tables.settings["objective"] == "cost"


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        (
            "beauty",
            "1",
            "settings: 'beauty' is not a setting."
            " Begin its name with x_ to keep a setting of your own.",
        ),
        ("gapp", "0", "settings: 'gapp' is not a setting. Did you mean 'gap'?"),
        ("gap", "1%", "settings: gap: '1%' is text, not a number. Type 0.01."),
        ("gap", " ", "settings: gap: no value is given. Write gap=VALUE."),
        (
            "objective",
            "costs",
            "settings: objective: 'costs' is not an objective. Did you mean 'cost'?",
        ),
    ],
)
def test_overrides_are_checked(tmp_path: Path, key: str, value: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tiny_case(tmp_path), {key: value})
    assert str(caught.value) == expected
    (issue,) = caught.value.issues
    assert issue.value == (key if "is not a setting" in expected else value.strip())


def test_a_setting_is_named_where_its_key_stands(tmp_path: Path) -> None:
    def turn(case: Cells) -> None:
        case["settings"] = [line[::-1] for line in case["settings"]]

    with pytest.raises(InputError, match=r"settings!D11: 'gapp' is not a setting"):
        read(tiny_case(tmp_path, setting("gapp", 0.1), turn))


def test_own_sheets_columns_and_settings_are_left_alone(tmp_path: Path) -> None:
    path = tiny_case(
        tmp_path,
        add("x_notes", what="1,200"),
        add("README", text="hello"),
        add("lists", a="b"),
        lambda case: case.__setitem__("Sheet1", []),
        patch("projects", 1, "x_owner", "n/a"),
        setting("x_mine", "n/a"),
    )
    assert read(path).warnings == ()


def test_blank_rows_and_columns_in_any_order(tmp_path: Path) -> None:
    def shuffle(case: Cells) -> None:
        case["regions"] = [list(reversed(line)) for line in case["regions"]]
        case["regions"].insert(2, ["", " ", ""])

    rows = read(tiny_case(tmp_path, shuffle)).rows["regions"]
    assert [(row.number, row["region"]) for row in rows] == [(2, "AUS"), (4, "JPN"), (5, "CHN")]


def test_title_help_and_units_above_the_header(tmp_path: Path) -> None:
    def lift(case: Cells) -> None:
        for name, table in case.items():
            table[:0] = [[name.title()], ["What this is."], ["unit"] * len(table[0])]

    row = read(tiny_case(tmp_path, lift, xlsx=True)).rows["projects"][0]
    assert row.cell("capex") == "G5"


def test_a_date_where_a_year_is_wanted(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, drop("plans"), xlsx=True)
    book = openpyxl.load_workbook(path)
    book["projects"]["L2"] = datetime.datetime(2027, 7, 1)  # noqa: DTZ001
    book.save(path)
    assert read(path).rows["projects"][0]["earliest"] == 2027


def test_ids_that_are_numbers(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, patch("projects", 3, "project", 7), xlsx=True)
    assert read(path).rows["projects"][2]["project"] == "7"


def test_hidden_rows_and_rows_below_the_table_are_used(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, xlsx=True)
    book = openpyxl.load_workbook(path)
    book["regions"].row_dimensions[3].hidden = True
    table = openpyxl.worksheet.table.Table(displayName="tblProjects", ref="A1:Q3")
    book["projects"].add_table(table)
    book.save(path)
    tables = read(path)
    assert [str(warning) for warning in tables.warnings] == [
        "regions!A3: row 3 is hidden but used.",
        "projects!A4: row 4 is below the Excel table but used.",
    ]
    assert len(tables.rows["projects"]) == 3


def test_calculated_formulas_are_read(tmp_path: Path) -> None:
    path = tmp_path / "case.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, table in tiny().items():
            sheet = book.add_worksheet(name)
            for number, line in enumerate(table):
                sheet.write_row(number, 0, line)
            if name == "projects":
                sheet.write_formula("G2", "=2*200", None, 400)
    assert read(path).rows["projects"][0]["capex"] == 400.0


FULL: dict[str, dict[str, Any]] = {
    "facilities": {
        "site": "Bayan Obo",
        "availability": 0.9,
        "fixed_opex": 12.5,
        "opex_share": 0.3,
        "least_use": 0.4,
        "idle_cost": 250.0,
        "controlled_by": "covered",
        "closes": 2040,
    },
    "projects": {
        "site": "Kalgoorlie",
        "capex_share": 0.5,
        "availability": 0.85,
        "fixed_opex": 3.0,
        "opex_share": 0.75,
        "controlled_by": "other",
        "latest": 2030,
        "max_units": 2,
    },
    "demand": {"weight": 2.0, "clear_from": 2031},
    "scenarios": {"probability": 0.25},
    "programmes": {"ticket_min": 5.0, "ticket_max": 100.0, "charge": 0.2, "commit_from": 2026},
}


@pytest.mark.parametrize("sheet", FULL)
def test_columns_beyond_those_of_the_example(tmp_path: Path, sheet: str) -> None:
    changes = [patch(sheet, 1, column, value) for column, value in FULL[sheet].items()]
    for xlsx in (False, True):
        row = read(tiny_case(tmp_path, *changes, xlsx=xlsx)).rows[sheet][0]
        assert {column: row[column] for column in FULL[sheet]} == FULL[sheet]


NEW_ROWS: dict[str, dict[str, Any]] = {
    "stockpiles": {
        "stockpile": "s",
        "region": "JPN",
        "commodity": "oxide",
        "initial": 5.0,
        "initial_origin": "clear",
        "capacity": 9.0,
        "loss": 0.01,
        "carrying_cost": 3.0,
        "release": "disruption",
        "buys": "any",
    },
    "targets": {
        "target": "t",
        "metric": "dependence",
        "scope": "all",
        "year": 2030,
        "bound": 0.5,
        "sense": "at_most",
    },
    "offtakes": {
        "project": "P1",
        "commodity": "concentrate",
        "destination": "bloc:ally",
        "share": 0.5,
        "last_year": 2030,
    },
    "supports": {
        "programme": "magnet_grant",
        "commodity": "magnet",
        "basis": "per_unit",
        "amount": 900.0,
        "first_year": 2027,
        "last_year": 2030,
    },
    "prices": {"commodity": "magnet", "market": "bloc:ally"},
}


@pytest.mark.parametrize("sheet", NEW_ROWS)
def test_sheets_that_the_example_leaves_empty(tmp_path: Path, sheet: str) -> None:
    paid = patch("programmes", 2, "pays_for", "capex;output_support")
    years = {"2035": 9} if sheet == "prices" else {}
    path = tiny_case(tmp_path, paid, add(sheet, **NEW_ROWS[sheet], **years))
    row = read(path).rows[sheet][0]
    assert {column: row[column] for column in NEW_ROWS[sheet]} == NEW_ROWS[sheet]


def test_sources_sheet(tmp_path: Path) -> None:
    source = {"source": "usgs", "title": "Summaries", "address": "https://usgs.gov"}
    path = tiny_case(tmp_path, add("sources", **source, date=2025, confidence="a"))
    row = read(path).rows["sources"][0]
    assert (row["date"], row["confidence"]) == ("2025", "A")


def test_sheet_and_column_names_without_case(tmp_path: Path) -> None:
    def shout(case: Cells) -> None:
        case["Regions"] = case.pop("regions")

    path = tiny_case(tmp_path, shout, rename("projects", "capex", "Capex "))
    assert read(path).rows["projects"][0].cell("capex") == "G2"


def test_two_sheets_of_one_name(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, add("Ramps", ramp="a", year_1=1))
    with pytest.raises(InputError, match=r"this sheet stands twice \(also 'Ramps'\)"):
        read(path)


def test_empty_optional_sheets(tmp_path: Path) -> None:
    def empty(case: Cells) -> None:
        case["lanes"] = [["origin", "destination", "commodity"]]
        case["targets"] = []

    found = [str(warning) for warning in read(tiny_case(tmp_path, empty)).warnings]
    # A header alone says that there are no rows; nothing at all may be what is left of some.
    assert found == [
        "targets: this sheet is empty, and is read as one without rows."
        " Put its header and rows back, or delete it."
    ]


def test_resolve_gives_every_sheet() -> None:
    rows, broken = resolve_references({}, frozenset(), Log())
    assert list(rows) == [sheet.name for sheet in SHEETS]
    assert not broken


def test_bom_and_folders_named_like_files(tmp_path: Path) -> None:
    path = write_folder(tmp_path / "my.case", {"regions": [["region", "bloc"], ["A", "ally"]]})
    file = path / "regions.csv"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    with pytest.raises(InputError) as caught:
        read(path)
    assert {issue.sheet for issue in caught.value.issues} == {
        *("settings", "commodities", "processes", "recipes", "demand"),
    }


def test_a_case_that_asks_for_nothing_is_a_fault(tmp_path: Path) -> None:
    # Its dependence would be 0, proven and worth nothing.
    with pytest.raises(InputError) as caught:
        read(tiny_case(tmp_path, drop("demand", 1)))
    words = "demand: this sheet has no rows. It needs at least one."
    assert [str(issue) for issue in caught.value.issues] == [words]


def test_the_folder_of_a_finished_run_is_no_workbook(tmp_path: Path) -> None:
    run = tmp_path / "run"
    (run / "input").mkdir(parents=True)
    (run / "input" / "mine.xlsx").write_bytes(b"")
    (run / "run.json").write_text("{}")
    (run / "facts.csv").write_text("run,scenario\n")
    with pytest.raises(InputError) as caught:
        read(run)
    (issue,) = caught.value.issues
    assert "the folder of a finished run" in issue.message
    assert "run/input/mine.xlsx" in issue.hint
    (run / "settings.csv").write_text("key,value\nschema,1\n")  # a workbook with a stray file
    with pytest.raises(InputError, match="regions"):
        read(run)


# ---- As long as the file is ------------------------------------------------------------------


def test_of_many_faults_none_is_compared_with_all_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = 400
    case = tiny()
    header, row = case["projects"][:2]
    case["projects"] = [header, *([f"P{n}", *row[1:]] for n in range(number))]
    for line in case["projects"][1:]:
        line[header.index("capex")] = "soon"
    compared = 0

    def counted(one: Issue, other: object) -> bool:
        nonlocal compared
        compared += 1
        return one is other

    monkeypatch.setattr(Issue, "__eq__", counted)
    with pytest.raises(InputError) as raised:
        read(write_folder(tmp_path / "case", case))
    assert len(raised.value.issues) >= number
    assert compared < number


def test_of_many_names_the_nearest_is_the_one_that_a_full_search_finds() -> None:
    draw = random.Random(7)
    words = ["mine", "smelt", "refine", "magnet", "oxide", "north", "bay", "lake", "stage"]
    names = sorted({"_".join(draw.choices(words, k=3)) for _ in range(500)})
    assert len(names) > MANY
    for _ in range(60):
        meant = list(draw.choice(names))
        for _ in range(draw.randint(1, 4)):
            meant[draw.randrange(len(meant))] = draw.choice("abcdefghijklmnopqrstuvwxyz")
        word = "".join(meant)
        (best, *_) = difflib.get_close_matches(word, names, n=1, cutoff=0.0)
        found = near(word, names)
        assert found is not None
        assert similar(word, found) == similar(word, best)


def similar(word: str, name: str) -> float:
    """How alike two names are, from 0 to 1."""
    return difflib.SequenceMatcher(None, name, word).ratio()


def test_of_many_names_none_is_near_to_what_is_like_none() -> None:
    assert near("qqqqqqqqqqqq", [f"plant_{n}" for n in range(2 * MANY)]) is None


def test_of_many_names_the_contrary_is_not_near() -> None:
    names = [f"covered_{n}" for n in range(2 * MANY)]
    assert near("uncovered_7", names) != "covered_7"
