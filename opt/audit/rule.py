"""What a rule of the audit is, and how a subject's file declares it.

    @of_flows
    def limit_lane(evidence: Evidence) -> Iterator[Check]: ...

The docstring of a rule is its formula; the decorator says what the rule is about. What several
rules need alike is worked out `once`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import wraps
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

from opt.audit.check import Check, compare

if TYPE_CHECKING:
    from opt.audit.evidence import Evidence

T = TypeVar("T")
Checks = Callable[["Evidence"], Iterator[Check]]
Recomputation = Callable[["Evidence"], Mapping[str, Any]]


class About(Enum):
    """What a rule is about."""

    ROWS = auto()  # single rows as they are written; broken, they leave the rest without meaning
    PLAN = auto()  # the plan, its money, the tables and the metrics
    FLOWS = auto()  # flows and stock: holds in the baseline as well
    RECORD = auto()  # all the rest of run.json, and the tables that only repeat


@dataclass(frozen=True, slots=True)
class AuditRule:
    """One rule: its checks of the evidence, a Check a row, and what it is about."""

    checks: Checks
    about: About

    @property
    def name(self) -> str:
        """The name by which findings and counts are told."""
        return self.checks.__name__

    @property
    def formula(self) -> str:
        """What must hold."""
        return self.checks.__doc__ or ""


def of_rows(checks: Checks) -> AuditRule:
    """Declare a rule about single rows as they are written."""
    return AuditRule(checks, About.ROWS)


def of_plan(checks: Checks) -> AuditRule:
    """Declare a rule about the plan, its money, the tables or the metrics."""
    return AuditRule(checks, About.PLAN)


def of_flows(checks: Checks) -> AuditRule:
    """Declare a rule about flows or stock, which must hold in the baseline as well."""
    return AuditRule(checks, About.FLOWS)


def of_record(checks: Checks) -> AuditRule:
    """Declare a rule about the rest of run.json, or about a table that only repeats."""
    return AuditRule(checks, About.RECORD)


def told(tell: Recomputation) -> AuditRule:
    """Declare the rule that run.json says what `tell` works out, by the names of its keys."""

    @wraps(tell)
    def checks(evidence: Evidence) -> Iterator[Check]:
        record = evidence.answer.record
        for key, expected in tell(evidence).items():
            given = {key: record[key]} if key in record else {}
            yield from compare((), {key: expected}, given)

    return AuditRule(checks, About.RECORD)


def once(work: Callable[[Evidence], T]) -> Callable[[Evidence], T]:
    """The same function, worked out once for a piece of evidence."""

    @wraps(work)
    def kept(evidence: Evidence) -> T:
        if work not in evidence.known:
            evidence.known[work] = work(evidence)
        return evidence.known[work]  # type: ignore[no-any-return]

    return kept


def rules_of(module: ModuleType) -> tuple[AuditRule, ...]:
    """The rules that a module declares, in their order there."""
    found = [item for item in vars(module).values() if isinstance(item, AuditRule)]
    return tuple(item for item in found if item.checks.__module__ == module.__name__)
