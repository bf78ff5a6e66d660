"""What the run shows of stock, support, targets, elements, first touch and the world's output.

Only sums, firsts and largest of the run's own figures, as in `findings`, of which it is a part.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from opt.record.chain import WorldShare
from opt.record.demand import ElementYear
from opt.record.money import Use
from opt.record.run import Run
from opt.record.stock import StockpileYear
from opt.record.support import MarginYear
from opt.record.targets import TargetResult
from opt.report import wording
from opt.report.lookup import Lookup
from opt.report.target_words import target_unit, target_words

MOVES_ABOVE = 1e-6  # units: below it a movement or an activity is the solver's noise
COVERED = "covered"


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


@dataclass(frozen=True, slots=True)
class MarginFinding:
    """One process of one plant that costs more than it earns in some year.

    Gaps in USD per unit of activity, money in USD million. In `running_years` it runs because it is
    paid, `activity` units in all; in `idle_years` the whole plant stands still: one that runs
    another process does not.
    """

    plant: str
    name: str
    process: str
    process_name: str
    unit: str
    least_gap: float
    largest_gap: float
    running_years: tuple[int, ...]
    idle_years: tuple[int, ...]
    activity: float
    paid_musd: float
    paid_by: Mapping[str, float]

    @property
    def is_told(self) -> bool:
        """Whether the gap makes a difference: the plant is paid to run, or stands idle."""
        return bool(self.running_years or self.idle_years)


@dataclass(frozen=True, slots=True)
class TargetFinding:
    """One target, what it measures in words, and the unit of its value (blank: a share)."""

    result: TargetResult
    words: str
    unit: str


@dataclass(frozen=True, slots=True)
class TouchFinding:
    """Share of allied demand in a year whose supply first touched the covered bloc at a stage."""

    stage: str
    year: int
    share: float
    baseline_share: float


@dataclass(frozen=True, slots=True)
class ElementFinding:
    """Dependence of one element at the target year, and in its own worst counted year."""

    element: str
    year: int
    dependence: float
    baseline_dependence: float
    worst_year: int
    worst_dependence: float


@dataclass(frozen=True, slots=True)
class ConcentrationFinding:
    """One stage of the world in the first and last year of the plan: Herfindahl-Hirschman index
    (0 to 10,000) and the covered bloc's share of output; None where the stage makes nothing."""

    stage: str
    first_year: int
    last_year: int
    first_hhi: float | None
    last_hhi: float | None
    first_covered: float | None
    last_covered: float | None


@dataclass(frozen=True, slots=True)
class PolicyFindings:
    """All of them. `idle_plants` are plants that stand still in some year in which they would cost
    more than they earn; `paid_plants` run in some year because they are paid."""

    stockpiles: tuple[StockpileFinding, ...]
    margins: tuple[MarginFinding, ...]
    paid_plants: int
    idle_plants: int
    targets: tuple[TargetFinding, ...]
    touch: tuple[TouchFinding, ...]
    elements: tuple[ElementFinding, ...]
    worst_element: ElementYear | None
    concentration: tuple[ConcentrationFinding, ...]


def find_policy(run: Run, lookup: Lookup, counted: Sequence[int]) -> PolicyFindings:
    """The findings of a run whose years `counted` count in dependence."""
    year = counted[-1] if counted else run.workbook.last_year
    margins = _margins(run, lookup, _still(run))
    wanted = set(counted) or set(range(run.workbook.first_year, run.workbook.last_year + 1))
    elements = [entry for entry in run.elements if entry.year in wanted]
    return PolicyFindings(
        stockpiles=_stockpiles(run, lookup),
        margins=margins,
        paid_plants=len({entry.plant for entry in margins if entry.running_years}),
        idle_plants=len({entry.plant for entry in margins if entry.idle_years}),
        targets=tuple(_target(run, lookup, entry) for entry in run.targets),
        touch=_touch(run, lookup, year),
        elements=_elements(elements, year),
        worst_element=max(elements, key=lambda entry: entry.dependence, default=None),
        concentration=_concentration(run, lookup),
    )


