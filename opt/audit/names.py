"""What the workbook calls its ids, for the numbers and names that a run repeats."""

from __future__ import annotations

from opt.audit.case import Case
from opt.data.tables import Row

NO_GRADE = "none"
GRADES = ("A", "B", "C", "D", NO_GRADE)


def name_of(case: Case, sheet: str, column: str, key: str) -> str:
    """The name that a row of a sheet has, else its id."""
    for row in case.tables.rows.get(sheet, ()):
        if row.text(column) == key:
            return row.text("name") or key
    return key


def plant_name(case: Case, key: str) -> str:
    """The name of a facility or project, else its id."""
    return case.plant(key).row.text("name") or key


def stages_of(case: Case, project: str) -> str:
    """The stages of a project's processes, each once, in their order."""
    stages = [case.processes[p].text("stage") for p in case.projects[project].processes]
    return "; ".join(dict.fromkeys(stage for stage in stages if stage))


def unit_of(case: Case, commodity: str) -> str:
    """The unit of a commodity's amounts."""
    row = case.commodities.get(commodity)
    return (row.text("unit") if row else "") or "units"


def activity_unit(case: Case, process: str) -> str:
    """The unit of a process's activity: that of the first commodity of which a unit makes one."""
    for row in case.tables.rows.get("recipes", ()):
        if row.text("process") == process and row.number_of("amount") == 1:
            return unit_of(case, row.text("commodity"))
    return "units"


def grade_of(row: Row) -> str:
    """The grade of a row, A to D, or none."""
    return row.text("confidence") or NO_GRADE


def scenario_text(case: Case, scenario: str | None) -> str:
    """What happens in a scenario: its description, else its name, else its id; blank of none."""
    for row in case.tables.rows.get("scenarios", ()):
        if row.text("scenario") == scenario:
            return row.text("description") or row.text("name") or row.text("scenario")
    return ""


def chain_of(case: Case) -> dict[str, int]:
    """The place of each stage in the chain: as sheets processes and commodities first name it."""
    rows = (*case.processes.values(), *case.commodities.values())
    stages = dict.fromkeys(row.text("stage") for row in rows if row.text("stage"))
    return {stage: place for place, stage in enumerate(stages)}
