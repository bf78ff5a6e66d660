"""A page of Markdown of which the part between two marks is made by a command."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from opt.errors import InputError, Issue

page_option = click.option(
    "--page",
    metavar="FILE.md",
    type=click.Path(path_type=Path),
    help="Also write the tables into this page, between its marks.",
)


@dataclass(frozen=True, slots=True)
class Marks:
    """The two lines between which a command writes."""

    begin: str
    end: str

    @staticmethod
    def of(command: str) -> Marks:
        """Those of a command."""
        return Marks(f"<!-- opt {command}: begin -->", f"<!-- opt {command}: end -->")


def page_before(page: Path) -> str:
    """What the page holds, blank for a new one. Raises OSError where it cannot be written: before a
    long study, not after it."""
    there = page.exists()
    with page.open("a", encoding="utf-8"):
        pass
    if there:
        return page.read_text(encoding="utf-8")
    page.unlink()
    return ""


def page_with(before: str, marks: Marks, made: str, name: str) -> str:
    """A page with what stands between its marks made anew; a new page where there is none.

    Raises InputError for a page without the marks.
    """
    whole = "\n\n".join([marks.begin, made, marks.end])
    if not before:
        return f"{whole}\n"
    head, begin, rest = before.partition(marks.begin)
    _, end, tail = rest.partition(marks.end)
    if not (begin and end):
        message = "this page has no marks between which the tables could go."
        hint = f"Add the lines {marks.begin} and {marks.end}."
        raise InputError([Issue(name, "", "", message, hint)])
    return f"{head}{whole}{tail}"


def write_page(page: Path, before: str, marks: Marks, made: str, *, complete: bool) -> None:
    """Write a page, of which stood `before`, with what is between its marks made anew. One that is
    there stays where the study is not complete: what it tells may be."""
    text = page_with(before, marks, made, page.name)
    if complete or not before:
        page.write_text(text, encoding="utf-8", newline="\n")
    else:
        click.echo(f"{page} stays as it is: not everything was answered.", err=True)
