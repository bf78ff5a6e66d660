"""Other lists of projects that come near the best plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from opt.record.columns import COUNT, MUSD, SHARE, YEAR, Col
from opt.record.projects import COMMITTED, PROJECT, UNITS_COMMITTED
from opt.record.shown import Shown

OF_FOUND = "over the lists found"


@dataclass(frozen=True, slots=True)
class Built:
    """Units of a project that a plan commits in a year."""

    project: Annotated[str, PROJECT]
    year: Annotated[int, COMMITTED]
    units: Annotated[int, UNITS_COMMITTED]


@dataclass(frozen=True, slots=True)
class Alternative:
    """A list of projects without a superfluous one: without any of them no plan of the others is
    near enough, but of `unsure` of them that is not known. Its plan is the one of least dependence
    that was found; no plan of these projects can beat `bound`."""

    number: Annotated[int, Col("Number, best first", COUNT)]
    dependence: Annotated[float, Col("Dependence of its plan", SHARE)]
    bound: Annotated[float, Col("No plan of these projects can beat", SHARE)]
    cost_musd: Annotated[float | None, Col("Discounted cost; blank: not worked out", MUSD)]
    capex_musd: Annotated[float, Col("Capital cost", MUSD)]
    public_musd: Annotated[float, Col("Public money", MUSD)]
    first_output: Annotated[int | None, Col("First output", YEAR)]
    unsure: Annotated[int, Col("Projects of it that it may not need", COUNT)]
    projects: tuple[Built, ...]

    @property
    def names(self) -> frozenset[str]:
        """What is on the list."""
        return frozenset(built.project for built in self.projects)


@dataclass(frozen=True, slots=True)
class Payer:
    """What one programme pays, least and most."""

    programme: Annotated[str, Col("Programme")]
    least_musd: Annotated[float, Col(f"Least that it pays {OF_FOUND}", MUSD)]
    most_musd: Annotated[float, Col(f"Most that it pays {OF_FOUND}", MUSD)]


@dataclass(frozen=True, slots=True)
class Served:
    """What of an ally's weighted demand of the counted years is served clear, least and most."""

    region: Annotated[str, Col("Ally")]
    least: Annotated[float, Col(f"Least share served clear {OF_FOUND}", SHARE)]
    most: Annotated[float, Col(f"Most share served clear {OF_FOUND}", SHARE)]


@dataclass(frozen=True, slots=True)
class Alternatives(Shown):
    """The lists of projects within a rise of dependence of `within` over the best plan known, whose
    dependence is `best`; shares of allied demand. `complete`: every plan within it builds at least
    one of these lists whole. `core` are the projects of every list, `borderline` those of some,
    `exterior` candidates of none, which are in no list that needs them; all three of the lists
    found. `most_different` are numbers of up to five lists that differ most. `not_known` says what
    was not answered, and why."""

    within: float
    best: float
    complete: bool
    plans: tuple[Alternative, ...]
    most_different: tuple[int, ...]
    core: tuple[str, ...]
    borderline: tuple[str, ...]
    exterior: tuple[str, ...]
    payers: tuple[Payer, ...]
    served: tuple[Served, ...]
    not_known: tuple[str, ...] = ()
