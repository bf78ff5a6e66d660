"""Stockpiles: what is bought, kept and released, for how much, and how long it lasts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from opt.record.money import Use
from opt.record.projects import CUT_STOCK, FREE_STOCK, HELD_STOCK
from opt.record.run import Run
from opt.record.stock import StockpileYear
from opt.report import wording
from opt.report.document import Block, Note, Section, TableBlock, Text
from opt.report.sections.plan import paid_words
from opt.report.story import Story, once

USES = {Use.STOCK: ("for stock", "buys and keeps stock")}
MOVES_ABOVE = 1e-6  # units: below it a movement is the solver's noise
MEANING = (
    "Clear stock serves clear. Exposed stock stands in when supply fails; it does not lower "
    "dependence. Days of cover: how long the whole stock would last allied users at the use of "
    "that year."
)
METHOD = (
    "Stock is bought at the market price, kept in the class in which it was bought, and released "
    "in any year, or only in a disruption where the workbook says so. Programmes pay the price and "
    "the carrying cost of what they add as long as it is held; stock that lay there at first costs "
    "them nothing."
)
GIVEN = {
    HELD_STOCK: "What the given plan buys for stock stays as it is.",
    CUT_STOCK: (
        "What the given plan buys for stock stays as far as the material and money of this "
        "scenario allow."
    ),
    FREE_STOCK: "The given plan holds its projects alone: what is bought for stock is chosen anew.",
}


@dataclass(frozen=True, slots=True)
class StockpileFinding:
    """One stockpile over the whole plan: movements in units, money in USD million.

    `most_days` is the longest cover of allied use, in `most_days_year`; `end_days` that at the end
    of the last year (None: nobody uses it). `paid_by` is the public money by programme.
    """

    stockpile: str
    region_name: str
    commodity_name: str
    unit: str
    bought_clear: float
    bought_exposed: float
    released_clear: float
    released_exposed: float
    end_clear: float
    end_exposed: float
    buying_years: tuple[int, ...]
    release_years: tuple[int, ...]
    paid_musd: float
    paid_by: Mapping[str, float]
    most_days: float | None
    most_days_year: int | None
    end_days: float | None

    @property
    def is_used(self) -> bool:
        """Whether anything lies there, is bought or released in any year."""
        moved = (self.bought_clear, self.bought_exposed, self.released_clear, self.released_exposed)
        return max(*moved, self.end_clear, self.end_exposed) > MOVES_ABOVE

    @property
    def bought(self) -> str:
        """What is bought in all, in words."""
        return _amounts(self.unit, self.bought_clear, self.bought_exposed)


@once
def stockpiles(story: Story) -> tuple[StockpileFinding, ...]:
    """Those that cost most first."""
    by_stockpile: dict[str, list[StockpileYear]] = {}
    for entry in sorted(story.run.stockpiles, key=lambda entry: (entry.stockpile, entry.year)):
        by_stockpile.setdefault(entry.stockpile, []).append(entry)
    found = [_stockpile(story.run, key, entries) for key, entries in by_stockpile.items()]
    return tuple(sorted(found, key=lambda entry: -entry.paid_musd))


def _stockpile(run: Run, key: str, entries: Sequence[StockpileYear]) -> StockpileFinding:
    row = run.case.stockpiles[key]
    commodity = run.case.commodities[row.commodity]
    most_days, most_days_year = _longest_cover(entries)
    payments = [e for e in run.solution.paid_for(Use.STOCK) if e.thing == key]
    return StockpileFinding(
        stockpile=key,
        region_name=run.case.regions[row.region].name,
        commodity_name=commodity.name,
        unit=commodity.unit,
        bought_clear=wording.total(e.bought_clear for e in entries),
        bought_exposed=wording.total(e.bought_exposed for e in entries),
        released_clear=wording.total(e.released_clear for e in entries),
        released_exposed=wording.total(e.released_exposed for e in entries),
        end_clear=entries[-1].clear,
        end_exposed=entries[-1].exposed,
        buying_years=_moving(entries, lambda e: e.bought_clear + e.bought_exposed),
        release_years=_moving(entries, lambda e: e.released_clear + e.released_exposed),
        paid_musd=wording.total(e.paid_musd for e in entries),
        paid_by=by_programme((e.programme, e.paid_musd) for e in payments),
        most_days=most_days,
        most_days_year=most_days_year,
        end_days=entries[-1].cover_days,
    )


def _longest_cover(entries: Sequence[StockpileYear]) -> tuple[float | None, int | None]:
    """The longest cover in days and the first year in which it is reached but for noise."""
    covered = [(e.cover_days, e.year) for e in entries if e.cover_days is not None]
    if not covered:
        return None, None
    longest = max(days for days, _ in covered)
    return next((days, year) for days, year in covered if days >= longest * (1 - 1e-6))


def _moving(
    entries: Iterable[StockpileYear], moved: Callable[[StockpileYear], float]
) -> tuple[int, ...]:
    return tuple(entry.year for entry in entries if moved(entry) > MOVES_ABOVE)


def by_programme(payments: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Money by programme, those that pay nothing left out. USD million."""
    found: dict[str, list[float]] = {}
    for programme, paid in payments:
        found.setdefault(programme, []).append(paid)
    sums = {programme: wording.total(found[programme]) for programme in sorted(found)}
    return {programme: paid for programme, paid in sums.items() if paid > 0}


