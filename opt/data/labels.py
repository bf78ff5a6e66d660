"""Labels, which join rows though no sheet defines them: a row whose own is mistyped leaves the
others, and every limit, filter and target of theirs, without a fault."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opt.data.check import check
from opt.data.inspection import Inspection
from opt.data.sheets.declare import SheetRow
from opt.data.sheets.registry import LABELS, ROW
from opt.data.words import listed, look_of, names_in
from opt.errors import Effect

# In shorter words, and in digits, one letter tells labels apart: LFP and LMP, phase 1 and 2.
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")


@dataclass(slots=True)
class _Label:
    """A label, its place among those of its kind, and where it stands first; whether other rows
    have it too."""

    text: str
    place: int
    row: SheetRow
    column: str
    is_shared: bool = False

    @property
    def where(self) -> str:
        return f"{self.row.sheet}!{self.row.cell(self.column)}"


@check("labels")
def check_labels(book: Inspection) -> None:
    """No label that one row alone has is a letter away from another, or lists others."""
    for places in LABELS:
        labels = _labels(book, places)
        by_form: dict[str, list[_Label]] = {}
        for label in labels.values():
            for form in _forms(label.text):
                by_form.setdefault(form, []).append(label)
        spelt = {key: label.text for key, label in labels.items()}
        for label in labels.values():
            if not label.is_shared:
                _check_label(book, label, spelt, by_form)


def _labels(book: Inspection, places: Sequence[tuple[str, str]]) -> dict[str, _Label]:
    """Every label of these columns, by its text without case, in the order of rows."""
    found: dict[str, _Label] = {}
    for sheet, column in places:
        for row in book.rows(ROW[sheet]):
            text = row.text(column)
            if text.casefold() in found:
                found[text.casefold()].is_shared = True
            elif text:
                found[text.casefold()] = _Label(text, len(found), row, column)
    return found


def _forms(text: str) -> set[str]:
    """A text without case, whole and with each letter of its long words left out: two texts between
    which one letter is added, left out, changed or moved have one in common."""
    text = text.casefold()
    letters = {n for word in _LONG_WORD.finditer(text) for n in range(word.start(), word.end())}
    return {text} | {text[:n] + text[n + 1 :] for n in letters}


def _check_label(
    book: Inspection,
    label: _Label,
    spelt: Mapping[str, str],
    by_form: Mapping[str, Sequence[_Label]],
) -> None:
    names = names_in(label.text, spelt)
    if names:
        kind, several = label.column, listed(names)
        message = f"'{label.text}' is read as one {kind} of its own, and not as {several}."
        book.warn(
            label.row,
            kind,
            message,
            f"A row has one {kind}: type which if one is meant.",
            effect=Effect.TAKEN,
        )
        return
    other = _near(label, by_form)
    if other:
        message = (
            f"'{label.text}' stands in this row alone, and is a letter away from '{other.text}' of"
            f" {other.where}: it is read as another {label.column}."
        )
        book.warn(
            label.row,
            label.column,
            message,
            "Type both the same way if one is meant.",
            effect=Effect.TAKEN,
        )


def _near(label: _Label, by_form: Mapping[str, Sequence[_Label]]) -> _Label | None:
    """The first label a letter away from one that stands once; of two such the later is told."""
    near = [other for form in _forms(label.text) for other in by_form[form]]
    told = [
        other
        for other in near
        if (other.is_shared or other.place < label.place)
        and look_of(other.text) != look_of(label.text)  # which is told already
    ]
    return min(told, key=lambda other: other.place, default=None)
