"""One plan for many scenarios, beside every plan there is.

The case is that of `builders.chain`: W needs 100 of metal a year over 2030-2033, all of it exposed
without projects. Of three smelters a fund that may spend 30 in 2030 and 60 a year later, 90 in all,
pays for some. What each plan comes to in each scenario the second program says; all else is
arithmetic on its table.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from builders import Rows, Sheets, chain, folder_of, plant, project, solved
from classics import farmer
from click.testing import CliRunner
from second_opinion import Trial
from second_opinion_world import World

from opt import api, questions
from opt.audit.plan import FoundPlan
from opt.cli import cli
from opt.commands.risk_words import in_words
from opt.data.reader import read
from opt.data.risk import drawn_outlook
from opt.errors import AuditError, InfeasibleError, InputError
from opt.model import risk as risk_model
from opt.record.passes import Outcome
from opt.record.risk import Risk
from opt.solver.control import Control
from opt.solver.progress import Silent
from opt.solver.venture import FuturePlan, Ventured
from opt.studies import risk as study
from opt.studies.runner import Runner
from opt.studies.store import Store

TOLERANCE = 2e-6
ALPHA = 0.7
CHANCES = {"base": 0.5, "big_fails": 0.3, "little_fails": 0.2}
SECOND_WAVE = 2031
PROJECTS = [
    project("Big", "smelt", 60, 60, public_share=1),
    project("Little", "smelt", 40, 30, public_share=1),
    project("Late", "smelt", 50, 40, public_share=1, lead_time=1),
]
Plan = tuple[int | None, ...]
Outcomes = dict[Plan, dict[str, float]]


def near(value: float) -> Any:
    return pytest.approx(value, abs=TOLERANCE)


def shock(scenario: str, what: str, **values: Any) -> dict[str, Any]:
    """A row of sheet shocks."""
    return {"scenario": scenario, "what": what, **values}


def case(settings: Mapping[str, Any] | None = None, **sheets: Rows) -> Sheets:
    """The case with a scenario in which Big makes a fifth from 2031 on, and one in which Little
    makes nothing then and more is needed."""
    later = {"first_year": 2031}
    rows: Sheets = {
        "projects": PROJECTS,
        "programmes": [{"programme": "Fund", "amount": 90, "2030": 30, "2031": 60, "2032": 60}],
        "scenarios": [
            {"scenario": name, "probability": p} for name, p in CHANCES.items() if name != "base"
        ],
        "shocks": [
            shock("big_fails", "supply", field="project", value="Big", factor=0.2, **later),
            shock("little_fails", "supply", field="project", value="Little", factor=0, **later),
            shock("little_fails", "demand", factor=1.5, **later),
        ],
    }
    return chain(settings, **{**rows, **sheets})


def asked(parent: Path, sheets: Sheets, *measure: str, **given: Any) -> Risk:
    return questions.risk(api.load(folder_of(parent, sheets)), *measure, alpha=ALPHA, **given)


def outcomes_of(found: Risk) -> dict[str, float | None]:
    return {row.scenario: row.outcome for row in found.scenarios}


def worth_of(found: Risk, name: str) -> tuple[float, float]:
    return next((row.low, row.high) for row in found.worth if row.name == name)


# ---- Every plan -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def every_plan(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    """What each plan that the money allows comes to in each scenario, from the second program."""
    tables = read(folder_of(tmp_path_factory.mktemp("every"), case()))
    found: Outcomes = {}
    for name in CHANCES:
        trial = Trial(World(tables, None if name == "base" else name))
        for plan in trial.plans:
            value = trial.dependence(plan)
            if value is not None:
                found.setdefault(tuple(plan.values()), {})[name] = value
    return {plan: own for plan, own in found.items() if len(own) == len(CHANCES)}


def expected(own: Mapping[str, float]) -> float:
    return sum(CHANCES[name] * x for name, x in own.items())


def cvar(own: Mapping[str, float]) -> float:
    """The largest mean over weights of at most probability / (1 - alpha): its dual definition."""
    most = {name: p / (1 - ALPHA) for name, p in CHANCES.items()}
    best = -math.inf
    for order in itertools.permutations(own):
        left, mean = 1.0, 0.0
        for name in order:
            weight = min(left, most[name])
            left, mean = left - weight, mean + weight * own[name]
        best = max(best, mean)
    return best


def best_of(every: Outcomes) -> dict[str, float]:
    """The best plan of each scenario alone."""
    return {name: min(own[name] for own in every.values()) for name in CHANCES}


def largest_regret(own: Mapping[str, float], best: Mapping[str, float]) -> float:
    return max(x - best[name] for name, x in own.items())


def measures(every: Outcomes) -> dict[str, Callable[[Mapping[str, float]], float]]:
    best = best_of(every)
    return {
        "expected": expected,
        "cvar": cvar,
        "worst": lambda own: max(own.values()),
        "regret": lambda own: largest_regret(own, best),
    }


@pytest.mark.parametrize("measure", ["expected", "cvar", "worst", "regret"])
def test_every_measure_is_that_of_every_plan(
    tmp_path: Path, every_plan: Outcomes, measure: str
) -> None:
    of = measures(every_plan)
    least = min(map(of[measure], every_plan.values()))
    found = asked(tmp_path, case(), measure)
    assert (found.value, found.bound) == (near(least), near(least))
    assert found.complete
    # The plan that is told is one of those, with all it is said to come to.
    made = {c.project: c.year for c in found.commitments}
    own = every_plan[tuple(made.get(row["project"]) for row in PROJECTS)]
    assert outcomes_of(found) == {name: near(x) for name, x in own.items()}
    assert {row.measure: row.value for row in found.levels} == {
        name: near(value(own)) for name, value in of.items()
    }
    best = best_of(every_plan)
    assert {row.scenario: row.best for row in found.scenarios} == {
        name: near(x) for name, x in best.items()
    }
    assert all(
        row.regret == near(own[row.scenario] - best[row.scenario]) for row in found.scenarios
    )
    assert all(row.bound <= row.value + TOLERANCE for row in found.levels)


@pytest.mark.parametrize("measure", ["expected", "cvar", "worst", "regret"])
def test_what_it_is_worth_to_know(tmp_path: Path, every_plan: Outcomes, measure: str) -> None:
    """Wait and see, perfect information, and the plan of the base case in all scenarios."""
    of, best = measures(every_plan)[measure], best_of(every_plan)
    least = min(map(of, every_plan.values()))
    waited = of(best)
    found = asked(tmp_path, case(), measure)
    assert worth_of(found, "wait_and_see") == (near(waited), near(waited))
    assert worth_of(found, "perfect_information") == (near(least - waited), near(least - waited))
    held = {row.scenario: row.base_plan for row in found.scenarios}
    # Several plans may be best for the base case: the one that was found is one of them.
    ties = [own for own in every_plan.values() if own["base"] <= best["base"] + TOLERANCE]
    assert any(held == {name: near(x) for name, x in own.items()} for own in ties)
    lost = of({name: x for name, x in held.items() if x is not None}) - least
    assert worth_of(found, "all_scenarios") == (near(lost), near(lost))


@pytest.mark.parametrize("measure", ["expected", "worst"])
def test_a_second_wave_waits(tmp_path: Path, every_plan: Outcomes, measure: str) -> None:
    """What is committed before 2031 is the same; for the rest each scenario takes its best."""
    of = measures(every_plan)[measure]
    first_waves: dict[Plan, dict[str, float]] = {}
    for plan, own in every_plan.items():
        now = tuple(v if v is not None and v < SECOND_WAVE else None for v in plan)
        known = first_waves.setdefault(now, dict.fromkeys(CHANCES, math.inf))
        known.update({name: min(known[name], x) for name, x in own.items()})
    least = min(map(of, first_waves.values()))
    once = min(map(of, every_plan.values()))
    if measure == "expected":
        assert least < once - 0.01  # it is worth something to wait
    found = asked(tmp_path, case({"second_wave": SECOND_WAVE}), measure)
    assert (found.value, found.bound) == (near(least), near(least))
    assert worth_of(found, "waiting") == (near(once - least), near(once - least))
    assert all(not c.scenarios for c in found.commitments if c.year < SECOND_WAVE)
    assert any(c.scenarios for c in found.commitments)


# ---- What must hold of any case -------------------------------------------------------------


@pytest.mark.parametrize("measure", ["expected", "worst"])
def test_one_scenario_gives_the_plain_answer(tmp_path: Path, measure: str) -> None:
    alone = case(scenarios=[{"scenario": "big_fails"}])
    alone["shocks"] = [row for row in alone["shocks"] if row["scenario"] == "big_fails"]
    plain = solved(tmp_path, alone, scenario="big_fails").metrics.dependence
    found = asked(tmp_path, alone, measure, scenarios=["big_fails"])
    assert (found.value, found.bound) == (near(plain), near(plain))
    assert worth_of(found, "perfect_information") == (near(0), near(0))


@pytest.mark.parametrize("measure", ["cvar", "regret"])
def test_a_scenario_given_twice_at_half_its_probability(tmp_path: Path, measure: str) -> None:
    twice = case()
    twice["scenarios"] = [
        {"scenario": "big_fails", "probability": 0.15},
        {"scenario": "again", "probability": 0.15},
        {"scenario": "little_fails", "probability": 0.2},
    ]
    twice["shocks"] = [*twice["shocks"], twice["shocks"][0] | {"scenario": "again"}]
    once, found = asked(tmp_path, case(), measure), asked(tmp_path, twice, measure)
    assert (found.value, found.bound) == (near(once.value), near(once.bound))


def test_more_scenarios_never_improve_the_worst(tmp_path: Path) -> None:
    values = [
        asked(tmp_path, case(), "worst", scenarios=names).value
        for names in (["base"], ["base", "big_fails"], ["base", "big_fails", "little_fails"])
    ]
    assert values == sorted(values)
    assert values[0] < values[-1] - 0.01


def test_cvar_lies_between_the_mean_and_the_worst(tmp_path: Path) -> None:
    """At level 0 it is the mean, and near 1 the worst."""
    loaded = api.load(folder_of(tmp_path, case()))
    for alpha, same in ((0.0, "expected"), (0.999, "worst")):
        found = questions.risk(loaded, "cvar", alpha=alpha)
        assert found.value == near(next(x.value for x in found.levels if x.measure == same))


# ---- What a scenario changes of a commitment ------------------------------------------------


def one_project(*shocks: dict[str, Any], amount: float = 60, **project_cells: Any) -> Sheets:
    """Big alone, of which half must be public money, and a scenario as likely as the base case."""
    return chain(
        projects=[project("Big", "smelt", 60, 60, public_share=0.5, **project_cells)],
        programmes=[{"programme": "Fund", "amount": amount, "max_share": 0.5}],
        scenarios=[{"scenario": "other", "probability": 0.5}],
        shocks=[{"scenario": "other"} | row for row in shocks],
    )


def test_who_pays_is_the_scenarios_own_where_the_cost_is(tmp_path: Path) -> None:
    """Half of 60 in the base case, half of 90 where it costs half as much again."""
    found = asked(tmp_path, one_project({"what": "capex", "factor": 1.5}))
    assert found.value == near(0.4)
    told = {row.scenarios: (row.capex_musd, row.paid_by) for row in found.commitments}
    assert told == {
        ("base",): (pytest.approx(60), {"Fund": pytest.approx(30)}),
        ("other",): (pytest.approx(90), {"Fund": pytest.approx(45)}),
    }


def test_what_cannot_be_paid_in_one_scenario_is_committed_in_none(tmp_path: Path) -> None:
    """The fund has 40, and 45 are needed where it costs more. The base case's own plan lapses
    there, so the two are not compared."""
    found = asked(tmp_path, one_project({"what": "capex", "factor": 1.5}, amount=40))
    assert (found.value, found.commitments) == (near(1), ())
    assert {row.scenario: row.base_lapsed for row in found.scenarios} == {
        "base": (),
        "other": ("Big",),
    }
    assert worth_of(found, "all_scenarios") == (-math.inf, math.inf)


def test_a_forced_project_that_cannot_be_paid_leaves_no_plan(tmp_path: Path) -> None:
    of = one_project({"what": "capex", "factor": 1.5}, amount=40, decision="force")
    with pytest.raises(InfeasibleError, match="in every scenario"):
        asked(tmp_path, of)


def test_a_commitment_that_comes_too_late_is_paid_and_makes_nothing(tmp_path: Path) -> None:
    found = asked(tmp_path, one_project({"what": "lead_time", "shift": 5}))
    assert outcomes_of(found) == {"base": near(0.4), "other": near(1)}
    assert [(row.project, row.scenarios) for row in found.commitments] == [("Big", ())]


# ---- Stock ----------------------------------------------------------------------------------


def stocked(fund: float = 0.001, **stock: Any) -> Sheets:
    """A smelter in W makes 150 a year until 2031; half of the time X sends nothing in 2032 and
    2033, and W is short of 200 of the 400 that it needs. Metal costs USD 10; the fund's USD 1000
    buy 100 of it, or a smelter of 60 a year."""
    base = chain()
    return base | {
        "facilities": [*base["facilities"], plant("smelter_w", "W", "smelt", 150, closes=2031)],
        "projects": [project("Big", "smelt", 60, 0.001, public_share=1)],
        "prices": [{"commodity": "metal", "2030": 10, "2033": 10}],
        "stockpiles": [
            {"stockpile": "reserve", "region": "W", "commodity": "metal", "release": "disruption"}
            | stock
        ],
        "programmes": [{"programme": "vault", "pays_for": "capex; stock", "amount": fund}],
        "scenarios": [{"scenario": "cut", "probability": 0.5}],
        "shocks": [
            shock("cut", "lane", field="origin", value="X", factor=0, first_year=2032),
        ],
    }


def test_stock_or_plant(tmp_path: Path) -> None:
    """A smelter serves 120 of the 200, and stock 100."""
    found = asked(tmp_path, stocked(), of="shortfall", choices=True)
    assert found.value == near(0.5 * 80 / 400)
    assert [c.project for c in found.commitments] == ["Big"]
    values = {row.choice: row.value for row in found.choices}
    assert values == {
        "no stock": near(0.5 * 80 / 400),
        "no plants": near(0.5 * 100 / 400),
        "release any": near(0.5 * 80 / 400),
    }
    bought = {row.choice: row.bought_musd for row in found.choices}
    assert bought["no plants"] == pytest.approx(0.001, rel=1e-3)
    assert bought["no stock"] == 0


def test_what_is_bought_before_a_shock_is_bought_in_every_scenario(tmp_path: Path) -> None:
    """With money for both the smelter serves 120 and stock the other 80: USD 800 of metal, clear
    or not, until 2031, by one fund; 80 are 0.8 of a year's use of 100."""
    found = asked(tmp_path, stocked(fund=0.0018, buys="any"), of="shortfall")
    assert found.value == near(0)
    assert found.known_from == 2032
    assert {row.scenario for row in found.stock} == {""}
    assert sum(row.bought for row in found.stock) == pytest.approx(80, abs=1e-4)
    last = max(found.stock, key=lambda row: row.year)
    assert last.region == "W"
    assert last.level == pytest.approx(80, abs=1e-4)
    assert last.cover_days == pytest.approx(0.8 * 365, abs=1e-3)
    assert last.paid_by.keys() == {"vault"}


