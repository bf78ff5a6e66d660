"""facts.csv says what the tables say, number for number, in the units of the input copy."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from opt.audit.check import Check, holds
from opt.data.tables import Tables
from opt.record.facts import ASIDE, BETWEEN, FACTS_FILE
from opt.record.folder import TABLES_FOLDER
from opt.record.table import Table
from opt.record.tables import TABLES

HEADER = ["run", "scenario", "table", "entity", "measure", "year", "unit", "value"]
Key = tuple[str, str, str, str, str]


def same_facts(folder: Path, run: Mapping[str, object], tables: Tables) -> Iterator[Check]:
    """Every number of tables/*.csv stands once in facts.csv, under this run and its scenario, and
    no other does: same table, names, column, year and digits. A row that names a commodity has its
    unit of sheet commodities; any other the declared one, or one of a commodity in its place."""
    if not (folder / FACTS_FILE).is_file():
        yield holds((FACTS_FILE, "is missing"), False)
        return
    with (folder / FACTS_FILE).open(encoding="utf-8", newline="") as file:
        header, *lines = list(csv.reader(file)) or [[]]
    yield holds(("header",), header == HEADER)
    if header != HEADER:
        return
    asked = [str(run["id"]), str(run["scenario"] or "")]
    yield holds(("run",), all(line[:2] == asked for line in lines))
    units = {row.text("commodity"): row.text("unit") for row in tables.rows["commodities"]}
    told, due, unit_of = _told(lines), Counter[Key](), {}
    for table in TABLES:
        for key, unit in _due(folder, table, units):
            due[key] += 1
            unit_of[key] = unit
    yield holds(("facts",), True)
    yield from (holds((*key[:4], "is missing"), False) for key in sorted(due - told))
    yield from (holds((*key[:4], "is in no table"), False) for key in sorted(told - due))
    yield from _units(lines, unit_of, frozenset(units.values()))


def _told(lines: list[list[str]]) -> Counter[Key]:
    return Counter((line[2], line[3], line[4], line[5], line[7]) for line in lines)


def _due(
    folder: Path, table: Table, units: Mapping[str, str]
) -> Iterator[tuple[Key, tuple[str, bool]]]:
    """The facts of a table as it is written, each with its unit, and whether that is certain."""
    columns = table.columns
    with (folder / TABLES_FOLDER / f"{table.name}.csv").open(encoding="utf-8", newline="") as file:
        for cells in csv.DictReader(file):
            texts = [c for c in columns if c.type not in (int, float) and c.name not in ASIDE]
            entity = BETWEEN.join(cells[c.name] for c in texts if cells[c.name])
            own = _own(cells, units)
            for c in columns:
                if c.type in (int, float) and c.name != "year" and cells[c.name]:
                    key = (table.name, entity, c.name, cells.get("year") or "", cells[c.name])
                    certain = bool(own) or "units" not in c.unit
                    yield key, (c.unit.replace("units", own) if own else c.unit, certain)


def _own(cells: Mapping[str, str], units: Mapping[str, str]) -> str:
    """The unit that a row states, or that of the commodity which it names; blank for neither."""
    return cells.get("unit") or units.get(cells.get("commodity") or "", "")


def _units(
    lines: list[list[str]], unit_of: Mapping[Key, tuple[str, bool]], known: frozenset[str]
) -> Iterator[Check]:
    for line in lines:
        key, unit = (line[2], line[3], line[4], line[5], line[7]), line[6]
        declared, certain = unit_of.get(key, (unit, True))
        right = unit == declared
        if not (right or certain):
            right = any(unit == declared.replace("units", own) for own in known if own)
        if not right:
            yield holds((*key[:4], "unit"), False)
