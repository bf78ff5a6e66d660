"""Tasks answered by any number of processes in any order, kept and taken again, stopped and killed.

The case is that of `builders.chain`: W needs 100 of metal a year over 2030-2033, all of it exposed
without projects. A smelter of 60 and one of 30 can be built for USD 60 and 30 million.
"""

from __future__ import annotations

import dataclasses
import math
import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from builders import Rows, chain, instance_of, project
from hard import hard_case

from opt.data.instance import Instance
from opt.fixed import FixedCommitment
from opt.record.passes import Outcome
from opt.solver import loaded, memory, stage
from opt.solver.control import Control, Limits
from opt.solver.progress import Silent
from opt.solver.stage import SolveOptions
from opt.studies import answering, change
from opt.studies.answering import TIME_OVER
from opt.studies.processes import processes, workers_for
from opt.studies.runner import STOPPED, WORKER_ENDED, Pace, Runner
from opt.studies.store import Store, hash_of
from opt.studies.task import NOT_DECIDED, Answer, Ask, How, Task, in_turn

ROOT = Path(__file__).parents[2]
EXACTLY = SolveOptions(gap=0.0, cost_gap=0.0)
TOLERANCE = 2e-6


def two(**sheets: Rows) -> dict[str, Rows]:
    """The case, with a fund for both."""
    projects = [
        project("Big", "smelt", 60, 60, public_share=1),
        project("Little", "smelt", 30, 30, public_share=1),
    ]
    fund = [{"programme": "Fund", "instrument": "grant", "amount": 90}]
    return chain(projects=projects, **{"programmes": fund, **sheets})


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    """The case assembled."""
    return instance_of(tmp_path, two())


def task(key: str, of: Instance, how: How = How.CHAIN, **ask: Any) -> Task:
    """A question to the case."""
    return Task(key, of, Ask(how, EXACTLY, **ask))


def several(instance: Instance) -> list[Task]:
    """Tasks whose values follow from what is left to build: of 100 a year 60, 30, both or none."""
    return [
        task("both", instance),
        task("little", change.forbidden(instance, "Big")),
        task("big", change.forbidden(instance, "Little")),
        task("none", change.without_programme(instance, "Fund")),
        task("relaxed", change.scaled_programmes(instance, 75 / 90), How.RELAXED),
        task("whole", instance, How.WHOLE),
    ]


# Of the relaxation: USD 75 million build 75 of 100, a project of them in part.
VALUES = {"both": 0.1, "little": 0.7, "big": 0.4, "none": 1.0, "whole": 0.1}
BOUNDS = {**VALUES, "relaxed": 0.25}


def timeless(answers: tuple[Answer, ...]) -> list[Answer]:
    """The answers without their clock."""
    return [dataclasses.replace(answer, seconds=0.0) for answer in answers]


@dataclass
class Heard(Silent):
    """What a listener is told, and a wish that it may have on hearing it."""

    steps: list[str] = field(default_factory=list)
    then: Callable[[str], None] = lambda _: None

    def begin(self, step: str) -> None:
        self.steps.append(step)
        self.then(step)


def runner(control: Control | None = None, **given: Any) -> Runner:
    """A runner that nobody listens to."""
    return Runner(control or Control(), given.pop("listener", Silent()), **given)


def of_one_base(instance: Instance) -> tuple[list[Task], dict[str, float]]:
    """Bounds of changes of the case, and what they are by hand: the last has a programme more, for
    which the case has no column. USD 120 million would pay for all that there is to build."""
    fund = instance.programmes["Fund"]
    second = {**instance.programmes, "Second": dataclasses.replace(fund, id="Second", amount=30.0)}
    asked = {
        "both": (instance, 0.1),
        "little": (change.forbidden(instance, "Big"), 0.7),
        "relaxed": (change.scaled_programmes(instance, 75 / 90), 0.25),
        "none": (change.without_programme(instance, "Fund"), 1.0),
        "more": (instance.replace(programmes=second, programme_order=("Fund", "Second")), 0.1),
    }
    tasks = [
        dataclasses.replace(task(key, of, How.RELAXED), base=instance)
        for key, (of, _) in asked.items()
    ]
    return tasks, {key: bound for key, (_, bound) in asked.items()}


