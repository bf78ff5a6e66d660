"""Several workbooks, each of its own minerals, as one under shared programmes.

What stands in several and must be the same (regions, programmes, sources) becomes one row, or is
refused by cell where it differs; ids that would meet get a prefix; what is about everything in its
workbook is about its minerals alone in the merged one. What comes out is checked as any workbook,
and whether each part still means in it what it meant alone: whom programmes may pay, which trade is
open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from opt.data.book import Book
from opt.data.convert import refuse_existing, save_workbook, write_tables
from opt.data.countries import same_country
from opt.data.csv_folder import put_tables
from opt.data.merging.confine import confined, open_lanes, without_mineral
from opt.data.merging.parts import Cells, Line, Part, grid_of, read_parts
from opt.data.merging.renames import Renames, renames_of
from opt.data.merging.rules import check_rules, eligibility
from opt.data.merging.settings import PUBLIC_SHARE, settings
from opt.data.merging.unite import SHARED, programmes, united
from opt.data.reader import read
from opt.data.reading.csv_text import line_of
from opt.data.reading.grids import Grid, Grids, written
from opt.data.reading.raw import CellValue
from opt.data.reading.row_ids import row_id
from opt.data.sheets.registry import SHEET, SHEETS
from opt.data.tables import Tables
from opt.data.trade import open_pairs
from opt.disk.place import Tell, ignore
from opt.errors import InputError, Issue

# Sheets whose rows name cells of others.
_OF_CELLS = ("variants", "ranges")


def merge(
    sources: Sequence[str | Path],
    target: str | Path,
    given: Mapping[str, object] | None = None,
    *,
    force: bool = False,
    tell: Tell = ignore,
) -> Tables:
    """Write several workbooks as one, an .xlsx by that ending, else a folder of CSV files, and read
    it.

    `given` are settings of the merged workbook by key, for those that differ. `force` replaces what
    stands at the target. Raises InputError with all that stands against it, each by workbook and
    cell; then nothing is written.
    """
    target = Path(target)
    asked = {key.casefold(): str(value) for key, value in (given or {}).items()}
    parts = read_parts(sources)
    grids = _of_one(parts[0], asked) if len(parts) == 1 else _of_several(parts, asked)
    merged = read(target.with_suffix(""), files=_files(grids))
    if target.suffix.lower() == ".xlsx":
        refuse_existing(target, force)
        save_workbook(target, grids)
    else:
        put_tables(target, lambda new: write_tables(new, grids), force=force, tell=tell)
    return merged


def _files(grids: Mapping[str, Grid]) -> dict[str, bytes]:
    """The sheets as the bytes of CSV files by name."""
    return {
        f"{name}.csv": "".join(line_of([written(value) for value in row]) for row in grid).encode()
        for name, grid in grids.items()
    }


def _of_one(part: Part, asked: Mapping[str, str]) -> Grids:
    """A workbook as it stands, some settings in place of its own."""
    if not asked:
        return dict(part.grids)
    rows = [
        {**line.cells, "value": asked.get(line.row.text("key").casefold(), line.cells["value"])}
        for line in part.lines["settings"]
    ]
    known = {line.row.text("key").casefold() for line in part.lines["settings"]}
    rows += [{"key": key, "value": value} for key, value in asked.items() if key not in known]
    return {**part.grids, "settings": grid_of(SHEET["settings"], rows)}


def _of_several(parts: Sequence[Part], asked: Mapping[str, str]) -> Grids:
    """The sheets of all workbooks as one.

    Raises InputError with all that differs, then with what the whole would change in a part.
    """
    issues = list(without_mineral(parts))
    issues += _same_countries(parts)
    whole = _Whole(parts, asked, issues)
    sheets = whole.sheets()
    if issues:
        raise InputError(_once(issues))
    grids = {
        sheet.name: grid_of(sheet, sheets[sheet.name]) for sheet in SHEETS if sheets[sheet.name]
    }
    grids |= _own_sheets(parts)
    merged = Book(read("merged", files=_files(grids)))
    issues += check_rules(whole.given, merged)
    issues += _check_lanes(whole.given, merged)
    if issues:
        raise InputError(_once(issues))
    return grids


def _once(issues: Sequence[Issue]) -> list[Issue]:
    return list(dict.fromkeys(issues))


class _Whole:
    """The sheets of several workbooks as those of one; what stands against it goes to `issues`."""

    def __init__(
        self, parts: Sequence[Part], asked: Mapping[str, str], issues: list[Issue]
    ) -> None:
        self.parts, self.asked, self.issues = parts, asked, issues
        self.given = list(zip(parts, renames_of(parts), strict=True))
        self.renames = {part.prefix: renames for part, renames in self.given}
        self.now: dict[tuple[str, str, str], str] = {}  # part, sheet and id of a row: its id now

    def sheets(self) -> dict[str, list[Cells]]:
        """The rows of every sheet."""
        found: dict[str, list[Cells]] = {}
        found["settings"], by_project = settings(self.parts, self.asked, self.issues)
        for sheet in SHEET:
            if sheet in SHARED:
                found[sheet] = united(self.parts, sheet, self._renamed, self.issues)
            elif sheet not in (*_OF_CELLS, "settings", "programmes", "eligibility"):
                found[sheet] = self._all(sheet)
        found["programmes"] = programmes(self.parts, self.issues)
        found["eligibility"] = eligibility(self.given)
        found["lanes"] += open_lanes(self.parts)
        found["shocks"] = self._shocks(found["shocks"])
        if by_project:
            found["projects"] = self._with_public_share()
        for sheet in _OF_CELLS:
            found[sheet] = list(self._of_cells(sheet))
        return found

    def _renamed(self, part: Part, line: Line) -> Cells:
        return self.renames[part.prefix].line(line)

    def _all(self, sheet: str) -> list[Cells]:
        """The rows of all workbooks, about the minerals of each alone."""
        rows = []
        for part, renames in self.given:
            for line in part.lines[sheet]:
                now = confined(part, line, renames.line(line), self.issues)
                names = SHEET[sheet].named_by
                before = row_id(line.text(c) for c in names)
                self.now[part.prefix, sheet, before] = row_id(
                    str(now[0].get(c) or "") for c in names
                )
                rows += now
        return rows

    def _shocks(self, rows: Sequence[Cells]) -> list[Cells]:
        """Shocks on everything that all workbooks have are on everything; of what else is the same
        in several one row holds."""
        minerals = {mineral for part in self.parts for mineral in part.minerals}
        shown = ("source", "confidence", "note")
        found: dict[tuple[object, ...], list[Cells]] = {}
        for cells in rows:
            of = {k: v for k, v in cells.items() if k not in (*shown, "mineral")}
            found.setdefault(tuple(sorted(of.items(), key=str)), []).append(cells)
        kept = []
        for same in found.values():
            if {cells.get("mineral") for cells in same} >= minerals:
                kept.append({k: v for k, v in same[0].items() if k != "mineral"})
            else:
                kept += {cells.get("mineral"): cells for cells in same}.values()
        return kept

    def _with_public_share(self) -> list[Cells]:
        """Projects with the public share of their workbook where they have none of their own."""
        rows = []
        for part, renames in self.given:
            share = part.book.settings.public_share
            for line in part.lines["projects"]:
                cells = renames.line(line)
                rows.append(cells if PUBLIC_SHARE in cells else {**cells, PUBLIC_SHARE: share})
        return rows

    def _of_cells(self, sheet: str) -> Iterator[Cells]:
        """Rows that name cells of other sheets, by what these are called now. The share of a
        programme that several workbooks have is no more; the same row of several is one."""
        united_ = _of_several_parts(self.parts)
        seen: dict[tuple[str, ...], Cells] = {}
        for part, renames in self.given:
            for line in part.lines[sheet]:
                of, column = line.text("sheet").casefold(), line.text("column").casefold()
                if (
                    of == "programmes"
                    and column == "share"
                    and row_id([line.text("row")]) in united_
                ):
                    continue
                cells = {**line.cells, **self._named(part, renames, of, line.text("row"))}
                if "value" in cells:
                    cells["value"] = _value(renames, of, column, cells["value"])
                key = tuple(str(cells.get(c) or "").casefold() for c in SHEET[sheet].key)
                if key not in seen:
                    seen[key] = cells
                    yield cells
                elif _figures(seen[key]) != _figures(cells):
                    message = (
                        f"'{line.text('row')}' has another value for this in another workbook."
                    )
                    self.issues.append(part.issue(line.row, "row", message, "Make both the same."))

    def _named(self, part: Part, renames: Renames, sheet: str, row: str) -> Cells:
        """The name of a row of a sheet as it is now."""
        before = row_id([row])
        now = self.now.get((part.prefix, sheet, before))
        if now is None and sheet in SHEET:
            names = SHEET[sheet].named_by
            given = before.split(";")
            new = [renames.value(sheet, c, text) for c, text in zip(names, given, strict=False)]
            now = row_id([*new, *given[len(new) :]])
        return {"row": row if now in (None, before) else now}


def _value(renames: Renames, sheet: str, column: str, value: CellValue) -> CellValue:
    known = sheet in SHEET and isinstance(value, str)
    return renames.value(sheet, column, str(value)) if known else value


def _figures(cells: Cells) -> tuple[object, ...]:
    return tuple(cells.get(column) for column in ("value", "low", "high"))


def _of_several_parts(parts: Sequence[Part]) -> set[str]:
    """The programmes that several workbooks have, by id without case."""
    names = [
        line.row.text("programme").casefold() for part in parts for line in part.lines["programmes"]
    ]
    return {name for name in names if names.count(name) > 1}


def _own_sheets(parts: Sequence[Part]) -> Grids:
    """The sheets of the user's own, under the name of their workbook where it stands in several."""
    names = [name.casefold() for part in parts for name in part.own]
    return {
        name if names.count(name.casefold()) == 1 else f"{name}_{part.prefix}"[:31]: grid
        for part in parts
        for name, grid in part.own.items()
    }


