"""Which commodities share a unit of mass in the model: those that a recipe, plant or target joins.

Minerals that nothing joins but money can each have a unit of their own, which changes nothing that
is decided: in one unit for all, 155 t of gallium beside 324,000 t of anode material would fall
under the solver's tolerances.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from opt.data.instance import Instance, Target


def joined_goods(instance: Instance) -> list[frozenset[str]]:
    """The commodities in groups: those of one mineral, and all that a recipe, a plant or a target
    counts together, are in one. One group where minerals are not weighed: their demand is added up.
    """
    goods = sorted(instance.commodities)
    if not instance.mineral_weights:
        return [frozenset(goods)]
    group = {good: {good} for good in goods}
    for together in _together(instance):
        whole = set[str]().union(*(group[good] for good in together))
        group |= dict.fromkeys(whole, whole)
    return [frozenset(own) for good, own in group.items() if good == min(own)]


def _together(instance: Instance) -> Iterator[Iterable[str]]:
    """The commodities that are of one mineral, or that something counts together."""
    by_mineral: dict[str, list[str]] = {}
    for good in instance.commodities:
        by_mineral.setdefault(instance.mineral_of(good), []).append(good)
    yield from by_mineral.values()
    for plant in instance.plants().values():
        yield {c for p in plant.rates for c in instance.processes[p].recipe}
    for target in instance.targets:
        yield _counted_together(instance, target)


def _counted_together(instance: Instance, target: Target) -> set[str]:
    """The commodities whose masses a target adds up; of weighed demand it adds up shares."""
    made = {c for _, p in target.made for c in instance.processes[p].outputs}
    return made | target.commodities


def units_of_plants(instance: Instance, units: Mapping[str, float]) -> dict[str, float]:
    """The unit of mass of each plant that makes or uses something, given that of commodities."""
    found = {}
    for name, plant in instance.plants().items():
        goods = sorted(c for p in plant.rates for c in instance.processes[p].recipe)
        if goods:
            found[name] = units[goods[0]]
    return found
