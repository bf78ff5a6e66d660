"""The adapter to HiGHS: outcomes, what is changed in place, and how a solve is stopped."""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Callable
from typing import Any

import highspy
import numpy as np
import pyomo.environ as pyo
import pytest
from instances import programme, scalable_instance, tiny_instance

from opt.errors import SolverError
from opt.model.build import build_model
from opt.model.objectives import measure
from opt.model.rule import OptModel
from opt.record.flows import CLEAR
from opt.record.passes import Outcome
from opt.solver import highs
from opt.solver.control import Control, Progress
from opt.solver.highs import Basis, HighsModel
from opt.solver.matrix import Row


def small() -> pyo.ConcreteModel:
    """x and y whole, z not, u in no row: 3x + 2y + z <= 7.5, y <= 2, z <= 4."""
    m = pyo.ConcreteModel()
    m.x = pyo.Var(domain=pyo.NonNegativeIntegers, bounds=(0, 10))
    m.y = pyo.Var(domain=pyo.NonNegativeIntegers, bounds=(0, 2))
    m.z = pyo.Var(domain=pyo.NonNegativeReals, bounds=(0, 4))
    m.u = pyo.Var(domain=pyo.NonNegativeReals, bounds=(1, 5))
    m.room = pyo.Constraint(expr=3 * m.x + 2 * m.y + m.z <= 7.5)
    m.even = pyo.Constraint(expr=m.x + m.y >= 1)
    return m


def splitting(rows: int = 5, items: int = 40) -> pyo.ConcreteModel:
    """A market split: halve the items so that every row splits evenly, or miss by little. Any
    subset is a plan; to prove the best takes longer than any test."""
    chance = random.Random(7)
    m = pyo.ConcreteModel()
    m.take = pyo.Var(range(items), domain=pyo.Binary)
    m.over = pyo.Var(range(rows), domain=pyo.NonNegativeReals)
    m.under = pyo.Var(range(rows), domain=pyo.NonNegativeReals)

    def split(m: Any, row: int) -> Any:
        weights = [chance.randrange(100) for _ in range(items)]
        taken = sum(w * m.take[n] for n, w in enumerate(weights))
        return taken + m.under[row] - m.over[row] == sum(weights) // 2

    m.split = pyo.Constraint(range(rows), rule=split)
    return m


def missed(m: Any) -> Any:
    """By how much the rows of a market split are missed."""
    return sum(m.over.values()) + sum(m.under.values())


# ---- What comes back ------------------------------------------------------------------------


def test_optimal() -> None:
    m = small()
    answer = HighsModel(m, Control()).minimise(-4 * m.x - 3 * m.y - m.z + 100)
    # x = 1, y = 2, z = 0.5: 4 + 6 + 0.5; x = 2 gives 8 + 1.5, x = 0 gives 6 + 3.5.
    assert answer.outcome is Outcome.OPTIMAL
    assert answer.value == pytest.approx(100 - 10.5)
    assert answer.bound == pytest.approx(answer.value)
    assert answer.bound <= answer.value


def test_infeasible() -> None:
    m = small()
    solver = HighsModel(m, Control())
    solver.keep_below(m.x + m.y, 0.5)
    answer = solver.minimise(m.z)
    assert (answer.outcome, answer.point) == (Outcome.INFEASIBLE, None)
    assert (answer.value, answer.bound) == (math.inf, -math.inf)


def test_out_of_time_without_a_start_is_a_limit() -> None:
    m = splitting()
    answer = HighsModel(m, Control(deadline=time.monotonic())).minimise(missed(m))
    assert (answer.outcome, answer.point) == (Outcome.LIMIT, None)


def test_out_of_time_with_a_start_keeps_it() -> None:
    m = splitting()
    control = Control()
    solver = HighsModel(m, control)
    solver.fix_integers(np.zeros(len(solver.columns)))
    start = solver.minimise(missed(m)).point
    solver.free_integers()
    control.deadline = time.monotonic()
    answer = solver.minimise(missed(m), start=start)
    # Nothing taken: every row misses half of its weights.
    assert answer.outcome is Outcome.FEASIBLE
    assert answer.point is not None
    halves = sum(float(pyo.value(row.lower)) for row in m.split.values())
    assert answer.value <= halves + 1e-6
    assert answer.bound <= answer.value


