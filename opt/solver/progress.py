"""What a long solve tells whoever watches it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol


class Listener(Protocol):
    """Is told when a step begins and how it goes, from the thread that asked for the solve."""

    def expect(self, steps: Sequence[str]) -> None:
        """These steps are to come, in this order, each to be begun by its name; none: how many is
        not known. One that is not needed is left out, and what is begun within one has a name of
        its own."""

    def begin(self, step: str) -> None:
        """A pass or another step begins."""

    def progress(
        self, step: str, objective: str, seconds: float, best: float, bound: float
    ) -> None:
        """How the search of a step for an objective goes: seconds so far, best value, and the bound
        no plan can beat.

        Both in the objective's own unit; infinite while nothing is known.
        """


class Silent:
    """Listens and says nothing."""

    def expect(self, steps: Sequence[str]) -> None:
        """Say nothing."""

    def begin(self, step: str) -> None:
        """Say nothing."""

    def progress(
        self, step: str, objective: str, seconds: float, best: float, bound: float
    ) -> None:
        """Say nothing."""