def unforeseen() -> Sheets:
    """W needs 100 of metal and 100 of powder a year, 800 in all, from X, which from 2032 on may
    smelt no metal, or press no powder. The fund's USD 1000 buy 100 of either until then, and it is
    not known which will be cut, whatever else is known from the first year on: bought of the
    likelier, 0.4 * 100 + 0.3 * 200 are short. Who foresaw it would leave 0.7 * 100."""
    base = chain()
    extra = {"mineral": "M", "stage": "powder", "surplus": "free", "commodity": "powder"}
    return base | {
        "commodities": [*base["commodities"], extra],
        "processes": [*base["processes"], {"process": "press", "stage": "powder"}],
        "recipes": [
            *base["recipes"],
            {"process": "press", "commodity": "ore", "amount": -1},
            {"process": "press", "commodity": "powder", "amount": 1},
        ],
        "facilities": [*base["facilities"], plant("press_x", "X", "press", 1000)],
        "demand": [
            {"region": "W", "commodity": name, "2030": 100, "2033": 100}
            for name in ("metal", "powder")
        ],
        "prices": [{"commodity": name, "2030": 10, "2033": 10} for name in ("metal", "powder")],
        "stockpiles": [
            {
                "stockpile": f"{name}_reserve",
                "region": "W",
                "commodity": name,
                "release": "disruption",
                "buys": "any",
            }
            for name in ("metal", "powder")
        ],
        "programmes": [{"programme": "vault", "pays_for": "stock", "amount": 0.001}],
        "scenarios": [
            {"scenario": "no_metal", "probability": 0.4},
            {"scenario": "no_powder", "probability": 0.3},
            {"scenario": "less_ore", "probability": 0.2},
        ],
        "shocks": [
            shock("no_metal", "supply", field="facility", value="smelter_x", factor=0)
            | {"first_year": 2032},
            shock("no_powder", "supply", field="facility", value="press_x", factor=0)
            | {"first_year": 2032},
            shock("less_ore", "supply", field="facility", value="mine_w", factor=0.9),
        ],
    }


