"""The futures of a case: its scenarios with their probabilities, or futures drawn from its chances
and ranges.

A plan for many scenarios promises money before it is known which of them comes, so shocks on money
itself are left out.
"""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from opt.data.assemble import assemble
from opt.data.book import Book
from opt.data.cell_ranges import CellRange, cell_ranges
from opt.data.instance import Instance
from opt.data.reader import redrawn, varied
from opt.data.reading.changed_cells import NewCell, cell_with, tables_with
from opt.data.reading.row_ids import row_id
from opt.data.sheets.chain import FacilityRow
from opt.data.sheets.projects import ProjectRow
from opt.data.sheets.scenarios import BASE, ScenarioRow, ShockRow
from opt.data.tables import Tables
from opt.data.words import plain, rounded
from opt.errors import InputError, Issue
from opt.fixed import FixedCommitment

EXACT = 1e-9  # what probabilities may miss 1 by


@dataclass(frozen=True, slots=True)
class FutureTables:
    """One future: its name, its probability and whether that is stated (or drawn), its cells, and
    which of their scenarios holds (None: the base case)."""

    name: str
    probability: float
    stated: bool
    tables: Tables
    scenario: str | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """Some futures of a case, its own cells (`base`), and what of them is left out.

    `alike` says by year of the plan, of each future, the number of the first that nobody can tell
    from it by what has happened until then.
    """

    base: Tables
    futures: tuple[FutureTables, ...]
    alike: Mapping[int, tuple[int, ...]]
    left_out: tuple[str, ...] = ()

    def instances(self) -> tuple[Instance, ...]:
        """The instance of each future, all with the same commitments on offer: those that operate
        within the plan in any of them or in the base case.

        Raises InputError as opt.data.assemble does.
        """
        own = [assemble(self.base), *(assemble(f.tables, f.scenario) for f in self.futures)]
        offered = {(j, v) for case in own for j, p in case.projects.items() for v in p.offers}
        every = [FixedCommitment(j, v, 1, None) for j, v in sorted(offered)]
        return tuple(assemble(f.tables, f.scenario, every) for f in self.futures)

    def releasing(self, rule: str) -> Outlook:
        """The same where every stockpile is released by a rule: any or disruption."""
        futures = tuple(
            dataclasses.replace(future, tables=_releasing(future.tables, rule))
            for future in self.futures
        )
        return dataclasses.replace(self, futures=futures)

    @property
    def release_rules(self) -> frozenset[str]:
        """The rules by which its stockpiles are released."""
        return frozenset(row.text("release") for row in self.base.rows["stockpiles"])


def _alike(
    years: range, futures: int, happened: Callable[[int, int], Hashable]
) -> dict[int, tuple[int, ...]]:
    """Which of some futures are told from one another, by year: those in which not the same has
    happened (`happened`, of a future and a year) in it or before."""
    found: dict[int, tuple[int, ...]] = {}
    first = (0,) * futures
    for year in years:
        told: dict[Hashable, int] = {}
        first = tuple(told.setdefault((k, happened(n, year)), n) for n, k in enumerate(first))
        found[year] = first
    return found


def _releasing(tables: Tables, rule: str) -> Tables:
    cells = [cell_with(row, "release", rule) for row in tables.rows["stockpiles"]]
    return tables_with(tables, cells)


# ---- Scenarios of the workbook ----------------------------------------------------------------


