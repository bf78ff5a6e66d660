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
from functools import cached_property

from opt.data.tables import Row, Tables
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


class Chain:
    """What leads to what in a checked workbook: recipes, stages, and what demand asks for."""

    def __init__(self, workbook: Tables) -> None:
        self.workbook = workbook

    @cached_property
    def projects(self) -> dict[str, Row]:
        """Rows of sheet projects by id."""
        return {row.text("project"): row for row in self.workbook.rows.get("projects", ())}

    @cached_property
    def commodities(self) -> dict[str, Row]:
        """Rows of sheet commodities by id."""
        return {row.text("commodity"): row for row in self.workbook.rows.get("commodities", ())}

    @cached_property
    def _stages(self) -> dict[str, str]:
        """The stage of each process; blank where it has none."""
        rows = self.workbook.rows.get("processes", ())
        return {row.text("process"): row.text("stage") for row in rows}

    def stages_of(self, project: str) -> str:
        """The stage or stages of a project's processes."""
        stages = [self._stages.get(p, "") for p in self.projects[project].items("processes")]
        return "; ".join(dict.fromkeys(stage for stage in stages if stage))

    def name(self, commodity: str) -> str:
        """The name of a commodity, else its id."""
        row = self.commodities.get(commodity)
        return (row.text("name") if row else "") or commodity

    def unit(self, commodity: str) -> str:
        """The unit of a commodity's amounts."""
        row = self.commodities.get(commodity)
        return (row.text("unit") if row else "") or "units"

    @cached_property
    def recipes(self) -> dict[str, dict[str, float]]:
        """What one unit of activity of each process makes (+) and uses (-)."""
        found: dict[str, dict[str, float]] = {}
        for row in self.workbook.rows.get("recipes", ()):
            recipe = found.setdefault(row.text("process"), {})
            recipe[row.text("commodity")] = row.number_of("amount")
        return found

    def rate(self, project: str, process: str) -> float:
        """Capacity of a project that one unit of activity of a process takes."""
        basis = self.projects[project].text("capacity_of")
        return abs(self.recipes[process][basis]) if basis else 1.0

    def products_of(self, process: str) -> tuple[str, ...]:
        """What a process makes and demand asks for or can be reached from through other stages;
        where there is nothing of the kind, what demand can be reached from at all."""
        made = [c for c, amount in self.recipes[process].items() if amount > 0]
        own = self._stage_of(process)
        found = [c for c in made if self._serves(c, own)]
        return tuple(found or [c for c in made if self._serves(c, "")])

    def _stage_of(self, process: str) -> str:
        """The stage of a process; one without a stage is a stage of its own."""
        return self._stages.get(process) or process

    def _serves(self, commodity: str, without: str) -> bool:
        """Whether demand asks for a commodity, or for what processes make of it, those of stage
        `without` left out."""
        seen, waiting = {commodity}, [commodity]
        while waiting:
            at = waiting.pop()
            if at in self._demanded:
                return True
            for process in self._users.get(at, ()):
                if self._stage_of(process) != without:
                    new = {c for c, amount in self.recipes[process].items() if amount > 0} - seen
                    seen |= new
                    waiting.extend(new)
        return False

    @cached_property
    def _demanded(self) -> frozenset[str]:
        return frozenset(row.text("commodity") for row in self.workbook.rows.get("demand", ()))

    @cached_property
    def _users(self) -> dict[str, list[str]]:
        """The processes that take in each commodity."""
        found: dict[str, list[str]] = {}
        for process, recipe in self.recipes.items():
            for commodity, amount in recipe.items():
                if amount < 0:
                    found.setdefault(commodity, []).append(process)
        return found


def feeds(chain: Chain, world: Flows) -> Fed:
    """Capacity that each process of each project uses over all years, everybody served: the share
    of a plant's use decides what it makes at full capacity."""
    used: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for entry in world.activities:
        if entry.plant in chain.projects:
            rate = chain.rate(entry.plant, entry.process)
            used[entry.plant][entry.process] += rate * entry.activity
    return used


def products(
    chain: Chain, project: str, capacity: float, used: Mapping[str, float]
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
        activity = capacity * use / whole / chain.rate(project, process)
        for commodity, amount in chain.recipes[process].items():
            made[commodity] += activity * amount
    wanted = {c for process in used for c in chain.products_of(process)}
    found = [
        Product(c, chain.name(c), amount, chain.unit(c))
        for c, amount in made.items()
        if c in wanted and amount > NOTHING * capacity
    ]
    return tuple(sorted(found, key=lambda e: (-e.amount, e.commodity)))
