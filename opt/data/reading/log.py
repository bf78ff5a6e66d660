"""Faults and warnings of a workbook, noted while it is read and checked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from opt.errors import Effect, Issue


@dataclass(slots=True)
class Log:
    """Faults and warnings found so far; `plan_faults` are those of plans, by name without case."""

    issues: list[Issue] = field(default_factory=list)
    warnings: list[Issue] = field(default_factory=list)
    plan_faults: dict[str, list[Issue]] = field(default_factory=dict)

    def fault(self, sheet: str, cell: str, value: str, message: str, hint: str = "") -> None:
        """Note one fault."""
        self.issues.append(Issue(sheet, cell, value, message, hint))

    def refuse_plan(self, plan: str, issue: Issue) -> None:
        """Note what is wrong with a plan: it refuses the plan where that is asked for, and nothing
        else."""
        self.plan_faults.setdefault(plan.casefold(), []).append(issue)
        message = f"plan '{plan}' cannot be asked for: {issue.message}"
        self.warnings.append(replace(issue, message=message, minor=True))

    def caution(
        self,
        sheet: str,
        cell: str,
        message: str,
        hint: str = "",
        *,
        effect: Effect,
        common: str = "",
        subject: str = "",
    ) -> None:
        """Note one warning; `common` and `subject` gather many of one kind."""
        minor = effect is Effect.NONE
        issue = Issue(sheet, cell, "", message, hint, common, subject, minor, effect)
        self.warnings.append(issue)
