"""Sheet variants: named cells that stand in for others, as if they were typed there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from builders import Rows, chain, folder_of, project
from click.testing import CliRunner

from opt import api
from opt.audit import audit_run
from opt.cli import cli
from opt.data.convert import convert
from opt.data.reader import read
from opt.errors import InputError


def cell(variant: str, sheet: str, row: str, column: str, value: Any = "") -> dict[str, Any]:
    """A row of sheet variants."""
    return {"variant": variant, "sheet": sheet, "row": row, "column": column, "value": value}


def case(*variants: dict[str, Any]) -> dict[str, Rows]:
    """P makes 60 of the 100 that W needs and wants USD 10 million of public money; 10 are there."""
    rows = [project("P", "smelt", 60, 10, public_share=1)]
    funds: Rows = [{"programme": "fund", "amount": 10, "2030": 10}]
    eligible: Rows = [{"programme": "fund", "field": "region", "value": "W", "rule": "only"}]
    sheets = {"projects": rows, "programmes": funds, "eligibility": eligible}
    return chain(**sheets, variants=list(variants))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (cell("v", "programmes", "fund", "amount", 9), 1.0),
        (cell("v", "Programmes", "FUND", "2030", 0), 0.55),  # 100 in 2030, then 40
        (cell("v", "eligibility", "fund;region;W", "rule", "never"), 1.0),
        (cell("v", "projects", "P", "capacity", 80), 0.2),
        (cell("v", "demand", "W;metal;", "2033", 100), 0.4),
        (cell("v", "regions", "X", "bloc", "other"), 0.0),
        (cell("v", "settings", "first_year", "value", 2031), 0.4),
        (cell("v", "projects", "P", "public_share"), 0.4),
    ],
)
def test_cells_of_a_variant_stand_in(
    tmp_path: Path, change: dict[str, Any], expected: float
) -> None:
    folder = folder_of(tmp_path, case(change))
    book = tmp_path / "book.xlsx"
    convert(folder, book, False)
    for path in (folder, book):
        # Without the variant nothing changes.
        base = api.solve(api.load(path))
        assert base.metrics.dependence == pytest.approx(0.4, abs=2e-6)
        run = api.solve(api.load(path, variant="V"))
        assert run.metrics.dependence == pytest.approx(expected, abs=2e-6)


def test_a_run_of_a_variant_says_so_and_is_audited_as_one(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, case(cell("large", "projects", "P", "capacity", 80)))
    run = api.solve(api.load(folder, variant="large"))
    written = api.write(run, tmp_path / "run")
    answer = json.loads((written / "run.json").read_text(encoding="utf-8"))
    assert answer["variant"] == "large"
    assert "variant large" in answer["title"]
    assert audit_run(written).passed
    # Read as the base case, in which P makes 60, the same answer is wrong.
    answer["variant"] = None
    (written / "run.json").write_text(json.dumps(answer), encoding="utf-8")
    assert not audit_run(written).passed


@pytest.mark.parametrize(
    ("change", "where", "words"),
    [
        (cell("v", "programs", "fund", "amount", 9), "variants!B2", "Did you mean 'programmes'?"),
        (cell("v", "programmes", "fond", "amount", 9), "variants!C2", "Did you mean 'fund'?"),
        (cell("v", "programmes", "fund", "amout", 9), "variants!D2", "Did you mean 'amount'?"),
        (cell("v", "programmes", "fund", "2031", 9), "variants!D2", "no column '2031'"),
        (cell("v", "programmes", "fund", "amount", "1,200"), "variants!E2", "Type 1200."),
        (cell("v", "variants", "v", "value", 1), "variants!B2", "not a sheet"),
        (cell("v", "eligibility", "fund", "rule", "never"), "variants!C2", "has no row 'fund'"),
        (cell("v", "regions", "X", "bloc", "foe"), "variants!E2", "not one of"),
    ],
)
def test_a_wrong_cell_of_a_variant_is_named_on_every_reading(
    tmp_path: Path, change: dict[str, Any], where: str, words: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(folder_of(tmp_path, case(change)))
    (issue,) = caught.value.issues
    assert issue.where == where
    assert words in str(issue)


@pytest.mark.parametrize(
    ("change", "short"),
    [
        (cell("v", "lanes", "X;W;metal", "limit", 10), 0.15),
        (cell("v", "lanes", "x;w;metal;2032", "limit", 0), 0.2),
        (cell("v", "ramps", "start", "year_1", 0), 0.15),
    ],
)
def test_rows_and_columns_without_an_id_have_a_name(
    tmp_path: Path, change: dict[str, Any], short: float
) -> None:
    """W takes the 40 that P does not make from X, in 2030-2031 and in 2032-2033 by a row each; in
    its first year P makes 60, or none of them."""
    lane = {"origin": "X", "destination": "W", "commodity": "metal"}
    lanes: Rows = [{**lane, "last_year": 2031, "limit": 40}]
    lanes.append({**lane, "first_year": 2032, "limit": 40})
    sheets = case(change) | {"lanes": lanes, "ramps": [{"ramp": "start", "year_1": 1, "year_2": 1}]}
    sheets["projects"][0]["ramp"] = "start"
    folder = folder_of(tmp_path, sheets)
    assert api.solve(api.load(folder)).metrics.shortfall == pytest.approx(0, abs=2e-6)
    run = api.solve(api.load(folder, variant="v"))
    assert run.metrics.shortfall == pytest.approx(short, abs=2e-6)


def test_a_name_of_several_rows_names_none(tmp_path: Path) -> None:
    lane = {"origin": "X", "destination": "W", "commodity": "metal", "last_year": 2031}
    twice: Rows = [{**lane, "limit": 40}, {**lane, "limit": 50}]
    change = cell("v", "lanes", "X;W;metal", "limit", 1)
    with pytest.raises(InputError) as caught:
        read(folder_of(tmp_path, case(change) | {"lanes": twice}))
    assert [str(issue) for issue in caught.value.issues if issue.sheet == "variants"] == [
        "variants!C2: 'X;W;metal' names 2 rows of sheet lanes: 2, 3."
        " Tell them apart by origin;destination;commodity;first_year."
    ]


def test_what_a_variant_breaks_is_named(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, case(cell("v", "projects", "P", "region", "Z")))
    read(folder)
    with pytest.raises(InputError, match="'Z' is not in sheet regions"):
        read(folder, variant="v")


def test_an_unknown_variant(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, case(cell("small", "projects", "P", "capacity", 50)))
    with pytest.raises(InputError, match="Did you mean 'small'"):
        read(folder, variant="smal")
    with pytest.raises(InputError, match="It has none"):
        read(folder_of(tmp_path, chain()), variant="small")
    answer = CliRunner().invoke(cli, ["check", str(folder), "--variant", "smal"])
    assert answer.exit_code == 2
    assert CliRunner().invoke(cli, ["check", str(folder), "--variant", "SMALL"]).exit_code == 0
