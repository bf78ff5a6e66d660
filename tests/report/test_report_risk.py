"""Risk in the memo, its annexes and the page: one plan for two scenarios, told from its answer.

The case is that of `builders.chain`: W needs 100 of metal a year over 2030-2033. A fund pays for
one smelter in 2030 and one a year later: Big of 60, which makes nothing in scenario `fails` (half
of the time), Sure of 52, Spare of 32. As 2030 is a quarter of demand, one plan for both comes to

    2030   2031   base                     fails
    Big    Sure   0.40 / 4        = 0.10   1 / 4 + 3/4 * 0.48     = 0.61
    Sure   Big    0.48 / 4        = 0.12   0.48 / 4 + 3/4 * 0.48  = 0.48
    Sure   Spare  0.48 / 4 + 0.12 = 0.24   the same               = 0.24
    Spare  Sure   0.68 / 4 + 0.12 = 0.29   the same               = 0.29

Where commitments of 2031 wait, it is Sure, then Big or Spare: 0.12 and 0.24.
"""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path
from typing import Any

import pytest
from builders import Sheets, chain, project, solved
from click.testing import CliRunner, Result

from opt import best_plans, questions
from opt.cli import cli
from opt.data.sheets.scenarios import BASE as BASE_OF_DATA
from opt.record.place import hold
from opt.record.risk import BASE, NO_PLANTS, NO_STOCK, Risk, RiskChoice, RiskStock, RiskWorth
from opt.record.run import Run
from opt.record.studies import read_studies, write_studies
from opt.report.deck import deck
from opt.report.document import Bullets, Figure, Note, Section, TableBlock, Text
from opt.report.figures.chart import NARROW, WIDE
from opt.report.figures.registry import CHART, draw, pictures
from opt.report.folder import write_into
from opt.report.outline import Outlet, memo, sections
from opt.report.sections import risk
from opt.report.story import Story
from opt.solver.control import Control
from opt.solver.progress import Silent
from opt.studies.runner import Runner

SHARES = {"base": 0.125, "fails": 0.275}


def case(second_wave: int | None = 2031, probability: float | None = 0.5) -> Sheets:
    """The case, its second wave in a year, or none."""
    return chain(
        {} if second_wave is None else {"second_wave": second_wave},
        projects=[
            project("Big", "smelt", 60, 60, public_share=1),
            project("Sure", "smelt", 52, 60, public_share=1),
            project("Spare", "smelt", 32, 60, public_share=1),
        ],
        programmes=[{"programme": "Fund", "amount": 120, "2030": 60, "2033": 60}],
        scenarios=[{"scenario": "fails", "name": "Big fails", "probability": probability}],
        shocks=[
            {"scenario": "fails", "what": "supply", "field": "project", "value": "Big", "factor": 0}
        ],
    )


def asked(parent: Path, sheets: Sheets) -> tuple[Run, Risk]:
    """The run of a case, and its answer on risk."""
    run = solved(parent, sheets)
    return run, questions.risk(best_plans.case_of(run))


@pytest.fixture(scope="module")
def waits(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Risk]:
    """The case where commitments of 2031 wait."""
    return asked(tmp_path_factory.mktemp("waits"), case())


def story(answered: tuple[Run, Risk], **changes: Any) -> Story:
    """The run told with its answer, or with one that differs in some fields."""
    run, found = answered
    return Story(run, {"risk": dataclasses.replace(found, **changes)})


def own(section: Section | None) -> Section:
    assert section is not None
    return section


def texts(section: Section) -> str:
    """Its sentences, without its tables."""
    said = [b.text for b in section.blocks if isinstance(b, Text | Note)]
    said += [text for b in section.blocks if isinstance(b, Bullets) for text in b.items]
    return "\n".join(said)


def tables(section: Section) -> list[list[tuple[str, ...]]]:
    """The lines of its tables."""
    blocks = [b for b in section.blocks if isinstance(b, TableBlock)]
    return [[tuple(line) for line in block.lines] for block in blocks]


