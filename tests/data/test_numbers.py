"""The size of numbers: what is possible, what is usual, and how far apart they may lie."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from builders import Rows, chain, folder_of, plant, project, solved
from cases import write_folder
from click.testing import CliRunner
from number_cases import NUMBERS, NumberCell, number_case, number_cells, with_number

from opt import api
from opt.cli import cli
from opt.data.reader import read
from opt.data.reading.cells import type_cell
from opt.data.reading.raw import RawCell
from opt.data.sheets.columns import Column
from opt.data.sheets.ranges import Range
from opt.data.sheets.registry import SETTING, SETTINGS, SHEET, SHEETS
from opt.errors import InfeasibleError, InputError, Issue
from opt.record.run import Run
from opt.words import gathered, group_words

INPUTS = Path(__file__).parents[2] / "inputs"
CELLS = list(number_cells())
CASES = sorted(path for path in INPUTS.iterdir() if path.is_dir())


# ---- Declared ranges ------------------------------------------------------------------------


def declared() -> list[tuple[str, Column]]:
    """Every column that holds numbers, settings and blocks of years too."""
    found = [("settings", column) for column in SETTINGS]
    for sheet in SHEETS:
        found += [(sheet.name, column) for column in sheet.columns]
        if sheet.years is not None:
            found.append((sheet.name, sheet.years.column("years")))
    return [(sheet, column) for sheet, column in found if column.kind in NUMBERS]


@pytest.mark.parametrize(
    ("sheet", "column"), declared(), ids=[f"{s}.{c.name}" for s, c in declared()]
)
def test_every_number_column_says_what_is_possible_and_usual(sheet: str, column: Column) -> None:
    allowed = column.range
    assert allowed is not None, sheet
    low, high = allowed.usual
    assert allowed.low <= allowed.high
    assert 0 <= allowed.least <= low <= high <= max(allowed.high, -allowed.low)


@pytest.mark.parametrize("is_text", [False, True], ids=["in a workbook", "in CSV"])
@pytest.mark.parametrize("text", ["1e400", "-1e400", "1,000" + ",000" * 200, "9" * 400 + "%"])
def test_text_of_a_number_beyond_all_is_no_guess(text: str, is_text: bool) -> None:
    """What the checks would count with does not end in infinity, in any column."""
    for _, column in declared():
        typed = type_cell(RawCell(text), column, is_text)
        assert (typed.value, typed.hint) == (None, "Type a number.")
        assert typed.message


@pytest.mark.parametrize(
    ("column", "text", "guess"),
    [
        (SETTING["first_year"], "2026", 2026),  # years from 1900 to 2200
        (SETTING["first_year"], "20260", None),
        (SHEET["facilities"].column("capacity"), "1200", 1200),
        (SHEET["facilities"].column("capacity"), "-1200", None),
        (SHEET["facilities"].column("capacity"), "1e200", None),
    ],
)
def test_text_is_a_guess_where_its_column_could_hold_it(
    column: Column, text: str, guess: float | None
) -> None:
    typed = type_cell(RawCell(text), column, is_text=False)
    assert typed.value == guess
    assert typed.message == f"'{text}' is text, not a number."


def test_columns_of_words_have_no_range() -> None:
    words = [c for sheet in SHEETS for c in sheet.all_columns if c.kind not in NUMBERS]
    assert [c.name for c in (*words, *SETTINGS) if c.range and c.kind not in NUMBERS] == []


def test_the_cases_here_reach_every_number_column() -> None:
    reached = {(cell.sheet, cell.range) for cell in CELLS}
    assert {(sheet, column.range) for sheet, column in declared()} == reached
    assert len(CELLS) == len(declared())


def beyond(allowed: Range) -> list[float]:
    """Numbers that cannot be: far and just beyond, and nearly nothing."""
    numbers = [1e300, 1e20, -1e20, allowed.high * 1.01]
    numbers += [allowed.least / 2, 1e-300] if allowed.least else []
    return [*numbers, -allowed.high * 1.01 - 1] if allowed.low < 0 else numbers


def faults(path: Path) -> Sequence[Issue]:
    """What is wrong with a workbook, or with a plan of it alone."""
    try:
        tables = read(path)
    except InputError as error:
        return error.issues
    return [issue for found in tables.plan_faults.values() for issue in found]


@pytest.mark.parametrize("cell", CELLS, ids=[f"{cell.name}-{cell.row}" for cell in CELLS])
def test_what_is_impossible_is_refused_by_its_cell(tmp_path: Path, cell: NumberCell) -> None:
    for n, number in enumerate(beyond(cell.range)):
        places = {
            (issue.sheet, issue.value)
            for issue in faults(with_number(tmp_path / str(n), cell, number))
        }
        assert (cell.sheet, f"{number:g}") in {(s, _short(v)) for s, v in places}, number


def _short(text: str) -> str:
    try:
        return f"{float(text):g}"
    except ValueError:
        return text


@pytest.mark.parametrize(
    ("cell", "number", "fault"),
    [
        ("demand.2026", 1e15, "1000000000000000.0 is above 1e12. Type at most 1e12 units/yr."),
        (
            "demand.2026",
            1e-30,
            "1e-30 is not 0, but smaller than 1e-6. Type 0, or at least 1e-6 units/yr.",
        ),
        ("projects.capacity", 1e20, "1e+20 is above 1e12. Type at most 1e12 units/yr."),
        (
            "facilities.fixed_opex",
            1e300,
            "1e+300 is above 1000000. Type at most 1000000 USD million/yr.",
        ),
        ("projects.lead_time", 1e8, "100000000 is above 100. Type at most 100 years."),
        ("projects.capex", 6e11, "600000000000 is above 1e9. Type at most 1e9 USD million."),
        ("recipes.amount", -1e8, "-100000000 is below -1e7. Type -1e7 or more."),
        ("commodities.surplus", -1e13, "-10000000000000 is below -1e12. Type -1e12 or more."),
    ],
)
def test_the_mend_says_the_unit(tmp_path: Path, cell: str, number: float, fault: str) -> None:
    place = next(found for found in CELLS if found.name == cell)
    with pytest.raises(InputError) as caught:
        read(with_number(tmp_path / "case", place, number))
    assert [str(issue).partition(": ")[2] for issue in caught.value.issues] == [fault]


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("threads", "99999", "threads: 99999 is above 64. Type at most 64."),
        ("threads", "0", "threads: 0 is below 1. Type 1 or more."),
        ("seed", "99999999999999", "seed: 99999999999999 is above 2147483647."),
        ("time_limit", "1e9", "time_limit: 1000000000 is above 3e7. Type at most 3e7 seconds."),
    ],
)
def test_settings_from_outside_are_refused_by_key(key: str, value: str, fault: str) -> None:
    with pytest.raises(InputError) as caught:
        read(INPUTS / "small", {key: value})
    assert f"settings: {fault}" in str(caught.value)


@pytest.mark.parametrize("option", [["--threads", "99999"], ["--set", "threads=99999"]])
def test_no_thread_is_started_beyond_what_is_possible(tmp_path: Path, option: list[str]) -> None:
    out = str(tmp_path / "run")
    answer = CliRunner().invoke(cli, ["solve", str(INPUTS / "small"), "--out", out, *option])
    assert answer.exit_code == 2
    assert "threads: 99999 is above 64." in answer.output
    assert not (tmp_path / "run").exists()


# ---- Usual numbers --------------------------------------------------------------------------


def warnings(case: Path) -> list[str]:
    """The warnings of a workbook as opt check prints them, those of one kind on one line."""
    return [group_words(group) for group in gathered(read(case).warnings)]


@pytest.mark.parametrize("case", CASES, ids=[path.name for path in CASES])
def test_shipped_workbooks_hold_usual_numbers(case: Path) -> None:
    words = ("usual", "as much", "less than")
    assert [line for line in warnings(case) if any(word in line for word in words)] == []


def copy(folder: Path, *cells: tuple[str, str, str]) -> Path:
    """The small case with texts of its sheets replaced: sheet, old, new."""
    target = folder / "case"
    shutil.copytree(INPUTS / "small", target)
    for sheet, old, new in cells:
        file = target / f"{sheet}.csv"
        text = file.read_text(encoding="utf-8")
        assert old in text, (sheet, old)
        file.write_text(text.replace(old, new), encoding="utf-8")
    return target


def test_capex_in_usd_is_warned_of_on_one_line(tmp_path: Path) -> None:
    sizes = (("40,30,1", 30), ("70,50,3", 50), ("40,60,1", 60), ("100,100,2", 100))
    cells = [("projects", old, old.replace(f",{n},", f",{n}000000,")) for old, n in sizes]
    assert warnings(copy(tmp_path, *cells)) == [
        "projects!G2, G3, G4, G5 (4 cells): numbers in column capex that are unusual: 0.1 to 100000"
        " USD million is usual: quick_mine 30000000, great_mine 50000000, quick_refinery 60000000,"
        " great_refinery 100000000. Check the unit: USD million, not USD."
    ]


def build_limit(folder: Path, what: str, amount: float) -> Path:
    """The first case with a limit of a kind in 2026."""
    case = number_case()
    row = dict.fromkeys(case["build_limits"][0], "")
    row |= {"field": "all", "what": what, "2026": amount, "2027": amount}
    row |= {"commodity": "magnet"} if what == "capacity" else {}
    case["build_limits"] = [list(row), list(row.values())]
    case["lifts"] = case["lifts"][:1]
    return write_folder(folder, case)


@pytest.mark.parametrize(
    ("what", "sound", "odd", "wrong"),
    [
        ("starts", 10_000, 20_000, 2e6),
        ("capex", 1e6, 2e6, 2e9),
        ("capacity", 1e9, 2e9, 2e12),
    ],
)
def test_what_is_limited_says_what_size_is_usual(
    tmp_path: Path, what: str, sound: float, odd: float, wrong: float
) -> None:
    """A thousand million tonnes a year are a usual limit on capacity, and no number of starts."""

    def told(name: str, amount: float) -> list[str]:
        found = read(build_limit(tmp_path / name, what, amount)).warnings
        return [w.message for w in found if w.sheet == "build_limits" and "usual" in w.message]

    assert told("sound", sound) == []
    assert len(told("odd", odd)) == 2
    with pytest.raises(InputError) as caught:
        read(build_limit(tmp_path / "wrong", what, wrong))
    assert {issue.sheet for issue in caught.value.issues} == {"build_limits"}
    assert all("is above" in issue.message for issue in caught.value.issues)


# (what was slipped, the cell, what was typed, words of the warning)
SLIPS: list[tuple[str, str, float, str]] = [
    ("a fund in USD", "programmes.amount", 5e8, "USD million, not USD"),
    ("a yearly limit in USD", "programmes.2026", 5e7, "USD million, not USD"),
    ("private money in USD", "private_capital.2026", 7e8, "USD million, not USD"),
    ("a ticket in USD", "programmes.ticket_max", 2e8, "USD million, not USD"),
    ("fixed opex in USD", "projects.fixed_opex", 1e6, "USD million/yr, not USD"),
    ("capex a tonne in USD", "projects.capex_per_unit", 5e4, "neither USD nor per kt"),
    ("months for years", "projects.lead_time", 36, "years, not months"),
    ("per cent for a factor", "shocks.factor", 80, "a factor, not per cent"),
    ("per cent for a charge", "programmes.charge", 35, "a share, not per cent"),
    ("price in USD million", "prices.2026", 0.003, "neither USD million nor per kt"),
    ("demand in kt in one year", "demand.2026", 2, "t is not kt"),
    ("capacity in kt in one year", "facilities.2026", 1e5, "t is not kt"),
]


@pytest.mark.parametrize(
    ("name", "number", "words"), [slip[1:] for slip in SLIPS], ids=[slip[0] for slip in SLIPS]
)
def test_slips_of_the_unit_are_warned_of(
    tmp_path: Path, name: str, number: float, words: str
) -> None:
    place = next(found for found in CELLS if found.name == name)
    sound = {str(w) for w in read(with_number(tmp_path / "sound", place, _now(place))).warnings}
    slipped = read(with_number(tmp_path / "slip", place, number)).warnings
    new = [str(w) for w in slipped if str(w) not in sound and "Check the unit" in str(w)]
    assert len(new) == 1
    assert words in new[0]
    assert new[0].startswith(f"{place.sheet}!")


def _now(place: NumberCell) -> Any:
    header, *lines = number_case()[place.sheet]
    return lines[place.row - 1][header.index(place.column)]


def test_amounts_of_a_recipe_are_compared_by_mass(tmp_path: Path) -> None:
    # Of a tonne of ore a thousand of metal are made.
    metal = "metal,Refined metal,demo metal,refining,"
    with pytest.raises(InputError, match="makes 1000 of demo metal"):
        read(copy(tmp_path, ("commodities", f"{metal}t", f"{metal}kt")))


# ---- How far apart --------------------------------------------------------------------------


def two_goods(
    demands: tuple[float, float] = (100, 100),
    capex: tuple[float, float] = (30, 50),
    capacity: float = 1000,
    weight: float = 1,
    amount: float = 1,
    **settings: Any,
) -> dict[str, Rows]:
    """W needs metal and gems; X alone makes both, until P is built for metal and Q for gems."""
    metal, gems = demands
    base = chain({"public_share": 1, **settings})
    parts = {"commodity": "gem", "mineral": "M", "stage": "metal", "surplus": "free"}
    recipes = [("smelt", "ore", -1), ("smelt", "metal", 1), ("cut", "ore", -amount)]
    recipes += [("cut", "gem", amount), ("dig", "ore", 1)]
    return base | {
        "commodities": [*base["commodities"], parts],
        "processes": [*base["processes"], {"process": "cut", "stage": "metal"}],
        "recipes": [{"process": p, "commodity": c, "amount": a} for p, c, a in recipes],
        "facilities": [
            plant("mine_w", "W", "dig", 10 * max(demands)),
            plant("mine_x", "X", "dig", 10 * max(demands)),
            plant("smelter_x", "X", "smelt", 10 * metal),
            plant("cutter_x", "X", "cut", 10 * gems),
        ],
        "demand": [
            {"region": "W", "commodity": "metal", "2030": metal, "2033": metal},
            {"region": "W", "commodity": "gem", "weight": weight, "2030": gems, "2033": gems},
        ],
        "projects": [
            project("P", "smelt", 2 * metal, capex[0]),
            project("Q", "cut", capacity, capex[1]),
        ],
        "programmes": [{"programme": "fund", "amount": sum(capex)}],
    }


def least_dependence(run: Run) -> float:
    """The value of the first pass, proven."""
    first = run.passes[0]
    assert first.bound == pytest.approx(first.value, abs=1e-12, rel=1e-9)
    return first.value


def fault_of(folder: Path, case: dict[str, Rows]) -> str:
    """The one fault of a case."""
    with pytest.raises(InputError) as caught:
        read(folder_of(folder, case))
    (issue,) = caught.value.issues
    return str(issue)


MEND = "Mend the wrong one of the two, or leave out what is too small to count."


def test_demands_as_far_apart_as_the_solver_can_hold(tmp_path: Path) -> None:
    # Only Q can be paid: what is left is the metal, all but 1 in 1e7 + 1 of the whole.
    case = two_goods((1e7, 1), (80, 50)) | {"programmes": [{"programme": "fund", "amount": 60}]}
    assert least_dependence(solved(tmp_path, case)) == pytest.approx(1e7 / (1e7 + 1), abs=1e-9)
    assert fault_of(tmp_path, two_goods((1.01e7, 1))) == (
        "demand!C2: 10100000 is 10,100,000 times the smallest demand that counts, 1 in demand!C3;"
        f" the solver can hold 1e7 in one case. {MEND}"
    )


def test_candidates_as_far_apart_as_the_solver_can_hold(tmp_path: Path) -> None:
    # The fund lacks a hundredth of what the cheap one costs, so one of the two is left out.
    case = two_goods(capex=(1e6, 1)) | {"programmes": [{"programme": "fund", "amount": 1e6 + 0.99}]}
    run = solved(tmp_path, case)
    assert least_dependence(run) == pytest.approx(0.5, abs=1e-9)
    assert run.metrics.public_musd == pytest.approx(1.0, abs=1e-6)
    assert fault_of(tmp_path, two_goods(capex=(1.1e6, 1))) == (
        "projects!E2: 1100000 is 1,100,000 times the cheapest candidate, 1 in projects!E3;"
        f" the solver can hold 1000000 in one case. {MEND}"
    )


def test_a_candidate_that_nothing_can_pay_is_no_extreme(tmp_path: Path) -> None:
    # P costs 1e9 and the fund holds 50: Q alone, and half of all demand is met.
    case = two_goods(capex=(1e9, 50)) | {"programmes": [{"programme": "fund", "amount": 50}]}
    run = solved(tmp_path, case)
    assert least_dependence(run) == pytest.approx(0.5, abs=1e-9)
    assert [c.project for c in run.solution.commitments] == ["Q"]


def test_a_candidate_as_large_as_the_solver_can_hold(tmp_path: Path) -> None:
    # Q would cut a million times the gems asked for, but the fund lacks 1 of its 50.
    case = two_goods(capacity=1e8) | {"programmes": [{"programme": "fund", "amount": 49}]}
    assert least_dependence(solved(tmp_path, case)) == pytest.approx(0.5, abs=1e-9)
    assert fault_of(tmp_path, two_goods(capacity=1.1e8)) == (
        "projects!D3: 110000000 is 1,100,000 times the largest demand that counts, 100 in"
        f" demand!C2; the solver can hold 1000000 in one case. {MEND}"
    )


def test_a_candidate_too_small_to_count(tmp_path: Path) -> None:
    assert read(folder_of(tmp_path, two_goods((1e5, 1e5), capacity=0.01)))
    assert "times what a candidate could make, 0.01 in projects!D3" in fault_of(
        tmp_path, two_goods((1.1e5, 1e5), capacity=0.01)
    )


def test_plenty_is_of_the_size_of_what_counts(tmp_path: Path) -> None:
    def case(plenty: float) -> dict[str, Rows]:
        mine = plant("mine_w", "W", "dig", plenty)
        found = two_goods()
        return found | {"facilities": [mine, *found["facilities"][1:]]}

    assert least_dependence(solved(tmp_path, case(1e9))) == pytest.approx(0.0, abs=1e-9)
    assert "facilities!D2: 1100000000 is 11,000,000 times the largest demand" in fault_of(
        tmp_path, case(1.1e9)
    )


def test_weights_as_far_apart_as_the_solver_can_hold(tmp_path: Path) -> None:
    # Q alone can be paid, so all that weighs less by a million is met: 1 / (1 + 1e-6) is left.
    least = two_goods(capex=(80, 50), weight=1e-6)
    case = least | {"programmes": [{"programme": "fund", "amount": 60}]}
    assert least_dependence(solved(tmp_path, case)) == pytest.approx(1 / (1 + 1e-6), abs=1e-9)
    heavy = two_goods(weight=1e-6)
    heavy["demand"][0]["weight"] = 1.1
    assert "times the smallest weight of demand, 1e-06 in demand" in fault_of(tmp_path, heavy)


def test_amounts_of_a_recipe_as_far_apart_as_the_solver_can_hold(tmp_path: Path) -> None:
    def case(waste: float) -> dict[str, Rows]:
        found = two_goods()
        more = {"commodity": "dust", "mineral": "M", "stage": "waste", "surplus": "free"}
        found["recipes"].append({"process": "cut", "commodity": "dust", "amount": waste})
        return found | {"commodities": [*found["commodities"], more]}

    assert least_dependence(solved(tmp_path, case(1e-6))) == pytest.approx(0.0, abs=1e-9)
    thick = case(1e-6)
    thick["recipes"][3]["amount"] = 101.0
    thick["recipes"][2]["amount"] = -101.0
    assert "times the smallest amount of the recipe, 1e-06" in fault_of(tmp_path, thick)


def test_running_costs_as_far_from_capital_as_the_solver_can_hold(tmp_path: Path) -> None:
    # 100 t a year at USD 9e11 a tonne are USD 9e7 million, 1e8 times 0.9.
    def case(opex: float) -> dict[str, Rows]:
        found = two_goods(capex=(0.9, 0.9))
        found["facilities"][0]["opex"] = opex
        return found

    assert read(folder_of(tmp_path, case(9e11)))
    fault = fault_of(tmp_path, case(9.1e11))
    assert "(where 100 are asked for) the cheapest candidate, 0.9" in fault


# ---- One cell beside the others -------------------------------------------------------------

QUICK = ("projects", "Home,refine,40,60,")
# Another cell as large as it may be: sheet, old text, new text.
OTHERS: dict[str, tuple[str, str, str]] = {
    "a candidate": (*QUICK, "Home,refine,40,1e9,"),
    "a fund": ("programmes", "grant,50,2027", "grant,1e9,2027"),
    "a capacity": ("facilities", "Rival,mine,1000,", "Rival,mine,1e9,"),
    "what others need": (
        "demand",
        "Home,part,all,1,100,100,",
        "Rival,part,all,1,1e9,1e9,,,\nHome,part,all,1,100,100,",
    ),
    "what weighs nothing": (
        "demand",
        "Home,part,all,1,100,100,",
        "Home,part,toys,0,1e9,1e9,,,\nHome,part,all,1,100,100,",
    ),
}


def broken_rules(run: Run) -> set[str]:
    """The rules that the audit finds broken."""
    return {finding.rule for finding in api.recompute(run).findings}


def test_a_dear_candidate_that_is_not_needed_changes_nothing(tmp_path: Path) -> None:
    # docs/small_case.md: with the great refinery and the quick mine 260 of 600 t are clear, and no
    # other choice reaches that, least of all with the quick refinery, which now nothing can pay.
    run = api.solve(api.load(copy(tmp_path, (*QUICK, "Home,refine,40,5e8,"))))
    assert least_dependence(run) == pytest.approx(340 / 600, abs=1e-9)
    assert {c.project for c in run.solution.commitments} >= {"great_refinery", "quick_mine"}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_a_plan_without_payments_is_found_whatever_other_cells_hold(
    tmp_path: Path, other: tuple[str, str, str]
) -> None:
    run = api.solve(api.load(copy(tmp_path, other)))
    assert run.solution.payments
    unpaid = dataclasses.replace(run.solution, payments=())
    assert "require_public_share" in broken_rules(dataclasses.replace(run, solution=unpaid))


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_a_payment_short_by_a_thousandth_is_found_whatever_other_cells_hold(
    tmp_path: Path, other: tuple[str, str, str]
) -> None:
    run = api.solve(api.load(copy(tmp_path, other)))
    less = tuple(
        dataclasses.replace(paid, paid_musd=paid.paid_musd * 0.999)
        for paid in run.solution.payments
    )
    short = dataclasses.replace(run.solution, payments=less)
    assert "require_public_share" in broken_rules(dataclasses.replace(run, solution=short))


# ---- Any number in any cell -----------------------------------------------------------------


def ends(cell: NumberCell) -> list[float]:
    """The ends of what is possible and usual, and numbers far beyond."""
    allowed = cell.range
    inside = {allowed.low, allowed.high, allowed.high / 1e3, allowed.least, *allowed.usual}
    return [1e300, 1e20, -1e20, 1e-300, 1e15, *sorted(inside)]


def assert_answered(case: Path, scenarios: tuple[str | None, ...]) -> None:
    """The workbook is refused by cell, has no plan, or is solved and audited; nothing else."""
    try:
        loaded = api.load(case)
    except InputError:
        return
    if float(loaded.tables.settings["time_limit"]) < 1:  # type: ignore[arg-type]
        return
    for scenario in scenarios:
        try:
            assert api.solve(loaded, scenario=scenario).audit.passed
        except (InfeasibleError, InputError):
            continue


@pytest.mark.slow
@pytest.mark.parametrize("cell", CELLS, ids=[f"{cell.name}-{cell.row}" for cell in CELLS])
def test_any_number_is_refused_or_answered(tmp_path: Path, cell: NumberCell) -> None:
    scenarios = (None, "slow") if cell.sheet == "shocks" else (None,)
    for n, number in enumerate(ends(cell)):
        assert_answered(with_number(tmp_path / str(n), cell, number), scenarios)
