"""Checks, findings and the report of an audit, and how a violation is measured.

A rule yields one Check a row. Its violation is the excess of the row divided by the row's scale:
the largest absolute term of the row, never less than a floor, so that tonnes against kilotonnes, or
millions against billions, make no difference. The floors (floors.py, case.py) are FLOOR times what
the answer commits and pays and what demand counts; shares, years and counts have scale 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

LIMIT = 1e-6  # the largest violation that passes, relative to the row's scale
FLOOR = 1e-3  # of what is committed: LP noise on rows that are all but empty is no finding
# Of the largest demand that counts: twice what a solver leaves, 1e-7 of a unit of which that demand
# has at least a hundred.
MASS_FLOOR = 2e-3
MONEY_FLOOR = (
    1e-3  # USD million: a row of a thousand dollars or less must hold to a tenth of a cent
)
PRICE_FLOOR = 1.0  # USD per unit: a gap between prices must hold to a ten-thousandth of a cent
NOISE_MUSD = 1e-6  # USD million: a payment of less than a dollar is a solver's noise and no payment

PASS_SLACK = 2e-6  # design: dependence and shortfall of two programs agree within this
COST_SLACK = 1e-5  # design: cost of two programs agrees within this share of itself
# A later pass may spend the 1e-6 by which a share is kept, and a tonne is dear where few are made:
# seen to move a cost that was not the last pass by 2e-5 of itself.
EARLIER_COST_SLACK = 1e-4

Place = tuple[object, ...]


class Check(NamedTuple):
    """One checked row: where, by how much it is broken (0 or less: it holds), and its scale."""

    place: Place
    excess: float
    scale: float

    @property
    def violation(self) -> float:
        """Excess over scale, at least 0; infinite where a number is not finite."""
        size = self.excess / self.scale
        if not size < float("inf"):
            return float("inf")
        return max(0.0, size)


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken row: the rule, the place (`kalgoorlie 2031`), the violation relative to scale."""

    rule: str
    place: str
    size: float

    def __str__(self) -> str:
        return f"{self.rule} {self.place}: {self.size:.3g}"


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an audit found: `checked` counts the rows of each rule, `findings` the broken ones,
    largest first."""

    passed: bool
    largest_violation: float
    checked: Mapping[str, int]
    findings: tuple[Finding, ...]


def equal(place: Place, left: float, right: float, scale: float) -> Check:
    """Left and right are the same number; `scale` is the floor or the largest other term."""
    return Check(place, abs(left - right), max(scale, abs(left), abs(right)))


def at_most(place: Place, left: float, right: float, scale: float) -> Check:
    """Left does not exceed right; `scale` is the floor or the largest other term."""
    return Check(place, left - right, max(scale, abs(left), abs(right)))


def within(place: Place, left: float, right: float, slack: float) -> Check:
    """Left and right differ by no more than `slack`, absolute."""
    return Check(place, abs(left - right) - slack, 1.0)


def holds(place: Place, truth: bool) -> Check:
    """A statement that is either true (0) or false (1)."""
    return Check(place, 0.0 if truth else 1.0, 1.0)


def write_report(results: Iterable[tuple[str, Iterable[Check]]]) -> AuditReport:
    """Count and measure the checks of each named rule."""
    checked: dict[str, int] = {}
    findings: list[Finding] = []
    largest = 0.0
    for rule, checks in results:
        checked[rule] = 0
        for check in checks:
            checked[rule] += 1
            size = check.violation
            largest = max(largest, size)
            if size > LIMIT:
                findings.append(Finding(rule, " ".join(map(str, check.place)), size))
    findings.sort(key=lambda found: -found.size)
    return AuditReport(not findings, largest, checked, tuple(findings))


def merge_reports(first: AuditReport, second: AuditReport) -> AuditReport:
    """Two reports on different rules as one."""
    findings = (*first.findings, *second.findings)
    return AuditReport(
        passed=first.passed and second.passed,
        largest_violation=max(first.largest_violation, second.largest_violation),
        checked={**first.checked, **second.checked},
        findings=tuple(sorted(findings, key=lambda found: -found.size)),
    )
