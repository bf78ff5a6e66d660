"""What is core, borderline and exterior, on cases whose every plan is known.

By hand: W needs 100 of metal a year, all of it exposed without projects, and a fund of USD 90
million pays for smelters. Big makes 60 for USD 60 million; Little and Twin make 30 each for 30;
Dear makes 30 for 85, and leaves no money for another. The best plan is Big with Little or Twin.
"""

from __future__ import annotations

import json
import math
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from builders import Rows, chain, folder_of, project
from click.testing import CliRunner, Result
from every_plan import FULL, SIMPLE, drawn
from hard import hard_case
from started import started

import opt
from opt import api, best_plans
from opt.cli import cli
from opt.commands.labels_words import interval
from opt.errors import InfeasibleError
from opt.record.labels import NO_PLAN, Label, LabelRow, Labels
from opt.solver.control import Control
from opt.solver.progress import Silent
from opt.studies import labels as label_study
from opt.studies.labels import label_of
from opt.studies.processes import processes
from opt.studies.runner import Runner

TOLERANCE = 3e-6
EXACT = {"gap": 0, "cost_gap": 0, "objective": "dependence"}


def case(**sheets: Rows) -> dict[str, Rows]:
    """The case."""
    projects = [
        project("Big", "smelt", 60, 60, public_share=1),
        project("Little", "smelt", 30, 30, public_share=1),
        project("Twin", "smelt", 30, 30, public_share=1),
        project("Dear", "smelt", 30, 85, public_share=1),
    ]
    fund = [{"programme": "Fund", "instrument": "grant", "amount": 90}]
    return chain(**{"projects": projects, "programmes": fund, **sheets})


def found(tmp_path: Path, within: float, of: dict[str, Rows] | None = None) -> Labels:
    """The labels of a case."""
    return best_plans.labels(api.load(folder_of(tmp_path, of or case())), within)


def told(labels: Labels) -> dict[str, str]:
    """The label of each candidate."""
    return {row.project: str(row.label) for row in labels.projects}


def near(loss: float) -> Any:
    """A loss that is proven and found."""
    return pytest.approx((loss, loss), abs=TOLERANCE)


def out(row: LabelRow) -> tuple[float, float]:
    return row.out_low, row.out_high


def into(row: LabelRow) -> tuple[float, float]:
    return row.in_low, row.in_high


# ---- By hand --------------------------------------------------------------------------------


def test_labels_by_hand(tmp_path: Path) -> None:
    labels = found(tmp_path, 5)
    assert (labels.best, labels.bound) == pytest.approx((0.1, 0.1), abs=TOLERANCE)
    assert told(labels) == {
        "Big": "core",
        "Dear": "exterior",
        "Little": "borderline",
        "Twin": "borderline",
    }
    big, dear, little, twin = labels.projects
    # Without Big 60 are made, by Little and Twin; Dear alone makes 30.
    assert (out(big), into(big)) == (near(0.3), near(0.0))
    assert (out(dear), into(dear)) == (near(0.0), near(0.6))
    assert (out(little), into(little), out(twin), into(twin)) == (near(0.0),) * 4
    assert sum(row.chosen for row in (little, twin)) == 1
    assert [(row.loss_low, row.loss_high) for row in labels.projects] == [
        *(near(0.3), near(0.6), near(0.0), near(0.0))
    ]


@pytest.mark.parametrize(
    ("within", "core", "exterior"),
    [(29, ["Big"], ["Dear"]), (30, [], ["Dear"]), (59, [], ["Dear"]), (60, [], [])],
)
def test_a_loss_that_is_allowed_decides_the_label(
    tmp_path: Path, within: float, core: list[str], exterior: list[str]
) -> None:
    labels = found(tmp_path, within)
    assert [row.project for row in labels.of(Label.CORE)] == core
    assert [row.project for row in labels.of(Label.EXTERIOR)] == exterior
    assert not labels.of(Label.UNDECIDED)


def test_what_nobody_can_pay_is_exterior(tmp_path: Path) -> None:
    of = case()
    of["projects"].append(project("Vast", "smelt", 90, 91, public_share=1))
    row = next(row for row in found(tmp_path, 100, of).projects if row.project == "Vast")
    assert (row.label, row.reason) == (Label.EXTERIOR, NO_PLAN)
    assert (row.loss_low, row.loss_high) == (math.inf, math.inf)


