"""Has tasks answered: in this process, or by any executor. Same answers in any number of workers
and any order; what fails or is stopped is an answer with its reason."""

from __future__ import annotations

import functools
import math
import pickle
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    wait,
)
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from opt.record.passes import Outcome
from opt.solver.control import Control
from opt.solver.loaded import LastLoaded
from opt.solver.progress import Listener, Silent
from opt.studies.answering import answer
from opt.studies.store import Asked, Store
from opt.studies.task import Answer, Task, in_turn


class Ended(Protocol):
    """What a search finds, as far as keeping it needs it."""

    @property
    def outcome(self) -> Outcome:
        """How it ended."""


Kept = TypeVar("Kept")
Shared = TypeVar("Shared")
Item = TypeVar("Item")
Made = TypeVar("Made")
Found = TypeVar("Found", bound=Ended)
STOPPED = "stopped before it was answered"
WORKER_ENDED = "the worker process ended before it answered"
LOOK_SECONDS = 0.2
# What a worker process keeps of one task for the next.
OF_THIS_WORKER = LastLoaded()


@dataclass(frozen=True, slots=True)
class Runner:
    """How tasks are answered: who may stop them and is told of them, by which executor (None: in
    this process, one after the other), and where answers are kept (None: nowhere). `loaded` is what
    this process keeps of one task for the next.

    Each task has its own time; no task goes on after the control's.
    """

    control: Control
    listener: Listener
    executor: Executor | None = None
    store: Store | None = None
    loaded: LastLoaded = field(default_factory=LastLoaded)

    def run(
        self, tasks: Sequence[Task], heard: Callable[[Answer], None] | None = None
    ) -> tuple[Answer, ...]:
        """The answers in the order of the tasks, whose keys must differ.

        Answers that the store holds are taken from it. What is answered is kept as it comes, and
        told to `heard`, while others are at work on the rest.
        """
        _check_keys(tasks)
        found = {task.key: kept for task in tasks if (kept := self._kept(_finding(task)))}
        left = [task for task in tasks if task.key not in found]
        pace = Pace(len(tasks), len(found))
        by = self.executor
        answered = self._here(left, pace) if by is None else self._by(by, left, pace)
        heard = heard or _heard
        for given in found.values():
            heard(given)
        for task, given in answered:
            self._keep_answer(task, given)
            found[task.key] = given
            heard(given)
        return tuple(found[task.key] for task in tasks)

    def by_key(
        self, tasks: Iterable[Task], heard: Callable[[Answer], None] | None = None
    ) -> dict[str, Answer]:
        """The same by the keys of the tasks."""
        return {answer.key: answer for answer in self.run(list(tasks), heard)}

    def spread(
        self, work: Callable[[Shared, Item], Made], shared: Shared, items: Sequence[Item]
    ) -> list[Made]:
        """What a function makes of what is shared and of each of some items, in their order, by the
        executor where there is one: for what is worked out before tasks can be asked. All of it
        goes to other processes; what is shared is unpacked there once, and so is whatever they know
        of it."""
        if self.executor is None:
            return [work(shared, item) for item in items]
        packed = functools.partial(_of_shared, work, pickle.dumps(shared))
        try:
            return list(self.executor.map(packed, items))
        except BrokenExecutor:
            return [work(shared, item) for item in items]

    def search(
        self,
        key: str,
        asked: Asked,
        kind: type[Found],
        work: Callable[[], Found],
    ) -> Found:
        """What a search finds that is no task, since it is done in this process: by all that it
        goes by (`asked`) it is taken from the store, and kept there where it came to an end."""
        kept = self._kept(lambda store: store.find_search(asked, kind))
        if kept is not None:
            return kept
        found = work()
        if found.outcome is not Outcome.LIMIT and not self.control.stopped:
            self._keep(key, lambda store: store.keep_search(asked, found))
        return found

    def _kept(self, find: Callable[[Store], Kept | None]) -> Kept | None:
        """What the store holds of something; a damaged file is told and counts as none."""
        if self.store is None:
            return None
        try:
            return find(self.store)
        except ValueError as error:
            self.listener.begin(f"{error}; solved again")
            return None

    def _keep(self, key: str, keep: Callable[[Store], None]) -> None:
        """Put something into the store. Where that takes no more, the study goes on and says so."""
        if self.store is None:
            return
        try:
            keep(self.store)
        except OSError as error:
            self.listener.begin(f"{key} is not stored: {error.strerror}")

    def _keep_answer(self, task: Task, given: Answer) -> None:
        """Keep what is an answer, but for one that a stop from outside cut short."""
        cut = given.outcome is Outcome.FEASIBLE and self.control.stopped
        if given.lasts and not cut:
            self._keep(task.key, lambda store: store.keep(task, given))

    def _here(self, tasks: Sequence[Task], pace: Pace) -> Iterator[tuple[Task, Answer]]:
        for task in tasks:
            if self.control.stopped:
                yield task, unanswered(task)
            else:
                told = Counted(self.listener, pace)
                yield task, attempt(task, self.control.within(task.ask.limits), told, self.loaded)
                pace.count()

    def _by(
        self, executor: Executor, tasks: Sequence[Task], pace: Pace
    ) -> Iterator[tuple[Task, Answer]]:
        """Answers as they come; once stopped, what is not there yet is given up."""
        waiting: dict[Future[Answer], Task] = {}
        for task in in_turn(tasks):
            try:
                waiting[executor.submit(in_worker, task)] = task
            except BrokenExecutor:
                yield task, _unanswered(task, Outcome.ERROR, WORKER_ENDED)
        while waiting and not self.control.stopped:
            done, _ = wait(waiting, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED)
            for future in sorted(done, key=lambda f: waiting[f].key):
                task = waiting.pop(future)
                self.listener.begin(f"{task.key} ({pace.count()})")
                yield task, _taken(future, task)
        for future, task in waiting.items():
            future.cancel()
            yield task, unanswered(task)


