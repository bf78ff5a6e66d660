"""One joint budget against separate ones, and what each owner of programmes adds."""

from __future__ import annotations

import math
from collections.abc import Iterator

from opt.record.pool import OTHERS, Pool, PoolAlly, PoolMember
from opt.report import wording
from opt.report.document import Block, Bullets, Note, Section, TableBlock, Text
from opt.report.story import Story

TITLE = "One budget or several"
MOST_OWNERS = 4  # in a sentence
NOT_KNOWN = "not known"
METHOD = (
    "Dependence is the mean of the counted years; targets are not asked for. Separate: each owner's"
    " best plan with its own money, and of these built what is best together under every rule. What"
    " an owner's money takes off is the mean over all orders in which owners join (Shapley value)."
    " Shares served clear are those of the plans that were found: another as good may divide it"
    " otherwise."
)


def section(story: Story) -> Section | None:
    """What pooling is worth, with every owner and every ally; None where it was not asked."""
    found = story.answer(Pool)
    if found is None:
        return None
    blocks: list[Block] = [Text(_told(found)), _owners(found)]
    if found.allies:
        blocks.append(_allies(story, found))
    left = list(_left(story, found))
    return Section("pool", TITLE, (*blocks, *([Bullets(left)] if left else []), Note(METHOD)))


# ---- Sentences --------------------------------------------------------------------------------


def sentence(story: Story) -> str:
    """What pooling is worth, and what each owner takes off; blank where it was not asked."""
    found = story.answer(Pool)
    return "" if found is None else _told(found)


def _told(found: Pool) -> str:
    return " ".join((_worth(found), *_takes_off(found)))


def _worth(found: Pool) -> str:
    """Joint beside separate, from what is proven to what it may be."""
    worth = found.worth
    if worth is None:
        return "What one joint budget is worth beside separate ones is not known."
    return (
        f"One joint budget is worth {wording.points_span(*worth)} beside separate ones: "
        f"{_share(found.joint)} for {_share(found.separate)}."
    )


def _takes_off(found: Pool) -> Iterator[str]:
    """What the money of each owner takes off, the most first."""
    known = [(_span(row), row) for row in found.members if row.share is not None]
    known.sort(key=lambda pair: (pair[1].owner == OTHERS, -(pair[1].share or 0.0), pair[1].owner))
    if len(known) > 1:
        parts = [f"{row.owner} {span}" for span, row in known]
        yield f"Taken off by the money of each: {wording.names(parts, MOST_OWNERS)}."


def _left(story: Story, found: Pool) -> Iterator[str]:
    """What is not built of the separate plans, and what is not known."""
    if found.lapsed:
        names = [story.run.case.plant_name(key) for key in found.lapsed]
        yield (
            "Of the separate plans these are not built together: "
            f"{wording.names(names, len(names))}."
        )
    for row in found.coalitions:
        if row.reason:
            owners = wording.names(row.owners, len(row.owners)) or "no public money"
            yield f"Not known of {owners}: {row.reason}."
    if found.reason:
        yield f"Not known: {found.reason}."


# ---- Tables -----------------------------------------------------------------------------------


def _owners(found: Pool) -> TableBlock:
    lines = [
        (
            row.owner,
            wording.short_money(row.amount),
            _share(row.alone),
            _share(row.without),
            NOT_KNOWN if row.share is None else _span(row),
        )
        for row in found.members
    ]
    heads = ("Owner", "Holds, USD m", "Its money alone", "All but its money", "Takes off")
    nothing = f"; {_share(found.nothing)} with no public money"
    return TableBlock(
        f"Best plans found with the money of some owners{nothing}",
        heads, lines, (4, 2, 2, 2, 3), (1, 2, 3),
    )  # fmt: skip


def _allies(story: Story, found: Pool) -> TableBlock:
    owners = list(dict.fromkeys(row.owner for row in found.allies))
    lines = []
    for own in found.by_ally.values():
        one = next(iter(own.values()))
        left = [wording.whole_percent(own[k].without) if k in own else NOT_KNOWN for k in owners]
        lines.append((_name(story, one), wording.whole_percent(one.with_all), *left))
    heads = ("Ally", "All money", *(f"Without {owner}" for owner in owners))
    widths, right = (3, *(2 for _ in heads[1:])), tuple(range(1, len(heads)))
    return TableBlock("Share of its demand served clear", heads, lines, widths, right)


def _name(story: Story, row: PoolAlly) -> str:
    return story.run.case.regions[row.ally].name


def _span(row: PoolMember) -> str:
    low = 0.0 if row.share_low is None else row.share_low
    return wording.points_span(low, math.inf if row.share_high is None else row.share_high)


def _share(value: float | None) -> str:
    return NOT_KNOWN if value is None else wording.percent(value)