def test_what_the_case_forces_is_no_finding(tmp_path: Path) -> None:
    """Dear is forced, and takes a port, which is then built too: no more money is left."""
    of = case()
    of["projects"][3] |= {"decision": "force", "requires": "Port"}
    of["projects"].append(project("Port", "smelt", 0.5, 5, public_share=1))
    labels = found(tmp_path, 5, of)
    assert labels.forced == ("Dear", "Port")
    assert labels.best == pytest.approx(0.695, abs=TOLERANCE)
    assert told(labels) == dict.fromkeys(("Big", "Little", "Twin"), "exterior")


def test_what_is_forbidden_is_no_candidate(tmp_path: Path) -> None:
    of = case()
    of["projects"][1]["decision"] = "forbid"
    assert set(told(found(tmp_path, 5, of))) == {"Big", "Dear", "Twin"}


def test_what_requires_a_project_falls_with_it(tmp_path: Path) -> None:
    """Big needs Twin: without Twin 30 are made, by Little or Dear."""
    of = case()
    of["projects"][0]["requires"] = "Twin"
    rows = {row.project: row for row in found(tmp_path, 5, of).projects}
    assert (rows["Twin"].label, out(rows["Twin"])) == (Label.CORE, near(0.6))


def test_a_run_for_little_money_is_measured_from_the_least_dependence(tmp_path: Path) -> None:
    """The run spends as little as 40% allows, 60 million. Losses are those of the best plan."""
    targets = [{"key": "objective", "value": "public"}, {"key": "dependence_target", "value": 0.4}]
    of = case()
    of["settings"] = [*of["settings"], *targets]
    run = api.solve(api.load(folder_of(tmp_path, of)))
    assert run.metrics.public_musd == pytest.approx(60, abs=1e-3)
    labels = best_plans.labels(run, 5)
    assert labels.best == pytest.approx(0.1, abs=TOLERANCE)
    assert told(labels)["Big"] == "core"
    # With Dear no plan comes to the target.
    assert next(row for row in labels.projects if row.project == "Dear").reason == NO_PLAN


def test_no_plan_is_told(tmp_path: Path) -> None:
    of = case()
    of["settings"] = [*of["settings"], {"key": "dependence_target", "value": 0.05}]
    with pytest.raises(InfeasibleError):
        found(tmp_path, 5, of)


@pytest.mark.parametrize(
    ("out_", "in_", "label"),
    [
        ((0.02, 0.03), (0.0, 0.0), Label.CORE),
        ((0.0, 0.0), (0.02, 0.03), Label.EXTERIOR),
        ((0.0, 0.01), (0.0, 0.0), Label.BORDERLINE),
        ((0.0, 0.011), (0.0, 0.0), Label.UNDECIDED),
        ((0.01, math.inf), (0.0, 0.0), Label.UNDECIDED),
        ((0.011, math.inf), (0.0, 0.0), Label.CORE),
    ],
)
def test_an_interval_that_holds_what_is_allowed_decides_nothing(
    out_: tuple[float, float], in_: tuple[float, float], label: Label
) -> None:
    assert label_of(out_, in_, 0.01) is label


# ---- Against every plan ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seed", "full"), [*((seed, False) for seed in SIMPLE), *((seed, True) for seed in FULL)]
)
def test_losses_are_those_of_all_plans(tmp_path: Path, seed: int, full: bool) -> None:
    of = drawn(tmp_path, seed, full=full)
    labels = best_plans.labels(api.load(of.path, EXACT), 2)
    assert labels.best == pytest.approx(of.best, abs=TOLERANCE)
    for row in labels.projects:
        without, with_it = (
            of.without(row.project) - of.best,
            of.with_it(row.project) - of.best,
        )
        assert out(row) == near(without), row.project
        assert into(row) == near(with_it), row.project
        if min(abs(without - 0.02), abs(with_it - 0.02)) > TOLERANCE:
            assert row.label is label_of((without, without), (with_it, with_it), 0.02)
    candidates = {name for plan, _ in of.plans for name in plan}
    assert candidates <= {row.project for row in labels.projects} | set(labels.forced)


