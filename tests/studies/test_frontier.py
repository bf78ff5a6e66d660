"""Money against dependence: whole fronts of cases known by hand, of published knapsacks and of a
facility problem, against the second program on drawn cases; parts of fronts; stopped and resumed.

The case by hand is that of `builders.chain`: W needs 100 of metal a year over 2030-2033, all of it
exposed without projects. Big makes 60 for USD 60 million and Little 30 for 30, each paid for by
fund A alone, and one of them can be started a year.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import os
import random
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from builders import EXACT, Rows, Sheets, chain, folder_of, plant, project, solved
from classics import (
    CAPACITIES,
    FIXED,
    KNAPSACK_OPTIMUM,
    NEEDS,
    PROFITS,
    ROOM,
    WEIGHTS,
    facility_location,
)
from classics import knapsack as knapsack_of_ten
from click.testing import CliRunner, Result
from listening import RecordingListener
from second_opinion import Trial
from second_opinion_world import World
from started import started

import opt
from opt import api, best_plans, questions
from opt.cli import cli
from opt.data.reader import read
from opt.errors import InputError
from opt.record.frontier import Frontier, FrontPoint, Knee, knee_of
from opt.solver.control import Control
from opt.solver.progress import Silent
from opt.studies.processes import processes
from opt.studies.runner import Runner
from opt.studies.store import Store

TOLERANCE = 2e-6
YEARS = ("2030", "2031", "2032", "2033")


def case(**sheets: Rows) -> Sheets:
    """The case."""
    projects = [
        project("Big", "smelt", 60, 60, public_share=1),
        project("Little", "smelt", 30, 30, public_share=1),
    ]
    given: Sheets = {
        "programmes": [{"programme": "A", "instrument": "grant", "amount": 70}],
        "build_limits": [
            {
                "field": "all",
                "value": "",
                "what": "starts",
                **{str(t): 1 for t in range(2030, 2034)},
            }
        ],
    }
    return chain(projects=projects, **{**given, **sheets})


def front(tmp_path: Path, of_case: Mapping[str, Rows], *asked: Any, **more: Any) -> Frontier:
    """The front of a case, its steps apart."""
    return opt.frontier(api.load(folder_of(tmp_path, of_case)), *asked, **{"steps": False, **more})


def pairs(found: Frontier) -> list[tuple[float, float]]:
    """What each point needs, and its dependence."""
    return [(point.amount, point.dependence) for point in found.points]


def near(rows: Iterable[tuple[float, float]]) -> list[Any]:
    """Pairs that are equal but for tolerances."""
    return [pytest.approx(row, abs=TOLERANCE, rel=1e-5) for row in rows]


def names(point: FrontPoint) -> dict[str, int]:
    """Projects of a point by year."""
    return {built.project: built.year for built in point.projects}


# ---- By hand --------------------------------------------------------------------------------

# Little in 2030 serves 30 of 100; Big 60; both, Big first, 60 in 2030 and 90 in the years after.
BY_HAND = [(0, 1.0), (30, 0.7), (60, 0.4), (90, 0.175)]


@pytest.mark.parametrize("of", ["all", "A", "commitments"])
def test_every_point_of_a_case_by_hand(of: str, tmp_path: Path) -> None:
    # Of the fund there may be more than it has; all capital is what that fund of 70 can pay for.
    expected = BY_HAND if of != "commitments" else BY_HAND[:3]
    found = front(tmp_path, case(), of)
    assert found.proven
    assert pairs(found) == near(expected)
    assert [p.bound for p in found.points] == pytest.approx([d for _, d in expected], abs=TOLERANCE)
    for point, (musd, _) in zip(found.points, expected, strict=True):
        assert point.public_musd == pytest.approx(musd, abs=TOLERANCE)
        assert point.capex_musd == pytest.approx(musd, abs=TOLERANCE)
    plans = [{}, {"Little": 2030}, {"Big": 2030}, {"Big": 2030, "Little": 2031}]
    assert [names(p) for p in found.points] == plans[: len(expected)]


def test_programmes_are_scaled_together_with_their_years(tmp_path: Path) -> None:
    """A may pay 20 of its 40 in 2030, B has 40 and pays at most half: of Big, committed in 2030,
    factor f pays 20 f and min(40 f, 30), so that f = 1 pays for it and not less; all at once."""
    programmes: Rows = [
        {"programme": "A", "instrument": "grant", "amount": 40, "2030": 20},
        {"programme": "B", "instrument": "grant", "amount": 40, "max_share": 0.5},
    ]
    projects = [project("Big", "smelt", 60, 60, public_share=1, latest=2030)]
    found = front(tmp_path, {**case(programmes=programmes), "projects": projects})
    assert found.proven
    assert pairs(found) == near([(0, 1.0), (120, 0.4)])  # 20 f + 30 = 60 where f = 1.5


def test_pace(tmp_path: Path) -> None:
    """New metal capacity of 20 a year and a tenth of what could be made in clear the year before,
    which a smelter of 100 in N makes 10 of from the first year on. Little needs 30 = 20 f + 10; Big
    60 = 20 f + 10, both 90 = 20 f + 10; what does not start in 2030 does a year later."""
    sheets: Sheets = {
        "programmes": [{"programme": "A", "instrument": "grant", "amount": 1000}],
        "build_limits": [
            {
                "field": "all",
                "value": "",
                "what": "capacity",
                "commodity": "metal",
                "learn": 0.1,
                "2030": 20,
            }
        ],
    }
    facilities = [*chain()["facilities"], plant("smelter_n", "N", "smelt", 100)]
    # It gets no ore.
    anywhere = {"origin": "*", "destination": "*", "commodity": "*"}
    sheets["lanes"] = [anywhere, {**anywhere, "destination": "N", "open": "no"}]
    found = front(tmp_path, {**case(**sheets), "facilities": facilities}, "pace")
    assert found.proven
    # 2030 alone is limited. At f = 0 nothing starts in 2030, and both do in 2031: 3 years of 10.
    at_once = (100 + 3 * 10) / 400
    expected = [
        (0, at_once),
        (1, at_once - 30 / 400),  # Little in 2030
        (2.5, at_once - 60 / 400),
        (4, 0.1),
    ]
    assert pairs(found) == near(expected)


def test_pace_that_carries_over(tmp_path: Path) -> None:
    """20 f of new metal capacity a year, what is left added to the next: every plan of the two."""
    limit = {"field": "all", "value": "", "what": "capacity", "commodity": "metal"}
    rows = [{**limit, "carry_over": "yes", **dict.fromkeys(YEARS, 20)}]
    money = [{"programme": "A", "instrument": "grant", "amount": 1000}]
    found = front(tmp_path, case(programmes=money, build_limits=rows), "pace")
    assert found.proven
    plans = []
    for big, little in itertools.product([None, 0, 1, 2, 3], repeat=2):
        new = [60 * (big == n) + 30 * (little == n) for n in range(4)]
        need = max(sum(new[: n + 1]) / (20 * (n + 1)) for n in range(4))
        served = 0 if big is None else 60 * (4 - big)
        served += 0 if little is None else 30 * (4 - little)
        plans.append((need, 1 - served / 400))
    assert pairs(found) == near(nondominated(plans))


def test_the_next_billion_and_the_next_start(tmp_path: Path) -> None:
    found = front(tmp_path, case(), steps=True)
    by_name = {step.name: step for step in found.steps}
    assert list(by_name) == ["A", "starts|all|"]
    # With 1070 both are built, one in 2030; a start more lets 70 build no more than Big.
    assert by_name["A"].more == 1000
    assert by_name["A"].dependence == pytest.approx(0.175, abs=TOLERANCE)
    assert by_name["A"].fall_low == pytest.approx(0.4 - 0.175, abs=TOLERANCE)
    assert by_name["A"].fall_high == pytest.approx(0.4 - 0.175, abs=TOLERANCE)
    assert by_name["starts|all|"].dependence == pytest.approx(0.4, abs=TOLERANCE)
    assert by_name["starts|all|"].fall_high == pytest.approx(0.0, abs=TOLERANCE)


def test_where_something_is_forced_the_front_begins_with_it(tmp_path: Path) -> None:
    forced = case()
    forced["projects"][1]["decision"] = "force"
    found = front(tmp_path, forced)
    assert found.proven
    # Little later, or first: 30 buys it in 2030.
    assert pairs(found) == near([(30, 0.7), (90, 0.175)])


def test_a_dependence_target_is_left_out(tmp_path: Path) -> None:
    settings = [{"key": "dependence_target", "value": 0.5}]
    asked = case()
    asked["settings"] = [*asked["settings"], *settings]
    assert pairs(front(tmp_path, asked)) == near(BY_HAND)


def point(amount: float, dependence: float) -> FrontPoint:
    return FrontPoint(amount, amount, amount, dependence, dependence, 0, ())


def test_the_knee() -> None:
    """66 of 221 buys 97% of the fall; the other 155 buys 1.1 points: a germanium case."""
    points = (point(0, 0.4), point(66, 0.0443), point(150, 0.04), point(221, 0.0333))
    knee = knee_of(points)
    assert knee == Knee(66, pytest.approx(0.97, abs=1e-4), 155, pytest.approx(0.011))
    assert knee_of(points[:2]) is None


# ---- Published problems ---------------------------------------------------------------------

# Knapsacks of Kreher and Stinson's Combinatorial Algorithms and of Martello and Toth, as Burkardt's
# KNAPSACK_01 has them (P02, P03): weights, profits, capacity, the optimum for it.
KNAPSACKS = {
    "P02": ((12, 7, 11, 8, 9), (24, 13, 23, 15, 16), 26, 51),
    "P03": ((56, 59, 80, 64, 75, 17), (50, 50, 64, 46, 50, 5), 190, 150),
}


def knapsack(weights: Sequence[int], profits: Sequence[int]) -> Sheets:
    """Objects are mines of one year, weights their capital cost, profits what they make."""
    return {
        "settings": [{"key": k, "value": v} for k, v in {**EXACT, "last_year": 2030}.items()],
        "regions": [{"region": "W", "bloc": "ally"}, {"region": "X", "bloc": "covered"}],
        "commodities": [{"commodity": "ore", "stage": "mining"}],
        "processes": [{"process": "dig", "stage": "mining"}],
        "recipes": [{"process": "dig", "commodity": "ore", "amount": 1}],
        "projects": [
            project(f"object{n}", "dig", profit, weight, public_share=1)
            for n, (weight, profit) in enumerate(zip(weights, profits, strict=True))
        ],
        "programmes": [{"programme": "sack", "amount": sum(weights)}],
        "demand": [{"region": "W", "commodity": "ore", "2030": sum(profits)}],
    }


def nondominated(plans: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """The pairs (to be small, to be small) that no other beats in both."""
    kept: list[tuple[float, float]] = []
    for pair in sorted(set(plans)):
        if not kept or pair[1] < kept[-1][1]:
            kept.append(pair)
    return kept


def subsets(weights: Sequence[float], profits: Sequence[float]) -> Iterable[tuple[float, float]]:
    """Weight and profit of every set."""
    for chosen in itertools.product((0, 1), repeat=len(weights)):
        yield (
            sum(itertools.compress(weights, chosen)),
            sum(itertools.compress(profits, chosen)),
        )


def test_a_point_of_dependence_and_the_front_say_the_same(tmp_path: Path) -> None:
    """Objective worth stops where the front leaves least: what is paid and USD 0.2 to 2 million a
    point."""
    folder = folder_of(tmp_path, knapsack(*KNAPSACKS["P02"][:2]))
    points = pairs(opt.frontier(api.load(folder), steps=False))
    for worth in (0.2, 0.5, 1, 2):
        asked = api.load(folder, {"objective": "worth", "worth_of_point": worth})
        first = opt.solve(asked).passes[0]
        best = min(amount + 100 * worth * d for amount, d in points)
        assert (first.value, first.bound) == pytest.approx((best, best), rel=1e-5)


@pytest.mark.parametrize("name", ["P02", pytest.param("P03", marks=pytest.mark.slow)])
def test_the_whole_front_of_a_knapsack(name: str, tmp_path: Path) -> None:
    weights, profits, room, optimum = KNAPSACKS[name]
    whole = sum(profits)
    expected = nondominated((w, 1 - p / whole) for w, p in subsets(weights, profits))
    found = front(tmp_path, knapsack(weights, profits))
    assert found.proven
    assert pairs(found) == near(expected)
    packed = min(d for w, d in pairs(found) if w <= room + TOLERANCE)
    assert (1 - packed) * whole == pytest.approx(optimum, abs=1e-3)


def test_the_whole_front_of_a_knapsack_in_ten_dimensions(tmp_path: Path) -> None:
    """Petersen's, mknap1 of OR-Library: capital in all against profit, within ten yearly limits."""
    rows, room = WEIGHTS, ROOM
    columns = [sum(column) for column in zip(*rows, strict=True)]
    whole = sum(PROFITS)
    sets = [
        chosen
        for chosen in itertools.product((0, 1), repeat=len(columns))
        if all(
            sum(itertools.compress(row, chosen)) <= most
            for row, most in zip(rows, room, strict=True)
        )
    ]
    expected = nondominated(
        (
            sum(itertools.compress(columns, s)),
            1 - sum(itertools.compress(PROFITS, s)) / whole,
        )
        for s in sets
    )
    found = front(tmp_path, knapsack_of_ten(), "commitments")
    assert found.proven
    assert pairs(found) == near(expected)
    best = found.points[-1].dependence
    assert (1 - best) * whole == pytest.approx(KNAPSACK_OPTIMUM, abs=1e-2)


