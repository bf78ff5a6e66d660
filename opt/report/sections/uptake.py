"""What is clear but not taken, since only a part of demand takes clear material."""

from __future__ import annotations

from opt.record.uptake import all_take, uptake_years
from opt.report import wording
from opt.report.sections.years import counted_years
from opt.report.story import Story


def uptake_sentence(story: Story) -> str:
    """What dependence would be if all buyers took clear material, and the year in which most is not
    taken; nothing where it would be the same."""
    option, now = all_take(story.run), story.run.metrics.dependence
    if option is None or wording.percent(option.dependence) == wording.percent(now):
        return ""
    worst = max(uptake_years(story.run), key=lambda entry: entry.untaken_share)
    return (
        f"Some buyers take no clear material: if all did, the same plants would bring dependence "
        f"over {counted_years(story)} to {wording.percent(option.dependence)} in place of "
        f"{wording.percent(now)}. Most is not taken in {wording.year(worst.year)}: "
        f"{wording.percent(worst.untaken_share)} of that year's demand."
    )
