"""What a reader sees: figures whose words keep apart, charts of years that stand over their years,
slides, sheets and pages on which nothing is cut, and sentences of cases that are rare."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import docx
import openpyxl
import pytest
from builders import Rows, chain, project, solved
from hard import hard_case
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PolyCollection
from matplotlib.text import Annotation
from run_factory import make_run

import opt
from opt.record.chain import TouchYear
from opt.record.explain import Explained, Explanation
from opt.record.labels import Label, LabelRow, Labels
from opt.record.money import CostYear
from opt.record.options import OtherOptions
from opt.record.run import Run
from opt.record.stress import Strain, Stress, StressCase
from opt.report.deck import MOST_ROWS, deck
from opt.report.document import (
    MUSD,
    Bullets,
    Document,
    Figure,
    Pair,
    Pairs,
    Section,
    TableBlock,
    Text,
)
from opt.report.documents import workbook_bytes
from opt.report.figures import stress
from opt.report.figures.chart import NARROW, SLIDE, WIDE, Room
from opt.report.figures.registry import CHART, draw, told
from opt.report.outline import memo, page
from opt.report.render.excel import xlsx_bytes
from opt.report.render.page import STYLE, html_text
from opt.report.render.word import docx_bytes
from opt.report.sections import (
    assumptions,
    base_case,
    deciders,
    decisions,
    doubts,
    merchants,
    method,
    money,
    not_chosen,
    options,
    plan,
    sources,
    summary,
    unanswered,
)
from opt.report.sections.levels import unserved_sentence
from opt.report.sections.plan import built
from opt.report.story import Story


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Three projects, stock, support and targets."""
    return make_run(tmp_path / "case.xlsx", 3, full=True)


# ---- Figures --------------------------------------------------------------------------------


@pytest.mark.parametrize("stages", [1, 8, 9, 19])
def test_the_words_of_a_long_chain_keep_apart(run: Run, stages: int) -> None:
    last = max(entry.year for entry in run.touch)
    names = [f"refining {n:02}" for n in range(stages)]
    touched = [TouchYear(name, last, 0.003, 0.5) for name in names]
    story = Story(replace(run, touch=tuple(touched), capacity=()))
    figure = draw(story, CHART["chain"])
    canvas = figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    words = [text for text in figure.axes[0].texts if not isinstance(text, Annotation)]
    assert len(words) == 3 * stages  # name, shares and use of each
    boxes = [text.get_window_extent(canvas.get_renderer()) for text in words]
    assert not [pair for pair in combinations(boxes, 2) if pair[0].overlaps(pair[1])]


def _rows_of_builds(run: Run, room: Room) -> list[str]:
    axes = draw(Story(run), CHART["builds"], room).axes[0]
    if room.is_wide:
        return [label.get_text() for label in axes.get_yticklabels()]
    return [text.get_text() for text in axes.texts if text.get_gid() is None]


def test_a_figure_of_many_builds_has_no_more_rows_than_a_page_can_show(tmp_path: Path) -> None:
    """90 plants: the largest keep a line each, the rest of a stage share one; a telephone, whose
    page has no end, shows all."""
    many = make_run(tmp_path / "case.xlsx", 90)
    rows = _rows_of_builds(many, WIDE)
    assert 50 < len(rows) <= 60
    together = [int(found[1]) for row in rows if (found := re.match(r"(\d+) smaller", row))]
    assert sum(together) + sum(row.startswith("Works number") for row in rows) == 90
    narrow = _rows_of_builds(many, NARROW)
    assert sum(row.startswith("Works number") for row in narrow) == 90


def test_a_slide_shows_the_largest_plants_and_counts_the_rest(tmp_path: Path) -> None:
    """Fourteen lines of 90 plants: thirteen of their own, and one for the other 77."""
    rows = _rows_of_builds(make_run(tmp_path / "case.xlsx", 90), SLIDE)
    assert len(rows) == 14
    assert all(row.startswith("Works number") for row in rows[:13])
    assert rows[13] == "77 other projects"
    few = _rows_of_builds(make_run(tmp_path / "few.xlsx", 3), SLIDE)
    assert len([row for row in few if row.startswith("Works number")]) == 3


def _strained(name: str, strain: Strain, level: float) -> StressCase:
    nothing = dict.fromkeys(StressCase.__dataclass_fields__, None)
    tried = {"case": name, "strain": strain, "dependence": level, "last_year": level}
    return StressCase(**{**nothing, **tried, "idle": (), "lapsed": (), "reason": "", "by_year": {}})