def test_the_whole_front_of_a_facility_problem(tmp_path: Path) -> None:
    """The example `facility` of Frontline and Gurobi: fixed costs of the plants that are opened
    against the need of the warehouses that is not served."""
    capacities, fixed = CAPACITIES, FIXED
    need = sum(NEEDS)
    expected = nondominated(
        (cost, 1 - min(made, need) / need) for cost, made in subsets(fixed, capacities)
    )
    found = front(tmp_path, facility_location(), "commitments")
    assert found.proven
    assert pairs(found) == near(expected)


# ---- Against the second program -------------------------------------------------------------


def drawn(seed: int) -> Sheets:
    """Three smelters, two programmes with shares, limits and tickets, drawn."""
    draw = random.Random(seed)
    projects = [
        project(
            f"P{n}",
            "smelt",
            draw.randint(10, 60),
            draw.randint(5, 30),
            lead_time=draw.randint(0, 2),
            public_share=draw.choice([0.5, 1]),
            earliest=2031 if draw.random() < 0.4 else 2030,
            latest=2031,
        )
        for n in range(3)
    ]
    programmes: Rows = [
        {
            "programme": "A",
            "instrument": "grant",
            "amount": draw.randint(10, 40),
            "2031": draw.choice(["", 8]),
        },
        {
            "programme": "B",
            "instrument": "grant",
            "amount": draw.randint(5, 20),
            "max_share": draw.choice([0.4, 1]),
            "ticket_min": draw.choice(["", 4]),
        },
    ]
    return chain(projects=projects, programmes=programmes)


