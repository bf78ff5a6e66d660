"""What this run does not answer, and what would."""

from __future__ import annotations

from collections.abc import Mapping

from opt.record.alternatives import Alternatives
from opt.record.explain import Explanation
from opt.record.frontier import Frontier
from opt.record.options import OtherOptions
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
    left = [words for kind, words in QUESTIONS.items() if not _is_whole(story, kind)]
    if not left:
        return None
    command = f"python -m opt brief {story.run.name}.xlsx"
    text = (
        f"Not asked of this plan, or not finished: {'; '.join(left)}. '{command}' answers them. No "
        "likelihood is stated."
    )
    return Section("unanswered", "What this memo does not answer", (Text(text),))
