"""Variants and scenarios beside the base case, by hand.

W needs 100 of metal a year over 2030-2033. Fund's 90 can build a smelter of 60 for 60 and one of 30
for 30, which nobody has announced; of a third of 10 a half is expected to come by itself.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from builders import chain, folder_of, project
from click.testing import CliRunner

import opt
from opt import api, questions
from opt.audit.plan import FoundPlan
from opt.cli import cli
from opt.commands.variants_words import MARKS
from opt.data.tables import Tables
from opt.errors import AuditError, InputError
from opt.record.variants import NO_PLAN, VariantResult, Variants
from opt.solver.control import Control
from opt.solver.progress import Silent
from opt.studies.runner import STOPPED, Runner

NAMES = ("poor", "named", "must", "@twice", "poor@twice")


def book(parent: Path) -> Path:
    projects = [
        project("Big", "smelt", 60, 60, public_share=1, decision="free"),
        project("Little", "smelt", 30, 30, public_share=1, placeholder="yes"),
        project("Dear", "smelt", 10, 95, public_share=1, merchant=2030, merchant_chance=0.5),
    ]

    def cell(variant: str, sheet: str, row: str, column: str, value: object) -> dict[str, object]:
        return {"variant": variant, "sheet": sheet, "row": row, "column": column, "value": value}

    return folder_of(
        parent,
        chain(
            projects=projects,
            programmes=[{"programme": "Fund", "instrument": "grant", "amount": 90}],
            scenarios=[{"scenario": "twice"}],
            shocks=[{"scenario": "twice", "what": "demand", "factor": 2}],
            variants=[
                cell("poor", "programmes", "Fund", "amount", 45),
                cell("named", "projects", "Little", "decision", "forbid"),
                cell("must", "projects", "Little", "decision", "force"),
                cell("beyond", "targets", "half", "bound", 0.01),
            ],
            targets=[
                {"target": "half", "metric": "dependence", "year": 2033, "bound": 0.9},
            ],
        ),
    )


def near(value: float) -> object:
    return pytest.approx(value, abs=2e-6)


def by_name(found: Variants) -> dict[str, VariantResult]:
    return {row.words: row for row in found.rows}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, VariantResult]:
    return by_name(opt.variants(opt.load(book(tmp_path_factory.mktemp("variants"))), NAMES))


def test_the_best_plan_of_each(found: dict[str, VariantResult]) -> None:
    """95 of 100 clear; 45 builds the small smelter alone; without it 65; of 200 twice the gap."""
    levels = {
        "the base case": 0.05,
        "variant poor": 0.65,
        "variant named": 0.35,
        "variant must": 0.05,
        "scenario twice": 0.525,
        "variant poor, scenario twice": 0.825,
    }
    assert list(found) == list(levels)  # as they were asked for, the base case first
    for name, level in levels.items():
        row = found[name]
        assert (row.dependence, row.bound, row.last_year) == (near(level), near(level), near(level))


def test_without_new_money_in_both_senses(found: dict[str, VariantResult]) -> None:
    for row in found.values():
        assert row.frozen == near(1)
        assert row.merchants == near(0.975 if row.scenario else 0.95)


def test_money_and_projects(found: dict[str, VariantResult]) -> None:
    told = {
        row.words: (row.public_musd, row.capex_musd, row.projects, row.placeholders)
        for row in found.values()
    }
    both, little, big = (90.0, 90.0, 2, 1), (30.0, 30.0, 1, 1), (60.0, 60.0, 1, 0)
    expected = (both, little, big, both, both, little)
    for own, by_hand in zip(told.values(), expected, strict=True):
        assert own == pytest.approx(by_hand, abs=1e-3)


def test_every_variant_where_none_is_named(tmp_path: Path) -> None:
    """`beyond` asks for less dependence than all three smelters give."""
    found = opt.variants(opt.load(book(tmp_path)))
    rows = by_name(found)
    assert [row.variant for row in found.rows] == ["", "poor", "named", "must", "beyond"]
    beyond = rows["variant beyond"]
    assert (beyond.dependence, beyond.bound, beyond.reason) == (None, None, NO_PLAN)
    assert beyond.merchants == near(0.95)
    assert found.complete


def test_every_plan_is_audited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan of each case and both of no new money; against other cells one is refused."""
    held: list[str] = []
    confirm = questions.confirm_plan

    def noted(tables: Tables, scenario: str | None, key: str, plan: FoundPlan) -> None:
        held.append(key)
        confirm(tables, scenario, key, plan)

    monkeypatch.setattr(questions, "confirm_plan", noted)
    case = opt.load(book(tmp_path))
    opt.variants(case, ["must"])
    assert len(held) == 6
    monkeypatch.setattr(questions.changed, "without_new_money", lambda tables, *, merchants: tables)
    with pytest.raises(AuditError, match="No new money, frozen"):
        opt.variants(case, ["must"])  # nothing is built, though Little must be


def test_names_are_found_as_the_workbook_spells_them(tmp_path: Path) -> None:
    case = opt.load(book(tmp_path))
    (_, row) = opt.variants(case, [" POOR@Twice "]).rows
    assert (row.variant, row.scenario) == ("poor", "twice")
    with pytest.raises(InputError) as caught:
        opt.variants(case, ["pore", "@thrice", "named"])
    assert [issue.value for issue in caught.value.issues] == ["pore", "thrice"]


def test_the_command_tells_and_writes_a_page(tmp_path: Path) -> None:
    path, page = book(tmp_path), tmp_path / "page.md"
    asked = ["variants", str(path), "--of", "poor", "--of", "@twice", "--quiet", "--no-store"]
    told = CliRunner().invoke(cli, [*asked, "--page", str(page)])
    assert told.exit_code == 0, told.output
    words = "Best plans from 5.0% (the base case) to 65.0% (variant poor)."
    assert words in told.output
    assert words in page.read_text()
    line = "| - | twice | 52.5% | 52.5% | 97.5% | 100.0% | 52.5% | 90 | 90 | 2 | 1 |"
    assert line in page.read_text()
    plain = CliRunner().invoke(cli, [*asked, "--json"])
    assert [row["variant"] for row in json.loads(plain.stdout)["rows"]] == ["", "poor", ""]


def test_a_page_without_marks_is_refused_before_anything_is_solved(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Mine\n")
    asked = ["variants", str(book(tmp_path)), "--page", str(page), "--no-store"]
    told = CliRunner().invoke(cli, asked)
    assert told.exit_code == 2
    assert MARKS.begin in told.output
    assert "5.0%" not in told.output
    assert page.read_text() == "# Mine\n"


def test_what_was_stopped_is_not_known(tmp_path: Path) -> None:
    control = Control()
    control.stop.set()
    found = questions.variants(api.load(book(tmp_path)), ["poor"], Runner(control, Silent()))
    assert not found.complete
    assert all(row.dependence is None and row.frozen is None for row in found.rows)
    assert all(f"the best plan: {STOPPED}" in row.reason for row in found.rows)
