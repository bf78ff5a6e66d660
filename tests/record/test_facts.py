"""facts.csv: every number of every table once, in the units of the workbook."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest
from run_factory import make_run

from opt.record.facts import FACTS_FILE, write_facts
from opt.record.run import Run
from opt.record.tables import TABLES, write_tables


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Three projects, stock, support and targets."""
    book = tmp_path / "case.xlsx"
    book.write_bytes(b"a workbook")
    return make_run(book, 3, full=True)


def facts(run: Run, folder: Path) -> list[dict[str, str]]:
    """What is written, a line each."""
    write_facts(run, folder)
    with (folder / FACTS_FILE).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_number_of_the_tables_stands_once(run: Run, tmp_path: Path) -> None:
    """Counted in the files: the cells of the tables that are numbers, but for the year."""
    found = facts(run, tmp_path)
    write_tables(run, tmp_path)
    for table in TABLES:
        with (tmp_path / f"{table.name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        numbers = {c.name for c in table.columns if c.type in (int, float)} - {"year"}
        due = sorted(row[name] for row in rows for name in numbers if row[name])
        told = sorted(fact["value"] for fact in found if fact["table"] == table.name)
        assert told == due, table.name


def test_capital_adds_up_to_the_metric(run: Run, tmp_path: Path) -> None:
    found = facts(run, tmp_path)
    capital = [
        float(fact["value"])
        for fact in found
        if (fact["table"], fact["measure"]) == ("commitments", "capex_musd")
    ]
    assert math.fsum(capital) == run.metrics.capex_musd
    assert {fact["run"] for fact in found} == {run.id}


def test_a_row_that_names_a_commodity_has_its_unit(run: Run, tmp_path: Path) -> None:
    found = facts(run, tmp_path)
    units = {fact["unit"] for fact in found if fact["table"] == "deliveries"}
    assert units == {
        run.case.commodities[row.commodity].unit for row in run.flows["allied"].deliveries
    }
    assert {f["unit"] for f in found if f["measure"] == "capex_musd"} == {"USD million"}
    stated = {(row.plant, row.unit) for row in run.capacity}
    told = {(f["entity"].split(" / ")[0], f["unit"]) for f in found if f["table"] == "capacity"}
    assert told == stated
    assert {f["unit"] for f in found if f["measure"] == "dependence"} == {"share"}