def test_nobody_buys_for_a_shock_before_it_comes(tmp_path: Path) -> None:
    found = asked(tmp_path, unforeseen(), of="shortfall")
    assert (found.value, found.bound) == (near(0.125), near(0.125))
    assert found.known_from == 2030
    bought = {row.stockpile for row in found.stock if row.scenario in ("base", "no_powder")}
    assert bought <= {"metal_reserve"}
    lost = {row.scenario: row.outcome for row in found.scenarios}
    assert lost == {
        "base": near(0),
        "no_metal": near(100 / 800),
        "no_powder": near(200 / 800),
        "less_ore": near(0),
    }


def test_a_second_wave_knows_what_has_happened_and_no_more(tmp_path: Path) -> None:
    """The scenarios differ from 2032 on, so commitments of 2031 are the same in all of them, also
    where they are of the second wave."""
    shocks = [{**row, "first_year": 2032} for row in case()["shocks"]]
    early, then = (
        asked(tmp_path, case({"second_wave": year}, shocks=shocks)) for year in (2031, 2032)
    )
    assert (early.value, early.bound) == (near(then.value), near(then.bound))
    assert all(not c.scenarios for c in early.commitments if c.year < 2032)


@pytest.mark.parametrize(("own", "other"), [("any", "disruption"), ("disruption", "any")])
def test_release_in_a_disruption_alone_is_worth_less(tmp_path: Path, own: str, other: str) -> None:
    """The smelter makes 50 more than W needs in 2030 and in 2031, and the vault's money buys these
    100. From 2032 on it is closed, and W's 200 of 2032 and 2033 are exposed but for what stock
    serves. In half of what may come X sends nothing in 2033. Released in any year the 100 serve in
    both scenarios: 100 / 400 are left. Released in a disruption alone they serve in the cut 2033,
    and in the base case never: (200 / 400 + 100 / 400) / 2."""
    known = {"any": 100 / 400, "disruption": (200 / 400 + 100 / 400) / 2}
    sheets = stocked(release=own) | {
        "projects": [],
        "programmes": [{"programme": "vault", "pays_for": "stock", "amount": 1}],
        "shocks": [shock("cut", "lane", field="origin", value="X", factor=0, first_year=2033)],
    }
    found = asked(tmp_path, sheets, choices=True)
    assert (found.value, found.bound) == (near(known[own]), near(known[own]))
    values = {row.choice: (row.value, row.bound) for row in found.choices}
    assert values[f"release {other}"] == (near(known[other]), near(known[other]))
    assert f"release {own}" not in values


