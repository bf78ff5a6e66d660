"""Recipes and plants as a whole: recipes that feed each other and gain, that weigh more than what
goes into them, or whose contents stop on the way; plants that share or have no capacity."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from fractions import Fraction

from opt.data.chain import may_make_from_nothing
from opt.data.check import check
from opt.data.inspection import Inspection
from opt.data.masses import in_tonnes, is_mass
from opt.data.sheets.chain import CommodityRow, ContentRow, ProcessRow
from opt.data.sheets.projects import ProjectRow
from opt.data.words import listed, rounded
from opt.errors import Effect

GAIN = 1e-6  # of what goes round; less is what rounded recipes gain
HEAVIER = 1e-3  # relative; recipes are rounded to three digits

Recipes = Mapping[str, Mapping[str, float]]


@check("gaining loops", "recipes", "processes", "commodities")
def check_gaining_loops(book: Inspection) -> None:
    """No processes downstream of mining feed each other and leave more than they began with."""
    recipes = _circular(
        {
            process: recipe
            for process, recipe in book.recipe.items()
            if recipe and min(recipe.values()) < 0 and not may_make_from_nothing(book, process)
        }
    )
    found = map(_most_gained, _apart(recipes))
    activity = max(found, key=lambda each: _gain(recipes, each), default={})
    run = {process: float(x) for process, x in activity.items() if x > 0}
    gained: dict[str, float] = {}
    turned = 0.0
    for process, x in run.items():
        for name, amount in recipes[process].items():
            gained[name] = gained.get(name, 0.0) + amount * x
            turned += max(0.0, amount * x)
    more = {name: amount for name, amount in gained.items() if amount > GAIN * turned}
    if not more:
        return
    row = next(row for row in book.rows(ProcessRow) if row.process in run)
    names = listed(f"'{process}'" for process in run)
    loop = f"processes {names} feed each other" if len(run) > 1 else f"process {names} feeds itself"
    message = f"{loop} and make {listed(sorted(more))} out of nothing."
    hint = "Mend their amounts in sheet recipes: what goes round must not grow."
    book.fault(row, "process", message, hint)


def _circular(recipes: Recipes) -> Recipes:
    """The recipes all of whose inputs some of them make: the others cannot run without mining."""
    while True:
        made = {name for recipe in recipes.values() for name, a in recipe.items() if a > 0}
        kept = {
            process: recipe
            for process, recipe in recipes.items()
            if all(amount > 0 or name in made for name, amount in recipe.items())
        }
        if len(kept) == len(recipes):
            return kept
        recipes = kept


def _apart(recipes: Recipes) -> list[Recipes]:
    """The recipes in groups that have no commodity in common: in the best of all activities, which
    are 1 in all, one group alone runs."""
    joined: dict[str, str] = {}

    def group(name: str) -> str:
        while joined.setdefault(name, name) != name:
            name = joined[name]
        return name

    for first, *others in recipes.values():
        for name in others:
            joined[group(name)] = group(first)
    found: dict[str, dict[str, Mapping[str, float]]] = {}
    for process, recipe in recipes.items():
        found.setdefault(group(next(iter(recipe))), {})[process] = recipe
    return list(found.values())


def _gain(recipes: Recipes, activity: Mapping[str, Fraction]) -> Fraction:
    """What activities leave of all commodities together, exactly."""
    amounts = ((x, a) for process, x in activity.items() for a in recipes[process].values())
    return sum((x * Fraction(repr(a)) for x, a in amounts), Fraction(0))


def _most_gained(recipes: Recipes) -> dict[str, Fraction]:
    """Activities of 1 in all that leave the most while no commodity is used up; 0 where none do.

    A linear programme, solved exactly: the simplex method with Bland's rule, which ends.
    """
    processes = list(recipes)
    names = sorted({name for recipe in recipes.values() for name in recipe})
    exact = {p: {n: Fraction(repr(a)) for n, a in recipes[p].items()} for p in processes}
    zero = Fraction(0)
    # Row by row: what a commodity keeps is at least 0; activities are 1 in all at most.
    rows = [[-exact[p].get(n, zero) for p in processes] + [zero] for n in names]
    rows.append([Fraction(1)] * (len(processes) + 1))
    gain = [sum(exact[p].values(), zero) for p in processes] + [zero]
    basic = _maximise(rows, gain)
    found = dict.fromkeys(processes, zero)
    for row, variable in zip(rows, basic, strict=True):
        if variable < len(processes):
            found[processes[variable]] = row[-1]
    return found


def _maximise(rows: list[list[Fraction]], gain: list[Fraction]) -> list[int]:
    """Turns `rows` (coefficients, then the bound) into those of the largest gain; the variable that
    each row then gives. Variables are numbered, those of the problem before the rows' slacks."""
    count = len(gain) - 1
    free, basic = list(range(count)), list(range(count, count + len(rows)))
    while True:
        entering = [s for s in range(count) if gain[s] > 0]
        if not entering:
            return basic
        s = min(entering, key=free.__getitem__)
        bounds = [(row[-1] / row[s], basic[r], r) for r, row in enumerate(rows) if row[s] > 0]
        _, _, r = min(bounds)  # the activities have a bound, so there is one
        _exchange(rows, gain, r, s)
        free[s], basic[r] = basic[r], free[s]


