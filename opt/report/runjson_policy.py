"""The part of run.json on stock, support, targets, elements, first touch and world output.

Rows carry the field names of `opt.results`; margins and world output are put together by plant and
by stage, so that a program finds a year without a search.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from opt.report import wording
from opt.report.sections.targets import targets
from opt.report.story import Story
from opt.results.run import Run, WorldShare


def policy_keys(story: Story) -> dict[str, Any]:
    """Keys that stand at the top of run.json."""
    run = story.run
    return {
        "stockpiles": _rows(run.stockpiles),
        "support": _rows(run.solution.support_payments),
        "margins": _margins(run),
        "targets": [
            {**asdict(e.result), "words": e.words, "unit": e.unit or "share"}
            for e in targets(story)
        ],
        "touch": _rows(run.touch),
        "elements": _rows(run.elements),
        "world": _world(run),
    }


def _rows(entries: Iterable[Any]) -> list[dict[str, Any]]:
    return [_row(entry) for entry in entries]


def _row(entry: Any) -> dict[str, Any]:
    """A dataclass as plain data, its tuples as lists."""
    values = asdict(entry)
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in values.items()
    }


def _margins(run: Run) -> list[dict[str, Any]]:
    """Gaps in USD per unit of activity and activity in units, by plant, process and year."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for e in run.margins:
        years = found.setdefault((e.plant, e.process), {})
        years[str(e.year)] = {
            "gap": e.gap,
            "activity": e.activity,
            "baseline_activity": e.baseline_activity,
        }
    return [{"plant": f, "process": p, "by_year": years} for (f, p), years in found.items()]


def _world(run: Run) -> dict[str, dict[str, dict[str, Any]]]:
    """Output, Herfindahl-Hirschman index and shares of blocs by stage and year."""
    found: dict[str, dict[str, list[WorldShare]]] = {}
    for entry in run.world:
        found.setdefault(entry.stage, {}).setdefault(str(entry.year), []).append(entry)
    return {
        stage: {year: _stage_year(entries) for year, entries in years.items()}
        for stage, years in found.items()
    }


def _stage_year(entries: list[WorldShare]) -> dict[str, Any]:
    shares: Mapping[str, float] = {
        bloc: wording.total(e.share for e in entries if e.bloc == bloc)
        for bloc in dict.fromkeys(e.bloc for e in entries)
    }
    output = wording.total(entry.output for entry in entries)
    return {"output": output, "hhi": entries[0].hhi, "shares": shares}
