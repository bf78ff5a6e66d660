"""inputs/CASE/datapackage.json: a shipped case as a Data Package, made from its settings and from
the declaration of its sheets."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from opt.data.sheets.columns import CellKind, Column, Sheet
from opt.data.sheets.registry import SHEETS

PACKAGE = "datapackage.json"
_TYPES = {
    CellKind.NUMBER: "number",
    CellKind.SHARE: "number",
    CellKind.INTEGER: "integer",
    CellKind.YEAR: "integer",
}


def data_package(folder: Path) -> str:
    """The descriptor of a case's folder of CSV files, as text.

    Every file is a resource, every column a field with its type, and its help and unit from the
    declaration of the sheets; columns that begin with x_ are the author's own.
    """
    settings = _settings(folder)
    names = ["settings", *(sheet.name for sheet in SHEETS if sheet.name != "settings")]
    sheets = {sheet.name: sheet for sheet in SHEETS}
    resources = [
        _resource(folder / f"{name}.csv", sheets.get(name))
        for name in names
        if (folder / f"{name}.csv").exists()
    ]
    package: dict[str, Any] = {
        "name": folder.name.replace("_", "-"),
        "title": settings.get("title", folder.name),
        "resources": resources,
    }
    if "data_version" in settings:
        package["version"] = settings["data_version"]
    if "data_date" in settings:
        package["dataDate"] = settings["data_date"]  # the standard's `created` is a day and an hour
    if "licence" in settings:
        package["licenses"] = [{"name": settings["licence"]}]
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"


def _settings(folder: Path) -> dict[str, str]:
    with (folder / "settings.csv").open(encoding="utf-8", newline="") as file:
        return {row["key"]: row["value"] for row in csv.DictReader(file)}


def _resource(path: Path, sheet: Sheet | None) -> dict[str, Any]:
    with path.open(encoding="utf-8", newline="") as file:
        headers = next(csv.reader(file))
    return {
        "name": path.stem.replace("_", "-"),
        "path": path.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": [_field(header, sheet) for header in headers]},
    }


def _field(header: str, sheet: Sheet | None) -> dict[str, str]:
    column = None if sheet is None else _column(header, sheet)
    if column is None:
        return {"name": header, "type": "string"}
    field = {"name": header, "type": _TYPES.get(column.kind, "string"), "description": column.help}
    if column.unit:
        field["unit"] = column.unit
    return field


def _column(header: str, sheet: Sheet) -> Column | None:
    for column in sheet.all_columns:
        if column.name == header:
            return column
    years = sheet.years
    if years is not None and (header.isdigit() or header.startswith("year_")):
        return years.column(header)
    return None
