"""What a plan rests on: figures at both ends of their ranges, one at a time.

The plan is held, linear programmes around its commitments (opt.studies.holding); with
`reoptimise` the best plan of each end is looked for too. A value at which the plan switches is
bracketed by bisection between the figure and an end at which it has switched: it is the first one
only where there is no more than one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from opt.data.cell_ranges import CellRange
from opt.data.graded_ranges import WHOLE
from opt.data.grades import GRADES
from opt.data.instance import Instance
from opt.data.reading.row_ids import row_id
from opt.record.passes import Outcome
from opt.record.run import Solution
from opt.record.sensitivity import (
    CellToVerify,
    Sensitivity,
    SensitivityCell,
    Switch,
    SwitchingValue,
)
from opt.solver.highs import is_proven
from opt.solver.stage import SolveOptions
from opt.studies.change import baseline, sharing, without_targets
from opt.studies.completing import Built, completed
from opt.studies.holding import GivenAnswer
from opt.studies.runner import STOPPED, Runner
from opt.studies.task import Answer, Ask, Base, How, Outlays, Task

COSTS = ("capex", "capex_per_unit", "fixed_opex")
# Instances that are alive at once.
AT_ONCE = 40
VERIFY_FIRST = 10
# Of a range: a bracket is so narrow after this many halvings.
HALVINGS = 6
# Shares of allied demand that the passes' tolerances move.
SAME = 1e-6
AS_IT_IS, WITHOUT = "the plan", "without the plan"

# Holds a plan and what it comes to against the cells of the case with another value in a cell.
Confirm = Callable[[CellRange, float, Solution, float], None]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the plan at one value of one cell: its answer, that of the best plan and
    that without it, where they were asked; why the workbook is not sound there; why nothing was
    asked."""

    held: Answer | None = None
    best: Answer | None = None
    without: Answer | None = None
    refused: str = ""
    unasked: str = ""

    @property
    def reason(self) -> str:
        """Why something is not known."""
        told = [a.reason for a in (self.held, self.best, self.without) if a is not None]
        return "; ".join(dict.fromkeys(filter(None, (self.unasked, *told))))


