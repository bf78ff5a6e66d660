"""report.html: one static file that opens from mail; no script, every text escaped."""

from __future__ import annotations

from collections.abc import Sequence

from opt.data.gathered import gathered, group_words
from opt.record.run import Run
from opt.report import figures, page, wording
from opt.report.lines import (
    OPTION_HEADS,
    PLAN_HEADS,
    PROGRAMME_HEADS,
    SOURCE_HEADS,
    audit_words,
    defaults_used,
    key_pairs,
    option_line,
    plan_line,
    programme_lines,
    proof_heads,
    proof_lines,
    quality_lines,
    record_line,
    settings_lines,
    source_lines,
    version_words,
)
from opt.report.lines_policy import (
    TextTable,
    chain_table,
    concentration_table,
    elements_table,
    margins_table,
    stockpiles_sentence,
    stockpiles_table,
    targets_table,
)
from opt.report.lookup import Lookup
from opt.report.policy_words import (
    CONCENTRATION_MEANING,
    MARGIN_MEANING,
    STOCK_MEANING,
    TARGET_MEANING,
    element_sentence,
    margins_sentence,
    touch_meaning,
)
from opt.report.story import (
    NO_SWITCHING,
    STAGE_MEANING,
    Story,
    foresight,
    headline,
    judgments,
    method,
    proof,
    proven,
    risks,
    spent_sentence,
    tell,
)
from opt.report.titles import title_touch


def report_html(run: Run) -> str:
    """The page of a run as text; sections of what the run does not use are left out."""
    story = tell(run)
    sections = (
        ("numbers", "Findings", _findings(story)),
        ("figures", "Figures", _figures(story)),
        ("plan", "The plan", _plan(story)),
        ("options", "Options", _options(story)),
        ("money", "Money", _money(story)),
        ("targets", "Targets", _targets(story)),
        ("stockpiles", "Stockpiles", _stockpiles(story)),
        ("support", "Support", _margins(story)),
        ("years", "Dependence by year", _years(story)),
        ("chain", "Chain", _chain(story)),
        ("elements", "Elements", _elements(story)),
        ("world", "Concentration", _world(story)),
        ("doubts", "Doubts", _doubts(story)),
        ("annex", "Annexes", _annexes(story)),
    )
    shown = [(anchor, text, body) for anchor, text, body in sections if body]
    contents = [(anchor, text) for anchor, text, _ in shown]
    return page.page(run.title, "\n".join([_top(story, contents), *(body for *_, body in shown)]))


def _top(story: Story, contents: Sequence[tuple[str, str]]) -> str:
    run = story.run
    links = "".join(
        f'<li><a href="#{anchor}">{page.clean(text)}</a></li>' for anchor, text in contents
    )
    before = [page.paragraph(text) for text in (run.scenario_text, foresight(story)) if text]
    after = [page.paragraph(text) for text in (proof(story), proven(story)) if text]
    return (
        f"<header><h1>{page.clean(run.title)}</h1>{page.paragraph(record_line(story), 'muted')}"
        f"{''.join(before)}{page.paragraph(headline(story), 'headline')}{''.join(after)}</header>"
        f'<nav aria-label="Contents"><ul>{links}</ul></nav>'
    )


def _findings(story: Story) -> str:
    return page.section(
        "numbers", "Findings", page.key_numbers(key_pairs(story)), page.bullets(judgments(story))
    )


def _figures(story: Story) -> str:
    drawn = [
        page.figure(
            f"chart-{chart.name}",
            figures.svg(story.run, chart, titled=False),
            chart.title(story),
            chart.alt(story),
            chart.caption,
        )
        for chart in figures.CHARTS
    ]
    return page.section("figures", "Figures", *drawn)


def _plan(story: Story) -> str:
    lines = [plan_line(story, entry) for entry in story.findings.projects]
    return page.section("plan", "The plan", page.table("Commitments", PLAN_HEADS, lines, (3, 4, 5)))


def _options(story: Story) -> str:
    lines = [option_line(option) for option in story.run.options]
    return page.section(
        "options", "Options", page.table("Options compared", OPTION_HEADS, lines, (1, 2, 3, 5, 6))
    )


def _optional(value: float | None, words: str) -> str:
    return words if value is None else wording.short_money(value)


