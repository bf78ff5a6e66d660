"""A plan under strain, on a case whose every answer is a line of arithmetic, and on drawn ones
beside the second program.

W needs 100 of metal a year over 2030-2033, all of it exposed without projects. Big makes 60 for USD
60 million, Little 30 for 30, at once; one fund of 90 pays for both. The plan is both in 2030: 10 of
100 are exposed.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from builders import Rows, Sheets, chain, folder_of, plant, project
from click.testing import CliRunner, Result
from documents import written_memo
from drawn_cases import FEW, cases
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from second_opinion import Extensive, Trial
from second_opinion_parts import total
from second_opinion_world import World

from opt import api, questions
from opt.audit.plan import FoundPlan
from opt.cli import cli
from opt.data.tables import Tables
from opt.errors import AuditError
from opt.fixed import FixedCommitment
from opt.record.run import Run
from opt.record.stress import Strain, Stress, StressCase
from opt.report.sections import regret
from opt.report.story import Story
from opt.solver.control import Control, Limits
from opt.solver.loaded import LastLoaded
from opt.solver.progress import Silent
from opt.solver.stage import SolveOptions
from opt.studies import change
from opt.studies import stress as stress_study
from opt.studies.answering import answer
from opt.studies.holding import GivenAnswer
from opt.studies.processes import processes
from opt.studies.runner import Runner
from opt.studies.store import Store
from opt.studies.task import Ask, How, Task

TOLERANCE = 2e-6
FUND: Rows = [{"programme": "Fund", "instrument": "grant", "amount": 90}]


def shock(scenario: str, what: str, **values: Any) -> dict[str, Any]:
    """A row of sheet shocks."""
    return {"scenario": scenario, "what": what, **values}


def case(*shocks: dict[str, Any], **sheets: Rows) -> Sheets:
    """The case, with a scenario of every name that the shocks have."""
    projects = [
        project("Big", "smelt", 60, 60, public_share=1),
        project("Little", "smelt", 30, 30, public_share=1),
    ]
    names = dict.fromkeys(row["scenario"] for row in shocks)
    rows: Sheets = {"projects": projects, "programmes": FUND}
    if shocks:
        rows |= {"scenarios": [{"scenario": name} for name in names], "shocks": list(shocks)}
    return chain(**{**rows, **sheets})


def solved(tmp_path: Path, of: Sheets, **asked: Any) -> Run:
    return api.solve(api.load(folder_of(tmp_path, of)), **asked)


def rows(found: Stress) -> dict[str, StressCase]:
    """The rows by case."""
    return {row.case: row for row in found.cases}


def near(value: float) -> Any:
    return pytest.approx(value, abs=TOLERANCE)


def stressed(tmp_path: Path, of: Sheets, **asked: Any) -> dict[str, StressCase]:
    return rows(questions.stress(solved(tmp_path, of), **asked))


# ---- Scenarios ------------------------------------------------------------------------------


def test_the_case_itself_comes_first(tmp_path: Path) -> None:
    found = questions.stress(solved(tmp_path, case()))
    assert [row.strain for row in found.cases] == [
        Strain.PLAN,
        Strain.SURE,
        Strain.FAILURE,
        Strain.FAILURE,
    ]
    first = found.cases[0]
    assert (first.dependence, first.last_year) == (near(0.1), near(0.1))
    assert (first.without_plan, first.without_last_year) == (near(1), near(1))
    assert (first.worst_short_share, first.worst_short_year) == (0, None)
    assert (first.best, first.regret, first.idle, first.lapsed) == (None, None, (), ())


def test_a_shortage_in_the_year_of_an_embargo(tmp_path: Path) -> None:
    """Nothing leaves X in 2032: 10 of 100 are short, and all 100 without the plan."""
    closed = shock("closed", "lane", field="origin", value="X", factor=0)
    found = stressed(tmp_path, case(closed | {"first_year": 2032, "last_year": 2032}))
    row = found["closed"]
    assert row.dependence == near(0.1)
    assert (row.worst_short_share, row.worst_short_units) == (near(0.1), near(10))
    assert (row.without_short_share, row.without_short_units) == (near(1), near(100))
    assert (row.worst_short_year, row.without_short_year) == (2032, 2032)


def test_a_delay_leaves_commitments_in_their_year(tmp_path: Path) -> None:
    """A year later: all of 2030 is exposed, then 10. Five years later both are paid and make
    nothing: no offer would be left."""
    later = [shock("late", "lead_time", shift=1), shock("never", "lead_time", shift=5)]
    found = stressed(tmp_path, case(*later))
    assert found["late"].dependence == near((1 + 3 * 0.1) / 4)
    assert found["late"].last_year == near(0.1)
    assert found["never"].dependence == near(1)
    assert found["never"].lapsed == found["never"].idle == ()


def test_more_demand(tmp_path: Path) -> None:
    found = stressed(tmp_path, case(shock("more", "demand", factor=1.5)))
    assert found["more"].dependence == near(60 / 150)
    assert found["more"].without_plan == near(1)


# ---- Money ----------------------------------------------------------------------------------


def test_what_cannot_be_paid_lapses(tmp_path: Path) -> None:
    """At a fifth more Big and Little take 108 of 90: of one year the dearest lapses. The best plan
    would be Big alone, 72."""
    found = stressed(tmp_path, case(shock("dear", "capex", factor=1.2)), regret=True)
    row = found["dear"]
    assert row.lapsed == ("Big",)
    assert row.dependence == near(0.7)
    assert (row.best, row.best_bound) == (near(0.4), near(0.4))
    assert (row.regret, row.regret_most) == (near(0.3), near(0.3))


def test_the_latest_lapses_first(tmp_path: Path) -> None:
    """Little can be committed in 2031 alone: it is the cheaper one, and the later. The fund may pay
    out 60 and 30, and the shock leaves 60 and 15."""
    of = case(shock("cut", "money", factor=0.5, first_year=2031))
    of["projects"][1] |= {"earliest": 2031, "latest": 2031}
    of["programmes"] = [{**FUND[0], "2030": 60, "2031": 30, "2032": 0, "2033": 0}]
    found = stressed(tmp_path, of)
    assert found["the plan"].dependence == near((0.4 + 3 * 0.1) / 4)
    assert found["cut"].lapsed == ("Little",)
    assert found["cut"].dependence == near(0.4)


def test_a_later_one_stands_where_its_money_is_there(tmp_path: Path) -> None:
    """A second fund pays for Little alone: what Big lacks does not touch it."""
    of = case(shock("cut", "capex", field="project", value="Big", factor=2))
    of["projects"][1] |= {"earliest": 2031}
    of["programmes"] = [
        {"programme": "A", "amount": 60},
        {"programme": "B", "amount": 30},
    ]
    of["eligibility"] = [
        {"programme": "A", "field": "project", "value": "Big"},
        {"programme": "B", "field": "project", "value": "Little"},
    ]
    found = stressed(tmp_path, of)
    assert found["cut"].lapsed == ("Big",)
    assert found["cut"].dependence == near((1 + 3 * 0.7) / 4)


def test_what_requires_a_lapsed_project_lapses_with_it(tmp_path: Path) -> None:
    """Big at twice its cost cannot be paid; Little requires it. Of a bundle both go too."""
    dear = shock("dear", "capex", field="project", value="Big", factor=2)
    for bound in ({"requires": "Big"}, {"bundle": "both"}):
        of = case(dear)
        of["projects"][1] |= bound
        if "bundle" in bound:
            of["projects"][0] |= bound
        found = stressed(tmp_path, of)
        assert found["dear"].lapsed == ("Big", "Little")
        assert found["dear"].dependence == near(1)


# ---- Failures -------------------------------------------------------------------------------


def test_each_plant_fails_alone(tmp_path: Path) -> None:
    found = questions.stress(solved(tmp_path, case()))
    failures = [row for row in found.cases if row.strain is Strain.FAILURE]
    assert [(row.case, row.dependence) for row in failures] == [
        ("Big", near(0.7)),
        ("Little", near(0.4)),
    ]
    assert all(row.without_plan == near(1) for row in failures)


def test_what_stands_idle_behind_a_failure(tmp_path: Path) -> None:
    """W has no mine of its own: without Dig the smelter has nothing clear and allies are served
    from X at no freight, the smelter's dearer metal left alone."""
    of = case(
        facilities=[plant("mine_x", "X", "dig", 1000), plant("smelter_x", "X", "smelt", 1000)],
        projects=[
            project("Dig", "dig", 100, 10, public_share=1, opex=5),
            project("Smelt", "smelt", 60, 60, public_share=1, opex=5),
        ],
    )
    found = stressed(tmp_path, of)
    assert (found["Dig"].dependence, found["Dig"].idle) == (near(1), ("Smelt",))
    assert (found["Smelt"].dependence, found["Smelt"].idle) == (near(1), ("Dig",))


