"""Units inside the model, chosen from what can bind so that every case looks alike to the solver.

The largest demand that counts comes to 100..1000 model units of mass, and the dearest commitment
that could be paid to 1..10 model units of money, whatever the workbook's units. What cannot bind
has no say: a candidate dearer than all money that could be ready, the demand of others, a capacity
that stands for plenty. Scaled by one of these, all that does bind would fall under the solver's
tolerances. Unit costs become model money per model unit. What a person sees is always in the
workbook's units.

Which field is in which unit is read off the types of the Instance (opt.data.units).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from opt.data.instance import (
    Ceiling,
    Commodity,
    Demand,
    Facility,
    Instance,
    Lane,
    Offtake,
    Plant,
    Pool,
    Project,
    Stockpile,
    Target,
)
from opt.data.units import USD_PER_MUSD, ByField, Unit
from opt.model.mineral_units import joined_goods, units_of_plants

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


Record = TypeVar("Record", bound="DataclassInstance")


@dataclass(frozen=True, slots=True)
class Scale:
    """`mass` workbook units and `money` USD million make one model unit. `goods` and `plants` are
    the masses of those that are in units of their own, by id; `mass` is that of all others."""

    mass: float
    money: float
    goods: Mapping[str, float] = field(default_factory=dict)
    plants: Mapping[str, float] = field(default_factory=dict)

    def of(self, record: object) -> Scale:
        """The scale of a record of an instance: of a commodity or what moves, keeps or asks for it,
        or of a plant; of what is part of one it is that of the whole."""
        if isinstance(record, Commodity):
            return self._with(self.goods.get(record.id))
        if isinstance(record, Plant):
            return self.of_plant(record.id)
        if isinstance(record, Facility | Project):
            return self.of_plant(record.plant.id)
        if isinstance(record, Target):
            return self.of_plant(next((plant for plant, _ in sorted(record.made)), ""))
        if isinstance(record, Demand | Lane | Pool | Stockpile | Ceiling | Offtake):
            return self._with(self.goods.get(record.commodity))
        return self

    def of_plant(self, plant: str) -> Scale:
        """The scale of what a plant makes and uses."""
        return self._with(self.plants.get(plant))

    def _with(self, mass: float | None) -> Scale:
        return self if mass in (None, self.mass) else dataclasses.replace(self, mass=mass)

    @property
    def unit_cost(self) -> float:
        """USD per workbook unit x this = model money per model unit."""
        return self.mass / USD_PER_MUSD / self.money


def choose_scale(instance: Instance, could_be_paid: Collection[float]) -> Scale:
    """Powers of ten that bring the largest counted demand of a year to 100..1000 and the dearest
    unit that could be paid, of their costs in USD million, to 1..10. Commodities that nothing joins
    (opt.model.mineral_units) have each their own of mass."""
    costs = could_be_paid or _costs(instance)
    whole = Scale(mass=_power(_needs(instance), 2), money=_power(costs, 0))
    groups = joined_goods(instance)
    if len(groups) < 2:
        return whole
    units = {good: _power(_needs(instance, group), 2) for group in groups for good in group}
    return dataclasses.replace(whole, goods=units, plants=units_of_plants(instance, units))


def _costs(instance: Instance) -> list[float]:
    """The cost that sets the scale of money where none could be paid: the largest amount of a
    programme, or the cheapest unit if that is less."""
    offers = [offer for project in instance.projects.values() for offer in project.offers.values()]
    cheapest = min((offer.capex for offer in offers if offer.capex > 0), default=0.0)
    amounts = [programme.amount for programme in instance.programmes.values()]
    return [min(cheapest, max(amounts, default=0.0) or cheapest)]


def _needs(instance: Instance, goods: Collection[str] | None = None) -> list[float]:
    """The amounts that set the scale of mass: demand that counts in the objective; where there is
    none, any demand, and where there is none of that, capacities. Of some commodities, or all."""
    demands = [d for d in instance.demands.values() if goods is None or d.commodity in goods]
    counted = [a for d in demands if d.allied and d.weight > 0 for a in d.amounts.values()]
    asked = [a for d in demands for a in d.amounts.values()]
    made = [
        a
        for f in instance.facilities.values()
        if goods is None
        or any(c in goods for p in f.plant.rates for c in instance.processes[p].recipe)
        for a in f.usable.values()
    ]
    return next((amounts for amounts in (counted, asked) if any(amounts)), made)


def _power(amounts: Iterable[float], digits: int) -> float:
    largest = max(amounts, default=0.0)
    return 10.0 ** (math.floor(math.log10(largest)) - digits) if largest > 0 else 1.0


def to_model_units(record: Record, scale: Scale) -> Record:
    """The same instance, or part of one, with masses, money and unit costs in model units."""
    kind: type = type(record)
    scale = scale.of(record)
    changes = {
        name: convert(getattr(record, name), scale, record)
        for name, convert in conversions(kind).items()
    }
    return dataclasses.replace(record, **changes)


# A value, the scale and the record that holds the value -> the value in model units.
Conversion = Callable[[Any, Scale, Any], Any]

_OF_UNIT: dict[Unit, Conversion | None] = {
    Unit.ONE: None,
    Unit.MASS: lambda value, scale, _: value / scale.mass,
    Unit.MONEY: lambda value, scale, _: value / scale.money,
    Unit.UNIT_COST: lambda value, scale, _: value * scale.unit_cost,
    Unit.MONEY_PER_UNIT: lambda value, scale, _: value * scale.mass / scale.money,
}


@cache
def conversions(record: type) -> dict[str, Conversion]:
    """How the fields of a record come into model units, however deep their numbers lie; a field in
    which nothing changes is left out.

    Raises TypeError, naming the field, where a number has no unit or a type is not known here.
    """
    hints = get_type_hints(record, include_extras=True)
    found = {}
    for own in dataclasses.fields(record):
        try:
            convert = _conversion(hints[own.name])
        except TypeError as fault:
            raise TypeError(f"{record.__name__}.{own.name}: {fault}") from None
        if convert:
            found[own.name] = convert
    return found


def _conversion(hint: Any) -> Conversion | None:
    """How values of a type come into model units; None where they stay as they are."""
    kind, parts = get_origin(hint), get_args(hint)
    if kind is Annotated:
        return _of_number(parts[1])
    if kind is Mapping:
        by_plant = get_args(parts[0]) == (str, str)
        return _of_mapping(_conversion(parts[1]), by_plant=by_plant)
    if kind is tuple and parts[1:] == (...,):
        return _of_tuple(_conversion(parts[0]))
    if kind in (Union, UnionType) and parts[1:] == (NoneType,):
        return _of_optional(_conversion(parts[0]))
    if dataclasses.is_dataclass(hint):
        return _of_record(hint)
    if hint in (str, int, bool, frozenset[str], frozenset[int]):
        return None
    raise TypeError("a number without a unit" if hint is float else f"{hint} is not known")


def _of_number(unit: Unit | ByField) -> Conversion | None:
    if isinstance(unit, Unit):
        return _OF_UNIT[unit]
    by_value = {value: _OF_UNIT[own] for value, own in unit.units.items()}

    def convert(value: Any, scale: Scale, record: Any) -> Any:
        own = by_value[getattr(record, unit.field)]
        return own(value, scale, record) if own else value

    return convert


def _of_mapping(inner: Conversion | None, *, by_plant: bool) -> Conversion | None:
    """Every value of a mapping; of one by plant and process in the units of the plant."""
    return inner and (
        lambda value, scale, record: {
            key: inner(item, scale.of_plant(key[0]) if by_plant else scale, record)
            for key, item in value.items()
        }
    )


def _of_tuple(inner: Conversion | None) -> Conversion | None:
    return inner and (
        lambda value, scale, record: tuple(inner(item, scale, record) for item in value)
    )


def _of_optional(inner: Conversion | None) -> Conversion | None:
    return inner and (
        lambda value, scale, record: None if value is None else inner(value, scale, record)
    )


def _of_record(kind: Any) -> Conversion | None:
    return (lambda value, scale, _: to_model_units(value, scale)) if conversions(kind) else None