def least(tmp_path: Path, of_case: Sheets, factor: float) -> float | None:
    """The least dependence by the second program, over all plans, with every programme scaled."""
    programmes = [
        {
            **row,
            **{k: row[k] * factor for k in ("amount", "2031") if isinstance(row.get(k), int)},
        }
        for row in of_case["programmes"]
    ]
    folder = folder_of(tmp_path, {**of_case, "programmes": programmes})
    return Trial(World(read(folder), None)).least_dependence()


@pytest.mark.parametrize("seed", range(3))
def test_drawn_fronts_against_every_plan(seed: int, tmp_path: Path) -> None:
    """With what a point needs no plan is better; with a little less the point before it is best;
    and so it is with amounts drawn between."""
    of_case = drawn(seed)
    found = front(tmp_path, of_case)
    assert found.proven
    whole = sum(row["amount"] for row in of_case["programmes"])
    points = pairs(found)
    draw = random.Random(seed)
    levels = [draw.uniform(0, points[-1][0] * 1.2)]
    levels += [amount * (1 + 1e-6) for amount, _ in points[1:]]
    levels += [amount - 1e-3 for amount, _ in points[1:]]
    for level in levels:
        expected = min(d for amount, d in points if amount <= level)
        assert least(tmp_path, of_case, level / whole) == pytest.approx(expected, abs=TOLERANCE)


