"""Checks and findings: how a violation is measured, and what is told is held against what is due.

A rule yields one Check a row. Its violation is the excess of the row divided by the row's scale:
the largest absolute term of the row, never less than a floor, so that tonnes against kilotonnes, or
millions against billions, make no difference. The floors (evidence.py, case.py) are FLOOR times
what the answer commits and pays and what demand counts; shares, years and counts have scale 1.

A section of run.json is worked out as plain data of the same form, in which a number stands as
`Near`, a list of objects as `KeyedRows`, and what nothing else in the folder tells as `OfKind`. The
comparison yields one Check a value. A number may differ by LIMIT of itself, or of its floor.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from opt.errors import InputError, Issue
from opt.record.broken import REPAIR
from opt.record.shape import NUMBER, TEXT, TRUTH, JsonKind, is_kind
from opt.record.tables import TABLE

if TYPE_CHECKING:
    from opt.audit.evidence import Evidence

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
# A later pass may spend what a share is kept to (1e-9, and 1e-7 at most), and a tonne is dear where
# few are made: the cost of a pass that is not the last may move by a thousand times that of itself.
EARLIER_COST_SLACK = 1e-4
Where = tuple[object, ...]
KINDS: Mapping[type, JsonKind] = {bool: TRUTH, str: TEXT, int: NUMBER, float: NUMBER}
OBJECT, LIST = JsonKind((dict,), "an object"), JsonKind((list,), "a list")
WIDEST = 1e-6  # of the largest amount of a case, as a floor: rounding of that amount is no finding


class Check(NamedTuple):
    """One checked row: where, by how much it is broken (0 or less: it holds), and its scale."""

    place: Where
    excess: float
    scale: float

    @property
    def violation(self) -> float:
        """Excess over scale, at least 0; infinite where a number is not finite."""
        size = self.excess / self.scale
        if size <= 0.0:
            return 0.0
        return size if size < math.inf else math.inf  # what is no number is infinite too


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


def equal(place: Where, left: float, right: float, scale: float) -> Check:
    """Left and right are the same number; `scale` is the floor or the largest other term."""
    return Check(place, abs(left - right), max(scale, abs(left), abs(right)))


def at_most(place: Where, left: float, right: float, scale: float) -> Check:
    """Left does not exceed right; `scale` is the floor or the largest other term."""
    return Check(place, left - right, max(scale, abs(left), abs(right)))


def within(place: Where, left: float, right: float, slack: float) -> Check:
    """Left and right differ by no more than `slack`, absolute."""
    return Check(place, abs(left - right) - slack, 1.0)


def holds(place: Where, truth: bool) -> Check:
    """A statement that is either true (0) or false (1)."""
    return Check(place, 0.0 if truth else 1.0, 1.0)


def write_report(results: Iterable[tuple[str, Iterable[Check]]]) -> AuditReport:
    """Count and measure the checks of each named rule."""
    checked: dict[str, int] = {}
    findings: list[Finding] = []
    largest = 0.0
    for rule, checks in results:
        count = 0
        for check in checks:
            count += 1
            size = check.violation
            if size > 0.0:
                largest = max(largest, size)
                if size > LIMIT:
                    findings.append(Finding(rule, " ".join(map(str, check.place)), size))
        checked[rule] = count
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


class Near(NamedTuple):
    """A number, the floor of the scale by which a difference from it is measured, and by how much
    it may differ beside."""

    value: float
    floor: float
    slack: float = 0.0


class OfKind(NamedTuple):
    """A value that nothing else in the folder tells: of a kind, and where a set is given in it."""

    kind: JsonKind
    among: frozenset[Any] | None = None


class KeyedRows(NamedTuple):
    """A list of objects, each found by the values of its keys; `spare` ones may be left out."""

    keys: tuple[str, ...]
    rows: Sequence[Mapping[str, Any]]
    spare: Sequence[Mapping[str, Any]] = ()


class Scales(NamedTuple):
    """Makers of numbers of one case: shares, USD million, units, USD per unit."""

    money: float
    mass: float

    def share(self, value: float | None) -> Near | None:
        """A share, or an index made of shares."""
        return None if value is None else Near(value, FLOOR)

    def musd(self, value: float | None) -> Near | None:
        """USD million."""
        return None if value is None else Near(value, self.money)

    def units(self, value: float | None) -> Near | None:
        """Units of mass or activity, weighted or not."""
        return None if value is None else Near(value, self.mass)

    def usd(self, value: float | None) -> Near | None:
        """USD per unit."""
        return None if value is None else Near(value, PRICE_FLOOR)


def scales_of(evidence: Evidence) -> Scales:
    """The floors of a case: of money a thousand dollars, of mass a millionth of the largest
    demand, and of both at least what rounding of the largest amounts needs."""
    paid = [made.capex_musd for made in evidence.answer.commitments]
    asked = max(evidence.case.demand.values(), default=0.0)
    return Scales(max(MONEY_FLOOR, WIDEST * sum(paid)), WIDEST * (asked or 1.0))


def compare(place: Where, expected: Any, given: Any) -> Iterator[Check]:
    """One Check for every value expected or given.

    Raises InputError where a key is missing or a value is of another kind.
    """
    if isinstance(expected, OfKind):
        _demand(place, given, expected.kind)
        yield holds(place, expected.among is None or given in expected.among)
    elif isinstance(expected, Near):
        yield _near(place, expected, given)
    elif isinstance(expected, KeyedRows):
        yield from _rows(place, expected, given)
    elif isinstance(expected, Mapping):
        yield from _object(place, expected, given)
    elif isinstance(expected, list | tuple):
        yield from _list(place, expected, given)
    else:
        if expected is not None and given is not None:
            _demand(place, given, KINDS[type(expected)])
        yield holds(place, type(expected) is type(given) and expected == given)


def _near(place: Where, expected: Near, given: Any) -> Check:
    if given is None:
        return holds(place, False)
    _demand(place, given, NUMBER)
    check = equal(place, given, expected.value, expected.floor)
    return check._replace(excess=check.excess - expected.slack)


def _object(place: Where, expected: Mapping[str, Any], given: Any) -> Iterator[Check]:
    if given is None:
        yield holds(place, False)
        return
    _demand(place, given, OBJECT)
    for key, value in expected.items():
        if key not in given:
            _refuse((*place, key), "is missing")
        yield from compare((*place, key), value, given[key])
    yield from (holds((*place, key, "is unknown"), False) for key in given if key not in expected)


def _list(place: Where, expected: Sequence[Any], given: Any) -> Iterator[Check]:
    _demand(place, given, LIST)
    yield holds((*place, "length"), len(given) == len(expected))
    for number, (left, right) in enumerate(zip(expected, given, strict=False)):
        yield from compare((*place, number), left, right)


def _rows(place: Where, expected: KeyedRows, given: Any) -> Iterator[Check]:
    """Rows by their keys; the order of a list is not looked at."""
    _demand(place, given, LIST)
    rows = {_key(expected.keys, row): row for row in expected.rows}
    spare = {_key(expected.keys, row): row for row in expected.spare}
    found: dict[tuple[str, ...], Any] = {}
    for number, row in enumerate(given):
        _demand((*place, number), row, OBJECT)
        for key in expected.keys:
            if key not in row:
                _refuse((*place, number, key), "is missing")
        found[_key(expected.keys, row)] = row
    yield holds((*place, "rows"), len(found) == len(given))
    for lost in sorted(rows.keys() - found.keys()):
        yield holds((*place, *lost, "is missing"), False)
    for place_of, row in found.items():
        own = rows.get(place_of) or spare.get(place_of)
        if own is None:
            yield holds((*place, *place_of, "is unknown"), False)
        else:
            yield from compare((*place, *place_of), own, row)


def _key(keys: tuple[str, ...], row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(row[key]) for key in keys)


def _demand(place: Where, given: Any, kind: JsonKind) -> None:
    """Refuse a value that is not of its kind."""
    if not is_kind(given, kind):
        _refuse(place, f"is not {kind.words}")


def _refuse(place: Where, message: str) -> NoReturn:
    where = ".".join(map(str, place))
    raise InputError([Issue("run.json", where, "", f"{where} {message}.", REPAIR)])


def compare_table(
    name: str, expected: KeyedRows, lines: Iterable[Mapping[str, Any]]
) -> Iterator[Check]:
    """The lines of a table, cells by column, against rows of its columns."""
    yield from _rows((name,), expected, list(lines))


def table_columns(table: str) -> tuple[str, ...]:
    return tuple(column.name for column in TABLE[table].columns)
