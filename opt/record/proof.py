"""What a pass leaves for others to check: its model, its plan and its claim.

They stand in the folder `model/` of a run: what it takes to solve its passes again with any solver.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opt.errors import InputError
from opt.record.broken import broken, read_json, read_text
from opt.record.passes import Pass
from opt.record.shape import NUMBER, TEXT, Each, faults

MODEL_FOLDER = "model"
PROOF_FILE = "proof.json"
SCHEMA = 1
PASS = {
    **dict.fromkeys(("objective", "model"), TEXT),
    **dict.fromkeys(("factor", "constant", "gap"), NUMBER),
    "long_names": Each(TEXT),
    "numbers": Each(Each(TEXT)),
}


@dataclass(frozen=True, slots=True)
class PassProof:
    """One pass with the model that it solved.

    `result` is what it reports, in the unit a person reads: factor x (objective of `mps` +
    constant). `model` says which model it is: the clear chain or the whole network. `mps` and
    `solution` are the files' text; `gap` is the relative gap that was asked for. `long_names`
    gives the full name behind each that was too long to write, `numbers` what the numbers in names
    stand for: lanes, pools, ceilings, targets and sets of offtakes, each by its number.
    """

    result: Pass
    model: str
    mps: str
    solution: str
    factor: float
    constant: float
    gap: float
    long_names: Mapping[str, str]
    numbers: Mapping[str, Mapping[str, str]]


def write_proofs(proofs: Sequence[PassProof], folder: Path) -> None:
    """Writes model and solution of every pass and proof.json into `folder`/model; nothing where
    there are none."""
    if not proofs:
        return
    target = folder / MODEL_FOLDER
    target.mkdir()
    for proof in proofs:
        for name, text in _files(proof).items():
            (target / name).write_bytes(text.encode())
    document = {"schema": SCHEMA, "passes": [_pass(proof) for proof in proofs]}
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    (target / PROOF_FILE).write_text(text, encoding="utf-8", newline="\n")


def _files(proof: PassProof) -> dict[str, str]:
    """The files of a pass by name: first the model, then the solution."""
    objective = proof.result.objective
    return {f"{objective}.mps": proof.mps, f"{objective}.sol": proof.solution}


def _pass(proof: PassProof) -> dict[str, Any]:
    result = proof.result
    mps, solution = (
        {"file": name, "sha256": hashlib.sha256(text.encode()).hexdigest()}
        for name, text in _files(proof).items()
    )
    return {
        "objective": result.objective,
        "sense": "minimise",
        "model": proof.model,
        "value": result.value,
        "bound": result.bound if math.isfinite(result.bound) else None,
        "status": str(result.outcome),
        "gap": proof.gap,
        "factor": proof.factor,
        "constant": proof.constant,
        "mps": mps,
        "solution": solution,
        "long_names": dict(proof.long_names),
        "numbers": {kind: dict(found) for kind, found in proof.numbers.items()},
    }


def read_proofs(folder: Path, passes: Sequence[Pass]) -> tuple[PassProof, ...]:
    """The models of a run's passes; none where it was solved without --write-model. Raises
    InputError where one cannot be read or is of no pass of the run."""
    path = folder / MODEL_FOLDER / PROOF_FILE
    if not path.is_file():
        return ()
    document = read_json(path)
    _check(path, {"passes": [PASS]}, document)
    results = {entry.objective: entry for entry in passes}
    return tuple(_proof(path, entry, results) for entry in document["passes"])


def _proof(path: Path, entry: Mapping[str, Any], results: Mapping[str, Pass]) -> PassProof:
    objective = entry["objective"]
    if objective not in results:
        raise InputError([broken(path, "", objective, "is no pass of run.json.")])
    return PassProof(
        result=results[objective],
        model=entry["model"],
        mps=read_text(path.parent / f"{objective}.mps"),
        solution=read_text(path.parent / f"{objective}.sol"),
        factor=float(entry["factor"]),
        constant=float(entry["constant"]),
        gap=float(entry["gap"]),
        long_names=entry["long_names"],
        numbers=entry["numbers"],
    )


def _check(path: Path, shape: Any, given: Any) -> None:
    wrong = [broken(path, place, "", message) for place, message in faults(shape, given, "")]
    if wrong:
        raise InputError(wrong)
