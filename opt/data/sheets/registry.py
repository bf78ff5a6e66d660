"""Table of contents: every sheet by subject, in the order of the template and of docs/workbook.md;
and the settings."""

from __future__ import annotations

from opt.data.sheets import (
    calibration,
    ceilings,
    cell_ranges,
    chain,
    contracts,
    demand,
    idle,
    minerals,
    money,
    plans,
    projects,
    scenarios,
    setup,
    sources,
    stock,
    support,
    targets,
    trade,
    variants,
)
from opt.data.sheets.columns import Column, Sheet, declared_columns
from opt.data.sheets.declare import SheetRow, row_types_of

# A subject a module, whose sheets stand in their own order there.
SUBJECTS = (
    *(setup, chain, idle, projects, money, support, ceilings, contracts, demand, minerals, trade),
    *(stock, scenarios, variants, cell_ranges, targets, plans, calibration, sources),
)
ROWS: tuple[type[SheetRow], ...] = tuple(
    rows for subject in SUBJECTS for rows in row_types_of(subject)
)
SHEETS: tuple[Sheet, ...] = tuple(rows.SHEET for rows in ROWS)
SHEET: dict[str, Sheet] = {sheet.name: sheet for sheet in SHEETS}
ROW: dict[str, type[SheetRow]] = {rows.SHEET.name: rows for rows in ROWS}
# Labels, by kind: columns of text that name what no sheet defines; rows of one belong together.
LABELS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("processes", "stage"), ("commodities", "stage"), ("projects", "stage")),
    (("commodities", "mineral"), ("minerals", "mineral")),
    (("demand", "segment"),),
    (("projects", "group"),),
    (("projects", "bundle"),),
    (("contents", "element"),),
    (("plans", "plan"),),
    (("variants", "variant"),),
)
SETTINGS: tuple[Column, ...] = declared_columns(setup.CaseSettings)
SETTING: dict[str, Column] = {column.name: column for column in SETTINGS}
