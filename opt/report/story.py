"""The sentences of the memo, the page and the figures' titles, worked out from a run.

Each function says only what the run's figures show; every number goes through `wording`. Advice is
the analyst's and is asked for in `[Analyst: ...]` prompts, never written here.
"""

from __future__ import annotations

from dataclasses import dataclass

from opt.record.passes import Outcome
from opt.record.run import Run, covered_name
from opt.report import wording
from opt.report.findings import Findings, ProgrammeFinding, StageFinding, find
from opt.report.policy_words import (
    has_more_than_capital,
    more_than_capital,
    policy_method,
    policy_risks,
    public_parts,
    touch_sentence,
)

# Passes that choose flows: the projects are there by then, or are chosen afterwards by cost.
SETTLES_NOTHING = frozenset({"shortfall", "world"})

NO_SWITCHING = (
    "This run has no switching values: how far a cost, a delay or a price must move before a "
    "project leaves the plan is not worked out. No likelihood is stated."
)

STAGE_MEANING = (
    "Exposed intake: exposed share of what allied plants and users take in at each stage. A stage "
    "at zero takes in no exposed material itself; exposed material bought at a later stage has its "
    "earlier stages behind it."
)


@dataclass(frozen=True, slots=True)
class Story:
    """A run with its derived figures and the name of what it depends on."""

    run: Run
    findings: Findings
    covered: str

    @property
    def has_plan(self) -> bool:
        """Whether the run holds a plan at all."""
        return wording.has_plan(self.run.status)


def tell(run: Run) -> Story:
    """The story of a run."""
    return Story(run, find(run), covered_name(run.workbook))


def counted_years(story: Story) -> str:
    """The years in which dependence counts, in words."""
    counted = story.findings.counted
    return wording.years(counted[0], counted[-1]) if counted else "no counted year"


def plan_words(story: Story) -> str:
    """What is committed: projects, capital cost, public money and, where it buys more than plants,
    what of it goes where."""
    metrics = story.run.metrics
    public = wording.money(metrics.public_musd)
    begin = "Committing"
    if story.run.plan is not None and story.run.is_given:
        begin = f"As given, plan '{story.run.plan.name}' with"
    committed = f"{begin} no new project"
    if story.findings.projects:
        projects = wording.count(story.findings.project_count, "project") + _forced_words(story)
        committed = f"{begin} {projects} worth {wording.money(metrics.capex_musd)}"
    if has_more_than_capital(story.run):
        parts = wording.names(public_parts(story.run, story.findings.capital_public_musd))
        return f"{committed}, with {public} of public money ({parts}),"
    return f"{committed}, of which {public} is public," if story.findings.projects else committed


def _forced_words(story: Story) -> str:
    """How many of the projects were not chosen but asked for in the workbook."""
    forced = story.findings.forced_count
    if story.run.is_given or not forced:
        return ""
    return f" ({wording.number(forced)} of them forced by the workbook)"


def headline(story: Story) -> str:
    """What the plan commits, what it buys, and what stays unserved."""
    if not story.has_plan:
        return status_sentence(story)
    before, after = story.run.baseline.dependence, story.run.metrics.dependence
    measure = f"dependence on {story.covered} over {counted_years(story)}"
    if wording.percent(before) == wording.percent(after):
        words = f"{plan_words(story)} leaves {measure} at {wording.percent(after)}."
    else:
        verb = "lowers" if after < before else "raises"
        words = (
            f"{plan_words(story)} {verb} {measure} from {wording.percent(before)} "
            f"to {wording.percent(after)}."
        )
    return f"{words}{unserved_words(story)}"


def unserved_words(story: Story) -> str:
    """How much allied demand goes unserved; nothing where all of it is served."""
    words = short_words(story)
    return f" {words[0].upper()}{words[1:]}." if words else ""


def short_words(story: Story) -> str:
    """The share of allied demand of all years that goes unserved, that of the counted years where
    it is another, and the worst year; nothing where all of it is served."""
    findings, tables = story.findings, story.run.workbook
    worst = findings.worst_short
    if worst is None:
        return ""
    span = wording.years(tables.first_year, tables.last_year)
    counted = ""
    if len(findings.counted) < len(story.run.metrics.by_year):
        share = wording.percent(findings.counted_short_share)
        counted = f" and {share} of that over {counted_years(story)}"
    return (
        f"{wording.percent(findings.short_share)} of allied demand over {span}{counted} goes "
        f"unserved, most in {wording.year(worst.year)}: {wording.percent(worst.shortfall)} of that "
        f"year's"
    )


def status_sentence(story: Story) -> str:
    """How the run ended, in one sentence that says no more than what was looked for."""
    return wording.status_words(story.run.status, given=story.run.is_given)


def proof(story: Story) -> str:
    """How good the plan is proven to be; never more than the solver's status allows."""
    run = story.run
    if not wording.has_plan(run.status) or not run.passes:
        return "No plan was proven best."
    if run.plan is not None and run.is_given:
        return f"The plan '{run.plan.name}' was taken as given; no better plan was looked for."
    first = run.passes[0]
    sentence = wording.best_sentence(first)
    if first.objective != "dependence":
        words = wording.objective_words(first.objective)
        sentence = f"Measured by {words}: {sentence}"
    if run.status is not Outcome.OPTIMAL and first.outcome is Outcome.OPTIMAL:
        sentence += " A later pass stopped early, so its value is not proven best."
    return sentence


