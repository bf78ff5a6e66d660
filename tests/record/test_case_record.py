"""What a run tells of its workbook: names, grades, sources and the scenario, by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from builders import Rows, chain, folder_of, project, solved

from opt.data.reader import read
from opt.record.case import CaseRecord, ScopeRecord
from opt.results.case import case_record

SHOCKS: Rows = [
    {"scenario": "late", "what": "supply", "first_year": 2032, "factor": 0.5},
    {"scenario": "late", "what": "demand", "first_year": 2031, "factor": 2},
    {"scenario": "whole", "what": "demand", "factor": 2},
]


def case(**sheets: Rows) -> dict[str, Rows]:
    """The chain with two candidates, a programme, sources and scenarios."""
    projects = [
        project("A", "smelt", 50, 40, name="Works A", decision="force 2031", confidence="B"),
        project("B", "smelt", 60, 40, public_share=0.3, requires="a", source="s1; s2"),
        project("C", "dig; smelt", 70, 40, capacity_of="ore", capacity="", capacity_max=9),
    ]
    names = ("late", "whole", "calm")
    return {
        **chain({"public_share": 0.1}),
        "projects": projects,
        "programmes": [{"programme": "P", "amount": 50, "source": "s2"}],
        "scenarios": [{"scenario": key, "name": key.upper()} for key in names],
        "shocks": SHOCKS,
        "sources": [{"source": "s1", "title": "Yearbook"}, {"source": "s2", "title": "Survey"}],
        **sheets,
    }


def record(path: Path, scenario: str | None = None, **sheets: Rows) -> CaseRecord:
    """The record of the case."""
    return case_record(read(folder_of(path, case(**sheets))), scenario)


def test_candidates_are_told_as_the_sheet_has_them(tmp_path: Path) -> None:
    projects = record(tmp_path).projects
    assert [p.name for p in projects.values()] == ["Works A", "B", "C"]
    assert [p.forced for p in projects.values()] == [True, False, False]
    assert [p.public_share for p in projects.values()] == [0.1, 0.3, 0.1]
    assert [p.grade for p in projects.values()] == ["B", "none", "none"]
    assert [p.capacity for p in projects.values()] == [50, 60, None]
    assert [p.stage for p in projects.values()] == ["metal", "metal", "mining; metal"]
    assert projects["B"].requires == "A"
    assert projects["B"].sources == ("s1", "s2")
    # A tonne of ore goes into a unit of either process.
    assert projects["C"].rates == {"dig": 1, "smelt": 1}


def test_names_stand_for_themselves_where_none_is_given(tmp_path: Path) -> None:
    told = record(tmp_path)
    assert told.covered == "X"
    assert [told.plant_name(key) for key in ("A", "mine_w", "nobody")] == [
        *("Works A", "mine_w", "nobody")
    ]
    assert [told.programme_name(key) for key in ("P", "nobody")] == ["P", "nobody"]
    assert told.scenarios["late"] == "LATE"
    assert (told.processes["smelt"].unit, told.commodities["ore"].unit) == ("t", "t")


def test_stages_sort_in_the_order_of_the_chain(tmp_path: Path) -> None:
    told = record(tmp_path)
    assert told.stages == ("mining", "metal")
    assert sorted(["stock", "metal", "magic", "mining"], key=told.rank) == [
        *("mining", "metal", "magic", "stock")
    ]


@pytest.mark.parametrize(
    ("scenario", "first"), [(None, None), ("calm", None), ("late", 2031), ("whole", 2030)]
)
def test_shocks_begin_with_the_first_of_the_scenario(
    tmp_path: Path, scenario: str | None, first: int | None
) -> None:
    assert record(tmp_path, scenario).shocks_from == first


def test_scopes_are_told_as_they_are_named(tmp_path: Path) -> None:
    def target(metric: str, scope: str) -> dict[str, Any]:
        return {"target": metric, "metric": metric, "scope": scope, "year": 2033, "bound": 1}

    rows = [
        target("dependence", "w"),
        target("shortfall", "bloc:Ally"),
        target("source_share", "metal:any"),
        target("output", "METAL:w"),
    ]
    assert list(record(tmp_path, targets=rows).scopes.values()) == [
        ScopeRecord("regions", users="W"),
        ScopeRecord("regions", users="bloc:ally"),
        ScopeRecord("source_share", stage="metal", users="bloc:ally", source="any"),
        ScopeRecord("output", commodity="metal", users="W"),
    ]


def test_a_run_holds_the_record_of_its_scenario(tmp_path: Path) -> None:
    run = solved(tmp_path, case(), scenario="late")
    assert run.case.shocks_from == 2031
    assert run.case.settings == run.workbook.settings
    assert run.case == case_record(run.workbook, "late")
