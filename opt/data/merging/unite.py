"""Rows that several workbooks share: one row where they say the same, a fault where they do not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from opt.data.merging.parts import Cells, Line, Part
from opt.data.sheets.money import ProgrammeRow
from opt.data.sheets.registry import SHEET
from opt.data.tables import Value
from opt.data.words import listed, plain
from opt.errors import Issue

# What must be the same of rows of one id; what is not named here is for the reader.
_SAME: Mapping[str, tuple[str, ...]] = {
    "regions": ("name", "bloc"),
    "sources": ("title", "address", "date"),
    "scenarios": ("probability",),
    "minerals": ("name", "weight"),
    "contents": ("share",),
    "ramps": (),
    "spends": (),
}
SHARED = tuple(_SAME)


Stands = tuple[Part, Line]  # a row, and the workbook in which it stands


def united(
    parts: Sequence[Part],
    sheet: str,
    renamed: Callable[[Part, Line], Cells],
    issues: list[Issue],
) -> list[Cells]:
    """The rows of a shared sheet, each id once, in the order in which it first stands."""
    found: dict[tuple[str, ...], Stands] = {}
    rows: dict[tuple[str, ...], Cells] = {}
    for part in parts:
        for line in part.lines[sheet]:
            cells = renamed(part, line)
            key = tuple(str(cells.get(column) or "").casefold() for column in SHEET[sheet].key)
            if key not in found:
                found[key], rows[key] = (part, line), cells
                continue
            issues += _compared((part, line), found[key], _SAME[sheet])
            if sheet == "scenarios":
                rows[key] = _told_of_both(rows[key], cells)
    return list(rows.values())


def _compared(own: Stands, other: Stands, columns: Iterable[str]) -> Iterator[Issue]:
    """A fault for every column in which two rows of one id differ."""
    for column in columns:
        values = [line.row.values.get(column) for _, line in (own, other)]
        if values[0] != values[1]:
            yield _differs(own, other, column, values)


def _differs(own: Stands, other: Stands, column: str, values: Sequence[Value]) -> Issue:
    (part, line), (there, first) = own, other
    where = f"[{there.name}]{first.row.sheet}!{first.row.cell(column)}"
    name = line.row.text(SHEET[line.row.sheet].key[0])
    mine, theirs = map(_shown, values)
    message = f"{column} of '{name}' is {mine} here, and {theirs} in {where}."
    return part.issue(line.row, column, message, "Make both the same, or rename one of the two.")


def _shown(value: Value) -> str:
    if value in (None, ""):
        return "blank"
    return plain(value) if isinstance(value, int | float) else f"'{value}'"


def _told_of_both(first: Cells, second: Cells) -> Cells:
    """A scenario with what happens in it in each of two workbooks."""
    told = [str(cells.get("description") or "").strip() for cells in (first, second)]
    both = " ".join(dict.fromkeys(text for text in told if text))
    return {**first, "description": both} if both else first


# ---- Programmes -----------------------------------------------------------------------------

# What may differ: it is for the reader, says what part of the whole a chain may take, or is united.
_FREE = ("programme", "share", "pays_for", "source", "confidence", "note")


def programmes(parts: Sequence[Part], issues: list[Issue]) -> list[Cells]:
    """Every programme once: where several workbooks have it, with its whole amount and limits."""
    rows: dict[str, Cells] = {}
    found: dict[str, list[Stands]] = {}
    for part in parts:
        for line in part.lines["programmes"]:
            found.setdefault(line.row.text("programme").casefold(), []).append((part, line))
    for key, given in found.items():
        first, *others = given
        rows[key] = dict(first[1].cells)
        for other in others:
            issues += _compared_programmes(other, first)
        if others:
            rows[key].pop("share", None)
            uses = [use.strip() for _, own in given for use in own.row.text("pays_for").split(";")]
            rows[key]["pays_for"] = ";".join(dict.fromkeys(filter(None, uses)))
    return list(rows.values())


def _compared_programmes(own: Stands, other: Stands) -> Iterator[Issue]:
    (part, line), (there, first) = own, other
    meant = [_meant(*own), _meant(*other)]
    for column in (c.name for c in ProgrammeRow.SHEET.columns if c.name not in _FREE):
        values = [value[column] for value in meant]
        if values[0] != values[1]:
            yield _differs(own, other, column, values)
    for year in sorted({*line.row.years, *first.row.years} & {*part.book.years}):
        mine, theirs = line.row.years.get(year), first.row.years.get(year)
        if mine != theirs:
            where = f"[{there.name}]programmes!{first.row.cell(year)}"
            message = (
                f"the limit of {year} of '{line.row.text('programme')}' is {_shown(mine)} here, and"
                f" {_shown(theirs)} in {where}."
            )
            hint = "Give the whole programme's in both, and its share in column share."
            yield part.issue(line.row, year, message, hint)
    yield from _other_uses(own, other)
    yield from _other_uses(other, own)


def _meant(part: Part, line: Line) -> Mapping[str, Value]:
    """The values of a programme, blank years as the years that they mean."""
    values = dict(line.row.values)
    values["commit_from"] = values["commit_from"] or part.book.first
    values["commit_to"] = values["commit_to"] or part.book.last
    return values


def _other_uses(own: Stands, other: Stands) -> Iterator[Issue]:
    """A fault where the other row lets money be used for what this one does not, and here is
    something to pay for: to unite both would change something."""
    (part, line), (there, first) = own, other
    more = there.book.pays_for(_row(first)) - part.book.pays_for(_row(line))
    taken = [use for use in sorted(more) if _could_be_used(part, use)]
    if taken:
        message = (
            f"'{line.row.text('programme')}' pays for {listed(taken)} in {there.name}, and not"
            " here, where there is something to pay for."
        )
        yield part.issue(line.row, "pays_for", message, "Let it pay for the same in both.")


def _row(line: Line) -> ProgrammeRow:
    assert isinstance(line.row, ProgrammeRow)
    return line.row


def _could_be_used(part: Part, use: str) -> bool:
    """Whether a workbook has what a use of money is for."""
    sheets = {"capex": "projects", "stock": "stockpiles"}
    return bool(part.lines[sheets.get(use, "supports")]) or (
        use not in sheets and part.book.need_support
    )
