"""Whether there is memory for a second process: what the system says, what a case needs, and what
is told where the two do not fit together."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import Executor
from pathlib import Path

import pytest
from builders import chain, folder_of, project

from opt import api
from opt.data.assemble import assemble
from opt.data.reader import read
from opt.solver import memory, weighted
from opt.solver.beside import Beside

ROOT = Path(__file__).parents[2]
INPUTS = ROOT / "inputs"


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A system that says nothing yet: its files are those of this folder."""
    monkeypatch.setattr(memory, "MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(memory, "CGROUP", tmp_path / "cgroup")
    monkeypatch.setattr(memory, "CGROUPS", tmp_path / "groups")
    return tmp_path


def group(folder: Path, most: str, now: int, files: int) -> None:
    folder.mkdir(parents=True)
    (folder / "memory.max").write_text(f"{most}\n")
    (folder / "memory.current").write_text(f"{now}\n")
    (folder / "memory.stat").write_text(f"anon 5\ninactive_file {files}\n")


def test_the_least_of_what_system_and_groups_leave(system: Path) -> None:
    assert memory.available() is None
    (system / "meminfo").write_text("MemTotal: 9000 kB\nMemAvailable: 4000 kB\n")
    assert memory.available() == 4000 * 1024
    (system / "cgroup").write_text("1:cpu:/old\n0::/user/own\n")
    assert memory.available() == 4000 * 1024
    group(system / "groups" / "user", "3000000", 1_500_000, 200_000)
    assert memory.available() == 1_700_000
    group(system / "groups" / "user" / "own", "max", 1_500_000, 200_000)
    assert memory.available() == 1_700_000
    (system / "groups" / "user" / "own" / "memory.max").write_text("1600000\n")
    assert memory.available() == 300_000


def test_there_must_be_room_for_both_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    instance = assemble(read(INPUTS / "small.xlsx"))
    least = 2 * memory.needed(instance)
    for left, is_lacking in ((least, False), (least - 1, True), (None, False), (-5, True)):
        monkeypatch.setattr(memory, "available", lambda left=left: left)
        assert bool(memory.lacking_memory(instance)) is is_lacking
    monkeypatch.setattr(memory, "available", lambda: 7 * 1024**2)
    assert memory.lacking_memory(instance).endswith("MB of memory, and 7 MB are free")


def never() -> Executor:
    raise AssertionError("a second process is started")


def test_without_memory_no_process_is_started_and_that_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is that of one process."""
    monkeypatch.setattr(weighted, "WORTHWHILE", 1)
    case = api.load(folder_of(tmp_path, chain(projects=[project("P", "smelt", 60, 10)])))
    alone = api.solve(case)
    monkeypatch.setattr(memory, "available", lambda: 0)
    told: list[str] = []
    run = api.solve(case, beside=Beside(never, told.append))
    assert run.solution == alone.solution
    (words,) = told
    assert "0 MB are free: goes on in this process alone" in words


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="reads /proc")
def test_what_is_held_to_be_needed_is_enough_for_gallium() -> None:
    """Against the most memory that a process of its own has held at the end of the relaxation."""
    script = (
        "import sys\n"
        "from opt.data.assemble import assemble\n"
        "from opt.data.reader import read\n"
        "from opt.solver.control import Control\n"
        "from opt.solver.cost_bound import CostRelaxed\n"
        "from opt.solver.stage import SolveOptions\n"
        "from pathlib import Path\n"
        "import opt.api\n"
        "instance = assemble(read(Path(sys.argv[1])))\n"
        "assert CostRelaxed(instance, SolveOptions(), (('shortfall', 0.0),))(Control())\n"
        "status = Path('/proc/self/status').read_text()\n"
        "print(status.split('VmHWM:')[1].split()[0])\n"
    )
    path = INPUTS / "gallium.xlsx"
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        capture_output=True,
        check=True,
        text=True,
        cwd=ROOT,
    )
    held = int(done.stdout) * 1024
    assert held <= memory.needed(assemble(read(path))) <= 3 * held
