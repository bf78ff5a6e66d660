"""Rules of targets: what they measure, and that their bounds are kept."""

from __future__ import annotations

from collections.abc import Iterator

from opt.audit.check import Check, Place, at_most, equal, holds
from opt.audit.evidence import Evidence
from opt.audit.targets import EVERYTHING, OUTPUT, Measured, measure
from opt.data.tables import Row
from opt.record.targets import TargetResult

AT_MOST = "at_most"


def limit_target(evidence: Evidence) -> Iterator[Check]:
    """part <= bound x whole (at_most) or part >= bound x whole (at_least) of each target in its
    year, in the allied flows; value = part / whole, whole 1 of an output.

    Unit: units, weighted in dependence and shortfall. Scale: the whole.
    """
    for row in evidence.case.tables.rows.get("targets", ()):
        found = measure(evidence.case, evidence.allied, row)
        bound = row.number_of("bound") * found.whole
        pair = (found.part, bound) if row.text("sense") == AT_MOST else (bound, found.part)
        yield at_most((row.text("target"),), *pair, _scale(evidence, row, found))


def define_targets(evidence: Evidence) -> Iterator[Check]:
    """targets.csv: each row of sheet targets with its value in the allied flows and, as
    baseline_value, in the baseline's; slack = bound - value (at_most) or value - bound (at_least).

    A share, or units of an output.
    """
    rows = {row.target: row for row in evidence.answer.targets}
    for asked in evidence.case.tables.rows.get("targets", ()):
        row = rows.get(asked.text("target"))
        yield holds((asked.text("target"), "asked"), row is not None and _is_asked(row, asked))
        if row is None:
            continue
        found = measure(evidence.case, evidence.allied, asked)
        place = (row.target, "value")
        yield _check_value(place, row.value, found, _scale(evidence, asked, found))
        slack = row.bound - row.value if row.sense == AT_MOST else row.value - row.bound
        scale = max(1.0, abs(row.bound), abs(row.value))
        yield equal((row.target, "slack"), row.slack, slack, scale)
        before = measure(evidence.case, evidence.baseline, asked)
        scale = _scale(evidence, asked, before)
        yield _check_value((row.target, "baseline_value"), row.baseline_value, before, scale)


def _is_asked(row: TargetResult, asked: Row) -> bool:
    """Whether a written row says of a target what the workbook says."""
    scopes = {text.casefold() for text in (row.scope, asked.text("scope"))}
    same_scope = len(scopes) == 1 or scopes <= set(EVERYTHING)
    same_words = (row.metric, row.sense) == (asked.text("metric"), asked.text("sense"))
    same_numbers = (row.year, row.bound) == (asked.number_of("year"), asked.number_of("bound"))
    return same_scope and same_words and same_numbers


def _check_value(place: Place, value: float, found: Measured, scale: float) -> Check:
    """A written value, times the whole, against the part; 0 where the whole is 0."""
    if not found.whole:
        return equal(place, value, 0.0, 1.0)
    return equal(place, value * found.whole, found.part, scale)


def _scale(evidence: Evidence, row: Row, found: Measured) -> float:
    """The whole, never less than the floor of mass; the whole of an output is no amount."""
    whole = 0.0 if row.text("metric") == OUTPUT else found.whole
    return max(evidence.case.mass_floor, whole)
