"""Checks of offtake contracts and of policy targets."""

from __future__ import annotations

from collections.abc import Iterable

from opt.data.facts import Facts, value_in
from opt.data.scopes import Scope, ScopeError, read_scope
from opt.data.tables import Row
from opt.data.words import did_you_mean, listed, plain

MOST_OFFTAKES = 6  # of one commodity in one region: the model bounds every set of them
_SHARES = ("dependence", "shortfall", "source_share", "home_share")
_ROUNDING = 1e-9


def check_offtake_rows(facts: Facts) -> None:
    """A contract binds what one plant makes, to regions that exist, in some year of the plan."""
    for row in facts.rows("offtakes"):
        named = [column for column in ("facility", "project") if column in row.given]
        if len(named) != 1:
            message = "facility and project are both named." if named else "no plant is named."
            hint = "Keep one of them." if named else "Fill facility or project."
            facts.fault(row, "facility", message, hint)
        else:
            _check_made(facts, row, _plant(facts, row))
        to = row.text("destination")
        if to == "*":
            message = "output that is bound to every region is bound to none."
            facts.fault(row, "destination", message, "Name a region or a bloc, such as bloc:ally.")
        elif not facts.members(to):
            message = f"no region is in bloc {to.removeprefix('bloc:')}."
            facts.fault(row, "destination", message, "Name a region or another bloc.")
        last = row.optional("last_year")
        if last and last < facts.first:
            message = f"it ends before first_year {facts.first}, so it changes nothing."
            facts.warn(row, "last_year", message)


def _plant(facts: Facts, row: Row) -> Row | None:
    """The plant of an offtake that names just one."""
    for sheet, column in (("facilities", "facility"), ("projects", "project")):
        for plant in facts.rows(sheet) if row[column] is not None else ():
            if plant[column] == row[column]:
                return plant
    return None


def _check_made(facts: Facts, row: Row, plant: Row | None) -> None:
    outputs = sorted(facts.outputs(plant)) if plant else []
    commodity = row.text("commodity")
    if plant and commodity not in outputs:
        name = row.text("facility") or row.text("project")
        hint = did_you_mean(commodity, outputs, f"It makes {listed(outputs) or 'nothing'}.")
        facts.fault(row, "commodity", f"'{name}' does not make {commodity}.", hint)


def _alive(facts: Facts) -> Iterable[Row]:
    """The contracts that hold in the first year of the plan: none begins later."""
    for row in facts.rows("offtakes"):
        if (row.optional("last_year") or facts.last) >= facts.first:
            yield row


def check_offtake_shares(facts: Facts) -> None:
    """The contracts of one plant bind no more than it makes."""
    total: dict[tuple[str, str], float] = {}
    for row in _alive(facts):
        name, commodity = row.text("facility") or row.text("project"), row.text("commodity")
        before = total.get((name, commodity), 0.0)
        bound = total[name, commodity] = before + row.number_of("share")
        if before <= 1 + _ROUNDING < bound:
            shown = plain(float(f"{bound:.6g}"))
            message = f"the shares of {commodity} of '{name}' sum to {shown}, more than 1."
            facts.fault(row, "share", message, "Mend the shares.")


def check_offtake_number(facts: Facts) -> None:
    """Few enough contracts of one commodity in one region that every set of them can be bounded."""
    held: dict[tuple[str, str], int] = {}
    for row in _alive(facts):
        plant = _plant(facts, row)
        if plant is None:
            continue
        region, commodity = plant.text("region"), row.text("commodity")
        held[region, commodity] = held.get((region, commodity), 0) + 1
        if held[region, commodity] == MOST_OFFTAKES + 1:
            message = (
                f"more than {MOST_OFFTAKES} contracts of {commodity} in {region} are too many to"
                " prove."
            )
            facts.fault(row, "commodity", message, "Merge contracts with one destination.")


def check_target_rows(facts: Facts) -> None:
    """A target holds in a year of the plan, with a bound and a sense that its metric can have."""
    for row in facts.rows("targets"):
        metric, bound, year = row.text("metric"), row.number_of("bound"), row.number_of("year")
        if not facts.first <= year <= facts.last:
            message = f"{int(year)} is outside {facts.first}-{facts.last}."
            facts.fault(row, "year", message, "Choose a year of the plan.")
        if metric in _SHARES and bound > 1:
            guess = plain(float(f"{bound / 100:.12g}"))
            hint = f"Did you mean {guess} ({plain(bound)}%)?" if bound <= 100 else "Type a share."
            facts.fault(row, "bound", f"{plain(bound)} is outside 0-1.", hint)
        if metric in ("dependence", "shortfall") and row["sense"] == "at_least":
            message = f"at_least asks for more {metric}."
            facts.warn(row, "sense", message, "Type at_most if less is wanted.")
        if metric in ("home_share", "output") and "sense" not in row.given:
            message = f"sense is blank, so {metric} may be {plain(bound)} at most."
            facts.warn(row, "sense", message, "Type at_least if that is meant, or at_most.")


