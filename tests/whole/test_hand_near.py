"""Plans near a given one, and projects forbidden or forced without touching the workbook.

W needs 100 of metal a year over 2030-2033. A fund of USD 100 million pays for smelters: Big makes
60 for 60 million, Little and Twin 30 each for 30, Third 10 for 10. Plan A is Little in 2031 and
Third in 2030: of 400 it makes 3 x 30 + 4 x 10, so that dependence is 0.675. With one change the
best is to add Big, 4 x 60 more: 0.075. With two, Little comes a year earlier as well, 30 more: 0.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from builders import Rows, assert_dependence, built, chain, folder_of, project
from click.testing import CliRunner
from every_plan import SIMPLE, Plan, drawn, least

import opt
from opt import api, best_plans
from opt.audit import audit_folder
from opt.cli import cli
from opt.errors import InfeasibleError, InputError

TOLERANCE = 3e-6
EXACT = {"gap": 0, "cost_gap": 0, "objective": "dependence"}
WORTH = {0: 0.675, 1: 0.075, 2: 0.0, 3: 0.0}


def case(**sheets: Rows) -> dict[str, Rows]:
    """The case."""
    sizes = {"Big": 60, "Little": 30, "Twin": 30, "Third": 10}
    return chain(
        projects=[project(name, "smelt", n, n, public_share=1) for name, n in sizes.items()],
        programmes=[{"programme": "Fund", "instrument": "grant", "amount": 100}],
        plans=[
            {"plan": "A", "project": "Little", "year": 2031, "units": 1},
            {"plan": "A", "project": "Third", "year": 2030, "units": 1},
        ],
        **sheets,
    )


# ---- Near a plan ----------------------------------------------------------------------------


@pytest.mark.parametrize("changes", WORTH)
def test_the_best_plan_within_some_changes(tmp_path: Path, changes: int) -> None:
    run = api.solve(api.load(folder_of(tmp_path, case())), near="A", changes=changes)
    assert_dependence(run, WORTH[changes])
    assert run.audit.checked["limit_changes"] == 1
    options = {option.name: option for option in run.options}
    fewer = ["With no change of A", "With 1 change of A", "With 2 changes of A"]
    assert [name for name in options if name.startswith("With ")] == fewer[:changes]
    for number, name in enumerate(fewer[:changes]):
        told = (options[name].dependence, options[name].bound)
        assert told == pytest.approx((WORTH[number],) * 2, abs=TOLERANCE)


def test_a_project_dropped_for_another_is_two_changes(tmp_path: Path) -> None:
    """Money for 40 million alone: Little to 2030 is one change; nothing else is better."""
    of = case()
    of["programmes"][0]["amount"] = 40
    source = api.load(folder_of(tmp_path, of))
    assert built(api.solve(source, near="A", changes=1)) == {"Little": 2030, "Third": 2030}
    of["programmes"][0]["amount"] = 60
    source = api.load(folder_of(tmp_path, of))
    # Big takes all the money, so that Little and Third are dropped: three changes. With two, one
    # smelter more of 30 cannot be paid with Third there: it gives way to Twin.
    assert built(api.solve(source, near="A", changes=3)) == {"Big": 2030}
    assert_dependence(api.solve(source, near="A", changes=3), 0.4)
    assert_dependence(api.solve(source, near="A", changes=2), 1 - (3 * 30 + 4 * 30) / 400)


@pytest.mark.usefixtures("undrawn")
def test_the_plan_of_a_run_in_another_edition(tmp_path: Path) -> None:
    """Big is gone from the workbook by now: that it is dropped is a change."""
    run = api.solve(api.load(folder_of(tmp_path, case())))
    folder = api.write(run, tmp_path / "before")
    of = case()
    gone = "Big" if "Big" in built(run) else "Little"
    of["projects"] = [row for row in of["projects"] if row["project"] != gone]
    del of["plans"]
    source = api.load(folder_of(tmp_path, of))
    with pytest.raises(InfeasibleError, match=r"at most 0 changes of before[\s\S]*--changes 1 in"):
        api.solve(source, near=folder, changes=0)
    near = api.solve(source, near=folder, changes=1)
    assert set(built(near)) == set(built(run)) - {gone}


def test_what_stands_against_few_changes_is_named(tmp_path: Path) -> None:
    of = case(targets=[{"target": "T", "metric": "dependence", "year": 2030, "bound": 0.35}])
    with pytest.raises(InfeasibleError) as caught:
        api.solve(api.load(folder_of(tmp_path, of)), near="A", changes=0)
    assert "--changes 1 in place of 0" in str(caught.value)


@pytest.mark.usefixtures("undrawn")
def test_a_run_near_a_plan_comes_back_as_it_was(tmp_path: Path) -> None:
    run = api.solve(api.load(folder_of(tmp_path, case())), near="A", changes=1)
    folder = api.write(run, tmp_path / "run")
    again = api.read(folder)
    assert (again.id, again.near) == (run.id, run.near)
    assert audit_folder(folder).report.passed
    # Losses are those within the change: with Twin in, Big is out.
    rows = {row.project: row for row in best_plans.labels(again, 5).projects}
    assert rows["Twin"].in_low == pytest.approx(0.675 - 0.3 - 0.075, abs=TOLERANCE)


@pytest.mark.usefixtures("undrawn")
def test_more_changes_than_asked_for_are_found(tmp_path: Path) -> None:
    run = api.solve(api.load(folder_of(tmp_path, case())), near="A", changes=2)
    folder = api.write(run, tmp_path / "run")
    document = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    document["near"]["changes"] = 1
    (folder / "run.json").write_text(json.dumps(document), encoding="utf-8")
    broken = {finding.rule for finding in audit_folder(folder).report.findings}
    assert "limit_changes" in broken


def moved(before: Plan, after: Plan) -> int:
    """Changes between two plans of single units, project by project."""
    return sum(before.get(name) != after.get(name) for name in before.keys() | after.keys())


@pytest.mark.parametrize("seed", SIMPLE[:5])
def test_no_plan_near_is_better(tmp_path: Path, seed: int) -> None:
    """From the worst plan of a drawn case, and from its last, of all plans within the changes."""
    of = drawn(tmp_path, seed)
    for before in {
        id(p): p for p, _ in (max(of.plans, key=lambda own: own[1]), of.plans[-1])
    }.values():
        rows = [
            {"project": name, "year": year, "units": 1, "size": None}
            for name, year in before.items()
        ]
        folder = tmp_path / f"plan{len(rows)}{sum(before.values())}"
        folder.mkdir(exist_ok=True)
        (folder / "run.json").write_text(json.dumps({"projects": rows, "stockpiles": []}))
        for changes in (0, 1):
            run = api.solve(api.load(of.path, EXACT), near=folder, changes=changes)
            within = [own for own in of.plans if moved(before, own[0]) <= changes]
            assert run.passes[0].value == pytest.approx(least(within), abs=TOLERANCE)


# ---- Forbidden and forced -------------------------------------------------------------------


@pytest.mark.usefixtures("undrawn")
def test_decisions_take_the_place_of_the_workbooks(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, case())
    run = api.solve(api.load(folder, decisions={" big ": "forbid", "Twin": "force 2032"}))
    assert built(run)["Twin"] == 2032
    assert "Big" not in built(run)
    assert run.workbook.decisions == {"Big": "forbid", "Twin": "force 2032"}
    assert run.title.endswith("(Big: forbid; Twin: force 2032)")
    written = api.write(run, tmp_path / "run")
    assert api.read(written).id == run.id
    assert api.read(written).id != api.solve(api.load(folder)).id
    assert audit_folder(written).report.passed


@pytest.mark.usefixtures("undrawn")
def test_a_plan_against_decisions_is_found(tmp_path: Path) -> None:
    run = api.solve(api.load(folder_of(tmp_path, case()), decisions={"Big": "forbid"}))
    folder = api.write(run, tmp_path / "run")
    text = (folder / "run.json").read_text(encoding="utf-8")
    document = json.loads(text)
    document["decisions"] = {"Little": "forbid"}
    (folder / "run.json").write_text(json.dumps(document), encoding="utf-8")
    broken = {finding.rule for finding in audit_folder(folder).report.findings}
    assert "keep_decision" in broken


def test_a_plan_of_the_workbook_refuses_no_decision_but_its_own_use(tmp_path: Path) -> None:
    source = api.load(folder_of(tmp_path, case()), decisions={"Little": "forbid"})
    assert_dependence(api.solve(source), 0.0)
    with pytest.raises(InputError, match="'Little' is forbidden"):
        api.solve(source, plan="A")
    # To stay near it is another thing: that Little is dropped is a change.
    assert set(built(api.solve(source, near="A", changes=2))) == {"Big", "Third"}


def test_decisions_that_cannot_be_are_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        api.load(folder_of(tmp_path, case()), decisions={"Bigg": "forbid", "Twin": "build"})
    told = [str(issue) for issue in caught.value.issues]
    assert told[0].startswith("projects: 'Bigg' is not a project")
    assert told[0].endswith("Did you mean 'Big'?")
    assert told[1].startswith("projects: 'build' is not a decision.")


def test_decisions_against_each_other_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        api.load(folder_of(tmp_path, case()), decisions={"Big": "forbid", "big": "force"})
    (told,) = map(str, caught.value.issues)
    assert told == "projects: 'Big' is asked to be both forbid and force. Ask for one of them."


# ---- The command ----------------------------------------------------------------------------


def solve(*arguments: Any) -> Any:
    return CliRunner().invoke(cli, ["solve", *(str(a) for a in arguments), "--quiet"])


@pytest.mark.usefixtures("undrawn")
def test_the_command_takes_plan_changes_and_decisions(tmp_path: Path) -> None:
    book, out = folder_of(tmp_path, case()), tmp_path / "run"
    asked = solve(book, "--near", "A", "--changes", 2, "--forbid", "Big", "--out", out)
    assert asked.exit_code == 0, asked.output
    assert "Within 2 changes of 'A' it takes 3 projects" in asked.stdout
    run = opt.read(out)
    assert_dependence(run, 1 - (4 * 10 + 4 * 30 + 4 * 30) / 400)
    assert (run.near and run.near.changes, dict(run.workbook.decisions)) == (2, {"Big": "forbid"})


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--near", "A"), "--near and --changes need each other."),
        (("--changes", 1), "--near and --changes need each other."),
        (("--near", "A", "--changes", 1, "--plan", "A"), "add --improve"),
        (("--forbid", "Big", "--force", "Big"), "under both --forbid and --force"),
    ],
)
def test_what_cannot_be_asked_together(
    tmp_path: Path, arguments: tuple[Any, ...], words: str
) -> None:
    asked = solve(folder_of(tmp_path, case()), *arguments)
    assert asked.exit_code == 2
    assert words in asked.output
