"""Why a project is in the best plan or not, on cases whose every plan is known.

By hand: W needs 100 of metal a year over 2030-2033, all of it exposed without projects. Fund has
USD 90 million for any smelter, Aid 10 million for Dear alone. Big makes 60 for 60 million, Little
30 for 30, Dear 40 from 2032 on for 85. The best plan is Big and Little: 0.1. With Dear there is no
money for another: 1 - 2 x 40 / 400.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from builders import Rows, chain, folder_of, project
from click.testing import CliRunner, Result
from every_plan import FULL, SIMPLE, drawn, least, tried
from second_opinion_world import World

import opt
from opt import api, best_plans
from opt.cli import cli
from opt.commands.explain_words import in_words
from opt.data.instance import Instance
from opt.data.reader import read
from opt.data.reading.changed_cells import cell_with, tables_with
from opt.errors import AuditError, InputError
from opt.fixed import FixedCommitment
from opt.record.explain import EVERY_PROJECT, Explained, Explanation, Wanted
from opt.record.labels import NO_PLAN
from opt.record.passes import Outcome
from opt.solver.control import Control
from opt.solver.progress import Silent
from opt.studies.brackets import Bracket
from opt.studies.processes import processes
from opt.studies.runner import Runner
from opt.studies.task import Answer

TOLERANCE = 3e-6
EXACT = {"gap": 0, "cost_gap": 0, "objective": "dependence"}


def case(**sheets: Rows) -> dict[str, Rows]:
    """The case."""
    paid = [("Fund", name) for name in ("Big", "Little", "Dear")] + [("Aid", "Dear")]
    return chain(
        projects=[
            project("Big", "smelt", 60, 60, public_share=1),
            project("Little", "smelt", 30, 30, public_share=1),
            project("Dear", "smelt", 40, 85, public_share=1, lead_time=2),
        ],
        programmes=[
            {"programme": name, "instrument": "grant", "amount": amount}
            for name, amount in (("Fund", 90), ("Aid", 10))
        ],
        eligibility=[{"programme": k, "field": "project", "value": j} for k, j in paid],
        **sheets,
    )


def explained(tmp_path: Path, *names: str, of: dict[str, Rows] | None = None) -> Explanation:
    """What is told of some projects of the solved case."""
    return best_plans.explain(api.solve(api.load(folder_of(tmp_path, of or case()))), names)


def rows(found: Explanation) -> dict[str, Explained]:
    return {row.project: row for row in found.projects}


def near(loss: float) -> Any:
    """A loss that is proven and found."""
    return pytest.approx((loss, loss), abs=TOLERANCE)


def holds(row: Wanted | None, amount: float, width: float) -> bool:
    """Whether a bracket of at most some width holds an amount."""
    assert row is not None
    assert row.enough is not None
    assert row.enough - row.not_enough <= width
    return row.not_enough < amount <= row.enough


# ---- By hand --------------------------------------------------------------------------------


def test_a_project_that_is_not_in_the_plan(tmp_path: Path) -> None:
    found = explained(tmp_path, "dear")
    row = rows(found)["Dear"]
    assert not row.chosen
    assert (row.in_low, row.in_high) == near(0.7)
    assert (row.out_low, row.out_high) == near(0.0)
    assert (row.leaves, row.joins) == (("Big", "Little"), ("Dear",))
    # All three cost 175 million, and both programmes hold 100.
    assert row.money_high is not None
    assert row.money_low < 75 <= row.money_high <= row.money_low + 100 / 32 + TOLERANCE
    wanted = {(w.what, w.programme): w for w in row.would_take}
    assert list(wanted) == [("capital", ""), ("lead_time", ""), ("money", "Aid"), ("money", "Fund")]
    # Dear must cost the 10 million of Aid; or one of the two pays the 75 million that lack.
    assert holds(wanted["capital", ""], 75 / 85, 1 / 32)
    assert holds(wanted["money", "Aid"], 75, 85 / 32)
    assert holds(wanted["money", "Fund"], 75, 85 / 32)
    sooner = wanted["lead_time", ""]
    assert (sooner.enough, sooner.not_enough, sooner.tried) == (None, 2, 2)


def test_a_project_of_the_plan(tmp_path: Path) -> None:
    row = rows(explained(tmp_path, "Big"))["Big"]
    assert row.chosen
    assert (row.out_low, row.out_high) == near(0.6)
    assert (row.in_low, row.in_high) == near(0.0)
    assert (row.leaves, row.joins, row.would_take) == (("Big",), (), ())
    # Twice the money builds Little and Dear: 30 a year and 40 from 2032 on.
    assert (row.money_low, row.money_high) == (pytest.approx(100), None)


def test_without_names_those_of_the_plan_and_what_comes_nearest(tmp_path: Path) -> None:
    assert list(rows(explained(tmp_path))) == ["Big", "Little", "Dear"]


def test_of_what_is_left_out_the_nearest_three_those_with_a_name_first(tmp_path: Path) -> None:
    """Beside Big and Little nothing can be paid. Each of the others costs the whole fund, and makes
    the less the later it stands here; the one nearest has no name."""
    of = case()
    sizes = {"Fourth": 50, "Third": 55, "Second": 60, "First": 65, "Someone": 70}
    of["projects"] = of["projects"][:2] + [
        project(name, "smelt", size, 90, public_share=1, placeholder="yes" if size == 70 else "no")
        for name, size in sizes.items()
    ]
    of["eligibility"] = []
    of["programmes"] = of["programmes"][:1]
    found = best_plans.explain_left_out(api.solve(api.load(folder_of(tmp_path, of))))
    assert list(rows(found)) == ["First", "Second", "Third"]
    assert [row.in_high for row in found.projects] == pytest.approx([0.25, 0.3, 0.35], abs=1e-5)
    assert found.next_dollar == {}


def test_a_lead_time_that_is_too_long(tmp_path: Path) -> None:
    """Late makes 61 for 60 million, from 2032 on; a year sooner it still makes less than Big over
    all years, 3 x 61 < 4 x 60; two years sooner it takes Big's place."""
    of = case()
    of["projects"][2] |= {"project": "Late", "capacity": 61, "capex": 60}
    of["eligibility"] = []
    of["programmes"] = of["programmes"][:1]
    row = rows(explained(tmp_path, "Late", of=of))["Late"]
    (sooner,) = (w for w in row.would_take if w.what == "lead_time")
    assert (sooner.not_enough, sooner.enough) == (1, 2)


