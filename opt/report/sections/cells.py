"""A cell of the workbook in words: what it holds of which row, by name."""

from __future__ import annotations

from collections.abc import Mapping

from opt.report.story import Story, once

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
    """'capital cost of Browns Range', 'demand of European Union, magnets, civil in 2035'."""
    if sheet == "settings":
        return f"setting {row}"
    parts = (_name(story, part) for part in row.replace("|", ";").split(";"))
    names = ", ".join(part for part in parts if part)
    if sheet in SHEETS and column.isdigit():
        return f"{SHEETS[sheet]} of {names} in {column}"
    if sheet in SHEETS:
        return f"{_column(column)} of {SHEETS[sheet]} of {names}"
    return f"{_column(column)} of {names}"


def _column(column: str) -> str:
    return COLUMNS.get(column, column.replace("_", " "))


def _name(story: Story, key: str) -> str:
    """The name of what an id stands for, in whatever case it is written; itself where it stands for
    nothing that has one."""
    key = key.strip()
    return _names(story).get(key.casefold(), key)


@once
def _names(story: Story) -> Mapping[str, str]:
    """The names of all that has one, by its id as ids are compared."""
    case = story.run.case
    plants = {key: case.plant_name(key) for key in (*case.facilities, *case.projects)}
    named = (case.programmes, case.processes, case.commodities, case.regions)
    names = {key: own.name for records in named for key, own in records.items()}
    return {key.casefold(): name for key, name in (plants | names).items()}
