"""Whom united programmes may pay: of every workbook what its own rules let them pay, no more."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from opt.data.book import Book, PlantRow
from opt.data.merging.parts import Cells, Line, Part
from opt.data.merging.renames import Renames
from opt.data.sheets.money import EligibilityRow, ProgrammeRow
from opt.data.sheets.projects import ProjectRow
from opt.data.sheets.stock import StockpileRow
from opt.data.words import listed
from opt.errors import Issue

Given = tuple[Part, Renames]
_MOST_NAMED = 4
# Rows that follow from the workbooks, and why.
_OTHER_CASE = {
    "confidence": "A",
    "note": "Where the cases were apart the programme paid for this too: the rules of the other"
    " case now hold for both.",
}
_OWN_MINERALS = {
    "confidence": "A",
    "note": "The cases of other minerals do not have the programme.",
}


def eligibility(given: Sequence[Given]) -> list[Cells]:
    """The rows of eligibility of all workbooks, each once.

    Rows of one field join by or: of a field that one workbook's rules name and another's do not,
    what the programme may pay for in the other is named too. A programme that some workbooks do not
    have is named the minerals of those that do, unless its rules name something of theirs already.
    """
    rows: dict[tuple[str, ...], Cells] = {}
    asked: dict[tuple[str, str], Cells] = {}
    for part, renames in given:
        for line in part.lines["eligibility"]:
            cells = renames.line(line)
            place = (cells["programme"], cells["field"], cells["value"], line.row.text("rule"))
            rows.setdefault(tuple(str(name).casefold() for name in place), cells)
            if line.row.text("rule") == "only":
                asked.setdefault((_name(line), line.row.text("field")), cells)
    for (name, field), cells in asked.items():
        for part, renames in given:
            for value in _missing(part, renames, name, field):
                new = {"programme": cells["programme"], "field": field, "value": value}
                new |= {"rule": "only", **_OTHER_CASE}
                rows.setdefault((name, field, value.casefold(), "only"), new)
    for cells in _of_minerals(given):
        key = tuple(str(cells[column]).casefold() for column in ("programme", "field", "value"))
        rows.setdefault((*key, "only"), cells)
    return _in_order(rows.values(), given)


def _name(line: Line) -> str:
    return line.row.text("programme").casefold()


def _programme(part: Part, name: str) -> ProgrammeRow | None:
    found = (row for row in part.book.rows(ProgrammeRow) if row.programme.casefold() == name)
    return next(found, None)


def _missing(part: Part, renames: Renames, name: str, field: str) -> Iterator[str]:
    """What a field has of all that a programme may pay for in a workbook whose rules do not name
    the field."""
    programme = _programme(part, name)
    if programme is None:
        return
    named = {line.row.text("field") for line in part.lines["eligibility"] if _name(line) == name}
    if field in named:
        return
    taken = part.book.takers(programme)
    found = {value for thing in taken for value in _values(part.book, thing, field)}
    space = {"commodity": "commodities", "process": "processes", "project": "plants"}.get(field, "")
    for value in sorted(found):
        yield renames.of(space, value) if space else value


def _values(book: Book, thing: PlantRow | StockpileRow, field: str) -> Iterable[str]:
    """What a filter can match of a thing in a field, as the workbook spells it."""
    spelt = {
        "region": book.bloc,
        "bloc": book.bloc.values(),
        "stage": [row.stage for row in book.commodities.values()]
        + list(book.stage.values())
        + [row.stage for row in book.rows(ProjectRow)],
        "mineral": [row.mineral for row in book.commodities.values()],
        "commodity": book.commodities,
        "process": book.stage,
        "project": book.projects,
    }
    known = {name.casefold(): name for name in reversed(list(spelt[field]))}
    return [known[tag] for tag in book.tags(thing).get(field, ()) if tag in known]


def _of_minerals(given: Sequence[Given]) -> Iterator[Cells]:
    """Rows that keep the money of a programme to the minerals of the workbooks that have it."""
    programmes = {
        row.programme.casefold(): row.programme
        for part, _ in given
        for row in part.book.rows(ProgrammeRow)
    }
    for name, programme in programmes.items():
        having = [part for part, _ in given if _programme(part, name)]
        rules = [
            line.row for part in having for line in part.lines["eligibility"] if _name(line) == name
        ]
        own = ("mineral", "commodity", "process", "project")
        told = any(row.text("field") in own and row.text("rule") == "only" for row in rules)
        if len(having) < len(given) and not told:
            for mineral in dict.fromkeys(m for part in having for m in part.minerals):
                row = {"programme": programme, "field": "mineral", "value": mineral}
                yield {**row, "rule": "only", **_OWN_MINERALS}


def _in_order(rows: Iterable[Cells], given: Sequence[Given]) -> list[Cells]:
    """Rows by the order of programmes, those of one in the order in which they were found."""
    order: dict[str, int] = {}
    for part, _ in given:
        for row in part.book.rows(ProgrammeRow):
            order.setdefault(row.programme.casefold(), len(order))
    return sorted(rows, key=lambda cells: order[str(cells["programme"]).casefold()])


def check_rules(given: Sequence[Given], merged: Book) -> Iterator[Issue]:
    """Faults where a programme of the merged workbook may pay for other things of a workbook, or
    another share of them, than by the workbook's own rules."""
    for row in merged.rows(ProgrammeRow):
        for part, renames in given:
            own = _programme(part, row.programme.casefold())
            # What it may be used for in addition is nothing that the workbook has.
            uses = (part.book if own else merged).pays_for(own or row)
            now = _shares(merged, row, uses)
            before = _shares(part.book, own, uses) if own else {}
            before = {(kind, _new(renames, kind, name)): s for (kind, name), s in before.items()}
            held = {(kind, _new(renames, kind, name)) for kind, name in _things(part.book)}
            apart = [k[1] for k in sorted(held) if before.get(k) != now.get(k)]
            if apart:
                yield _apart(part, row, apart, own)


def _shares(book: Book, row: ProgrammeRow, uses: Collection[str]) -> dict[tuple[str, str], float]:
    """What a programme may pay for of some uses, and of projects how much of the capital."""
    found = {}
    for thing in book.takers(row):
        if isinstance(thing, StockpileRow):
            if "stock" in uses:
                found["stockpiles", thing.stockpile] = 1.0
        elif isinstance(thing, ProjectRow):
            found["plants", thing.project] = book.largest_share(row, thing)
        elif set(uses) - {"capex", "stock"}:
            found["plants", thing.facility] = 1.0
    return found


def _things(book: Book) -> Iterator[tuple[str, str]]:
    for plant in book.plants:
        yield "plants", book.plant_id(plant)
    for stock in book.rows(StockpileRow):
        yield "stockpiles", stock.stockpile


def _new(renames: Renames, kind: str, name: str) -> str:
    return renames.of(kind, name)


def _apart(part: Part, row: ProgrammeRow, names: list[str], own: ProgrammeRow | None) -> Issue:
    told = listed(names[:_MOST_NAMED])
    rest = len(names) - _MOST_NAMED
    more = f" and {rest} more" if rest > 0 else ""
    message = (
        f"by the rules of all workbooks together '{row.programme}' may not pay for the same here as"
        f" by this workbook's own: {told}{more}."
    )
    rules = [r for r in part.book.rows(EligibilityRow) if own and r.programme == own.programme]
    hint = "Make its rules the same in all, or name in each what it may pay for."
    if rules:
        return part.issue(rules[0], "value", message, hint)
    if own:
        return part.issue(own, "programme", message, hint)
    return Issue(f"[{part.name}]programmes", "", "", message, hint)
