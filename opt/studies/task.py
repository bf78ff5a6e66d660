"""A question to the solver and its answer, as plain frozen data that goes to any process."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import zip_longest

from opt.data.instance import Instance
from opt.errors import SolverError
from opt.fixed import FixedCommitment
from opt.record.money import Payment, Use
from opt.record.passes import Outcome
from opt.record.run import Solution
from opt.solver.control import Limits
from opt.solver.held import Moved
from opt.solver.stage import SolveOptions

# The reason of an answer of How.MENDED without one.
NOT_DECIDED = "mending found no plan and the relaxation does not rule one out"


def if_known(value: float) -> float | None:
    """A value or bound of an answer; None where it is not finite, so that nothing is known."""
    return value if math.isfinite(value) else None


class How(StrEnum):
    """How far an instance is solved."""

    WHOLE = "whole"  # every pass of the objective on the network, and everybody else served
    CHAIN = "chain"  # dependence on the origins that decide it, then a cheaper plan; who pays
    RELAXED = "relaxed"  # dependence with whole numbers allowed to be fractions: a bound alone
    HELD = "held"  # dependence of given commitments, with outlays at most as given
    COMPLETED = "completed"  # given commitments made a whole answer: their flows, and who pays
    STANDS = "stands"  # dependence of given commitments, of those that can be paid
    FLOWS = "flows"  # given commitments that can be paid: dependence, shortage, then cost; where
    # the objective is shortfall it comes first, and dependence nowhere
    REACH = "reach"  # how far the instance's only target is missed at least; 0 where it can be met
    CHANGED = "changed"  # the objective of a change of `base`, whose plan is known and is mended
    MENDED = "mended"  # the same as far as mending and the relaxation tell, without a search of it


@dataclass(frozen=True, slots=True)
class Outlays:
    """The most that may be bought for stock, by stockpile, origin class and year, and the most that
    may be paid for by the unit, by use, programme, thing, process and year; what stock buys, gives
    out or is paid exactly (`moved`), by `buy` or `release`, stockpile, origin class and year, or by
    `pay_stock`, programme, stockpile and year. Units, USD million."""

    bought: Mapping[tuple[str, str, int], float] = field(default_factory=dict)
    by_unit: Mapping[tuple[Use, str, str, str, int], float] = field(default_factory=dict)
    moved: Moved = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of an instance: how far it is solved, for which objective, to which gaps and
    from which plan (`options`), under which limits. `outlays` are those of How.HELD; of How.STANDS
    and How.FLOWS `bought` and `moved` count, and `payments` are who pays for the plan's capital. Of
    How.CHAIN without a base a plan is worked out only where its value is less than `below`."""

    how: How
    options: SolveOptions
    limits: Limits = field(default_factory=Limits)
    outlays: Outlays = field(default_factory=Outlays)
    payments: tuple[Payment, ...] = ()
    below: float = math.inf


@dataclass(frozen=True, slots=True)
class Base:
    """The case that the tasks of a study change: which instance, and how it was asked."""

    instance: Instance
    options: SolveOptions
    limits: Limits


@dataclass(frozen=True, slots=True)
class Task:
    """One question. `key` names it within its study, in words for who waits. `base` is a case of
    which the instance is a change, where several changes of it are asked about: its model is then
    loaded once a process (How.RELAXED and How.CHAIN, and How.CHANGED and How.MENDED, which need
    it), or where it ends is where they begin (How.FLOWS). It changes no value but the way in which
    a plan of a change is found, and which of several flows as good is told."""

    key: str
    instance: Instance
    ask: Ask
    base: Instance | None = None


def kind_of(asked: object) -> Hashable:
    """What tasks share that are sooner answered by one process: the very case of which they are
    changes. None of all else."""
    return id(asked.base) if isinstance(asked, Task) and asked.base is not None else None


def in_turn(tasks: Iterable[Task]) -> Iterator[Task]:
    """The first task of each kind, then the second of each, and so on: every process that begins
    finds one that no other is at."""
    kinds: dict[Hashable, list[Task]] = {}
    for task in tasks:
        kinds.setdefault(kind_of(task), []).append(task)
    for turn in zip_longest(*kinds.values()):
        yield from (task for task in turn if task is not None)


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a task.

    `value` and `bound` are in the objective's own unit, or in the target's for How.REACH; `value`
    is inf where no plan is known, `bound` -inf where nothing is proven. The plan's `world` is that
    of allies alone but for How.WHOLE. `built` are the commitments of the plan that is known, of
    How.CHANGED, How.MENDED and How.STANDS, which work out no more of it, and of How.CHAIN where it
    is not worked out. `reason` says why there is no answer where `outcome` is ERROR, or LIMIT for a
    task that was stopped and for one of How.MENDED that is not decided so.
    """

    key: str
    outcome: Outcome
    value: float
    bound: float
    plan: Solution | None
    seconds: float
    reason: str = ""
    built: tuple[FixedCommitment, ...] | None = None

    @property
    def failed(self) -> bool:
        """Whether there is a reason in place of an answer."""
        return bool(self.reason)

    @property
    def lasts(self) -> bool:
        """Whether the same question has the same answer whenever it is asked."""
        return not self.failed or self.reason == NOT_DECIDED

    def named(self, key: str) -> Answer:
        """The same answer to the same question under another key."""
        return dataclasses.replace(self, key=key)

    def sound(self) -> Answer:
        """The answer itself; raises SolverError with the reason where there is none."""
        if self.failed:
            raise SolverError(f"{self.key}: {self.reason}")
        return self
