"""What the commands share: one exit code an outcome, told in the help."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from opt.cli import cli
from opt.commands.common import Exit, run_folder
from opt.commands.help_words import CALLED
from opt.errors import InputError


def test_the_help_tells_every_exit_code() -> None:
    assert cli.help
    told = re.sub(r"\s+", " ", cli.help).split("Exit codes: ")[1]
    assert [int(part.split()[0]) for part in told.split("; ")] == [int(code) for code in Exit]


def test_the_example_is_nobodys_default() -> None:
    with pytest.raises(InputError, match="example that comes with opt"):
        run_folder(None, "Example")
    assert run_folder(None, "no such case") == Path("outputs/no such case")


ROOT = Path(__file__).parents[2]
# A command as a person would type it, by the program's name alone; marks in pages are not typed.
BARE = re.compile(rf"(?<!python -m )(?<!<!-- )(?<![\w./-])opt (?:{'|'.join(cli.commands)})\b")


def said_by(path: Path) -> Iterator[str]:
    """The texts of a module that are no docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body
        if isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        text = getattr(node, "value", None)
        if isinstance(node, ast.Constant) and isinstance(text, str) and id(node) not in docstrings:
            yield text


def test_every_page_and_every_hint_names_a_command_the_same_way() -> None:
    pages = [ROOT / "README.md", ROOT / "outputs" / "README.md", *(ROOT / "docs").glob("*.md")]
    found = [
        (path.name, match[0])
        for path in pages
        for match in BARE.finditer(path.read_text(encoding="utf-8"))
    ]
    modules = [*(ROOT / "opt").rglob("*.py"), *(ROOT / "docs" / "make").glob("*.py")]
    found += [
        (path.name, match[0])
        for path in modules
        for text in said_by(path)
        for match in BARE.finditer(text)
    ]
    assert found == []
    assert BARE.search("Run opt solve again.")
    assert not BARE.search("Run python -m opt solve again.")


@pytest.mark.parametrize("name", [(), *((name,) for name in cli.commands)])
def test_help_names_it_the_same_way(name: tuple[str, ...]) -> None:
    result = CliRunner().invoke(cli, [*name, "--help"], prog_name=CALLED)
    assert result.stdout.startswith(f"Usage: {' '.join([CALLED, *name])} ")
    # Nor does any line run out of a terminal of the usual width.
    assert max(map(len, result.stdout.splitlines())) <= 80