def _stockpiles(run: Run, lookup: Lookup) -> tuple[StockpileFinding, ...]:
    """Those that cost most first."""
    by_stockpile: dict[str, list[StockpileYear]] = {}
    for entry in sorted(run.stockpiles, key=lambda entry: (entry.stockpile, entry.year)):
        by_stockpile.setdefault(entry.stockpile, []).append(entry)
    found = [_stockpile(run, lookup, key, years) for key, years in by_stockpile.items()]
    return tuple(sorted(found, key=lambda entry: -entry.paid_musd))


def _stockpile(
    run: Run, lookup: Lookup, key: str, years: Sequence[StockpileYear]
) -> StockpileFinding:
    row = lookup.stockpiles[key]
    commodity = row.text("commodity")
    most_days, most_days_year = _longest_cover(years)
    payments = [e for e in run.solution.paid_for(Use.STOCK) if e.thing == key]
    return StockpileFinding(
        stockpile=key,
        region_name=lookup.name("regions", row.text("region")),
        commodity_name=lookup.name("commodities", commodity),
        unit=lookup.unit(commodity),
        bought_clear=wording.total(e.bought_clear for e in years),
        bought_exposed=wording.total(e.bought_exposed for e in years),
        released_clear=wording.total(e.released_clear for e in years),
        released_exposed=wording.total(e.released_exposed for e in years),
        end_clear=years[-1].clear,
        end_exposed=years[-1].exposed,
        buying_years=_moving(years, lambda e: e.bought_clear + e.bought_exposed),
        release_years=_moving(years, lambda e: e.released_clear + e.released_exposed),
        paid_musd=wording.total(e.paid_musd for e in years),
        paid_by=_by_programme((e.programme, e.paid_musd) for e in payments),
        most_days=most_days,
        most_days_year=most_days_year,
        end_days=years[-1].cover_days,
    )


def _longest_cover(years: Sequence[StockpileYear]) -> tuple[float | None, int | None]:
    """The longest cover in days and the first year in which it is reached but for noise."""
    covered = [(e.cover_days, e.year) for e in years if e.cover_days is not None]
    if not covered:
        return None, None
    longest = max(days for days, _ in covered)
    return next((days, year) for days, year in covered if days >= longest * (1 - 1e-6))


def _moving(
    years: Iterable[StockpileYear], moved: Callable[[StockpileYear], float]
) -> tuple[int, ...]:
    return tuple(entry.year for entry in years if moved(entry) > MOVES_ABOVE)


