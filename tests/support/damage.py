"""Workbooks that were damaged on their way through five hands, and what reading makes of them.

A damage is drawn from a seed and applied to a copy of a shipped case, as a folder of CSV files or
as an .xlsx. It is `told` where a person could not have meant it as a figure: what was read must
then be refused, warned of, or be what stood there before. It is an `edit` where a person may mean
it (a legal number, a row less): then it must only be taken in order. Nothing may end in a
traceback.

What matters is compared by FIELDS of the instance of the base case, by the settings, and by what
the rows of SHEETS_BESIDE hold, which no base case has; without case, as names are.

A name may be meant where nothing else in the case has it: an id of a thing's own, which is refused
wherever another row names it, a site, which only shows where a plant stands, and a label (stage,
mineral, segment, group, element, plan, variant) that no other row has. One that others have is
`told`, where it has a word of four letters or more: in shorter ones one letter is what tells labels
apart, and nobody can say that LMP is not meant.
"""

from __future__ import annotations

import copyreg
import csv
import io
import pickle
import re
import shutil
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
from openpyxl.worksheet.table import Table, TableList

from opt.data.assemble import assemble
from opt.data.instance import Instance
from opt.data.reader import read
from opt.data.sheets.registry import SHEET
from opt.data.tables import Row, Value
from opt.errors import InputError

FIELDS = tuple(field.name for field in fields(Instance))
SHEETS_BESIDE = ("shocks", "plans", "calibration", "variants", "ranges")
FREE = "data_version"  # a setting of which any text may be meant, also where it looks like a figure
LABELS = {
    "stage": ("processes", "commodities"),
    "mineral": ("commodities",),
    "segment": ("demand",),
    "group": ("projects",),
    "element": ("contents",),
    "plan": ("plans",),
    "variant": ("variants",),
}

# Text in place of a figure that no one means as one: each says how it would be misread.
MISREAD_NUMBERS: tuple[Callable[[str], str], ...] = (
    lambda x: f"{x} million",
    lambda x: f"{x}k",
    lambda x: f"({x})",
    lambda x: f"\u2212{x}",
    lambda x: f"{x}-",
    lambda x: f"{x}%",
    lambda x: f"~{x}",
    lambda x: f"{x}?",
    lambda x: f"{x} t",
    lambda x: f"USD {x}",
    lambda x: f"{x}/2",
    lambda x: f"{x},5",
    lambda x: f"1.{x},5",
    lambda x: f"1'{x}",
    lambda x: f"{x}\u00a0000",
    lambda x: f"{x} {x}",
    lambda x: f"{x}e",
    lambda x: f"0x{x}",
    lambda x: "".join(chr(0xFF10 + int(c)) if c.isdigit() else c for c in x),
    lambda x: "".join(chr(0x0660 + int(c)) if c.isdigit() else c for c in x),
    lambda x: "1e400",
    lambda x: "nan",
    lambda x: "inf",
    lambda x: "n/a",
    lambda x: "-",
    lambda x: "tbd",
    lambda x: "#SPILL!",
    lambda x: "#NV",
    lambda x: "#REF!",
    lambda x: "2029-01-01",
    lambda x: "TRUE",
)

# What happens to a name on its way.
MISREAD_NAMES: tuple[Callable[[str], str], ...] = (
    lambda x: f"{x}\u200b",
    lambda x: f"\u200e{x}",
    lambda x: x[:1] + "\u00ad" + x[1:],
    lambda x: unicodedata.normalize("NFD", x + "\u00e9").removesuffix("e\u0301") or x,
    lambda x: f" {x} ",
    lambda x: f"{x}\u00a0",
    lambda x: f"{x}\r",
    lambda x: f"{x}_x000D_",
    lambda x: x.replace("a", "\u0430", 1),
    lambda x: x.replace("e", "\u0435", 1),
    lambda x: x.replace("o", "\u043e", 1),
    lambda x: x.upper(),
    lambda x: x + x[-1:],
    lambda x: x[:-1] or "x",
    lambda x: f"{x},{x}",
    lambda x: f"{x}/{x}",
    lambda x: f"{x}\x07",
    lambda x: f"{x}\uffff",
    lambda x: "#N/A",
)