def test_the_page_tells_every_scenario_beside_its_best_plan(waits: tuple[Run, Risk]) -> None:
    section = own(risk.section(story(waits)))
    scenarios, commitments = tables(section)
    assert scenarios == [
        ("Base case", "50.0%*", "12.0%", "10.0%", "10.0%", "2.0 points"),
        ("Big fails", "50.0%", "24.0%", "61.0%", "24.0%", "under 0.1 points"),
    ]
    assert commitments == [
        ("Sure", "2030", "now", "every", "60", "Fund 60"),
        ("Big", "2031", "can wait", "Base case", "60", "Fund 60"),
        ("Spare", "2031", "can wait", "Big fails", "60", "Fund 60"),
    ]


def test_the_page_tells_what_knowing_more_is_worth(waits: tuple[Run, Risk]) -> None:
    """0.18 in the mean; decided now 0.24, known before 0.17, the base case's plan 0.355."""
    said = texts(own(risk.section(story(waits))))
    assert "18.0% expected (no plan can beat that);" in said
    assert "If it were known before which scenario comes: 17.0%." in said
    assert "To know it is worth 1.0 points." in said
    assert "and not at the base case alone, is worth 17.5 points." in said
    assert "That the second wave can wait is worth 6.0 points." in said
    assert "later ones wait for what is known then. That they can is worth 6.0 points." in said
    # The run's own plan is Big, then Sure.
    assert "The plan of this run has 2 projects of these; here alone: Spare." in said


def test_the_memo_says_it_in_two_sentences(waits: tuple[Run, Risk]) -> None:
    (block,) = own(risk.memo_section(story(waits))).blocks
    assert isinstance(block, Text)
    first, second = block.text.removesuffix(".").split(". ")
    assert first == (
        "One plan for 2 scenarios brings mean dependence to 12% to 24% in them, 18.0% expected (no "
        "plan can beat that); the base case's own plan, to 10% to 61%; in the base case the one "
        "plan costs 2.0 points against the best there, to be safe in the others"
    )
    assert second == (
        "Decided now: Sure; that commitments from 2031 on can wait is worth 6.0 points; to know "
        "which scenario comes is worth 1.0 points; to look beyond the base case is worth 17.5 "
        "points"
    )


def test_without_a_second_wave_all_is_decided_now(tmp_path: Path) -> None:
    """Sure, then Spare: 14 points above Big and Sure in the base case."""
    told = story(asked(tmp_path, case(second_wave=None)))
    scenarios, commitments = tables(own(risk.section(told)))
    assert [line[-1] for line in scenarios] == ["14.0 points", "under 0.1 points"]
    assert [line[:4] for line in commitments] == [
        ("Sure", "2030", "now", "every"),
        ("Spare", "2031", "now", "every"),
    ]
    said = texts(own(risk.section(told)))
    assert "All commitments are decided now" in said
    assert (
        "The plan of this run has 1 project of these; here alone: Spare; there alone: Big." in said
    )
    assert "can wait" not in texts(own(risk.memo_section(told)))


def test_what_a_gap_leaves_open_is_told_as_a_bracket(waits: tuple[Run, Risk]) -> None:
    """Nothing between the plan and what no plan can beat is told as found."""
    base, fails = waits[1].scenarios
    base = dataclasses.replace(base, best_bound=0.0649, regret_most=0.0551)
    worth = (
        RiskWorth("wait_and_see", 0.15, 0.17),
        RiskWorth("perfect_information", 0.0, 0.05),
        RiskWorth("all_scenarios", 0.175, 0.2),
        RiskWorth("waiting", 0.02, math.inf),
    )
    told = story(waits, bound=0.1678, scenarios=(base, fails), worth=worth)
    scenarios = tables(own(risk.section(told)))[0]
    assert scenarios[0][-2:] == ("6.4% to 10.0%", "2.0 to 5.5 points")
    said = texts(own(risk.section(told)))
    assert "18.0% expected (no plan can beat 16.7%);" in said
    assert "which scenario comes: 15.0% to 17.0%." in said
    assert "To know it is worth 0.0 to 5.0 points." in said
    assert "is worth 17.5 to 20.0 points." in said
    assert "can wait is worth at least 2.0 points." in said
    assert "the one plan costs 2.0 to 5.5 points against the best there" in said
    assert texts(own(risk.memo_section(told))).startswith(said.partition("\n")[0])


