"""Cases without a plan: the rows that are named conflict and none of them can be spared; each mend,
typed into the workbook, gives a plan, and one step less does not.

The case is that of `builders.chain`: W needs 100 of metal a year over 2030-2033.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from builders import Rows, Sheets, chain, folder_of, plant, project, table

from opt.api import find_plan
from opt.data.assemble import assemble
from opt.data.reader import read
from opt.data.sheets.registry import SHEET
from opt.data.tables import Tables
from opt.results.conflict import Change, Conflict, WorkbookCell
from opt.results.conflict_words import conflict_words
from opt.solver.control import Control
from opt.solver.priorities import solve_instance
from opt.solver.progress import Silent
from opt.solver.stage import Job, SolveOptions
from opt.studies.conflict import explain_infeasible

PLENTY = 1e6


# ---- Solving, and a user's changes of cells -------------------------------------------------


def job_of(tmp_path: Path, case: Sheets, plan: str | None = None) -> tuple[Tables, Job]:
    """The case read from its files, and what is asked of it. A plan without rows builds nothing."""
    tables = read(folder_of(tmp_path, case))
    given = None if plan is None else ()
    if plan in [row["plan"] for row in case.get("plans", [])]:
        given = find_plan(tables, plan).commitments
    options = SolveOptions(gap=0.0, cost_gap=0.0, plan=given, plan_name=plan or "")
    return tables, Job(assemble(tables, None, given or ()), options, Control(), Silent())


def has_plan(tmp_path: Path, case: Sheets, plan: str | None = None) -> bool:
    """Whether some plan obeys every rule."""
    return solve_instance(job_of(tmp_path, case, plan)[1]).solution is not None


def row_at(case: Sheets, place: WorkbookCell) -> dict[str, Any]:
    """The row of a place; a setting is added where it is not given."""
    for row in case[place.sheet]:
        if all(str(row.get(column, "")) == text for column, text in place.keys):
            return row
    assert place.sheet == "settings"
    case["settings"].append({"key": place.keys[0][1]})
    return case["settings"][-1]


def changed(case: Sheets, *changes: tuple[WorkbookCell, Any]) -> Sheets:
    """The case with cells changed as a user would; `left out` deletes a row."""
    made = copy.deepcopy(case)
    for place, value in changes:
        row = row_at(made, place)
        if value == "left out":
            made[place.sheet].remove(row)
        else:
            row[str(place.column)] = value
    return made


def let_go(place: WorkbookCell) -> Any:
    """A value of a cell at which its row asks for nothing and limits nothing."""
    if place.column == "decision":
        return "free"
    if place.column == "public_share":
        return 0
    return "left out" if place.sheet in ("plans", "targets") else PLENTY


def everything_asked(case: Sheets, plan: str | None = None) -> set[WorkbookCell]:
    """Every cell of a case that can be among the rows in conflict."""
    found: set[WorkbookCell] = set()
    rows = [row for row in case.get("plans", []) if row["plan"] == plan]
    for row in rows:
        keys = (("plan", row["plan"]), ("project", row["project"]), ("year", str(row["year"])))
        found.add(WorkbookCell("plans", keys, "project"))
    common = {row["key"]: row["value"] for row in case["settings"]}.get("public_share", 0)
    for row in case.get("projects", []):
        keys = (("project", row["project"]),)
        if str(row.get("decision", "")).startswith("force"):
            found.add(WorkbookCell("projects", keys, "decision"))
        if row.get("public_share", common):
            found.add(WorkbookCell("projects", keys, "public_share"))
    for row in case.get("programmes", []):
        keys = (("programme", row["programme"]),)
        found.add(WorkbookCell("programmes", keys, "amount"))
        found |= {WorkbookCell("programmes", keys, int(c)) for c in row if c.isdigit()}
    for sheet in ("private_capital", "build_limits"):
        for row in case.get(sheet, []):
            keys = tuple((column, row.get(column, "")) for column in SHEET[sheet].key)
            found |= {WorkbookCell(sheet, keys, int(c)) for c in row if c.isdigit()}
    return found


def targets_of(case: Sheets) -> set[WorkbookCell]:
    """The cells of sheet targets."""
    return {
        WorkbookCell("targets", (("target", row["target"]),), "bound") for row in case["targets"]
    }


def step_back(change: Change) -> float:
    """One step less than a change: the last of four digits, or one unit of a number of starts."""
    assert isinstance(change.to, float)
    assert isinstance(change.now, float | int)
    digits = 10.0 ** (math.floor(math.log10(abs(change.to))) - 3) if change.to else 1e-4
    step = 1.0 if ("what", "starts") in change.place.keys else digits
    return change.to - step if change.to > change.now else change.to + step


def cell_of(case: Sheets, place: WorkbookCell) -> str:
    """The cell as the words name it, from the position of its row and column in the file."""
    header, *_ = table(case[place.sheet])
    row = case[place.sheet].index(row_at(case, place)) + 2
    column = "value" if place.sheet == "settings" else str(place.column)
    return f"{place.sheet}!{chr(ord('A') + header.index(column))}{row}"


def explained(tmp_path: Path, case: Sheets, plan: str | None = None) -> tuple[Conflict, str]:
    """Why a case has no plan, as data and in words, once all that is said has been tried out."""
    assert not has_plan(tmp_path, case, plan)
    tables, job = job_of(tmp_path, case, plan)
    conflict = explain_infeasible(job)
    words = conflict_words(tables, conflict)
    assert_irreducible(tmp_path, case, conflict.rows, plan)
    for mend in conflict.mends:
        assert_mends(tmp_path, case, mend, plan)
    stands = words.split("would mend it:")[0]
    for place in conflict.rows:
        assert cell_of(case, place) in stands
    for mend in conflict.mends:
        cells = [cell_of(case, change.place) for change in mend]
        assert any(all(cell in line for cell in cells) for line in words.splitlines())
    return conflict, words


def assert_irreducible(
    tmp_path: Path, case: Sheets, rows: Iterable[WorkbookCell], plan: str | None
) -> None:
    """The rows alone leave no plan, and without any one of them there is one.

    Rows of targets conflict with all else as it stands; others on their own.
    """
    named = set(rows)
    assert named
    aimed = any(place.sheet == "targets" for place in named)
    asked = targets_of(case) if aimed else everything_asked(case, plan)
    bare = changed(case, *((place, let_go(place)) for place in asked - named))
    if not aimed:
        bare["targets"] = []
    assert not has_plan(tmp_path, bare, plan)
    for place in named:
        assert has_plan(tmp_path, changed(bare, (place, let_go(place))), plan), place


def assert_mends(tmp_path: Path, case: Sheets, mend: tuple[Change, ...], plan: str | None) -> None:
    """All changes together give a plan; with one left out, or a step less, there is none."""
    every = {change.place: change.to for change in mend}
    assert has_plan(tmp_path, changed(case, *every.items()), plan), mend
    for change in mend:
        less = {place: to for place, to in every.items() if place != change.place}
        if isinstance(change.to, float):
            less[change.place] = step_back(change)
        assert not has_plan(tmp_path, changed(case, *less.items()), plan), change


def mends_of(conflict: Conflict) -> list[dict[tuple[str, str], Any]]:
    """Every mend as row and column to value, in order."""
    return [
        {
            (" ".join(text for _, text in c.place.keys if text), str(c.place.column)): c.to
            for c in mend
        }
        for mend in conflict.mends
    ]


def rows_of(conflict: Conflict) -> set[tuple[str, str]]:
    """Rows in conflict as row and column."""
    return {
        (" ".join(text for _, text in place.keys if text), str(place.column))
        for place in conflict.rows
    }


def forced(name: str, capex: float, **values: Any) -> dict[str, Any]:
    """A smelter of 10 that is forced in 2030, paid by public money where nothing else is said."""
    given = {"public_share": 1, "decision": "force 2030", "lead_time": 0, **values}
    return project(name, "smelt", 10, capex, **given)


def fund(amount: float = PLENTY, **values: Any) -> Rows:
    """One programme, and one that comes too late for what is forced in 2030: with it the amounts
    add up, which a check on reading asks for."""
    late = {"programme": "late", "amount": 200, "commit_from": 2033}
    return [{"programme": "fund", "amount": amount, **values}, late]


# ---- Money ----------------------------------------------------------------------------------


def test_an_amount(tmp_path: Path) -> None:
    case = chain(projects=[forced("P", 40)], programmes=fund(30))
    conflict, words = explained(tmp_path, case)
    assert rows_of(conflict) == {("P", "decision"), ("P", "public_share"), ("fund", "amount")}
    # 40 in place of 30; 30 / 40; or not at all.
    assert mends_of(conflict) == [
        {("P", "decision"): "free"},
        {("P", "public_share"): 0.75},
        {("fund", "amount"): 40},
    ]
    assert "raise amount of fund from 30 to 40." in words
    assert "lower public_share of P from 1 to 0.75." in words
    assert "P free." in words


def test_rows_without_a_part_are_not_named(tmp_path: Path) -> None:
    # Q needs no public money, R's comes from another programme, and the limit of 2031 is wide.
    programmes = [
        *fund(30, **{"2031": 90}),
        {"programme": "other", "amount": 20},
    ]
    rows = [forced("P", 40), forced("Q", 40, public_share=0), forced("R", 20, region="N")]
    only = [("fund", "W"), ("other", "N")]
    eligibility: Rows = [{"programme": k, "field": "region", "value": r} for k, r in only]
    case = chain(projects=rows, programmes=programmes, eligibility=eligibility)
    conflict, _ = explained(tmp_path, case)
    assert rows_of(conflict) == {("P", "decision"), ("P", "public_share"), ("fund", "amount")}


def test_awkward_numbers_are_rounded_to_the_side_that_mends(tmp_path: Path) -> None:
    # 12.3456 is needed: 12.35 of four digits; of 7.77 it is 0.62937...: 0.6293.
    case = chain(projects=[forced("P", 12.3456)], programmes=fund(7.77))
    conflict, _ = explained(tmp_path, case)
    assert {("fund", "amount"): 12.35} in mends_of(conflict)
    assert {("P", "public_share"): 0.6293} in mends_of(conflict)
    # Half of the face value counts: 12.3456 / 2 = 6.1728, up to 6.173.
    case = chain(projects=[forced("P", 12.3456)], programmes=fund(5, charge=0.5))
    conflict, _ = explained(tmp_path, case)
    assert {("fund", "amount"): 6.173} in mends_of(conflict)


def test_two_projects_and_one_amount(tmp_path: Path) -> None:
    # 70 are needed, 50 are there: one of them free is enough, the larger or the smaller.
    case = chain(projects=[forced("P", 40), forced("Q", 30)], programmes=fund(50))
    conflict, _ = explained(tmp_path, case)
    assert len(conflict.rows) == 5
    assert {("fund", "amount"): 70} in mends_of(conflict)
    (free,) = [m for m in mends_of(conflict) if "free" in m.values()]
    assert len(free) == 1


def test_a_public_share_of_the_settings(tmp_path: Path) -> None:
    # Half of 40 is needed where 10 are there; the project's own cell is the one to fill.
    rows = [forced("P", 40, public_share=""), forced("Q", 1, public_share=0, decision="")]
    case = chain({"public_share": 0.5}, projects=rows, programmes=fund(10))
    conflict, words = explained(tmp_path, case)
    assert ("P", "public_share") in rows_of(conflict)
    assert {("P", "public_share"): 0.25} in mends_of(conflict)
    assert "lower public_share of P from 0.5 to 0.25." in words


SPENT: dict[str, Any] = {"spend": "two", "lead_time": 0}
TWO: Rows = [{"spend": "two", "year_1": 0.5, "year_2": 0.5}]


def test_yearly_limits(tmp_path: Path) -> None:
    # 20 fall due in 2030 and in 2031, and 10 may.
    limits = {"2030": 10, "2031": 10, "2032": 10}
    rows = [forced("P", 40, **SPENT)]
    case = chain(projects=rows, spends=TWO, programmes=fund(**limits))
    conflict, _ = explained(tmp_path, case)
    # One of the two is enough to rule it out.
    assert len(conflict.rows) == 3
    assert {("fund", "2030"): 20, ("fund", "2031"): 20} in mends_of(conflict)
    assert {("P", "public_share"): 0.5} in mends_of(conflict)


def test_yearly_limits_with_carry_over(tmp_path: Path) -> None:
    # 15 fall due in 2030 and 15 in 2031; 10 and 20 may by then, so that 5 and 10 are missing.
    limits = {str(t): 10 for t in range(2030, 2034)}
    rows = [forced("P", 30, **SPENT)]
    case = chain(projects=rows, spends=TWO, programmes=fund(carry_over="yes", **limits))
    conflict, _ = explained(tmp_path, case)
    (raised,) = [m for m in mends_of(conflict) if ("fund", "2030") in m]
    assert sum(to - 10 for to in raised.values()) == pytest.approx(10)
    assert raised["fund", "2030"] >= 15
    # 10 of 15 in 2030, 20 of 30 by 2031.
    assert {("P", "public_share"): 0.6666} in mends_of(conflict)


def test_an_amount_and_a_yearly_limit_together(tmp_path: Path) -> None:
    # 40 fall due at once, of which 30 may in all and 20 in 2030: both must rise.
    case = chain(projects=[forced("P", 40)], programmes=fund(30, **{"2030": 20}))
    conflict, words = explained(tmp_path, case)
    assert len(conflict.rows) == 3
    assert {("fund", "amount"): 40, ("fund", "2030"): 40} in mends_of(conflict)
    assert "raise amount of fund from 30 to 40; programmes!" in words


def test_private_capital(tmp_path: Path) -> None:
    # 40 fall due, of which the fund may pay 10; 25 private are there: 5 are missing.
    rows = [forced("P", 40, public_share=0)]
    capital: Rows = [{"field": "all", "2030": 25, "2031": 25}]
    case = chain(projects=rows, programmes=fund(10), private_capital=capital)
    conflict, words = explained(tmp_path, case)
    assert rows_of(conflict) == {("P", "decision"), ("fund", "amount"), ("all", "2030")}
    assert {("all", "2030"): 30} in mends_of(conflict)
    assert {("fund", "amount"): 15} in mends_of(conflict)
    assert "private_capital!" in words
    # Of one region alone, and of a project spent over two years.
    capital = [
        {"field": "region", "value": "W", "2030": 15, "2031": 30},
        {"field": "region", "value": "N", "2030": 1},
    ]
    rows = [forced("P", 40, public_share=0, **SPENT)]
    case = chain(projects=rows, spends=TWO, private_capital=capital)
    conflict, _ = explained(tmp_path, case)
    assert rows_of(conflict) == {("P", "decision"), ("region W", "2030")}
    assert mends_of(conflict) == [{("P", "decision"): "free"}, {("region W", "2030"): 20}]


def test_build_limits(tmp_path: Path) -> None:
    rows = [forced(name, 20 + n, public_share=0) for n, name in enumerate("PQR")]
    limits: Rows = [
        {"field": "all", "what": "starts", "2030": 1},
        {"field": "stage", "value": "mining", "what": "starts", "2030": 0},
    ]
    conflict, words = explained(tmp_path, chain(projects=rows, build_limits=limits))
    # Two of the three are enough for a conflict; three starts, or one alone, mend it.
    assert len(conflict.rows) == 3
    assert {("all starts", "2030"): 3} in mends_of(conflict)
    (free,) = [m for m in mends_of(conflict) if "free" in m.values()]
    assert len(free) == 2
    assert "build_limits!" in words
    # A limit between two whole numbers.
    limits = [{"field": "all", "what": "starts", "2030": 1.5}]
    conflict, _ = explained(tmp_path, chain(projects=rows, build_limits=limits))
    assert {("all starts", "2030"): 3} in mends_of(conflict)
    # 63 are committed in 2030, and 50 may be.
    limits = [{"field": "stage", "value": "metal", "what": "capex", "2030": 50}]
    conflict, _ = explained(tmp_path, chain(projects=rows, build_limits=limits))
    assert {("stage metal capex", "2030"): 63} in mends_of(conflict)
    (free,) = [m for m in mends_of(conflict) if "free" in m.values()]
    assert len(free) == 1


def test_limits_on_capacity(tmp_path: Path) -> None:
    # Two of 10 each; no project digs, so the second limit covers none.
    rows = [forced("P", 20, public_share=0), forced("Q", 30, public_share=0)]
    limit = {"what": "capacity", "commodity": "metal", "2030": 10.5}
    limits: Rows = [{"field": "all", **limit}, {"field": "stage", "value": "mining", **limit}]
    conflict, _ = explained(tmp_path, chain(projects=rows, build_limits=limits))
    assert {("all capacity metal", "2030"): 20} in mends_of(conflict)
    assert len(conflict.rows) == 3


def test_limits_on_capacity_that_carry_over(tmp_path: Path) -> None:
    # 12 and 4 and, from 2032 on, 30 more come together. Q of 10 fits into 2030, and P of 10 beside
    # it by 2031 lacks 4, of either year.
    rows = [forced("P", 20, public_share=0, decision="force 2031"), forced("Q", 30, public_share=0)]
    years = {"2030": 12, "2031": 4, "2032": 30, "2033": 30}
    limit = {"field": "all", "what": "capacity", "commodity": "metal", "carry_over": "yes", **years}
    conflict, _ = explained(tmp_path, chain(projects=rows, build_limits=[limit]))
    name = "all capacity metal"
    decisions = {("P", "decision"), ("Q", "decision")}
    assert rows_of(conflict) == decisions | {(name, "2030"), (name, "2031")}
    (raised,) = [m for m in mends_of(conflict) if m.keys() <= {(name, "2030"), (name, "2031")}]
    assert sum(to - years[year] for (_, year), to in raised.items()) == pytest.approx(4)
    assert len(conflict.mends) == 2


def test_both_kinds_of_build_limit(tmp_path: Path) -> None:
    rows = [forced("P", 20, public_share=0), forced("Q", 30, public_share=0)]
    limits: Rows = [
        {"field": "all", "what": "starts", "2030": 1},
        {"field": "all", "what": "capex", "2030": 40.5},
    ]
    conflict, _ = explained(tmp_path, chain(projects=rows, build_limits=limits))
    assert {("all starts", "2030"): 2, ("all capex", "2030"): 50} in mends_of(conflict)


# ---- A given plan ---------------------------------------------------------------------------


def planned(**values: Any) -> Sheets:
    """A case with plan `a` of P and `b` of P and Q; a fund of 50 for smelters of 40 and 30."""
    rows = [forced("P", 40, decision=""), forced("Q", 30, decision="")]
    plans = [("a", "P", 2030), ("b", "P", 2030), ("b", "Q", 2031)]
    return chain(
        projects=rows,
        programmes=fund(50, **values),
        plans=[{"plan": n, "project": j, "year": t} for n, j, t in plans],
    )


def test_a_given_plan(tmp_path: Path) -> None:
    assert has_plan(tmp_path, planned(), "a")
    # Plan a commits P in 2030 too: the row named is that of plan b.
    conflict, words = explained(tmp_path, planned(), "b")
    assert {dict(p.keys)["plan"] for p in conflict.rows if p.sheet == "plans"} == {"b"}
    assert rows_of(conflict) == {
        *(("b P 2030", "project"), ("b Q 2031", "project")),
        *(("P", "public_share"), ("Q", "public_share"), ("fund", "amount")),
    }
    assert {("fund", "amount"): 70} in mends_of(conflict)
    (out,) = [m for m in mends_of(conflict) if "left out" in m.values()]
    assert len(out) == 1
    assert "left out." in words


def test_two_commitments_of_one_project_in_a_plan(tmp_path: Path) -> None:
    # Each of the two needs 40 of public money; the fund has 20 for the first and 25 for the second.
    rows = [forced("P", 40, decision="", max_units=2)]
    funds = [
        {"programme": "first", "amount": 20, "commit_to": 2030},
        {"programme": "second", "amount": 25, "commit_from": 2031},
    ]
    plans: Rows = [{"plan": "a", "project": "P", "year": t} for t in (2030, 2031)]
    conflict, _ = explained(tmp_path, chain(projects=rows, programmes=funds, plans=plans), "a")
    assert {("first", "amount"): 40, ("second", "amount"): 40} in mends_of(conflict)
    # One share for both: 20 of 40.
    assert {("P", "public_share"): 0.5} in mends_of(conflict)


def test_a_size_of_a_plan(tmp_path: Path) -> None:
    # 60 of a smelter of any size up to 100 cost USD 60 million, all of it public; the fund has 50.
    sizes = {"capacity": "", "capacity_max": 100, "capex_per_unit": 1}
    rows = [project("P", "smelt", 0, 0, public_share=1, **sizes)]
    plans: Rows = [{"plan": "a", "project": "P", "year": 2030, "size": 60}]
    case = chain(projects=rows, programmes=fund(50), plans=plans)
    conflict, _ = explained(tmp_path, case, "a")
    asked = {("a P 2030", "project"), ("P", "public_share"), ("fund", "amount")}
    assert rows_of(conflict) == asked
    assert {("fund", "amount"): 60} in mends_of(conflict)


# ---- Targets --------------------------------------------------------------------------------


SMALL, LARGE = (
    project("P", "smelt", 30, 30, public_share=1),
    project("Q", "smelt", 40, 50, public_share=1),
)


def aimed(*targets: dict[str, Any], money: float = PLENTY, **sheets: Any) -> Sheets:
    """The case with smelters of 30 and 40 that cost 30 and 50 of public money, and targets."""
    rows = [{"target": f"t{n}", "year": 2033, **row} for n, row in enumerate(targets)]
    given = {"projects": [SMALL, LARGE], "programmes": [{"programme": "fund", "amount": money}]}
    return chain(**{**given, "targets": rows, **sheets})


def test_dependence_target_of_the_settings(tmp_path: Path) -> None:
    # Both smelters make 70 of 100 from 2030 on.
    case = aimed()
    case["settings"].append({"key": "dependence_target", "value": 0.2})
    assert not has_plan(tmp_path, case)
    tables, job = job_of(tmp_path, case)
    conflict = explain_infeasible(job)
    assert mends_of(conflict) == [{("dependence_target", "value"): 0.3}]
    assert_mends(tmp_path, case, conflict.mends[0], None)
    words = conflict_words(tables, conflict)
    cell = cell_of(case, conflict.rows[0])
    assert f"{cell}: raise dependence_target from 0.2 to 0.3." in words


@pytest.mark.parametrize(
    ("aim", "reached"),
    [
        (("dependence", "", 0.2, "at_most"), 0.3),
        (("dependence", "W", 0.2, "at_most"), 0.3),
        (("source_share", "metal:X", 0.2, "at_most"), 0.3),
        (("source_share", "metal:any:W", 0.2, "at_most"), 0.3),
        (("home_share", "metal:W", 0.9, "at_least"), 0.7),
        (("output", "metal:W", 80, "at_least"), 70),
    ],
)
def test_each_metric(tmp_path: Path, aim: tuple[str, str, float, str], reached: float) -> None:
    row = dict(zip(("metric", "scope", "bound", "sense"), aim, strict=True))
    conflict, words = explained(tmp_path, aimed(row))
    assert rows_of(conflict) == {("t0", "bound")}
    assert mends_of(conflict) == [{("t0", "bound"): pytest.approx(reached)}]
    verb = "raise" if reached > aim[2] else "lower"
    assert f"{verb} bound of t0 from {aim[2]} to {reached}." in words


def test_a_shortfall_target(tmp_path: Path) -> None:
    # Nothing comes out of X any more: 70 of 100 are made, 30 short.
    closed: Rows = [
        {"origin": "X", "destination": "*", "commodity": "*", "open": "no"},
        {"origin": "W", "destination": "*", "commodity": "*"},
    ]
    aim = {"metric": "shortfall", "bound": 0.25}
    conflict, _ = explained(tmp_path, aimed(aim, lanes=closed))
    assert mends_of(conflict) == [{("t0", "bound"): pytest.approx(0.3)}]


def test_a_target_that_more_of_something_would_meet(tmp_path: Path) -> None:
    # 0.5 asks for both smelters: 80 of public money in place of 60.
    aim = {"metric": "dependence", "bound": 0.5}
    conflict, words = explained(tmp_path, aimed(aim, money=60))
    assert mends_of(conflict) == [{("t0", "bound"): 0.6}, {("fund", "amount"): 80}]
    assert "raise amount of fund from 60 to 80." in words
    # A yearly limit, of which 2033 is the last chance: both at once, or one a year.
    limits = {str(t): 10 for t in range(2030, 2034)}
    late = [{**row, "earliest": 2033} for row in (SMALL, LARGE)]
    funds: Rows = [{"programme": "fund", "amount": 100, **limits}]
    conflict, _ = explained(tmp_path, aimed(aim, programmes=funds, projects=late))
    assert {("fund", "2033"): 80} in mends_of(conflict)
    # Build limits and private capital.
    own = [{**row, "public_share": 0} for row in late]
    limit: Rows = [{"field": "all", "what": "starts", "2033": 1}]
    conflict, _ = explained(tmp_path, aimed(aim, projects=own, build_limits=limit))
    assert mends_of(conflict) == [{("t0", "bound"): 0.6}, {("all starts", "2033"): 2}]
    limit = [{"field": "all", "what": "capex", "2033": 60}]
    conflict, _ = explained(tmp_path, aimed(aim, projects=own, build_limits=limit))
    assert {("all capex", "2033"): 80} in mends_of(conflict)
    capital: Rows = [{"field": "all", "2033": 61}]
    conflict, _ = explained(
        tmp_path, aimed(aim, projects=own, private_capital=capital, programmes=[])
    )
    assert {("all", "2033"): 80} in mends_of(conflict)


def test_what_always_runs_stands_against_a_target(tmp_path: Path) -> None:
    # The mine of W digs 600 of its 1000 in every year, and in 2033 no more than 500 may be dug.
    facilities = chain()["facilities"]
    facilities[0] |= {"least_use": 0.6}
    aim = {"metric": "output", "scope": "ore:W", "bound": 500, "sense": "at_most"}
    conflict, words = explained(tmp_path, aimed(aim, facilities=facilities))
    assert mends_of(conflict) == [{("t0", "bound"): 600}, {("mine_w", "least_use"): 0.5}]
    assert "lower least_use of mine_w from 0.6 to 0.5." in words


def test_the_earliest_year(tmp_path: Path) -> None:
    # Committed in 2030 Q makes nothing before 2032; P alone leaves 0.7.
    slow = [SMALL, {**LARGE, "lead_time": 2}]
    aim = {"metric": "dependence", "bound": 0.5, "year": 2031}
    conflict, words = explained(tmp_path, aimed(aim, projects=slow))
    assert mends_of(conflict) == [{("t0", "bound"): 0.7}]
    assert "The earliest year in which target t0 can be met is 2032." in words
    case = aimed({**aim, "year": 2032}, projects=slow)
    assert has_plan(tmp_path, case)
    # Never, in no later year of the plan.
    conflict, words = explained(tmp_path, aimed({**aim, "bound": 0.1}, projects=slow))
    assert "Target t0 cannot be met in any later year of the plan." in words
    # There is no later year than the last.
    conflict, words = explained(tmp_path, aimed({**aim, "bound": 0.1, "year": 2033}, projects=slow))
    assert "later" not in words


def rival_targets(**sheets: Any) -> Sheets:
    """A smelter in W or one in N can be paid, and a target asks for each."""
    rows = [SMALL, {**LARGE, "region": "N"}]
    aims = [
        {"metric": "output", "scope": "metal:W", "bound": 30, "sense": "at_least"},
        {"metric": "output", "scope": "metal:N", "bound": 40, "sense": "at_least"},
        {"metric": "dependence", "bound": 0.9},
    ]
    return aimed(*aims[: sheets.pop("number", 2)], money=60, **{"projects": rows, **sheets})


def test_targets_that_rule_each_other_out(tmp_path: Path) -> None:
    conflict, words = explained(tmp_path, rival_targets())
    assert rows_of(conflict) == {("t0", "bound"), ("t1", "bound")}
    # Neither is made at all, or both smelters are paid: 30 and 50.
    assert mends_of(conflict) == [
        *({("t0", "bound"): 0}, {("t1", "bound"): 0}),
        {("fund", "amount"): 80},
    ]
    assert "These rows cannot hold together:" in words
    assert "Any one of these would mend it:" in words


def test_targets_that_rule_each_other_out_with_others_beside_them(tmp_path: Path) -> None:
    # A dependence of 0.9 needs W's smelter, or what N's sends: it stands beside the two.
    conflict, _ = explained(tmp_path, rival_targets(number=3))
    assert rows_of(conflict) == {("t0", "bound"), ("t1", "bound")}


def test_two_targets_out_of_reach(tmp_path: Path) -> None:
    # 70 can be made, whatever is spent: both bounds must give way.
    aims = (
        {"metric": "output", "scope": "metal:W", "bound": 80, "sense": "at_least"},
        {"metric": "dependence", "bound": 0.2},
    )
    assert not has_plan(tmp_path, aimed(*aims))
    tables, job = job_of(tmp_path, aimed(*aims))
    conflict = explain_infeasible(job)
    assert rows_of(conflict) == {("t0", "bound"), ("t1", "bound")}
    assert mends_of(conflict) == [{("t0", "bound"): 70, ("t1", "bound"): 0.3}]
    assert_mends(tmp_path, aimed(*aims), conflict.mends[0], None)
    assert "This would mend it:" in conflict_words(tables, conflict)


def test_a_target_out_of_reach_beside_one_in_its_way(tmp_path: Path) -> None:
    # N's smelter of 40 alone can be paid beside W's of 30, or W's ... with 50 there is one of them.
    # t0 asks for 60 in W, where 30 can be made; t1 asks for 40 in N. Kept, t1 leaves W nothing.
    case = rival_targets()
    case["targets"][0]["bound"] = 60
    conflict, _ = explained(tmp_path, case)
    assert mends_of(conflict) == [{("t0", "bound"): 0}]


def blending(bound: float, sense: str = "at_most") -> Sheets:
    """A metal of 0.6 ore of W and 0.4 rare of X, of which 50 must be made, and an alloy of 0.69 ore
    and 0.31 rare, of which up to 100 can be made and need not be. No rare is left over."""
    recipes = [
        *(("dig", "ore", 1), ("dig2", "rare", 1)),
        *(("smelt", "ore", -0.6), ("smelt", "rare", -0.4), ("smelt", "metal", 1)),
        *(("blend", "ore", -0.69), ("blend", "rare", -0.31), ("blend", "alloy", 1)),
    ]
    stages = {"ore": "mining", "rare": "mining", "metal": "metal", "alloy": "metal"}
    aims = [
        {"metric": "source_share", "scope": "mining:X", "bound": bound, "sense": sense},
        {"metric": "output", "scope": "metal:W", "bound": 50, "sense": "at_least"},
    ]
    return aimed(
        *aims,
        projects=[],
        programmes=[],
        commodities=[
            {"commodity": c, "stage": s, "surplus": "none" if c == "rare" else "free"}
            for c, s in stages.items()
        ],
        processes=[
            {"process": p, "stage": "mining" if p.startswith("dig") else "metal"}
            for p in ("dig", "dig2", "smelt", "blend")
        ],
        recipes=[{"process": p, "commodity": c, "amount": a} for p, c, a in recipes],
        facilities=[
            plant("mine_w", "W", "dig", 1000),
            plant("mine_x", "X", "dig2", 1000),
            plant("smelter_w", "W", "smelt", 50),
            plant("blender_w", "W", "blend", 100),
        ],
    )


def test_a_source_share_is_eased_no_further_than_it_must(tmp_path: Path) -> None:
    # Of rare, 20 of 50 comes from X without the alloy, 20 + 31 of 150 with it: 0.34.
    conflict, _ = explained(tmp_path, blending(0.1))
    assert {("t0", "bound"): pytest.approx(0.34)} in mends_of(conflict)
    # A floor: 0.4 is the most, without the alloy.
    conflict, _ = explained(tmp_path, blending(0.9, "at_least"))
    assert {("t0", "bound"): pytest.approx(0.4)} in mends_of(conflict)


def test_a_target_that_nothing_can_count_for(tmp_path: Path) -> None:
    # No smelter of W can be built: nothing counts, and the bound is 0 at best.
    aim = {"metric": "output", "scope": "metal:W", "bound": 5, "sense": "at_least"}
    conflict, _ = explained(tmp_path, aimed(aim, projects=[], programmes=[]))
    assert mends_of(conflict) == [{("t0", "bound"): 0}]


# ---- No time --------------------------------------------------------------------------------


@pytest.mark.parametrize("aims", [False, True])
def test_no_time_to_say_what_stands_against_what(tmp_path: Path, aims: bool) -> None:
    # Rows that may conflict are named, and that there was no time for more.
    case = chain(projects=[forced("P", 40), forced("Q", 30)], programmes=fund(50))
    if aims:
        case = rival_targets()
    tables, job = job_of(tmp_path, case)
    job.control.stop.set()
    job.control.deadline = 0.0
    conflict = explain_infeasible(job)
    assert conflict.rows
    assert any("raise time_limit" in note for note in conflict.notes)
    assert "raise time_limit" in conflict_words(tables, conflict)
