"""Which programmes, limits and targets bind: what no plan can beat without each, and with more.

All bounds are of the relaxation in which projects may be built in parts, so that each holds for
every plan and compares with that of the whole case. Along an amount this bound is convex and goes
one way: where the absence of a programme or limit leaves it as it is, more of it does too. So only
of those whose absence changes the bound more is asked.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from opt.data.instance import Instance, Target
from opt.record.passes import Outcome
from opt.record.run import Solution
from opt.results.targets import target_value
from opt.solver.stage import SolveOptions
from opt.studies.change import (
    later,
    raised_ceiling,
    scaled_programmes,
    with_target,
    without_ceilings,
    without_programme,
    without_targets,
)
from opt.studies.runner import Runner
from opt.studies.task import Answer, Ask, Base, How, Task, if_known

PROGRAMMES, LIMITS, TARGETS = "programmes", "limits", "targets"
SUBJECTS = (PROGRAMMES, LIMITS, TARGETS)
# Which ceilings stand in which sheet.
SHEETS_OF_LIMITS: Mapping[str, frozenset[str]] = {
    "build_limits": frozenset({"starts", "capex", "capacity"}),
    "private_capital": frozenset({"private"}),
}
EVERY_PROGRAMME, EVERY_LIMIT = "every programme", "every limit"
# By so much more a programme or a limit on money is asked with; every programme at once: twice.
MORE, TWICE = 1.1, 2.0
# Shares of allied demand: a hundredth of a point, more than the relaxation's tolerances move.
LEAST_CHANGE = 1e-4
# Relative to a target's bound: what a search leaves of a slack that could be nothing.
SAME = 1e-6
NO_PLAN = "no plan obeys every rule"
CUT_SHORT = "the search of some year was stopped before it was proven that none meets it"
EARLY = frozenset({Outcome.FEASIBLE, Outcome.LIMIT, Outcome.ERROR})
CASE, RELAXED = "the case", "what no plan can beat"

Answers = Mapping[str, Answer]


@dataclass(frozen=True, slots=True)
class Bound:
    """What no plan can beat, a share of allied demand; None where there is a reason instead."""

    value: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One programme or limit, or all of a kind.

    `subject` is programmes or limits; `amount` a programme's, USD million, and `paid` what the
    plan has it pay for capital, None where there is no plan. `without` is the bound with it left
    out; `more` that with a tenth more of it, a start more a year, or twice as much of every
    programme. Either is None where it is not asked.
    """

    subject: str
    name: str
    without: Bound | None
    more: Bound | None
    amount: float | None = None
    paid: float | None = None


@dataclass(frozen=True, slots=True)
class TargetBinding:
    """One target, tried alone.

    `planned` is its value in the plan of the case; `nearest` the value nearest to its bound that
    was found, the bound itself where the target is met; `earliest` the first year from its own on
    in which it can be met, None where none is known. `beat` is what no plan that meets it can
    beat, None where it is not met. The first two are in the metric's unit; `reason` says why
    something is not known.
    """

    target: Target
    planned: float | None
    nearest: float | None
    earliest: int | None
    beat: Bound | None
    reason: str = ""

    @property
    def met(self) -> bool:
        """Whether a plan meets the target in its own year."""
        return self.earliest == self.target.year


@dataclass(frozen=True, slots=True)
class Binding:
    """What the study found. `whole` is the bound of the case as it is, `best` the dependence of the
    plan found for it; None where none was looked for, or for a `reason`. Where targets alone were
    asked about, both are of the case without its targets."""

    whole: Bound
    best: float | None
    limits: tuple[LimitRow, ...]
    targets: tuple[TargetBinding, ...]
    reason: str = ""


