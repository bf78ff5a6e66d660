"""How a programme falls on minerals, by hand.

H asks for 100 a, half of which is made at home, and for 10 b, of which nothing is. A plant of each
mends it for 10: of a by a half, of b wholly. Alpha counts for 5, beta for 3 of 8. Fund and Second
may pay for either.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from second_opinion_cases import workbook
from two_minerals import SHEETS, WEIGHTS

import opt
from opt import api, questions
from opt.audit.plan import FoundPlan
from opt.cli import cli
from opt.commands.frontier_words import in_words
from opt.commands.marked_page import opened_page
from opt.commands.minerals_words import MARKS
from opt.data.tables import Tables
from opt.errors import InputError
from opt.record.minerals import MineralRow, Minerals
from opt.report.document import Choices, Facts, TableBlock
from opt.report.sections import cockpit
from opt.report.sections import frontier as frontier_section
from opt.report.story import Story
from opt.solver.control import Control
from opt.solver.progress import Silent
from opt.studies.minerals import ALONE, BESIDE
from opt.studies.runner import STOPPED, Runner

INPUTS = Path(__file__).parents[2] / "inputs"
SETTINGS = "public_share,1\ngap,0\ncost_gap,0"
PROGRAMMES = """programme,amount
    fund,20
    second,10"""
VARIANTS = """variant,sheet,row,column,value
    other_way,minerals,alpha,weight,1"""
NOTHING = (5 / 2 + 3) / 8  # of alpha a half, of beta all


def book(parent: Path, **sheets: str) -> Path:
    given = {**SHEETS, "programmes": PROGRAMMES, "variants": VARIANTS, "minerals": WEIGHTS}
    return workbook(parent, settings=SETTINGS, **{**given, **sheets})


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Minerals:
    path = book(tmp_path_factory.mktemp("minerals"))
    cases = [api.load(path), api.load(path, variant="other_way")]
    return opt.minerals(cases, "fund", (5, 10, 20))


def near(value: float) -> object:
    return pytest.approx(value, abs=2e-6)


def of(found: Minerals, amount: float, mineral: str, money: str = ALONE) -> MineralRow:
    (row,) = (
        row
        for row in found.minerals
        if (row.variant, row.money, row.amount, row.mineral) == ("", money, amount, mineral)
    )
    return row


def test_the_least_dependence_with_each_amount(found: Minerals) -> None:
    """Alone 10 pays for beta's plant, 20 for both. Beside Second's 10, 5 more pay for no second
    plant."""
    rows = {(row.variant, row.money, row.amount): row for row in found.amounts}
    levels = {
        (ALONE, 5.0): NOTHING,
        (ALONE, 10.0): 2.5 / 8,
        (ALONE, 20.0): 0,
        (BESIDE, 5.0): 2.5 / 8,
        (BESIDE, 10.0): 0,
        (BESIDE, 20.0): 0,
    }
    for (money, amount), level in levels.items():
        row = rows["", money, amount]
        assert (row.dependence, row.bound) == (near(level), near(level))
    needs = [rows["", money, amount].need for money, amount in levels]
    assert needs == [near(0), near(10), near(20), near(0), near(10), near(10)]
    # Of equal worth, 1 x 1/2 for alpha and 3 x 1 for beta: beta again, (1/2 + 0) / 4.
    assert rows["other_way", ALONE, 10.0].dependence == near(1 / 8)


def test_what_a_mineral_loses_by_sharing(found: Minerals) -> None:
    """With 10 beta has the plant: alpha by itself would have its own, and rest on nobody."""
    lost = {
        (amount, name): (row.lost_low, row.lost_high)
        for amount in (5.0, 10.0, 20.0)
        for name in ("alpha", "beta")
        for row in [of(found, amount, name)]
    }
    assert lost.pop((10.0, "alpha")) == (near(0.5), near(0.5))
    assert all(both == (near(0), near(0)) for both in lost.values())
    beside = of(found, 5.0, "alpha", BESIDE)  # Second's 10 would do for alpha as well
    assert (beside.lost_low, beside.lost_high) == (near(0.5), near(0.5))


def test_what_more_money_for_one_would_do(found: Minerals) -> None:
    """With nothing built alpha would fall by a half, beta wholly; with beta's plant alpha alone."""
    falls = {
        (amount, name): near(fall)
        for amount, name, fall in (
            *((5.0, "alpha", 0.5), (5.0, "beta", 1)),
            *((10.0, "alpha", 0.5), (10.0, "beta", 0)),
            *((20.0, "alpha", 0), (20.0, "beta", 0)),
        )
    }
    for (amount, name), fall in falls.items():
        row = of(found, amount, name)
        assert (row.next_low, row.next_high) == (fall, fall)
    assert of(found, 10.0, "alpha", BESIDE).next_high is None


def test_money_by_mineral_and_stage(found: Minerals) -> None:
    own = [row for row in found.stages if (row.variant, row.money) == ("", ALONE)]
    told = {(row.amount, row.mineral, row.stage): (row.plants, row.public_musd) for row in own}
    one = (1, near(10))
    assert told == {
        (10.0, "beta", "mining"): one,
        (20.0, "alpha", "mining"): one,
        (20.0, "beta", "mining"): one,
    }
    assert found.complete


