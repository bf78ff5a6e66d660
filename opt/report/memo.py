"""memo.docx: two pages and annexes for a reader with five minutes.

States model results only; advice is asked of the analyst in `[Analyst: ...]` prompts. Every number
comes from the run through `wording`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from opt.record.run import Run
from opt.report import figures, word, wording
from opt.report.annexes import add_annexes, add_text_table
from opt.report.lines import (
    MOST_ROWS,
    OPTION_HEADS,
    OPTION_WIDTHS,
    PLAN_HEADS,
    PLAN_WIDTHS,
    option_line,
    plan_line,
    record_line,
)
from opt.report.lines_policy import (
    chain_table,
    margins_table,
    stockpiles_sentence,
    stockpiles_table,
    targets_table,
)
from opt.report.policy_words import (
    MARGIN_MEANING,
    STOCK_MEANING,
    TARGET_MEANING,
    margins_sentence,
    money_decisions,
    touch_meaning,
)
from opt.report.story import (
    NO_SWITCHING,
    STAGE_MEANING,
    Story,
    foresight,
    headline,
    judgments,
    proof,
    proven,
    risks,
    tell,
)
from opt.report.titles import title_touch


def memo_bytes(run: Run, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """The memo as .docx bytes, the same for the same run; `pictures` are its figures if drawn."""
    story = tell(run)
    drawn = figures.draw_pngs(run) if pictures is None else pictures
    document = word.new_document(run.title, f"DRAFT for review. Run {run.id}, {run.name}")
    _add_top(document, story)
    _add_options(document, story)
    _add_figure(document, story, drawn)
    _add_plan(document, story)
    _add_targets(document, story)
    _add_stockpiles(document, story)
    _add_margins(document, story)
    _add_chain(document, story)
    _add_doubts(document, story)
    _add_decisions(document, story)
    add_annexes(document, story, drawn)
    return word.document_bytes(document)


def _add_top(document: Any, story: Story) -> None:
    run = story.run
    document.add_paragraph(word.clean(run.title), style="Title")
    word.add_text(document, record_line(story))
    for text in (run.scenario_text, foresight(story)):
        if text:
            word.add_text(document, text)
    document.add_heading("Bottom line", level=1)
    word.add_text(document, f"{headline(story)} {proof(story)}", bold=True)
    if proven(story):
        word.add_text(document, proven(story))
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
    word.add_caption(document, "Table", title)
    lines = [option_line(option) for option in story.run.options]
    word.add_table(document, OPTION_HEADS, lines, OPTION_WIDTHS, right=(1, 2, 3, 5), title=title)


def _span(story: Story) -> tuple[int, int]:
    counted = story.findings.counted
    tables = story.run.workbook
    return (counted[0], counted[-1]) if counted else (tables.first_year, tables.last_year)


def _add_figure(document: Any, story: Story, drawn: Mapping[str, bytes]) -> None:
    chart = figures.CHART["dependence"]
    document.add_paragraph()
    word.add_figure(document, drawn[chart.name], chart.alt(story), 13.5)
    word.add_caption(document, "Figure", chart.caption)


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
    word.add_caption(document, "Table", title)
    lines = [plan_line(story, entry) for entry in shown]
    word.add_table(document, PLAN_HEADS, lines, PLAN_WIDTHS, right=(5,), title=title)


def _add_targets(document: Any, story: Story) -> None:
    if not story.findings.policy.targets:
        return
    document.add_heading("Targets", level=1)
    add_text_table(document, targets_table(story))
    word.add_note(document, TARGET_MEANING)


def _add_stockpiles(document: Any, story: Story) -> None:
    if not story.findings.policy.stockpiles:
        return
    document.add_heading("Stockpiles", level=1)
    word.add_text(document, stockpiles_sentence(story))
    table = stockpiles_table(story)
    if table.lines:
        add_text_table(document, table)
        word.add_note(document, STOCK_MEANING)


def _add_margins(document: Any, story: Story) -> None:
    if not any(entry.is_told for entry in story.findings.policy.margins):
        return
    document.add_heading("Plants that run because they are paid, and plants that idle", level=1)
    word.add_text(document, margins_sentence(story.findings.policy))
    add_text_table(document, margins_table(story, MOST_ROWS))
    word.add_note(document, MARGIN_MEANING)


def _add_chain(document: Any, story: Story) -> None:
    document.add_heading(f"Where the chain first touches {story.covered}", level=1)
    table = chain_table(story)
    if not table.lines:
        word.add_text(document, "Allied plants and users take in no material.")
        return
    word.add_text(document, f"{title_touch(story)}.")
    add_text_table(document, table)
    word.add_note(document, f"{touch_meaning(story.covered)} {STAGE_MEANING}")


def _add_doubts(document: Any, story: Story) -> None:
    document.add_heading("What could go wrong, and what would change our mind", level=1)
    for sentence in risks(story):
        word.add_text(document, sentence, "List Bullet")
    word.add_text(document, NO_SWITCHING)
    word.add_prompt(document, "who bears each risk, and which sign would change this judgment.")


def _add_decisions(document: Any, story: Story) -> None:
    document.add_heading("Decisions needed, and by when", level=1)
    more = money_decisions(story.run, story.findings.policy)
    if not story.findings.decisions and not more:
        word.add_text(document, "The plan needs no new commitment.")
    for entry in story.findings.decisions:
        names = wording.names(entry.names, 6)
        money = (
            f"{wording.money(entry.capex_musd)}, of which {wording.money(entry.public_musd)} public"
        )
        text = f"In {wording.year(entry.year)}: commit {names} ({money})."
        word.add_text(document, text, "List Bullet")
    for text in more:
        word.add_text(document, text, "List Bullet")
    word.add_prompt(document, "who decides, in which body, and what must be ready before.")
