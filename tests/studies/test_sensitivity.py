"""What a plan rests on, on a case whose every answer is a line of arithmetic.

W needs 100 of metal a year over 2030-2033, all of it exposed without projects. Big makes 60 for USD
60 million, Little 30 for 30; one fund of 90 pays for both: 10 of 100 are exposed.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from builders import Rows, Sheets, chain, folder_of, project
from click.testing import CliRunner, Result

from opt import api, questions
from opt.audit.plan import FoundPlan
from opt.cli import cli
from opt.commands.sensitivity_words import cells_table
from opt.data.cell_ranges import CellRange
from opt.data.graded_ranges import graded_ranges
from opt.data.tables import Tables
from opt.record.run import Run
from opt.record.sensitivity import Sensitivity, SensitivityCell, Switch, SwitchingValue
from opt.solver.control import Control
from opt.solver.progress import Silent
from opt.studies.processes import processes
from opt.studies.runner import Runner

TOLERANCE = 2e-6
NO_WIDTH = dict.fromkeys(("A", "B", "C", "D", "none"), 0.0)


def near(value: float) -> Any:
    return pytest.approx(value, abs=TOLERANCE)


def case(*ranges: tuple[str, str, str, float, float], **sheets: Rows) -> Sheets:
    """The case, with ranges of cells: sheet, row, column, low, high."""
    projects = [
        project("Big", "smelt", 60, 60, public_share=1),
        project("Little", "smelt", 30, 30, public_share=1),
    ]
    names = ("sheet", "row", "column", "low", "high")
    rows: Sheets = {
        "projects": projects,
        "programmes": [{"programme": "Fund", "instrument": "grant", "amount": 90}],
    }
    if ranges:
        rows["ranges"] = [dict(zip(names, own, strict=True)) for own in ranges]
    return chain(**{**rows, **sheets})


def solved(tmp_path: Path, of: Sheets) -> Run:
    return api.solve(api.load(folder_of(tmp_path, of)))


def tried(tmp_path: Path, of: Sheets, **asked: Any) -> Sensitivity:
    """The ranges of the sheet alone."""
    return questions.sensitivity(solved(tmp_path, of), **{"half_widths": NO_WIDTH, **asked})


def cells(found: Sensitivity) -> dict[tuple[str, str], SensitivityCell]:
    return {(cell.row, cell.column): cell for cell in found.cells}


def switches(found: Sensitivity) -> dict[Switch, SwitchingValue]:
    return {row.switch: row for row in found.switching}


# ---- Ends of ranges -------------------------------------------------------------------------


def test_both_ends_with_the_plan_held(tmp_path: Path) -> None:
    """40 to 80 of Big beside 30 of Little leave 30 or none of 100; a lead time of a year leaves all
    of the first year; the size of the other mine changes nothing."""
    found = tried(
        tmp_path,
        case(
            ("projects", "Big", "capacity", 40, 80),
            ("projects", "Little", "lead_time", 0, 1),
            ("facilities", "mine_w", "capacity", 500, 1000),
        ),
        top=0,
    )
    assert (found.dependence, found.without_plan) == (near(0.1), near(1))
    by_cell = cells(found)
    assert list(by_cell) == [("big", "capacity"), ("little", "lead_time"), ("mine_w", "capacity")]
    big, little, mine = by_cell.values()
    assert (big.at_low, big.at_high, big.swing) == (near(0.3), near(0), near(0.3))
    assert (little.at_low, little.at_high) == (near(0.1), near((0.4 + 0.1 * 3) / 4))
    assert (mine.at_low, mine.at_high, mine.swing) == (near(0.1), near(0.1), near(0))
    assert [(row.row, row.column) for row in found.verify_first] == list(by_cell)[:2]
    assert all(cell.given and not cell.reoptimised for cell in found.cells)
    assert found.switching == ()


def test_the_best_plan_of_each_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other makes 95 for 95, which the fund pays for at 90: 5 exposed in place of 10. The plan of
    every value that was asked is audited."""
    audited: dict[str, float] = {}
    confirm = questions.confirm_plan

    def told(tables: Tables, scenario: str | None, key: str, found: FoundPlan) -> None:
        confirm(tables, scenario, key, found)
        audited[key] = found.values["dependence"]

    monkeypatch.setattr(questions, "confirm_plan", told)
    of = case(("projects", "Other", "capex", 80, 110))
    of["projects"].append(project("Other", "smelt", 95, 95, public_share=1))
    found = tried(tmp_path, of, reoptimise=True, top=1)
    (cell,) = found.cells
    assert (cell.at_low, cell.at_high) == (near(0.1), near(0.1))
    assert (cell.best_at_low, cell.bound_at_low) == (near(0.05), near(0.05))
    assert cell.best_at_high == near(0.1)
    assert audited["projects other capex at 80"] == near(0.05)
    assert audited["projects other capex at 110"] == near(0.1)
    row = switches(found)[Switch.OTHER]
    assert row.switches <= 90 < row.stands
    assert row.stands - row.switches == pytest.approx(15 / 2**6)