# ---- Parts of fronts ------------------------------------------------------------------------


def sized() -> Sheets:
    """The case with a smelter of any size to 60 for USD 1 million a unit: the front is a line."""
    asked = case()
    asked["projects"] = [
        {
            "project": "Any",
            "region": "W",
            "processes": "smelt",
            "capacity_max": 60,
            "capex": 0,
            "capex_per_unit": 1,
            "lead_time": 0,
            "public_share": 1,
        }
    ]
    return asked


def test_a_front_that_is_no_set_of_points_is_told_in_parts(tmp_path: Path) -> None:
    found = front(tmp_path, sized(), points=6)
    assert not found.proven
    # Every point lies on the line, and none is better; between two neighbours it is open.
    assert [d for _, d in pairs(found)] == pytest.approx(
        [1 - min(a, 60) / 100 for a, _ in pairs(found)], abs=TOLERANCE
    )
    assert found.points[-1].amount == pytest.approx(60, abs=1e-4)
    gap = found.widest
    assert gap is not None
    assert gap.known == pytest.approx(1 - gap.low / 100, abs=TOLERANCE)
    assert gap.bound <= 1 - min(gap.high, 60) / 100 + TOLERANCE


def test_a_plan_that_is_known_is_a_point_and_not_searched_for_again(tmp_path: Path) -> None:
    """With 50 of money 50 of 100 are clear: the point of the run's own plan. Without the run the
    same is searched for."""
    asked = sized()
    asked["programmes"] = [{"programme": "A", "instrument": "grant", "amount": 50}]
    run = solved(tmp_path, asked)
    heard: dict[str, RecordingListener] = {"run": RecordingListener(), "case": RecordingListener()}
    own = best_plans.frontier(run, Runner(Control(), heard["run"]))
    runner = Runner(Control(), heard["case"])
    anew = questions.frontier(best_plans.case_of(run), runner=runner)
    searched = {
        name: any(step.split(" (")[0] == "with 50" for step in listener.steps)
        for name, listener in heard.items()
    }
    assert searched == {"run": False, "case": True}
    for found in (own, anew):
        (there,) = (p for p in found.points if p.amount == pytest.approx(50, abs=1e-4))
        assert (there.dependence, there.bound) == pytest.approx((0.5, 0.5), abs=TOLERANCE)


