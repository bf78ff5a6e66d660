"""How much of what a study scales a plan needs at least: money of programmes, or limits of a year.

Every row that holds what is scaled is read off its own rule again with the factor as a variable, so
that no formula stands twice.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pyomo.environ as pyo

from opt.data.instance import Instance
from opt.model import ceilings, money
from opt.model.build import build_model
from opt.model.rule import OptModel
from opt.record.flows import CLEAR
from opt.record.run import Solution
from opt.solver.altered import reading
from opt.solver.settle import TOLERANCES, Decided, Purse, UnpaidError, bare_case
from opt.solver.stage import Job

# An instance with something multiplied by a factor: a number, or a variable of the solver.
Scaled = Callable[[Instance, Any], Instance]
OF_PROGRAMMES = (money.limit_programme, money.limit_outstanding, money.limit_disbursement)
OF_LIMITS = {"capacity": ceilings.limit_capacity, "starts": ceilings.limit_starts}


def least_money(job: Job, plan: Solution, scaled: Scaled) -> float:
    """The least factor on programmes, as `scaled` multiplies them, with which all can be paid for
    that a plan commits, buys for stock and supports, by whoever may; inf where no factor is enough.
    """
    decided = Decided.by(plan)
    if decided.costs_nothing:
        return 0.0
    model = build_model(bare_case(job.instance, decided))
    _let_vary(model, scaled)
    for tolerance in TOLERANCES:
        try:
            return _least(Purse(model, job.control, decided, tolerance), model.factor)
        except UnpaidError:
            continue
    return math.inf


def _let_vary(model: OptModel, scaled: Scaled) -> None:
    """Let the rows of programmes hold with a factor that is a variable of the model."""
    model.factor = pyo.Var(domain=pyo.NonNegativeReals, doc="the factor on what is scaled")
    with reading(model, scaled(model.data, model.factor)):
        for rule in OF_PROGRAMMES:
            for key, row in getattr(model, rule.name).items():
                row.set_value(rule.rule(model, *(key if isinstance(key, tuple) else (key,))))


def _least(purse: Purse, factor: Any) -> float:
    """The factor made as small as it can be; 0 where nothing that is paid rests on it."""
    if not purse.solver.knows(factor):
        return 0.0
    found = purse.solver.minimise(factor, obey=False)
    if found.point is None:
        raise UnpaidError("what is decided cannot be paid for")
    return max(0.0, found.value)


def least_limits(job: Job, plan: Solution, what: str) -> float:
    """The least factor on the limits on starts or capacity with which a plan's commitments keep
    them all: the largest of (committed - what a limit grows by and is lifted by) / limit over rows
    and years, of limits that carry over both summed; inf where a limit of nothing is used."""
    model = build_model(job.instance, (CLEAR,), rooms=False)
    made = {(c.project, c.year): c for c in plan.commitments}
    for key in model.build:
        model.build[key].set_value(made[key].units if key in made else 0)
    for key in model.size:
        size = made[key].size if key in made else 0.0
        mass = model.scale.of(model.data.projects[key[0]]).mass
        model.size[key].set_value((size or 0.0) / mass)
    rows = getattr(model, OF_LIMITS[what].name)
    return max((_share_used(model, n, t, row) for (n, t), row in rows.items()), default=0.0)


def _share_used(model: OptModel, n: int, t: int, row: Any) -> float:
    """How much of a limit the commitments of a year use, what it grows by apart."""
    ceiling = model.data.ceilings[n]
    limit = math.fsum(ceiling.limits[s] for s in ceiling.counted(t))
    used = float(pyo.value(row.body)) - (float(pyo.value(row.upper)) - limit)
    if limit > 0:
        return max(0.0, used / limit)
    return math.inf if used > 0 else 0.0
