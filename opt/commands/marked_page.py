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


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """A page at a path, of which stood `before` when it was opened: blank for a new one."""

    path: Path
    before: str
    marks: Marks

    def write(self, made: str, *, complete: bool) -> None:
        """Write it with what is between its marks made anew. One that is there stays where the
        study is not complete: what it tells may be."""
        if complete or not self.before:
            text = page_with(self.before, self.marks, made, self.path.name)
            self.path.write_text(text, encoding="utf-8", newline="\n")
        else:
            click.echo(f"{self.path} stays as it is: not everything was answered.", err=True)


def opened_page(path: Path | None, marks: Marks) -> MarkedPage | None:
    """A page to be written, None where none is asked for: before a long study, not after it.

    Raises OSError where it cannot be written, InputError where it stands without the marks.
    """
    if path is None:
        return None
    there = path.exists()
    with path.open("a", encoding="utf-8"):
        pass
    if not there:
        path.unlink()
        return MarkedPage(path, "", marks)
    page = MarkedPage(path, path.read_text(encoding="utf-8"), marks)
    page_with(page.before, marks, "", path.name)
    return page


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
