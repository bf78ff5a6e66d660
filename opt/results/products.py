"""What a commitment makes: its products at full capacity, each in its own unit, without waste.

A plant of several processes makes what the plan feeds it for: at full capacity each process has the
share that it has of the plant's use over all years, everybody served, and what the plant's own
processes take in of each other's products is taken off.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from opt.record.case import CaseRecord
from opt.record.flows import Flows

NOTHING = 1e-9  # of a plant's capacity: below it an amount is the solver's noise

Fed = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Product:
    """One product of a commitment at full capacity: `amount` in `unit` a year."""

    commodity: str
    name: str
    amount: float
    unit: str


def feeds(case: CaseRecord, world: Flows) -> Fed:
    """Capacity that each process of each project uses over all years, everybody served: the share
    of a plant's use decides what it makes at full capacity."""
    used: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for entry in world.activities:
        project = case.projects.get(entry.plant)
        if project:
            used[entry.plant][entry.process] += project.rates[entry.process] * entry.activity
    return used


def products(
    case: CaseRecord, project: str, capacity: float, used: Mapping[str, float]
) -> tuple[Product, ...]:
    """Products of so much capacity of a project, the largest first; none where it does not run.

    amount_c = capacity x sum over p of share_p recipe_pc / rate_p, where share_p is the process's
    part of the use and rate_p the capacity that a unit of its activity takes; in units a year.
    """
    whole = sum(used.values())
    if whole <= 0:
        return ()
    made: dict[str, float] = defaultdict(float)
    for process, use in used.items():
        activity = capacity * use / whole / case.projects[project].rates[process]
        for commodity, amount in case.processes[process].recipe.items():
            made[commodity] += activity * amount
    wanted = {c for process in used for c in case.processes[process].products}
    found = [
        Product(c, case.commodities[c].name, amount, case.commodities[c].unit)
        for c, amount in made.items()
        if c in wanted and amount > NOTHING * capacity
    ]
    return tuple(sorted(found, key=lambda e: (-e.amount, e.commodity)))
