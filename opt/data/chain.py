"""Commodities, recipes and existing plants: what they can run, and whether the chain holds."""

from __future__ import annotations

import math

from opt.data.book import PlantRow, Tags
from opt.data.case import ScenarioBook
from opt.data.check import PLANTS, check
from opt.data.inspection import Inspection, last_year_cell, missing_years
from opt.data.instance import Commodity, Facility, Plant
from opt.data.masses import in_tonnes
from opt.data.scopes import readable
from opt.data.sheets.ceilings import LiftRow
from opt.data.sheets.chain import (
    SOURCELESS_STAGES,
    CommodityRow,
    ContentRow,
    FacilityRow,
    ProcessRow,
    RecipeRow,
)
from opt.data.sheets.demand import DemandRow
from opt.data.sheets.projects import ProjectRow
from opt.data.sheets.stock import StockpileRow
from opt.data.timing import interpolate, ramp_share
from opt.data.words import rounded
from opt.errors import Effect

ROUNDING = 1e-9  # relative; what adding decimal figures may lose


def commodity(row: CommodityRow) -> Commodity:
    """A commodity, with what its surplus costs."""
    words = {"free": 0.0, "none": None}
    cost = words[row.surplus] if isinstance(row.surplus, str) else float(row.surplus)
    return Commodity(row.commodity, row.mineral, row.stage, row.unit, cost)


def plant(case: ScenarioBook, row: PlantRow) -> Plant:
    """The part that facilities and projects share."""
    return Plant(
        id=case.plant_id(row),
        name=row.name or case.plant_id(row),
        site=row.site,
        region=row.region,
        rates={p: case.rate(row, p) for p in row.processes},
        clear=case.is_clear(row),
        controlled=case.controlled(case.tags(row)),
        opex=row.opex * row.opex_share,
        fixed_opex=row.fixed_opex * row.opex_share,
    )


def facility(case: ScenarioBook, row: FacilityRow) -> Facility:
    """Capacity by year: nameplate x ramp x availability x chance x shocks, from opens to closes."""
    opens, closes = row.opens, row.closes
    open_years = tuple(
        t for t in case.years if (opens is None or t >= opens) and (closes is None or t <= closes)
    )
    tags = case.tags(row)
    ramp = case.ramps.get(row.ramp, [])
    usable = {}
    for t in open_years:
        nameplate = interpolate(row.years, t) if row.capacity is None else row.capacity
        n = None if opens is None else t - opens + 1
        usable[t] = nameplate * running(case, row, tags, ramp_share(ramp, n), t)
    return Facility(plant(case, row), usable, open_years)


def running(case: ScenarioBook, row: PlantRow, tags: Tags, ramped: float, year: int) -> float:
    """Share of nameplate that can run: ramp x availability x chance, where setting survival counts
    it, x supply and ramp shocks."""
    return running_by(case, row, tags, ramped, year, chance=case.chance_counted(row))


def running_by(
    case: ScenarioBook, row: PlantRow, tags: Tags, ramped: float, year: int, *, chance: float
) -> float:
    """The same with a chance that counts whatever setting survival says."""
    shocks = (case.factor(what, tags, year) for what in ("supply", "ramp"))
    return math.prod((ramped, row.availability, chance, *shocks))


@check("recipes exist", "recipes")
def check_recipes_exist(book: Inspection) -> None:
    """Every process has a recipe."""
    for row in book.rows(ProcessRow):
        if not book.recipe.get(row.process):
            message = f"process '{row.process}' has no recipe."
            book.fault(row, "process", message, "Add its rows to sheet recipes.")


@check("recipe amounts")
def check_recipe_amounts(book: Inspection) -> None:
    """No amount of a recipe is zero."""
    for row in book.rows(RecipeRow):
        if row.amount == 0:
            hint = "Type what is made (+) or used (-), or delete the row."
            book.fault(row, "amount", "an amount of 0 neither makes nor uses anything.", hint)


def may_make_from_nothing(book: Inspection, process: str) -> bool:
    """Whether a process is of a stage that needs no input."""
    return book.stage.get(process, "").casefold() in SOURCELESS_STAGES


@check("made from nothing", "recipes")
def check_made_from_nothing(book: Inspection) -> None:
    """Only mining, collection, substitute and feed make something without using anything."""
    for row in book.rows(ProcessRow):
        process = row.process
        amounts = book.recipe.get(process, {}).values()
        if amounts and min(amounts) > 0 and not may_make_from_nothing(book, process):
            message = f"process '{process}' makes something from nothing."
            stages = ", ".join(SOURCELESS_STAGES)
            hint = f"Add what it uses to sheet recipes; only these stages may do without: {stages}."
            book.fault(row, "process", message, hint)