def test_a_failure_of_a_loaded_case_is_that_of_its_own_model(tmp_path: Path) -> None:
    """Also where somebody is short: nothing leaves X, and W is served by the plan alone."""
    shut = shock("shut", "lane", field="origin", value="X", factor=0, first_year=2032)
    for scenario, shorts in ((None, (0, 0)), ("shut", (140, 80))):
        run = solved(tmp_path, case(shut), scenario=scenario)
        base, given_ = questions.base_of_run(run), GivenAnswer.of(run.solution)
        own = Ask(How.FLOWS, SolveOptions(plan=given_.commitments), payments=given_.payments)
        loaded = LastLoaded()
        for plant_, short in zip(("Big", "Little"), shorts, strict=True):
            alone = Task(plant_, change.failed(base.instance, plant_), own)
            asked = dataclasses.replace(alone, base=base.instance)
            one, two = (
                answer(task, Control().start(Limits()), Silent(), loaded) for task in (alone, asked)
            )
            assert one.value == near(two.value) == near({"Big": 0.7, "Little": 0.4}[plant_])
            assert one.plan is not None
            assert two.plan is not None
            for found in (one.plan, two.plan):
                total_short = sum(d.short for d in found.allied.deliveries)
                assert total_short == pytest.approx(short, abs=1e-4)
            assert loaded.failing is not None
            assert (loaded.failing[1] is not None) == (scenario is None)


