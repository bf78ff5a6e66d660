"""Spawned processes of this machine, each of which goes on with what is like what it did last."""

from __future__ import annotations

import functools
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import (
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
)
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from opt.collector import seldom
from opt.data.instance import Instance
from opt.solver.beside import Beside
from opt.solver.locks import let_go_of_lock
from opt.solver.memory import processes_in_memory
from opt.solver.weighted import is_small
from opt.studies.task import kind_of

# Here, where multiprocessing is imported in every process that works, also in one that works alone.
let_go_of_lock()

ALL_ENDED = "every process has ended"
MOMENT = 2.0  # seconds: the queue of a process that was ended at work may wait for it for ever


@dataclass(frozen=True, slots=True)
class _Work:
    """A call that was asked for, and what will come of it."""

    future: Future[Any]
    kind: Hashable
    call: Callable[[], Any]


@dataclass(slots=True)
class _Process:
    """A process: the kind of what it was given last, and how much it was given and has not done."""

    pool: ProcessPoolExecutor
    kind: Hashable = None
    has: int = 0
    ended: bool = False


class Workers(Executor):
    """So many processes. What one keeps in memory serves what comes next where that is of a kind
    (opt.studies.task): each goes on with its kind as long as there is any, then takes one that no
    other is at, then shares what is left. What a process had when it ended is lost, the others do
    the rest."""

    def __init__(self, number: int) -> None:
        spawned = multiprocessing.get_context("spawn")
        self._lock = threading.RLock()
        self._waiting: dict[Hashable, deque[_Work]] = {}
        self._processes = [
            _Process(ProcessPoolExecutor(1, mp_context=spawned, initializer=_begin_worker))
            for _ in range(number)
        ]

    def begin(self) -> None:
        """Begin every process: that comes with its first work."""
        for own in self._processes:
            own.pool.submit(int)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The call, in some process. Raises BrokenExecutor where all have ended."""
        kind = kind_of(args[0]) if args else None
        work = _Work(Future(), kind, functools.partial(fn, *args, **kwargs))
        with self._lock:
            if all(own.ended for own in self._processes):
                raise BrokenExecutor(ALL_ENDED)
            self._waiting.setdefault(work.kind, deque()).append(work)
            self._hand_out()
        return work.future

    @property
    def is_busy(self) -> bool:
        """Whether any process is at work."""
        return any(own.has for own in self._processes)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Give up what waits and take no more; what is at work is waited for with `wait`."""
        for work in self._given_up():
            work.future.cancel()
        for own in self._processes:
            own.pool.shutdown(wait=wait, cancel_futures=cancel_futures)

    def _given_up(self) -> list[_Work]:
        """What waits, which nobody will do."""
        with self._lock:
            left = [work for some in self._waiting.values() for work in some]
            self._waiting = {}
            return left

    def _hand_out(self) -> None:
        """Give work to every process that has none, then one more to each while there is plenty:
        it goes on with that at once."""
        for own in self._processes:
            while own.has == 0 and not own.ended and (work := self._next_for(own)):
                self._give(own, work)
        for own in self._processes:
            plenty = sum(map(len, self._waiting.values())) > len(self._processes)
            if own.has == 1 and not own.ended and plenty and own.kind in self._waiting:
                self._give(own, self._taken(own.kind))

    def _next_for(self, own: _Process) -> _Work | None:
        """What a process that has nothing does next; None where nothing waits."""
        if not self._waiting:
            return None
        if own.kind in self._waiting:
            return self._taken(own.kind)
        others = {other.kind for other in self._processes if other.has}
        kinds = [kind for kind in self._waiting if kind not in others] or list(self._waiting)
        return self._taken(max(kinds, key=lambda kind: len(self._waiting[kind])))

    def _taken(self, kind: Hashable) -> _Work:
        some = self._waiting[kind]
        work = some.popleft()
        if not some:
            del self._waiting[kind]
        return work

    def _give(self, own: _Process, work: _Work) -> None:
        if not work.future.set_running_or_notify_cancel():
            return
        own.kind, own.has = work.kind, own.has + 1
        try:
            given = own.pool.submit(work.call)
        except BrokenExecutor as error:
            own.has, own.ended = own.has - 1, True
            work.future.set_exception(error)
        else:
            given.add_done_callback(functools.partial(self._done, own, work))

    def _done(self, own: _Process, work: _Work, given: Future[Any]) -> None:
        """Give the process more, and hand on what came of its work."""
        error = CancelledError() if given.cancelled() else given.exception()
        with self._lock:
            own.has -= 1
            own.ended = own.ended or isinstance(error, BrokenExecutor | CancelledError)
            self._hand_out()
            lost = self._given_up() if all(other.ended for other in self._processes) else []
        if error is None:
            work.future.set_result(given.result())
        else:
            work.future.set_exception(error)
        for other in lost:
            if other.future.set_running_or_notify_cancel():
                other.future.set_exception(BrokenExecutor(ALL_ENDED))


@contextmanager
def processes(number: int) -> Iterator[Executor | None]:
    """An executor of so many spawned processes, ended with the block also where one is still at
    work; None for one: the tasks are then answered in this process."""
    if number <= 1:
        yield None
        return
    with _pool(number) as executor:
        yield executor


@contextmanager
def second_process(tell: Callable[[str], None]) -> Iterator[Beside]:
    """Work beside the search by one more process, which begins with the first work and ends with
    the block; `tell` is told where there is none to be had."""
    with ExitStack() as stack:
        opened = functools.cache(lambda: stack.enter_context(_pool(1)))
        yield Beside(opened, tell)


def workers_for(instance: Instance, wanted: int | None, tell: Callable[[str], None]) -> int:
    """How many processes answer tasks on a case: as many as wanted, else as there are cores, or one
    where a case is solved sooner than a process begins; but no more than there is memory for, of
    which `tell` is told."""
    small = is_small(instance)
    asked = wanted or (1 if small else usable_cores())
    most = processes_in_memory(instance)
    if most is None or most >= asked:
        return asked
    tell(f"There is memory for {most} of {asked} processes at once: fewer work.")
    return most


def usable_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def _pool(number: int) -> Iterator[Executor]:
    """An executor of so many spawned processes, which end with the block and with this process."""
    others = set(multiprocessing.active_children())
    executor = Workers(number)
    try:
        with _interrupts_held():
            executor.begin()
        yield executor
    finally:
        # Only once every queue is put away are its semaphores: a command that leaves at once would
        # else be told to have leaked them.
        ending = threading.Thread(
            target=executor.shutdown, kwargs={"cancel_futures": True}, daemon=True
        )
        ending.start()
        # Of one that has nothing to do, what it holds is put away by itself as it ends.
        patience = 0.0 if executor.is_busy else MOMENT
        for process in set(multiprocessing.active_children()) - others:
            process.join(patience)
            process.terminate()
            process.join()
        ending.join(MOMENT)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """While it is open Ctrl-C waits, here and for good in every process that begins: one that still
    loads its modules has no other way to leave it to its parent."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin_worker() -> None:
    """Ctrl-C is the parent's to answer, and a worker does not outlive its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    seldom()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