def test_a_target_leaves_the_bound_of_the_run_aside(tmp_path: Path) -> None:
    """Under a target of 0.6 to be met with the least cost 40 of 100 are clear at 40; without it 50
    are with all the money, which the run does not know."""
    asked = sized()
    asked["programmes"] = [{"programme": "A", "instrument": "grant", "amount": 50}]
    asked["settings"] = [
        *asked["settings"],
        {"key": "objective", "value": "cost"},
        {"key": "dependence_target", "value": 0.6},
    ]
    found = best_plans.frontier(solved(tmp_path, asked))
    (there,) = (p for p in found.points if p.amount == pytest.approx(50, abs=1e-4))
    assert (there.dependence, there.bound) == pytest.approx((0.5, 0.5), abs=TOLERANCE)


def test_parts_agree_with_the_whole_and_more_is_never_worse(tmp_path: Path) -> None:
    """Of a case that is known whole: no point is better than it, and bounds hold."""
    of_case = knapsack(*KNAPSACKS["P02"][:2])
    whole = pairs(front(tmp_path, of_case))
    found = front(tmp_path, of_case, points=5)
    values = [d for _, d in pairs(found)]
    assert values == sorted(values, reverse=True)
    for one in found.points:
        best = min(d for amount, d in whole if amount <= one.amount + TOLERANCE)
        assert best - TOLERANCE <= one.dependence
        assert one.bound <= best + TOLERANCE
    assert (found.widest is None) == found.proven


def test_one_and_two_workers_give_the_same(tmp_path: Path) -> None:
    loaded = api.load(folder_of(tmp_path, knapsack(*KNAPSACKS["P02"][:2])))
    alone = questions.frontier(loaded, points=5, steps=False)
    with processes(2) as executor:
        runner = Runner(Control(), Silent(), executor)
        assert questions.frontier(loaded, points=5, runner=runner, steps=False) == alone


# ---- Stopped, resumed, refused --------------------------------------------------------------


@dataclasses.dataclass
class Stopping(Silent):
    """Stops at the second plan that is made whole."""

    control: Control
    plans: int = 0

    def begin(self, step: str) -> None:
        self.plans += step.startswith("plan with")
        if self.plans == 2:
            self.control.stop.set()


def test_stopped_it_keeps_what_is_known_and_goes_on_from_there(tmp_path: Path) -> None:
    loaded = api.load(folder_of(tmp_path, case()))
    control, store = Control(), Store(tmp_path / "answers")
    heard = Stopping(control)
    stopped = questions.frontier(loaded, runner=Runner(control, heard, None, store), steps=False)
    assert stopped.not_known
    assert not stopped.proven
    kept = set(store.folder.iterdir())
    assert kept
    again = questions.frontier(loaded, runner=Runner(Control(), Silent(), None, store), steps=False)
    assert again == questions.frontier(loaded, steps=False)
    assert kept <= set(store.folder.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="kills a process")
