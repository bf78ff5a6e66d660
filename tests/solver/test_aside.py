"""Threads in which the solver runs: kept for the next run, and never shared."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import chain, folder_of, project

import opt
from opt.solver import aside

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
# Solves in a process and then in a fork of it, which ends by itself should it wait for ever.
FORKED = f"""
import os, signal, sys, opt
case = opt.load(sys.argv[1])
opt.solve(case)
child = os.fork()
if child == 0:
    signal.alarm({PATIENCE:.0f})
    opt.solve(case)
    os._exit(0)
sys.exit(os.waitpid(child, 0)[1])
"""


@pytest.fixture(autouse=True)
def _no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """None that earlier tests left."""
    monkeypatch.setattr(aside, "_IDLE", type(aside._IDLE)(list))


@pytest.fixture
def held() -> Iterator[threading.Event]:
    """What ends the work of a test, set however the test ends."""
    event = threading.Event()
    yield event
    event.set()


def thread_of(helper: aside.Helper) -> int:
    """The thread in which a helper works."""
    found: list[int] = []
    helper.begin(lambda: found.append(threading.get_ident()))
    helper.wait(PATIENCE)
    return found[0]


def test_one_thread_does_one_thing_after_another() -> None:
    first = aside.take(1)
    worked = thread_of(first)
    assert worked != threading.get_ident()
    aside.give_back(first, 1)
    assert aside.take(1) is first
    assert thread_of(first) == worked


def test_nobody_gets_one_that_another_has() -> None:
    first, second = aside.take(1), aside.take(1)
    assert thread_of(first) != thread_of(second)


def test_one_for_other_threads_is_another() -> None:
    """HiGHS refuses another number of threads where it was set up for one already."""
    first = aside.take(1)
    thread_of(first)
    aside.give_back(first, 1)
    assert aside.take(2) is not first


def test_one_that_was_given_up_goes_to_nobody(held: threading.Event) -> None:
    first = aside.take(1)
    first.begin(lambda: held.wait(PATIENCE))
    first.wait(0.01)
    assert first.is_busy
    aside.give_back(first, 1)
    assert aside.take(1) is not first


@pytest.mark.parametrize("counts", [(1, 2, 1), (2, 1, 2)])
def test_answers_of_one_process_may_use_different_threads(
    tmp_path_factory: pytest.TempPathFactory, counts: tuple[int, ...]
) -> None:
    rows = chain(projects=[project("P", "smelt", 60, 10)])
    case = folder_of(tmp_path_factory.mktemp("threads"), rows)
    before = threading.active_count()
    for threads in counts:
        run = opt.solve(opt.load(case, {"threads": threads}))
        # 60 of 100 are clear.
        assert run.metrics.dependence == pytest.approx(0.4, abs=2e-6)
    assert threading.active_count() == before + len(set(counts))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked on POSIX alone")
def test_a_forked_process_waits_for_no_thread_that_it_lacks(tmp_path: Path) -> None:
    case = folder_of(tmp_path, chain(projects=[project("P", "smelt", 60, 10)]))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORKED, str(case)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=2 * PATIENCE,
        check=False,
    )
    assert done.returncode == 0
