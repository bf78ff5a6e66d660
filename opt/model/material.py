"""Material: balances by origin class, demand, trade."""

from __future__ import annotations

from typing import Any

from opt.model.index import PlaceKey
from opt.model.rule import OptModel, Relation, over
from opt.model.stock import bought, released
from opt.model.variables import term
from opt.record.flows import CLEAR, EXPOSED


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


@over(lambda m: m.index.SHORT)
def meet_demand(m: OptModel, d: str, t: int) -> Relation:
    r"""Demand is served clear, served exposed, or short.

    Enforced over: SHORT. Unit: mass/yr.
    \sum_o serve_{dot} + short_{dt} = demand_{dt}
    """
    served = sum(m.serve[d, o, t] for o in m.index.origins if (d, o, t) in m.serve)
    return served + m.short[d, t] == m.data.demands[d].amounts[t]


@over(lambda m: m.index.EXPORT)
def limit_export(m: OptModel, r: str, c: str, o: str, t: int) -> Relation:
    r"""Nothing is shipped out that was not made or in stock there; clear only out of clear.

    Enforced over: EXPORT. Unit: mass/yr.
    clear:   sent_clear <= made_clear + released_clear
    exposed: sent_clear + sent_exposed <= made_clear + made_exposed + released of both
    """
    classes = [o] if o == CLEAR else [CLEAR, EXPOSED]
    places = [(r, c, k, t) for k in classes if k in m.index.origins]
    return sum(sent(m, p) - made(m, p) - released(m, p) for p in places) <= 0.0


@over(lambda m: m.index.REEXPORT)
def limit_reexport(m: OptModel, r: str, c: str, t: int) -> Relation:
    r"""Exposed imports are not passed on while clear output stays: what leaves as exposed was made
    there as exposed, released as exposed, or is clear material used as exposed.

    Enforced over: REEXPORT. Unit: mass/yr.
    sent_exposed <= made_exposed + released_exposed + downgrade
    """
    place = (r, c, EXPOSED, t)
    own = made(m, place) + released(m, place) + term(m.downgrade, (r, c, t))
    return sent(m, place) - own <= 0.0


@over(lambda m: sorted(m.index.pool_out))
def balance_pool(m: OptModel, pool: int, o: str, t: int) -> Relation:
    r"""What goes into a pool of lanes comes out of it.

    Enforced over: pool_out. Unit: mass/yr.
    \sum_r out_r = \sum_r into_r
    """
    gone = sum(m.out[key] for key in m.index.pool_out[pool, o, t])
    come = sum(m.into[key] for key in m.index.pool_into[pool, o, t])
    return gone - come == 0.0


@over(lambda m: sorted(m.index.lane_sends))
def limit_lane(m: OptModel, lane: int, t: int) -> Relation:
    r"""A lane carries at most its limit, both classes together.

    Enforced over: lane_sends. Unit: mass/yr.
    \sum_o send_{lot} <= limit_{lt}
    """
    return sum(m.send[key] for key in m.index.lane_sends[lane, t]) <= m.lanes[lane].limits[t]
