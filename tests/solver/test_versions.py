"""Of what code an answer is kept: another word told asks nothing again, another row does."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest

import opt
from opt.solver.versions import TELLING, digest_of

PACKAGE = Path(opt.__file__).parent


@pytest.mark.parametrize(
    ("module", "is_other"),
    [
        ("commands/solve.py", False),
        ("report/wording.py", False),
        ("model/chain.py", True),
        ("studies/answering.py", True),
        ("fixed.py", True),
    ],
)
def test_a_changed_module(tmp_path: Path, module: str, is_other: bool) -> None:
    copy = shutil.copytree(PACKAGE, tmp_path / "opt", ignore=shutil.ignore_patterns("*.pyc"))
    before = digest_of(copy)
    assert before == digest_of(PACKAGE)
    with (copy / module).open("a", encoding="utf-8") as file:
        file.write("# another line\n")
    assert (digest_of(copy) != before) == is_other


def test_what_finds_answers_imports_no_room_that_is_left_out() -> None:
    """By every import that stands in a room that counts, within functions too."""
    for room in ("data", "model", "solver", "results", "record", "studies", "disk"):
        for path in (PACKAGE / room).rglob("*.py"):
            for name in _imported(path):
                head, *rest = name.split(".")
                assert head != "opt" or not rest or rest[0] not in TELLING, (path.name, name)


def _imported(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    froms = [n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module]
    return froms + [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
