"""A run with the standard set of studies of it, and what of them was not finished."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from opt.record.columns import Col, key_values
from opt.record.run import Run
from opt.record.shown import Shown


@dataclass(frozen=True, slots=True)
class BriefPart:
    """One study of the set. `reason` says why there is no answer; blank where there is one, though
    some of its questions may have stayed open (`complete`): for want of time (`stopped`), or since
    nothing that the study tries settles them."""

    study: Annotated[str, Col("Study")]
    complete: Annotated[bool, Col("Whether every question of it was answered")]
    reason: Annotated[str, Col("Why there is no answer; blank: there is one")]
    stopped: Annotated[bool, Col("Whether time was over, or it was stopped, before its end")] = (
        False
    )


@dataclass(frozen=True, slots=True)
class Brief(Shown):
    """A run, the studies of the set in their order, and the answer of each by its name, of those
    that have one."""

    run: Run
    parts: tuple[BriefPart, ...]
    answers: Mapping[str, Shown]

    @property
    def complete(self) -> bool:
        """Whether every question of every study was answered."""
        return all(part.complete for part in self.parts)

    def document(self) -> dict[str, Any]:
        """The parts and the answers as plain data; the run is told by its id: its own document is
        run.json."""
        parts = [key_values(part) for part in self.parts]
        told = {name: answer.document() for name, answer in self.answers.items()}
        return {"run": self.run.id, "complete": self.complete, "parts": parts, **told}
