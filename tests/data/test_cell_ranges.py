"""Sheet ranges: whose cells a study may vary, and what it leaves as it was."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cases import Edit, add, patch, setting, tiny_case
from click.testing import CliRunner

from opt import api
from opt.cli import cli
from opt.data.assemble import assemble
from opt.data.cell_ranges import CellRange, capital_cells, capital_without_range, cell_ranges
from opt.data.convert import convert
from opt.data.reader import read, varied
from opt.errors import InputError


def ranged(sheet: str, row: str, column: str, low: float, high: float, **more: Any) -> Edit:
    """A row of sheet ranges."""
    return add("ranges", sheet=sheet, row=row, column=column, low=low, high=high, **more)


RANGES = (
    (ranged("projects", "P1", "capex", 300, 700, confidence="C"), ("projects", "p1", "capex", 400)),
    (ranged("Projects", "p2", "LEAD_TIME", 1, 4.5), ("projects", "p2", "lead_time", 2)),
    (ranged("projects", "P3", "earliest", 2026, 2029), ("projects", "p3", "earliest", 2026)),
    # A blank cell whose default is declared holds that.
    (ranged("projects", "P3", "availability", 0.7, 1), ("projects", "p3", "availability", 1)),
    (
        ranged("demand", "JPN;magnet;Vehicles", "2030", 2500, 3500),
        ("demand", "jpn;magnet;vehicles", 2030, 3000),
    ),
    (ranged("ramps", "standard", "year_2", 0.5, 0.9), ("ramps", "standard", 2, 0.8)),
    (
        ranged("recipes", "sinter;oxide", "amount", -0.45, -0.38),
        ("recipes", "sinter;oxide", "amount", -0.4),
    ),
    (
        ranged("shocks", "embargo;lane;origin;CHN;2030", "factor", 0, 0.5),
        ("shocks", "embargo;lane;origin;chn;2030", "factor", 0),
    ),
    (
        ranged("settings", "discount_rate", "value", 0.02, 0.08),
        ("settings", "discount_rate", "value", 0.05),
    ),
    (ranged("programmes", "magnet_grant", "2027", 0, 90), ("programmes", "magnet_grant", 2027, 50)),
)
EDITS = [edit for edit, _ in RANGES]


def test_ranges_of_every_kind_of_cell(tmp_path: Path) -> None:
    """With the figure that stands in the cell; ids and names without case."""
    path = tiny_case(tmp_path, setting("discount_rate", 0.05), *EDITS)
    found = api.load(path).ranges
    assert [(r.sheet, r.row, r.column, r.value) for r in found] == [place for _, place in RANGES]
    assert found[0] == CellRange("projects", "p1", "capex", 400, 300, 700, "C")
    assert found[1].grade == "none"


def test_a_workbook_and_its_folder_say_the_same(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, setting("discount_rate", 0.05), *EDITS)
    book = tmp_path / "book.xlsx"
    convert(path, book, False)
    assert api.load(book).ranges == api.load(path).ranges


def test_a_solve_takes_the_figures_themselves(tmp_path: Path) -> None:
    plain = tiny_case(tmp_path / "plain", setting("discount_rate", 0.05))
    path = tiny_case(tmp_path / "with", setting("discount_rate", 0.05), *EDITS)
    for scenario in (None, "embargo"):
        assert assemble(read(path), scenario) == assemble(read(plain), scenario)


@pytest.mark.parametrize(
    ("number", "value", "changes"),
    [
        (0, 700, [patch("projects", 1, "capex", 700)]),
        (2, 2029, [patch("projects", 3, "earliest", 2029)]),
        (3, 0.7, [patch("projects", 3, "availability", 0.7)]),
        (4, 2500, [patch("demand", 1, "2030", 2500)]),
        (5, 0.9, [patch("ramps", 1, "year_2", 0.9)]),
        (6, -0.45, [patch("recipes", 4, "amount", -0.45)]),
        (7, 0.5, [patch("shocks", 1, "factor", 0.5)]),
        (8, 0.08, [setting("discount_rate", 0.08)]),
        (9, 0, [patch("programmes", 2, "2027", 0)]),
    ],
)
def test_a_varied_case_is_the_case_with_that_typed(
    tmp_path: Path, number: int, value: float, changes: list[Edit]
) -> None:
    base = tiny_case(tmp_path / "base", setting("discount_rate", 0.05), *EDITS)
    typed = tiny_case(tmp_path / "typed", setting("discount_rate", 0.05), *changes)
    case = api.load(base)
    changed = varied(case.tables, case.ranges[number], value)
    for scenario in (None, "embargo"):
        assert assemble(changed, scenario) == assemble(read(typed), scenario)
    assert cell_ranges(changed)[number].value == value
    assert case.ranges[number].value == RANGES[number][1][3]  # the case itself is as it was


def test_a_value_outside_or_not_whole_is_no_value_of_a_range(tmp_path: Path) -> None:
    case = api.load(tiny_case(tmp_path, setting("discount_rate", 0.05), *EDITS))
    with pytest.raises(ValueError, match="701 is outside 300 to 700"):
        varied(case.tables, case.ranges[0], 701)
    with pytest.raises(ValueError, match=r"2026\.5 is not a whole number"):
        varied(case.tables, case.ranges[2], 2026.5)


def test_what_a_value_breaks_is_named(tmp_path: Path) -> None:
    """A forced project that takes 30 years operates after the last year."""
    late = ranged("projects", "P1", "lead_time", 3, 30)
    case = api.load(tiny_case(tmp_path, patch("projects", 1, "decision", "force"), late))
    assert cell_ranges(varied(case.tables, case.ranges[0], 4))[0].value == 4
    with pytest.raises(InputError, match="'P1' is forced, but"):
        varied(case.tables, case.ranges[0], 30)


def test_variants_change_ranges_with_their_cells(tmp_path: Path) -> None:
    cells = [("projects", "P1", "capex", 900), ("ranges", "projects;P1;capex", "high", 1000)]
    dear = [
        add("variants", variant="dear", sheet=sheet, row=row, column=column, value=value)
        for sheet, row, column, value in cells
    ]
    path = tiny_case(tmp_path / "both", EDITS[0], *dear)
    (found,) = api.load(path, variant="dear").ranges
    assert (found.value, found.low, found.high) == (900, 300, 1000)
    alone = tiny_case(tmp_path / "alone", EDITS[0], dear[0])
    with pytest.raises(InputError, match="900 in projects!G2 does not lie in 300 to 700"):
        api.load(alone, variant="dear")


# ---- Capital without a range ----------------------------------------------------------------

# P1 400, P2 600 of which half, P3 300 in two units; P4 of at most 50 units at 4, twice, and 10.
SIZED: list[Edit] = [
    patch("projects", 2, "capex_share", 0.5),
    patch("projects", 3, "max_units", 2),
    add(
        "projects",
        project="P4",
        region="JPN",
        processes="sinter",
        capacity_min=10,
        capacity_max=50,
        capacity_of="magnet",
        capex=10,
        capex_per_unit=4,
        lead_time=1,
        max_units=2,
    ),
]
CAPITAL = {
    ("P1", "capex"): 400,
    ("P2", "capex"): 300,
    ("P3", "capex"): 600,
    ("P4", "capex"): 20,
    ("P4", "capex_per_unit"): 400,
}


def test_capital_by_cell(tmp_path: Path) -> None:
    found = capital_cells(read(tiny_case(tmp_path, *SIZED)))
    assert {(cell.project, cell.column): cell.musd for cell in found} == CAPITAL


def test_cells_without_a_range_that_carry_most_come_first(tmp_path: Path) -> None:
    tables = read(tiny_case(tmp_path, *SIZED, ranged("projects", "p3", "capex", 200, 400)))
    found = [(cell.project, cell.column) for cell in capital_without_range(tables)]
    assert found == [
        ("P1", "capex"),
        ("P4", "capex_per_unit"),
        ("P2", "capex"),
        ("P4", "capex"),
    ]


def test_check_lists_the_cells_without_a_range(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, *SIZED, ranged("projects", "P3", "capex", 200, 400))
    told = CliRunner().invoke(cli, ["check", str(path)])
    lines = told.stdout.splitlines()
    start = lines.index("Capital without a range: USD 1,120 million of 1,720, in 4 of 5 cells.")
    assert [line.split() for line in lines[start + 1 :]] == [
        ["projects!G2", "capex", "of", "P1:", "400"],
        ["projects!V5", "capex_per_unit", "of", "P4:", "400"],
        ["projects!G3", "capex", "of", "P2:", "300"],
        ["projects!G5", "capex", "of", "P4:", "20"],
    ]
    document = json.loads(CliRunner().invoke(cli, ["check", str(path), "--json"]).stdout)["ranges"]
    assert (document["rows"], document["capital_musd"]) == (1, 1720)
    assert [cell["musd"] for cell in document["without"]] == [400, 400, 300, 20]


def test_check_names_ten_cells_and_counts_the_rest(tmp_path: Path) -> None:
    more = [
        add(
            "projects",
            project=f"Q{n}",
            region="JPN",
            processes="sinter",
            capacity=10,
            capacity_of="magnet",
            capex=n,
            lead_time=1,
        )
        for n in range(1, 11)
    ]
    lines = CliRunner().invoke(cli, ["check", str(tiny_case(tmp_path, *more))]).stdout.splitlines()
    assert lines[-1] == "  ... and 3 cells more (all with --json)"  # 13 cells
    # P3, P2 and P1, then Q10 to Q4.
    assert lines[-2].endswith("capex of Q4: 4")


def test_where_every_cell_has_a_range_that_is_said(tmp_path: Path) -> None:
    edits = [ranged("projects", f"P{n}", "capex", 1, 1000) for n in (1, 2, 3)]
    told = CliRunner().invoke(cli, ["check", str(tiny_case(tmp_path, *edits))]).stdout
    assert told.endswith("Every cell of capital cost has a range.\n")