def two_funds() -> Sheets:
    """Two smelters of 75 in W, of which the one or the other fails from 2031 on. In 2030 they make
    50 more than W needs, at USD 100 a unit; from 2031 on a unit loses USD 100, so USD 5000 of one
    fund make 50 in the one smelter and USD 5000 of another 50 in the other."""
    base = chain({"losing_plants": "need_support"})
    smelters = {"smelt": "smelter_1", "melt": "smelter_2"}
    extra = [
        {"process": "melt", "commodity": "ore", "amount": -1},
        {"process": "melt", "commodity": "metal", "amount": 1},
    ]
    fund = {"pays_for": "stock; price_support", "amount": 0.005}
    return base | {
        "processes": [*base["processes"], {"process": "melt", "stage": "metal"}],
        "recipes": [*base["recipes"], *extra],
        "facilities": [
            *base["facilities"],
            *(plant(name, "W", process, 75) for process, name in smelters.items()),
        ],
        "prices": [
            {"commodity": "metal", "2030": 100, "2031": 50, "2033": 50},
            {"commodity": "ore", "2030": 80, "2031": 150, "2033": 150},
        ],
        "stockpiles": [{"stockpile": "reserve", "region": "W", "commodity": "metal"}],
        "programmes": [{"programme": f"no {process}"} | fund for process in smelters],
        "eligibility": [
            {"programme": f"no {name}", "field": "process", "value": name, "rule": "never"}
            for name in smelters
        ],
        "scenarios": [{"scenario": name, "probability": 0.5} for name in smelters.values()],
        "shocks": [
            shock(name, "supply", field="facility", value=name, factor=0, first_year=2031)
            for name in smelters.values()
        ],
    }


