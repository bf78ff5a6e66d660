"""What --help says: examples that can be typed, and lines that fit the terminal."""

from __future__ import annotations

import csv
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from opt.cli import cli
from opt.commands.help_words import CALLED, HelpContext, WithExamples

ROOT = Path(__file__).parents[2]
NAMES = ("", *cli.commands)
# What a command writes; every other path is one that it reads.
WRITTEN = {"out", "target", "file", "problems", "page"}


def told(name: str, columns: int) -> str:
    """The help of a command (blank: of the group) on a terminal of so many columns."""
    group = HelpContext(cli, info_name=CALLED, **cli.context_settings)
    if not name:
        return shown(group, columns)
    return shown(HelpContext(cli.commands[name], info_name=name, parent=group), columns)


def shown(context: click.Context, columns: int) -> str:
    """The help of a context's command on a terminal of so many columns."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(columns))
        return context.command.get_help(context)


def examples(name: str) -> list[list[str]]:
    """The words of each example of a command's help, as a shell splits them."""
    _, heading, lines = told(name, 200).partition("\nExamples:\n")
    assert heading
    return [shlex.split(line) for line in lines.splitlines()]


def parsed() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every example of every command: its name and what click reads of it."""
    for name, command in cli.commands.items():
        for words in examples(name):
            called, rest = words[:4], words[4:]
            assert called == ["python", "-m", "opt", name]
            yield name, command.make_context(name, rest).params


def paths(params: dict[str, Any]) -> Iterator[tuple[str, Path]]:
    """The paths among the values, each with the name of its parameter."""
    for key, value in params.items():
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Path) and key != "store":
                yield key, each


@pytest.mark.parametrize("name", NAMES)
def test_every_help_ends_with_one_to_three_examples(name: str) -> None:
    assert 1 <= len(examples(name)) <= 3


def test_the_examples_of_the_group_name_its_commands() -> None:
    for words in examples(""):
        assert words[3] in cli.commands


def test_every_path_of_an_example_is_there_or_comes_of_another_example() -> None:
    """Inputs and the example run are in the repository; a run is that of a workbook which is there
    or made, or of an example that says --out."""
    everything = list(parsed())
    made = {path for _, params in everything for key, path in paths(params) if key in WRITTEN}
    books = [*(ROOT / "inputs").glob("*.xlsx"), *(p for p in made if p.suffix == ".xlsx")]
    made |= {Path("outputs") / book.stem for book in books}
    read = {path for _, params in everything for key, path in paths(params) if key not in WRITTEN}
    assert {path for path in read - made if not (ROOT / path).exists()} == set()


def test_every_scenario_and_plan_of_an_example_is_in_its_workbook() -> None:
    found = 0
    for _, params in parsed():
        for key in ("scenario", "plan"):
            if value := params.get(key):
                sheet = ROOT / params["workbook"].with_suffix("") / f"{key}s.csv"
                with sheet.open(encoding="utf-8", newline="") as lines:
                    assert value in {row[key] for row in csv.DictReader(lines)}
                found += 1
    assert found


@pytest.mark.parametrize("columns", [60, 80, 200])
@pytest.mark.parametrize("name", NAMES)
def test_help_fits_the_terminal_and_breaks_no_number_and_no_option(name: str, columns: int) -> None:
    page = told(name, columns)
    assert max(map(len, page.splitlines())) <= columns
    command: click.Command = cli.commands[name] if name else cli
    helps = [command.help or "", *(getattr(param, "help", "") or "" for param in command.params)]
    whole = set(page.split())
    for word in " ".join(helps).split():
        if re.search(r"\d|^--", word):
            assert word in whole


def test_an_example_longer_than_the_terminal_is_continued_as_a_shell_takes_it() -> None:
    """The line takes 59 with its indent, and click leaves two columns of a terminal blank."""
    line = "solve inputs/small.xlsx --out outputs/again"
    command = WithExamples("solve", examples=(line,))
    lines = shown(HelpContext(command), 60).partition("Examples:\n")[2].splitlines()
    assert [line.strip() for line in lines] == [
        "python -m opt solve inputs/small.xlsx --out \\",
        "outputs/again",
    ]
    assert shown(HelpContext(command), 61).endswith(f"\n  {CALLED} {line}")
