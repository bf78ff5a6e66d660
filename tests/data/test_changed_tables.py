"""Tables changed in memory are those of a workbook with the same change typed in."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
from builders import chain, folder_of, plant, project

from opt.data.reader import read
from opt.data.reading.changed_cells import NewCell, cell_with, scaled_cells, tables_with
from opt.data.reading.edits import PRESENT, Edit, edited, edits
from opt.data.tables import Row, Tables

Case = dict[str, list[dict[str, Any]]]


def before() -> Case:
    """Two projects, one of them without a life of its own."""
    return copy.deepcopy(
        chain(
            projects=[
                project("P", "smelt", 60, 10, life=20),
                project("Q", "smelt", 40, 12, life=""),
            ],
            demand=[{"region": "W", "commodity": "metal", "2030": 100, "2032": 110, "2033": 100}],
        )
    )


def tables_of(tmp_path: Path, case: Case) -> Tables:
    """The case as it is read."""
    return read(folder_of(tmp_path, case))


def held(tables: Tables) -> dict[str, Any]:
    """What tables say: settings, and of every row of the other sheets its number, values, years and
    what was given."""
    rows = {
        name: [(r.number, dict(r.values), dict(r.years), r.given) for r in own]
        for name, own in tables.rows.items()
    }
    return rows | {"settings": dict(tables.settings)}


def row(tables: Tables, sheet: str, n: int) -> Row:
    """The n-th row of a sheet."""
    return tables.rows[sheet][n]


# ---- Cells with other values ----------------------------------------------------------------


def test_cells_rows_settings_and_sheets_as_if_typed(tmp_path: Path) -> None:
    """Two cells of one row, one of another, a year changed, one blanked and one new."""
    case = before()
    case["projects"][0] |= {"capacity": 75, "capex": 11}
    case["projects"][1] |= {"capex": 13}
    case["demand"][0] |= {"2030": 90, "2032": "", "2031": 95}
    case["settings"] = [
        own | {"value": 0.25} if own["key"] == "gap" else own for own in case["settings"]
    ]
    case["facilities"].append(plant("mine_n", "N", "dig", 5))
    typed = tables_of(tmp_path, case)

    old = tables_of(tmp_path, before())
    p, q, demand = row(old, "projects", 0), row(old, "projects", 1), row(old, "demand", 0)
    made = tables_with(
        old,
        [
            cell_with(p, "capacity", 75.0),
            cell_with(q, "capex", 13.0),
            cell_with(p, "capex", 11.0),
            cell_with(demand, 2030, 90.0),
            cell_with(demand, 2032, None),
            cell_with(demand, 2031, 95.0),
        ],
        settings={"gap": 0.25},
        added={
            "facilities": [
                {"facility": "mine_n", "region": "N", "processes": ("dig",), "capacity": 5.0}
            ]
        },
    )
    assert held(made) == held(typed)
    assert held(old) == held(tables_of(tmp_path, before()))  # what was read stays


def test_a_sheet_is_emptied_and_may_have_rows_again(tmp_path: Path) -> None:
    old = tables_of(tmp_path, before())
    assert tables_with(old, emptied=["projects"]).rows["projects"] == ()
    made = tables_with(
        old, emptied=["regions"], added={"regions": [{"region": "Z", "bloc": "ally"}]}
    )
    (only,) = made.rows["regions"]
    assert (only.text("region"), only.number) == ("Z", 2)


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        (NewCell("projects", 9, "capex", 1.0), "sheet projects has no row 9"),
        (NewCell("projects", 2, "price", 1.0), "sheet projects has no column price"),
    ],
)
def test_a_cell_that_is_not_there_is_named(tmp_path: Path, cell: NewCell, told: str) -> None:
    with pytest.raises(KeyError, match=told):
        tables_with(tables_of(tmp_path, before()), [cell])


def test_an_added_row_with_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="sheet regions has no column climate"):
        tables_with(
            tables_of(tmp_path, before()), added={"regions": [{"region": "Z", "climate": "dry"}]}
        )


def test_what_is_scaled_and_what_is_blank_stays(tmp_path: Path) -> None:
    """Years 100, 110, 100 by a tenth more; of a project what is given, and no life where there is
    none of its own."""
    old = tables_of(tmp_path, before())
    demand = row(old, "demand", 0)
    assert scaled_cells(demand, 1.1) == [
        NewCell("demand", 2, 2030, pytest.approx(110.0)),
        NewCell("demand", 2, 2032, pytest.approx(121.0)),
        NewCell("demand", 2, 2033, pytest.approx(110.0)),
    ]
    q = row(old, "projects", 1)
    assert scaled_cells(q, 2.0, "capacity", "life") == [NewCell("projects", 3, "capacity", 80.0)]


# ---- Where two editions differ --------------------------------------------------------------


def after() -> Case:
    """Another setting, a cell, a cell that was blank, a year more, a row gone and a
    row new."""
    case = before()
    case["settings"] = [
        own | {"value": 0.25} if own["key"] == "gap" else own for own in case["settings"]
    ]
    case["projects"][0] |= {"capex": 11}
    case["projects"][1] |= {"life": 30}
    case["demand"][0] |= {"2031": 95, "2032": ""}
    del case["facilities"][1]
    case["facilities"].append(plant("mine_n", "N", "dig", 5))
    return case


def test_every_difference_once(tmp_path: Path) -> None:
    """By hand, in the order of settings, sheets and rows."""
    old, new = tables_of(tmp_path, before()), tables_of(tmp_path, after())
    found = list(edits(old, new))
    assert found[0] == Edit("settings", ("gap", 0), "value", "0", "0.25")
    assert set(found[1:]) == {
        Edit("facilities", ("mine_x", 0), "", PRESENT, ""),
        Edit("facilities", ("mine_n", 0), "", "", PRESENT),
        Edit("projects", ("p", 0), "capex", "10", "11"),
        Edit("projects", ("q", 0), "life", "", "30"),
        Edit("demand", ("w;metal", 0), "2031", "", "95"),
        Edit("demand", ("w;metal", 0), "2032", "110", ""),
    }
    assert len(found) == 7
    assert list(edits(old, old)) == []


def test_the_old_edition_with_all_edits_is_the_new_one(tmp_path: Path) -> None:
    """But for the numbers of its rows, since a row that is gone leaves its number free."""
    old, new = tables_of(tmp_path, before()), tables_of(tmp_path, after())
    made = held(edited(old, new, list(edits(old, new))))
    want = held(new)
    for name in want:
        if name != "settings":
            made[name], want[name] = ([own[1:] for own in t[name]] for t in (made, want))
    assert made == want


def test_one_edit_alone_is_that_cell_typed_in(tmp_path: Path) -> None:
    """Each of the changes but those of rows, by itself."""
    old, new = tables_of(tmp_path, before()), tables_of(tmp_path, after())
    by_column = {own.column: own for own in edits(old, new) if own.column}
    for column, sheet, n, value in (
        ("capex", "projects", 0, 11),
        ("life", "projects", 1, 30),
        ("2031", "demand", 0, 95),
        ("2032", "demand", 0, ""),
    ):
        case = before()
        case[sheet][n] |= {column: value}
        assert held(edited(old, new, [by_column[column]])) == held(tables_of(tmp_path, case))


def test_rows_of_one_name_are_told_apart_by_their_order(tmp_path: Path) -> None:
    """Of two limits on one lane, which the reader would refuse, the second is changed."""
    lane = {"origin": "X", "destination": "W", "commodity": "metal", "first_year": 2031}
    lanes = [lane | {"limit": 10.0}, lane | {"limit": 20.0}]
    old = tables_with(tables_of(tmp_path, before()), added={"lanes": lanes})
    new = tables_with(old, [NewCell("lanes", 3, "limit", 30.0)])
    (edit,) = edits(old, new)
    assert edit == Edit("lanes", ("x;w;metal;2031", 1), "limit", "20", "30")
    assert held(edited(old, new, [edit])) == held(new)
