"""The run in a few sentences: what was solved, how it ended, what it comes to, what is proven.

Each function says only what the run's figures show; every number goes through `wording`. Advice is
the analyst's and is asked for in prompts, never written here.
"""

from __future__ import annotations

from opt.record.passes import Outcome
from opt.record.run import Run
from opt.report import wording
from opt.report.document import (
    COUNT,
    MUSD,
    SHARE,
    YEAR,
    Block,
    Bullets,
    Pair,
    Pairs,
    Prompt,
    Section,
    Text,
)
from opt.report.sections import money
from opt.report.sections.chain import touch_sentence
from opt.report.sections.lost import lost_sentence
from opt.report.sections.measures import measures_sentence, tonnes_pairs
from opt.report.sections.merchants import Merchants, additional_sentence, merchants
from opt.report.sections.plan import built, forced_words, plan, timing_sentence
from opt.report.sections.quality import evidence_sentence
from opt.report.sections.years import (
    counted_years,
    effect_sentence,
    mixing_sentence,
    unserved_words,
    years,
)
from opt.report.story import Story

# Passes that choose flows: the projects are there by then, or are chosen afterwards by cost.
SETTLES_NOTHING = frozenset({"shortfall", "world"})
DATA_KEYS = ("data_version", "data_date", "licence")


def scenario_words(run: Run) -> str:
    """The scenario's name, or the base case."""
    if run.scenario is None:
        return "base case"
    return run.case.scenarios.get(run.scenario, run.scenario)


def data_words(run: Run) -> str:
    """Edition, date and terms of the data where the workbook states them, as a sentence."""
    edition, date, licence = (run.case.settings.get(key) for key in DATA_KEYS)
    found = [f"edition {edition}"] if edition else []
    found += [f"as of {date}"] if date else []
    found += [f"licence {licence}"] if licence else []
    return f"Data: {', '.join(found)}." if found else ""


def record_words(story: Story) -> str:
    """What was solved, from which data, and how it ended: the line under the title."""
    run = story.run
    said = (
        f"DRAFT. Scenario: {scenario_words(run)}. Run {run.id} of workbook {run.name}.",
        data_words(run),
        status_sentence(story),
    )
    return " ".join(part for part in said if part)


def status_sentence(story: Story) -> str:
    """How the run ended, in one sentence that says no more than what was looked for."""
    return wording.status_words(story.run.status, given=story.run.is_given)


def plan_words(story: Story) -> str:
    """What is committed: projects, capital cost, public money and, where it buys more than plants,
    what of it goes where."""
    metrics = story.run.metrics
    public = wording.money(metrics.public_musd)
    begin, near = "Committing", story.run.near
    if near is not None:
        changes = wording.count(near.changes, "change")
        begin = f"Within {changes} of '{near.name}', committing"
    if story.run.plan is not None and story.run.is_given:
        begin = f"As given, plan '{story.run.plan.name}' with"
    committed = f"{begin} no new project"
    if built(story):
        projects = wording.count(plan(story).project_count, "project") + forced_words(story)
        committed = f"{begin} {projects} worth {wording.money(metrics.capex_musd)}"
    if money.has_more_than_capital(story.run):
        parts = wording.names(money.public_parts(story))
        return f"{committed}, with {public} of public money ({parts}),"
    return f"{committed}, of which {public} is public," if built(story) else committed


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
    if all(wording.is_open(entry) for entry in goals):
        return "Nothing is proven yet: the search stopped before it could rule out any better plan."
    words = [f"{wording.objective_words(e.objective)} {wording.proven_to(e)}" for e in goals]
    last = goals[-1]
    others = ""
    if wording.is_open(last):
        others = "; others may do better"
    elif not wording.is_proven(last):
        others = "; within its gap others may do as well"
    return (
        f"Proven: {wording.names(words, len(words))}. Projects and years rest on "
        f"{wording.objective_words(last.objective)}{others}."
    )