def proven(story: Story) -> str:
    """What is proven of the plan and how far, each goal to its own gap: projects and years are
    settled by the cost pass, and so proven to its gap alone. Nothing where there is no plan."""
    run = story.run
    if not story.has_plan or not run.passes:
        return ""
    if run.is_given:
        return "Of the choice of projects and years nothing is proven, since both were given."
    goals = [entry for entry in run.passes if entry.objective not in SETTLES_NOTHING]
    words = [f"{wording.objective_words(e.objective)} {wording.proven_to(e)}" for e in goals]
    last = goals[-1]
    others = ""
    if not wording.is_proven(last):
        others = "; within its gap others may do as well"
    return (
        f"Proven: {wording.names(words, len(words))}. Projects and years rest on "
        f"{wording.objective_words(last.objective)}{others}."
    )


def foresight(story: Story) -> str:
    """What the plan of a scenario knows in advance; nothing in the base case or without shocks."""
    run = story.run
    rows = run.workbook.rows.get("shocks", ())
    shocks = [row for row in rows if run.scenario and row.text("scenario") == run.scenario]
    if not shocks:
        return ""
    first = run.workbook.first_year
    starts = min(int(row.optional("first_year") or first) for row in shocks)
    what = "Flows and payments of the given plan are" if run.is_given else "The plan is"
    if starts <= first:
        return f"{what} made knowing the whole scenario from {first} on."
    return (
        f"{what} made knowing from {first} on what the scenario brings in {starts} and later: what "
        f"is done before {starts} may prepare for it."
    )


def judgments(story: Story) -> list[str]:
    """The findings, the most important first."""
    if not story.has_plan:
        return [_without_plan(story)]
    found = [
        _effect(story),
        _mixing(story),
        _timing(story),
        _payment(story),
        _chain(story),
        _evidence(story),
    ]
    return [sentence for sentence in found if sentence]


def _without_plan(story: Story) -> str:
    return (
        f"Without new money dependence on {story.covered} over {counted_years(story)} is "
        f"{wording.percent(story.run.baseline.dependence)}."
    )


def _effect(story: Story) -> str:
    target, before = story.findings.target, story.findings.target_baseline
    if target is None or before is None:
        return "No allied demand falls in the counted years, so dependence is zero by definition."
    unserved = short_words(story) or "all allied demand is served in every year"
    return (
        f"In {wording.year(target.year)}, {wording.percent(target.dependence)} of allied demand "
        f"still rests on {story.covered} or goes unserved, against "
        f"{wording.percent(before.dependence)} without new money; {unserved}."
    )


def _mixing(story: Story) -> str:
    """What dependence is where material is not kept apart; nothing where it makes no difference."""
    traced, pooled = story.run.metrics.dependence, story.run.metrics.pooled_dependence
    if wording.percent(traced) == wording.percent(pooled):
        return ""
    return (
        f"Where clear and exposed material are not kept apart dependence is "
        f"{wording.percent(pooled)}, not {wording.percent(traced)}; the truth lies between the two."
    )


def _timing(story: Story) -> str:
    findings = story.findings
    worst = findings.worst
    if worst is None:
        return ""
    share = wording.percent(worst.dependence)
    peak = f"the worst counted year is {wording.year(worst.year)}, at {share}"
    if findings.first_output is None or findings.last_output is None:
        return f"No new plant starts; {peak}."
    if findings.first_output == findings.last_output:
        return f"New output begins in {wording.year(findings.first_output)}; {peak}."
    return (
        f"New output begins in {wording.year(findings.first_output)} and the last plant starts in "
        f"{wording.year(findings.last_output)}; {peak}."
    )


def _payment(story: Story) -> str:
    metrics, more = story.run.metrics, more_than_capital(story.run)
    if metrics.capex_musd <= 0 and not more:
        return "The plan needs no capital."
    sentence = f"The plan needs no capital.{more}"
    if metrics.capex_musd > 0:
        public = wording.money(story.findings.capital_public_musd)
        sentence = (
            f"Public money carries {wording.percent(story.findings.public_share)} of the capital "
            f"cost, {public} of {wording.money(metrics.capex_musd)}{_floor_words(story)}.{more}"
        )
    return f"{sentence} {_spent_words(story)}"


def _floor_words(story: Story) -> str:
    """How much of the public money in capital the workbook asks for, and so is no finding."""
    floor, public = story.findings.floor_musd, story.findings.capital_public_musd
    if floor <= wording.NOTHING:
        return ""
    if public <= floor * (1 + wording.NOTHING):
        return ", all of it the floor that the workbook sets"
    return f"; {wording.money(floor)} of it is the floor that the workbook sets"


