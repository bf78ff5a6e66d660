"""What binds, on a case whose every bound is known by hand, and the pages that are made of it.

W needs 100 of metal a year over 2030-2033, all of it exposed without projects. Big makes 60 for USD
60 million of fund A, which is just enough; Little makes 30 for USD 30 million of fund B, which has
50. Idle pays for nothing that is there. Projects may be built in parts in the bounds, not in plans.
"""

from __future__ import annotations

import csv
import json
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from builders import Rows, chain, folder_of, project
from click.testing import CliRunner, Result
from hard import hard_case
from started import started

from opt import api, questions
from opt.cli import cli
from opt.commands.binding_words import MARKS
from opt.commands.marked_page import page_with
from opt.data.reader import read
from opt.errors import InputError
from opt.studies.binding import EVERY_LIMIT, EVERY_PROGRAMME, Binding, Bound, LimitRow, binds

TOLERANCE = 2e-6
DOCS = Path(__file__).parents[2] / "docs"
REFERENCE = DOCS.parent / "inputs" / "ree_magnets.xlsx"


def case(**sheets: Rows) -> dict[str, Rows]:
    """The case."""
    funds = [("A", 60, "Big"), ("B", 50, "Little"), ("Idle", 10, "Idle")]
    projects = [
        project("Big", "smelt", 60, 60, public_share=1),
        project("Little", "smelt", 30, 30, public_share=1),
        project("Idle", "dig", 1, 1, public_share=1),
    ]
    return chain(
        projects=projects,
        programmes=[
            {"programme": name, "name": f"Fund {name}", "instrument": "grant", "amount": amount}
            for name, amount, _ in funds
        ],
        eligibility=[
            {"programme": name, "field": "project", "value": payable} for name, _, payable in funds
        ],
        **sheets,
    )


def found(tmp_path: Path, of: dict[str, Rows], **asked: Any) -> Binding:
    """What binds in a case."""
    return questions.binding(api.load(folder_of(tmp_path, of)), **asked)


def rows(study: Binding) -> dict[str, LimitRow]:
    """The rows of programmes and limits by name."""
    return {row.name: row for row in study.limits}


def near(value: float) -> Bound:
    """A bound that is known."""
    return Bound(pytest.approx(value, abs=TOLERANCE))


# ---- Programmes -----------------------------------------------------------------------------


def test_programmes(tmp_path: Path) -> None:
    study = found(tmp_path, case(), subjects=("programmes",))
    assert study.whole == near(0.1)
    assert study.best == pytest.approx(0.1, abs=TOLERANCE)
    by_name = rows(study)
    assert list(by_name) == ["A", "B", "Idle", EVERY_PROGRAMME]
    assert {name: row.without for name, row in by_name.items()} == {
        "A": near(0.7),
        "B": near(0.4),
        "Idle": near(0.1),
        EVERY_PROGRAMME: None,
    }
    # More of either buys no more of its one project; of Idle it need not be asked.
    assert by_name["A"].more == by_name["B"].more == by_name[EVERY_PROGRAMME].more == near(0.1)
    assert by_name["Idle"].more is None
    assert [by_name[name].amount for name in ("A", "B", "Idle")] == [60, 50, 10]
    assert [by_name[name].paid for name in ("A", "B", "Idle")] == pytest.approx([60, 30, 0])
    assert [name for name, row in by_name.items() if binds(study, row)] == ["A", "B"]


def test_more_of_a_programme_that_is_short(tmp_path: Path) -> None:
    """Fund B of 28 cannot pay for Little, not even in part; a tenth more, 30.8, is enough for all
    of it. Small, which makes half a unit for USD 24 million, is what it builds; in the bound a part
    of Small comes on top of Little: 0.8 / 24 of half a unit."""
    short = case()
    short["programmes"][1]["amount"] = 28
    short["projects"].append(project("Small", "smelt", 0.5, 24, public_share=1))
    short["eligibility"].append({"programme": "B", "field": "project", "value": "Small"})
    study = found(tmp_path, short, subjects=("programmes",))
    assert study.best == pytest.approx(0.395, abs=TOLERANCE)
    assert rows(study)["B"].without == near(0.4)
    assert rows(study)["B"].more == near(0.1 - 0.8 / 24 * 0.5 / 100)