def test_what_no_plan_can_beat_is_rounded_down(tmp_path: Path) -> None:
    """Where no plan is known of an end, its bound is told, never above what is proven."""
    found = tried(tmp_path, case(("projects", "Big", "capex", 50.0, 70.0)), top=0)
    row = dataclasses.replace(
        found.cells[0], reoptimised=True, best_at_low=None, bound_at_low=0.59668
    )
    table = cells_table(dataclasses.replace(found, cells=(row,)))
    assert table.rows[0][table.head.index("best at low")] == "none below 59.6%"


# ---- By grade -------------------------------------------------------------------------------


def test_figures_without_a_range_go_by_grade(tmp_path: Path) -> None:
    """A tenth of a grade B, three tenths of an ungraded one; what has a range is left to it, and a
    lead time of 0 is no figure."""
    of = case(("projects", "Big", "capacity", 55, 65))
    of["projects"][1]["confidence"] = "B"
    tables = api.load(folder_of(tmp_path, of)).tables
    found = {(r.sheet, r.row, r.column): r for r in graded_ranges(tables, {"Big", "Little"})}
    assert set(found) == {
        ("facilities", "mine_w", "capacity"),
        ("projects", "big", "capex"),
        ("projects", "little", "capacity"),
        ("projects", "little", "capex"),
        ("programmes", "fund", "amount"),
        ("demand", "w;metal", 2030),
        ("demand", "w;metal", 2033),
    }
    little = found["projects", "little", "capacity"]
    assert (little.low, little.high, little.grade) == (pytest.approx(27), pytest.approx(33), "B")
    fund = found["programmes", "fund", "amount"]
    assert (fund.low, fund.high, fund.grade) == (pytest.approx(63), pytest.approx(117), "none")


def test_a_lead_time_goes_by_whole_years(tmp_path: Path) -> None:
    of = case()
    of["projects"][0] |= {"lead_time": 2, "confidence": "A"}
    tables = api.load(folder_of(tmp_path, of)).tables
    (own,) = (r for r in graded_ranges(tables, {"Big"}) if r.column == "lead_time")
    assert (own.low, own.high) == (1, 3)


def test_widths_may_be_given(tmp_path: Path) -> None:
    run = solved(tmp_path, case())
    found = questions.sensitivity(run, half_widths={**NO_WIDTH, "none": 0.5}, top=0)
    little = cells(found)["little", "capacity"]
    assert not little.given
    assert (little.low, little.high) == (15, 45)
    assert (little.at_low, little.at_high) == (near(0.25), near(0))


# ---- Switching values -----------------------------------------------------------------------


def test_where_a_commitment_cannot_be_paid(tmp_path: Path) -> None:
    """The fund is just enough: at the first cent more Big, the dearer, lapses."""
    found = tried(tmp_path, case(("projects", "Big", "capex", 50, 70)))
    (cell,) = found.cells
    assert (cell.at_low, cell.at_high) == (near(0.1), near(0.7))
    row = switches(found)[Switch.LAPSES]
    assert row.stands == pytest.approx(60)
    assert row.switches == pytest.approx(60 + 10 / 2**6)
    assert list(switches(found)) == [Switch.LAPSES]


def test_where_the_plan_is_no_better_than_none(tmp_path: Path) -> None:
    """Without a mine in W nothing of the smelters is clear; the first ton of it is better."""
    found = tried(tmp_path, case(("facilities", "mine_w", "capacity", 0, 1000)))
    row = switches(found)[Switch.NO_BETTER]
    assert (row.stands, row.switches) == (pytest.approx(1000 / 2**6), 0)


def test_whole_years_are_bracketed_by_whole_years(tmp_path: Path) -> None:
    """After four years both would first operate behind the plan, and are no better than none; after
    three the last year is served."""
    of = case(("projects", "Big", "lead_time", 0, 8))
    of["projects"] = of["projects"][:1]
    row = switches(tried(tmp_path, of))[Switch.NO_BETTER]
    assert (row.stands, row.switches) == (3, 4)


# ---- The command ----------------------------------------------------------------------------


def opt(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["sensitivity", *(str(a) for a in arguments), "--no-store"])


@pytest.fixture
def run_folder(tmp_path: Path, undrawn: None) -> Path:
    of = case(("projects", "Big", "capex", 50, 70))
    return api.write(solved(tmp_path, of), tmp_path / "run")


