"""The audit of offtakes, against a case of one plant and two contracts worked out by hand.

2026. Ally `aland` collects 10 t of oxide, clear, and asks for 10. Of the plant's output 60% is bound
to `oth`, which asks for 8 t, and 30% to allies. In the allied flows, in which nobody but allies is
served, the holder keeps its 6 t; aland uses 4 t and is short of 6. In the world's flows the holder
ships 6 t to oth, as exposed, because clear flows stay as they were.
"""

# ruff: noqa: E501 (rows of CSV are one line each)
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from test_audit import Figures, Run, audit_written, change, small_run, write_sheets

from opt.audit.case import derive_case
from opt.audit.contracts import read_offtakes
from opt.data.reader import read

SHEETS = {
    "settings": """key,value
        schema,1
        first_year,2026
        last_year,2026""",
    "regions": """region,bloc
        aland,ally
        china,covered
        oth,other""",
    "commodities": """commodity,mineral,stage
        oxide,rare earths,refined""",
    "processes": """process,stage
        collect,collection""",
    "recipes": """process,commodity,amount
        collect,oxide,1""",
    "facilities": """facility,region,processes,capacity
        scrap_a,aland,collect,10""",
    "demand": """region,commodity,2026
        aland,oxide,10
        oth,oxide,8""",
    "offtakes": """facility,project,commodity,destination,share,last_year
        scrap_a,,oxide,oth,0.6,
        scrap_a,,oxide,bloc:ally,0.3,2026""",
}
TABLES = {
    "activity": """flows,plant,process,origin,year,activity
        both,scrap_a,collect,clear,2026,10
        baseline,scrap_a,collect,clear,2026,10""",
    "shipments": """flows,from,to,commodity,origin,year,amount
        world,aland,oth,oxide,exposed,2026,6""",
    "leftovers": """flows,region,commodity,origin,year,downgraded,surplus,contracted
        allied,aland,oxide,clear,2026,0,0,6
        world,aland,oxide,clear,2026,6,0,0
        baseline,aland,oxide,clear,2026,0,0,6""",
    "deliveries": """flows,region,commodity,segment,year,demand,clear,exposed,short
        both,aland,oxide,,2026,10,4,0,6
        world,oth,oxide,,2026,8,0,6,2
        baseline,aland,oxide,,2026,10,4,0,6""",
    "world": """stage,region,bloc,year,output,share,hhi
        collection,aland,ally,2026,10,1,10000""",
    "touch": """stage,year,share,baseline_share
        refined,2026,0,0""",
}
FIGURES = Figures(
    by_year={2026: (10, 0, 6)}, baseline={2026: (10, 0, 6)}, pooled={2026: 0.6}, world=2
)


def offtake_run() -> Run:
    """The right answer of the case."""
    return small_run(SHEETS, TABLES, FIGURES)


def shares(*given: str) -> Callable[[Run], None]:
    """A tampering with the shares of the two contracts."""

    def tamper(run: Run) -> None:
        for row, share in zip(run.sheets["offtakes"], given, strict=True):
            row["share"] = share

    return tamper


def bind_to(*destinations: str) -> Callable[[Run], None]:
    """A tampering with the destinations of the two contracts."""

    def tamper(run: Run) -> None:
        for row, destination in zip(run.sheets["offtakes"], destinations, strict=True):
            row["destination"] = destination

    return tamper


def leave_it_to_nobody(run: Run) -> None:
    """What the holder keeps is surplus: it may also leave it unused."""
    for flows in ("allied", "baseline"):
        run.row("leftovers", flows=flows).update(surplus=6, contracted=0)


def use_it_at_home(run: Run) -> None:
    """aland takes 1 t of what is bound to oth."""
    for flows in ("allied", "baseline"):
        run.row("leftovers", flows=flows)["contracted"] = 5
        run.row("deliveries", flows=flows).update(clear=5, short=5)


TAMPERINGS: dict[str, Callable[[Run], None]] = {
    "limit_contracted": shares("0.2", "0.3"),
    "keep_offtakes": shares("0.65", "0.3"),
}

OTHER_SIDES: dict[str, Callable[[Run], None]] = {
    # 5 t stay by contract, and 6 of 10 t leave
    "sent away from home": shares("0.1", "0.5"),
    # 3 t bound to china do not leave
    "bound to another": bind_to("oth", "china"),
    # each of them is kept, but 6 t do not serve 6 and 3 at a time
    "together": bind_to("oth", "bloc:other"),
}

HARMLESS: dict[str, Callable[[Run], None]] = {
    "surplus": leave_it_to_nobody,
    "less bound": shares("0.6", "0"),
    "all regions of a bloc": bind_to("bloc:other", "aland"),
    "less than was kept": shares("0.55", "0.4"),
}


def test_right_answer_passes(tmp_path: Path) -> None:
    assert audit_written(tmp_path, offtake_run()).findings == ()


@pytest.mark.parametrize("rule", TAMPERINGS)
def test_one_tampering_breaks_exactly_its_rule(rule: str, tmp_path: Path) -> None:
    run = offtake_run()
    TAMPERINGS[rule](run)
    assert {finding.rule for finding in audit_written(tmp_path, run).findings} == {rule}


@pytest.mark.parametrize("name", OTHER_SIDES)
def test_other_sides_of_bound_output(name: str, tmp_path: Path) -> None:
    run = offtake_run()
    OTHER_SIDES[name](run)
    assert {f.rule for f in audit_written(tmp_path, run).findings} == {"keep_offtakes"}


def test_what_allies_take_of_bound_output_is_found(tmp_path: Path) -> None:
    run = offtake_run()
    use_it_at_home(run)
    places = {f.place for f in audit_written(tmp_path, run).findings if f.rule == "keep_offtakes"}
    assert places == {
        f"{flows} aland oxide 2026 oth {kind}"
        for flows in ("allied", "baseline")
        for kind in ("clear", "both")
    }


@pytest.mark.parametrize("name", HARMLESS)
def test_what_changes_nothing_passes(name: str, tmp_path: Path) -> None:
    run = offtake_run()
    HARMLESS[name](run)
    assert audit_written(tmp_path, run).findings == ()


def test_contract_ends_and_names_a_place(tmp_path: Path) -> None:
    run = offtake_run()
    bind_to("china", "bloc:other")(run)
    case = derive_case(read(write_sheets(tmp_path, run.sheets)), None)
    first, second = read_offtakes(case)["aland", "oxide"]
    assert (first.destinations, first.last_year) == ({"china"}, 2026)
    assert (second.destinations, second.share) == ({"oth"}, 0.3)


def test_ended_contract_binds_no_more(tmp_path: Path) -> None:
    """With a last year before, nothing is bound; and nothing may be kept by contract."""
    run = offtake_run()
    for row in run.sheets["offtakes"]:
        row["last_year"] = "2025"
    change("settings", "first_year", value="2026")(run)
    assert {f.rule for f in audit_written(tmp_path, run).findings} == {"limit_contracted"}
