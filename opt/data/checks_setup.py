"""Checks of the settings, the blocs, the demand and the sheets as a whole."""

from __future__ import annotations

import re

from opt.data.facts import Facts, last_year_cell, missing_years, value_in
from opt.data.sheets.registry import SHEETS
from opt.data.sheets.setup import OBJECTIVES
from opt.data.words import did_you_mean

LONGEST_PLAN = 100
_ADDRESS = re.compile(r"(https?://|www\.|doi:|10\.\d{4,}/)", re.IGNORECASE)


def check_horizon(facts: Facts) -> None:
    """The plan spans at most 100 years."""
    span = facts.last - facts.first + 1
    if span > LONGEST_PLAN:
        message = f"the plan spans {span} years; at most {LONGEST_PLAN} are allowed."
        facts.setting_fault("last_year", message, "Bring last_year nearer.")


def check_dependence_years(facts: Facts) -> None:
    """dependence_from and dependence_to lie in the plan, in order; calibrate_from before it."""
    for key in ("dependence_from", "dependence_to"):
        year = facts.tables.settings[key]
        if isinstance(year, int) and not facts.first <= year <= facts.last:
            message = f"{year} is outside {facts.first}-{facts.last}."
            facts.setting_fault(key, message, "Choose a year of the plan.")
    if not facts.dependence_years:
        start, end = facts.dependence_years.start, facts.dependence_years.stop - 1
        message = f"{start} is after dependence_to {end}."
        facts.setting_fault("dependence_from", message, "Swap them.")
    start_year = facts.tables.settings["calibrate_from"]
    if isinstance(start_year, int) and start_year > facts.first:
        message = f"{start_year} is after first_year {facts.first}."
        facts.setting_fault("calibrate_from", message, "It may only be earlier.")


def check_counted_years(facts: Facts) -> None:
    """Every year of the plan counts: what does not count may be given away for what does."""
    start, end = facts.dependence_years.start, facts.dependence_years.stop - 1
    worse = "In years that do not count the plan may do worse than no new money"
    if facts.first < start <= facts.last:
        message = (
            f"dependence does not count in {_span(facts.first, start - 1)}. {worse}, and stock for"
            " later years may be taken out of them."
        )
        hint = f"Type {facts.first}, or leave it blank, to count every year."
        facts.setting_warning("dependence_from", message, hint)
    if facts.first <= end < facts.last:
        message = f"dependence does not count in {_span(end + 1, facts.last)}. {worse}."
        hint = f"Type {facts.last}, or leave it blank, to count every year."
        facts.setting_warning("dependence_to", message, hint)


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


def check_objective(facts: Facts) -> None:
    """The objective is known and what it needs is given."""
    objective = str(facts.tables.settings["objective"])
    name, at, year = objective.partition("@")
    if at and name == "dependence" and re.fullmatch(r"\d{4}", year):
        if not facts.first <= int(year) <= facts.last:
            message = f"{year} is outside {facts.first}-{facts.last}."
            facts.setting_fault("objective", message, "Choose a year of the plan.")
    elif objective not in OBJECTIVES or at:
        options = [option for option in OBJECTIVES if "@" not in option]
        hint = did_you_mean(objective, options, f"Choose one of: {', '.join(OBJECTIVES)}.")
        facts.setting_fault("objective", f"'{objective}' is not an objective.", hint)
    aimless = facts.tables.settings["dependence_target"] is None and not facts.rows("targets")
    if objective == "public" and aimless:
        message = "objective public needs setting dependence_target or a row of sheet targets."
        facts.setting_fault("objective", message, "Add one: what the money must reach.")


def check_blocs(facts: Facts) -> None:
    """There is an ally, and a bloc whose hold on the chain can be measured."""
    blocs = set(facts.bloc.values())
    if "ally" not in blocs:
        message = "no region is in bloc ally, so no demand counts."
        facts.log.fault("regions", "", "", message, "Give at least one region the bloc ally.")
    if "covered" not in blocs:
        message = "no region is in bloc covered, so nothing can be exposed."
        facts.log.caution("regions", "", message, "Dependence is then only what is short.")


def check_allied_demand(facts: Facts) -> None:
    """Some allied demand falls into the dependence years."""
    for row in facts.rows("demand"):
        allied = facts.bloc.get(row.text("region")) == "ally" and row.number_of("weight") > 0
        if allied and row.years and any(value_in(row.years, y) for y in facts.dependence_years):
            return
    years = f"{facts.dependence_years.start}-{facts.dependence_years.stop - 1}"
    facts.log.caution("demand", "", f"no allied demand in {years}: dependence is 0.")


def check_demand_years(facts: Facts) -> None:
    """Demand is given up to last_year: a missing year is never zero."""
    for row in facts.rows("demand"):
        missing = missing_years(row, facts.last) if row.years else ""
        if missing:
            cell = row.cell(last_year_cell(row, facts.last))
            hint = f"Fill the column of {facts.last}; years between are interpolated."
            message = f"no value for {missing}; it is not treated as zero."
            facts.log.fault("demand", cell, "", message, hint)


def check_sources(facts: Facts) -> None:
    """A source is an id of sheet sources or an address."""
    known = {row.text("source").casefold(): row.text("source") for row in facts.rows("sources")}
    if not known:
        return
    for sheet in SHEETS:
        for row in facts.rows(sheet.name) if sheet.data else ():
            for part in row.text("source").split(";"):
                name = part.strip()
                if name and name.casefold() not in known and not _ADDRESS.search(name):
                    hint = did_you_mean(name, known.values(), "Add it there, or give an address.")
                    issue = row.issue("source", f"'{name}' is not in sheet sources.", hint)
                    facts.log.warnings.append(issue)


def check_prices(facts: Facts) -> None:
    """Objective value-weighted: each allied demand has a price in every year of the plan."""
    if facts.tables.settings["objective"] != "value-weighted":
        return
    for row in facts.rows("demand"):
        region, commodity = row.text("region"), row.text("commodity")
        if facts.bloc.get(region) != "ally":
            continue
        price = facts.price(commodity, region)
        if price is None:
            message = f"there is no price of {commodity} in {region}."
            hint = "Objective value-weighted needs one: add it to sheet prices."
            facts.fault(row, "commodity", message, hint)
        else:
            facts.require_years(price)
