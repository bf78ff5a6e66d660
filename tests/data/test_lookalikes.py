"""Names that the eye cannot tell apart: one where Unicode says so, two and warned of where not."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from cases import Cells, Edit, add, patch, rename, setting, tiny_case
from test_reader import content

from opt.data.reader import read
from opt.data.words import look_of, looks_like, odd_letters
from opt.errors import InputError

DEMAND = {"2026": 2000, "2030": 3000, "2035": 4000}
SAO = "S\u00e3o"  # composed: one letter with its tilde


def renamed(case: Cells, old: str, new: str, also: str) -> None:
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


def test_a_label_has_one_spelling_the_first(tmp_path: Path) -> None:
    # Limits and filters match without case; results by stage or segment are to agree with them.
    tables = read(
        tiny_case(
            tmp_path,
            patch("processes", 2, "stage", "Separation"),
            patch("commodities", 3, "mineral", "Rare Earths"),
            patch("contents", 2, "element", "NDPR"),
            patch("plans", 2, "plan", "Announced"),
            add("demand", region="AUS", commodity="magnet", segment="VEHICLES", **DEMAND),
        )
    )
    for sheet, column, spelt in (
        ("processes", "stage", ["mining", "Separation", "magnet"]),
        ("commodities", "stage", ["mining", "Separation", "magnet"]),
        ("commodities", "mineral", ["rare earths"] * 3),
        ("contents", "element", ["NdPr"] * 3),
        ("plans", "plan", ["announced"] * 2),
        ("demand", "segment", ["vehicles"] * 2),
    ):
        assert [row[column] for row in tables.rows[sheet]] == spelt
    assert tables.warnings == ()


def test_one_demand_in_two_spellings_is_given_twice(tmp_path: Path) -> None:
    again = add("demand", region="JPN", commodity="magnet", segment="VEHICLES", **DEMAND)
    with pytest.raises(InputError) as caught:
        read(tiny_case(tmp_path, again))
    (issue,) = caught.value.issues
    assert issue.message == "'JPN / magnet / vehicles' is used twice (also A2)."


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
    [
        ("AUS", "\u0410US"),
        ("ore", "\uff4f\uff52\uff45"),
        ("T1", "\u03a41"),
        ("ab", "a\u200db"),
        ("vehicles", "vehi\u0441les"),  # the Cyrillic es
        ("JPN", "JP\u039d"),  # the capital of nu, whose small letter looks like a v
        ("v", "\u03bd"),
        ("quad", "\u051bu\u0430\u0501"),
        ("sin", "s\u0131n"),
        ("on", "\u0585\u0578"),  # Armenian
    ],
)
def test_looks(one: str, other: str) -> None:
    assert look_of(one) == look_of(other)
    assert looks_like(other, ["x", one]) == one
    assert odd_letters(other).startswith("U+")


def sheet_with_a_cyrillic_letter(case: Cells) -> None:
    case["d\u0435mand"] = case.pop("demand")


# A hint that repeats what is seen helps nobody.
LOOKS = (
    (rename("projects", "capacity", "\u0441apacity"), "It looks like 'capacity' but holds U+0441"),
    (patch("regions", 1, "bloc", "\u0430lly"), "It looks like 'ally' but holds U+0430"),
    (setting("g\u0430p", 0.01), "It looks like 'gap' but holds U+0430"),
    (patch("projects", 1, "decision", "fr\u0435e"), "It looks like 'free' but holds U+0435"),
    (sheet_with_a_cyrillic_letter, "It looks like 'demand' but holds U+0435"),
    (patch("eligibility", 2, "value", "m\u0430gnet"), "It looks like 'magnet' but holds U+0430"),
)


@pytest.mark.parametrize(("change", "hint"), LOOKS)
def test_a_word_of_the_workbook_that_only_looks_so(tmp_path: Path, change: Edit, hint: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tiny_case(tmp_path, change))
    assert caught.value.issues[0].hint == f"{hint}: type it."


@pytest.mark.parametrize(("one", "other"), [("mine_1", "mine_2"), ("sm", "pm"), ("A", "B")])
def test_different_names_look_different(one: str, other: str) -> None:
    assert looks_like(one, [other]) is None
    assert looks_like(one, [one.upper()]) is None  # ids are matched without case
