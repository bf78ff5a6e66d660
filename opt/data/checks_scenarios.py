"""Checks of scenarios and their shocks, of plans given from outside, and of calibration rows."""

from __future__ import annotations

from collections.abc import Iterable

from opt.data.checks_support import prices_matter
from opt.data.facts import Facts
from opt.data.tables import Row
from opt.data.words import did_you_mean, listed, plain

_PLANTS = ("region", "bloc", "stage", "mineral", "commodity", "process", "facility", "project")
_PROJECTS = tuple(field for field in _PLANTS if field != "facility")
SHOCK_FITS: dict[str, tuple[str, ...]] = {
    "supply": _PLANTS,
    "ramp": _PLANTS,
    "lead_time": _PROJECTS,
    "capex": _PROJECTS,
    "lane": ("region", "bloc", "origin", "destination", "stage", "mineral", "commodity"),
    "demand": ("region", "bloc", "stage", "mineral", "commodity", "segment"),
    "price": ("region", "bloc", "commodity", "mineral", "stage"),
}
FACTOR_ONLY = ("supply", "lane", "ramp")


def check_scenarios(facts: Facts) -> None:
    """Each scenario changes something; stated probabilities sum to at most 1."""
    shocked = {row.text("scenario") for row in facts.rows("shocks")}
    for row in facts.rows("scenarios"):
        if row.text("scenario") not in shocked:
            message = f"scenario '{row.text('scenario')}' has no shocks: it is the base case."
            facts.warn(row, "scenario", message, "Add its rows to sheet shocks.")
    total = sum(row.optional("probability") or 0.0 for row in facts.rows("scenarios"))
    if total > 1 + 1e-9:
        row = facts.rows("scenarios")[-1]
        message = f"the probabilities sum to {plain(float(f'{total:.6g}'))}, more than 1."
        facts.warn(row, "probability", message)


def check_shock_fields(facts: Facts) -> None:
    """What a shock matches suits what it changes, and field and value come together."""
    for row in facts.rows("shocks"):
        what, field = row.text("what"), row.text("field")
        fits = SHOCK_FITS[what]
        if field and row["value"] is None:
            facts.fault(row, "value", f"field {field} is given without a value.", "Fill it.")
        elif not field and row["value"] is not None:
            message = f"value '{row.text('value')}' is given without a field."
            facts.fault(row, "field", message, f"Choose one of: {listed(fits)}.")
        if field and field not in fits:
            hint = did_you_mean(field, fits, "")
            hint = f"{hint} Choose one of: {listed(fits)}.".strip()
            article = "an" if field == "origin" else "a"
            message = f"a {what} shock cannot be aimed at {article} {field}."
            facts.fault(row, "field", message, hint)


def check_shock_amounts(facts: Facts) -> None:
    """A shock changes something, in a way that its kind allows."""
    for row in facts.rows("shocks"):
        what, shift = row.text("what"), row.number_of("shift")
        if shift and what in FACTOR_ONLY:
            message = f"a {what} shock takes a factor, not a shift."
            facts.fault(row, "shift", message, "Use factor; 0 closes, 0.5 halves.")
        elif what == "lead_time" and shift != int(shift):
            message = f"a lead time shifts by whole years, not by {plain(shift)}."
            facts.fault(row, "shift", message, "Type whole years.")
        elif row.number_of("factor") == 1 and not shift:
            facts.warn(row, "factor", "factor 1 and shift 0 change nothing.", "Fill one of them.")
        elif what == "lane" and not facts.rows("lanes") and row.number_of("factor") != 0:
            message = "lanes have no limits, so only factor 0 changes anything."
            facts.warn(row, "factor", message, "Type 0, or give limits in sheet lanes.")


def check_price_shocks(facts: Facts) -> None:
    """Prices that a shock changes are used by something."""
    if facts.rows("prices") and prices_matter(facts):
        return
    why = "no price is used" if facts.rows("prices") else "sheet prices is empty"
    for row in facts.rows("shocks"):
        if row.text("what") == "price":
            facts.warn(row, "what", f"a price shock changes nothing: {why}.")


def check_shock_years(facts: Facts) -> None:
    """The years of a shock are in order and touch the plan."""
    for row in facts.rows("shocks"):
        first, last = row.optional("first_year"), row.optional("last_year")
        if first and last and first > last:
            message = f"first_year {int(first)} is after last_year {int(last)}."
            facts.fault(row, "first_year", message, "Swap or mend the years.")
        elif (first and first > facts.last) or (last and last < facts.first):
            column = "first_year" if first and first > facts.last else "last_year"
            message = f"the shock lies outside {facts.first}-{facts.last}, so it changes nothing."
            facts.warn(row, column, message)


def check_calibration(facts: Facts) -> None:
    """Published figures lie in the years of the baseline, shares in 0-1."""
    start = facts.tables.settings["calibrate_from"]
    first = start if isinstance(start, int) else facts.first
    for row in facts.rows("calibration"):
        year, figure = int(row.number_of("year")), row.number_of("published")
        if not first <= year <= facts.last:
            message = f"{year} is outside the baseline {first}-{facts.last}."
            facts.fault(row, "year", message, "Mend it, or add setting calibrate_from.")
        elif year not in _counted(facts, first):
            counted = _counted(facts, first)
            why = (
                "the baseline takes the cheapest flows there, not those that rest least on the"
                " covered bloc"
            )
            message = (
                f"dependence counts in {counted.start}-{counted.stop - 1}, not in {year}: {why}."
            )
            hint = "Leave dependence_from and dependence_to blank: the baseline then counts all."
            facts.warn(
                *(row, "year", message, hint),
                common=f"dependence does not count in a year of calibration: {why}",
                subject=str(year),
            )
        if row.text("metric") in ("world_share", "dependence") and not 0 <= figure <= 1:
            message = f"{plain(figure)} is outside 0-1."
            guess = plain(float(f"{figure / 100:.12g}"))
            hint = f"Did you mean {guess} ({plain(figure)}%)?" if 1 < figure <= 100 else ""
            facts.fault(row, "published", message, hint)


