"""The folder `model/` of a run: what it takes to solve its passes again with any solver."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from opt.results.proof import PassProof

MODEL_FOLDER = "model"
PROOF_FILE = "proof.json"
SCHEMA = 1


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
