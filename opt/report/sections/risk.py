"""Risk: one plan for many scenarios, what it comes to in each, and what knowing more is worth."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from opt.record.case import CaseRecord
from opt.record.risk import (
    BASE,
    EVERY,
    NO_PLANTS,
    NO_STOCK,
    WAITING,
    Risk,
    RiskChoice,
    RiskCommitment,
    RiskMeasure,
    RiskScenario,
    RiskStock,
    RiskWorth,
)
from opt.report import wording
from opt.report.document import Block, Bullets, Figure, Heading, Note, Section, TableBlock, Text
from opt.report.sections.plan import paid_words
from opt.report.story import Story

TITLE = "Risk: one plan for all scenarios"
MOST_NAMES = 4  # projects in a sentence
MOST_SCENARIOS = 15  # rows of a table; futures that are drawn may be hundreds
NOT_KNOWN = "not known"
NEAR = 5e-5  # ends of a bracket that show as one number
SAID = {
    RiskMeasure.EXPECTED: "Expected {of}",
    RiskMeasure.CVAR: "Mean {of} of the worst {tail} of probability",
    RiskMeasure.WORST: "The worst {of} of all scenarios",
    RiskMeasure.REGRET: "The largest regret in {of}",
}
SHORT = {
    RiskMeasure.EXPECTED: "{level} expected",
    RiskMeasure.CVAR: "{level} as the mean of the worst {tail} of probability",
    RiskMeasure.WORST: "{level} at worst",
    RiskMeasure.REGRET: "at most {level} above the best plan of a scenario",
}
WAIT_AND_SEE = "wait_and_see"
PERFECT, ALL = "perfect_information", "all_scenarios"
WORTH = {
    WAIT_AND_SEE: "If it were known before which scenario comes: {}.",
    PERFECT: "To know it is {}.",
    ALL: "To look at all scenarios, and not at the base case alone, is {}.",
    WAITING: "That the second wave can wait is {}.",
}
CHOICES = {
    NO_STOCK: "No stock is bought",
    NO_PLANTS: "No plant is built",
    "release any": "Stock released in any year",
    "release disruption": "Stock released in a disruption alone",
}
METHOD = (
    "Commitments, and who pays for them where they cost the same, are the same in every scenario;"
    " flows and service are its own. What is told of the plan is the least that it can reach in"
    " each scenario. The best plan of a scenario knew it before; regret is how far the plan lies"
    " above it. Targets are left out."
)


# ---- Sections ---------------------------------------------------------------------------------


def memo_section(story: Story) -> Section | None:
    """Two sentences: what the plan comes to, and what is decided now; None where it was not
    asked."""
    found = story.answer(Risk)
    if found is None:
        return None
    if not is_known(found):
        return Section("risk", TITLE, (Text(headline(found)),))
    return Section("risk", TITLE, (Text(f"{_range(found)} {_memo_decision(story, found)}"),))


def section(story: Story) -> Section | None:
    """All of it: by scenario, what is decided now, stock or plant, what knowing more is worth."""
    found = story.answer(Risk)
    if found is None:
        return None
    known, told = is_known(found), notes(found, story.run.case)
    said = _range(found) if known else headline(found)
    blocks: list[Block] = [Text(said), *([Figure("risk")] if known else [])]
    blocks += [_scenarios(story, found), *([Bullets(told)] if told else [])]
    if known:
        blocks += [*_decision(story, found), *_stock_or_plant(story, found)]
        blocks += [Heading("What it is worth to know more"), Bullets(worth(found))]
    return Section("risk", TITLE, (*blocks, Note(METHOD)))


# ---- Sentences that a terminal says too -------------------------------------------------------


def headline(found: Risk) -> str:
    """What was made small, what the plan comes to, and what no plan can beat."""
    measure = RiskMeasure(found.measure)
    said = SAID[measure].format(of=found.of, tail=wording.percent(1.0 - found.alpha))
    if not math.isfinite(found.value):
        return f"{said}: no plan is known yet. {wording.capital(_not_beaten(found))}."
    return f"{said}: {_level(found, found.value)}. {wording.capital(_not_beaten(found))}."


def worth(found: Risk) -> list[str]:
    """What it is worth to look at all scenarios, to know more and to wait, as brackets where gaps
    leave them open."""
    said: list[str] = []
    for row in found.worth:
        if row.name != WAIT_AND_SEE:
            said.append(WORTH[row.name].format(_told(row)))
        elif found.measure != RiskMeasure.REGRET:
            said.append(WORTH[row.name].format(between(row.low, row.high)))
    return said


def notes(found: Risk, case: CaseRecord | None = None) -> list[str]:
    """What a reader of the answer has to know of it, by names where the case is at hand."""
    return list(_notes(found, case))


def between(low: float, high: float) -> str:
    """A share that is known between what no plan can beat and what a plan comes to."""
    if not math.isfinite(high):
        return f"at least {wording.bound_value('dependence', low)}" if low > 0 else NOT_KNOWN
    if high - low <= NEAR:
        return wording.percent(high)
    if not math.isfinite(low):
        return f"at most {wording.percent(high)}"
    return f"{wording.bound_value('dependence', low)} to {wording.percent(high)}"


def best(row: RiskScenario) -> str:
    """The best plan for a scenario alone."""
    return between(_or(row.best_bound, -math.inf), _or(row.best, math.inf))


def regret(row: RiskScenario) -> str:
    """How far the plan lies above the best one of a scenario."""
    return wording.points_span(_or(row.regret, -math.inf), _or(row.regret_most, math.inf))


def probability(row: RiskScenario) -> str:
    """The probability of a scenario, with a mark where the workbook states none."""
    told = wording.percent(row.probability)
    return told if row.stated else f"{told}*"


def share(value: float | None) -> str:
    """A share, where it is known."""
    return NOT_KNOWN if value is None or not math.isfinite(value) else wording.percent(value)


def is_known(found: Risk) -> bool:
    """Whether there is a plan, and what it comes to in every scenario."""
    outcomes = [row.outcome for row in found.scenarios]
    return math.isfinite(found.value) and None not in outcomes


def shown_scenarios(found: Risk) -> list[RiskScenario]:
    """The scenarios that are shown, as they stand; of many the worst."""
    if len(found.scenarios) <= MOST_SCENARIOS:
        return list(found.scenarios)
    worst = sorted(found.scenarios, key=lambda row: (-_or(row.outcome, math.inf), row.scenario))
    return worst[:MOST_SCENARIOS]


def scenario_name(story: Story, scenario: str) -> str:
    """A scenario by its name; 'every' for what is the same in all."""
    if scenario == EVERY:
        return "every"
    return "Base case" if scenario == BASE else story.run.case.scenarios.get(scenario, scenario)


def _notes(found: Risk, case: CaseRecord | None) -> Iterator[str]:
    if not all(row.stated for row in found.scenarios):
        yield (
            "* The workbook states no probability: the scenarios without one share evenly what the"
            " others leave."
        )
    if found.second_wave is not None and found.second_wave < found.known_from:
        yield (
            f"The scenarios differ from {found.known_from} on: in {found.second_wave} a second wave"
            " knows no more than the first."
        )
    if len(found.scenarios) > 1 and (case is None or case.stockpiles):
        yield (
            "What stock buys and gives out is the same in every scenario before "
            f"{found.known_from}, and later in those in which the same has happened until then."
        )
        yield (
            "What the stock of the base case's own plan gives out until then is not held, so that "
            "to look at all scenarios may be worth more than is told."
        )
    lapsed = [row for row in found.scenarios if row.base_lapsed]
    for row in lapsed:
        names = ", ".join(case.plant_name(key) if case else key for key in row.base_lapsed)
        name = case.scenarios.get(row.scenario, row.scenario) if case else row.scenario
        yield f"{name}: of the base case's plan {names} cannot be paid there and lapses."
    if lapsed:
        yield "So that plan is not one for all scenarios, and is not compared with it."
    yield from found.left_out
    yield from dict.fromkeys(row.reason for row in found.scenarios if row.reason)


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value


def _not_beaten(found: Risk) -> str:
    if not math.isfinite(found.bound):
        return "nothing is proven"
    if found.value - found.bound <= NEAR:
        return "no plan can beat that"
    if found.measure == RiskMeasure.REGRET:
        return f"no plan can beat {wording.points(found.bound)}"
    return f"no plan can beat {wording.bound_value('dependence', found.bound)}"


def _level(found: Risk, value: float) -> str:
    """A value of the measure that was asked: regret is a difference of shares."""
    if found.measure == RiskMeasure.REGRET:
        return wording.points(value)
    return wording.percent(value)


# ---- What the plan comes to -------------------------------------------------------------------


def _range(found: Risk) -> str:
    """The plan over all scenarios, beside that of the base case, and its price in the base case."""
    span = wording.percent_span(_or(row.outcome, math.inf) for row in found.scenarios)
    measured = SHORT[RiskMeasure(found.measure)].format(
        level=_level(found, found.value), tail=wording.percent(1.0 - found.alpha)
    )
    scenarios = wording.count(len(found.scenarios), "scenario")
    parts = [
        f"One plan for {scenarios} brings mean {found.of} to {span} in them, {measured} "
        f"({_not_beaten(found)}){_assumed(found)}",
        *_base_plan(found),
    ]
    base = next((row for row in found.scenarios if row.scenario == BASE), None)
    if base is not None and base.regret is not None:
        parts.append(
            f"in the base case the one plan costs {regret(base)} against the best there, to be "
            "safe in the others"
        )
    return f"{'; '.join(parts)}."


def _assumed(found: Risk) -> str:
    """That several scenarios share what the stated probabilities leave, where it counts."""
    alike = sum(not row.stated for row in found.scenarios) > 1
    counts = found.measure in (RiskMeasure.EXPECTED, RiskMeasure.CVAR)
    return ", unstated probabilities taken as equal" if alike and counts else ""


def _base_plan(found: Risk) -> list[str]:
    held = [row.base_plan for row in found.scenarios]
    if any(row.base_lapsed for row in found.scenarios):
        return ["the base case's own plan cannot be paid in all of them"]
    if None in held:
        return []
    return [f"the base case's own plan, to {wording.percent_span(_or(x, 0.0) for x in held)}"]


def _scenarios(story: Story, found: Risk) -> Block:
    rows = shown_scenarios(found)
    title = f"Mean {found.of} by scenario, and regret: how far the plan lies above the best one"
    if len(rows) < len(found.scenarios):
        title = f"{title}; the worst {len(rows)} of {len(found.scenarios)}"
    heads = ("Scenario", "Probability", "Plan for all", "Base case's plan", "Best plan for it")
    lines = [
        (
            scenario_name(story, row.scenario),
            probability(row),
            share(row.outcome),
            share(row.base_plan),
            best(row),
            regret(row),
        )
        for row in rows
    ]
    widths = (3.6, 1.6, 1.5, 1.6, 2.1, 2.1)
    return TableBlock(title, (*heads, "Regret"), lines, widths, tuple(range(1, 6)), dense=True)


# ---- What is decided --------------------------------------------------------------------------


def _memo_decision(story: Story, found: Risk) -> str:
    """What is committed now, what can wait, and what it is worth to know more."""
    names = [
        story.run.case.plant_name(row.project) for row in found.commitments if _now(found, row)
    ]
    named = wording.names(list(dict.fromkeys(names)), MOST_NAMES)
    parts = [f"Decided now: {named or 'nothing'}"]
    if found.second_wave is not None:
        waiting = _worth_of(found, WAITING)
        parts.append(f"that commitments from {found.second_wave} on can wait is {waiting}")
    parts.append(f"to know which scenario comes is {_worth_of(found, PERFECT)}")
    parts.append(f"to look beyond the base case is {_worth_of(found, ALL)}")
    parts += [f"stock is {_loss(found, row)}" for row in found.choices if row.choice == NO_STOCK]
    return f"{'; '.join(parts)}."


def _now(found: Risk, row: RiskCommitment) -> bool:
    return found.second_wave is None or row.year < found.second_wave


def _worth_of(found: Risk, name: str) -> str:
    return next((_told(row) for row in found.worth if row.name == name), NOT_KNOWN)


def _told(row: RiskWorth) -> str:
    return _worth(row.low, row.high)


def _worth(low: float, high: float) -> str:
    """What something is worth, in words that follow 'is'."""
    span = wording.points_span(low, high)
    return span if span == NOT_KNOWN else f"worth {span}"


def _decision(story: Story, found: Risk) -> list[Block]:
    heads = ("Commitment", "Year", "Decided", "In scenarios", "Capital, USD m", "Public, USD m")
    lines = [
        (
            _units(story, row),
            wording.year(row.year),
            "now" if _now(found, row) else "can wait",
            _in(story, found, row.scenarios),
            wording.short_money(row.capex_musd),
            paid_words(story.run.case, row.paid_by),
        )
        for row in found.commitments
    ]
    title = "What the plan for all scenarios commits" if lines else "Nothing is committed."
    table = TableBlock(title, heads, lines, (3.6, 1, 1.4, 2.6, 1.6, 2.8), (1, 4), dense=True)
    return [
        Heading("What is decided now, and what can wait"),
        Text(f"{_waits(found)} {_beside(story, found)}"),
        table,
    ]


def _waits(found: Risk) -> str:
    if found.second_wave is None:
        return (
            "All commitments are decided now, before it is known which scenario comes: setting "
            "second_wave names a year from which they could wait."
        )
    return (
        f"Commitments before {found.second_wave} are decided now, the same for every scenario; "
        "later ones wait for what is known then. That they can is "
        f"{_worth_of(found, WAITING)}."
    )


def _beside(story: Story, found: Risk) -> str:
    """The projects of the plan for all scenarios beside those of the run's own plan."""
    case = story.run.case
    here = {row.project for row in found.commitments}
    there = {made.project for made in story.run.solution.commitments}
    if here == there:
        return "The plan of this run commits the same projects."
    parts = [f"the plan of this run has {wording.count(len(here & there), 'project')} of these"]
    for words, keys in (("here alone", here - there), ("there alone", there - here)):
        if keys:
            names = [case.plant_name(key) for key in sorted(keys)]
            parts.append(f"{words}: {wording.names(names, MOST_NAMES)}")
    return wording.capital(f"{'; '.join(parts)}.")