def test_threads_that_were_asked_for_before_refuse_nothing() -> None:
    """A thread in which HiGHS ran for two of its own, as in a notebook, and which then asks for
    one; and the other way round. z is 4 at most."""
    found: list[float] = []

    def asked(first: int, then: int) -> None:
        other = highspy.Highs()
        other.setOptionValue("output_flag", False)
        other.setOptionValue("threads", first)
        other.addVars(1, np.zeros(1), np.ones(1))
        other.run()
        m = pyo.ConcreteModel()
        m.z = pyo.Var(bounds=(0, 4))
        m.row = pyo.Constraint(expr=2 * m.z <= 9)
        solver = HighsModel(m, Control(threads=then))
        found.append(solver.minimise(-m.z, obey=False).value)

    for order in ((2, 1), (1, 2)):
        thread = threading.Thread(target=asked, args=order)
        thread.start()
        thread.join()
    assert found == [-4.0, -4.0]


def test_a_status_that_it_does_not_know_is_an_error() -> None:
    m = pyo.ConcreteModel()
    m.x = pyo.Var()
    m.row = pyo.Constraint(expr=m.x <= 1)
    with pytest.raises(SolverError, match=r"Unbounded|nbounded"):
        HighsModel(m, Control()).minimise(m.x)


def test_a_refused_call_is_an_error() -> None:
    with pytest.raises(SolverError, match="HiGHS refused passModel"):
        highs._check(highspy.HighsStatus.kError, "passModel")
    highs._check(highspy.HighsStatus.kWarning, "run")


def test_an_objective_must_be_linear() -> None:
    m = small()
    with pytest.raises(SolverError, match="not linear"):
        HighsModel(m, Control()).minimise(m.z * m.u)


@pytest.mark.parametrize("name", ["dependence", "shortfall", "cost", "public", "peak"])
def test_same_optimum_as_through_pyomo(name: str) -> None:
    m = build_model(tiny_instance(programmes={"grant": programme(ticket_min=0.2)}))
    ours = HighsModel(m, Control()).minimise(measure(m, name).expression)
    m.objective = pyo.Objective(expr=measure(m, name).expression)
    theirs = pyo.SolverFactory("highs").solve(m)
    assert ours.outcome is Outcome.OPTIMAL
    assert str(theirs.solver.termination_condition) == "optimal"
    assert ours.value == pytest.approx(pyo.value(m.objective), abs=1e-6)


def test_point_obeys_every_row() -> None:
    m = build_model(scalable_instance())
    solver = HighsModel(m, Control())
    answer = solver.minimise(measure(m, "dependence").expression)
    assert answer.point is not None
    for variable, value in zip(solver.columns, answer.point, strict=True):
        variable.set_value(value, skip_validation=True)
    for row in m.component_data_objects(pyo.Constraint):
        assert row.slack() >= -1e-6


# ---- Changing the model in place ------------------------------------------------------------


def test_vector() -> None:
    m = small()
    solver = HighsModel(m, Control())
    cost, constant = solver.vector(2 * m.x - m.z + m.x + 5)
    assert constant == 5
    found = {v.name: c for v, c in zip(solver.columns, cost, strict=True) if c}
    assert found == {"x": 3, "z": -1}
    # A variable of no row is a column too.
    assert solver.vector(m.u)[0][solver.column_of(m.u)] == 1
    assert solver.minimise(m.u).value == pytest.approx(1)
    # A plain number.
    cost, constant = solver.vector(7)
    assert (constant, np.count_nonzero(cost)) == (7, 0)


def test_keep_below_and_release_rows() -> None:
    m = small()
    solver = HighsModel(m, Control())
    # Most of x is 2; kept to x + 1 <= 2.5 it is 1.
    assert solver.minimise(-m.x).value == pytest.approx(-2)
    solver.keep_below(m.x + 1, 2.5)
    assert solver.minimise(-m.x).value == pytest.approx(-1)
    solver.release_rows()
    assert solver.minimise(-m.x).value == pytest.approx(-2)


