"""What `opt explain` says: a paragraph for each project, then tables."""

from __future__ import annotations

from collections.abc import Iterator

from opt.commands.labels_words import interval
from opt.commands.word_table import WordTable, aligned
from opt.record.explain import CAPITAL, LEAD_TIME, Explained, Explanation, Wanted
from opt.report import wording
from opt.words import not_known

METHOD = (
    "A loss is a rise of dependence over the best plan, years of all else chosen anew: at least "
    "what is proven, at most what a plan found comes to. What leaves and joins is that of the plan "
    "found; others may do as well."
)


def in_words(found: Explanation) -> str:
    """All of it for a terminal."""
    best, bound = wording.percent(found.best), wording.bound_value("dependence", found.bound)
    lines = [f"Dependence: best plan {best}, no plan can beat {bound}."]
    for row in found.projects:
        lines += ["", *_project(row)]
    for table in (_waiting(found), _bottlenecks(found), _money(found)):
        lines += ["", *aligned(table)] if table.rows else []
    told = (reason.partition(": ") for reason in found.not_known)
    lines += ["", *not_known((what, why) for what, _, why in told), METHOD]
    return "\n".join(lines)


def _project(row: Explained) -> Iterator[str]:
    state, other = ("in", "Forced out") if row.chosen else ("not in", "Forced in")
    low, high = (row.out_low, row.out_high) if row.chosen else (row.in_low, row.in_high)
    yield f"{row.project} {row.name}: {state} the best plan."
    yield f"  {other} it loses {interval(low, high)}{_good(row)}."
    if row.leaves or row.joins:
        parts = [("leaves", row.leaves), ("joins", row.joins)]
        yield f"  Then {'; '.join(f'{verb} {wording.names(own)}' for verb, own in parts if own)}."
    for wanted in row.would_take:
        yield f"  {_wanted(wanted)}."


def _good(row: Explained) -> str:
    """What money makes good a loss, where there is one."""
    if row.money_high is None:
        return (
            "; twice the money of every programme does not make it good" if not row.reason else ""
        )
    if row.money_high == 0.0:
        return ""
    low, high = wording.money(row.money_low), wording.money(row.money_high)
    return f"; {low} more public money is too little to make it good, {high} is enough"


def _wanted(row: Wanted) -> str:
    """What it would take, as a bracket."""
    title, low, most = (
        _amount(row, amount) for amount in (row.enough or 0.0, row.not_enough, row.tried)
    )
    if row.enough is None:
        return f"Not even with {most}" if not row.reason else f"With {most}: {row.reason}"
    return (
        f"It costs nothing with {title}; {low} is not enough"
        if row.not_enough
        else (f"It costs nothing with {title}")
    )


def _amount(row: Wanted, amount: float) -> str:
    if row.what == CAPITAL:
        return f"capital {amount:.0%} less"
    if row.what == LEAD_TIME:
        return f"a lead time {wording.count(int(amount), 'year')} shorter"
    return f"{wording.money(amount)} more in {row.programme}"


def _waiting(found: Explanation) -> WordTable:
    return WordTable(
        head=("if it can first be committed a year later", "loss"),
        rows=tuple((row.project, interval(row.loss_low, row.loss_high)) for row in found.waiting),
        texts=frozenset({0}),
    )


def _bottlenecks(found: Explanation) -> WordTable:
    return WordTable(
        head=("year", "the chain still touches most at", "share of demand", "element"),
        rows=tuple(
            (str(row.year), row.stage, wording.percent(row.share), row.element)
            for row in found.bottlenecks
        ),
        texts=frozenset({0, 1, 3}),
    )


def _money(found: Explanation) -> WordTable:
    return WordTable(
        head=("programme", "amount", "dependence", "with more", "dependence then"),
        rows=tuple(
            (
                name,
                wording.money(now[0]),
                wording.percent(now[1]),
                wording.money(then[0]),
                wording.percent(then[1]),
            )
            for name, (now, then) in found.next_dollar.items()
        ),
        texts=frozenset({0}),
    )