# ---- Same answers everywhere ----------------------------------------------------------------


class Backwards(Executor):
    """Answers so many calls at once, the last one first."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.calls: list[tuple[Future[Any], Callable[[], Any]]] = []

    def submit(self, call: Any, /, *given: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.calls.append((future, lambda: call(*given, **named)))
        if len(self.calls) == self.number:
            for waiting, run in reversed(self.calls):
                waiting.set_result(run())
        return future


def test_values_are_those_of_the_changed_case(instance: Instance) -> None:
    answers = {a.key: a for a in runner().run(several(instance))}
    for key, value in VALUES.items():
        assert answers[key].value == pytest.approx(value, abs=TOLERANCE), key
        assert answers[key].outcome is Outcome.OPTIMAL, key
    for key, bound in BOUNDS.items():
        assert answers[key].bound == pytest.approx(bound, abs=TOLERANCE), key
    assert answers["relaxed"].value == math.inf
    plan = answers["big"].plan
    assert plan is not None
    assert [c.project for c in plan.commitments] == ["Big"]


def test_order_and_number_of_workers_change_nothing(instance: Instance) -> None:
    tasks = several(instance)
    alone = timeless(runner().run(tasks))
    assert timeless(runner(executor=Backwards(len(tasks))).run(tasks)) == alone
    with processes(2) as executor:
        assert timeless(runner(executor=executor).run(tasks)) == alone
        assert timeless(runner(executor=executor).run(tasks[::-1])) == alone[::-1]


def test_bounds_of_changes_of_a_base_come_from_one_model(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    usual = stage.open_stage

    def counted(job: Any, *given: Any, **named: Any) -> Any:
        opened.append(job.instance.name)
        return usual(job, *given, **named)

    for module in (loaded, answering):
        monkeypatch.setattr(module, "open_stage", counted)
    tasks, bounds = of_one_base(instance)
    answers = runner().run(tasks)
    assert {a.key: a.bound for a in answers} == pytest.approx(bounds, abs=TOLERANCE)
    assert {a.outcome for a in answers} == {Outcome.OPTIMAL}
    # The base, and the one change that takes a model of its own.
    assert len(opened) == 2


def test_bounds_of_changes_of_a_base_are_the_same_anywhere(instance: Instance) -> None:
    tasks, _ = of_one_base(instance)
    alone = timeless(runner().run(tasks))
    assert timeless(runner().run(tasks[::-1]))[::-1] == alone
    with processes(2) as executor:
        assert timeless(runner(executor=executor).run(tasks)) == alone


def changes_of(instance: Instance) -> list[Task]:
    """Plans of changes of the case, whose own plan builds both smelters."""
    plan = (FixedCommitment("Big", 2030, 1, None), FixedCommitment("Little", 2030, 1, None))
    options = dataclasses.replace(EXACTLY, plan=plan, improve=True)
    return [
        Task(t.key, t.instance, Ask(How.CHANGED, options), instance)
        for t in several(instance)
        if t.ask.how is How.CHAIN
    ]


def test_a_plan_of_a_change_is_the_known_one_mended(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[str] = []
    monkeypatch.setattr(answering, "run_pass", lambda stage, *_, **__: searched.append(stage))
    built = {a.key: a.built for a in runner().run(changes_of(instance))}
    names = {key: {c.project for c in plan or ()} for key, plan in built.items()}
    assert names == {
        "both": {"Big", "Little"},
        "little": {"Little"},
        "big": {"Big"},
        "none": set(),
    }
    assert not searched


def test_a_change_has_its_value_with_proof(instance: Instance) -> None:
    for found in runner().run(changes_of(instance)):
        assert found.outcome is Outcome.OPTIMAL
        told = (found.value, found.bound)
        assert told == pytest.approx((VALUES[found.key],) * 2, abs=TOLERANCE), found.key


def test_a_change_that_the_mended_plan_does_not_prove_is_searched(instance: Instance) -> None:
    # USD 75 million pay for one smelter; in parts they would pay for 75 of 100 (see BOUNDS).
    (asked,) = (t for t in changes_of(instance) if t.key == "both")
    less = change.scaled_programmes(instance, 75 / 90)
    (found,) = runner().run([dataclasses.replace(asked, instance=less)])
    assert found.outcome is Outcome.OPTIMAL
    assert (found.value, found.bound) == pytest.approx((0.4, 0.4), abs=TOLERANCE)
    assert [c.project for c in found.built or ()] == ["Big"]


def test_a_change_without_a_plan_is_proven_to_have_none(instance: Instance) -> None:
    (asked,) = (t for t in changes_of(instance) if t.key == "both")
    unpaid = change.forced(change.without_programme(instance, "Fund"), "Big")
    (found,) = runner().run([dataclasses.replace(asked, instance=unpaid)])
    assert (found.outcome, found.built) == (Outcome.INFEASIBLE, None)


def test_a_change_that_takes_a_model_of_its_own_has_one(instance: Instance) -> None:
    tasks = {t.key: t for t in changes_of(instance)}
    more, _ = of_one_base(instance)
    (other,) = (t.instance for t in more if t.key == "more")
    (found,) = runner().run([dataclasses.replace(tasks["both"], instance=other)])
    assert (found.value, found.bound) == pytest.approx((0.1, 0.1), abs=TOLERANCE)


def mended_alone(task: Task) -> Task:
    """The same asked without a search."""
    return dataclasses.replace(task, ask=dataclasses.replace(task.ask, how=How.MENDED))


def test_without_a_search_a_plan_and_a_bound_are_told(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[object] = []
    monkeypatch.setattr(answering, "run_pass", lambda *given, **_: searched.append(given))
    (asked,) = (mended_alone(t) for t in changes_of(instance) if t.key == "both")
    less = change.scaled_programmes(instance, 75 / 90)
    unpaid = change.forced(change.without_programme(instance, "Fund"), "Big")
    cases = {"less": less, "unpaid": unpaid}
    tasks = [dataclasses.replace(asked, key=key, instance=own) for key, own in cases.items()]
    mended, none = runner().run(tasks)
    # USD 75 million pay for one smelter; in parts they would pay for 75 of 100.
    assert (mended.outcome, mended.reason) == (Outcome.FEASIBLE, "")
    assert (mended.value, mended.bound) == pytest.approx((0.4, 0.25), abs=TOLERANCE)
    assert (none.outcome, none.reason) == (Outcome.INFEASIBLE, "")
    assert not searched


def test_without_a_search_what_is_open_is_told_and_kept(instance: Instance, tmp_path: Path) -> None:
    """Within 0.3: with USD 75 million in parts alone."""
    near = change.within(instance, 0.3)
    (asked,) = (mended_alone(t) for t in changes_of(instance) if t.key == "both")
    less = change.scaled_programmes(near, 75 / 90)
    task = dataclasses.replace(asked, instance=less, base=near)
    (found,) = runner(store=Store(tmp_path)).run([task])
    assert (found.built, found.reason) == (None, NOT_DECIDED)
    assert found.bound == pytest.approx(0.25, abs=TOLERANCE)
    assert Store(tmp_path).find(task) == found


def test_without_a_search_a_change_may_take_a_model_of_its_own(instance: Instance) -> None:
    (asked,) = (mended_alone(t) for t in changes_of(instance) if t.key == "both")
    more, _ = of_one_base(instance)
    (other,) = (t.instance for t in more if t.key == "more")
    (found,) = runner().run([dataclasses.replace(asked, instance=other)])
    assert (found.value, found.bound) == pytest.approx((0.1, 0.1), abs=TOLERANCE)


def test_plans_of_changes_are_the_same_anywhere(instance: Instance, tmp_path: Path) -> None:
    tasks = changes_of(instance)
    alone = timeless(runner().run(tasks))
    assert timeless(runner().run(tasks[::-1]))[::-1] == alone
    with processes(2) as executor:
        assert timeless(runner(executor=executor, store=Store(tmp_path)).run(tasks)) == alone
    assert timeless(runner(store=Store(tmp_path)).run(tasks)) == alone


def test_a_task_is_data_that_goes_anywhere(instance: Instance) -> None:
    for asked in (*several(instance), *of_one_base(instance)[0], *changes_of(instance)):
        assert pickle.loads(pickle.dumps(asked)) == asked


def test_two_tasks_of_one_name_are_refused(instance: Instance) -> None:
    with pytest.raises(ValueError, match="same key: twin"):
        runner().run([task("twin", instance), task("twin", instance)])


def test_each_task_is_told_with_its_number_and_the_time_left(instance: Instance) -> None:
    heard = Heard()
    runner(listener=heard).run(several(instance)[:3])
    first, *others = heard.steps
    assert first == "both (1 of 3)"
    assert others == [
        "little (2 of 3, less than a minute left)",
        "big (3 of 3, less than a minute left)",
    ]


def test_the_time_left_is_that_of_those_that_took_time() -> None:
    # One of four was kept; another took 100 s.
    pace = Pace(4, 1, began=time.monotonic() - 100.0)
    assert pace.count() == "2 of 4, about 3 minutes left"
    assert pace.next_words() == "3 of 4, about 3 minutes left"


@pytest.mark.parametrize(
    ("room", "wanted", "number"), [(1, 4, 1), (3, 4, 3), (9, 4, 4), (9, None, 1)]
)
def test_no_more_processes_work_than_there_is_memory_for(
    instance: Instance, monkeypatch: pytest.MonkeyPatch, room: int, wanted: int | None, number: int
) -> None:
    monkeypatch.setattr(memory, "available", lambda: memory.needed(instance) * room)
    told: list[str] = []
    assert workers_for(instance, wanted, told.append) == number
    assert bool(told) == (wanted is not None and number < wanted)


# ---- What fails, and what is stopped --------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 2])
def test_a_task_that_fails_is_a_row_with_its_reason(instance: Instance, workers: int) -> None:
    broken = instance.replace(commodities={})
    with processes(workers) as executor:
        bad, good = runner(executor=executor).run([task("bad", broken), task("good", instance)])
    assert bad.outcome is Outcome.ERROR
    assert bad.reason.startswith("KeyError: ")
    assert bad.plan is None
    assert good.value == pytest.approx(0.1, abs=TOLERANCE)


def test_a_plan_is_worked_out_where_it_is_below_what_is_asked(instance: Instance) -> None:
    own = task("own", instance)
    (whole,) = runner().run([own])
    asks = [dataclasses.replace(own.ask, below=whole.value + by) for by in (1e-3, 0.0)]
    (above,), (at,) = (runner().run([dataclasses.replace(own, ask=ask)]) for ask in asks)
    assert timeless((above,)) == timeless((whole,))
    assert whole.plan is not None
    assert at.plan is None
    assert (at.value, at.bound, at.outcome) == (whole.value, whole.bound, whole.outcome)
    assert {c.project for c in at.built or ()} == {c.project for c in whole.plan.commitments}


def test_what_is_equal_is_shared(instance: Instance) -> None:
    changed = change.forbidden(instance, "Big")
    apart: Instance = pickle.loads(pickle.dumps(changed))
    shared = change.sharing(instance, apart)
    assert shared == apart == changed
    assert apart.projects["Little"] is not instance.projects["Little"]
    assert shared.projects["Little"] is instance.projects["Little"]
    assert shared.demands is instance.demands


def test_what_is_spread_comes_back_in_order_whatever_becomes_of_the_workers() -> None:
    powers = [1.0, 2.0, 4.0, 8.0]
    with processes(2) as executor:
        for by in (None, executor, Failing(BrokenExecutor())):
            assert runner(executor=by).spread(math.pow, 2.0, [0.0, 1.0, 2.0, 3.0]) == powers


def test_who_leaves_at_once_leaks_nothing() -> None:
    """Processes at work, with more waiting, when the block ends; then the command leaves without
    Python's own end, as after Ctrl-C. What watches over its semaphores has nothing to say."""
    code = (
        "import os, time\n"
        "from opt.studies.processes import processes\n"
        "with processes(2) as executor:\n"
        "    asked = [executor.submit(time.sleep, 60) for _ in range(6)]\n"
        "    while sum(own.running() for own in asked) < 2: time.sleep(0.01)\n"
        "os._exit(5)\n"
    )
    known = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        env=known,
        capture_output=True,
        text=True,
        timeout=50,
    )
    assert (done.returncode, done.stdout, done.stderr) == (5, "", "")


