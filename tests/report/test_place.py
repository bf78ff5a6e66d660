"""The place of a run: tried and held before a search, exchanged at once; nothing solved and nothing
that a person wrote is lost, whatever fails and whenever the process is killed."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import pickle
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from run_factory import make_run

from opt.disk.lock import lock, unlock
from opt.disk.place import FolderPlace
from opt.errors import InputError
from opt.record.folder import read_document
from opt.record.manifest import touched_files
from opt.record.passes import Outcome
from opt.record.place import hold
from opt.record.run import Run
from opt.report import folder as folder_module
from opt.report.folder import write_into, write_run

ROOT = Path(__file__).parents[2]


@pytest.fixture
def parent(tmp_path: Path) -> Path:
    """The folder that holds run folders and nothing else."""
    folder = tmp_path / "outputs"
    folder.mkdir()
    return folder


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Three projects, solved."""
    book = tmp_path / "case.xlsx"
    book.write_bytes(b"a workbook")
    return make_run(book, 3)


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run folders with documents of a few bytes: this is about folders alone."""
    for name in ("memo_bytes", "workbook_bytes"):
        monkeypatch.setattr(folder_module, name, lambda *_: b"document")
    monkeypatch.setattr(folder_module, "report_html", lambda *_: "page")
    monkeypatch.setattr(folder_module, "pictures", lambda *_: {})
    monkeypatch.setattr(folder_module, "write_charts", lambda *_: None)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def status_of(folder: Path) -> str:
    found: str = json.loads((folder / "run.json").read_text(encoding="utf-8"))["status"]
    return found


def with_passes(run: Run, **changes: Any) -> Run:
    """The run with another first pass."""
    first = dataclasses.replace(run.passes[0], **changes)
    return dataclasses.replace(run, passes=(first, *run.passes[1:]))


def stopped(run: Run) -> Run:
    return dataclasses.replace(run, status=Outcome.FEASIBLE)


# ---- Tried before anything is solved --------------------------------------------------------


def refused(folder: Path, words: str) -> None:
    with pytest.raises(InputError, match=words), hold(folder):
        pytest.fail("held")


def test_a_place_that_can_be_written_is_held_and_left_as_it_was(parent: Path) -> None:
    with hold(parent / "a" / "b" / "run"):
        assert names(parent / "a" / "b") == [".run.opt"]
    assert names(parent) == []


def test_places_where_no_run_can_stand(parent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (parent / "letter.txt").write_text("keep me", encoding="utf-8")
    refused(parent, "holds other files")
    refused(parent / "letter.txt", "is not a folder")
    refused(parent / "letter.txt" / "run", "a file stands where a folder must be")
    refused(parent / ("x" * 300), "the name is too long")
    (parent / "link").symlink_to(parent / "elsewhere")
    refused(parent / "link", "is not a folder")
    (parent / "here").mkdir()
    monkeypatch.chdir(parent / "here")
    for folder in (".", "", "..", "../here", "/"):
        refused(Path(folder), "is the folder you are in, or above it")
    assert names(parent) == ["here", "letter.txt", "link"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "it can only be read there"),
        (errno.EACCES, "it is open in another program, or you may not"),
        (errno.EMFILE, "too many files are open"),
    ],
)
def test_what_the_system_refuses_is_said(
    parent: Path, monkeypatch: pytest.MonkeyPatch, code: int, words: str
) -> None:
    def refuse(_: FolderPlace) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(FolderPlace, "try_out", refuse)
    refused(parent / "run", f"run cannot be written: {words}")
    assert names(parent) == []


# ---- Two at once ----------------------------------------------------------------------------


def test_a_place_is_held_by_one(parent: Path) -> None:
    with hold(parent / "run"):
        refused(parent / "run", "another process is writing")
        with hold(parent / "other"):
            pass
    with hold(parent / "run"):
        pass
    assert names(parent) == []


def test_a_finished_run_waits_for_the_place(parent: Path, run: Run) -> None:
    with hold(parent / "run"):
        waiting = threading.Thread(target=write_run, args=(run, parent / "run"))
        waiting.start()
        time.sleep(0.3)
        assert waiting.is_alive()
    waiting.join(timeout=30)
    assert names(parent) == ["run"]


def test_a_lock_is_never_held_by_two(parent: Path) -> None:
    """Each of many threads counts up alone, while the file of the lock goes and comes."""
    path, inside, seen = parent / "w" / "lock", [0], list[int]()

    def work() -> None:
        for _ in range(20):
            handle = lock(path, 30)
            assert handle is not None
            inside[0] += 1
            seen.append(inside[0])
            inside[0] -= 1
            unlock(handle, path)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [1] * 80


def test_a_run_that_is_away_is_told_so(parent: Path) -> None:
    with pytest.raises(InputError, match=r"holds no run\.json\. Give the folder"):
        read_document(parent / "run")
    (parent / ".run.opt" / "old").mkdir(parents=True)
    with pytest.raises(InputError, match="if its process was killed, the next one mends it"):
        read_document(parent / "run")


# ---- Which run stays ------------------------------------------------------------------------

Change = Callable[[Run], Run]


def same(run: Run) -> Run:
    return run


def asked(run: Run, **values: float | None) -> Run:
    settings = {**run.workbook.settings, **values}
    return dataclasses.replace(run, workbook=dataclasses.replace(run.workbook, settings=settings))


WORSE: list[tuple[Change, Change]] = [
    (same, stopped),
    # Also where another question was asked: the one is finished and the other is not.
    (same, lambda r: dataclasses.replace(stopped(r), scenario_text="other", sha256="f" * 64)),
    (stopped, lambda r: with_passes(stopped(r), value=r.passes[0].value + 0.01)),
    (stopped, lambda r: with_passes(stopped(r), bound=r.passes[0].bound - 0.01)),
    (same, lambda r: with_passes(asked(r, gap=0.1), value=r.passes[0].value + 0.01)),
    # Of two gaps that are not measured alike, none is known to be as narrow before a solve.
    (same, lambda r: with_passes(asked(r, cost_gap_added=1e-9), value=r.passes[0].value + 0.01)),
]
AS_GOOD: list[tuple[Change, Change]] = [
    (same, same),
    (stopped, stopped),
    (stopped, same),
    (stopped, lambda r: with_passes(stopped(r), value=r.passes[0].value - 0.01)),
    (stopped, lambda r: with_passes(stopped(r), bound=r.passes[0].bound + 0.001)),
    # Another question: neither is better.
    (stopped, lambda r: with_passes(dataclasses.replace(stopped(r), sha256="f" * 64), value=1.0)),
    # Solved to the same gap, the newer release may differ within it.
    (same, lambda r: with_passes(r, value=r.passes[0].value + 0.0001)),
]


@pytest.mark.parametrize(("before", "after"), WORSE)
def test_a_better_run_stays(parent: Path, run: Run, before: Change, after: Change) -> None:
    told: list[str] = []
    target = write_run(before(run), parent / "run")
    was = (target / "manifest.json").read_bytes()
    beside = write_run(after(run), target, tell=told.append)
    assert beside == parent / "run-new"
    assert (target / "manifest.json").read_bytes() == was
    assert touched_files(beside) == ()
    assert len(told) == 1
    assert "holds a better run and stays" in told[0]
    assert "--overwrite" in told[0]
    # The next one finds another name; asked for, it takes the place.
    assert write_run(after(run), target) == parent / "run-new-2"
    assert write_run(after(run), target, overwrite=True) == target
    assert status_of(target) == str(after(run).status)
    assert names(parent) == ["run", "run-new", "run-new-2"]


@pytest.mark.parametrize(("before", "after"), AS_GOOD)
def test_a_run_as_good_takes_the_place(
    parent: Path, run: Run, before: Change, after: Change
) -> None:
    target = write_run(before(run), parent / "run")
    assert write_run(after(run), target) == target
    assert json.loads((target / "run.json").read_text())["passes"][0]["value"] == (
        after(run).passes[0].value
    )
    assert names(parent) == ["run"]


# ---- What a person wrote --------------------------------------------------------------------


def edit_memo(folder: Path) -> str:
    (folder / "memo.docx").write_bytes(b"an afternoon of work")
    return "memo.docx"


def add_note(folder: Path) -> str:
    (folder / "charts").mkdir(exist_ok=True)
    (folder / "charts" / "note.txt").write_text("mine", encoding="utf-8")
    return "charts/note.txt"


def lose_manifest(folder: Path) -> str:
    (folder / "manifest.json").unlink()
    return "input/case.xlsx"


@pytest.mark.parametrize("overwrite", [False, True])
@pytest.mark.parametrize("change", [edit_memo, add_note, lose_manifest])
def test_a_run_that_a_person_edited_is_moved_beside(
    parent: Path, run: Run, change: Callable[[Path], str], overwrite: bool
) -> None:
    told: list[str] = []
    target = write_run(run, parent / "run")
    changed = change(target)
    before = {p.relative_to(target): p.read_bytes() for p in target.rglob("*") if p.is_file()}
    assert write_run(run, target, overwrite=overwrite, tell=told.append) == target
    kept = parent / "run-kept"
    assert {p.relative_to(kept): p.read_bytes() for p in kept.rglob("*") if p.is_file()} == before
    assert touched_files(target) == ()
    assert len(told) == 1
    assert changed in told[0]
    assert str(kept) in told[0]
    assert names(parent) == ["run", "run-kept"]


def test_what_cannot_be_read_as_a_run_is_no_better_one(parent: Path, run: Run) -> None:
    (parent / "run").mkdir()
    (parent / "run" / "run.json").write_text("{", encoding="utf-8")
    assert write_run(run, parent / "run") == parent / "run"
    assert names(parent) == ["run", "run-kept"]
    assert (parent / "run-kept" / "run.json").read_text(encoding="utf-8") == "{"


def test_what_a_file_manager_drops_is_no_edit(parent: Path, run: Run) -> None:
    target = write_run(run, parent / "run")
    (target / ".DS_Store").write_bytes(b"views")
    write_run(run, target)
    assert names(parent) == ["run"]


# ---- Failures after the search --------------------------------------------------------------


def kept_in(words: str) -> Path:
    """The folder that a note names; its evidence is whole."""
    folder = Path(words.removeprefix("Input, tables and run.json are kept in ").removesuffix("."))
    assert (folder / "run.json").is_file()
    assert (folder / "input" / "case.xlsx").read_bytes() == b"a workbook"
    assert touched_files(folder) == ()
    return folder


def full_from(number: int, below: Path, monkeypatch: pytest.MonkeyPatch, once: bool) -> list[str]:
    """Let the disk be full from the file of this number on, or for it alone; gives the files."""
    opened = Path.open
    tried: list[str] = []

    def open_file(self: Path, mode: str = "r", *given: Any, **more: Any) -> Any:
        if "w" in mode and below in self.parents and "trial" not in self.parts:
            tried.append(self.name)
            if len(tried) == number or (len(tried) > number and not once):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self))
        return opened(self, mode, *given, **more)

    monkeypatch.setattr(Path, "open", open_file)
    return tried


def test_a_disk_that_is_full_at_any_file(
    parent: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each file in turn, for it alone and for all that follow it."""
    with monkeypatch.context() as patch:
        files = full_from(1000, parent, patch, once=False)
        write_run(run, parent / "run")
    shutil.rmtree(parent / "run")
    # Tables, run.json, input, log, manifest, three documents, manifest again.
    assert len(files) > 25
    for once in (True, False):
        for number in range(1, len(files) + 1):
            with monkeypatch.context() as patch:
                full_from(number, parent, patch, once)
                with pytest.raises(InputError, match="cannot be written: the disk is full") as hit:
                    write_run(run, parent / "run")
            (words,) = hit.value.__notes__
            folder = kept_in(words)
            if once:
                assert folder == parent / "run-evidence"
            shutil.rmtree(folder)
            assert names(parent) == []