@check("contents", "contents", "recipes")
def check_contents(book: Inspection) -> None:
    """No process makes more of an element than its inputs hold."""
    share: dict[str, dict[str, float]] = {}
    for content in book.rows(ContentRow):
        share.setdefault(content.element, {})[content.commodity] = content.share
    described = {name for held in share.values() for name in held}
    order = {element: number for number, element in enumerate(share)}
    for row in book.rows(ProcessRow):
        process = row.process
        recipe = in_tonnes(book, book.recipe.get(process, {}))
        inputs = [name for name, amount in recipe.items() if amount < 0]
        if not inputs or may_make_from_nothing(book, process):
            continue
        outputs = [name for name, amount in recipe.items() if amount > 0]
        found = {element for name in outputs for element in book.contents.get(name, ())}
        for element in sorted(found, key=order.__getitem__):
            held = share[element]
            made = sum(held.get(name, 0.0) * a for name, a in recipe.items() if a > 0)
            used = sum(held.get(name, 0.0) * -a for name, a in recipe.items() if a < 0)
            if made > used * (1 + ROUNDING) + 1e-15:
                if described.isdisjoint(inputs):
                    _report_no_contents(book, row, element, inputs)
                else:
                    _report_contents(book, row, element, (made, used))


def _report_no_contents(book: Inspection, row: ProcessRow, element: str, inputs: list[str]) -> None:
    process = row.process
    message = f"what process '{process}' makes holds {element}; its inputs have no contents."
    hint = f"Add {', '.join(sorted(inputs))} to sheet contents, so that this can be checked."
    book.warn(row, "process", message, hint, effect=Effect.UNCHECKED)


def _report_contents(
    book: Inspection, row: ProcessRow, element: str, made_used: tuple[float, float]
) -> None:
    made, used = map(rounded, made_used)
    message = (
        f"process '{row.process}' makes {made} of {element} per unit of activity,"
        f" but its inputs hold {used}."
    )
    hint = "Mend the amounts in sheet recipes or the shares in sheet contents."
    book.fault(row, "process", message, hint)


@check("content shares")
def check_content_shares(book: Inspection) -> None:
    """The shares of a commodity's elements sum to at most 1."""
    total: dict[str, float] = {}
    for row in book.rows(ContentRow):
        commodity = row.commodity
        before = total.get(commodity, 0.0)
        total[commodity] = before + row.share
        if before <= 1 + ROUNDING < total[commodity]:
            message = f"the shares of {commodity} sum to {rounded(total[commodity])}, more than 1."
            book.fault(row, "share", message, "Mend the shares.")


@check("plant ids")
def check_plant_ids(book: Inspection) -> None:
    """No project has the id of a facility."""
    facilities = {row.facility.casefold(): row for row in book.rows(FacilityRow)}
    for row in book.rows(ProjectRow):
        other = facilities.get(row.project.casefold())
        if other:
            also = f"facilities!{other.cell('facility')}"
            message = f"'{row.project}' is also a facility (see {also})."
            book.fault(row, "project", message, "Rename one.")


@check("capacity_of", "recipes")
def check_capacity_of(book: Inspection) -> None:
    """Every process of a plant makes or uses the commodity in which its capacity is given."""
    for row in book.plants:
        commodity = row.capacity_of
        if not commodity:
            continue
        for process in row.processes:
            recipe = book.recipe.get(process)
            if recipe and commodity not in recipe:
                message = f"process '{process}' neither makes nor uses {commodity}."
                hint = "Name a commodity of all its recipes, or leave the cell blank for activity."
                book.fault(row, "capacity_of", message, hint)


@check("facility chances")
def check_facility_chances(book: Inspection) -> None:
    """A chance is that of a plant still to come."""
    for row in book.rows(FacilityRow):
        if row.chance < 1 and row.opens is None:
            message = "a facility that is open has no chance of reaching operation."
            hint = "Type the year in which it opens, or leave the cell blank."
            book.fault(row, "chance", message, hint)


