"""Every error the package raises on purpose.

    OptError
    |-- InputError        faults in the user's workbook or options; holds Issues, one a cell
    |-- InfeasibleError   no plan obeys every rule of the workbook
    |   `-- StoppedError  time ran out before any plan was found
    |-- SolverError       the solver failed or answered something unknown
    `-- AuditError        the audit found a rule broken or a number wrong: our fault

User mistakes raise InputError or InfeasibleError and are shown without a traceback.
Everything else is ours and is loud.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Effect(StrEnum):
    """What that which a warning is about does to the answer."""

    NONE = "No answer changes."
    UNUSED = "It changes no answer: where it is meant, the answer lacks it."
    TAKEN = "The answer takes it so, and is wrong where that is not meant."
    UNCHECKED = "The answer rests on it unchecked."
    UNLIMITED = "The answer may take more there than can be had."
    NEVER_BUILT = "No plan builds it."
    LACKING = "The answer does without it: demand may stay short."
    COUNTED = "Dependence is counted so: counted otherwise, another plan may be best."
    UNJUDGED = "The answer lets their plants run without support, whatever they lose."
    OVERLOST = "The answer may take their plants to lose more than they do, and so to stand still."
    RUNNING = "The answer may have other plants at work than would be."
    COMPARED = "The plan stays; the baseline may miss the published figure."
    STUDIED = "The plan stays; studies vary the figure so."
    SOURCES = "The plan stays; readers cannot find where the figure comes from."


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault or warning about the workbook.

    `sheet` and `cell` say where (`cell` is A1 notation, blank for a whole sheet); `value` is what
    stands there; `message` says what is wrong and `hint` how to mend it. Where many cells can have
    the same kind of warning, `common` is what it says of all of them and `subject` what this one is
    about. `minor` warnings change no answer: they come last, and not into the memo. `effect` is
    what a warning's cells do to the answer.
    """

    sheet: str
    cell: str
    value: str
    message: str
    hint: str = ""
    common: str = ""
    subject: str = ""
    minor: bool = False
    effect: Effect = Effect.NONE

    @property
    def where(self) -> str:
        """The place as the user writes it: `projects!F7`, or the sheet alone."""
        return f"{self.sheet}!{self.cell}" if self.cell else self.sheet

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" + (f" {self.hint}" if self.hint else "")


class OptError(Exception):
    """Base of all errors raised on purpose."""


class InputError(OptError):
    """Faults that the user can mend, all of them at once.

    `issues` are sorted by sheet order and cell; `warnings` are those found on the way.
    """

    def __init__(self, issues: Iterable[Issue], warnings: Iterable[Issue] = ()) -> None:
        self.issues = tuple(issues)
        self.warnings = tuple(warnings)
        super().__init__("\n".join(str(issue) for issue in self.issues))


class InfeasibleError(OptError):
    """No plan obeys every rule; the message names the rows of the workbook that are in conflict."""


class StoppedError(InfeasibleError):
    """Stopped before any plan was found."""


class SolverError(OptError):
    """The solver failed, or answered a status that the adapter does not know."""


class AuditError(OptError):
    """A rule or a metric of a finished solve does not hold when recomputed.

    `run` is what the audit does not confirm, where it is at hand.
    """

    def __init__(self, message: str, run: object = None) -> None:
        self.run = run
        super().__init__(message)