def test_fix_and_free() -> None:
    m = small()
    solver = HighsModel(m, Control())
    x = solver.column_of(m.x)
    solver.fix({x: 0.0})
    assert solver.minimise(-m.x - m.y).value == pytest.approx(-2)
    solver.free([x])
    # 3x + 2y <= 7.5: x = 1, y = 2.
    assert solver.minimise(-m.x - m.y).value == pytest.approx(-3)


def test_fixed_whole_numbers_leave_a_linear_programme() -> None:
    m = small()
    solver = HighsModel(m, Control())
    point = np.zeros(len(solver.columns))
    point[solver.column_of(m.x)] = 0.9999999
    point[solver.column_of(m.y)] = 1.0000001
    solver.fix_integers(point)
    answer = solver.minimise(-m.z)
    # 7.5 - 3 - 2.
    assert (answer.value, answer.bound) == (pytest.approx(-2.5), pytest.approx(-2.5))
    solver.free_integers()
    assert solver.minimise(-m.z).value == pytest.approx(-4)


def test_restrict_is_for_good() -> None:
    m = small()
    solver = HighsModel(m, Control())
    assert solver.has_choice()
    solver.restrict(m.x, 0.0)
    solver.free([solver.column_of(m.x)])
    assert solver.minimise(-m.x).value == pytest.approx(0)
    assert solver.has_choice()
    solver.restrict(m.y, 1.0)
    assert not solver.has_choice()


def test_set_upper() -> None:
    m = small()
    solver = HighsModel(m, Control())
    solver.set_upper([m.z], 0.25)
    assert solver.minimise(-m.z).value == pytest.approx(-0.25)
    solver.set_upper([m.z], None)
    assert solver.minimise(-m.z).value == pytest.approx(-4)


def test_a_search_stops_at_its_target_and_leaves_no_trace() -> None:
    m = small()
    solver = HighsModel(m, Control())
    # x = 0 and y = 1 is a point of x <= 1; the least x is 0.
    assert solver.search(m.x + 0.0, 0.0, None, nodes=10, target=1.0).value <= 1.0
    assert solver.minimise(-m.x).value == pytest.approx(-2)  # neither target nor nodes stay


def test_release_rows_lets_go_of_what_was_kept_and_of_nothing_else() -> None:
    m = small()
    solver = HighsModel(m, Control())
    free = solver.minimise(-m.x - m.y).value
    solver.keep_below(m.y, 1.0)
    solver.keep_below(m.x, 0.0)
    assert solver.minimise(-m.x - m.y).value == pytest.approx(-1)
    solver.release_rows()
    assert solver.minimise(-m.x - m.y).value == pytest.approx(free)


def test_a_programme_solved_again_from_its_basis_gives_the_same_value() -> None:
    m = small()
    solver = HighsModel(m, Control())
    solver.fix({int(n): 1.0 for n in solver.integers})
    first = solver.minimise(-m.x - m.y - m.z)
    basis = solver.basis()
    solver.keep_below(m.z, 0.5)  # a row more than the basis knows
    cold = solver.minimise(-m.x - m.y - m.z)
    warm = solver.minimise(-m.x - m.y - m.z, basis=basis)
    assert warm.value == pytest.approx(cold.value)
    assert warm.bound == pytest.approx(warm.value)
    assert cold.value > first.value  # the row bites: z was larger


def merit_order(costs: dict[str, int], rooms: dict[str, int], wanted: int) -> pyo.ConcreteModel:
    """Sources by name, each with a cost and a room, that together give what is wanted."""
    m = pyo.ConcreteModel()
    m.take = pyo.Var(sorted(costs), domain=pyo.NonNegativeReals)
    m.room = pyo.Constraint(sorted(costs), rule=lambda m, j: m.take[j] <= rooms[j])
    m.wanted = pyo.Constraint(expr=sum(m.take.values()) >= wanted)
    m.cost = pyo.Expression(expr=sum(costs[j] * m.take[j] for j in sorted(costs)))
    return m


