"""The plan: what is committed and when, what it makes and how much of it can run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Annotated

from opt.fixed import FixedCommitment, FixedPurchase
from opt.record.columns import COUNT, MUSD, YEAR, Col, key_values
from opt.record.table import Table

HELD_STOCK, CUT_STOCK, FREE_STOCK = "held", "cut", "free"

PROJECT = Col("Project")
COMMITTED = Col("Year of commitment", YEAR)
UNITS_COMMITTED = Col("Units committed", COUNT)
SIZE = Col("Capacity committed of a scalable project; blank where not scalable", "units/yr")
FIRST = Col("First year of operation", YEAR)
CAPEX = Col("Capital cost", MUSD)


@dataclass(frozen=True, slots=True)
class Commitment:
    """Units of one project committed in one year; `size` is the capacity of a scalable one."""

    project: Annotated[str, PROJECT]
    year: Annotated[int, COMMITTED]
    units: Annotated[int, UNITS_COMMITTED]
    size: Annotated[float | None, SIZE]
    first_operation: Annotated[int, FIRST]
    capex_musd: Annotated[float, CAPEX]


COMMITMENTS = Table(
    "commitments",
    "Commitments",
    "What is committed, and when.",
    Commitment,
    lambda run: run.solution.commitments,
)


def as_given(commitments: Iterable[Commitment]) -> tuple[FixedCommitment, ...]:
    """Commitments as a plan that may be given."""
    return tuple(FixedCommitment(c.project, c.year, c.units, c.size) for c in commitments)


def plan_rows(name: str, commitments: Iterable[Commitment]) -> str:
    """Commitments as CSV rows of sheet plans under the name of a plan, header first."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(("plan", "project", "year", "units", "size"))
    lines.writerows((name, c.project, c.year, c.units, c.size) for c in commitments)
    return text.getvalue().rstrip("\n")


@dataclass(frozen=True, slots=True)
class BuildYear:
    """The share of a commitment's capacity that can run in one year: ramp x availability x shocks
    of the scenario. `committed` is the year of commitment; years in which it is not open are left
    out."""

    project: str
    committed: int
    year: int
    usable: float


@dataclass(frozen=True, slots=True)
class BuiltProject:
    """One commitment with what it is called and who pays. Money in USD million.

    `capacity` is nameplate, all units together, as the workbook measures it (None: it has none);
    `products` what it makes at full capacity, by commodity; `usable` the share of the capacity that
    can run, by year in which the plant is open; `paid_by` the public money by programme.
    """

    project: Annotated[str, PROJECT]
    name: Annotated[str, Col("Name")]
    site: Annotated[str, Col("Place", is_key=False)]
    region: Annotated[str, Col("Country or region")]
    stage: Annotated[str, Col("Stage of the chain")]
    year: Annotated[int, COMMITTED]
    units: Annotated[int, UNITS_COMMITTED]
    size: Annotated[float | None, SIZE]
    capacity: float | None
    products: Mapping[str, float]
    usable: Mapping[int, float]
    first_operation: Annotated[int, FIRST]
    capex_musd: Annotated[float, CAPEX]
    public_musd: Annotated[float, Col("Public money", MUSD)]
    private_musd: Annotated[float, Col("Private money", MUSD)]
    paid_by: Annotated[Mapping[str, float], Col("Public money by programme, USD million")]


PROJECTS = Table(
    "projects",
    "The plan",
    "Each commitment with who pays for it.",
    BuiltProject,
    lambda run: run.projects,
)


@dataclass(frozen=True, slots=True)
class PlanUsed:
    """A plan given from outside: only evaluated, or with `improve` the plan to beat.

    `stock` is held where the plan's purchases for stock stay as they are, cut where they stay as
    far as material and money of the scenario allow, free where what is bought is free. `purchases`
    are those that stay.
    """

    name: str
    improve: bool
    commitments: tuple[FixedCommitment, ...]
    stock: str = FREE_STOCK
    purchases: tuple[FixedPurchase, ...] = field(default=())

    def told(self) -> dict[str, object]:
        """The plan as run.json has it."""
        return key_values(self)


@dataclass(frozen=True, slots=True)
class NearUsed:
    """A plan that was stayed near: what it is called, at most how many changes from it there may
    be, and its commitments."""

    name: str
    changes: int
    commitments: tuple[FixedCommitment, ...]

    def told(self) -> dict[str, object]:
        """The plan as run.json has it."""
        return key_values(self)
