"""Sentences, ids and progress that the reference run gives no occasion for: small cases by hand."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from builders import Rows, chain, folder_of, project, solved
from documents import every_text
from hard import hard_case
from reference import INPUTS
from run_factory import make_run

import opt
from opt import api
from opt.audit import audit_folder
from opt.commands.screen import Screen, progress_words
from opt.data.reader import read
from opt.errors import InputError, Issue
from opt.record.passes import Outcome
from opt.report.figures.registry import CHART, draw
from opt.report.sections import assumptions, money
from opt.report.sections.cells import cell_words
from opt.report.sections.levels import unserved_sentence
from opt.report.sections.plan import built
from opt.report.sections.summary import headline, numbers, proof, proven
from opt.report.story import Story
from opt.results.case import case_record

CLAIMS = ("can beat", "proven best", "no better plan exists", "est plan")


# ---- Cells ----


def test_a_cell_is_told_by_the_names_of_what_its_row_holds(tmp_path: Path) -> None:
    """Rows of studies are told as ids are compared: without regard to case."""
    named = [row | {"name": "Western lands"} for row in chain()["regions"] if row["region"] == "W"]
    others = [row for row in chain()["regions"] if row["region"] != "W"]
    story = Story(solved(tmp_path, planned(regions=[*named, *others])))
    assert cell_words(story, "demand", "w;Metal;civil", "2030") == (
        "demand of Western lands, metal, civil in 2030"
    )
    assert cell_words(story, "demand", "W;metal", "weight") == (
        "weight of demand of Western lands, metal"
    )
    assert cell_words(story, "projects", "big", "lead_time") == "lead time of Big"
    assert cell_words(story, "settings", "discount_rate", "value") == "setting discount_rate"


# ---- Given plans ----------------------------------------------------------------------------


def planned(**sheets: Rows) -> dict[str, Rows]:
    """Two projects of 60 and 30; plan `small_one` holds the smaller alone."""
    projects = [project("Big", "smelt", 60, 10), project("Little", "smelt", 30, 10)]
    plans = [{"plan": "small_one", "project": "Little", "year": 2030, "units": 1}]
    return chain(projects=projects, plans=plans, **sheets)


def test_status_proof_and_options_agree_for_a_given_plan(tmp_path: Path) -> None:
    run = solved(tmp_path, planned(), plan="small_one")
    assert run.status is Outcome.OPTIMAL
    assert run.metrics.dependence == pytest.approx(0.7, abs=2e-6)  # 30 of 100 clear
    names = [option.name for option in run.options]
    assert names[:3] == ["No new money", "Do the minimum", "The given plan, small_one"]
    for where, text in every_text(run).items():
        assert "taken as given" in text, where
        assert not [claim for claim in CLAIMS if claim in text], where
    assert "100% with no new money and 70% with plan 'small_one'" in headline(Story(run))
    assert "As given, plan 'small_one' takes 1 project: USD 10 million" in headline(Story(run))


def test_a_plan_that_was_improved_is_proven(tmp_path: Path) -> None:
    run = solved(tmp_path, planned(), plan="small_one", improve=True)
    assert run.metrics.dependence == pytest.approx(0.1, abs=2e-6)  # 90 of 100 clear
    assert [option.name for option in run.options][2] == "The best plan"
    assert "No plan within these budgets can beat 10.0%." in every_text(run)["memo"]


def test_where_nothing_is_proven_the_sentences_say_so(tmp_path: Path) -> None:
    """With no time the plan is that of building nothing: all of it short, and a bound of zero,
    which every plan keeps."""
    run = solved(tmp_path, hard_case(time_limit=0))
    assert run.status is Outcome.FEASIBLE
    story = Story(run)
    assert proof(story) == (
        "Best plan found before the search stopped 100.0%. How much better a plan could be is not "
        "known yet: nothing rules out one at 0.0%."
    )
    nothing = "Nothing is proven yet: the search stopped before it could rule out any better plan."
    assert proven(story) == nothing
    for where, text in every_text(run).items():
        assert "of itself" not in text, where


def test_what_the_workbook_forces_is_no_choice(tmp_path: Path) -> None:
    projects = [
        project("Big", "smelt", 60, 10, decision="force"),
        project("Little", "smelt", 30, 10),
    ]
    run = solved(tmp_path, chain(projects=projects))
    words = "It takes 2 projects (1 of them forced by the workbook): USD 20 million"
    assert words in headline(Story(run))


# ---- Unserved demand ------------------------------------------------------------------------


def test_unserved_demand_stands_beside_dependence_of_the_same_years(tmp_path: Path) -> None:
    """Nothing is served before the plant of 2032 runs: 100 short in 2030 and 2031, of which only
    2031 counts; in 2032 and 2033 60 of 100 are clear and 40 short, since X is cut off.

    The metric divides all years by the counted ones: 280 / 300, more than dependence itself.
    """
    case = chain(
        {"dependence_from": 2031},
        projects=[project("Big", "smelt", 60, 10, lead_time=2)],
        lanes=[{"origin": "W", "destination": "W", "commodity": "*"}],
    )
    run = solved(tmp_path, case)
    assert run.metrics.shortfall == pytest.approx(280 / 300, abs=2e-6)
    assert run.metrics.dependence == pytest.approx(180 / 300, abs=2e-6)
    assert unserved_sentence(Story(run)) == (
        "Not served at all with the plan: 100% in 2030 (100% with no new money), 100% in 2031 "
        "(100% with no new money) and 40% in 2032 (100% with no new money), and "
        "no larger share in 1 other year."
    )
    memo = every_text(run)["memo"]
    assert "93.3%" in memo  # the pass itself, in the table of passes, with its own words
    assert "unserved demand of all years, over demand of the counted years" in memo


def test_what_the_plan_serves_is_told_by_the_worst_year_without_it(tmp_path: Path) -> None:
    """X is cut off, so that nothing is served without the plant, which makes all of it."""
    lanes = [{"origin": "W", "destination": "W", "commodity": "*"}]
    run = solved(tmp_path, chain(projects=[project("Big", "smelt", 100, 10)], lanes=lanes))
    assert unserved_sentence(Story(run)) == (
        "Not served at all in the worst year, 2030: 100% with no new money, nothing with the plan."
    )


def test_without_allied_demand_nothing_is_said_of_it(tmp_path: Path) -> None:
    demand: Rows = [{"region": "N", "commodity": "metal", "2030": 100, "2033": 100}]
    run = solved(tmp_path, chain(demand=demand))
    memo = every_text(run)["memo"]
    assert "No allied demand falls in the counted years, so dependence is zero by" in memo
    assert "all allied demand is served" not in memo
    assert "worst counted year" not in memo
    assert "Allied plants and users take in no material." in memo
    for name, words in {
        "dependence": "No allied demand in the counted years",
        "chain": "No supply of allies has touched X",
    }.items():
        (axes,) = draw(Story(run), CHART[name]).axes
        assert words in [text.get_text() for text in axes.texts]
    assert audit_folder(opt.write(run, tmp_path / "run")).report.passed


# ---- Programmes -----------------------------------------------------------------------------


@pytest.mark.parametrize(("amount", "left"), [(60, [40, 60, 40, 60]), (20, [0, 20, 0, 20])])
def test_what_is_left_of_a_loan_that_is_lent_again(
    tmp_path: Path, amount: float, left: list[float]
) -> None:
    """Each loan of 40 comes back in two halves, the first in its own year, so 20 are out at the end
    of 2030 and 2032 and none at the end of 2031 and 2033. The case of amount 20 is just enough."""
    projects = [
        project(name, "smelt", 50, 40, public_share=1, earliest=year, latest=year)
        for name, year in (("A", 2030), ("B", 2032))
    ]
    loan = {"programme": "L", "instrument": "loan", "amount": amount, "repay_years": 2}
    run = solved(tmp_path, chain(projects=projects, programmes=[loan]))
    found = [e.amount_left_musd for e in run.payments_due if e.year <= 2033]
    assert found == pytest.approx(left, abs=1e-6)
    (programme,) = money.programmes(Story(run))
    assert programme.paid_musd == pytest.approx(80)
    assert programme.left_musd == pytest.approx(min(left), abs=1e-6)
    assert programme.is_spent == (amount == 20)


def test_a_programme_of_nothing_is_not_called_spent(tmp_path: Path) -> None:
    programmes = [
        {"programme": "P", "instrument": "grant", "amount": 0},
        {"programme": "Q", "instrument": "grant", "amount": 50},
    ]
    projects = [project("A", "smelt", 50, 10, public_share=1)]
    run = solved(tmp_path, chain(projects=projects, programmes=programmes))
    assert [e.is_spent for e in money.programmes(Story(run))] == [False, False]
    assert "No programme spends its whole amount." in every_text(run)["memo"]


def test_money_of_an_empty_plan_is_a_float(tmp_path: Path) -> None:
    run = solved(tmp_path, chain())
    document = json.loads(every_text(run)["run.json"])
    assert '"public_musd": 0.0' in json.dumps(document["metrics"])
    kinds = {type(document["metrics"][key]) for key in document["metrics"] if "_musd" in key}
    kinds |= {
        type(option[key]) for option in document["options"] for key in option if "_musd" in key
    }
    assert kinds == {float}


@pytest.mark.parametrize(
    ("private", "words"),
    [
        # A quarter of USD 40 million is asked for; of the rest private money has 20.
        (
            20,
            "USD 20 million of the capital is public, USD 10 million of it the floor that",
        ),
        (30, "USD 10 million of the capital is public, all of it the floor that the workbook sets"),
    ],
)
def test_public_money_above_the_floor_is_told_from_it(
    tmp_path: Path, private: float, words: str
) -> None:
    case = chain(
        {"public_share": 0.25},
        projects=[project("A", "smelt", 50, 40, latest=2030)],
        programmes=[{"programme": "P", "amount": 40}],
        private_capital=[{"field": "all", "2030": private}],
    )
    assert words in headline(Story(solved(tmp_path, case)))


def test_key_numbers_tell_what_comes_without_new_money(tmp_path: Path) -> None:
    """Of the plan's 100 a year 60 would come in 2032 and 2033 by themselves, 120 of 400."""
    comes = project("P", "smelt", 100, 40, merchant=2032, merchant_chance=0.6)
    run = solved(tmp_path, chain(projects=[comes]))
    found = {pair.name: pair.value for pair in numbers(Story(run))}
    assert found["Dependence without new money, with merchants"] == pytest.approx(0.7, abs=2e-6)
    assert found["Dependence without new money, frozen"] == pytest.approx(1.0, abs=2e-6)
    assert found["Additional fall, share of allied demand"] == pytest.approx(0.7, abs=2e-6)
    assert found["Public money that buys what would come"] == 0.0
    memo = every_text(run)["memo"]
    assert "none of its public money buys what would have come without it" in memo


