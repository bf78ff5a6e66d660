"""Dependence without the weights of demand: in plain tonnes, and of elements in theirs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from opt.data.instance import Instance
from opt.data.masses import tonnes_in
from opt.record.flows import Delivery


def tonnes_dependence(instance: Instance, deliveries: Iterable[Delivery]) -> float | None:
    """Share of the tonnes of allied demand that are exposed or short, over the dependence years.

    sum of tonnes x (exposed + short) / sum of tonnes x demand; 0 without demand, None where some of
    it is not in a unit of mass.
    """
    found = _parts(instance, deliveries, dict.fromkeys(instance.commodities, 1.0))
    if found is None:
        return None
    rests, asked = found
    return rests / asked if asked > 0 else 0.0


def element_dependence(instance: Instance, deliveries: Iterable[Delivery]) -> dict[str, float]:
    """The same of each chosen element, by the tonnes of it that demand holds. Those that no allied
    demand of the dependence years holds, or one that is not in a unit of mass, are left out."""
    rows, shares = tuple(deliveries), {}
    for element in instance.elements:
        held = {c: own[element] for c, own in instance.contents.items() if element in own}
        found = _parts(instance, rows, held)
        if found is not None and found[1] > 0:
            shares[element] = found[0] / found[1]
    return shares


def _parts(
    instance: Instance, deliveries: Iterable[Delivery], content: Mapping[str, float]
) -> tuple[float, float] | None:
    """Tonnes exposed or short, and tonnes asked for, of allied demand in the dependence years;
    `content` is what counts of a commodity's mass. None where it is not mass."""
    rests = asked = 0.0
    counted = set(instance.dependence_years)
    for d in deliveries:
        if d.commodity not in content or instance.blocs[d.region] != "ally":
            continue
        tonnes = tonnes_in(instance.commodities[d.commodity].unit)
        if tonnes is None:
            return None
        if d.year in counted:
            rests += tonnes * content[d.commodity] * (d.exposed + d.short)
            asked += tonnes * content[d.commodity] * d.demand
    return rests, asked
