"""Mechanisms that are there and not used: the case is the same instance as without them, and so
has the same answer to the last digit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from random_cases import FIRST, RowValues, write_sheets
from random_cases_full import FullMaker
from random_cases_sheets import SheetsMaker

from opt.data.assemble import assemble
from opt.data.instance import Instance
from opt.data.reader import read
from opt.errors import InputError

Sheets = dict[str, list[RowValues]]
Change = Callable[[Sheets], None]
SEEDS = range(24)


def _fill(sheet: str, **cells: object) -> Change:
    """Fill columns of every row of a sheet."""

    def change(sheets: Sheets) -> None:
        for row in sheets.get(sheet, ()):
            row.update(cells)

    return change


def _chances(sheets: Sheets) -> None:
    for row in (*sheets.get("projects", ()), *sheets["facilities"]):
        if row.get("opens") or "facility" not in row:
            row["chance"] = 1


def _never_by_itself(sheets: Sheets) -> None:
    for row in sheets.get("projects", ()):
        single = row.get("max_units", 1) in ("", 1) and not row.get("capacity_max")
        if single and row.get("decision", "") in ("", "free") and not row.get("group"):
            row.update(merchant=FIRST + 40, merchant_chance=0.5)


def _never_lost(sheets: Sheets) -> None:
    """What would be lost only after the plan."""
    for row in sheets.get("projects", ()):
        alone = not row.get("group") and not row.get("capacity_max")
        if alone and str(row.get("max_units") or 1) == "1":
            row["lost_after"] = FIRST + 40


def _taken_by_all(sheets: Sheets) -> None:
    last = max(int(row["value"]) for row in sheets["settings"] if row["key"] == "last_year")
    years = {str(y): 1 for y in range(FIRST, last + 1)}
    sheets["uptake"] = [{"region": row["region"], **years} for row in sheets["demand"][:1]]


def _all_of_the_opex(sheets: Sheets) -> None:
    for row in (*sheets.get("projects", ()), *sheets["facilities"]):
        row["opex_share"] = 1


def _alone(sheets: Sheets) -> None:
    for row in sheets.get("projects", ()):
        if row.get("max_units", "") in ("", 1):
            row["bundle"] = f"bundle {row['project']}"


def _limits_on_capacity(sheets: Sheets) -> list[RowValues]:
    return [row for row in sheets.get("build_limits", ()) if row.get("what") == "capacity"]


def _not_learning(sheets: Sheets) -> None:
    for row in _limits_on_capacity(sheets):
        row["learn"] = ""


def _nothing_learnt(sheets: Sheets) -> None:
    for row in _limits_on_capacity(sheets):
        row["learn"] = 0


def _not_lifted(sheets: Sheets) -> None:
    for n, row in enumerate(_limits_on_capacity(sheets)):
        row["limit"] = f"limit {n}"
    sheets["lifts"] = []


def _lifted_by_nothing(sheets: Sheets) -> None:
    _not_lifted(sheets)
    rows = _limits_on_capacity(sheets)
    sheets["lifts"] = [
        {"project": project["project"], "limit": row["limit"], "amount": 0}
        for row in rows
        for project in sheets.get("projects", ())[:1]
    ]


def _without_carry_over(sheets: Sheets) -> None:
    for row in _limits_on_capacity(sheets):
        row["carry_over"] = ""


def _nothing_carried_over(sheets: Sheets) -> None:
    for row in _limits_on_capacity(sheets):
        row["carry_over"] = "no"


def _as_drawn(sheets: Sheets) -> None:
    """Nothing to undo: the mechanism is not drawn."""


# How a drawn case is without the mechanism, and how it is with it there and not used.
PLAIN: dict[str, tuple[Change, Change]] = {
    "a chance of 1": (_as_drawn, _chances),
    "a whole share": (_as_drawn, _fill("programmes", share=1)),
    "what comes by itself after the plan": (_as_drawn, _never_by_itself),
    "uptake by all": (_as_drawn, _taken_by_all),
    "lost after the plan": (_as_drawn, _never_lost),
    "a least use of nothing": (_as_drawn, _fill("facilities", least_use=0, idle_cost=900)),
    "all of the opex": (_as_drawn, _all_of_the_opex),
    "bundles of one": (_as_drawn, _alone),
}
FULL: dict[str, tuple[Change, Change]] = {
    "nothing learnt": (_not_learning, _nothing_learnt),
    "lifts of nothing": (_not_lifted, _lifted_by_nothing),
    "nothing carried over": (_without_carry_over, _nothing_carried_over),
}


def instance_of(folder: Path, sheets: Sheets) -> Instance | None:
    """The instance of a workbook; None where it is refused."""
    try:
        return assemble(read(write_sheets(folder, sheets)), None)
    except InputError:
        return None


def assert_unused(folder: Path, maker: type[SheetsMaker], without: Change, unused: Change) -> None:
    """Drawn cases are the same with a mechanism that is not used as without it; some have it."""
    compared = 0
    for seed in SEEDS:
        sheets, other = maker(seed).make(), maker(seed).make()
        without(sheets)
        unused(other)
        before = instance_of(folder / f"{seed}" / "without", sheets)
        if before is not None:
            after = instance_of(folder / f"{seed}" / "unused", other)
            assert after is not None
            assert after.replace(name=before.name) == before, seed
            compared += sheets != other
    assert compared > len(SEEDS) / 3


@pytest.mark.parametrize(("without", "unused"), PLAIN.values(), ids=PLAIN)
def test_it_changes_nothing(tmp_path: Path, without: Change, unused: Change) -> None:
    assert_unused(tmp_path, SheetsMaker, without, unused)


@pytest.mark.parametrize(("without", "unused"), FULL.values(), ids=FULL)
def test_it_changes_no_limit_on_capacity(tmp_path: Path, without: Change, unused: Change) -> None:
    assert_unused(tmp_path, FullMaker, without, unused)