# ---- Assumptions ----------------------------------------------------------------------------


def test_of_many_warnings_the_first_are_told_and_the_rest_counted(tmp_path: Path) -> None:
    run = make_run(tmp_path / "case.xlsx")
    kinds = [one + other for one in "abcde" for other in "uvwxyz"]  # thirty, of which 25 are told
    told = tuple(Issue("demand", "A2", "", f"{kind} is odd.") for kind in kinds)
    case = replace(run.case, warnings=told, defaults_used=())
    text = "\n".join(
        str(block) for block in assumptions.section(Story(replace(run, case=case))).blocks
    )
    assert "Warnings of the check: 30 warnings." in text
    assert "eu is odd." in text
    assert "ev is odd." not in text
    assert "And 5 warnings more, all in results.xlsx." in text
    assert "No blank cell was filled with a default." in text


# ---- Products -------------------------------------------------------------------------------


def test_waste_residues_and_intermediates_are_told_from_products(tmp_path: Path) -> None:
    """Ore is upgraded within mining; smelting leaves slag that is dumped, dust that is washed into
    concentrate again, and matte for a second smelter."""
    recipes = {
        "dig": {"ore": 1},
        "upgrade": {"ore": -1, "conc": 0.5},
        "smelt": {"conc": -1, "metal": 0.6, "slag": 0.3, "dust": 0.1, "matte": 0.05},
        "resmelt": {"matte": -1, "metal": 0.5},
        "wash": {"dust": -1, "conc": 0.4},
        "dump": {"slag": -1},
    }
    stages = {"dig": "mining", "upgrade": "mining", "wash": "washing", "dump": "disposal"}
    commodities = ("ore", "conc", "metal", "slag", "dust", "matte")
    case = chain(
        commodities=[{"commodity": c, "mineral": "M"} for c in commodities],
        processes=[{"process": p, "stage": stages.get(p, "metal")} for p in recipes],
        recipes=[
            {"process": p, "commodity": c, "amount": a}
            for p, r in recipes.items()
            for c, a in r.items()
        ],
    )
    processes = case_record(read(folder_of(tmp_path, case))).processes
    assert {p: processes[p].products for p in recipes} == {
        "dig": ("ore",),  # nothing but its own stage takes it: what demand is reached from at all
        "upgrade": ("conc",),
        "smelt": ("metal",),  # not slag, that nobody needs; dust and matte go back to smelting
        "resmelt": ("metal",),
        "wash": ("conc",),
        "dump": (),
    }


