"""A plan held in another case than its own: what of it can be paid."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass

from opt.fixed import FixedCommitment
from opt.record.money import Payment, Use
from opt.record.projects import as_given
from opt.record.run import Solution
from opt.solver.held import Bought, Held, Moved
from opt.solver.lapse import payable_part
from opt.solver.stage import Job
from opt.studies.change import committed


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What is held of an answer: its commitments, who pays for them, and the most that is bought
    for stock."""

    commitments: tuple[FixedCommitment, ...]
    payments: tuple[Payment, ...]
    bought: Bought

    @staticmethod
    def of(answer: Solution) -> GivenAnswer:
        """Out of a whole answer."""
        bought = {(s.stockpile, s.origin, s.year): s.bought for s in answer.allied.stocks}
        return GivenAnswer(as_given(answer.commitments), answer.paid_for(Use.CAPITAL), bought)


def hold(job: Job, payments: Iterable[Payment], bought: Bought, moved: Moved) -> Held:
    """The plan of a job's options held in its case, without what cannot be paid of it: `payments`
    are who pays for it, `bought` the most that is bought for stock, `moved` what stock buys,
    gives out or is paid exactly where that is given."""
    plan = job.options.plan or ()
    bare = committed(job.instance, plan)
    payable = payable_part(job.instance, bare, plan, payments, job.control)
    options = dataclasses.replace(
        job.options, plan=payable.commitments, improve=False, purchases=None, near=None
    )
    return Held(
        job.of(committed(job.instance, payable.commitments), options), payable, bought, moved
    )
