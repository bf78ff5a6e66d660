"""Several workbooks as one: what unites, what gets a prefix, what is refused and where."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import Any

import pytest

from opt.api import load, merge, solve
from opt.data.convert import convert
from opt.data.merge import merge as merge_workbooks
from opt.data.reading.grids import grids_of
from opt.data.reading.workbook import read_raw
from opt.errors import InputError

INPUTS = Path(__file__).parents[2] / "inputs"
EXACT = {"gap": 0, "cost_gap": 0, "weights": "equal"}
SHARE = 2e-6  # to which two solves of one value agree
# What the shipped pot adds to its parts: weights, what is known of them, and other ways to count.
POT = {
    "ranges": {("minerals", name) for name in ("rare earths", "gallium", "graphite", "tungsten")},
    "sources": {
        (name,)
        for name in (
            "usgs-gallium-loss-2024",
            "usgs-lcm-2025",
            "usgs-lcm-order-2025",
            "usgs-lcm-press-2025",
        )
    },
    "variants": {("weights_equal", "settings"), ("weights_tonnes", "settings")},
}
KEYS = {"ranges": ("sheet", "row"), "sources": ("source",), "variants": ("variant", "sheet")}


def changed(folder: Path, name: str, **sheets: list[tuple[str, str]]) -> Path:
    """A copy of the small case, the text of some sheets changed."""
    copy = shutil.copytree(INPUTS / "small", folder / name)
    for sheet, changes in sheets.items():
        file = copy / f"{sheet}.csv"
        text = file.read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text, (sheet, old)
            text = text.replace(old, new)
        file.write_text(text, encoding="utf-8", newline="")
    return copy


def other_metal(folder: Path, **sheets: list[tuple[str, str]]) -> Path:
    """The small case again, of another mineral."""
    return changed(folder, "other", commodities=[("demo metal", "other metal")], **sheets)


OWN_FUNDS = {
    "programmes": [("ore_fund", "ore_fund_2"), ("industry_fund", "industry_fund_2")],
    "eligibility": [("ore_fund", "ore_fund_2"), ("industry_fund", "industry_fund_2")],
}


def rows(folder: Path, sheet: str) -> list[dict[str, str]]:
    with (folder / f"{sheet}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def issues(sources: list[Path], target: Path, settings: dict[str, Any] | None = None) -> list[str]:
    with pytest.raises(InputError) as caught:
        merge_workbooks(sources, target, settings)
    assert not target.exists()
    return [str(issue) for issue in caught.value.issues]


@pytest.mark.parametrize("name", ["small", "gallium", "ree_magnets"])
def test_merged_from_one_it_is_that_one(tmp_path: Path, name: str) -> None:
    merge_workbooks([INPUTS / f"{name}.xlsx"], tmp_path / "same")
    convert(INPUTS / f"{name}.xlsx", tmp_path / "plain")
    for file in (tmp_path / "plain").glob("*.csv"):
        text = (tmp_path / "same" / file.name).read_text(encoding="utf-8")
        assert text == file.read_text(encoding="utf-8"), file.name


def test_as_xlsx_and_as_folder_it_is_the_same(tmp_path: Path) -> None:
    sources = [INPUTS / "small", other_metal(tmp_path, **OWN_FUNDS)]
    merge_workbooks(sources, tmp_path / "both.xlsx")
    merge_workbooks(sources, tmp_path / "both")
    one, other = (grids_of(read_raw(tmp_path / name)) for name in ("both.xlsx", "both"))
    assert one == other


def test_ids_that_meet_get_the_prefix_of_their_mineral(tmp_path: Path) -> None:
    sources = [INPUTS / "small", other_metal(tmp_path, **OWN_FUNDS)]
    merge_workbooks(sources, tmp_path / "both")
    own = [row["project"] for row in rows(INPUTS / "small", "projects")]
    now = [row["project"] for row in rows(tmp_path / "both", "projects")]
    assert now == [f"{m}_{p}" for m in ("demo_metal", "other_metal") for p in own]
    used = {row["commodity"] for row in rows(tmp_path / "both", "recipes")}
    assert used == {row["commodity"] for row in rows(tmp_path / "both", "commodities")}
    assert len(used) == 6
    regions = [row["region"] for row in rows(tmp_path / "both", "regions")]
    assert regions == ["Home", "Partner", "Rival"]


def test_with_separate_money_each_part_keeps_its_own_value(tmp_path: Path) -> None:
    """Funds, private capital and scenarios of one part do not reach the other."""
    less = {**OWN_FUNDS, "programmes": [*OWN_FUNDS["programmes"], ("grant,150", "grant,60")]}
    sources = [INPUTS / "small", other_metal(tmp_path, **less)]
    alone = [solve(load(path, EXACT)) for path in sources]
    assert abs(alone[0].metrics.dependence - alone[1].metrics.dependence) > 0.01
    both = solve(load(merge(sources, tmp_path / "both").tables.path, EXACT))
    found = {row.mineral: row for row in both.minerals}
    for run, name in zip(alone, ("demo metal", "other metal"), strict=True):
        own = found[name]
        assert own.dependence == pytest.approx(run.metrics.dependence, abs=SHARE)
        assert own.baseline_dependence == pytest.approx(run.baseline.dependence, abs=SHARE)
        assert own.capex_musd == pytest.approx(run.metrics.capex_musd, rel=1e-6)
    costs = [run.metrics.cost_musd for run in alone]
    assert both.metrics.cost_musd == pytest.approx(sum(costs), rel=1e-5)


def test_shared_money_is_never_worse_than_a_fixed_split(tmp_path: Path) -> None:
    merge([INPUTS / "small", other_metal(tmp_path)], tmp_path / "both")
    shared = solve(load(tmp_path / "both", EXACT)).metrics.dependence
    means = []
    for part in (0.0, 0.4, 1.0):
        halves = []
        for share in (part, 1.0 - part):
            split = [("commit_from", "commit_from,share"), (",50,2027,", f",50,2027,{share},")]
            split += [(",150,,", f",150,,{share},")]
            path = changed(tmp_path / f"{part}_{share}", "half", programmes=split)
            halves.append(solve(load(path, EXACT)).metrics.dependence)
        means.append(sum(halves) / 2)
    assert shared <= min(means) + SHARE
    assert max(means) > min(means) + 0.01


def test_order_and_names_do_not_matter(tmp_path: Path) -> None:
    sources = [INPUTS / "small", other_metal(tmp_path)]
    values = []
    for number, order in enumerate((sources, sources[::-1])):
        merge(order, tmp_path / f"both{number}")
        run = solve(load(tmp_path / f"both{number}", EXACT))
        values.append((run.metrics.dependence, run.metrics.cost_musd))
    assert values[0] == pytest.approx(values[1], rel=1e-6)


def test_programmes_unite_with_their_whole_amount(tmp_path: Path) -> None:
    shares = [("commit_from", "commit_from,share"), (",50,2027,", ",50,2027,0.3,")]
    one = changed(tmp_path, "one", programmes=[*shares, (",150,,", ",150,,,")])
    merge_workbooks([one, other_metal(tmp_path)], tmp_path / "both")
    united = {row["programme"]: row for row in rows(tmp_path / "both", "programmes")}
    assert {name: float(row["amount"]) for name, row in united.items()} == {
        "ore_fund": 50,
        "industry_fund": 150,
    }
    assert all(not row.get("share") for row in united.values())


def test_what_differs_is_refused_by_workbook_and_cell(tmp_path: Path) -> None:
    other = other_metal(
        tmp_path,
        programmes=[("grant,50", "grant,70")],
        regions=[("Partner,other", "Partner,ally")],
        settings=[("discount_rate,0", "discount_rate,0.05"), ("last_year,2031", "last_year,2030")],
        sources=[("Invented", "Other")] if "Invented" in _text("sources") else [],
    )
    found = issues([INPUTS / "small", other], tmp_path / "both")
    told = "\n".join(found)
    assert "[other]programmes!E2: amount of 'ore_fund' is 70 here, and 50 in [small]" in told
    assert "[other]regions!C3: bloc of 'Partner' is 'ally' here, and 'other' in [small]" in told
    assert "Say which holds of all: --set discount_rate=VALUE." in told
    assert "All workbooks must have the same years" in told
    asked = issues([INPUTS / "small", other], tmp_path / "both", {"discount_rate": 0.05})
    assert len(asked) == len(found) - 1


def _text(sheet: str) -> str:
    return (INPUTS / "small" / f"{sheet}.csv").read_text(encoding="utf-8")


def test_a_public_share_that_differs_stands_with_each_project(tmp_path: Path) -> None:
    other = other_metal(tmp_path, settings=[("public_share,1", "public_share,0.5")], **OWN_FUNDS)
    merge_workbooks([INPUTS / "small", other], tmp_path / "both")
    shares = [float(row["public_share"]) for row in rows(tmp_path / "both", "projects")]
    assert shares == [1.0] * 6 + [0.5] * 6
    assert "public_share" not in {row["key"] for row in rows(tmp_path / "both", "settings")}


def test_rules_of_a_programme_that_would_reach_further_are_refused(tmp_path: Path) -> None:
    """One workbook never lets the fund pay in Home: the other's plants there would lose it."""
    line = "industry_fund,region,Home,never"
    width = _text("eligibility").splitlines()[0].count(",") - 3
    never = changed(
        tmp_path,
        "never",
        eligibility=[(_text("eligibility"), _text("eligibility") + line + "," * width + "\n")],
    )
    found = issues([other_metal(tmp_path), never], tmp_path / "both")
    assert any("'industry_fund' may not pay for the same here" in text for text in found)


