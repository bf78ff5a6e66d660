"""Of which kind a value of run.json must be; the shape of a row follows from its declaration."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from types import UnionType
from typing import Any, NamedTuple, TypeVar, get_args, get_origin

from opt.errors import InputError
from opt.record.broken import broken
from opt.record.columns import TableColumn, columns_of

R = TypeVar("R")


class JsonKind(NamedTuple):
    """A value of one of some types; `words` say which."""

    types: tuple[type, ...]
    words: str


class Each(NamedTuple):
    """An object with any keys, all of whose values are of one shape."""

    shape: Any


class OrNull(NamedTuple):
    """A shape, or null."""

    shape: Any


class IfGiven(NamedTuple):
    """The shape of a key that an object may lack."""

    shape: Any


TEXT = JsonKind((str,), "text")
WHOLE = JsonKind((int,), "a whole number")
NUMBER = JsonKind((int, float), "a number")
MAYBE_NUMBER = JsonKind((int, float, type(None)), "a number or null")
TRUTH = JsonKind((bool,), "true or false")
ANYTHING = JsonKind((object,), "anything")
KINDS: Mapping[type, JsonKind] = {str: TEXT, int: WHOLE, float: NUMBER, bool: TRUTH}

RUN = Path("run.json")


@functools.cache
def shape_of(row_type: Any) -> dict[str, Any]:
    """The shape of a row as an object: its keys. An object names its keys, a list holds the shape
    of all its entries."""
    return {c.name: _shape(c) for c in columns_of(row_type) if c.is_key}


def _shape(column: TableColumn) -> Any:
    nullable = column.optional or column.blank is not None
    shape = OrNull(_of_type(column.type)) if nullable else _of_type(column.type)
    return shape if column.required else IfGiven(shape)


def _of_type(kind: Any) -> Any:
    if get_origin(kind) is tuple:
        return [_of_type(get_args(kind)[0])]
    if get_origin(kind) is UnionType:
        return OrNull(_of_type(_not_none(kind)))
    if get_origin(kind) is not None:
        return Each(_of_type(get_args(kind)[1]))
    if issubclass(kind, StrEnum):
        return JsonKind((str,), f"one of {', '.join(kind)}")
    return KINDS[kind] if kind in KINDS else shape_of(kind)


def _not_none(kind: Any) -> Any:
    """The type of a value that may also be None."""
    (own,) = (part for part in get_args(kind) if part is not type(None))
    return own


def read_object(row_type: type[R], given: Mapping[str, Any], place: str = "") -> R:
    """The row of an object that is of its shape. Raises InputError that names each key that is
    missing or of another kind."""
    declared: Any = row_type  # mypy takes no type object for hashable
    check_part(place, shape_of(declared), given)
    values = {
        column.field: _value(column, column.type, given[column.name], place)
        for column in columns_of(declared)
        if column.name in given
    }
    return row_type(**values)


def _value(column: TableColumn, kind: Any, given: Any, place: str) -> Any:
    if given is None:
        return None if get_origin(kind) is UnionType else column.blank
    if get_origin(kind) is UnionType:
        kind = _not_none(kind)
    if get_origin(kind) is tuple:
        own = get_args(kind)[0]
        return tuple(_value(column, own, entry, place) for entry in given)
    if get_origin(kind) is not None:
        name, own = get_args(kind)
        return {name(key): _value(column, own, value, place) for key, value in given.items()}
    if issubclass(kind, StrEnum):
        return _choice(kind, given, f"{place}.{column.name}")
    return float(given) if kind is float else given if kind in KINDS else read_object(kind, given)


def _choice(kind: type[StrEnum], given: str, place: str) -> StrEnum:
    if given not in list(kind):
        message = f"{place} is not one of {', '.join(kind)}."
        raise InputError([broken(RUN, place, given, message)])
    return kind(given)


def check_part(place: str, shape: Any, given: Any) -> None:
    """Raise an InputError that names every key of a part of run.json that is not of its shape."""
    wrong = list(faults(shape, given, place))
    if wrong:
        raise InputError([broken(RUN, where, "", message) for where, message in wrong])


def faults(shape: Any, given: Any, place: str) -> Iterator[tuple[str, str]]:
    """The places, `metrics.by_year.2031.short`, at which a value is not of its shape."""
    if isinstance(shape, IfGiven):
        yield from faults(shape.shape, given, place)
    elif isinstance(shape, OrNull):
        if given is not None:
            yield from faults(shape.shape, given, place)
    elif isinstance(shape, JsonKind):
        if not is_kind(given, shape):
            yield place, f"{place} is not {shape.words}."
    elif isinstance(shape, list):
        yield from _list_faults(shape[0], given, place)
    else:
        yield from _object_faults(shape, given, place)


def is_kind(given: Any, kind: JsonKind) -> bool:
    """Whether a value is of a kind; true and false are no numbers, nor is one that is not
    finite."""
    if isinstance(given, bool) and bool not in kind.types and object not in kind.types:
        return False
    if isinstance(given, float) and not math.isfinite(given):
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
        elif not isinstance(own, IfGiven):
            yield where, f"{where} is missing."
