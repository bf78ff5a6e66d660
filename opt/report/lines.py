"""A run as lines of text for a reader: what the tables of the memo and of the page both hold."""

from __future__ import annotations

from opt.data.tables import DefaultUsed, Value
from opt.record.options import Option
from opt.record.run import Run
from opt.report import wording
from opt.report.findings import BuiltProject, find
from opt.report.lookup import Lookup
from opt.report.story import Story, status_sentence

DATA_KEYS = ("data_version", "data_date", "licence")
MOST_ROWS = 6  # of the memo's two pages; the annex has all

PLAN_HEADS = (
    "Project",
    "Country",
    "Stage",
    "Year",
    "First output",
    "Capital, USD m",
    "Public money, USD m",
    "What it unlocks",
)
PLAN_WIDTHS = (2.9, 1.7, 1.7, 1.1, 1.3, 1.4, 2.6, 3.3)


def plan_line(story: Story, entry: BuiltProject) -> tuple[str, ...]:
    """One commitment as a line of the plan table."""
    lookup = Lookup(story.run.workbook)
    units = (
        f" ({wording.count(entry.commitment.units, 'unit')})" if entry.commitment.units != 1 else ""
    )
    return (
        f"{entry.name}{units}",
        entry.region_name,
        entry.stage,
        wording.year(entry.commitment.year),
        wording.year(entry.commitment.first_operation),
        wording.short_money(entry.commitment.capex_musd),
        lookup.paid(entry.paid_by),
        entry.unlocks,
    )


GRADES = {
    "A": "primary source",
    "B": "press, or arithmetic on A",
    "C": "unverified",
    "D": "estimate",
}

OPTION_HEADS = (
    "Option",
    "Public money, USD m",
    "Capital cost, USD m",
    "Dependence",
    "Worst year",
    "Plants",
    "First output",
    "What could go wrong",
)

OPTION_WIDTHS = (2.4, 1.5, 1.5, 1.9, 2.4, 1.1, 1.2, 3.6)
SOURCE_HEADS = ("Source", "Title", "Date", "Grade", "Address")
PROGRAMME_HEADS = ("Programme", "Amount", "Most committed, at its charge", "Least left")


def proof_heads(run: Run) -> tuple[str, ...]:
    """Heads of the table of passes; of a given plan the bound is of its own flows and payments."""
    bound = "The given plan cannot beat" if run.is_given else "No plan can beat"
    return ("Goal, in order", "Value", bound, "Status")


def data_words(run: Run) -> str:
    """Edition, date and terms of the data where the workbook states them, as a sentence."""
    settings = run.workbook.settings
    edition, date, licence = (settings.get(key) for key in DATA_KEYS)
    found = [f"edition {edition}"] if edition else []
    found += [f"as of {date}"] if date else []
    found += [f"licence {licence}"] if licence else []
    return f"Data: {', '.join(found)}." if found else ""


def record_line(story: Story) -> str:
    """What was solved, from which data, and how it ended: the line under the title."""
    run = story.run
    said = (
        f"DRAFT. Scenario: {scenario_words(run)}. Run {run.id} of workbook {run.name}.",
        data_words(run),
        status_sentence(story),
    )
    return " ".join(part for part in said if part)


def programme_lines(story: Story) -> list[tuple[str, ...]]:
    """Every programme: its amount, what is committed of it, what is left, USD million."""
    return [
        (
            entry.name,
            wording.short_money(entry.amount_musd),
            wording.short_money(max(entry.amount_musd - entry.left_musd, 0.0)),
            "spent" if entry.is_spent else wording.short_money(max(entry.left_musd, 0.0)),
        )
        for entry in story.findings.programmes
    ]


def defaults_used(run: Run) -> list[DefaultUsed]:
    """The declared defaults that stood in and can change the answer."""
    return [
        entry
        for entry in run.workbook.defaults_used
        if entry.sheet != "settings" or entry.column in run.settings_asked
    ]


def settings_lines(run: Run) -> list[tuple[str, str, str]]:
    """Key, value and remark of every setting that can change the answer."""
    return [
        (key, setting_text(value), "changed for this run" if key in run.overrides else "")
        for key, value in run.settings_asked.items()
    ]


def scenario_words(run: Run) -> str:
    """The scenario's name, or the base case."""
    if run.scenario is None:
        return "base case"
    return Lookup(run.workbook).name("scenarios", run.scenario)