def test_where_nothing_at_all_can_be_written_the_plan_is_told(
    parent: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    full_from(1, parent.parent, monkeypatch, once=False)
    monkeypatch.setattr(folder_module.tempfile, "mkdtemp", lambda **_: str(parent / "none"))
    with pytest.raises(InputError) as hit:
        write_run(run, parent / "run")
    (words,) = hit.value.__notes__
    first, *rows = words.splitlines()
    assert first == "Nothing could be written. The plan, as rows of sheet plans:"
    assert rows[0] == "plan,project,year,units,size"
    assert [line.split(",")[:4] for line in rows[1:]] == [
        ["case", c.project, str(c.year), str(c.units)] for c in run.solution.commitments
    ]
    assert names(parent) == []


@pytest.mark.parametrize("error", [MemoryError(), ValueError("a fault of ours")])
def test_whatever_fails_in_a_document_the_evidence_is_kept(
    parent: Path, run: Run, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object) -> bytes:
        raise error

    monkeypatch.setattr(folder_module, "workbook_bytes", fail)
    with pytest.raises(type(error)) as hit:
        write_run(run, parent / "run")
    assert kept_in(hit.value.__notes__[0]) == parent / "run-evidence"
    assert names(parent) == ["run-evidence"]


def _fails(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode != 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if not shutil.which("mount") or _fails(command):
        pytest.skip("only who may mount a disk can fill one")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_full(small_disk: Path, run: Run, parent: Path) -> None:
    filling = small_disk / "filling"
    filling.write_bytes(bytes(3 * 1024**2))
    refused(small_disk / "run", "run cannot be written: the disk is full")
    filling.unlink()
    refused(small_disk, "is where another disk begins")
    ended = set()
    for room in (0, 8, 16, 40, 80, 120, 400):  # KiB
        with hold(small_disk / "run") as place:
            free = shutil.disk_usage(small_disk).free
            filling.write_bytes(bytes(free - room * 1024))
            try:
                ended.add(write_into(place, run))
            except InputError as error:
                folder = kept_in(error.__notes__[0])
                ended.add(folder.parent)
                shutil.rmtree(folder)
        filling.unlink()
        shutil.rmtree(small_disk / "run", ignore_errors=True)
        assert names(small_disk) == []
    # With no room elsewhere, with some beside, with enough in place.
    assert len(ended) >= 2
    assert small_disk / "run" in ended


# ---- Killed ---------------------------------------------------------------------------------

# Writes over a run again and again, each time killed one step of the file system later than the
# time before, until a write comes to its end; tells what is there after each.
KILLED = """
import pickle, sys
from pathlib import Path
from killed import was_killed
import opt.report.folder as written
from opt.disk import place
from opt.record.manifest import touched_files
from opt.record.place import hold

run, later = pickle.loads(Path(sys.argv[1]).read_bytes())
parent, two_steps = Path(sys.argv[2]), sys.argv[3]
for name in ("memo_bytes", "workbook_bytes"):
    setattr(written, name, lambda *_: b"document")
written.report_html, written.pictures = lambda *_: "page", lambda *_: {}
written.write_charts = lambda *_: None
if two_steps == "two":
    place.exchange = lambda *_: False
written.write_run(run, parent / "run")
for steps in range(10_000):
    killed = was_killed(steps, lambda: written.write_run(later, parent / "run"))
    whole = (parent / "run").exists() and touched_files(parent / "run") == ()
    told = []
    with hold(parent / "run", tell=told.append):
        pass
    entries = sorted(p.name for p in parent.iterdir())
    mended = touched_files(parent / "run") == ()
    beside = [n for n in entries if n != "run"]
    print(killed, whole, mended, *beside, sep="|")
    for name in beside:
        assert touched_files(parent / name) == (), name
        __import__("shutil").rmtree(parent / name)
    if not killed:
        break
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the steps are counted in forked processes")
@pytest.mark.parametrize("steps", ["one", "two"])
def test_killed_at_every_step_of_a_write(parent: Path, run: Run, steps: str) -> None:
    given = parent.parent / "runs"
    later = with_passes(run, seconds=run.passes[0].seconds + 1.0)
    given.write_bytes(pickle.dumps((run, later)))
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", KILLED, str(given), str(parent), steps],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
    )
    assert done.returncode == 0, done.stderr
    lines = [line.split("|") for line in done.stdout.splitlines()]
    assert len(lines) > 60
    # Killed each time but the last.
    assert [line[0] for line in lines] == ["True"] * (len(lines) - 1) + ["False"]
    whole = [line[1] for line in lines]
    # Exchanged in one step, a run is there and whole at every moment.
    assert whole.count("False") == 0 if steps == "one" else whole.count("False") in (1, 2)
    # Whatever was left, the next who holds the place finds a whole run and leaves nothing else,
    # but for a run that was written to its end and not put in place.
    assert {line[2] for line in lines} == {"True"}
    assert {name for line in lines for name in line[3:]} <= {"run-new"}
    assert any(line[3:] == ["run-new"] for line in lines)


def test_what_somebody_else_calls_dot_run_is_left_alone(parent: Path, run: Run) -> None:
    for name in (".run", ".run-old", "run-kept", "run-new"):
        (parent / name).mkdir()
        (parent / name / "mine.txt").write_text("mine", encoding="utf-8")
    target = write_run(run, parent / "run")
    edit_memo(target)
    write_run(run, target)
    write_run(stopped(run), target)
    for name in (".run", ".run-old", "run-kept", "run-new"):
        assert names(parent / name) == ["mine.txt"]
    assert {"run-kept-2", "run-new-2"} <= set(names(parent))
