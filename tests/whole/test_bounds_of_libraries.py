"""Every library is bounded on both sides, and the lock and the README keep to the bounds."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
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


# An independent list of what may be shipped beside a programme under the MIT licence.
PERMISSIVE = ("MIT", "BSD", "Apache", "PSF", "Python Software Foundation", "Zlib", "CC0")


def canonical(name: str) -> str:
    """A library's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def pinned_here() -> dict[str, str]:
    """The pins of the lock but those for other systems and later Pythons, of which another pin of
    the same library stands for this list."""
    lines = re.findall(r"^([a-z0-9-]+)==([^ ;]+) *(?:; *([^\\\n]+))?", LOCK, re.MULTILINE)
    on = {"python_full_version": "3.11.0", "python_version": "3.11"}
    kept = ((name, v) for name, v, marker in lines if not marker or Marker(marker).evaluate(on))
    return dict(kept)


def test_the_bill_of_materials_is_the_lock() -> None:
    listed = json.loads((ROOT / "docs" / "sbom.json").read_text(encoding="utf-8"))["components"]
    assert {canonical(c["name"]): c["version"] for c in listed} == pinned_here()


def test_every_library_is_under_a_permissive_licence() -> None:
    page = (ROOT / "docs" / "third_party.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\S+) \| (\d\S*) \| (.+) \|$", page, re.MULTILINE)
    assert {canonical(name): version for name, version, _ in rows} == pinned_here()
    for name, _, licence in rows:
        assert any(word in licence for word in PERMISSIVE), (name, licence)
        assert "GPL" not in licence, (name, licence)