def test_a_slide_shows_the_worst_cases_and_counts_the_rest(run: Run) -> None:
    """The plan, 20 scenarios and 5 failures: of 26 lines 14, 3 of them for failures."""
    cases = [_strained("plan", Strain.PLAN, 0.3)]
    cases += [_strained(f"scenario {n}", Strain.SCENARIO, 0.3 + n / 100) for n in range(20)]
    cases += [_strained(entry.project, Strain.FAILURE, 0.4) for entry in run.projects] * 2
    story = Story(run, {"stress": Stress(2035, tuple(cases[:26]))})
    shown = stress.shown(story, SLIDE)
    strains = [case.strain for case in shown]
    assert [strains.count(own) for own in (Strain.PLAN, Strain.SCENARIO, Strain.FAILURE)] == [
        1,
        10,
        3,
    ]
    worst = [f"scenario {n}" for n in range(19, 9, -1)]
    assert [case.case for case in shown if case.strain is Strain.SCENARIO] == worst
    words = " ".join(text.get_text() for text in draw(story, CHART["stress"], SLIDE).axes[0].texts)
    assert "; 12 milder cases are left out" in words
    assert len(stress.shown(story, WIDE)) == 26


def test_what_has_come_to_its_end_holds_no_other_back(run: Run) -> None:
    """Two placeholders on a line, the one in use from 2028 to 2031, the other from 2029 to 2035:
    from 2029 on all that stand are in full use."""
    first, second = run.projects[:2]
    ends = dict.fromkeys(range(2028, 2032), 1.0)
    stays = dict.fromkeys(range(2029, 2036), 1.0)
    rows = (
        replace(first, usable=ends, stage="metal"),
        replace(second, usable=stays, stage="metal"),
    )
    candidates = {
        key: replace(own, placeholder=True) if key in {first.project, second.project} else own
        for key, own in run.case.projects.items()
    }
    changed = replace(run, projects=rows, case=replace(run.case, projects=candidates))
    axes = draw(Story(changed), CHART["builds"]).axes[0]
    bars = [c for c in axes.collections if isinstance(c, PolyCollection)]
    spans = [
        sorted((path.vertices[:, 0].min(), path.vertices[:, 0].max()) for path in bar.get_paths())
        for bar in bars
    ]
    assert spans == [[(2027.5, 2028.5)], [(2028.5, 2035.5)], [(2025.5, 2027.5)]]


# ---- Slides ---------------------------------------------------------------------------------


def test_a_full_stop_in_a_name_ends_no_title_of_a_slide(tmp_path: Path) -> None:
    case = chain(projects=[project("Big", "smelt", 60, 10, name="Port St. Anne", chance=0.5)])
    slides = {s.name: s for s in deck(Story(solved(tmp_path, case))).sections}
    risk = "The largest single commitment, Port St. Anne, is 100.0% of the plan's capital cost"
    assert slides["doubts"].title == risk


def test_a_slide_counts_every_project_that_it_has_no_room_for(tmp_path: Path) -> None:
    """Twenty are to be decided now, of which the memo's table holds ten and the slide's eight."""
    projects = [project(f"P{n}", "smelt", 5, 10 + n) for n in range(20)]
    slides = {s.name: s for s in deck(Story(solved(tmp_path, chain(projects=projects)))).sections}
    table, text = slides["decisions"].blocks
    assert isinstance(table, TableBlock)
    assert len(table.lines) == MOST_ROWS == 8
    assert text == Text("And 12 more: see the memo.")
    assert slides["decisions"].title.startswith("Decide now: named projects to be decided")
    assert slides["options"].title.startswith("Options: level in 2033")


# ---- Sheets ---------------------------------------------------------------------------------


def test_every_series_of_a_chart_stands_over_the_same_years(run: Run) -> None:
    """Building ends before running does, and what is left of plants comes in the last year."""
    costs = [("capex", 2026), ("opex", 2026), ("opex", 2027), ("opex", 2028), ("residual", 2028)]
    rows = tuple(CostYear(part, year, 10.0, 10.0) for part, year in costs)
    stages = tuple(e for e in run.stages if e.stage != run.stages[0].stage or e.year > 2030)
    made = workbook_bytes(Story(replace(run, costs=rows, stages=stages)))
    book = openpyxl.load_workbook(io.BytesIO(made))
    for name, first, last in (("Costs", 2026, 2028), ("Stages", 2026, 2035)):
        (chart,) = book[name]._charts
        assert len(chart.series) > 1
        for series in chart.series:
            (cells,) = re.findall(r"\$B\$\d+:\$B\$\d+", series.cat.numRef.f)
            years = [cell.value for (cell,) in book[name][cells.replace("$", "")]]
            assert years == list(range(first, last + 1)), name
    capex = [cell.value for cell in book["Costs"]["D"][4:7]]
    assert capex == [10.0, 0.0, 0.0]


