"""Every variable: name, index set, domain, unit and meaning, in one table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyomo.environ as pyo

from opt.model.outlays import OUTLAYS
from opt.model.rule import OptModel


@dataclass(frozen=True, slots=True)
class Variable:
    """One family of variables. `index` names the set of Index; units are model units."""

    name: str
    index: str
    integer: bool
    unit: str
    doc: str


VARIABLES = (
    Variable("build", "BUILD", True, "units", "units of project j committed in year v"),
    Variable("stay", "STAY", False, "units", "units of a plan to stay near that stay as they are"),
    Variable("change", "CHANGE", False, "units", "changes of project j from a plan to stay near"),
    Variable("present", "PRESENT", True, "0/1", "whether project j of a set to avoid is built"),
    Variable("size", "SIZE", False, "mass/yr", "capacity of scalable project j committed in v"),
    Variable("pay", "PAY", False, "money", "public money of programme k into j committed in v"),
    Variable("ticket", "TICKET", True, "0/1", "whether k pays into j committed in v at all"),
    Variable(
        "run", "RUN", False, "activity/yr", "activity of process p at plant f, class o, year t"
    ),
    Variable("idle", "IDLE", False, "capacity/yr", "what stands idle of facility f's least use"),
    Variable("send", "SEND", False, "mass/yr", "trade on a lane with a limit"),
    Variable("out", "OUT", False, "mass/yr", "trade from a region into a pool of lanes"),
    Variable("into", "INTO", False, "mass/yr", "trade from a pool of lanes into a region"),
    Variable("downgrade", "DOWNGRADE", False, "mass/yr", "clear material used as exposed"),
    Variable("surplus", "SURPLUS", False, "mass/yr", "material nobody uses"),
    Variable(
        "contracted", "CONTRACTED", False, "mass/yr", "taken under contract, not used for allies"
    ),
    Variable(
        "level", "LEVEL", False, "mass", "stock of stockpile s, class o, at the end of year t"
    ),
    Variable("buy", "BUY", False, "mass/yr", "bought into a stockpile"),
    Variable("release", "RELEASE", False, "mass/yr", "released from a stockpile"),
    *(Variable(use.variable, use.index, False, use.unit, use.doc) for use in OUTLAYS),
    Variable("serve", "SERVE", False, "mass/yr", "demand d served from class o"),
    Variable("short", "SHORT", False, "mass/yr", "demand d not served"),
)


def term(variable: Any, key: Any) -> Any:
    """One variable of a family, or 0 where the index set has no such key."""
    return variable[key] if key in variable else 0.0  # noqa: SIM401  a Var has no get


def add_variables(m: OptModel) -> None:
    """Add every family to the model, with its index set under the set's name.

    Upper bounds come from data: max_units for build, the units of a plan to stay near for stay, 1
    for ticket.
    """
    for variable in VARIABLES:
        keys = m.index.named(variable.index) or m.no_keys
        domain = pyo.NonNegativeIntegers if variable.integer else pyo.NonNegativeReals
        setattr(m, variable.name, pyo.Var(keys, domain=domain, doc=variable.doc))
    for j, v in m.index.BUILD:
        m.build[j, v].setub(m.data.projects[j].max_units)
    for stays in m.index.STAY:
        assert m.data.near is not None
        m.stay[stays].setub(m.data.near.units[stays])
    for name in m.index.PRESENT:
        m.present[name].setub(1)
    for key in m.index.TICKET:
        m.ticket[key].setub(1)
    for d, t in m.index.SHORT:
        m.short[d, t].setub(m.data.demands[d].amounts[t])
    m.chosen = pyo.Var(m.index_chosen, domain=pyo.Binary, doc="the project chosen of its group")
    m.worst = pyo.Var(domain=pyo.NonNegativeReals, doc="dependence of the worst year")
    m.nothing = pyo.Var(bounds=(0, 0), doc="zero, for a row in which nothing else can be")
