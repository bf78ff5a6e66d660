"""Prints the oldest allowed release of every library of opt and of its tests, one pin a line."""

from __future__ import annotations

import tomllib
from pathlib import Path

from packaging.requirements import Requirement


def floor(line: str) -> str:
    """`name==version` with the lower bound of a requirement; a StopIteration where it has none."""
    requirement = Requirement(line)
    lowest = next(s.version for s in requirement.specifier if s.operator == ">=")
    return f"{requirement.name}=={lowest}"


if __name__ == "__main__":
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    for line in [*project["dependencies"], *project["optional-dependencies"]["test"]]:
        print(floor(line))  # noqa: T201  the pins are what this is for
