"""Whether a solver that is not HiGHS agrees with the value and bound of each pass of a run.

Three things can come out, pass by pass:

    agrees         the plan obeys the model and has the value told, by plain arithmetic; SCIP has no
                   plan below the bound told; and its own bound reaches the one told, or is within
                   the asked gap of the value
    contradicts    a file was changed, the plan breaks a row or is worth something else, SCIP has a
                   plan below the bound told, or proves that there is none at the value told
    not decided    SCIP ran out of time with neither of these

Values are compared to AGREE of themselves, and of 1 for the smaller ones.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from opt.audit.claims import AGREE, Claim, faults_of, read_claims
from opt.audit.mps import read_solution
from opt.audit.scip import Interval, load_scip, solve_again
from opt.errors import InputError, Issue

NOT_BEGUN = "Stopped before it began."


class Verdict(StrEnum):
    """The closed set of what a second solver can say of a pass."""

    AGREES = "agrees"
    CONTRADICTS = "contradicts"
    NOT_DECIDED = "not decided"


@dataclass(frozen=True, slots=True)
class BoundCheck:
    """What came of one pass: the claim, the verdict and its reasons in words.

    `best` and `bound` are SCIP's, in the unit a person reads, None where SCIP was not asked;
    `seconds` is how long it took. `reached` says whether its bound is as good as a bound told,
    `stopped` whether the user ended it.
    """

    claim: Claim
    verdict: Verdict
    reasons: tuple[str, ...]
    best: float | None = None
    bound: float | None = None
    reached: bool = False
    seconds: float = 0.0
    stopped: bool = False


def audit_bound(
    run_folder: Path,
    passes: Sequence[str] = (),
    seconds: float = math.inf,
    tell: Callable[[str], None] = lambda _: None,
) -> tuple[BoundCheck, ...]:
    """Check the passes of a run, or those named, each in so many seconds of SCIP.

    `tell` is called with the name of each pass as its check begins. After Ctrl-C no further pass is
    begun. Raises InputError where PySCIPOpt is missing, the run holds no models, or it has no such
    pass.
    """
    load_scip()
    claims = read_claims(run_folder)
    checks: list[BoundCheck] = []
    for claim in _wanted(claims, passes):
        if checks and checks[-1].stopped:
            checks.append(BoundCheck(claim, Verdict.NOT_DECIDED, (NOT_BEGUN,), stopped=True))
            continue
        tell(claim.objective)
        faults = faults_of(claim, run_folder, last=claim is claims[-1])
        told = BoundCheck(claim, Verdict.CONTRADICTS, tuple(faults))
        checks.append(told if faults else _solved_again(claim, seconds))
    return tuple(checks)


def _wanted(claims: Sequence[Claim], passes: Iterable[str]) -> list[Claim]:
    known = {claim.objective: claim for claim in claims}
    unknown = [name for name in passes if name not in known]
    if unknown:
        hint = f"The run has: {', '.join(known)}."
        raise InputError(
            [Issue("--passes", "", name, f"'{name}' is not a pass.", hint) for name in unknown]
        )
    return [known[name] for name in passes] or list(claims)


def _solved_again(claim: Claim, seconds: float) -> BoundCheck:
    plan = read_solution(claim.solution)
    target = claim.in_model(claim.bound) if claim.factor else -math.inf
    found = solve_again(claim.mps, plan, target, seconds)
    return judge(claim, found)


def judge(claim: Claim, found: Interval) -> BoundCheck:
    """The verdict on a claim from what SCIP came to."""
    best, bound = claim.reported(found.best), claim.reported(found.bound)
    if claim.factor == 0.0:
        best = bound = 0.0
    slack = AGREE * max(1.0, abs(claim.value))
    faults = _contradictions(claim, found, best, bound, slack)
    reached = math.isfinite(claim.bound) and bound >= claim.bound - slack
    close = claim.value - bound <= claim.gap * abs(claim.value) + slack
    if faults:
        verdict = Verdict.CONTRADICTS
    else:
        verdict = Verdict.AGREES if close or reached else Verdict.NOT_DECIDED
    return BoundCheck(
        claim, verdict, tuple(faults), best, bound, reached, found.seconds, found.stopped
    )


def _contradictions(
    claim: Claim, found: Interval, best: float, bound: float, slack: float
) -> list[str]:
    if found.status == "infeasible":
        return ["SCIP finds that no plan at all obeys the model."]
    faults = []
    if best < claim.bound - slack:
        faults.append(f"SCIP has a plan of {best!r}, below the bound {claim.bound!r}.")
    if bound > claim.value + slack:
        faults.append(f"SCIP proves that no plan is below {bound!r}, under {claim.value!r}.")
    return faults
