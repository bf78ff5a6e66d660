"""What `opt variants` says: a table for a terminal and for a page."""

from __future__ import annotations

from collections.abc import Iterator

from opt.commands.marked_page import Marks
from opt.commands.word_table import WordTable, aligned, piped
from opt.record.variants import VariantResult, Variants
from opt.report import wording

MARKS = Marks.of("variants")
METHOD = (
    "Dependence over the counted years. No plan can beat: the bound that is proven for every plan "
    "of that case. Without new money: existing and committed plants, with what comes without new "
    "money, and alone. Placeholders: projects that nobody has announced."
)
HEAD = (
    *("variant", "scenario", "best plan", "no plan can beat"),
    *("without new money", "the same, nothing comes"),
    *("plan in the last year", "public money, USD million", "capital, USD million"),
    *("projects", "placeholders"),
)


def sentences(found: Variants) -> Iterator[str]:
    """From where to where the best plan goes, and what is not known."""
    known = [(row.dependence, row) for row in found.rows if row.dependence is not None]
    if len(known) > 1:
        low, high = min(known, key=lambda one: one[0]), max(known, key=lambda one: one[0])
        yield (
            f"Best plans from {wording.percent(low[0])} ({low[1].words}) to "
            f"{wording.percent(high[0])} ({high[1].words})."
        )
    for row in found.rows:
        if row.reason:
            yield f"{row.words[:1].upper()}{row.words[1:]}: {row.reason}."


def _table(found: Variants) -> WordTable:
    return WordTable(HEAD, tuple(tuple(_line(row)) for row in found.rows), frozenset({0, 1}))


def _line(row: VariantResult) -> Iterator[str]:
    yield row.variant or "-"
    yield row.scenario or "-"
    yield _share(row.dependence)
    yield "-" if row.bound is None else wording.bound_value("dependence", row.bound)
    yield from (_share(own) for own in (row.merchants, row.frozen, row.last_year))
    for own in (row.public_musd, row.capex_musd, row.projects, row.placeholders):
        yield "-" if own is None else f"{own:,.0f}"


def _share(value: float | None) -> str:
    return "-" if value is None else wording.percent(value)


def in_words(found: Variants) -> str:
    """All of it for a terminal."""
    return "\n".join([*sentences(found), "", *aligned(_table(found)), "", METHOD])


def in_markdown(found: Variants) -> str:
    """All of it for a page, between its marks."""
    return "\n\n".join([*sentences(found), METHOD, "\n".join(piped(_table(found)))])
