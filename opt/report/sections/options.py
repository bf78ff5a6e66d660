"""Options: what more or less money and other plans would come to."""

from __future__ import annotations

from opt.record.options import Option
from opt.report import wording
from opt.report.document import Block, Figure, Section, TableBlock, Text
from opt.report.sections.years import years
from opt.report.story import Story

HEADS = (
    "Option",
    "Public money, USD m",
    "Capital cost, USD m",
    "Dependence",
    "Worst year",
    "Plants",
    "First output",
    "What could go wrong",
)
WIDTHS = (2.4, 1.5, 1.5, 1.9, 2.4, 1.1, 1.2, 3.6)
NUMBERS = (1, 2, 3, 5)
FIGURE_SHARE = 0.81  # of the text width: so high that options and figure fill one page


def section(story: Story) -> Section:
    """Every option that was worked out."""
    return Section("options", "Options", (_block(story),))


def memo_section(story: Story) -> Section:
    """The same, and what the plan does to dependence by year."""
    return Section("options", "Options", (_block(story), Figure("dependence", FIGURE_SHARE)))


def _block(story: Story) -> Block:
    if not story.run.options:
        return Text("No other option was worked out in this run.")
    case, counted = story.run.case, years(story).counted
    span = (counted[0], counted[-1]) if counted else (case.first_year, case.last_year)
    title = f"Options compared; dependence over {wording.years(*span)}, worst of those years"
    return TableBlock(
        title, HEADS, [_line(option) for option in story.run.options], WIDTHS, NUMBERS
    )


def _line(option: Option) -> tuple[str, ...]:
    return (
        option.name,
        wording.short_money(option.public_musd),
        wording.short_money(option.capex_musd),
        wording.percent(option.dependence),
        f"{wording.percent(option.worst_year_dependence)} in {wording.year(option.worst_year)}",
        wording.number(option.plants),
        "none" if option.first_output is None else wording.year(option.first_output),
        option.note or "[Analyst: fill in]",
    )