def test_what_waiting_loses(tmp_path: Path) -> None:
    found = {row.project: (row.loss_low, row.loss_high) for row in explained(tmp_path).waiting}
    assert found == {"Big": near(0.15), "Little": near(0.075), EVERY_PROJECT: near(0.225)}


def test_what_is_committed_later_anyway_waits_for_nothing(tmp_path: Path) -> None:
    """Fund pays 60 million in 2030, 30 in 2031, what it has later: Big comes in 2030 and Little in
    2031, 0.175. If Big waits, Little comes in 2030 and Big in 2032: 1 - (4 x 30 + 2 x 60) / 400.
    """
    of = case()
    of["programmes"][0] |= {"2030": 60, "2031": 30}
    waits = explained(tmp_path, of=of).waiting
    found = {row.project: (row.loss_low, row.loss_high) for row in waits}
    assert (found["Big"], found["Little"]) == (near(0.4 - 0.175), near(0.0))


def test_the_next_billion(tmp_path: Path) -> None:
    """Of either: Dear too, of which 10 a year are used from 2032 on."""
    money = explained(tmp_path).next_dollar
    assert list(money) == ["Fund", "Aid"]
    assert money["Fund"] == (pytest.approx((90, 0.1)), pytest.approx((1090, 0.05)))
    assert money["Aid"] == (pytest.approx((10, 0.1)), pytest.approx((1010, 0.05)))


def test_where_the_chain_still_touches(tmp_path: Path) -> None:
    found = explained(tmp_path).bottlenecks
    assert [(row.year, row.share) for row in found] == [
        (year, pytest.approx(0.1, abs=1e-5)) for year in range(2030, 2034)
    ]


def test_what_the_case_decides_itself_is_told(tmp_path: Path) -> None:
    of = case()
    of["projects"][1]["decision"] = "force"
    found = explained(tmp_path, "Little", "Dear", of=of)
    assert set(rows(found)) == {"Dear"}
    assert any(text.startswith("Little: the case itself forces it") for text in found.not_known)
    with pytest.raises(InputError, match="'Deer' is not a project"):
        explained(tmp_path, "Deer")


def test_a_plan_that_the_audit_does_not_confirm_is_not_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = best_plans.found_plan
    monkeypatch.setattr(best_plans, "found_plan", lambda plan, value: told(plan, value - 0.1))
    with pytest.raises(AuditError, match="does not confirm the plan of Big decided otherwise"):
        explained(tmp_path, "Big")


# ---- Brackets -------------------------------------------------------------------------------


def answer(outcome: Outcome, *, plan: bool, reason: str = "") -> Answer:
    built: tuple[FixedCommitment, ...] | None = () if plan else None
    return Answer("", outcome, math.inf, -math.inf, None, 0.0, reason, built)


def test_a_bracket_closes_from_both_sides(instance: Instance) -> None:
    bracket = Bracket("", lambda _: instance, 8.0)
    yes, no = answer(Outcome.OPTIMAL, plan=True), answer(Outcome.INFEASIBLE, plan=False)
    asked = []
    for found in (yes, no, yes, no):
        asked.append(bracket.next)
        bracket = bracket.told(bracket.next, found)
    assert asked == [8.0, 4.0, 6.0, 5.0]
    assert (bracket.not_enough, bracket.enough, bracket.closed) == (5.0, 6.0, False)