def test_nothing_on_the_cover_is_cut_and_it_is_printed_at_full_width() -> None:
    """A label of 72 characters takes two lines of 36 at the least."""
    pairs = Pairs((Pair("name " * 14, 1.0, MUSD), Pair("short", 1.0, MUSD)))
    document = Document("Title", "record", "header", (), (Section("s", "Subject", (pairs,)),))
    cover = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(document, [])))["Cover"]
    (row,) = (cell.row for cell in cover["A"] if str(cell.value).startswith("name"))
    assert cover.row_dimensions[row].height >= 2 * 15
    assert cover.cell(row, 1).alignment.wrap_text
    assert cover.page_setup.orientation != "landscape"
    assert cover.page_setup.fitToHeight == 0


def test_contents_of_the_cover_stay_within_their_column(run: Run) -> None:
    cover = openpyxl.load_workbook(io.BytesIO(workbook_bytes(Story(run))))["Cover"]
    told = [cover.cell(cell.row, 2) for cell in cover["A"] if cell.hyperlink]
    assert told
    assert all(cell.alignment.wrap_text for cell in told)


# ---- The page -------------------------------------------------------------------------------


def test_an_address_breaks_anywhere_and_widens_no_table() -> None:
    address = "https://example.org/" + "a" * 60
    table = TableBlock("Sources", ("Source", "Address"), [("one", address)], (1, 1))
    document = Document("Title", "record", "header", (), (Section("s", "Subject", (table,)),))
    assert f'<td class="unbroken">{address}</td>' in html_text(document, {}, {})
    (rule,) = re.findall(r"^td\.unbroken \{(.*)\}$", STYLE, re.MULTILINE)
    assert "overflow-wrap: anywhere" in rule


def test_a_box_of_choices_is_printed_on_one_page() -> None:
    (rule,) = re.findall(r"^  (.*) \{ break-inside: avoid; \}$", STYLE, re.MULTILINE)
    assert ".choices" in rule.split(", ")


# ---- A plan that builds nothing ---------------------------------------------------------------