@pytest.mark.parametrize("seed", range(20))
def test_a_programme_begun_where_one_much_like_it_ended_has_its_own_optimum(seed: int) -> None:
    """Other sources, costs, rooms and needs: the cheapest are taken first, whatever it began at."""
    chance = random.Random(seed)
    before = HighsModel(first := merit_order(*drawn_sources(chance)), Control())
    before.keep_below(first.take[min(first.take)], 1.0, "kept")
    before.minimise(first.cost)
    basis = before.placed_basis()
    assert basis is not None

    costs, rooms, wanted = drawn_sources(chance)
    m = merit_order(costs, rooms, wanted)
    by_hand, left = 0, wanted
    for j in sorted(costs, key=lambda j: costs[j]):
        by_hand += costs[j] * min(rooms[j], left)
        left -= min(rooms[j], left)
    answer = HighsModel(m, Control()).minimise(m.cost, basis=basis)
    assert answer.outcome is Outcome.OPTIMAL
    assert answer.value == pytest.approx(by_hand)
    assert answer.bound == pytest.approx(by_hand)


def drawn_sources(chance: random.Random) -> tuple[dict[str, int], dict[str, int], int]:
    """Four to ten of twelve sources: costs, rooms, and all but a part of what they give."""
    names = chance.sample("abcdefghijkl", chance.randint(4, 10))
    rooms = {j: chance.randint(2, 9) for j in names}
    return {j: chance.randint(1, 20) for j in names}, rooms, sum(rooms.values()) - 2


def test_a_run_that_is_refused_from_a_basis_is_begun_without_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    m = small()
    solver = HighsModel(m, Control())
    cold = solver.relaxation(-m.x - m.y - m.z)
    runs: list[bool] = []
    usual = HighsModel._call

    def refused(own: HighsModel) -> None:
        usual(own)
        runs.append(own.highs.getBasis().valid)
        own._refused = len(runs) == 1

    monkeypatch.setattr(HighsModel, "_call", refused)
    again = solver.relaxation(-m.x - m.y - m.z, solver.basis())
    assert len(runs) == 2
    assert again.value == pytest.approx(cold.value)


def test_a_run_that_is_refused_without_a_basis_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    m = small()
    solver = HighsModel(m, Control())
    monkeypatch.setattr(HighsModel, "_call", lambda own: setattr(own, "_refused", True))
    with pytest.raises(SolverError, match="refused run"):
        solver.relaxation(-m.x)


def test_a_basis_of_another_programme_is_left_aside() -> None:
    m = small()
    solver = HighsModel(m, Control())
    cold = solver.relaxation(-m.x - m.y - m.z)
    basis = solver.basis()
    assert basis is not None
    wider = Basis((*basis.columns, 1), basis.rows)
    longer = Basis(basis.columns, (*basis.rows, 1))
    for other in (basis, wider, longer):
        again = solver.relaxation(-m.x - m.y - m.z, other)
        assert again.value == pytest.approx(cold.value)
        assert again.bound == pytest.approx(again.value)


def test_relaxation() -> None:
    m = small()
    solver = HighsModel(m, Control())
    # 7.5 / 3 whole numbers aside; the search afterwards is whole again.
    assert solver.relaxation(-m.x).value == pytest.approx(-2.5)
    assert solver.minimise(-m.x).value == pytest.approx(-2)


def test_gap_stops_early_with_an_honest_bound() -> None:
    m = splitting(rows=1)
    answer = HighsModel(m, Control()).minimise(missed(m) + 1000, gap=0.5)
    assert answer.outcome is Outcome.OPTIMAL
    assert answer.bound <= answer.value
    assert answer.value - answer.bound <= 0.5 * answer.value


