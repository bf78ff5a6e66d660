"""From a point of the solver to a Solution in the workbook's units."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from opt.model.outlays import Outlay, OutlayKey
from opt.model.rule import OptModel
from opt.record.flows import CLEAR, EXPOSED, Activity, Delivery, Flows, Leftover, Shipment
from opt.record.money import Payment, Use
from opt.record.projects import Commitment
from opt.record.stock import StockYear
from opt.solver.highs import HighsModel, Vector

# Model units: a ten-billionth of a yearly demand is the solver's noise, not a flow.
NOISE = 1e-9


class Reader:
    """Reads one point of one model. What is no more than `noise`, model units, is left out."""

    def __init__(
        self, solver: HighsModel, model: OptModel, point: Vector, noise: float = NOISE
    ) -> None:
        self.solver, self.model, self.point, self.noise = solver, model, point, noise

    def values(self, name: str) -> dict[Any, float]:
        """Values of a family of variables, model units, noise left out."""
        variable = getattr(self.model, name)
        found = self.solver.values(variable, list(variable), self.point)
        return {key: value for key, value in found.items() if value > self.noise}

    def commitments(self) -> tuple[Commitment, ...]:
        """What is committed, by project and year."""
        scale, sizes = self.model.scale, self.values("size")
        found = []
        for (j, v), units in sorted(self.values("build").items()):
            if round(units) == 0:
                continue
            project = self.model.data.projects[j]
            offer = project.offers[v]
            size = sizes.get((j, v), 0.0) if project.scalable else None
            capex = offer.capex * round(units) + offer.capex_per_unit * (size or 0.0)
            found.append(
                Commitment(
                    j,
                    v,
                    round(units),
                    None if size is None else size * scale.of(project).mass,
                    offer.first_operation,
                    capex * scale.money,
                )
            )
        return tuple(found)

    def capital_payments(self) -> tuple[Payment, ...]:
        """Who pays how much into which commitment, USD million."""
        money = self.model.scale.money
        return _in_place(
            Payment(Use.CAPITAL, j, "", v, k, None, paid * money)
            for (j, k, v), paid in self.values("pay").items()
        )

    def paid_for(self, outlay: Outlay) -> tuple[Payment, ...]:
        """Who pays how much for one use beside capital, USD million."""
        found = self.values(outlay.variable).items()
        return _in_place(self._payment(outlay, key, amount) for key, amount in found)

    def _payment(self, outlay: Outlay, key: OutlayKey, amount: float) -> Payment:
        scale = self.model.scale
        mass = scale.of_plant(outlay.thing(key)[0]).mass
        activity = amount * mass if outlay.driver else None
        paid = outlay.rate(self.model.data, key) * amount * scale.money
        return Payment(outlay.use, *outlay.thing(key), key[-1], key[0], activity, paid)

    def flows(self, others: bool) -> Flows:
        """All material, in workbook units; deliveries of non-allied demand only where asked."""
        scale = self.model.scale
        activities = tuple(
            Activity(f, p, o, t, amount * scale.of_plant(f).mass)
            for (f, p, o, t), amount in sorted(self.values("run").items())
        )
        return Flows(
            activities,
            self.shipments(),
            self.leftovers(),
            self.deliveries(others),
            self.stocks(),
        )

    def stocks(self) -> tuple[StockYear, ...]:
        """Each class of each stockpile in the years in which it holds or moves something."""
        scale, kept = self.model.scale, self.model.data.stockpiles
        level, buy, release = (self.values(name) for name in ("level", "buy", "release"))
        return tuple(
            StockYear(
                s,
                o,
                t,
                buy.get((s, o, t), 0.0) * mass,
                release.get((s, o, t), 0.0) * mass,
                level.get((s, o, t), 0.0) * mass,
            )
            for s, o, t in sorted(set(level) | set(buy) | set(release))
            for mass in [scale.of(kept[s]).mass]
        )

    def shipments(self) -> tuple[Shipment, ...]:
        """Trade between pairs of regions: lanes as they are, pools shared out."""
        amounts: dict[tuple[str, str, str, str, int], float] = defaultdict(float)
        for (lane_id, o, t), amount in self.values("send").items():
            lane = self.model.lanes[lane_id]
            amounts[lane.origin, lane.destination, lane.commodity, o, t] += amount
        for (pool, o, t), pairs in self._pool_flows().items():
            for (origin, destination), amount in pairs.items():
                amounts[origin, destination, self.model.pools[pool].commodity, o, t] += amount
        return tuple(
            Shipment(origin, destination, c, o, t, amount * self._mass(c))
            for (origin, destination, c, o, t), amount in sorted(amounts.items())
        )

    def _mass(self, commodity: str) -> float:
        """Workbook units in a model unit of a commodity."""
        return self.model.scale.of(self.model.data.commodities[commodity]).mass

    def _pool_flows(self) -> dict[tuple[int, str, int], dict[tuple[str, str], float]]:
        out: dict[tuple[int, str, int], dict[str, float]] = defaultdict(dict)
        into: dict[tuple[int, str, int], dict[str, float]] = defaultdict(dict)
        for (pool, r, o, t), amount in self.values("out").items():
            out[pool, o, t][r] = amount
        for (pool, r, o, t), amount in self.values("into").items():
            into[pool, o, t][r] = amount
        return {key: share_out(out[key], into.get(key, {})) for key in sorted(out)}

    def leftovers(self) -> tuple[Leftover, ...]:
        """Clear material used as exposed, what nobody uses, what contracts take unused."""
        surplus, down = self.values("surplus"), self.values("downgrade")
        contracted = self.values("contracted")
        keys = set(surplus) | set(contracted) | {(r, c, CLEAR, t) for r, c, t in down}
        return tuple(
            Leftover(
                r,
                c,
                o,
                t,
                down.get((r, c, t), 0.0) * mass if o == CLEAR else 0.0,
                surplus.get((r, c, o, t), 0.0) * mass,
                contracted.get((r, c, o, t), 0.0) * mass,
            )
            for r, c, o, t in sorted(keys)
            for mass in [self._mass(c)]
        )

    def deliveries(self, others: bool) -> tuple[Delivery, ...]:
        """How each demand is met, every year, zeros included."""
        served, short = self.values("serve"), self.values("short")
        return tuple(
            Delivery(
                demand.region,
                demand.commodity,
                demand.segment,
                t,
                demand.amounts[t] * mass,
                served.get((d, CLEAR, t), 0.0) * mass,
                served.get((d, EXPOSED, t), 0.0) * mass,
                short.get((d, t), 0.0) * mass,
            )
            for d, demand in sorted(self.model.data.demands.items())
            if demand.allied or others
            for mass in [self._mass(demand.commodity)]
            for t in self.model.data.years
        )


def share_out(out: dict[str, float], into: dict[str, float]) -> dict[tuple[str, str], float]:
    """Pairs that carry what goes into a pool to where it comes out, in the order of names.

    What a region puts in and takes out itself never left it.
    """
    gone = {r: amount - min(amount, into.get(r, 0.0)) for r, amount in sorted(out.items())}
    come = {r: amount - min(amount, out.get(r, 0.0)) for r, amount in sorted(into.items())}
    pairs: dict[tuple[str, str], float] = {}
    sources = [(r, amount) for r, amount in gone.items() if amount > NOISE]
    wants = [(r, amount) for r, amount in come.items() if amount > NOISE]
    while sources and wants:
        (origin, have), (destination, want) = sources[0], wants[0]
        amount = min(have, want)
        if amount > NOISE:
            pairs[origin, destination] = pairs.get((origin, destination), 0.0) + amount
        sources[0], wants[0] = (origin, have - amount), (destination, want - amount)
        sources = sources[1:] if sources[0][1] <= NOISE else sources
        wants = wants[1:] if wants[0][1] <= NOISE else wants
    return pairs


def _in_place(payments: Iterable[Payment]) -> tuple[Payment, ...]:
    return tuple(sorted(payments, key=lambda payment: payment.place))