def _counted(facts: Facts, first: int) -> range:
    """The years of the baseline, from its first year on, in which dependence counts."""
    start, end = (facts.tables.settings[f"dependence_{side}"] for side in ("from", "to"))
    counted_from = start if isinstance(start, int) else first
    return range(counted_from, (end if isinstance(end, int) else facts.last) + 1)


def check_plan_rows(facts: Facts) -> None:
    """Each commitment of a plan is one that could be made."""
    for row in facts.rows("plans"):
        project = facts.projects.get(row.text("project"))
        if project is None:
            continue
        _check_plan_year(facts, row, project)
        _check_plan_size(facts, row, project)


def _check_plan_year(facts: Facts, row: Row, project: Row) -> None:
    name, year, window = project.text("project"), int(row.number_of("year")), facts.window(project)
    if project.text("decision") == "forbid":
        hint = "Delete the row, or free the project."
        facts.fault(row, "project", f"'{name}' is forbidden in sheet projects.", hint)
    elif year not in window:
        operates = year + facts.lead(project)
        message = f"'{name}' cannot be committed in {year}."
        if facts.first <= year <= facts.last < operates:
            message = f"committed in {year} it first operates in {operates}, after last_year."
        hint = f"Choose a year from {window.start} to {window.stop - 1}." if window else ""
        facts.fault(row, "year", message, hint)


def _check_plan_size(facts: Facts, row: Row, project: Row) -> None:
    largest, size = project.optional("capacity_max"), row.optional("size")
    if largest is None:
        if size is not None:
            message = f"'{project.text('project')}' is not scalable, so it takes no size."
            facts.fault(row, "size", message, "Delete it.")
        return
    units = row.number_of("units")
    low, high = (project.optional("capacity_min") or 0.0) * units, largest * units
    bounds = f"from {plain(low)} to {plain(high)}"
    if size is None:
        message = f"'{project.text('project')}' is scalable: size is blank."
        facts.fault(row, "size", message, f"Type a capacity {bounds}.")
    elif not low * (1 - 1e-9) <= size <= high * (1 + 1e-9):
        facts.fault(row, "size", f"{plain(size)} is not {bounds}.", "Mend size or units.")


def check_plans(facts: Facts) -> None:
    """A plan as a whole keeps max_units, groups, requirements and forced projects."""
    plans: dict[str, list[Row]] = {}
    for row in facts.rows("plans"):
        plans.setdefault(row.text("plan"), []).append(row)
    for plan, rows in plans.items():
        _check_units(facts, rows)
        _check_plan_groups(facts, rows)
        _check_plan_requires(facts, rows)
        _check_plan_forced(facts, plan, rows)


def _units(rows: Iterable[Row], project: str, year: int) -> float:
    return sum(
        row.number_of("units")
        for row in rows
        if row.text("project") == project and row.number_of("year") <= year
    )


def _check_units(facts: Facts, rows: list[Row]) -> None:
    so_far: dict[str, float] = {}
    for row in rows:
        name = row.text("project")
        before = so_far.get(name, 0.0)
        so_far[name] = before + row.number_of("units")
        project = facts.projects.get(name)
        most = project.number_of("max_units") if project else so_far[name]
        if before <= most < so_far[name]:
            message = f"the plan commits {plain(so_far[name])} units of '{name}'; at most"
            facts.fault(row, "units", f"{message} {plain(most)} can be built.", "Mend units.")


def _check_plan_groups(facts: Facts, rows: list[Row]) -> None:
    chosen: dict[str, str] = {}
    for row in rows:
        name = row.text("project")
        group = facts.projects[name].text("group") if name in facts.projects else ""
        other = chosen.setdefault(group.casefold(), name) if group else name
        if other != name:
            message = f"'{other}' of group '{group}' is in the plan too; one can be built."
            facts.fault(row, "project", message, "Delete one of the rows.")


def _check_plan_requires(facts: Facts, rows: list[Row]) -> None:
    for row in rows:
        name, year = row.text("project"), int(row.number_of("year"))
        project = facts.projects.get(name)
        required = project.text("requires") if project else ""
        if project is None or not required:
            continue
        allowed = project.number_of("max_units") * _units(rows, required, year)
        if _units(rows, name, year) > allowed:
            message = f"'{name}' requires '{required}', which the plan does not commit by {year}."
            facts.fault(row, "project", message, f"Add '{required}' in {year} or before.")


def _check_plan_forced(facts: Facts, plan: str, rows: list[Row]) -> None:
    for name, project in facts.projects.items():
        decision = project.text("decision")
        if not facts.is_forced(project):
            continue
        years = [int(row.number_of("year")) for row in rows if row.text("project") == name]
        if not years:
            message = f"plan '{plan}' leaves out '{name}', which sheet projects forces."
            facts.fault(rows[0], "plan", message, "Add it, or free the project.")
        elif decision != "force" and int(decision[6:]) not in years:
            row = next(row for row in rows if row.text("project") == name)
            message = f"'{name}' is forced in {decision[6:]}, not in {years[0]}."
            facts.fault(row, "year", message, "Mend the year, or free the project.")