def test_bounds_alone(tmp_path: Path) -> None:
    study = found(tmp_path, case(), subjects=("programmes",), absence_alone=True)
    assert (study.best, study.reason) == (None, "")
    assert rows(study)["A"].without == near(0.7)
    assert (rows(study)["A"].paid, rows(study)["A"].more) == (None, None)
    assert EVERY_PROGRAMME not in rows(study)


# ---- Limits ---------------------------------------------------------------------------------


def test_limits(tmp_path: Path) -> None:
    """One start in all over 2030 to 2033: in parts the best is all of Big. A start more a year is
    room for both; without the limit as well. The other limit holds nobody back."""
    limits = [
        {"field": "stage", "value": "metal", "what": "starts"}
        | {"2030": 1, "2031": 0, "2032": 0, "2033": 0},
        {"field": "all", "what": "capex"} | dict.fromkeys(map(str, range(2030, 2034)), 500),
    ]
    study = found(tmp_path, case(build_limits=limits), subjects=("limits",))
    assert study.whole == near(0.4)
    by_name = rows(study)
    starts, capex = "starts|stage|metal", "capex|all|"
    assert list(by_name) == [capex, starts, "build_limits"]
    assert {name: row.without for name, row in by_name.items()} == {
        starts: near(0.1),
        capex: near(0.4),
        "build_limits": near(0.1),
    }
    assert by_name[starts].more == near(0.1)
    assert by_name[capex].more is None
    assert [name for name, row in by_name.items() if binds(study, row)] == [starts, "build_limits"]


def test_a_limit_on_capacity(tmp_path: Path) -> None:
    """45 a year of metal in 2030 alone, of a smelter of any size up to 60 and one of 30: 45 of 100
    are made. A tenth more: 49.5."""
    limit = {"field": "all", "what": "capacity", "commodity": "metal"}
    limited = case(build_limits=[limit | {"2030": 45, "2031": 0, "2032": 0, "2033": 0}])
    sizes = {"capacity": None, "capacity_min": 1, "capacity_max": 60}
    limited["projects"][0] |= sizes | {"capex": 0, "capex_per_unit": 1}
    study = found(tmp_path, limited, subjects=("limits",))
    assert study.whole == near(0.55)
    row = rows(study)["capacity|all||metal"]
    assert (row.without, row.more) == (near(0.1), near(0.505))
    assert binds(study, row)


def test_sheets_of_limits_together(tmp_path: Path) -> None:
    starts = [{"field": "all", "what": "starts"} | {"2030": 1, "2031": 0, "2032": 0, "2033": 0}]
    private = [{"field": "all"} | dict.fromkeys(map(str, range(2030, 2034)), 5)]
    study = found(
        tmp_path, case(build_limits=starts, private_capital=private), subjects=("limits",)
    )
    assert list(rows(study)) == ["private|all|", "starts|all|", EVERY_LIMIT]


# ---- Targets --------------------------------------------------------------------------------


def test_targets(tmp_path: Path) -> None:
    """Dependence in a year is 0.1 at least, and 0.7 where Big must stay out of it: an output of at
    most 30 leaves Little alone. New smelters cost a year to build here: in 2030 nothing is made."""
    late = case(
        targets=[
            {"target": "low", "metric": "dependence", "year": 2031, "bound": 0.05},
            {"target": "early", "metric": "dependence", "year": 2030, "bound": 0.5},
            {"target": "fair", "metric": "dependence", "year": 2031, "bound": 0.5},
            {"target": "small", "metric": "output", "scope": "metal:W", "year": 2033, "bound": 30},
        ]
    )
    for row in late["projects"]:
        row["lead_time"] = 1
    study = found(tmp_path, late, subjects=("targets",))
    assert study.limits == ()
    # (1 + 3 x 0.1) / 4, with none of the targets.
    assert study.whole == near(0.325)
    early, fair, low, small = study.targets
    assert (low.met, low.earliest) == (False, None)
    assert (low.planned, low.nearest) == pytest.approx((0.1, 0.1), abs=TOLERANCE)
    assert low.beat is None
    assert (early.met, early.earliest) == (False, 2031)
    assert (early.planned, early.nearest) == pytest.approx((1.0, 1.0), abs=TOLERANCE)
    assert (fair.met, fair.earliest, fair.nearest) == (True, 2031, 0.5)
    assert fair.beat == near(0.325)
    # At most 30 in 2033: 0.7 there and 0.1 in the two years before.
    assert (small.met, small.planned) == (True, pytest.approx(90, abs=1e-3))
    assert small.beat == near((1 + 0.1 + 0.1 + 0.7) / 4)