def test_words(run_folder: Path) -> None:
    told = opt(run_folder, "--quiet", "--width", "none=0.001")
    assert told.exit_code == 0, told.output
    lines = told.stdout.splitlines()
    assert lines[0] == "Dependence: the plan 10.0%, without it 100.0%."
    assert lines[1] == (
        "Cells tried: 1 of sheet ranges, 7 by grade (A 5%, B 10%, C 20%, D 30%, none 0.1% to either"
        " side)."
    )
    assert next(line for line in lines if line.startswith("Verify first")).startswith(
        "Verify first: programmes fund amount (none); projects big capex (none); "
    )
    big = next(line for line in lines if line.startswith("projects big capex"))
    assert big.split()[3:] == ["60", "50", "to", "70", "none", "10.0%", "70.0%", "60.00"]
    assert any(line.endswith("60 and 60.1562  a commitment cannot be paid") for line in lines)


def test_data(run_folder: Path) -> None:
    told = opt(run_folder, "--json", "--top", 0)
    assert told.exit_code == 0, told.output
    document = json.loads(told.stdout)
    assert {"cells", "verify_first", "switching"} <= document.keys()
    first = next(cell for cell in document["cells"] if cell["given"])
    assert [first[key] for key in ("sheet", "row", "column")] == ["projects", "big", "capex"]
    assert [first[key] for key in ("low", "high", "at_low", "at_high", "reoptimised")] == [
        50,
        70,
        near(0.1),
        near(0.7),
        False,
    ]


@pytest.mark.parametrize("width", ["E=0.1", "A=two", "A=2", "A"])
def test_a_wrong_width_is_refused(run_folder: Path, width: str) -> None:
    told = opt(run_folder, "--width", width)
    assert told.exit_code == 2
    assert "is not GRADE=SHARE" in told.stderr


def test_a_stop_is_told(tmp_path: Path) -> None:
    stopped = Control()
    stopped.stop.set()
    run = solved(tmp_path, case(("projects", "Big", "capex", 50, 70)))
    found = questions.sensitivity(run, Runner(stopped, Silent()), half_widths=NO_WIDTH)
    assert not found.complete
    assert "stopped" in found.cells[0].reason


def test_what_is_not_built_costs_what_it_likes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is asked about the capital of Dear, which the plan leaves out, and nothing moves; of
    Big, that 60 million of 90 are spent on, twice as much cannot be paid."""
    dear = project("Dear", "smelt", 10, 90, public_share=1)
    of = case(
        ("projects", "Dear", "capex", 80, 200),
        ("projects", "Big", "capex", 50, 120),
        projects=[
            project("Big", "smelt", 60, 60, public_share=1),
            project("Little", "smelt", 30, 30, public_share=1),
            dear,
        ],
    )
    run = solved(tmp_path, of)
    asked: list[str] = []
    vary = questions.varied

    def told(tables: Tables, own: CellRange, value: float) -> Tables:
        asked.append(own.row)
        return vary(tables, own, value)

    monkeypatch.setattr(questions, "varied", told)
    found = questions.sensitivity(run, half_widths=NO_WIDTH, top=0)
    rows = {cell.row: cell for cell in found.cells}
    assert set(asked) == {"big"}
    assert (rows["dear"].at_low, rows["dear"].at_high) == (near(0.1), near(0.1))
    # Little alone can be paid: 70 of 100 are exposed.
    assert (rows["big"].at_low, rows["big"].at_high) == (near(0.1), near(0.7))


# ---- Workers, and a stop --------------------------------------------------------------------


def test_any_number_of_workers_gives_the_same(tmp_path: Path) -> None:
    """Cases are worked out where there is room for them; one whose workbook is not sound with the
    value says so from there too."""
    of = case(
        ("projects", "Big", "capex", 50, 120),
        ("projects", "Little", "lead_time", 0, 2),
        ("recipes", "smelt;metal", "amount", 0.5, 1.5),
        contents=[{"commodity": c, "element": "M", "share": 0.5} for c in ("ore", "metal")],
    )
    run = solved(tmp_path, of)
    alone = questions.sensitivity(run, half_widths=NO_WIDTH)
    with processes(2) as executor:
        both = Runner(Control(), Silent(), executor)
        assert questions.sensitivity(run, both, half_widths=NO_WIDTH) == alone
    refused = {cell.row: cell.refused for cell in alone.cells if cell.refused}
    assert refused.keys() == {"smelt;metal"}
    assert "makes 0.75 of M per unit of activity, but its inputs hold 0.5" in refused["smelt;metal"]
    # What the workbook refuses is no question that stays open.
    assert alone.complete


def test_nothing_is_worked_out_after_a_stop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = solved(tmp_path, case(("projects", "Big", "capex", 50, 120)))
    control, varied = Control(), list[str]()
    control.stop.set()
    monkeypatch.setattr(questions, "varied", lambda *of: varied.append(of[1].row))
    found = questions.sensitivity(run, Runner(control, Silent()), half_widths=NO_WIDTH)
    assert varied == []
    assert [cell.reason for cell in found.cells] == ["stopped before it was answered"]
