"""Where the supply of allies still first touches the covered bloc: the stage and the element that
stand out, by year."""

from __future__ import annotations

from collections.abc import Iterator

from opt.record.explain import Bottleneck
from opt.record.run import Run

NOTHING = 2e-6  # a share below it is what passes leave


def bottlenecks(run: Run) -> tuple[Bottleneck, ...]:
    """Of each counted year in which anything is exposed the stage of the largest share of demand,
    in the flows of the run, and the element of the highest dependence; the first by name of
    several as high."""
    return tuple(_bottlenecks(run))


def _bottlenecks(run: Run) -> Iterator[Bottleneck]:
    for year in sorted(y.year for y in run.metrics.by_year if y.counted):
        stages = sorted((row.stage, row.share) for row in run.touch if row.year == year)
        elements = sorted((row.element, row.dependence) for row in run.elements if row.year == year)
        if not stages:
            continue
        stage, share = max(stages, key=lambda own: own[1])
        if share > NOTHING:
            most = max(elements, key=lambda own: own[1], default=("", 0.0))
            yield Bottleneck(year, stage, share, most[0])