def foresight(story: Story) -> str:
    """What the plan of a scenario knows in advance; nothing in the base case or without shocks."""
    run = story.run
    first, starts = run.case.first_year, run.case.shocks_from
    if starts is None:
        return ""
    what = "Flows and payments of the given plan are" if run.is_given else "The plan is"
    if starts <= first:
        return f"{what} made knowing the whole scenario from {first} on."
    return (
        f"{what} made knowing from {first} on what the scenario brings in {starts} and later: what "
        f"is done before {starts} may prepare for it."
    )


def opening(story: Story) -> tuple[Block, ...]:
    """What happens in the scenario, and what the plan knows of it."""
    return tuple(Text(text) for text in (story.run.scenario_text, foresight(story)) if text)


def section(story: Story) -> Section:
    """What the run comes to and how far that is proven."""
    said = [Text(f"{headline(story)} {proof(story)}", strong=True)]
    said += [Text(proven(story))] if proven(story) else []
    return Section("summary", "Bottom line", (*said, Prompt("what you advise, and for whom.")))


def judgments(story: Story) -> list[str]:
    """The findings, the most important first."""
    if not story.has_plan:
        return [
            f"Without new money dependence on {story.covered} over {counted_years(story)} is "
            f"{wording.percent(story.run.baseline.dependence)}."
        ]
    found = [
        " ".join(filter(None, (effect_sentence(story), measures_sentence(story)))),
        additional_sentence(story),
        lost_sentence(story),
        mixing_sentence(story),
        timing_sentence(story),
        money.payment_sentence(story),
        touch_sentence(story),
        evidence_sentence(story),
    ]
    return [sentence for sentence in found if sentence]


def judgments_section(story: Story) -> Section:
    """The findings as a list."""
    return Section("judgments", "Key judgments", (Bullets(judgments(story)),))


def numbers_section(story: Story) -> Section:
    """The key numbers."""
    return Section("numbers", "Key numbers", (Pairs(numbers(story)),))


def numbers(story: Story) -> list[Pair]:
    """The key numbers by name; uses of public money where it pays more than capital."""
    run, metrics = story.run, story.run.metrics
    uses = [
        Pair(f"Public money for {use}", musd, MUSD) for use, musd in money.paid_by_use(run).items()
    ]
    found = [
        Pair("Dependence, counted years", metrics.dependence, SHARE),
        Pair("Dependence without new money", run.baseline.dependence, SHARE),
        Pair("Unserved demand, all years", years(story).short_share, SHARE),
        Pair("Public money", metrics.public_musd, MUSD),
        *(uses if money.has_more_than_capital(run) else []),
        Pair("Private money for capital", metrics.private_musd, MUSD),
        Pair("Capital cost", metrics.capex_musd, MUSD),
        Pair("Discounted cost of serving allies", metrics.cost_musd, MUSD),
        *_weighed(run),
        Pair("Projects", plan(story).project_count, COUNT),
    ]
    found[2:2] = tonnes_pairs(story)
    coming = merchants(story)
    if coming.any:
        found[2:2] = _beside(coming)
    first = plan(story).first_output
    return found if first is None else [*found, Pair("First output", first, YEAR)]


def _weighed(run: Run) -> list[Pair]:
    """What idle capacity is weighed at beside the cost, where existing plants have a least use."""
    name = "What idle capacity is weighed at, not in the cost"
    return [Pair(name, run.metrics.idle_musd, MUSD)] if run.idle else []


def _beside(coming: Merchants) -> list[Pair]:
    """Key numbers of what comes without new money, those that were worked out."""
    shares = {
        "Dependence without new money, with merchants": coming.merchant,
        "Dependence without new money, frozen": coming.frozen,
        "Additional fall of dependence": coming.additional_fall,
    }
    found = [Pair(name, share, SHARE) for name, share in shares.items() if share is not None]
    return [*found, Pair("Public money that buys what would come", coming.would_come_musd, MUSD)]
