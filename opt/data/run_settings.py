"""The settings of a run, typed: a field for each declared setting, in its order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from opt.data.tables import Value


@dataclass(frozen=True, slots=True)
class RunSettings:
    """What sheet settings and the command line ask for.

    Meaning, unit and default of a setting are those of its declaration in the schema; None is a
    blank that is not a value.
    """

    schema: int
    first_year: int
    last_year: int
    title: str | None
    price_year: int | None
    data_version: str | None
    data_date: str | None
    licence: str | None
    discount_rate: float
    dependence_from: int | None
    dependence_to: int | None
    dependence_target: float | None
    objective: str
    public_share: float
    losing_plants: str
    gap: float
    cost_gap: float
    time_limit: float
    threads: int
    seed: int
    calibrate_from: int | None

    @staticmethod
    def of(values: Mapping[str, Value]) -> RunSettings:
        """The settings that a checked workbook holds, each typed by its declaration on reading."""
        return RunSettings(**cast(Mapping[str, Any], values))
