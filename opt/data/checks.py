"""The cross checks of a workbook, by readable name; each says in words what is wrong and where.

A check sees rows whose cells are sound. It names the sheets from whose silence it concludes
something: while one of them is misread or has rows left out, the check waits, so that one fault
does not set off others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from opt.data import (
    balance,
    calibration,
    chain,
    contracts,
    demand,
    money,
    numbers,
    plans,
    projects,
    scenarios,
    setup,
    stock,
    support,
    targets,
    totals,
    trade,
)
from opt.data.inspection import Inspection
from opt.data.reading.layout import Log
from opt.data.spans import check_spans
from opt.data.tables import Tables


@dataclass(frozen=True, slots=True)
class WorkbookCheck:
    """One cross check: its name, its function, and the sheets that must be whole for it."""

    name: str
    run: Callable[[Inspection], None]
    whole: tuple[str, ...] = ()


_PLANTS = ("facilities", "projects", "recipes", "processes")
_PAYERS = ("settings", "regions", "programmes", "eligibility")

CHECKS: tuple[WorkbookCheck, ...] = (
    WorkbookCheck("horizon", setup.check_horizon, ("settings",)),
    WorkbookCheck("dependence years", setup.check_dependence_years, ("settings",)),
    WorkbookCheck("counted years", setup.check_counted_years, ("settings",)),
    WorkbookCheck("objective", setup.check_objective, ("targets",)),
    WorkbookCheck("blocs", setup.check_blocs, ("regions",)),
    WorkbookCheck("allied demand", demand.check_allied_demand, ("settings", "regions", "demand")),
    WorkbookCheck("demand years", demand.check_demand_years, ("settings",)),
    WorkbookCheck("sources", setup.check_sources, ("sources",)),
    WorkbookCheck("prices", demand.check_prices, ("settings", "regions", "prices")),
    WorkbookCheck("usual numbers", numbers.check_usual_numbers),
    WorkbookCheck("usual settings", numbers.check_usual_settings, ("settings",)),
    WorkbookCheck("like numbers", numbers.check_like_numbers),
    WorkbookCheck(
        "capacity and demand", numbers.check_capacity_and_demand, ("settings", "demand", *_PLANTS)
    ),
    WorkbookCheck("totals", totals.check_totals),
    WorkbookCheck("totals of demand", totals.check_demand_totals),
    WorkbookCheck("recipes exist", chain.check_recipes_exist, ("recipes",)),
    WorkbookCheck("recipe amounts", chain.check_recipe_amounts),
    WorkbookCheck("made from nothing", chain.check_made_from_nothing, ("recipes",)),
    WorkbookCheck("contents", chain.check_contents, ("contents", "recipes")),
    WorkbookCheck(
        "gaining loops", balance.check_gaining_loops, ("recipes", "processes", "commodities")
    ),
    WorkbookCheck("heavier outputs", balance.check_heavier_outputs, ("contents", "recipes")),
    WorkbookCheck("lost contents", balance.check_lost_contents, ("contents", "recipes")),
    WorkbookCheck("shared capacity", balance.check_shared_capacity, ("recipes",)),
    WorkbookCheck("idle plants", balance.check_idle_plants),
    WorkbookCheck("content shares", chain.check_content_shares),
    WorkbookCheck("spend shares", projects.check_spends),
    WorkbookCheck("plant ids", chain.check_plant_ids),
    WorkbookCheck("capacity_of", chain.check_capacity_of, ("recipes",)),
    WorkbookCheck("facility capacity", chain.check_facility_capacity, ("settings",)),
    WorkbookCheck("facility years", chain.check_facility_years, ("settings",)),
    WorkbookCheck("makers", chain.check_makers, ("stockpiles", *_PLANTS)),
    WorkbookCheck("idle processes", chain.check_idle_processes, _PLANTS),
    WorkbookCheck(
        "useless projects",
        chain.check_useless_projects,
        ("demand", "commodities", "stockpiles", "targets", *_PLANTS),
    ),
    WorkbookCheck("project capacity", projects.check_project_capacity),
    WorkbookCheck("ramps", projects.check_ramps),
    WorkbookCheck("lead times", projects.check_lead_times),
    WorkbookCheck("commitment windows", projects.check_windows, ("settings",)),
    WorkbookCheck("requirements", projects.check_requires, ("settings",)),
    WorkbookCheck("groups", projects.check_groups),
    WorkbookCheck("public shares", projects.check_public_shares),
    WorkbookCheck("programme bounds", money.check_programme_bounds, ("settings",)),
    WorkbookCheck("uses of money", money.check_uses),
    WorkbookCheck("carry over", money.check_carry_over, ("settings",)),
    WorkbookCheck("yearly limits", money.check_yearly_limits, ("settings",)),
    WorkbookCheck("eligibility shares", money.check_eligibility, ("programmes",)),
    WorkbookCheck(
        "programmes of use",
        money.check_programmes_of_use,
        (*_PAYERS, "commodities", "stockpiles", *_PLANTS),
    ),
    WorkbookCheck(
        "public floor",
        money.check_public_floor,
        ("settings", "programmes", "eligibility", "recipes", "processes"),
    ),
    WorkbookCheck("ceilings", money.check_ceilings, ("settings",)),
    WorkbookCheck("private capital", money.check_private_capital, ("private_capital",)),
    WorkbookCheck(
        "forced money", money.check_forced_money, ("settings", "programmes", "eligibility")
    ),
    WorkbookCheck(
        "losing plants", support.check_losing_plants, ("settings", "programmes", "prices")
    ),
    WorkbookCheck("support money", support.check_support_money, ("prices", "supports")),
    WorkbookCheck("support years", support.check_support_years, ("settings", "programmes")),
    WorkbookCheck(
        "support rows",
        support.check_support_rows,
        (*_PAYERS, "commodities", "prices", "supports", *_PLANTS),
    ),
    WorkbookCheck(
        "support prices", support.check_support_prices, ("settings", "regions", *_PLANTS)
    ),
    WorkbookCheck("unpriced processes", support.check_unpriced, ("regions", "prices", *_PLANTS)),
    WorkbookCheck(
        "prices of use", support.check_prices_of_use, (*_PAYERS, "commodities", "stockpiles")
    ),
    WorkbookCheck("stock levels", stock.check_stock_levels, ("regions",)),
    WorkbookCheck("stock prices", stock.check_stock_prices, (*_PAYERS, "commodities", "prices")),
    WorkbookCheck(
        "stocks of use",
        stock.check_stocks_of_use,
        (*_PAYERS, "commodities", "demand", "scenarios", "shocks", *_PLANTS),
    ),
    WorkbookCheck("offtake rows", contracts.check_offtake_rows, ("settings", "regions", *_PLANTS)),
    WorkbookCheck("offtake shares", contracts.check_offtake_shares, ("settings",)),
    WorkbookCheck("offtake number", contracts.check_offtake_number, ("settings",)),
    WorkbookCheck("target rows", targets.check_target_rows, ("settings",)),
    WorkbookCheck(
        "target scopes",
        targets.check_target_scopes,
        ("settings", "regions", "commodities", "contents", "demand", *_PLANTS),
    ),
    WorkbookCheck(
        "target pairs",
        targets.check_target_pairs,
        ("regions", "commodities", "contents", "demand", "processes"),
    ),
    WorkbookCheck("lane rows", trade.check_lane_rows, ("settings", "regions")),
    WorkbookCheck(
        "lanes open", trade.check_lanes_open, ("settings", "regions", "commodities", "lanes")
    ),
    WorkbookCheck(
        "lane ties", trade.check_lane_ties, ("settings", "regions", "commodities", "lanes")
    ),
    WorkbookCheck("scenarios", scenarios.check_scenarios, ("shocks",)),
    WorkbookCheck("shock fields", scenarios.check_shock_fields),
    WorkbookCheck("shock amounts", scenarios.check_shock_amounts, ("lanes",)),
    WorkbookCheck("shocks given twice", scenarios.check_shocks_twice),
    WorkbookCheck(
        "price shocks",
        scenarios.check_price_shocks,
        ("prices", "commodities", "stockpiles", *_PAYERS),
    ),
    WorkbookCheck("shock years", scenarios.check_shock_years, ("settings",)),
    WorkbookCheck("calibration", calibration.check_calibration, ("settings",)),
    WorkbookCheck("plan rows", plans.check_plan_rows, ("settings",)),
    WorkbookCheck("plans", plans.check_plans, ("projects", "plans")),
)


def run_checks(tables: Tables, not_whole: frozenset[str], log: Log) -> None:
    """Run every check whose sheets are whole, and what is checked of sound tables alone; faults and
    warnings go into the log."""
    book = Inspection(tables, log)
    for check in CHECKS:
        if not not_whole.intersection(check.whole):
            check.run(book)
    if not log.issues:
        check_spans(book)
