"""Rows that several workbooks share: one row where they say the same, a fault where they do not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

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


def united(
    parts: Sequence[Part],
    sheet: str,
    renamed: Callable[[Part, Line], Cells],
    issues: list[Issue],
) -> list[Cells]:
    """The rows of a shared sheet, each id once, in the order in which it first stands."""
    found: dict[tuple[str, ...], tuple[Part, Line]] = {}
    rows: dict[tuple[str, ...], Cells] = {}
    for part in parts:
        for line in part.lines[sheet]:
            cells = renamed(part, line)
            key = tuple(str(cells.get(column) or "").casefold() for column in SHEET[sheet].key)
            if key not in found:
                found[key], rows[key] = (part, line), cells
                continue
            _compare(part, line, *found[key], _SAME[sheet], issues)
            if sheet == "scenarios":
                rows[key] = _told_of_both(rows[key], cells)
    return list(rows.values())


def _compare(
    part: Part,
    line: Line,
    other: Part,
    first: Line,
    columns: Iterable[str],
    issues: list[Issue],
) -> None:
    """A fault for every column in which two rows of one id differ."""
    for column in columns:
        mine, theirs = line.row.values.get(column), first.row.values.get(column)
        if mine != theirs:
            issues.append(_differs(part, line, column, mine, (other, first, theirs)))


def _differs(
    part: Part, line: Line, column: str, mine: Value, there: tuple[Part, Line, Value]
) -> Issue:
    other, first, theirs = there
    where = f"[{other.name}]{first.row.sheet}!{first.row.cell(column)}"
    name = line.row.text(SHEET[line.row.sheet].key[0])
    message = f"{column} of '{name}' is {_shown(mine)} here, and {_shown(theirs)} in {where}."
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
    found: dict[str, list[tuple[Part, Line]]] = {}
    for part in parts:
        for line in part.lines["programmes"]:
            found.setdefault(line.row.text("programme").casefold(), []).append((part, line))
    for key, given in found.items():
        (first, line), *others = given
        rows[key] = dict(line.cells)
        for other, own in others:
            _compare_programmes(other, own, first, line, issues)
        if others:
            rows[key].pop("share", None)
            uses = [use.strip() for _, own in given for use in own.row.text("pays_for").split(";")]
            rows[key]["pays_for"] = ";".join(dict.fromkeys(filter(None, uses)))
    return list(rows.values())


def _compare_programmes(
    part: Part, line: Line, other: Part, first: Line, issues: list[Issue]
) -> None:
    values = [_meant(part, line), _meant(other, first)]
    columns = [c.name for c in ProgrammeRow.SHEET.columns if c.name not in _FREE]
    for column in columns:
        mine, theirs = (value[column] for value in values)
        if mine != theirs:
            issues.append(_differs(part, line, column, mine, (other, first, theirs)))
    for year in sorted({*line.row.years, *first.row.years} & {*part.book.years}):
        mine, theirs = line.row.years.get(year), first.row.years.get(year)
        if mine != theirs:
            where = f"[{other.name}]programmes!{first.row.cell(year)}"
            message = (
                f"the limit of {year} of '{line.row.text('programme')}' is {_shown(mine)} here, and"
                f" {_shown(theirs)} in {where}."
            )
            hint = "Give the whole programme's in both, and its share in column share."
            issues.append(part.issue(line.row, year, message, hint))
    _compare_uses(part, line, other, first, issues)


def _meant(part: Part, line: Line) -> Mapping[str, Value]:
    """The values of a programme, blank years as the years that they mean."""
    values = dict(line.row.values)
    values["commit_from"] = values["commit_from"] or part.book.first
    values["commit_to"] = values["commit_to"] or part.book.last
    return values


def _compare_uses(part: Part, line: Line, other: Part, first: Line, issues: list[Issue]) -> None:
    """What money may be used for, where one row says more: it must change nothing in the other."""
    uses = [book.pays_for(_row(own)) for book, own in ((part.book, line), (other.book, first))]
    for own, mine, theirs in ((part, *uses), (other, *reversed(uses))):
        more = theirs - mine
        row = line if own is part else first
        taken = [use for use in sorted(more) if _could_be_used(own, use)]
        if taken:
            message = (
                f"'{row.row.text('programme')}' pays for {listed(taken)} in the other workbook, and"
                f" not here, where there is something to pay for."
            )
            hint = "Let it pay for the same in both."
            issues.append(own.issue(row.row, "pays_for", message, hint))


def _row(line: Line) -> ProgrammeRow:
    assert isinstance(line.row, ProgrammeRow)
    return line.row


def _could_be_used(part: Part, use: str) -> bool:
    """Whether a workbook has what a use of money is for."""
    sheets = {"capex": "projects", "stock": "stockpiles"}
    return bool(part.lines[sheets.get(use, "supports")]) or (
        use not in sheets and part.book.need_support
    )
