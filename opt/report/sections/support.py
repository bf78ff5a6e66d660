"""Support: plants that cost more than they earn, who is paid to run and who stands idle."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from opt.record.money import Use
from opt.record.run import Run
from opt.record.support import MarginYear
from opt.report import wording
from opt.report.document import Block, Note, Section, TableBlock, Text
from opt.report.sections.plan import MOST_ROWS, paid_words
from opt.report.sections.stock import by_programme
from opt.report.story import Story, once

USES = {Use.SUPPORT: ("for price and output support", "pays plants to run")}
RUNS_ABOVE = 1e-6  # units: below it an activity is the solver's noise
TITLE = "Plants that run because they are paid, and plants that idle"
MEANING = (
    "The gap is what a unit costs above what it earns at market prices. Where there is one, a "
    "plant runs only as far as a programme pays for it."
)
METHOD = (
    "A plant that can make clear output, but whose opex and inputs cost more at market prices than "
    "its output earns, runs only as far as programmes pay the gap: a floor tops the market price "
    "up, output support pays so much on a unit made. Such money is not repaid."
)


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


@once
def margins(story: Story) -> tuple[MarginFinding, ...]:
    """Those that are paid most first, then those that stand idle longest."""
    run = story.run
    by_process: dict[tuple[str, str], list[MarginYear]] = {}
    for entry in sorted(run.margins, key=lambda e: (e.plant, e.process, e.year)):
        by_process.setdefault((entry.plant, entry.process), []).append(entry)
    still = _still(run)
    found = [_margin(run, key, entries, still) for key, entries in by_process.items()]
    return tuple(sorted(found, key=lambda e: (-e.paid_musd, -len(e.idle_years))))


def paid_plants(story: Story) -> int:
    """How many plants run in some year because they are paid."""
    return len({entry.plant for entry in margins(story) if entry.running_years})


def idle_plants(story: Story) -> int:
    """How many plants stand still in some year in which they would cost more than they earn."""
    return len({entry.plant for entry in margins(story) if entry.idle_years})


def _still(run: Run) -> set[tuple[str, int]]:
    """Plants and years with capacity of which nothing runs, neither for allies nor for others."""
    answer = run.solution
    runs = {
        (entry.plant, entry.year)
        for flows in (answer.allied, answer.world)
        for entry in flows.activities
        if entry.activity > RUNS_ABOVE
    }
    return {(e.plant, e.year) for e in run.capacity if e.capacity > RUNS_ABOVE} - runs


def _margin(
    run: Run,
    key: tuple[str, str],
    entries: Sequence[MarginYear],
    still: Collection[tuple[str, int]],
) -> MarginFinding:
    plant, process = key
    payments = [e for e in run.solution.paid_for(Use.SUPPORT) if (e.thing, e.process) == key]
    paid = {e.year for e in payments if e.paid_musd > 0}
    running = [e for e in entries if e.year in paid and e.activity > RUNS_ABOVE]
    gaps = [entry.gap for entry in entries]
    return MarginFinding(
        plant=plant,
        name=run.case.plant_name(plant),
        process=process,
        process_name=run.case.processes[process].name,
        unit=run.case.processes[process].unit,
        least_gap=min(gaps),
        largest_gap=max(gaps),
        running_years=tuple(e.year for e in running),
        idle_years=tuple(e.year for e in entries if (plant, e.year) in still),
        activity=wording.total(entry.activity for entry in running),
        paid_musd=wording.total(entry.paid_musd for entry in payments),
        paid_by=by_programme((e.programme, e.paid_musd) for e in payments),
    )


def support_risk(story: Story) -> str:
    """What happens to plants that are paid to run when they are not; nothing where none is."""
    paid = paid_plants(story)
    if not paid:
        return ""
    verb = "is" if paid == 1 else "are"
    return (
        f"{wording.count(paid, 'plant')} {verb} paid to run in some year; without it what is paid "
        f"for costs more than it earns at market prices."
    )


def method(story: Story) -> str:
    """How support is dealt with; nothing where no plant costs more than it earns."""
    return METHOD if story.run.margins else ""


def section(story: Story) -> Section | None:
    """Every plant that is paid to run or idles; none where none costs more than it earns."""
    if not margins(story):
        return None
    return Section("support", TITLE, (Text(_sentence(story)), *_table(story, None)))


def memo_section(story: Story) -> Section | None:
    """The first of them; none where the gap makes no difference."""
    if not any(entry.is_told for entry in margins(story)):
        return None
    return Section("support", TITLE, (Text(_sentence(story)), *_table(story, MOST_ROWS)))


def _sentence(story: Story) -> str:
    """How many plants are paid to run, and how many stand idle."""
    paid, idle = wording.number(paid_plants(story)), wording.number(idle_plants(story))
    return (
        f"Plants that are paid to run in some year, since they cost more than they earn: {paid}. "
        f"Plants that stand idle in some year in which they would cost more than they earn: {idle}."
    )


def _table(story: Story, most: int | None) -> tuple[Block, ...]:
    """The most paid first, `most` of them or all."""
    told = [entry for entry in margins(story) if entry.is_told]
    if not told:
        return ()
    title = "Plants that cost more than they earn: who is paid to run, who stands idle"
    table = TableBlock(
        wording.first_of(title, most, len(told)),
        (
            *("Plant", "Process", "Gap, USD a unit", "Runs because paid", "Makes in all"),
            *("Stands idle", "Public money, USD m"),
        ),
        [_line(story, entry) for entry in told[:most]],
        (2.6, 2.4, 1.7, 1.9, 1.7, 1.9, 2.3),
        (2,),
    )
    return (table, Note(MEANING))


def _line(story: Story, entry: MarginFinding) -> tuple[str, ...]:
    gaps = [wording.number(entry.least_gap), wording.number(entry.largest_gap)]
    return (
        entry.name,
        entry.process_name,
        " to ".join(dict.fromkeys(gaps)),
        wording.year_spans(entry.running_years),
        wording.amount(entry.activity, entry.unit) if entry.running_years else "nothing",
        wording.year_spans(entry.idle_years),
        paid_words(story.run.case, entry.paid_by),
    )
