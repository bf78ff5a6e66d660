"""Least use: how much less existing plants run, and what that costs."""

from __future__ import annotations

from collections import defaultdict

from opt.data.instance import Instance
from opt.data.units import USD_PER_MUSD
from opt.record.flows import Flows


def idle_capacity(instance: Instance, flows: Flows) -> dict[tuple[str, int], float]:
    """least use x usable less what runs, never below 0: by facility and year with a least use."""
    held = [(f, facility) for f, facility in instance.facilities.items() if facility.least_use]
    used = used_capacity(instance, flows) if held else {}
    return {
        (f, t): max(0.0, facility.least(t) - used.get((f, t), 0.0))
        for f, facility in held
        for t in instance.years
        if facility.least(t) > 0
    }


def idle_musd(instance: Instance, flows: Flows) -> float:
    """What it costs that capacity stands idle below its least use: discounted, USD million."""
    return sum(
        (
            instance.discount(t) * (instance.facilities[f].idle_cost or 0.0) * idle / USD_PER_MUSD
            for (f, t), idle in idle_capacity(instance, flows).items()
        ),
        0.0,
    )


def used_capacity(instance: Instance, flows: Flows) -> dict[tuple[str, int], float]:
    """Capacity that is used, by plant and year."""
    plants = instance.plants()
    used: dict[tuple[str, int], float] = defaultdict(float)
    for run in flows.activities:
        used[run.plant, run.year] += plants[run.plant].rates[run.process] * run.activity
    return used