def test_a_case_without_a_plan_is_told(tmp_path: Path) -> None:
    of = case()
    of["settings"].append({"key": "dependence_target", "value": 0.05})
    study = found(tmp_path, of, subjects=("programmes",))
    assert study.best is None
    assert study.reason == "no plan obeys every rule"
    assert study.whole == Bound(None, "no plan obeys every rule")


# ---- The command and its pages --------------------------------------------------------------


def opt(*arguments: object) -> Result:
    """The command in this process, which keeps no answers unless it is told where."""
    kept = () if "--store" in arguments else ("--no-store",)
    return CliRunner().invoke(cli, ["binding", *(str(a) for a in arguments), *kept])


def test_words_and_data(tmp_path: Path) -> None:
    book = folder_of(tmp_path, case())
    told = opt(book, "--quiet", "--of", "programmes")
    assert told.exit_code == 0, told.output
    assert "Dependence: best plan 10.0%, no plan can beat 10.0%.\n" in told.stdout
    assert "Binding: `A` Fund A; `B` Fund B.\n" in told.stdout
    plain = opt(book, "--json", "--of", "programmes")
    (study,) = json.loads(plain.stdout)["studies"]
    assert study["dependence"] == pytest.approx(0.1, abs=TOLERANCE)
    assert {row["name"]: row["binds"] for row in study["limits"]} == {
        "A": True,
        "B": True,
        "Idle": False,
        EVERY_PROGRAMME: False,
    }


def test_words_of_limits_and_targets(tmp_path: Path) -> None:
    """USD 70 million in 2030 alone: the plan is Big, in parts 70 of 100 are made, with a tenth more
    77, without the limit 90. At most 30 in 2033 leave 0.7 there and 0.3 in the three years before
    it."""
    limit = {"field": "all", "what": "capex", "2030": 70, "2031": 0, "2032": 0, "2033": 0}
    book, page = folder_of(tmp_path, case(build_limits=[limit])), tmp_path / "page.md"
    told = opt(book, "--quiet", "--of", "limits")
    assert "Dependence: best plan 40.0%, no plan can beat 30.0%.\n" in told.stdout
    assert "Binding: capital cost a year, all.\n" in told.stdout
    assert told.stdout.splitlines()[4].split()[-2:] == ["10.0%", "23.0%"]
    file = tmp_path / "tried.csv"
    file.write_text(
        "target,metric,scope,year,bound\nfair,dependence,,2033,0.5\nlow,dependence,,2033,0.05\n"
        "small,output,metal:W,2033,30\n",
        encoding="utf-8",
    )
    asked = ("--quiet", "--of", "targets", "--targets", file, "--page", page)
    assert opt(book, *asked).exit_code == 0
    lines = page.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("| `")] == [
        "| `fair` | dependence |  | 2033 | at most | 50.0% | 40.0% | 50.0% | yes | 30.0% |  |",
        "| `low` | dependence |  | 2033 | at most | 5.0% | 40.0% | 40.0% | never | - |  |",
        "| `small` | output | metal:W | 2033 | at most | 30 | 60 | 30 | yes | 40.0% |  |",
    ]
    assert lines[0] == MARKS.begin


def test_a_limit_that_carries_over_is_called_so(tmp_path: Path) -> None:
    """30 of metal a year, Big in parts: 30, 60, 90 and 90 run. Of mineral M 100 a year may."""
    limit = {"field": "all", "what": "capacity", "commodity": "metal"}
    years = ("2030", "2031", "2032", "2033")
    wide = limit | {"mineral": "M"} | dict.fromkeys(years, 100)
    limit |= {"carry_over": "yes"} | dict.fromkeys(years, 30)
    book = folder_of(tmp_path, case(build_limits=[limit, wide]))
    told = opt(book, "--quiet", "--of", "limits")
    assert "no plan can beat 32.5%.\n" in told.stdout
    assert "Binding: new capacity a year, all metal, with carry_over; all of" in told.stdout
    (line,) = [line for line in told.stdout.splitlines() if "all M metal" in line]
    assert "carry_over" not in line