# ---- Builds under a scenario ----------------------------------------------------------------


@pytest.mark.slow
def test_the_figure_of_builds_draws_the_ramp_of_the_plan() -> None:
    """Scenario slow_ramp halves the ramp of extraction, 15, 50, 80 and 90% in sheet ramps; of what
    is committed the chance in sheet projects is counted, 80% or 90% of it."""
    case = opt.load(INPUTS / "gallium.xlsx", {"gap": 0.02, "cost_gap": 0.05})
    run = opt.solve(case, scenario="slow_ramp")
    story = Story(run)
    shown = [e for e in built(story) if e.stage == "extraction"]
    assert shown
    chances = {row.text("project"): row.number_of("chance") for row in case.tables.rows["projects"]}
    assert {chances[entry.commitment.project] for entry in shown} == {0.8, 0.9}
    halved = [0.075, 0.25, 0.4, 0.45]
    for entry in shown:
        shares = [entry.usable[year] for year in sorted(entry.usable)]
        chance = chances[entry.commitment.project]
        assert shares == pytest.approx([chance * halved[min(n, 3)] for n in range(len(shares))])
    assert "runs at 6%, 20%, 32%" in CHART["builds"].alt(Story(run))


# ---- Identity, date, printing ---------------------------------------------------------------


def test_the_id_depends_on_what_is_asked_and_not_on_threads(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, planned())
    runs = [
        opt.solve(opt.load(folder, settings), **options)
        for settings, options in (
            ({}, {}),
            ({"threads": 2}, {}),
            ({"gap": 0.5}, {}),
            ({}, {"plan": "small_one"}),
            ({}, {"plan": "small_one", "improve": True}),
        )
    ]
    ids = [run.id for run in runs]
    assert ids[1] == ids[0]
    assert len(set(ids)) == 4


