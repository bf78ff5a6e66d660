"""The worked by-product of docs/workbook.md, solved as it stands there; and operating cost of which
a chain carries a part, by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from builders import chain, plant, project, solved

from opt import api

PAGE = Path(__file__).parents[2] / "docs" / "workbook.md"
SHEET = re.compile(r"`(\w+)\.csv`[^`]*\n```\n(.*?)```", re.DOTALL)


def recipe(folder: Path, **changes: tuple[str, str]) -> Path:
    """The sheets of the page as a folder of CSV files, with text of some of them changed."""
    text = PAGE.read_text(encoding="utf-8").split("## A by-product, worked")[1].split("\n## ")[0]
    folder.mkdir()
    for name, table in SHEET.findall(text):
        old, new = changes.get(name, ("", ""))
        assert old in table
        (folder / f"{name}.csv").write_text(table.replace(old, new), encoding="utf-8")
    return folder


def test_the_recipe_is_sound(tmp_path: Path) -> None:
    assert api.load(recipe(tmp_path / "case")).tables.warnings == ()


def test_the_recipe_comes_to_what_the_page_says(tmp_path: Path) -> None:
    run = api.solve(api.load(recipe(tmp_path / "case"), {"gap": 0, "cost_gap": 0}))
    assert (run.baseline.dependence, run.metrics.dependence) == (1, pytest.approx(0, abs=1e-8))
    assert run.metrics.cost_musd == pytest.approx(81.4)
    # The refineries make 90% of what they could, and 27.5 t of the 90 t in liquor are left.
    made = {(e.plant, e.year): e.activity for e in run.solution.allied.activities}
    assert made["a_refinery", 2030] == pytest.approx(900_000)
    # Left over as clear or, as exposed, for others who leave it: the optimum says no more of it.
    left = sum(
        e.surplus + e.downgraded
        for e in run.solution.allied.leftovers
        if (e.region, e.commodity, e.year) == ("Aland", "liquor", 2030)
    )
    assert left == pytest.approx(90 - 50 * 1.25)


@pytest.mark.parametrize(("share", "cost"), [("1", 3289), ("0", 49)])
def test_the_part_that_is_carried_decides_the_cost(tmp_path: Path, share: str, cost: float) -> None:
    path = recipe(tmp_path / "case", facilities=("300,0.01,", f"300,{share},"))
    run = api.solve(api.load(path, {"gap": 0, "cost_gap": 0}))
    assert run.metrics.cost_musd == pytest.approx(cost)


def test_running_and_fixed_cost_are_carried_in_part(tmp_path: Path) -> None:
    # P makes all 100 a year from 2030 on: 100 x 0.2 + 5 a year, a quarter of it, and 10 to build.
    # The old smelter, which rests, costs 8 a year, half of it; ore is free.
    rows = [project("P", "smelt", 100, 10, opex=2e5, fixed_opex=5, opex_share=0.25)]
    facilities = [
        *chain()["facilities"],
        plant("old", "X", "smelt", 9, fixed_opex=8, opex_share=0.5),
    ]
    run = solved(tmp_path, chain(projects=rows, facilities=facilities))
    assert run.metrics.cost_musd == pytest.approx(10 + 4 * (25 / 4 + 4))
    assert run.metrics.cost_parts["opex"] == pytest.approx(4 * 20 / 4)
    assert run.metrics.cost_parts["fixed_opex"] == pytest.approx(4 * (5 / 4 + 4))


def test_what_lacks_at_market_prices_is_what_is_carried(tmp_path: Path) -> None:
    # A tonne costs 6 to make and earns 5: of 6 the chain carries half, and nothing lacks.
    base = chain({"losing_plants": "need_support"})
    base["prices"] = [
        {"commodity": c, "market": "*", "2030": price, "2033": price}
        for c, price in (("ore", 0), ("metal", 5))
    ]
    for share, dependence in ((1, 1), (0.5, 0)):
        own = plant("own", "W", "smelt", 100, opex=6, opex_share=share)
        run = solved(tmp_path, base | {"facilities": [*chain()["facilities"], own]})
        assert run.metrics.dependence == pytest.approx(dependence, abs=1e-8)


def test_residues_of_other_chains_come_from_nothing(tmp_path: Path) -> None:
    base = chain()
    base["processes"][0]["stage"] = "Feed"
    run = solved(tmp_path, base)
    assert run.metrics.shortfall == 0
