"""The audit of least use, against a case of one year worked out by hand.

In 2026 `aland` needs 10 t of metal and `oth` 4 t; `smelt_c` of china makes all of it, of ore from
aland, though oth has a smelter of 10. `host` digs 30 t of ore whatever is needed: 0.6 of its 50. Of
the 20 t that smelt_c should make at least (0.5 of 40) 10 t stand idle where allies alone are
served, 6 t where oth is too, at USD 2 million a tonne: 20 million. Nobody is short of metal, and
ore is left over.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from test_audit import Figures, Run, audit_written, cell, small_run

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
        ore,rare earths,mined
        metal,rare earths,smelted""",
    "processes": """process,stage
        dig,mining
        smelt,smelting""",
    "recipes": """process,commodity,amount
        dig,ore,1
        smelt,ore,-1
        smelt,metal,1""",
    "facilities": """facility,region,processes,capacity,opex,least_use,idle_cost,controlled_by
        host,aland,dig,50,,0.6,,
        smelt_c,china,smelt,40,1000000,0.5,2000000,
        smelt_o,oth,smelt,10,,,,covered""",
    "demand": """region,commodity,2026
        aland,metal,10
        oth,metal,4""",
}
TABLES = {
    "activity": """flows,plant,process,origin,year,activity
        allied,host,dig,exposed,2026,30
        allied,smelt_c,smelt,exposed,2026,10
        world,host,dig,exposed,2026,30
        world,smelt_c,smelt,exposed,2026,14
        baseline,host,dig,exposed,2026,30
        baseline,smelt_c,smelt,exposed,2026,10
        baseline_world,smelt_c,smelt,exposed,2026,13""",
    "shipments": """flows,from,to,commodity,origin,year,amount
        allied,aland,china,ore,exposed,2026,10
        allied,china,aland,metal,exposed,2026,10
        world,aland,china,ore,exposed,2026,14
        world,china,aland,metal,exposed,2026,10
        world,china,oth,metal,exposed,2026,4
        baseline,aland,china,ore,exposed,2026,10
        baseline,china,aland,metal,exposed,2026,10""",
    "leftovers": """flows,region,commodity,origin,year,downgraded,surplus,contracted
        allied,aland,ore,exposed,2026,0,20,0
        world,aland,ore,exposed,2026,0,16,0
        baseline,aland,ore,exposed,2026,0,20,0""",
    "deliveries": """flows,region,commodity,segment,year,demand,clear,exposed,short
        allied,aland,metal,,2026,10,0,10,0
        world,aland,metal,,2026,10,0,10,0
        world,oth,metal,,2026,4,0,4,0
        baseline,aland,metal,,2026,10,0,10,0""",
    "idle": """facility,year,least_use,idle,allied_idle,baseline_idle,idle_cost,lacks
        host,2026,30,0,0,30,,
        smelt_c,2026,20,6,10,7,2000000,demand for metal""",
    "world": """stage,region,bloc,year,output,share,hhi
        mining,aland,ally,2026,30,1,10000
        smelting,china,covered,2026,14,1,10000""",
    "touch": """stage,year,share,baseline_share
        smelting,2026,1,1""",
}
# 10 t at an opex of USD 1 million; what stands idle is no part of the cost.
FIGURES = Figures(
    by_year={2026: (10, 10, 0)},
    baseline={2026: (10, 10, 0)},
    pooled={2026: 1.0},
    costs={"opex": (10,)},
    idle=20.0,
)


def idle_run() -> Run:
    """The right answer of the case."""
    return small_run(SHEETS, TABLES, FIGURES)


def bind_the_host_to_more(run: Run) -> None:
    run.sheet("facilities", "host")["least_use"] = "0.61"
    run.row("idle", facility="host").update(least_use=30.5, idle=0.5, allied_idle=0.5)
    run.row("idle", facility="host").update(baseline_idle=30.5, lacks="demand for ore")