Point = tuple[CellRange, float]
# Cases with another value in a cell each, or why the workbook is not sound with it.
Vary = Callable[[Sequence[Point]], Sequence[Instance | str]]


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of every value: of which plan, by whom it is answered, and whether the best
    plan is looked for and the case without the plan asked; `vary` makes the cases, and
    `confirm` holds each best plan against the cells of its case."""

    base: Base
    given: GivenAnswer
    kind: str
    vary: Vary
    runner: Runner
    reoptimise: bool
    confirm: Confirm

    def points(self, points: Sequence[Point], *, without: bool = False) -> dict[Point, Known]:
        """What is known at some values, some of them at a time."""
        found: dict[Point, Known] = {}
        for first in range(0, len(points), AT_ONCE):
            found |= self._together(points[first : first + AT_ONCE], without)
        return found

    def _together(self, points: Sequence[Point], without: bool) -> dict[Point, Known]:
        refused, tasks = dict[Point, str](), list[Task]()
        if self.runner.control.stopped:
            return {point: Known(unasked=STOPPED) for point in points}
        for point, case in zip(points, self.vary(points), strict=True):
            if isinstance(case, str):
                refused[point] = case
            else:
                tasks += self._tasks(point, sharing(self.base.instance, case), without)
        answers = self.runner.by_key(tasks)
        self._confirm(points, tasks, answers)
        return {
            point: Known(
                answers.get(_key(point)),
                answers.get(_best_key(point)),
                answers.get(f"{_key(point)}: without the plan"),
                refused.get(point, ""),
            )
            for point in points
        }

    def _confirm(
        self, points: Sequence[Point], tasks: Sequence[Task], answers: Mapping[str, Answer]
    ) -> None:
        """Make the best plans whole answers and hold them against their cells."""
        instances = {task.key: task.instance for task in tasks}
        by_key = {_best_key(point): point for point in points}
        built = [
            Built(key, instances[key], own)
            for key in by_key
            if key in answers and (own := answers[key].built) is not None
        ]
        options = SolveOptions(gap=self.base.options.gap)
        for answer in completed(built, options, self.base.limits, self.runner):
            if answer.plan is not None:
                self.confirm(*by_key[answer.key], answer.plan, answer.value)

    def _tasks(self, point: Point, instance: Instance, without: bool) -> Iterator[Task]:
        key = _key(point)
        yield self.held(key, instance)
        if without:
            yield self.bare(f"{key}: without the plan", instance)
        if self.reoptimise:
            options = SolveOptions(
                gap=self.base.options.gap, plan=self.given.commitments, improve=True
            )
            ask = Ask(How.CHANGED, options, self.base.limits)
            free, base = without_targets(instance), without_targets(self.base.instance)
            yield Task(_best_key(point), free, ask, base)

    def is_still(self, own: CellRange) -> bool:
        """Whether a cell says nothing to the held plan: what a project costs that it does not
        build."""
        built = {row_id([c.project]) for c in self.given.commitments}
        return own.sheet == "projects" and own.column in COSTS and own.row not in built

    def held(self, key: str, instance: Instance) -> Task:
        """The plan held in a case."""
        options, outlays = SolveOptions(plan=self.given.commitments), Outlays(self.given.bought)
        ask = Ask(How.STANDS, options, self.base.limits, outlays, self.given.payments)
        return Task(key, instance, ask, self.base.instance)

    def bare(self, key: str, instance: Instance) -> Task:
        """The case without the plan."""
        ask = Ask(How.STANDS, SolveOptions(plan=()), self.base.limits)
        base = baseline(self.base.instance, self.kind)
        return Task(key, baseline(instance, self.kind), ask, base)


def sensitivity(
    asking: Asking,
    ranges: Mapping[CellRange, bool],
    half_widths: Mapping[str, float],
    top: int,
) -> Sensitivity:
    """Every range tried at both ends, and switching values of the `top` cells that move most.

    `ranges` says of each whether the workbook gives it.
    """
    base = asking.base.instance
    first = asking.runner.run([asking.held(AS_IT_IS, base), asking.bare(WITHOUT, base)])
    plan, bare = first
    ends = [(own, end) for own in ranges for end in (own.low, own.high)]
    still = {p: Known(plan) for p in ends if not asking.reoptimise and asking.is_still(p[0])}
    known = still | asking.points([point for point in ends if point not in still])
    cells = {own: _cell(own, ranges[own], plan, known, asking.reoptimise) for own in ranges}
    ordered = sorted(ranges, key=lambda own: _place(cells[own]))
    moved = [own for own in ordered if cells[own].swing > SAME]
    switching = () if plan.failed or bare.failed else _switching(asking, plan, ordered[:top])
    return Sensitivity(
        dependence=_value(plan),
        without_plan=_value(bare),
        half_widths=dict(half_widths),
        cells=tuple(cells[own] for own in ordered),
        verify_first=tuple(_to_verify(cells[own]) for own in moved[:VERIFY_FIRST]),
        switching=tuple(switching),
        reasons=tuple(dict.fromkeys(a.reason for a in first if a.reason)),
    )


def _key(point: Point) -> str:
    own, value = point
    return f"{own.sheet} {own.row} {own.column} at {value:g}"


def _best_key(point: Point) -> str:
    return f"{_key(point)}: the best plan"


def _value(answer: Answer | None) -> float | None:
    return answer.value if answer is not None and math.isfinite(answer.value) else None


def _bound(answer: Answer | None) -> float | None:
    return answer.bound if answer is not None and math.isfinite(answer.bound) else None


# ---- Rows -----------------------------------------------------------------------------------


def _place(cell: SensitivityCell) -> tuple[float, int, str, str, str]:
    """The largest swing first, of those alike the worst grade."""
    worse = -GRADES.index(cell.grade)
    return -round(cell.swing, 6), worse, cell.sheet, cell.row, cell.column


def _cell(
    own: CellRange, given: bool, plan: Answer, known: Mapping[Point, Known], reoptimised: bool
) -> SensitivityCell:
    low, high = known[own, own.low], known[own, own.high]
    values = [_value(plan), _value(low.held), _value(high.held)]
    found = [value for value in values if value is not None]
    return SensitivityCell(
        sheet=own.sheet,
        row=own.row,
        column=str(own.column),
        value=own.value,
        low=own.low,
        high=own.high,
        grade=own.grade,
        given=given,
        at_low=values[1],
        at_high=values[2],
        swing=max(found) - min(found) if found else 0.0,
        reoptimised=reoptimised,
        best_at_low=_value(low.best),
        bound_at_low=_bound(low.best),
        best_at_high=_value(high.best),
        bound_at_high=_bound(high.best),
        reason="; ".join(dict.fromkeys(filter(None, (low.reason, high.reason)))),
        refused="; ".join(dict.fromkeys(filter(None, (low.refused, high.refused)))),
    )


def _to_verify(cell: SensitivityCell) -> CellToVerify:
    return CellToVerify(cell.sheet, cell.row, cell.column, cell.grade, cell.swing)


# ---- Switching values -----------------------------------------------------------------------


@dataclass(slots=True)
class _Bracket:
    """A value at which the plan stands and one at which it has switched in some way."""

    own: CellRange
    switch: Switch
    stands: float
    switches: float

    def middle(self) -> float | None:
        """The value to be asked next; None where a cell of whole numbers has none left."""
        half = (self.stands + self.switches) / 2
        if not self.own.is_whole and self.own.column != WHOLE:
            return half
        whole = float(math.floor(half))
        return None if whole in (self.stands, self.switches) else whole


def _switching(asking: Asking, plan: Answer, some: Sequence[CellRange]) -> list[SwitchingValue]:
    """Where the plan switches between the figure of a cell and an end of its range."""
    ends = [(own, end) for own in some for end in (own.low, own.high) if end != own.value]
    known = asking.points(ends, without=True)
    brackets = [
        _Bracket(own, switch, own.value, end)
        for (own, end) in ends
        for switch in _switched(known[own, end], asking)
    ]
    for _ in range(HALVINGS):
        asked = {(b.own, m) for b in brackets if (m := b.middle()) is not None}
        known = asking.points(sorted(asked, key=_key), without=True)
        for b in brackets:
            middle = b.middle()
            if middle is None:
                continue
            there = known[b.own, middle]
            if there.held is None or there.reason:
                continue
            if b.switch in _switched(there, asking):
                b.switches = middle
            else:
                b.stands = middle
    return [
        SwitchingValue(
            b.own.sheet, b.own.row, str(b.own.column), b.own.value, b.stands, b.switches, b.switch
        )
        for b in brackets
    ]


def _switched(known: Known, asking: Asking) -> Iterator[Switch]:
    """In which ways the plan has switched at a value."""
    held, bare, best = known.held, known.without, known.best
    if held is None or held.failed or held.built is None:
        return
    if len(held.built) < len(asking.given.commitments):
        yield Switch.LAPSES
    if bare is not None and not bare.failed and held.value >= bare.value - SAME:
        yield Switch.NO_BETTER
    found = best is not None and not best.failed and best.outcome is not Outcome.INFEASIBLE
    if best is not None and found and not is_proven(held.value, best.value, _gap(asking)):
        yield Switch.OTHER


def _gap(asking: Asking) -> float:
    """How much better another plan must be: more than the gap that was asked for, which is all that
    is proven of the plan itself."""
    return max(asking.base.options.gap, SAME)
