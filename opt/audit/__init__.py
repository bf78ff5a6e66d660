"""The audit: every rule and metric recomputed from workbook and answer, without the model's code.

It shares nothing with the model but the typed tables, so that an error of either shows.
"""

from opt.audit.check import AuditReport, Finding
from opt.audit.evidence import WrittenAnswer, read_answer
from opt.audit.folder import audit_answer, audit_folder, audit_run
from opt.audit.rules import RECORD_RULES, RULES, audit

__all__ = [
    "RECORD_RULES",
    "RULES",
    "AuditReport",
    "Finding",
    "WrittenAnswer",
    "audit",
    "audit_answer",
    "audit_folder",
    "audit_run",
    "read_answer",
]