def test_a_bracket_of_whole_numbers_ends(instance: Instance) -> None:
    bracket = Bracket("", lambda _: instance, 3.0, whole=True)
    bracket = bracket.told(3.0, answer(Outcome.OPTIMAL, plan=True))
    assert bracket.next == 2.0
    bracket = bracket.told(2.0, answer(Outcome.INFEASIBLE, plan=False))
    assert (bracket.not_enough, bracket.enough, bracket.closed) == (2.0, 3.0, True)


def test_a_bracket_stops_where_nothing_is_known(instance: Instance) -> None:
    bracket = Bracket("", lambda _: instance, 8.0)
    bracket = bracket.told(8.0, answer(Outcome.LIMIT, plan=False, reason="time"))
    assert (bracket.enough, bracket.closed, bracket.reason) == (None, True, "time")
    none = Bracket("", lambda _: instance, 8.0).told(8.0, answer(Outcome.INFEASIBLE, plan=False))
    assert (none.not_enough, none.enough, none.closed, none.reason) == (8.0, None, True, "")


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    """The case assembled."""
    return best_plans.base_asked(api.load(folder_of(tmp_path, case()))).instance


# ---- Against every plan ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seed", "full"), [*((seed, False) for seed in SIMPLE[:6]), *((seed, True) for seed in FULL)]
)
def test_losses_and_waiting_are_those_of_all_plans(tmp_path: Path, seed: int, full: bool) -> None:
    of = drawn(tmp_path, seed, full=full)
    run = api.solve(api.load(of.path, EXACT))
    world = World(read(of.path), None)
    first = {row.text("project"): world.offers(row) for row in world.rows("projects")}
    early = {name: min(years) for name, years in first.items() if years}
    found = best_plans.explain(run, list(first))
    for row in found.projects:
        assert (row.out_low, row.out_high) == near(of.without(row.project) - of.best)
        assert (row.in_low, row.in_high) == near(of.with_it(row.project) - of.best)
    for waits in found.waiting:
        names = early if waits.project == EVERY_PROJECT else {waits.project}
        left = [own for own in of.plans if not any(own[0].get(j) == early[j] for j in names)]
        assert (waits.loss_low, waits.loss_high) == near(least(left) - of.best), waits.project
        assert (waits.reason == NO_PLAN) == (not left)


@pytest.mark.parametrize("seed", [5, 7, 147])
def test_brackets_hold_what_all_plans_say(tmp_path: Path, seed: int) -> None:
    """At either end of every bracket of capital and lead time, all plans of the case with that in
    its cell."""
    of = drawn(tmp_path, seed)
    run, tables = api.solve(api.load(of.path, EXACT)), read(of.path)
    by_name = {row.text("project"): row for row in tables.rows["projects"]}
    found = best_plans.explain(run, list(by_name))
    asked = [w for row in found.projects for w in row.would_take if w.what != "money"]
    for wanted in asked:
        row = by_name[wanted.project]
        column = "capex" if wanted.what == "capital" else "lead_time"
        before = row.number_of(column)
        for amount, does in ((wanted.not_enough, False), (wanted.enough, True)):
            if amount is None or (amount == 0.0 and not does):
                continue
            after = before * (1 - amount) if column == "capex" else before - amount
            other = tried(of.path, tables_with(tables, [cell_with(row, column, after)]))
            assert (other.with_it(wanted.project) <= of.best + TOLERANCE) is does, wanted


def test_two_processes_say_what_one_says(tmp_path: Path) -> None:
    run = api.solve(api.load(folder_of(tmp_path, case())))
    with processes(2) as executor:
        both = best_plans.explain(run, ["Dear"], Runner(Control(), Silent(), executor))
    assert both == best_plans.explain(run, ["Dear"])


# ---- The command ----------------------------------------------------------------------------


def command(*arguments: object) -> Result:
    """The command in this process, which keeps no answers."""
    return CliRunner().invoke(cli, ["explain", *(str(a) for a in arguments), "--no-store"])


def test_words_and_data(tmp_path: Path) -> None:
    folder = opt.write(opt.solve(opt.load(folder_of(tmp_path, case()))), tmp_path / "run")
    asked = command(folder, "Dear", "--json")
    assert asked.exit_code == 0, asked.output
    lines = in_words(best_plans.explain(opt.read(folder), ["Dear"])).splitlines()
    assert lines[0] == "Dependence: best plan 10.0%, no plan can beat 10.0%."
    assert lines[2] == "Dear Dear: not in the best plan."
    assert lines[3].startswith("  Forced in it loses 70.0 points; ")
    assert lines[4] == "  Then leaves Big and Little; joins Dear."
    assert "  Not even with a lead time 2 years shorter." in lines
    data = json.loads(asked.stdout)
    (row,) = data["projects"]
    assert row["force_in"] == pytest.approx([0.7, 0.7], abs=TOLERANCE)
    assert row["gives_way"] == {"leaves": ["Big", "Little"], "joins": ["Dear"]}
    assert {"bottlenecks", "next_dollar"} <= data.keys()
    assert data["next_dollar"]["Fund"][1] == pytest.approx([1090, 0.05])