def test_who_pays_for_stock_before_a_shock_pays_in_every_scenario(tmp_path: Path) -> None:
    """Stock costs USD 5000 too: the 50 serve in both scenarios, and what either fund pays for them
    keeps no smelter running. Of 300 needed from 2031 on 50 and, by the mean, half of 50 are clear:
    225 / 400 are not. Who knew the scenario would take the money of the fund that is of no use in
    it: 200."""
    found = asked(tmp_path, two_funds())
    assert (found.value, found.bound) == (near(225 / 400), near(225 / 400))
    assert worth_of(found, "wait_and_see") == (near(200 / 400), near(200 / 400))


def test_stock_of_a_mineral_in_a_unit_of_its_own(tmp_path: Path) -> None:
    """Beside 100 of metal, all of it exposed, W needs 0.1 of gems a year, of another mineral of the
    same weight. It picks 0.15 until 2031, then none; USD 60 buy 0.06 of the 0.1 that it could lay
    by. In half of what may come 0.15 are needed in 2033. Gems short of clear ones: 0.14 of 0.4, and
    0.19 of 0.45."""
    base = chain()
    gems = {"commodity": "gem", "mineral": "G", "stage": "mining", "surplus": "free"}
    sheets = base | {
        "commodities": [*base["commodities"], gems],
        "processes": [*base["processes"], {"process": "pick", "stage": "mining"}],
        "recipes": [*base["recipes"], {"process": "pick", "commodity": "gem", "amount": 1}],
        "facilities": [
            *base["facilities"],
            plant("pick_w", "W", "pick", 0.15, closes=2031),
            plant("pick_x", "X", "pick", 10),
        ],
        "prices": [{"commodity": "gem", "2030": 1000, "2033": 1000}],
        "stockpiles": [{"stockpile": "reserve", "region": "W", "commodity": "gem"}],
        "demand": [
            *base["demand"],
            {"region": "W", "commodity": "gem", "2030": 0.1, "2033": 0.1},
        ],
        "minerals": [{"mineral": "M", "weight": 1}, {"mineral": "G", "weight": 1}],
        "programmes": [{"programme": "vault", "pays_for": "stock", "amount": 0.00006}],
        "scenarios": [{"scenario": "more", "probability": 0.5}],
        "shocks": [
            shock("more", "demand", field="commodity", value="gem", factor=1.5, first_year=2033)
        ],
    }
    found = asked(tmp_path, sheets)
    own = {"base": (1 + 0.14 / 0.4) / 2, "more": (1 + 0.19 / 0.45) / 2}
    assert outcomes_of(found) == {name: near(x) for name, x in own.items()}
    assert found.value == near(sum(own.values()) / 2)
    assert sum(row.bought for row in found.stock) == pytest.approx(0.06, abs=1e-6)


# ---- What is told of the plan ---------------------------------------------------------------


