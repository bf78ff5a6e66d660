"""What a given plan can still buy for stock in a scenario that leaves less material or money."""

from __future__ import annotations

import dataclasses

from opt.fixed import FixedPurchase
from opt.record.flows import CLEAR, EXPOSED
from opt.solver.stage import Job, open_stage

# Purchases smaller than this share of the largest weigh no more than it.
SMALL = 1e-3


def possible_purchases(job: Job) -> tuple[FixedPurchase, ...] | None:
    """The most of a plan's purchases that its commitments leave room for, each at most as given:
    the largest sum of their shares. None where no plan obeys every rule even without purchases.

    One linear programme, but for tickets; it heeds no limit.
    """
    given = {(p.stockpile, p.origin, p.year): p for p in job.options.purchases or ()}
    largest = max((p.bought for p in given.values()), default=0.0)
    free = dataclasses.replace(job.options, purchases=None)
    stage = open_stage(job.of(job.instance, free), (CLEAR, EXPOSED))
    model = stage.model
    masses = {s: model.scale.of(own).mass for s, own in model.data.stockpiles.items()}
    lost = 0.0
    for key in model.index.BUY:
        most, mass = given[key].bought if key in given else 0.0, masses[key[0]]
        stage.solver.set_upper([model.buy[key]], most / mass)
        if most > 0:
            lost = lost - model.buy[key] * (mass / max(most, SMALL * largest))
    answer = stage.solver.minimise(lost, obey=False)
    if answer.point is None:
        return None
    values = {
        key: float(answer.point[stage.solver.column_of(model.buy[key])]) * masses[key[0]]
        for key in model.index.BUY
        if key in given
    }
    return tuple(
        dataclasses.replace(p, bought=max(0.0, min(p.bought, values.get(key, 0.0))))
        for key, p in given.items()
    )