def test_probabilities_that_are_only_shared_out_are_told(waits: tuple[Run, Risk]) -> None:
    """That of the base case is what the others leave; of several none is known."""
    shared = ", unstated probabilities taken as equal;"
    assert shared not in texts(own(risk.memo_section(story(waits))))
    rows = tuple(dataclasses.replace(row, stated=False) for row in waits[1].scenarios)
    for measure, told in (("expected", True), ("cvar", True), ("worst", False)):
        said = texts(own(risk.memo_section(story(waits, scenarios=rows, measure=measure))))
        assert (shared in said) == told, measure


def test_an_answer_without_a_plan_says_so_alone(waits: tuple[Run, Risk]) -> None:
    rows = tuple(
        dataclasses.replace(
            row, outcome=None, best=None, best_bound=None, regret=None, regret_most=None,
            base_plan=None, reason="stopped before a plan was known",
        )
        for row in waits[1].scenarios
    )  # fmt: skip
    told = story(waits, value=math.inf, bound=-math.inf, scenarios=rows, commitments=())
    said = "Expected dependence: no plan is known yet. Nothing is proven."
    assert texts(own(risk.memo_section(told))) == said
    page = own(risk.section(told))
    assert [line[2:] for line in tables(page)[0]] == [("not known",) * 4] * 2
    assert "stopped before a plan was known" in texts(page)
    assert "is worth" not in texts(page)


def test_a_plan_of_the_base_case_that_cannot_be_paid_is_not_compared(
    waits: tuple[Run, Risk],
) -> None:
    base, fails = waits[1].scenarios
    fails = dataclasses.replace(fails, base_lapsed=("Big",))
    worth = (RiskWorth("all_scenarios", -math.inf, math.inf),)
    told = story(waits, scenarios=(base, fails), worth=worth)
    said = texts(own(risk.memo_section(told)))
    assert "the base case's own plan cannot be paid in all of them" in said
    assert "to look beyond the base case is not known" in said
    assert "Big fails: of the base case's plan Big cannot be paid there and lapses." in texts(
        own(risk.section(told))
    )


def test_stock_and_plants_are_told_by_what_is_lost_without_them(waits: tuple[Run, Risk]) -> None:
    """The plan comes to 0.18: 0.26 without stock, of which 0.24 is proven; without plants 0.9."""
    choices = (
        RiskChoice(NO_STOCK, 0.26, 0.24, 0.0, 180.0, 180.0),
        RiskChoice(NO_PLANTS, 0.9, 0.9, 40.0, 0.0, 40.0),
        RiskChoice("release any", math.inf, -math.inf, 0.0, 0.0, 0.0),
    )
    told = story(waits, choices=choices)
    said = texts(own(risk.section(told)))
    assert "Stock is worth 6.0 to 8.0 points." in said
    assert "Plants are worth 72.0 points." in said
    rows = tables(own(risk.section(told)))[2]
    assert rows[0] == ("No stock is bought", "26.0%", "24.0%", "0", "180", "180")
    assert rows[2] == ("Stock released in any year", *["not known"] * 5)
    assert "stock is worth 6.0 to 8.0 points." in texts(own(risk.memo_section(told)))


def test_what_is_bought_for_stock_is_told_by_year(tmp_path: Path) -> None:
    """80 of metal lie there in every scenario, 292 days of a use of 100 a year."""
    stockpiles = [{"stockpile": "reserve", "region": "W", "commodity": "metal", "release": "any"}]
    run, found = asked(tmp_path, case() | {"stockpiles": stockpiles})
    row = RiskStock("reserve", "W", 2031, "", 80.0, 80.0, 292.0, {"Fund": 40.0})
    told = story((run, dataclasses.replace(found, stock=(row,))))
    said = (
        "What stock buys and gives out is the same in every scenario before 2030, and later in"
        " those in which the same has happened until then."
    )
    assert said in texts(own(risk.section(told)))
    case_without = dataclasses.replace(run.case, stockpiles={})
    assert said not in risk.notes(found, case_without)
    (line,) = tables(own(risk.section(told)))[-1]
    assert line[:3] == ("reserve, W", "2031", "every")
    assert line[3].startswith("80")
    assert line[5:] == ("292", "Fund 40")


