"""Demand of which a part takes no clear material, on cases solved by hand.

The case is that of `builders.chain` with a clear smelter of 100 in W: it could make all that W
needs, 100 a year over 2030-2033, 400 in all. X can make it too, exposed.
"""

from __future__ import annotations

import dataclasses
import html
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from builders import Rows, assert_dependence, chain, folder_of, plant, project, solved

from opt import api
from opt.audit import audit_run
from opt.record.uptake import all_take, uptake_years

KEPT = 1e-8
YEARS = ("2030", "2031", "2032", "2033")


def case(*uptake: dict[str, Any], **sheets: Rows) -> dict[str, Rows]:
    """The chain with the clear smelter and rows of uptake."""
    base = chain()
    facilities = [*base["facilities"], plant("smelter_w", "W", "smelt", 100)]
    return base | {"facilities": facilities, "uptake": list(uptake)} | sheets


def shares(*limits: float | str, **cells: str) -> dict[str, Any]:
    """One row of uptake, shares from 2030 on."""
    return {"region": "", **cells, **dict(zip(YEARS, limits, strict=False))}


def test_no_more_is_clear_than_buyers_take(tmp_path: Path) -> None:
    # 0.6, 0.7, all and 0.9 of 100 a year: 80 of 400 stay exposed.
    run = solved(tmp_path, case(shares(0.6, 0.7, "", 0.9, region="w")))
    assert_dependence(run, (40 + 30 + 0 + 10) / 400)
    assert run.metrics.shortfall == pytest.approx(0, abs=KEPT)
    assert [e.dependence for e in run.metrics.by_year] == pytest.approx([0.4, 0.3, 0, 0.1])


def test_what_takes_no_clear_material_can_be_short(tmp_path: Path) -> None:
    # Nobody makes exposed metal: 40 of 100 a year are served by nobody.
    run = solved(
        tmp_path,
        case(shares(*[0.6] * 4), facilities=[plant("mine_w", "W", "dig", 1000), *_clear()]),
    )
    assert_dependence(run, 0.4)


def _clear() -> Rows:
    return [plant("smelter_w", "W", "smelt", 60)]


def test_of_several_rows_the_smallest_holds(tmp_path: Path) -> None:
    rows = (shares(*[0.9] * 4), shares(*[0.5] * 4, mineral="m"), shares(*[0.1] * 4, region="N"))
    assert_dependence(solved(tmp_path, case(*rows)), 0.5)


def test_a_segment_is_held_back_alone(tmp_path: Path) -> None:
    demand = [
        {"region": "W", "commodity": "metal", "segment": name, "2030": 50, "2033": 50}
        for name in ("cars", "defence")
    ]
    run = solved(tmp_path, case(shares(*[0.2] * 4, segment="Cars"), demand=demand))
    # 0.8 of half of the demand.
    assert_dependence(run, 0.4)


def test_clear_from_wins(tmp_path: Path) -> None:
    demand = [{"region": "W", "commodity": "metal", "2030": 100, "2033": 100, "clear_from": 2032}]
    run = solved(tmp_path, case(shares(*[0.2] * 4), demand=demand))
    assert_dependence(run, 160 / 400)
    loaded = api.load(folder_of(tmp_path, case(shares(*[0.2] * 4), demand=demand)))
    told = [str(warning) for warning in loaded.tables.warnings]
    assert [words for words in told if words.startswith("uptake")] == [
        "uptake!D2: the demand of demand!E2 takes clear material alone from 2032 on, which wins."
        " Leave the cells from that year on blank."
    ]


def test_an_embargo_leaves_buyers_no_choice(tmp_path: Path) -> None:
    scenarios: dict[str, Rows] = {
        "scenarios": [{"scenario": "embargo"}, {"scenario": "doubt"}],
        "shocks": [
            {"scenario": "embargo", "what": "uptake", "first_year": 2032, "factor": 10},
            {
                "scenario": "doubt",
                "what": "uptake",
                "field": "bloc",
                "value": "ally",
                "shift": -0.1,
            },
        ],
    }
    base = case(shares(*[0.5] * 4), **scenarios)
    assert_dependence(solved(tmp_path, base), 0.5)
    assert_dependence(solved(tmp_path, base, scenario="embargo"), 0.25)
    assert_dependence(solved(tmp_path, base, scenario="doubt"), 0.6)


def test_money_buys_nothing_that_nobody_takes(tmp_path: Path) -> None:
    # A second smelter could make what the first does not, but 0.6 is all that is taken.
    base = case(shares(*[0.6] * 4), projects=[project("P", "smelt", 40, 10)])
    base["facilities"][-1]["capacity"] = 60
    run = solved(tmp_path, base)
    assert run.solution.commitments == ()
    assert_dependence(run, 0.4)


def test_an_uptake_of_one_is_none_at_all(tmp_path: Path) -> None:
    one, none = solved(tmp_path, case(shares(1, 1, 1, 1))), solved(tmp_path, case())
    assert (one.metrics, one.solution) == (none.metrics, none.solution)


def test_the_audit_holds_clear_deliveries_to_the_uptake(tmp_path: Path) -> None:
    run = solved(tmp_path, case(shares(*[0.6] * 4)))
    flows = run.solution.allied
    more = tuple(
        dataclasses.replace(d, clear=d.clear + 1, exposed=d.exposed - 1) for d in flows.deliveries
    )
    answer = dataclasses.replace(run.solution, allied=dataclasses.replace(flows, deliveries=more))
    found = api.recompute(dataclasses.replace(run, solution=answer)).findings
    assert "limit_uptake" in {finding.rule for finding in found}


# ---- Clear but not taken --------------------------------------------------------------------