def test_others_operate_where_one_fails(tmp_path: Path) -> None:
    """Half the chance of Big makes 30 of its 60 count: 40 of 100 exposed. Where Little fails Big
    operates: 40 too; where all operate 10."""
    of = case()
    of["projects"][0]["chance"] = 0.5
    found = stressed(tmp_path, of)
    assert found["the plan"].dependence == near(0.4)
    assert found["all operate"].dependence == near(0.1)
    assert found["Little"].dependence == near(0.4)
    assert found["Big"].dependence == near(0.7)


def test_what_comes_without_the_plan_fails_there_too(tmp_path: Path) -> None:
    """Big comes by itself with a chance of a half: 30 without new money. Where it fails nothing
    does."""
    of = case()
    of["projects"][0] |= {"merchant": 2030, "merchant_chance": 0.5}
    found = stressed(tmp_path, of)
    assert found["the plan"].without_plan == near(0.7)
    assert found["Big"].without_plan == near(1)
    assert found["Little"].without_plan == near(0.7)


# ---- The audit ------------------------------------------------------------------------------


def test_every_case_is_audited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Among them one in which a commitment lapses, and one that makes nothing."""
    audited: dict[str, float] = {}
    confirm = questions.confirm_plan

    def told(tables: Tables, scenario: str | None, key: str, found: FoundPlan) -> None:
        confirm(tables, scenario, key, found)
        audited[key] = found.values["dependence"]

    monkeypatch.setattr(questions, "confirm_plan", told)
    shocks = [shock("dear", "capex", factor=1.2), shock("never", "lead_time", shift=5)]
    questions.stress(solved(tmp_path, case(*shocks)), regret=True)
    best = {key: value for key, value in audited.items() if "best" in key}
    # At a fifth more Big alone is the best, 40 of 100; what never starts makes nothing.
    assert best == {"best plan, dear": near(0.4), "best plan, never": near(1)}
    assert {key: value for key, value in audited.items() if key not in best} == {
        "the plan": near(0.1),
        "dear": near(0.7),
        "never": near(1),
        "all operate": near(0.1),
        "Big fails": near(0.7),
        "Little fails": near(0.4),
    }


def test_what_the_audit_does_not_confirm_is_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the smelter that failed is told to run all the same."""
    monkeypatch.setattr(stress_study, "failed", lambda instance, _: instance)
    with pytest.raises(AuditError, match=r"does not confirm the plan of (Big|Little) fails"):
        questions.stress(solved(tmp_path, case()))


# ---- Beside the second program --------------------------------------------------------------


