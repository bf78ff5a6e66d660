"""Answers kept in a folder: one file a task or search, named by the hash of what is asked.

A file is written beside and moved into place, so that it is whole or absent, and never changed. Two
processes or machines may share a folder. A file is data alone: reading one executes nothing.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import secrets
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from opt.data.instance import Instance
from opt.solver.versions import digest_of_code, versions
from opt.studies.task import Answer, Task

Found = TypeVar("Found")
# All that a search goes by, as frozen data.
Asked = tuple[Any, ...]
# Hashes of the records of instances, by identity, and how many are kept: those of some hundred
# changes of a case of 10,000 records.
_RECORDS: dict[int, tuple[object, str]] = {}
MOST_RECORDS = 100_000


class Store:
    """A folder of answers; made when the first is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path_of(self, task: Task) -> Path:
        """Where the answer of a task is kept: the same for the same instance, question and
        releases, whatever its key."""
        return self._path(hash_of(task))

    def find(self, task: Task) -> Answer | None:
        """The answer that is kept of a task, under the task's key.

        Raises ValueError for a file that is not as it was written.
        """
        found = _read(self.path_of(task), Answer)
        return None if found is None else found.named(task.key)

    def keep(self, task: Task, answer: Answer) -> None:
        """Write the answer of a task, in place of a damaged one where there is one."""
        self._write(self.path_of(task), answer)

    def find_search(self, asked: Asked, kind: type[Found]) -> Found | None:
        """What is kept of a search that is no task, frozen data of a kind, by all that it goes by.

        Raises ValueError for a file that is not as it was written.
        """
        return _read(self._path(hash_of_search(asked)), kind)

    def keep_search(self, asked: Asked, found: object) -> None:
        """Write what such a search found, in place of a damaged one where there is one."""
        self._write(self._path(hash_of_search(asked)), found)

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.json"

    def _write(self, path: Path, found: object) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(_plain(found))
        beside = path.with_name(f".{path.stem}.{secrets.token_hex(8)}")
        beside.write_text(f"{_digest(text)}\n{text}", encoding="utf-8")
        beside.replace(path)


def hash_of(task: Task) -> str:
    """SHA-256 of the instance, of what is asked, and of the releases and code that answer."""
    return hash_of_search((task.instance, task.ask))


def hash_of_search(asked: Asked) -> str:
    """The same of all that a search goes by."""
    if len(_RECORDS) > MOST_RECORDS:
        _RECORDS.clear()
    answered_by = [*sorted(versions().items()), digest_of_code()]
    return _digest(json.dumps([*(_exact(part) for part in asked), answered_by]))


def _read(path: Path, kind: type[Found]) -> Found | None:
    """What a file holds, frozen data of a kind; None where there is none."""
    if not path.is_file():
        return None
    try:
        digest, text = path.read_text(encoding="utf-8").split("\n")
        if digest != _digest(text):
            raise ValueError(digest)
        found: Found = _made(kind, json.loads(text))
    except (ValueError, TypeError) as error:
        raise ValueError(f"stored answer {path.name} is damaged") from error
    return found


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _exact(value: Any) -> Any:
    """A value as lists that differ wherever it differs; an instance by hashes of its parts, most of
    which a changed case has from its base as they are."""
    if isinstance(value, Instance):
        fields = [getattr(value, field.name) for field in dataclasses.fields(value)]
        return [type(value).__name__, *(_remembered(own, _of_field) for own in fields)]
    if dataclasses.is_dataclass(value):
        fields = [_exact(getattr(value, field.name)) for field in dataclasses.fields(value)]
        return [type(value).__name__, *fields]
    if isinstance(value, Mapping):
        return [[_exact(key), _exact(held)] for key, held in value.items()]
    if isinstance(value, frozenset):
        return sorted((_exact(held) for held in value), key=json.dumps)
    if isinstance(value, tuple):
        return [_exact(held) for held in value]
    return value


def _of_field(value: Any) -> Any:
    """A field of an instance, its records by their hashes."""
    if isinstance(value, Mapping):
        return [[_exact(key), _remembered(held, _exact)] for key, held in value.items()]
    if isinstance(value, tuple):
        return [_remembered(held, _exact) for held in value]
    return _exact(value)


def _remembered(value: Any, exact: Callable[[Any], Any]) -> Any:
    """The hash of frozen data, worked out once while it is alive; a plain value is itself."""
    if not (dataclasses.is_dataclass(value) or isinstance(value, Mapping | tuple)):
        return exact(value)
    known = _RECORDS.get(id(value))
    if known is None:
        # The value is kept with it: no other can then have its id.
        known = _RECORDS[id(value)] = (value, _digest(json.dumps(exact(value))))
    return known[1]


def _plain(value: Any) -> Any:
    """Frozen data as lists, in the order of its fields; a mapping as pairs."""
    if dataclasses.is_dataclass(value):
        return [_plain(getattr(value, field.name)) for field in dataclasses.fields(value)]
    if isinstance(value, Mapping):
        return [[_plain(key), _plain(held)] for key, held in value.items()]
    if isinstance(value, tuple):
        return [_plain(held) for held in value]
    return value


def _made(kind: Any, plain: Any) -> Any:
    """Frozen data of a kind from its lists; TypeError or ValueError where they do not fit."""
    return _maker(kind)(plain)


@functools.cache
def _maker(kind: Any) -> Callable[[Any], Any]:
    """What makes data of a kind from its lists: worked out once a kind, of which an answer holds
    thousands."""
    if get_origin(kind) in (Union, types.UnionType):
        (some,) = (part for part in get_args(kind) if part is not types.NoneType)
        make = _maker(some)
        return lambda plain: None if plain is None else make(plain)
    if get_origin(kind) is Mapping:
        of, to = map(_maker, get_args(kind))
        return lambda plain: {of(key): to(held) for key, held in plain}
    if get_origin(kind) is tuple:
        first, *others = get_args(kind)
        if others == [...]:
            each = _maker(first)
            return lambda plain: tuple(each(held) for held in plain)
        parts = tuple(map(_maker, (first, *others)))
        return lambda plain: tuple(m(held) for m, held in zip(parts, plain, strict=True))
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        fields = tuple(_maker(hints[field.name]) for field in dataclasses.fields(kind))
        return lambda plain: kind(*(m(held) for m, held in zip(fields, plain, strict=True)))  # type: ignore[operator]
    return kind  # type: ignore[no-any-return]