def _spent_words(story: Story) -> str:
    """How many programmes have nothing left of their amount, and which use up a yearly limit; the
    doubts name the former."""
    spent, paying = len(spent_programmes(story)), len(_paying(story))
    words = "No programme spends its whole amount."
    if spent:
        verb = "spends its" if spent == 1 else "spend their"
        words = f"{spent} of the {wording.count(paying, 'programme')} that pay {verb} whole amount."
    full = full_programmes(story)
    if not full:
        return words
    verb = "uses" if len(full) == 1 else "use"
    return f"{words} {wording.names(full)} {verb} up the yearly limit in at least one year."


def spent_sentence(story: Story) -> str:
    """Which programmes have nothing left of their amount, and how much the others that pay have."""
    spent = spent_programmes(story)
    rest = [entry for entry in _paying(story) if not entry.is_spent]
    words = "No programme spends its whole amount."
    if spent:
        words = f"Spent to the whole amount: {wording.names(spent, len(spent))}."
    if not rest:
        return words
    left = wording.money(wording.total(entry.left_musd for entry in rest))
    return f"{words} The {'others' if spent else 'programmes'} that pay have {left} left."


def _paying(story: Story) -> list[ProgrammeFinding]:
    return [entry for entry in story.findings.programmes if entry.paid_musd > wording.NOTHING]


def spent_programmes(story: Story) -> list[str]:
    """Names of the programmes with nothing left of their amount."""
    return [entry.name for entry in story.findings.programmes if entry.is_spent]


def full_programmes(story: Story) -> list[str]:
    """Names of the programmes with nothing left of a yearly limit in some year."""
    return [entry.name for entry in story.findings.programmes if entry.full_years]


def touching(story: Story) -> list[StageFinding]:
    """Stages that are still exposed at the target year, the most exposed first."""
    exposed = [entry for entry in story.findings.stages if entry.touches]
    return sorted(exposed, key=lambda entry: -entry.exposed_share)


def _chain(story: Story) -> str:
    sentence = touch_sentence(story.findings.policy, story.covered)
    return f"{sentence}." if sentence else ""


def _evidence(story: Story) -> str:
    if not story.findings.projects:
        return ""
    return (
        f"Unverified or estimated figures (grade C, D or no grade) carry "
        f"{wording.percent(story.findings.weak_share)} of the plan's capital cost."
    )


def risks(story: Story) -> list[str]:
    """What the run shows about what could go wrong; nothing that was not worked out."""
    found = []
    findings = story.findings
    if findings.largest is not None:
        found.append(
            f"The largest single commitment, {findings.largest.name}, is "
            f"{wording.percent(findings.largest_share)} of the plan's capital cost."
        )
    if spent_programmes(story):
        found.append(f"{spent_sentence(story)} A dearer project has nothing to draw on there.")
    if full_programmes(story):
        full = wording.names(full_programmes(story))
        found.append(
            f"Nothing left of a yearly limit in at least one year: {full}. A delay or a dearer "
            f"project has nothing to draw on."
        )
    if findings.weak_share > wording.NOTHING:
        found.append(
            f"{wording.percent(findings.weak_share)} of the plan's capital cost rests on "
            f"unverified or estimated figures (annex C)."
        )
    worst = findings.worst_short
    if worst is not None:
        found.append(
            f"In {wording.year(worst.year)}, {wording.percent(worst.shortfall)} of allied demand "
            f"goes unserved even with the plan."
        )
    return [*found, *policy_risks(findings.policy)]


def method(story: Story) -> tuple[str, ...]:
    """The method in a page, one paragraph an entry."""
    covered = story.covered
    years = wording.years(story.run.workbook.first_year, story.run.workbook.last_year)
    return (
        f"A mixed-integer programme over the calendar years {years} chooses which projects to "
        f"commit, in which year and with whose money, and how material then flows, so that as "
        f"little allied demand as possible rests on {covered}.",
        f"Material is clear only if no step of it was done in {covered} or by a plant under its "
        f"control. A plant makes clear output only from inputs that are all clear. Each material "
        f"flows in two classes, clear and exposed, through every stage.",
        "Dependence is the weighted share of allied demand in the counted years that is served "
        "with exposed material or not served. Demand that is not served counts, since going "
        "without is not independence.",
        f"{_order_words(story)} Other countries are served afterwards, with commitments and allied "
        f"deliveries fixed.",
        "Plants spend over their construction, start after their lead time and reach full output "
        "along their ramp. Programmes pay only what their rules allow: amount, yearly limit, "
        "share, eligibility, years of commitment.",
        *policy_method(story.run),
        "The tracing assumes that clear material is kept apart and goes where it is needed. Where "
        "clear and exposed material mix wherever they meet, dependence over the counted years is "
        f"{wording.percent(story.run.metrics.pooled_dependence)} instead of "
        f"{wording.percent(story.run.metrics.dependence)}; the truth lies between the two.",
    )


def _order_words(story: Story) -> str:
    """The goals in the order in which this run took them."""
    goals = [wording.objective_words(entry.objective) for entry in story.run.passes]
    goals = [goal for goal in goals if goal != wording.OBJECTIVE_WORDS["world"]]
    if not goals:
        return "No goal was solved."
    order = ", then ".join(goals)
    return f"Goals are made small in this order: {order}; each is kept while the next is improved."
