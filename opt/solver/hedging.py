"""Bounds of a plan for many scenarios from its scenarios one by one, with mpi-sppy.

What all scenarios share may differ between them, at a weight for each of them; the weights, times
the probabilities, sum to zero. What the scenarios then come to together no shared plan can beat: a
Lagrangian bound, of which each scenario gives what its search proves, not what it finds. mpi-sppy
(its `Subgradient`: progressive hedging without the proximal term, which would make a search
quadratic) moves the weights from round to round, by how far the scenarios lie apart. It begins from
those that the relaxation proves, so that no round proves less for want of weights. What mpi-sppy
holds of a scenario is what it shares and no more.

mpi-sppy is an extra: this module is imported where it is asked for alone, and says nothing on
stdout. Scenarios are solved in this process, one after the other.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import Any

import pyomo.environ as pyo

from opt.record.passes import Outcome
from opt.solver.alone import Columns
from opt.solver.highs import HighsModel, Linear, SolverAnswer, Vector
from opt.solver.venture import NoPlanError

# What mpi-sppy says when it is imported, and its log, is not of the answer.
with redirect_stdout(io.StringIO()):
    from mpisppy.opt.subgradient import Subgradient
    from mpisppy.utils.sputils import attach_root_node

ROUNDS = 200
# Rounds that prove no more, after which the steps are halved and go on from the best weights.
PATIENCE = 2
SMALLEST_STEP = 1e-3
# Of what is open between value and bound, or allowed to be, the part within which the searches of
# the scenarios stop: what is looser costs a round no more than that.
PART_OF_OPEN = 0.25
LOOSEST = 0.1
# A scenario that takes more nodes gives what it proves by then: other weights prove more.
NODES = 100
# Model units, above all that a shared variable without a bound of its own comes to: what the last
# digit by which weights miss zero could move.
BEYOND = 1e6
# Of what is squared: less is nothing.
TINY = 1e-12
Weights = list[list[float]]


@dataclass(frozen=True, slots=True)
class Part:
    """One scenario: its programme, what it counts, its probability, the columns of what all the
    scenarios share, in the same order in each, and the weights to begin with, in units of what it
    counts a unit."""

    solver: HighsModel
    counted: Linear
    probability: float
    shared: Columns
    weights: Sequence[float]


@dataclass(frozen=True, slots=True)
class Round:
    """What one round comes to: what no shared plan can beat, in the unit of what is counted, and
    of each scenario its point."""

    bound: float
    points: tuple[Vector, ...]


# Takes a round, and says what the best plan comes to after it (inf: none is known) and whether
# another round is wanted.
Heard = Callable[[Round], tuple[float, bool]]


class _StoppedError(Exception):
    """A search was cut short before it had a point: the round proves nothing."""


def hedge(parts: Sequence[Part], gap: float, best: float, proven: float, heard: Heard) -> None:
    """Rounds until no other is wanted, or none proves more. `best` is what the best known plan
    comes to, `proven` what no plan can beat, `gap` the relative one that is asked.

    Raises NoPlanError where a scenario has no plan, SolverError as the adapter does.
    """
    with redirect_stdout(io.StringIO()):
        hedging = _Hedging(parts, gap, best, proven, heard)
        try:
            hedging.run()
        except _StoppedError:
            return


def _named(parts: Sequence[Part]) -> list[str]:
    # mpi-sppy takes what is last in a name for its number.
    return [f"scenario{n}" for n in range(len(parts))]


class _Hedging(Subgradient):  # type: ignore[misc]
    """The rounds of mpi-sppy, each scenario solved by the adapter to HiGHS."""

    def __init__(
        self, parts: Sequence[Part], gap: float, best: float, proven: float, heard: Heard
    ) -> None:
        self.parts = dict(zip(_named(parts), parts, strict=True))
        self.gap, self.best, self.known, self.heard = gap, best, proven, heard
        self.found: dict[str, SolverAnswer] = {}
        self.proven, self.proven_by, self.apart = -math.inf, [list(p.weights) for p in parts], 0.0
        self.proven_at: Weights = [[0.0] * len(own) for own in self.proven_by]
        self.step, self.fruitless, self.wanted = 1.0, 0, True
        self.sizes = [1.0] * len(parts[0].shared)
        options = {
            "solver_name": "highs",
            "PHIterLimit": ROUNDS,
            "defaultPHrho": 1.0,
            "convthresh": -1.0,
            "verbose": False,
            "display_progress": False,
            "toc": False,
            # Variables are called by their scenarios.
            "turn_off_names_check": True,
        }
        super().__init__(options, list(self.parts), self._scenario, ph_converger=_Ending.of(self))

    def _scenario(self, name: str) -> Any:
        part = self.parts[name]
        scenario = pyo.ConcreteModel(name)
        scenario.shared = pyo.Var(range(len(part.shared)))
        scenario.counted = pyo.Objective(expr=0.0)
        scenario._mpisppy_probability = part.probability
        attach_root_node(scenario, 0.0, list(scenario.shared.values()))
        return scenario

    def run(self) -> None:
        """All rounds, the first with the weights that are given."""
        self.PH_Prep(attach_prox=False, defer_attach=False)
        self._weigh(self.proven_by)
        self.reenable_W_and_prox()
        self.Iter0()
        self.iterk_loop()

    # ---- What mpi-sppy asks ---------------------------------------------------------------

    def _create_solvers(self, presolve: bool = True) -> None:
        """None of Pyomo's: each scenario is inside the solver already."""
        for scenario in self.local_scenarios.values():
            scenario._solver_plugin = None

    def attach_PH_to_objective(self, *_: Any, **__: Any) -> None:  # noqa: N802  a name of mpi-sppy's
        """Nothing: weights go to the solver itself."""

    def solve_one(self, _options: Any, name: str, scenario: Any, **_: Any) -> float:
        """Solve one scenario with its weights: its shared values and what it proves."""
        part, before = self.parts[name], self.found.get(name)
        gap = self._gap(abs(before.value) if before else abs(self.best))
        start = before.point if before else None
        found = part.solver.search(self._weighed(part, scenario), gap, start, NODES)
        if found.outcome is Outcome.INFEASIBLE:
            raise NoPlanError
        if found.point is None or part.solver.running:
            raise _StoppedError
        part.solver.shed()
        self.found[name] = found
        _set_shared(scenario, found.point[part.shared])
        scenario._mpisppy_data.outer_bound = found.bound
        scenario._mpisppy_data.inner_bound = found.value
        scenario._mpisppy_data.solution_available = True
        return found.seconds

    def _weighed(self, part: Part, scenario: Any) -> Linear:
        """What a scenario counts, and its weights."""
        weights = part.counted.weights.copy()
        weights[part.shared] += _weights_of(scenario)
        return Linear(weights, part.counted.constant)

    def _gap(self, size: float) -> float:
        """The relative gap of one scenario, whose value is about so large."""
        if not math.isfinite(self.best) or size <= 0.0:
            return self.gap
        allowed = max(self.gap * abs(self.best), self.best - self.known)
        return min(LOOSEST, PART_OF_OPEN * allowed / size)

    def solve_loop(self, *given: Any, **named: Any) -> None:
        """A round: weights that sum to zero, all scenarios, and what that proves."""
        self._weigh(_summing_to_zero(self._weights(), self._probabilities()))
        super().solve_loop(*given, **named)
        bound = self.Ebound() - self._missed()
        self.known = max(self.known, bound)
        points = tuple(own.point for own in self.found.values() if own.point is not None)
        self.best, self.wanted = self.heard(Round(bound, points))
        self._note(bound)
        # A search that ended early may prove nothing.
        self._pace(next((x for x in (bound, self.known, self.best) if math.isfinite(x)), 0.0))

    # ---- Weights --------------------------------------------------------------------------

    def _probabilities(self) -> list[float]:
        return [part.probability for part in self.parts.values()]

    def _weights(self) -> Weights:
        return [_weights_of(scenario) for scenario in self.local_scenarios.values()]

    def _shared(self) -> Weights:
        return [
            [float(own.value) for own in scenario.shared.values()]
            for scenario in self.local_scenarios.values()
        ]

    def _weigh(self, weights: Weights) -> None:
        self.W_from_flat_list([x for own in weights for x in own])

    def _missed(self) -> float:
        """What weights that miss zero by their last digit could have added to the bound."""
        parts = list(self.parts.values())
        columns = zip(*self._weights(), strict=True)
        total = 0.0
        for n, own in enumerate(columns):
            left = math.fsum(p.probability * x for p, x in zip(parts, own, strict=True))
            most = max(p.solver.bounds_of(int(p.shared[n]))[1] for p in parts)
            total += abs(left) * (most if math.isfinite(most) else BEYOND)
        return total

    def _note(self, bound: float) -> None:
        """Keep the weights that prove most; after rounds that prove no more go back to them, in
        shorter steps."""
        if bound > self.proven:
            self.proven, self.proven_by, self.fruitless = bound, self._weights(), 0
            self.proven_at = self._shared()
            return
        self.fruitless += 1
        if self.fruitless % PATIENCE == 0:
            self.step /= 2.0
            self._weigh(self.proven_by)
            for scenario, values in zip(self.local_scenarios.values(), self.proven_at, strict=True):
                _set_shared(scenario, values)

    def _pace(self, bound: float) -> None:
        """How far each weight goes next, by Polyak (1969): as far as would close what is open if
        the bound went on as it goes, a variable by the square of what it comes to."""
        values = self._shared()
        chances = self._probabilities()
        moved = 0.0
        for n, own in enumerate(zip(*values, strict=True)):
            self.sizes[n] = max(self.sizes[n], *map(abs, own))
            mean = math.fsum(p * x for p, x in zip(chances, own, strict=True))
            spread = math.fsum(p * (x - mean) ** 2 for p, x in zip(chances, own, strict=True))
            moved += spread / self.sizes[n] ** 2
        self.apart = moved
        aim = self.best if math.isfinite(self.best) else bound + abs(bound)
        length = self.step * max(aim - bound, self.gap * abs(aim), TINY) / max(moved, TINY)
        for scenario in self.local_scenarios.values():
            for n, at in enumerate(scenario._mpisppy_data.nonant_indices):
                scenario._mpisppy_model.rho[at] = length / self.sizes[n] ** 2


