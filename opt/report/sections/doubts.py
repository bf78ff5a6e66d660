"""Doubts: what the run shows about what could go wrong; nothing that was not worked out."""

from __future__ import annotations

from opt.report.document import Bullets, Prompt, Section, Text
from opt.report.sections.money import money_risks
from opt.report.sections.plan import concentration_risk, survival_risk
from opt.report.sections.quality import evidence_risk
from opt.report.sections.support import support_risk
from opt.report.sections.targets import slack_risk
from opt.report.sections.uptake import uptake_sentence
from opt.report.sections.years import shortage_risk
from opt.report.story import Story

NO_SWITCHING = (
    "This run has no switching values: how far a cost, a delay or a price must move before a "
    "project leaves the plan is not worked out. No likelihood is stated."
)


def section(story: Story) -> Section:
    """What could go wrong, and what was not worked out."""
    return Section(
        "doubts",
        "What could go wrong, and what would change our mind",
        (
            Bullets(risks(story)),
            Text(NO_SWITCHING),
            Prompt("who bears each risk, and which sign would change this judgment."),
        ),
    )


def risks(story: Story) -> list[str]:
    """The doubts, those of the plan and its money first."""
    found = [
        concentration_risk(story),
        survival_risk(story),
        *money_risks(story),
        evidence_risk(story),
        shortage_risk(story),
        uptake_sentence(story),
        support_risk(story),
        slack_risk(story),
    ]
    return [sentence for sentence in found if sentence]
