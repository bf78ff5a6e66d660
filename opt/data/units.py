"""The unit of every number of an Instance, said in its type.

A number is declared as Annotated[float, unit]; a plain float has none and is refused. What is made
of numbers is walked by these declarations, as when a case comes into model units
(opt.model.scaling), so that no field has to be named a second time. An int is a year or a number of
things and never has a unit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Annotated

USD_PER_MUSD = 1e6


class Unit(Enum):
    """What one of a number is."""

    ONE = "a share, a ratio, or a number of things"
    MASS = "units of the workbook"
    MONEY = "USD million"
    UNIT_COST = "USD per unit"
    MONEY_PER_UNIT = "USD million per unit"


@dataclass(frozen=True, slots=True)
class ByField:
    """A unit that another field of the same record decides: the unit of each value it can have."""

    field: str
    units: Mapping[str, Unit]


Share = Annotated[float, Unit.ONE]  # 0..1
Ratio = Annotated[float, Unit.ONE]  # like per like: of a recipe, a charge on an amount
Weight = Annotated[float, Unit.ONE]  # against other weights alone
Mass = Annotated[float, Unit.MASS]
Money = Annotated[float, Unit.MONEY]
UnitCost = Annotated[float, Unit.UNIT_COST]
MoneyPerUnit = Annotated[float, Unit.MONEY_PER_UNIT]
