"""The package beside a peer: the flow part of the gallium case, from files to answer."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from clock import Clock
from measured import peak_mb

import opt

GALLIUM = Path(__file__).parents[2] / "inputs" / "gallium"
# Sheets that are no part of the flows of existing plants.
LEFT_OUT = (
    *("projects", "programmes", "eligibility", "plans", "spends"),
    *("scenarios", "shocks", "calibration"),
)
NOT_COVERED = (
    "candidates and public money, clear and exposed flows and so dependence, the demand of others,"
    " scenarios, checks of the data, bounds worked out again, the audit, documents"
)


@dataclass(frozen=True, slots=True)
class End:
    """What a program came to: shortfall (share), cost (USD million), CPU seconds by phase, MB."""

    program: str
    shortfall: float
    cost: float
    seconds: dict[str, float]
    peak_mb: float


def by_opt() -> End:
    """The case without candidates and money, by cost: its least shortage, then its least cost."""
    clock = Clock()
    frames = {
        file.stem: pd.read_csv(file, dtype=str, keep_default_na=False)
        for file in GALLIUM.glob("*.csv")
        if file.stem not in LEFT_OUT
    }
    with clock.watching(), tempfile.TemporaryDirectory() as folder:
        run = opt.solve(opt.load(frames, {"objective": "cost"}), listener=clock)
        clock.rest()
        opt.write(run, Path(folder) / "run")
    value = {result.objective: result.value for result in run.passes}
    return End("opt", value["shortfall"], value["cost"], clock.seconds, peak_mb())


def by_linopy() -> End:
    """The same in plain linopy."""
    from peer_gallium import solve  # noqa: PLC0415  linopy is of the extra benchmark

    flow = solve(GALLIUM)
    return End("linopy", flow.shortfall, flow.cost, flow.seconds, peak_mb())
