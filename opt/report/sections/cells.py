"""A cell of the workbook in words: what it holds of which row, by name."""

from __future__ import annotations

from collections.abc import Mapping

from opt.report.story import Story

COLUMNS: Mapping[str, str] = {
    "capex": "capital cost",
    "capex_per_unit": "capital cost per unit",
    "opex": "operating cost",
    "fixed_opex": "fixed operating cost",
    "lead_time": "lead time",
    "amount": "amount",
    "chance": "chance of operation",
    "merchant_chance": "chance to come without new money",
    "availability": "availability",
    "capacity": "capacity",
    "life": "life",
    "charge": "charge",
}
SHEETS: Mapping[str, str] = {
    "demand": "demand",
    "prices": "price",
    "lanes": "lane",
    "recipes": "recipe",
    "build_limits": "limit on building",
    "ramps": "ramp",
}


def cell_words(story: Story, sheet: str, row: str, column: str) -> str:
    """'capital cost of Browns Range', 'demand EU, magnets, civil in 2035'."""
    if sheet == "settings":
        return f"setting {row}"
    parts = (_name(story, part) for part in row.replace("|", ";").split(";"))
    names = ", ".join(part for part in parts if part)
    if sheet in SHEETS:
        year = f" in {column}" if column.isdigit() else f", {_column(column)}"
        return f"{SHEETS[sheet]} of {names}{year}"
    return f"{_column(column)} of {names}"


def _column(column: str) -> str:
    return COLUMNS.get(column, column.replace("_", " "))


def _name(story: Story, key: str) -> str:
    """The name of what an id stands for; itself where it stands for nothing that has one."""
    case, key = story.run.case, key.strip()
    if key in case.regions:
        return case.regions[key].name
    if key in case.commodities:
        return case.commodities[key].name
    if key in case.processes:
        return case.processes[key].name
    if key in case.programmes:
        return case.programmes[key].name
    return case.plant_name(key)
