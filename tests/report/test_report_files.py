"""The run folder: whole or absent, the same bytes each time, every total as in the metrics."""

from __future__ import annotations

import csv
import json
import math
import re
import sys
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from documents import run_json, run_json_text
from openpyxl.worksheet.worksheet import Worksheet
from outputs_page import outputs_page
from run_factory import make_run

from opt.data.reading.workbook import read_raw
from opt.errors import InputError
from opt.record.chain import TouchYear
from opt.record.minerals import MineralResult, MineralYear
from opt.record.passes import Outcome, Pass
from opt.record.place import RunPlace
from opt.record.run import Run
from opt.record.tables import TABLES, write_tables
from opt.report import folder as folder_module
from opt.report.documents import workbook_bytes
from opt.report.excel_sheets import RESULT_SHEETS, sheets_of
from opt.report.figures.registry import told
from opt.report.folder import write_run
from opt.report.story import Story

OUTPUTS_PAGE = Path(__file__).parents[2] / "docs" / "outputs.md"


EXAMPLE = Path(__file__).parents[2] / "outputs" / "example"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A file that stands for the workbook."""
    path = tmp_path / "case.xlsx"
    path.write_bytes(b"a workbook")
    return path


@pytest.fixture
def run(book: Path) -> Run:
    """Three projects, stock, support, targets and a second mineral, solved."""
    result = MineralResult("M", 0.5, 1000.0, 0.5, 1.0, 0.0, 3, 300.0, 150.0, 35.0)
    year = MineralYear("M", 2030, 1000.0, 500.0, 0.0, 0.5, 1.0)
    minerals = (result, replace(result, mineral="N"))
    years = (year, replace(year, mineral="N"))
    return replace(make_run(book, 3, full=True), minerals=minerals, mineral_years=years)


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run folders without the slow files, for what is about folders alone."""
    for name in ("memo_bytes", "workbook_bytes"):
        monkeypatch.setattr(folder_module, name, lambda *_: b"")
    monkeypatch.setattr(folder_module, "report_html", lambda *_: "")
    monkeypatch.setattr(folder_module, "pictures", lambda *_: {})
    monkeypatch.setattr(folder_module, "write_charts", lambda *_: None)


def _files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_run_folder_holds_every_file(run: Run, tmp_path: Path) -> None:
    folder = write_run(run, tmp_path / "out" / "case")
    names = set(_files(folder))
    assert names == {
        "run.json", "results.xlsx", "memo.docx", "report.html", "solver.log", "input/case.xlsx",
        "manifest.json", "facts.csv", "ro-crate-metadata.json",
        *(f"tables/{table.name}.csv" for table in TABLES),
        *(f"charts/{chart.name}.{kind}" for chart in told(Story(run)) for kind in ("svg", "png")),
    }  # fmt: skip
    assert [path.name for path in folder.parent.iterdir()] == ["case"]


def test_a_second_run_differs_only_in_the_seconds(run: Run, tmp_path: Path) -> None:
    slower = replace(run, passes=tuple(replace(e, seconds=e.seconds + 7.0) for e in run.passes))
    first = _files(write_run(run, tmp_path / "a"))
    second = _files(write_run(slower, tmp_path / "b"))
    assert {name for name in first if first[name] != second[name]} == {"run.json", "manifest.json"}
    hashes = [json.loads(files["manifest.json"]) for files in (first, second)]
    assert {name for name in hashes[0] if hashes[0][name] != hashes[1][name]} == {"run.json"}
    answers = [json.loads(files["run.json"]) for files in (first, second)]
    for answer in answers:
        for entry in answer["passes"]:
            del entry["seconds"]
    assert answers[0] == answers[1]


@pytest.mark.usefixtures("light")
def test_an_earlier_run_is_replaced_whole(run: Run, tmp_path: Path) -> None:
    folder = write_run(run, tmp_path / "a")
    (folder / "memo.docx").unlink()
    write_run(run, folder)
    assert (folder / "memo.docx").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "case.xlsx"]


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_is_not_ours_is_left_alone(run: Run, tmp_path: Path, kind: str) -> None:
    target = tmp_path / "mine"
    if kind == "folder":
        target.mkdir()
        (target / "thesis.txt").write_text("years of work")
    else:
        target.write_text("years of work")
    with pytest.raises(InputError, match="nothing was written"):
        write_run(run, target)
    assert "years of work" in (target / "thesis.txt" if kind == "folder" else target).read_text()


