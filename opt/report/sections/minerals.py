"""How the plan falls on minerals, where the workbook has several."""

from __future__ import annotations

from opt.record.minerals import MineralResult
from opt.report import wording
from opt.report.document import Block, Section, TableBlock, Text
from opt.report.sections.years import counted_years
from opt.report.story import Story

TITLE = "Minerals"
HEAD = (
    *("Mineral", "Counts for", "No new money", "With the plan"),
    *("Plants", "Capital cost", "Public money"),
)


def section(story: Story) -> Section | None:
    """Every mineral; none where the workbook has one."""
    found = blocks(story)
    return Section("minerals", TITLE, found) if found else None


def blocks(story: Story) -> tuple[Block, ...]:
    """Dependence, plants and money by mineral; none where the workbook has one."""
    rows = story.run.minerals
    if not rows:
        return ()
    how = (
        "is the mean of that of each mineral, by what the workbook lets the mineral count for"
        if story.run.case.weighs_minerals
        else "adds up the demand for all minerals, each in its own unit"
    )
    said = Text(
        f"Dependence over {counted_years(story)} {how}. Public money is that for capital, stock and"
        " support."
    )
    table = TableBlock(TITLE, HEAD, [_line(row) for row in rows], (3, 1.5, 2, 2, 1, 2, 2), (1, 6))
    return (said, table)


def _line(row: MineralResult) -> tuple[str, ...]:
    return (
        row.mineral,
        wording.percent(row.weight),
        wording.percent(row.baseline_dependence),
        wording.percent(row.dependence),
        str(row.plants),
        wording.money(row.capex_musd),
        wording.money(row.public_musd + row.other_public_musd),
    )
