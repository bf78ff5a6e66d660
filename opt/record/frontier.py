"""The front of money and dependence: what less and more of something can reach, proven."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from opt.record.columns import COUNT, MUSD, SHARE, YEAR, Col, key_values
from opt.record.shown import Shown

VARIED = "USD million; of pace times what the workbook has"


@dataclass(frozen=True, slots=True)
class PlantBuilt:
    """Units of a project that a plan of the front commits in a year."""

    project: Annotated[str, Col("Project")]
    year: Annotated[int, Col("Year of commitment", YEAR)]
    units: Annotated[int, Col("Units committed", COUNT)]


@dataclass(frozen=True, slots=True)
class FrontPoint:
    """A plan that no plan with less of what is varied beats. `bound` is proven with as much of it
    as the point needs: -inf where nothing is."""

    amount: Annotated[float, Col("What the plan needs of what is varied", VARIED)]
    public_musd: Annotated[float, Col("Public money", MUSD)]
    capex_musd: Annotated[float, Col("Capital cost", MUSD)]
    dependence: Annotated[float, Col("Dependence over the counted years", SHARE)]
    bound: Annotated[float, Col("No plan with as much can beat", SHARE, blank=-math.inf)]
    plants: Annotated[int, Col("Projects committed", COUNT)]
    projects: tuple[PlantBuilt, ...]


@dataclass(frozen=True, slots=True)
class FrontMineral:
    """What a point of the front comes to for one mineral, in a workbook of several."""

    amount: Annotated[float, Col("What the plan needs of what is varied", VARIED)]
    mineral: Annotated[str, Col("Mineral; several of what makes several")]
    dependence: Annotated[float | None, Col("Exposed or short; blank: no ally asks for it", SHARE)]
    public_musd: Annotated[float, Col("Public money for it", MUSD)]
    plants: Annotated[int, Col("Projects committed", COUNT)]


@dataclass(frozen=True, slots=True)
class FrontStep:
    """More of one thing alone. The fall of dependence is at least `fall_low`, since no plan
    without the step beats the bound there, and at most `fall_high`."""

    subject: Annotated[str, Col("programmes or limits")]
    name: Annotated[str, Col("The programme, or the limit on starts")]
    more: Annotated[float, Col("How much more of it", "USD million, or starts a year")]
    dependence: Annotated[float, Col("Dependence with it", SHARE, blank=math.inf)]
    bound: Annotated[float, Col("No plan with it can beat", SHARE, blank=-math.inf)]
    fall_low: Annotated[float, Col("Fall of dependence, at least", SHARE)]
    fall_high: Annotated[float, Col("Fall of dependence, at most", SHARE, blank=math.inf)]


@dataclass(frozen=True, slots=True)
class Knee:
    """The point of the front that is furthest from the line between its ends: so much of what is
    varied, from the least on, buys so much of the whole fall of dependence; all the rest buys what
    is left, a share of allied demand."""

    amount: Annotated[float, Col("From the least to the knee", VARIED)]
    fall_share: Annotated[float, Col("Part of the whole fall that it buys", SHARE)]
    rest: Annotated[float, Col("From the knee to the most that helps", VARIED)]
    rest_fall: Annotated[float, Col("Fall of dependence that the rest buys", SHARE)]


@dataclass(frozen=True, slots=True)
class OpenGap:
    """The widest part of the front that is not proven: with more than `low` and at most `high` of
    what is varied, dependence could be as low as `bound` (-inf: nothing is proven), where `known`
    is reached (inf: no plan is known)."""

    low: Annotated[float, Col("More than", VARIED)]
    high: Annotated[float, Col("At most", VARIED)]
    known: Annotated[float, Col("Dependence that is reached", SHARE, blank=math.inf)]
    bound: Annotated[float, Col("Dependence that no plan can beat", SHARE, blank=-math.inf)]


@dataclass(frozen=True, slots=True)
class Frontier(Shown):
    """What is known of the front: its points from the least of what is varied on, the next step of
    each programme and limit, its knee (None where there are fewer than three points), and the
    widest part that is not proven, None where all of it is. `of` is what is varied; `not_known`
    says what was not answered, and why; `minerals` how each point falls on minerals, empty where
    the workbook has one."""

    of: str
    scenario: str | None
    points: tuple[FrontPoint, ...]
    steps: tuple[FrontStep, ...]
    knee: Knee | None
    widest: OpenGap | None
    not_known: tuple[str, ...] = ()
    minerals: tuple[FrontMineral, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every question was answered."""
        return not self.not_known

    @property
    def proven(self) -> bool:
        """Whether between neighbours nothing better exists."""
        return self.widest is None and not self.not_known

    def document(self) -> Mapping[str, Any]:  # type: ignore[override]
        """All of it as plain data; `proven` is true, or the widest part that is not."""
        values = key_values(self)
        widest = values.pop("widest")
        return {**values, "proven": self.proven if widest is None else widest}

    @classmethod
    def fields_of(cls, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """The values of its fields: the widest part stands under `proven`."""
        values = dict(document)
        widest = values.pop("proven", None)
        return {**values, "widest": None if isinstance(widest, bool) else widest}


def knee_of(points: tuple[FrontPoint, ...]) -> Knee | None:
    """The knee of a front: the largest part of the fall less part of what is varied."""
    if len(points) < 3:
        return None
    first, last = points[0], points[-1]
    width, height = last.amount - first.amount, first.dependence - last.dependence
    if width <= 0 or height <= 0:
        return None

    def bought(point: FrontPoint) -> float:
        return (first.dependence - point.dependence) / height

    knee = max(points[1:-1], key=lambda p: bought(p) - (p.amount - first.amount) / width)
    return Knee(
        amount=knee.amount - first.amount,
        fall_share=bought(knee),
        rest=last.amount - knee.amount,
        rest_fall=knee.dependence - last.dependence,
    )