def test_a_locked_file_is_said_in_words(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "results.xlsx")

    monkeypatch.setattr(RunPlace, "settle", locked)
    with pytest.raises(InputError, match=r"results.xlsx cannot be written: it is open"):
        write_run(run, tmp_path / "a")
    # The whole folder is kept beside.
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a-evidence", "case.xlsx"]
    assert (tmp_path / "a-evidence" / "memo.docx").exists()


def test_a_failure_leaves_the_evidence_and_nothing_else(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bytes:
        raise ValueError("broken")

    monkeypatch.setattr(folder_module, "memo_bytes", broken)
    with pytest.raises(ValueError, match="broken") as failed:
        write_run(run, tmp_path / "a")
    kept = tmp_path / "a-evidence"
    assert failed.value.__notes__ == [f"Input, tables and run.json are kept in {kept}."]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a-evidence", "case.xlsx"]
    names = {"run.json", "facts.csv", "tables", "input", "manifest.json", "solver.log"}
    assert {path.name for path in kept.iterdir()} == names


@pytest.mark.usefixtures("light")
def test_the_input_is_copied_as_it_was_read(tmp_path: Path) -> None:
    source = tmp_path / "case.xlsx"
    source.write_bytes(b"as read")
    run = make_run(source, 1)
    source.write_bytes(b"edited while the solver was at work")
    folder = write_run(run, tmp_path / "out")
    assert (folder / "input" / "case.xlsx").read_bytes() == b"as read"


def test_of_a_csv_folder_only_the_sheets_are_kept(tmp_path: Path) -> None:
    (tmp_path / "settings.csv").write_text("key,value\n")
    (tmp_path / "secret.txt").write_text("no")
    assert read_raw(tmp_path).files == {"settings.csv": b"key,value\n"}


def _csv(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "tables" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_tables_sum_to_the_metrics(run: Run, tmp_path: Path) -> None:
    write_tables(run, tmp_path / "tables")
    folder = tmp_path
    projects = _csv(folder, "projects")
    assert sum(float(line["capex_musd"]) for line in projects) == 300.0 == run.metrics.capex_musd
    assert sum(float(line["public_musd"]) for line in projects) == 150.0
    payments = _csv(folder, "payments")
    paid = {
        use: sum(float(line["paid_musd"]) for line in payments if line["use"] == use)
        for use in ("capital", "stock", "support")
    }
    assert paid == {"capital": 150, "stock": 30, "support": 5}
    assert sum(float(line["paid_musd"]) for line in _csv(folder, "stockpiles")) == 30
    assert run.metrics.public_musd == 185.0
    assert run.metrics.private_musd == run.metrics.capex_musd - 150.0
    counted = [line for line in _csv(folder, "dependence") if line["counted"] == "yes"]
    wanted = sum(float(line["demand"]) for line in counted)
    rests = sum(float(line["exposed"]) + float(line["short"]) for line in counted)
    assert rests / wanted == pytest.approx(run.metrics.dependence)
    assert projects[0]["paid_by"] == "GR 30; LN 20"


def test_tables_are_sorted_with_lf_and_full_precision(run: Run, tmp_path: Path) -> None:
    write_tables(run, tmp_path / "tables")
    folder = tmp_path
    for table in TABLES:
        raw = (folder / "tables" / f"{table.name}.csv").read_bytes()
        assert b"\r" not in raw
        assert raw.decode("utf-8").splitlines()[0] == ",".join(f.name for f in table.columns)
    years = [int(line["year"]) for line in _csv(folder, "dependence")]
    assert years == sorted(years)
    shown = [float(line["dependence"]) for line in _csv(folder, "dependence")]
    assert shown == [entry.dependence for entry in run.metrics.by_year]


# What only a case of several minerals has, and the factory's is of none.
OF_SEVERAL = {"minerals", "mineral_years"}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_line_has_a_cell_for_every_column(run: Run, table) -> None:  # type: ignore[no-untyped-def]
    lines = table.lines(run)
    assert lines or table.name in OF_SEVERAL, "the factory fills every table"
    assert {len(line) for line in lines} <= {len(table.columns)}


def test_every_output_column_is_documented() -> None:
    page = OUTPUTS_PAGE.read_text(encoding="utf-8")
    assert page == outputs_page(), "write docs/outputs.md again from outputs_page()"
    for table in TABLES:
        assert f"tables/{table.name}.csv" in page
        assert all(f"| `{field.name}` |" in page for field in table.columns)


def test_run_json_holds_the_public_keys(run: Run) -> None:
    answer = run_json(run)
    assert json.loads(run_json_text(run)) == answer
    assert answer["schema"] == 2
    assert answer["workbook"] == {"name": "case", "sha256": run.sha256}
    assert answer["status"] == "optimal"
    assert set(answer["passes"][0]) >= {"objective", "value", "bound", "gap", "seconds"}
    assert answer["metrics"]["by_year"]["2030"]["counted"] is True
    assert answer["metrics"]["baseline"]["dependence"] == pytest.approx(0.9)
    assert answer["projects"][0]["paid_by"] == {"GR": 30.0, "LN": 20.0}
    assert answer["defaults_used"][0]["rows"] == 3
    assert answer["audit"]["passed"] is True
    assert answer["plan"] is None


def test_run_json_tells_public_money_by_use(run: Run) -> None:
    answer = run_json(run)
    metrics, findings = answer["metrics"], answer["findings"]
    uses = (findings["capital_public_musd"], metrics["stock_musd"], metrics["support_musd"])
    assert uses == (150.0, 30.0, 5.0)
    assert metrics["public_musd"] == sum(uses)
    assert findings["public_share"] == 0.5
    paid = {e["programme"]: e["paid_musd"] for e in findings["programmes"]}
    assert paid == {"GR": 90.0, "LN": 60.0, "ST": 30.0, "SU": 5.0}


def test_run_json_holds_stock_support_and_targets(run: Run) -> None:
    answer = run_json(run)
    assert [row["cover_days"] for row in answer["stockpiles"]][:3] == [0.0, 36.5, 54.75]
    assert {row["paid_musd"] for row in answer["payments"] if row["use"] == "support"} == {2.5}
    (first, second) = answer["margins"]
    assert first["by_year"]["2030"] == {"gap": 5e4, "activity": 50.0, "baseline_activity": 0.0}
    assert set(second["by_year"]) == {str(year) for year in range(2030, 2036)}
    assert [row["slack"] for row in answer["targets"]] == pytest.approx([0.95 - 0.78, 10.0])
    assert [row["unit"] for row in answer["targets"]] == ["share", "t"]
    found = answer["findings"]
    assert (found["paid_plants"], found["idle_plants"]) == (1, 2)
    (stock,) = found["stockpiles"]
    assert (stock["bought_clear"], stock["bought_exposed"]) == (110.0, 40.0)
    assert stock["paid_by"] == {"ST": 30.0}
    assert (stock["most_days"], stock["most_days_year"], stock["end_days"]) == (54.75, 2028, 14.6)
    assert (stock["buying_years"], stock["release_years"]) == ([2027, 2028], [2031])


def test_run_json_holds_touch_elements_and_world(run: Run) -> None:
    answer = run_json(run)
    touched = [row["share"] for row in answer["touch"] if row["year"] == 2035]
    exposed = answer["metrics"]["by_year"]["2035"]["exposed"] / 1000
    assert sum(touched) == pytest.approx(exposed)
    first = answer["findings"]["first_touch"]
    assert (first["stage"], first["year"]) == ("separation", 2035)
    assert first["share"] == pytest.approx(exposed / 2)
    worst = answer["findings"]["worst_element"]
    assert (worst["element"], worst["year"]) == ("E1", 2030)
    assert worst["dependence"] == pytest.approx(answer["metrics"]["by_year"]["2030"]["dependence"])
    world = answer["world"]["metal"]
    assert world["2026"]["shares"] == pytest.approx({"covered": 0.9, "ally": 0.1})
    assert (world["2026"]["hhi"], world["2035"]["hhi"]) == pytest.approx((8200, 5200))
    assert answer["findings"]["concentration"][0]["last_covered"] == pytest.approx(0.6)


def test_run_json_of_a_plain_case_has_empty_keys(book: Path) -> None:
    answer = run_json(make_run(book, 3))
    assert not any(answer[key] for key in ("stockpiles", "margins", "targets"))
    assert {row["use"] for row in answer["payments"]} == {"capital"}
    assert answer["metrics"]["stock_musd"] == answer["metrics"]["support_musd"] == 0.0
    nothing = run_json(replace(make_run(book, 0), touch=(), elements=(), world=()))
    assert nothing["findings"]["first_touch"] is None
    assert nothing["findings"]["worst_element"] is None


def _sheet_totals(path: Path, sheet: str, column: str) -> float:
    page = openpyxl.load_workbook(path, data_only=True)[sheet]
    heads = [cell.value for cell in page[4]]
    place = heads.index(column)
    (table,) = page.tables.values()
    last = page[table.ref.split(":")[1]].row - (table.totalsRowCount or 0)
    rows = page.iter_rows(min_row=5, max_row=last, values_only=True)
    return sum(float(row[place] or 0) for row in rows)


def _formulas(page: Worksheet) -> dict[str, str]:
    """The formulas of a sheet, by cell."""
    cells = (cell for row in page.iter_rows() for cell in row)
    return {cell.coordinate: str(cell.value) for cell in cells if cell.data_type == "f"}


def test_the_workbook_sums_to_the_metrics(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "results.xlsx"
    path.write_bytes(workbook_bytes(Story(run)))
    assert _sheet_totals(path, "Plan", "capex_musd") == run.metrics.capex_musd
    capital = run.metrics.public_musd - sum(run.metrics.by_use_musd.values())
    assert _sheet_totals(path, "Plan", "public_musd") == capital
    assert _sheet_totals(path, "Payments", "paid_musd") == run.metrics.public_musd
    assert _sheet_totals(path, "Money", "committed_musd") == run.metrics.public_musd
    assert _sheet_totals(path, "Costs", "discounted_musd") == run.metrics.cost_musd


def test_the_workbook_is_plain_and_navigable(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "results.xlsx"
    path.write_bytes(workbook_bytes(Story(run)))
    book = openpyxl.load_workbook(path)
    left_out = {"Not chosen"}  # all are built
    shown = [sheet for sheet in RESULT_SHEETS if sheet.name not in left_out]
    assert book.sheetnames == ["Cover", *(sheet.name for sheet in shown)]
    links = [cell.hyperlink for row in book["Cover"].iter_rows() for cell in row if cell.hyperlink]
    assert len(links) == len(shown)
    assert [page.title for page in book.worksheets if _formulas(page)] == ["Plan", "Programmes"]
    for page in book.worksheets:
        assert not page.merged_cells.ranges
        for formula in _formulas(page).values():
            assert re.fullmatch(r"=SUBTOTAL\(109,\[\w+_musd\]\)", formula), page.title
    for sheet in shown:
        assert book[sheet.name].freeze_panes == "B5"
        assert len(book[sheet.name].tables) == 1
    charts = {page.title for page in book.worksheets if page._charts}
    drawn = {
        "Programmes",
        "Money",
        "Dependence",
        "Stages",
        "Elements",
        "Options",
        "Stockpiles",
        "Costs",
    }
    assert charts == drawn


def test_the_sheet_of_the_proof_tells_the_gap_of_the_cost_in_money(
    run: Run, tmp_path: Path
) -> None:
    """100 of cost with a bound of 98, 75 without new money: a gap of 2, 8% of the 25 added."""
    passes = (
        Pass("dependence", 0.5, 0.49, 0.02, 1.0, Outcome.FEASIBLE),
        Pass("cost", 100.0, 98.0, 0.02, 1.0, Outcome.OPTIMAL).beside(75.0),
        Pass("world", 5.0, -math.inf, math.inf, 1.0, Outcome.FEASIBLE),
    )
    path = tmp_path / "results.xlsx"
    path.write_bytes(workbook_bytes(Story(replace(run, passes=passes))))
    page = openpyxl.load_workbook(path)["Proof"]
    assert list(page.iter_rows(min_row=3, values_only=True)) == [
        ("", "", "", "share", "", "USD million", "share"),
        ("objective", "value", "bound", "gap", "status", "gap_musd", "gap_added"),
        ("dependence", 0.5, 0.49, 0.02, "feasible", None, None),
        ("cost", 100, 98, 0.02, "optimal", 2, 0.08),
        ("world", 5, None, None, "feasible", None, None),
    ]


OPTIONAL = {
    "Not chosen",
    "Minerals",
    "Minerals by year",
    "Targets",
    "Stockpiles",
    "Margins",
    "Idle",
    "Uptake",
}


def test_candidates_that_are_left_out_have_a_sheet_with_what_the_run_says(run: Run) -> None:
    """Of three the first is built: of the others a stopped search and a proof say different
    things."""
    solution = replace(run.solution, commitments=run.solution.commitments[:1])
    built = solution.commitments[0].project

    def left_out(status: Outcome) -> list[tuple[str, str]]:
        found = sheets_of(replace(run, solution=solution, status=status))
        (filled,) = [own for own in found if own.sheet.name == "Not chosen"]
        names = [column.name for column in filled.columns]
        return [(line[names.index("project")], line[names.index("why")]) for line in filled.lines]

    proven, stopped = left_out(Outcome.OPTIMAL), left_out(Outcome.FEASIBLE)
    assert [key for key, _ in proven] == [key for key in run.case.projects if key != built]
    assert {why for _, why in proven} == {"The plan does as well without it, within the gap."}
    assert {why for _, why in stopped} == {
        "Not in the best plan found before the search was stopped."
    }


def test_a_programme_has_its_amount_and_what_it_commits_beside_each_other(run: Run) -> None:
    """Three projects take 30 of grants and 20 of loans each: 90 and 60."""
    (filled,) = [own for own in sheets_of(run) if own.sheet.name == "Programmes"]
    names = [column.name for column in filled.columns]
    committed = {line[0]: line[names.index("committed_musd")] for line in filled.lines}
    assert committed["GR"] == pytest.approx(3 * 30.0)
    assert committed["LN"] == pytest.approx(3 * 20.0)


def test_a_small_share_is_never_shown_as_nothing(run: Run, tmp_path: Path) -> None:
    passes = (Pass("dependence", 0.5, 0.49988, 0.00024, 1.0, Outcome.OPTIMAL),)
    path = tmp_path / "results.xlsx"
    path.write_bytes(workbook_bytes(Story(replace(run, passes=passes))))
    cell = openpyxl.load_workbook(path)["Proof"]["D5"]
    assert (cell.value, cell.number_format) == (0.00024, "0.000%")


def test_long_text_has_room_and_no_chart_stands_in_the_row_that_pages_repeat(
    run: Run, tmp_path: Path
) -> None:
    """A warning of 150 characters takes three lines of 60 at the least, one of 20 none of its own;
    the header in row 4 is printed on every page, so charts begin below it."""
    warnings = [replace(run.case.warnings[0], message=text) for text in ("word " * 30, "x" * 20)]
    long = replace(run, case=replace(run.case, warnings=tuple(warnings)))
    path = tmp_path / "results.xlsx"
    path.write_bytes(workbook_bytes(Story(long)))
    book = openpyxl.load_workbook(path)
    heights = [book["Warnings"].row_dimensions[row].height for row in (5, 6)]
    assert heights[0] >= 3 * 15
    assert heights[1] in {None, 15}
    tops = [chart.anchor._from.row for page in book.worksheets for chart in page._charts]
    assert tops
    assert min(tops) >= 4


def test_a_long_sheet_prints_its_first_rows_and_says_so(run: Run, tmp_path: Path) -> None:
    """200 plants over one year are more than are printed; ids that have names stand beside them."""
    row = run.capacity[0]
    long = replace(run, capacity=tuple(replace(row, year=1000 + n) for n in range(200)))
    path = tmp_path / "results.xlsx"
    path.write_bytes(workbook_bytes(Story(long)))
    page = openpyxl.load_workbook(path)["Capacity"]
    assert page.print_area.startswith("'Capacity'!$A$1:")
    assert page.print_area.endswith("$44")
    assert "the first 40 of 200 rows" in page["A2"].value
    assert [page["A4"].value, page["B4"].value] == ["plant", "plant name"]
    assert page["B5"].value == run.case.plant_name(row.plant) != page["A5"].value


def test_sheets_of_what_is_not_used_are_left_out(book: Path, tmp_path: Path) -> None:
    path = tmp_path / "results.xlsx"
    path.write_bytes(workbook_bytes(Story(make_run(book, 3))))
    sheets = openpyxl.load_workbook(path).sheetnames
    assert sheets == ["Cover", *(s.name for s in RESULT_SHEETS if s.name not in OPTIONAL)]


def test_the_example_prints_no_sheet_without_rows() -> None:
    """Nobody is short in it and nothing is warned of: no page with a header alone."""
    book = openpyxl.load_workbook(EXAMPLE / "results.xlsx")
    first = {name: book[name]["A5"].value for name in book.sheetnames if name != "Cover"}
    assert [name for name, cell in first.items() if cell is None] == []
    assert not {"Shortfalls", "Warnings"} & first.keys()


def test_noise_of_first_touch_is_not_shown(run: Run) -> None:
    noisy = replace(run, touch=(*run.touch, TouchYear("mining", 2030, 1e-30, 0.0)))
    own, other = (
        [filled.lines for filled in sheets_of(one) if filled.sheet.name == "First touch"]
        for one in (run, noisy)
    )
    assert own == other
    assert len(own) == 1


def test_workbook_text_is_never_a_formula(book: Path, tmp_path: Path) -> None:
    run = make_run(book, 1, names={0: '=HYPERLINK("http://example.org")'}, title="=1+1")
    path = tmp_path / "results.xlsx"
    path.write_bytes(workbook_bytes(Story(run)))
    pages = openpyxl.load_workbook(path).worksheets
    found = [formula for page in pages for formula in _formulas(page).values()]
    assert found
    assert all(formula.startswith("=SUBTOTAL(109,[") for formula in found)


def test_workbook_text_is_never_markup(book: Path, tmp_path: Path) -> None:
    title, name = "<r>A & B</r>", "<r><t>bold</t></r>"
    run = make_run(book, 1, names={0: name}, title=title)
    path = tmp_path / "results.xlsx"
    path.write_bytes(workbook_bytes(Story(run)))
    shown = [
        str(cell.value)
        for page in openpyxl.load_workbook(path).worksheets
        for row in page.iter_rows()
        for cell in row
    ]
    assert any(text == name for text in shown)
    assert any(title in text for text in shown)


@pytest.mark.parametrize("projects", [0, 1, 40])
def test_every_size_of_plan_can_be_reported(book: Path, tmp_path: Path, projects: int) -> None:
    folder = write_run(make_run(book, projects), tmp_path / "a")
    assert len(json.loads((folder / "run.json").read_text())["projects"]) == projects


@pytest.mark.parametrize("status", list(Outcome))
def test_every_status_can_be_reported(book: Path, tmp_path: Path, status: Outcome) -> None:
    folder = write_run(make_run(book, 0, status=status), tmp_path / "a")
    page = (folder / "report.html").read_text()
    assert ("Best plan 9" in page) == (status is Outcome.OPTIMAL)


def test_the_report_imports_no_solver() -> None:
    import subprocess  # noqa: PLC0415

    code = (
        "import sys, opt.report.folder; "
        "print([m for m in sys.modules if m.split('.')[0] in ('pyomo', 'highspy') "
        "or m.startswith(('opt.model', 'opt.solver'))])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
