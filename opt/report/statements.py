"""What the documents say of a run, as run.json repeats it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from opt.record.document import Statements
from opt.record.run import Run
from opt.report.findings import Findings
from opt.report.findings_policy import PolicyFindings
from opt.report.policy_words import most_touched
from opt.report.story import (
    Story,
    foresight,
    headline,
    proof,
    proven,
    spent_sentence,
    status_sentence,
    tell,
)


def statements(run: Run) -> Statements:
    """The findings, the sentences on the run as a whole, and the words of its targets."""
    story = tell(run)
    return Statements(
        findings=_findings(story.findings),
        sentences=_sentences(story),
        targets={e.result.target: e.words for e in story.findings.policy.targets},
    )


def _sentences(story: Story) -> dict[str, str]:
    """What memo, page and workbook say of the run as a whole, word for word; blank where they say
    nothing."""
    return {
        "status": status_sentence(story),
        "headline": headline(story),
        "proof": proof(story),
        "proven": proven(story),
        "money": spent_sentence(story),
        "foresight": foresight(story),
    }


def _findings(findings: Findings) -> dict[str, Any]:
    return {
        "target_year": findings.target.year if findings.target else None,
        "worst_year": findings.worst.year if findings.worst else None,
        "short_share": findings.short_share,
        "counted_short_share": findings.counted_short_share,
        "worst_short_year": findings.worst_short.year if findings.worst_short else None,
        "fall": findings.fall,
        "capital_public_musd": findings.capital_public_musd,
        "public_share": findings.public_share,
        "floor_musd": findings.floor_musd,
        "weak_share": findings.weak_share,
        "project_count": findings.project_count,
        "forced_count": findings.forced_count,
        "stages_touching": findings.stages_touching,
        "stages_less_exposed": findings.stages_less_exposed,
        "largest_share": findings.largest_share,
        "first_output": findings.first_output,
        "last_output": findings.last_output,
        "confidence_musd": dict(findings.confidence_musd),
        "confidence_share": dict(findings.confidence_share),
        "decisions": [
            {"year": e.year, "capex_musd": e.capex_musd, "public_musd": e.public_musd}
            for e in findings.decisions
        ],
        "stages": [
            {
                "stage": e.stage,
                "year": e.year,
                "exposed_share": e.exposed_share,
                "baseline_exposed_share": e.baseline_exposed_share,
                "clear_from": e.clear_from,
            }
            for e in findings.stages
        ],
        "programmes": [
            {
                "programme": e.programme,
                "capital_musd": e.capital_musd,
                "stock_musd": e.stock_musd,
                "support_musd": e.support_musd,
                "paid_musd": e.paid_musd,
                "full_years": list(e.full_years),
                "amount_musd": e.amount_musd,
                "left_musd": e.left_musd,
                "is_spent": e.is_spent,
            }
            for e in findings.programmes
        ],
        **_by_subject(findings.policy),
    }


def _by_subject(found: PolicyFindings) -> dict[str, Any]:
    """Findings on stock, support, first touch, elements and the world's output."""
    return {
        "stockpiles": _rows(found.stockpiles),
        "margins": _rows(found.margins),
        "paid_plants": found.paid_plants,
        "idle_plants": found.idle_plants,
        "first_touch": _first_touch(found),
        "touch": _rows(found.touch),
        "worst_element": _row(found.worst_element) if found.worst_element else None,
        "elements": _rows(found.elements),
        "concentration": _rows(found.concentration),
    }


def _rows(entries: Iterable[Any]) -> list[dict[str, Any]]:
    return [_row(entry) for entry in entries]


def _row(entry: Any) -> dict[str, Any]:
    """A dataclass as plain data, its tuples as lists."""
    values = asdict(entry)
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in values.items()
    }


def _first_touch(found: PolicyFindings) -> dict[str, Any] | None:
    """The stage at which most is first touched, with the plan and without new money."""
    now, before = most_touched(found), most_touched(found, before=True)
    if now is None and before is None:
        return None
    return {
        "year": found.touch[0].year,
        "stage": now.stage if now else None,
        "share": now.share if now else 0.0,
        "baseline_stage": before.stage if before else None,
        "baseline_share": before.baseline_share if before else 0.0,
    }
