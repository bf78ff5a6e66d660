"""What `opt alternatives` says: how many lists there are, what they share, and their plans."""

from __future__ import annotations

from collections.abc import Iterator

from opt.commands.word_table import WordTable, aligned
from opt.record.alternatives import Alternative, Alternatives
from opt.report import wording

NEEDED = (
    "A list has no superfluous project: without any of its own no plan of the others is near "
    "enough."
)
UNSURE = (
    "A list may hold superfluous projects: of so many of its own (not sure) it is not known "
    "whether a plan of the others is near enough; without any other of its own none is."
)
METHOD = (
    "Its plan is the one of least dependence that was found. What programmes pay and what allies "
    "get is that of the plans shown."
)


def in_words(found: Alternatives) -> str:
    """All of it for a terminal."""
    lines = list(_sentences(found))
    if found.plans:
        lines += ["", *aligned(_lists(found)), "", *aligned(_payers(found))]
        lines += ["", *aligned(_served(found))]
    return "\n".join([*lines, "", f"{UNSURE if _is_unsure(found) else NEEDED} {METHOD}"])


def _sentences(found: Alternatives) -> Iterator[str]:
    lists = wording.count(len(found.plans), "list")
    near = f"within {wording.points(found.within)} of the best plan ({wording.percent(found.best)})"
    if found.complete:
        yield f"Complete: {lists} {near}; any plan that near builds one of them whole."
    elif found.not_known:
        yield f"{lists} found {near}; they are not known to be complete."
    else:
        yield f"{lists} found of more, {near}."
    of = "every list" if found.complete else "every list found"
    kinds = ((of, found.core), ("some", found.borderline), ("none", found.exterior))
    if found.plans:
        yield from (f"In {where}: {', '.join(names)}." for where, names in kinds if names)
    if found.most_different[1:]:
        yield f"Most different: {', '.join(str(n) for n in found.most_different)}."
    for reason in found.not_known:
        yield f"Not known: {reason}."


def _is_unsure(found: Alternatives) -> bool:
    """Whether it is not known of some project whether its list needs it."""
    return any(row.unsure for row in found.plans)


def _lists(found: Alternatives) -> WordTable:
    unsure = ("not sure",) if _is_unsure(found) else ()
    head = ("list", "dependence", "public money", "capital cost", *unsure)
    core = frozenset(found.core)
    return WordTable(
        head=(*head, "projects but those of all"),
        rows=tuple(
            (*_cells(row), *(str(row.unsure) for _ in unsure), _others(row, core))
            for row in found.plans
        ),
        texts=frozenset({len(head)}),
    )


def _cells(row: Alternative) -> tuple[str, ...]:
    money = (wording.money(row.public_musd), wording.money(row.capex_musd))
    return str(row.number), wording.percent(row.dependence), *money


def _others(row: Alternative, core: frozenset[str]) -> str:
    """The projects of a list but those of all, each with its year."""
    return ", ".join(f"{b.project} {b.year}" for b in row.projects if b.project not in core)


def _payers(found: Alternatives) -> WordTable:
    return WordTable(
        head=("programme", "pays at least", "pays at most"),
        rows=tuple(
            (row.programme, wording.money(row.least_musd), wording.money(row.most_musd))
            for row in found.payers
        ),
        texts=frozenset({0}),
    )


def _served(found: Alternatives) -> WordTable:
    return WordTable(
        head=("ally", "served clear at least", "at most"),
        rows=tuple(
            (row.region, wording.percent(row.least), wording.percent(row.most))
            for row in found.served
        ),
        texts=frozenset({0}),
    )
