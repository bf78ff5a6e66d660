"""Lists of projects near the best plan of a large case, as far as they are told without a search.

Projects that every plan near enough builds, which the relaxation proves, are not tried to be
spared. Of the others whole groups are, then the halves of a group that cannot be. A project of
which it is not known whether it can be spared stays on its list, as unsure.

A plan that builds no list found whole leaves out a project of each. The smallest sets of projects
that do so are tried, those first without which least is lost: where a plan is left without one of
them, there is another list; where it is proven that none is left without any, there is none.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from opt.studies.best import Best, projects_of
from opt.studies.near_enough import Names, NearEnough, Plan
from opt.studies.task import Base

# Questions that are asked at once, whatever the number of workers, so that all give the same.
AT_ONCE = 2
# Sets of projects that are left out in turn for one more list.
TRIES = 8

Group = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListFound:
    """The projects of a list and a plan of them that is near enough; `unsure` are those of which it
    is not known whether the list needs them, each with why."""

    names: Names
    plan: Plan
    unsure: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class LargeSearch:
    """Lists found so far of a large case. `needed` are projects of every plan near enough, `loss`
    is what is at least lost without each project, a share of allied demand; nothing where it is not
    told."""

    near: NearEnough
    best: Best
    needed: Names
    loss: Mapping[str, float]
    lists: list[ListFound] = field(default_factory=list)
    not_known: list[str] = field(default_factory=list)

    def run(self, number: int, heard: Callable[[ListFound], None]) -> bool:
        """Find up to so many lists, `heard` told each; whether they are known to be complete: once
        there are so many, no other is asked about."""
        start: Plan | None = self.best.plan
        while start is not None and len(self.lists) < number:
            found = self._without_superfluous(start)
            # One that holds all of it has a project too many, which was not known.
            self.lists = [own for own in self.lists if not found.names <= own.names]
            self.lists.append(found)
            heard(found)
            start = self._another() if len(self.lists) < number else start
        return start is None and not self.not_known and not any(own.unsure for own in self.lists)

    def _without_superfluous(self, plan: Plan) -> ListFound:
        """What is left of the projects of a plan when none is known to be spared."""
        spared = Sparing(self.near, self.near.among(projects_of(plan)), plan)
        names = projects_of(plan) - self.needed
        spared.run(tuple(sorted(names, key=lambda j: (self.loss.get(j, 0.0), j))))
        return spared.found()

    def _another(self) -> Plan | None:
        """A plan near enough that builds no list found whole; None where there is none, or where it
        is not known whether there is."""
        every = frozenset(self.near.case.instance.projects)
        sets = left_out([own.names - self.needed for own in self.lists], self.loss)
        tried, why = 0, ""
        while now := list(islice(sets, AT_ONCE)):
            if tried >= TRIES:
                why = why or f"no plan was found without {tried} sets of projects"
                break
            tried += len(now)
            rest = [every - gone for gone in now]
            for told in self.near.told(self.near.case, rest, self.best.plan):
                if told.plan is not None:
                    return told.plan
                why = why or told.reason
        if why:
            self.not_known.append(f"list {len(self.lists) + 1}: {why}")
        return None


@dataclass(slots=True)
class Sparing:
    """A plan near enough of which projects are spared, `base` the case with those that it began
    with; `open_` are those of which it was not known whether they can be, each with the projects of
    the plan when it was asked."""

    near: NearEnough
    base: Base
    plan: Plan
    open_: dict[str, Names] = field(default_factory=dict)

    def run(self, names: Group) -> None:
        """Spare what can be of some projects, in halves of their order."""
        groups = [names]
        while groups := self._left(groups) or self._again():
            now, later = groups[:AT_ONCE], groups[AT_ONCE:]
            groups = [*self._tried(now), *later]

    def found(self) -> ListFound:
        """The list that is left."""
        names = projects_of(self.plan)
        why = {j: self.near.open_[names - {j}] for j in sorted(names & self.open_.keys())}
        return ListFound(names, self.plan, why)

    def _left(self, groups: Sequence[Group]) -> list[Group]:
        """What of some groups the plan still builds."""
        built = projects_of(self.plan)
        left = [tuple(j for j in group if j in built) for group in groups]
        return [group for group in left if group]

    def _again(self) -> list[Group]:
        """The projects that were left open when the plan built more than it does now: fewer
        projects are easier to decide."""
        built = projects_of(self.plan)
        return [(j,) for j, names in self.open_.items() if j in built and names != built]

    def _tried(self, groups: Sequence[Group]) -> list[Group]:
        """Spare one of some groups; what of them is left to try."""
        before, left = projects_of(self.plan), list[Group]()
        rest = [before - set(group) for group in groups]
        told = self.near.told(self.base, rest, self.plan)
        for group, own in zip(groups, told, strict=True):
            half = len(group) // 2
            if own.plan is not None and projects_of(self.plan) == before:
                self.plan = own.plan
            elif own.plan is not None:
                left.append(group)  # beside what is spared now it may be needed
            elif half:
                left += [group[:half], group[half:]]
            elif own.reason:
                self.open_[group[0]] = before
            else:
                self.open_.pop(group[0], None)
        return left


def left_out(lists: Sequence[Names], loss: Mapping[str, float]) -> Iterator[Names]:
    """The smallest sets of projects that hold one of each of some lists, those first without which
    least is lost."""
    waiting: list[tuple[float, int, Group]] = [(0.0, len(lists), ())]
    seen: set[Group] = set()
    while waiting:
        _, _, names = heapq.heappop(waiting)
        held = [own for own in lists if own.isdisjoint(names)]
        if not held and _is_smallest(names, lists):
            yield frozenset(names)
        for j in held[0] if held else ():
            more = tuple(sorted({*names, j}))
            if more not in seen:
                seen.add(more)
                lost = math.fsum(loss.get(i, 0.0) for i in more)
                open_ = sum(own.isdisjoint(more) for own in lists)
                heapq.heappush(waiting, (lost, open_, more))


def _is_smallest(names: Group, lists: Sequence[Names]) -> bool:
    """Whether each of some projects is the only one of them in some list."""
    return all(any(own & set(names) == {j} for own in lists) for j in names)
