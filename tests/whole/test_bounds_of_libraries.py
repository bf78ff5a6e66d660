"""Every library is bounded on both sides, and the lock and the README keep to the bounds."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = [line for lines in PROJECT["optional-dependencies"].values() for line in lines]
LOCK = (ROOT / "docs" / "lock.txt").read_text(encoding="utf-8")


def pins() -> dict[str, str]:
    """Name to version of the lock."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", LOCK, re.MULTILINE))


@pytest.mark.parametrize("line", [*PROJECT["dependencies"], *EXTRAS])
def test_bounded_on_both_sides(line: str) -> None:
    operators = {s.operator for s in Requirement(line).specifier}
    assert operators == {">=", "<"}, line


@pytest.mark.parametrize("line", PROJECT["dependencies"])
def test_the_lock_keeps_to_the_bounds(line: str) -> None:
    requirement = Requirement(line)
    assert pins()[requirement.name.lower()] in requirement.specifier


def test_every_pin_has_its_hashes() -> None:
    blocks = re.split(r"^(?=[a-z0-9-]+==)", LOCK, flags=re.MULTILINE)[1:]
    assert len(blocks) >= len(PROJECT["dependencies"])
    for block in blocks:
        assert "--hash=sha256:" in block, block


def test_known_false_releases_of_the_solver_are_not_allowed() -> None:
    (line,) = [d for d in PROJECT["dependencies"] if d.startswith("highspy")]
    allowed = Requirement(line).specifier
    assert "1.14.0" not in allowed  # wrong on two models of a few rows
    assert "1.16.0" not in allowed  # wrong with a start and presolve
    assert {"1.15.0", "1.15.1"} <= {v for v in ("1.15.0", "1.15.1") if v in allowed}
