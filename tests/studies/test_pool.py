"""One joint budget against separate ones, by hand and beside all plans of drawn cases.

W needs 100 of metal a year, all of it exposed without projects. Big makes 60 for USD 60 million,
Little 30 for 30, Huge 100 for 100. America has 60, Europe 40: alone they build Big and Little, 10
of 100 stay exposed; together they build Huge.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from builders import Rows, Sheets, chain, folder_of, project, solved
from click.testing import CliRunner, Result
from documents import written_memo
from drawn_cases import FEW, cases
from hypothesis import Phase, assume, given, settings
from second_opinion import Trial
from second_opinion_world import World

import opt
from opt import api, best_plans, questions
from opt.audit.plan import FoundPlan
from opt.cli import cli
from opt.data.tables import Tables
from opt.record.pool import OTHERS
from opt.record.studies import read_studies, write_studies
from opt.report.sections import pool as pool_section
from opt.report.sections import unanswered
from opt.report.story import Story
from opt.solver.control import Control
from opt.solver.progress import Silent
from opt.studies.pool import MOST_OWNERS, owners_of
from opt.studies.runner import Runner

TOLERANCE = 2e-6


def near(value: float) -> Any:
    return pytest.approx(value, abs=TOLERANCE)


def case(**sheets: Rows) -> Sheets:
    funds = [
        {"programme": "DFC", "owner": "America", "amount": 35},
        {"programme": "EXIM", "owner": "America", "amount": 25},
        {"programme": "Fund", "owner": "Europe", "amount": 40},
    ]
    projects = [
        project("Big", "smelt", 60, 60, public_share=1),
        project("Little", "smelt", 30, 30, public_share=1),
        project("Huge", "smelt", 100, 100, public_share=1),
    ]
    return chain(**{"projects": projects, "programmes": funds, **sheets})


def test_joint_against_separate(tmp_path: Path) -> None:
    """America takes 60 alone and 70 beside Europe: 65 on average; Europe 30 and 40."""
    found = opt.pool(api.load(folder_of(tmp_path, case())))
    assert (found.nothing, found.separate, found.joint) == (near(1), near(0.1), near(0))
    assert found.shares == {"America": near(0.65), "Europe": near(0.35)}
    america, europe = found.members
    assert (america.owner, america.programmes, america.amount) == ("America", ("DFC", "EXIM"), 60)
    assert (america.alone, america.without) == (near(0.4), near(0.7))
    assert (europe.alone, europe.without) == (near(0.7), near(0.4))
    assert (america.share_low, america.share_high) == (near(0.65), near(0.65))
    assert found.lapsed == ()
    assert found.complete


def test_separate_plans_keep_a_limit_together(tmp_path: Path) -> None:
    """One smelter can be started in all. America alone builds Big, Europe Little; of the two Big
    alone can be built, and together they build Huge: pooling is worth 40 of 100, and not less than
    nothing, as where the separate plans are built beyond the limit."""
    first = {"field": "all", "what": "starts", "2030": 1, "2031": 0, "2032": 0, "2033": 0}
    found = opt.pool(api.load(folder_of(tmp_path, case(build_limits=[first]))))
    assert (found.separate, found.separate_bound) == (near(0.4), near(0.4))
    assert found.joint == near(0)
    assert found.lapsed == ("Little",)


def test_separate_plans_are_no_larger_together(tmp_path: Path) -> None:
    """Of a smelter of any size, at most 2 of 50, America builds 60, Europe 40: together they have
    the money of 100, and build the larger of the two plans, 60, at most."""
    sizes = {"capacity": "", "capacity_max": 50, "capex_per_unit": 1, "max_units": 2}
    any_size = project("Any", "smelt", 0, 0, public_share=1, **sizes)
    found = opt.pool(api.load(folder_of(tmp_path, case(projects=[any_size]))))
    assert found.joint == near(0)
    assert found.separate is not None
    assert 0.4 - TOLERANCE <= found.separate <= 0.6 + TOLERANCE


def test_who_loses_where_an_owner_leaves(tmp_path: Path) -> None:
    """All of W is served where both are there, 30 of 100 without America, 60 without Europe."""
    found = opt.pool(api.load(folder_of(tmp_path, case())))
    served = {(row.ally, row.owner): (row.with_all, row.without) for row in found.allies}
    assert served == {
        ("W", "America"): (near(1), near(0.3)),
        ("W", "Europe"): (near(1), near(0.6)),
    }


def test_what_several_allies_get_adds_up(tmp_path: Path) -> None:
    """V needs 300 beside the 100 of W: with all money 100 of 400 are clear, whoever has them, and
    60 without Europe."""
    of = case()
    of["regions"] = [*of["regions"], {"region": "V", "bloc": "ally"}]
    of["demand"] = [
        *of["demand"],
        {"region": "V", "commodity": "metal", "2030": 300, "2033": 300},
    ]
    found = opt.pool(api.load(folder_of(tmp_path, of)))
    rows = {(row.ally, row.owner): row for row in found.allies}
    assert set(rows) == {(r, k) for r in ("V", "W") for k in ("America", "Europe")}
    v, w = (rows[r, "Europe"] for r in ("V", "W"))
    assert 300 * v.with_all + 100 * w.with_all == pytest.approx(100, abs=1e-3)
    assert 300 * v.without + 100 * w.without == pytest.approx(60, abs=1e-3)


@pytest.mark.parametrize(
    ("owners", "countries"),
    [
        (("USA (DFC)", "USA (EXIM), others", "Europe"), {"USA": 0.65, "Europe": 0.35}),
        (("USA, DFC", "USA", "Europe (Commission)"), {"USA": 0.65, "Europe": 0.35}),
        (("", "DFC (a bank)", "(nobody)"), {"DFC": 0.65, "(nobody)": 0.35}),
    ],
)
def test_owners_of_one_country_are_one(
    tmp_path: Path, owners: tuple[str, str, str], countries: dict[str, float]
) -> None:
    """A programme without an owner stands for itself: DFC."""
    of = case()
    for row, owner in zip(of["programmes"], owners, strict=True):
        row["owner"] = owner
    found = opt.pool(api.load(folder_of(tmp_path, of)), countries=True)
    assert found.shares == {name: near(share) for name, share in countries.items()}


def test_every_plan_is_audited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    audited: dict[str, float] = {}
    confirm = questions.confirm_plan

    def told(tables: Tables, scenario: str | None, key: str, found: FoundPlan) -> None:
        confirm(tables, scenario, key, found)
        audited[key] = found.values["dependence"]

    monkeypatch.setattr(questions, "confirm_plan", told)
    opt.pool(api.load(folder_of(tmp_path, case())))
    assert audited == {
        "the plan of no public money": near(1),
        "the plan of America": near(0.4),
        "the plan of Europe": near(0.7),
        "the plan of America, Europe": near(0),
        "the separate plans together": near(0.1),
    }


def test_two_owners_who_want_the_same(tmp_path: Path) -> None:
    """Each builds Little, and it is built once; together they build Big."""
    funds = [{"programme": name, "amount": 30} for name in ("A", "B")]
    found = opt.pool(api.load(folder_of(tmp_path, case(programmes=funds))))
    assert (found.separate, found.joint) == (near(0.7), near(0.4))
    assert found.shares == {"A": near(0.3), "B": near(0.3)}


def test_plans_that_exclude_each_other(tmp_path: Path) -> None:
    """Big and Little stand at one site: of the separate plans the better one is built."""
    of = case()
    for row in of["projects"][:2]:
        row["group"] = "site"
    found = opt.pool(api.load(folder_of(tmp_path, of)))
    assert found.separate == near(0.4)
    assert found.lapsed == ("Little",)


def test_the_smallest_of_many_owners_are_taken_together(tmp_path: Path) -> None:
    funds = [{"programme": f"P{n}", "amount": n + 1} for n in range(8)]
    case_ = api.load(folder_of(tmp_path, case(programmes=funds)))
    instance = questions.base_of(case_).instance
    owners = owners_of(instance, {f"P{n}": f"P{n}" for n in range(8)})
    assert len(owners) == MOST_OWNERS
    assert [own.name for own in owners] == ["P3", "P4", "P5", "P6", "P7", OTHERS]
    assert (owners[-1].programmes, owners[-1].amount) == (("P0", "P1", "P2"), 6)


@pytest.mark.slow
@settings(FEW, max_examples=5, phases=[Phase.generate])
@given(cases())
def test_drawn_cases(tmp_path_factory: pytest.TempPathFactory, of: Sheets) -> None:
    """The best plan of every coalition beside all plans of the second program."""
    folder = folder_of(tmp_path_factory.mktemp("drawn"), of)
    case_ = api.load(folder)
    assume(Trial.fits(World(case_.tables, None), 60))
    found = questions.pool(case_)
    for row in found.coalitions:
        kept = tuple(
            line for line in case_.tables.rows["programmes"] if line.text("programme") in row.owners
        )
        tables = dataclasses.replace(case_.tables, rows={**case_.tables.rows, "programmes": kept})
        least = Trial(World(tables, None)).least_dependence()
        assert row.dependence == pytest.approx(least, abs=3e-6)
        assert row.bound is not None
        assert row.bound <= row.dependence + 1e-9
    assert found.separate is not None
    assert found.joint_bound is not None
    assert found.separate >= found.joint_bound - 1e-9
    worth = {row.owners: found.nothing - row.dependence for row in found.coalitions}
    a, b, both = worth["A",], worth["B",], worth["A", "B"]
    assert found.shares == {"A": near((a + both - b) / 2), "B": near((b + both - a) / 2)}


# ---- The command ----------------------------------------------------------------------------


def test_words_and_data(tmp_path: Path) -> None:
    book = str(folder_of(tmp_path, case()))
    told = CliRunner().invoke(cli, ["pool", book, "--quiet", "--no-store"])
    assert told.exit_code == 0, told.output
    assert told.stdout.splitlines()[:11] == [
        "No public money: 100.0%.",
        "Separate budgets: 10.0%.",
        "One joint budget: 0.0%.",
        "Pooling is worth 10.0 points.",
        "",
        "owner    amount, USD million  alone  all but it  adds, points",
        "America                   60  40.0%       70.0%         65.00",
        "Europe                    40  70.0%       40.0%         35.00",
        "",
        "served clear  all money  without America  without Europe",
        "W                100.0%            30.0%           60.0%",
    ]
    plain = CliRunner().invoke(cli, ["pool", book, "--json", "--no-store"])
    document = json.loads(plain.stdout)
    assert (document["joint"], document["separate"]) == (near(0), near(0.1))
    assert document["shares"] == {"America": near(0.65), "Europe": near(0.35)}


def asked(*arguments: object) -> Result:
    """The command, nothing kept."""
    return CliRunner().invoke(cli, ["pool", *map(str, arguments), "--quiet", "--no-store"])


@pytest.fixture
def run_folder(tmp_path: Path, undrawn: None) -> Path:
    """The run of the case."""
    return api.write(solved(tmp_path, case()), tmp_path / "run")


def test_a_run_is_asked_and_its_documents_tell_it(run_folder: Path) -> None:
    """By hand as above; written again from what stands beside the run it is the same memo."""
    told = asked(run_folder, "--memo")
    assert told.exit_code == 0, told.output
    memo = written_memo(run_folder)
    assert (
        "One joint budget is worth 10.0 points beside separate ones: 0.0% for 10.0%. Taken off by "
        "the money of each: America 65.0 points and Europe 35.0 points."
    ) in memo
    assert "COMMAND" not in memo  # nothing else is left to ask
    page = (run_folder / "report.html").read_text(encoding="utf-8")
    assert "Share of its demand served clear" in page
    before = (run_folder / "memo.docx").read_bytes()
    again = CliRunner().invoke(cli, ["memo", str(run_folder), "--quiet"])
    assert again.exit_code == 0, again.output
    assert (run_folder / "memo.docx").read_bytes() == before


def test_a_run_is_asked_as_it_was_solved(run_folder: Path, tmp_path: Path) -> None:
    """Its workbook in its scenario: nothing is changed, and only a run has documents."""
    (tmp_path / "own").mkdir()
    book = folder_of(tmp_path / "own", case())
    for wrong, said in (
        ((run_folder, "--scenario", "twice"), "asked in its own scenario"),
        ((run_folder, "--set", "gap=0.1"), "change a workbook"),
        ((book, "--memo"), "give a finished run"),
    ):
        done = asked(*wrong)
        assert done.exit_code == 2
        assert said in " ".join(done.output.split())


def test_where_it_was_not_asked_the_memo_names_the_command(run_folder: Path) -> None:
    question = "what one joint budget is worth beside separate ones (pool)"
    command = "Left to a command each, 'python -m opt COMMAND outputs/case --memo': "
    assert f"{command}{question}." in written_memo(run_folder)


def test_what_is_not_known_is_told_as_such(run_folder: Path) -> None:
    """Of a study that was stopped: no plan, no worth; written and read again it is the same."""
    run = api.read(run_folder)
    stopped = Control()
    stopped.stop.set()
    found = questions.pool(best_plans.case_of(run), None, Runner(stopped, Silent()))
    told = Story(run, {"pool": found})
    left = unanswered.section(told)
    assert "what one joint budget is worth beside separate ones (in part) (pool)." in str(left)
    section = pool_section.section(told)
    assert section is not None
    assert "What one joint budget is worth beside separate ones is not known." in str(section)
    assert "not known" in str(section.blocks[1])
    write_studies({"pool": found}, run_folder.parent)
    assert read_studies(run_folder.parent) == {"pool": found}


def test_a_stop_is_told(tmp_path: Path) -> None:
    stopped = Control()
    stopped.stop.set()
    found = questions.pool(api.load(folder_of(tmp_path, case())), None, Runner(stopped, Silent()))
    assert not found.complete
    assert (found.joint, found.separate) == (None, None)