def test_killed_it_goes_on_from_there(tmp_path: Path) -> None:
    """A process of its own, killed once it has kept two answers: the next one takes them, and says
    what one that was never killed does."""
    folder, store = folder_of(tmp_path, knapsack(*KNAPSACKS["P03"][:2])), tmp_path / "answers"
    options = ("--no-steps", "--workers", 1, "--points", 3, "--json")
    with started("frontier", folder, *options, "--store", store) as process:
        while process.poll() is None and len(kept_in(store)) < 2:
            time.sleep(0.02)
        process.kill()
    kept = {name: (store / name).read_bytes() for name in kept_in(store)}
    assert kept
    again = CliRunner().invoke(
        cli, ["frontier", str(folder), *map(str, options), "--store", str(store)]
    )
    whole = CliRunner().invoke(cli, ["frontier", str(folder), *map(str, options), "--no-store"])
    assert again.stdout == whole.stdout
    assert {name: (store / name).read_bytes() for name in kept} == kept


def kept_in(store: Path) -> list[str]:
    """Names of the answers in a store."""
    return [path.name for path in store.glob("*.json") if not path.name.startswith(".")]


@pytest.mark.parametrize(
    ("of", "sheets", "message"),
    [
        ("Nobody", {}, "'Nobody' is not a programme"),
        ("A", {"programmes": [{"programme": "A", "amount": 0}]}, "programme 'A' has no amount"),
        ("all", {"programmes": []}, "no programme has an amount"),
        ("pace", {"build_limits": []}, "no row limits capacity or starts"),
        (
            "commitments",
            {"projects": [project("Big", "smelt", 60, 0)]},
            "no project costs anything",
        ),
    ],
)
def test_where_there_is_nothing_to_vary(
    of: str, sheets: Sheets, message: str, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match=message):
        front(tmp_path, {**case(), **sheets}, of)


# ---- The command ----------------------------------------------------------------------------


def asked(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(cli, ["frontier", str(folder), "--no-store", "--quiet", *options])


def test_the_command_in_words(tmp_path: Path) -> None:
    result = asked(folder_of(tmp_path, case()))
    assert result.exit_code == 0, result.output
    lines = result.stdout.splitlines()
    assert lines[:3] == [
        "Front of all programmes: 4 points.",
        "Proven: between neighbours nothing better exists.",
        "USD 60 million buys 72.7% of the fall, the other USD 30 million 22.5 points.",
    ]
    cells = [line.split() for line in lines[5:9]]
    assert cells == [
        ["0", "0", "0", "100.0%", "100.0%", "0"],
        ["30", "30", "30", "70.0%", "70.0%", "1", "+Little"],
        ["60", "60", "60", "40.0%", "40.0%", "1", "+Big", "-Little"],
        ["90", "90", "90", "17.5%", "17.5%", "2", "+Little"],
    ]
    assert any(line.startswith("A            USD 1,000 million") for line in lines)


def test_the_command_as_data(tmp_path: Path) -> None:
    result = asked(folder_of(tmp_path, case()), "--json", "--no-steps", "--of", "a")
    document = json.loads(result.stdout)
    assert document["proven"] is True
    assert (document["of"], document["steps"], document["not_known"]) == ("a", [], [])
    last = document["points"][-1]
    assert last["public_musd"] == pytest.approx(90, abs=TOLERANCE)
    assert {"capex_musd", "dependence", "bound"} <= last.keys()
    assert [built["project"] for built in last["projects"]] == ["Big", "Little"]
    assert document["knee"]["amount"] == pytest.approx(60, abs=TOLERANCE)


def test_what_is_not_proven_is_said(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, sized())
    result = asked(folder, "--points", "4", "--no-steps")
    assert result.exit_code == 0
    assert "Widest part not proven: with more than USD" in result.stdout
    document = json.loads(asked(folder, "--points", "4", "--no-steps", "--json").stdout)
    assert document["proven"].keys() == {"low", "high", "known", "bound"}


def test_rows_are_frames(tmp_path: Path) -> None:
    found = front(tmp_path, case())
    frame = found.frames["points"]
    assert list(frame["amount"]) == pytest.approx([0, 30, 60, 90], abs=TOLERANCE)
    assert frame.attrs["units"]["capex_musd"] == "USD million"
    assert dataclasses.is_dataclass(found)