class Failing(Executor):
    """Takes one call, which fails before it is begun, and no other."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.calls = 0

    def submit(self, call: Any, /, *given: Any, **named: Any) -> Future[Any]:
        self.calls += 1
        if self.calls > 1:
            raise BrokenExecutor
        future: Future[Any] = Future()
        future.set_exception(self.error)
        return future


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (BrokenExecutor(), WORKER_ENDED),
        (pickle.PicklingError("no such thing"), "PicklingError: no such thing"),
    ],
)
def test_processes_that_take_no_work_leave_a_row_with_its_reason(
    instance: Instance, error: Exception, reason: str
) -> None:
    tasks = [task("first", instance), task("second", instance)]
    answers = runner(executor=Failing(error)).run(tasks)
    assert [(a.key, a.outcome, a.reason) for a in answers] == [
        ("first", Outcome.ERROR, reason),
        ("second", Outcome.ERROR, WORKER_ENDED),
    ]


def test_no_plan_is_an_answer(instance: Instance) -> None:
    (answer,) = runner().run([task("none", instance.replace(dependence_target=0.05))])
    assert (answer.outcome, answer.reason, answer.plan) == (Outcome.INFEASIBLE, "", None)


def test_a_stop_leaves_a_row_for_every_task(instance: Instance) -> None:
    control = Control()
    heard = Heard(then=lambda step: control.stop.set() if step.startswith("little ") else None)
    both, little, *rest = runner(control, listener=heard).run(several(instance))
    assert both.reason == ""
    assert little.plan is not None  # what was at work keeps what it has
    assert {(a.outcome, a.reason) for a in rest} == {(Outcome.LIMIT, STOPPED)}


def test_time_over_is_told(tmp_path: Path) -> None:
    hard = instance_of(tmp_path, hard_case(dependence_target=0.424))
    (answer,) = runner().run([task("hard", hard, limits=Limits(seconds=0.5))])
    assert (answer.outcome, answer.reason) == (Outcome.LIMIT, TIME_OVER)


def test_a_stop_ends_processes_that_are_still_at_work(tmp_path: Path) -> None:
    hard = instance_of(tmp_path, hard_case())
    control = Control()
    threading.Timer(3.0, control.stop.set).start()
    began = time.monotonic()
    before = set(multiprocessing.active_children())
    with processes(2) as executor:
        answers = runner(control, executor=executor).run(
            [task(f"hard {n}", hard, limits=Limits(seed=n)) for n in range(3)]
        )
    assert time.monotonic() - began < 60
    assert {(a.outcome, a.reason) for a in answers} == {(Outcome.LIMIT, STOPPED)}
    # Two threads wait for the same process, and the one that comes second hears of its end later.
    while set(multiprocessing.active_children()) != before:
        assert time.monotonic() - began < 60
        time.sleep(0.01)


@pytest.mark.parametrize(("killed", "lost"), [(1, 1), (2, 4)])
def test_a_killed_worker_loses_no_row(tmp_path: Path, killed: int, lost: int) -> None:
    """What it was at has no answer; what waits is answered by those that are left."""
    hard = instance_of(tmp_path, hard_case())
    tasks = [task(f"hard {n}", hard, limits=Limits(seed=n, seconds=3)) for n in range(4)]

    def kill() -> None:
        while len(multiprocessing.active_children()) < 2:
            time.sleep(0.05)
        time.sleep(2.0)
        for process in multiprocessing.active_children()[:killed]:
            assert process.pid
            os.kill(process.pid, signal.SIGKILL)

    with processes(2) as executor:
        threading.Thread(target=kill).start()
        answers = runner(executor=executor).run(tasks)
    assert [a.key for a in answers] == [f"hard {n}" for n in range(4)]
    ended = [a.reason for a in answers if a.outcome is Outcome.ERROR]
    assert ended == [WORKER_ENDED] * lost


def worker_of(asked: object, seconds: float) -> tuple[int, float, object]:
    """Who does some work, when it began, and its kind."""
    began = time.monotonic()
    time.sleep(seconds)
    return os.getpid(), began, asked.base.name if isinstance(asked, Task) else None  # type: ignore[union-attr]


@pytest.mark.parametrize("kinds", [1, 2, 3])
def test_a_worker_goes_on_with_its_kind(instance: Instance, kinds: int) -> None:
    """Each kind is begun by a worker of its own, and left only when there is no more of it; in the
    end all is shared."""
    bases = [instance.replace(name=f"{n}") for n in range(kinds)]
    tasks = [
        Task(f"{base.name} {n}", instance, Ask(How.RELAXED, SolveOptions()), base)
        for base in bases
        for n in range(8)
    ]
    with processes(2) as executor:
        assert executor is not None
        # The first of each kind is at work for as long as it takes to ask for all.
        long = {own.key: 1.0 if own.key.endswith(" 0") else 0.05 for own in tasks}
        futures = [executor.submit(worker_of, own, long[own.key]) for own in in_turn(tasks)]
        done = sorted((future.result(60) for future in futures), key=lambda found: found[1])
    assert len(done) == len(tasks)
    by_worker: dict[int, list[object]] = {}
    for pid, _, kind in done:
        by_worker.setdefault(pid, []).append(kind)
    assert len(by_worker) == 2
    first, second = by_worker.values()
    assert (first[0] != second[0]) == (kinds > 1)
    for own in (first, second):
        switches = [kind for kind, _ in groupby(own)]
        assert len(switches) == len(set(switches)), own  # none is come back to


def test_tasks_take_turns_by_kind(instance: Instance) -> None:
    one, other = instance.replace(name="one"), instance.replace(name="other")
    asked = [(one, "a"), (one, "b"), (None, "c"), (other, "d"), (one, "e"), (other, "f")]
    tasks = [Task(key, instance, Ask(How.RELAXED, SolveOptions()), base) for base, key in asked]
    assert "".join(own.key for own in in_turn(tasks)) == "acdbfe"


# ---- The store ------------------------------------------------------------------------------


def test_a_second_run_takes_what_is_there(tmp_path: Path, instance: Instance) -> None:
    store, heard = Store(tmp_path / "store"), Heard()
    first = runner(store=store).run(several(instance))
    again = runner(store=store, listener=heard).run(several(instance))
    assert again == first  # to the last digit, seconds too
    assert heard.steps == []


def test_the_question_names_the_file_and_not_its_key(tmp_path: Path, instance: Instance) -> None:
    asked = task("one", instance)
    assert hash_of(asked) == hash_of(task("other", instance_of(tmp_path, two())))
    others = [
        task("one", change.scaled_programmes(instance, 0.5)),
        task("one", instance, How.WHOLE),
        task("one", instance, limits=Limits(seed=1)),
        Task("one", instance, Ask(How.CHAIN, SolveOptions(gap=0.1))),
    ]
    assert len({hash_of(each) for each in (asked, *others)}) == len(others) + 1
    store = Store(tmp_path / "store")
    runner(store=store).run([asked])
    (found,) = runner(store=store).run([task("other", instance)])
    assert found.key == "other"


@pytest.mark.parametrize("damage", [b"", b"half", b"0\n[]", b"\xff\xfe"])
def test_a_damaged_file_is_told_and_solved_again(
    tmp_path: Path, instance: Instance, damage: bytes
) -> None:
    store, asked, heard = Store(tmp_path / "store"), task("both", instance), Heard()
    (first,) = runner(store=store).run([asked])
    path = store.path_of(asked)
    whole = path.read_bytes()
    path.write_bytes(damage if damage != b"half" else whole[: len(whole) // 2])
    (again,) = runner(store=store, listener=heard).run([asked])
    assert timeless((again,)) == timeless((first,))
    assert heard.steps[0] == f"stored answer {path.name} is damaged; solved again"
    assert store.find(asked) == again


def test_what_failed_or_was_stopped_is_not_kept(tmp_path: Path, instance: Instance) -> None:
    store, control = Store(tmp_path / "store"), Control()
    control.stop.set()
    runner(control, store=store).run([task("stopped", instance)])
    runner(store=store).run([task("bad", instance.replace(commodities={}))])
    assert not store.folder.exists()


def test_a_store_that_takes_no_more_does_not_end_a_study(
    tmp_path: Path, instance: Instance
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    heard, asked = Heard(), task("both", instance)
    (found,) = runner(store=Store(tmp_path / "file" / "store"), listener=heard).run([asked])
    assert timeless((found,)) == timeless(runner().run([asked]))
    assert "both is not stored: Not a directory" in heard.steps


# A study of many tasks by two processes, which is to be killed.
STUDY = """
import sys
from pathlib import Path
sys.path[:0] = {tests!r}
from test_studies import long_tasks, runner
from opt.studies.processes import processes
from opt.studies.store import Store
if __name__ == "__main__":
    with processes(2) as executor:
        runner(executor=executor, store=Store(Path({store!r}))).run(long_tasks(Path({parent!r})))
