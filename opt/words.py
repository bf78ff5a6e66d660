"""Warnings of one kind in one line, which names every cell and what each is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from opt.errors import Issue


def gathered(issues: Iterable[Issue]) -> list[tuple[Issue, ...]]:
    """The issues in groups of one sheet and one wording, each group where its first one stands;
    those that change no answer last, and of all sheets together."""
    groups: dict[tuple[str, str, str], list[Issue]] = {}
    for issue in sorted(issues, key=lambda issue: issue.minor):
        sheet = "" if issue.minor and issue.common else issue.sheet
        groups.setdefault((sheet, issue.common or issue.message, issue.hint), []).append(issue)
    return [tuple(group) for group in groups.values()]


def group_words(group: Sequence[Issue]) -> str:
    """One issue as it is; several as `sheet!A9, A12 (2 cells): what holds for all: which. Hint`."""
    first = group[0]
    if len(group) == 1:
        return str(first)
    cells = ", ".join(issue.cell for issue in group if issue.cell)
    where = f"{first.sheet}!{cells}" if cells else first.sheet
    sheets = dict.fromkeys(issue.sheet for issue in group)
    if len(sheets) > 1:
        subjects = ", ".join(issue.subject for issue in group)
        return f"{len(sheets)} sheets: {first.common}: {subjects}. {first.hint}".rstrip()
    message = first.message
    if first.common:
        subjects = ", ".join(issue.subject for issue in group)
        message = f"{first.common}: {subjects}."
    return f"{where} ({len(group)} cells): {message} {first.hint}".rstrip()
