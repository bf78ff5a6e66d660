"""What decides it: the few things that move the answer most, each with its number."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from opt.record.frontier import Frontier, FrontStep
from opt.record.options import MORE, NAMED, Option
from opt.report import wording
from opt.report.document import Bullets, Section
from opt.report.sections.cells import cell_words
from opt.report.sections.money import has_money, programmes
from opt.report.sections.options import option_named, the_plan
from opt.report.sections.plan import plan
from opt.report.sections.switching import moving
from opt.report.sections.years import years
from opt.report.story import Story

MOST = 4
BINDS = 0.001  # a smaller fall of dependence is told as under 0.1 points
SHOWS = 0.0005  # a share that shows in points
_MORE_MONEY = "Money: a quarter more in every programme"
LIMITS, PROGRAMMES = "limits", "programmes"


def section(story: Story) -> Section | None:
    """The judgments; none where the run has nothing to tell of them."""
    found = [*_judgments(story)][:MOST]
    return Section("deciders", "What decides it", (Bullets(found),)) if found else None


def _judgments(story: Story) -> Iterator[str]:
    yield from _pace(story)
    yield from _money(story)
    yield from _placeholders(story)
    yield from _figures(story)


def _steps(story: Story, subject: str) -> list[FrontStep]:
    """The next steps of one kind, those that help most first."""
    found = story.answer(Frontier)
    steps = [] if found is None else [s for s in found.steps if s.subject == subject]
    return sorted(steps, key=lambda s: (-s.fall_low, -s.fall_high, s.name))


def _pace(story: Story) -> Iterator[str]:
    """What one start a year more buys, at the limit at which it buys most."""
    steps = _steps(story, LIMITS)
    if not steps:
        return
    if _none_binds(story, steps):
        yield "Pace: one start a year more under any limit lowers the mean by under 0.1 points."
        return
    best = steps[0]
    fall = wording.points_span(best.fall_low, best.fall_high)
    yield (
        f"Pace: one start a year more of {limit_words(best.name)} lowers the mean of the counted "
        f"years by {fall}; no other limit on starts is worth more for certain."
    )


def limit_words(name: str) -> str:
    """A limit on starts in words: 'starts|stage|magnet' is 'stage magnet'."""
    return " ".join(name.split("|")[1:])


def _money(story: Story) -> Iterator[str]:
    """Whether money binds, and in which programme most: only what the bounds prove."""
    if programmes(story) and not has_money(story):
        yield "Money: no programme of the workbook has any."
    more = option_named(story, MORE)
    if more is None:
        return
    own = the_plan(story)
    least = _least_fall(story, own, more)
    if own.dependence - more.bound < BINDS:
        yield (
            f"{_MORE_MONEY} lowers the mean of the counted years by under 0.1 points, so it is not "
            f"the amount that binds{_no_programme(story)}."
        )
    elif least >= SHOWS:
        yield (
            f"{_MORE_MONEY} lowers the mean of the counted years by "
            f"{wording.points_span(least, own.dependence - more.bound)}, where the plan takes off "
            f"{wording.points(years(story).fall)}{_which_programme(story)}."
        )
    else:
        yield f"{_MORE_MONEY} {_open_words(own, more)}{_which_programme(story)}."


def _least_fall(story: Story, own: Option, more: Option) -> float:
    """What the money takes off at least: no plan without it beats the bound. Of a plan that was
    given, or chosen for something else first, the bound says nothing of other plans."""
    run = story.run
    best = not run.is_given and bool(run.passes) and run.passes[0].objective == "dependence"
    return max(0.0, own.bound - more.dependence) if best else 0.0


def _open_words(own: Option, more: Option) -> str:
    """What is known where it is open whether the amount binds."""
    found = wording.percent(min(own.dependence, more.dependence))
    bound = wording.bound_value("dependence", more.bound)
    least = f"at best {bound}, " if math.isfinite(more.bound) else ""
    return (
        f"brings the mean of the counted years to {least}{found} as far as was found, beside "
        f"{wording.percent(own.dependence)} with the plan: whether the amount binds is open"
    )


def _which_programme(story: Story) -> str:
    steps = _steps(story, PROGRAMMES)
    if not steps or steps[0].fall_low < SHOWS:
        return ""
    best = steps[0]
    name = story.run.case.programme_name(best.name)
    fall = wording.points_span(best.fall_low, best.fall_high)
    return (
        f"; no single programme is worth more for certain than {name}: {fall} for "
        f"{wording.round_money(best.more)}"
    )


def _no_programme(story: Story) -> str:
    steps = _steps(story, PROGRAMMES)
    if not steps or not _none_binds(story, steps):
        return ""
    return f", nor does {wording.round_money(steps[0].more)} more in any single one"


def _none_binds(story: Story, steps: Sequence[FrontStep]) -> bool:
    """Whether every step was answered, and none can lower the mean by what shows."""
    found = story.answer(Frontier)
    return found is not None and found.complete and all(s.fall_high < BINDS for s in steps)


def _placeholders(story: Story) -> Iterator[str]:
    """What rests on plants that nobody has announced."""
    found = plan(story)
    if not found.placeholder_count:
        return
    share = found.placeholder_musd / max(story.run.metrics.capex_musd, wording.NOTHING)
    names = wording.count(found.placeholder_count, "placeholder")
    carry = "carries" if found.placeholder_count == 1 else "carry"
    yield (
        f"Sponsors: {names} that nobody has announced {carry} {wording.whole_percent(share)} of "
        f"the capital{_named_alone(story)}."
    )


def _named_alone(story: Story) -> str:
    found = option_named(story, NAMED)
    if found is None or not found.by_year:
        return ""
    last = found.by_year[-1]
    level = wording.whole_percent(last.dependence)
    return f"; named projects alone bring {wording.year(last.year)} to {level}"


def _figures(story: Story) -> Iterator[str]:
    """The one figure that moves the plan most."""
    cells = moving(story)
    if not cells:
        return
    most = cells[0]
    name = cell_words(story, most.sheet, most.row, most.column)
    yield (
        f"Figures: {name} moves the mean most, by {wording.points(most.swing)} between "
        f"{wording.number(most.low)} and {wording.number(most.high)}, the plan held."
    )
