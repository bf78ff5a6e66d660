"""The audit of a plan that a study found: right answers of the audit's hand cases pass without what
only a run writes, and each tampering with a rule that a plan is held to is found."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest
import test_audit
import test_audit_contracts
import test_audit_idle
import test_audit_rules
import test_audit_stock
import test_audit_support
import test_audit_targets
from builders import Rows, chain, folder_of, project
from test_audit import DEPENDENCE, Run, write_run

from opt import questions
from opt.api import load
from opt.audit import RULES, AuditReport, changed
from opt.audit.evidence import read_answer
from opt.audit.folder import find_input, read
from opt.audit.plan import (
    NOT_OF_A_PLAN,
    NOT_OF_THE_CLEAR_CHAIN,
    PLAN_RULES,
    FoundPlan,
    audit_plan,
)
from opt.data.assemble import assemble
from opt.data.reading.changed_cells import NewCell, tables_with
from opt.errors import AuditError
from opt.fixed import FixedCommitment
from opt.record.flows import CLEAR, Flows
from opt.record.run import Solution
from opt.studies import change
from opt.studies.completing import Built, completed
from opt.studies.task import Base

FILES = {
    "plan": test_audit,
    "offtakes": test_audit_contracts,
    "stock": test_audit_stock,
    "support": test_audit_support,
    "idle": test_audit_idle,
    "targets": test_audit_targets,
}
# Of the tampering of these a plan shows nothing: one buys in the flows of no new money what a plan
# may buy, one is with the plan that a run was given, one with what others are served.
ELSEWHERE = {"limit_buying", "keep_plan", "meet_demand"}


def found_in(folder: Path, run: Run) -> tuple[Path, FoundPlan]:
    """A hand case on disk, and its answer as a study would have found it."""
    return folder, as_found(write_run(folder, run), "allied")


def as_found(folder: Path, flows: str) -> FoundPlan:
    """The answer of a run with one of its sets of flows in place of those of allies."""
    answer = read_answer(folder)
    own = answer.flows[flows]
    return FoundPlan(Solution(answer.commitments, answer.payments, own, own))


def audited(folder: Path, found: FoundPlan) -> AuditReport:
    """The audit of a found plan against the input copy of a hand case."""
    return audit_plan(read(find_input(folder)), None, found)


def broken(report: AuditReport) -> set[str]:
    """The rules that are broken."""
    return {finding.rule for finding in report.findings}


@pytest.mark.parametrize("name", test_audit_rules.RIGHT)
def test_a_right_plan_passes(name: str, tmp_path: Path) -> None:
    folder, found = found_in(tmp_path / "run", test_audit_rules.RIGHT[name]())
    assert audited(folder, found).findings == ()


def test_every_rule_of_a_run_is_held_or_is_named_with_its_reason() -> None:
    names = {rule.name for rule in RULES}
    assert {rule.name for rule in PLAN_RULES} == names - NOT_OF_A_PLAN.keys()
    assert NOT_OF_A_PLAN.keys() <= names
    assert names - NOT_OF_A_PLAN.keys() >= NOT_OF_THE_CLEAR_CHAIN
    assert all(NOT_OF_A_PLAN.values())


@pytest.mark.parametrize("rule", sorted({r.name for r in PLAN_RULES} - ELSEWHERE))
def test_a_tampering_is_found(rule: str, tmp_path: Path) -> None:
    name = next(name for name, file in FILES.items() if rule in file.TAMPERINGS)
    run = test_audit_rules.RIGHT[name]()
    FILES[name].TAMPERINGS[rule](run)
    folder = write_run(tmp_path / "run", run)
    # Some tamper with the flows of everybody, or of no new money.
    sets = ("allied", "world", "baseline")
    assert any(rule in broken(audited(folder, as_found(folder, name))) for name in sets)


def test_a_delivery_that_is_left_out_is_found(tmp_path: Path) -> None:
    folder, found = found_in(tmp_path / "run", test_audit.written_run())
    flows = found.solution.allied
    less = dataclasses.replace(flows, deliveries=flows.deliveries[1:])
    tampered = FoundPlan(dataclasses.replace(found.solution, allied=less))
    assert "meet_demand" in broken(audited(folder, tampered))


def clear_alone(flows: Flows) -> Flows:
    """What the clear chain tells of flows: exposed material is none, what is served of it short."""
    return Flows(
        tuple(run for run in flows.activities if run.origin == CLEAR),
        tuple(trade for trade in flows.shipments if trade.origin == CLEAR),
        tuple(
            dataclasses.replace(left, surplus=left.surplus + left.downgraded, downgraded=0.0)
            for left in flows.leftovers
            if left.origin == CLEAR
        ),
        tuple(
            dataclasses.replace(d, exposed=0.0, short=d.short + d.exposed) for d in flows.deliveries
        ),
        tuple(stock for stock in flows.stocks if stock.origin == CLEAR),
    )


@pytest.mark.parametrize("name", ["plan", "bundles", "support", "idle"])
def test_the_clear_chain_of_a_right_plan_passes(name: str, tmp_path: Path) -> None:
    folder, found = found_in(tmp_path / "run", test_audit_rules.RIGHT[name]())
    flows = clear_alone(found.solution.allied)
    solution = dataclasses.replace(found.solution, allied=flows)
    assert audited(folder, FoundPlan(solution)).findings == ()


# By hand in test_audit: dependence 86 / 180; fund pays 40 and aid 20; capex 100 and 10.
SAID = {"dependence": DEPENDENCE, "public": 60.0}


def test_what_is_said_of_a_plan_is_recomputed(tmp_path: Path) -> None:
    folder, found = found_in(tmp_path / "run", test_audit.written_run())
    told = dataclasses.replace(found, values=SAID, capex_musd=110.0)
    report = audited(folder, told)
    assert report.passed
    assert report.checked["keep_values"] == 3


@pytest.mark.parametrize(
    ("values", "capex"),
    [
        ({"dependence": DEPENDENCE - 1e-5}, None),
        ({"dependence": DEPENDENCE + 1e-5}, None),
        ({"public": 59.9}, None),
        ({}, 109.9),
    ],
)
def test_what_is_said_wrongly_is_found(
    values: dict[str, float], capex: float | None, tmp_path: Path
) -> None:
    folder, found = found_in(tmp_path / "run", test_audit.written_run())
    told = dataclasses.replace(found, values=values, capex_musd=capex)
    assert broken(audited(folder, told)) == {"keep_values"}


def test_a_given_plan_is_what_is_committed(tmp_path: Path) -> None:
    folder, found = found_in(tmp_path / "run", test_audit.written_run())
    given = tuple(
        FixedCommitment(c.project, c.year, c.units, c.size) for c in found.solution.commitments
    )
    assert audited(folder, dataclasses.replace(found, given=given)).passed
    less = dataclasses.replace(found, given=given[:-1])
    assert broken(audited(folder, less)) == {"keep_plan"}


# ---- Plans of studies -----------------------------------------------------------------------


def funded(**sheets: Rows) -> dict[str, Rows]:
    """W needs 100 of metal a year over 2030-2033; smelters of 60 and 30 for USD 60 and 30 million,
    all of it public money, of which there are 90."""
    projects = [
        project("Big", "smelt", 60, 60, public_share=1),
        project("Little", "smelt", 30, 30, public_share=1),
    ]
    fund = [{"programme": "Fund", "instrument": "grant", "amount": 90}]
    return chain(projects=projects, **{"programmes": fund, **sheets})


BOTH = (FixedCommitment("Big", 2030, 1, None), FixedCommitment("Little", 2030, 1, None))


def base_of(folder: Path) -> Base:
    """The case as its settings ask for it."""
    return questions.base_of(load(folder))


def whole(base: Base, commitments: tuple[FixedCommitment, ...]) -> Solution:
    """A plan made whole."""
    built = [Built("it", base.instance, commitments)]
    (answer,) = completed(built, base.options, base.limits, questions.alone())
    assert answer.plan is not None, answer
    return answer.plan


def test_a_completed_plan_is_confirmed(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, funded())
    plan = whole(base_of(folder), BOTH)
    found = FoundPlan(plan, {"dependence": 0.1, "public": 90.0}, 90.0, BOTH)
    tables = load(folder).tables
    questions.confirm_plan(tables, None, "both", found)
    with pytest.raises(AuditError, match="plan of both:\n  keep_values dependence"):
        questions.confirm_plan(
            tables, None, "both", dataclasses.replace(found, values={"dependence": 0.05})
        )


def test_exposed_stock_lies_where_it_lay(tmp_path: Path) -> None:
    """The clear chain says nothing of it; 5 in the hundred of it are lost each year."""
    vault = {"stockpile": "vault", "region": "W", "commodity": "metal", "initial": 40}
    case = funded(stockpiles=[{**vault, "initial_origin": "exposed", "loss": 0.05}])
    folder = folder_of(tmp_path, case)
    plan = whole(base_of(folder), BOTH)
    assert plan.allied.stocks == ()
    assert audit_plan(load(folder).tables, None, FoundPlan(plan, {"dependence": 0.1})).passed


def limit(**values: object) -> Rows:
    return [{"field": "all", "value": "", **values}]


CHANGES: dict[str, tuple[dict[str, Rows], Callable[[Base], Base], Callable, float]] = {
    # USD 120 million for plants of 60 and 30, or 45 for the little one alone.
    "more money": (
        {"programmes": [{"programme": "Fund", "instrument": "grant", "amount": 60}]},
        lambda i: change.scaled_programmes(i, 1.5),
        lambda t: changed.scaled_programmes(t, 1.5),
        0.1,
    ),
    # 45 of new capacity in the year of commitment become 90.
    "more pace": (
        {"build_limits": limit(what="capacity", commodity="metal", **{"2030": 45})},
        lambda i: i.replace(ceilings=tuple(change._raised(c, 2.0) for c in i.ceilings)),
        lambda t: changed.scaled_limits(t, 2.0, "capacity"),
        0.1,
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_the_plan_of_a_changed_case_is_held_to_changed_tables(name: str, tmp_path: Path) -> None:
    sheets, of_instance, of_tables, value = CHANGES[name]
    folder = folder_of(tmp_path, funded(**sheets))
    base, tables = base_of(folder), load(folder).tables
    plan = whole(dataclasses.replace(base, instance=of_instance(base.instance)), BOTH)
    found = FoundPlan(plan, {"dependence": value})
    assert audit_plan(of_tables(tables), None, found).passed
    assert not audit_plan(tables, None, found).passed


def test_a_plant_that_fails_makes_nothing(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, funded())
    plan, tables = whole(base_of(folder), BOTH), load(folder).tables
    report = audit_plan(changed.failed(tables, "Big"), None, FoundPlan(plan))
    assert broken(report) == {"limit_throughput"}


def test_a_project_that_is_forbidden_is_not_built(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, funded())
    plan, tables = whole(base_of(folder), BOTH), load(folder).tables
    report = audit_plan(changed.decided(tables, {"Big": "forbid"}), None, FoundPlan(plan))
    assert broken(report) == {"keep_decision"}
    report = audit_plan(changed.decided(tables, {"Big": "force 2031"}), None, FoundPlan(plan))
    assert broken(report) == {"keep_decision"}


def test_a_target_that_is_gone_is_not_held(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, funded())
    plan = whole(base_of(folder), BOTH[1:])
    asked = tables_with(load(folder).tables, settings={"dependence_target": 0.5})
    assert broken(audit_plan(asked, None, FoundPlan(plan))) == {"limit_dependence"}
    assert audit_plan(changed.without_targets(asked), None, FoundPlan(plan)).passed


def test_tables_of_changed_cells_are_those_of_a_workbook_that_says_so(tmp_path: Path) -> None:
    before = load(folder_of(tmp_path, funded())).tables
    grant = {"programme": "Fund", "instrument": "grant", "amount": 45}
    after = load(folder_of(tmp_path, funded(programmes=[{**grant, "2031": 20}]))).tables
    (row,) = before.rows["programmes"]
    cells = [
        NewCell("programmes", row.number, "amount", 45.0),
        NewCell("programmes", row.number, 2031, 20.0),
    ]
    assert assemble(tables_with(before, cells)) == assemble(after)
    added = tables_with(
        before,
        added={"programmes": [{"programme": "Second", "instrument": "grant", "amount": 5.0}]},
    )
    second = [*funded()["programmes"], {"programme": "Second", "instrument": "grant", "amount": 5}]
    assert assemble(added) == assemble(load(folder_of(tmp_path, funded(programmes=second))).tables)


def test_a_cell_that_is_not_there_is_refused(tmp_path: Path) -> None:
    tables = load(folder_of(tmp_path, funded())).tables
    (row,) = tables.rows["programmes"]
    with pytest.raises(KeyError, match="no row 99"):
        tables_with(tables, [NewCell("programmes", 99, "amount", 1.0)])
    with pytest.raises(KeyError, match="no column price"):
        tables_with(tables, [NewCell("programmes", row.number, "price", 1.0)])
    with pytest.raises(KeyError, match="no column price"):
        tables_with(tables, added={"programmes": [{"price": 1.0}]})