def of_second_program(
    tables: Tables, scenario: str | None, plan: tuple[FixedCommitment, ...]
) -> tuple[float, float]:
    """Dependence and shortfall of a plan by the second program."""
    whole = Extensive(World(tables, scenario))
    lp, held = whole.lp, {(c.project, c.year): c for c in plan}
    for key, column in whole.units.items():
        lp.lower[column] = lp.upper[column] = float(held[key].units if key in held else 0)
    for key, column in whole.size.items():
        size = (held[key].size or 0.0) / whole.mass if key in held else 0.0
        lp.lower[column], lp.upper[column] = max(0.0, size - 1e-9), size + 1e-9
    dependence = lp.minimise(whole.exposed)
    assert dependence is not None
    lp.keep(total((1e3, whole.exposed)), -float("inf"), 1e3 * (dependence + 1e-8))
    short = lp.minimise(whole.short)
    assert short is not None
    return dependence, short


@pytest.mark.slow
@settings(FEW, max_examples=5, phases=[Phase.generate])
@given(cases(), st.sampled_from([0, 0.5]), st.sampled_from([1.0, 1.3]))
def test_drawn_cases(
    tmp_path_factory: pytest.TempPathFactory, of: Sheets, lane: float, more: float
) -> None:
    """Dependence and the sum of shortages under a squeeze, and with each plant failed."""
    squeeze = [
        shock("squeeze", "lane", field="origin", value="X", factor=0, first_year=2031),
        shock("squeeze", "supply", field="region", value="W", factor=lane, first_year=2032),
        shock("squeeze", "demand", factor=more),
    ]
    of |= {"scenarios": [{"scenario": "squeeze"}], "shocks": squeeze}
    folder = folder_of(tmp_path_factory.mktemp("drawn"), of)
    run = api.solve(api.load(folder))
    plan = tuple(
        FixedCommitment(c.project, c.year, c.units, c.size) for c in run.solution.commitments
    )
    found = rows(questions.stress(run, regret=True))
    dependence, _ = of_second_program(run.workbook, "squeeze", plan)
    assert found["squeeze"].dependence == near(dependence)
    for name in {c.project for c in plan}:
        failing = tuple(
            dataclasses.replace(row, values={**row.values, "availability": 0.0})
            if row.text("project") == name
            else row
            for row in run.workbook.rows["projects"]
        )
        tables = dataclasses.replace(run.workbook, rows={**run.workbook.rows, "projects": failing})
        assert found[name].dependence == near(of_second_program(tables, None, plan)[0])
    best = found["squeeze"].best
    if Trial.fits(World(run.workbook, "squeeze"), 60):
        assert best == pytest.approx(
            Trial(World(run.workbook, "squeeze")).least_dependence(), abs=1e-3
        )


# ---- The command ----------------------------------------------------------------------------


def opt(*arguments: object) -> Result:
    kept = () if "--store" in arguments else ("--no-store",)
    return CliRunner().invoke(cli, ["stress", *(str(a) for a in arguments), *kept])


@pytest.fixture
def run_folder(tmp_path: Path, undrawn: None) -> Path:
    """The run of a case with an embargo, and an overrun that Big cannot be paid under."""
    of = case(
        shock("closed", "lane", field="origin", value="X", factor=0),
        shock("dear", "capex", factor=1.2),
    )
    return api.write(solved(tmp_path, of), tmp_path / "run")


def test_words(run_folder: Path) -> None:
    told = opt(run_folder, "--quiet", "--regret")
    assert told.exit_code == 0, told.output
    lines = told.stdout.splitlines()
    assert lines[:3] == [
        "Worst scenario: dear, dependence 70.0%; without the plan 100.0%.",
        "Worst failure: Big, dependence 70.0%; without the plan 100.0%.",
        "Worst shortage: closed, 10.0%, 10 in 2030.",
    ]
    dear = next(line for line in lines if line.startswith("dear"))
    assert dear.split() == [
        "dear",
        "70.0%",
        "70.0%",
        "nobody",
        "100.0%",
        "100.0%",
        "nobody",
        "40.0%",
        "30.0",
        "points",
        "Big",
    ]


def test_data(run_folder: Path) -> None:
    told = opt(run_folder, "--json")
    assert told.exit_code == 0, told.output
    first, *others = json.loads(told.stdout)["cases"]
    keys = ("case", "dependence", "without_plan", "best", "worst_short_share", "worst_short_year")
    assert {*keys, "idle"} <= first.keys()
    assert [first[key] for key in keys] == ["the plan", near(0.1), near(1), None, 0, None]
    assert {row["case"] for row in others} == {"closed", "dear", "all operate", "Big", "Little"}