def _same_countries(parts: Sequence[Part]) -> Iterator[Issue]:
    """Regions of two workbooks that are one country under two names."""
    rows = [(part, line) for part in parts for line in part.lines["regions"]]
    for number, (part, line) in enumerate(rows):
        for other, first in rows[:number]:
            names = [row.row.text("region") for row in (line, first)]
            if names[0].casefold() != names[1].casefold() and same_country(*names):
                where = f"[{other.name}]regions!{first.row.cell('region')}"
                message = f"'{names[0]}' is the country that '{names[1]}' is in {where}."
                hint = f"Name it '{names[1]}' in both, or rename it where another place is meant."
                yield part.issue(line.row, "region", message, hint)


def _check_lanes(given: Sequence[tuple[Part, Renames]], merged: Book) -> Iterator[Issue]:
    """A fault where trade of a part is open otherwise in the merged workbook: a row about all
    commodities is one about a mineral there, which is more specific."""
    for part, renames in given:
        before, now = open_pairs(part.book), None
        goods = {renames.of("commodities", c): c for c in part.book.commodities}
        now = open_pairs(merged, goods=goods, regions=part.book.bloc)
        for key in sorted(before.keys() | now.keys()):
            if before.get(key) != now.get(key):
                origin, destination, good, year = key
                message = (
                    f"the lane {origin} to {destination} of {good} in {year} would follow another"
                    " row: one about * is one about a mineral in a workbook of several, and so"
                    " more specific by 1."
                )
                hint = "Name origin and destination in the row that should win."
                yield Issue(f"[{part.name}]lanes", "", "", message, hint)
                break
