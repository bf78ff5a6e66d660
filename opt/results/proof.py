"""What a pass leaves for others to check: its model, its plan and its claim, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from opt.results.solution import Pass


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