@pytest.mark.parametrize("within", [0.5, 2, 10])
@pytest.mark.parametrize("seed", SIMPLE)
def test_intervals_hold_the_losses_of_all_plans(tmp_path: Path, seed: int, within: float) -> None:
    """What is told without `exact`: labels as with it, and intervals that hold the loss."""
    of = drawn(tmp_path, seed)
    base, best = best_plans.measured(api.load(of.path, EXACT), best_plans.alone())
    labels = label_study.labels(base, best, best_plans.alone(), within / 100)
    for row in labels.projects:
        losses = of.without(row.project) - of.best, of.with_it(row.project) - of.best
        for loss, (low, high) in zip(losses, (out(row), into(row)), strict=True):
            assert low <= loss + TOLERANCE, row.project
            assert high >= loss - TOLERANCE, row.project
        if min(abs(loss - within / 100) for loss in losses) > TOLERANCE:
            assert row.label is label_of(*((loss, loss) for loss in losses), within / 100)


def test_two_processes_say_what_one_says(tmp_path: Path) -> None:
    source = api.load(folder_of(tmp_path, case()))
    with processes(2) as executor:
        both = best_plans.labels(source, 5, Runner(Control(), Silent(), executor))
    assert both == best_plans.labels(source, 5)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.3, 0.3, "30.0 points"),
        (0.0024, 0.0024, "0.2 points"),
        (0.0024, 0.0026, "0.2 to 0.3 points"),
        (0.0, 0.0, "0.0 points"),
        (0.0129, math.inf, "1.2 points or more"),
        (math.inf, math.inf, NO_PLAN),
    ],
)
def test_a_loss_in_words(low: float, high: float, words: str) -> None:
    assert interval(low, high) == words


# ---- The command ----------------------------------------------------------------------------


def command(*arguments: object) -> Result:
    """The command in this process, which keeps no answers unless it is told where."""
    kept = () if "--store" in arguments else ("--no-store",)
    return CliRunner().invoke(cli, ["labels", *(str(a) for a in arguments), *kept])


def test_words_and_data(tmp_path: Path) -> None:
    run = opt.solve(opt.load(folder_of(tmp_path, case())))
    folder = opt.write(run, tmp_path / "run")
    asked = command(folder, "--within", 5, "--quiet")
    assert asked.exit_code == 0, asked.output
    lines = asked.stdout.splitlines()
    assert lines[:4] == [
        "Dependence: best plan 10.0%, no plan can beat 10.0%.",
        "Core, in every plan within 5.0 points: Big.",
        "Borderline, in some plan, and not in some within 5.0 points: Little, Twin.",
        "Exterior, in no plan within 5.0 points: Dear.",
    ]
    assert lines[6].split() == ["Big", "Big", "yes", "core", "30.0", "points"]
    data = json.loads(command(folder, "--within", 5, "--json").stdout)
    assert {p["project"]: p["label"] for p in data["projects"]} == {
        "Big": "core",
        "Dear": "exterior",
        "Little": "borderline",
        "Twin": "borderline",
    }
    assert (data["projects"][0]["loss_low"], data["projects"][0]["loss_high"]) == near(0.3)
    assert data == opt.labels(run, 5).document()


def test_answers_that_are_kept_serve_another_question(tmp_path: Path) -> None:
    book, store = folder_of(tmp_path, case()), tmp_path / "store"
    command(book, "--within", 5, "--store", store)
    again = command(book, "--within", 30, "--store", store)
    assert "Core" not in again.stdout
    assert again.stderr == ""


def test_ctrl_c_tells_what_is_not_known(tmp_path: Path) -> None:
    hard = folder_of(tmp_path, hard_case(gap=0.02))
    with started("labels", hard, "--no-store", "--workers", 1) as process:
        assert process.stderr
        while "forced" not in process.stderr.readline():
            assert process.poll() is None
        time.sleep(1.0)
        process.send_signal(signal.SIGINT)
        told_, _ = process.communicate(timeout=60)
    assert process.returncode == 5
    assert "Not known of P" in told_
    assert "stopped before it was answered" in told_
