"""One joint budget against separate ones: what owners of programmes do alone, and together.

The worth of some owners' money together is how far the best plan with it alone lies below the best
plan with no public money. Separate: each owner makes the best plan with its own money, as if there
were no other, and all of these plans are built, as far as every rule allows it together: limits on
building that each plan keeps need not hold for all. What is built of them is what is best.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from opt.data.instance import Instance
from opt.fixed import FixedCommitment
from opt.record.passes import Outcome
from opt.record.pool import OTHERS, Coalition, Pool, PoolAlly, PoolMember
from opt.record.run import Solution
from opt.results.metrics import shares_served
from opt.solver.stage import SolveOptions
from opt.studies.best import roughly
from opt.studies.change import among, with_programmes, without_targets
from opt.studies.completing import Built, completed
from opt.studies.runner import Runner
from opt.studies.task import Answer, Ask, Base, How, Task, if_known

MOST_OWNERS = 6
NO_PLAN = "no plan obeys every rule"
Some = frozenset[str]  # owners
# Holds a plan with its dependence, named by a key, against the cells of the case with the money of
# some programmes alone.
Confirm = Callable[[Collection[str], str, Solution, float], None]


@dataclass(frozen=True, slots=True)
class Owner:
    """An owner with its programmes, and what they hold. USD million."""

    name: str
    programmes: tuple[str, ...]
    amount: float


@dataclass(frozen=True, slots=True)
class Worth:
    """Dependence of the best plan of some owners, and its bound: inf and -inf where unknown."""

    value: float
    bound: float


def pool(
    base: Base,
    owner_of: Mapping[str, str],
    runner: Runner,
    confirm: Confirm,
    *,
    exact: bool = True,
) -> Pool:
    """The joint plan, the separate ones, and what each owner adds; `owner_of` gives the owner of
    each programme. Targets are not asked for. Of a large case what some of the owners can do is
    searched for roughly but with `exact`. Each plan is made a whole answer and held against the
    cells of its case by `confirm`, which raises where it does not hold."""
    case = without_targets(base.instance)
    owners = owners_of(case, owner_of)
    every = frozenset(own.name for own in owners)
    joint = runner.run([_task(base, case, owners, every, ())])[0]
    start = joint.built or ()
    left = [some for some in _subsets(owners) if some != every]
    rough = roughly(base, min(joint.value, 1.0), exact=exact)
    answers = runner.run([_task(rough, case, owners, some, start) for some in left])
    found = {every: joint, **dict(zip(left, answers, strict=True))}
    wholes = _whole(base, case, owners, found, runner)
    for some, whole in wholes.items():
        if whole.plan is not None:
            confirm(_held_by(owners, some), whole.key, whole.plan, whole.value)
    worth = _monotone({some: Worth(a.value, a.bound) for some, a in found.items()})
    alone = [found[frozenset({own.name})] for own in owners]
    separate = _separate(rough, case, alone, runner)
    if separate is not None and separate.plan is not None:
        confirm(_held_by(owners, every), separate.key, separate.plan, separate.value)
    shares = {own.name: _shapley(own.name, every, worth) for own in owners}
    nothing, all_in = worth[frozenset()], worth[every]
    asked = (*answers, joint, *([separate] if separate is not None else []))
    reasons = [answer.reason for answer in asked if answer.reason]
    return Pool(
        nothing=if_known(nothing.value),
        nothing_bound=if_known(nothing.bound),
        separate=None if separate is None else if_known(separate.value),
        separate_bound=None if separate is None else if_known(separate.bound),
        joint=if_known(all_in.value),
        joint_bound=if_known(all_in.bound),
        shares={name: if_known(share[0]) for name, share in shares.items()},
        members=tuple(_member(own, every, worth, shares[own.name]) for own in owners),
        coalitions=tuple(_coalition(some, found[some], worth) for some in _subsets(owners)),
        allies=tuple(_allies(case, every, wholes)),
        lapsed=_lapsed(alone, separate),
        reason="; ".join(dict.fromkeys(reasons)),
    )


def owners_of(case: Instance, owner_of: Mapping[str, str]) -> list[Owner]:
    """The owners in the order of the sheet of programmes; of more than six the smallest are one."""
    groups: dict[str, list[str]] = {}
    for k in case.programme_order:
        groups.setdefault(owner_of[k], []).append(k)
    owners = [
        Owner(name, tuple(own), math.fsum(case.programmes[k].amount for k in own))
        for name, own in groups.items()
    ]
    if len(owners) <= MOST_OWNERS:
        return owners
    ranked = sorted(owners, key=lambda own: (-own.amount, own.name))
    large = {own.name for own in ranked[: MOST_OWNERS - 1]}
    small = [own for own in owners if own.name not in large]
    programmes = tuple(k for own in small for k in own.programmes)
    rest = Owner(OTHERS, programmes, math.fsum(own.amount for own in small))
    return [*(own for own in owners if own.name in large), rest]


def _subsets(owners: Sequence[Owner]) -> Iterator[Some]:
    names = [own.name for own in owners]
    for size in range(len(names) + 1):
        yield from (frozenset(some) for some in combinations(names, size))


def _words(some: Some) -> str:
    return ", ".join(sorted(some)) if some else "no public money"


# ---- Tasks ----------------------------------------------------------------------------------


def _task(
    base: Base,
    case: Instance,
    owners: Iterable[Owner],
    some: Some,
    start: tuple[FixedCommitment, ...],
) -> Task:
    """The best plan with the money of some owners alone."""
    options = SolveOptions(gap=base.options.gap, plan=start, improve=True)
    ask = Ask(How.CHANGED, options, base.limits)
    changed = with_programmes(case, _held_by(owners, some))
    return Task(f"money of {_words(some)}", changed, ask, case)


def _held_by(owners: Iterable[Owner], some: Some) -> tuple[str, ...]:
    """The programmes of some owners."""
    return tuple(k for own in owners if own.name in some for k in own.programmes)


def _whole(
    base: Base,
    case: Instance,
    owners: Sequence[Owner],
    found: Mapping[Some, Answer],
    runner: Runner,
) -> dict[Some, Answer]:
    """The plans of some answers as whole answers."""
    known = {some: answer.built for some, answer in found.items() if answer.built is not None}
    built = [
        Built(f"the plan of {_words(some)}", with_programmes(case, _held_by(owners, some)), own)
        for some, own in known.items()
    ]
    return dict(zip(known, completed(built, base.options, base.limits, runner), strict=True))


def _separate(base: Base, case: Instance, alone: Sequence[Answer], runner: Runner) -> Answer | None:
    """The best that the separate plans come to together, as a whole answer; None where one of them
    is not known."""
    plans = [answer.built for answer in alone if answer.built is not None]
    if len(plans) < len(alone) or not plans:
        return None
    key, together = "the separate plans together", among(case, plans)
    start = min(alone, key=lambda answer: answer.value).built or ()
    options = SolveOptions(gap=base.options.gap, plan=start, improve=True)
    task = Task(key, together, Ask(How.CHANGED, options, base.limits), case)
    (found,) = runner.run([task])
    if found.built is None:
        return found
    built = [Built(f"{key}, whole", together, found.built)]
    (whole,) = completed(built, base.options, base.limits, runner)
    return dataclasses.replace(whole, key=key, bound=min(found.bound, whole.value))


def _lapsed(alone: Iterable[Answer], separate: Answer | None) -> tuple[str, ...]:
    """Projects of the separate plans that are not there when they are built together."""
    if separate is None or separate.plan is None:
        return ()
    wanted = {c.project for a in alone for c in a.built or ()}
    return tuple(sorted(wanted - {c.project for c in separate.plan.commitments}))


# ---- Worth and shares -----------------------------------------------------------------------


def _monotone(worth: Mapping[Some, Worth]) -> dict[Some, Worth]:
    """Values and bounds closed by those of other coalitions: more money can only lower dependence,
    so a plan serves all who hold more, and a bound all who hold less."""
    return {
        some: Worth(
            min(own.value for other, own in worth.items() if other <= some),
            max(own.bound for other, own in worth.items() if other >= some),
        )
        for some in worth
    }


def _shapley(name: str, every: Some, worth: Mapping[Some, Worth]) -> tuple[float, float, float]:
    """The Shapley value of an owner's money, and what it is at least and at most: the mean over
    orders of joining of how far dependence falls as it joins."""
    n = len(every)
    value = low = high = 0.0
    for some in worth:
        if name in some:
            continue
        before, after = worth[some], worth[some | {name}]
        weight = math.factorial(len(some)) * math.factorial(n - len(some) - 1) / math.factorial(n)
        value += weight * (before.value - after.value)
        low += weight * max(0.0, before.bound - after.value)
        high += weight * (before.value - after.bound)
    return value, low, high


def _member(
    own: Owner, every: Some, worth: Mapping[Some, Worth], share: tuple[float, float, float]
) -> PoolMember:
    alone, without = worth[frozenset({own.name})], worth[every - {own.name}]
    return PoolMember(
        owner=own.name,
        programmes=own.programmes,
        amount=own.amount,
        alone=if_known(alone.value),
        alone_bound=if_known(alone.bound),
        without=if_known(without.value),
        without_bound=if_known(without.bound),
        share=if_known(share[0]),
        share_low=if_known(share[1]),
        share_high=if_known(share[2]),
    )


def _coalition(some: Some, answer: Answer, worth: Mapping[Some, Worth]) -> Coalition:
    own = worth[some]
    reason = NO_PLAN if answer.outcome is Outcome.INFEASIBLE else answer.reason
    return Coalition(tuple(sorted(some)), if_known(own.value), if_known(own.bound), reason)


def _allies(case: Instance, every: Some, wholes: Mapping[Some, Answer]) -> Iterator[PoolAlly]:
    """What each ally gets in the joint plan and in that without an owner, owner by owner."""

    def served(some: Some) -> Mapping[str, float]:
        plan = wholes[some].plan if some in wholes else None
        return {} if plan is None else shares_served(case, plan.allied.deliveries)

    together = served(every)
    for owner in sorted(every):
        left = served(every - {owner})
        yield from (PoolAlly(r, owner, together[r], left[r]) for r in sorted(together) if r in left)
