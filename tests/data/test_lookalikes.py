"""Names that the eye cannot tell apart: one where Unicode says so, two and warned of where not."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from cases import Case, add, patch, tiny_case
from test_reader import content

from opt.data.reader import read
from opt.data.reading.lookalikes import look_of, looks_like, odd_letters

SAO = "S\u00e3o"  # composed: one letter with its tilde


def renamed(case: Case, old: str, new: str, also: str) -> None:
    """Give a region another id in the sheet that defines it, and a spelling where it is named."""
    for name, table in case.items():
        for line in table[1:]:
            line[:] = [
                (new if name == "regions" else also) if cell == old else cell for cell in line
            ]


def test_accents_are_one_however_they_are_composed(tmp_path: Path) -> None:
    apart = unicodedata.normalize("NFD", SAO)
    assert apart != SAO
    one = read(tiny_case(tmp_path / "1", lambda case: renamed(case, "JPN", SAO, SAO)))
    two = read(tiny_case(tmp_path / "2", lambda case: renamed(case, "JPN", SAO, apart)))
    assert content(one) == content(two)
    assert two.warnings == ()


@pytest.mark.parametrize("mark", ["\u00ad", "\u200b", "\u200f", "\u202e", "\u2060", "\ufeff"])
def test_marks_that_nobody_sees_are_left_out_and_told(tmp_path: Path, mark: str) -> None:
    tables = read(tiny_case(tmp_path, patch("projects", 1, "region", f"AU{mark}S")))
    assert tables.rows["projects"][0]["region"] == "AUS"
    assert [str(warning) for warning in tables.warnings] == [
        "projects!C2: needless spaces or unseen marks in 1 cell were ignored (first C2)."
    ]


def test_two_ids_that_look_alike_are_warned_of(tmp_path: Path) -> None:
    cyrillic = "mining_fund".replace("i", "\u0456", 1)
    path = tiny_case(tmp_path, add("programmes", programme=cyrillic, amount=5))
    assert [str(warning) for warning in read(path).warnings] == [
        f"programmes!A4: '{cyrillic}' looks like 'mining_fund' of programmes!A2, but is another"
        " name (U+0456). Type both the same way if one is meant, else rename one."
    ]


def test_two_groups_that_look_alike_are_warned_of(tmp_path: Path) -> None:
    # Both projects could be built, though one of a group is meant.
    path = tiny_case(
        tmp_path, patch("projects", 1, "group", "A"), patch("projects", 2, "group", "\u0410")
    )
    (warning,) = read(path).warnings
    assert "looks like 'A'" in warning.message
    assert "U+0410" in warning.message


@pytest.mark.parametrize(
    ("one", "other"),
    [("AUS", "\u0410US"), ("ore", "\uff4f\uff52\uff45"), ("T1", "\u03a41"), ("ab", "a\u200db")],
)
def test_looks(one: str, other: str) -> None:
    assert look_of(one) == look_of(other)
    assert looks_like(other, ["x", one]) == one
    assert odd_letters(other).startswith("U+")


@pytest.mark.parametrize(("one", "other"), [("mine_1", "mine_2"), ("sm", "pm"), ("A", "B")])
def test_different_names_look_different(one: str, other: str) -> None:
    assert looks_like(one, [other]) is None
    assert looks_like(one, [one.upper()]) is None  # ids are matched without case
