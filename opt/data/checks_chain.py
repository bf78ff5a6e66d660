"""Checks of recipes, contents and plants: does the chain hold together?"""

from __future__ import annotations

import math
from collections.abc import Mapping

from opt.data.facts import Facts, last_year_cell, missing_years
from opt.data.scopes import ScopeError, read_scope
from opt.data.sheets.chain import SOURCELESS_STAGES
from opt.data.tables import Row
from opt.data.words import plain

ROUNDING = 1e-9  # relative; what adding decimal figures may lose


def _short(value: float) -> str:
    return plain(float(f"{value:.6g}"))


def check_recipes_exist(facts: Facts) -> None:
    """Every process has a recipe."""
    for row in facts.rows("processes"):
        if not facts.recipe.get(row.text("process")):
            message = f"process '{row.text('process')}' has no recipe."
            facts.fault(row, "process", message, "Add its rows to sheet recipes.")


def check_recipe_amounts(facts: Facts) -> None:
    """No amount of a recipe is zero."""
    for row in facts.rows("recipes"):
        if row.number_of("amount") == 0:
            hint = "Type what is made (+) or used (-), or delete the row."
            facts.fault(row, "amount", "an amount of 0 neither makes nor uses anything.", hint)


def _may_make_from_nothing(facts: Facts, process: str) -> bool:
    return facts.stage.get(process, "").casefold() in SOURCELESS_STAGES


def check_made_from_nothing(facts: Facts) -> None:
    """Only mining, collection and substitute make something without using anything."""
    for row in facts.rows("processes"):
        process = row.text("process")
        amounts = facts.recipe.get(process, {}).values()
        if amounts and min(amounts) > 0 and not _may_make_from_nothing(facts, process):
            message = f"process '{process}' makes something from nothing."
            stages = ", ".join(SOURCELESS_STAGES)
            hint = f"Add what it uses to sheet recipes; only these stages may do without: {stages}."
            facts.fault(row, "process", message, hint)


# Tonnes in a unit of mass; Mt is a million tonnes, mt a slip for it that is read alike.
_TONNES = {"g": 1e-6, "kg": 1e-3, "t": 1.0, "kt": 1e3, "mt": 1e6}


def _in_tonnes(facts: Facts, recipe: Mapping[str, float]) -> Mapping[str, float]:
    """The amounts of a recipe in tonnes where every unit is one of mass, else as they stand."""
    units = {row.text("commodity"): row.text("unit") for row in facts.rows("commodities")}
    masses = {name: _TONNES.get(units.get(name, "").casefold()) for name in recipe}
    if None in masses.values():
        return recipe
    return {name: amount * (masses[name] or 1.0) for name, amount in recipe.items()}


def check_contents(facts: Facts) -> None:
    """No process makes more of an element than its inputs hold."""
    share: dict[str, dict[str, float]] = {}
    for row in facts.rows("contents"):
        share.setdefault(row.text("element"), {})[row.text("commodity")] = row.number_of("share")
    described = {name for held in share.values() for name in held}
    for row in facts.rows("processes"):
        process = row.text("process")
        recipe = _in_tonnes(facts, facts.recipe.get(process, {}))
        inputs = [name for name, amount in recipe.items() if amount < 0]
        if not inputs or _may_make_from_nothing(facts, process):
            continue
        for element, held in share.items():
            made = sum(held.get(name, 0.0) * a for name, a in recipe.items() if a > 0)
            used = sum(held.get(name, 0.0) * -a for name, a in recipe.items() if a < 0)
            if made > used * (1 + ROUNDING) + 1e-15:
                if described.isdisjoint(inputs):
                    _report_no_contents(facts, row, element, inputs)
                else:
                    _report_contents(facts, row, element, (made, used))


def _report_no_contents(facts: Facts, row: Row, element: str, inputs: list[str]) -> None:
    process = row.text("process")
    message = f"what process '{process}' makes holds {element}; its inputs have no contents."
    hint = f"Add {', '.join(sorted(inputs))} to sheet contents, so that this can be checked."
    facts.warn(row, "process", message, hint)


def _report_contents(facts: Facts, row: Row, element: str, made_used: tuple[float, float]) -> None:
    made, used = map(_short, made_used)
    message = (
        f"process '{row.text('process')}' makes {made} of {element} per unit of activity,"
        f" but its inputs hold {used}."
    )
    hint = "Mend the amounts in sheet recipes or the shares in sheet contents."
    facts.fault(row, "process", message, hint)


def check_content_shares(facts: Facts) -> None:
    """The shares of a commodity's elements sum to at most 1."""
    total: dict[str, float] = {}
    for row in facts.rows("contents"):
        commodity = row.text("commodity")
        before = total.get(commodity, 0.0)
        total[commodity] = before + row.number_of("share")
        if before <= 1 + ROUNDING < total[commodity]:
            message = f"the shares of {commodity} sum to {_short(total[commodity])}, more than 1."
            facts.fault(row, "share", message, "Mend the shares.")


def check_spends(facts: Facts) -> None:
    """The shares of a spend profile sum to 1."""
    for row in facts.rows("spends"):
        total = math.fsum(row.years.values())
        if row.years and abs(total - 1) > 1e-6:
            message = f"the shares of '{row.text('spend')}' sum to {_short(total)}, not to 1."
            facts.fault(row, "spend", message, "Mend the shares.")


