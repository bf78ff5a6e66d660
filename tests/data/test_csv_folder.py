"""A folder of CSV files is put in place whole or not at all, and what a person keeps in it stays,
whatever fails and whenever the process is killed."""

from __future__ import annotations

import ast
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cases import drop, tiny_case

from opt.data.convert import convert
from opt.data.csv_folder import put_tables
from opt.data.reading.workbook import read_raw
from opt.errors import InputError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def parent(tmp_path: Path) -> Path:
    """A folder that holds `case`: two tables, a note, a folder and a link."""
    folder = tmp_path / "parent"
    (folder / "case" / "mine").mkdir(parents=True)
    (folder / "case" / "a.csv").write_text("before", encoding="utf-8")
    (folder / "case" / "b.csv").write_text("mine too", encoding="utf-8")
    (folder / "case" / "note.txt").write_text("note", encoding="utf-8")
    (folder / "case" / ".hidden.csv").write_text("hidden", encoding="utf-8")
    (folder / "case" / "mine" / "a.csv").write_text("deep", encoding="utf-8")
    (folder / "case" / "link").symlink_to("nowhere")
    return folder


def tree(folder: Path) -> dict[str, str]:
    """All that a folder holds: the text of files, where links lead."""
    return {
        path.relative_to(folder).as_posix(): str(path.readlink())
        if path.is_symlink()
        else path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


def write(folder: Path) -> None:
    """A new table in place of the first."""
    (folder / "a.csv").write_text("after", encoding="utf-8")


STAYS = {"note.txt": "note", ".hidden.csv": "hidden", "mine/a.csv": "deep", "link": "nowhere"}
BEFORE = {"a.csv": "before", "b.csv": "mine too", **STAYS}
AFTER = {"a.csv": "after", **STAYS}


def test_tables_are_replaced_and_all_else_stays(parent: Path) -> None:
    told: list[str] = []
    put_tables(parent / "case", write, force=True, tell=told.append)
    assert tree(parent / "case") == AFTER
    assert tree(parent / "case-kept") == {"b.csv": "mine too"}
    assert told == [
        f"{parent / 'case'} had files that are no part of it now (b.csv):"
        f" see {parent / 'case-kept'}."
    ]
    # The next time there is nothing left over, so nothing is told and nothing kept.
    put_tables(parent / "case", write, force=True, tell=told.append)
    assert len(told) == 1
    assert sorted(path.name for path in parent.iterdir()) == ["case", "case-kept"]


def test_without_force_nothing_is_touched(parent: Path) -> None:
    with pytest.raises(InputError, match=r"case: it exists already\. Name another target, or add"):
        put_tables(parent / "case", write)
    assert tree(parent) == {f"case/{name}": text for name, text in BEFORE.items()}


def test_where_no_folder_can_be_put(parent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (parent / "file").touch()
    (parent / "link").symlink_to(parent / "case")
    (parent / "here").mkdir()
    monkeypatch.chdir(parent / "here")
    for folder, words in {
        parent / "file": "file: a file and a folder cannot replace each other",
        parent / "link": "link: this is a link, and none is followed",
        Path("../here"): "is the folder you are in, or above it",
    }.items():
        with pytest.raises(InputError, match=words):
            put_tables(folder, write, force=True)
    assert tree(parent / "case") == BEFORE


def test_a_folder_that_cannot_be_looked_into(parent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(_: Path) -> object:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "iterdir", closed)
        with pytest.raises(InputError, match=r"case cannot be written: .*, or you may not"):
            put_tables(parent / "case", write, force=True)
    assert tree(parent / "case") == BEFORE


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES])
def test_what_fails_while_it_is_written_leaves_the_folder(parent: Path, code: int) -> None:
    def fail(folder: Path) -> None:
        write(folder)
        raise OSError(code, os.strerror(code), str(folder / "a.csv"))

    with pytest.raises(InputError, match="cannot be written"):
        put_tables(parent / "case", fail, force=True)
    with pytest.raises(InputError, match="cannot be written"):
        put_tables(parent / "new", fail)
    assert tree(parent) == {f"case/{name}": text for name, text in BEFORE.items()}


