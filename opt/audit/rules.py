"""Table of contents: every rule in reading order, and the audit that runs them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain as joined

from opt.audit import (
    ceilings,
    chain,
    contracts,
    demand,
    document,
    findings,
    idle,
    measures,
    metrics,
    minerals,
    money,
    near,
    options,
    passes,
    projects,
    rows,
    stock,
    support,
    targets,
    touch,
    trade,
    uptake,
)
from opt.audit.check import AuditReport, Check, write_report
from opt.audit.evidence import Evidence, WrittenAnswer, add_sums, derive_evidence
from opt.audit.rule import About, AuditRule, of_record, rules_of
from opt.data.tables import Tables

# A subject a module, whose rules stand in their own order there.
SUBJECTS = (
    *(
        rows,
        document,
        projects,
        near,
        money,
        ceilings,
        chain,
        trade,
        demand,
        uptake,
        stock,
        support,
    ),
    *(idle, contracts, targets, touch, measures, minerals, metrics, passes, options, findings),
)
DECLARED = tuple(rule for subject in SUBJECTS for rule in rules_of(subject))


def _about(*subjects: About) -> tuple[AuditRule, ...]:
    return tuple(rule for rule in DECLARED if rule.about in subjects)


ROW_RULES = _about(About.ROWS)
FLOW_RULES = _about(About.FLOWS)


@of_record
def obey_in_baseline(evidence: Evidence) -> Iterator[Check]:
    """The baseline is an answer of its own without commitments and payments: every rule of flows
    and stock holds in its flows of allies and of the world."""
    bare = evidence.of_baseline()
    for rule in FLOW_RULES:
        for check in rule.checks(bare):
            yield check._replace(place=(rule.name, *check.place))


RULES = (*ROW_RULES, *_about(About.PLAN, About.FLOWS))
RECORD_RULES = (*_about(About.RECORD), obey_in_baseline)


def audit(
    tables: Tables, answer: WrittenAnswer, rules: Sequence[AuditRule] = (*RULES, *RECORD_RULES)
) -> AuditReport:
    """Recompute every rule and every number of an answer from the workbook, by arithmetic.

    RULES are those of the plan, the flows, the tables and the metrics; RECORD_RULES hold all the
    rest of run.json, and the tables that only repeat. Where a rule of the rows is broken nothing
    else is looked at.
    """
    evidence = derive_evidence(tables, answer)
    first = [(rule.name, list(rule.checks(evidence))) for rule in ROW_RULES]
    report = write_report(first)
    if not report.passed:
        return report
    evidence = add_sums(evidence)
    others = ((rule.name, rule.checks(evidence)) for rule in rules if rule not in ROW_RULES)
    return write_report(joined(first, others))
