"""Text of .xlsx files as text, whatever stands in it."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter
from xlsxwriter.sharedstrings import SharedStringTable


class _PlainStrings(SharedStringTable):  # type: ignore[misc]
    """The strings of a workbook of which none is rich.

    The library takes text that begins with <r> and ends with </r> for markup of its own and writes
    it as it stands. Here it is a rich string of one run that holds it.
    """

    string_array: list[str]

    def _sort_string_data(self) -> None:
        super()._sort_string_data()
        self.string_array = [_as_run(t) if _is_taken(t) else t for t in self.string_array]


def _is_taken(text: str) -> bool:
    return text.startswith("<r>") and text.endswith("</r>")


def _as_run(text: str) -> str:
    return f'<r><t xml:space="preserve">{escape(text)}</t></r>'


def plain_workbook(target: Any, options: dict[str, Any]) -> Any:
    """A workbook of the library in which text is no formula, no link, no number and no markup."""
    plain = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")
    book = xlsxwriter.Workbook(target, {**options, **dict.fromkeys(plain, False)})
    book.str_table = _PlainStrings()
    return book
