"""Rules of offtakes: output bound by contract goes where it is bound, or its holder keeps it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from opt.audit.case import AuditCase
from opt.audit.check import Check, at_most
from opt.audit.evidence import Amounts, Evidence, Sums
from opt.audit.rule import of_flows
from opt.record.flows import CLEAR, EXPOSED, Shipment

CLASSES = (CLEAR, EXPOSED)
Regions = frozenset[str]
ByClass = tuple[float, float]  # clear, exposed
SalePlace = tuple[str, str, int]  # region, commodity, year


@dataclass(frozen=True, slots=True)
class AuditOfftake:
    """One row of sheet offtakes; `region` is where the plant stands."""

    plant: str
    region: str
    commodity: str
    destinations: Regions
    share: float
    last_year: int


@of_flows
def limit_contracted(evidence: Evidence) -> Iterator[Check]:
    """contracted[r, c, o, t] <= sum over the offtakes n of r and c alive in t of share[n] x made[f,
    c, o, t]. For each set of flows. Unit: units."""
    offtakes = read_offtakes(evidence.case)
    for name, sums in evidence.sets():
        for key, amount in sums.contracted.items():
            region, commodity, origin, year = key
            here = _alive(offtakes.get((region, commodity), ()), year)
            most = sum(_bound(sums, n, origin, year) for n in here)
            yield at_most((name, *key), amount, most, evidence.case.mass_floor)


@of_flows
def keep_offtakes(evidence: Evidence) -> Iterator[Check]:
    """Contracts with destinations inside D, for each union D of destinations at a place: with bound
    = sum over them of share x made, the plant's region r not in D:

    clear: bound <= sent to D + surplus + contracted + downgraded; both classes together: bound <=
    sent to D + surplus + contracted. With any r, clear and both together: bound + sent to outside
    D <= made + released. For each set of flows. Unit: units.
    """
    contracts = read_offtakes(evidence.case)
    for name, sums in evidence.sets():
        trades = _trades_by_place(sums)
        for (region, commodity), offtakes in contracts.items():
            for year in evidence.case.years:
                place = (region, commodity, year)
                alive = _alive(offtakes, year)
                for kind, left, right in _compare(sums, place, alive, trades[place]):
                    where = (name, *place, *kind)
                    yield at_most(where, left, right, evidence.case.mass_floor)


def read_offtakes(case: AuditCase) -> Mapping[tuple[str, str], tuple[AuditOfftake, ...]]:
    """The contracts of the workbook by the plant's region and commodity."""
    found: dict[tuple[str, str], tuple[AuditOfftake, ...]] = defaultdict(tuple)
    for row in case.tables.rows.get("offtakes", ()):
        plant = case.plant(row.text("facility") or row.text("project"))
        last = row.optional("last_year")
        offtake = AuditOfftake(
            plant=plant.name,
            region=plant.region,
            commodity=row.text("commodity"),
            destinations=case.regions_of(row.text("destination")),
            share=row.number_of("share"),
            last_year=case.tables.last_year if last is None else int(last),
        )
        found[offtake.region, offtake.commodity] += (offtake,)
    return found


def _alive(offtakes: Iterable[AuditOfftake], year: int) -> list[AuditOfftake]:
    return [n for n in offtakes if year <= n.last_year]


def _unions(sets: Iterable[Regions]) -> list[Regions]:
    """Every union of one or more of the sets."""
    found: dict[Regions, None] = {}
    for own in sets:
        found |= {own | other: None for other in (*found, own)}
    return list(found)


def _bound(sums: Sums, offtake: AuditOfftake, origin: str, year: int) -> float:
    """share x made of one class, units."""
    key = (offtake.plant, offtake.commodity, origin, year)
    return offtake.share * sums.made_by.get(key, 0.0)


def _trades_by_place(sums: Sums) -> dict[SalePlace, list[Shipment]]:
    trades: dict[SalePlace, list[Shipment]] = defaultdict(list)
    for trade in sums.flows.shipments:
        trades[trade.origin_region, trade.commodity, trade.year].append(trade)
    return trades


def _compare(
    sums: Sums, place: SalePlace, alive: list[AuditOfftake], trades: list[Shipment]
) -> Iterator[tuple[tuple[str, ...], float, float]]:
    """What must not exceed what, for each union of destinations of the contracts of a place."""
    for inside in _unions(n.destinations for n in alive):
        bound = _both(
            sum(_bound(sums, n, o, place[2]) for n in alive if n.destinations <= inside)
            for o in CLASSES
        )
        to, elsewhere = (
            _both(
                sum(t.amount for t in trades if t.origin == o and (t.destination in inside) == here)
                for o in CLASSES
            )
            for here in (True, False)
        )
        own = _add(sums, place, (sums.made, sums.released))
        yield (*sorted(inside), "kept", CLEAR), bound[0] + elsewhere[0], own[0]
        yield (*sorted(inside), "kept", "both"), sum(bound) + sum(elsewhere), sum(own)
        if place[0] not in inside:
            kept = _add(sums, place, (sums.surplus, sums.contracted))
            down = sums.downgraded.get((*place[:2], CLEAR, place[2]), 0.0)
            yield (*sorted(inside), CLEAR), bound[0], to[0] + kept[0] + down
            yield (*sorted(inside), "both"), sum(bound), sum(to) + sum(kept)


def _add(sums: Sums, place: SalePlace, books: tuple[Amounts, ...]) -> ByClass:
    region, commodity, year = place
    return _both(sum(b.get((region, commodity, o, year), 0.0) for b in books) for o in CLASSES)


def _both(amounts: Iterable[float]) -> ByClass:
    clear, exposed = amounts
    return clear, exposed
