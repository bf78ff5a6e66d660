"""Names that look like one and are two: letters of another script, marks that nobody sees."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from opt.data.reading.log import Log
from opt.data.sheets.columns import CellKind
from opt.data.sheets.registry import LABELS, SHEETS
from opt.data.tables import Row
from opt.data.words import look_of, odd_letters
from opt.errors import Effect


def report_lookalikes(typed: Mapping[str, Sequence[Row]], log: Log) -> None:
    """Warn of two names of one kind that nobody can tell apart."""
    labels = {place for places in LABELS for place in places}
    ids = [(s.name, c.name) for s in SHEETS for c in s.columns if c.kind is CellKind.ID]
    spaces = [*LABELS, *((place,) for place in ids if place not in labels)]
    for places in spaces:
        first: dict[str, tuple[Row, str]] = {}
        told = set()
        for name, column in places:
            for row in typed.get(name, ()):
                text = row.text(column)
                other, its_column = first.setdefault(look_of(text), (row, column))
                before = other.text(its_column)
                if _same(before, text) or text.casefold() in told:
                    continue
                told.add(text.casefold())
                where = f"{other.sheet}!{other.cell(its_column)}"
                message = f"'{text}' looks like '{before}' of {where}, but is another name"
                letters = odd_letters(text) or odd_letters(before)
                hint = "Type both the same way if one is meant, else rename one."
                log.warnings.append(
                    replace(row.issue(column, f"{message} ({letters}).", hint), effect=Effect.TAKEN)
                )


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