def _by_programme(payments: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Money by programme, those that pay nothing left out. USD million."""
    found: dict[str, list[float]] = {}
    for programme, paid in payments:
        found.setdefault(programme, []).append(paid)
    sums = {programme: wording.total(found[programme]) for programme in sorted(found)}
    return {programme: paid for programme, paid in sums.items() if paid > 0}


def _still(run: Run) -> set[tuple[str, int]]:
    """Plants and years with capacity of which nothing runs, neither for allies nor for others."""
    answer = run.solution
    runs = {
        (entry.plant, entry.year)
        for flows in (answer.allied, answer.world)
        for entry in flows.activities
        if entry.activity > MOVES_ABOVE
    }
    return {(e.plant, e.year) for e in run.capacity if e.capacity > MOVES_ABOVE} - runs


def _margins(
    run: Run, lookup: Lookup, still: Collection[tuple[str, int]]
) -> tuple[MarginFinding, ...]:
    """Those that are paid most first, then those that stand idle longest."""
    found: dict[tuple[str, str], list[MarginYear]] = {}
    for entry in sorted(run.margins, key=lambda e: (e.plant, e.process, e.year)):
        found.setdefault((entry.plant, entry.process), []).append(entry)
    margins = [_margin(run, lookup, key, years, still) for key, years in found.items()]
    return tuple(sorted(margins, key=lambda e: (-e.paid_musd, -len(e.idle_years))))


def _margin(
    run: Run,
    lookup: Lookup,
    key: tuple[str, str],
    years: Sequence[MarginYear],
    still: Collection[tuple[str, int]],
) -> MarginFinding:
    plant, process = key
    payments = [e for e in run.solution.paid_for(Use.SUPPORT) if (e.thing, e.process) == key]
    paid = {e.year for e in payments if e.paid_musd > 0}
    running = [e for e in years if e.year in paid and e.activity > MOVES_ABOVE]
    gaps = [entry.gap for entry in years]
    return MarginFinding(
        plant=plant,
        name=lookup.plant(plant),
        process=process,
        process_name=lookup.name("processes", process),
        unit=lookup.activity_unit((process,)),
        least_gap=min(gaps),
        largest_gap=max(gaps),
        running_years=tuple(e.year for e in running),
        idle_years=tuple(e.year for e in years if (plant, e.year) in still),
        activity=wording.total(entry.activity for entry in running),
        paid_musd=wording.total(entry.paid_musd for entry in payments),
        paid_by=_by_programme((e.programme, e.paid_musd) for e in payments),
    )


def _target(run: Run, lookup: Lookup, result: TargetResult) -> TargetFinding:
    return TargetFinding(result, target_words(lookup, result), target_unit(result))


def _touch(run: Run, lookup: Lookup, year: int) -> tuple[TouchFinding, ...]:
    """The stages at which something that shows is first touched, in the order of the chain."""
    rank = {stage: place for place, stage in enumerate(lookup.stages)}
    shown = [
        TouchFinding(e.stage, e.year, e.share, e.baseline_share)
        for e in run.touch
        if e.year == year and max(e.share, e.baseline_share) > wording.NOTHING
    ]
    return tuple(sorted(shown, key=lambda e: (rank.get(e.stage, len(rank)), e.stage)))


def _elements(entries: Sequence[ElementYear], year: int) -> tuple[ElementFinding, ...]:
    by_element: dict[str, list[ElementYear]] = {}
    for entry in entries:
        by_element.setdefault(entry.element, []).append(entry)
    found: list[ElementFinding] = []
    for element, years in sorted(by_element.items()):
        worst = max(years, key=lambda entry: entry.dependence)
        found.extend(
            ElementFinding(
                element=element,
                year=year,
                dependence=at.dependence,
                baseline_dependence=at.baseline_dependence,
                worst_year=worst.year,
                worst_dependence=worst.dependence,
            )
            for at in years
            if at.year == year
        )
    return tuple(found)


def _concentration(run: Run, lookup: Lookup) -> tuple[ConcentrationFinding, ...]:
    rank = {stage: place for place, stage in enumerate(lookup.stages)}
    by_stage: dict[str, dict[int, list[WorldShare]]] = {}
    for entry in sorted(run.world, key=lambda e: (rank.get(e.stage, len(rank)), e.stage)):
        by_stage.setdefault(entry.stage, {}).setdefault(entry.year, []).append(entry)
    first, last = run.workbook.first_year, run.workbook.last_year
    found = []
    for stage, years in by_stage.items():
        at_first, at_last = years.get(first, []), years.get(last, [])
        found.append(
            ConcentrationFinding(
                stage=stage,
                first_year=first,
                last_year=last,
                first_hhi=at_first[0].hhi if at_first else None,
                last_hhi=at_last[0].hhi if at_last else None,
                first_covered=covered_share(at_first),
                last_covered=covered_share(at_last),
            )
        )
    return tuple(found)


def covered_share(entries: Sequence[WorldShare]) -> float | None:
    """Share of a stage's output in a year that the covered bloc makes; None where none is made."""
    if not entries:
        return None
    return wording.total(entry.share for entry in entries if entry.bloc == COVERED)
