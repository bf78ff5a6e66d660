"""The settings of a run: sheet settings, what the command line sets, and declared defaults."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from opt.data.reading.cells import type_cell
from opt.data.reading.log import Log
from opt.data.reading.raw import RawCell
from opt.data.sheets.columns import CellKind, Column
from opt.data.sheets.registry import SETTING, SETTINGS
from opt.data.sheets.setup import SCHEMA_VERSION, setting_row
from opt.data.tables import DefaultUsed, Row, Value
from opt.data.words import did_you_mean, tidy

_DATE = re.compile(r"\d{4}(-\d{2}){0,2}")
_ANY = Column("value", CellKind.TEXT, "Value of a setting that is not known")

# How the machine works on a case, not what is asked of it: nothing that a run tells rests on it.
MACHINE_SETTINGS = frozenset({"threads"})


@dataclass(frozen=True, slots=True)
class Settings:
    """All declared settings with their values, and the defaults that stood in.

    `guessed` says that the horizon is missing or reversed and was guessed to check on.
    """

    values: Mapping[str, Value]
    defaults: tuple[DefaultUsed, ...]
    guessed: bool


def setting_column(key: Value) -> Column:
    """The declaration that types the value of a setting; plain text where the key is unknown."""
    return SETTING.get(str(key).casefold(), _ANY)


def read_settings(rows: Sequence[Row], overrides: Mapping[str, str], log: Log) -> Settings:
    """The settings of the sheet's rows, with the overrides in their place."""
    values: dict[str, Value] = {}
    for row in rows:
        key = row.text("key").casefold()
        if key in SETTING:
            values.setdefault(key, row["value"])
        elif key and not key.startswith("x_"):
            log.issues.append(row.issue("key", f"'{key}' is not a setting.", _near_key(key)))
    values |= _overrides(overrides, log)
    if isinstance(values.get("objective"), str):
        values["objective"] = str(values["objective"]).casefold()
    _check_version(rows, values, log)
    _report_date(rows, overrides, values, log)
    _report_missing(values, log)
    _report_reversed(rows, values, log)
    defaults = []
    for column in SETTINGS:
        if values.get(column.name) is None:
            values[column.name] = column.default
            if column.default is not None and column.name not in MACHINE_SETTINGS:
                defaults.append(DefaultUsed("settings", column.name, str(column.default), 1))
    guessed = _guess_horizon(values)
    return Settings(values, tuple(defaults), guessed)


def _near_key(key: str) -> str:
    return did_you_mean(key, SETTING, "Begin its name with x_ to keep a setting of your own.")


def _overrides(overrides: Mapping[str, str], log: Log) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for given, text in overrides.items():
        key = tidy(given).casefold()
        if key not in SETTING:
            log.fault("settings", "", given, f"'{given}' is not a setting.", _near_key(key))
        elif not text.strip():
            log.fault("settings", "", "", f"{key}: no value is given.", f"Write {key}=VALUE.")
        else:
            typed = type_cell(RawCell(text), SETTING[key], is_text=True)
            values[key] = typed.value
            if typed.message:
                log.fault("settings", "", text, f"{key}: {typed.message}", typed.hint)
    return values


def _check_version(rows: Iterable[Row], values: Mapping[str, Value], log: Log) -> None:
    version = values.get("schema")
    if version in (None, SCHEMA_VERSION):
        return
    row = setting_row(rows, "schema")
    message = f"this workbook has layout {version}; this program reads layout {SCHEMA_VERSION}."
    hint = "Update the program, or bring the data into a new workbook (python -m opt init)."
    cell = row.cell("value") if row else ""
    log.fault("settings", cell, str(version), message, hint)


def _report_date(
    rows: Iterable[Row], overrides: Mapping[str, str], values: Mapping[str, Value], log: Log
) -> None:
    given = values.get("data_date")
    if given is None or is_date(str(given)):
        return
    row = setting_row(rows, "data_date")
    over = any(tidy(key).casefold() == "data_date" for key in overrides)
    cell = row.cell("value") if row and not over else ""
    message = f"data_date: '{given}' is not a date."
    log.fault("settings", cell, str(given), message, "Write it as 2026-11-25, 2026-11 or 2026.")


def is_date(text: str) -> bool:
    """Whether a text is a day, month or year of the calendar: 2026-11-25, 2026-11 or 2026."""
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return True


def _report_missing(values: Mapping[str, Value], log: Log) -> None:
    for column in SETTINGS:
        if column.required and column.name not in values:
            hint = f"Add a row: {column.name}, and its value."
            log.fault("settings", "", "", f"setting '{column.name}' is missing.", hint)


def _report_reversed(rows: Iterable[Row], values: Mapping[str, Value], log: Log) -> None:
    first, last = values.get("first_year"), values.get("last_year")
    if isinstance(first, int) and isinstance(last, int) and first > last:
        row = setting_row(rows, "last_year")
        cell = row.cell("value") if row and row["value"] == last else ""
        message = f"{last} is before first_year {first}."
        log.fault("settings", cell, str(last), message, "Swap or mend the years.")


def _guess_horizon(values: dict[str, Value]) -> bool:
    first, last = values["first_year"], values["last_year"]
    if isinstance(first, int) and isinstance(last, int) and first <= last:
        return False
    known = first if isinstance(first, int) else last if isinstance(last, int) else 2000
    values["first_year"], values["last_year"] = known, known
    return True
