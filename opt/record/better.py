"""Which of two runs is to stay where only one can: the one that lies there, or the new one."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from opt.record.passes import Outcome
from opt.record.run import Run

# How exact and how long is searched: none of it changes what is asked.
EFFORT = frozenset({"gap", "cost_gap", "cost_gap_added", "time_limit", "threads", "seed"})
GAPS = ("gap", "cost_gap")
SAME = 1e-9  # of the value: what sums in another order may differ by


def why_better(earlier: Mapping[str, Any], run: Run) -> str:
    """Why the earlier run, of which this is the run.json, is better than the new one: a sentence;
    blank where the new one may take its place.

    A finished run is better than a stopped one. Of two answers to the same question the one with
    the better values is better, pass by pass, and where they are equal the one with the better
    bounds; but a run that was solved to gaps no wider than the earlier one's may always take
    its place.
    """
    finished = earlier.get("status") == Outcome.OPTIMAL
    if finished and run.status is not Outcome.OPTIMAL:
        return "It was solved to the asked gap, and this one was stopped before."
    if _asked(earlier) != _asked(_document(run)):
        return ""
    if run.status is Outcome.OPTIMAL and not (finished and _wider(earlier, run)):
        return ""
    return _compared(earlier["passes"], run)


def _document(run: Run) -> dict[str, Any]:
    """What run.json says of the question, as it is read back."""
    told = {
        "workbook": {"name": run.name, "sha256": run.sha256},
        "scenario": run.scenario,
        "variant": run.workbook.variant,
        "objective": run.objective,
        "decisions": dict(run.workbook.decisions),
        "plan": None if run.plan is None else run.plan.told(),
        "near": None if run.near is None else run.near.told(),
        "settings": dict(run.workbook.settings),
    }
    found: dict[str, Any] = json.loads(json.dumps(told))
    return found


def _asked(document: Mapping[str, Any]) -> tuple[Any, ...]:
    """What a run was asked, but for how exactly and how long to search."""
    settings = {k: v for k, v in document["settings"].items() if k not in EFFORT}
    keys = ("scenario", "variant", "objective", "decisions", "plan", "near")
    return (document["workbook"]["sha256"], *(document[key] for key in keys), settings)


def _wider(earlier: Mapping[str, Any], run: Run) -> bool:
    """Whether the new run was allowed a wider gap than the earlier one."""
    before, now = earlier["settings"], run.workbook.settings
    if any(float(str(now[gap])) > float(str(before[gap])) for gap in GAPS):
        return True
    old, new = before.get("cost_gap_added"), now.get("cost_gap_added")
    if old is None or new is None:
        # Which of a share of the whole and one of what is added is wider is known after the solve.
        return old is not new
    return float(str(new)) > float(str(old))


def _compared(passes: list[Mapping[str, Any]], run: Run) -> str:
    """The first value, else the first bound, in which the earlier run is better; blank for none."""
    pairs = list(zip(passes, run.passes, strict=False))
    for old, new in pairs:
        step = _step(old["value"], new.value)
        if step:
            return f"Its {new.objective} is lower." if step > 0 else ""
    for old, new in pairs:
        step = _step(new.bound, -math.inf if old["bound"] is None else old["bound"])
        if step:
            return f"More is proven of its {new.objective}." if step > 0 else ""
    return ""


def _step(low: float, high: float) -> int:
    """1 where the second is larger, -1 where it is smaller, 0 where they are the same."""
    if low == high or math.isclose(low, high, rel_tol=SAME, abs_tol=SAME):
        return 0
    return 1 if high > low else -1
