"""Decisions given from outside: what a caller forbids or forces, in place of column decision of
sheet projects, as if typed there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from opt.data.reading.cells import type_cell
from opt.data.reading.log import Log
from opt.data.reading.raw import RawCell
from opt.data.sheets.registry import SHEET
from opt.data.tables import Row
from opt.data.words import did_you_mean, tidy

COLUMN = "decision"


def with_decisions(
    projects: Sequence[Row], decisions: Mapping[str, str], log: Log
) -> tuple[list[Row], dict[str, str]]:
    """The rows of sheet projects with decisions in place, by project in any case, and the decisions
    by the names as the sheet spells them; a name that it has not, and what is no decision, noted as
    faults."""
    known = {tidy(row.text("project")).casefold(): row.text("project") for row in projects}
    asked: dict[str, str] = {}
    for name, words in decisions.items():
        spelling = known.get(tidy(name).casefold())
        typed = type_cell(RawCell(words, 0, 0), SHEET["projects"].column(COLUMN), True)
        if spelling is None:
            message = f"'{name}' is not a project, so it cannot be forbidden or forced."
            log.fault("projects", "", name, message, did_you_mean(name, known.values()))
        elif typed.message:
            log.fault("projects", "", words, typed.message, typed.hint)
        elif asked.setdefault(spelling, str(typed.value)) != typed.value:
            message = f"'{spelling}' is asked to be both {asked[spelling]} and {typed.value}."
            log.fault("projects", "", spelling, message, "Ask for one of them.")
    rows = [_decided(row, asked) for row in projects]
    return rows, dict(sorted(asked.items()))


def _decided(row: Row, asked: Mapping[str, str]) -> Row:
    words = asked.get(row.text("project"))
    if words is None:
        return row
    values = {**row.values, COLUMN: words}
    return replace(row, values=values, given=row.given | {COLUMN})