NO_MONEY: Rows = [{"field": "all", "2030": 0, "2031": 0, "2032": 0, "2033": 0}]


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A candidate that nobody can pay for: the one programme has nothing, private money neither."""
    fund = {"programme": "fund", "name": "Fund", "instrument": "grant", "amount": 0, "source": "s"}
    case = chain(
        projects=[project("Big", "smelt", 60, 10, merchant=2032, merchant_chance=0.5)],
        programmes=[fund],
        private_capital=NO_MONEY,
        sources=[{"source": "s", "title": "A budget", "confidence": "A"}],
    )
    return solved(tmp_path_factory.mktemp("nothing"), case)


def test_a_plan_that_builds_nothing_has_no_empty_figure(nothing: Run) -> None:
    story = Story(nothing)
    drawn = {chart.name for chart in told(story)}
    assert drawn == {"dependence", "chain"}
    for document in (memo(story), page(story)):
        blocks = [block for section in document.sections for block in section.blocks]
        assert {block.name for block in blocks if isinstance(block, Figure)} <= drawn
    assert plan.section(story).blocks == (Text("The plan commits no new project."),)
    first, *rest = money.section(story).blocks
    assert first == Text("The plan uses no public money.")
    assert [type(block) for block in rest] == [TableBlock]


def test_what_nobody_has_is_not_made_larger(nothing: Run) -> None:
    """A quarter more of nothing is nothing, which says nothing of whether money binds."""
    story = Story(nothing)
    assert "A larger budget" in {row.name for row in nothing.options}
    assert "A larger budget" not in {row.name for row in options.options(story)}
    section = deciders.section(story)
    assert section is not None
    (said,) = section.blocks
    assert isinstance(said, Bullets)
    assert "Money: no programme of the workbook has any." in said.items
    assert not any("a quarter more" in item for item in said.items)


def test_no_sentence_speaks_of_projects_that_there_are_not(nothing: Run) -> None:
    story = Story(nothing)
    assert summary.settled(story) == "That nothing is built rests on discounted cost."
    assert "The plan lowers" not in merchants.additional_sentence(story)
    said = Text("The plan commits nothing, so no source carries it.")
    assert sources.section(story).blocks == (said,)


def test_a_stopped_search_does_not_advise_to_build_nothing(tmp_path: Path, nothing: Run) -> None:
    proven = decisions.decision_sentence(Story(nothing))
    assert proven == "Nothing is to be committed: the plan builds no new project."
    assert decisions.page_section(Story(nothing)) is decisions.section(Story(nothing)) is None
    stopped = decisions.decision_sentence(Story(solved(tmp_path, hard_case(time_limit=0))))
    assert stopped.startswith("Nothing can be decided on this run: its search stopped")


# ---- Sentences ------------------------------------------------------------------------------


def test_years_that_the_plan_serves_are_not_told_as_short(tmp_path: Path) -> None:
    """A plant of 100 that runs from 2031 on: 2030 is short, the rest only without new money."""
    case = chain(
        projects=[project("Big", "smelt", 100, 10, lead_time=1)],
        lanes=[{"origin": "W", "destination": "W", "commodity": "*"}],
    )
    assert unserved_sentence(Story(solved(tmp_path, case))) == (
        "Not served at all with the plan: 100% in 2030 (100% with no new money). In 3 other "
        "years: up to 100% with no new money, nothing with the plan."
    )


def test_what_goes_unserved_with_and_without_the_plan_is_told_once(tmp_path: Path) -> None:
    """X is cut off, and there is nothing to build."""
    lanes = [{"origin": "W", "destination": "W", "commodity": "*"}]
    assert unserved_sentence(Story(solved(tmp_path, chain(lanes=lanes)))) == (
        "Not served at all, with or without the plan: 100% in 2030, 100% in 2031 and 100% in 2032, "
        "and no larger share in 1 other year."
    )


def test_a_column_of_remarks_stands_where_there_are_some(run: Run) -> None:
    for overrides, heads in (({}, 2), ({"gap": "0"}, 3)):
        section = assumptions.section(Story(replace(run, overrides=overrides)))
        table = section.blocks[0]
        assert isinstance(table, TableBlock)
        assert len(table.heads) == heads
        assert {len(line) for line in table.lines} == {heads}


def test_a_short_table_is_not_broken_over_pages() -> None:
    """Every row but the last keeps with the next; of a long table none does, or it would leave
    half a page empty above it."""
    for lines, kept in ((3, 3), (40, 0)):
        table = TableBlock("Sign-off", ("Step", "Name"), [("a", "b")] * lines, (1, 1))
        document = Document("Title", "record", "header", (), (Section("s", "Subject", (table,)),))
        (made,) = docx.Document(io.BytesIO(docx_bytes(document, {}))).tables
        keeps = [
            all(cell.paragraphs[0].paragraph_format.keep_with_next for cell in row.cells)
            for row in made.rows
        ]
        assert sum(keeps) == kept
        assert not keeps[-1]


@pytest.mark.parametrize(
    ("pooled", "ending"),
    [
        (0.4, "over the counted years is the same."),
        (0.5, "is 50.0% instead of 40.0%; the truth lies between the two."),
    ],
)
def test_mixing_that_changes_nothing_is_told_so(run: Run, pooled: float, ending: str) -> None:
    metrics = replace(run.metrics, dependence=0.4, pooled_dependence=pooled)
    assert method.paragraphs(Story(replace(run, metrics=metrics)))[-1].endswith(ending)


@pytest.mark.parametrize(
    ("scenarios", "words"),
    [
        (0, "Assumed: the workbook's figures, and no shock;"),
        (1, "Assumed: the workbook's one scenario does not happen;"),
        (2, "Assumed: none of the workbook's 2 scenarios happens;"),
    ],
)
def test_scenarios_that_do_not_happen_are_counted(run: Run, scenarios: int, words: str) -> None:
    case = replace(run.case, scenarios={f"s{n}": f"S{n}" for n in range(scenarios)})
    assert base_case.assumed_sentence(Story(replace(run, case=case))).startswith(words)


def test_a_plant_is_told_by_what_it_is_built_for_and_not_by_a_heavier_by_product(
    tmp_path: Path,
) -> None:
    """60 t of metal leave 90 t of scrap, which another stage makes into metal for demand."""
    scrap = {"commodity": "scrap", "mineral": "M", "stage": "metal", "surplus": "free", "unit": "t"}
    base = chain()
    metal = [{**row, "unit": "t"} for row in base["commodities"]]
    case = chain(
        projects=[project("Big", "smelt", 60, 10, placeholder="yes")],
        commodities=[*metal, scrap],
        processes=[*base["processes"], {"process": "melt", "stage": "recycling"}],
        recipes=[
            *base["recipes"],
            {"process": "smelt", "commodity": "scrap", "amount": 1.5},
            {"process": "melt", "commodity": "scrap", "amount": -2},
            {"process": "melt", "commodity": "metal", "amount": 1},
        ],
    )
    story = Story(solved(tmp_path, case))
    (made,) = built(story)
    assert [(e.commodity, e.amount) for e in made.products] == [("metal", 60), ("scrap", 90)]
    assert made.unlocks.startswith("60 t a year of metal")
    later = decisions.later_section(story)
    assert later is not None
    (table,) = later.blocks
    assert isinstance(table, TableBlock)
    assert table.lines[0][3] == "60 t of metal"


def test_what_only_lifts_limits_is_not_told_to_make_nothing(run: Run) -> None:
    key = run.projects[0].project
    alone = replace(run.case.projects[key], rates={}, placeholder=True)
    case = replace(run.case, projects={**run.case.projects, key: alone})
    row = replace(run.projects[0], products={}, stage="capability")
    later = decisions.later_section(Story(replace(run, projects=(row,), case=case)))
    assert later is not None
    (table,) = later.blocks
    assert isinstance(table, TableBlock)
    assert [line[3] for line in table.lines] == ["nothing: it lifts limits on building"]


def test_a_table_of_every_case_does_not_call_them_the_worst(tmp_path: Path) -> None:
    """One scenario and one plant that can fail."""
    twice = [{"scenario": "twice", "what": "demand", "factor": 2}]
    case = chain(
        projects=[project("Big", "smelt", 60, 10)],
        scenarios=[{"scenario": "twice"}],
        shocks=twice,
    )
    made = solved(tmp_path, case)
    section = doubts.section(Story(made, {"stress": opt.stress(made)}))
    assert section is not None
    (table,) = (block for block in section.blocks if isinstance(block, TableBlock))
    assert len(table.lines) == 2
    assert table.title == "The plan held, one change each: all 2 cases tried"


def test_a_study_that_was_begun_is_not_told_as_not_asked(run: Run) -> None:
    begun = OtherOptions((), ("Half the money: no time was left.",))
    alone = "what half the money, named projects alone and a faster pace come to"
    asked = _unanswered(Story(run, {"options": begun}))
    assert f"Answered in part: {alone}; " in asked
    assert asked.count(alone) == 1
    assert "in part" not in _unanswered(Story(run))
    assert alone in _unanswered(Story(run)).partition("'python")[0]
    in_scenario = replace(run, scenario="cut")
    command = f"'python -m opt brief {run.name}.xlsx --scenario cut'"
    assert command in _unanswered(Story(in_scenario, {"options": begun}))


def _unanswered(story: Story) -> str:
    section = unanswered.section(story)
    assert section is not None
    (block,) = section.blocks
    assert isinstance(block, Text)
    return block.text


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ("core borderline", "Every plan {} builds Big; 1 other can be spared."),
        ("core core", "Every plan {} builds Big and Little."),
        (
            "borderline borderline",
            "None of these is proven to be in every plan {}; 2 projects can each be spared.",
        ),
        ("core undecided", "Every plan {} builds Big; of 1 project it is not known."),
        ("undecided undecided", ""),
    ],
)
def test_what_every_good_plan_builds_is_told(tmp_path: Path, labels: str, said: str) -> None:
    """Both smelters are built in the first years; what is proven of each is given."""
    case = chain(projects=[project("Big", "smelt", 60, 10), project("Little", "smelt", 30, 5)])
    made = solved(tmp_path, case)
    rows = tuple(
        LabelRow(name, name, True, Label(label), 0.02, 0.03, 0.02, 0.03, 0.0, 0.0)
        for name, label in zip(("Big", "Little"), labels.split(), strict=True)
    )
    story = Story(made, {"labels": Labels(0.01, 0.1, 0.1, rows, ())})
    section = decisions.section(story)
    assert section is not None
    told = [item for block in section.blocks if isinstance(block, Bullets) for item in block.items]
    assert told == ([said.format("within 1.0 points of the best")] if said else [])


def test_candidates_of_which_the_same_is_told_share_a_sentence(run: Run) -> None:
    """Two lose 0.1 to 0.2 points, a third 0.5: a fourth has no place."""
    losses = {"Aa": (0.001, 0.002), "Bb": (0.001, 0.002), "Cc": (0.005, 0.005), "Dd": (0.1, 0.1)}
    rows = tuple(
        Explained(name, name, False, *loss, 0.0, 0.0, 0.0, None, (), (), ())
        for name, loss in losses.items()
    )
    story = Story(run, {"explain": Explanation(0.6, 0.6, rows, (), (), {})})
    section = not_chosen.section(story)
    assert section is not None
    (block,) = section.blocks
    assert isinstance(block, Bullets)
    assert list(block.items) == [
        "Aa and Bb: building any of them loses 0.1 to 0.2 points.",
        "Cc: building it loses 0.5 points.",
    ]