@pytest.mark.parametrize("fails", [False, True])
def test_where_names_cannot_be_exchanged_at_once(
    parent: Path, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    rename, case = Path.rename, parent / "case"

    def refused_once(path: Path, target: Path) -> Path:
        if fails and (path.name, target) == ("new", case):
            raise OSError(errno.EIO, "Input/output error")
        return rename(path, target)

    monkeypatch.setattr("opt.disk.place.exchange", lambda *_: False)
    monkeypatch.setattr(Path, "rename", refused_once)
    if fails:
        with pytest.raises(InputError, match="the device does not answer"):
            put_tables(case, write, force=True)
    else:
        put_tables(case, write, force=True)
    assert tree(case) == (BEFORE if fails else AFTER)


def test_what_cannot_be_copied_is_not_lost(parent: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("the system has no named pipes")
    os.mkfifo(parent / "case" / "pipe")
    with pytest.raises(InputError, match="cannot be written"):
        put_tables(parent / "case", write, force=True)
    (parent / "case" / "pipe").unlink()
    assert tree(parent) == {f"case/{name}": text for name, text in BEFORE.items()}


def test_the_rights_of_the_folder_stay(parent: Path) -> None:
    (parent / "case").chmod(0o750)
    put_tables(parent / "case", write, force=True)
    assert (parent / "case").stat().st_mode & 0o777 == 0o750


def test_a_workbook_in_the_folder_it_is_converted_into_stays(tmp_path: Path) -> None:
    book = tiny_case(tmp_path, drop("plans"), xlsx=True)
    (tmp_path / "folder").mkdir()
    inside = book.replace(tmp_path / "folder" / "book.xlsx")
    before = inside.read_bytes()
    convert(inside, tmp_path / "folder", force=True)
    assert inside.read_bytes() == before
    assert (tmp_path / "folder" / "regions.csv").is_file()


def test_a_folder_that_is_away_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no such file or folder\. Check the name"):
        read_raw(tmp_path / "case")
    (tmp_path / ".case.opt" / "old").mkdir(parents=True)
    with pytest.raises(InputError, match="if its process was killed, the next one mends it"):
        read_raw(tmp_path / "case")


def test_a_run_that_a_killed_process_left_is_kept(parent: Path) -> None:
    # A solve into the same place was killed when its run was whole, but not yet put there.
    new = parent / ".case.opt" / "new"
    new.mkdir(parents=True)
    (new / "run.json").write_text("{}", encoding="utf-8")
    told: list[str] = []
    put_tables(parent / "case", write, force=True, tell=told.append)
    assert tree(parent / "case") == AFTER
    assert tree(parent / "case-kept") == {"run.json": "{}"}
    assert tree(parent / "case-kept-2") == {"b.csv": "mine too"}
    assert [words.split(":")[0] for words in told] == [
        f"A process was killed while it wrote {parent / 'case'}",
        f"{parent / 'case'} had files that are no part of it now (b.csv)",
    ]


# Puts tables again and again, each time killed one step of the file system later than the time
# before; tells, after each, what the folder held then, and what all held once it was mended.
KILLED = """
import shutil, sys
from pathlib import Path
from killed import was_killed
from opt.disk import place
from opt.data.csv_folder import put_tables, CsvPlace

sys.path.insert(0, sys.argv[3])
from test_csv_folder import tree, write
parent, two_steps = Path(sys.argv[1]), sys.argv[2]
if two_steps == "two":
    place.exchange = lambda *_: False
for steps in range(10_000):
    again = parent / str(steps)
    again.mkdir()
    case = again / "case"
    shutil.copytree(parent / "case", case, symlinks=True)
    killed = was_killed(steps, lambda: put_tables(case, write, force=True))
    at_once = tree(case) if case.exists() else None
    with place.hold_place(CsvPlace(case, force=True)):
        pass
    print(repr((killed, at_once, tree(again))))
    if not killed:
        break
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the steps are counted in forked processes")
@pytest.mark.parametrize("steps", ["one", "two"])
def test_killed_at_every_step(parent: Path, steps: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(parent), steps, str(Path(__file__).parent)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
    )
    assert done.returncode == 0, done.stderr
    seen = [ast.literal_eval(line) for line in done.stdout.splitlines()]
    assert len(seen) > 30
    assert [killed for killed, _, _ in seen] == [True] * (len(seen) - 1) + [False]
    # Exchanged in one step, the folder is there and whole at every moment.
    away = [at_once for _, at_once, _ in seen if at_once not in (BEFORE, AFTER)]
    assert away == ([] if steps == "one" else [None] * len(away))
    assert steps == "one" or len(away) in (1, 2)
    # Mended, it is the one or the other, with the table that has no place in it kept beside.
    whole = [
        {f"case/{name}": text for name, text in BEFORE.items()},
        {"case-kept/b.csv": "mine too"} | {f"case/{name}": text for name, text in AFTER.items()},
    ]
    assert [entries for _, _, entries in seen if entries not in whole] == []
    assert all(entries in [entries for _, _, entries in seen] for entries in whole)
