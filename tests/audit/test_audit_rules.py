"""No rule of the audit is forgotten: each is checked on a right answer, and caught when broken."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import test_audit
import test_audit_contracts
import test_audit_idle
import test_audit_stock
import test_audit_support
import test_audit_targets
from test_audit import audit_written, written_run

import opt.audit
from opt.audit import RECORD_RULES, RULES
from opt.audit.rule import rules_of

FILES = (
    test_audit,
    test_audit_contracts,
    test_audit_idle,
    test_audit_stock,
    test_audit_support,
    test_audit_targets,
)
RIGHT = {
    "plan": written_run,
    "bundles": test_audit.bundled_run,
    "offtakes": test_audit_contracts.offtake_run,
    "stock": test_audit_stock.stock_run,
    "support": test_audit_support.support_run,
    "idle": test_audit_idle.idle_run,
    "targets": test_audit_targets.targets_run,
}


def test_every_rule_has_a_tampering_and_a_formula() -> None:
    tampered = {rule for file in FILES for rule in file.TAMPERINGS}
    assert tampered == {rule.name for rule in RULES}
    assert all(rule.formula for rule in RULES)


def test_every_rule_is_checked_on_a_right_answer(tmp_path: Path) -> None:
    counts = [audit_written(tmp_path / name, make()).checked for name, make in RIGHT.items()]
    idle = {rule.name for rule in RULES if not any(count[rule.name] for count in counts)}
    # no plan from outside or to stay near, no dependence target, no surplus `none`, no row of
    # others elsewhere, no ceiling on what a row of eligibility matches
    outside = {"keep_plan", "keep_purchases", "limit_changes"}
    unasked = {"limit_dependence", "limit_surplus", "serve_allies_only", "limit_matched"}
    assert idle == outside | unasked


def test_every_file_with_rules_is_in_the_contents() -> None:
    modules = [import_module(f"opt.audit.{file.name}") for file in iter_modules(opt.audit.__path__)]
    declared = {rule for module in modules for rule in rules_of(module)}
    assert declared == {*RULES, *RECORD_RULES}


def test_no_two_rules_have_one_name() -> None:
    names = [rule.name for rule in (*RULES, *RECORD_RULES)]
    assert len(set(names)) == len(names)
