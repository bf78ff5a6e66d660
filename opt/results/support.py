"""Plants that cost more than they earn at market prices: by how much, and whether they run."""

from __future__ import annotations

from collections import defaultdict

from opt.data.instance import Instance
from opt.record.flows import Flows
from opt.record.run import Solution
from opt.record.support import MarginYear


def margin_years(instance: Instance, solution: Solution, baseline: Flows) -> tuple[MarginYear, ...]:
    """Existing plants, those of the plan and those that come without new money, by process, in the
    years with a gap."""
    built = {c.project: c.first_operation for c in reversed(solution.commitments)}
    now, before = _activity(solution.allied), _activity(baseline)
    return tuple(
        MarginYear(f, p, t, gap, now[f, p, t], before[f, p, t])
        for (f, p), by_year in sorted(instance.gaps.items())
        for t, gap in sorted(by_year.items())
        if f in instance.facilities
        or built.get(f, t + 1) <= t
        or instance.projects[f].merchant.get(t, 0.0) > 0
    )


def _activity(flows: Flows) -> dict[tuple[str, str, int], float]:
    found: dict[tuple[str, str, int], float] = defaultdict(float)
    for run in flows.activities:
        found[run.plant, run.process, run.year] += run.activity
    return found
