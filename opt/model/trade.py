"""Trade: what may leave a region, pools of lanes and lanes with a limit."""

from __future__ import annotations

from opt.model.chain import made, sent
from opt.model.rule import OptModel, Relation, over
from opt.model.stock import released
from opt.model.variables import term
from opt.record.flows import CLEAR, EXPOSED


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