def test_every_plan_is_audited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each against a workbook in which Fund has the amount, and Second nothing where it is alone;
    what Fund pays is never more than it has there."""
    audited: list[tuple[float, float, float]] = []
    confirm = questions.confirm_plan

    def noted(tables: Tables, scenario: str | None, key: str, plan: FoundPlan) -> None:
        fund, second = (row.number_of("amount") for row in tables.rows["programmes"])
        paid = sum(p.paid_musd for p in plan.solution.payments if p.programme == "fund")
        audited.append((fund, second, paid))
        confirm(tables, scenario, key, plan)

    monkeypatch.setattr(questions, "confirm_plan", noted)
    opt.minerals([api.load(book(tmp_path))], "fund", (5, 10, 20))
    joint = {(fund, second) for fund, second, _ in audited}
    assert joint >= {(x, second) for x in (5.0, 10.0, 20.0) for second in (0.0, 10.0)}
    assert all(paid <= fund + 1e-6 for fund, _, paid in audited)


def test_the_command_writes_between_the_marks_of_a_page(tmp_path: Path) -> None:
    path, page = book(tmp_path), tmp_path / "page.md"
    page.write_text(f"Above.\n\n{MARKS.begin}\nbefore\n{MARKS.end}\n\nBelow.\n")
    asked = ["minerals", str(path), "--of", "FUND", "--amount", "10", "--amount", "20"]
    told = CliRunner().invoke(cli, [*asked, "--page", str(page), "--quiet", "--no-store"])
    assert told.exit_code == 0, told.output
    text = page.read_text()
    assert text.startswith("Above.")
    assert text.endswith("Below.\n")
    assert "before" not in text
    assert "| alone | 10 | 31.2% | 31.2% | 10 | 10 | 1 |" in text
    assert "| beta | mining | 10 (1) | 10 (1) |" in text
    assert "USD 1,000 million more lowers alpha most: by 50.0 points." in told.output
    plain = CliRunner().invoke(cli, [*asked, "--json", "--quiet", "--no-store"])
    assert json.loads(plain.stdout)["programme"] == "fund"


def test_a_study_that_is_stopped_says_what_is_not_known(tmp_path: Path) -> None:
    control = Control()
    control.stop.set()
    runner = Runner(control, Silent())
    found = questions.minerals([api.load(book(tmp_path))], "fund", (10, 20), runner=runner)
    assert not found.complete
    assert f"the workbook, alone, USD 20 million: {STOPPED}" in found.reason
    assert all(row.dependence is None and row.bound is None for row in found.amounts)
    assert found.minerals == found.stages == ()


def test_a_page_that_stands_stays_where_not_all_is_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    before = f"{MARKS.begin}\nfinished\n{MARKS.end}\n"
    page.write_text(before)
    opened = opened_page(page, MARKS)
    assert opened is not None
    opened.write("half", complete=False)
    assert page.read_text() == before
    assert f"{page} stays as it is" in capsys.readouterr().err
    opened.write("whole", complete=True)
    assert page.read_text() == f"{MARKS.begin}\n\nwhole\n\n{MARKS.end}\n"


@pytest.mark.parametrize(
    ("sheets", "words"),
    [
        ({"programmes": "programme,amount\nfund,0\nsecond,10"}, "holds nothing"),
        (
            {
                "commodities": "commodity,mineral,stage\na,alpha,mining\nb,alpha,mining",
                "minerals": "mineral,weight\nalpha,1",
                "variants": "variant,sheet,row,column,value",
            },
            "of one mineral",
        ),
    ],
)
def test_what_cannot_be_asked_is_said(tmp_path: Path, sheets: dict[str, str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        opt.minerals([api.load(book(tmp_path, **sheets))], "fund")


# ---- The front by mineral -------------------------------------------------------------------


def test_the_front_tells_each_mineral(tmp_path: Path) -> None:
    """10 pays for beta's plant, which takes 3 of 8 off; 20 for alpha's too, half of 5 of 8."""
    path = book(tmp_path, programmes="programme,amount\nfund,20")
    case = api.load(path)
    found = opt.frontier(case)
    assert found.proven
    assert [(point.amount, point.dependence) for point in found.points] == [
        (near(0), near(NOTHING)),
        (near(10), near(2.5 / 8)),
        (near(20), near(0)),
    ]
    told = [(row.mineral, row.dependence, row.public_musd, row.plants) for row in found.minerals]
    assert told == [
        ("alpha", near(0.5), near(0), 0),
        ("beta", near(1), near(0), 0),
        ("alpha", near(0.5), near(0), 0),
        ("beta", near(0), near(10), 1),
        ("alpha", near(0), near(10), 1),
        ("beta", near(0), near(10), 1),
    ]
    lines = [" ".join(line.split()) for line in in_words(found).splitlines()]
    at = lines.index("needs, USD million alpha beta")
    assert lines[at + 1 : at + 3] == ["0 50.0% (0) 100.0% (0)", "10 50.0% (0) 0.0% (10)"]
    story = Story(opt.solve(case), {"frontier": found})
    section = frontier_section.section(story)
    assert section is not None
    (table,) = (b for b in section.blocks if isinstance(b, TableBlock) and "mineral" in b.title)
    assert [list(line) for line in table.lines] == [
        ["0", "50.0% (0)", "100.0% (0)"],
        ["10", "50.0% (0)", "0.0% (10)"],
        ["20", "0.0% (10)", "0.0% (10)"],
    ]
    chosen = cockpit.section(story)
    assert chosen is not None
    (by_money,) = (block for block in chosen.blocks if isinstance(block, Choices))
    facts = [dict(f.items) for c in by_money.items for f in c.blocks if isinstance(f, Facts)]
    assert [own["Mean of alpha"] for own in facts] == ["50.0%", "50.0%", "0.0%"]


def test_a_front_of_one_mineral_tells_none(tmp_path: Path) -> None:
    assert opt.frontier(api.load(INPUTS / "small"), points=2, steps=False).minerals == ()
