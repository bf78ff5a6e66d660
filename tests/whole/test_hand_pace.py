"""Limits on capacity that is committed in a year, how they grow and what lifts them, on cases
solved by hand.

The case is that of `builders.chain`: W needs 100 of metal a year over 2030-2033, 400 in all, and
has ore enough. What a clear smelter makes lowers the dependence of 1. Projects start in the year of
commitment where nothing else is said.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from builders import Rows, Sheets, built, chain, plant, project, solved

from opt import api
from opt.audit import audit_run
from opt.errors import InfeasibleError
from opt.record.run import Run

KEPT = 1e-8
YEARS = ("2030", "2031", "2032", "2033")


def pace(*limits: float | str, **values: Any) -> Rows:
    """A limit on capacity in metal, from 2030 on, over all where no field is said."""
    row = {"field": "all", "what": "capacity", "commodity": "metal", **values}
    return [row | dict(zip(YEARS, limits, strict=False))]


def pair(**values: Any) -> Rows:
    """Two smelters of 50 each at USD 40 million."""
    return [project(name, "smelt", 50, 40, **values) for name in ("P", "Q")]


def scalable(**values: Any) -> Rows:
    """A smelter of up to four units of any size up to 100, at USD 0.1 million on a unit of size."""
    sizes = {"capacity": "", "capacity_max": 100, "capex_per_unit": 0.1, "max_units": 4}
    return [project("P", "smelt", 0, 0, **sizes, **values)]


def assert_dependence(run: Run, expected: float) -> None:
    """That of an audited plan."""
    assert run.audit.passed
    assert run.metrics.dependence == pytest.approx(expected, abs=KEPT)


def sizes(run: Run) -> dict[int, float]:
    """Sizes by year of commitment."""
    return {c.year: c.size for c in run.solution.commitments if c.size and c.size > 1e-6}


def test_so_much_of_a_commodity_can_be_committed_in_a_year(tmp_path: Path) -> None:
    # 50 of the two smelters' 100 in 2030, the rest in 2031: 50 of 400 stay exposed.
    run = solved(tmp_path, chain(projects=pair(), build_limits=pace(50, 50, 50, 50)))
    assert sorted(built(run).values()) == [2030, 2031]
    assert_dependence(run, 50 / 400)
    # A little less than one of them lets none through.
    run = solved(tmp_path, chain(projects=pair(), build_limits=pace(49.9, 50, 49.9, 49.9)))
    assert list(built(run).values()) == [2031]
    assert_dependence(run, 1 - 150 / 400)


def test_a_size_is_limited_as_capacity_is(tmp_path: Path) -> None:
    # 30, 60, 90 and 100 run: 70 + 40 + 10 of 400 stay exposed.
    run = solved(tmp_path, chain(projects=scalable(), build_limits=pace(30, 30, 30, 30)))
    assert sizes(run) == pytest.approx({2030: 30, 2031: 30, 2032: 30, 2033: 10})
    assert_dependence(run, 120 / 400)


def test_capacity_counts_in_the_year_of_commitment_whole(tmp_path: Path) -> None:
    # Lead time, ramp and availability change what runs, not what the year can carry.
    ramps: Rows = [{"ramp": "slow", "year_1": 0.5, "year_2": 1}]
    rows = pair(lead_time=1, ramp="slow", availability=0.8, chance=0.5)
    case = chain(projects=rows, ramps=ramps, build_limits=pace(50, 50, 50, 50))
    run = solved(tmp_path, case)
    assert sorted(built(run).values()) == [2030, 2031]
    # 50 x 0.8 x 0.5 = 20: 10, 20, 20 of the one from 2031 on, 10, 20 of the other from 2032 on.
    assert_dependence(run, 1 - 80 / 400)


def test_capacity_in_another_commodity_is_converted(tmp_path: Path) -> None:
    # Two of ore make one of metal: 100 of capacity in ore make 50 of metal.
    base = chain()
    base["recipes"][1]["amount"] = -2
    rows = [project("P", "smelt", 100, 40, capacity_of="ore")]
    run = solved(tmp_path, base | {"projects": rows, "build_limits": pace(49.9, 50, 49.9, 49.9)})
    assert built(run) == {"P": 2031}
    # In ore the same plant makes nothing, so a limit on ore leaves it free.
    limits = pace(0, 0, 0, 0, commodity="ore")
    assert built(solved(tmp_path, base | {"projects": rows, "build_limits": limits})) == {"P": 2030}


def two_ways() -> Sheets:
    """The chain with a second process of stage metal, which makes half as much a unit."""
    base = chain()
    base["processes"] += [{"process": "roast", "stage": "metal"}]
    base["recipes"] += [
        {"process": "roast", "commodity": "ore", "amount": -1},
        {"process": "roast", "commodity": "metal", "amount": 0.5},
    ]
    return base


def test_the_largest_output_of_several_processes_counts(tmp_path: Path) -> None:
    # 60 of capacity make 60 of metal by smelting, 30 by roasting: 60 counts.
    for processes, least in (("roast", 30), ("smelt;roast", 60), ("roast;smelt", 60)):
        rows = [project("P", processes, 60, 40)]
        case = two_ways() | {"projects": rows, "build_limits": pace(least - 0.1, least, 0, 0)}
        assert built(solved(tmp_path, case)) == {"P": 2031}


def test_a_limit_on_capacity_covers_what_matches_and_makes_it(tmp_path: Path) -> None:
    # R digs and is free; Q stands in N, which the limit on W leaves free.
    rows = [
        project("P", "smelt", 50, 40),
        project("Q", "smelt", 50, 40, region="N"),
        project("R", "dig", 50, 40, decision="force 2030"),
    ]
    limits = pace(0, 0, 0, 0, field="region", value="W")
    run = solved(tmp_path, chain(projects=rows, build_limits=limits))
    assert built(run) == {"Q": 2030, "R": 2030}
    # Over all of stage metal and mineral M neither smelter is built.
    for over in ({"field": "stage", "value": "metal"}, {"mineral": "M"}):
        run = solved(tmp_path, chain(projects=rows, build_limits=pace(0, 0, 0, 0, **over)))
        assert built(run) == {"R": 2030}


def test_a_limit_a_commodity(tmp_path: Path) -> None:
    # Field and value may be the same where the commodities differ.
    rows = [project("P", "smelt", 50, 40), project("R", "dig", 50, 40, decision="force")]
    limits = pace(0, 0, 50, 0) + pace(0, 50, 0, 0, commodity="ore")
    run = solved(tmp_path, chain(projects=rows, build_limits=limits))
    assert built(run) == {"P": 2032, "R": 2031}


def test_a_limit_that_never_binds_changes_nothing(tmp_path: Path) -> None:
    free = solved(tmp_path, chain(projects=pair()))
    run = solved(tmp_path, chain(projects=pair(), build_limits=pace(1000, 1000, 1000, 1000)))
    assert (run.metrics, run.solution) == (free.metrics, free.solution)


def test_the_unit_of_the_case_changes_nothing(tmp_path: Path) -> None:
    # All masses a million times as large: the model's units differ, the plan does not.
    large = 1e6
    case = chain(projects=scalable(), build_limits=pace(*[30 * large] * 4))
    for row in (*case["facilities"], *case["projects"]):
        for column in {"capacity", "capacity_max"} & row.keys():
            row[column] = row[column] and row[column] * large
    case["projects"][0]["capex_per_unit"] = 0.1 / large
    case["demand"][0] |= {"2030": 100 * large, "2033": 100 * large}
    assert_dependence(solved(tmp_path, case), 120 / 400)


# ---- What grows -----------------------------------------------------------------------------


def test_a_limit_grows_with_what_could_be_made_in_clear(tmp_path: Path) -> None:
    # W's smelter of 20 lifts the 10 of 2030 by half of it, to 20; X's of 1000 is exposed and lifts
    # nothing. In 2031 20 + 20 stand: 10 + 20 = 30; in 2032 45 could come, of which 30 are needed.
    # So 40, 70, 100, 100 run: 60 + 30 of 400 stay exposed.
    case = chain(projects=scalable(), build_limits=pace(10, 10, 10, 10, learn=0.5))
    case["facilities"] += [plant("own", "W", "smelt", 20)]
    run = solved(tmp_path, case)
    assert sizes(run) == pytest.approx({2030: 20, 2031: 30, 2032: 30})
    assert_dependence(run, 90 / 400)


def test_what_is_to_come_lifts_from_the_year_after_on(tmp_path: Path) -> None:
    # The smelter opens in 2031, so 2030 and 2031 have 10 and what 2030 built: 10, 10 + 5; in 2032
    # 20 + 25 stand: 10 + 22.5; in 2033 20 + 47.5: 10 + 33.75, of which 32.5 are needed.
    case = chain(projects=scalable(), build_limits=pace(10, 10, 10, 10, learn=0.5))
    case["facilities"] += [plant("own", "W", "smelt", 20, opens=2031)]
    run = solved(tmp_path, case)
    assert sizes(run) == pytest.approx({2030: 10, 2031: 15, 2032: 32.5, 2033: 22.5})
    # 10, 20 + 25, 20 + 57.5 and all run.
    assert_dependence(run, 1 - (10 + 45 + 77.5 + 100) / 400)


def test_learning_goes_by_what_can_run(tmp_path: Path) -> None:
    # Half of capacity can run: 10, 10 + 5, 10 + 12.5, 10 + 23.75 are committed.
    case = chain(projects=scalable(availability=0.5), build_limits=pace(10, 10, 10, 10, learn=1))
    run = solved(tmp_path, case)
    assert sizes(run) == pytest.approx({2030: 10, 2031: 15, 2032: 22.5, 2033: 33.75})
    assert_dependence(run, 1 - (10 + 25 + 47.5 + 81.25) / 2 / 400)


def test_what_is_being_built_lifts_nothing(tmp_path: Path) -> None:
    # Of 2030's 10 nothing runs before 2031, so that 2032 is the first year with more: 10 + 10.
    limits = pace(10, 10, 10, 10, learn=1)
    run = solved(tmp_path, chain(projects=scalable(lead_time=1), build_limits=limits))
    assert sizes(run) == pytest.approx({2030: 10, 2031: 10, 2032: 20})
    assert_dependence(run, 1 - (10 + 20 + 40) / 400)


def test_what_comes_without_new_money_lifts_a_limit(tmp_path: Path) -> None:
    # Half of 40 comes by itself from 2030 on and lifts from the year after: 10, 10 + (20 + 10) / 2,
    # 10 + (20 + 35) / 2 are committed beside it, and in 2033 what is left.
    comes = project("C", "smelt", 40, 40, merchant=2030, merchant_chance=0.5, earliest=2033)
    case = chain(projects=[*scalable(), comes], build_limits=pace(10, 10, 10, 10, learn=0.5))
    run = solved(tmp_path, case)
    assert {t: size for t, size in sizes(run).items() if t < 2033} == pytest.approx(
        {2030: 10, 2031: 25, 2032: 37.5}
    )
    assert_dependence(run, 1 - (30 + 55 + 92.5 + 100) / 400)


def test_only_what_a_limit_covers_lifts_it(tmp_path: Path) -> None:
    # N's smelter is none of W's, and the mine makes no metal.
    limits = pace(10, 10, 10, 10, learn=0.5, field="region", value="W")
    case = chain(projects=scalable(), build_limits=limits)
    case["facilities"] += [plant("other", "N", "smelt", 20)]
    run = solved(tmp_path, case)
    # 10, 15, 22.5 and 32.5 (of 33.75), beside N's 20.
    assert sizes(run) == pytest.approx({2030: 10, 2031: 15, 2032: 22.5, 2033: 32.5})
    assert_dependence(run, 1 - (30 + 45 + 67.5 + 100) / 400)


def test_learning_nothing_is_no_learning(tmp_path: Path) -> None:
    runs = [
        solved(tmp_path, chain(projects=scalable(), build_limits=pace(30, 30, 30, 30, **learn)))
        for learn in ({}, {"learn": 0})
    ]
    assert (runs[0].metrics, runs[0].solution) == (runs[1].metrics, runs[1].solution)


def test_the_audit_learns_by_itself(tmp_path: Path) -> None:
    # 10, 15, 22.5 and 33.75 are the most; a tenth more in any year breaks it.
    case = chain(projects=scalable(), build_limits=pace(10, 10, 10, 10, learn=0.5))
    run = solved(tmp_path, case)
    made = run.solution.commitments
    assert sizes(run) == pytest.approx({2030: 10, 2031: 15, 2032: 22.5, 2033: 33.75})
    assert run.audit.passed
    for n, commitment in enumerate(made):
        more = dataclasses.replace(commitment, size=1.1 * (commitment.size or 0))
        answer = dataclasses.replace(run.solution, commitments=(*made[:n], more, *made[n + 1 :]))
        found = api.recompute(dataclasses.replace(run, solution=answer)).findings
        assert "limit_capacity" in {finding.rule for finding in found}


# ---- What is bought -------------------------------------------------------------------------


def lifting(*amounts: float, **values: Any) -> dict[str, Rows]:
    """Projects F0, F1, ... that lift the limit of 10 a year by amounts, each at USD 1 million; they
    dig, which nobody needs. Their other values are said."""
    rows = [project(f"F{n}", "dig", 1, 1, **values) for n, _ in enumerate(amounts)]
    return {
        "projects": [*scalable(), *rows],
        "build_limits": pace(10, 10, 10, 10, limit="pace"),
        "lifts": [
            {"project": f"F{n}", "limit": "Pace", "amount": amount}
            for n, amount in enumerate(amounts)
        ],
    }


def commitments(run: Run) -> dict[str, int]:
    """What lifts, with its year of commitment."""
    return {c.project: c.year for c in run.solution.commitments if c.project != "P"}


def test_a_lift_is_bought(tmp_path: Path) -> None:
    # 10 + 20 a year from 2030 on: 30, 60, 90, 100 run in place of 10, 20, 30, 40.
    run = solved(tmp_path, chain(**lifting(20)))
    assert commitments(run) == {"F0": 2030}
    assert_dependence(run, 120 / 400)


def test_a_lift_holds_while_its_project_operates(tmp_path: Path) -> None:
    # Two years from 2031 on: 10, 30, 30, 10, so that 10, 40, 70, 80 run.
    run = solved(tmp_path, chain(**lifting(20, lead_time=1, life=2)))
    assert commitments(run) == {"F0": 2030}
    assert_dependence(run, 200 / 400)


def test_one_lift_of_a_group(tmp_path: Path) -> None:
    # Either 20 or 30 is bought, not both: 40, 80, 100, 100 run.
    run = solved(tmp_path, chain(**lifting(20, 30, group="track")))
    assert commitments(run) == {"F1": 2030}
    assert_dependence(run, 80 / 400)
    # Both together: 60 and 100 from then on.
    run = solved(tmp_path, chain(**lifting(20, 30)))
    assert commitments(run) == {"F0": 2030, "F1": 2030}
    assert_dependence(run, 40 / 400)


def test_a_lift_counts_by_its_chance_but_neither_ramp_nor_availability(tmp_path: Path) -> None:
    # 10 + 0.5 x 40 a year is as 20 for certain.
    run = solved(tmp_path, chain(**lifting(40, chance=0.5, availability=0.1)))
    assert_dependence(run, 120 / 400)
    settings = {"survival": "none"}
    run = solved(tmp_path, chain(settings, **lifting(20, chance=0.5)))
    assert_dependence(run, 120 / 400)


def test_each_unit_lifts(tmp_path: Path) -> None:
    # Two units of 10 each.
    run = solved(tmp_path, chain(**lifting(10, max_units=2)))
    assert [c.units for c in run.solution.commitments if c.project == "F0"] == [2]
    assert_dependence(run, 120 / 400)


def test_money_decides_whether_a_lift_is_bought(tmp_path: Path) -> None:
    # All of the USD 1 million must be public. With less than that in the fund nothing is lifted.
    for amount, exposed in ((1, 120), (0.9, 300)):
        case = chain(**lifting(20, public_share=1))
        case["programmes"] = [{"programme": "fund", "amount": amount}]
        assert_dependence(solved(tmp_path, case), exposed / 400)


def test_a_lift_for_nothing_is_no_limit_and_a_lift_out_of_reach_none(tmp_path: Path) -> None:
    free = solved(tmp_path, chain(projects=scalable()))
    at_no_cost = lifting(1e4)
    at_no_cost["projects"][1] |= {"capex": 0}
    run = solved(tmp_path, chain(**at_no_cost))
    assert run.metrics.dependence == pytest.approx(free.metrics.dependence, abs=KEPT)
    assert run.metrics.cost_musd == pytest.approx(free.metrics.cost_musd)
    without = solved(tmp_path, chain(**{**lifting(20), "lifts": []}))
    out_of_reach = lifting(20)
    out_of_reach["projects"][1] |= {"decision": "forbid"}
    run = solved(tmp_path, chain(**out_of_reach))
    assert (run.metrics, run.solution) == (without.metrics, without.solution)


def lifting_alone(*amounts: float, **values: Any) -> dict[str, Rows]:
    """The same, of projects without processes."""
    sheets = lifting(*amounts)
    rows = [
        {"project": f"F{n}", "region": "W", "capex": 1, "lead_time": 0, **values}
        for n, _ in enumerate(amounts)
    ]
    return {**sheets, "projects": [*scalable(), *rows]}


@pytest.mark.parametrize(
    ("amounts", "values", "dependence"),
    [
        ((20,), {}, 120 / 400),
        ((20,), {"lead_time": 1, "life": 2}, 200 / 400),
        ((20, 30), {"group": "track"}, 80 / 400),
        ((40,), {"chance": 0.5}, 120 / 400),
        ((20,), {"decision": "forbid"}, 300 / 400),
    ],
)
def test_what_lifts_need_not_make_anything(
    tmp_path: Path, amounts: tuple[float, ...], values: dict[str, Any], dependence: float
) -> None:
    alone = solved(tmp_path / "alone", chain(**lifting_alone(*amounts, **values)))
    digs = solved(tmp_path / "digs", chain(**lifting(*amounts, **values)))
    assert_dependence(alone, dependence)
    assert commitments(alone) == commitments(digs)
    assert alone.metrics.cost_musd == pytest.approx(digs.metrics.cost_musd)
    assert alone.metrics.capex_musd == pytest.approx(digs.metrics.capex_musd)
    # It has no capacity to tell of, and the folder is audited and read as it was written.
    assert {row.plant for row in alone.capacity} == {"mine_w", "mine_x", "smelter_x", "P"}
    folder = api.write(alone, tmp_path / "run")
    assert audit_run(folder).passed
    again = api.read(folder)
    assert (again.projects, again.capacity) == (alone.projects, alone.capacity)
    told = [str(warning) for warning in alone.workbook.warnings]
    assert [words for words in told if "of use to any demand" in words] == []


def test_what_lifts_alone_is_found_by_its_stage(tmp_path: Path) -> None:
    """A fund for stage permits alone can pay the USD 1 million, all of which must be public."""
    for stage, exposed in (("Permits", 120), ("roads", 300), ("", 300)):
        case = chain(**lifting_alone(20, public_share=1, stage=stage))
        case["projects"].append({"project": "F1", "region": "W", "capex": 9, "lead_time": 0})
        case["projects"][-1] |= {"stage": "permits", "decision": "forbid"}
        case["lifts"].append({"project": "F1", "limit": "pace", "amount": 1})
        case["programmes"] = [{"programme": "fund", "amount": 1}]
        case["eligibility"] = [{"programme": "fund", "field": "stage", "value": "permits"}]
        assert_dependence(solved(tmp_path / f"x{stage}", case), exposed / 400)


def test_starts_limit_what_lifts_alone(tmp_path: Path) -> None:
    """No start in 2030 and 2031 but P's, which is outside stage permits: lifted in 2032 and on."""
    case = chain(**lifting_alone(20, stage="permits"))
    starts = {"field": "stage", "value": "permits", "what": "starts", "2030": 0, "2031": 0}
    case["build_limits"] = [*case["build_limits"], starts]
    run = solved(tmp_path, case)
    assert commitments(run) == {"F0": 2032}
    # 10, 20, 50 and 80 run.
    assert_dependence(run, 1 - 160 / 400)


