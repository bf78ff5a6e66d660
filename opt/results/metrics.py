"""What an answer is worth: dependence, shortfall, cost, money, capacity, by plain arithmetic.

Everything is computed from the instance and the flows in the workbook's units, after the solve.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from opt.data.instance import Instance, Programme
from opt.data.units import USD_PER_MUSD
from opt.record.chain import CapacityYear, StageYear
from opt.record.demand import Metrics, YearMetrics
from opt.record.flows import CLEAR, Delivery, Flows, rest
from opt.record.money import (
    BESIDE_CAPITAL,
    BY_UNIT,
    CostYear,
    Payment,
    ProgrammeYear,
    Use,
    total_paid,
)
from opt.record.projects import BuildYear, Commitment
from opt.record.run import Solution
from opt.results.least_use import idle_musd, used_capacity
from opt.results.measures import element_dependence, tonnes_dependence
from opt.results.pooled import pooled_parts, share_of

COST_PARTS = (
    *("capex", "opex", "fixed_opex", "freight", "surplus", "carrying"),
    *(use.value for use in BY_UNIT),
    "residual",
)


def measure_solution(instance: Instance, solution: Solution) -> Metrics:
    """All metrics of an answer: of the cost pass, which serves allies only; the pooled ones of the
    world pass, in which material of all uses can mix.
    """
    flows, world = solution.allied, solution.world
    years = tuple(year_metrics(instance, flows.deliveries, t) for t in instance.years)
    rates = instance.rates_in(instance.dependence_years)
    known = instance.after({c.project for c in solution.commitments})
    pooled = {t: pooled_parts(known, world, t) for t in instance.years}
    wanted = instance.weighted_demand()
    unserved = weighted(
        instance, flows.deliveries, instance.dependence_years, _exposed_or_short, rates
    )
    short = weighted(instance, flows.deliveries, instance.years, lambda d: d.short, rates)
    capex = sum((c.capex_musd for c in solution.commitments), 0.0)
    parts = dict.fromkeys(COST_PARTS, 0.0)
    for item in cost_years(instance, solution):
        parts[item.part] += item.discounted_musd
    return Metrics(
        dependence=unserved / wanted if wanted > 0 else 0.0,
        shortfall=short / wanted if wanted > 0 else 0.0,
        cost_musd=sum(parts.values()),
        idle_musd=idle_musd(instance, flows),
        capex_musd=capex,
        public_musd=solution.public_musd,
        private_musd=capex - total_paid(solution.paid_for(Use.CAPITAL)),
        by_year=years,
        pooled_dependence=share_of(instance, [pooled[t] for t in instance.dependence_years]),
        pooled_by_year={t: share_of(instance, [parts]) for t, parts in pooled.items()},
        cost_parts=parts,
        by_use_musd={use: total_paid(solution.paid_for(use)) for use in BESIDE_CAPITAL},
        tonnes_dependence=tonnes_dependence(instance, flows.deliveries),
        element_dependence=element_dependence(instance, flows.deliveries),
    )


def paid_by_programme(payments: Iterable[Payment]) -> dict[str, float]:
    """All that each programme pays, those that pay nothing left out. USD million."""
    paid: dict[str, float] = defaultdict(float)
    for payment in payments:
        paid[payment.programme] += payment.paid_musd
    return {programme: paid[programme] for programme in sorted(paid) if paid[programme] > 0}


def _exposed_or_short(delivery: Delivery) -> float:
    return delivery.exposed + delivery.short


def weighted(
    instance: Instance,
    deliveries: Iterable[Delivery],
    years: Iterable[int],
    part: Callable[[Delivery], float],
    rates: Mapping[str, float],
) -> float:
    """Sum of rate of its mineral x weight x part over allied deliveries in some years. Weighted
    units."""
    wanted = set(years)
    return sum(
        rates[instance.mineral_of(d.commodity)] * _weight(instance, d) * part(d)
        for d in deliveries
        if d.year in wanted and instance.blocs[d.region] == "ally"
    )


def _weight(instance: Instance, delivery: Delivery) -> float:
    return instance.demand(delivery.region, delivery.commodity, delivery.segment).weight


def shares_served(instance: Instance, deliveries: Iterable[Delivery]) -> dict[str, float]:
    """Share of each ally's weighted demand of the counted years that is served clear."""
    served: dict[str, float] = {}
    asked: dict[str, float] = {}
    counted = set(instance.dependence_years)
    rates = instance.rates_in(counted)
    for given in deliveries:
        demand = instance.demand(given.region, given.commodity, given.segment)
        if demand.allied and given.year in counted:
            weight = rates[instance.mineral_of(demand.commodity)] * demand.weight
            served[demand.region] = served.get(demand.region, 0.0) + weight * given.clear
            whole = weight * demand.amounts[given.year]
            asked[demand.region] = asked.get(demand.region, 0.0) + whole
    return {region: served[region] / whole for region, whole in asked.items() if whole > 0}


