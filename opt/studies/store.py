"""Answers kept in a folder: one file a task, named by the hash of what is asked.

A file is written beside and moved into place, so that it is whole or absent, and never changed. Two
processes or machines may share a folder. A file is data alone: reading one executes nothing.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import secrets
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from opt.solver.versions import digest_of_code, versions
from opt.studies.task import Answer, Task


class Store:
    """A folder of answers; made when the first is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path_of(self, task: Task) -> Path:
        """Where the answer of a task is kept: the same for the same instance, question and
        releases, whatever its key."""
        return self.folder / f"{hash_of(task)}.json"

    def find(self, task: Task) -> Answer | None:
        """The answer that is kept of a task, under the task's key.

        Raises ValueError for a file that is not as it was written.
        """
        path = self.path_of(task)
        if not path.is_file():
            return None
        try:
            digest, text = path.read_text(encoding="utf-8").split("\n")
            if digest != _digest(text):
                raise ValueError(digest)
            found: Answer = _made(Answer, json.loads(text))
        except (ValueError, TypeError) as error:
            raise ValueError(f"stored answer {path.name} is damaged") from error
        return found.named(task.key)

    def keep(self, task: Task, answer: Answer) -> None:
        """Write the answer of a task, in place of a damaged one where there is one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        text, path = json.dumps(_plain(answer)), self.path_of(task)
        beside = path.with_name(f".{path.stem}.{secrets.token_hex(8)}")
        beside.write_text(f"{_digest(text)}\n{text}", encoding="utf-8")
        beside.replace(path)


def hash_of(task: Task) -> str:
    """SHA-256 of the instance, of what is asked, and of the releases and code that answer."""
    answered_by = [*sorted(versions().items()), digest_of_code()]
    asked = [_exact(task.instance), _exact(task.ask), answered_by]
    return _digest(json.dumps(asked))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _exact(value: Any) -> Any:
    """A value as lists that differ wherever it differs."""
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


def _plain(value: Any) -> Any:
    """Frozen data as lists, in the order of its fields."""
    if dataclasses.is_dataclass(value):
        return [_plain(getattr(value, field.name)) for field in dataclasses.fields(value)]
    if isinstance(value, tuple):
        return [_plain(held) for held in value]
    return value


def _made(kind: Any, plain: Any) -> Any:
    """Frozen data of a kind from its lists; TypeError or ValueError where they do not fit."""
    if get_origin(kind) in (Union, types.UnionType):
        (some,) = (part for part in get_args(kind) if part is not types.NoneType)
        return None if plain is None else _made(some, plain)
    if get_origin(kind) is tuple:
        return tuple(_made(get_args(kind)[0], held) for held in plain)
    if dataclasses.is_dataclass(kind):
        hints, fields = get_type_hints(kind), dataclasses.fields(kind)
        parts = zip(fields, plain, strict=True)
        return kind(*(_made(hints[field.name], held) for field, held in parts))  # type: ignore[operator]
    return kind(plain)
