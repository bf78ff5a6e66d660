"""The world's output by stage: how concentrated it is, and what the covered bloc makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from opt.record.chain import WorldShare
from opt.report import wording
from opt.report.document import Block, Section, TableBlock, Text
from opt.report.story import Story, once

COVERED = "covered"
NONE = "none"
TITLE = "Concentration of world output"
MEANING = (
    "Shares are of what all plants of a stage make, everybody served. The Herfindahl-Hirschman "
    "index is 10,000 where one country makes all."
)


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


@once
def concentration(story: Story) -> tuple[ConcentrationFinding, ...]:
    """Every stage, in the order of the chain."""
    run = story.run
    by_stage: dict[str, dict[int, list[WorldShare]]] = {}
    for entry in sorted(run.world, key=lambda e: run.case.rank(e.stage)):
        by_stage.setdefault(entry.stage, {}).setdefault(entry.year, []).append(entry)
    first, last = run.case.first_year, run.case.last_year
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
                first_covered=_covered_share(at_first),
                last_covered=_covered_share(at_last),
            )
        )
    return tuple(found)


def _covered_share(entries: Sequence[WorldShare]) -> float | None:
    """Share of a stage's output in a year that the covered bloc makes; None where none is made."""
    if not entries:
        return None
    return wording.total(entry.share for entry in entries if entry.bloc == COVERED)


def section(story: Story) -> Section | None:
    """Every stage; none where nothing is made."""
    found = blocks(story)
    return Section("world", TITLE, found) if found else None


def blocks(story: Story) -> tuple[Block, ...]:
    """What the figures mean, and every stage in a table."""
    found = concentration(story)
    if not found:
        return ()
    first, last = wording.year(story.run.case.first_year), wording.year(story.run.case.last_year)
    table = TableBlock(
        f"World output by stage: share of {story.covered}, and concentration "
        f"(Herfindahl-Hirschman)",
        (
            *("Stage", f"Share {first}", f"Share {last}"),
            *(f"Concentration {first}", f"Concentration {last}"),
        ),
        [_line(entry) for entry in found],
        (3, 2, 2, 2.3, 2.3),
        (1, 2, 3, 4),
    )
    return (Text(MEANING), table)


def _line(entry: ConcentrationFinding) -> tuple[str, ...]:
    shares = (entry.first_covered, entry.last_covered)
    indices = (entry.first_hhi, entry.last_hhi)
    return (
        entry.stage,
        *(NONE if share is None else wording.percent(share) for share in shares),
        *(NONE if index is None else wording.number(index) for index in indices),
    )
