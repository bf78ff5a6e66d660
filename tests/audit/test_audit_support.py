"""The audit of price and output support, against a case of one plant with a gap worked out by hand.

2026-2027, prices in USD million: a tonne of ore costs 1, a tonne of oxide 9 and in 2027 15. Ally
`aland` digs ore and makes 5 t of its oxide itself: 2 t of ore and 10 of opex for 1 t. That lacks
10 + 2 - 9 = 3 a tonne in 2026 and nothing in 2027. What else it needs, 3 t, `china` makes of ore
from aland. Three programmes fill the gap of 3 x 5 = 15: `floor` tops the price up to 10.5, so 1.5 a
tonne for 4 t; `bonus` pays 2 a tonne for 3 t; `filler` pays the gap itself for 1 t.
"""

# ruff: noqa: E501 (rows of CSV are one line each)

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from test_audit import (
    Figures,
    Run,
    add,
    audit_written,
    cell,
    change,
    give,
    leave,
    small_run,
    write_sheets,
    write_twice,
)

from opt.audit import read_answer
from opt.audit.evidence import Evidence, derive_evidence
from opt.audit.support import gap, may_support, rate
from opt.data.reader import read

SHEETS = {
    "settings": """key,value
        schema,1
        first_year,2026
        last_year,2027
        losing_plants,need_support""",
    "regions": """region,bloc
        aland,ally
        china,covered""",
    "commodities": """commodity,mineral,stage
        ore,rare earths,mined
        oxide,rare earths,refined""",
    "processes": """process,stage
        dig,mining
        refine,refining""",
    "recipes": """process,commodity,amount
        dig,ore,1
        refine,ore,-2
        refine,oxide,1""",
    "facilities": """facility,region,processes,capacity,opex
        mine_a,aland,dig,30,
        ref_a,aland,refine,6,10000000
        ref_c,china,refine,10,99000000""",
    "programmes": """programme,instrument,amount,pays_for,commit_to,2026
        floor,price_support,8,price_support,2026,8
        bonus,output_support,9,capex; output_support,,
        filler,price_support,3,price_support,,""",
    "supports": """programme,commodity,basis,amount,first_year,last_year
        floor,oxide,floor,10500000,,
        bonus,oxide,per_unit,2000000,2026,""",
    "demand": """region,commodity,2026,2027
        aland,oxide,8,8""",
    "prices": """commodity,market,2026,2027
        ore,*,1000000,1000000
        oxide,*,9000000,15000000""",
}
TABLES = {
    "activity": """flows,plant,process,origin,year,activity
        both,mine_a,dig,clear,2026,10
        both,mine_a,dig,exposed,2026,6
        both,ref_a,refine,clear,2026,5
        both,ref_c,refine,exposed,2026,3
        both,mine_a,dig,clear,2027,10
        both,mine_a,dig,exposed,2027,6
        both,ref_a,refine,clear,2027,5
        both,ref_c,refine,exposed,2027,3
        baseline,mine_a,dig,exposed,2026,16
        baseline,ref_c,refine,exposed,2026,8
        baseline,mine_a,dig,clear,2027,10
        baseline,mine_a,dig,exposed,2027,6
        baseline,ref_a,refine,clear,2027,5
        baseline,ref_c,refine,exposed,2027,3""",
    "shipments": """flows,from,to,commodity,origin,year,amount
        both,aland,china,ore,exposed,2026,6
        both,china,aland,oxide,exposed,2026,3
        both,aland,china,ore,exposed,2027,6
        both,china,aland,oxide,exposed,2027,3
        baseline,aland,china,ore,exposed,2026,16
        baseline,china,aland,oxide,exposed,2026,8
        baseline,aland,china,ore,exposed,2027,6
        baseline,china,aland,oxide,exposed,2027,3""",
    "leftovers": """flows,region,commodity,origin,year,downgraded,surplus,contracted
        both,aland,ore,clear,2026,0,0,0""",
    "deliveries": """flows,region,commodity,segment,year,demand,clear,exposed,short
        both,aland,oxide,,2026,8,5,3,0
        both,aland,oxide,,2027,8,5,3,0
        baseline,aland,oxide,,2026,8,0,8,0
        baseline,aland,oxide,,2027,8,5,3,0""",
    "payments": """use,thing,process,year,programme,activity,paid_musd
        support,ref_a,refine,2026,floor,4,6
        support,ref_a,refine,2026,bonus,3,6
        support,ref_a,refine,2026,filler,1,3""",
    "margins": """plant,process,year,gap,activity,baseline_activity
        ref_a,refine,2026,3000000,5,0""",
    "money": """programme,year,committed_musd,due_musd,repaid_musd,limit_musd,left_musd,amount_musd,amount_left_musd
        floor,2026,6,6,0,8,2,8,2
        bonus,2026,6,6,0,,,9,3
        filler,2026,3,3,0,,,3,0""",
    "world": """stage,region,bloc,year,output,share,hhi
        mining,aland,ally,2026,16,1,10000
        mining,aland,ally,2027,16,1,10000
        refining,aland,ally,2026,5,0.625,5312.5
        refining,china,covered,2026,3,0.375,5312.5
        refining,aland,ally,2027,5,0.625,5312.5
        refining,china,covered,2027,3,0.375,5312.5""",
    "touch": """stage,year,share,baseline_share
        refining,2026,0.375,1
        refining,2027,0.375,0.375""",
}
# Pooled: 5 of the 8 t of oxide at aland are clear. Opex: 10 x 5, and china's 99 x 3.
FIGURES = Figures(
    by_year={2026: (8, 3, 0), 2027: (8, 3, 0)},
    baseline={2026: (8, 8, 0), 2027: (8, 3, 0)},
    pooled={2026: 0.375, 2027: 0.375},
    costs={"opex": (347, 347), "support": (15, 0)},
    public=15,
)