def year_metrics(instance: Instance, deliveries: Iterable[Delivery], year: int) -> YearMetrics:
    """Weighted allied demand of one year: how much of it is exposed and short, minerals weighed by
    what is asked of them in it."""
    rows = [d for d in deliveries if d.year == year]
    rates = instance.rates_in([year])
    demand = weighted(instance, rows, [year], lambda d: d.demand, rates)
    exposed = weighted(instance, rows, [year], lambda d: d.exposed, rates)
    short = weighted(instance, rows, [year], lambda d: d.short, rates)
    return YearMetrics(
        year=year,
        demand=demand,
        exposed=exposed,
        short=short,
        dependence=(exposed + short) / demand if demand > 0 else 0.0,
        shortfall=short / demand if demand > 0 else 0.0,
        counted=year in instance.dependence_years,
    )


def cost_years(instance: Instance, solution: Solution) -> tuple[CostYear, ...]:
    """Every part of the cost by year, as spent and discounted. USD million.

    Capex that falls due after the last year counts, discounted; residual value is capex x remaining
    life / life at the discount factor of the last year, negative.
    """
    spent: dict[tuple[str, int], float] = defaultdict(float)
    for commitment in solution.commitments:
        offer = instance.projects[commitment.project].offers[commitment.year]
        for t, share in offer.spend.items():
            spent["capex", t] += share * commitment.capex_musd
        spent["residual", instance.last_year] -= offer.residual * commitment.capex_musd
        fixed = instance.projects[commitment.project].plant.fixed_opex * commitment.units
        for t in offer.open_years:
            spent["fixed_opex", t] += fixed
    for facility in instance.facilities.values():
        for t in facility.open_years:
            spent["fixed_opex", t] += facility.plant.fixed_opex
    for use in BY_UNIT:
        for paid in solution.paid_for(use):
            spent[use.value, paid.year] += paid.paid_musd
    _add_flow_costs(instance, solution.allied, spent)
    return tuple(
        CostYear(part, t, amount, amount * instance.discount(t))
        for (part, t), amount in sorted(spent.items())
        if amount != 0.0
    )


def _add_flow_costs(instance: Instance, flows: Flows, spent: dict[tuple[str, int], float]) -> None:
    plants = instance.plants()
    for run in flows.activities:
        spent["opex", run.year] += plants[run.plant].opex * run.activity / USD_PER_MUSD
    rates = freight_rates(instance)
    for ship in flows.shipments:
        rate = rates(ship.commodity, ship.origin_region, ship.destination, ship.year)
        spent["freight", ship.year] += rate * ship.amount / USD_PER_MUSD
    for left in flows.leftovers:
        rate = instance.commodities[left.commodity].surplus or 0.0
        spent["surplus", left.year] += rate * left.surplus / USD_PER_MUSD
    for stock in flows.stocks:
        rate = instance.stockpiles[stock.stockpile].carrying_cost
        spent["carrying", stock.year] += rate * stock.level / USD_PER_MUSD


