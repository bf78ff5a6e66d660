"""What a commitment makes: its products at full capacity, each in its own unit, without waste.

What a process makes is a product where demand asks for it, or where demand can be reached from it
through processes of other stages: concentrate through cracking and separation, oxide through metal
and magnets. What only leads back into its own stage is a residue of it (the swarf of a magnet
plant, the concentrate that a light separator leaves for a heavy circuit), and what leads to no
demand at all is waste (tailings, a by-product nobody uses); neither is told. A process whose
outputs all stay within its stage has as products those from which demand can be reached at all.

A plant of several processes makes what the plan feeds it for: at full capacity each process has the
share that it has of the plant's use over all years, everybody served, and what the plant's own
processes take in of each other's products is taken off.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from opt.report.lookup import Lookup
from opt.results.run import Run

NOTHING = 1e-9  # of a plant's capacity: below it an amount is the solver's noise

Fed = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Product:
    """One product of a commitment at full capacity: `amount` in `unit` a year."""

    commodity: str
    name: str
    amount: float
    unit: str


def feeds(run: Run, lookup: Lookup) -> Fed:
    """Capacity that each process of each project uses over all years, everybody served: the share
    of a plant's use decides what it makes at full capacity."""
    used: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for entry in run.solution.world.activities:
        if entry.plant in lookup.projects:
            rate = lookup.rate(entry.plant, entry.process)
            used[entry.plant][entry.process] += rate * entry.activity
    return used


def products(
    lookup: Lookup, project: str, capacity: float, used: Mapping[str, float]
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
        activity = capacity * use / whole / lookup.rate(project, process)
        for commodity, amount in lookup.recipes[process].items():
            made[commodity] += activity * amount
    wanted = {c for process in used for c in lookup.products_of(process)}
    found = [
        Product(c, lookup.name("commodities", c), amount, lookup.unit(c))
        for c, amount in made.items()
        if c in wanted and amount > NOTHING * capacity
    ]
    return tuple(sorted(found, key=lambda e: (-e.amount, e.commodity)))