def _exchange(rows: list[list[Fraction]], gain: list[Fraction], r: int, s: int) -> None:
    """Solve row r for the variable of column s, and put it into all others."""
    pivot = 1 / rows[r][s]
    rows[r] = [value * pivot for value in rows[r]]
    rows[r][s] = pivot
    for other in (*rows[:r], *rows[r + 1 :], gain):
        factor = other[s]
        if factor:
            other[:] = [a - factor * b for a, b in zip(other, rows[r], strict=True)]
            other[s] = -factor * pivot


@check("heavier outputs", "contents", "recipes")
def check_heavier_outputs(book: Inspection) -> None:
    """What a process makes weighs no more than what it uses, where contents do not tell."""
    described = {row.commodity for row in book.rows(ContentRow)}
    for row in book.rows(ProcessRow):
        recipe = book.recipe.get(row.process, {})
        if not is_mass(book, recipe) or described.issuperset(recipe):
            continue
        inputs = {name for name, amount in recipe.items() if amount < 0}
        if described.isdisjoint(inputs) and not described.isdisjoint(recipe):
            continue  # that its inputs have no contents is said already
        amounts = in_tonnes(book, recipe).values()
        made = sum(a for a in amounts if a > 0)
        used = -sum(a for a in amounts if a < 0)
        if used and made > used * (1 + HEAVIER) and not may_make_from_nothing(book, row.process):
            message = (
                f"process '{row.process}' makes {rounded(made)} t out of {rounded(used)} t, and"
                " sheet contents does not tell whether it can."
            )
            hint = "Check the units and amounts of its recipe, and add its commodities to contents."
            book.warn(row, "process", message, hint, effect=Effect.UNCHECKED)


@check("lost contents", "contents", "recipes")
def check_lost_contents(book: Inspection) -> None:
    """What is made of commodities with contents has contents too."""
    described = {row.commodity for row in book.rows(ContentRow)}
    made: dict[str, str] = {}
    for process, recipe in book.recipe.items():
        if any(amount < 0 and name in described for name, amount in recipe.items()):
            made |= {name: process for name, amount in recipe.items() if amount > 0}
    for row in book.rows(CommodityRow):
        name = row.commodity
        if name in made and name not in described:
            why = "sheet contents has no row for it, though it is made of what has one"
            book.warn(
                row,
                "commodity",
                f"{why}: the balance of process '{made[name]}' is not checked.",
                "Add its contents; 0 where it holds nothing.",
                common=f"{why}, so that the balance is not checked",
                subject=f"{name} (process {made[name]})",
                effect=Effect.UNCHECKED,
            )


@check("shared capacity", "recipes")
def check_shared_capacity(book: Inspection) -> None:
    """No plant runs a process on what another of its processes makes, out of one capacity."""
    for plant in book.plants:
        pair = _follows(book, plant.processes)
        if pair:
            first, second = pair
            book.warn(
                plant,
                "processes",
                f"'{second}' uses what '{first}' makes, and both share one capacity: what the one"
                " runs is taken from the other.",
                _INTEGRATED,
                common="plants whose processes follow one another and share one capacity",
                subject=f"{book.plant_id(plant)} ({first}, then {second})",
                effect=Effect.TAKEN,
            )


_INTEGRATED = "For a capacity each, give every process a row of its own, with the same site."


def _follows(book: Inspection, processes: Collection[str]) -> tuple[str, str] | None:
    """Two processes the second of which uses what the first makes; None where there are none."""
    for first in processes:
        made = {name for name, amount in book.recipe.get(first, {}).items() if amount > 0}
        for second in processes:
            used = {name for name, amount in book.recipe.get(second, {}).items() if amount < 0}
            if first != second and made & used:
                return first, second
    return None


@check("idle plants")
def check_idle_plants(book: Inspection) -> None:
    """Every plant has some capacity in some year."""
    for plant in book.plants:
        sizes = [plant.capacity, *plant.years.values()]
        column = "capacity"
        if isinstance(plant, ProjectRow) and plant.capacity is None:
            sizes, column = [plant.capacity_max], "capacity_max"
        given = [size for size in sizes if size is not None]
        name = book.plant_id(plant)
        hint = "Type its capacity, or delete the row."
        if given and not any(given):
            where = column if column in plant.given else min(plant.years, default=column)
            book.warn(
                plant,
                where,
                f"'{name}' has a capacity of 0: it makes nothing.",
                hint,
                effect=Effect.UNUSED,
            )
        elif plant.availability == 0:
            message = f"'{name}' is available for 0 of the year: it makes nothing."
            book.warn(
                plant,
                "availability",
                message,
                "Type the share of the year it can run.",
                effect=Effect.UNUSED,
            )
