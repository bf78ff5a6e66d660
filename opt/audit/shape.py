"""What of run.json must be there, and of which kind, before anything can be recomputed.

Every other key is held against its recomputed value; see record.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from opt.audit.broken import broken
from opt.errors import InputError


class Kind(NamedTuple):
    """A value of one of some types; `words` say which."""

    types: tuple[type, ...]
    words: str


class Each(NamedTuple):
    """An object with any keys, all of whose values are of one shape."""

    shape: Any


class OrNull(NamedTuple):
    """A shape, or null."""

    shape: Any


TEXT = Kind((str,), "text")
WHOLE = Kind((int,), "a whole number")
NUMBER = Kind((int, float), "a number")
MAYBE_NUMBER = Kind((int, float, type(None)), "a number or null")
TRUTH = Kind((bool,), "true or false")
ANYTHING = Kind((object,), "anything")

RUN = Path("run.json")
COMMITMENT = {"project": TEXT, "year": WHOLE, "units": WHOLE, "size": OrNull(NUMBER)}
YEAR = {
    **dict.fromkeys(("demand", "exposed", "short", "dependence", "shortfall"), NUMBER),
    "counted": TRUTH,
}
BASELINE = {"dependence": NUMBER, "shortfall": NUMBER, "by_year": Each(YEAR)}
MONEY = ("cost_musd", "capex_musd", "public_musd", "private_musd")
# An object names its required keys, a list holds the shape of all its entries.
SHAPE = {
    "workbook": {"sha256": TEXT},
    "scenario": OrNull(TEXT),
    "objective": TEXT,
    "status": TEXT,
    "passes": [
        {"objective": TEXT, "value": NUMBER, "bound": OrNull(NUMBER), "gap": OrNull(NUMBER)}
    ],
    "metrics": {
        **dict.fromkeys(("dependence", "shortfall", "pooled_dependence", *MONEY), NUMBER),
        "by_year": Each(YEAR),
        "pooled_by_year": Each(NUMBER),
        "cost_parts": Each(NUMBER),
        "baseline": OrNull(BASELINE),
    },
    "projects": [
        {
            "project": TEXT,
            "year": WHOLE,
            "units": WHOLE,
            "size": OrNull(NUMBER),
            "capex_musd": NUMBER,
            "paid_by": Each(NUMBER),
        }
    ],
    "settings": Each(ANYTHING),
    "overrides": Each(TEXT),
    "plan": OrNull(
        {
            "name": TEXT,
            "commitments": [COMMITMENT],
        }
    ),
}


OPTIONS = [
    {
        "name": TEXT,
        "dependence": NUMBER,
        "bound": OrNull(NUMBER),
        "cost_musd": OrNull(NUMBER),
        "by_year": Each(YEAR),
        "commitments": [COMMITMENT],
        "paid_by": Each(NUMBER),
    }
]
AUDIT = {"passed": TRUTH, "largest_violation": NUMBER, "checked": Each(WHOLE)}


def check_part(place: str, shape: Any, given: Any) -> None:
    """Raise an InputError that names every key of a part of run.json that is not of its shape."""
    wrong = list(faults(shape, given, place))
    if wrong:
        raise InputError([broken(RUN, where, "", message) for where, message in wrong])


def check_shape(document: Mapping[str, Any]) -> None:
    """Raise an InputError that names every key of run.json that is missing or of another kind."""
    check_part("", SHAPE, document)


def faults(shape: Any, given: Any, place: str) -> Iterator[tuple[str, str]]:
    """The places, `metrics.by_year.2031.short`, at which a value is not of its shape."""
    if isinstance(shape, OrNull):
        if given is not None:
            yield from faults(shape.shape, given, place)
    elif isinstance(shape, Kind):
        if not is_kind(given, shape):
            yield place, f"{place} is not {shape.words}."
    elif isinstance(shape, list):
        yield from _list_faults(shape[0], given, place)
    else:
        yield from _object_faults(shape, given, place)


def is_kind(given: Any, kind: Kind) -> bool:
    """Whether a value is of a kind; true and false are no numbers."""
    if isinstance(given, bool) and bool not in kind.types and object not in kind.types:
        return False
    return isinstance(given, kind.types)


def _list_faults(shape: Any, given: Any, place: str) -> Iterator[tuple[str, str]]:
    if not isinstance(given, list):
        yield place, f"{place} is not a list."
        return
    for number, entry in enumerate(given):
        yield from faults(shape, entry, f"{place}.{number}")


def _object_faults(shape: Any, given: Any, place: str) -> Iterator[tuple[str, str]]:
    if not isinstance(given, dict):
        yield place, f"{place or 'run.json'} is not an object."
        return
    inner = dict.fromkeys(given, shape.shape) if isinstance(shape, Each) else shape
    for key, own in inner.items():
        where = f"{place}.{key}" if place else key
        if key in given:
            yield from faults(own, given[key], where)
        else:
            yield where, f"{where} is missing."
