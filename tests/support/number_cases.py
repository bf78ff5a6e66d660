"""A small workbook that types a number into every number column of every sheet, one way or another,
and what stands in each.

It is the example with more rows and half of its years, for it is solved some hundred times.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cases import Cells, add, patch, setting, tiny, write_folder

from opt.data.sheets.columns import CellKind
from opt.data.sheets.ranges import Range
from opt.data.sheets.registry import SETTINGS, SHEETS

NUMBERS = (CellKind.NUMBER, CellKind.SHARE, CellKind.INTEGER, CellKind.SURPLUS, CellKind.YEAR)
MORE = (
    add(
        "projects",
        project="P4",
        region="JPN",
        processes="sinter",
        capacity_min=100,
        capacity_max=5000,
        capacity_of="magnet",
        capex=10,
        capex_per_unit=0.05,
        capex_share=1,
        opex_share=1,
        lead_time=1,
        latest=2033,
        max_units=2,
        public_share=0.2,
        fixed_opex=1,
        availability=0.9,
        life=20,
    ),
    add(
        "facilities",
        facility="jp_mine",
        region="JPN",
        processes="mine",
        capacity_of="concentrate",
        opens=2020,
        closes=2034,
        fixed_opex=1,
        availability=0.9,
        least_use=0.2,
        opex_share=0.5,
        idle_cost=100,
        **{"2026": 100, "2035": 200},
    ),
    add("least_use", facility="cn_magnets", **{"2026": 0.1, "2035": 0.1}),
    patch("facilities", 3, "idle_cost", 100),
    add(
        "programmes",
        programme="vault_fund",
        amount=500,
        commit_from=2026,
        charge=1,
        ticket_min=1,
        ticket_max=400,
        pays_for="stock;output_support;capex",
        instrument="loan",
        repay_years=10,
    ),
    add(
        "eligibility",
        programme="vault_fund",
        field="bloc",
        value="ally",
        max_share=0.4,
        max_amount=1e4,
    ),
    add(
        "stockpiles",
        stockpile="vault",
        region="JPN",
        commodity="oxide",
        initial=10,
        capacity=500,
        loss=0.01,
        carrying_cost=100,
    ),
    add("prices", commodity="oxide", **{"2026": 60000, "2035": 70000}),
    add("prices", commodity="magnet", **{"2026": 50000, "2035": 60000}),
    add("prices", commodity="concentrate", **{"2026": 3000, "2035": 3000}),
    add(
        "supports",
        programme="vault_fund",
        commodity="magnet",
        basis="per_unit",
        amount=9000,
        first_year=2026,
        last_year=2035,
    ),
    add("build_limits", field="all", what="capex", **{"2026": 900, "2027": 900}),
    add(
        "build_limits",
        limit="pace",
        field="all",
        what="capacity",
        commodity="oxide",
        learn=0.2,
        **{"2026": 900, "2027": 900},
    ),
    add("lifts", project="P1", limit="pace", amount=300),
    add("offtakes", project="P1", commodity="concentrate", destination="AUS", share=0.5),
    add("uptake", region="JPN", **{"2026": 0.9, "2027": 0.9}),
    add("minerals", mineral="rare earths", weight=1),
    add("lanes", origin="*", destination="*", commodity="*", cost=100, limit=50000),
    add("ranges", sheet="projects", row="P1", column="capex", low=300, high=500),
    add("targets", target="most", metric="dependence", year=2030, bound=1),
    add("scenarios", scenario="slow", probability=0.5),
    add("shocks", scenario="slow", what="demand", shift=100, last_year=2033),
    add("shocks", scenario="slow", what="lead_time", shift=1),
    add("shocks", scenario="slow", what="capex", factor=1.2, shift=5),
    add("calibration", metric="output", scope="magnet:CHN", year=2026, published=9, tolerance=1),
    setting("last_year", 2030),
    setting("dependence_to", 2030),
    setting("gap", 0.001),
    setting("cost_gap", 0.01),
    setting("cost_gap_added", 0.01),
    setting("time_limit", 600),
    setting("threads", 1),
    setting("seed", 0),
    setting("dependence_target", 1),
    setting("worth_of_point", 500),
    setting("calibrate_from", 2026),
    setting("second_wave", 2030),
)


class NumberCell(NamedTuple):
    """A cell of a number column: its sheet, data row (from 1), column, and what it may hold."""

    sheet: str
    row: int
    column: str
    range: Range

    @property
    def name(self) -> str:
        """For test ids."""
        return f"{self.sheet}.{self.column}"


def number_case() -> Cells:
    """The workbook as header and rows by sheet; the caller's own to change."""
    case = tiny()
    for change in MORE:
        change(case)
    return case


def number_cells() -> Iterator[NumberCell]:
    """For every number column (settings and blocks of years too) the last cell that holds one."""
    case = number_case()
    for column in SETTINGS:
        if column.kind in NUMBERS and column.range is not None:
            keys = [line[0] for line in case["settings"]]
            yield NumberCell("settings", keys.index(column.name), "value", column.range)
    for sheet in SHEETS:
        found = {c.name: c.range for c in sheet.columns if c.kind in NUMBERS and c.range}
        if sheet.years is not None and sheet.years.range is not None:
            titles = (str(title) for title in case[sheet.name][0])
            block = [title for title in titles if title.removeprefix("year_").isdigit()]
            found[block[0]] = sheet.years.range
        for name, allowed in found.items():
            if sheet.name != "settings":
                yield NumberCell(sheet.name, _row(case, sheet.name, name), name, allowed)


def _row(case: Cells, sheet: str, column: str) -> int:
    header, *lines = case[sheet]
    if column not in header:
        return len(lines)
    filled = [n for n, line in enumerate(lines, 1) if line[header.index(column)] != ""]
    return max(filled, default=len(lines))


def with_number(folder: Path, cell: NumberCell, number: Any) -> Path:
    """The workbook with one cell changed, as a folder of CSV files."""
    case = number_case()
    table = case[cell.sheet]
    if cell.column not in table[0]:
        for line in table:
            line.append("")
        table[0][-1] = cell.column
    table[cell.row][table[0].index(cell.column)] = number
    return write_folder(folder, case)