def test_one_country_under_two_names_is_asked_about(tmp_path: Path) -> None:
    japan = [("Partner", "Japan")]
    files = {
        sheet: japan for sheet in ("regions", "facilities", "projects") if "Partner" in _text(sheet)
    }
    one = changed(tmp_path, "one", **files)
    files = {sheet: [("Partner", "JPN")] for sheet in files}
    other = other_metal(tmp_path, **files)
    found = issues([one, other], tmp_path / "both")
    assert any("'JPN' is the country that 'Japan' is in [one]regions!A3" in text for text in found)


def test_horizons_must_be_the_same_whatever_is_set(tmp_path: Path) -> None:
    other = other_metal(tmp_path, settings=[("last_year,2031", "last_year,2030")])
    told = issues([INPUTS / "small", other], tmp_path / "whole", {"last_year": 2031, "title": "B"})
    assert any("last_year" in text for text in told)


def test_a_number_that_is_given_stands_as_a_number_in_the_workbook(tmp_path: Path) -> None:
    """Read from the file itself: as text the check would refuse it."""
    other = other_metal(tmp_path, settings=[("discount_rate,0", "discount_rate,0.1")])
    asked = {"discount_rate": 0.05, "title": "Both"}
    merge_workbooks([INPUTS / "small", other], tmp_path / "whole.xlsx", asked)
    assert load(tmp_path / "whole.xlsx").settings.discount_rate == 0.05