def test_a_commitment_of_no_size_is_not_told(tmp_path: Path) -> None:
    """Of a scalable project that is forced nothing need be built, nor paid: in the one scenario Big
    makes nothing, so the 60 buy of Other what a unit costs 1."""
    scalable = {"capacity_max": 60, "capex_per_unit": 1, "public_share": 1}
    forced = project("Big", "smelt", 0, 0, **scalable, decision="force")
    rows = [forced, project("Other", "smelt", 0, 0, **scalable)]
    broken = shock("broken", "supply", field="project", value="Big", factor=0)
    sheets = chain(
        projects=[row | {"capacity": ""} for row in rows],
        programmes=[{"programme": "Fund", "amount": 60}],
        scenarios=[{"scenario": "broken", "probability": 0.5}],
        shocks=[broken],
    )
    found = asked(tmp_path, sheets)
    assert found.value == near(0.4)
    assert [c.project for c in found.commitments] == ["Other"]


# ---- Drawn ----------------------------------------------------------------------------------


RANGE_COLUMNS = ("sheet", "row", "column", "low", "high")


def drawn(**sheets: Rows) -> Sheets:
    """The case with one smelter that operates half of the time, and money for it alone."""
    rows: Sheets = {
        "projects": [project("Big", "smelt", 60, 60, public_share=1, chance=0.5)],
        "programmes": [{"programme": "Fund", "amount": 60}],
    }
    return chain(**{**rows, **sheets})


def test_failures_are_drawn_by_their_chance(tmp_path: Path) -> None:
    """Where it operates it counts wholly, 40 of 100 exposed, else all; a seed draws the same again.

    The share of 400 draws in which it does lies within four standard deviations of a half."""
    found = asked(tmp_path, drawn(), draw=400, seed=3)
    share = {row.outcome: row.probability for row in found.scenarios}
    assert sorted(x for x in share if x is not None) == [near(0.4), near(1)]
    operates = next(p for x, p in share.items() if x == near(0.4))
    assert operates == pytest.approx(0.5, abs=4 * 0.5 / math.sqrt(400))
    assert found.value == near(0.4 * operates + 1 - operates)
    assert asked(tmp_path, drawn(), draw=400, seed=3) == found


def test_ranges_are_drawn(tmp_path: Path) -> None:
    """Of a capacity between 50 and 70 each draw's outcome is 1 less its capacity."""
    ranges = [{"sheet": "projects", "row": "Big", "column": "capacity", "low": 50, "high": 70}]
    sure = [project("Big", "smelt", 60, 60, public_share=1)]
    found = asked(tmp_path, drawn(projects=sure, ranges=ranges), draw=5, seed=1)
    values = [row.outcome for row in found.scenarios]
    assert len(set(values)) == 5
    assert all(x is not None and 0.3 < x < 0.5 for x in values)


def test_every_range_is_drawn(tmp_path: Path) -> None:
    """Ranges of two cells of a project and one of demand: a capacity of 50 to 70, a cost of 50 to
    60, which the fund covers, and a demand of 100 to 120 in 2030, from where it goes straight to
    100 in 2033: a mean of half of both. Each draw's outcome is that of its own cells, all but
    capacity / mean demand; the order of rows changes nothing."""
    names = [("projects", "Big", "capacity", 50, 70), ("projects", "Big", "capex", 50, 60)]
    names += [("demand", "W;metal", "2030", 100, 120)]
    ranges = [dict(zip(RANGE_COLUMNS, row, strict=True)) for row in names]
    sheets = drawn(
        projects=[project("Big", "smelt", 60, 60, public_share=1)],
        demand=[{"region": "W", "commodity": "metal", "2030": 100, "2033": 100}],
        ranges=ranges,
    )
    outlook = drawn_outlook(read(folder_of(tmp_path, sheets)), 5, 1)
    cells = [
        (row["capacity"], row["capex"], asked_for.years[2030])
        for future in outlook.futures
        for row in [future.tables.rows["projects"][0]]
        for asked_for in [future.tables.rows["demand"][0]]
    ]
    for values, (*_, low, high) in zip(zip(*cells, strict=True), names, strict=True):
        assert len(set(values)) == 5
        assert all(low <= x <= high for x in values)
    found = asked(tmp_path, sheets, draw=5, seed=1)
    assert [row.outcome for row in found.scenarios] == [
        near(1 - capacity / ((demand + 100) / 2)) for capacity, _, demand in cells
    ]
    turned = asked(tmp_path, sheets | {"ranges": ranges[::-1]}, draw=5, seed=1)
    assert outcomes_of(turned) == outcomes_of(found)


def test_a_range_of_a_chance_is_drawn(tmp_path: Path) -> None:
    """A smelter that is sure to operate, of a chance that may be 0 to 1: it operates in half of 400
    draws, within four standard deviations. Which chance was drawn is nothing that anybody sees, so
    there are two futures."""
    sure = [project("Big", "smelt", 60, 60, public_share=1, chance=1)]
    ranges = [dict(zip(RANGE_COLUMNS, ("projects", "Big", "chance", 0, 1), strict=True))]
    found = asked(tmp_path, drawn(projects=sure, ranges=ranges), draw=400, seed=2)
    share = {row.outcome: row.probability for row in found.scenarios}
    assert sorted(x for x in share if x is not None) == [near(0.4), near(1)]
    operates = next(p for x, p in share.items() if x == near(0.4))
    assert operates == pytest.approx(0.5, abs=4 * 0.5 / math.sqrt(400))