"""


def long_tasks(parent: Path) -> list[Task]:
    """Questions to a case with many projects."""
    hard = instance_of(parent, hard_case())
    return [
        task(f"{n}", change.scaled_programmes(hard, 1 + n / 10), How.RELAXED) for n in range(40)
    ]


def children_of(pid: int) -> set[int]:
    """Processes that another started."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parts = stat.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(parts[1]) == pid:
            found.add(int(stat.parent.name))
    return found


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes in /proc")
def test_a_killed_study_goes_on_where_it_was(tmp_path: Path) -> None:
    folder, script = tmp_path / "store", tmp_path / "study.py"
    folders = [str(ROOT / "tests" / name) for name in ("support", "studies")]
    names = {"tests": folders, "store": str(folder), "parent": str(tmp_path)}
    script.write_text(STUDY.format(**names), encoding="utf-8")
    study = subprocess.Popen([sys.executable, script], env={**os.environ, "PYTHONPATH": str(ROOT)})
    while not list(folder.glob("*.json")):
        assert study.poll() is None
        time.sleep(0.01)
    workers = children_of(study.pid)
    study.kill()
    study.wait()
    store, tasks, heard = Store(folder), long_tasks(tmp_path), Heard()
    kept = [each.key for each in tasks if store.find(each)]
    assert 1 <= len(kept) < len(tasks)
    assert len(kept) == len(list(folder.glob("*.json")))  # all of them whole
    again = runner(store=store, listener=heard).run(tasks)
    told = [each.key for each in tasks if each.key not in kept]
    assert [step.split(" (")[0] for step in heard.steps] == told
    assert timeless(again) == timeless(runner().run(tasks))
    assert gone(workers)