def binding(
    base: Base, runner: Runner, subjects: Sequence[str] = SUBJECTS, *, absence_alone: bool = False
) -> Binding:
    """What binds among the programmes, limits and targets of a case.

    With `absence_alone` neither a plan is looked for nor is more of anything asked: the bounds are
    those of the case and of the case without each programme and limit.
    """
    targets = base.instance.targets if TARGETS in subjects else ()
    if set(subjects) == {TARGETS}:
        base = dataclasses.replace(base, instance=without_targets(base.instance))
    case = [] if absence_alone else [_whole(base)]
    found = runner.by_key([*case, *_first_round(base, subjects, targets)])
    if not absence_alone:
        found |= runner.by_key(_second_round(base, subjects, targets, found))
    best = found.get(CASE)
    return Binding(
        whole=_bound(found[RELAXED]),
        best=None if best is None else if_known(best.value),
        limits=tuple(_limit_rows(base.instance, subjects, found)),
        targets=tuple(_target_row(base.instance, target, found) for target in targets),
        reason="" if best is None else _reason(best),
    )


# ---- What is asked --------------------------------------------------------------------------


def _first_round(base: Base, subjects: Sequence[str], targets: Sequence[Target]) -> Iterator[Task]:
    """The bound of the case, that without each thing, and how near each target is reached."""
    yield _relaxed(base, RELAXED, base.instance)
    for name, instance in _absences(base.instance, subjects):
        yield _relaxed(base, f"without {name}", instance)
    for target in targets:
        yield _reach(base, target)


def _second_round(
    base: Base, subjects: Sequence[str], targets: Sequence[Target], first: Answers
) -> Iterator[Task]:
    """More of what binds, what a target that is met costs, and later years of the others."""
    whole = _bound(first[RELAXED])
    for name, instance in _increases(base.instance, subjects):
        absence = first.get(f"without {name}")
        if absence is None or _differ(whole, _bound(absence)):
            yield _relaxed(base, f"more {name}", instance)
    for target in targets:
        if _meets(target, first[_key(target)]):
            instance = with_target(base.instance, target)
            yield _relaxed(base, f"with target {target.id}", instance)
        else:
            yield from (_reach(base, moved) for moved in later(target, base.instance.years))


def _whole(base: Base) -> Task:
    return Task(CASE, base.instance, Ask(How.WHOLE, base.options, base.limits))


def _relaxed(base: Base, key: str, instance: Instance) -> Task:
    return Task(key, instance, Ask(How.RELAXED, SolveOptions(), base.limits), base.instance)


def _reach(base: Base, target: Target) -> Task:
    instance = with_target(base.instance, target)
    return Task(_key(target), instance, Ask(How.REACH, SolveOptions(), base.limits))


def _key(target: Target) -> str:
    return f"target {target.id} in {target.year}"


def _absences(instance: Instance, subjects: Sequence[str]) -> Iterator[tuple[str, Instance]]:
    """The case without each programme, each limit, and all limits of a sheet."""
    if PROGRAMMES in subjects:
        for k in instance.programme_order:
            yield k, without_programme(instance, k)
    if LIMITS in subjects:
        for name, ids in _ceilings(instance).items():
            yield name, without_ceilings(instance, ids)


def _increases(instance: Instance, subjects: Sequence[str]) -> Iterator[tuple[str, Instance]]:
    """The case with more of each programme, of each limit, and of all programmes."""
    if PROGRAMMES in subjects:
        yield EVERY_PROGRAMME, scaled_programmes(instance, TWICE)
        for k in instance.programme_order:
            yield k, scaled_programmes(instance, MORE, {k})
    if LIMITS in subjects:
        for ceiling in instance.ceilings:
            yield ceiling.id, raised_ceiling(instance, ceiling.id, MORE)


def _ceilings(instance: Instance) -> dict[str, frozenset[str]]:
    """Ids of ceilings by name: each, all of a sheet, and all; a set that is there already is left
    out."""
    found = {c.id: frozenset({c.id}) for c in instance.ceilings}
    sets = {
        sheet: frozenset(c.id for c in instance.ceilings if c.what in whats)
        for sheet, whats in SHEETS_OF_LIMITS.items()
    }
    sets[EVERY_LIMIT] = frozenset(found)
    for name, ids in sets.items():
        if ids and ids not in found.values():
            found[name] = ids
    return found


