"""What may take a programme's money of one kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from opt.data.book import Book
from opt.data.sheets.money import ProgrammeRow


@dataclass(frozen=True, slots=True)
class Taker:
    """What may take a programme's money of one kind: in words, and the rows."""

    words: str
    found: Callable[[Book, ProgrammeRow], Sequence[Any]]
