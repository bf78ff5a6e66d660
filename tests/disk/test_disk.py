"""A lock on a file and two folders that change names, where the system does not do as usual."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
from pathlib import Path

import pytest

from opt.disk.exchange import exchange
from opt.disk.lock import lock, unlock


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Two folders, each of which holds a file of its name."""
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    return tmp_path / "one", tmp_path / "other"


def held(folder: Path) -> list[str]:
    """The names in a folder."""
    return sorted(path.name for path in folder.iterdir())


# ---- Names ----------------------------------------------------------------------------------


def test_two_folders_change_names(folders: tuple[Path, Path]) -> None:
    one, other = folders
    assert exchange(one, other)
    assert (held(one), held(other)) == (["other"], ["one"])


def test_what_the_system_refuses_is_raised(folders: tuple[Path, Path]) -> None:
    one, other = folders
    with pytest.raises(FileNotFoundError):
        exchange(one, other / "nowhere")
    assert (held(one), held(other)) == (["one"], ["other"])


def test_a_folder_and_one_within_it_cannot_change_names(folders: tuple[Path, Path]) -> None:
    # EINVAL, by rename(2); what a file system without the call answers too
    one, _ = folders
    (one / "within").mkdir()
    assert not exchange(one, one / "within")
    assert held(one) == ["one", "within"]


def test_a_system_library_without_the_call(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: object())
    assert not exchange(*folders)
    assert [held(folder) for folder in folders] == [["one"], ["other"]]


# ---- Locks ----------------------------------------------------------------------------------


def test_on_a_file_system_without_locks_nobody_holds_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", without)
    path = tmp_path / "w" / "lock"
    for handle in [lock(path), lock(path)]:
        assert handle is not None
        unlock(handle, path)
    assert not path.exists()


def test_a_device_that_does_not_answer_leaves_no_file_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handles: list[int] = []

    def broken(handle: int, _: int) -> None:
        handles.append(handle)
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(fcntl, "flock", broken)
    with pytest.raises(OSError, match="Input/output error"):
        lock(tmp_path / "w" / "lock")
    (handle,) = handles
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(handle)


def test_a_lock_on_a_file_that_its_holder_removed_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, take, taken = tmp_path / "w" / "lock", fcntl.flock, list[int]()

    def late(handle: int, how: int) -> None:
        if not taken:
            path.unlink()
        taken.append(handle)
        take(handle, how)

    monkeypatch.setattr(fcntl, "flock", late)
    handle = lock(path, 5)
    assert handle is not None
    assert len(taken) == 2
    assert os.path.samestat(os.fstat(handle), path.stat())
    unlock(handle, path)


def test_a_folder_that_goes_away_at_that_moment_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, opened, tried = tmp_path / "w" / "lock", os.open, list[object]()

    def late(*arguments: object) -> int:
        tried.append(arguments)
        if len(tried) == 1:
            raise FileNotFoundError(errno.ENOENT, "No such file or directory")
        return opened(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", late)
    handle = lock(path, 5)
    assert handle is not None
    unlock(handle, path)
    tried.clear()
    assert lock(path) is None