def test_of_many_futures_the_worst_are_shown(waits: tuple[Run, Risk]) -> None:
    row = waits[1].scenarios[0]
    many = tuple(
        dataclasses.replace(row, scenario=f"draw {n}", outcome=n / 100) for n in range(1, 41)
    )
    shown = tables(own(risk.section(story(waits, scenarios=many))))[0]
    assert len(shown) == risk.MOST_SCENARIOS
    assert (shown[0][0], shown[0][2]) == ("draw 40", "40.0%")


def test_largest_regret_is_told_in_points(waits: tuple[Run, Risk]) -> None:
    told = story(waits, measure="regret", value=0.02, bound=0.02)
    assert risk.headline(waits[1]) == "Expected dependence: 18.0%. No plan can beat that."
    found = told.answer(Risk)
    assert found is not None
    said = "The largest regret in dependence: 2.0 points. No plan can beat that."
    assert risk.headline(found) == said
    said = "at most 2.0 points above the best plan of a scenario (no plan can beat that)"
    assert said in texts(own(risk.section(told)))


# ---- The figure -------------------------------------------------------------------------------


def marks(told: Story) -> dict[str, list[float]]:
    """Where the marks of each kind stand, from the upper line down."""
    found: dict[str, list[tuple[float, float]]] = {}
    for line in CHART["risk"].figure(told, WIDE).axes[0].lines:
        (x,), (y,) = line.get_data()
        found.setdefault(str(line.get_marker()), []).append((float(y), float(x)))
    return {marker: [x for _, x in sorted(places)] for marker, places in found.items()}


def test_the_figure_has_a_mark_for_every_plan(waits: tuple[Run, Risk]) -> None:
    """Dots for the plan for all, diamonds for the base case's, ticks for the best plan."""
    found = marks(story(waits))
    assert found.keys() == {"o", "D", "|"}
    assert found["o"] == pytest.approx([0.12, 0.24], abs=2e-6)
    assert found["D"] == pytest.approx([0.10, 0.61], abs=2e-6)
    assert found["|"] == pytest.approx([0.10, 0.24], abs=2e-6)


def test_the_figure_says_what_it_shows(waits: tuple[Run, Risk]) -> None:
    picture = pictures(story(waits), "svg")["risk"]
    assert picture.title == (
        "One plan for all scenarios comes to 24% dependence at worst, the base case's own plan to "
        "61%"
    )
    assert picture.alt == (
        f"Marks on a line, one line a scenario. {picture.title}. Base case 12.0% (base case's plan "
        "10.0%, best plan for it 10.0%); Big fails 24.0% (base case's plan 61.0%, best plan for it "
        "24.0%)."
    )
    text = picture.data.decode()
    assert all(f">{words}</text>" in text for words in ("Big fails", "plan for all"))
    assert "may lie here" not in text


def test_the_figure_shows_where_the_best_plan_may_lie(waits: tuple[Run, Risk]) -> None:
    base, fails = waits[1].scenarios
    base = dataclasses.replace(base, best_bound=0.06)
    told = story(waits, scenarios=(base, fails))
    (bar,) = CHART["risk"].figure(told, WIDE).axes[0].patches
    assert (bar.get_x(), bar.get_width()) == pytest.approx((0.06, 0.04), abs=2e-6)
    picture = pictures(told, "svg")["risk"]
    assert "best plan for it 6.0% to 10.0%" in picture.alt
    assert ">the best may lie here</text>" in picture.data.decode()


