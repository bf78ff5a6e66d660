"""What a long solve tells whoever watches it."""

from __future__ import annotations

from typing import Protocol


class Listener(Protocol):
    """Is told when a step begins and how it goes, from the thread that asked for the solve."""

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

    def begin(self, step: str) -> None:
        """Say nothing."""

    def progress(
        self, step: str, objective: str, seconds: float, best: float, bound: float
    ) -> None:
        """Say nothing."""
