"""Proof and record: value and bound of each pass, the audit, and what the run was made of."""

from __future__ import annotations

from opt.record.run import Run
from opt.report import wording
from opt.report.document import Block, Heading, Section, TableBlock, Text
from opt.report.sections.summary import proof, proven, status_sentence
from opt.report.story import Story

STEPS = ("Data checked by", "Model results checked by", "Memo approved by")


def section(story: Story) -> Section:
    """Every pass, the audit and the record."""
    blocks = (*_said(story), _passes(story.run), *_record(story.run))
    return Section("proof", "Proof and record", blocks)


def _said(story: Story) -> tuple[Block, ...]:
    """How the run ended, what is proven of it and how far."""
    return tuple(
        Text(text) for text in (status_sentence(story), proof(story), proven(story)) if text
    )


def annex_section(story: Story) -> Section:
    """The same, with a table to sign."""
    table = TableBlock(
        "Sign-off", ("Step", "Name", "Date"), [(s, "", "") for s in STEPS], (4, 5, 3)
    )
    blocks = (*section(story).blocks, Heading("Quality assurance: to sign"), table)
    return Section("proof", "Proof and record", blocks)


def cover_section(story: Story) -> Section:
    """The same in sentences."""
    return Section("proof", "Proof and record", (*_said(story), *_record(story.run)))


def _passes(run: Run) -> TableBlock:
    """Each pass with its value, bound and gap; of a given plan the bound is of its own flows and
    payments."""
    bound = "The given plan cannot beat" if run.is_given else "No plan can beat"
    lines = [
        (
            _goal_words(run, entry.objective),
            wording.objective_value(entry.objective, entry.value),
            wording.pass_bound(entry),
            wording.pass_gap(entry),
            str(entry.outcome),
        )
        for entry in run.passes
    ]
    heads = ("Goal, in order", "Value", bound, "Gap", "Status")
    return TableBlock("Value, bound and gap of each pass", heads, lines, (8, 5, 5, 7, 4), (1, 2))


def _goal_words(run: Run, objective: str) -> str:
    """What a pass makes small. Unserved demand is that of all years, over the demand that counts:
    said where these differ, since its share is then none of any year's."""
    words = wording.objective_words(objective)
    if objective == "shortfall" and not all(entry.counted for entry in run.metrics.by_year):
        return f"{words} of all years, over demand of the counted years"
    return words


def _record(run: Run) -> tuple[Block, ...]:
    versions = ", ".join(f"{name} {text}" for name, text in run.versions.items())
    return (
        Text(_audit_words(run)),
        Text(f"Run {run.id}. Input hash (SHA-256): {run.sha256}."),
        Text(f"Versions: {versions}."),
    )


def _audit_words(run: Run) -> str:
    """Whether the audit passed, how large the worst violation is, how much was checked."""
    verdict = "passed" if run.audit.passed else "FAILED: do not use these results"
    checks = wording.number(sum(run.audit.checked.values()))
    rules = wording.count(len(run.audit.checked), "rule")
    return (
        f"Audit, recomputed without the model: {verdict}. Largest violation "
        f"{wording.tiny(run.audit.largest_violation)}. Checked: {rules}, {checks} times in all."
    )
