"""run.json: the machine-readable answer of a run, its keys public.

Same inputs, options and versions give the same bytes but for `seconds` of each pass: it and the
solver's own log are the only places of a run folder that hold a clock.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any

from opt.errors import Issue
from opt.report.findings import findings, sentences
from opt.report.runjson_policy import policy_keys
from opt.report.sections.plan import built
from opt.report.story import Story
from opt.results.run import Option, Run
from opt.results.solution import Commitment, Metrics, Pass, YearMetrics

SCHEMA = 1


def run_json(run: Run) -> dict[str, Any]:
    """The whole answer as plain data, keys in the order of the documentation."""
    story = Story(run)
    return {
        "schema": SCHEMA,
        "id": run.id,
        "workbook": {"name": run.name, "sha256": run.sha256},
        "title": run.title,
        "scenario": run.scenario,
        "scenario_text": run.scenario_text,
        "variant": run.case.variant,
        "objective": run.objective,
        "status": str(run.status),
        "passes": [_pass(entry) for entry in run.passes],
        "metrics": {**_metrics(run.metrics), "baseline": _baseline(run.baseline)},
        "projects": _projects(story),
        "options": _options(run),
        "stages": _stages(run),
        "money": _money(run),
        **policy_keys(story),
        "findings": findings(story),
        "sentences": sentences(story),
        "settings": dict(run.case.settings),
        "overrides": dict(run.overrides),
        "plan": None if run.plan is None else run.plan.told(),
        "defaults_used": [
            {"sheet": e.sheet, "column": e.column, "value": e.value, "rows": e.rows}
            for e in run.case.defaults_used
        ],
        "warnings": _warnings(run.case.warnings),
        "versions": dict(run.versions),
        "audit": {
            "passed": run.audit.passed,
            "largest_violation": run.audit.largest_violation,
            "checked": dict(run.audit.checked),
        },
    }


def run_json_text(run: Run) -> str:
    """run.json as written: two spaces of indent, a newline at the end, no NaN."""
    return json.dumps(run_json(run), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _pass(entry: Pass) -> dict[str, Any]:
    return {
        "objective": entry.objective,
        "value": entry.value,
        "bound": _finite(entry.bound),
        "gap": _finite(entry.gap),
        "seconds": entry.seconds,
        "status": str(entry.outcome),
        "kept": entry.kept,
    }


def _finite(value: float) -> float | None:
    """None for a bound or gap that nothing proves."""
    return value if math.isfinite(value) else None


def _by_year(entries: Iterable[YearMetrics]) -> dict[str, dict[str, Any]]:
    return {
        str(e.year): {
            "demand": e.demand,
            "exposed": e.exposed,
            "short": e.short,
            "dependence": e.dependence,
            "shortfall": e.shortfall,
            "counted": e.counted,
        }
        for e in entries
    }


def _metrics(metrics: Metrics) -> dict[str, Any]:
    return {
        "dependence": metrics.dependence,
        "shortfall": metrics.shortfall,
        "cost_musd": metrics.cost_musd,
        "capex_musd": metrics.capex_musd,
        "public_musd": metrics.public_musd,
        "private_musd": metrics.private_musd,
        "stock_musd": metrics.stock_musd,
        "support_musd": metrics.support_musd,
        "by_year": _by_year(metrics.by_year),
        "pooled_dependence": metrics.pooled_dependence,
        "pooled_by_year": {str(t): value for t, value in metrics.pooled_by_year.items()},
        "cost_parts": dict(metrics.cost_parts),
    }


def _baseline(metrics: Metrics) -> dict[str, Any]:
    return {
        "dependence": metrics.dependence,
        "shortfall": metrics.shortfall,
        "by_year": _by_year(metrics.by_year),
        "pooled_dependence": metrics.pooled_dependence,
    }


def _projects(story: Story) -> list[dict[str, Any]]:
    return [
        {
            "project": e.commitment.project,
            "name": e.name,
            "region": e.region,
            "stage": e.stage,
            "year": e.commitment.year,
            "units": e.commitment.units,
            "size": e.commitment.size,
            "capacity": e.capacity,
            "products": {p.commodity: p.amount for p in e.products},
            "usable": {str(year): share for year, share in e.usable.items()},
            "first_operation": e.commitment.first_operation,
            "capex_musd": e.commitment.capex_musd,
            "public_musd": e.public_musd,
            "private_musd": e.private_musd,
            "paid_by": dict(e.paid_by),
        }
        for e in built(story)
    ]


def _options(run: Run) -> list[dict[str, Any]]:
    return [
        {
            "name": e.name,
            "dependence": e.dependence,
            "bound": _finite(e.bound),
            "gap": _gap(e),
            "public_musd": e.public_musd,
            "capex_musd": e.capex_musd,
            "cost_musd": e.cost_musd,
            "worst_year": e.worst_year,
            "worst_year_dependence": e.worst_year_dependence,
            "plants": e.plants,
            "first_output": e.first_output,
            "note": e.note,
            "by_year": _by_year(e.by_year),
            "commitments": [_commitment(entry) for entry in e.commitments],
            "paid_by": dict(e.paid_by),
        }
        for e in run.options
    ]


def _gap(option: Option) -> float | None:
    """|dependence - bound| / dependence; None where nothing is proven."""
    difference = abs(option.dependence - option.bound)
    if not math.isfinite(difference):
        return None
    return difference / option.dependence if option.dependence > 0 else 0.0


def _stages(run: Run) -> list[dict[str, Any]]:
    return [
        {
            "stage": e.stage,
            "year": e.year,
            "clear": e.clear,
            "exposed": e.exposed,
            "exposed_share": e.exposed_share,
            "baseline_exposed_share": e.baseline_exposed_share,
        }
        for e in run.stages
    ]


def _money(run: Run) -> list[dict[str, Any]]:
    return [
        {
            "programme": e.programme,
            "year": e.year,
            "committed_musd": e.committed_musd,
            "due_musd": e.due_musd,
            "repaid_musd": e.repaid_musd,
            "limit_musd": e.limit_musd,
            "left_musd": e.left_musd,
            "amount_musd": e.amount_musd,
            "amount_left_musd": e.amount_left_musd,
        }
        for e in run.payments_due
    ]


def _commitment(entry: Commitment) -> dict[str, Any]:
    return {
        "project": entry.project,
        "year": entry.year,
        "units": entry.units,
        "size": entry.size,
    }


def _warnings(warnings: Iterable[Issue]) -> list[dict[str, str]]:
    return [
        {"sheet": e.sheet, "cell": e.cell, "value": e.value, "message": e.message, "hint": e.hint}
        for e in warnings
    ]