@pytest.mark.parametrize("date", ["2026", "2026-11", "2026-11-25"])
def test_the_date_of_the_data_is_data(tmp_path: Path, date: str) -> None:
    settings = {"data_version": "3", "data_date": date, "licence": "CC BY 4.0"}
    texts = every_text(solved(tmp_path, chain(settings)))
    words = f"Data: edition 3, as of {date}, licence CC BY 4.0."
    assert all(words in texts[where] for where in ("memo", "page", "cover"))


def test_without_a_date_none_is_said(tmp_path: Path) -> None:
    texts = every_text(solved(tmp_path, chain()))
    assert not any("Data: " in texts[where] for where in ("memo", "page", "cover"))


def test_a_date_given_as_an_option_is_checked_too(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a date"):
        opt.load(folder_of(tmp_path, chain({"data_date": "2026"})), {"data_date": "soon"})


@pytest.mark.parametrize("name", ["ree_magnets", "gallium", "graphite", "tungsten"])
def test_shipped_data_are_dated_by_their_newest_source(name: str) -> None:
    tables = opt.load(INPUTS / f"{name}.xlsx").tables
    # Own definitions and estimates have no address; they are younger than what was found.
    dates = [row.text("date") for row in tables.rows["sources"] if row.text("address")]
    assert tables.settings["data_date"] == max(dates)


def test_a_case_prints_in_lines(tmp_path: Path) -> None:
    case = opt.load(INPUTS / "small.xlsx")
    lines = str(case).splitlines()
    assert len(lines) == 3
    assert "6 projects" in lines[1]
    assert "late" in lines[2]
    assert repr(case) == "Case(name='small', overrides={})"
    run = api.solve(case)
    assert len(str(run).splitlines()) == 5
    assert "56.7%" in str(run)


# ---- Progress -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (("dependence", "dependence", 0.5672, 0.5612), "best plan 56.7% | no plan can beat 56.1%"),
        (("cost", "cost", 12345.6, 12000.0), "best plan USD 12.3 billion | no plan can beat"),
        (
            ("A larger budget", "cost", 176.2, -1e999),
            "A larger budget, cost: best plan USD 176",
        ),
        (
            ("A larger budget", "dependence", 0.5, 0.4),
            "A larger budget, dependence: best plan 50",
        ),
        (("peak", "peak", 1e999, 0.25), "peak: no plan can beat 25.0%"),
        (("cost", "cost", 1e999, -1e999), "cost"),
    ],
)
def test_progress_shows_each_value_in_its_own_unit(
    told: tuple[str, str, float, float], words: str
) -> None:
    assert words in progress_words(*told)


