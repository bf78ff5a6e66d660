"""Work beside the search: the same answer by one process, by two, and where the second fails."""

from __future__ import annotations

import dataclasses
import functools
import json
import math
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from builders import chain, folder_of, plant

import opt
from opt import api
from opt.data.assemble import assemble
from opt.data.reader import read
from opt.model.objectives import measure
from opt.record.flows import CLEAR, EXPOSED
from opt.record.options import ALL_TAKE
from opt.record.uptake import all_take
from opt.solver import priorities, weighted
from opt.solver.beside import Beside
from opt.solver.control import Control, Limits, Progress
from opt.solver.cost_bound import CostRelaxed
from opt.solver.highs import AnyBasis, HighsModel
from opt.solver.progress import Silent
from opt.solver.stage import Job, SolveOptions, open_stage
from opt.studies.processes import second_process
from opt.studies.runner import AnswerOf

INPUTS = Path(__file__).parents[2] / "inputs"


def add_one(number: int, control: Control) -> int:
    control.log.append(f"{number} ")
    return number + 1


def die(_control: Control) -> int:
    """Ends a worker process; here it answers."""
    if os.environ.get("PARENT") != str(os.getpid()):
        os._exit(3)
    return 7


def refused() -> Executor:
    raise PermissionError("no semaphores")


@pytest.fixture
def told() -> list[str]:
    return []


def test_here_and_beside_give_the_same_and_the_same_log(told: list[str]) -> None:
    found = []
    with second_process(told.append) as two:
        for beside in (Beside(), two):
            control = Control()
            asked = [beside.ask(functools.partial(add_one, n), control) for n in (1, 2)]
            # Taken in another order than asked, and twice.
            results = [asked[n].result(control) for n in (1, 0, 1)]
            found.append((results, control.log))
    assert found == [([3, 2, 3], ["2 ", "1 "])] * 2
    assert told == []


def test_where_no_process_can_be_had_it_is_done_here_and_said_once(told: list[str]) -> None:
    beside, control = Beside(refused, told.append), Control()
    asked = [beside.ask(functools.partial(add_one, n), control) for n in (1, 2)]
    assert [one.take(control) for one in asked] == [2, 3]
    (words,) = told
    assert "no semaphores" in words


def test_a_process_that_dies_is_made_up_for_here(
    told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARENT", str(os.getpid()))
    with second_process(told.append) as beside:
        assert beside.ask(die, Control()).take(Control()) == 7
    (words,) = told
    assert "ended before" in words


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="POSIX signals")
def test_a_process_leaves_ctrl_c_to_its_parent_while_it_is_being_born(told: list[str]) -> None:
    """A terminal sends Ctrl-C to every process; one that still loads its modules has not yet said
    that it does not want it."""
    others = set(multiprocessing.active_children())
    with second_process(told.append) as two:
        asked = two.ask(functools.partial(add_one, 1), Control())
        (born,) = set(multiprocessing.active_children()) - others
        for _ in range(20):
            os.kill(born.pid or 0, signal.SIGINT)
            time.sleep(0.02)
        assert asked.result(Control()) == 2
    assert told == []


def test_stopped_it_is_not_waited_for_unless_it_must_be_known() -> None:
    control = Control()
    control.stop.set()
    asked = Beside().ask(functools.partial(add_one, 1), control)
    assert asked.take(control) is None
    assert asked.result(control) == 2


def sleep(seconds: float, _control: Control) -> float:
    time.sleep(seconds)
    return seconds


def time_left(control: Control) -> float:
    return control.seconds_left


def test_stopped_while_it_works_it_is_left_at_once(told: list[str]) -> None:
    """By Ctrl-C, and by the clock; the process that is still at work ends with the block."""
    others = set(multiprocessing.active_children())
    for limit, press in ((math.inf, 0.5), (0.5, math.inf)):
        control = Control()
        with second_process(told.append) as two:
            # The process is there, however long it takes to begin.
            assert two.ask(functools.partial(sleep, 0.0), control).result(control) == 0.0
            asked = two.ask(functools.partial(sleep, 600.0), control)
            control.start(Limits(seconds=limit))
            if math.isfinite(press):
                threading.Timer(press, control.stop.set).start()
            assert asked.take(control) is None
        # Two threads wait for the same process, and the one that comes second hears of it later.
        ended = time.monotonic()
        while set(multiprocessing.active_children()) != others:
            assert time.monotonic() - ended < 60
            time.sleep(0.01)
    assert told == []


