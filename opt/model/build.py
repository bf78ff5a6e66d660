"""Table of contents: every constraint in reading order, and the model they make."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from pyomo.common.gc_manager import PauseGC

from opt.data.instance import Instance
from opt.model import (
    avoided,
    ceilings,
    chain,
    contracts,
    demand,
    idle,
    money,
    near,
    objectives,
    projects,
    stock,
    support,
    targets,
    trade,
)
from opt.model.rule import OptModel, rules_of
from opt.model.scaling import Scale
from opt.model.variables import add_variables
from opt.record.flows import CLEAR, EXPOSED

# A subject a module, whose rules stand in their own order there.
CONTENTS = {
    "Chain": rules_of(chain),
    "Demand": rules_of(demand),
    "Trade": rules_of(trade),
    "Stock": rules_of(stock),
    "Projects": rules_of(projects),
    "Least use": rules_of(idle),
    "A plan to stay near": rules_of(near),
    "Sets to avoid": rules_of(avoided),
    "Ceilings": rules_of(ceilings),
    "Money": rules_of(money),
    "Support": rules_of(support),
    "Contracts": rules_of(contracts),
    "Targets": rules_of(targets),
    "The worst year": rules_of(objectives),
}
RULES = tuple(rule for rules in CONTENTS.values() for rule in rules)
MONEY_RULES = frozenset(rule.name for rule in (*CONTENTS["Money"], *CONTENTS["Support"]))


@contextmanager
def money_alone(m: OptModel) -> Iterator[None]:
    """The model with the rules of money alone in force, support of running plants included:
    commitments and flows are then as fixed."""
    others = [getattr(m, rule.name) for rule in RULES if rule.name not in MONEY_RULES]
    for component in others:
        component.deactivate()
    yield
    for component in others:
        component.activate()


def build_model(
    instance: Instance,
    origins: Iterable[str] = (CLEAR, EXPOSED),
    *,
    freight: bool = True,
    rooms: bool = True,
    scale: Scale | None = None,
) -> OptModel:
    """The Pyomo model of an instance, every rule of RULES added.

    With origins (clear,) it is the clear chain alone, and where its freight is not counted regions
    that are alike are one place of it (opt.model.joined_places). Without `rooms` it holds limits on
    capacity as they are and no more, so that one may be eased. `scale` is that of a model which it
    is a part of. Objectives are not part of it: a
    pass hands its own to the solver (opt.model.objectives).
    """
    # The garbage collector is the dearest part of building a large model otherwise.
    with PauseGC():
        m = OptModel(instance, origins, freight=freight, rooms=rooms, scale=scale)
        add_variables(m)
        for rule in RULES:
            rule.add_to(m)
    return m