def test_one_class_alone_is_a_bound_from_above() -> None:
    # The clear chain gives the same dependence as the whole network.
    values = []
    for origins in ((CLEAR,), (CLEAR, "exposed")):
        m: OptModel = build_model(tiny_instance(), origins)
        values.append(HighsModel(m, Control()).minimise(measure(m, "dependence").expression).value)
    assert values[0] == pytest.approx(values[1], abs=1e-9)


# ---- Stopping -------------------------------------------------------------------------------


def when_known(control: Control, event: Callable[[], None]) -> None:
    """Raise an event from the progress report, half a second after a plan is known."""
    seen: list[float] = []

    def report(progress: Progress) -> None:
        if math.isfinite(progress.best):
            seen.append(progress.seconds)
        if seen and progress.seconds > seen[0] + 0.5:
            event()

    control.report = report


def test_stop_keeps_the_best_plan_with_its_bound() -> None:
    m, control = splitting(), Control()
    solver = HighsModel(m, control)
    when_known(control, control.stop.set)
    answer = solver.minimise(missed(m))
    assert answer.outcome is Outcome.FEASIBLE
    assert answer.point is not None
    assert answer.value == pytest.approx(float(solver.vector(missed(m))[0] @ answer.point))
    assert 0 <= answer.bound <= answer.value
    assert not solver.running
    # The stop is over with that search: what completes its plan goes on to the end.
    solver.fix_integers(answer.point)
    again = solver.minimise(missed(m), obey=False)
    assert again.outcome is Outcome.OPTIMAL
    assert again.value == pytest.approx(answer.value)


def test_short_solves_that_complete_a_plan_do_not_heed_the_stop() -> None:
    m, control = small(), Control(deadline=time.monotonic())
    control.stop.set()
    assert HighsModel(m, control).minimise(-m.x, obey=False).value == pytest.approx(-2)


def test_what_fails_within_the_solver_is_an_error_of_the_caller(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken() -> None:
        raise RuntimeError("lost in C++")

    m = small()
    solver = HighsModel(m, Control())
    with monkeypatch.context() as patched:
        patched.setattr(solver.highs, "run", broken)
        with pytest.raises(SolverError, match="lost in C"):
            solver.minimise(-m.x)
        patched.setattr(solver.highs, "run", lambda: highspy.HighsStatus.kError)
        with pytest.raises(SolverError, match="HiGHS refused run"):
            solver.minimise(-m.x)
    # And it is of use again: x = 2.
    assert solver.minimise(-m.x).value == pytest.approx(-2)


def test_abandon_before_any_plan_is_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    m, control = small(), Control()
    control.abandon.set()
    solver = HighsModel(m, control)
    monkeypatch.setattr(solver, "_run", lambda: setattr(solver, "running", True))
    answer = solver.minimise(-m.x)
    assert (answer.outcome, answer.point, answer.bound) == (Outcome.LIMIT, None, -math.inf)


def test_abandon_gives_the_plan_seen_last() -> None:
    m, control = splitting(), Control()
    solver = HighsModel(m, control)
    when_known(control, control.abandon.set)
    began = time.monotonic()
    answer = solver.minimise(missed(m))
    assert time.monotonic() - began < 10
    assert answer.outcome is Outcome.FEASIBLE
    assert answer.point is not None
    assert answer.value == pytest.approx(float(solver.vector(missed(m))[0] @ answer.point))
    assert answer.bound == -math.inf
    assert solver.running
    control.stop.set()  # let the thread end


def test_progress_is_told_from_the_callers_thread_and_the_log_kept() -> None:
    m = splitting()
    told: list[Progress] = []
    control = Control(deadline=time.monotonic() + 1.0, report=told.append)
    answer = HighsModel(m, control).minimise(missed(m))
    assert answer.outcome is Outcome.FEASIBLE
    assert [p.seconds for p in told] == sorted(p.seconds for p in told)
    assert all(p.bound <= p.best for p in told)
    assert "HiGHS" in "".join(control.log)


# ---- Nothing reported is believed -----------------------------------------------------------


class Lying:
    """HiGHS that reports something else than it found in its first runs; the rest goes through."""

    def __init__(self, true: Any, lies: list[dict[str, float]]) -> None:
        self.true, self.lies, self.runs = true, lies, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self.true, name)

    def run(self) -> Any:
        self.runs += 1
        return self.true.run()

    def getInfo(self) -> Any:  # noqa: N802  HiGHS's own name
        info = self.true.getInfo()
        for name, value in (
            self.lies[self.runs - 1] if self.runs <= len(self.lies) else {}
        ).items():
            setattr(info, name, value)
        return info