@dataclass(slots=True)
class Pace:
    """How many of some tasks are answered, and at what pace; those that were kept took no time."""

    tasks: int
    done: int
    began: float = field(default_factory=time.monotonic)
    solved: int = 0

    def count(self) -> str:
        """One more is answered: how many are, and how long the others will take."""
        self.done, self.solved = self.done + 1, self.solved + 1
        return self._words(self.done)

    def next_words(self) -> str:
        """Which one is at work, and how long it and the others will take."""
        return self._words(self.done + 1)

    def _words(self, number: int) -> str:
        counted = f"{number} of {self.tasks}"
        if not self.solved or self.done == self.tasks:
            return counted
        each = (time.monotonic() - self.began) / self.solved
        return f"{counted}, {_time_left(each * (self.tasks - self.done))}"


def _of_shared(work: Callable[[Any, Item], Made], packed: bytes, item: Item) -> Made:
    return work(_unpacked(packed), item)


@functools.lru_cache(maxsize=1)
def _unpacked(packed: bytes) -> Any:
    """What this process was given by its own parent."""
    return pickle.loads(packed)


def _heard(_: Answer) -> None:
    """Nobody is told of an answer."""


def _time_left(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return "less than a minute left"
    return f"about {minutes} minute{'s' if minutes > 1 else ''} left"


@dataclass(frozen=True, slots=True)
class Counted:
    """Tells a listener each task with its number among several."""

    listener: Listener
    pace: Pace

    def expect(self, steps: Sequence[str]) -> None:
        """Not told: the tasks are counted instead."""

    def begin(self, step: str) -> None:
        """The step, its number and the time left."""
        alone = self.pace.tasks == 1
        self.listener.begin(step if alone else f"{step} ({self.pace.next_words()})")

    def progress(
        self, step: str, objective: str, seconds: float, best: float, bound: float
    ) -> None:
        """How the search of the step goes."""
        self.listener.progress(step, objective, seconds, best, bound)


def _finding(task: Task) -> Callable[[Store], Answer | None]:
    return lambda store: store.find(task)


def _check_keys(tasks: Sequence[Task]) -> None:
    twice = [key for key, count in Counter(task.key for task in tasks).items() if count > 1]
    if twice:
        raise ValueError(f"several tasks have the same key: {', '.join(twice)}")


def unanswered(task: Task) -> Answer:
    """The answer of a task that was stopped before it had one."""
    return _unanswered(task, Outcome.LIMIT, STOPPED)


def _unanswered(task: Task, outcome: Outcome, reason: str) -> Answer:
    return Answer(task.key, outcome, math.inf, -math.inf, None, 0.0, reason)


def _taken(future: Future[Answer], task: Task) -> Answer:
    """What a worker gave, or why it gave nothing."""
    try:
        return future.result()
    except BrokenExecutor:
        return _unanswered(task, Outcome.ERROR, WORKER_ENDED)
    except Exception as error:
        return _unanswered(task, Outcome.ERROR, _words(error))


def attempt(task: Task, control: Control, listener: Listener, loaded: LastLoaded) -> Answer:
    """The answer of a task, or the reason why there is none."""
    try:
        return answer(task, control, listener, loaded)
    except Exception as error:
        return _unanswered(task, Outcome.ERROR, _words(error))


@dataclass(frozen=True, slots=True)
class AnswerOf:
    """A task as work beside a search."""

    task: Task

    def __call__(self, control: Control) -> Answer:
        """Its answer, under the control of who does the work."""
        return attempt(self.task, control, Silent(), LastLoaded())


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def in_worker(task: Task) -> Answer:
    """The answer of a task in a process of its own, under the task's limits alone."""
    return attempt(task, Control().start(task.ask.limits), Silent(), OF_THIS_WORKER)