def test_it_has_the_time_that_is_left_when_it_is_asked_for(told: list[str]) -> None:
    control = Control().start(Limits(seconds=1000.0))
    with second_process(told.append) as two:
        left = two.ask(time_left, control).result(control)
    assert 0.0 < left <= 1000.0


def test_that_it_goes_on_is_reported_while_it_is_waited_for(told: list[str]) -> None:
    """Seconds that grow, and no value: that is another's to know."""
    reports: list[Progress] = []
    control = Control(report=reports.append)
    with second_process(told.append) as two:
        assert two.ask(functools.partial(sleep, 0.5), control).take(control) == 0.5
    seconds = [report.seconds for report in reports]
    assert len(seconds) >= 2
    assert seconds == sorted(set(seconds))
    assert {(report.best, report.bound) for report in reports} == {(math.inf, -math.inf)}


def gallium(values: float) -> CostRelaxed:
    instance = assemble(read(INPUTS / "gallium.xlsx"))
    return CostRelaxed(instance, SolveOptions(), (("dependence", values), ("shortfall", 0.0)))


@pytest.mark.parametrize("kept", [0.3, 0.4])
def test_a_tangent_is_below_the_relaxation_everywhere_and_touches_it(kept: float) -> None:
    """Against the same linear programme solved at each value."""
    tangent = gallium(kept)(Control())
    assert tangent is not None
    job = Job(gallium(kept).instance, SolveOptions(), Control(), Silent())
    for value in (0.29, 0.3, 0.35, 0.4, 0.5):
        network = open_stage(job, (CLEAR, EXPOSED))
        network.keep("dependence", value)
        network.keep("shortfall", 0.0)
        least = network.solver.relaxation(measure(network.model, "cost").expression).value
        assert tangent.at(network.solver) <= least * (1 + 1e-7)
        if value == kept:
            assert tangent.at(network.solver) == pytest.approx(least, rel=1e-7)