def scenario_outlook(tables: Tables, names: Sequence[str] | None = None) -> Outlook:
    """The scenarios of a workbook, or those that are named (`base`: the base case).

    Without names it is every scenario and the base case, which has the probability that they leave.
    Scenarios without a probability share evenly what the others leave of 1.

    Raises InputError with all that is wrong: scenarios that are not there or named twice, and
    probabilities that do not sum to 1.
    """
    book = Book(tables)
    rows = {row.scenario.casefold(): row for row in book.rows(ScenarioRow)}
    asked = [BASE, *(row.scenario for row in rows.values())] if names is None else list(names)
    _check_names(asked, rows)
    chosen = [rows.get(name.strip().casefold()) for name in asked]
    shocks: dict[str, list[ShockRow]] = {row.scenario: [] for row in rows.values()}
    for shock in book.rows(ShockRow):
        shocks[shock.scenario].append(shock)
    money = {name for name, own in shocks.items() if own and all(s.what == "money" for s in own)}
    kept = [row for row in chosen if row is None or row.scenario not in money]
    left_out = [_money_alone(row) for row in chosen if row is not None and row.scenario in money]
    left_out += [
        f"{row.scenario}: its shocks on money are not counted, since money is promised before it is"
        " known which scenario comes."
        for row in kept
        if row is not None and any(s.what == "money" for s in shocks[row.scenario])
    ]
    if not kept:
        message = "no scenario is left: all that they change is money."
        raise InputError([Issue("scenarios", "", "", message, "Name another scenario.")])
    counted = _probabilities(kept, names is None)
    rid = _without_money(tables)
    futures = tuple(
        FutureTables(
            BASE if row is None else row.scenario,
            probability,
            row is not None and row.probability is not None,
            rid,
            None if row is None else row.scenario,
        )
        for row, probability in counted
    )

    def happened(n: int, year: int) -> Hashable:
        own = shocks.get(futures[n].scenario or "", ())
        return tuple(_brought(shock) for shock in own if _holds(shock, year))

    alike = _alike(range(book.first, book.last + 1), len(futures), happened)
    return Outlook(rid, futures, alike, tuple(left_out))


def _holds(shock: ShockRow, year: int) -> bool:
    """Whether a shock that is counted holds in a year."""
    begun = shock.first_year is None or shock.first_year <= year
    return shock.what != "money" and begun and (shock.last_year is None or year <= shock.last_year)


def _brought(shock: ShockRow) -> Hashable:
    """What a shock changes of a year in which it holds."""
    matched = [(text or "").casefold() for text in (shock.field, shock.value, shock.mineral)]
    return (shock.what, *matched, shock.factor, shock.shift)


def _money_alone(row: ScenarioRow) -> str:
    return (
        f"{row.scenario} is left out: it changes money alone, which is promised before it is known"
        " which scenario comes."
    )


def _check_names(asked: Sequence[str], rows: dict[str, ScenarioRow]) -> None:
    known = f"The workbook has: {', '.join([BASE, *(r.scenario for r in rows.values())])}."
    counts = Counter(name.strip().casefold() for name in asked)
    issues = [
        Issue("scenarios", "", name, f"'{name}' is not a scenario.", known)
        for name in asked
        if name.strip().casefold() not in {BASE, *rows}
    ]
    issues += [
        Issue("scenarios", "", name, f"'{name}' is named {n} times.", "Name it once.")
        for name, n in counts.items()
        if n > 1
    ]
    if issues or not asked:
        raise InputError(issues or [Issue("--scenarios", "", "", "no scenario is named.", known)])


def _probabilities(
    chosen: Sequence[ScenarioRow | None], whole: bool
) -> list[tuple[ScenarioRow | None, float]]:
    """The probability of each (None: the base case), which the workbook may leave open; with
    `whole` the base case falls away where the scenarios leave it none.

    Raises InputError where they do not sum to 1.
    """
    stated = {
        n: row.probability
        for n, row in enumerate(chosen)
        if row is not None and row.probability is not None
    }
    left, open_ones = 1.0 - sum(stated.values()), len(chosen) - len(stated)
    if whole and open_ones == 1 and chosen[0] is None and abs(left) <= EXACT:
        return _probabilities(chosen[1:], False)
    if (open_ones and left <= EXACT) or (not open_ones and abs(left) > EXACT):
        raise InputError(_unsummed(chosen, 1.0 - left, open_ones))
    each = left / open_ones if open_ones else 0.0
    # What 0.1 + 0.2 + 0.7 misses 1 by.
    scale = 1.0 if open_ones else 1.0 - left
    return [(row, stated.get(n, each * scale) / scale) for n, row in enumerate(chosen)]


