"""What could go wrong: the plan held in the cases that were tried, and what the run shows."""

from __future__ import annotations

from opt.record.stress import Strain, Stress, StressCase
from opt.report import wording
from opt.report.document import Block, Bullets, Figure, Prompt, Section, TableBlock, Text
from opt.report.sections import regret
from opt.report.sections.base_case import case_name
from opt.report.sections.levels import unit
from opt.report.sections.lost import lost_sentence
from opt.report.sections.money import money_risks
from opt.report.sections.plan import concentration_risk, survival_risk
from opt.report.sections.support import support_risk
from opt.report.sections.targets import slack_risk
from opt.report.sections.uptake import uptake_sentence
from opt.report.sections.years import shortage_risk
from opt.report.story import Story

TITLE = "What could go wrong"
MOST_SCENARIOS, MOST_FAILURES = 3, 1  # on the memo's two pages
PROMPT = Prompt("what you advise, who bears each risk, who decides in which body, handling.")


def analyst_section(story: Story) -> Section:
    """The place for what no run can tell."""
    return Section("advice", "Advice", (PROMPT,))


def figures(story: Story) -> list[Figure]:
    """The figure of the cases; none where none was tried."""
    return [Figure("stress")] if _table(story, None, None) else []


def memo_section(story: Story) -> Section | None:
    """The worst cases in a table, and regret; where none was tried, what the run itself shows."""
    table = _table(story, MOST_SCENARIOS, MOST_FAILURES)
    said = risks(story)[:MOST_SCENARIOS]
    blocks: list[Block] = [table] if table else [Bullets(said)] if said else []
    regretted = regret.sentence(story)
    blocks += [Text(regretted)] if regretted else []
    return Section("doubts", TITLE, blocks) if blocks else None


def section(story: Story) -> Section | None:
    """Every case, regret by scenario, and every doubt."""
    table, beside = _table(story, None, None), regret.table(story)
    blocks: list[Block] = [*figures(story), table] if table else []
    blocks += [Text(regret.sentence(story)), beside] if beside else []
    said = [*risks(story), *money_risks(story)]
    blocks += [Bullets(said)] if said else []
    return Section("doubts", TITLE, blocks) if blocks else None


def _table(story: Story, scenarios: int | None, failures: int | None) -> TableBlock | None:
    """The plan held in each case, beside the same without it; None where nothing was tried."""
    found = story.answer(Stress)
    if found is None:
        return None
    rows = [*worst(found, Strain.SCENARIO)[:scenarios], *worst(found, Strain.FAILURE)[:failures]]
    if not rows:
        return None
    last = wording.year(found.last)
    every = sum(c.strain in (Strain.SCENARIO, Strain.FAILURE) for c in found.cases)
    which = f"all {every}" if len(rows) == every else f"the worst {len(rows)} of {every}"
    title = f"The plan held, one change each: {which} cases tried"
    heads = ("If", f"Level in {last}", "Without the plan", "Worst shortage", "Without the plan")
    lines = [
        (
            case_name(story, row),
            _share(row.last_year),
            _share(row.without_last_year),
            short_words(story, row.worst_short_share, row.worst_short_units, row.worst_short_year),
            short_words(
                story, row.without_short_share, row.without_short_units, row.without_short_year
            ),
        )
        for row in rows
    ]
    return TableBlock(title, heads, lines, (5, 1.6, 1.8, 2.4, 2.4), (1, 2), dense=True)


def worst(found: Stress, strain: Strain) -> list[StressCase]:
    """The cases of one kind that are known, the worst first: by level in the last year and by what
    goes unserved in the worst."""
    known = [c for c in found.cases if c.strain is strain and c.last_year is not None]
    return sorted(
        known, key=lambda c: (-max(c.last_year or 0.0, c.worst_short_share or 0.0), c.case)
    )


def _share(value: float | None) -> str:
    return "not known" if value is None else wording.whole_percent(value)


def short_words(story: Story, share: float | None, units: float | None, year: int | None) -> str:
    """A shortage: its share of demand, the amount where demand has one unit, and the year."""
    if share is None or units is None:
        return "not known"
    if year is None:
        return "none"
    own = unit(story)
    amount = f", {wording.about(units, own)}," if own else ""
    return f"{wording.whole_percent(share)}{amount} in {wording.year(year)}"


def risks(story: Story) -> list[str]:
    """The doubts that the run itself shows, those of the plan and its money first."""
    found = [
        concentration_risk(story),
        survival_risk(story),
        lost_sentence(story),
        shortage_risk(story),
        uptake_sentence(story),
        support_risk(story),
        slack_risk(story),
    ]
    return [sentence for sentence in found if sentence]