def test_the_finding_of_the_figure_says_no_more_than_is_known(waits: tuple[Run, Risk]) -> None:
    """Near levels are told to a tenth; a plan that lapses or is not known is not compared."""
    base, fails = waits[1].scenarios

    def finding(**changes: Any) -> str:
        rows = (base, dataclasses.replace(fails, **changes))
        return CHART["risk"].title(story(waits, scenarios=rows))

    said = "One plan for all scenarios comes to 24% dependence at worst"
    assert finding(base_plan=0.244) == (
        "One plan for all scenarios comes to 24.0% dependence at worst, the base case's own plan to"
        " 24.4%"
    )
    assert finding(base_plan=None) == said
    assert finding(base_lapsed=("Big",)) == (
        f"{said}; the base case's own plan cannot be paid in all of them"
    )
    rows = (base, dataclasses.replace(fails, base_lapsed=("Big",)))
    picture = pictures(story(waits, scenarios=rows), "svg")["risk"]
    assert "payable part of base plan 61.0%" in picture.alt
    assert ">payable part of base plan</text>" in picture.data.decode()


def test_its_longest_key_has_room(waits: tuple[Run, Risk]) -> None:
    """Also on a telephone, where the base case's plan lapses and a best plan is open."""
    base, fails = waits[1].scenarios
    base = dataclasses.replace(base, best_bound=0.06)
    told = story(waits, scenarios=(base, dataclasses.replace(fails, base_lapsed=("Big",))))
    for room in (WIDE, NARROW):
        figure = draw(told, CHART["risk"], room)
        key = figure.axes[0].get_legend().get_window_extent()
        assert key.x0 > 0
        assert key.x1 < figure.bbox.x1


def test_there_is_no_figure_without_a_plan_and_of_many_the_worst(waits: tuple[Run, Risk]) -> None:
    base, fails = waits[1].scenarios
    unknown = story(waits, scenarios=(base, dataclasses.replace(fails, outcome=None)))
    assert not CHART["risk"].is_told(unknown)
    assert Figure("risk") not in own(risk.section(unknown)).blocks
    assert "risk" not in [s.name for s in deck(unknown).sections]
    many = tuple(
        dataclasses.replace(base, scenario=f"draw {n}", outcome=n / 100) for n in range(1, 41)
    )
    drawn = marks(story(waits, scenarios=many))["o"]
    assert drawn == [n / 100 for n in range(40, 40 - risk.MOST_SCENARIOS, -1)]


def test_the_figure_stands_in_annex_page_and_slides(waits: tuple[Run, Risk]) -> None:
    told = story(waits)
    for outlet in (Outlet.ANNEX, Outlet.PAGE):
        (section,) = [s for s in sections(told, outlet) if s.name == "risk"]
        assert Figure("risk") in section.blocks
    (slide,) = [s for s in deck(told).sections if s.name == "risk"]
    assert (slide.title, *slide.blocks) == (CHART["risk"].title(told), Figure("risk"))
    drawn = pictures(told, "png")["risk"].data
    assert drawn == pictures(story(waits), "png")["risk"].data


# ---- Where it stands --------------------------------------------------------------------------


def test_the_base_case_has_one_name() -> None:
    assert BASE == BASE_OF_DATA


def test_it_stands_in_the_memo_its_annexes_and_the_page(waits: tuple[Run, Risk]) -> None:
    for outlet in (Outlet.MEMO, Outlet.ANNEX, Outlet.PAGE):
        assert "risk" in [s.name for s in sections(story(waits), outlet)]
        assert "risk" not in [s.name for s in sections(Story(waits[0]), outlet)]


def test_where_it_was_not_asked_the_memo_names_the_command(waits: tuple[Run, Risk]) -> None:
    def unanswered(told: Story) -> str:
        return str(next(s.blocks for s in memo(told).sections if s.name == "unanswered"))

    command, question = "'python -m opt COMMAND outputs/case --memo'", "to know more (risk)"
    assert command in unanswered(Story(waits[0]))
    assert question in unanswered(Story(waits[0]))
    assert question not in unanswered(story(waits))


def test_a_case_without_scenarios_has_no_such_question(tmp_path: Path) -> None:
    run = solved(tmp_path, case() | {"scenarios": [], "shocks": []})
    assert "opt risk" not in str(memo(Story(run)).sections)