def idle_more_for_the_world(run: Run) -> None:
    """Everybody served, oth smelts 5 of the 14 t itself and ships one of them to aland."""
    at = {"flows": "world", "origin": "exposed", "year": 2026}
    run.row("activity", flows="world", plant="smelt_c")["activity"] = 9
    run.tables["activity"].append(at | {"plant": "smelt_o", "process": "smelt", "activity": 5})
    run.tables["shipments"] = [r for r in run.tables["shipments"] if r["flows"] != "world"]
    for origin, to, commodity, amount in (
        ("aland", "china", "ore", 9),
        ("aland", "oth", "ore", 5),
        ("china", "aland", "metal", 9),
        ("oth", "aland", "metal", 1),
    ):
        shipped = {"from": origin, "to": to, "commodity": commodity, "amount": amount}
        run.tables["shipments"].append(at | shipped)
    hhi = 10_000 * ((9 / 14) ** 2 + (5 / 14) ** 2)
    run.row("world", region="china").update(output=9, share=9 / 14, hhi=hhi)
    oth = {"stage": "smelting", "region": "oth", "bloc": "other", "year": 2026}
    run.tables["world"].append(oth | {"output": 5, "share": 5 / 14, "hhi": hhi})
    run.row("idle", facility="smelt_c")["idle"] = 11


TAMPERINGS: dict[str, Callable[[Run], None]] = {
    "keep_least_use": bind_the_host_to_more,
    "limit_world_idle": idle_more_for_the_world,
    "define_idle": cell("idle", "idle", 6.1, facility="smelt_c"),
}


def dearer(run: Run) -> None:
    """An idle unit costs USD 2.1 million in the workbook: 21 million, where the pass says 20."""
    run.sheet("facilities", "smelt_c")["idle_cost"] = "2100000"
    run.row("idle", facility="smelt_c")["idle_cost"] = 2_100_000


def by_year(run: Run) -> None:
    """The same least use, of sheet least_use."""
    run.sheet("facilities", "smelt_c")["least_use"] = ""
    run.sheets["least_use"] = [{"facility": "smelt_c", "2026": "0.5"}]


def take_a_row_away(run: Run) -> None:
    run.tables["idle"] = [row for row in run.tables["idle"] if row["facility"] != "host"]


def add_a_row(run: Run) -> None:
    run.tables["idle"].append(dict(run.tables["idle"][0]) | {"facility": "smelt_o"})


MORE: tuple[tuple[str, str, Callable[[Run], None]], ...] = (
    ("what lacks", "define_idle", cell("idle", "lacks", "input ore", facility="smelt_c")),
    ("nothing lacks", "define_idle", cell("idle", "lacks", "", facility="smelt_c")),
    ("a host has no cost", "define_idle", cell("idle", "idle_cost", 5, facility="host")),
    ("idle of allies", "define_idle", cell("idle", "allied_idle", 9, facility="smelt_c")),
    ("idle without money", "define_idle", cell("idle", "baseline_idle", 6, facility="smelt_c")),
    ("least use", "define_idle", cell("idle", "least_use", 21, facility="smelt_c")),
    ("a row left out", "define_idle", take_a_row_away),
    ("a row too many", "define_idle", add_a_row),
    ("cost of the cost pass", "keep_pass", dearer),
)


def test_the_right_answer_passes(tmp_path: Path) -> None:
    report = audit_written(tmp_path, idle_run())
    assert report.findings == ()
    assert report.checked["keep_least_use"] > 0
    assert report.checked["limit_world_idle"] == 2


@pytest.mark.parametrize("rule", TAMPERINGS)
def test_one_tampering_breaks_exactly_its_rule(rule: str, tmp_path: Path) -> None:
    run = idle_run()
    TAMPERINGS[rule](run)
    assert broken(tmp_path, run) == {rule}


@pytest.mark.parametrize(("rule", "tamper"), [case[1:] for case in MORE], ids=[c[0] for c in MORE])
def test_more_tamperings(rule: str, tamper: Callable[[Run], None], tmp_path: Path) -> None:
    run = idle_run()
    tamper(run)
    assert broken(tmp_path, run) == {rule}


def broken(tmp_path: Path, run: Run) -> set[str]:
    """The rules that are broken."""
    return {finding.rule for finding in audit_written(tmp_path, run).findings}


def test_shares_by_year_are_the_same_case(tmp_path: Path) -> None:
    run = idle_run()
    by_year(run)
    assert audit_written(tmp_path, run).findings == ()