@check("facility capacity", "settings")
def check_facility_capacity(book: Inspection) -> None:
    """A facility has one capacity, or a capacity a year up to its end."""
    for row in book.rows(FacilityRow):
        if row.capacity is not None and row.years:
            message = "capacity is given twice, here and in the year columns."
            book.fault(row, "capacity", message, "Keep one.")
        elif row.capacity is None and not row.years:
            message = "no capacity is given."
            book.fault(row, "capacity", message, "Fill this cell, or the year columns.")
        elif row.years:
            _check_capacity_years(book, row)


def _check_capacity_years(book: Inspection, row: FacilityRow) -> None:
    last = min(book.last, row.closes or book.last)
    missing = missing_years(row, last)
    if missing:
        cell = row.cell(last_year_cell(row, last))
        hint = f"Fill the column of {last}, or the year in which it closes."
        message = f"no capacity for {missing}; it is not treated as zero."
        book.log.fault("facilities", cell, "", message, hint)


@check("facility years", "settings")
def check_facility_years(book: Inspection) -> None:
    """A facility closes after it opens, and is open in some year of the plan."""
    for row in book.rows(FacilityRow):
        opens, closes = row.opens, row.closes
        if opens and closes and closes < opens:
            message = f"it closes in {closes}, before it opens in {opens}."
            book.fault(row, "closes", message, "Swap or mend the years.")
        elif closes and closes < book.first:
            message = f"it closes before first_year {book.first}, so it changes nothing."
            book.warn(row, "closes", message, effect=Effect.UNUSED)
        elif opens and opens > book.last:
            message = f"it opens after last_year {book.last}, so it changes nothing."
            book.warn(row, "opens", message, effect=Effect.UNUSED)


@check("makers", "stockpiles", *PLANTS)
def check_makers(book: Inspection) -> None:
    """Whatever is used or demanded can be made by some plant, or lies in stock."""
    made = {name for plant in book.plants for name in book.outputs(plant)}
    made |= {r.commodity for r in book.rows(StockpileRow) if r.initial > 0}
    run = {process for plant in book.plants for process in plant.processes}
    hint = "Add a plant that makes it, or mend the name."
    for demand in book.rows(DemandRow):
        if demand.commodity not in made:
            message = f"no plant makes {demand.commodity}: this demand stays short."
            book.warn(demand, "commodity", message, hint, effect=Effect.LACKING)
    for row in book.rows(RecipeRow):
        wanted = row.process in run and row.amount < 0
        if wanted and row.commodity not in made:
            process = row.process
            message = f"no plant makes {row.commodity}: process '{process}' cannot run."
            book.warn(row, "commodity", message, hint, effect=Effect.LACKING)


@check("idle processes", *PLANTS)
def check_idle_processes(book: Inspection) -> None:
    """Every process is run by some plant."""
    run = {process for plant in book.plants for process in plant.processes}
    for row in book.rows(ProcessRow):
        if row.process not in run:
            message = f"no plant runs process '{row.process}': it changes nothing."
            book.warn(row, "process", message, effect=Effect.UNUSED)


@check("useless projects", "demand", "commodities", "stockpiles", "targets", "lifts", *PLANTS)
def check_useless_projects(book: Inspection) -> None:
    """Every project serves a demand, a target or a stock, be it through others, takes up unwanted
    material or lifts a limit."""
    useful = _useful_processes(book)
    lifting = {row.project for row in book.rows(LiftRow)}
    for row in book.rows(ProjectRow):
        if row.project not in lifting and not useful.intersection(row.processes):
            message = f"nothing that '{row.project}' makes is of use to any demand."
            book.warn(row, "processes", message, "It changes no result.", effect=Effect.UNUSED)


def _asked_for(book: Inspection) -> set[str]:
    """What stocks hold and what targets of output and home_share count."""
    asked = {row.commodity for row in book.rows(StockpileRow)}
    for _, scope in readable(book):
        if scope.kind == "output":
            asked.add(scope.commodity)
        elif scope.kind == "home_share":
            asked |= book.made_in(scope.stage)
    return asked


def _useful_processes(book: Inspection) -> set[str]:
    wanted = {row.commodity for row in book.rows(DemandRow)} | _asked_for(book)
    priced = {r.commodity for r in book.rows(CommodityRow) if r.surplus != "free"}
    useful: set[str] = set()
    while True:
        more = {
            process
            for process, recipe in book.recipe.items()
            if process not in useful
            and any(n in priced or (amount > 0 and n in wanted) for n, amount in recipe.items())
        }
        if not more:
            return useful
        useful |= more
        wanted |= {n for p in more for n, amount in book.recipe[p].items() if amount < 0}