# Figures that a person may type, right or wrong.
LEGAL_NUMBERS = ("0", "1", "2", "0.5", "1000000", "-1", "1e-9", "2031", "1e9", "")


@dataclass(frozen=True, slots=True)
class Damage:
    """What was done to a case, in words, and whether a person could have meant it."""

    words: str
    told: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading made of a case: refused, or the warnings and every field that matters."""

    refused: tuple[str, ...]
    warnings: frozenset[str]
    matters: dict[str, str]


def reading(path: Path) -> Reading:
    """Read a case as `opt check` does, and assemble its base case."""
    try:
        tables = read(path)
        instance = assemble(tables)
    except InputError as error:
        return Reading(
            tuple(str(issue) for issue in error.issues) or (str(error),), frozenset(), {}
        )
    matters = {name: repr(getattr(instance, name)) for name in FIELDS}
    said = frozenset(f"{w.sheet} {w.cell} {w.message}" for w in tables.warnings)
    beside = {name: repr([_held(row) for row in tables.rows[name]]) for name in SHEETS_BESIDE}
    settings = {key: value for key, value in tables.settings.items() if key != FREE}
    matters |= {**beside, "settings": repr(settings)}
    return Reading((), said, {name: text.casefold() for name, text in matters.items()})


def _held(row: Row) -> dict[str, Value]:
    """What a row holds, but for where it comes from."""
    return {column.name: row[column.name] for column in SHEET[row.sheet].columns}


def silent(before: Reading, after: Reading) -> list[str]:
    """The fields that changed without a word."""
    if after.refused or after.warnings - before.warnings:
        return []
    return [name for name, value in before.matters.items() if after.matters[name] != value]


# ---- Folders of CSV files -------------------------------------------------------------------


CsvGrid = list[list[str]]


def _grid(path: Path) -> CsvGrid:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.reader(lines))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _sheets(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.csv") if len(_grid(path)) > 1)


def _number_cells(grid: CsvGrid) -> list[tuple[int, int]]:
    return [
        (r, c)
        for r, row in enumerate(grid[1:], start=1)
        for c, cell in enumerate(row)
        if _is_number(cell) and not _is_remark(grid[0][c])
    ]


def _name_cells(grid: CsvGrid) -> list[tuple[int, int]]:
    return [
        (r, c)
        for r, row in enumerate(grid[1:], start=1)
        for c, cell in enumerate(row)
        if cell and not _is_number(cell) and not _is_remark(grid[0][c])
    ]


def _is_remark(header: str) -> bool:
    """Columns that carry words for people alone."""
    return header in {
        "source",
        "note",
        "grade",
        "name",
        "owner",
        "title",
        "unit",
        "description",
    } or (header.startswith("x_"))


def _misread_number(folder: Path, draw: Random) -> Damage:
    path = draw.choice([p for p in _sheets(folder) if _number_cells(_grid(p))])
    grid = _grid(path)
    r, c = draw.choice(_number_cells(grid))
    old, grid[r][c] = grid[r][c], draw.choice(MISREAD_NUMBERS)(grid[r][c])
    _write(path, grid)
    return Damage(f"{path.stem} {r + 1},{grid[0][c]}: {old!r} to {grid[r][c]!r}", True)


def _misread_name(folder: Path, draw: Random) -> Damage:
    path = draw.choice([p for p in _sheets(folder) if _name_cells(_grid(p))])
    grid = _grid(path)
    r, c = draw.choice(_name_cells(grid))
    old, grid[r][c] = grid[r][c], draw.choice(MISREAD_NAMES)(grid[r][c])
    _write(path, grid)
    column = grid[0][c]
    own = column == "site" or grid[r][0] == "title"
    if path.stem in LABELS.get(column, ()):
        own = not re.search(r"[^\W\d_]{4}$", old) or not _is_shared(folder, column, old)
    elif path.stem != "settings":
        own = own or SHEET[path.stem].key == (column,)
    return Damage(f"{path.stem} {r + 1},{column}: {old!r} to {grid[r][c]!r}", not own)


def _is_shared(folder: Path, column: str, label: str) -> bool:
    """Whether some row still has the label that one had before it was damaged."""
    paths = [folder / f"{sheet}.csv" for sheet in LABELS[column]]
    for header, *rows in (_grid(path) for path in paths if path.exists()):
        if column in header and label in [row[header.index(column)] for row in rows]:
            return True
    return False


def _legal_number(folder: Path, draw: Random) -> Damage:
    path = draw.choice([p for p in _sheets(folder) if _number_cells(_grid(p))])
    grid = _grid(path)
    r, c = draw.choice(_number_cells(grid))
    old, grid[r][c] = grid[r][c], draw.choice(LEGAL_NUMBERS)
    _write(path, grid)
    return Damage(f"{path.stem} {r + 1},{grid[0][c]}: {old!r} to {grid[r][c]!r}", False)


def _row(folder: Path, draw: Random) -> Damage:
    path = draw.choice(_sheets(folder))
    grid = _grid(path)
    r = draw.randrange(1, len(grid))
    what = draw.choice(("twice", "gone", "shifted", "blank", "total", "header again"))
    row = grid[r]
    if what == "twice":
        grid.insert(r, list(row))
    elif what == "gone":
        del grid[r]
    elif what == "shifted":
        grid[r] = ["", *row[:-1]]
    elif what == "blank":
        grid.insert(r, [""] * len(row))
    elif what == "header again":
        grid.insert(r, list(grid[0]))
    else:
        grid.append(_total(grid, draw))
    _write(path, grid)
    return Damage(f"{path.stem} row {r + 1} {what}", what not in {"gone"})


def _total(grid: CsvGrid, draw: Random) -> list[str]:
    """A row of sums below a table; text as above it, where it is the same in every row."""
    label = draw.choice(("Total", "TOTAL", "Sum", "Grand total", "Summe", "total:"))
    row = []
    for c in range(len(grid[0])):
        column = [r[c] for r in grid[1:] if c < len(r)]
        numbers = [float(x) for x in column if _is_number(x)]
        whole = numbers and len(numbers) == len([x for x in column if x])
        row.append(f"{sum(numbers):g}" if whole else column[-1] if column else "")
    row[0] = label
    return row


def _column(folder: Path, draw: Random) -> Damage:
    path = draw.choice(_sheets(folder))
    grid = _grid(path)
    c = draw.randrange(len(grid[0]))
    old = grid[0][c]
    what = draw.choice(("renamed", "twice", "blank", "gone", "spaced", "cased", "year"))
    years = [n for n, name in enumerate(grid[0]) if name.isdigit()]
    if what == "renamed":
        grid[0][c] = old[:1] + old[2:] if len(old) > 2 else old + "z"
    elif what == "twice":
        for row in grid:
            row.append(row[c] if c < len(row) else "")
    elif what == "blank":
        grid[0][c] = ""
    elif what == "gone":
        for row in grid:
            del row[c : c + 1]
    elif what == "spaced":
        grid[0][c] = f" {old}\u00a0"
    elif what == "cased":
        grid[0][c] = old.upper()
    elif years:
        c = draw.choice(years)
        old, grid[0][c] = grid[0][c], draw.choice(("2062", "1926", f"{grid[0][c]}/27", "202 6"))
    _write(path, grid)
    edit = what == "gone" or _is_remark(old) or old.startswith("x_")
    return Damage(f"{path.stem} column {old} {what} {grid[0][c : c + 1]}", not edit)


def _file(folder: Path, draw: Random) -> Damage:
    path = draw.choice(_sheets(folder))
    data = path.read_bytes()
    what = draw.choice(tuple(_FILE_DAMAGES))
    path.write_bytes(_FILE_DAMAGES[what](data, draw))
    return Damage(f"{path.stem}.csv {what}", what != "cut at a line")


def _cut_at_line(data: bytes, draw: Random) -> bytes:
    lines = data.splitlines(keepends=True)
    return b"".join(lines[: draw.randrange(1, len(lines) + 1)])


_FILE_DAMAGES: dict[str, Callable[[bytes, Random], bytes]] = {
    "semicolons": lambda data, draw: data.replace(b",", b";"),
    "tabs": lambda data, draw: data.replace(b",", b"\t"),
    "UTF-16": lambda data, draw: data.decode("utf-8-sig").encode("utf-16"),
    "Latin 1": lambda data, draw: data.decode("utf-8-sig").encode("latin-1", "replace"),
    "BOM": lambda data, draw: b"\xef\xbb\xbf" + data.removeprefix(b"\xef\xbb\xbf"),
    "CR alone": lambda data, draw: data.replace(b"\r\n", b"\n").replace(b"\n", b"\r"),
    "open quote": lambda data, draw: _at(data, draw, b',"'),
    "a quote": lambda data, draw: _at(data, draw, b'"'),
    "NUL": lambda data, draw: _at(data, draw, b"\0"),
    "cut": lambda data, draw: data[: draw.randrange(len(data))],
    "cut at a line": _cut_at_line,
    "empty": lambda data, draw: b"",
    "junk": lambda data, draw: draw.randbytes(200),
    "sep line": lambda data, draw: b"sep=,\r\n" + data,
}


def _at(data: bytes, draw: Random, what: bytes) -> bytes:
    at = draw.randrange(len(data))
    return data[:at] + what + data[at:]


def _beside(folder: Path, draw: Random) -> Damage:
    name = draw.choice(("._projects.csv", ".~lock.demand.csv#", "~$small.csv", ".DS_Store"))
    (folder / name).write_bytes(draw.randbytes(60))
    return Damage(f"{name} beside the files", True)


def _write(path: Path, grid: CsvGrid) -> None:
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows(grid)


FOLDER_DAMAGES = (
    *(_misread_number, _misread_number, _misread_name, _misread_name, _legal_number),
    *(_row, _column, _file, _beside),
)


# ---- Workbooks ------------------------------------------------------------------------------


def _tables(found: list[Table]) -> TableList:
    tables = TableList()
    for table in found:
        tables.add(table)
    return tables


# Its own items() are not what it holds, by which pickle would take it.
copyreg.pickle(TableList, lambda tables: (_tables, (list(tables.values()),)))


def _book(path: Path) -> Any:
    """The workbook at a path, for damages of a cell alone: parsed once for all of its bytes, since
    to take it from a pickle is a tenth of the work. New rows and columns it cannot be given."""
    return pickle.loads(_parsed(path.read_bytes()))


@cache
def _parsed(content: bytes) -> bytes:
    return pickle.dumps(openpyxl.load_workbook(io.BytesIO(content)))


def _cell_format(path: Path, draw: Random) -> Damage:
    book = _book(path)
    sheet, cell = _a_cell(book, draw)
    cell.number_format = draw.choice(
        ("yyyy-mm-dd", "hh:mm", "[h]:mm", "0%", "@", "0,", '0"k"', "mmm yy")
    )
    book.save(path)
    return Damage(f"{sheet}!{cell.coordinate} shown as {cell.number_format}", True)


def _cell_value(path: Path, draw: Random) -> Damage:
    book = _book(path)
    sheet, cell = _a_cell(book, draw)
    old = cell.value
    values: list[Any] = [make(f"{old}") for make in MISREAD_NUMBERS]
    values += [f"={old}*2", '=IF(1=1,"","")', "=1/0", True, f"'{old}"]
    cell.value = draw.choice(values)
    book.save(path)
    return Damage(f"{sheet}!{cell.coordinate}: {old!r} to {cell.value!r}", True)


def _sheet_shape(path: Path, draw: Random) -> Damage:
    book = openpyxl.load_workbook(path)
    sheet, cell = _a_cell(book, draw)
    what = draw.choice(("merged", "hidden row", "hidden sheet", "far cell", "spaced title"))
    if what == "merged":
        cell.parent.merge_cells(
            start_row=cell.row,
            end_row=cell.row + 1,
            start_column=cell.column,
            end_column=cell.column,
        )
    elif what == "hidden row":
        cell.parent.row_dimensions[cell.row].hidden = True
    elif what == "hidden sheet":
        cell.parent.sheet_state = "hidden"
    elif what == "far cell":
        cell.parent.cell(1_048_576, 16_384).font = openpyxl.styles.Font(bold=True)
    else:
        cell.parent.title = f"{sheet} "
    book.save(path)
    return Damage(f"{sheet}!{cell.coordinate} {what}", True)


def _a_cell(book: Any, draw: Random) -> tuple[str, Any]:
    """A cell of a sheet that holds a number, and no year."""
    while True:
        sheet = book[draw.choice(book.sheetnames)]
        filled = [
            cell
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, (int, float)) and not isinstance(cell.value, bool)
        ]
        inside = [c for c in filled if not isinstance(c.value, int) or not 1900 < c.value < 2200]
        if inside:
            return sheet.title, draw.choice(inside)


def _part(path: Path, draw: Random) -> Damage:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = draw.choice(sorted(parts))
    what = draw.choice(("gone", "renamed", "cut", "flipped", "empty", "UTF-16", "twice in case"))
    data = parts[name]
    if what == "gone":
        del parts[name]
    elif what == "renamed":
        parts[name.replace("xl/", "XL/").replace("s", "S", 1)] = parts.pop(name)
    elif what == "cut":
        parts[name] = data[: draw.randrange(len(data) + 1)]
    elif what == "flipped":
        at = draw.randrange(len(data))
        parts[name] = data[:at] + bytes([data[at] ^ (1 << draw.randrange(8))]) + data[at + 1 :]
    elif what == "empty":
        parts[name] = b""
    elif what == "UTF-16":
        text = data.decode("utf-8", "replace").replace("UTF-8", "UTF-16")
        parts[name] = text.encode("utf-16")
    else:
        parts[name.upper()] = data
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for own, content in parts.items():
            archive.writestr(own, content)
    # A flipped bit may be another digit.
    return Damage(f"part {name} {what}", what != "flipped")


def _bytes(path: Path, draw: Random) -> Damage:
    data = bytearray(path.read_bytes())
    what = draw.choice(("cut", "flipped", "junk before", "junk after", "not a zip"))
    if what == "cut":
        data = data[: draw.randrange(len(data))]
    elif what == "flipped":
        for _ in range(draw.randint(1, 20)):
            data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
    elif what == "junk before":
        data = bytearray(draw.randbytes(30)) + data
    elif what == "junk after":
        data += draw.randbytes(30)
    else:
        data = bytearray(b"%PDF-1.7\n") + data[:100]
    path.write_bytes(bytes(data))
    return Damage(f"file {what}", True)


BOOK_DAMAGES = (_cell_format, _cell_value, _cell_value, _sheet_shape, _part, _bytes)


# ---- Many of them ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DamagedCase:
    """A damaged case: its seed, what was done, and the fields that changed without a word."""

    seed: int
    damage: Damage
    silent: list[str]


def damaged(source: Path, seed: int, work: Path) -> tuple[Damage, Path]:
    """A copy of a case with the damage of a seed: of a folder or an .xlsx, as the source is."""
    draw = Random(seed)
    copy = work / source.name
    if source.is_dir():
        shutil.copytree(source, copy)
        return draw.choice(FOLDER_DAMAGES)(copy, draw), copy
    shutil.copyfile(source, copy)
    return draw.choice(BOOK_DAMAGES)(copy, draw), copy


def tried(source: Path, seeds: range, work: Path) -> Iterator[DamagedCase]:
    """What reading makes of a case damaged once for each seed."""
    before = reading(source)
    assert not before.refused, before.refused
    for seed in seeds:
        place = work / str(seed)
        place.mkdir()
        damage, path = damaged(source, seed, place)
        yield DamagedCase(seed, damage, silent(before, reading(path)))
        shutil.rmtree(place)