def support_run() -> Run:
    """The right answer of the case."""
    return small_run(SHEETS, TABLES, FIGURES)


# --- tamperings ------------------------------------------------------------------------------


def pay(run: Run, programme: str, activity: float, musd: float) -> None:
    """Another payment, with its row of money.csv."""
    run.row("payments", programme=programme).update(activity=activity, paid_musd=musd)
    row = run.row("money", programme=programme)
    left = float(row["amount_musd"]) - musd
    row.update(committed_musd=musd, due_musd=musd, amount_left_musd=left)
    if programme == "floor":
        row["left_musd"] = 8 - musd


def write_another_gap(run: Run) -> None:
    run.row("margins", plant="ref_a")["gap"] = 2_999_000


def cover_less_than_the_gap(run: Run) -> None:
    """3.9 t in place of 4: 0.15 less is paid."""
    pay(run, "floor", 3.9, 5.85)
    cost = 708.85
    run.row("costs", part="support", year=2026).update(musd=14.85, discounted_musd=14.85)
    run.json["metrics"].update(public_musd=14.85, cost_musd=cost)
    run.json["metrics"]["cost_parts"]["support"] = 14.85
    run.passed("cost").update(value=cost, bound=cost)


def pay_another_rate(run: Run) -> None:
    pay(run, "floor", 4, 6.1)
    pay(run, "bonus", 3, 5.9)


def support_more_than_runs(run: Run) -> None:
    """5.2 t x 1.5 + 3 t x 2 + 0.4 t x 3 cover 15 as well."""
    pay(run, "floor", 5.2, 7.8)
    pay(run, "filler", 0.4, 1.2)


def support_without_leave(run: Run) -> None:
    run.sheets["eligibility"] = []
    add("eligibility", programme="bonus", field="region", value="aland", rule="never")(run)


TAMPERINGS: dict[str, Callable[[Run], None]] = {
    "define_margins": write_another_gap,
    "cover_gap": cover_less_than_the_gap,
    "define_support": pay_another_rate,
    "limit_supported": support_more_than_runs,
    "limit_supporters": support_without_leave,
}


def run_in_the_baseline(run: Run) -> None:
    """1 t of clear oxide that nobody uses."""
    at = {"flows": "baseline", "origin": "clear", "year": 2026}
    run.tables["activity"].append(at | {"plant": "mine_a", "process": "dig", "activity": 2})
    run.tables["activity"].append(at | {"plant": "ref_a", "process": "refine", "activity": 1})
    leave(run, at, "aland", "oxide", 1)
    run.row("margins", plant="ref_a")["baseline_activity"] = 1


def run_more_for_the_world(run: Run) -> None:
    """1 t of exposed oxide that nobody uses: q covers 5 t alone."""
    at = {"flows": "world", "origin": "exposed", "year": 2026}
    run.row("activity", plant="mine_a", flows="world", origin="exposed", year="2026")[
        "activity"
    ] = 8
    run.tables["activity"].append(at | {"plant": "ref_a", "process": "refine", "activity": 1})
    leave(run, at, "aland", "oxide", 1)
    for row, output in zip(run.tables["world"], (18, 16, 6, 3), strict=False):
        row["output"] = output
    for row in run.tables["world"][2:4]:
        row.update(share=row["output"] / 9, hhi=10_000 * (36 + 9) / 81)
    run.json["metrics"]["pooled_by_year"]["2026"] = 8 * (3 / 9) / 8
    run.row("dependence", year=2026)["pooled_dependence"] = 8 * (3 / 9) / 8
    run.json["metrics"]["pooled_dependence"] = (8 / 3 + 3) / 16


