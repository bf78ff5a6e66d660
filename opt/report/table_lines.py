"""The lines of each output table, from a run; cells stand in the order of the columns."""

from __future__ import annotations

from collections.abc import Iterable

from opt.report.sections.plan import built
from opt.report.story import Story
from opt.report.wording import short_money
from opt.results.run import Run
from opt.results.solution import Flows

Cell = str | int | float | None
Line = tuple[Cell, ...]


def all_flows(run: Run) -> dict[str, Flows]:
    """The four sets of flows by the name they carry in column `flows`."""
    return {
        "allied": run.solution.allied,
        "world": run.solution.world,
        "baseline": run.baseline_flows,
        "baseline_world": run.baseline_world,
    }


def commitments_lines(run: Run) -> Iterable[Line]:
    """Project, year, units, size, first operation, capex."""
    for e in run.solution.commitments:
        yield e.project, e.year, e.units, e.size, e.first_operation, e.capex_musd


def payments_lines(run: Run) -> Iterable[Line]:
    """Project, year of commitment, programme, public money."""
    for e in run.solution.payments:
        yield e.project, e.year, e.programme, e.paid_musd


def activity_lines(run: Run) -> Iterable[Line]:
    """Flows, plant, process, origin, year, activity."""
    for kind, flows in all_flows(run).items():
        for e in flows.activities:
            yield kind, e.plant, e.process, e.origin, e.year, e.activity


def shipments_lines(run: Run) -> Iterable[Line]:
    """Flows, from, to, commodity, origin, year, amount."""
    for kind, flows in all_flows(run).items():
        for e in flows.shipments:
            yield kind, e.origin_region, e.destination, e.commodity, e.origin, e.year, e.amount


def leftovers_lines(run: Run) -> Iterable[Line]:
    """Flows, region, commodity, origin, year, downgraded, surplus, contracted."""
    for kind, flows in all_flows(run).items():
        for e in flows.leftovers:
            amounts = (e.downgraded, e.surplus, e.contracted)
            yield kind, e.region, e.commodity, e.origin, e.year, *amounts


def stock_lines(run: Run) -> Iterable[Line]:
    """Flows, stockpile, origin, year, bought, released, level."""
    for kind, flows in all_flows(run).items():
        for e in flows.stocks:
            yield kind, e.stockpile, e.origin, e.year, e.bought, e.released, e.level


def stock_payments_lines(run: Run) -> Iterable[Line]:
    """Stockpile, year, programme, public money."""
    for e in run.solution.stock_payments:
        yield e.stockpile, e.year, e.programme, e.paid_musd


def support_lines(run: Run) -> Iterable[Line]:
    """Plant, process, year, programme, activity supported, public money."""
    for e in run.solution.support_payments:
        yield e.plant, e.process, e.year, e.programme, e.activity, e.paid_musd


def stockpiles_lines(run: Run) -> Iterable[Line]:
    """Stockpile, year, levels, movements, price, money, days of cover."""
    for e in run.stockpiles:
        moved = (e.bought_clear, e.bought_exposed, e.released_clear, e.released_exposed)
        levels = (e.clear, e.exposed)
        yield e.stockpile, e.year, *levels, *moved, e.price, e.paid_musd, e.cover_days


def margins_lines(run: Run) -> Iterable[Line]:
    """Plant, process, year, gap, activity, activity without new money."""
    for e in run.margins:
        yield e.plant, e.process, e.year, e.gap, e.activity, e.baseline_activity


def targets_lines(run: Run) -> Iterable[Line]:
    """Each target, by name."""
    for e in run.targets:
        what = (e.target, e.metric, e.scope, e.year, e.sense)
        yield *what, e.bound, e.value, e.slack, e.baseline_value


def world_lines(run: Run) -> Iterable[Line]:
    """Stage, region, bloc, year, output, share, concentration."""
    for e in run.world:
        yield e.stage, e.region, e.bloc, e.year, e.output, e.share, e.hhi


def elements_lines(run: Run) -> Iterable[Line]:
    """Element, year, amounts, both shares."""
    for e in run.elements:
        shares = (e.dependence, e.baseline_dependence)
        yield e.element, e.year, e.demand, e.exposed, e.short, *shares


def touch_lines(run: Run) -> Iterable[Line]:
    """Stage, year, both shares."""
    for e in run.touch:
        yield e.stage, e.year, e.share, e.baseline_share


def deliveries_lines(run: Run) -> Iterable[Line]:
    """Flows, region, commodity, segment, year, demand, clear, exposed, short."""
    for kind, flows in all_flows(run).items():
        for e in flows.deliveries:
            place = (kind, e.region, e.commodity, e.segment, e.year)
            yield *place, e.demand, e.clear, e.exposed, e.short


def dependence_lines(run: Run) -> Iterable[Line]:
    """Year, counted, amounts, shares, share without new money, share where material mixes."""
    before = {entry.year: entry.dependence for entry in run.baseline.by_year}
    for e in run.metrics.by_year:
        counted = "yes" if e.counted else "no"
        amounts = (e.demand, e.exposed, e.short, e.dependence, e.shortfall)
        yield e.year, counted, *amounts, before.get(e.year), run.metrics.pooled_by_year[e.year]


def money_lines(run: Run) -> Iterable[Line]:
    """Programme, year, committed, due, repaid, limit and amount with what is left of each."""
    for e in run.payments_due:
        yield (
            e.programme,
            e.year,
            e.committed_musd,
            e.due_musd,
            e.repaid_musd,
            e.limit_musd,
            e.left_musd,
            e.amount_musd,
            e.amount_left_musd,
        )


def costs_lines(run: Run) -> Iterable[Line]:
    """Part, year, as spent, discounted."""
    for e in run.costs:
        yield e.part, e.year, e.musd, e.discounted_musd


def projects_lines(run: Run) -> Iterable[Line]:
    """Each commitment with names and who pays."""
    for e in built(Story(run)):
        c = e.commitment
        paid_by = "; ".join(f"{k} {short_money(paid)}" for k, paid in e.paid_by.items())
        words = (c.project, e.name, e.site, e.region, e.stage)
        plan = (c.year, c.units, c.size, c.first_operation)
        yield *words, *plan, c.capex_musd, e.public_musd, e.private_musd, paid_by


def capacity_lines(run: Run) -> Iterable[Line]:
    """Plant, kind, region, stage, year, capacity, used, unit."""
    for e in run.capacity:
        yield e.plant, e.kind, e.region, e.stage, e.year, e.capacity, e.used, e.unit


def stages_lines(run: Run) -> Iterable[Line]:
    """Stage, year, clear, exposed, both shares."""
    for e in run.stages:
        yield e.stage, e.year, e.clear, e.exposed, e.exposed_share, e.baseline_exposed_share


def options_lines(run: Run) -> Iterable[Line]:
    """Each option in the order given."""
    for e in run.options:
        shares = (e.dependence, e.bound)
        costs = (e.public_musd, e.capex_musd, e.cost_musd)
        worst = (e.worst_year, e.worst_year_dependence)
        yield e.name, *shares, *costs, *worst, e.plants, e.first_output, e.note
