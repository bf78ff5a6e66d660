"""What comes without new money: both cases without the plan, and what the plan adds to them."""

from __future__ import annotations

from dataclasses import dataclass

from opt.record.money import Use
from opt.record.options import FROZEN, WITH_MERCHANTS
from opt.report import wording
from opt.report.sections.years import counted_years
from opt.report.story import Story, once


@dataclass(frozen=True, slots=True)
class Merchants:
    """Dependence without new money, `merchant` with what comes by itself and `frozen` on existing
    and committed plants alone, each None where it was not worked out; they are the same where
    nothing comes. `additional_fall` is what the plan takes off the former. `would_come_musd` is
    public money for capital that bought what would have come: of each project times its chance.
    """

    any: bool
    merchant: float | None
    frozen: float | None
    additional_fall: float | None
    would_come_musd: float


@once
def merchants(story: Story) -> Merchants:
    """The figures of a run."""
    run = story.run
    told = {row.name: row.dependence for row in run.options}
    any_comes = any(project.merchant_chance > 0 for project in run.case.projects.values())
    own = run.baseline.dependence
    merchant, frozen = told.get(WITH_MERCHANTS), told.get(FROZEN)
    if run.case.settings.get("baseline") != "frozen":
        merchant, frozen = own, frozen if any_comes else own
    else:
        merchant, frozen = merchant if any_comes else own, own
    return Merchants(
        any=any_comes,
        merchant=merchant,
        frozen=frozen,
        additional_fall=None if merchant is None else merchant - run.metrics.dependence,
        would_come_musd=wording.total(
            paid.paid_musd * run.case.projects[paid.thing].merchant_chance
            for paid in run.solution.paid_for(Use.CAPITAL)
        ),
    )


def additional_sentence(story: Story) -> str:
    """What the plan adds to what comes without it; nothing where nothing does."""
    found = merchants(story)
    if not found.any or found.merchant is None or found.additional_fall is None:
        return ""
    frozen = ""
    if found.frozen is not None:
        frozen = f", and {wording.percent(found.frozen)} if none of it came"
    comes = (
        f"Without new money some projects come all the same: dependence over "
        f"{counted_years(story)} is then {wording.percent(found.merchant)}{frozen}."
    )
    if not story.run.solution.commitments:
        return comes
    verb = "lowers it by" if found.additional_fall >= 0 else "raises it by"
    points = wording.points(abs(found.additional_fall))
    return f"{comes} The plan {verb} {points} beyond that; {_bought(story, found)}."


def _bought(story: Story, found: Merchants) -> str:
    public = wording.total(paid.paid_musd for paid in story.run.solution.paid_for(Use.CAPITAL))
    if found.would_come_musd <= wording.NOTHING:
        return "none of its public money buys what would have come without it"
    return (
        f"of its {wording.money(public)} of public money for capital "
        f"{wording.money(found.would_come_musd)} buys what would have come without it"
    )