def option_line(option: Option) -> tuple[str, ...]:
    """One option as a line of the options table."""
    return (
        option.name,
        wording.short_money(option.public_musd),
        wording.short_money(option.capex_musd),
        wording.percent(option.dependence),
        f"{wording.percent(option.worst_year_dependence)} in {wording.year(option.worst_year)}",
        wording.number(option.plants),
        "none" if option.first_output is None else wording.year(option.first_output),
        option.note or "[Analyst: fill in]",
    )


def setting_text(value: Value) -> str:
    """A setting as it stands; blank where it has no value."""
    if isinstance(value, tuple):
        return "; ".join(value)
    return "not set" if value is None else str(value)


def quality_lines(story: Story) -> list[tuple[str, str, str, str]]:
    """Grade, meaning, capital cost and share of the plan that rests on it."""
    findings = story.findings
    return [
        (
            grade,
            GRADES.get(grade, "no grade given"),
            wording.money(value),
            wording.percent(findings.confidence_share[grade]),
        )
        for grade, value in findings.confidence_musd.items()
    ]


def key_pairs(story: Story) -> list[tuple[str, str]]:
    """The key numbers by name, for the page and the workbook's cover."""
    run, findings = story.run, story.findings
    pairs = [
        ("Dependence, counted years", wording.percent(run.metrics.dependence)),
        ("Without new money", wording.percent(run.baseline.dependence)),
        ("Unserved demand, all years", wording.percent(findings.short_share)),
        ("Public money", wording.money(run.metrics.public_musd)),
        *_uses(run),
        ("Capital cost", wording.money(run.metrics.capex_musd)),
        ("Discounted cost of serving allies", wording.money(run.metrics.cost_musd)),
        ("Projects", wording.number(findings.project_count)),
    ]
    if findings.first_output is not None:
        pairs.append(("First output", wording.year(findings.first_output)))
    return pairs


def _uses(run: Run) -> list[tuple[str, str]]:
    """Public money for stock and for support, where there is any."""
    uses = (
        ("Public money for stock", run.metrics.stock_musd),
        ("Public money for support", run.metrics.support_musd),
    )
    return [(label, wording.money(musd)) for label, musd in uses if musd > wording.NOTHING]


def source_lines(run: Run) -> list[tuple[str, ...]]:
    """The sources of the plan's projects and their programmes, in the order of SOURCE_HEADS."""
    keys = ("source", "title", "date", "confidence", "address")
    wanted = _sources_of_plan(run)
    return [
        tuple(str(row.values.get(key) or "") for key in keys)
        for row in run.workbook.rows.get("sources", ())
        if row.text("source").casefold() in wanted
    ]


def _sources_of_plan(run: Run) -> set[str]:
    """Ids that stand in column source of a built project or of a programme that pays."""
    built = {entry.project for entry in run.solution.commitments}
    paying = {entry.programme for entry in find(run).programmes if entry.paid_musd > 0}
    rows = [row for row in run.workbook.rows.get("projects", ()) if row.text("project") in built]
    programmes = run.workbook.rows.get("programmes", ())
    rows += [row for row in programmes if row.text("programme") in paying]
    texts = [str(row.values.get("source") or "") for row in rows]
    return {part.strip().casefold() for text in texts for part in text.split(";") if part.strip()}


def proof_lines(run: Run) -> list[tuple[str, ...]]:
    """Each pass with its value and bound."""
    return [
        (
            _goal_words(run, entry.objective),
            wording.objective_value(entry.objective, entry.value),
            wording.pass_bound(entry),
            str(entry.outcome),
        )
        for entry in run.passes
    ]


def _goal_words(run: Run, objective: str) -> str:
    """What a pass makes small. Unserved demand is that of all years, over the demand that counts:
    said where these differ, since its share is then none of any year's."""
    words = wording.objective_words(objective)
    if objective == "shortfall" and not all(entry.counted for entry in run.metrics.by_year):
        return f"{words} of all years, over demand of the counted years"
    return words


def audit_words(run: Run) -> str:
    """Whether the audit passed, how large the worst violation is, how much was checked."""
    verdict = "passed" if run.audit.passed else "FAILED: do not use these results"
    checked = ", ".join(f"{rule} {wording.number(n)}" for rule, n in run.audit.checked.items())
    return (
        f"Audit, recomputed without the model: {verdict}. Largest violation "
        f"{wording.tiny(run.audit.largest_violation)}. Checked: {checked or 'nothing'}."
    )


def version_words(run: Run) -> str:
    """The versions of all that took part."""
    return "Versions: " + ", ".join(f"{name} {text}" for name, text in run.versions.items()) + "."
