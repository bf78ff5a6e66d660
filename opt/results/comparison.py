"""Runs side by side: their inputs by cell, their plans, what they are worth and what is proven."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import chain

from opt.data.reading.row_ids import row_id
from opt.data.sheets.registry import SHEET, SHEETS
from opt.data.tables import Row, Tables
from opt.data.words import plain
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

PRESENT = "the row"
METRICS = (
    "dependence",
    "shortfall",
    "pooled_dependence",
    "cost_musd",
    "capex_musd",
    "public_musd",
    "private_musd",
)
Places = Mapping[tuple[str, int], Row]  # rows of a sheet by id, and which of those of that id


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


# ---- Inputs ---------------------------------------------------------------------------------


def _cells(name: str, before: Tables, after: Tables) -> Iterator[ChangedCell]:
    """Where the input of a run differs, sheet by sheet. Settings are those that held, wherever they
    were given and whether they were."""
    for key in sorted(before.settings.keys() | after.settings.keys()):
        pair = _text(before.settings.get(key)), _text(after.settings.get(key))
        if pair[0] != pair[1]:
            yield ChangedCell(name, "settings", key, "value", *pair)
    for sheet in SHEETS:
        if sheet.name != "settings":
            yield from _in_sheet(name, sheet.name, before, after)


def _in_sheet(name: str, sheet: str, before: Tables, after: Tables) -> Iterator[ChangedCell]:
    old, new = _rows(before, sheet), _rows(after, sheet)
    for place in chain(old, (place for place in new if place not in old)):
        if place not in old or place not in new:
            there = (PRESENT if place in old else "", PRESENT if place in new else "")
            yield ChangedCell(name, sheet, place[0], "", *there)
            continue
        was, now = _cells_of(old[place]), _cells_of(new[place])
        for column in dict.fromkeys((*was, *now)):
            pair = was.get(column, ""), now.get(column, "")
            if pair[0] != pair[1]:
                yield ChangedCell(name, sheet, place[0], column, *pair)


def _rows(tables: Tables, sheet: str) -> Places:
    """The rows of a sheet by what names them; those of one name in their order."""
    found: dict[tuple[str, int], Row] = {}
    for row in tables.rows[sheet]:
        own = row_id(row.text(c) if c in row.given else "" for c in SHEET[sheet].named_by)
        n = 0
        while (own, n) in found:
            n += 1
        found[own, n] = row
    return found


def _cells_of(row: Row) -> dict[str, str]:
    """What stands in a row by column, years among them."""
    found = {column: _text(value) for column, value in row.values.items()}
    return found | {str(year): _text(value) for year, value in row.years.items()}


def _text(value: object) -> str:
    """A cell as a user reads it."""
    if value is None:
        return ""
    if isinstance(value, tuple):
        return "; ".join(map(str, value))
    return plain(value) if isinstance(value, int | float) else str(value)


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
