"""Files of a run that cannot be read: each named with the place and what is wrong there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn

from opt.errors import InputError, Issue

REPAIR = "Solve again, or take the file from a copy of the run."


def broken(path: Path, cell: str, value: object, message: str) -> Issue:
    """One fault of a file of the run, which is named as it lies there: `tables/costs.csv!C3`."""
    name = f"{path.parent.name}/{path.name}" if path.parent.name == "tables" else path.name
    return Issue(name, cell, str(value), message, REPAIR)


def read_text(path: Path) -> str:
    """A file as text; an InputError where it is empty or not UTF-8."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise InputError([broken(path, "", "", f"is not UTF-8 at byte {fault.start}.")]) from fault
    if not text.strip():
        raise InputError([broken(path, "", "", "is empty.")])
    return text


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object; an InputError where the file holds none, or NaN, or a key twice."""
    text = read_text(path)
    try:
        found = json.loads(text, parse_constant=_refuse, object_pairs_hook=_once)
    except json.JSONDecodeError as fault:
        message = f"is not JSON: {fault.msg} (line {fault.lineno}, column {fault.colno})."
        raise InputError([broken(path, "", "", message)]) from fault
    except (ValueError, RecursionError) as fault:
        raise InputError([broken(path, "", "", f"cannot be read: {fault}.")]) from fault
    if not isinstance(found, dict):
        raise InputError([broken(path, "", "", "holds no JSON object.")])
    return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _once(pairs: Iterable[tuple[str, Any]]) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"key '{key}' stands twice")
        found[key] = value
    return found