def untaken(run: Any) -> dict[int, float]:
    """What could be clear and is not taken, by year."""
    return {row.year: row.untaken for row in uptake_years(run)}


def test_what_is_clear_and_not_taken_is_told_by_year(tmp_path: Path) -> None:
    run = solved(tmp_path, case(shares(0.6, 0.7, "", 0.9, region="w")))
    assert untaken(run) == pytest.approx({2030: 40, 2031: 30, 2032: 0, 2033: 10}, abs=1e-5)
    first = next(uptake_years(run))
    found = (first.demand, first.dependent, first.if_taken, first.untaken_share)
    assert found == pytest.approx((100, 40, 0, 0.4), abs=1e-5)
    option = all_take(run)
    assert option is not None
    assert (option.dependence, option.bound) == pytest.approx((0, 0), abs=1e-7)


def test_no_more_is_not_taken_than_could_be_clear(tmp_path: Path) -> None:
    """W can make 80 clear of the 100 it needs, and buyers take 60: 20 are not taken."""
    base = case(shares(*[0.6] * 4))
    base["facilities"][-1]["capacity"] = 80
    assert untaken(solved(tmp_path, base)) == pytest.approx(dict.fromkeys(range(2030, 2034), 20))


def test_only_the_plans_own_plants_could_make_it(tmp_path: Path) -> None:
    """P, which could make the rest, is not bought, since nobody would take it."""
    base = case(shares(*[0.6] * 4), projects=[project("P", "smelt", 40, 10)])
    base["facilities"][-1]["capacity"] = 60
    run = solved(tmp_path, base)
    assert untaken(run) == pytest.approx(dict.fromkeys(range(2030, 2034), 0), abs=1e-5)
    option = all_take(run)
    assert option is not None
    assert option.commitments == ()
    page = (api.write(run, tmp_path / "run") / "report.html").read_text(encoding="utf-8")
    assert "Some buyers take no clear material: if all did" not in page


def test_weights_count_in_what_is_not_taken(tmp_path: Path) -> None:
    demand = [
        {"region": "W", "commodity": "metal", "segment": name, "weight": weight}
        | {"2030": 50, "2033": 50}
        for name, weight in (("cars", 1), ("defence", 3))
    ]
    run = solved(tmp_path, case(shares(*[0.2] * 4, segment="defence"), demand=demand))
    assert untaken(run) == pytest.approx(dict.fromkeys(range(2030, 2034), 3 * 40))


def test_where_all_take_clear_material_there_is_no_such_option(tmp_path: Path) -> None:
    for n, limits in enumerate((["", "", "", ""], [1, 1, 1, 1])):
        run = solved(tmp_path / str(n), case(shares(*limits)))
        assert all_take(run) is None
        assert list(uptake_years(run)) == []


def test_the_audit_works_out_what_is_not_taken(tmp_path: Path) -> None:
    run = solved(tmp_path, case(shares(*[0.6] * 4)))
    folder = api.write(run, tmp_path / "run")
    assert audit_run(folder).passed
    table = folder / "tables" / "uptake.csv"
    sound = table.read_text(encoding="utf-8")
    header, first, *rest = sound.splitlines()
    for n in range(1, len(header.split(","))):
        cells = first.split(",")
        cells[n] = str(float(cells[n]) + 0.01)
        table.write_text("\n".join([header, ",".join(cells), *rest, ""]), encoding="utf-8")
        found = {finding.rule for finding in audit_run(folder).findings}
        assert found == {"define_uptake_table"}, header.split(",")[n]
    table.write_text("\n".join([header, *rest, ""]), encoding="utf-8")
    assert {finding.rule for finding in audit_run(folder).findings} == {"define_uptake_table"}


def test_the_plan_is_held_where_all_take_clear_material(tmp_path: Path) -> None:
    """An option of other commitments, or of more dependence than the plan's, is none of it."""
    base = case(shares(*[0.9] * 4), projects=[project("P", "smelt", 40, 10)])
    base["facilities"][-1]["capacity"] = 60
    run = solved(tmp_path, base)
    option = all_take(run)
    assert option is not None
    assert [c.project for c in option.commitments] == ["P"]
    plan = next(row for row in run.options if row.name == "The best plan")
    worse = dataclasses.replace(
        plan, name=option.name, dependence=plan.dependence + 0.1, bound=plan.dependence
    )
    bare = dataclasses.replace(option, commitments=(), plants=0, first_output=None, capex_musd=0.0)
    for changed in (worse, bare):
        rows = tuple(changed if row is option else row for row in run.options)
        found = api.recompute(dataclasses.replace(run, options=rows)).findings
        assert "tell_options" in {finding.rule for finding in found}


def test_documents_say_what_is_not_taken(tmp_path: Path) -> None:
    run = solved(tmp_path, case(shares(0.6, 0.7, "", 0.9)))
    folder = api.write(run, tmp_path / "run")
    said = (
        "Some buyers take no clear material: if all did, the same plants would bring dependence"
        " over 2030 to 2033 to 0.0% in place of 20.0%. Most is not taken in 2030: 40.0% of that"
        " year's demand."
    )
    memo = docx.Document(str(folder / "memo.docx"))
    assert said in [paragraph.text for paragraph in memo.paragraphs]
    assert said in html.unescape((folder / "report.html").read_text(encoding="utf-8"))
    sheet = openpyxl.load_workbook(folder / "results.xlsx")["Uptake"]
    column = [cell.value for cell in sheet[4]].index("untaken")
    amounts = [row[column].value for row in sheet.iter_rows(min_row=5)]
    assert amounts == pytest.approx([40, 30, 0, 10], abs=1e-5)