def freight_rates(instance: Instance) -> Callable[[str, str, str, int], float]:
    """A function from commodity, origin, destination and year to USD per unit."""
    pools = defaultdict(list)
    for pool in instance.pools:
        pools[pool.commodity].append(pool)
    lanes = {
        (lane.commodity, lane.origin, lane.destination, t): lane.cost
        for lane in instance.lanes
        for t in lane.limits
    }

    def rate(commodity: str, origin: str, destination: str, year: int) -> float:
        if (commodity, origin, destination, year) in lanes:
            return lanes[commodity, origin, destination, year]
        for pool in pools[commodity]:
            if year in pool.years and origin in pool.origins and destination in pool.destinations:
                return pool.cost
        raise KeyError((commodity, origin, destination, year))

    return rate


def capacity_years(
    instance: Instance, commitments: Sequence[Commitment], flows: Flows
) -> tuple[CapacityYear, ...]:
    """What each plant could make and made, in the units in which its capacity is given.

    Used counts all flows given: those of the world pass where everybody is served.
    """
    used = used_capacity(instance, flows)
    usable = {
        (plant, t): capacity
        for plant, by_year in (
            *((f, facility.usable) for f, facility in instance.facilities.items()),
            *project_capacity(instance, commitments).items(),
        )
        for t, capacity in by_year.items()
        if plant in instance.facilities or instance.projects[plant].plant.rates
    }
    # A point of the solver may run a plant by its tolerance where it is not open: that is told.
    for place, amount in used.items():
        if amount > 0.0:
            usable.setdefault(place, 0.0)
    rows = (
        _capacity(instance, plant, t, capacity, used.get((plant, t), 0.0))
        for (plant, t), capacity in usable.items()
    )
    return tuple(sorted(rows, key=lambda e: (e.plant, e.kind, e.region, e.stage, e.year)))