def test_the_audit_adds_up_the_lifts(tmp_path: Path) -> None:
    # 30 a year pass, and no more.
    run = solved(tmp_path, chain(**lifting(20)))
    first, *others = (c for c in run.solution.commitments if c.project == "P")
    lifts = [c for c in run.solution.commitments if c.project == "F0"]
    for size, passes in ((30.0, True), (30.1, False)):
        made = (dataclasses.replace(first, size=size), *others, *lifts)
        answer = dataclasses.replace(run.solution, commitments=made)
        found = api.recompute(dataclasses.replace(run, solution=answer)).findings
        assert ("limit_capacity" not in {finding.rule for finding in found}) is passes


# ---- What is told ---------------------------------------------------------------------------


def test_a_forced_project_above_the_limit_is_explained(tmp_path: Path) -> None:
    rows = [project("P", "smelt", 5e6, 40, decision="force 2030")]
    with pytest.raises(InfeasibleError) as caught:
        solved(tmp_path, chain(projects=rows, build_limits=pace(20, 20, 20, 20)))
    words = str(caught.value)
    assert "projects!G2: P, decision force 2030." in words
    assert "build_limits!D2: all capacity metal, 2030 20." in words
    assert "build_limits!D2: raise 2030 of all capacity metal from 20 to 5000000." in words


def test_the_audit_holds_what_is_committed_to_the_limit(tmp_path: Path) -> None:
    run = solved(tmp_path, chain(projects=scalable(), build_limits=pace(30, 30, 30, 30)))
    first, *others = run.solution.commitments
    more = dataclasses.replace(first, size=30.1)
    answer = dataclasses.replace(run.solution, commitments=(more, *others))
    found = api.recompute(dataclasses.replace(run, solution=answer)).findings
    assert "limit_capacity" in {finding.rule for finding in found}
