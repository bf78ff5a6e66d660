"""The standard set of studies: what it holds, how it goes on, what it says when it is cut short.

The case is that of `builders.chain`: W needs 100 of metal a year over 2030-2033. A fund of USD 90
million can build a smelter of 60 and one of 30.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from builders import Rows, chain, folder_of, project, solved
from click.testing import CliRunner, Result

import opt
from opt import standard_set
from opt.audit import audit_folder
from opt.cli import cli
from opt.commands.brief_words import in_words
from opt.record.brief import Brief, BriefPart
from opt.record.labels import Label
from opt.record.stress import Stress
from opt.record.studies import read_studies
from opt.report.sections.risk import TITLE
from opt.solver.control import Control
from opt.solver.progress import Silent
from opt.standard_set import POOL, RISK, STOPPED, STUDIES
from opt.studies.runner import Runner

ROOT = Path(__file__).parents[2]
TOLERANCE = 2e-6
# Where no scenario states a probability, and there is one programme.
PLAIN = [name for name in STUDIES if name not in {RISK, POOL}]


def case(*probabilities: float | None) -> dict[str, Rows]:
    """The case, with a scenario in which demand doubles, or several of such probabilities."""
    names = ["twice", "again"][: len(probabilities) or 1]
    scenarios = [
        {"scenario": name, "probability": p}
        for name, p in zip(names, probabilities or (None,), strict=True)
    ]
    projects = [
        project("Big", "smelt", 60, 60, public_share=1),
        project("Little", "smelt", 30, 30, public_share=1),
    ]
    fund = [{"programme": "Fund", "instrument": "grant", "amount": 90}]
    twice = [{"scenario": name, "what": "demand", "factor": 2} for name in names]
    return chain(projects=projects, programmes=fund, scenarios=scenarios, shocks=twice)


def command(*arguments: object) -> Result:
    """The command in this process."""
    return CliRunner().invoke(cli, ["brief", *map(str, arguments)])


def test_the_set_answers_what_is_known_by_hand(tmp_path: Path) -> None:
    found = opt.brief(solved(tmp_path, case()))
    assert [part.study for part in found.parts] == PLAIN == list(found.answers)
    assert found.complete
    document = found.document()
    # 10 of 100 stay exposed; of 200 it is 110; without Big 70, without Little 40.
    held = {c["case"]: c["dependence"] for c in document["stress"]["cases"] if c["case"]}
    assert held["twice"] == pytest.approx(0.55, abs=TOLERANCE)
    assert (held["Big"], held["Little"]) == pytest.approx((0.7, 0.4), abs=TOLERANCE)
    labels = {row["project"]: row["label"] for row in document["labels"]["projects"]}
    assert labels == {"Big": Label.CORE, "Little": Label.CORE}
    front = {p["amount"]: p["dependence"] for p in document["frontier"]["points"]}
    assert front == pytest.approx({0: 1, 30: 0.7, 60: 0.4, 90: 0.1}, abs=TOLERANCE)
    plans = [plan["projects"] for plan in document["alternatives"]["plans"]]
    assert len(plans) == 1
    assert document["sensitivity"]["dependence"] == pytest.approx(0.1, abs=TOLERANCE)


def test_a_set_without_time_says_what_it_did_not_begin(tmp_path: Path) -> None:
    run = solved(tmp_path, case())
    control = Control()
    control.stop.set()
    found = opt.brief(run, runner=Runner(control, Silent()))
    assert {(part.reason, part.stopped) for part in found.parts} == {(STOPPED, True)}
    names = ", ".join(part.study for part in found.parts)
    left = f"Not finished: {names}. The same command goes on where it stopped."
    assert left in in_words(found, tmp_path)
    assert not found.complete
    assert found.answers == {}


@pytest.mark.usefixtures("undrawn")
def test_risk_is_asked_where_probabilities_are_stated(tmp_path: Path) -> None:
    """10 of 100 stay exposed in four of five futures, 110 of 200 in the fifth: 0.19."""
    out = tmp_path / "run"
    asked = [folder_of(tmp_path, case(0.2)), "--out", out, "--no-store", "--quiet", "--json"]
    done = command(*asked)
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert [part["study"] for part in document["parts"]] == [*PLAIN, RISK]
    assert document["risk"]["value"] == pytest.approx(0.19, abs=TOLERANCE)
    assert document["risk"]["bound"] == pytest.approx(0.19, abs=TOLERANCE)
    assert (out / "studies" / "risk_scenarios.csv").is_file()
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "19.0% expected (no plan can beat that)" in page


def test_a_small_case_is_asked_for_pooling_and_regret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two funds of 60 and 30 build both smelters, together or not: pooling is worth nothing. Where
    demand doubles no plan is better. A large case is asked by the commands of these alone."""
    sheets = case()
    sheets["programmes"] = [
        {"programme": "Fund", "instrument": "grant", "amount": 60},
        {"programme": "Bank", "instrument": "grant", "amount": 30},
    ]
    run = solved(tmp_path, sheets)
    found = opt.brief(run)
    assert [part.study for part in found.parts] == [*PLAIN, POOL]
    assert found.complete
    document = found.document()
    assert document["pool"]["joint"] == pytest.approx(0.1, abs=TOLERANCE)
    assert document["pool"]["shares"] == pytest.approx({"Fund": 0.6, "Bank": 0.3}, abs=TOLERANCE)
    twice = next(row for row in document["stress"]["cases"] if row["case"] == "twice")
    assert twice["regret"] == pytest.approx(0.0, abs=TOLERANCE)
    told = in_words(found, tmp_path)
    assert "== pool\nNo public money: 100.0%." in told
    monkeypatch.setattr(standard_set, "is_small", lambda _: False)
    found = opt.brief(run, names=["stress"])
    (row,) = (row for row in found.document()["stress"]["cases"] if row["case"] == "twice")
    assert row["regret"] is None
    control = Control()
    control.stop.set()
    left = opt.brief(run, runner=Runner(control, Silent()))
    assert [part.study for part in left.parts] == PLAIN