def test_the_answer_comes_back_as_it_was_written(waits: tuple[Run, Risk], tmp_path: Path) -> None:
    """A blank second wave and values that are not known come back too."""
    open_ = dataclasses.replace(waits[1], second_wave=None, bound=-math.inf)
    for name, found in (("whole", waits[1]), ("open", open_)):
        (tmp_path / name).mkdir()
        write_studies({"risk": found}, tmp_path / name)
        assert read_studies(tmp_path / name) == {"risk": found}


def test_the_command_puts_it_into_the_documents_of_a_run(
    waits: tuple[Run, Risk], tmp_path: Path
) -> None:
    """`opt memo` writes the same again; a workbook has no documents to write."""
    with hold(tmp_path / "run", overwrite=False, tell=lambda _: None) as place:
        folder = write_into(place, waits[0])
    told = ["--no-store", "--quiet", "--json"]
    done = CliRunner().invoke(cli, ["risk", str(folder), "--memo", *told])
    assert done.exit_code == 0, done.output
    assert read_studies(folder) == {"risk": waits[1]}
    assert json.loads(done.stdout) == waits[1].document()
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert risk.TITLE in page
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert CliRunner().invoke(cli, ["memo", str(folder), "--quiet"]).exit_code == 0
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def stopped(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Let a question be answered as one that is stopped as soon as it is asked."""
    ask, control = getattr(questions, name), Control()
    control.stop.set()
    runner = Runner(control, Silent())
    monkeypatch.setattr(questions, name, lambda *a, **given: ask(*a, **given | {"runner": runner}))


@pytest.mark.usefixtures("undrawn")
def test_a_finished_answer_stays_where_the_new_one_is_not_finished(
    waits: tuple[Run, Risk], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether it was stopped or answers another question; a finished one takes its place."""
    with hold(tmp_path / "run", overwrite=False, tell=lambda _: None) as place:
        folder = write_into(place, waits[0])
    again = ["risk", str(folder), "--memo", "--no-store", "--quiet"]

    def invoked(*more: str) -> Result:
        return CliRunner().invoke(cli, [*again, *more])

    with monkeypatch.context() as patched:
        stopped(patched, "risk")
        assert invoked().exit_code == 5
        (first,) = read_studies(folder).values()
        assert isinstance(first, Risk)
        assert not first.complete
        patched.undo()
        assert invoked().exit_code == 0
        stopped(patched, "risk")
        for more in ([], ["--measure", "worst"]):
            cut = invoked(*more)
            assert cut.exit_code == 5
            assert "the finished answer that stands in the run stays." in cut.stderr
            assert read_studies(folder) == {"risk": waits[1]}
    worst = invoked("--measure", "worst")
    assert "stays" not in worst.stderr
    (found,) = read_studies(folder).values()
    assert isinstance(found, Risk)
    assert found.measure == "worst"


def test_an_answer_is_not_finished_before_its_choices_and_its_waiting(
    waits: tuple[Run, Risk],
) -> None:
    """Of all_scenarios nothing more can be known where a plan cannot be paid."""
    found, without = waits[1], RiskChoice(NO_STOCK, 0.26, 0.24, 0.0, 180.0, 180.0)
    cut = dataclasses.replace(without, value=math.inf)
    lapsed = RiskWorth("all_scenarios", -math.inf, math.inf)
    assert dataclasses.replace(found, choices=(without,), worth=(lapsed,)).complete
    assert not dataclasses.replace(found, choices=(cut,)).complete
    assert not dataclasses.replace(found, worth=(RiskWorth("waiting", 0.0, math.inf),)).complete


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--memo"], "give a finished run"),
        (["--set", "gap=0.1"], "give one, not a run"),
    ],
)
def test_options_that_do_not_fit_are_refused(
    waits: tuple[Run, Risk], tmp_path: Path, options: list[str], said: str
) -> None:
    path = tmp_path / "run"
    if "--set" in options:
        with hold(path, overwrite=False, tell=lambda _: None) as place:
            path = write_into(place, waits[0])
    done = CliRunner().invoke(cli, ["risk", str(path), "--quiet", "--no-store", *options])
    assert done.exit_code == 2
    assert said in done.output
