"""What a study changes of a case, in the cells of its workbook.

The audit's own reading of each change, so that the plan of a changed case is held against tables
that were changed without the code that changed the instance (opt.studies.change).
"""

from __future__ import annotations

from collections.abc import Collection

from opt.audit.case import PLANT_SHEETS
from opt.data.reading.changed_cells import NewCell, cell_with, scaled_cells, tables_with
from opt.data.tables import Row, Tables


def scaled_programmes(
    tables: Tables, factor: float, names: Collection[str] | None = None
) -> Tables:
    """Amount and yearly limits of some programmes (None: of every one) multiplied."""
    cells: list[NewCell] = []
    for row in tables.rows["programmes"]:
        if names is None or row.text("programme") in names:
            cells += scaled_cells(row, factor, "amount")
    return tables_with(tables, cells)


def scaled_limits(tables: Tables, factor: float, what: str) -> Tables:
    """The yearly limits of sheet build_limits on starts, capex or capacity multiplied; what they
    grow by and what lifts them stays."""
    cells: list[NewCell] = []
    for row in tables.rows["build_limits"]:
        if row.text("what") == what:
            cells += scaled_cells(row, factor)
    return tables_with(tables, cells)


def one_more_start(tables: Tables, name: str) -> Tables:
    """A unit more in every year that a row on starts limits, of that `name`:
    starts|field|value|mineral."""
    cells = [
        cell_with(row, year, limit + 1)
        for row in tables.rows["build_limits"]
        if row.text("what") == "starts" and _name_of(row) == name
        for year, limit in row.years.items()
    ]
    return tables_with(tables, cells)


def _name_of(row: Row) -> str:
    words = (row.text("what"), row.text("field"), row.text("value"))
    return "|".join((*words, *filter(None, [row.text("mineral")])))


def decided(tables: Tables, decisions: dict[str, str]) -> Tables:
    """Projects with other words in column decision: free, forbid, force, force 2028."""
    cells = [
        cell_with(row, "decision", decisions[row.text("project")])
        for row in tables.rows["projects"]
        if row.text("project") in decisions
    ]
    return tables_with(tables, cells)


def failed(tables: Tables, plant: str) -> Tables:
    """A facility or project that never runs: availability 0."""
    cells = [cell_with(row, "availability", 0.0) for row in _plant_rows(tables, plant)]
    return tables_with(tables, cells)


def without_targets(tables: Tables) -> Tables:
    """Nothing asked of a plan."""
    return tables_with(tables, emptied=("targets",), settings={"dependence_target": None})


def without_new_money(tables: Tables, *, merchants: bool) -> Tables:
    """Nothing asked of a plan, no money in any programme, no project that must be built; with
    `merchants` what comes without new money comes, else nothing does."""
    cells: list[NewCell] = []
    for row in tables.rows["projects"]:
        if row.text("decision").startswith("force"):
            cells.append(cell_with(row, "decision", "free"))
        if not merchants:
            cells += [cell_with(row, name, None) for name in ("merchant", "merchant_chance")]
    return tables_with(without_targets(scaled_programmes(tables, 0.0)), cells)


def _plant_rows(tables: Tables, plant: str) -> list[Row]:
    return [
        row
        for sheet, column in PLANT_SHEETS.items()
        for row in tables.rows[sheet]
        if row.text(column) == plant
    ]
