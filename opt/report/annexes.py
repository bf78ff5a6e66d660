"""The memo's annexes: method, assumptions, data quality, sources, proof, the full plan, figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from opt.data.gathered import gathered, group_words
from opt.record.run import Run
from opt.report import figures, word, wording
from opt.report.lines import (
    MOST_ROWS,
    PLAN_HEADS,
    PLAN_WIDTHS,
    PROGRAMME_HEADS,
    SOURCE_HEADS,
    audit_words,
    defaults_used,
    plan_line,
    programme_lines,
    proof_heads,
    proof_lines,
    quality_lines,
    settings_lines,
    source_lines,
    version_words,
)
from opt.report.lines_policy import TextTable, concentration_table, elements_table
from opt.report.policy_words import CONCENTRATION_MEANING, element_sentence
from opt.report.story import Story, method, status_sentence

MOST_WARNINGS = 25


def add_annexes(document: Any, story: Story, drawn: Mapping[str, bytes]) -> None:
    """Annexes A to G, the first on a page of its own."""
    _add_method(document, story)
    _add_assumptions(document, story.run)
    _add_quality(document, story)
    _add_sources(document, story.run)
    _add_proof(document, story)
    _add_figures(document, story, drawn)
    _add_full_plan(document, story)


def _add_method(document: Any, story: Story) -> None:
    heading = document.add_heading("Annex A. Method in a page", level=1)
    heading.paragraph_format.page_break_before = True
    for paragraph in method(story):
        word.add_text(document, paragraph)


def _add_assumptions(document: Any, run: Run) -> None:
    document.add_heading("Annex B. Assumptions and defaults used", level=1)
    word.add_text(document, "Settings in force:")
    settings = ("Setting", "Value", "Remark")
    title = "Settings in force"
    word.add_table(document, settings, settings_lines(run), (3, 3, 3), title=title)
    document.add_paragraph()
    used = defaults_used(run)
    if not used:
        word.add_text(document, "No blank cell was filled with a default.")
    else:
        word.add_text(document, "Blank cells filled with a declared default:")
        rows = [(e.sheet, e.column, e.value, wording.count(e.rows, "row")) for e in used]
        heads = ("Sheet", "Column", "Default", "Where")
        word.add_table(document, heads, rows, (3, 3, 2, 2), title="Defaults used")
        document.add_paragraph()
    _add_warnings(document, run)


def _add_warnings(document: Any, run: Run) -> None:
    warnings = run.workbook.warnings
    if not warnings:
        return
    word.add_text(document, f"Warnings of the check: {wording.count(len(warnings), 'warning')}.")
    groups = gathered(warnings)
    for group in groups[:MOST_WARNINGS]:
        word.add_text(document, group_words(group), "List Bullet")
    if len(groups) > MOST_WARNINGS:
        rest = wording.count(sum(map(len, groups[MOST_WARNINGS:])), "warning")
        word.add_text(document, f"And {rest} more, all in results.xlsx.")


def _add_quality(document: Any, story: Story) -> None:
    document.add_heading("Annex C. Data quality", level=1)
    lines = quality_lines(story)
    if not lines:
        word.add_text(document, "The plan commits no project, so no project figure carries it.")
        return
    word.add_text(document, "The plan's capital cost by the grade of each project's figures:")
    heads = ("Grade", "Meaning", "Capital cost", "Share of the plan")
    word.add_table(
        document, heads, lines, (2, 4, 3, 3), right=(2, 3), title="Capital cost by grade"
    )


def _add_sources(document: Any, run: Run) -> None:
    document.add_heading("Annex D. Sources", level=1)
    lines = source_lines(run)
    if not lines:
        word.add_text(
            document, "The plan's projects and programmes name no source of the workbook."
        )
        return
    word.add_text(
        document, "Sources of the plan's projects and programmes; results.xlsx has all others."
    )
    word.add_table(document, SOURCE_HEADS, lines, (2, 5, 1.7, 1.2, 5), title="Sources", size=8)


def _add_proof(document: Any, story: Story) -> None:
    run = story.run
    document.add_heading("Annex E. Proof and record", level=1)
    word.add_text(document, status_sentence(story))
    title, heads = "Value and bound of each pass", proof_heads(run)
    word.add_table(document, heads, proof_lines(run), (4, 3, 3, 2), right=(1, 2), title=title)
    document.add_paragraph()
    word.add_text(document, audit_words(run))
    word.add_text(document, f"Run {run.id}. Input hash (SHA-256): {run.sha256}.")
    word.add_text(document, version_words(run))
    document.add_heading("Quality assurance: to sign", level=2)
    lines = [
        (step, "", "")
        for step in ("Data checked by", "Model results checked by", "Memo approved by")
    ]
    word.add_table(document, ("Step", "Name", "Date"), lines, (4, 5, 3), title="Sign-off")


def _add_full_plan(document: Any, story: Story) -> None:
    if len(story.findings.projects) <= MOST_ROWS:
        return
    document.add_heading("Annex G. The whole plan", level=1)
    lines = [plan_line(story, entry) for entry in story.findings.projects]
    title = "The whole plan"
    word.add_table(document, PLAN_HEADS, lines, PLAN_WIDTHS, right=(5,), title=title, size=8)


def _add_figures(document: Any, story: Story, drawn: Mapping[str, bytes]) -> None:
    document.add_heading("Annex F. Figures, elements and concentration", level=1)
    for name in ("builds", "touch", "stages", "money"):
        chart = figures.CHART[name]
        word.add_figure(document, drawn[chart.name], chart.alt(story))
        word.add_caption(document, "Figure", chart.caption)
    _add_programmes(document, story)
    _add_elements(document, story)
    _add_concentration(document, story)


def _add_programmes(document: Any, story: Story) -> None:
    document.add_heading("Programmes", level=2)
    title = "What is committed of each programme and what is left, USD million"
    word.add_caption(document, "Table", title)
    lines = programme_lines(story)
    word.add_table(document, PROGRAMME_HEADS, lines, (5, 2, 2, 2), right=(1, 2, 3), title=title)


def _add_elements(document: Any, story: Story) -> None:
    if not story.findings.policy.elements:
        return
    document.add_heading("Elements", level=2)
    word.add_text(document, element_sentence(story.findings.policy))
    add_text_table(document, elements_table(story))


def _add_concentration(document: Any, story: Story) -> None:
    if not story.findings.policy.concentration:
        return
    document.add_heading("Concentration of world output", level=2)
    word.add_text(document, CONCENTRATION_MEANING)
    add_text_table(document, concentration_table(story))


def add_text_table(document: Any, table: TextTable) -> None:
    """A table under its caption."""
    word.add_caption(document, "Table", table.title)
    word.add_table(
        document, table.heads, table.lines, table.widths, right=table.right, title=table.title
    )
