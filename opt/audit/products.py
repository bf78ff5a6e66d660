"""What each project of the plan makes at full capacity, in products and without waste, worked out
of workbook and flows alone.

A commodity is a product of a process where demand asks for it, or for what is made of it by
processes of other stages than its own; where a process makes nothing of the kind, what demand can
be reached from at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from opt.audit.answer import WORLD
from opt.audit.case import Case
from opt.audit.evidence import Evidence
from opt.audit.supply import use_of_capacity

NOTHING = 1e-9  # of a capacity: the solver's noise


def products(evidence: Evidence, project: str, capacity: float) -> dict[str, float]:
    """Amount a year by commodity: capacity x sum over p of share_p recipe_pc / rate_p, where
    share_p is the part that a process has of the plant's use over all years, everybody served."""
    case = evidence.case
    plant = case.projects[project]
    used: dict[str, float] = defaultdict(float)
    for run in evidence.sums[WORLD].flows.activities:
        if run.plant == project:
            used[run.process] += run.activity * use_of_capacity(case, plant, run.process)
    whole = sum(used.values())
    made: dict[str, float] = defaultdict(float)
    for process, use in used.items() if whole > 0 else ():
        activity = capacity * use / whole / use_of_capacity(case, plant, process)
        for commodity, amount in case.recipes[process].items():
            made[commodity] += activity * amount
    wanted = {c for process in used for c in _wanted(case, process)}
    return {c: amount for c, amount in made.items() if c in wanted and amount > NOTHING * capacity}


def _wanted(case: Case, process: str) -> set[str]:
    made = {c for c, amount in case.recipes[process].items() if amount > 0}
    others = [p for p in case.recipes if _stage(case, p) != _stage(case, process)]
    found = made & _leading(case, others)
    return found or made & _leading(case, case.recipes)


def _stage(case: Case, process: str) -> str:
    """The stage of a process; one without a stage is a stage of its own."""
    return case.processes[process].text("stage") or process


def _leading(case: Case, processes: Collection[str]) -> set[str]:
    """Commodities that demand asks for or that these processes lead to it from."""
    known = {commodity for _, commodity, _ in case.demands}
    while True:
        more = {
            c
            for p in processes
            if any(amount > 0 and made in known for made, amount in case.recipes[p].items())
            for c, amount in case.recipes[p].items()
            if amount < 0
        }
        if more <= known:
            return known
        known |= more
