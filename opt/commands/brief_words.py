"""What `opt brief` says: the answer of the run, then what each study found in its sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from opt.commands import (
    alternatives_words,
    explain_words,
    frontier_words,
    labels_words,
    options_words,
    pool_words,
    risk_words,
    sensitivity_words,
    stress_words,
)
from opt.commands.check_words import run_warnings
from opt.commands.common import written_words
from opt.record.brief import Brief, BriefPart
from opt.report.sections.summary import headline, proof
from opt.report.story import Story

WORDS: Mapping[str, Callable[[Any], str]] = {
    "stress": stress_words.in_words,
    "options": options_words.in_words,
    "labels": labels_words.in_words,
    "frontier": frontier_words.in_words,
    "explain": explain_words.in_words,
    "alternatives": alternatives_words.in_words,
    "sensitivity": sensitivity_words.in_words,
    "pool": pool_words.in_words,
    "risk": risk_words.in_words,
}


def in_words(found: Brief, folder: Path) -> str:
    """All of it for a terminal."""
    story = Story(found.run, found.answers)
    lines = [headline(story), proof(story)]
    for part in found.parts:
        lines += ["", f"== {part.study}", *_part(found, part)]
    lines += ["", *run_warnings(found.run.case.warnings), *_unfinished(found)]
    return "\n".join([*lines, written_words(folder, "studies/ holds all of these")])


def _part(found: Brief, part: BriefPart) -> Iterator[str]:
    answer = found.answers.get(part.study)
    yield f"Not known: {part.reason}." if answer is None else WORDS[part.study](answer)


def _unfinished(found: Brief) -> Iterator[str]:
    """What was stopped, and how it goes on; what came to its end and left something open."""
    stopped = [part.study for part in found.parts if part.stopped]
    if stopped:
        yield f"Not finished: {', '.join(stopped)}. The same command goes on where it stopped."
    left = [part.study for part in found.parts if not part.complete and not part.stopped]
    if left:
        yield f"Not settled in all: {', '.join(left)}. What is not known is told there."