@pytest.mark.slow
def test_the_shipped_pot_is_its_parts_under_one_pot(tmp_path: Path) -> None:
    """Every row of the four cases as they are merged today, and no other but those of POT."""
    pot, again = INPUTS / "vault", tmp_path / "again"
    parts = [INPUTS / name for name in ("ree_magnets", "gallium", "graphite", "tungsten")]
    given = {row["key"]: row["value"] for row in rows(pot, "settings")}
    names = ("title", "data_date", "calibrate_from", "losing_plants", "cost_gap", "time_limit")
    merge_workbooks(parts, again, {name: given[name] for name in names})
    own = {"settings.csv", "minerals.csv", "datapackage.json"}
    sheets = {file.name for file in pot.iterdir()} - own
    assert sheets == {file.name for file in again.iterdir()} - own
    for sheet in sorted(name.removesuffix(".csv") for name in sheets):
        merged, shipped = (
            {tuple(sorted(row.items())) for row in rows(folder, sheet)} for folder in (again, pot)
        )
        assert not merged - shipped, sheet
        added = [dict(row) for row in shipped - merged]
        keys = {tuple(row[key] for key in KEYS[sheet]) for row in added}
        assert keys == POT.get(sheet, set()), sheet
    merged, shipped = (
        {row["key"]: row["value"] for row in rows(folder, "settings")} for folder in (again, pot)
    )
    assert shipped == merged | {"weights": "minerals"}
