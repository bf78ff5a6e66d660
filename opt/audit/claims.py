"""What a run folder claims of each pass in model/proof.json, and what of it holds by arithmetic.

The hashes are compared first, then the claim with run.json, then the plan is put into the model:
its rows, bounds and whole numbers, and the value of its objective.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from opt.audit.answer import read_run_json
from opt.audit.mps import (
    MpsModel,
    objective_at,
    read_mps,
    read_solution,
    worst_breach,
)
from opt.errors import InputError, Issue

FOLDER, FILE = "model", "proof.json"
# Rows, bounds and whole numbers of a plan, relative to their largest term or 1.
FEASIBLE = 1e-8
# A value worked out again from the plan, relative to itself or 1.
REPRODUCED = 1e-9
# Values of two solvers, and a bound that a solver stops at, relative to themselves or 1.
AGREE = 1e-6


@dataclass(frozen=True, slots=True)
class Claim:
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


def read_claims(run_folder: Path) -> tuple[Claim, ...]:
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


def _claim(folder: Path, entry: Mapping[str, Any]) -> Claim:
    mps, solution = (folder / Path(entry[kind]["file"]).name for kind in ("mps", "solution"))
    bound = entry["bound"]
    return Claim(
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


def faults_of(claim: Claim, run_folder: Path, *, last: bool) -> list[str]:
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


def _changed(claim: Claim) -> list[str]:
    """Files that are gone, or are not those that were written."""
    faults = []
    for path, written in claim.hashes.items():
        if not path.is_file():
            faults.append(f"{path.name} is missing.")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != written:
            faults.append(f"{path.name} was changed: its SHA-256 is not that of proof.json.")
    return faults


def _against_run(claim: Claim, run: Mapping[str, Any]) -> Iterator[str]:
    """Value, bound and asked gap as run.json has them."""
    found = [entry for entry in run["passes"] if entry["objective"] == claim.objective]
    told = {(e["value"], -math.inf if e["bound"] is None else e["bound"]) for e in found}
    if told != {(claim.value, claim.bound)}:
        yield f"value and bound of {FILE} are not those of run.json."
    if claim.gap != run["settings"]["cost_gap" if claim.objective == "cost" else "gap"]:
        yield f"the gap of {FILE} is not the one that was asked for."


def _against_plan(claim: Claim, model: MpsModel, plan: Mapping[str, float]) -> Iterator[str]:
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