# ---- What was answered ----------------------------------------------------------------------


def _reason(answer: Answer) -> str:
    return NO_PLAN if answer.outcome is Outcome.INFEASIBLE else answer.reason


def _bound(answer: Answer) -> Bound:
    return Bound(if_known(answer.bound), _reason(answer))


def _differ(one: Bound, other: Bound) -> bool:
    """Whether two bounds differ, or one is not known."""
    if one.value is None or other.value is None:
        return True
    return abs(one.value - other.value) >= LEAST_CHANGE


def _meets(target: Target, answer: Answer) -> bool:
    missed = answer.value - target.bound if target.at_most else target.bound - answer.value
    return missed <= SAME * max(1.0, abs(target.bound))


def binds(found: Binding, row: LimitRow) -> bool:
    """Whether the absence of a programme or limit is known to change what no plan can beat; of all
    programmes together, whether more of them is."""
    asked = row.without or row.more
    if asked is None or found.whole.value is None:
        return False
    if asked.value is None:
        return asked.reason == NO_PLAN
    return abs(asked.value - found.whole.value) >= LEAST_CHANGE


def _limit_rows(instance: Instance, subjects: Sequence[str], found: Answers) -> Iterator[LimitRow]:
    if PROGRAMMES in subjects:
        for k in instance.programme_order:
            amount = instance.programmes[k].amount
            yield _limit_row(PROGRAMMES, k, found, amount, _paid(_plan(found), k))
        if f"more {EVERY_PROGRAMME}" in found:
            yield _limit_row(PROGRAMMES, EVERY_PROGRAMME, found)
    if LIMITS in subjects:
        for name in _ceilings(instance):
            yield _limit_row(LIMITS, name, found)


def _limit_row(
    subject: str,
    name: str,
    found: Answers,
    amount: float | None = None,
    paid: float | None = None,
) -> LimitRow:
    without, more = found.get(f"without {name}"), found.get(f"more {name}")
    return LimitRow(
        subject=subject,
        name=name,
        without=None if without is None else _bound(without),
        more=None if more is None else _bound(more),
        amount=amount,
        paid=paid,
    )


def _plan(found: Answers) -> Solution | None:
    return found[CASE].plan if CASE in found else None


def _paid(plan: Solution | None, programme: str) -> float | None:
    """What a programme pays for capital in a plan. USD million."""
    if plan is None:
        return None
    return math.fsum(p.paid_musd for p in plan.payments if p.programme == programme)


def _target_row(instance: Instance, target: Target, found: Answers) -> TargetBinding:
    plan, own = _plan(found), found[_key(target)]
    beat = found.get(f"with target {target.id}")
    return TargetBinding(
        target=target,
        planned=None if plan is None else target_value(instance, target, plan.allied),
        nearest=if_known(own.value),
        earliest=_earliest(instance, target, found),
        beat=None if beat is None else _bound(beat),
        reason=_reason(own) or _unproven(instance, target, found),
    )


def _unproven(instance: Instance, target: Target, found: Answers) -> str:
    """That a target is not met in some year is only proven where its search came to an end."""
    answers = [(t, found.get(_key(t))) for t in (target, *later(target, instance.years))]
    missed = (a for t, a in answers if a is not None and not _meets(t, a))
    return CUT_SHORT if any(a.outcome in EARLY for a in missed) else ""


def _earliest(instance: Instance, target: Target, found: Answers) -> int | None:
    """The first year in which a target is met, from its own on."""
    for moved in (target, *later(target, instance.years)):
        answer = found.get(_key(moved))
        if answer is not None and _meets(moved, answer):
            return moved.year
    return None
