"""How wide the terminal is, and words that fit into it."""

from __future__ import annotations

import os
import sys
import textwrap
from typing import TextIO

import click

_INDENT = "  "


def columns(stream: TextIO) -> int | None:
    """How many columns lines on a stream may take: what COLUMNS says, else those of the terminal;
    None where it leads to no terminal, and lines are as long as they are."""
    asked = os.environ.get("COLUMNS", "")
    if asked.isdecimal() and int(asked):
        return int(asked)
    try:
        return os.get_terminal_size(stream.fileno()).columns or None
    except (OSError, ValueError):
        return None


def tell(words: str, *, err: bool = False) -> None:
    """Print words, their lines broken between words where the terminal is narrower."""
    click.echo(wrapped(words, columns(sys.stderr if err else sys.stdout)), err=err)


def wrapped(words: str, width: int | None) -> str:
    """Words whose lines take so many columns at most; no number, name or path is broken. What
    continues an indented line is indented by more."""
    if width is None:
        return words
    lines: list[str] = []
    for line in words.splitlines():
        indent = line[: len(line) - len(line.lstrip())]
        lines += (
            broken(line.lstrip(), width, indent, f"{indent}{_INDENT}" if indent else "")
            if len(line) > width
            else [line]
        )
    return "\n".join(lines)


def broken(text: str, width: int, first: str = "", others: str = "") -> list[str]:
    """A text in lines of so many columns, broken at its spaces alone; `first` and `others` are
    where lines begin."""
    return textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=others,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [""]
