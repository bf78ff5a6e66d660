"""What this run does not answer, and what would."""

from __future__ import annotations

from collections.abc import Mapping

from opt.record.alternatives import Alternatives
from opt.record.explain import Explanation
from opt.record.frontier import Frontier
from opt.record.options import OtherOptions
from opt.record.risk import Risk
from opt.record.sensitivity import Sensitivity
from opt.record.shown import Shown
from opt.record.stress import Stress
from opt.report.document import Section, Text
from opt.report.story import Story

QUESTIONS: Mapping[type[Shown], str] = {
    Stress: "how the plan holds where a scenario happens or a plant fails",
    OtherOptions: "what half the money, named projects alone and a faster pace come to",
    Frontier: "what the next billion and the next start a year buy",
    Alternatives: "which other lists of projects are as good, who gains and who pays in them",
    Explanation: "why a project is not chosen, and what a year of waiting loses",
    Sensitivity: "which figures move the answer, and at which value it switches",
}


def _is_whole(story: Story, kind: type[Shown]) -> bool:
    """Whether a study was run to its end."""
    return bool(getattr(story.answer(kind), "complete", False))


def section(story: Story) -> Section | None:
    """The questions that were not put to this plan; none where all were."""
    if not story.has_plan:
        return None
    said = [text for text in (_of_the_plan(story), _of_risk(story)) if text]
    if not said:
        return None
    if story.answer(Risk) is None:
        said.append("No likelihood is stated.")
    return Section("unanswered", "What this memo does not answer", (Text(" ".join(said)),))


def _of_the_plan(story: Story) -> str:
    """What the standard set of studies answers; blank where all of it was asked. What was begun
    stands apart: the memo tells what is known of it, and more time need not settle the rest."""
    left = [kind for kind in QUESTIONS if not _is_whole(story, kind)]
    begun = [QUESTIONS[kind] for kind in left if story.answer(kind) is not None]
    rest = [QUESTIONS[kind] for kind in left if story.answer(kind) is None]
    command = f"'python -m opt brief {story.run.name}.xlsx'"
    said = []
    if rest:
        said.append(f"Not asked of this plan: {'; '.join(rest)}. {command} answers them.")
    if begun:
        goes_on = f"{command} goes on with what was stopped"
        said.append(f"Answered in part: {'; '.join(begun)}; {goes_on}.")
    return " ".join(said)


def _of_risk(story: Story) -> str:
    """The question of one plan for all scenarios; blank where it was asked, or there are none."""
    if not story.run.case.scenarios or _is_whole(story, Risk):
        return ""
    command = f"python -m opt risk outputs/{story.run.name} --memo"
    begun = story.answer(Risk) is not None
    asked = "Answered in part" if begun else "Not asked"
    does = "goes on with what was stopped" if begun else "answers it"
    return (
        f"{asked} of all scenarios together: which one plan is best over them, and what it is "
        f"worth to know more. '{command}' {does}."
    )
