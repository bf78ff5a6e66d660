"""Dependence by other measures than the weighted one, by hand, through the whole package.

W needs 100 t of metal a year, of which segment `arms` 40 t with weight 3, and 20,000 kg of powder.
P makes 60 t of metal; all else comes from X. By weight P serves arms and 20 t of others, so 40 t
of metal and all powder are exposed. Metal holds a half of Nd, powder a quarter of Nd and a tenth of
Dy.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from builders import Rows, chain, folder_of, plant, project

from opt import api
from opt.audit import audit_run
from opt.report.folder import write_run

CONTENTS: Rows = [
    {"commodity": "ore", "element": "Ce", "share": 0.2},
    {"commodity": "ore", "element": "Nd", "share": 0.5},
    {"commodity": "ore", "element": "Dy", "share": 0.1},
    {"commodity": "metal", "element": "Nd", "share": 0.5},
    {"commodity": "metal", "element": "Dy", "share": 0},
    {"commodity": "powder", "element": "Nd", "share": 0.25},
    {"commodity": "powder", "element": "Dy", "share": 0.1},
]
# Weighted, kilograms as they stand: (40 + 20,000) / (60 + 3 x 40 + 20,000).
WEIGHTED = 20040 / 20180
IN_TONNES = (40 + 20) / (100 + 20)
ELEMENTS = {"Dy": 1.0, "Nd": (20 + 5) / (50 + 5)}


def case(
    settings: dict[str, Any] | None = None, unit: str = "kg", powder: float = 20000
) -> dict[str, Rows]:
    """The case; `powder` units of powder are made of 20 t of ore."""
    base = chain(settings, projects=[project("P", "smelt", 60, 10)], contents=CONTENTS)
    good = {"commodity": "powder", "mineral": "M", "stage": "powder", "unit": unit}
    return base | {
        "commodities": [*base["commodities"], {**good, "surplus": "free"}],
        "processes": [*base["processes"], {"process": "mill", "stage": "powder"}],
        "recipes": [
            *base["recipes"],
            {"process": "mill", "commodity": "ore", "amount": -20 / powder},
            {"process": "mill", "commodity": "powder", "amount": 1},
        ],
        "facilities": [*base["facilities"], plant("mill_x", "X", "mill", 1000000)],
        "demand": [
            {"region": "W", "commodity": good, "segment": use, "weight": weight, "2030": amount}
            | {"2033": amount}
            for good, use, weight, amount in (
                ("metal", "arms", 3, 40),
                ("metal", "cars", 1, 60),
                ("powder", "", 1, powder),
            )
        ],
    }


def solved(folder: Path, sheets: dict[str, Rows]) -> Any:
    return api.solve(api.load(folder_of(folder, sheets)))


def test_measures_by_hand(tmp_path: Path) -> None:
    run = solved(tmp_path, case())
    assert run.metrics.dependence == pytest.approx(WEIGHTED, abs=2e-6)
    assert run.metrics.tonnes_dependence == pytest.approx(IN_TONNES, abs=2e-6)
    assert run.metrics.element_dependence == pytest.approx(ELEMENTS, abs=2e-6)
    assert run.baseline.tonnes_dependence == pytest.approx(1, abs=2e-6)
    assert run.baseline.element_dependence == pytest.approx({"Dy": 1, "Nd": 1}, abs=2e-6)


def test_only_years_that_count_are_measured(tmp_path: Path) -> None:
    """P operates from 2032 on, and 2033 alone counts; or 2031, in which all is exposed."""
    for year, tonnes in ((2033, IN_TONNES), (2031, 1.0)):
        sheets = case({"dependence_from": year, "dependence_to": year})
        sheets["projects"][0] |= {"earliest": 2032}
        run = solved(tmp_path / str(year), sheets)
        assert run.metrics.tonnes_dependence == pytest.approx(tonnes, abs=2e-6)


def test_elements_are_told_as_chosen(tmp_path: Path) -> None:
    run = solved(tmp_path, case({"elements": "nd; Ce"}))
    assert run.metrics.element_dependence == pytest.approx({"Nd": ELEMENTS["Nd"]}, abs=2e-6)


def test_demand_in_no_unit_of_mass_is_not_told_in_tonnes(tmp_path: Path) -> None:
    """Powder holds Dy and Nd, so neither is told."""
    run = solved(tmp_path, case(unit="m3", powder=20))
    assert run.metrics.tonnes_dependence is None
    assert run.metrics.element_dependence == {}
    assert [row["measure"] for row in run.tables["measures"].to_dict("records")] == ["weighted"]
    assert audit_run(api.write(run, tmp_path / "run")).passed


def test_measures_stand_in_every_document(tmp_path: Path) -> None:
    """The sentence in the memo and on the page, the table in results.xlsx too."""
    run = solved(tmp_path, case({"elements": "Nd"}))
    folder = write_run(run, tmp_path / "run")
    assert audit_run(folder).passed
    metrics = json.loads((folder / "run.json").read_text(encoding="utf-8"))["metrics"]
    assert metrics["tonnes_dependence"] == pytest.approx(IN_TONNES, abs=2e-6)
    assert metrics["baseline"]["element_dependence"] == pytest.approx({"Nd": 1}, abs=2e-6)
    said = (
        "Counted without weights over 2030 to 2033, dependence in plain tonnes is 50.0% with the"
        " plan and 100.0% without; that of Nd 45.5% with the plan and 100.0% without."
    )
    memo = docx.Document(str(folder / "memo.docx"))
    assert [p.text for p in memo.paragraphs if p.text.endswith(said)]
    assert said in (folder / "report.html").read_text(encoding="utf-8")
    sheet = openpyxl.load_workbook(folder / "results.xlsx")["Measures"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    assert [row[:2] for row in rows] == [["weighted", ""], ["tonnes", ""], ["element", "Nd"]]
    assert [row[2] for row in rows] == pytest.approx(
        [WEIGHTED, IN_TONNES, ELEMENTS["Nd"]], abs=2e-6
    )
    assert [row[3] for row in rows] == pytest.approx([1, 1, 1], abs=2e-6)


def test_equal_measures_are_told_once(tmp_path: Path) -> None:
    """Of one use in tonnes with one element nothing is to be said beside the key numbers."""
    run = solved(tmp_path, chain(projects=[project("P", "smelt", 60, 10)]))
    page = (write_run(run, tmp_path / "run") / "report.html").read_text(encoding="utf-8")
    assert "Counted without weights" not in page
    assert 'id="measures"' not in page
    assert page.count("Dependence in plain tonnes") == 2  # with the plan and without new money


def test_a_read_run_has_its_measures(tmp_path: Path) -> None:
    run = solved(tmp_path, case())
    again = api.read(api.write(run, tmp_path / "run"))
    assert (again.metrics, again.baseline) == (run.metrics, run.baseline)
