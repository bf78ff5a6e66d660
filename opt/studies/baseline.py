"""The case without new money, solved whole: what everything else is measured against."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from opt.data.instance import Instance
from opt.record.run import Solution
from opt.solver.control import Control
from opt.solver.progress import Listener, Silent
from opt.solver.stage import SolveOptions
from opt.studies.answering import answer
from opt.studies.task import Ask, How, Task


def do_nothing(
    empty: Instance, options: SolveOptions, control: Control, listener: Listener
) -> Solution:
    """The answer without new money: linear programmes alone, which no limit cuts short."""
    plain = dataclasses.replace(options, plan=None, objective="dependence", cost_gap_added=None)
    solution = answer(Task("baseline", empty, Ask(How.WHOLE, plain)), control, listener).plan
    assert solution is not None, empty.name
    return solution


@dataclass(frozen=True, slots=True)
class NoNewMoney:
    """The answer of a case that is already without new money: work for any process."""

    instance: Instance
    options: SolveOptions

    def __call__(self, control: Control) -> Solution:
        """The flows of the baseline."""
        return do_nothing(self.instance, self.options, control, Silent())
