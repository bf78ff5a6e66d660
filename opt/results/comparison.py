"""Runs side by side: their inputs by cell, their plans, what they are worth and what is proven."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from opt.data.reading.edits import edits
from opt.data.tables import Tables
from opt.record.comparison import (
    ChangedCell,
    ComparedCommitment,
    ComparedMetric,
    ComparedMoney,
    ComparedPass,
    ComparedRun,
    Comparison,
)
from opt.record.money import Use
from opt.record.run import Run
from opt.results.metrics import paid_by_programme

METRICS = (
    "dependence",
    "shortfall",
    "pooled_dependence",
    "cost_musd",
    "capex_musd",
    "public_musd",
    "private_musd",
)


def comparison(runs: Mapping[str, Run]) -> Comparison:
    """Some runs by name; inputs beside those of the first."""
    first = next(iter(runs.values()))
    return Comparison(
        runs=tuple(_run(name, run) for name, run in runs.items()),
        cells=tuple(
            cell
            for name, run in runs.items()
            for cell in _cells(name, first.workbook, run.workbook)
        ),
        plan=tuple(sorted(_plan(runs), key=lambda row: (row.project, row.year))),
        money=tuple(_money(runs)),
        metrics=tuple(_metrics(runs)),
        proofs=tuple(_proofs(runs)),
    )


def _run(name: str, run: Run) -> ComparedRun:
    return ComparedRun(
        run=name,
        id=run.id,
        workbook=run.name,
        sha256=run.sha256,
        scenario=run.scenario or "",
        variant=run.workbook.variant or "",
        objective=run.objective,
        plan="" if run.plan is None else run.plan.name,
        status=run.status,
    )


def _cells(name: str, before: Tables, after: Tables) -> Iterator[ChangedCell]:
    """Where the input of a run differs."""
    for own in edits(before, after):
        yield ChangedCell(name, own.sheet, own.place[0], own.column, own.before, own.after)


# ---- Plans and what they are worth ----------------------------------------------------------


def _plan(runs: Mapping[str, Run]) -> Iterator[ComparedCommitment]:
    made = [
        {(c.project, c.year, c.units) for c in run.solution.commitments} for run in runs.values()
    ]
    common = set.intersection(*made)
    for name, run in runs.items():
        paid: dict[tuple[str, int], list[float]] = {}
        for p in run.solution.paid_for(Use.CAPITAL):
            paid.setdefault((p.thing, p.year), []).append(p.paid_musd)
        for c in run.solution.commitments:
            yield ComparedCommitment(
                project=c.project,
                run=name,
                year=c.year,
                units=c.units,
                size=c.size,
                capex_musd=c.capex_musd,
                public_musd=math.fsum(paid.get((c.project, c.year), ())),
                common=(c.project, c.year, c.units) in common,
            )


def _money(runs: Mapping[str, Run]) -> Iterator[ComparedMoney]:
    paid = {name: paid_by_programme(run.solution.payments) for name, run in runs.items()}
    for programme in sorted({k for own in paid.values() for k in own}):
        for name, own in paid.items():
            yield ComparedMoney(programme, name, own.get(programme, 0.0))


def _metrics(runs: Mapping[str, Run]) -> Iterator[ComparedMetric]:
    for metric in METRICS:
        for name, run in runs.items():
            yield ComparedMetric(metric, name, getattr(run.metrics, metric))
    for name, run in runs.items():
        yield ComparedMetric("baseline_dependence", name, run.baseline.dependence)


def _proofs(runs: Mapping[str, Run]) -> Iterator[ComparedPass]:
    for name, run in runs.items():
        for own in run.passes:
            yield ComparedPass(own.objective, name, own.value, own.bound, own.gap, own.outcome)
