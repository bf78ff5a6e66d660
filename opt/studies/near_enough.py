"""Which projects of a large case make a plan near enough, as far as it is told without a search."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field

from opt.fixed import FixedCommitment
from opt.record.passes import Outcome
from opt.studies.brackets import enough
from opt.studies.change import only
from opt.studies.runner import Runner
from opt.studies.task import Base, How

Names = frozenset[str]
Plan = tuple[FixedCommitment, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of some projects alone: a plan of them near enough, or None; `reason` says why
    it is not known whether there is one, and is empty where it is proven that there is none."""

    plan: Plan | None
    reason: str = ""


@dataclass(slots=True)
class NearEnough:
    """What is known of sets of projects; every plan of `case` is near enough. `without` are sets of
    which no plan is, which is proven; `open_` those of which it is not known, each with why."""

    case: Base
    runner: Runner
    without: list[Names] = field(default_factory=list)
    open_: dict[Names, str] = field(default_factory=dict)
    asked: int = 0

    def among(self, names: Names) -> Base:
        """The case with some projects alone: questions about parts of them are near to it."""
        return dataclasses.replace(self.case, instance=only(self.case.instance, names))

    def told(self, base: Base, sets: Sequence[Names], plan: Plan) -> list[Told]:
        """What is told of each of some sets of the projects of `base`, on whose model a known plan
        is mended."""
        new = [names for names in dict.fromkeys(sets) if not self._is_known(names)]
        tasks = []
        for names in new:
            self.asked += 1
            instance = only(base.instance, names)
            key = f"near enough with {len(names)} projects, question {self.asked}"
            tasks.append(enough(base, key, instance, plan, How.MENDED))
        found = {}
        for names, answer in zip(new, self.runner.run(tasks), strict=True):
            if answer.outcome is Outcome.INFEASIBLE:
                self.without.append(names)
            elif answer.built is None:
                self.open_[names] = answer.reason
            else:
                found[names] = answer.built
        return [Told(found.get(names), self.open_.get(names, "")) for names in sets]

    def _is_known(self, names: Names) -> bool:
        return names in self.open_ or any(names <= own for own in self.without)
