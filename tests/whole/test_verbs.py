"""The verbs of opt: what is asked of them beside a workbook, and what they make of a proof that is
not as good as asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from builders import chain, folder_of, project

import opt
from opt import api
from opt.audit.check import AuditReport, Finding
from opt.errors import AuditError, InputError
from opt.record.passes import Outcome
from opt.record.run import Run


def test_the_verbs_are_told_before_they_are_imported() -> None:
    assert {"load", "read", "solve", "write", "Case", "Run"} <= set(dir(opt))


def test_settings_can_be_given_with_the_solve(tmp_path: Path) -> None:
    # 60 of 100 are made from 2032 on: 280 of 400 exposed over all years, 80 of 200 from 2032 on.
    case = opt.load(
        folder_of(tmp_path, chain(projects=[project("P", "smelt", 60, 10, lead_time=2)]))
    )
    assert opt.solve(case).metrics.dependence == pytest.approx(0.7, abs=2e-6)
    run = opt.solve(case, dependence_from=2032)
    assert run.metrics.dependence == pytest.approx(0.4, abs=2e-6)
    assert run.overrides == {"dependence_from": "2032"}


# ---- Plans of other runs --------------------------------------------------------------------


def run_folder(folder: Path, document: dict[str, Any]) -> Path:
    """A run folder with no more than a plan in it."""
    folder.mkdir()
    (folder / "run.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


def test_a_plan_that_does_not_fit_the_workbook_is_refused_whole(tmp_path: Path) -> None:
    projects = [project("P", "smelt", 60, 10), project("Q", "smelt", 30, 10, decision="force")]
    case = opt.load(folder_of(tmp_path, chain(projects=projects)))
    commitments = [
        {"project": name, "year": year, "units": 1, "size": None}
        for name, year in (("P", 2030), ("P", 2039), ("Gone", 2030))
    ]
    plan = run_folder(tmp_path / "run", {"projects": commitments, "stockpiles": []})
    with pytest.raises(InputError) as caught:
        opt.solve(case, plan=plan)
    assert [str(issue) for issue in caught.value.issues] == [
        "plans: the plan commits 'P' in 2039, which is not offered. Check sheet projects.",
        "plans: the plan commits 'Gone' in 2030, which is not offered. Check sheet projects.",
        "plans: the plan leaves out 'Q', which is forced. Add it, or free it in sheet projects.",
    ]


@pytest.mark.parametrize("document", [{}, [], {"projects": [{}]}, {"projects": 3}])
def test_a_run_that_tells_of_no_plan(tmp_path: Path, document: Any) -> None:
    case = opt.load(folder_of(tmp_path, chain(projects=[project("P", "smelt", 60, 10)])))
    with pytest.raises(InputError, match=r"run\.json cannot be read as a run: .*Name a run folder"):
        opt.solve(case, plan=run_folder(tmp_path / "run", document))


# ---- What the audit finds -------------------------------------------------------------------


def audited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *rules: str
) -> tuple[Run, list[Outcome]]:
    """A run of which the audit finds these rules broken while it is called optimal, and what it
    was called each time that it was audited."""
    called: list[Outcome] = []

    def recompute(run: Run) -> AuditReport:
        called.append(run.status)
        found = tuple(Finding(rule, "cost", 0.5) for rule in rules)
        broken = found if run.status is Outcome.OPTIMAL else ()
        return AuditReport(not broken, 0.5 if broken else 0.0, {"limit_gap": 1}, broken)

    monkeypatch.setattr(api, "recompute", recompute)
    case = opt.load(folder_of(tmp_path, chain(projects=[project("P", "smelt", 60, 10)])))
    return opt.solve(case), called


def test_a_plan_with_a_larger_gap_than_asked_is_kept_as_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, called = audited(tmp_path, monkeypatch, "limit_gap")
    assert called == [Outcome.OPTIMAL, Outcome.FEASIBLE]
    assert run.status is Outcome.FEASIBLE
    assert run.audit.passed
    names = [option.name for option in run.options]
    assert "The best plan found" in names
    assert "The best plan" not in names


def test_a_plan_that_breaks_a_rule_too_is_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(AuditError, match=r"limit_lane cost: 0\.5"):
        audited(tmp_path, monkeypatch, "limit_gap", "limit_lane")
