"""The run in a few sentences: what was solved, how it ended, what it comes to, what is proven.

Each function says only what the run's figures show; every number goes through `wording`. Advice is
the analyst's and is asked for in prompts, never written here.
"""

from __future__ import annotations

import math

from opt.record.passes import Outcome, Pass
from opt.record.run import Run
from opt.report import wording
from opt.report.document import (
    COUNT,
    MUSD,
    SHARE,
    YEAR,
    Block,
    Pair,
    Pairs,
    Section,
    Text,
)
from opt.report.sections import money
from opt.report.sections.decisions import decision_sentence
from opt.report.sections.levels import (
    amounts_sentence,
    definition,
    levels_sentence,
    unserved_sentence,
)
from opt.report.sections.measures import tonnes_pairs
from opt.report.sections.merchants import Merchants, merchants
from opt.report.sections.plan import built, forced_words, parts_words, plan
from opt.report.sections.years import counted_years, years
from opt.report.story import Story

# Passes that choose flows: the projects are there by then, or are chosen afterwards by cost.
SETTLES_NOTHING = frozenset({"shortfall", "world"})
NAME = "summary"  # of the section that says what the run comes to
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
    """What is committed: projects and their capital, named and placeholders apart, public money and
    what it pays, and what serving allies costs more than without."""
    run = story.run
    begin, near = "It takes", run.near
    if near is not None:
        begin = f"Within {wording.count(near.changes, 'change')} of '{near.name}' it takes"
    if run.plan is not None and run.is_given:
        begin = f"As given, plan '{run.plan.name}' takes"
    committed = f"{begin} no new project"
    if built(story):
        projects = wording.count(plan(story).project_count, "project") + forced_words(story)
        committed = f"{begin} {projects}: {parts_words(built(story))}"
    return f"{committed}{money.public_words(story)}. {cost_sentence(story)}".strip()


def cost_sentence(story: Story) -> str:
    """What serving allies costs more than without, and what no plan as good could make of it;
    blank where that is nothing."""
    run = story.run
    added = run.metrics.cost_musd - run.baseline.cost_musd
    if abs(added) < 0.05:
        return ""
    more = "more" if added > 0 else "less"
    said = (
        f"Serving allies costs {wording.round_money(abs(added))} {more} than without (discounted)"
    )
    bound = next((e.bound for e in run.passes if e.objective == "cost"), -math.inf)
    least = bound - run.baseline.minimised_musd
    if run.is_given or added <= 0 or not math.isfinite(bound) or _same_money(added, least):
        return f"{said}."
    if least <= 0:
        return f"{said}; how much less a plan as good could cost is open."
    return f"{said}; no plan as good could cost less than {wording.round_money(least)} more."


def _same_money(one: float, other: float) -> bool:
    return wording.round_money(one) == wording.round_money(other)


def headline(story: Story) -> str:
    """What a reader can check: level today, level in the last year with and without, in per cent
    and in tonnes, what goes unserved, and what it takes."""
    if not story.has_plan:
        return status_sentence(story)
    found = (
        levels_sentence(story),
        amounts_sentence(story),
        unserved_sentence(story),
        plan_words(story),
    )
    return " ".join(text for text in found if text)


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
    goals = _goals(story)
    if not goals or story.run.is_given or all(map(wording.is_open, goals)):
        return settled(story)
    words = [f"{wording.objective_words(e.objective)} {wording.proven_to(e)}" for e in goals]
    return f"Proven: {wording.names(words, len(words))}. {settled(story)}"


def _goals(story: Story) -> list[Pass]:
    """The passes that choose projects; none where there is no plan."""
    if not story.has_plan:
        return []
    return [entry for entry in story.run.passes if entry.objective not in SETTLES_NOTHING]


def settled(story: Story) -> str:
    """What the choice of projects and years rests on. Nothing where there is no plan."""
    goals = _goals(story)
    if not goals:
        return ""
    if story.run.is_given:
        return "Of the choice of projects and years nothing is proven, since both were given."
    if all(map(wording.is_open, goals)):
        return "Nothing is proven yet: the search stopped before it could rule out any better plan."
    last = goals[-1]
    others = ""
    if wording.is_open(last):
        others = "; others may do better"
    elif not wording.is_proven(last):
        others = "; within its gap others may do as well"
    chosen = "Projects and years rest" if built(story) else "That nothing is built rests"
    return f"{chosen} on {wording.objective_words(last.objective)}{others}."


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
    said = " ".join(text for text in (story.run.scenario_text, foresight(story)) if text)
    return (Text(said),) if said else ()


def decision_section(story: Story) -> Section | None:
    """What is to be decided; none where there is no plan."""
    if not story.has_plan:
        return None
    return Section("decision", "Decision", (Text(decision_sentence(story)),))


def section(story: Story) -> Section:
    """What the run comes to, and what the share counts."""
    if not story.has_plan:
        return Section(
            "summary", "Bottom line", (Text(headline(story), strong=True), *_nothing(story))
        )
    first = " ".join(filter(None, (levels_sentence(story), unserved_sentence(story))))
    rest = " ".join(filter(None, (amounts_sentence(story), definition(story))))
    said = (Text(first, strong=True), Text(rest), Text(plan_words(story)))
    return Section(NAME, "Bottom line", said)


def _nothing(story: Story) -> tuple[Block, ...]:
    """What is known without a plan."""
    return (
        Text(
            f"Without new money dependence on {story.covered} over {counted_years(story)} is "
            f"{wording.percent(story.run.baseline.dependence)}."
        ),
    )


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
    return found if first is None else [*found, Pair("First in operation", first, YEAR)]


def _weighed(run: Run) -> list[Pair]:
    """What idle capacity is weighed at beside the cost, where existing plants have a least use."""
    name = "What idle capacity is weighed at, not in the cost"
    return [Pair(name, run.metrics.idle_musd, MUSD)] if run.idle else []


def _beside(coming: Merchants) -> list[Pair]:
    """Key numbers of what comes without new money, those that were worked out."""
    shares = {
        "Dependence without new money, with merchants": coming.merchant,
        "Dependence without new money, frozen": coming.frozen,
        "Additional fall, share of allied demand": coming.additional_fall,
    }
    found = [Pair(name, share, SHARE) for name, share in shares.items() if share is not None]
    return [*found, Pair("Public money that buys what would come", coming.would_come_musd, MUSD)]