def check_plant_ids(facts: Facts) -> None:
    """No project has the id of a facility."""
    facilities = {row.text("facility").casefold(): row for row in facts.rows("facilities")}
    for row in facts.rows("projects"):
        other = facilities.get(row.text("project").casefold())
        if other:
            also = f"facilities!{other.cell('facility')}"
            message = f"'{row.text('project')}' is also a facility (see {also})."
            facts.fault(row, "project", message, "Rename one.")


def check_capacity_of(facts: Facts) -> None:
    """Every process of a plant makes or uses the commodity in which its capacity is given."""
    for row in facts.plants:
        commodity = row.text("capacity_of")
        if not commodity:
            continue
        for process in row.items("processes"):
            recipe = facts.recipe.get(process)
            if recipe and commodity not in recipe:
                message = f"process '{process}' neither makes nor uses {commodity}."
                hint = "Name a commodity of all its recipes, or leave the cell blank for activity."
                facts.fault(row, "capacity_of", message, hint)


def check_facility_capacity(facts: Facts) -> None:
    """A facility has one capacity, or a capacity a year up to its end."""
    for row in facts.rows("facilities"):
        if row["capacity"] is not None and row.years:
            message = "capacity is given twice, here and in the year columns."
            facts.fault(row, "capacity", message, "Keep one.")
        elif row["capacity"] is None and not row.years:
            message = "no capacity is given."
            facts.fault(row, "capacity", message, "Fill this cell, or the year columns.")
        elif row.years:
            _check_capacity_years(facts, row)


def _check_capacity_years(facts: Facts, row: Row) -> None:
    last = min(facts.last, int(row.optional("closes") or facts.last))
    missing = missing_years(row, last)
    if missing:
        cell = row.cell(last_year_cell(row, last))
        hint = f"Fill the column of {last}, or the year in which it closes."
        message = f"no capacity for {missing}; it is not treated as zero."
        facts.log.fault("facilities", cell, "", message, hint)


def check_facility_years(facts: Facts) -> None:
    """A facility closes after it opens, and is open in some year of the plan."""
    for row in facts.rows("facilities"):
        opens, closes = row.optional("opens"), row.optional("closes")
        if opens and closes and closes < opens:
            message = f"it closes in {int(closes)}, before it opens in {int(opens)}."
            facts.fault(row, "closes", message, "Swap or mend the years.")
        elif closes and closes < facts.first:
            message = f"it closes before first_year {facts.first}, so it changes nothing."
            facts.warn(row, "closes", message)
        elif opens and opens > facts.last:
            message = f"it opens after last_year {facts.last}, so it changes nothing."
            facts.warn(row, "opens", message)


def check_makers(facts: Facts) -> None:
    """Whatever is used or demanded can be made by some plant, or lies in stock."""
    made = {name for plant in facts.plants for name in facts.outputs(plant)}
    made |= {r.text("commodity") for r in facts.rows("stockpiles") if r.number_of("initial") > 0}
    run = {process for plant in facts.plants for process in plant.items("processes")}
    hint = "Add a plant that makes it, or mend the name."
    for row in facts.rows("demand"):
        if row.text("commodity") not in made:
            message = f"no plant makes {row.text('commodity')}: this demand stays short."
            facts.warn(row, "commodity", message, hint)
    for row in facts.rows("recipes"):
        wanted = row.text("process") in run and row.number_of("amount") < 0
        if wanted and row.text("commodity") not in made:
            process = row.text("process")
            message = f"no plant makes {row.text('commodity')}: process '{process}' cannot run."
            facts.warn(row, "commodity", message, hint)


def check_idle_processes(facts: Facts) -> None:
    """Every process is run by some plant."""
    run = {process for plant in facts.plants for process in plant.items("processes")}
    for row in facts.rows("processes"):
        if row.text("process") not in run:
            message = f"no plant runs process '{row.text('process')}': it changes nothing."
            facts.warn(row, "process", message)


def check_useless_projects(facts: Facts) -> None:
    """Every project serves a demand, a target or a stock, be it through others, or takes up
    unwanted material."""
    useful = _useful_processes(facts)
    for row in facts.rows("projects"):
        if not useful.intersection(row.items("processes")):
            message = f"nothing that '{row.text('project')}' makes is of use to any demand."
            facts.warn(row, "processes", message, "It changes no result.")


def _asked_for(facts: Facts) -> set[str]:
    """What stocks hold and what targets of output and home_share count."""
    asked = {row.text("commodity") for row in facts.rows("stockpiles")}
    for row in facts.rows("targets"):
        try:
            scope = read_scope(facts.tables, row)
        except ScopeError:
            continue  # reported by the check of scopes
        if scope.kind == "output":
            asked.add(scope.commodity)
        elif scope.kind == "home_share":
            asked |= facts.made_in(scope.stage)
    return asked


def _useful_processes(facts: Facts) -> set[str]:
    wanted = {row.text("commodity") for row in facts.rows("demand")} | _asked_for(facts)
    priced = {r.text("commodity") for r in facts.rows("commodities") if r["surplus"] != "free"}
    useful: set[str] = set()
    while True:
        more = {
            process
            for process, recipe in facts.recipe.items()
            if process not in useful
            and any(n in priced or (amount > 0 and n in wanted) for n, amount in recipe.items())
        }
        if not more:
            return useful
        useful |= more
        wanted |= {n for p in more for n, amount in facts.recipe[p].items() if amount < 0}
