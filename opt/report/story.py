"""A run as it is told: every figure that the documents derive from it is worked out once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from opt.record.run import Run
from opt.record.shown import Shown
from opt.report import wording

T = TypeVar("T")
A = TypeVar("A", bound=Shown)


class Story:
    """A run, the answers of studies of it by name, and what was already worked out of them: one for
    all documents of the run."""

    def __init__(self, run: Run, answers: Mapping[str, Shown] | None = None) -> None:
        self.run = run
        self.answers = answers or {}
        self._found: dict[Any, Any] = {}

    @property
    def covered(self) -> str:
        """The name of what allies depend on."""
        return self.run.case.covered

    @property
    def has_plan(self) -> bool:
        """Whether the run holds a plan at all."""
        return wording.has_plan(self.run.status)

    def answer(self, kind: type[A]) -> A | None:
        """The answer of a study by the class of its answers; None where it was not run."""
        return next((own for own in self.answers.values() if isinstance(own, kind)), None)

    def kept_as(self, key: object, work: Callable[[], T]) -> T:
        """What `work` gives, worked out at the first call under a key."""
        if key not in self._found:
            self._found[key] = work()
        return self._found[key]  # type: ignore[no-any-return]

    def kept(self, work: Callable[[Story], T]) -> T:
        """What `work` gives for this story: worked out at the first call."""
        return self.kept_as(work, lambda: work(self))


def once(work: Callable[[Story], T]) -> Callable[[Story], T]:
    """The same function, worked out once a story."""

    @wraps(work)
    def kept(story: Story) -> T:
        return story.kept(work)

    return kept
