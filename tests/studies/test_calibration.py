"""The baseline beside published figures, on a case whose flows are known by hand.

W needs 100 of metal a year and smelts 40 of it from its own ore; the other 60 are mined and smelted
in X, which sells nothing else and buys nothing. Running costs USD 1 a unit, so that nothing runs
for nothing.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from builders import Rows, chain, folder_of, plant, project
from click.testing import CliRunner

from opt import api, questions
from opt.cli import cli

# Worked out in the docstring: shares of 100, and amounts.
KNOWN = {
    ("world_share", "metal:covered"): 0.6,
    ("world_share", "metal:W"): 0.4,
    ("world_share", "mining:X"): 0.6,
    ("world_share", "metal:other"): 0.0,
    ("output", "metal:X"): 60.0,
    ("output", "ore:W"): 40.0,
    ("exports", "metal:X:W"): 60.0,
    ("exports", "ore:W:X"): 0.0,
    ("output", "ore;metal:W"): 80.0,
    ("output", "metal:covered"): 60.0,
    ("exports", "metal;ore:covered:any"): 60.0,
    ("exports", "metal:X:ally"): 60.0,
    ("output", "metal:world"): 100.0,
    ("exports", "metal:world:any"): 60.0,
    ("dependence", "all"): 0.6,
    ("dependence", "metal"): 0.6,
    ("dependence", "E"): 0.6,
}


def case(off: float = 0.0, **sheets: Any) -> dict[str, Rows]:
    """The case with every known figure as published, `off` above what it is."""
    base = chain()
    rows = [
        {
            "metric": metric,
            "scope": scope,
            "year": 2031,
            "published": value + off,
            "tolerance": 0.01,
            "source": "hand",
        }
        for (metric, scope), value in KNOWN.items()
    ]
    return base | {
        "facilities": [
            *({**row, "opex": 1} for row in base["facilities"]),
            plant("smelter_w", "W", "smelt", 40, opex=1),
        ],
        "lanes": [{"origin": "X", "destination": "W", "commodity": "metal"}],
        "contents": [
            {"commodity": "ore", "element": "E", "share": 0.5},
            {"commodity": "metal", "element": "E", "share": 0.5},
        ],
        "calibration": rows,
        **sheets,
    }


def test_the_model_beside_every_published_figure(tmp_path: Path) -> None:
    results = questions.calibrate(api.load(folder_of(tmp_path, case())))
    found = {(r.metric, r.scope): r.model for r in results}
    assert found == pytest.approx(KNOWN, abs=1e-6)
    assert all(r.passed for r in results)


def test_published_dependence_knows_no_weights(tmp_path: Path) -> None:
    """By mass 60 of 100 rest on X, whatever the segments weigh: the 30 of weight 9 are clear."""
    rows = case()
    whole = rows["demand"][0]
    rows["demand"] = [
        whole | {"segment": segment, "weight": weight, "2030": amount, "2033": amount}
        for segment, weight, amount in (("army", 9, 30), ("civil", 1, 70))
    ]
    results = questions.calibrate(api.load(folder_of(tmp_path, rows)))
    found = {(r.metric, r.scope): r.model for r in results}
    assert found["dependence", "all"] == pytest.approx(0.6, abs=1e-6)


def test_a_scope_with_an_unknown_commodity_is_named(tmp_path: Path) -> None:
    rows = case()
    rows["calibration"][0] |= {"metric": "exports", "scope": "metal;orre:X:any"}
    answer = CliRunner().invoke(cli, ["check", str(folder_of(tmp_path, rows))])
    assert answer.exit_code == 2
    assert "'orre' is not a commodity." in answer.output


def test_projects_and_programmes_are_no_part_of_the_baseline(tmp_path: Path) -> None:
    rows = [project("P", "smelt", 60, 1, decision="force 2030")]
    results = questions.calibrate(api.load(folder_of(tmp_path, case(projects=rows))))
    assert {(r.metric, r.scope): r.model for r in results} == pytest.approx(KNOWN, abs=1e-6)


def test_the_baseline_begins_where_the_setting_says(tmp_path: Path) -> None:
    early = case()
    early["settings"] = [*early["settings"], {"key": "calibrate_from", "value": 2028}]
    early["facilities"][-1]["opens"] = 2030
    early["calibration"] = [
        {
            "metric": "dependence",
            "scope": "all",
            "year": year,
            "published": share,
            "tolerance": 0,
            "source": "hand",
        }
        # The smelter of W opens in 2030.
        for year, share in ((2028, 1.0), (2029, 1.0))
    ]
    results = questions.calibrate(api.load(folder_of(tmp_path, early)))
    assert [(r.year, r.model) for r in results] == [(2028, 1.0), (2029, 1.0)]


def test_the_command_prints_and_fails_outside_tolerance(tmp_path: Path) -> None:
    good = CliRunner().invoke(cli, ["check", str(folder_of(tmp_path, case())), "--calibration"])
    assert good.exit_code == 0
    assert "Calibration: 17 of 17 figures within tolerance." in good.output
    bad = folder_of(tmp_path, case(off=0.02))
    answer = CliRunner().invoke(cli, ["check", str(bad), "--calibration"])
    assert answer.exit_code == 2
    assert "FAIL calibration!D2: world_share metal:covered 2031: published 0.62" in answer.output
    # X smelts 60 of the 100 in one plant.
    assert "     made most by smelter_x 60" in answer.output
    assert "Calibration: 0 of 17 figures within tolerance." in answer.output
    document = json.loads(
        CliRunner().invoke(cli, ["check", str(bad), "--calibration", "--json"]).output
    )
    assert document["calibration"][0]["model"] == pytest.approx(0.6)
    assert document["calibration"][0]["passed"] is False
