"""A listener that notes what it is told."""

from __future__ import annotations

from dataclasses import dataclass, field

from opt.solver.progress import Silent


@dataclass
class RecordingListener(Silent):
    """Everything that was told: steps, and of each step (step, objective, best, bound)."""

    steps: list[str] = field(default_factory=list)
    values: list[tuple[str, str, float, float]] = field(default_factory=list)

    def begin(self, step: str) -> None:
        """Note the step."""
        self.steps.append(step)

    def progress(
        self, step: str, objective: str, seconds: float, best: float, bound: float
    ) -> None:
        """Note the values."""
        self.values.append((step, objective, best, bound))