def lied_to(lies: list[dict[str, float]], gap: float = 0.0) -> tuple[highs.SolverAnswer, Lying]:
    """The answer to the small model from a start, with a solver that lies; -10.5 is right."""
    m = small()
    solver = HighsModel(m, Control())
    solver.fix_integers(np.zeros(len(solver.columns)) + [v is m.x for v in solver.columns])
    start = solver.minimise(m.x).point
    solver.free_integers()
    lying = Lying(solver.highs, lies)
    solver.highs = lying
    return solver.minimise(-4 * m.x - 3 * m.y - m.z, gap, start), lying


@pytest.mark.parametrize(
    "lie",
    [
        pytest.param({"objective_function_value": -13.0, "mip_dual_bound": -13.0}, id="value"),
        pytest.param({"mip_dual_bound": -math.inf}, id="no bound"),
        pytest.param({"mip_dual_bound": -9.0}, id="bound above the value"),
        pytest.param({"mip_dual_bound": -12.0}, id="bound too low for optimal"),
    ],
)
def test_what_does_not_fit_together_is_solved_again_without_the_start(
    lie: dict[str, float],
) -> None:
    answer, lying = lied_to([lie])
    assert lying.runs == 2
    assert answer.outcome is Outcome.OPTIMAL
    assert (answer.value, answer.bound) == (pytest.approx(-10.5), pytest.approx(-10.5))


def test_what_still_does_not_fit_is_no_proof() -> None:
    lie = {"objective_function_value": -13.0, "mip_dual_bound": -13.0}
    answer, lying = lied_to([lie, lie])
    assert lying.runs == 2
    assert answer.outcome is Outcome.FEASIBLE
    assert (answer.value, answer.bound) == (pytest.approx(-10.5), -math.inf)


def test_a_bound_within_the_gap_is_a_proof() -> None:
    answer, lying = lied_to([{"mip_dual_bound": -11.0}], gap=0.05)
    assert lying.runs == 1
    assert (answer.outcome, answer.bound) == (Outcome.OPTIMAL, -11.0)


def test_a_linear_programme_is_proven_by_its_duals() -> None:
    # Minimise 2a + 3b, a + b >= 4, a <= 3: duals 3 and -1 prove 12 - 3 = 9 (a = 3, b = 1).
    m = pyo.ConcreteModel()
    m.a, m.b = pyo.Var(bounds=(0, 3)), pyo.Var(bounds=(0, None))
    m.enough = pyo.Constraint(expr=m.a + m.b >= 4)
    solver = HighsModel(m, Control())
    answer = solver.minimise(2 * m.a + 3 * m.b + 5)
    assert (answer.outcome, answer.value, answer.bound) == (Outcome.OPTIMAL, 14.0, 14.0)
    cost, _ = solver.vector(2 * m.a + 3 * m.b)
    assert solver._dual_bound(cost) == pytest.approx(9)
    # The same duals prove less of another objective: with b at 2 they point to no bound of b.
    assert solver._dual_bound(cost * 0.5) == -math.inf


def test_a_point_that_breaks_a_row_is_seen() -> None:
    m = small()
    solver = HighsModel(m, Control())
    solver.keep_below(m.x + m.y, 2.0)
    whole = {id(m.x): 1.0, id(m.y): 1.0, id(m.z): 2.5, id(m.u): 1.0}
    point = np.array([whole[id(v)] for v in solver.columns])
    assert solver._holds(point)
    for variable, value in ((m.z, 2.6), (m.u, 0.9), (m.y, 2.0)):  # a row, a bound, a kept row
        broken = point.copy()
        broken[solver.column_of(variable)] = value
        assert not solver._holds(broken)


