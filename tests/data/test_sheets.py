"""The declaration of the sheets: one class of rows each, and no column that nothing uses."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
from random_cases_full import random_full_case

import opt
import opt.data.sheets
from opt.data.assemble import assemble
from opt.data.reader import read
from opt.data.sheets.columns import Cell
from opt.data.sheets.declare import row_types_of
from opt.data.sheets.registry import ROW, ROWS, SHEETS
from opt.errors import InputError
from opt.results.case import case_record

ROOT = Path(opt.__file__).parent
INPUTS = Path(__file__).parents[2] / "inputs"
BY_NAME = {"text", "number_of", "optional", "items"}


def named_in(path: Path) -> set[str]:
    """What a module reads of rows or settings by name: row.text("x"), settings["x"]."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Subscript):
            found |= {node.slice.value} if isinstance(node.slice, ast.Constant) else set()
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") in BY_NAME:
            found |= {word.value for word in node.args[:1] if isinstance(word, ast.Constant)}
    return {name for name in found if isinstance(name, str)}


def test_every_sheet_has_a_class_of_rows() -> None:
    assert len({sheet.name for sheet in SHEETS}) == len(ROWS) == len(ROW)
    for rows in ROWS:
        assert rows.__doc__
        assert set(rows.SHEET.key) <= {c.name for c in rows.SHEET.columns}


def test_every_file_with_sheets_is_in_the_contents() -> None:
    files = iter_modules(opt.data.sheets.__path__)
    modules = [import_module(f"opt.data.sheets.{file.name}") for file in files]
    declared = [rows.__name__ for module in modules for rows in row_types_of(module)]
    assert sorted(declared) == sorted(rows.__name__ for rows in ROWS)


def test_every_column_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By checks, assembly or the record of a case as an attribute, by another room under its name,
    or by people alone."""
    used: set[tuple[type, str]] = set()
    value_of = Cell.__get__

    def told(cell: Cell[Any], row: Any, owner: type) -> Any:
        used.add((owner, cell.column.name))
        return value_of(cell, row, owner)

    monkeypatch.setattr(Cell, "__get__", told)
    for seed in range(40):
        try:
            tables = read(random_full_case(tmp_path / str(seed), seed))
        except InputError:
            continue  # a case of faults
        for row in (None, *tables.rows["scenarios"]):
            assemble(tables, None if row is None else row.text("scenario"))
    case_record(read(INPUTS / "gallium"))
    elsewhere = set[str]()
    for path in ROOT.rglob("*.py"):
        if "sheets" not in path.parts:
            elsewhere |= named_in(path)
    idle = [
        (rows.SHEET.name, column.name)
        for rows in ROWS
        for column in rows.SHEET.columns
        if (rows, column.name) not in used and column.name not in elsewhere
        if not column.for_reader
    ]
    assert idle == []
