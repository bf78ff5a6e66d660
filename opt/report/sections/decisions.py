"""Decisions: what must be committed, bought or paid for, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from opt.record.case import CaseRecord
from opt.report import wording
from opt.report.document import Block, Bullets, Prompt, Section, Text
from opt.report.sections.plan import ProjectFinding, built
from opt.report.sections.stock import stockpiles
from opt.report.sections.support import margins
from opt.report.story import Story, once

MOST_NAMES = 6  # of the projects of a year
MOST_PLANTS = 6  # of those that are paid to run; results.xlsx has all


@dataclass(frozen=True, slots=True)
class Decision:
    """All commitments of one year, USD million."""

    year: int
    names: tuple[str, ...]
    capex_musd: float
    public_musd: float


@once
def decisions(story: Story) -> tuple[Decision, ...]:
    """The years in which something is committed."""
    by_year: dict[int, list[ProjectFinding]] = {}
    for entry in built(story):
        by_year.setdefault(entry.commitment.year, []).append(entry)
    return tuple(
        Decision(
            year,
            tuple(entry.name for entry in entries),
            wording.total(entry.commitment.capex_musd for entry in entries),
            wording.total(entry.public_musd for entry in entries),
        )
        for year, entries in by_year.items()
    )


def section(story: Story) -> Section:
    """Every decision, by year."""
    found = [*map(_sentence, decisions(story)), *_purchases(story), *_support(story)]
    said: Block = Bullets(found) if found else Text("The plan needs no new commitment.")
    prompt = Prompt("who decides, in which body, and what must be ready before.")
    return Section("decisions", "Decisions needed, and by when", (said, prompt))


def _sentence(entry: Decision) -> str:
    names = wording.names(entry.names, MOST_NAMES)
    money = f"{wording.money(entry.capex_musd)}, of which {wording.money(entry.public_musd)} public"
    return f"In {wording.year(entry.year)}: commit {names} ({money})."


def _purchases(story: Story) -> list[str]:
    """What is to be bought for stock, and when."""
    return [
        f"{wording.year_spans(stock.buying_years)}: buy {stock.bought} of "
        f"{stock.commodity_name} for {stock.stockpile} ({_paid(story.run.case, stock.paid_by)})."
        for stock in stockpiles(story)
        if stock.buying_years
    ]


def _support(story: Story) -> list[str]:
    """Which plants are to be paid to run, and when."""
    paid = [entry for entry in margins(story) if entry.running_years and entry.paid_by]
    return [
        f"{wording.year_spans(entry.running_years)}: pay {entry.name} to run "
        f"({_paid(story.run.case, entry.paid_by)})."
        for entry in paid[:MOST_PLANTS]
    ]


def _paid(case: CaseRecord, paid_by: Mapping[str, float]) -> str:
    return wording.names(
        [f"{wording.money(v)} of {case.programme_name(k)}" for k, v in paid_by.items()]
    )