def _amounts(unit: str, clear: float, exposed: float) -> str:
    """Amounts of both classes: '60 t clear and 40 t exposed', or 'nothing'."""
    parts = [
        f"{wording.amount(amount, unit)} {origin}"
        for amount, origin in ((clear, "clear"), (exposed, "exposed"))
        if amount > wording.NOTHING
    ]
    return wording.names(parts) or "nothing"


def method(story: Story) -> str:
    """How stock is dealt with, and what becomes of it in a given plan; blank without stockpiles."""
    if not story.run.stockpiles:
        return ""
    plan = story.run.plan
    return METHOD if plan is None or plan.improve else f"{METHOD} {GIVEN[plan.stock]}"


def section(story: Story) -> Section | None:
    """Stockpiles in use; none where the workbook has none."""
    if not stockpiles(story):
        return None
    return Section("stockpiles", "Stockpiles", (Text(_sentence(story)), *_table(story)))


def _sentence(story: Story) -> str:
    """How many stockpiles are in use."""
    used, every = len(used_stockpiles(story)), len(stockpiles(story))
    if not used:
        return f"Nothing is bought for any of the {wording.count(every, 'stockpile')} on offer."
    verb = "is" if used == 1 else "are"
    return f"Of {wording.count(every, 'stockpile')} on offer {used} {verb} used."


def used_stockpiles(story: Story) -> list[StockpileFinding]:
    """Those in which anything lies or moves."""
    return [entry for entry in stockpiles(story) if entry.is_used]


def _table(story: Story) -> tuple[Block, ...]:
    lines = [_line(story, entry) for entry in used_stockpiles(story)]
    if not lines:
        return ()
    last = wording.year(story.run.case.last_year)
    table = TableBlock(
        "Stockpiles: what is bought and released, and days of allied use that they would last",
        (
            *("Stockpile", "Bought", "Public money, USD m", "Longest cover"),
            *(f"Cover at the end of {last}", "Left at the end", "Released"),
        ),
        lines,
        (2.4, 2.5, 2.2, 1.8, 1.6, 1.9, 2.5),
    )
    return (table, Note(MEANING))


def _line(story: Story, entry: StockpileFinding) -> tuple[str, ...]:
    released = _amounts(entry.unit, entry.released_clear, entry.released_exposed)
    return (
        f"{entry.stockpile}: {entry.commodity_name}, {entry.region_name}",
        _when(entry.bought, entry.buying_years),
        paid_words(story.run.case, entry.paid_by),
        _days(entry.most_days, entry.most_days_year),
        _days(entry.end_days, None),
        _amounts(entry.unit, entry.end_clear, entry.end_exposed),
        _when(released, entry.release_years),
    )


def _when(amount: str, years: tuple[int, ...]) -> str:
    return f"{amount}, {wording.year_spans(years)}" if years else amount


def _days(days: float | None, year: int | None) -> str:
    if days is None:
        return "nobody uses it"
    text = wording.amount(days, "days")
    return text if year is None else f"{text}, {wording.year(year)}"
