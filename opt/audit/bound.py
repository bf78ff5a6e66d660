"""Whether a solver that is not HiGHS agrees with the value and bound of each pass of a run.

Three things can come out, pass by pass:

    agrees         the plan obeys the model and has the value told, by plain arithmetic; SCIP has no
                   plan below the bound told; and its own bound reaches the one told, or is within
                   the asked gap of the value
    contradicts    a file was changed, the plan breaks a row or is worth something else, SCIP has a
                   plan below the bound told, or proves that there is none at the value told
    not decided    SCIP ran out of time with neither of these

Values are compared to AGREE of themselves, and of 1 for the smaller ones.

What the folder claims of each pass, in model/proof.json, is held against the files first: their
hashes, then the claim with run.json, then the plan in the model: rows, bounds, whole numbers and
value.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import quote

from opt.audit.evidence import read_run_json
from opt.audit.mps import MpsModel, objective_at, read_mps, read_solution, worst_breach
from opt.audit.scip import Interval, load_scip, solve_again
from opt.errors import InputError, Issue

NOT_BEGUN = "Stopped before it began."
FOLDER, FILE = "model", "proof.json"
# Rows, bounds and whole numbers of a plan, relative to their largest term or 1.
FEASIBLE = 1e-8
# A value worked out again from the plan, relative to itself or 1.
REPRODUCED = 1e-9
# Values of two solvers, and a bound that a solver stops at, relative to themselves or 1.
AGREE = 1e-6


class BoundVerdict(StrEnum):
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

    claim: PassClaim
    verdict: BoundVerdict
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
            checks.append(BoundCheck(claim, BoundVerdict.NOT_DECIDED, (NOT_BEGUN,), stopped=True))
            continue
        tell(claim.objective)
        faults = faults_of(claim, run_folder, last=claim is claims[-1])
        told = BoundCheck(claim, BoundVerdict.CONTRADICTS, tuple(faults))
        checks.append(told if faults else _solved_again(claim, seconds))
    return tuple(checks)


def _wanted(claims: Sequence[PassClaim], passes: Iterable[str]) -> list[PassClaim]:
    known = {claim.objective: claim for claim in claims}
    unknown = [name for name in passes if name not in known]
    if unknown:
        hint = f"The run has: {', '.join(known)}."
        raise InputError(
            [Issue("--passes", "", name, f"'{name}' is not a pass.", hint) for name in unknown]
        )
    return [known[name] for name in passes] or list(claims)


def _solved_again(claim: PassClaim, seconds: float) -> BoundCheck:
    plan = read_solution(claim.solution)
    target = claim.in_model(claim.bound) if claim.factor else -math.inf
    found = solve_again(claim.mps, plan, target, seconds)
    return judge(claim, found)


def judge(claim: PassClaim, found: Interval) -> BoundCheck:
    """The verdict on a claim from what SCIP came to."""
    best, bound = claim.reported(found.best), claim.reported(found.bound)
    if claim.factor == 0.0:
        best = bound = 0.0
    slack = AGREE * max(1.0, abs(claim.value))
    faults = _contradictions(claim, found, best, bound, slack)
    reached = math.isfinite(claim.bound) and bound >= claim.bound - slack
    close = claim.value - bound <= claim.gap * abs(claim.value) + slack
    if faults:
        verdict = BoundVerdict.CONTRADICTS
    else:
        verdict = BoundVerdict.AGREES if close or reached else BoundVerdict.NOT_DECIDED
    return BoundCheck(
        claim, verdict, tuple(faults), best, bound, reached, found.seconds, found.stopped
    )


def _contradictions(
    claim: PassClaim, found: Interval, best: float, bound: float, slack: float
) -> list[str]:
    if found.status == "infeasible":
        return ["SCIP finds that no plan at all obeys the model."]
    faults = []
    if best < claim.bound - slack:
        faults.append(f"SCIP has a plan of {best!r}, below the bound {claim.bound!r}.")
    if bound > claim.value + slack:
        faults.append(f"SCIP proves that no plan is below {bound!r}, under {claim.value!r}.")
    return faults


@dataclass(frozen=True, slots=True)
class PassClaim:
    """One pass of proof.json: value and bound in the unit a person reads, -inf where nothing is
    proven. Reported = factor x (objective of the model file + constant). `long_names` has the full
    name behind each that was too long for the files."""

    objective: str
    model: str
    value: float
    bound: float
    status: str
    gap: float
    factor: float
    constant: float
    mps: Path
    solution: Path
    hashes: Mapping[Path, str]
    long_names: Mapping[str, str]

    def reported(self, objective: float) -> float:
        """A value of the model file's objective in the unit a person reads."""
        return self.factor * (objective + self.constant)

    def in_model(self, reported: float) -> float:
        """A reported value as one of the model file's objective."""
        return reported / self.factor - self.constant


