"""The model that rules are written for, and what a rule is: a constraint with its index set.

A rule is declared beside its keys:

    @over(lambda m: m.index.SHORT)
    def meet_demand(m: OptModel, d: str, t: int) -> Relation: ...
"""

from __future__ import annotations

import math
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Concatenate

import pyomo.environ as pyo

from opt.data.instance import Instance
from opt.data.payable import payable
from opt.model.index import Index, derive_index
from opt.model.room import Room, room_of
from opt.model.scaling import Scale, choose_scale, to_model_units
from opt.record.flows import CLEAR, EXPOSED

# What Pyomo takes for a constraint: <=, == or >= between two sums of variables.
Relation = Any


class OptModel(pyo.ConcreteModel):  # type: ignore[misc]
    """The model of one instance: `data` and `index` in model units, `scale` leads back: its own, or
    one that it shares. `unpayable` are commitments that can be left out of a search for plans."""

    def __init__(
        self,
        instance: Instance,
        origins: Iterable[str] = (CLEAR, EXPOSED),
        *,
        freight: bool = True,
        rooms: bool = True,
        scale: Scale | None = None,
    ) -> None:
        super().__init__()
        within = payable(instance)
        # Most families of a small case are empty, and share this set: one of their own is dear.
        self.no_keys = pyo.Set()
        self.scale: Scale = scale or choose_scale(instance, within.values())
        self.data: Instance = to_model_units(instance, self.scale)
        self.index: Index = derive_index(self.data, tuple(origins), freight=freight)
        self.unpayable = _unpayable(instance, within)
        self.rooms = rooms
        self._room: tuple[Instance | None, Room] = (None, Room())
        self.lanes = {lane.id: lane for lane in self.data.lanes}
        self.pools = {pool.id: pool for pool in self.data.pools}
        self.groups = _groups(self.data)
        self.bundles = _bundles(self.data)
        self.index_chosen = sorted(j for members in self.groups.values() for j in members)
        # The largest weighted demand of a year keeps define_worst's coefficients near 1.
        self.worst_scale: float = (
            max(
                (
                    math.fsum(d.amounts[t] for d in self.data.demands.values() if d.allied)
                    for t in self.data.dependence_years
                ),
                default=1.0,
            )
            or 1.0
        )

    @property
    def room(self) -> Room:
        """What limits on capacity leave room for, of the data that the model reads now; nothing is
        known of it where it was built without `rooms`."""
        data, found = self._room
        if data is not self.data:
            found = room_of(self.data) if self.rooms else Room()
            self._room = (self.data, found)
        return found


def _unpayable(instance: Instance, within: Container[tuple[str, int]]) -> list[tuple[str, int]]:
    """Commitments that no money could pay, but for those of forced projects; `within` are those
    that some could."""
    return [
        (j, v)
        for j, project in sorted(instance.projects.items())
        for v in sorted(project.offers)
        if (j, v) not in within and not project.forced
    ]


def _groups(instance: Instance) -> dict[str, list[str]]:
    """The projects with offers of every group, by its name."""
    groups: dict[str, list[str]] = {}
    for j, project in sorted(instance.projects.items()):
        if project.group and project.offers:
            groups.setdefault(project.group, []).append(j)
    return groups


def _bundles(instance: Instance) -> list[list[str]]:
    """The projects with offers of every bundle."""
    bundles: dict[str, list[str]] = {}
    for j, project in sorted(instance.projects.items()):
        if project.bundle and project.offers:
            bundles.setdefault(project.bundle, []).append(j)
    return [members for _, members in sorted(bundles.items())]


@dataclass(frozen=True, slots=True)
class Rule:
    """One family of constraints: the rule, whose docstring holds its formula, and its index set."""

    rule: Callable[Concatenate[OptModel, ...], Relation]
    keys: Callable[[OptModel], Iterable[Any]]

    @property
    def name(self) -> str:
        """The component's name: the rule's."""
        return self.rule.__name__

    def add_to(self, m: OptModel) -> None:
        """Add the family to a model."""
        keys = list(self.keys(m))
        family = pyo.Constraint(keys, rule=self.rule) if keys else pyo.Constraint(m.no_keys)
        setattr(m, self.name, family)


def over(
    keys: Callable[[OptModel], Iterable[Any]],
) -> Callable[[Callable[Concatenate[OptModel, ...], Relation]], Rule]:
    """Declare a rule over its keys."""
    return lambda rule: Rule(rule, keys)


def rules_of(module: ModuleType) -> tuple[Rule, ...]:
    """The rules that a module declares, in their order there."""
    found = [item for item in vars(module).values() if isinstance(item, Rule)]
    return tuple(item for item in found if item.rule.__module__ == module.__name__)
