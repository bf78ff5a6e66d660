"""Chain: what becomes of a commodity at a place, by origin class."""

from __future__ import annotations

from typing import Any

from opt.model.index import PlaceKey
from opt.model.rule import OptModel, Relation, over
from opt.model.stock import bought, released
from opt.model.variables import term
from opt.record.flows import EXPOSED


def made(m: OptModel, place: PlaceKey) -> Any:
    """Made at a place: sum of recipe amount x run. mass/yr."""
    return sum(amount * m.run[key] for key, amount in m.index.made.get(place, ()))


def used(m: OptModel, place: PlaceKey) -> Any:
    """Used at a place: sum of recipe amount x run. mass/yr."""
    return sum(amount * m.run[key] for key, amount in m.index.used.get(place, ()))


def sent(m: OptModel, place: PlaceKey) -> Any:
    """Shipped out of a place on lanes and into pools. mass/yr."""
    return sum(getattr(m, name)[key] for name, key in m.index.sent.get(place, ()))


def arrived(m: OptModel, place: PlaceKey) -> Any:
    """Shipped into a place from lanes and pools. mass/yr."""
    return sum(getattr(m, name)[key] for name, key in m.index.arrived.get(place, ()))


@over(lambda m: m.index.PLACE)
def balance_commodity(m: OptModel, r: str, c: str, o: str, t: int) -> Relation:
    r"""What comes to be at a place goes somewhere, class by class.

    Enforced over: PLACE. Unit: mass/yr.
    made + arrived + released + [o exposed] downgrade
      = used + sent + bought + served + surplus + contracted + [o clear] downgrade
    """
    place = (r, c, o, t)
    down = term(m.downgrade, (r, c, t))
    served = sum(m.serve[key] for key in m.index.served.get(place, ()))
    left = term(m.surplus, place) + term(m.contracted, place)
    gained = made(m, place) + arrived(m, place) + released(m, place)
    gone = used(m, place) + sent(m, place) + bought(m, place) + served + left
    return gained - gone + (down if o == EXPOSED else -down) == 0.0
