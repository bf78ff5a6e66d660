"""The cross checks of a workbook, by readable name; each says in words what is wrong and where.

A check sees rows whose cells are sound. It names the sheets from whose silence it concludes
something: while one of them is misread or has rows left out, the check waits, so that one fault
does not set off others.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from opt.data import (
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
    trade,
)
from opt.data.inspection import Inspection
from opt.data.reading.layout import Log
from opt.data.spans import check_spans
from opt.data.tables import Tables


@dataclass(frozen=True, slots=True)
class Check:
    """One cross check: its name, its function, and the sheets that must be whole for it."""

    name: str
    run: Callable[[Inspection], None]
    whole: tuple[str, ...] = ()


_PLANTS = ("facilities", "projects", "recipes", "processes")
_PAYERS = ("settings", "regions", "programmes", "eligibility")

CHECKS: tuple[Check, ...] = (
    Check("horizon", setup.check_horizon, ("settings",)),
    Check("dependence years", setup.check_dependence_years, ("settings",)),
    Check("counted years", setup.check_counted_years, ("settings",)),
    Check("objective", setup.check_objective, ("targets",)),
    Check("blocs", setup.check_blocs, ("regions",)),
    Check("allied demand", demand.check_allied_demand, ("settings", "regions", "demand")),
    Check("demand years", demand.check_demand_years, ("settings",)),
    Check("sources", setup.check_sources, ("sources",)),
    Check("prices", demand.check_prices, ("settings", "regions", "prices")),
    Check("usual numbers", numbers.check_usual_numbers),
    Check("usual settings", numbers.check_usual_settings, ("settings",)),
    Check("like numbers", numbers.check_like_numbers),
    Check(
        "capacity and demand", numbers.check_capacity_and_demand, ("settings", "demand", *_PLANTS)
    ),
    Check("recipes exist", chain.check_recipes_exist, ("recipes",)),
    Check("recipe amounts", chain.check_recipe_amounts),
    Check("made from nothing", chain.check_made_from_nothing, ("recipes",)),
    Check("contents", chain.check_contents, ("contents", "recipes")),
    Check("content shares", chain.check_content_shares),
    Check("spend shares", projects.check_spends),
    Check("plant ids", chain.check_plant_ids),
    Check("capacity_of", chain.check_capacity_of, ("recipes",)),
    Check("facility capacity", chain.check_facility_capacity, ("settings",)),
    Check("facility years", chain.check_facility_years, ("settings",)),
    Check("makers", chain.check_makers, ("stockpiles", *_PLANTS)),
    Check("idle processes", chain.check_idle_processes, _PLANTS),
    Check(
        "useless projects",
        chain.check_useless_projects,
        ("demand", "commodities", "stockpiles", "targets", *_PLANTS),
    ),
    Check("project capacity", projects.check_project_capacity),
    Check("lead times", projects.check_lead_times),
    Check("commitment windows", projects.check_windows, ("settings",)),
    Check("requirements", projects.check_requires, ("settings",)),
    Check("groups", projects.check_groups),
    Check("public shares", projects.check_public_shares),
    Check("programme bounds", money.check_programme_bounds, ("settings",)),
    Check("uses of money", money.check_uses),
    Check("carry over", money.check_carry_over, ("settings",)),
    Check("eligibility shares", money.check_eligibility, ("programmes",)),
    Check(
        "programmes of use",
        money.check_programmes_of_use,
        (*_PAYERS, "commodities", "stockpiles", *_PLANTS),
    ),
    Check(
        "public floor",
        money.check_public_floor,
        ("settings", "programmes", "eligibility", "recipes", "processes"),
    ),
    Check("ceilings", money.check_ceilings, ("settings",)),
    Check("private capital", money.check_private_capital, ("private_capital",)),
    Check("forced money", money.check_forced_money, ("settings", "programmes", "eligibility")),
    Check("losing plants", support.check_losing_plants, ("settings", "programmes", "prices")),
    Check("support money", support.check_support_money, ("prices", "supports")),
    Check("support years", support.check_support_years, ("settings", "programmes")),
    Check(
        "support rows",
        support.check_support_rows,
        (*_PAYERS, "commodities", "prices", "supports", *_PLANTS),
    ),
    Check("support prices", support.check_support_prices, ("settings", "regions", *_PLANTS)),
    Check("unpriced processes", support.check_unpriced, ("regions", "prices", *_PLANTS)),
    Check("prices of use", support.check_prices_of_use, (*_PAYERS, "commodities", "stockpiles")),
    Check("stock levels", stock.check_stock_levels, ("regions",)),
    Check("stock prices", stock.check_stock_prices, (*_PAYERS, "commodities", "prices")),
    Check(
        "stocks of use",
        stock.check_stocks_of_use,
        (*_PAYERS, "commodities", "demand", "scenarios", "shocks", *_PLANTS),
    ),
    Check("offtake rows", contracts.check_offtake_rows, ("settings", "regions", *_PLANTS)),
    Check("offtake shares", contracts.check_offtake_shares, ("settings",)),
    Check("offtake number", contracts.check_offtake_number, ("settings",)),
    Check("target rows", targets.check_target_rows, ("settings",)),
    Check(
        "target scopes",
        targets.check_target_scopes,
        ("settings", "regions", "commodities", "contents", "demand", *_PLANTS),
    ),
    Check(
        "target pairs",
        targets.check_target_pairs,
        ("regions", "commodities", "contents", "demand", "processes"),
    ),
    Check("lane rows", trade.check_lane_rows, ("settings", "regions")),
    Check("lanes open", trade.check_lanes_open, ("settings", "regions", "commodities", "lanes")),
    Check("lane ties", trade.check_lane_ties, ("settings", "regions", "commodities", "lanes")),
    Check("scenarios", scenarios.check_scenarios, ("shocks",)),
    Check("shock fields", scenarios.check_shock_fields),
    Check("shock amounts", scenarios.check_shock_amounts, ("lanes",)),
    Check(
        "price shocks",
        scenarios.check_price_shocks,
        ("prices", "commodities", "stockpiles", *_PAYERS),
    ),
    Check("shock years", scenarios.check_shock_years, ("settings",)),
    Check("calibration", calibration.check_calibration, ("settings",)),
    Check("plan rows", plans.check_plan_rows, ("settings",)),
    Check("plans", plans.check_plans, ("projects", "plans")),
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
