"""Many of a kind in one line: warnings, with their cells and what each is about; names in a list;
what is not known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from opt.errors import Issue

MOST_NAMED = 20  # of the cells of a line
# What differs among warnings of one kind: names in quotation marks, and figures.
_OWN = re.compile(r"'[^']*'|\d[\d,.]*\d|\d")


def gathered(issues: Iterable[Issue]) -> list[tuple[Issue, ...]]:
    """The issues in groups of one sheet and one wording, but for the names and figures in it, each
    group where its first one stands; those that change no answer last, and of all sheets together.
    """
    groups: dict[tuple[str, str, str], list[Issue]] = {}
    for issue in sorted(issues, key=lambda issue: issue.minor):
        sheet = "" if issue.minor and issue.common else issue.sheet
        kind = issue.common or _OWN.sub("", issue.message)
        groups.setdefault((sheet, kind, issue.hint), []).append(issue)
    return [tuple(group) for group in groups.values()]


def group_words(group: Sequence[Issue]) -> str:
    """One issue as it is; several as `sheet!A9, A12 (2 cells): what holds for all: which. Hint`.
    Of many the first are named."""
    first = group[0]
    if len(group) == 1:
        return str(first)
    cells = some(issue.cell for issue in group if issue.cell)
    where = f"{first.sheet}!{cells}" if cells else first.sheet
    sheets = dict.fromkeys(issue.sheet for issue in group)
    subjects = some(issue.subject for issue in group)
    if len(sheets) > 1:
        return f"{len(sheets)} sheets: {first.common}: {subjects}. {first.hint}".rstrip()
    message = f"{first.common}: {subjects}." if first.common else _likewise(group)
    return f"{where} ({len(group)} cells): {message} {first.hint}".rstrip()


def kind_words(group: Sequence[Issue]) -> str:
    """A kind of warning: its first cell and how many there are, what is wrong, and what that does
    to the answer."""
    first, count = group[0], len(group)
    where = f"{first.where} ({count} cells)" if count > 1 else first.where
    message = f"{first.common}." if count > 1 and first.common else first.message
    return f"{where}: {message} {first.effect}"


def _likewise(group: Sequence[Issue]) -> str:
    """The first message, and the names and figures in which the others differ from it."""
    first = _OWN.findall(group[0].message)
    others = []
    for issue in group[1:]:
        pairs = zip(_OWN.findall(issue.message), first, strict=True)
        others.append(" ".join(own for own, its in pairs if own != its))
    named = some(dict.fromkeys(filter(None, others)))
    return group[0].message + (f" Likewise {named}." if named else "")


def some(texts: Iterable[str], most: int = MOST_NAMED) -> str:
    """The texts as a sentence lists them; of more than so many the first, and how many more there
    are."""
    found = list(texts)
    more = len(found) - most
    return ", ".join(found[:most]) + (f" and {more} more" if more > 0 else "")


def not_known(reasons: Iterable[tuple[str, str]]) -> Iterator[str]:
    """What is not known, given as what it is of ("": of all) and why: a sentence a reason."""
    of: dict[str, list[str]] = {}
    for what, why in reasons:
        of.setdefault(why.removesuffix("."), []).append(what)
    for why, names in of.items():
        yield f"Not known{f' of {named}' if (named := some(filter(None, names))) else ''}: {why}."
