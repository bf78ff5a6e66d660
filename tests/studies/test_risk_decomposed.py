"""One plan for many scenarios searched for scenario by scenario: the same value as of the whole, in
a bracket of its own, and never a programme of two scenarios."""

from __future__ import annotations

import gc
import json
import math
import subprocess
import sys
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builders import Sheets, chain, folder_of, project
from classics import FARM_AIM, FARM_ZERO, farmer
from click.testing import CliRunner
from test_risk import CHANCES, SECOND_WAVE, case, near, one_project, stocked, two_funds, unforeseen

from opt import api, questions
from opt.cli import cli
from opt.errors import InfeasibleError, InputError
from opt.model.risk import RiskModel
from opt.record.risk import Risk
from opt.solver import alone, decomposed, recourse
from opt.solver.highs import SolverAnswer

pytest.importorskip("mpisppy", reason='pip install ".[decompose]"')

hedging = pytest.importorskip("opt.solver.hedging")
GALLIUM = Path(__file__).parents[2] / "inputs" / "gallium.xlsx"
TOLERANCE = 1e-6
DEARER = {"what": "capex", "factor": 1.5}


@pytest.fixture
def rounds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """As `by_rounds_alone`."""
    return by_rounds_alone(monkeypatch)


def by_rounds_alone(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What each round of the scenarios proves, in the unit of what is counted; nothing is proven
    but by them: the bound told is theirs."""
    seen: list[float] = []
    relax, heard = recourse.Recourse.relax, decomposed.Decomposed._heard

    def of_round(self: Any, own: Any) -> tuple[float, bool]:
        seen.append(own.bound)
        return heard(self, own)

    monkeypatch.setattr(recourse.Recourse, "relax", lambda self, _: relax(self, lambda _: None))
    monkeypatch.setattr(recourse.Recourse, "searched", lambda *_: (None, -math.inf))
    monkeypatch.setattr(decomposed.Decomposed, "_heard", of_round)
    return seen


@pytest.mark.parametrize(
    "sheets",
    [case, farmer, lambda: farmer(whole_fields=True), stocked, two_funds],
    ids=["hand", "farmer", "whole fields", "stock", "two funds"],
)
def test_the_bracket_holds_the_optimum(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sheets: Callable[[], Sheets]
) -> None:
    """By trials of what is shared, and by rounds of the scenarios alone."""
    asked = api.load(folder_of(tmp_path, sheets()))
    whole = questions.risk(asked)
    by_trials = questions.risk(asked, decompose=True)
    rounds = by_rounds_alone(monkeypatch)
    by_rounds = questions.risk(asked, decompose=True)
    assert rounds, "nothing was decomposed"
    assert by_trials.complete
    for parts in (by_trials, by_rounds):
        assert is_bracket(parts, whole)
        assert parts.value == pytest.approx(whole.value, rel=1e-3, abs=TOLERANCE)


def is_bracket(parts: Risk, whole: Risk) -> bool:
    return parts.bound <= whole.value + TOLERANCE and parts.value >= whole.bound - TOLERANCE


def test_the_farmer(tmp_path: Path) -> None:
    """Birge and Louveaux, section 1.1: 108,390, from both sides."""
    parts = questions.risk(api.load(folder_of(tmp_path, farmer())), decompose=True)
    assert parts.complete
    profits = [(1 - own) * FARM_AIM - FARM_ZERO for own in (parts.value, parts.bound)]
    assert profits == pytest.approx([108_390, 108_390], abs=1)


def test_weights_prove_more_than_knowing_does(tmp_path: Path, rounds: list[float]) -> None:
    """In the hand case a plan for all is worse than the best plans of the scenarios together: the
    weights prove some of what that leaves open."""
    parts = questions.risk(api.load(folder_of(tmp_path, case())), decompose=True)
    known = sum(CHANCES[row.scenario] * (row.best_bound or 0.0) for row in parts.scenarios)
    assert rounds
    assert parts.value > known + 1e-3
    assert parts.bound > known + 1e-3


def test_weights_sum_to_zero() -> None:
    mended = hedging._summing_to_zero([[1.0, -3.0], [2.0, 7.0], [0.1, 0.3]], [0.2, 0.5, 0.3])
    for own in zip(*mended, strict=True):
        assert sum(p * x for p, x in zip([0.2, 0.5, 0.3], own, strict=True)) == pytest.approx(
            0, abs=1e-15
        )


@pytest.mark.parametrize("least", [-1e9, -math.inf])
def test_what_a_search_finds_is_no_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rounds: list[float], least: float
) -> None:
    """A scenario whose search proves nothing leaves the round without a bound."""
    real = hedging.HighsModel.search

    def unproven(self: Any, *given: Any) -> SolverAnswer:
        found = real(self, *given)
        return SolverAnswer(found.outcome, found.point, found.value, least, found.seconds)

    monkeypatch.setattr(hedging.HighsModel, "search", unproven)
    questions.risk(api.load(folder_of(tmp_path, case())), decompose=True)
    assert rounds
    assert max(rounds) < -1e8


# ---- One programme at a time -------------------------------------------------------------------


def test_no_programme_of_two_scenarios_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is a second model of one built while there is a first."""
    built: list[Any] = []
    real = alone.build_model

    def build(*given: Any, **named: Any) -> Any:
        gc.collect()
        assert not any(model() is not None for model in built)
        model = real(*given, **named)
        built.append(weakref.ref(model))
        return model

    def refuse(*_: Any) -> None:
        pytest.fail("a programme of all scenarios was built")

    monkeypatch.setattr(alone, "build_model", build)
    monkeypatch.setattr(RiskModel, "__init__", refuse)
    found = questions.risk(api.load(folder_of(tmp_path, case())), decompose=True)
    assert found.complete
    # Each once, the master, and each again to be told.
    assert len(built) == 2 * len(CHANCES) + 1


# ---- What scenarios share ----------------------------------------------------------------------


def test_who_pays_is_the_scenarios_own_where_the_cost_is(tmp_path: Path) -> None:
    """Half of 60 in the base case, half of 90 where it costs half as much again."""
    found = questions.risk(api.load(folder_of(tmp_path, one_project(DEARER))), decompose=True)
    told = {row.scenarios: row.paid_by for row in found.commitments}
    assert told == {
        ("base",): {"Fund": pytest.approx(30)},
        ("other",): {"Fund": pytest.approx(45)},
    }


def test_what_cannot_be_paid_in_one_scenario_is_committed_in_none(tmp_path: Path) -> None:
    """The fund has 40, and 45 are needed where it costs more."""
    sheets = one_project(DEARER, amount=40)
    found = questions.risk(api.load(folder_of(tmp_path, sheets)), decompose=True)
    assert (found.value, found.bound, found.commitments) == (near(1), near(1), ())
    with pytest.raises(InfeasibleError, match="in every scenario"):
        questions.risk(
            api.load(folder_of(tmp_path, one_project(DEARER, amount=40, decision="force"))),
            decompose=True,
        )


def test_payments_of_one_scenario_leave_room_for_another(tmp_path: Path) -> None:
    """Only one fund of 60 pays for Little, 30 in the base case and 45 where it costs half as much
    again; for Big, 60 in both, another of 50 pays too. Of these 60 the first fund pays at most 15,
    which is left in the dearer scenario, where the base case alone would let it pay 30."""
    sheets = chain(
        projects=[
            project(name, "smelt", capacity, capex, public_share=1, decision="force", latest=2030)
            for name, capacity, capex in (("Big", 60, 60), ("Little", 40, 30))
        ],
        programmes=[{"programme": "any", "amount": 60}, {"programme": "big", "amount": 50}],
        eligibility=[{"programme": "big", "field": "project", "value": "Big"}],
        scenarios=[{"scenario": "other", "probability": 0.5}],
        shocks=[{"scenario": "other", "field": "project", "value": "Little"} | DEARER],
    )
    found = questions.risk(api.load(folder_of(tmp_path, sheets)), decompose=True)
    assert (found.value, found.bound) == (near(0), near(0))
    paid = {(row.project, row.scenarios): row.paid_by for row in found.commitments}
    assert 10 - TOLERANCE <= paid["Big", ()]["any"] <= 15 + TOLERANCE
    assert sum(paid["Big", ()].values()) == pytest.approx(60)


@pytest.mark.parametrize("first", [0, 3])
def test_stock_is_bought_alike_until_scenarios_differ(tmp_path: Path, first: int) -> None:
    """Whichever scenario comes first: what only some share is theirs, and nobody else's."""
    names = ["base", "no_metal", "no_powder", "less_ore"]
    ordered = [*names[first:], *names[:first]]
    found = questions.risk(
        api.load(folder_of(tmp_path, unforeseen())),
        of="shortfall",
        scenarios=ordered,
        decompose=True,
    )
    assert (found.value, found.bound) == (near(0.125), near(0.125))


def test_stock_or_plant(tmp_path: Path) -> None:
    """Shortfall, and what else could be allowed: the smelter serves 120 of 200, and stock 100."""
    asked = api.load(folder_of(tmp_path, stocked()))
    found = questions.risk(asked, of="shortfall", choices=True, decompose=True)
    assert (found.value, found.bound) == (near(0.5 * 80 / 400), near(0.5 * 80 / 400))
    told = {row.choice: (row.value, row.bound) for row in found.choices}
    values = {"no stock": 80, "no plants": 100, "release any": 80}
    assert told == {name: (near(0.5 * x / 400), near(0.5 * x / 400)) for name, x in values.items()}


# ---- What is said ------------------------------------------------------------------------------


def test_what_is_not_decomposed_is_refused(tmp_path: Path) -> None:
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


@pytest.mark.usefixtures("rounds")
def test_mpi_sppy_says_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    questions.risk(api.load(folder_of(tmp_path, case())), decompose=True)
    assert capfd.readouterr() == ("", "")


def test_the_command_says_one_document(tmp_path: Path) -> None:
    """Nothing else stands on stdout, in a process that imports all of it first."""
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
def test_gallium(rounds: list[float]) -> None:
    """The bracket of the scenarios holds the plan of the whole, of a shipped case."""
    asked = api.load(GALLIUM)
    names = ["base", "embargo_all"]
    whole = questions.risk(asked, scenarios=names)
    parts = questions.risk(asked, scenarios=names, decompose=True)
    assert rounds
    assert is_bracket(parts, whole)
    assert parts.value - parts.bound <= 0.02 * parts.value