def _units(story: Story, row: RiskCommitment) -> str:
    name = story.run.case.plant_name(row.project)
    units = "" if row.units == 1 else f" x {row.units}"
    return f"{name}{units}" if row.size is None else f"{name}, {wording.number(row.size)}"


def _in(story: Story, found: Risk, some: Sequence[str]) -> str:
    """Scenarios by name, or those that are missing where these are fewer."""
    others = [row.scenario for row in found.scenarios if row.scenario not in some]
    if not some:
        return "every"
    if len(some) <= len(others):
        return wording.names([scenario_name(story, key) for key in some])
    return f"all but {wording.names([scenario_name(story, key) for key in others])}"


# ---- Stock or plant ---------------------------------------------------------------------------


def _stock_or_plant(story: Story, found: Risk) -> list[Block]:
    """What stock and plants are worth, and what is bought; nothing where neither was asked nor
    anything is bought."""
    blocks: list[Block] = []
    if found.choices:
        said = [
            f"{words} {_loss(found, row)}."
            for key, words in ((NO_STOCK, "Stock is"), (NO_PLANTS, "Plants are"))
            for row in found.choices
            if row.choice == key
        ]
        blocks += [Bullets(said), _choices(found)]
    if found.stock:
        blocks.append(_stock(story, found.stock))
    return [Heading("Stock or plant"), *blocks] if blocks else []