def gone(pids: set[int]) -> bool:
    """Whether processes end of themselves within ten seconds."""
    for _ in range(100):
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.1)
    return False


# ---- Changes --------------------------------------------------------------------------------


def test_what_is_forbidden_falls_with_what_requires_it(tmp_path: Path) -> None:
    rows = [
        project("Port", "smelt", 10, 1),
        project("Plant", "smelt", 50, 1, requires="Port"),
        project("Other", "smelt", 20, 1),
    ]
    contract = [{"project": "Plant", "commodity": "metal", "destination": "W", "share": 0.5}]
    instance = instance_of(tmp_path, chain(projects=rows, offtakes=contract))
    assert len(instance.offtakes) == 1
    left = change.forbidden(instance, "Port")
    assert set(left.projects) == {"Other"}
    assert left.offtakes == ()
    assert set(change.forbidden(instance, "Plant").projects) == {"Port", "Other"}
    (answer,) = runner().run([task("left", left)])
    assert answer.value == pytest.approx(0.8, abs=TOLERANCE)


def test_what_is_forced_is_built_though_it_helps_nothing(tmp_path: Path) -> None:
    rows = [project("Mine", "dig", 10, 5), project("Smelter", "smelt", 100, 10)]
    instance = instance_of(tmp_path, chain(projects=rows))
    free, forced = runner().run(
        [task("free", instance), task("forced", change.forced(instance, "Mine"))]
    )
    assert free.plan is not None
    assert forced.plan is not None
    assert [c.project for c in free.plan.commitments] == ["Smelter"]
    assert [c.project for c in forced.plan.commitments] == ["Mine", "Smelter"]
    kept = change.only_forced(change.forced(instance, "Mine"))
    assert set(kept.projects) == {"Mine"}