def test_a_plan_completed_from_where_its_bound_was_found_is_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its cost from nothing is the value to compare with."""
    work = dataclasses.replace(gallium(1.0), kept=(("dependence", 1.0),))
    tangent = work(Control())
    assert tangent is not None
    taken: list[AnyBasis] = []
    widened = HighsModel._widened

    def counted(solver: HighsModel, basis: AnyBasis) -> Any:
        taken.append(basis)
        return widened(solver, basis)

    monkeypatch.setattr(HighsModel, "_widened", counted)
    job = Job(work.instance, SolveOptions(), Control(), Silent())
    costs = []
    for basis in (None, tangent.basis):
        network = open_stage(job, (CLEAR, EXPOSED))
        network.keep("dependence", 1.0)
        nothing = {network.solver.columns[n].name: 0.0 for n in network.solver.integers}
        costs.append(network.complete(measure(network.model, "cost"), nothing, basis=basis).value)
    assert math.isfinite(costs[0])
    assert costs[1] == pytest.approx(costs[0], rel=1e-9)
    assert taken == [tangent.basis]


def test_a_tangent_says_nothing_where_other_passes_are_kept() -> None:
    tangent = gallium(0.3)(Control())
    job = Job(gallium(0.3).instance, SolveOptions(), Control(), Silent())
    assert tangent is not None
    assert tangent.at(open_stage(job, (CLEAR, EXPOSED)).solver) == -math.inf


def without_clock(folder: Path) -> dict[str, Any]:
    """All files of a run that hold no clock, and run.json without its."""
    files: dict[str, Any] = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".csv", ".svg"}
    }
    log = (folder / "solver.log").read_text(encoding="utf-8")
    files["solver.log"] = re.sub(r"\d+\.\d+s", "", log)  # the solver's own clock
    found = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    for entry in found["passes"]:
        entry.pop("seconds")
    return files | {"run.json": found}


# Of the table of options two rows take a search: the other sense of no new money, a larger budget.
ROWS = ["AnswerOf", "AnswerOf"]


@pytest.mark.parametrize(
    ("modules", "works"),
    [
        ([weighted], ["NoNewMoney", *ROWS]),
        ([weighted, priorities], ["NoNewMoney", "CostRelaxed", *ROWS]),
    ],
)
def test_one_process_and_two_write_the_same(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    told: list[str],
    modules: list[ModuleType],
    works: list[str],
) -> None:
    """With a case that is small made to count as one that is worth it. A second process does not
    know of that: where it also decides how a pass goes, the solver says other words there."""
    for module in modules:
        monkeypatch.setattr(module, "WORTHWHILE", 1)
    asked: list[Callable[[Control], Any]] = []
    usual = Beside.ask

    def counted(self: Beside, work: Any, control: Control) -> Any:
        asked.append(work)
        return usual(self, work, control)

    monkeypatch.setattr(Beside, "ask", counted)
    case = opt.load(INPUTS / "gallium.xlsx")
    opt.write(opt.solve(case), tmp_path / "one")
    with second_process(told.append) as beside:
        opt.write(opt.solve(case, beside=beside), tmp_path / "two")
    one, two = (without_clock(tmp_path / name) for name in ("one", "two"))
    assert one.keys() == two.keys()
    other = [name for name in one if one[name] != two[name]]
    assert other == ([] if modules == [weighted] else ["solver.log"])
    assert told == []
    assert [type(work).__name__ for work in asked] == works * 2


def test_what_all_buyers_would_take_is_the_same_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: list[str]
) -> None:
    """A smelter that makes all that is needed clear, of which buyers take 0.6: nothing would be
    exposed. The row is asked for once, with the plan of the answer."""
    case = chain() | {"uptake": [{"region": ""} | {str(t): 0.6 for t in range(2030, 2034)}]}
    case["facilities"] = [*case["facilities"], plant("smelter_w", "W", "smelt", 100)]
    loaded = opt.load(folder_of(tmp_path, case))
    monkeypatch.setattr(api, "is_small", lambda _: False)
    asked, usual = [], Beside.ask

    def counted(self: Beside, work: Any, control: Control) -> Any:
        asked.append(work.task.key if isinstance(work, AnswerOf) else "")
        return usual(self, work, control)

    monkeypatch.setattr(Beside, "ask", counted)
    with second_process(told.append) as two:
        rows = [all_take(opt.solve(loaded, beside=beside)) for beside in (None, two)]
    assert rows[0] is not None
    assert rows[0].dependence == pytest.approx(0, abs=1e-7)
    assert rows[0] == rows[1]
    assert asked.count(ALL_TAKE) == 2
    assert told == []


@pytest.mark.skipif(not Path("/proc/self/stat").is_file(), reason="reads /proc")
def test_a_killed_parent_leaves_no_process(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import os, sys, time\n"
        "from opt.solver.control import Control\n"
        "from opt.studies.processes import second_process\n"
        "def work(control):\n"
        "    open(sys.argv[1], 'w').write(str(os.getpid()))\n"
        "    time.sleep(60)\n"
        "if __name__ == '__main__':\n"
        "    with second_process(print) as beside:\n"
        "        beside.ask(work, Control()).result(Control())\n",
        encoding="utf-8",
    )
    note = tmp_path / "pid"
    parent = subprocess.Popen([sys.executable, str(script), str(note)])
    try:
        worker = int(_waited_for(lambda: note.is_file() and note.read_text()))
        assert _alive(worker)
    finally:
        parent.kill()
        parent.wait()
    _waited_for(lambda: not _alive(worker))


def _waited_for(what: Callable[[], Any]) -> Any:
    until = time.monotonic() + 60
    while not (found := what()):
        assert time.monotonic() < until
        time.sleep(0.05)
    return found


def _alive(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"