def test_frames(run_folder: Path) -> None:
    frame = questions.stress(api.read(run_folder)).frames["cases"]
    assert list(frame.loc[frame["case"] == "dear", "lapsed"]) == ["Big"]
    assert frame.attrs["units"]["dependence"] == "share"


def test_two_workers_and_kept_answers(run_folder: Path, tmp_path: Path) -> None:
    run, store = api.read(run_folder), Store(tmp_path / "store")
    here = questions.stress(run)
    with processes(2) as executor:
        there = questions.stress(run, Runner(Control(), Silent(), executor, store))
    assert there == here
    stopped = Control()
    stopped.stop.set()
    assert questions.stress(run, Runner(stopped, Silent(), None, store)) == here


def test_a_stop_is_told(run_folder: Path) -> None:
    stopped = Control()
    stopped.stop.set()
    found = questions.stress(api.read(run_folder), Runner(stopped, Silent()))
    assert not found.complete
    assert all(row.dependence is None and "stopped" in row.reason for row in found.cases)


# ---- The memo -------------------------------------------------------------------------------


def test_regret_is_told_in_the_documents(run_folder: Path) -> None:
    """Dear: 70 of 100 for 40, in which Big alone is better. Closed: nothing is exposed, so that no
    plan is better. Without regret the memo names the command; an answer without it does not replace
    one with it."""
    sentence = (
        "Had it been known before, another plan would do better by 30.0 points in 'dear'; in the "
        "other scenario tried no other plan would do better."
    )
    plain = opt(run_folder, "--quiet", "--memo")
    assert plain.exit_code == 0, plain.output
    memo = written_memo(run_folder)
    assert sentence not in memo
    assert "below this one there (stress --regret)" in memo
    asked = opt(run_folder, "--quiet", "--regret", "--memo")
    assert asked.exit_code == 0, asked.output
    assert sentence in written_memo(run_folder)
    assert "(stress --regret)" not in written_memo(run_folder)
    page = (run_folder / "report.html").read_text(encoding="utf-8")
    assert "Regret: the plan beside the best one of each scenario" in page
    before = written_memo(run_folder)
    less = opt(run_folder, "--quiet", "--memo")
    assert less.exit_code == 0, less.output
    assert "stress: asked less than the answer that stands in the run" in less.stderr
    assert written_memo(run_folder) == before


@pytest.mark.parametrize(
    ("spans", "said"),
    [
        # No plan is more than a point better: the most of all, rounded up.
        ([(0.001, 0.0041), (0.0, 0.0)], "Had any of the 2 scenarios tried been known before, no "
         "other plan would do better by more than 0.5 points."),
        ([(0.0, 0.0)], "Had the one scenario tried been known before, no other plan would do "
         "better."),
        ([(0.05, 0.06), (0.02, 0.02), (0.001, 0.0049)], "Had it been known before, another plan "
         "would do better by 5.0 to 6.0 points in 'a' and 2.0 points in 'b'; in the other scenario "
         "tried no other plan would do better by more than 0.5 points."),
        # Open how far: what is not proven to be better by a point is not named.
        ([(0.002, 0.03), (0.0, 0.001)], "Had any of the 2 scenarios tried been known before, no "
         "other plan would do better by more than 3.0 points."),
        # Of three the two worst are named.
        ([(0.05, 0.05), (0.04, 0.04), (0.03, 0.03)], "Had it been known before, another plan would "
         "do better by 5.0 points in 'a' and 4.0 points in 'b'; in the other scenario tried no "
         "other plan would do better by more than 3.0 points."),
        ([], ""),
    ],
)  # fmt: skip
def test_regret_says_no_more_than_is_proven(
    run_folder: Path, spans: list[tuple[float, float]], said: str
) -> None:
    held = 0.6
    cases = tuple(
        StressCase(
            name, Strain.SCENARIO, held, held, 0.0, 0.0, None, (), (), 1.0, 1.0, 0.0, 0.0, None,
            held - least, held - most, least, most,
        )
        for name, (least, most) in zip("abc", spans, strict=False)
    )  # fmt: skip
    story = Story(api.read(run_folder), {"stress": Stress(2033, cases)})
    assert regret.sentence(story) == said