def test_a_programme_left_out_is_one_of_nothing(instance: Instance) -> None:
    out, nothing = runner().run(
        [
            task("out", change.without_programme(instance, "Fund"), How.RELAXED),
            task("nothing", change.scaled_programmes(instance, 0.0, {"Fund"}), How.RELAXED),
        ]
    )
    assert out.bound == pytest.approx(nothing.bound, abs=TOLERANCE)
    assert "Fund" not in change.without_programme(instance, "Fund").programme_order


def test_without_new_money_nothing_is_asked(tmp_path: Path) -> None:
    targets = [{"target": "T", "metric": "dependence", "year": 2033, "bound": 0.5}]
    bare = change.without_new_money(instance_of(tmp_path, two(targets=targets)))
    assert (bare.projects, bare.programmes, bare.targets) == ({}, {}, ())


def test_a_target_for_every_later_year(tmp_path: Path) -> None:
    targets = [{"target": "T", "metric": "dependence", "year": 2031, "bound": 0.5}]
    instance = instance_of(tmp_path, two(targets=targets))
    (target,) = instance.targets
    moved = list(change.later(target, instance.years))
    assert [(t.id, t.year, t.bound) for t in moved] == [("T", 2032, 0.5), ("T", 2033, 0.5)]
    assert change.with_target(instance, moved[0]).targets == (moved[0],)
    assert change.without_targets(instance).targets == ()


