"""Workbooks put together: what each part says of itself holds in the whole."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from opt.api import load, solve
from opt.data.merge import merge
from opt.data.reader import read
from opt.data.reading.edits import edits
from opt.errors import InputError

SMALL = Path("inputs/small")
TITLE = {"title": "Both"}
MONEY = {"ore_fund": "ore_fund_2", "industry_fund": "industry_fund_2"}


def part(folder: Path, name: str, **words: str) -> Path:
    """The small case with some words in place of others, as a workbook of a name."""
    target = folder / name
    shutil.copytree(SMALL, target)
    for file in target.glob("*.csv"):
        text = file.read_text(encoding="utf-8")
        for old, new in words.items():
            text = text.replace(old.replace("__", " "), new)
        file.write_text(text, encoding="utf-8")
    return target


def dependence(path: Path, **settings: str) -> float:
    return solve(load(path, settings)).metrics.dependence


def whole(folder: Path, *parts: Path) -> Path:
    target = folder / "whole"
    merge(parts, target, TITLE)
    return target


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The small case, and it again as another mineral with money of its own, a third of it."""
    folder = tmp_path_factory.mktemp("twins")
    words = {"demo__metal": "twin metal", **MONEY, "grant,150": "grant,50"}
    return part(folder, "one"), part(folder, "two", **words)


def test_separate_money_gives_each_part_its_own_value(
    tmp_path: Path, twins: tuple[Path, Path]
) -> None:
    own = [dependence(path) for path in twins]
    assert own[0] < own[1]  # else the mean would say nothing
    found = dependence(whole(tmp_path, *twins), weights="equal")
    assert found == pytest.approx(sum(own) / 2, abs=2e-6)


def test_names_and_order_do_not_matter(tmp_path: Path, twins: tuple[Path, Path]) -> None:
    first = dependence(whole(tmp_path / "a", *twins), weights="equal")
    renamed = shutil.copytree(twins[1], tmp_path / "another")
    second = dependence(whole(tmp_path / "b", renamed, twins[0]), weights="equal")
    assert second == pytest.approx(first, abs=2e-6)


def test_shared_money_is_never_worse_than_a_split(tmp_path: Path) -> None:
    parts = part(tmp_path, "one"), part(tmp_path, "two", demo__metal="twin metal")
    shared = dependence(whole(tmp_path, *parts), weights="equal")
    for industry in (0, 50, 75, 100, 150):
        for ore in (0, 25, 50):
            split = [
                part(
                    tmp_path,
                    f"split_{industry}_{ore}_{n}",
                    **{"grant,150": f"grant,{i}", "grant,50": f"grant,{o}"},
                )
                for n, (i, o) in enumerate(((industry, ore), (150 - industry, 50 - ore)))
            ]
            assert shared <= sum(map(dependence, split)) / 2 + 2e-6


def test_one_workbook_merged_is_itself(tmp_path: Path) -> None:
    merge([SMALL], tmp_path / "again")
    before, after = read(SMALL), read(tmp_path / "again")
    assert not list(edits(before, after))


def test_ids_that_meet_get_the_name_of_their_part(tmp_path: Path, twins: tuple[Path, Path]) -> None:
    tables = read(whole(tmp_path, *twins))
    goods = {row.text("commodity") for row in tables.rows["commodities"]}
    assert goods == {
        f"{mineral}_{good}"
        for mineral in ("demo_metal", "twin_metal")
        for good in ("ore", "metal", "part")
    }
    assert len(tables.rows["regions"]) == 3
    assert {row.text("programme") for row in tables.rows["programmes"]} == {*MONEY, *MONEY.values()}
    assert {row.text("mineral") for row in tables.rows["private_capital"]} == {
        "demo metal",
        "twin metal",
    }


def test_what_differs_is_refused_by_cell(tmp_path: Path) -> None:
    parts = (
        part(tmp_path, "one"),
        part(tmp_path, "two", **{"grant,50": "grant,60"}),
    )
    with pytest.raises(InputError) as caught:
        merge(parts[:2], tmp_path / "whole", TITLE)
    told = [(i.sheet, i.cell, i.message) for i in caught.value.issues]
    message = "amount of 'ore_fund' is 60 here, and 50 in [one]programmes!E2."
    assert ("[two]programmes", "E2", message) in told


def test_one_country_under_two_names_is_asked_about(tmp_path: Path) -> None:
    """Japan is a name in one and the code of the standard in the other."""
    one = part(tmp_path, "one", Partner="Japan")
    other = part(tmp_path, "two", Partner="JPN", demo__metal="twin metal")
    with pytest.raises(InputError) as caught:
        merge([one, other], tmp_path / "whole", TITLE)
    told = "\n".join(issue.message for issue in caught.value.issues)
    assert "JPN" in told
    assert "Japan" in told


def test_horizons_must_be_the_same_whatever_is_set(tmp_path: Path) -> None:
    other = part(tmp_path, "two", **{"last_year,2031": "last_year,2030"})
    with pytest.raises(InputError, match="last_year"):
        merge([SMALL, other], tmp_path / "whole", {**TITLE, "last_year": "2031"})


def test_a_setting_that_differs_is_given(tmp_path: Path) -> None:
    other = part(tmp_path, "two", **{"discount_rate,0": "discount_rate,0.1", "demo__metal": "twin"})
    with pytest.raises(InputError, match="discount_rate"):
        merge([SMALL, other], tmp_path / "whole", TITLE)
    merge([SMALL, other], tmp_path / "whole.xlsx", {"discount_rate": 0.05})
    assert read(tmp_path / "whole.xlsx").settings["discount_rate"] == 0.05