def check_target_scopes(facts: Facts) -> None:
    """The scope of a target can be read, and holds something to measure."""
    for row in facts.rows("targets"):
        try:
            scope = read_scope(facts.tables, row)
        except ScopeError as error:
            facts.fault(row, "scope", error.message, error.hint)
            continue
        year = int(row.number_of("year"))
        if row.text("metric") in ("dependence", "shortfall"):
            _check_demand(facts, row, _weighted_demand(facts, scope, year), "allied demand")
        elif row.text("metric") == "home_share":
            _check_demand(facts, row, _home_demand(facts, scope, year), "demand of these users")
            _check_home(facts, row, scope)
        elif row.text("metric") == "source_share":
            _check_used(facts, row, scope)
            _check_share_of_sources(facts, row, scope)
        else:
            _check_output(facts, row, scope)


def _check_share_of_sources(facts: Facts, row: Row, scope: Scope) -> None:
    """The users' demand is served in the plan, and a floor names its source."""
    if any(facts.bloc[region] != "ally" for region in scope.users):
        message = "not all of these users are allies: what others demand counts as short."
        facts.warn(row, "scope", message, "Name allied users.")
    if row["sense"] == "at_least" and len(scope.source) > 1:
        message = "at_least cannot hold for any source: each of them would have to reach it."
        facts.fault(row, "sense", message, "Name one source, or type at_most.")


def check_target_pairs(facts: Facts) -> None:
    """No two targets ask for more and for less of the same thing than can go together."""
    bounds: dict[tuple[str, Scope, int], list[Row]] = {}
    for row in facts.rows("targets"):
        try:
            scope = read_scope(facts.tables, row)
        except ScopeError:
            continue  # reported by the check of scopes
        key = (row.text("metric"), scope, int(row.number_of("year")))
        for other in bounds.setdefault(key, []):
            if row["sense"] != other["sense"] and _apart(row, other):
                message = f"this and target '{other.text('target')}' cannot both be met."
                facts.fault(row, "bound", message, "Mend one of the bounds.")
        bounds[key].append(row)


def _apart(one: Row, other: Row) -> bool:
    """Whether the floor among two bounds lies above the ceiling."""
    floor, ceiling = (one, other) if one["sense"] == "at_least" else (other, one)
    return floor.number_of("bound") > ceiling.number_of("bound")


def _check_demand(facts: Facts, row: Row, demand: float, words: str) -> None:
    if demand <= 0:
        message = f"no {words} matches in {row.text('year')}, so there is nothing to measure."
        facts.fault(row, "scope", message, "Mend the scope or the year.")


def _weighted_demand(facts: Facts, scope: Scope, year: int) -> float:
    """Weight x demand of the allied demands that a scope takes; an element by its content."""
    total = 0.0
    for row in facts.rows("demand"):
        if facts.bloc.get(row.text("region")) == "ally" and row.years:
            weight = _weight(facts, scope, row) * row.number_of("weight")
            total += weight * value_in(row.years, year)
    return total


def _weight(facts: Facts, scope: Scope, demand: Row) -> float:
    if scope.kind == "element":
        return facts.contents.get(demand.text("commodity"), {}).get(scope.element, 0.0)
    fits = {
        "all": True,
        "commodity": demand.text("commodity") == scope.commodity,
        "segment": demand.text("segment").casefold() == scope.segment.casefold(),
        "regions": demand.text("region") in scope.regions,
    }
    return float(fits[scope.kind])


def _home_demand(facts: Facts, scope: Scope, year: int) -> float:
    """What the users demand, by its content of the element, or of any element."""
    total = 0.0
    for row in facts.rows("demand"):
        if row.text("region") in scope.users and row.years:
            held = facts.contents.get(row.text("commodity"), {})
            content = held.get(scope.element, 0.0) if scope.element else sum(held.values())
            if not facts.contents:
                content = 1.0
            total += content * value_in(row.years, year)
    return total


def _check_home(facts: Facts, row: Row, scope: Scope) -> None:
    run = {
        facts.stage.get(process, "").casefold()
        for plant in facts.plants
        if plant.text("region") in scope.users
        for process in plant.items("processes")
    }
    if scope.stage.casefold() not in run:
        message = f"no plant there runs a process of stage {scope.stage}: the share is 0."
        facts.warn(row, "scope", message)


def _check_used(facts: Facts, row: Row, scope: Scope) -> None:
    used = {
        commodity
        for plant in facts.plants
        if plant.text("region") in scope.users
        for process in plant.items("processes")
        for commodity, amount in facts.recipe.get(process, {}).items()
        if amount < 0
    }
    used |= {r.text("commodity") for r in facts.rows("demand") if r["region"] in scope.users}
    if used.isdisjoint(facts.made_in(scope.stage)):
        message = f"nothing of stage {scope.stage} is used there: the share is 0."
        facts.warn(row, "scope", message)


def _check_output(facts: Facts, row: Row, scope: Scope) -> None:
    makers = [plant for plant in facts.plants if plant.text("region") in scope.users]
    if not any(scope.commodity in facts.outputs(plant) for plant in makers):
        message = f"no plant there makes {scope.commodity}: the output is 0."
        facts.warn(row, "scope", message)
