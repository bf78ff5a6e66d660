"""The same input gives the same answer: the same bytes again, the same plan with more threads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import opt

GALLIUM = Path(__file__).parents[2] / "inputs" / "gallium.xlsx"
# What may differ: seconds are a clock, the log is the solver's, the manifest has their hashes.
CLOCKS = {"run.json", "solver.log", "manifest.json"}
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("same answer")]


def written(folder: Path, **settings: Any) -> Path:
    """The run folder of the gallium case."""
    return opt.write(opt.solve(opt.load(GALLIUM, settings)), folder)


def files(folder: Path) -> dict[str, bytes]:
    """Every file by its path, but for those that hold a clock."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in found
        if path.name not in CLOCKS
    }


def answer(folder: Path) -> dict[str, Any]:
    """run.json without seconds, and without the number of threads that was asked for."""
    document: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    for line in document["passes"]:
        del line["seconds"]
    del document["settings"]["threads"], document["overrides"]
    return document


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run beside which the others are laid: one thread, as shipped."""
    return written(tmp_path_factory.mktemp("first") / "run")


def test_a_second_run_gives_the_same_bytes(first: Path, tmp_path: Path) -> None:
    second = written(tmp_path / "run")
    assert files(first) == files(second)
    assert answer(first) == answer(second)


def test_two_threads_give_the_same_answer(first: Path, tmp_path: Path) -> None:
    one, two = first, written(tmp_path / "run", threads=2)
    assert answer(one) == answer(two)
    same = {name for name in files(one) if name.startswith(("tables/", "memo", "charts/"))}
    assert {name: files(one)[name] for name in same} == {name: files(two)[name] for name in same}
    assert "memo.docx" in same
