"""One plan for many scenarios searched for scenario by scenario: the same value as of the whole, in
a bracket of its own."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builders import Sheets, folder_of
from classics import FARM_AIM, FARM_ZERO, farmer
from click.testing import CliRunner
from test_risk import CHANCES, SECOND_WAVE, case, stocked, two_funds

from opt import api, questions
from opt.cli import cli
from opt.errors import InputError
from opt.record.risk import Risk
from opt.solver import risk as search
from opt.solver.highs import SolverAnswer

pytest.importorskip("mpisppy", reason='pip install ".[decompose]"')

hedging = pytest.importorskip("opt.solver.hedging")
GALLIUM = Path(__file__).parents[2] / "inputs" / "gallium.xlsx"
TOLERANCE = 1e-6


@pytest.fixture
def without_relaxation(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is proven but by the scenarios: the bound told is theirs."""
    real = search._Search._prove

    def prove(self: Any, bound: float) -> None:
        if hasattr(self, "tried"):
            real(self, bound)

    monkeypatch.setattr(search._Decomposed, "_prove", prove)


def both(parent: Path, sheets: Sheets, **given: Any) -> tuple[Risk, Risk]:
    """The answers of the whole, and of the scenarios one by one."""
    asked = api.load(folder_of(parent, sheets))
    return questions.risk(asked, **given), questions.risk(asked, decompose=True, **given)


def rounds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What each round proves, in the unit of outcomes."""
    seen: list[float] = []
    real = search._Decomposed._heard

    def heard(self: Any, own: Any) -> tuple[float, bool]:
        seen.append(own.bound)
        return real(self, own)

    monkeypatch.setattr(search._Decomposed, "_heard", heard)
    return seen


@pytest.mark.usefixtures("without_relaxation")
@pytest.mark.parametrize(
    "sheets",
    [case, farmer, lambda: farmer(whole_fields=True), stocked, two_funds],
    ids=["hand", "farmer", "whole fields", "stock", "two funds"],
)
def test_the_bracket_holds_the_optimum(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sheets: Callable[[], Sheets]
) -> None:
    proven = rounds(monkeypatch)
    whole, parts = both(tmp_path, sheets())
    assert proven, "nothing was decomposed"
    assert parts.bound <= whole.value + TOLERANCE
    assert parts.value >= whole.bound - TOLERANCE
    assert parts.value == pytest.approx(whole.value, rel=1e-3, abs=TOLERANCE)


def test_the_farmer(tmp_path: Path) -> None:
    """Birge and Louveaux, section 1.1: 108,390, from both sides."""
    parts = questions.risk(api.load(folder_of(tmp_path, farmer())), decompose=True)
    assert parts.complete
    profits = [(1 - own) * FARM_AIM - FARM_ZERO for own in (parts.value, parts.bound)]
    assert profits == pytest.approx([108_390, 108_390], abs=1)


@pytest.mark.usefixtures("without_relaxation")
def test_weights_prove_more_than_knowing_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the hand case a plan for all is worse than the best plans of the scenarios together: the
    weights prove some of what that leaves open."""
    proven = rounds(monkeypatch)
    _, parts = both(tmp_path, case())
    known = sum(CHANCES[row.scenario] * (row.best_bound or 0.0) for row in parts.scenarios)
    assert proven
    assert parts.value > known + 1e-3
    assert parts.bound > known + 1e-3


def test_weights_sum_to_zero() -> None:
    mended = hedging._summing_to_zero([[1.0, -3.0], [2.0, 7.0], [0.1, 0.3]], [0.2, 0.5, 0.3])
    for own in zip(*mended, strict=True):
        assert sum(p * x for p, x in zip([0.2, 0.5, 0.3], own, strict=True)) == pytest.approx(
            0, abs=1e-15
        )


@pytest.mark.parametrize("least", [-1e9, -math.inf])
@pytest.mark.usefixtures("without_relaxation")
def test_what_a_search_finds_is_no_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, least: float
) -> None:
    """A scenario whose search proves nothing leaves the round without a bound."""
    proven, real = rounds(monkeypatch), hedging.HighsModel.search

    def unproven(self: Any, *given: Any) -> SolverAnswer:
        found = real(self, *given)
        return SolverAnswer(found.outcome, found.point, found.value, least, found.seconds)

    monkeypatch.setattr(hedging.HighsModel, "search", unproven)
    questions.risk(api.load(folder_of(tmp_path, case())), decompose=True)
    assert proven
    assert max(proven) < -1e8


def test_what_is_not_decomposed_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = api.load(folder_of(tmp_path, case({"second_wave": SECOND_WAVE})))
    with pytest.raises(InputError) as refused:
        questions.risk(asked, "worst", decompose=True)
    said = " ".join(issue.message for issue in refused.value.issues)
    assert said == "measure worst is not decomposed. a second wave that waits is not decomposed."
    assert {issue.hint for issue in refused.value.issues} == {
        "It knows measure expected, and no second wave."
    }


def test_without_mpi_sppy_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(questions.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(InputError, match="mpi-sppy is not installed"):
        questions.risk(api.load(folder_of(tmp_path, case())), decompose=True)


def test_the_command_says_one_document(tmp_path: Path) -> None:
    """Nothing that mpi-sppy says stands on stdout, in a process that imports it first."""
    folder = folder_of(tmp_path, case())
    asked = ["risk", str(folder), "--decompose", "--json", "--no-store", "--quiet"]
    said = subprocess.run(
        [sys.executable, "-m", "opt", *asked], capture_output=True, text=True, check=True
    )
    assert json.loads(said.stdout)["measure"] == "expected"
    assert said.stderr == ""
    again = CliRunner().invoke(cli, asked)
    assert again.stdout == said.stdout


@pytest.mark.slow
@pytest.mark.usefixtures("without_relaxation")
def test_gallium(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bracket of the scenarios holds the plan of the whole, of a shipped case."""
    proven = rounds(monkeypatch)
    asked = api.load(GALLIUM)
    names = ["base", "embargo_all"]
    whole = questions.risk(asked, scenarios=names)
    parts = questions.risk(asked, scenarios=names, decompose=True)
    assert proven
    assert parts.bound <= whole.value + TOLERANCE
    assert parts.value >= whole.bound - TOLERANCE
    assert parts.value - parts.bound <= 0.02 * parts.value
