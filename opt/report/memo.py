"""memo.docx: two pages and annexes for a reader with five minutes.

States model results only; advice is asked of the analyst in `[Analyst: ...]` prompts. Every number
comes from the run through `wording`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from opt.report import figures, word, wording
from opt.report.annexes import add_annexes
from opt.report.lines import (
    MOST_ROWS,
    OPTION_HEADS,
    OPTION_WIDTHS,
    PLAN_HEADS,
    PLAN_WIDTHS,
    option_line,
    plan_line,
    run_id,
    scenario_words,
)
from opt.report.story import (
    NO_SWITCHING,
    STAGE_MEANING,
    Story,
    headline,
    judgments,
    proof,
    risks,
    tell,
)
from opt.results.run import Run


def memo_bytes(run: Run, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """The memo as .docx bytes, the same for the same run; `pictures` are its figures if drawn."""
    story = tell(run)
    drawn = figures.draw_pngs(run) if pictures is None else pictures
    document = word.new_document(run.title, f"DRAFT for review. Run {run_id(run)}, {run.name}")
    _add_top(document, story)
    _add_options(document, story)
    _add_figure(document, story, drawn)
    _add_plan(document, story)
    _add_chain(document, story)
    _add_doubts(document, story)
    _add_decisions(document, story)
    document.add_page_break()
    add_annexes(document, story, drawn)
    return word.document_bytes(document)


def _add_top(document: Any, story: Story) -> None:
    run = story.run
    document.add_paragraph(word.clean(run.title), style="Title")
    word.add_text(
        document,
        f"DRAFT. Scenario: {scenario_words(run)}. Run {run_id(run)} of workbook {run.name}. "
        f"{wording.status_words(run.status)}",
    )
    if run.scenario_text:
        word.add_text(document, run.scenario_text)
    document.add_heading("Bottom line", level=1)
    word.add_text(document, f"{headline(story)} {proof(story)}", bold=True)
    word.add_prompt(document, "what you advise, and for whom.")
    document.add_heading("Key judgments", level=1)
    for sentence in judgments(story):
        word.add_text(document, sentence, "List Bullet")


def _add_options(document: Any, story: Story) -> None:
    document.add_heading("Options", level=1)
    if not story.run.options:
        word.add_text(document, "No other option was worked out in this run.")
        return
    title = (
        f"Options compared; dependence over {wording.years(*_span(story))}, worst of those years"
    )
    word.add_caption(document, "Table", 1, title)
    lines = [option_line(option) for option in story.run.options]
    word.add_table(document, OPTION_HEADS, lines, OPTION_WIDTHS, right=(1, 2, 3, 5), title=title)


def _span(story: Story) -> tuple[int, int]:
    counted = story.findings.counted
    tables = story.run.tables
    return (counted[0], counted[-1]) if counted else (tables.first_year, tables.last_year)


def _add_figure(document: Any, story: Story, drawn: Mapping[str, bytes]) -> None:
    chart = figures.CHART["dependence"]
    document.add_paragraph()
    word.add_figure(document, drawn[chart.name], chart.alt(story), 14.5)
    word.add_caption(document, "Figure", 1, chart.caption)


def _add_plan(document: Any, story: Story) -> None:
    document.add_heading("The plan", level=1).paragraph_format.page_break_before = True
    built = story.findings.projects
    if not built:
        word.add_text(document, "The plan commits no new project.")
        return
    largest = sorted(built, key=lambda entry: -entry.commitment.capex_musd)[:MOST_ROWS]
    shown = [entry for entry in built if entry in largest]
    title = "What is committed, when, and with whose money"
    if len(shown) < len(built):
        number = wording.count(len(built), "commitment")
        title = f"The largest {len(shown)} of {number}; annex G has all"
    word.add_caption(document, "Table", 2, title)
    lines = [plan_line(story, entry) for entry in shown]
    word.add_table(document, PLAN_HEADS, lines, PLAN_WIDTHS, right=(5,), title=title)


def _add_chain(document: Any, story: Story) -> None:
    covered = word.clean(story.covered)
    document.add_heading(f"Where the chain still touches {covered}", level=1)
    stages = story.findings.stages
    if not stages:
        word.add_text(document, "Allied plants and users take in no material.")
        return
    year = wording.year(stages[0].year)
    title = f"Exposed share of each stage in {year}, and the year from which it need not be exposed"
    word.add_caption(document, "Table", 3, title)
    lines = [
        (
            entry.stage,
            wording.percent(entry.baseline_exposed_share),
            wording.percent(entry.exposed_share),
            f"clear from {wording.year(entry.clear_from)}"
            if entry.clear_from
            else f"still exposed in {year}",
        )
        for entry in stages
    ]
    heads = ("Stage", "No new projects", "With the plan", "With the plan it is")
    word.add_table(document, heads, lines, (3, 2, 2, 3), right=(1, 2), title=title)
    word.add_text(document, STAGE_MEANING)


def _add_doubts(document: Any, story: Story) -> None:
    document.add_heading("What could go wrong, and what would change our mind", level=1)
    for sentence in risks(story):
        word.add_text(document, sentence, "List Bullet")
    word.add_text(document, NO_SWITCHING)
    word.add_prompt(document, "who bears each risk, and which sign would change this judgment.")


def _add_decisions(document: Any, story: Story) -> None:
    document.add_heading("Decisions needed, and by when", level=1)
    if not story.findings.decisions:
        word.add_text(document, "The plan needs no new commitment.")
    for entry in story.findings.decisions:
        names = wording.names(entry.names, 6)
        money = (
            f"{wording.money(entry.capex_musd)}, of which {wording.money(entry.public_musd)} public"
        )
        text = f"In {wording.year(entry.year)}: commit {names} ({money})."
        word.add_text(document, text, "List Bullet")
    word.add_prompt(document, "who decides, in which body, and what must be ready before.")