def _money(story: Story) -> str:
    lookup = Lookup(story.run.workbook)
    active = [
        entry
        for entry in sorted(story.run.payments_due, key=lambda e: (e.programme, e.year))
        if entry.committed_musd > 0 or entry.due_musd > 0
    ]
    lines = [
        (
            lookup.name("programmes", e.programme),
            wording.year(e.year),
            wording.short_money(e.committed_musd),
            wording.short_money(e.due_musd),
            _optional(e.limit_musd, "no limit"),
            _optional(e.left_musd, "no limit"),
            _optional(e.amount_left_musd, "not asked"),
        )
        for e in active
    ]
    heads = (
        *("Programme", "Year", "Promised", "Falls due", "Yearly limit", "Left of limit"),
        "Left of amount",
    )
    caption = "Public money in years with a promise or a payment, USD million"
    whole = "What is committed of each programme and what is left, USD million"
    return page.section(
        "money",
        "Money",
        page.paragraph(spent_sentence(story)),
        page.table(whole, PROGRAMME_HEADS, programme_lines(story), (1, 2, 3)),
        page.table(caption, heads, lines, (1, 2, 3, 4, 5, 6)),
    )


def _years(story: Story) -> str:
    before = {entry.year: entry.dependence for entry in story.run.baseline.by_year}
    lines = [
        (
            wording.year(e.year),
            "yes" if e.counted else "no",
            wording.number(e.demand),
            wording.percent(e.dependence),
            wording.percent(e.shortfall),
            wording.percent(before[e.year]) if e.year in before else "",
        )
        for e in story.run.metrics.by_year
    ]
    heads = ("Year", "Counts", "Weighted demand", "Dependence", "Unserved", "Without new money")
    return page.section(
        "years",
        "Dependence by year",
        page.table("Share of allied demand", heads, lines, (2, 3, 4, 5)),
    )


def _text_table(table: TextTable) -> str:
    return page.table(table.title, table.heads, table.lines, table.right)


def _targets(story: Story) -> str:
    if not story.findings.policy.targets:
        return ""
    table = _text_table(targets_table(story))
    return page.section("targets", "Targets", table, page.paragraph(TARGET_MEANING))


def _stockpiles(story: Story) -> str:
    if not story.findings.policy.stockpiles:
        return ""
    table = stockpiles_table(story)
    shown = [_text_table(table), page.paragraph(STOCK_MEANING)] if table.lines else []
    sentence = page.paragraph(stockpiles_sentence(story))
    return page.section("stockpiles", "Stockpiles", sentence, *shown)


def _margins(story: Story) -> str:
    policy = story.findings.policy
    if not policy.margins:
        return ""
    title = "Plants that run because they are paid, and plants that idle"
    table = margins_table(story)
    shown = [_text_table(table), page.paragraph(MARGIN_MEANING)] if table.lines else []
    return page.section("support", title, page.paragraph(margins_sentence(policy)), *shown)


def _chain(story: Story) -> str:
    return page.section(
        "chain",
        f"Where the chain first touches {story.covered}",
        page.paragraph(f"{title_touch(story)}."),
        _text_table(chain_table(story)),
        page.paragraph(touch_meaning(story.covered)),
        page.paragraph(STAGE_MEANING),
    )


def _elements(story: Story) -> str:
    policy = story.findings.policy
    if not policy.elements:
        return ""
    words = page.paragraph(element_sentence(policy))
    return page.section("elements", "Elements", words, _text_table(elements_table(story)))


def _world(story: Story) -> str:
    if not story.findings.policy.concentration:
        return ""
    table = _text_table(concentration_table(story))
    words = page.paragraph(CONCENTRATION_MEANING)
    return page.section("world", "Concentration of world output", words, table)


def _doubts(story: Story) -> str:
    return page.section(
        "doubts", "What could go wrong", page.bullets(risks(story)), page.paragraph(NO_SWITCHING)
    )


def _annexes(story: Story) -> str:
    run = story.run
    defaults = [(e.sheet, e.column, e.value, wording.number(e.rows)) for e in defaults_used(run)]
    settings = [(key, value) for key, value, _ in settings_lines(run)]
    parts = (
        "<h3>Method</h3>",
        *(page.paragraph(text) for text in method(story)),
        "<h3>Assumptions</h3>",
        page.table("Settings in force", ("Setting", "Value"), settings),
        page.table("Defaults used", ("Sheet", "Column", "Default", "Rows"), defaults, (3,)),
        page.bullets([group_words(group) for group in gathered(run.workbook.warnings)]),
        "<h3>Data quality</h3>",
        page.table(
            "Capital cost of the plan by grade of its figures",
            ("Grade", "Meaning", "Capital cost", "Share"),
            quality_lines(story),
            (2, 3),
        ),
        "<h3>Sources</h3>",
        page.table(
            "Sources of the plan's projects and programmes", SOURCE_HEADS, source_lines(run)
        ),
        "<h3>Proof and record</h3>",
        _proof(run),
    )
    return page.section("annex", "Annexes", *parts)


def _proof(run: Run) -> str:
    table = page.table("Value and bound of each pass", proof_heads(run), proof_lines(run), (1, 2))
    record = f"<p>Run {run.id}. Input hash (SHA-256): <code>{page.clean(run.sha256)}</code>.</p>"
    return table + page.paragraph(audit_words(run)) + record + page.paragraph(version_words(run))
