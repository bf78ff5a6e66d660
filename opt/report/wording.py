"""Numbers -> text. The only functions that format a number, and the only words for a status.

Every figure a person reads in the memo, the HTML page or a chart's title comes through here, so
that the same value never shows two ways. Rounding never lets a bound contradict its value: values
are rounded to nearest, bounds down.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from opt.objectives import ObjectiveKind, objective_of
from opt.record.passes import Outcome, Pass

# What the passes' own tolerances may move a share by: below it a share is shown as zero.
NOTHING = 2e-6

STATUS_WORDS = {
    Outcome.OPTIMAL: "Solved: no better plan exists beyond the stated bound.",
    Outcome.FEASIBLE: "Stopped early: this is the best plan found, not a proven optimum.",
    Outcome.INFEASIBLE: "No plan obeys every rule of the workbook; nothing below is a plan.",
    Outcome.LIMIT: "Stopped before any plan was found; nothing below is a plan.",
    Outcome.ERROR: "The solver failed; nothing below is a plan.",
}

# A given plan was only evaluated: nothing is said of plans that were not.
GIVEN_STATUS_WORDS = {
    Outcome.OPTIMAL: "Evaluated: the plan was taken as given; what it comes to is solved to the "
    "stated bound.",
    Outcome.FEASIBLE: "Stopped early: the plan was taken as given; what it comes to is the best "
    "found, not proven.",
}


def _tenths(share: float) -> int:
    """A share in tenths of a per cent, rounded to nearest."""
    return round(share * 1000)


def _floor_tenths(share: float) -> int:
    """A share in tenths of a per cent, rounded down; noise below a step does not cost a tenth."""
    return math.floor(share * 1000 + NOTHING * 1000)


def _from_tenths(tenths: int) -> str:
    return f"{tenths / 10:.1f}%"


def percent(share: float) -> str:
    """A share as '63.2%'; tiny and nearly full shares are not shown as 0 or 100."""
    if NOTHING < share < 0.0005:
        return "under 0.1%"
    if 0.9995 <= share < 1 - NOTHING:
        return "over 99.9%"
    return _from_tenths(_tenths(share))


def short_percent(share: float) -> str:
    """A share as '60%' or '7.5%', for marks too small for a decimal that says nothing."""
    return percent(share).replace(".0%", "%")


def whole_percent(share: float) -> str:
    """A share as '63%', for text: data of which most is estimated carry no more. Tiny and nearly
    full shares are not shown as 0 or 100."""
    if NOTHING < share < 0.005:
        return "under 1%"
    if 0.995 <= share < 1 - NOTHING:
        return "over 99%"
    return f"{round(share * 100)}%"


def percent_span(shares: Iterable[float]) -> str:
    """The least and the most of some shares: '35% to 61%', or the one."""
    known = sorted(shares)
    low, high = whole_percent(known[0]), whole_percent(known[-1])
    return low if low == high else f"{low} to {high}"


def points_span(low: float, high: float) -> str:
    """A difference of shares that is known between two ends: '0.2 to 0.5 points', 'at least 0.2
    points' where the other end is not known, 'under 0.1 points' where it is too small to show."""
    if not math.isfinite(high):
        return f"at least {points(low)}" if low >= 0.0005 else "not known"
    if abs(high) < 0.0005:
        return "under 0.1 points"
    least, most = _tenths(max(low, 0.0)) / 10, _tenths(high) / 10
    return points(high) if least == most else f"{least:.1f} to {most:.1f} points"


def points(difference: float) -> str:
    """A difference of two shares as '29.1 points', without sign."""
    return f"{abs(_tenths(difference)) / 10:.1f} points"


def points_at_most(difference: float) -> str:
    """The most that a difference of two shares can be, as '0.6 points', rounded up."""
    return f"{-_floor_tenths(-difference) / 10:.1f} points"


def money(musd: float) -> str:
    """USD million as 'USD 1,234 million', from ten thousand on as 'USD 12.0 billion', below a
    twentieth as 'USD 20,000'."""
    if abs(musd) >= 9999.5:
        return f"USD {musd / 1000:,.1f} billion"
    if NOTHING < abs(musd) < 0.05:
        return f"USD {musd * 1e6:,.0f}"
    if NOTHING < abs(musd) < 9.95:
        return f"USD {musd:,.1f} million"
    return f"USD {round(musd):,} million"


