"""Tasks on a real Dask scheduler and workers, each a process of its own on this machine."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from builders import chain, folder_of, project
from click.testing import CliRunner

from opt import api, questions
from opt.cli import cli
from opt.errors import InputError
from opt.solver.control import Control
from opt.solver.progress import Silent
from opt.studies import cluster as cluster_module
from opt.studies.change import scaled_programmes
from opt.studies.cluster import cluster
from opt.studies.runner import Runner
from opt.studies.task import Answer, Ask, How, Task

pytestmark = pytest.mark.slow

TASKS = 24
SECONDS = 60


@dataclass
class Cluster:
    """A scheduler, and workers that are started and killed as a test asks."""

    folder: Path
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    address: str = ""

    def scheduler(self) -> None:
        """Start it; its address is known once it listens."""
        log = self.folder / "scheduler.log"
        asked = ("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self._start(log, *asked)
        self.address = self._wait(log, "Scheduler at:").split()[-1]

    def worker(self) -> subprocess.Popen[bytes]:
        """One more worker, ready when this returns."""
        log = self.folder / f"worker{len(self.running)}.log"
        plain = ("--nthreads", "1", "--no-nanny", "--no-dashboard")
        process = self._start(log, "dask_worker", self.address, *plain)
        self._wait(log, "Registered to:")
        return process

    def _start(self, log: Path, tool: str, *asked: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{tool}", *asked]
        with log.open("wb") as told:
            process = subprocess.Popen(command, stdout=told, stderr=told, cwd=self.folder)
        self.running.append(process)
        return process

    @staticmethod
    def _wait(log: Path, words: str) -> str:
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            for line in log.read_text(errors="replace").splitlines():
                if words in line:
                    return line
            time.sleep(0.05)
        raise AssertionError(log.read_text(errors="replace"))

    def end(self) -> None:
        """End all that still runs."""
        for process in reversed(self.running):
            process.kill()
            process.wait()


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Cluster]:
    own = Cluster(tmp_path)
    try:
        own.scheduler()
        yield own
    finally:
        own.end()


@dataclass
class AtAnswers(Silent):
    """Does something once when so many answers are there."""

    number: int
    act: Callable[[], None]
    seen: int = 0

    def begin(self, step: str) -> None:
        self.seen += 1
        if self.seen == self.number:
            self.act()


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory) -> list[Task]:
    """The best plan for each of many budgets: no two have the same answer by accident alone."""
    projects = [project(f"P{n}", "smelt", 10 + n, 10 + 2 * n, public_share=1) for n in range(5)]
    sheets = chain(projects=projects, programmes=[{"programme": "Fund", "amount": 60}])
    base = questions.base_of(api.load(folder_of(tmp_path_factory.mktemp("tasks"), sheets)))
    ask = Ask(How.CHAIN, base.options, base.limits)
    return [
        Task(f"{n}", scaled_programmes(base.instance, (n + 1) / TASKS), ask) for n in range(TASKS)
    ]


def timeless(answers: tuple[Answer, ...]) -> list[Answer]:
    return [dataclasses.replace(answer, seconds=0.0) for answer in answers]


def test_a_worker_killed_in_the_middle_and_one_added_late(
    started: Cluster, tasks: list[Task]
) -> None:
    here = Runner(Control(), Silent()).run(tasks)
    assert len({answer.value for answer in here}) > 5
    first = started.worker()

    def change() -> None:
        first.kill()
        started.worker()

    listener = AtAnswers(3, change)
    with cluster(started.address) as executor:
        there = Runner(Control(), listener, executor).run(tasks)
    assert first.poll() is not None  # killed with most of its tasks open
    assert listener.seen == TASKS
    assert not any(answer.failed for answer in there)
    assert timeless(there) == timeless(here)


def test_a_worker_of_another_release_answers_nothing(
    started: Cluster, tasks: list[Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    started.worker()
    monkeypatch.setattr(cluster_module, "digest_of_code", lambda: "another")
    with cluster(started.address) as executor:
        (answer,) = Runner(Control(), Silent(), executor).run(tasks[:1])
    assert "another release" in answer.reason


def test_the_command_gives_the_same_on_a_cluster(started: Cluster, tmp_path: Path) -> None:
    started.worker()
    projects = [project("Big", "smelt", 60, 60, public_share=1)]
    sheets = chain(projects=projects, programmes=[{"programme": "Fund", "amount": 60}])
    asked = ["frontier", str(folder_of(tmp_path, sheets)), "--json", "--no-store", "--quiet"]
    here = CliRunner().invoke(cli, asked)
    there = CliRunner().invoke(cli, [*asked, "--scheduler", started.address])
    assert (there.exit_code, there.stdout) == (0, here.stdout), there.stderr


def test_an_address_without_a_scheduler_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "CONNECT_SECONDS", 1)
    with (
        pytest.raises(InputError, match="no scheduler answers there"),
        cluster("tcp://127.0.0.1:9"),
    ):
        pass
