"""A run as it is told: every figure that the documents derive from it is worked out once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from opt.record.run import Run
from opt.report import wording

T = TypeVar("T")


class Story:
    """A run and what was already worked out of it: one for all documents of the run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._found: dict[Any, Any] = {}

    @property
    def covered(self) -> str:
        """The name of what allies depend on."""
        return self.run.case.covered

    @property
    def has_plan(self) -> bool:
        """Whether the run holds a plan at all."""
        return wording.has_plan(self.run.status)

    def kept(self, work: Callable[[Story], T]) -> T:
        """What `work` gives for this story: worked out at the first call."""
        if work not in self._found:
            self._found[work] = work(self)
        return self._found[work]  # type: ignore[no-any-return]


def once(work: Callable[[Story], T]) -> Callable[[Story], T]:
    """The same function, worked out once a story."""

    @wraps(work)
    def kept(story: Story) -> T:
        return story.kept(work)

    return kept
