"""What the report works out of a run, as run.json holds it: findings and sentences.

Keys and their order are public.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from opt.report.sections.chain import most_touched, stages, touch
from opt.report.sections.decisions import decisions
from opt.report.sections.elements import elements, worst_element
from opt.report.sections.levels import relying
from opt.report.sections.merchants import merchants
from opt.report.sections.money import capital, programmes, spent_sentence
from opt.report.sections.plan import plan
from opt.report.sections.quality import quality
from opt.report.sections.stock import stockpiles
from opt.report.sections.summary import foresight, headline, proof, proven, status_sentence
from opt.report.sections.support import idle_plants, margins, paid_plants
from opt.report.sections.world import concentration
from opt.report.sections.years import years
from opt.report.story import Story


def sentences(story: Story) -> dict[str, str]:
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


def findings(story: Story) -> dict[str, Any]:
    """All derived figures."""
    coming = merchants(story)
    counted, whole, paid, grades = years(story), plan(story), capital(story), quality(story)
    return {
        "target_year": counted.target.year if counted.target else None,
        "worst_year": counted.worst.year if counted.worst else None,
        "short_share": counted.short_share,
        "counted_short_share": counted.counted_short_share,
        "worst_short_year": counted.worst_short.year if counted.worst_short else None,
        "fall": counted.fall,
        "relying": _rows(relying(story)),
        "additional_fall": coming.additional_fall,
        "would_come_musd": coming.would_come_musd,
        "capital_public_musd": paid.public_musd,
        "public_share": paid.public_share,
        "floor_musd": paid.floor_musd,
        "weak_share": grades.weak_share,
        "project_count": whole.project_count,
        "forced_count": whole.forced_count,
        "placeholder_count": whole.placeholder_count,
        "placeholder_musd": whole.placeholder_musd,
        "stages_touching": sum(entry.touches for entry in stages(story)),
        "stages_less_exposed": sum(entry.is_better for entry in stages(story)),
        "largest_share": whole.largest_share,
        "first_output": whole.first_output,
        "last_output": whole.last_output,
        "confidence_musd": dict(grades.musd),
        "confidence_share": dict(grades.share),
        "decisions": [
            {"year": e.year, "capex_musd": e.capex_musd, "public_musd": e.public_musd}
            for e in decisions(story)
        ],
        "stages": _rows(stages(story)),
        "programmes": _programmes(story),
        "stockpiles": _rows(stockpiles(story)),
        "margins": _rows(margins(story)),
        "paid_plants": paid_plants(story),
        "idle_plants": idle_plants(story),
        "first_touch": _first_touch(story),
        "touch": _rows(touch(story)),
        "worst_element": _worst_element(story),
        "elements": _rows(elements(story)),
        "concentration": _rows(concentration(story)),
    }


def _programmes(story: Story) -> list[dict[str, Any]]:
    return [
        {
            "programme": e.programme,
            **{f"{use}_musd": musd for use, musd in e.by_use_musd.items()},
            "paid_musd": e.paid_musd,
            "full_years": list(e.full_years),
            "amount_musd": e.amount_musd,
            "left_musd": e.left_musd,
            "is_spent": e.is_spent,
        }
        for e in programmes(story)
    ]


def _rows(entries: Iterable[Any]) -> list[dict[str, Any]]:
    return [_row(entry) for entry in entries]


def _row(entry: Any) -> dict[str, Any]:
    """A dataclass as plain data, its tuples as lists."""
    values = asdict(entry)
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in values.items()
    }


def _worst_element(story: Story) -> dict[str, Any] | None:
    worst = worst_element(story)
    return _row(worst) if worst else None


def _first_touch(story: Story) -> dict[str, Any] | None:
    """The stage at which most is first touched, with the plan and without new money."""
    now, before = most_touched(story), most_touched(story, before=True)
    if now is None and before is None:
        return None
    return {
        "year": touch(story)[0].year,
        "stage": now.stage if now else None,
        "share": now.share if now else 0.0,
        "baseline_stage": before.stage if before else None,
        "baseline_share": before.baseline_share if before else 0.0,
    }
