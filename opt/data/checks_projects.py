"""Checks of projects: what can be committed, when, and in which company."""

from __future__ import annotations

from opt.data.facts import ROUNDING, Facts
from opt.data.tables import Row


def check_project_capacity(facts: Facts) -> None:
    """A project has a fixed capacity, or the bounds of a scalable one."""
    for row in facts.rows("projects"):
        fixed, largest = row["capacity"], row.optional("capacity_max")
        smallest = row.optional("capacity_min")
        if fixed is not None and largest is not None:
            message = "capacity and capacity_max are both given."
            facts.fault(row, "capacity", message, "Keep capacity, or the bounds of a scalable one.")
        elif largest is None and smallest is not None:
            message = "capacity_min is given without capacity_max."
            facts.fault(row, "capacity_min", message, "Fill capacity_max, or delete this.")
        elif fixed is None and largest is None:
            message = "no capacity is given."
            facts.fault(
                row, "capacity", message, "Fill capacity, or capacity_min and capacity_max."
            )
        elif largest is not None and smallest is not None and smallest > largest:
            facts.fault(row, "capacity_min", "capacity_min is above capacity_max.", "Swap them.")
        if largest is None and row.number_of("capex_per_unit") > 0:
            message = "capex_per_unit is for scalable projects; capacity_max is blank."
            facts.fault(row, "capex_per_unit", message, "Fill capacity_max, or delete this.")


def check_lead_times(facts: Facts) -> None:
    """Lead times are whole years; a fraction is rounded up."""
    for row in facts.rows("projects"):
        years = row.number_of("lead_time")
        if abs(years - round(years)) > ROUNDING:
            message = f"lead time {years} is rounded up to {facts.lead(row)} years."
            facts.warn(row, "lead_time", message, "Type whole years.")


def check_windows(facts: Facts) -> None:
    """A project can be committed in some year and operate by last_year; a forced one must."""
    for row in facts.rows("projects"):
        earliest, latest = row.optional("earliest"), row.optional("latest")
        if earliest and latest and earliest > latest:
            message = f"earliest {int(earliest)} is after latest {int(latest)}."
            facts.fault(row, "earliest", message, "Swap or mend the years.")
        elif not facts.window(row):
            _report_never_offered(facts, row)
        elif row.text("decision").startswith("force "):
            _check_forced_year(facts, row, int(row.text("decision")[6:]))


def _report_never_offered(facts: Facts, row: Row) -> None:
    why = (
        f"no year of commitment is left: first operation must come by last_year {facts.last},"
        f" {facts.lead(row)} years after commitment."
    )
    if facts.is_forced(row):
        message = f"'{row.text('project')}' is forced, but {why}"
        facts.fault(row, "decision", message, "Mend earliest, latest or lead_time, or free it.")
    elif row.text("decision") != "forbid":
        column = "earliest" if row["earliest"] is not None else "lead_time"
        facts.warn(row, column, f"'{row.text('project')}' is never offered: {why}")


def _check_forced_year(facts: Facts, row: Row, year: int) -> None:
    window = facts.window(row)
    if year in window:
        return
    operates = year + facts.lead(row)
    if operates > facts.last >= year:
        message = f"committed in {year} it first operates in {operates}, after last_year."
    else:
        message = f"{year} is outside the years in which it can be committed."
    hint = f"Choose a year from {window.start} to {window.stop - 1}."
    facts.fault(row, "decision", message, hint)


def check_requires(facts: Facts) -> None:
    """No project requires itself, a cycle, or what is forbidden while it is forced."""
    needs = {name: row.text("requires") for name, row in facts.projects.items()}
    told: set[str] = set()
    for name, row in facts.projects.items():
        cycle = _cycle(name, needs)
        if cycle == [name]:
            facts.fault(row, "requires", f"'{name}' requires itself.", "Name another project.")
        elif cycle and not told.intersection(cycle):
            told.update(cycle)
            path = " -> ".join([*cycle, name])
            message = f"these projects require each other in a circle: {path}."
            facts.fault(row, "requires", message, "Delete one of the requirements.")
        elif needs[name] in facts.projects and not cycle:
            _check_required(facts, row, facts.projects[needs[name]])


def _cycle(start: str, needs: dict[str, str]) -> list[str]:
    """The projects of the circle that begins and ends at `start`; empty if there is none."""
    path = [start]
    while needs.get(path[-1]):
        following = needs[path[-1]]
        if following == start:
            return path
        if following in path:
            return []
        path.append(following)
    return []


def _check_required(facts: Facts, row: Row, required: Row) -> None:
    if required.text("decision") != "forbid" and facts.window(required):
        return
    state = "forbidden" if required.text("decision") == "forbid" else "never offered"
    message = f"it requires '{required.text('project')}', which is {state}."
    if facts.is_forced(row):
        facts.fault(row, "requires", message, "A forced project needs what it requires.")
    else:
        facts.warn(row, "requires", message, "It can never be built.")


def check_groups(facts: Facts) -> None:
    """At most one project of a group is forced."""
    forced: dict[str, Row] = {}
    for row in facts.rows("projects"):
        group = row.text("group")
        if not group or not facts.is_forced(row):
            continue
        if group.casefold() in forced:
            other = forced[group.casefold()].text("project")
            message = f"'{other}' of group '{group}' is forced too; one of a group can be built."
            facts.fault(row, "decision", message, "Free one of them.")
        forced.setdefault(group.casefold(), row)


def check_public_shares(facts: Facts) -> None:
    """The least public share is not above the largest."""
    for row in facts.rows("projects"):
        floor, ceiling = facts.floor(row), row.number_of("max_public_share")
        if floor <= ceiling:
            continue
        if row["public_share"] is not None:
            message = f"public_share {floor} is above max_public_share {ceiling}."
            facts.fault(row, "public_share", message, "Swap or mend the shares.")
        else:
            message = f"max_public_share {ceiling} is below setting public_share {floor}."
            facts.fault(row, "max_public_share", message, "Fill public_share of this project.")
