"""Existing plants with a least use: what of it stands idle, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from opt.record.columns import UNITS, YEAR, Col
from opt.record.table import Table


@dataclass(frozen=True, slots=True)
class IdleYear:
    """A facility with a least use in one year, in the unit of its capacity.

    `least_use` is what it should run at least and `idle` what of it stands idle, everybody served;
    `allied_idle` the same where allies alone are served, which the cost pass counts at `idle_cost`
    (None: it always runs that much), and `baseline_idle` everybody served without new money.

    `lacks` says why it stands idle, of each of its processes: inputs of which no more can be had,
    outputs of which no more can be taken, support of a losing plant. Blank: some process lacks none
    of these, and other rules or its cost keep it from running.
    """

    facility: Annotated[str, Col("Facility")]
    year: Annotated[int, Col("Year", YEAR)]
    least_use: Annotated[float, Col("Should run at least", UNITS)]
    idle: Annotated[float, Col("Stands idle of it", UNITS)]
    allied_idle: Annotated[float, Col("The same where allies alone are served", UNITS)]
    baseline_idle: Annotated[float, Col("Stands idle without new money", UNITS)]
    idle_cost: Annotated[
        float | None, Col("Cost of an idle unit; blank: it always runs", "USD/unit")
    ]
    lacks: Annotated[str, Col("What lacks: inputs, demand, support; blank: none of these")]


IDLE = Table(
    "idle",
    "Least use of existing plants",
    "What of their least use stands idle, and which input or demand lacks.",
    IdleYear,
    lambda run: run.idle,
)
