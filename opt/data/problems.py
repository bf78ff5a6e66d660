"""Writes the problems of a workbook as a workbook: one row each, with a link to the cell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from opt.data.template import new_workbook
from opt.data.words import printable
from opt.errors import InputError, Issue

_TITLES = ("kind", "cell", "value", "message", "hint")
_LONGEST = 32_767  # letters that Excel holds in a cell
_WIDTHS = (10, 22, 20, 70, 60)


def write_problems(
    path: Path, workbook: Path, issues: Sequence[Issue], warnings: Sequence[Issue]
) -> None:
    """Write faults and warnings as an .xlsx; cells link into an .xlsx workbook.

    Never writes over the workbook itself: InputError.
    """
    if path.exists() and workbook.exists() and path.samefile(workbook):
        message = "the problems cannot be written over the workbook."
        raise InputError([Issue(path.name, "", "", message, "Name another file.")])
    with new_workbook(path, "problems") as book:
        sheet = book.add_worksheet("problems")
        sheet.write_row(0, 0, _TITLES, book.add_format({"bold": True}))
        for number, width in enumerate(_WIDTHS):
            sheet.set_column(number, number, width)
        rows = [("problem", issue) for issue in issues] + [("warning", w) for w in warnings]
        for number, (kind, issue) in enumerate(rows, start=1):
            texts = (kind, issue.where, issue.value, issue.message, issue.hint)
            sheet.write_row(number, 0, [printable(text[:_LONGEST]) for text in texts])
            if issue.cell and workbook.suffix.lower() == ".xlsx":
                link = f"external:{workbook.name}#'{issue.sheet}'!{issue.cell}"
                sheet.write_url(number, 1, link, string=issue.where)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(len(rows), 1), len(_TITLES) - 1)