def support_without_a_gap(run: Run) -> None:
    """bonus pays in 2027 as well, when nothing is lacking."""
    row = dict(run.row("payments", programme="bonus")) | {"year": 2027, "activity": 0.5}
    run.tables["payments"].append(row | {"paid_musd": 1})
    money = dict(run.row("money", programme="bonus")) | {"committed_musd": 1, "due_musd": 1}
    run.tables["money"].append(money | {"year": 2027, "amount_left_musd": 2})
    run.row("costs", part="support", year=2027).update(musd=1, discounted_musd=1)
    run.json["metrics"].update(public_musd=16, cost_musd=710)
    run.json["metrics"]["cost_parts"]["support"] = 16
    run.passed("cost").update(value=710, bound=710)


OTHER_SIDES: dict[str, tuple[str, Callable[[Run], None]]] = {
    "unknown supporter": ("known_names", cell("payments", "programme", "x", programme="floor")),
    "unknown process": ("known_names", cell("payments", "process", "dig", programme="floor")),
    "process of another use": ("known_names", cell("payments", "use", "stock", programme="floor")),
    "no activity": ("known_names", cell("payments", "activity", None, programme="floor")),
    "unknown plant": ("known_names", cell("margins", "plant", "x", plant="ref_a")),
    "support twice": ("unique_rows", write_twice("payments")),
    "margin twice": ("unique_rows", write_twice("margins")),
    "supports less than nothing": (
        "limit_sign",
        cell("payments", "activity", -1, programme="filler"),
    ),
    "gap below nothing": ("limit_sign", cell("margins", "gap", -1, plant="ref_a")),
    "margin left out": ("define_margins", lambda run: run.tables["margins"].clear()),
    "margin without a gap": (
        "define_margins",
        lambda run: run.tables["margins"].append(
            {"plant": "ref_a", "process": "refine", "year": 2027, "gap": 1000}
            | {"activity": 5, "baseline_activity": 5}
        ),
    ),
    "activity not as run": ("define_margins", cell("margins", "activity", 4, plant="ref_a")),
    "baseline not as run": (
        "define_margins",
        cell("margins", "baseline_activity", 1, plant="ref_a"),
    ),
    "runs in the baseline": ("cover_gap", run_in_the_baseline),
    "runs more for the world": ("cover_gap", run_more_for_the_world),
    "supports what lacks nothing": ("limit_supported", support_without_a_gap),
    "before it may commit": (
        "limit_supporters",
        change("programmes", "filler", commit_from="2027"),
    ),
    "counted against amount": ("limit_programme", lambda run: give(run, "floor", 5.9)),
    "due without support": (
        "define_money_table",
        cell("money", "due_musd", 0, programme="filler"),
    ),
    "costs without support": (
        "define_costs_table",
        lambda run: run.tables["costs"].remove(run.row("costs", part="support", year=2026)),
    ),
}

HARMLESS: dict[str, Callable[[Run], None]] = {
    "only where it stands": add(
        "eligibility", programme="floor", field="bloc", value="ally", rule="only"
    ),
    "never of another stage": add(
        "eligibility", programme="floor", field="stage", value="mining", rule="never"
    ),
    "row of no use": add(
        "supports", programme="bonus", commodity="ore", basis="per_unit", amount="5"
    ),
}


def test_right_answer_passes(tmp_path: Path) -> None:
    assert audit_written(tmp_path, support_run()).findings == ()


@pytest.mark.parametrize("rule", TAMPERINGS)
def test_one_tampering_breaks_exactly_its_rule(rule: str, tmp_path: Path) -> None:
    run = support_run()
    TAMPERINGS[rule](run)
    assert {finding.rule for finding in audit_written(tmp_path, run).findings} == {rule}


@pytest.mark.parametrize("name", OTHER_SIDES)
def test_other_sides_of_rules(name: str, tmp_path: Path) -> None:
    rule, tamper = OTHER_SIDES[name]
    run = support_run()
    tamper(run)
    assert {finding.rule for finding in audit_written(tmp_path, run).findings} == {rule}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_changes_nothing_passes(name: str, tmp_path: Path) -> None:
    run = support_run()
    HARMLESS[name](run)
    assert audit_written(tmp_path, run).findings == ()


# --- the audit's own derivations, each against a figure worked out by hand --------------------


def evidence_with(tmp_path: Path, *tampers: Callable[[Run], None]) -> Evidence:
    """The case after some changes, beside the answer as it is."""
    run = support_run()
    for tamper in tampers:
        tamper(run)
    tables = read(write_sheets(tmp_path / "book", run.sheets))
    return derive_evidence(tables, read_answer(audit_folder(tmp_path)))


