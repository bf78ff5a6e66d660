"""Tables on targets, stock, support, first touch, elements and concentration, as lines of text for
the memo and the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from opt.record.case import CaseRecord
from opt.report import wording
from opt.report.findings_policy import (
    ConcentrationFinding,
    MarginFinding,
    StockpileFinding,
    TargetFinding,
)
from opt.report.lines import paid_words
from opt.report.policy_words import stock_amount
from opt.report.story import Story

NONE = "none"


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table for a reader: `widths` are shares of the text width, `right` the number columns."""

    title: str
    heads: tuple[str, ...]
    lines: Sequence[tuple[str, ...]]
    widths: tuple[float, ...]
    right: tuple[int, ...] = ()


def targets_table(story: Story) -> TextTable:
    """Every target: what it measures, its bound, what the plan comes to."""
    return TextTable(
        "Targets, and what the plan comes to",
        ("Target", "What is measured", "Year", "Bound", "With the plan", "Slack", "No new money"),
        [_target_line(entry) for entry in story.findings.policy.targets],
        (2, 4.4, 1, 2, 1.6, 1.5, 1.6),
        (4, 5, 6),
    )


def _target_line(entry: TargetFinding) -> tuple[str, ...]:
    result, unit = entry.result, entry.unit

    def value(number: float) -> str:
        return wording.amount(number, unit) if unit else wording.percent(number)

    slack = max(result.slack, 0.0)
    return (
        result.target,
        entry.words,
        wording.year(result.year),
        f"{result.sense.replace('_', ' ')} {value(result.bound)}",
        value(result.value),
        wording.amount(slack, unit) if unit else wording.points(slack),
        value(result.baseline_value),
    )


def stockpiles_table(story: Story) -> TextTable:
    """Stockpiles in use: what is bought and released, for how much, how long it lasts."""
    last = wording.year(story.run.case.last_year)
    return TextTable(
        "Stockpiles: what is bought and released, and days of allied use that they would last",
        (
            *("Stockpile", "Bought", "Public money, USD m", "Longest cover"),
            *(f"Cover at the end of {last}", "Left at the end", "Released"),
        ),
        [_stockpile_line(story.run.case, e) for e in story.findings.policy.stockpiles if e.is_used],
        (2.4, 2.5, 2.2, 1.8, 1.6, 1.9, 2.5),
    )


def stockpiles_sentence(story: Story) -> str:
    """How many stockpiles are in use, and which lie empty."""
    stockpiles = story.findings.policy.stockpiles
    empty = [entry.stockpile for entry in stockpiles if not entry.is_used]
    used = len(stockpiles) - len(empty)
    text = f"{wording.count(used, 'stockpile')} of {len(stockpiles)} in use."
    if not used:
        text = "No stockpile is in use."
    if not empty:
        return text
    return f"{text} Nothing is bought for {wording.names(empty, len(empty))}."


def _stockpile_line(case: CaseRecord, entry: StockpileFinding) -> tuple[str, ...]:
    bought = stock_amount(entry, entry.bought_clear, entry.bought_exposed)
    released = stock_amount(entry, entry.released_clear, entry.released_exposed)
    return (
        f"{entry.stockpile}: {entry.commodity_name}, {entry.region_name}",
        _when(bought, entry.buying_years),
        paid_words(case, entry.paid_by),
        _days(entry.most_days, entry.most_days_year),
        _days(entry.end_days, None),
        stock_amount(entry, entry.end_clear, entry.end_exposed),
        _when(released, entry.release_years),
    )


def _when(amount: str, years: tuple[int, ...]) -> str:
    return f"{amount}, {wording.year_spans(years)}" if years else amount


def _days(days: float | None, year: int | None) -> str:
    if days is None:
        return "nobody uses it"
    text = wording.amount(days, "days")
    return text if year is None else f"{text}, {wording.year(year)}"