def test_ceilings_raised_and_left_out(tmp_path: Path) -> None:
    limits = [{"field": "all", "what": "starts", "2030": 1, "2031": 0}]
    private = [{"field": "all", "2030": 10}]
    instance = instance_of(tmp_path, two(build_limits=limits, private_capital=private))
    starts = next(c for c in instance.ceilings if c.what == "starts")
    money = next(c for c in instance.ceilings if c.what == "private")
    raised = {c.id: c for c in change.raised_ceiling(instance, starts.id, 1.1).ceilings}
    assert raised[starts.id].limits == {t: n + 1 for t, n in starts.limits.items()}
    assert raised[money.id] == money
    raised = {c.id: c for c in change.raised_ceiling(instance, money.id, 1.1).ceilings}
    assert raised[money.id].limits == pytest.approx({t: 1.1 * n for t, n in money.limits.items()})
    assert change.without_ceilings(instance, {money.id}).ceilings == (starts,)


def test_a_limit_on_capacity_is_raised_as_money_is(tmp_path: Path) -> None:
    limit = {"field": "all", "what": "capacity", "commodity": "metal", "2030": 50, "2031": 0}
    instance = instance_of(tmp_path, two(build_limits=[limit]))
    (capacity,) = instance.ceilings
    (raised,) = change.raised_ceiling(instance, capacity.id, 1.1).ceilings
    assert raised.limits == pytest.approx({2030: 55, 2031: 0})
    assert raised.made == capacity.made
    # Where it carries over, what has come together by any year is multiplied.
    years = {"2030": 50, "2031": 0, "2032": 20, "2033": 0}
    instance = instance_of(tmp_path, two(build_limits=[limit | years | {"carry_over": "yes"}]))
    (raised,) = change.raised_ceiling(instance, capacity.id, 1.1).ceilings
    assert raised.carry_over
    assert raised.limits == pytest.approx({2030: 55, 2031: 0, 2032: 22, 2033: 0})


def test_the_hash_of_a_change_is_that_of_its_content(instance: Instance) -> None:
    """Records that a change shares with its base, and equal ones of its own, give one hash; any
    other value another."""
    ask = Ask(How.RELAXED, SolveOptions())
    more = change.scaled_programmes(instance, 2.0)
    again = pickle.loads(pickle.dumps(more))
    assert hash_of(Task("", more, ask)) == hash_of(Task("", again, ask))
    others = {
        hash_of(Task("", change.scaled_programmes(instance, factor), ask))
        for factor in (1.0, 1.5, 2.0)
    }
    assert len(others) == 3