def money_span(least: float, most: float) -> str:
    """USD million from least to most, without the unit: '80 to 160', or the one."""
    low, high = short_money(least), short_money(most)
    return low if low == high else f"{low} to {high}"


def round_money(musd: float) -> str:
    """USD million for text: 'USD 4.0 billion' from a thousand on, else as `money`."""
    return f"USD {musd / 1000:,.1f} billion" if abs(musd) >= 999.5 else money(musd)


def short_money(musd: float) -> str:
    """USD million without the unit, for columns and marks whose heading has it: '1,234'."""
    return f"{musd:,.1f}" if 0.05 <= abs(musd) < 9.95 else f"{round(musd):,}"


def number(value: float) -> str:
    """A plain number with thousands separators; one decimal below ten unless it is whole."""
    if abs(value) < 9.95 and abs(value - round(value)) > NOTHING:
        return f"{value:,.1f}" if abs(value) >= 0.05 else f"{value:.2g}"
    return f"{round(value):,}"


def amount(value: float, unit: str) -> str:
    """An amount with its unit: '12,345 t'."""
    return f"{number(value)} {unit}".strip()


def about(value: float, unit: str = "") -> str:
    """An amount to three digits with its unit, for text: '129,000 t'."""
    if abs(value) < 999.5:
        return amount(value, unit)
    step = 10.0 ** (math.floor(math.log10(abs(value))) - 2)
    return f"{round(round(value / step) * step):,} {unit}".strip()


def tiny(value: float) -> str:
    """A violation or tolerance: '3.2e-09', or '0'."""
    return f"{value:.1e}" if value else "0"


def year(value: int) -> str:
    """A calendar year."""
    return str(value)


def years(first: int, last: int) -> str:
    """A span of years: '2027 to 2035', or the one year."""
    return year(first) if first == last else f"{first} to {last}"


def year_spans(items: Sequence[int]) -> str:
    """Years in spans: '2027 to 2029, 2031 and 2034 to 2035'; 'never' where there are none."""
    spans: list[tuple[int, int]] = []
    for item in sorted(items):
        if spans and item == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], item)
        else:
            spans.append((item, item))
    return names([years(*span) for span in spans], len(spans)) or "never"


def count(value: int, noun: str, plural: str = "") -> str:
    """A number of things: 'no projects', '1 project', '12 projects'."""
    if value == 1:
        return f"1 {noun}"
    return f"{value:,} {plural or noun + 's'}" if value else f"no {plural or noun + 's'}"


def first_of(title: str, most: int | None, total: int) -> str:
    """The title of a table of which the memo shows the first rows alone, where it has more."""
    if most is None or total <= most:
        return title
    return f"{title} (the first {most} of {total}; results.xlsx has all)"


def capital(text: str) -> str:
    """Words as they begin a sentence."""
    return f"{text[:1].upper()}{text[1:]}"


def names(items: Sequence[str], most: int = 4) -> str:
    """Names in a sentence: 'a, b and c', or 'a, b, c and 5 more'; semicolons stand between names
    of which one holds a comma and a blank."""
    shown = list(items)
    if len(shown) > most:
        rest = len(shown) - most + 1
        shown = [*shown[: most - 1], f"{rest} more"]
    if len(shown) <= 1:
        return "".join(shown)
    if any(", " in name for name in shown):
        return f"{'; '.join(shown[:-1])}; and {shown[-1]}"
    return f"{', '.join(shown[:-1])} and {shown[-1]}"


def is_share(objective: str) -> bool:
    """Whether an objective is a share; else it is USD million, or units."""
    return objective_of(objective).kind is ObjectiveKind.SHARE


def objective_words(objective: str) -> str:
    """What an objective makes small, in words."""
    return objective_of(objective).words


def objective_value(objective: str, value: float) -> str:
    """A pass's value in its own unit."""
    shown = {ObjectiveKind.SHARE: percent, ObjectiveKind.MASS: number, ObjectiveKind.MONEY: money}
    return shown[objective_of(objective).kind](value)


