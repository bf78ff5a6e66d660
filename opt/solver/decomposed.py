"""One plan for many scenarios, searched for scenario by scenario: each is a programme of its own,
and no programme of all is ever made.

The relaxation, and what a plan comes to in all scenarios, are worked out by trials of what they
share (opt.solver.recourse). What no plan can beat is proven by that, and by the scenarios at
weights on what they share (opt.solver.hedging), whose plans are the next that are held.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from opt.model.risk import Doubt, common_scale
from opt.record.passes import Outcome
from opt.solver.alone import Alone, World
from opt.solver.control import Control
from opt.solver.highs import Vector, is_proven
from opt.solver.recourse import Recourse, Trial
from opt.solver.stage import SLACKS, SolveOptions, knowing
from opt.solver.venture import (
    LEANER,
    FuturePlan,
    NoPlanError,
    Plan,
    Units,
    Ventured,
    counted_origins,
    part_of,
    share_of,
    units_of,
)
from opt.solver.weighted import SEARCH_NODES

if TYPE_CHECKING:
    from opt.solver.hedging import Part, Round

# Plans that are held before the first round.
STARTS = 4
# New plans that are held after a round: of the scenarios on average, and of some by themselves.
PLANS_A_ROUND = 3
# In which the master is searched at most, before rounds are made.
MOST_NODES = 16 * SEARCH_NODES


class Decomposed:
    """One doubt of expected value without a second wave: the best trial so far, `best`, what that
    comes to, `value`, and what is proven, `bound`, in the unit of what is counted."""

    def __init__(self, doubt: Doubt, options: SolveOptions, control: Control) -> None:
        self.doubt, self.control = doubt, control
        self.gap, self.cost_gap = options.gap, options.cost_gap
        self.world = World(doubt, counted_origins(doubt), common_scale(doubt), control)
        self.alone = [Alone.of(self.world, n) for n in range(len(doubt.futures))]
        self.per_unit = max(own.per_unit for own in self.alone)
        for own in self.alone:
            own.count_in(self.per_unit)
        self._leave_out_unpayable()
        if self.per_unit == 0.0:
            self.gap = 1.0  # nothing is counted: any plan will do
        self.best: Trial | None = None
        self.value, self.bound = math.inf, -math.inf
        self.tried: set[tuple[tuple[tuple[str, int], int], ...]] = set()

    def _leave_out_unpayable(self) -> None:
        """A commitment that cannot be paid in one scenario is made in none."""
        lost = sorted(set().union(*(own.unpayable for own in self.alone)))
        for own in self.alone:
            for key in lost:
                own.solver.restrict_column(own.offered["build"][key], 0.0)

    def run(self, starts: Iterable[Plan]) -> Ventured:
        """The search from a few of some plans to the gap, or to the end of the time."""
        try:
            with knowing(self.control, lambda: (self.value, self.bound)):
                self._close(starts)
        except NoPlanError:
            if self.best is None:
                return Ventured(Outcome.INFEASIBLE, math.inf, -math.inf, None)
        return self._told()

    def _close(self, starts: Iterable[Plan]) -> None:
        """Bring value and bound together."""
        # Before the scenarios let go of what they offer.
        self.built = [own.offered["build"] for own in self.alone]
        self.recourse = Recourse(self.world, self.alone, self.gap, self._is_done)
        for plan in itertools.islice(starts, STARTS):
            self._hold(units_of(plan))
        self.recourse.relax(self._prove)
        self._search()
        if not self._is_over and self.per_unit > 0.0:
            self._hedge()

    def _is_done(self) -> bool:
        return self.best is not None and is_proven(self.value, self.bound, self.gap)

    @property
    def _is_over(self) -> bool:
        return self._is_done() or self.control.stopped or self.recourse.running

    def _prove(self, bound: float) -> None:
        self.bound = max(self.bound, bound)

    # ---- Plans --------------------------------------------------------------------------------

    def _hold(self, units: Units) -> bool:
        """Hold a plan in all scenarios, where it was not yet, and keep it where it is the best;
        whether it was new."""
        made = tuple(sorted((key, own) for key, own in units.items() if own))
        if made in self.tried or self._is_over:
            return False
        self.tried.add(made)
        found = self.recourse.held(units, self.value)
        if found is not None:
            self.best, self.value = found, found.value
        return True

    def _search(self) -> None:
        """Search the master, which proves a bound, and hold what it finds, which it then knows
        better; in more nodes where that is nothing new."""
        nodes = SEARCH_NODES
        while nodes <= MOST_NODES and not self._is_over:
            units, bound = self.recourse.searched({}, self.best, nodes)
            self._prove(bound)
            if units is None or not self._hold(units):
                nodes *= 2

    # ---- Rounds -------------------------------------------------------------------------------

    def _hedge(self) -> None:
        from opt.solver.hedging import hedge  # noqa: PLC0415  an extra of its own

        parts = self._parts()
        if len(parts[0].shared):
            hedge(parts, self.gap, self.value, self.bound, self._heard)

    def _parts(self) -> list[Part]:
        from opt.solver.hedging import Part  # noqa: PLC0415  an extra of its own

        shared = self.recourse.shared_by_all()
        weights = self._weights(shared)
        return [
            Part(
                own.solver,
                own.counted,
                future.probability,
                own.shared[np.searchsorted(place, shared)],
                ours.tolist(),
            )
            for own, future, place, ours in zip(
                self.alone, self.doubt.futures, self.recourse.places, weights, strict=True
            )
        ]

    def _weights(self, shared: Sequence[int]) -> list[Vector]:
        """Of what all scenarios share, by scenario; those of the first make up for the others."""
        found = [
            own[np.searchsorted(place, shared)]
            for own, place in zip(self.recourse.weights(), self.recourse.places, strict=True)
        ]
        chances = self.recourse.chances
        others = [p * own for p, own in zip(chances[1:], found[1:], strict=True)]
        return [-sum(others, np.zeros(len(shared))) / chances[0], *found[1:]]

    def _heard(self, own: Round) -> tuple[float, bool]:
        self._prove(own.bound)
        found = [
            {key: round(float(point[at])) for key, at in built.items()}
            for built, point in zip(self.built, own.points, strict=True)
        ]
        self._try_plans(found)
        return self.value, not self._is_over

    def _try_plans(self, found: Sequence[Mapping[tuple[str, int], int]]) -> None:
        """Hold what the scenarios commit on average, and what some of them do; then search among
        what they do not agree on."""
        chances = self.recourse.chances
        mean = {
            key: round(math.fsum(p * own[key] for p, own in zip(chances, found, strict=True)))
            for key in found[0]
        }
        new = 0
        for plan in (mean, *found):
            new += self._hold(plan)
            if new == PLANS_A_ROUND:
                break
        if not self._is_over:
            same = {k: own for k, own in found[0].items() if all(o[k] == own for o in found)}
            units, _ = self.recourse.searched(same, None, SEARCH_NODES)
            if units is not None:
                self._hold(units)

    # ---- The answer ---------------------------------------------------------------------------

    def _told(self) -> Ventured:
        if self.best is None:
            return Ventured(Outcome.LIMIT, math.inf, self._share(self.bound), None)
        outcome = Outcome.OPTIMAL if self._is_done() else Outcome.FEASIBLE
        plans = tuple(self._plans(self.best))
        bound = self._share(min(self.bound, self.value))
        return Ventured(outcome, self._share(self.value), bound, plans)

    def _share(self, value: float) -> float:
        return share_of(value, self.per_unit)

    def _plans(self, best: Trial) -> Iterable[FuturePlan]:
        """The plan of each scenario: as good, and with less spent where that is found soon."""
        slack = SLACKS[0] / (self.per_unit or 1.0)
        if not self.recourse.running:
            before = self.control.deadline
            # The clock of the whole is not to be spent on it.
            self.control.deadline = min(before, part_of(self.control, LEANER))
            best = self.recourse.leaner(self.value + slack, self.cost_gap) or best
            self.control.deadline = before
        for n, (own, ended) in enumerate(zip(self.alone, best.ended, strict=True)):
            point = ended.point
            if not self.recourse.running:
                trial = best.shared[self.recourse.places[n]]
                lean = own.leanest(trial, ended.value + slack)
                point = point if lean is None else lean
            assert point is not None
            yield self.world.plan(n, point)
