"""What the options beside a run say: a table for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from opt.commands.word_table import WordTable, aligned
from opt.record.options import Option, OtherOptions
from opt.report import wording


def in_words(found: OtherOptions) -> str:
    """All of it for a terminal."""
    lines = [f"Not known: {reason}." for reason in found.not_known]
    return "\n".join([*lines, *(aligned(_table(found)) if found.rows else ())])


def _table(found: OtherOptions) -> WordTable:
    head = ("option", "dependence", "no plan can beat", "last year", "public", "capital", "plants")
    return WordTable(head, tuple(tuple(_line(row)) for row in found.rows), frozenset({0}))


def _line(row: Option) -> Iterator[str]:
    yield row.name
    yield wording.percent(row.dependence)
    yield wording.bound_value("dependence", row.bound)
    yield wording.percent(row.by_year[-1].dependence)
    yield wording.short_money(row.public_musd)
    yield wording.short_money(row.capex_musd)
    yield str(row.plants)
