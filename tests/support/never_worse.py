"""Random workbooks in which more money can never hurt and delay can never help, and changed ones.

Delay never helps only where nothing that comes early is gone when it is wanted: lives outlast the
horizon, ramps do not fall, and what comes back of a loan does not lapse with its year, so that the
yearly limits of revolving loans carry over. Dependence comes first: it is what the money is for.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from builders import Sheets
from first_pass import first_pass
from random_cases import Maker, RowValues, write_sheets
from random_cases_sheets import SheetsMaker

from opt.data.assemble import assemble
from opt.data.reader import read
from opt.errors import InputError
from opt.record.passes import Outcome

LATE = "late"


def lasting_case(seed: int, full: bool) -> Sheets:
    """The random workbook of a seed, so that nothing early is gone later."""
    sheets = (SheetsMaker if full else Maker)(seed).make()
    for row in sheets.get("projects", []):
        row["life"] = ""
    for row in sheets["ramps"]:
        years = [column for column in row if column != "ramp"]
        values = sorted(row[column] for column in years)
        row.update(zip(years, values, strict=True))
    for row in sheets.get("programmes", []):
        row["carry_over"] = "yes" if row.get("repay_years", "") != "" else row["carry_over"]
    public = ("objective", "dependence_target")
    sheets["settings"] = [row for row in sheets["settings"] if row["key"] not in public]
    return sheets


def twice_the_money(sheets: Sheets, _: random.Random) -> Sheets:
    """Every programme with twice its amount and yearly limits."""
    return sheets | {"programmes": [_doubled(row) for row in sheets.get("programmes", [])]}


def _doubled(row: RowValues) -> RowValues:
    money = {
        column: 2 * value
        for column, value in row.items()
        if (column == "amount" or column.isdigit()) and value != ""
    }
    return row | money


def a_fund_more(sheets: Sheets, rng: random.Random) -> Sheets:
    """One more programme, which may pay for any project and has no smallest ticket."""
    fund: RowValues = {"programme": "more", "instrument": "grant", "amount": rng.randint(20, 400)}
    return sheets | {"programmes": [*sheets.get("programmes", []), fund]}


def support_more(sheets: Sheets, rng: random.Random) -> Sheets:
    """One more programme, which pays the gap of any plant that loses money."""
    fund: RowValues = {"programme": "floors", "amount": rng.choice((0, 5, 50))}
    fund["pays_for"] = "price_support"
    return sheets | {"programmes": [*sheets.get("programmes", []), fund]}


def a_delay(sheets: Sheets, rng: random.Random) -> Sheets:
    """A scenario in which all projects, or one of them, take longer, or some years longer."""
    change: RowValues = rng.choice(({"shift": 1}, {"shift": 2}, {"factor": 1.5}))
    if sheets.get("projects") and rng.random() < 0.4:
        change |= {"field": "project", "value": rng.choice(sheets["projects"])["project"]}
    shock: RowValues = {"scenario": LATE, "what": "lead_time"} | change
    return sheets | {
        "scenarios": [*sheets.get("scenarios", []), {"scenario": LATE}],
        "shocks": [*sheets.get("shocks", []), shock],
    }


CHANGES: dict[str, Callable[[Sheets, random.Random], Sheets]] = {
    "twice the money": twice_the_money,
    "a fund more": a_fund_more,
    "support more": support_more,
    "a delay": a_delay,
}


def compared(
    folder: Path, seed: int, full: bool, changes: Iterable[str]
) -> dict[str, tuple[float, float]]:
    """The least dependence without and with each change, but of a workbook that is refused.

    Infinite where no plan obeys every rule. The workbook without any is solved once.
    """
    sheets = lasting_case(seed, full)
    try:
        before = least_dependence(read(write_sheets(folder / "before", sheets)), None)
    except InputError:
        return {}
    found = {}
    for number, change in enumerate(changes):
        altered = CHANGES[change](sheets, random.Random(seed))
        try:
            after = read(write_sheets(folder / f"after_{number}", altered))
        except InputError:
            continue
        found[change] = before, least_dependence(after, LATE if change == "a delay" else None)
    return found


def least_dependence(tables: Any, scenario: str | None) -> float:
    """The optimum of the dependence pass, the first; infinite where no plan obeys every rule."""
    try:
        instance = assemble(tables, scenario)
    except InputError:
        return math.inf
    found = first_pass(instance, gap=0.0)
    return math.inf if found.outcome is Outcome.INFEASIBLE else found.value