def test_a_recipe_that_does_not_balance_is_not_drawn(tmp_path: Path) -> None:
    """Half of ore and of metal is E: of less than 1 of ore no 1 of metal is made. Of 1 to 1.2 it
    can be, and five are drawn."""
    halves = [{"commodity": c, "element": "E", "share": 0.5} for c in ("ore", "metal")]
    row = {"sheet": "recipes", "row": "smelt;ore", "column": "amount", "low": -1.2}
    for high, futures in ((-0.8, 2), (-1, 5)):
        smelter = project("Big", "smelt", 60, 60, public_share=1, chance=0.5)
        sheets = drawn(projects=[smelter], contents=halves, ranges=[row | {"high": high}])
        outlook = drawn_outlook(read(folder_of(tmp_path, sheets)), 5, 1)
        assert len(outlook.futures) == futures
        told = ["recipes smelt;ore amount is not drawn: at -0.8"] if futures == 2 else []
        assert [line[: len(told[0])] for line in outlook.left_out] == told


def test_a_range_of_a_shock_is_not_drawn(tmp_path: Path) -> None:
    """Futures are drawn from the base case, in which no shock holds."""
    row = {"sheet": "shocks", "row": "big_fails;supply;project;Big;2031", "column": "factor"}
    with pytest.raises(InputError, match="there is nothing to draw"):
        asked(tmp_path, case(ranges=[row | {"low": 0.1, "high": 0.3}]), draw=5)


def test_nothing_to_draw_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is nothing to draw"):
        asked(tmp_path, case(), draw=5)


# ---- Probabilities and scenarios that are asked for ----------------------------------------


def probabilities(found: Risk) -> dict[str, float]:
    return {row.scenario: row.probability for row in found.scenarios}


def with_probabilities(*given: float | None) -> Sheets:
    names = ("big_fails", "little_fails")
    rows = [
        {"scenario": name} | ({} if p is None else {"probability": p})
        for name, p in zip(names, given, strict=True)
    ]
    return case(scenarios=rows)


def test_scenarios_without_a_probability_share_what_is_left(tmp_path: Path) -> None:
    found = asked(tmp_path, with_probabilities(0.4, None))
    assert probabilities(found) == {
        "base": near(0.3),
        "big_fails": near(0.4),
        "little_fails": near(0.3),
    }
    assert [row.stated for row in found.scenarios] == [False, True, False]
    whole = asked(tmp_path, with_probabilities(0.4, 0.6))
    assert probabilities(whole) == {"big_fails": near(0.4), "little_fails": near(0.6)}


def test_probabilities_that_do_not_sum_to_1_are_refused_by_cell(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        asked(tmp_path, case(), scenarios=["big_fails", "little_fails"])
    assert [(issue.where, issue.value) for issue in refused.value.issues] == [
        ("scenarios!B2", "0.3"),
        ("scenarios!B3", "0.2"),
    ]
    assert "sum to 0.5" in refused.value.issues[0].message


def test_scenarios_that_are_not_there_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        asked(tmp_path, case(), scenarios=["big", "base", "Base"])
    told = [issue.message for issue in refused.value.issues]
    assert told == ["'big' is not a scenario.", "'base' is named 2 times."]


def test_shocks_on_money_are_left_out_and_told(tmp_path: Path) -> None:
    of = case()
    of["scenarios"] = [*of["scenarios"], {"scenario": "poor"}]
    of["shocks"] = [
        *of["shocks"],
        shock("poor", "money", factor=0),
        shock("big_fails", "money", factor=0.5),
    ]
    found = asked(tmp_path, of)
    assert found.value == near(asked(tmp_path, case()).value)
    assert [told.split()[0] for told in found.left_out] == ["poor", "big_fails:"]


def test_a_second_wave_outside_the_plan_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="2030 does not lie in 2031-2033"):
        asked(tmp_path, case({"second_wave": 2030}))


# ---- Stopped --------------------------------------------------------------------------------


def test_stopped_before_anything_is_known(tmp_path: Path) -> None:
    control = Control()
    control.stop.set()
    found = asked(tmp_path, case(), choices=True, runner=Runner(control, Silent()))
    assert not found.complete
    assert (found.value, found.commitments, found.stock) == (math.inf, (), ())
    assert all(row.reason for row in found.scenarios)
    said = in_words(found)
    assert said.startswith("Expected dependence: no plan is known yet.")
    assert "Nothing is committed" not in said
    reasons = {row.reason for row in found.scenarios}
    assert [line for line in said.splitlines() if line in reasons] == sorted(reasons)


