"""What `opt audit RUN --bound` says, in words and as plain data."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from opt.audit.bound import BoundCheck, BoundVerdict
from opt.objectives import ObjectiveKind, objective_of

TITLES = {
    BoundVerdict.AGREES: (
        "A second solver, SCIP, agrees with the value and bound of every pass checked."
    ),
    BoundVerdict.CONTRADICTS: "THE VALUE OR BOUND OF A PASS DOES NOT HOLD:",
    BoundVerdict.NOT_DECIDED: (
        "A second solver, SCIP, contradicts nothing, but did not come to an end:"
    ),
}


def overall(checks: Sequence[BoundCheck]) -> BoundVerdict:
    """The worst verdict of all passes."""
    found = {check.verdict for check in checks}
    order = (BoundVerdict.CONTRADICTS, BoundVerdict.NOT_DECIDED, BoundVerdict.AGREES)
    return next(verdict for verdict in order if verdict in found)


def bound_words(checks: Sequence[BoundCheck]) -> str:
    """The answer, a line a pass below its title."""
    return "\n".join([TITLES[overall(checks)], *(f"  {_line(check)}" for check in checks)])


def bound_json(checks: Sequence[BoundCheck]) -> dict[str, Any]:
    """The same as plain data, None where there is no number."""
    return {"verdict": str(overall(checks)), "passes": [_plain(check) for check in checks]}


def _line(check: BoundCheck) -> str:
    claim, name = check.claim, check.claim.objective
    told = f"told {_amount(name, claim.value)}, no plan below {_amount(name, claim.bound)}"
    if check.best is None or check.bound is None:
        return f"{name}: {check.verdict}. {' '.join(check.reasons)}"
    found = f"SCIP {_amount(name, check.best)}, no plan below {_amount(name, check.bound)}"
    words = [f"{name} ({claim.model}): {check.verdict}{_how(check)}; {told}; {found};"]
    return " ".join([*words, f"{check.seconds:.0f} s.", *check.reasons])


def _how(check: BoundCheck) -> str:
    """What of the claim SCIP proved itself."""
    if check.verdict is not BoundVerdict.AGREES:
        return ""
    return ", value and bound" if check.reached else f" within the asked gap of {check.claim.gap:g}"


def _amount(name: str, value: float) -> str:
    if not math.isfinite(value):
        return "(nothing)"
    is_money = objective_of(name).kind is ObjectiveKind.MONEY
    return f"USD {value:,.3f} million" if is_money else f"{value:.6%}"


def _plain(check: BoundCheck) -> dict[str, Any]:
    return {
        "objective": check.claim.objective,
        "model": check.claim.model,
        "verdict": str(check.verdict),
        "bound_reached": check.reached,
        "value": check.claim.value,
        "bound": _number(check.claim.bound),
        "scip_value": _number(check.best),
        "scip_bound": _number(check.bound),
        "seconds": check.seconds,
        "reasons": list(check.reasons),
    }


def _number(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None
