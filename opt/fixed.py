"""Plans given from outside: commitments, and what they buy for stock."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FixedCommitment:
    """A commitment given from outside: units in a year, and the size of a scalable project."""

    project: str
    year: int
    units: int
    size: float | None


@dataclass(frozen=True, slots=True)
class FixedPurchase:
    """A purchase for stock given from outside: units of one origin class bought in a year."""

    stockpile: str
    origin: str
    year: int
    bought: float
