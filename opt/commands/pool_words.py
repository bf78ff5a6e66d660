"""What `opt pool` says: a table for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from opt.commands.word_table import WordTable, aligned
from opt.record.pool import Pool, PoolMember
from opt.report import wording

# Shares: what the tolerances of the passes move.
SAME = 1e-6
METHOD = (
    "What an owner adds: its Shapley value, the mean over all orders in which owners join of how "
    "far the best plan falls as its money joins. Separate: each owner's best plan with its own "
    "money, and of these built what is best together under every rule. Targets are not asked for. "
    "What allies get is that of the plans that were found: others as good may divide it otherwise."
)


def _value(share: float | None, bound: float | None) -> str:
    """A best plan, with its bound where that is another."""
    if share is None:
        return "not known"
    told = wording.percent(share)
    if bound is None:
        return f"{told} (nothing proven)"
    if share - bound <= SAME:
        return told
    return f"{told} (no plan below {wording.bound_value('dependence', bound)})"


def _points(member: PoolMember) -> str:
    """What an owner adds, an interval where it is not settled."""
    if member.share is None:
        return "not known"
    low, high = (
        "?" if end is None else f"{100 * end:.2f}" for end in (member.share_low, member.share_high)
    )
    value = f"{100 * member.share:.2f}"
    return value if low == high == value else f"{value} ({low} to {high})"


def members_table(found: Pool) -> WordTable:
    """Every owner."""
    rows = (
        (
            member.owner,
            f"{member.amount:,.0f}",
            _value(member.alone, member.alone_bound),
            _value(member.without, member.without_bound),
            _points(member),
        )
        for member in found.members
    )
    head = ("owner", "amount, USD million", "alone", "all but it", "adds, points")
    return WordTable(head, tuple(rows), frozenset({0}))


def allies_table(found: Pool) -> WordTable:
    """What each ally gets with all money, and without that of each owner."""
    owners = list(dict.fromkeys(row.owner for row in found.allies))
    lines = [
        (
            ally,
            wording.percent(next(iter(own.values())).with_all),
            *(wording.percent(own[k].without) if k in own else "not known" for k in owners),
        )
        for ally, own in found.by_ally.items()
    ]
    heads = ("served clear", "all money", *(f"without {k}" for k in owners))
    return WordTable(heads, tuple(lines), frozenset({0}))


def sentences(found: Pool) -> Iterator[str]:
    """Joint against separate."""
    yield f"No public money: {_value(found.nothing, found.nothing_bound)}."
    yield f"Separate budgets: {_value(found.separate, found.separate_bound)}."
    yield f"One joint budget: {_value(found.joint, found.joint_bound)}."
    yield from _worth(found)
    if found.lapsed:
        yield f"Of the separate plans these are not built together: {', '.join(found.lapsed)}."
    for row in found.coalitions:
        if row.reason:
            yield f"Not known of {', '.join(row.owners) or 'no public money'}: {row.reason}."
    if found.reason:
        yield f"Not known: {found.reason}."


def _worth(found: Pool) -> Iterator[str]:
    """What pooling is worth, from what is proven to what it may be."""
    if found.worth is not None:
        yield f"Pooling is worth {wording.points_span(*found.worth)}."


def in_words(found: Pool) -> str:
    """All of it for a terminal."""
    lines = [*sentences(found), "", *aligned(members_table(found)), ""]
    if found.allies:
        lines += [*aligned(allies_table(found)), ""]
    return "\n".join([*lines, METHOD])