def test_a_page_is_made_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Title\n\n{MARKS.begin}\nold\n{MARKS.end}\n\nAfter.\n", encoding="utf-8")
    variant = {"variant": "poor", "sheet": "programmes", "row": "B", "column": "amount", "value": 0}
    book = folder_of(tmp_path, case(variants=[variant]))
    asked = ("--quiet", "--of", "programmes", "--beside", "poor", "--page", page)
    assert opt(book, *asked).exit_code == 0
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# Title\n\n{MARKS.begin}\n\nDependence: best plan 10.0%, ")
    assert text.endswith(f"{MARKS.end}\n\nAfter.\n")
    assert "| `A` Fund A | 60 | 60 | 70.0% | 10.0% | 100.0% |\n" in text
    assert "| `Idle` Fund Idle | 10 | 0 | 10.0% | - | 40.0% |\n" in text
    assert "Dependence of variant poor: no plan can beat 40.0%.\n" in text
    # Made again it stays.
    assert opt(book, *asked).exit_code == 0
    assert page.read_text(encoding="utf-8") == text


def test_a_page_without_marks_is_left_alone() -> None:
    with pytest.raises(InputError, match="no marks"):
        page_with("# Title\n", MARKS, "made", "page.md")


def test_targets_from_a_file(tmp_path: Path) -> None:
    book, file = folder_of(tmp_path, case()), tmp_path / "tried.csv"
    file.write_text(
        "target,metric,scope,year,bound\nfair,dependence,,2033,0.5\nlow,dependence,,2033,0.05\n",
        encoding="utf-8",
    )
    told = opt(book, "--json", "--of", "targets", "--targets", file)
    assert told.exit_code == 0, told.output
    (study,) = json.loads(told.stdout)["studies"]
    assert {row["target"]: row["met"] for row in study["targets"]} == {"fair": True, "low": False}


def test_answers_that_are_kept_serve_another_page(tmp_path: Path) -> None:
    book, store = folder_of(tmp_path, case()), tmp_path / "store"
    first = opt(book, "--store", store, "--of", "programmes")
    again = opt(book, "--store", store, "--of", "programmes")
    assert again.stdout == first.stdout
    assert "without A" in first.stderr
    assert again.stderr == ""


def test_ctrl_c_tells_what_is_not_known(tmp_path: Path) -> None:
    """In a process of its own, while it searches a case that takes far longer than the test."""
    hard = folder_of(tmp_path, hard_case())
    with started("binding", hard, "--of", "programmes", "--no-store", "--workers", 1) as process:
        assert process.stderr
        assert process.stderr.readline().rstrip().endswith("the case (1 of 3)")
        time.sleep(1.0)
        process.send_signal(signal.SIGINT)
        out, told = process.communicate(timeout=60)
    assert process.returncode == 5, told
    assert "Stopping: keeping the best plan so far." in told
    assert "Dependence: best plan " in out
    assert "no plan can beat not known." in out
    assert "Not known: `fund`: stopped before it was answered.\n" in out


# ---- The pages of the reference case --------------------------------------------------------


def cells(page: str) -> list[list[str]]:
    """The lines of the tables between a page's marks, cell by cell."""
    made = (DOCS / page).read_text(encoding="utf-8").split(MARKS.begin)[1].split(MARKS.end)[0]
    lines = [line for line in made.splitlines() if line.startswith("| ")]
    return [line.strip("| ").split(" | ") for line in lines if not line.startswith("| --- ")]


def test_the_page_of_programmes_is_that_of_the_reference_case() -> None:
    tables = read(REFERENCE)
    lines = cells("programmes.md")
    # What this chain may take: the whole programme times its share.
    expected = [
        [
            f"`{row.text('programme')}` {row.text('name')}",
            f"{row.number_of('amount') * row.number_of('share'):,.0f}",
        ]
        for row in tables.rows["programmes"]
    ]
    assert lines[0][0] == "programmes"
    assert [line[:2] for line in lines[1 : len(expected) + 1]] == expected
    heads = ("programmes", "limits", "no plan without it can beat")
    figures = [cell for line in lines if line[0] not in heads for cell in line[3:]]
    assert figures
    assert "not known" not in figures


def test_the_page_of_targets_is_that_of_its_file() -> None:
    with (DOCS / "targets.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["target"]: row for row in csv.DictReader(file)}
    head, *lines = cells("targets.md")
    assert {line[0].strip("`") for line in lines} == set(rows)
    for line in lines:
        told, row = dict(zip(head, line, strict=False)), rows[line[0].strip("`")]
        assert [told[key] for key in ("metric", "scope", "year")] == [
            row[key] for key in ("metric", "scope", "year")
        ]
        assert told["bound"] == f"{float(row['bound']):.1%}"
        assert told["can be met"] != "not known"
