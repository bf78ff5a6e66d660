"""run.json as a whole: its keys, the case it names, its settings, what it says of its own audit."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from opt.audit.case import scenario_text
from opt.audit.check import LIMIT, OBJECT, AuditReport, Check, OfKind, equal, holds
from opt.audit.evidence import Evidence
from opt.audit.rule import of_plan, of_record, told
from opt.errors import Issue
from opt.record.run import AuditSummary
from opt.record.shape import TEXT, check_part, shape_of

# Settings on which the audit's own arithmetic rests.
SETTINGS_USED = (
    "first_year",
    "last_year",
    "discount_rate",
    "dependence_from",
    "dependence_to",
    "public_share",
    "dependence_target",
    "worth_of_point",
)
SCHEMA = 2
VERSIONS = ("opt", "python", "pyomo", "highspy", "numpy", "scipy")
SENTENCES = ("status", "headline", "proof", "proven", "money", "foresight")
ID_DIGITS = 12
SECTIONS = (
    *("schema", "id", "workbook", "title", "scenario", "scenario_text", "variant", "objective"),
    "sentences",
    *("status", "passes", "metrics", "projects", "options", "stages", "money", "stockpiles"),
    *("payments", "margins", "targets", "touch", "elements", "minerals"),
    *("world", "findings", "settings"),
    *("overrides", "decisions", "plan", "near", "defaults_used", "warnings", "versions", "audit"),
)
NOISE = 1e-9  # a largest violation below it is rounding


@of_plan
def same_workbook(evidence: Evidence) -> Iterator[Check]:
    """The input copy is the workbook that was solved: equal sha256."""
    yield holds(("sha256",), evidence.answer.sha256 == evidence.case.tables.sha256)


@of_plan
def same_settings(evidence: Evidence) -> Iterator[Check]:
    """run.json's effective settings are the workbook's with the recorded overrides.

    Checked of the settings on which results rest; a blank year stands for first or last year.
    """
    tables = evidence.case.tables
    blanks = {"dependence_from": tables.first_year, "dependence_to": tables.last_year}
    for key in SETTINGS_USED:
        own = tables.settings.get(key)
        allowed = (own, blanks.get(key)) if own is None else (own,)
        yield holds((key,), evidence.answer.settings.get(key) in allowed)


@told
def tell_case(evidence: Evidence) -> Mapping[str, Any]:
    """The workbook's name, title, scenario, variant and objective; name and title of a folder's
    copy are the ones told. sha256: see same_workbook."""
    tables = evidence.case.tables
    told = evidence.answer.record["workbook"].get("name")
    name = tables.name if tables.path.suffix == ".xlsx" else OfKind(TEXT)
    title = evidence.case.setting_text("title") or str(told)
    scenario = evidence.answer.scenario
    apart = [] if tables.variant is None else [f"variant {tables.variant}"]
    apart += [f"{project}: {decision}" for project, decision in tables.decisions.items()]
    return {
        "schema": SCHEMA,
        "id": _id(evidence),
        "sentences": dict.fromkeys(SENTENCES, OfKind(TEXT)),
        "workbook": {"name": name, "sha256": tables.sha256},
        "title": f"{title} ({'; '.join(apart)})" if apart else title,
        "scenario": scenario,
        "scenario_text": scenario_text(evidence.case, scenario),
        "variant": tables.variant,
        "objective": evidence.case.setting_text("objective"),
        "overrides": OfKind(OBJECT),
        "decisions": dict(tables.decisions),
        "versions": dict.fromkeys(VERSIONS, OfKind(TEXT)),
    }


def _id(evidence: Evidence) -> str:
    """The first 12 hex digits of the SHA-256 of what was asked, as JSON with sorted keys: input,
    scenario, variant, settings but threads, decisions, objective, given plan, plan to stay near,
    versions."""
    tables, record = evidence.case.tables, evidence.answer.record
    asked = {
        "sha256": tables.sha256,
        "scenario": evidence.answer.scenario,
        "variant": tables.variant,
        "settings": {k: v for k, v in tables.settings.items() if k != "threads"},
        "objective": evidence.case.setting_text("objective"),
        "decisions": dict(tables.decisions),
        "plan": record.get("plan"),
        "near": record.get("near"),
        "versions": record.get("versions"),
    }
    text = json.dumps(asked, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:ID_DIGITS]


@told
def tell_settings(evidence: Evidence) -> Mapping[str, Any]:
    """Every setting: that of the workbook, or what was given in its place, or the default."""
    settings = dict(evidence.case.tables.settings)
    return {"settings": json.loads(json.dumps(settings))}


@told
def tell_reading(evidence: Evidence) -> Mapping[str, Any]:
    """The defaults that stood in for blank cells, and the warnings, as the workbook is read."""
    tables = evidence.case.tables
    defaults = [
        {"sheet": used.sheet, "column": used.column, "value": used.value, "rows": used.rows}
        for used in tables.defaults_used
    ]
    return {"defaults_used": defaults, "warnings": [_warning(issue) for issue in tables.warnings]}


def _warning(issue: Issue) -> dict[str, str]:
    names = ("sheet", "cell", "value", "message", "hint")
    return {name: getattr(issue, name) for name in names}


@of_record
def keep_keys(evidence: Evidence) -> Iterator[Check]:
    """run.json has no key but those of docs/outputs.md."""
    for key in evidence.answer.record:
        yield holds((key,), key in SECTIONS)


def same_audit(record: Mapping[str, Any], report: AuditReport) -> Iterator[Check]:
    """run.json's audit says what is found when it is done again: passed, the checks of each rule,
    and the largest violation, to 1e-9: below that it is rounding, which another machine may round
    otherwise."""
    told = record.get("audit")
    check_part("audit", shape_of(AuditSummary), told)
    assert told is not None
    yield holds(("passed",), told["passed"] is True)
    strange = told.keys() - shape_of(AuditSummary).keys()
    yield from (holds((key, "is unknown"), False) for key in sorted(strange))
    checked = told["checked"]
    for rule in sorted(checked.keys() | report.checked.keys()):
        yield holds(("checked", rule), checked.get(rule) == report.checked.get(rule))
    left, right = told["largest_violation"], report.largest_violation
    yield equal(("largest_violation",), left, right, NOISE / LIMIT)