def test_of_a_given_plan_progress_claims_nothing() -> None:
    assert progress_words("cost", "cost", 20.0, 10.0, given=True) == (
        "cost: at most USD 20 million | at least USD 10 million"
    )


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Yes."""
        return True


class Busy(Terminal):
    """A terminal that is in the middle of another line."""

    def write(self, text: str) -> int:
        """Refused, as Python refuses a second write within the first."""
        raise RuntimeError("reentrant call")


def test_words_in_the_middle_of_a_line_are_lost_and_nothing_else() -> None:
    Screen(Busy()).say("Stopping")


def test_the_moving_line_counts_the_steps_that_are_expected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing before they are known; what is begun within a step does not count; the last ones are
    the screen's own."""
    monkeypatch.setattr("opt.commands.screen.REDRAW_SECONDS", 0.0)

    def told(stream: io.StringIO) -> list[str]:
        return re.findall(r"step \d of \d", stream.getvalue().rpartition("\r")[2])

    stream = Terminal()
    screen = Screen(stream, last=("writing",))
    screen.begin("cost")
    assert told(stream) == []
    screen.expect(("cost", "audit", "cost"))
    for words, step in (
        ("There is memory for one.", []),
        ("cost", ["step 1 of 4"]),
        ("audit (2 of 3)", ["step 2 of 4"]),
        ("X fails", ["step 2 of 4"]),
        ("cost", ["step 3 of 4"]),
        ("writing", ["step 4 of 4"]),
        ("cost", ["step 3 of 4"]),
    ):
        screen.begin(words)
        assert told(stream) == step
        screen.progress(words, "cost", 1.0, 2.0, 1.0)
        assert told(stream) == step
    screen.expect(())
    screen.begin("cost")
    assert told(stream) == []


def test_the_moving_line_names_what_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("opt.commands.screen.REDRAW_SECONDS", 0.0)
    stream = Terminal()
    screen = Screen(stream)
    screen.begin("A larger budget")
    screen.progress("A larger budget", "dependence", 1.0, 0.567, 0.5)
    assert re.search(r"A larger budget, dependence: best plan 56\.7% \| no plan", stream.getvalue())


def test_a_plan_of_nothing_rests_on_no_plant_that_does_not_run(tmp_path: Path) -> None:
    notes = {row.name: row.note for row in solved(tmp_path, chain()).options}
    assert notes["The best plan"] == ""
    built = solved(tmp_path, chain(projects=[project("A", "smelt", 50, 10)]))
    assert built.options[2].name == "The best plan"
    assert built.options[2].note.startswith("Rests on plants that do not run yet")