def bound_value(objective: str, bound: float) -> str:
    """A pass's bound in its own unit, rounded down; 'unknown' where nothing is proven."""
    if not math.isfinite(bound):
        return "unknown"
    kind = objective_of(objective).kind
    if kind is ObjectiveKind.SHARE:
        return _from_tenths(_floor_tenths(max(bound, 0.0)))
    return number(math.floor(bound)) if kind is ObjectiveKind.MASS else money(_floor_money(bound))


def _floor_money(musd: float) -> float:
    """USD million rounded down to the step in which `money` shows it."""
    step = 100.0 if abs(musd) >= 9999.5 else 1.0 if abs(musd) >= 9.95 else 0.1
    return math.floor(musd / step + 1e-6) * step


def is_proven(result: Pass) -> bool:
    """Whether value and bound are the same but for the solver's noise."""
    return result.value - result.bound <= NOTHING * max(1.0, abs(result.value))


def pass_bound(result: Pass) -> str:
    """The bound of a pass as shown beside its value: never above it, and equal where proven."""
    if is_proven(result) and is_share(result.objective):
        return _from_tenths(_tenths(result.value))
    if is_proven(result):
        return objective_value(result.objective, result.value)
    return bound_value(result.objective, result.bound)


def is_open(result: Pass) -> bool:
    """Whether nothing is proven: no bound is known, or one that every plan keeps, since nothing but
    discounted cost can be below zero."""
    if not math.isfinite(result.bound) or not math.isfinite(result.gap):
        return True
    return result.objective != "cost" and result.bound <= 0.0 and not is_proven(result)


def proven_to(result: Pass) -> str:
    """How far a pass is proven: 'exactly', 'to 0.5% of itself', or not at all."""
    if is_open(result):
        return "not at all"
    if is_proven(result):
        return "exactly"
    return f"to {percent(result.gap)} of itself{_gap_in_money(result)}"


def pass_gap(result: Pass) -> str:
    """The gap of a pass in a cell: a share of the value, of the cost pass in USD too and as a share
    of the added cost; 'none' where it is proven, 'unknown' where nothing is."""
    if is_open(result):
        return "unknown"
    if is_proven(result):
        return "none"
    parts = [percent(result.gap)]
    if result.gap_musd is not None:
        parts.append(money(result.gap_musd))
    if result.gap_added is not None:
        parts.append(f"{percent(result.gap_added)} of added cost")
    return "; ".join(parts)


def _gap_in_money(result: Pass) -> str:
    """The gap of the cost pass in USD, and beside what the plan adds to the cost of no new money:
    most of the cost of a plan is there without it."""
    if result.gap_musd is None:
        return ""
    beside = ""
    if result.gap_added is not None:
        beside = f": {percent(result.gap_added)} of what the plan costs above no new money"
    return f" ({money(result.gap_musd)}{beside})"


def best_sentence(result: Pass) -> str:
    """The first pass said plainly: the value, and what no plan can beat.

    The bound is never above the value; where both agree to the passes' own tolerance the value is
    proven best, unless the search stopped early.
    """
    best = objective_value(result.objective, result.value)
    bound = pass_bound(result)
    if is_share(result.objective):
        best = _from_tenths(_tenths(result.value))
    beats = _nothing_rules_out(bound) if is_open(result) else _no_plan_beats(bound)
    if result.outcome is not Outcome.OPTIMAL:
        return f"Best plan found before the search stopped {best}. {beats}"
    if is_proven(result):
        return f"Best plan {best}. {beats} It is proven best."
    return f"Best plan {best}. {beats}"


def _nothing_rules_out(bound: str) -> str:
    if bound == "unknown":
        return "How much better a plan could be is not known."
    return f"How much better a plan could be is not known yet: nothing rules out one at {bound}."


def _no_plan_beats(bound: str) -> str:
    return f"No plan within these budgets can beat {bound}."


def status_words(status: Outcome, *, given: bool = False) -> str:
    """One sentence for a status, of a `given` plan or of one that was searched for; only a solved
    run reads as one."""
    return GIVEN_STATUS_WORDS.get(status, STATUS_WORDS[status]) if given else STATUS_WORDS[status]


def has_plan(status: Outcome) -> bool:
    """Whether a run of this status holds a plan at all."""
    return status in (Outcome.OPTIMAL, Outcome.FEASIBLE)


def total(values: Iterable[float]) -> float:
    """A sum that does not depend on the order of its terms."""
    return math.fsum(values)