def audit_folder(tmp_path: Path) -> Path:
    """A written run folder of the right answer."""
    audit_written(tmp_path / "run", support_run())
    return tmp_path / "run"


def gaps_of(evidence: Evidence, plant: str, process: str) -> list[float]:
    """The gaps of both years, USD million."""
    case = evidence.case
    return [gap(evidence, case.plant(plant), process, t) / 1e6 for t in case.years]


def rates_of(evidence: Evidence, programme: str) -> list[float]:
    """What a programme pays ref_a in both years, USD million per tonne."""
    case = evidence.case
    return [rate(evidence, programme, case.plant("ref_a"), "refine", t) / 1e6 for t in case.years]


def test_gap_is_what_costs_exceed_earnings(tmp_path: Path) -> None:
    evidence = evidence_with(tmp_path)
    assert gaps_of(evidence, "ref_a", "refine") == pytest.approx([3, 0])
    assert gaps_of(evidence, "mine_a", "dig") == [0, 0]
    # covered, so not judged, though it lacks 92
    assert gaps_of(evidence, "ref_c", "refine") == [0, 0]


def test_gap_needs_prices_of_inputs_and_of_some_output(tmp_path: Path) -> None:
    no_ore = change("prices", "ore", market="china")
    assert gaps_of(evidence_with(tmp_path / "a", no_ore), "ref_a", "refine") == [0, 0]

    def no_oxide(run: Run) -> None:
        run.sheets["supports"] = run.sheets["supports"][1:]  # no floor under a price not there
        run.sheet("prices", "oxide")["market"] = "china"

    assert gaps_of(evidence_with(tmp_path / "b", no_oxide), "ref_a", "refine") == [0, 0]
    held = change("facilities", "ref_a", controlled_by="covered")
    assert gaps_of(evidence_with(tmp_path / "c", held), "ref_a", "refine") == [0, 0]


def test_gap_is_judged_only_where_losing_plants_need_support(tmp_path: Path) -> None:
    def nobody(run: Run) -> None:
        del run.sheets["supports"]
        for row in run.sheets["programmes"]:
            row.update(pays_for="capex", instrument="grant")

    def runs(run: Run) -> None:
        run.sheets["settings"][-1]["value"] = "run"

    assert gaps_of(evidence_with(tmp_path / "nobody", nobody), "ref_a", "refine") == [3, 0]
    assert gaps_of(evidence_with(tmp_path / "runs", runs), "ref_a", "refine") == [0, 0]


def test_output_without_price_is_worth_nothing(tmp_path: Path) -> None:
    def tail(run: Run) -> None:
        run.sheets["commodities"].append({"commodity": "tail", "mineral": "", "stage": "waste"})
        run.sheets["recipes"].append({"process": "refine", "commodity": "tail", "amount": "3"})

    assert gaps_of(evidence_with(tmp_path, tail), "ref_a", "refine") == pytest.approx([3, 0])


def test_rates(tmp_path: Path) -> None:
    evidence = evidence_with(tmp_path)
    # floor 10.5 over 9, nothing over 15; per unit in both years; the gap itself
    assert rates_of(evidence, "floor") == pytest.approx([1.5, 0])
    assert rates_of(evidence, "bonus") == pytest.approx([2, 2])
    assert rates_of(evidence, "filler") == pytest.approx([3, 0])


def test_rates_of_several_rows_and_kinds(tmp_path: Path) -> None:
    both = change("programmes", "bonus", pays_for="price_support;output_support")
    # without a floor the gap alone
    assert rates_of(evidence_with(tmp_path / "a", both), "bonus") == pytest.approx([3, 0])
    floor = add("supports", programme="bonus", commodity="oxide", basis="floor", amount="16000000")
    ore = add("supports", programme="bonus", commodity="ore", basis="floor", amount="16000000")
    # 16 - 9 and 16 - 15, plus 2 each; ore is used, not made
    rates = rates_of(evidence_with(tmp_path / "b", both, floor, ore), "bonus")
    assert rates == pytest.approx([9, 3])
    late = change("supports", "bonus", first_year="2027")
    assert rates_of(evidence_with(tmp_path / "c", late), "bonus") == pytest.approx([0, 2])
    early = change("supports", "floor", last_year="2026", amount="16000000")
    assert rates_of(evidence_with(tmp_path / "d", early), "floor") == pytest.approx([7, 0])


def test_who_may_support(tmp_path: Path) -> None:
    evidence = evidence_with(tmp_path)
    case = evidence.case
    plant = case.plant("ref_a")
    # floor could commit up to 2026: what it promised is paid in 2027 too
    assert [may_support(case, "floor", plant, t) for t in case.years] == [True, True]