def project_capacity(
    instance: Instance, commitments: Sequence[Commitment]
) -> dict[str, dict[int, float]]:
    """Capacity that can run by project and year, after ramp, availability, chance and shocks: of
    what is committed, of what comes without new money where nothing takes its place, and of what is
    lost."""
    usable: dict[str, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    displaced = {
        (instance.projects[c.project].displaces, t)
        for c in commitments
        for since in [instance.projects[c.project].offers[c.year].takes_over]
        for t in instance.years
        if since is not None and since <= t
    }
    for j, project in instance.projects.items():
        for t, share in project.merchant.items():
            if (j, t) not in displaced:
                usable[j][t] += share * project.capacity_max
    for j in instance.projects.keys() - {c.project for c in commitments}:
        for t, share in instance.projects[j].lost.items():
            usable[j][t] += share * instance.projects[j].capacity_max
    for c in commitments:
        project = instance.projects[c.project]
        size = project.capacity_max * c.units if c.size is None else c.size
        for t, share in project.offers[c.year].usable.items():
            usable[c.project][t] += max(share - project.merchant.get(t, 0.0), 0.0) * size
    return usable


def build_years(instance: Instance, commitments: Iterable[Commitment]) -> tuple[BuildYear, ...]:
    """Every commitment in every year in which it is open, shocks of the scenario included."""
    return tuple(
        BuildYear(c.project, c.year, t, share)
        for c in sorted(commitments, key=lambda c: (c.year, c.project))
        for t, share in sorted(instance.projects[c.project].offers[c.year].usable.items())
    )


def _capacity(
    instance: Instance, plant_id: str, year: int, usable: float, used: float
) -> CapacityYear:
    kind = "facility" if plant_id in instance.facilities else "project"
    plants = instance.facilities if kind == "facility" else instance.projects
    plant = plants[plant_id].plant
    stage = instance.processes[next(iter(plant.rates))].stage
    return CapacityYear(plant_id, kind, plant.region, stage, year, usable, used, "units/yr")


def programme_years(instance: Instance, solution: Solution) -> tuple[ProgrammeYear, ...]:
    """Public money by programme and year: committed, due, and what is left of limit and amount.

    What is left of the amount is amount - charge x all committed so far + all repaid so far, where
    what comes back is lent again. Nothing is committed after the last year.
    Money for stock and for the running of plants is committed and due in its year. With carry-over
    the limit of a year includes what earlier years left; after a year without a limit nothing is
    carried and no limit holds.
    """
    rows = []
    for k, programme in sorted(instance.programmes.items()):
        committed, due, repaid = _money_of(instance, programme, solution)
        carried: float | None = 0.0
        free = programme.amount
        for t in instance.years:
            own = programme.limits.get(t)
            limit = None if own is None or carried is None else own + carried
            left = None if limit is None else limit - due[t] + repaid[t]
            if programme.carry_over:
                carried = left
            free += repaid[t] - programme.charge * committed[t]
            left_of = None if limit is None or left is None else rest(left, limit)
            own_money = (committed[t], due[t], repaid[t], limit, left_of)
            amount = programme.amount
            rows.append(ProgrammeYear(k, t, *own_money, amount, rest(free, amount)))
        late = sorted(t for t in {**due, **repaid} if t > instance.last_year)
        bare = (None, None, None, None)
        rows.extend(ProgrammeYear(k, t, 0.0, due[t], repaid[t], *bare) for t in late)
    return tuple(rows)


def _money_of(
    instance: Instance, programme: Programme, solution: Solution
) -> tuple[dict[int, float], dict[int, float], dict[int, float]]:
    """What one programme commits (face value), pays out and gets back (at its charge) by year."""
    committed: dict[int, float] = defaultdict(float)
    due: dict[int, float] = defaultdict(float)
    repaid: dict[int, float] = defaultdict(float)
    for outlay in solution.outlays():
        if outlay.programme == programme.id:
            committed[outlay.year] += outlay.paid_musd
            due[outlay.year] += programme.charge * outlay.paid_musd
    for payment in solution.paid_for(Use.CAPITAL):
        if payment.programme != programme.id:
            continue
        committed[payment.year] += payment.paid_musd
        offer = instance.projects[payment.thing].offers[payment.year]
        charged = programme.charge * payment.paid_musd
        for t, share in offer.spend.items():
            due[t] += charged * share
        start = offer.first_operation
        for t in range(start, start + (programme.repay_years or 0)):
            repaid[t] += charged * programme.repaid(start, t)
    return committed, due, repaid


def stage_years(
    instance: Instance, flows: Flows, baseline: Flows, baseline_instance: Instance
) -> tuple[StageYear, ...]:
    """By stage and year: how much of what allied plants and users take in is clear and exposed."""
    now = _taken_in(instance, flows)
    before = _taken_in(baseline_instance, baseline)
    rows = []
    for stage, year in sorted(set(now) | set(before)):
        clear, exposed = now.get((stage, year), (0.0, 0.0))
        rows.append(
            StageYear(
                stage,
                year,
                clear,
                exposed,
                _part(clear, exposed),
                _part(*before.get((stage, year), (0.0, 0.0))),
            )
        )
    return tuple(rows)


def _part(clear: float, exposed: float) -> float:
    return exposed / (clear + exposed) if clear + exposed > 0 else 0.0


def _taken_in(instance: Instance, flows: Flows) -> dict[tuple[str, int], tuple[float, float]]:
    taken: dict[tuple[str, int], list[float]] = defaultdict(lambda: [0.0, 0.0])
    plants = instance.plants()
    for run in flows.activities:
        if instance.blocs[plants[run.plant].region] == "ally":
            for c, amount in instance.processes[run.process].recipe.items():
                if amount < 0:
                    entry = taken[instance.commodities[c].stage, run.year]
                    entry[0 if run.origin == CLEAR else 1] -= amount * run.activity
    for d in flows.deliveries:
        if instance.blocs[d.region] == "ally":
            entry = taken[instance.commodities[d.commodity].stage, d.year]
            entry[0] += d.clear
            entry[1] += d.exposed
    return {key: (entry[0], entry[1]) for key, entry in taken.items()}
