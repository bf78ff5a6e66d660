"""The chain by stage: what it can make, what is exposed, where it is touched, who makes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from opt.record.columns import SHARE, UNITS, YEAR, Col
from opt.record.table import Table

STAGE = Col("Stage of the chain")


@dataclass(frozen=True, slots=True)
class CapacityYear:
    """What a plant could make and made in one year, in `unit` a year.

    `kind` is 'facility' for one that exists and 'project' for one that the plan builds or that
    comes without new money.
    """

    plant: Annotated[str, Col("Facility or project")]
    kind: Annotated[str, Col("facility or project")]
    region: Annotated[str, Col("Region")]
    stage: Annotated[str, STAGE]
    year: Annotated[int, Col("Year", YEAR)]
    capacity: Annotated[float, Col("Could make", UNITS)]
    used: Annotated[float, Col("Made", UNITS)]
    unit: Annotated[str, Col("Unit")]


CAPACITY = Table(
    "capacity",
    "Capacity and use",
    "What each plant could make and what it made.",
    CapacityYear,
    lambda run: run.capacity,
)


@dataclass(frozen=True, slots=True)
class StageYear:
    """How much of what allied plants and users take in at one stage is clear and exposed in a year.

    `exposed_share` is exposed / (clear + exposed); `baseline_exposed_share` is the same without
    new projects.
    """

    stage: Annotated[str, STAGE]
    year: Annotated[int, Col("Year", YEAR)]
    clear: Annotated[float, Col("Clear", UNITS)]
    exposed: Annotated[float, Col("Exposed", UNITS)]
    exposed_share: Annotated[float, Col("Exposed share", SHARE)]
    baseline_exposed_share: Annotated[float, Col("Exposed share without new money", SHARE)]


STAGES = Table(
    "stages",
    "Exposure by stage and year",
    "What allied plants and users take in at each stage, clear and exposed.",
    StageYear,
    lambda run: run.stages,
)


@dataclass(frozen=True, slots=True)
class TouchYear:
    """Share of weighted allied demand whose exposed supply first touched the covered bloc at one
    stage, with the plan and without new money."""

    stage: Annotated[str, STAGE]
    year: Annotated[int, Col("Year", YEAR)]
    share: Annotated[float, Col("Share of weighted allied demand", SHARE)]
    baseline_share: Annotated[float, Col("The same without new money", SHARE)]


TOUCH = Table(
    "touch",
    "First touch of the covered bloc",
    "At which stage exposed supply was first worked in the covered bloc or under its control.",
    TouchYear,
    lambda run: run.touch,
)


@dataclass(frozen=True, slots=True)
class WorldShare:
    """Output of one stage in one region and year, by content, its share of the world's, and the
    Herfindahl-Hirschman index of the stage (10,000: one region makes all)."""

    stage: Annotated[str, Col("Stage of the process")]
    region: Annotated[str, Col("Region")]
    bloc: Annotated[str, Col("Bloc")]
    year: Annotated[int, Col("Year", YEAR)]
    output: Annotated[float, Col("Made, by content of the elements that demand holds", UNITS)]
    share: Annotated[float, Col("Share of the world's", SHARE)]
    hhi: Annotated[float, Col("Concentration of the stage (Herfindahl-Hirschman)", "0-10,000")]


WORLD = Table(
    "world",
    "World output by stage",
    "Who makes what, everybody served, and how concentrated it is.",
    WorldShare,
    lambda run: run.world,
)