def _loss(found: Risk, row: RiskChoice) -> str:
    """By how much it is worse without what a choice forbids: never better, since less is
    allowed."""
    return _worth(max(0.0, row.bound - found.value), row.value - found.bound)


def _choices(found: Risk) -> Block:
    heads = ("If", "Best plan found", "No plan can beat", "Stock, USD m", "Capital, USD m")
    lines = [
        (
            CHOICES.get(row.choice, row.choice),
            _level_known(found, row.value),
            _level_known(found, row.bound),
            *(
                wording.short_money(spent) if math.isfinite(row.value) else NOT_KNOWN
                for spent in (row.bought_musd, row.capex_musd, row.public_musd)
            ),
        )
        for row in found.choices
    ]
    title = "The same question with less allowed, or stock released otherwise; money is expected"
    widths = (3.6, 1.6, 1.6, 1.5, 1.6, 1.6)
    right = tuple(range(1, 6))
    return TableBlock(title, (*heads, "Public, USD m"), lines, widths, right, dense=True)


def _level_known(found: Risk, value: float) -> str:
    return _level(found, value) if math.isfinite(value) else NOT_KNOWN


def _stock(story: Story, rows: Sequence[RiskStock]) -> Block:
    heads = ("Stockpile", "Year", "In scenarios", "Bought", "At its end", "Days of use", "Public")
    case = story.run.case
    lines = []
    for row in rows:
        unit = case.commodities[case.stockpiles[row.stockpile].commodity].unit
        lines.append(
            (
                f"{row.stockpile}, {case.regions[row.region].name}",
                wording.year(row.year),
                scenario_name(story, row.scenario),
                wording.amount(row.bought, unit),
                wording.amount(row.level, unit),
                "none" if row.cover_days is None else wording.number(row.cover_days),
                paid_words(case, row.paid_by),
            )
        )
    title = "What the plan buys for stock; days: how long it would last allied users"
    return TableBlock(title, heads, lines, (3, 1, 2, 1.6, 1.6, 1.4, 2.6), (1, 3, 4, 5), dense=True)
