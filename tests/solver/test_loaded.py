"""A loaded model under changes of its case: the bounds of a model built for the changed case, the
values of plans that a model holding them has, whatever was asked before."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from builders import chain, instance_of, plant, project
from random_cases import random_case
from random_cases_full import random_full_case
from random_cases_sheets import random_sheets_case

from opt.data.assemble import assemble
from opt.data.instance import Ceiling, Instance, Offtake, Target
from opt.data.reader import read
from opt.errors import InputError
from opt.fixed import FixedCommitment
from opt.model.build import RULES
from opt.model.objectives import measure
from opt.model.room import room_of
from opt.record.passes import Outcome
from opt.solver.altered import OtherModelError, alteration, reading
from opt.solver.control import Control
from opt.solver.loaded import LastLoaded, Loaded, load
from opt.solver.matrix import Row, RowReader
from opt.solver.progress import Silent
from opt.solver.stage import Job, SolveOptions, deciding_origins, open_stage
from opt.studies import change

SAME = 1e-7
Write = Callable[[Path, int], Path]
Changes = Iterator[tuple[str, Instance]]


def job(instance: Instance, **options: object) -> Job:
    """A case to be solved exactly."""
    asked = SolveOptions(gap=0.0, **options)  # type: ignore[arg-type]
    return Job(instance, asked, Control(), Silent())


def drawn(folder: Path, write: Write, seed: int) -> Instance:
    """A random case; skips a seed that the reader refuses."""
    try:
        return assemble(read(write(folder, seed)))
    except InputError:
        pytest.skip("the reader refuses this seed")


def loaded(instance: Instance) -> Loaded:
    """A case loaded for dependence."""
    return load(job(instance))


# ---- Changes --------------------------------------------------------------------------------


def of_programmes(case: Instance) -> Changes:
    """Less, more and none of each and of all."""
    for factor in (0.0, 0.5, 2.0):
        yield f"all programmes x {factor}", change.scaled_programmes(case, factor)
    for k in case.programme_order:
        yield f"more {k}", change.scaled_programmes(case, 1.1, {k})
        yield f"without {k}", change.without_programme(case, k)
    yield "no new money", change.without_new_money(case)


def of_projects(case: Instance) -> Changes:
    """Each in, out, dearer, its plant half as large, its plant failed."""
    yield "forced alone", change.only_forced(case)
    for j, held in case.projects.items():
        yield f"forced {j}", change.forced(case, j)
        yield f"forbidden {j}", change.forbidden(case, j)
        for factor in (0.0, 0.5):
            yield f"{j} runs x {factor}", with_project(case, running(held, factor))
        yield f"{j} costs x 1.3", with_project(case, dearer(held, 1.3))
    yield "nothing new comes", change.frozen(case)


def of_others(case: Instance) -> Changes:
    """Facilities that fail, limits, targets, demand."""
    for f, held in case.facilities.items():
        failed = dataclasses.replace(held, usable=dict.fromkeys(held.usable, 0.0))
        yield f"{f} fails", case.replace(facilities={**case.facilities, f: failed})
    for ceiling in case.ceilings:
        yield f"without {ceiling.id}", change.without_ceilings(case, {ceiling.id})
        yield f"more {ceiling.id}", change.raised_ceiling(case, ceiling.id, 1.1)
    yield "no targets", change.without_targets(case)
    for target in case.targets:
        yield f"target {target.id} alone", change.with_target(case, target)
    for factor in (0.7, 1.1):
        yield f"demand x {factor}", asking(case, factor)


def with_project(case: Instance, held: object) -> Instance:
    """The case with another project of the same name."""
    return case.replace(projects={**case.projects, held.plant.id: held})  # type: ignore[attr-defined]


def with_fund(case: Instance, **values: object) -> Instance:
    """The case with other terms of its programme Fund."""
    fund = dataclasses.replace(case.programmes["Fund"], **values)  # type: ignore[arg-type]
    return case.replace(programmes={**case.programmes, "Fund": fund})


def running(held: object, factor: float) -> object:
    """A project whose plant can run so much of its capacity, whoever commits it."""
    offers = {
        v: dataclasses.replace(offer, usable={t: u * factor for t, u in offer.usable.items()})
        for v, offer in held.offers.items()  # type: ignore[attr-defined]
    }
    lost = {t: u * factor for t, u in held.lost.items()}  # type: ignore[attr-defined]
    return dataclasses.replace(held, offers=offers, lost=lost)  # type: ignore[type-var]


def dearer(held: object, factor: float) -> object:
    """A project at so many times its capital cost."""
    offers = {
        v: dataclasses.replace(
            offer, capex=offer.capex * factor, capex_per_unit=offer.capex_per_unit * factor
        )
        for v, offer in held.offers.items()  # type: ignore[attr-defined]
    }
    return dataclasses.replace(held, offers=offers)  # type: ignore[type-var]


def asking(case: Instance, factor: float) -> Instance:
    """The case at so many times its demand."""
    demands = {
        d: dataclasses.replace(demand, amounts={t: a * factor for t, a in demand.amounts.items()})
        for d, demand in case.demands.items()
    }
    return case.replace(demands=demands)


def changes(case: Instance) -> Changes:
    """Every kind of change."""
    yield from of_programmes(case)
    yield from of_projects(case)
    yield from of_others(case)


# ---- Bounds ---------------------------------------------------------------------------------


def bound_alone(case: Instance) -> float | None:
    """The relaxation of a model that is built for a case; None where that is infeasible."""
    stage = open_stage(job(case), deciding_origins(case), freight=False)
    measured = measure(stage.model, "dependence")
    found = stage.solver.relaxation(measured.expression)
    return None if found.point is None else max(0.0, found.bound * measured.per_unit)


@pytest.mark.parametrize("write", [random_case, random_sheets_case, random_full_case])
@pytest.mark.parametrize("seed", range(14))
def test_bounds_are_those_of_models_of_their_own(tmp_path: Path, write: Write, seed: int) -> None:
    case = drawn(tmp_path, write, seed)
    model, told = loaded(case), 0
    for name, changed in changes(case):
        try:
            with model.under(changed) as asked:
                found = asked.bound()
        except OtherModelError:
            # What limits on capacity have room for has rows of its own.
            assert room_of(case).limits, name
            continue
        own = bound_alone(changed)
        told += 1
        assert (found.point is None) == (own is None), name
        assert own is None or found.bound == pytest.approx(own, abs=SAME), name
    assert told > 10
    with model.under(case) as asked:
        again = asked.bound()
    assert (again.point is None) == (model.root.point is None)


@pytest.mark.parametrize("write", [random_sheets_case, random_full_case])
@pytest.mark.parametrize("seed", range(3))
def test_no_rule_is_forgotten(tmp_path: Path, write: Write, seed: int) -> None:
    """Every rule, those too that the change is said not to touch, read again with the changed data:
    the rows are those that the solver was told."""
    case = drawn(tmp_path, write, seed)
    model = loaded(case)
    stage = model.stage
    number = {id(row): n for n, row in enumerate(stage.solver.constraints)}
    reader, read_again = RowReader(stage.solver.columns), 0
    for name, changed in changes(case):
        found = alteration(stage, case, changed)
        # What asks for nothing any more, and what a newly forced project asks for, is in no data.
        extra = {
            n
            for n, row in found.rows.items()
            if stage.solver.row_as_built(n).weights == row.weights
        }
        with reading(stage.model, found.data):
            for rule in RULES:
                held = {k if isinstance(k, tuple) else (k,) for k in rule.keys(stage.model)}
                for key, row in getattr(stage.model, rule.name).items():
                    n, at = number.get(id(row)), key if isinstance(key, tuple) else (key,)
                    if n is None or at not in held or n in extra:
                        continue
                    now = found.rows.get(n, stage.solver.row_as_built(n))
                    assert plain(reader.row_of(rule.rule(stage.model, *at))) == plain(now), name
                    read_again += 1
    assert read_again > 1000


def plain(row: Row) -> tuple[dict[int, float], float, float]:
    """A row without coefficients of nothing."""
    return {n: w for n, w in row.weights.items() if w}, row.lower, row.upper


def test_what_was_asked_before_changes_no_digit(tmp_path: Path) -> None:
    case = drawn(tmp_path, random_sheets_case, 3)
    asked = list(changes(case))
    orders = [asked, asked[::-1], random.Random(1).sample(asked, len(asked))]
    answers = []
    for order in orders:
        model, told = loaded(case), {}
        for name, changed in order:
            with model.under(changed) as under:
                found = under.bound()
            told[name] = (found.outcome, found.value, found.bound)
        answers.append(told)
    assert answers[0] == answers[1] == answers[2]


# ---- What takes another model ---------------------------------------------------------------


def two(tmp_path: Path, **sheets: object) -> Instance:
    """W needs 100 a year over 2030-2033. Big makes 60 for USD 60 million, Little 30 for 30; the
    fund has 90. In parts a project costs and makes its part."""
    projects = [
        project("Big", "smelt", 60, 60, public_share=1),
        project("Little", "smelt", 30, 30, public_share=1),
    ]
    fund = [{"programme": "Fund", "instrument": "grant", "amount": 90}]
    given = {"projects": projects, "programmes": fund, **sheets}
    return instance_of(tmp_path, chain(**given))  # type: ignore[arg-type]


def of_any_size(name: str, largest: float) -> dict[str, object]:
    """Smelters of any size up to a largest, for USD 1 million a unit."""
    sizes = {"capacity_min": 1, "capacity_max": largest, "capex_per_unit": 1, "max_units": 4}
    row = project(name, "smelt", largest, 0, public_share=1, **sizes)
    return {column: value for column, value in row.items() if column != "capacity"}


def two_of_any_size(tmp_path: Path, **sheets: object) -> Instance:
    """The same, of any size and as often as the fund pays for."""
    projects = [of_any_size("Big", 60), of_any_size("Little", 30)]
    return two(tmp_path, projects=projects, **sheets)


def test_other_models_are_refused(tmp_path: Path) -> None:
    case = two(tmp_path)
    model, held = loaded(case), case.projects["Big"]
    demand = next(iter(case.demands.values()))
    contract = Offtake("mine_w", "W", "ore", frozenset({"W"}), 0.5, 2033)
    half = Target("half", "dependence", "all", 2033, 0.5, at_most=True)
    others = {
        "years": case.replace(years=case.years[:-1]),
        "lanes": case.replace(lanes=(), pools=()),
        "new project": case.replace(projects={**case.projects, "New": held}),
        "capacity": with_project(case, dataclasses.replace(held, capacity_max=61.0)),
        "new year": with_project(
            case,
            dataclasses.replace(held, offers={**held.offers, 2034: held.offers[2033]}),
        ),
        "no demand": case.replace(demands={}),
        "weight": case.replace(
            demands={demand.id: dataclasses.replace(demand, weight=demand.weight + 1)}
        ),
        "target": case.replace(dependence_target=0.5),
        "contract": case.replace(offtakes=(contract,)),
        "limit": case.replace(ceilings=(Ceiling("starts", "starts", ("Big",), {2030: 1}),)),
        "one name for two": case.replace(targets=(half, dataclasses.replace(half, bound=0.4))),
        "largest ticket": with_fund(case, ticket_max=50.0),
    }
    for name, changed in others.items():
        with pytest.raises(OtherModelError), model.under(changed):
            pytest.fail(name)
    # And the model is as it was: 90 of 100 are made.
    with model.under(case) as asked:
        assert asked.bound().bound == pytest.approx(0.1, abs=SAME)


def test_years_in_which_nothing_is_offered_any_more(tmp_path: Path) -> None:
    """Of 400 over all years Big makes 3 x 60 where it waits a year, and Little then 3 x 30."""
    case = two(tmp_path)
    model = loaded(case)
    for names, bound in ((["Big"], 1 - 300 / 400), (["Big", "Little"], 1 - 270 / 400)):
        with model.under(change.waiting_a_year(case, names)) as asked:
            assert asked.bound().bound == pytest.approx(bound, abs=SAME)
            first = (FixedCommitment("Big", 2030, 1, None),)
            assert asked.value(first).outcome is Outcome.INFEASIBLE
    with model.under(case) as asked:
        assert asked.bound().bound == pytest.approx(0.1, abs=SAME)


def costing(case: Instance, musd: float) -> Instance:
    """The case with Big at so much in every year."""
    held = case.projects["Big"]
    offers = {v: dataclasses.replace(offer, capex=musd) for v, offer in held.offers.items()}
    return with_project(case, dataclasses.replace(held, offers=offers))


@pytest.mark.parametrize(
    ("sheets", "changed"),
    [
        (
            {"programmes": [{"programme": "Fund", "amount": 90, "charge": 0}]},
            lambda case: with_fund(case, charge=1.0),
        ),
        (
            {"projects": [project("Big", "smelt", 60, 0, public_share=1)]},
            lambda case: costing(case, 10.0),
        ),
    ],
    ids=["charge", "capex"],
)
def test_what_rows_were_built_without_takes_another_model(
    tmp_path: Path, sheets: dict[str, object], changed: Callable[[Instance], Instance]
) -> None:
    """A row leaves out what weighs nothing; with a weight it would be a row with one more term."""
    case = two(tmp_path, **sheets)
    with pytest.raises(OtherModelError), loaded(case).under(changed(case)):
        pytest.fail("no other model")


def test_bounds_by_hand(tmp_path: Path) -> None:
    case = two(tmp_path)
    model = loaded(case)
    big = case.projects["Big"]
    expected = [
        (0.1, case),
        (0.25, change.scaled_programmes(case, 75 / 90)),
        (0.7, change.forbidden(case, "Big")),
        (1.0, change.without_programme(case, "Fund")),
        (0.55, asking(case, 2.0)),
        # A Little for USD 30 million, and 60 of the 72 that a Big costs now.
        (0.2, with_project(case, dearer(big, 1.2))),
        # At USD 120 million no Big can be paid, and so not in parts.
        (0.7, with_project(case, dearer(big, 2.0))),
        # Big begins in 2031: 70 are exposed in 2030, 10 in each year after it.
        (0.25, with_project(case, dataclasses.replace(big, forced=True, forced_year=2031))),
        # Big makes nothing in any year, half in any year.
        (0.7, with_project(case, running(big, 0.0))),
        (0.4, with_project(case, running(big, 0.5))),
    ]
    for bound, changed in expected:
        with model.under(changed) as asked:
            assert asked.bound().bound == pytest.approx(bound, abs=SAME)


def test_bounds_between_given_units(tmp_path: Path) -> None:
    case = two(tmp_path)
    with loaded(case).under(case) as asked:
        without = {("Big", v): 0 for v in case.years}
        assert asked.between({}, without).bound == pytest.approx(0.7, abs=SAME)
        assert asked.between({("Big", 2031): 1}, {}).bound == pytest.approx(0.25, abs=SAME)
        for least in ({("Big", 2030): 2}, {("Big", 1999): 1}, {("Little", 2030): 1}):
            most = {("Little", 2030): 0}
            assert asked.between(least, most).outcome is Outcome.INFEASIBLE, least
        assert asked.bound().bound == pytest.approx(0.1, abs=SAME)


def test_without_allied_demand_dependence_is_none(tmp_path: Path) -> None:
    demand = [{"region": "N", "commodity": "metal", "2030": 100, "2033": 100}]
    of = chain({"dependence_target": 0.2}, demand=demand)
    case = instance_of(tmp_path, of)
    with loaded(case).under(case.replace(dependence_target=0.1)) as asked:
        assert (asked.bound().value, asked.bound().bound) == (0.0, 0.0)


def test_limits_of_a_year_under_changes(tmp_path: Path) -> None:
    """In 2030 alone USD 70 million can be committed, or 45 of metal a year, of smelters of any
    size."""
    only = {"field": "all", "2031": 0, "2032": 0, "2033": 0}
    case = two(tmp_path, build_limits=[only | {"what": "capex", "2030": 70}])
    big = case.projects["Big"]
    limit = only | {"what": "capacity", "commodity": "metal", "2030": 45}
    metal = two_of_any_size(tmp_path, build_limits=[limit])
    for held, changed, bound in (
        (case, case, 0.3),
        # A Little for 30, and a part of the 60 for the 40 that are left of 66.
        (case, with_project(case, dearer(big, 1.1)), 0.7 - 0.6 * 40 / 66),
        (metal, metal, 0.55),
        (metal, with_project(metal, dearer(metal.projects["Big"], 1.2)), 0.55),
        (metal, change.raised_ceiling(metal, "capacity|all||metal", 1.1), 1 - 0.495),
    ):
        with loaded(held).under(changed) as asked:
            assert asked.bound().bound == pytest.approx(bound, abs=SAME)
    # Sizes that had no room at all in the years after have some now.
    without = change.without_ceilings(metal, {"capacity|all||metal"})
    with pytest.raises(OtherModelError, match="limit_size_max"), loaded(metal).under(without):
        pass


def test_a_limit_that_carries_over_under_changes(tmp_path: Path) -> None:
    """Of 30 a year Little is committed in 2030 and Big in parts, a half in each of 2031 and 2032:
    30, 60, 90 and 90 run. Of 60 a year half of Big beside Little, and the rest in 2031."""
    row = {"field": "all", "what": "capacity", "commodity": "metal", "carry_over": "yes"}
    years = dict.fromkeys(("2030", "2031", "2032", "2033"), 30)
    case = two(tmp_path, build_limits=[row | years])
    (limit,) = case.ceilings
    model = loaded(case)
    for changed, run in (
        (case, 30 + 60 + 90 + 90),
        (change.raised_ceiling(case, limit.id, 2.0), 60 + 90 + 90 + 90),
        (change.without_ceilings(case, {limit.id}), 4 * 90),
        (case, 30 + 60 + 90 + 90),
    ):
        with model.under(changed) as asked:
            assert asked.bound().bound == pytest.approx(1 - run / 400, abs=SAME)


def test_a_limit_that_learns_under_changes(tmp_path: Path) -> None:
    """45 of 2030 grow by half of W's own 20, to 55; 2031 has 37.5, enough for the rest of 90, of
    smelters of any size. With the smelter failed: 45, 22.5 and the rest."""
    limit = {"field": "all", "what": "capacity", "commodity": "metal", "learn": 0.5}
    limit |= {"2030": 45, "2031": 0, "2032": 0, "2033": 0}
    facilities = [*chain()["facilities"], plant("own", "W", "smelt", 20)]
    case = two_of_any_size(tmp_path, build_limits=[limit], facilities=facilities)
    failed = dataclasses.replace(case.facilities["own"], usable=dict.fromkeys(case.years, 0.0))
    changed = case.replace(facilities={**case.facilities, "own": failed})
    model = loaded(case)
    for asked, exposed in ((case, 25), (changed, 55 + 32.5 + 10 + 10)):
        with model.under(asked) as under:
            assert under.bound().bound == pytest.approx(exposed / 400, abs=SAME)


def test_a_limit_learns_of_what_comes_of_a_project_that_is_out(tmp_path: Path) -> None:
    """Half of Comes' 40 comes by itself, whether it is offered or not: beside 20 a year smelters of
    10, 10 + (20 + 10) / 2 and 10 + (20 + 35) / 2 are committed, and in 2033 what is left of 100."""
    limit = {"field": "all", "what": "capacity", "commodity": "metal", "learn": 0.5}
    limit |= dict.fromkeys(("2030", "2031", "2032", "2033"), 10)
    sizes = {"capacity": "", "capacity_max": 100, "capex_per_unit": 0.1, "max_units": 4}
    comes = project("Comes", "smelt", 40, 40, merchant=2030, merchant_chance=0.5, earliest=2033)
    projects = [project("Any", "smelt", 0, 0, **sizes), comes]
    case = instance_of(tmp_path, chain(projects=projects, build_limits=[limit]))
    out = change.forbidden(case, "Comes")
    value = 1 - (30 + 55 + 92.5 + 100) / 400
    model = loaded(case)
    for changed in (case, out, change.only(case, ["Any"])):
        assert bound_alone(changed) == pytest.approx(value, abs=SAME)
        with model.under(changed) as asked:
            assert asked.bound().bound == pytest.approx(value, abs=SAME)


def test_a_dependence_target_moves_and_goes(tmp_path: Path) -> None:
    """A target of 0.2 holds of a plan that reaches 0.1, one of 0.05 of none, not even in parts;
    without projects 1 is reached where there is no target."""
    settings = [{"key": "dependence_target", "value": 0.2}]
    of = chain(projects=[project("Big", "smelt", 90, 90, public_share=1)])
    of["programmes"] = [{"programme": "Fund", "instrument": "grant", "amount": 90}]
    of["settings"] = [*of["settings"], *settings]
    case = instance_of(tmp_path, of)
    model = loaded(case)
    nothing = change.forbidden(case, "Big")
    asked = {
        "as it is": (case, 0.1),
        "nearer": (case.replace(dependence_target=0.05), None),
        "nothing": (nothing, None),
        "nothing asked": (nothing.replace(dependence_target=None), 1.0),
    }
    for name, (changed, bound) in asked.items():
        with model.under(changed) as under:
            found = under.bound()
            plan = under.value([FixedCommitment("Big", 2030, 1, None)] if bound == 0.1 else [])
            half = under.between({}, {})
        if bound is None:
            outcomes = {found.outcome, plan.outcome, half.outcome}
            assert outcomes == {Outcome.INFEASIBLE}, name
        else:
            assert (found.bound, plan.value, half.value) == pytest.approx((bound,) * 3, abs=SAME)
    with model.under(case) as under:  # a plan that is too far off is told so, and then a better one
        assert under.value([]).outcome is Outcome.INFEASIBLE
        assert under.value([FixedCommitment("Big", 2030, 1, None)]).value == pytest.approx(0.1)


def test_a_target_whose_shares_weigh_otherwise_takes_another_model(tmp_path: Path) -> None:
    """M and Q weigh alike, whatever is asked of them: M comes to 0.1, Q, which nobody makes, to 1,
    so 0.55. Where more is asked of Q a unit of it weighs less, which the row of a target does not
    know."""
    of = chain(projects=[project("Big", "smelt", 90, 90, public_share=1)])
    of["programmes"] = [{"programme": "Fund", "instrument": "grant", "amount": 90}]
    of["commodities"] = [
        *of["commodities"],
        {"commodity": "salt", "mineral": "Q", "stage": "metal", "surplus": "free"},
    ]
    of["demand"] = [*of["demand"], {"region": "W", "commodity": "salt", "2030": 50, "2033": 50}]
    of["minerals"] = [{"mineral": name, "weight": 1} for name in ("M", "Q")]
    case = instance_of(tmp_path, of)
    (salt,) = (d for d in case.demands.values() if d.commodity == "salt")
    more = dataclasses.replace(salt, amounts=dict.fromkeys(case.years, 200.0))
    asked = case.replace(demands={**case.demands, salt.id: more})
    with loaded(case).under(asked) as under:
        assert under.bound().bound == pytest.approx(0.55, abs=SAME)
    model = loaded(case.replace(dependence_target=0.6))
    with pytest.raises(OtherModelError), model.under(asked.replace(dependence_target=0.6)):
        pytest.fail("it is another row")
    with model.under(case.replace(dependence_target=0.6)) as under:
        assert under.bound().bound == pytest.approx(0.55, abs=SAME)


# ---- Values of plans ------------------------------------------------------------------------


def a_plan(case: Instance, chance: random.Random) -> tuple[FixedCommitment, ...]:
    """Some commitments that are on offer, scalable ones of a size between their bounds."""
    found = []
    for j, held in case.projects.items():
        if held.offers and chance.random() < 0.5:
            v = chance.choice(sorted(held.offers))
            units = chance.randint(1, held.max_units)
            size = chance.uniform(held.capacity_min, held.capacity_max) * units
            found.append(FixedCommitment(j, v, units, size if held.scalable else None))
    return tuple(found)


@pytest.mark.parametrize("write", [random_case, random_sheets_case])
@pytest.mark.parametrize("seed", range(10))
def test_values_are_those_of_plans_held(tmp_path: Path, write: Write, seed: int) -> None:
    case = drawn(tmp_path, write, seed)
    model, chance = loaded(case), random.Random(seed)
    cut = change.scaled_programmes(case, 0.8)
    for changed in (case, cut):
        with model.under(changed) as asked:
            for _ in range(6):
                plan = a_plan(changed, chance)
                found = asked.value(plan)
                stage = open_stage(
                    job(changed, plan=plan), deciding_origins(changed), freight=False
                )
                measured = measure(stage.model, "dependence")
                own = stage.solver.minimise(measured.expression)
                assert (found.point is None) == (own.point is None), plan
                if own.point is not None:
                    assert found.value == pytest.approx(own.value * measured.per_unit, abs=SAME)
                    assert found.outcome is Outcome.OPTIMAL
                    assert asked.commitments(found.point) == tuple(
                        dataclasses.replace(c, size=c.size and pytest.approx(c.size))
                        for c in sorted(plan, key=lambda c: (c.project, c.year))
                    )


def test_what_is_not_on_offer_is_no_plan(tmp_path: Path) -> None:
    case = two(tmp_path)
    big, early = FixedCommitment("Big", 2030, 1, None), FixedCommitment("Big", 1999, 1, None)
    with loaded(case).under(change.forbidden(case, "Big")) as asked:
        for plan in ((big,), (early,), (FixedCommitment("Little", 2030, 2, None),)):
            assert asked.value(plan).outcome is Outcome.INFEASIBLE
        assert asked.value(()).value == pytest.approx(1.0, abs=SAME)


# ---- One model a process --------------------------------------------------------------------


def test_the_last_model_serves_until_another_case_comes(tmp_path: Path) -> None:
    case = two(tmp_path)
    last, other = LastLoaded(), change.scaled_programmes(case, 0.5)
    first = last.of(job(case), "dependence")
    # An equal case, as it comes to a worker.
    assert last.of(job(case.replace()), "dependence") is first
    assert last.of(job(other), "dependence") is not first
    control = Control(seed=1)
    assert last.of(dataclasses.replace(job(other), control=control), "dependence") is last.held
    assert last.held is not None
    assert last.held.stage.solver.control is control


def test_a_model_that_was_cut_short_is_not_kept(tmp_path: Path) -> None:
    case, last, control = two(tmp_path), LastLoaded(), Control()
    control.stop.set()
    last.of(dataclasses.replace(job(case), control=control), "dependence")
    assert last.held is None