# ---- The store ------------------------------------------------------------------------------


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of the searches that are begun from now on."""
    titles: list[str] = []
    real = study.least_risk

    def search(*given: Any, title: str, **more: Any) -> Ventured:
        titles.append(title)
        return real(*given, title=title, **more)

    monkeypatch.setattr(study, "least_risk", search)
    return titles


def test_the_same_again_is_taken_from_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To the last byte; what is asked otherwise, or of another case, is searched for."""
    folder, titles = folder_of(tmp_path, stocked(fund=0.0018, buys="any")), counted(monkeypatch)

    def told(*more: str) -> str:
        del titles[:]
        arguments = ["risk", str(folder), "--json", "--store", str(tmp_path / "store"), *more]
        done = CliRunner().invoke(cli, arguments)
        assert done.exit_code == 0, done.stderr
        return done.stdout

    whole = ["--of", "shortfall", "--choices"]
    first = told(*whole)
    assert len(titles) > 3
    assert told(*whole) == first
    assert titles == []
    assert json.loads(first) == json.loads(told(*whole, "--no-store"))
    told("--of", "shortfall", "--measure", "worst")
    assert titles == ["worst shortfall of 2 scenarios"]
    told(*whole, "--set", "gap=0.002")
    assert titles


def test_a_damaged_search_is_told_and_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, titles = folder_of(tmp_path, case()), counted(monkeypatch)
    asked_of = ["risk", str(folder), "--store", str(tmp_path / "store")]
    first = CliRunner().invoke(cli, asked_of)
    for path in (tmp_path / "store").iterdir():
        path.write_text("half", encoding="utf-8")
    again = CliRunner().invoke(cli, asked_of)
    assert again.stdout == first.stdout
    assert titles == ["expected dependence of 3 scenarios"] * 2
    assert "is damaged; solved again" in again.stderr


@pytest.mark.parametrize(
    ("outcome", "stopped", "kept"),
    [
        (Outcome.OPTIMAL, False, True),
        (Outcome.INFEASIBLE, False, True),
        (Outcome.FEASIBLE, False, True),  # to the end of its own time
        (Outcome.FEASIBLE, True, False),
        (Outcome.LIMIT, False, False),
    ],
)
def test_a_search_that_was_cut_short_is_not_kept(
    tmp_path: Path, outcome: Outcome, stopped: bool, kept: bool
) -> None:
    plan = FuturePlan((), (), {("reserve", "clear", 2031): 0.1 + 0.2}, {})
    found = Ventured(outcome, 0.3, -math.inf, (plan,))
    control, store = Control(), Store(tmp_path / "store")

    def work() -> Ventured:
        if stopped:
            control.stop.set()
        return found

    runner, question = Runner(control, Silent(), store=store), ("asked", 1.5)
    assert runner.search("words", question, Ventured, work) == found
    assert store.find_search(question, Ventured) == (found if kept else None)
    assert store.find_search(("asked", 1.6), Ventured) is None


# ---- The audit, and the command -------------------------------------------------------------


def test_every_plan_is_audited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each scenario is told of the audit, and a plan that it does not confirm is not told."""
    seen: list[tuple[str | None, FoundPlan]] = []
    real = questions.confirm_plan

    def tampered(tables: Any, scenario: str | None, key: str, found: FoundPlan) -> None:
        seen.append((scenario, found))
        real(tables, scenario, key, found)

    monkeypatch.setattr(questions, "confirm_plan", tampered)
    asked(tmp_path, case())
    assert [scenario for scenario, _ in seen] == [None, "big_fails", "little_fails"]

    def worse(tables: Any, scenario: str | None, key: str, found: FoundPlan) -> None:
        values = {name: x - 0.01 for name, x in found.values.items()}
        real(tables, scenario, key, FoundPlan(found.solution, values, given=found.given))

    monkeypatch.setattr(questions, "confirm_plan", worse)
    with pytest.raises(AuditError, match="does not confirm"):
        asked(tmp_path, case())


@pytest.mark.parametrize(
    ("left", "sheets"),
    [
        ({"DECIDED": (), "PAID": ()}, case()),
        ({"DECIDED": ("build",)}, farmer()),
        ({"STOCK": ("buy", "release")}, two_funds()),
    ],
)
def test_a_search_that_does_not_share_is_found_out(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    left: Mapping[str, tuple[str, ...]],
    sheets: Sheets,
) -> None:
    """Where the model leaves to each scenario what must be the same in all, nothing is told: of
    what is committed, of its size, and of who pays for stock before a shock."""
    for name, families in left.items():
        monkeypatch.setattr(risk_model, name, families)
    with pytest.raises(AuditError, match="that the scenarios share one plan"):
        asked(tmp_path, sheets)


def test_the_command_tells_the_same(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, case({"second_wave": SECOND_WAVE}))
    said = CliRunner().invoke(cli, ["risk", str(folder), "--json", "--no-store", "--quiet"])
    assert said.exit_code == 0, said.stderr
    found = questions.risk(api.load(folder))
    assert json.loads(said.stdout) == found.document()
    words = CliRunner().invoke(cli, ["risk", str(folder), "--no-store", "--quiet"]).stdout
    assert words.startswith(
        f"Expected dependence: {100 * found.value:.1f}%. No plan can beat that."
    )
    assert "That the second wave can wait is worth" in words
    assert "big_fails" in words