def _unsummed(
    chosen: Iterable[ScenarioRow | None], total: float, open_ones: int
) -> Iterator[Issue]:
    without = ", and one without has none left" if open_ones else ""
    message = f"the probabilities of the scenarios asked for sum to {rounded(total)}{without}."
    hint = "Mend them so that they sum to 1, or leave some blank to share what is left."
    for row in chosen:
        if row is not None and row.probability is not None:
            shown = plain(row.probability)
            yield Issue("scenarios", row.cell("probability"), shown, message, hint)


def _without_money(tables: Tables) -> Tables:
    kept = tuple(row for row in tables.rows["shocks"] if row.text("what") != "money")
    return dataclasses.replace(tables, rows={**tables.rows, "shocks": kept})


# ---- Futures that are drawn -------------------------------------------------------------------

# Sheets that say nothing of the base case, from which futures are drawn.
_NOT_OF_BASE = ("scenarios", "shocks")
# What is drawn by these is whether a plant operates: a chance itself is nothing that happens.
_CHANCES = ("chance", "merchant_chance")
_Place = tuple[str, str]  # sheet and id of a row


@dataclass(frozen=True, slots=True)
class _Draw:
    """What one draw changes: plants that never operate, projects that do not come without new
    money, values of ranges; and so its name."""

    failed: tuple[str, ...]
    absent: tuple[str, ...]
    values: tuple[float, ...]


def drawn_outlook(tables: Tables, number: int, seed: int) -> Outlook:
    """So many futures of the base case, drawn with a seed: each plant operates or never does, by
    its chance, and each cell with a range has a value of it, all as likely. Draws that come out
    alike are one future. A chance that has a range is itself drawn first. Plants and ranges are
    drawn in the order of their names, so the order of rows changes nothing. Amounts of recipes
    that do not balance at an end of their range are left out, which is told.

    A plant counts wholly where it operates. A project that comes without new money does so in
    merchant_chance of the futures, all of them among those in which it operates if committed.

    Raises InputError where no plant has a chance below 1 and no cell a range, or where a workbook
    as drawn is not sound.
    """
    book, ranged = Book(tables), _ranges(tables)
    likely, ranges = ranged.likely, ranged.others
    plants = [
        row
        for row in sorted(_plants(book), key=_name)
        if row.chance < 1 or _merchant(row) < 1 or _place(row) in likely
    ]
    if not plants and not ranges:
        message = "there is nothing to draw: no plant has a chance below 1 and no cell a range."
        raise InputError(
            [Issue("projects", "", "", message, "Fill column chance, or sheet ranges.")]
        )
    draws = Counter(_draws(plants, likely, ranges, number, random.Random(seed)))
    sure = tables_with(tables, settings={"survival": "none"})
    futures = tuple(
        FutureTables(f"draw {n}", count / number, True, _drawn(sure, book, draw, ranges), None)
        for n, (draw, count) in enumerate(draws.items(), start=1)
    )
    drawn, operate = list(draws), _first_operations(tables, plants)

    def happened(n: int, year: int) -> Hashable:
        draw = drawn[n]
        seen = [
            [name for name in own if operate[name] <= year] for own in (draw.failed, draw.absent)
        ]
        return (*map(tuple, seen), draw.values)

    alike = _alike(range(book.first, book.last + 1), len(futures), happened)
    return Outlook(tables, futures, alike, ranged.left_out)


@dataclass(frozen=True, slots=True)
class _Ranges:
    """Every range that can say something of the base case, in the order of their names: those of
    chances by the plant's sheet and row, all others, and why some are left out."""

    likely: Mapping[_Place, Sequence[CellRange]]
    others: tuple[CellRange, ...]
    left_out: tuple[str, ...]


