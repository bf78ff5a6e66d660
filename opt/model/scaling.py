"""Units inside the model, chosen from what can bind so that every case looks alike to the solver.

The largest demand that counts comes to 100..1000 model units of mass, and the dearest commitment
that could be paid to 1..10 model units of money, whatever the workbook's units. What cannot bind
has no say: a candidate dearer than all money that could be ready, the demand of others, a capacity
that stands for plenty. Scaled by one of these, all that does bind would fall under the solver's
tolerances. Unit costs become model money per model unit. What a person sees is always in the
workbook's units.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from opt.data.instance import (
    Facility,
    Instance,
    Offer,
    Plant,
    Programme,
    Project,
    Stockpile,
    Target,
)
from opt.data.payable import payable

USD_PER_MUSD = 1e6


@dataclass(frozen=True, slots=True)
class Scale:
    """`mass` workbook units and `money` USD million make one model unit."""

    mass: float
    money: float

    @property
    def unit_cost(self) -> float:
        """USD per workbook unit x this = model money per model unit."""
        return self.mass / USD_PER_MUSD / self.money


def choose_scale(instance: Instance) -> Scale:
    """Powers of ten that bring the largest counted demand of a year to 100..1000 and the dearest
    unit that could be paid to 1..10."""
    return Scale(mass=_power(_needs(instance), 2), money=_power(_costs(instance), 0))


def _costs(instance: Instance) -> list[float]:
    """The costs of a unit that set the scale of money; where none could be paid the largest amount
    of a programme, or the cheapest unit if that is less."""
    offers = [offer for project in instance.projects.values() for offer in project.offers.values()]
    cheapest = min((offer.capex for offer in offers if offer.capex > 0), default=0.0)
    amounts = [programme.amount for programme in instance.programmes.values()]
    out_of_reach = [min(cheapest, max(amounts, default=0.0) or cheapest)]
    return list(payable(instance).values()) or out_of_reach


def _needs(instance: Instance) -> list[float]:
    """The amounts that set the scale of mass: demand that counts in the objective; where there is
    none, any demand, and where there is none of that, capacities."""
    demands = instance.demands.values()
    counted = [a for d in demands if d.allied and d.weight > 0 for a in d.amounts.values()]
    asked = [a for d in demands for a in d.amounts.values()]
    made = [a for f in instance.facilities.values() for a in f.usable.values()]
    return next((amounts for amounts in (counted, asked) if any(amounts)), made)


def _power(amounts: Iterable[float], digits: int) -> float:
    largest = max(amounts, default=0.0)
    return 10.0 ** (math.floor(math.log10(largest)) - digits) if largest > 0 else 1.0


def to_model_units(instance: Instance, scale: Scale) -> Instance:
    """The same instance with masses, money and unit costs in model units."""
    return instance.replace(
        commodities={
            c: dataclasses.replace(
                item, surplus=None if item.surplus is None else item.surplus * scale.unit_cost
            )
            for c, item in instance.commodities.items()
        },
        facilities={f: _facility(item, scale) for f, item in instance.facilities.items()},
        projects={j: _project(item, scale) for j, item in instance.projects.items()},
        programmes={k: _programme(item, scale) for k, item in instance.programmes.items()},
        ceilings=tuple(
            dataclasses.replace(
                ceiling,
                limits=_divided(ceiling.limits, 1.0 if ceiling.what == "starts" else scale.money),
            )
            for ceiling in instance.ceilings
        ),
        demands={
            d: dataclasses.replace(item, amounts=_divided(item.amounts, scale.mass))
            for d, item in instance.demands.items()
        },
        lanes=tuple(
            dataclasses.replace(
                lane, cost=lane.cost * scale.unit_cost, limits=_divided(lane.limits, scale.mass)
            )
            for lane in instance.lanes
        ),
        pools=tuple(
            dataclasses.replace(pool, cost=pool.cost * scale.unit_cost) for pool in instance.pools
        ),
        stockpiles={s: _stockpile(item, scale) for s, item in instance.stockpiles.items()},
        gaps={key: _times(item, scale.unit_cost) for key, item in instance.gaps.items()},
        targets=tuple(_target(item, scale) for item in instance.targets),
    )


def _times(amounts: Mapping[int, float], factor: float) -> dict[int, float]:
    return {t: amount * factor for t, amount in amounts.items()}


def _stockpile(stock: Stockpile, scale: Scale) -> Stockpile:
    return dataclasses.replace(
        stock,
        initial={o: amount / scale.mass for o, amount in stock.initial.items()},
        capacity=None if stock.capacity is None else stock.capacity / scale.mass,
        carrying_cost=stock.carrying_cost * scale.unit_cost,
        prices=_times(stock.prices, scale.unit_cost),
    )


def _target(target: Target, scale: Scale) -> Target:
    """Masses as demand: activity is in model units of mass too, so only totals are divided."""
    return dataclasses.replace(target, totals=_divided(target.totals, scale.mass))


def _divided(amounts: Mapping[int, float], unit: float) -> dict[int, float]:
    return {t: amount / unit for t, amount in amounts.items()}


def _plant(plant: Plant, scale: Scale) -> Plant:
    return dataclasses.replace(
        plant, opex=plant.opex * scale.unit_cost, fixed_opex=plant.fixed_opex / scale.money
    )


def _facility(facility: Facility, scale: Scale) -> Facility:
    return dataclasses.replace(
        facility, plant=_plant(facility.plant, scale), usable=_divided(facility.usable, scale.mass)
    )


def _project(project: Project, scale: Scale) -> Project:
    return dataclasses.replace(
        project,
        plant=_plant(project.plant, scale),
        capacity_min=project.capacity_min / scale.mass,
        capacity_max=project.capacity_max / scale.mass,
        offers={v: _offer(offer, scale) for v, offer in project.offers.items()},
    )


def _offer(offer: Offer, scale: Scale) -> Offer:
    return dataclasses.replace(
        offer,
        capex=offer.capex / scale.money,
        capex_per_unit=offer.capex_per_unit * scale.mass / scale.money,
    )


def _programme(programme: Programme, scale: Scale) -> Programme:
    largest = programme.ticket_max
    return dataclasses.replace(
        programme,
        amount=programme.amount / scale.money,
        ticket_min=programme.ticket_min / scale.money,
        ticket_max=None if largest is None else largest / scale.money,
        limits=_divided(programme.limits, scale.money),
        support={key: _times(item, scale.unit_cost) for key, item in programme.support.items()},
    )