def test_probabilities_that_are_too_many_cost_risk_alone(tmp_path: Path) -> None:
    run = solved(tmp_path, case(0.7, 0.6))
    found = opt.brief(run, names=["stress", RISK])
    stress, risk = found.parts
    assert stress.complete
    assert not risk.complete
    assert "sum to 1.3" in risk.reason
    told = in_words(found, tmp_path)
    assert "== risk\nNot known: " in told
    assert "Not finished" not in told  # more time does not settle it
    assert "Not settled in all: risk. What is not known is told there." in told


def test_some_studies_alone(tmp_path: Path) -> None:
    found = opt.brief(solved(tmp_path, case()), names=["labels"])
    assert [part.study for part in found.parts] == ["labels"]


def test_the_command_writes_a_run_with_its_studies(tmp_path: Path) -> None:
    out = tmp_path / "run"
    told = command(folder_of(tmp_path, case()), "--out", out, "--no-store", "--quiet")
    assert told.exit_code == 0, told.output
    assert "== frontier" in told.stdout
    assert told.stdout.rstrip().endswith("memo.docx")
    names = {path.name for path in (out / "studies").iterdir()}
    assert {f"{name}.json" for name in PLAIN} <= names
    lines = (out / "studies" / "frontier_points.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("amount,public_musd,capex_musd,dependence")
    assert len(lines) == 5
    report = audit_folder(out)
    assert report.report.passed
    assert (report.files.edited, report.files.added) == ((), ())
    (out / "studies" / "frontier.json").write_text("{}", encoding="utf-8")
    assert audit_folder(out).files.edited == ("studies/frontier.json",)


@pytest.mark.usefixtures("undrawn")
def test_the_same_again_is_taken_from_what_is_there(tmp_path: Path) -> None:
    book, out, store = folder_of(tmp_path, case()), tmp_path / "run", tmp_path / "store"
    first = command(book, "--out", out, "--store", store)
    again = command(book, "--out", out, "--store", store)
    assert (first.exit_code, again.exit_code) == (0, 0), again.output
    assert again.stdout == first.stdout
    # After the steps of the run, the seven studies that are asked and the writing.
    for number, name in enumerate((*PLAIN, "writing"), start=1):
        assert f"step {number} of 8  {name}\n" in again.stderr
    assert "dependence" in first.stderr
    assert "  dependence" not in again.stderr  # no pass is run again
    changed = command(book, "--out", out, "--store", store, "--set", "gap=0.002")
    assert "  dependence" in changed.stderr


@pytest.mark.usefixtures("undrawn")
def test_an_answer_that_it_does_not_ask_for_stays(tmp_path: Path) -> None:
    """No scenario states a probability, so risk is asked by its own command alone."""
    book, out = folder_of(tmp_path, case()), tmp_path / "run"
    asked = [book, "--out", out, "--no-store", "--quiet"]
    assert command(*asked).exit_code == 0
    own = CliRunner().invoke(cli, ["risk", str(out), "--memo", "--no-store", "--quiet"])
    assert own.exit_code == 0, own.output
    before = read_studies(out)
    assert before.keys() == {*PLAIN, RISK}
    assert command(*asked).exit_code == 0
    assert read_studies(out) == before
    assert TITLE in (out / "report.html").read_text(encoding="utf-8")
    # They are of that run: another has none of them.
    assert command(*asked, "--set", "gap=0.002").exit_code == 0
    assert read_studies(out).keys() == set(PLAIN)


@pytest.mark.usefixtures("undrawn")
def test_slides_of_the_run_are_written_again(tmp_path: Path) -> None:
    """With what the new answers add; a run of another question has none."""
    book, out = folder_of(tmp_path, case()), tmp_path / "run"
    asked = [book, "--out", out, "--no-store", "--quiet"]
    assert opt.write(opt.solve(opt.load(book)), out) == out
    made = CliRunner().invoke(cli, ["memo", str(out), "--deck", "--quiet"])
    assert made.exit_code == 0, made.output
    before = (out / "deck.pptx").read_bytes()
    assert command(*asked).exit_code == 0
    assert (out / "deck.pptx").read_bytes() != before
    assert audit_folder(out).files.edited == ()
    assert command(*asked, "--set", "gap=0.002").exit_code == 0
    assert not (out / "deck.pptx").exists()


@pytest.mark.usefixtures("undrawn")
def test_a_finished_answer_stays_where_the_new_one_is_not_finished(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The set is cut short in its stress tests: the answer of all cases stays."""
    book, out = folder_of(tmp_path, case()), tmp_path / "run"
    asked = [book, "--out", out, "--no-store", "--quiet"]
    assert command(*asked).exit_code == 0
    before = read_studies(out)
    stress = before["stress"]
    assert isinstance(stress, Stress)
    cases = tuple(dataclasses.replace(own, reason="stopped") for own in stress.cases)
    cut = dataclasses.replace(stress, cases=cases)
    parts = (BriefPart("stress", False, ""),)
    found = Brief(opt.read(out), parts, {"stress": cut})
    monkeypatch.setattr(standard_set, "brief", lambda *_: found)
    done = command(*asked)
    assert done.exit_code == 5
    assert "stress: not finished, so the finished answer that stands" in done.stderr
    assert read_studies(out) == before


@pytest.mark.usefixtures("undrawn")
def test_json_holds_every_answer(tmp_path: Path) -> None:
    told = command(folder_of(tmp_path, case()), "--out", tmp_path / "run", "--no-store", "--json")
    document = json.loads(told.stdout)
    assert set(PLAIN) <= document.keys()
    run = json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))
    assert (document["run"], document["complete"]) == (run["id"], True)


def test_a_killed_one_goes_on(tmp_path: Path) -> None:
    """Killed once the run stands, in a process of its own; then the same command to its end."""
    book, out, store = folder_of(tmp_path, case()), tmp_path / "run", tmp_path / "store"
    asked = [sys.executable, "-m", "opt", "brief", str(book), "--out", str(out)]
    asked += ["--store", str(store), "--json"]
    known = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(asked, stdout=subprocess.DEVNULL, env=known) as process:
        while not (out / "run.json").is_file() and process.poll() is None:
            time.sleep(0.01)
        process.kill()
    assert (out / "run.json").is_file()
    told = command(book, "--out", out, "--store", store, "--json")
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["complete"]
    assert audit_folder(out).report.passed