@dataclass(frozen=True, slots=True)
class _Ending:
    """When mpi-sppy makes no other round."""

    hedging: _Hedging

    @staticmethod
    def of(hedging: _Hedging) -> Callable[[Any], _Ending]:
        """What mpi-sppy makes its converger with."""
        return lambda _: _Ending(hedging)

    def is_converged(self) -> bool:
        """Whether no other is wanted, or the weights have nowhere to go."""
        own = self.hedging
        return not own.wanted or own.step < SMALLEST_STEP or own.apart <= TINY


def _weights_of(scenario: Any) -> list[float]:
    indices = scenario._mpisppy_data.nonant_indices
    return [float(scenario._mpisppy_model.W[i].value) for i in indices]


def _set_shared(scenario: Any, values: Iterable[float]) -> None:
    for variable, value in zip(scenario.shared.values(), values, strict=True):
        variable.set_value(float(value), skip_validation=True)


def _summing_to_zero(weights: Weights, chances: Sequence[float]) -> Weights:
    """The weights, whose sum by probabilities is brought to zero in the likeliest scenario."""
    last = max(range(len(chances)), key=chances.__getitem__)
    mended = [list(own) for own in weights]
    for n in range(len(weights[0])):
        others = [
            p * own[n] for m, (p, own) in enumerate(zip(chances, weights, strict=True)) if m != last
        ]
        mended[last][n] = -math.fsum(others) / chances[last]
    return mended
