"""What `opt stress` says: tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from opt.commands.word_table import WordTable, aligned
from opt.record.stress import Strain, Stress, StressCase
from opt.report import wording
from opt.words import not_known, some

METHOD = (
    "Commitments, who pays for them and the most that is bought for stock are those of the plan; "
    "least dependence, then least shortage of allies, then least cost. A commitment stays in its "
    "year whatever is delayed. Where a plant fails, all others operate. "
    "Short: share of weighted allied demand in the worst year. Idle: in the cheapest flows; where "
    "costs tie, others may."
)
NEVER = "nobody"
REGRET = (
    "Regret: by how much the plan lies above the best plan of that scenario, which knew it before."
)
MOST_NAMES = 4


def _share(value: float | None) -> str:
    return "not known" if value is None else wording.percent(value)


def _short(share: float | None, units: float | None, year: int | None) -> str:
    if share is None or units is None:
        return "not known"
    if year is None:
        return NEVER
    return f"{wording.percent(share)}, {wording.number(units)} in {year}"


def _title(row: StressCase) -> str:
    return f"{row.case} fails" if row.strain is Strain.FAILURE else row.case


def _regret(row: StressCase) -> tuple[str, str]:
    """The best plan of a case with its bound, and the regret."""
    if row.best is None or row.regret is None:
        return "-", "-"
    best = wording.percent(row.best)
    regret = f"{100 * row.regret:.1f} points"
    if row.regret_most is not None and f"{100 * row.regret_most:.1f} points" != regret:
        regret = f"{100 * row.regret:.1f} to {100 * row.regret_most:.1f} points"
    return best, regret


def table(cases: Sequence[StressCase], last: int) -> WordTable:
    """Some cases, a row each; columns that say nothing in any of them are left out."""
    head = ["case", "dependence", f"in {last}", "short", "without the plan", f"in {last}", "short"]
    texts = {0, 3, 6}
    regret = any(row.best is not None for row in cases)
    more = [("idle", "idle"), ("lapsed", "lapsed")]
    shown = [(name, own) for name, own in more if any(getattr(row, own) for row in cases)]
    rows = [
        (
            _title(row),
            _share(row.dependence),
            _share(row.last_year),
            _short(row.worst_short_share, row.worst_short_units, row.worst_short_year),
            _share(row.without_plan),
            _share(row.without_last_year),
            _short(row.without_short_share, row.without_short_units, row.without_short_year),
            *(_regret(row) if regret else ()),
            *(some(getattr(row, own), MOST_NAMES) for _, own in shown),
        )
        for row in cases
    ]
    head += ["best plan", "regret"] if regret else []
    texts |= set(range(len(head), len(head) + len(shown)))
    return WordTable((*head, *(name for name, _ in shown)), tuple(rows), frozenset(texts))


def sentences(found: Stress) -> Iterator[str]:
    """What is worst, and what is not known."""
    for strain, words in ((Strain.SCENARIO, "Worst scenario"), (Strain.FAILURE, "Worst failure")):
        known = [r for r in found.cases if r.strain is strain and r.dependence is not None]
        if known:
            worst = max(known, key=lambda row: (row.dependence or 0.0, row.case))
            level, without = _share(worst.dependence), _share(worst.without_plan)
            yield f"{words}: {worst.case}, dependence {level}; without the plan {without}."
    short = [row for row in found.cases if row.worst_short_year is not None]
    if short:
        worst = max(short, key=lambda row: (row.worst_short_share or 0.0, row.case))
        told = _short(worst.worst_short_share, worst.worst_short_units, worst.worst_short_year)
        yield f"Worst shortage: {_title(worst)}, {told}."
    yield from not_known((_title(row), row.reason) for row in found.cases if row.reason)


def in_words(found: Stress) -> str:
    """All of it for a terminal."""
    lines = [*sentences(found)]
    held = [row for row in found.cases if row.strain in (Strain.PLAN, Strain.SCENARIO)]
    failures = [row for row in found.cases if row not in held]
    for cases in filter(None, (held, failures)):
        lines += ["", *aligned(table(cases, found.last))]
    regret = [REGRET] if any(row.best is not None for row in held) else []
    return "\n".join([*lines, "", METHOD, *regret])
