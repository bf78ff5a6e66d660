"""run.json: the machine-readable answer of a run, its keys public.

Same inputs, options and versions give the same bytes but for `seconds` of each pass: it and the
solver's own log are the only places of a run folder that hold a clock.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import fsum
from typing import Any

from opt.errors import Issue
from opt.record.chain import WorldShare
from opt.record.columns import key_values
from opt.record.demand import Metrics, YearMetrics
from opt.record.options import Option
from opt.record.run import Run
from opt.record.targets import TargetResult

SCHEMA = 2
WARNING_KEYS = ("sheet", "cell", "value", "message", "hint")


@dataclass(frozen=True, slots=True)
class Statements:
    """What the documents say of a run, worked out by those who write them: the findings, the
    sentences on the run as a whole, and each target in words, by its id."""

    findings: Mapping[str, Any]
    sentences: Mapping[str, str]
    targets: Mapping[str, str]


def run_json(run: Run, stated: Statements) -> dict[str, Any]:
    """The whole answer as plain data, keys in the order of the documentation."""
    return {
        "schema": SCHEMA,
        "id": run.id,
        "workbook": {"name": run.name, "sha256": run.sha256},
        "title": run.title,
        "scenario": run.scenario,
        "scenario_text": run.scenario_text,
        "variant": run.workbook.variant,
        "objective": run.objective,
        "status": str(run.status),
        "passes": _objects(run.passes),
        "metrics": {**_metrics(run.metrics), "baseline": _metrics(run.baseline)},
        "projects": _objects(run.projects),
        "options": [_option(entry) for entry in run.options],
        "stages": _objects(run.stages),
        "money": _objects(run.payments_due),
        "stockpiles": _objects(run.stockpiles),
        "payments": _objects(run.solution.payments),
        "margins": _margins(run),
        "targets": [_target(entry, stated) for entry in run.targets],
        "touch": _objects(run.touch),
        "elements": _objects(run.elements),
        "minerals": _objects(run.minerals),
        "world": _world(run),
        "findings": stated.findings,
        "sentences": stated.sentences,
        "settings": dict(run.workbook.settings),
        "overrides": dict(run.overrides),
        "decisions": dict(run.workbook.decisions),
        "plan": None if run.plan is None else run.plan.told(),
        "near": None if run.near is None else run.near.told(),
        "defaults_used": _objects(run.workbook.defaults_used),
        "warnings": [_warning(issue) for issue in run.workbook.warnings],
        "versions": dict(run.versions),
        "audit": key_values(run.audit),
    }


def run_json_text(run: Run, stated: Statements) -> str:
    """run.json as written: two spaces of indent, a newline at the end, no NaN."""
    return json.dumps(run_json(run, stated), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _warning(issue: Issue) -> dict[str, str]:
    return {name: getattr(issue, name) for name in WARNING_KEYS}


def _objects(rows: Iterable[Any]) -> list[dict[str, Any]]:
    return [key_values(row) for row in rows]


def _by_year(entries: Iterable[YearMetrics]) -> dict[str, dict[str, Any]]:
    found = {}
    for entry in entries:
        values = key_values(entry)
        found[str(values.pop("year"))] = values
    return found


def _metrics(metrics: Metrics) -> dict[str, Any]:
    """Metrics as they are written: money of each use under a key of its own, at the end."""
    own = key_values(metrics)
    by_use = {f"{use}_musd": musd for use, musd in own.pop("by_use_musd").items()}
    return {**own, "by_year": _by_year(metrics.by_year), **by_use}


def _option(option: Option) -> dict[str, Any]:
    values = key_values(option)
    values["by_year"] = _by_year(option.by_year)
    values["gap"] = None if values["bound"] is None else option.gap
    return values


def _target(target: TargetResult, stated: Statements) -> dict[str, Any]:
    values = key_values(target)
    return {**values, "words": stated.targets[target.target]}


def _margins(run: Run) -> list[dict[str, Any]]:
    """Gaps in USD per unit of activity and activity in units, by plant, process and year."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for entry in run.margins:
        values = key_values(entry)
        plant, process, year = (values.pop(key) for key in ("plant", "process", "year"))
        found.setdefault((plant, process), {})[str(year)] = values
    return [{"plant": f, "process": p, "by_year": years} for (f, p), years in found.items()]


def _world(run: Run) -> dict[str, dict[str, dict[str, Any]]]:
    """Output, Herfindahl-Hirschman index and shares of blocs by stage and year."""
    found: dict[str, dict[int, list[WorldShare]]] = {}
    for entry in run.world:
        found.setdefault(entry.stage, {}).setdefault(entry.year, []).append(entry)
    return {
        stage: {str(year): _stage_year(entries) for year, entries in sorted(years.items())}
        for stage, years in found.items()
    }


def _stage_year(entries: list[WorldShare]) -> dict[str, Any]:
    shares = {
        bloc: fsum(e.share for e in entries if e.bloc == bloc)
        for bloc in dict.fromkeys(e.bloc for e in entries)
    }
    output = fsum(entry.output for entry in entries)
    return {"output": output, "hhi": entries[0].hhi, "shares": shares}
