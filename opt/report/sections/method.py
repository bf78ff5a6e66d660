"""The method in a page, one paragraph an entry."""

from __future__ import annotations

from opt.report import wording
from opt.report.document import Section, Text
from opt.report.sections import stock, support, targets
from opt.report.story import Story

OFFTAKES = (
    "The contracted share of a plant's output goes to the place named in its offtake contract, or "
    "stays with the holder; users elsewhere cannot have it."
)


def section(story: Story) -> Section:
    """The method of this run."""
    return Section("method", "Method in a page", tuple(map(Text, paragraphs(story))))


def paragraphs(story: Story) -> list[str]:
    """What is chosen, measured and traced; of stock, support, contracts and targets where used."""
    covered, case = story.covered, story.run.case
    span = wording.years(case.first_year, case.last_year)
    found = (
        f"A mixed-integer programme over the calendar years {span} chooses which projects to "
        f"commit, in which year and with whose money, and how material then flows, so that as "
        f"little allied demand as possible rests on {covered}.",
        f"Material is clear only if no step of it was done in {covered} or by a plant under its "
        f"control. A plant makes clear output only from inputs that are all clear. Each material "
        f"flows in two classes, clear and exposed, through every stage.",
        "Dependence is the weighted share of allied demand in the counted years that is served "
        "with exposed material or not served. Demand that is not served counts, since going "
        "without is not independence.",
        f"{_order_words(story)} Other countries are served afterwards, with commitments and allied "
        f"deliveries fixed.",
        "Plants spend over their construction, start after their lead time and reach full output "
        "along their ramp. Programmes pay only what their rules allow: amount, yearly limit, "
        "share, eligibility, years of commitment.",
        stock.method(story),
        support.method(story),
        OFFTAKES if case.has_offtakes else "",
        targets.method(story),
        _tracing(story),
    )
    return [text for text in found if text]


def _tracing(story: Story) -> str:
    """What the tracing takes for granted, and what dependence is where that fails."""
    traced, pooled = story.run.metrics.dependence, story.run.metrics.pooled_dependence
    same = wording.percent(traced) == wording.percent(pooled)
    told = (
        "the same"
        if same
        else f"{wording.percent(pooled)} instead of {wording.percent(traced)}; the truth lies "
        f"between the two"
    )
    return (
        "The tracing assumes that clear material is kept apart and goes where it is needed. Where "
        "clear and exposed material mix wherever they meet, dependence over the counted years is "
        f"{told}."
    )


def _order_words(story: Story) -> str:
    """The goals in the order in which this run took them."""
    names = (entry.objective for entry in story.run.passes)
    goals = [wording.objective_words(name) for name in names if name != "world"]
    order = ", then ".join(goals)
    return f"Goals are made small in this order: {order}; each is kept while the next is improved."