def read_claims(run_folder: Path) -> tuple[PassClaim, ...]:
    """The claims of a run, in the order of its passes.

    Raises InputError where the run holds no models or proof.json cannot be read.
    """
    path = run_folder / FOLDER / FILE
    if not path.is_file():
        message = "this run holds no model of its passes."
        hint = "Solve again with --write-model."
        raise InputError([Issue(str(path), "", "", message, hint)])
    try:
        passes = json.loads(path.read_text(encoding="utf-8"))["passes"]
        return tuple(_claim(path.parent, entry) for entry in passes)
    except (ValueError, KeyError, TypeError) as error:
        message = f"cannot be read: {error!r}."
        raise InputError([Issue(str(path), "", "", message, "Solve again.")]) from error


def _claim(folder: Path, entry: Mapping[str, Any]) -> PassClaim:
    mps, solution = (folder / Path(entry[kind]["file"]).name for kind in ("mps", "solution"))
    bound = entry["bound"]
    return PassClaim(
        objective=entry["objective"],
        model=entry["model"],
        value=float(entry["value"]),
        bound=-math.inf if bound is None else float(bound),
        status=entry["status"],
        gap=float(entry["gap"]),
        factor=float(entry["factor"]),
        constant=float(entry["constant"]),
        mps=mps,
        solution=solution,
        hashes={mps: entry["mps"]["sha256"], solution: entry["solution"]["sha256"]},
        long_names=dict(entry["long_names"]),
    )


def faults_of(claim: PassClaim, run_folder: Path, *, last: bool) -> list[str]:
    """What does not hold of a claim, in words; empty where all of it does.

    The `last` claim's plan is held against the plan of run.json too.
    """
    changed = _changed(claim)
    if changed:
        return changed
    run = read_run_json(run_folder)
    try:
        model, plan = read_mps(claim.mps), read_solution(claim.solution)
    except ValueError as error:
        return [f"{error}."]
    if set(plan) != set(model.columns):
        odd = min(set(plan) ^ set(model.columns))
        return [f"{claim.solution.name} and {claim.mps.name} differ in the columns, as {odd}."]
    faults = [*_against_run(claim, run), *_against_plan(claim, model, plan)]
    if last:
        named = {claim.long_names.get(name, name): value for name, value in plan.items()}
        faults.extend(_other_plan(named, run["projects"]))
    return faults


def _changed(claim: PassClaim) -> list[str]:
    """Files that are gone, or are not those that were written."""
    faults = []
    for path, written in claim.hashes.items():
        if not path.is_file():
            faults.append(f"{path.name} is missing.")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != written:
            faults.append(f"{path.name} was changed: its SHA-256 is not that of proof.json.")
    return faults


def _against_run(claim: PassClaim, run: Mapping[str, Any]) -> Iterator[str]:
    """Value, bound and asked gap as run.json has them."""
    found = [entry for entry in run["passes"] if entry["objective"] == claim.objective]
    told = {(e["value"], -math.inf if e["bound"] is None else e["bound"]) for e in found}
    if told != {(claim.value, claim.bound)}:
        yield f"value and bound of {FILE} are not those of run.json."
    if not math.isclose(claim.gap, _asked_gap(claim, run), rel_tol=1e-9):
        yield f"the gap of {FILE} is not the one that was asked for."


def _asked_gap(claim: PassClaim, run: Mapping[str, Any]) -> float:
    """The relative gap that the settings of run.json ask of a pass."""
    settings = run["settings"]
    if claim.objective != "cost":
        return float(settings["gap"])
    share = settings.get("cost_gap_added")
    without = run["metrics"]["baseline"]
    added = claim.value - (without["cost_musd"] + without["idle_musd"])
    if share is not None and added > 0.0 and claim.value:
        return float(share * added / abs(claim.value))
    return float(settings["cost_gap"])


def _against_plan(claim: PassClaim, model: MpsModel, plan: Mapping[str, float]) -> Iterator[str]:
    """What the plan comes to by plain arithmetic."""
    breach = worst_breach(model, plan)
    if not breach.size <= FEASIBLE:
        yield f"the plan breaks {breach.name} by {breach.size:.1e}."
    value = claim.reported(objective_at(model, plan))
    if not abs(value - claim.value) <= REPRODUCED * max(1.0, abs(value)):
        yield f"the plan is worth {value!r}, not {claim.value!r}."
    if claim.bound > claim.value + REPRODUCED * max(1.0, abs(value)):
        yield f"the bound {claim.bound!r} is above the value {claim.value!r}."
    distance = claim.value - claim.bound - claim.gap * abs(claim.value)
    if claim.status == "optimal" and distance > AGREE * max(1.0, abs(value)):
        yield f"the pass is told to be solved to a gap of {claim.gap:g} and is not."


def _other_plan(plan: Mapping[str, float], projects: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Commitments that the solution file and run.json do not share."""
    solved = {name: value for name, value in plan.items() if name.startswith("build[") and value}
    told = {f"build[{quote(p['project'], safe='|')},{p['year']}]": p["units"] for p in projects}
    odd = sorted({name for name, _ in solved.items() ^ told.items()})
    if odd:
        yield f"the plan is not that of run.json: {odd[0]}."