def margins_table(story: Story, most: int | None = None) -> TextTable:
    """Plants that run because they are paid or stand idle: the most paid first, `most` of them or
    all."""
    margins = [entry for entry in story.findings.policy.margins if entry.is_told]
    title = "Plants that cost more than they earn: who is paid to run, who stands idle"
    if most is not None and len(margins) > most:
        title = f"{title} (the first {most} of {len(margins)}; results.xlsx has all)"
    return TextTable(
        title,
        (
            *("Plant", "Process", "Gap, USD a unit", "Runs because paid", "Makes in all"),
            *("Stands idle", "Public money, USD m"),
        ),
        [_margin_line(story.run.case, entry) for entry in margins[:most]],
        (2.6, 2.4, 1.7, 1.9, 1.7, 1.9, 2.3),
        (2,),
    )


def _margin_line(case: CaseRecord, entry: MarginFinding) -> tuple[str, ...]:
    gaps = [wording.number(entry.least_gap), wording.number(entry.largest_gap)]
    return (
        entry.name,
        entry.process_name,
        " to ".join(dict.fromkeys(gaps)),
        wording.year_spans(entry.running_years),
        wording.amount(entry.activity, entry.unit) if entry.running_years else "nothing",
        wording.year_spans(entry.idle_years),
        paid_words(case, entry.paid_by),
    )


def chain_table(story: Story) -> TextTable:
    """Each stage before and after: what is first touched there, and what is taken in exposed."""
    touch = {entry.stage: entry for entry in story.findings.policy.touch}
    taken = {entry.stage: entry for entry in story.findings.stages}
    order = [*story.run.case.stages, *touch]
    lines = []
    for stage in dict.fromkeys(stage for stage in order if stage in touch or stage in taken):
        first, intake = touch.get(stage), taken.get(stage)
        lines.append(
            (
                stage,
                wording.percent(first.baseline_share if first else 0.0),
                wording.percent(first.share if first else 0.0),
                wording.percent(intake.baseline_exposed_share) if intake else NONE,
                wording.percent(intake.exposed_share) if intake else NONE,
                _clear_words(intake.clear_from) if intake else NONE,
            )
        )
    years = [*(e.year for e in touch.values()), *(e.year for e in taken.values())]
    year = f" in {wording.year(years[0])}" if years else ""
    return TextTable(
        f"Where the chain first touches {story.covered}, and what allies take in exposed,{year}",
        (
            *("Stage", "First touch, no new money", "First touch, plan"),
            *("Exposed intake, no new money", "Exposed intake, plan", "With the plan intake is"),
        ),
        lines,
        (2.4, 2, 2, 2, 2, 2.6),
        (1, 2, 3, 4),
    )


def _clear_words(clear_from: int | None) -> str:
    return "still exposed" if clear_from is None else f"clear from {wording.year(clear_from)}"


def elements_table(story: Story) -> TextTable:
    """Dependence of each element at the target year, and its worst year."""
    found = story.findings.policy.elements
    year = f" in {wording.year(found[0].year)}" if found else ""
    return TextTable(
        f"Dependence by element{year}, and the worst year of each",
        ("Element", "No new money", "With the plan", "Worst year with the plan"),
        [
            (
                e.element,
                wording.percent(e.baseline_dependence),
                wording.percent(e.dependence),
                f"{wording.percent(e.worst_dependence)} in {wording.year(e.worst_year)}",
            )
            for e in found
        ],
        (2, 2, 2, 3),
        (1, 2),
    )


def concentration_table(story: Story) -> TextTable:
    """World output of each stage in the first and last year: the covered share, and the index."""
    case = story.run.case
    first, last = wording.year(case.first_year), wording.year(case.last_year)
    return TextTable(
        f"World output by stage: share of {story.covered}, and concentration "
        f"(Herfindahl-Hirschman)",
        (
            *("Stage", f"Share {first}", f"Share {last}"),
            *(f"Concentration {first}", f"Concentration {last}"),
        ),
        [_concentration_line(entry) for entry in story.findings.policy.concentration],
        (3, 2, 2, 2.3, 2.3),
        (1, 2, 3, 4),
    )


def _concentration_line(entry: ConcentrationFinding) -> tuple[str, ...]:
    shares = (entry.first_covered, entry.last_covered)
    indices = (entry.first_hhi, entry.last_hhi)
    return (
        entry.stage,
        *(NONE if share is None else wording.percent(share) for share in shares),
        *(NONE if index is None else wording.number(index) for index in indices),
    )
