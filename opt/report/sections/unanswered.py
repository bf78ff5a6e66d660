"""What this run does not answer, and what would."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from opt.record.alternatives import Alternatives
from opt.record.explain import Explanation
from opt.record.frontier import Frontier
from opt.record.options import OtherOptions
from opt.record.pool import Pool
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
    said = [text for text in (_of_the_plan(story), _of_more(story)) if text]
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
    scenario = f" --scenario {story.run.scenario}" if story.run.scenario else ""
    command = f"'python -m opt brief {story.run.name}.xlsx{scenario}'"
    said = []
    if rest:
        said.append(f"Not asked of this plan: {'; '.join(rest)}. {command} answers them.")
    if begun:
        goes_on = f"{command} goes on with what was stopped"
        said.append(f"Answered in part: {'; '.join(begun)}; {goes_on}.")
    return " ".join(said)


def _of_more(story: Story) -> str:
    """The questions that have a command each; blank where all were asked to their end."""
    found = [own for own in _further(story) if not own.answered]
    if not found:
        return ""
    left = [f"{own.question}{' (in part)' if own.begun else ''} ({own.command})" for own in found]
    command = f"'python -m opt COMMAND outputs/{story.run.name} --memo'"
    return f"Left to a command each, {command}: {'; '.join(left)}."


@dataclass(frozen=True, slots=True)
class _Question:
    """A question with a command of its own: whether it was answered to its end, or begun."""

    question: str
    command: str
    answered: bool
    begun: bool


def _further(story: Story) -> Iterator[_Question]:
    """The questions that this case has beside the standard set."""
    case = story.run.case

    def asked(kind: type[Shown], question: str, command: str) -> _Question:
        return _Question(question, command, _is_whole(story, kind), story.answer(kind) is not None)

    if case.scenarios:
        question = "which one plan is best over all scenarios, and what it is worth to know more"
        yield asked(Risk, question, "risk")
        held = story.answer(Stress)
        known = held is not None and held.has_regret
        question = "how far the best plan of each scenario lies below this one there"
        yield _Question(question, "stress --regret", known and _is_whole(story, Stress), known)
    if len(case.programmes) > 1:
        yield asked(Pool, "what one joint budget is worth beside separate ones", "pool")
