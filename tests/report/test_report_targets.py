"""What a target measures, in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from run_factory import make_tables, row

from opt.record.case import CaseRecord
from opt.record.targets import TargetResult
from opt.report.sections.targets import target_unit, target_words
from opt.results.case import case_record


def _case(path: Path, metric: str, scope: str) -> CaseRecord:
    """The hand-made case with a region of bloc other, a use, and one target."""
    tables = make_tables(path / "case.xlsx", full=True)
    other = row("regions", 8, region="OT", name="Otherland", bloc="other")
    used = row("demand", 6, {2026: 1.0}, region="AL", commodity="c3", segment="vehicles")
    rows = {
        "regions": (*tables.rows["regions"], other),
        "demand": (*tables.rows["demand"], used),
        "targets": (row("targets", 5, target="T", metric=metric, scope=scope, year=2030),),
    }
    return case_record(replace(tables, rows={**tables.rows, **rows}))


def _target(metric: str, scope: str) -> TargetResult:
    return TargetResult("T", metric, scope, 2030, "at_most", 0.5, 0.4, 0.1, 0.9)


@pytest.mark.parametrize(
    ("metric", "scope", "words"),
    [
        ("dependence", "", "Dependence of all allied demand"),
        ("dependence", "ALL", "Dependence of all allied demand"),
        ("dependence", "C3", "Dependence of allied demand for magnet product"),
        ("shortfall", "al", "Unserved share of demand of Aland"),
        ("shortfall", "bloc: Ally", "Unserved share of demand of allied countries"),
        ("shortfall", "E1", "Unserved share of allied demand for element E1"),
        ("shortfall", "vehicles", "Unserved share of allied demand for use vehicles"),
        (
            "source_share",
            "metal:any",
            "Share of stage metal products for allied countries that comes from any one country or "
            "is short",
        ),
        (
            "source_share",
            "metal:bloc:covered:BL",
            "Share of stage metal products for Bland that comes from Coverland or is short",
        ),
        (
            "source_share",
            "metal:Other:BL",
            "Share of stage metal products for Bland that comes from other countries or is short",
        ),
        ("home_share", "magnet:AL", "Output of stage magnet in Aland over demand there"),
        (
            "home_share",
            "magnet:bloc:ally:E2",
            "Output of stage magnet in allied countries over demand of E2 there",
        ),
        ("output", "c2 : BL", "Output of metal product in Bland"),
    ],
)
def test_a_target_is_told_in_words(tmp_path: Path, metric: str, scope: str, words: str) -> None:
    assert target_words(_case(tmp_path, metric, scope), _target(metric, scope)) == words


def test_only_output_has_a_unit() -> None:
    assert target_unit(replace(_target("output", "C2:bl"), unit="t")) == "t"
    assert target_unit(_target("home_share", "metal:BL")) == ""