def _ranges(tables: Tables) -> _Ranges:
    named = sorted(cell_ranges(tables), key=lambda own: (own.sheet, own.row, str(own.column)))
    likely: dict[_Place, list[CellRange]] = {}
    others, left_out = [], []
    for own in named:
        if own.column in _CHANCES:
            likely.setdefault((own.sheet, own.row), []).append(own)
        elif own.sheet not in _NOT_OF_BASE:
            reason = _unbalanced(tables, own)
            if reason:
                left_out.append(f"{own.sheet} {own.row} {own.column} is not drawn: {reason}")
            else:
                others.append(own)
    return _Ranges(likely, tuple(others), tuple(left_out))


def _unbalanced(tables: Tables, own: CellRange) -> str:
    """Why an amount of a recipe cannot be drawn: at an end of its range, the rest as it is, a
    process makes more of an element than it uses; blank where it can."""
    if own.sheet != "recipes":
        return ""
    for end in (own.low, own.high):
        try:
            varied(tables, own, end)
        except InputError as error:
            return f"at {plain(end)} {error.issues[0].message}"
    return ""


def _plants(book: Book) -> list[FacilityRow | ProjectRow]:
    return [*book.rows(FacilityRow), *book.rows(ProjectRow)]


def _name(row: FacilityRow | ProjectRow) -> str:
    return row.facility if isinstance(row, FacilityRow) else row.project


def _place(row: FacilityRow | ProjectRow) -> _Place:
    sheet = "facilities" if isinstance(row, FacilityRow) else "projects"
    return sheet, row_id([_name(row)])


def _merchant(row: FacilityRow | ProjectRow) -> float:
    """The chance that a project comes without new money; 1 where it never does."""
    own = row.merchant_chance if isinstance(row, ProjectRow) else None
    return 1.0 if own is None else own


def _draws(
    plants: Sequence[FacilityRow | ProjectRow],
    likely: Mapping[_Place, Sequence[CellRange]],
    ranges: Sequence[CellRange],
    number: int,
    source: random.Random,
) -> Iterator[_Draw]:
    for _ in range(number):
        lots = [(row, source.random(), _odds(row, likely, source)) for row in plants]
        failed = tuple(_name(row) for row, u, (operates, _) in lots if u >= operates)
        absent = tuple(_name(row) for row, u, (_, comes) in lots if u >= comes)
        yield _Draw(failed, absent, tuple(_value(own, source) for own in ranges))


def _odds(
    row: FacilityRow | ProjectRow,
    likely: Mapping[_Place, Sequence[CellRange]],
    source: random.Random,
) -> tuple[float, float]:
    """The chance that a plant operates, and that it comes without new money, drawn where it has a
    range."""
    drawn = {own.column: _value(own, source) for own in likely.get(_place(row), ())}
    return drawn.get("chance", row.chance), drawn.get("merchant_chance", _merchant(row))


def _value(own: CellRange, source: random.Random) -> float:
    if own.is_whole:
        return float(source.randint(int(own.low), int(own.high)))
    return source.uniform(own.low, own.high)


def _drawn(sure: Tables, book: Book, draw: _Draw, ranges: Sequence[CellRange]) -> Tables:
    cells: list[NewCell] = []
    for row in _plants(book):
        if _name(row) in draw.failed:
            cells.append(cell_with(row, "availability", 0.0))
        if isinstance(row, ProjectRow) and row.merchant_chance is not None:
            if row.project in draw.absent:
                cells += [cell_with(row, name, None) for name in ("merchant", "merchant_chance")]
            else:
                cells.append(cell_with(row, "merchant_chance", 1.0))
    values = dict(zip(ranges, draw.values, strict=True))
    return tables_with(redrawn(sure, values) if values else sure, cells)


def _first_operations(tables: Tables, plants: Sequence[FacilityRow | ProjectRow]) -> dict[str, int]:
    """The first year in which each of some plants could operate, by name."""
    instance = assemble(tables)
    found: dict[str, int] = {}
    for row in plants:
        if isinstance(row, FacilityRow):
            found[row.facility] = row.opens or instance.first_year
            continue
        project = instance.projects.get(row.project)
        offers = project.offers.values() if project else ()
        years = [offer.first_operation for offer in offers]
        years += project.merchant if project else ()
        found[row.project] = min(years, default=instance.last_year + 1)
    return found