def test_a_product_is_summed_exactly() -> None:
    # In floating point 1e16 + 1 is 1e16: summed from left to right the 1 is lost.
    weights = np.array([1e16, 1.0, -1e16])
    assert highs.dot(weights, np.ones(3)) == 1.0


# ---- Rows that read otherwise for a while ----------------------------------------------------


def relaxed(solver: HighsModel) -> float:
    """The most of x + y in parts."""
    x, y = solver.model.x, solver.model.y
    return -solver.relaxation(-x - y).value


def test_a_row_reads_otherwise_and_as_built_again() -> None:
    """3x + 2y + z <= 7.5 with y at most 2: y = 2 and x = 3.5 / 3."""
    solver = HighsModel(small(), Control())
    built = solver.row_as_built(0)
    assert (built.lower, built.upper) == (-math.inf, 7.5)
    x, y = (solver.column_of(v) for v in (solver.model.x, solver.model.y))
    usual = pytest.approx(2 + 3.5 / 3)
    assert relaxed(solver) == usual
    solver.rewrite({0: Row(built.weights, -math.inf, 10.0)})
    assert relaxed(solver) == pytest.approx(2 + 6 / 3)
    solver.read_as_built()
    assert relaxed(solver) == usual
    # Without x in it the row lets x come to its own bound.
    solver.rewrite({0: Row({y: 2.0}, -math.inf, 10.0)})
    assert relaxed(solver) == pytest.approx(10 + 2)
    solver.read_as_built()
    assert relaxed(solver) == usual
    assert solver.row_as_built(0) == built
    assert built.weights[x] == 3.0


def test_a_row_with_a_column_that_it_had_not_is_refused() -> None:
    solver = HighsModel(small(), Control())
    unused = solver.column_of(solver.model.u)
    with pytest.raises(KeyError):
        solver.rewrite({0: Row({unused: 1.0}, -math.inf, 7.5)})


def test_kept_rows_stay_as_rows_read_otherwise_and_move() -> None:
    solver = HighsModel(small(), Control())
    model = solver.model
    solver.keep_below(model.x, 1.0, "few")
    assert relaxed(solver) == pytest.approx(3)
    built = solver.row_as_built(0)
    solver.rewrite({0: Row({**built.weights, solver.column_of(model.x): 0.0}, -math.inf, 7.5)})
    solver.read_as_built()
    assert relaxed(solver) == pytest.approx(3)
    solver.keep_within("few", 0.5)
    assert relaxed(solver) == pytest.approx(2.5)


def test_columns_are_bound_for_a_while() -> None:
    solver = HighsModel(small(), Control())
    y = solver.column_of(solver.model.y)
    solver.bind({y: (0.0, 1.0)})
    assert (solver.bounds_at(y), solver.bounds_of(y)) == ((0.0, 1.0), (0.0, 2.0))
    assert relaxed(solver) == pytest.approx(1 + 5.5 / 3)
    solver.free([y])
    assert solver.bounds_at(y) == (0.0, 2.0)


def test_from_a_basis_one_run_proves_that_there_is_no_point(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """x + y >= 1 with both at 0: the ray of that row says so, and no second run is asked."""
    solver = HighsModel(small(), Control())
    model = solver.model
    solver.relaxation(model.z)
    basis = solver.live_basis()
    assert basis is not None
    runs: list[None] = []
    usual = HighsModel._attempt

    def counted(self: HighsModel, *given: Any) -> Any:
        runs.append(None)
        return usual(self, *given)

    monkeypatch.setattr(HighsModel, "_attempt", counted)
    solver.bind({solver.column_of(v): (0.0, 0.0) for v in (model.x, model.y)})
    assert solver.relaxation(model.z, basis).outcome is Outcome.INFEASIBLE
    assert len(runs) == 1
    # A ray that proves nothing is not believed.
    monkeypatch.setattr(HighsModel, "_ray_proves", lambda _: False)
    assert solver.relaxation(model.z, basis).outcome is Outcome.INFEASIBLE
    assert len(runs) == 3
