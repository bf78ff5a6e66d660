"""The written answer of a run, read through its record: what its run.json and its tables say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from opt.record.chain import TouchYear, WorldShare
from opt.record.demand import DependenceYear, ElementYear
from opt.record.flows import Flows
from opt.record.folder import TABLES_FOLDER, read_document, read_flows
from opt.record.lines import read_rows
from opt.record.money import CostYear, Payment, ProgrammeYear, Use, paid_for
from opt.record.passes import Pass
from opt.record.projects import Commitment
from opt.record.shape import (
    ANYTHING,
    NUMBER,
    TEXT,
    TRUTH,
    WHOLE,
    Each,
    OrNull,
    check_part,
    read_object,
    shape_of,
)
from opt.record.stock import StockpileYear
from opt.record.support import MarginYear
from opt.record.targets import TargetResult

ALLIED = "allied"
WORLD = "world"
BASELINE = "baseline"
BASELINE_WORLD = "baseline_world"
FLOW_SETS = (ALLIED, WORLD, BASELINE)

COMMITMENT = {"project": TEXT, "year": WHOLE, "units": WHOLE, "size": OrNull(NUMBER)}
YEAR = {
    **dict.fromkeys(("demand", "exposed", "short", "dependence", "shortfall"), NUMBER),
    "counted": TRUTH,
}
MONEY = ("cost_musd", "capex_musd", "public_musd", "private_musd")
# What of run.json must be there, and of which kind, before anything can be recomputed. Every other
# key is held against its recomputed value; see record.py.
SHAPE = {
    "workbook": {"sha256": TEXT},
    "scenario": OrNull(TEXT),
    "objective": TEXT,
    "status": TEXT,
    "passes": [shape_of(Pass)],
    "metrics": {
        **dict.fromkeys(("dependence", "shortfall", "pooled_dependence", *MONEY), NUMBER),
        "by_year": Each(YEAR),
        "pooled_by_year": Each(NUMBER),
        "cost_parts": Each(NUMBER),
        "baseline": {"dependence": NUMBER, "shortfall": NUMBER, "by_year": Each(YEAR)},
    },
    "projects": [{**COMMITMENT, "capex_musd": NUMBER, "paid_by": Each(NUMBER)}],
    "settings": Each(ANYTHING),
    "overrides": Each(TEXT),
    "plan": OrNull({"name": TEXT, "commitments": [COMMITMENT]}),
}
OPTIONS = [
    {
        "name": TEXT,
        "dependence": NUMBER,
        "bound": OrNull(NUMBER),
        "cost_musd": OrNull(NUMBER),
        "by_year": Each(YEAR),
        "commitments": [COMMITMENT],
        "paid_by": Each(NUMBER),
    }
]


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything a run folder says: run.json and the tables.

    `flows` holds the sets allied, world, baseline and baseline_world; `metrics`, `projects`,
    `settings` and `plan` are as in run.json, `record` is all of it; `folder` is where the tables
    lie.
    """

    folder: Path
    record: Mapping[str, Any]
    scenario: str | None
    objective: str
    status: str
    sha256: str
    passes: tuple[Pass, ...]
    metrics: Mapping[str, Any]
    projects: tuple[Mapping[str, Any], ...]
    settings: Mapping[str, Any]
    plan: Mapping[str, Any] | None
    commitments: tuple[Commitment, ...]
    payments: tuple[Payment, ...]
    flows: Mapping[str, Flows]
    dependence: tuple[DependenceYear, ...]
    money: tuple[ProgrammeYear, ...]
    costs: tuple[CostYear, ...]
    margins: tuple[MarginYear, ...]
    targets: tuple[TargetResult, ...]
    stockpiles: tuple[StockpileYear, ...]
    world: tuple[WorldShare, ...]
    elements: tuple[ElementYear, ...]
    touch: tuple[TouchYear, ...]

    def paid_for(self, use: Use) -> tuple[Payment, ...]:
        """The payments for one use."""
        return paid_for(self.payments, use)


def read_run_json(run_folder: Path) -> dict[str, Any]:
    """The content of run.json, of the shape that can be recomputed. Raises InputError where it
    cannot be read or holds no plan."""
    run = read_document(run_folder)
    check_part("", SHAPE, run)
    return run


def read_answer(run_folder: Path) -> Answer:
    """The answer of a run folder. Raises InputError, which names the file and the place in it,
    where it cannot be read."""
    run, tables = read_run_json(run_folder), run_folder / TABLES_FOLDER
    return Answer(
        folder=tables,
        record=run,
        scenario=run["scenario"],
        objective=run["objective"],
        status=run["status"],
        sha256=run["workbook"]["sha256"],
        passes=tuple(
            read_object(Pass, entry, f"passes.{n}") for n, entry in enumerate(run["passes"])
        ),
        metrics=run["metrics"],
        projects=tuple(run["projects"]),
        settings=run["settings"],
        plan=run["plan"],
        commitments=read_rows(tables, "commitments"),
        payments=read_rows(tables, "payments"),
        flows=read_flows(tables),
        dependence=read_rows(tables, "dependence"),
        money=read_rows(tables, "money"),
        costs=read_rows(tables, "costs"),
        margins=read_rows(tables, "margins"),
        targets=read_rows(tables, "targets"),
        stockpiles=read_rows(tables, "stockpiles"),
        world=read_rows(tables, "world"),
        elements=read_rows(tables, "elements"),
        touch=read_rows(tables, "touch"),
    )
