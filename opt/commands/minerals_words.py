"""What `opt minerals` says: tables for a terminal and for a page."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from opt.commands.marked_page import Marks
from opt.commands.word_table import WordTable, aligned, piped
from opt.record.minerals import AmountRow, MineralRow, Minerals, StageRow
from opt.report import wording
from opt.studies.minerals import ALONE, MORE

MARKS = Marks.of("minerals")
# Shares: what the tolerances of the passes move.
SAME = 1e-6
# Shares: a tenth of a point, below which none is told.
LEAST = 1e-3
METHOD = (
    "Beside the others: all other programmes pay too. Alone: there is no other public money. "
    "Needs: the least of the programme with which the plan can be paid for; public money is that "
    "of all programmes. Loses, falls: beside the mineral by itself, with nothing else to build and "
    "all the money, or what the plan pays for it and more; others keep theirs, where no limit is "
    "shared. The low ends leave out what another plan within the gap could do for it."
)


def _case(row: AmountRow | MineralRow | StageRow) -> str:
    return f"variant {row.variant}, {row.money}" if row.variant else row.money


def _money(musd: float | None) -> str:
    return "not known" if musd is None else f"{musd:,.0f}"


def _points(low: float | None, high: float | None) -> str:
    """A difference that is known between two ends, in points."""
    if low is None and high is None:
        return "not known"
    return wording.points_span(low or 0.0, math.inf if high is None else high)


def amounts_table(found: Minerals) -> WordTable:
    """The best plan with each amount."""
    head = ("money", "holds", "best plan", "no plan can beat", "needs", "public money", "projects")
    rows = tuple(
        (
            _case(row),
            _money(row.amount),
            "not known" if row.dependence is None else wording.percent(row.dependence),
            "not known" if row.bound is None else wording.bound_value("dependence", row.bound),
            _money(row.need),
            _money(row.public_musd),
            "not known" if row.plants is None else f"{row.plants}",
        )
        for row in found.amounts
    )
    return WordTable(head, rows, frozenset({0}))


def minerals_table(found: Minerals) -> WordTable:
    """How the plan with each amount falls on minerals: dependence of each, and public money."""
    names = _names(found.minerals)
    cells = {(_case(row), row.amount, row.mineral): row for row in found.minerals}
    rows = []
    for case, amount in dict.fromkeys((case, amount) for case, amount, _ in cells):
        line = [case, _money(amount)]
        for name in names:
            row = cells.get((case, amount, name))
            told = "-"
            if row is not None:
                told = f"{wording.percent(row.dependence)}, {row.public_musd:,.0f}"
            line.append(told)
        rows.append(tuple(line))
    return WordTable(("money", "holds", *names), tuple(rows), frozenset({0}))


def _names(rows: Iterable[MineralRow]) -> list[str]:
    """The minerals that dependence is told of."""
    return sorted({row.mineral for row in rows if row.weight > 0})


def stages_table(found: Minerals) -> WordTable:
    """How the money of the programme alone falls on minerals and stages, by amount."""
    own = [row for row in found.stages if row.money == ALONE and row.variant == _first(found)]
    amounts = list(dict.fromkeys(row.amount for row in own))
    places = sorted({(row.mineral, row.stage) for row in own})
    cells = {(row.mineral, row.stage, row.amount): row for row in own}
    rows = tuple(
        (
            mineral,
            stage or "none of its own",
            *(
                "-" if row is None else f"{row.public_musd:,.0f} ({row.plants})"
                for amount in amounts
                for row in [cells.get((mineral, stage, amount))]
            ),
        )
        for mineral, stage in places
    )
    head = ("mineral", "stage", *(f"of {_money(amount)}" for amount in amounts))
    return WordTable(head, rows, frozenset({0, 1}))


def _first(found: Minerals) -> str:
    return found.amounts[0].variant


def alone_table(found: Minerals) -> WordTable:
    """What each mineral loses by sharing, and what more money for it alone would do."""
    rows = tuple(
        (
            _case(row),
            _money(row.amount),
            row.mineral,
            _points(row.lost_low, row.lost_high),
            _points(row.next_low, row.next_high) if row.money == ALONE else "-",
        )
        for row in found.minerals
        if row.variant == _first(found) and row.weight > 0
    )
    more = f"falls with {wording.money(MORE)} more for it"
    head = ("money", "holds", "mineral", "loses by sharing", more)
    return WordTable(head, rows, frozenset({0, 2}))


def sentences(found: Minerals) -> Iterator[str]:
    """From where on more of the programme helps no more, and which mineral is cheapest next."""
    for case in dict.fromkeys(_case(row) for row in found.amounts):
        yield from _enough([row for row in found.amounts if _case(row) == case])
    own = [r for r in found.minerals if r.variant == _first(found) and r.money == ALONE]
    for amount in dict.fromkeys(row.amount for row in own):
        yield from _cheapest(amount, [row for row in own if row.amount == amount])
    if found.reason:
        yield f"Not known: {found.reason}."


def _enough(rows: list[AmountRow]) -> Iterator[str]:
    """From which amount on the plan is that of the largest, and what more could still do."""
    last = rows[-1]
    if last.dependence is None or last.bound is None:
        return
    known = [r for r in rows if r.dependence is not None and r.dependence <= last.dependence + SAME]
    first = known[0]
    if first is last:
        return
    better = math.ceil(round(1000 * max(0.0, last.dependence - last.bound), 6)) / 1000
    yield (
        f"{_case(first)[:1].upper()}{_case(first)[1:]}: from {wording.money(first.amount)} on the "
        f"plan is the same, and with {wording.money(last.amount)} none is better by more than "
        f"{wording.points(better)}."
    )


def _cheapest(amount: float, rows: list[MineralRow]) -> Iterator[str]:
    """The mineral that more money for it is proven to lower most."""
    known = [row for row in rows if row.next_low is not None and row.next_high is not None]
    if not known:
        return
    best = max(known, key=lambda row: (row.next_high or 0.0, row.next_low or 0.0))
    least, most = best.next_low or 0.0, best.next_high or 0.0
    with_it = f"Of {wording.money(amount)} alone, {wording.money(MORE)} more"
    if most < LEAST:
        yield f"{with_it} lowers no mineral by as much as {wording.points(LEAST)}."
    elif all(least >= (row.next_high or 0.0) - SAME for row in known if row is not best):
        yield f"{with_it} lowers {best.mineral} most: by {_points(least, most)}."
    else:
        yield (
            f"{with_it} could lower {best.mineral} most: by {_points(least, most)}, which is not "
            "proven."
        )


def _tables(found: Minerals) -> list[tuple[str, WordTable]]:
    return [
        ("Dependence by amount, money in USD million", amounts_table(found)),
        ("By mineral: dependence, and public money for it, USD million", minerals_table(found)),
        (
            "The programme alone, by stage: public money for capital, USD million (projects)",
            stages_table(found),
        ),
        ("Each mineral by itself", alone_table(found)),
    ]


def in_words(found: Minerals) -> str:
    """All of it for a terminal."""
    lines = list(sentences(found))
    for title, table in _tables(found):
        lines += ["", f"{title}:", *aligned(table)]
    return "\n".join([*lines, "", METHOD])


def in_markdown(found: Minerals) -> str:
    """All of it for a page, between its marks."""
    blocks = [*sentences(found), METHOD]
    for title, table in _tables(found):
        blocks += [f"**{title}**", "\n".join(piped(table))]
    return "\n\n".join(blocks)
