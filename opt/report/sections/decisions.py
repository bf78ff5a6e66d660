"""Decisions: what must be committed, bought or paid for in the next two years, and what capacity is
to be found later."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from opt.record.alternatives import Alternatives
from opt.record.case import CaseRecord
from opt.record.explain import Explanation
from opt.record.labels import Label, Labels
from opt.record.passes import Outcome
from opt.report import wording
from opt.report.document import Block, Bullets, Note, Section, TableBlock, Text
from opt.report.sections.plan import LIFTS_ALONE, ProjectFinding, built, capital_of, parts_words
from opt.report.sections.stock import stockpiles
from opt.report.sections.support import margins
from opt.report.sections.years import target_year
from opt.report.story import Story, once

WITHIN_YEARS = 2  # after the first year of the plan: the decisions of the next 24 months
# Rows of the table on the memo's two pages, and where these have no room for so many; the whole
# plan stands in an annex.
MOST_NAMED, LEAST_NAMED = 10, 3
MOST_REGIONS = 3
MOST_PLANTS = 4  # of those that are paid to run; results.xlsx has all
TITLE = "Decide now"
CAPITAL, PUBLIC = "Capital", "Public"
SEVERAL = 3  # lists of projects, of more that are not known, before a project is counted in them


@dataclass(frozen=True, slots=True)
class Decision:
    """All commitments of one year, USD million."""

    year: int
    names: tuple[str, ...]
    capex_musd: float
    public_musd: float


@dataclass(frozen=True, slots=True)
class LaterCapacity:
    """What is still to be found at one stage: commitments, their years and capital in USD million,
    and what they make of the stage's main product in the last counted year. Some of them make
    nothing and only lift limits on building (`lifts_alone`: all of them)."""

    stage: str
    regions: tuple[str, ...]
    first: int
    last: int
    made: float
    unit: str
    product: str
    lifts_alone: bool
    named_musd: float
    placeholder_musd: float


@once
def decisions(story: Story) -> tuple[Decision, ...]:
    """The years in which something is committed."""
    by_year: dict[int, list[ProjectFinding]] = {}
    for entry in built(story):
        by_year.setdefault(entry.commitment.year, []).append(entry)
    return tuple(
        Decision(
            year,
            tuple(entry.name for entry in entries),
            capital_of(entries),
            wording.total(entry.public_musd for entry in entries),
        )
        for year, entries in by_year.items()
    )


def last_of_now(story: Story) -> int:
    """The last year of which the decisions are to be taken now."""
    return min(story.run.case.first_year + WITHIN_YEARS, story.run.case.last_year)


@once
def now(story: Story) -> tuple[ProjectFinding, ...]:
    """The named projects to be decided now, the largest first."""
    found = [e for e in built(story) if e.first <= last_of_now(story) and not e.placeholder]
    return tuple(sorted(found, key=lambda e: (-e.capex_musd, e.first, e.commitment.project)))


@once
def later(story: Story) -> tuple[ProjectFinding, ...]:
    """What is to be found later, or by somebody who is not known yet."""
    return tuple(e for e in built(story) if e.first > last_of_now(story) or e.placeholder)


def decision_sentence(story: Story) -> str:
    """What is to be decided now, on which the rest hangs."""
    named = now(story)
    if not built(story):
        return _nothing_words(story)
    if not named:
        first = wording.year(min(entry.first for entry in built(story)))
        return (
            f"No named project is to be committed up to {wording.year(last_of_now(story))}; the "
            f"plan first commits in {first}."
        )
    span = wording.years(min(e.first for e in named), max(e.first for e in named))
    count = wording.count(len({e.commitment.project for e in named}), "named project")
    floor, most = _public(story, named)
    capital = wording.round_money(capital_of(named))
    return (
        f"Whether to commit in {span} to the {count} under '{TITLE}': {capital} of capital, "
        f"{_public_words(floor, most)}."
    )


def _public_words(floor: float, most: float) -> str:
    """From what to what public money may carry, by the rules of the workbook."""
    if floor <= wording.NOTHING:
        return f"up to {wording.round_money(most)} of it public by the workbook's rules"
    if wording.round_money(floor) == wording.round_money(most):
        return f"{wording.round_money(floor)} of it public by the workbook's rules"
    return (
        f"of which the workbook's rules ask for {wording.round_money(floor)} of public money and "
        f"allow {wording.round_money(most)}"
    )


def _nothing_words(story: Story) -> str:
    """Of a plan that builds nothing: a search that was stopped is no reason to build nothing."""
    run = story.run
    if run.is_given or not run.passes or run.passes[0].outcome is Outcome.OPTIMAL:
        return "Nothing is to be committed: the plan builds no new project."
    return (
        "Nothing can be decided on this run: its search stopped before it found anything better "
        "than building nothing, and did not show that there is nothing better."
    )


def _public(story: Story, entries: Sequence[ProjectFinding]) -> tuple[float, float]:
    """The least and the most public money that the rules of the workbook let into some commitments,
    USD million: who pays how much in between is left open."""
    spans = [_span(story, entry) for entry in entries]
    return wording.total(low for low, _ in spans), wording.total(high for _, high in spans)


def _span(story: Story, entry: ProjectFinding) -> tuple[float, float]:
    rules = story.run.case.projects[entry.commitment.project]
    low, high = (share * entry.capex_musd for share in (rules.public_share, rules.max_public_share))
    return low, max(low, high) if rules.payers else low


def section(story: Story, most: int = MOST_NAMED) -> Section | None:
    """What is to be decided now, in a table of so many rows, with what is bought and paid for; none
    where it would say no more than the decision does."""
    return _now_section(story, most, opens_page=True)


def page_section(story: Story) -> Section | None:
    """The same with every row."""
    return _now_section(story, None, opens_page=False)


def _now_section(story: Story, most: int | None, *, opens_page: bool) -> Section | None:
    blocks = _now_blocks(story, most)
    if blocks == (Text(decision_sentence(story)),):
        return None
    return Section("decisions", TITLE, blocks, opens_page=opens_page)


def _now_blocks(story: Story, most: int | None) -> tuple[Block, ...]:
    found: list[Block] = [*_now_table(story, most)]
    more = [*_in_every_plan(story), *_purchases(story), *_support(story)]
    return (*found, Bullets(more)) if more else tuple(found)


def _in_every_plan(story: Story) -> Iterator[str]:
    """Which of the named projects every plan near the best builds, as far as it is proven."""
    found = story.answer(Labels)
    if found is None:
        return
    label = {row.project: row.label for row in found.projects}
    labels = {e.commitment.project: label.get(e.commitment.project) for e in now(story)}
    names = [e.name for e in now(story) if labels[e.commitment.project] is Label.CORE]
    spared = sum(own is Label.BORDERLINE for own in labels.values())
    unknown = sum(own is Label.UNDECIDED for own in labels.values())
    if not names and not spared:
        return
    within = f"plan within {wording.points(found.within)} of the best"
    told = f"None of these is proven to be in every {within}"
    if names:
        told = f"Every {within} builds {wording.names(list(dict.fromkeys(names)))}"
    if spared:
        others = wording.count(spared, "other" if names else "project")
        told += f"; {others} can {'each ' if spared > 1 else ''}be spared"
    if unknown:
        told += f"; of {wording.count(unknown, 'project')} it is not known"
    yield f"{told}."


def _now_table(story: Story, most: int | None) -> tuple[Block, ...]:
    named = now(story)
    if not named:
        return (Text(decision_sentence(story)),)
    columns = _columns(story)
    heads = [head for head, _, _ in columns]
    lines = [[cell(entry) for _, _, cell in columns] for entry in named[:most]]
    rest = named[len(lines) :]
    until = wording.year(last_of_now(story))
    table = TableBlock(
        f"Named projects to be decided up to {until}, largest first; USD million",
        heads, lines, [width for _, width, _ in columns],
        tuple(n for n, head in enumerate(heads) if head in (CAPITAL, PUBLIC)), dense=True,
    )  # fmt: skip
    if not rest:
        return (table,)
    left = f"{len(rest)} smaller ones, {wording.round_money(capital_of(rest))} together"
    return (table, Note(f"And {left}: the annex with the whole plan has them."))


_Column = tuple[str, float, Callable[[ProjectFinding], str]]


def _columns(story: Story) -> list[_Column]:
    """Heading, width and cell of every column that the run can fill."""
    case = story.run.case
    columns: list[_Column] = [
        ("Project", 3.4, lambda e: f"{e.name}{_units(e)}"),
        ("Country", 1.9, lambda e: e.region_name),
        ("Stage", 1.7, lambda e: e.stage),
        ("Year", 1.1, lambda e: wording.year(e.first)),
        (CAPITAL, 1.3, lambda e: wording.short_money(e.capex_musd)),
        (PUBLIC, 1.8, lambda e: wording.money_span(*_span(story, e))),
        ("Who could pay", 3.3, lambda e: _payers(case, e)),
    ]
    lists, why = story.answer(Alternatives), story.answer(Explanation)
    if lists is not None and (lists.complete or len(lists.plans) >= SEVERAL):
        columns.append(("Good plans", 1.4, lambda e: _in_plans(lists, e)))
    if why is not None and why.waiting:
        columns.append(("Points lost if a year later", 1.4, lambda e: _waiting(why, e)))
    return columns


def _units(entry: ProjectFinding) -> str:
    many = entry.commitment.units != 1
    return f" ({wording.count(entry.commitment.units, 'unit')})" if many else ""


def _payers(case: CaseRecord, entry: ProjectFinding) -> str:
    """Who could pay: any of them would do as well, so no amount is told."""
    payers = [case.programme_name(k) for k in case.projects[entry.commitment.project].payers]
    if len(payers) <= 1:
        return "".join(payers) or "no programme"
    return f"{payers[0]} or {len(payers) - 1} other{'s' if len(payers) > 2 else ''}"


def _in_plans(lists: Alternatives, entry: ProjectFinding) -> str:
    held = sum(entry.commitment.project in plan.names for plan in lists.plans)
    return f"{held} of {len(lists.plans)}"


def _waiting(why: Explanation, entry: ProjectFinding) -> str:
    known = [row for row in why.waiting if row.project == entry.commitment.project]
    if not known:
        return "not known"
    return wording.points_span(known[0].loss_low, known[0].loss_high).removesuffix(" points")


def later_section(story: Story) -> Section | None:
    """What capacity is to be found later, by stage; none where nothing is."""
    found = later(story)
    if not found:
        return None
    rows = capacity_later(story)
    table = TableBlock(
        f"Later, or by nobody yet: {parts_words(found)}",
        ("Stage", "Where", "Commit in", f"Makes in {wording.year(target_year(story))}",
         "Named, USD m", "Placeholders, USD m"),
        [_later_line(row) for row in rows],
        (1.6, 4, 1.8, 3.6, 1.4, 1.8),
        (4, 5),
        dense=True,
    )  # fmt: skip
    return Section("later", "Capacity to be found later", (table,))


@once
def capacity_later(story: Story) -> tuple[LaterCapacity, ...]:
    """The same by stage, in the order of the chain."""
    by_stage: dict[str, list[ProjectFinding]] = {}
    for entry in later(story):
        by_stage.setdefault(entry.stage.split("; ")[0], []).append(entry)
    rank = story.run.case.rank
    return tuple(_later(story, stage, by_stage[stage]) for stage in sorted(by_stage, key=rank))


def _later(story: Story, stage: str, entries: Sequence[ProjectFinding]) -> LaterCapacity:
    case = story.run.case
    made: dict[tuple[str, str], list[float]] = {}
    shares = _shares_at(story, target_year(story))
    for entry in entries:
        share = shares.get(entry.commitment.project, 0.0)
        for product in entry.products[:1]:
            made.setdefault((product.name, product.unit), []).append(product.amount * share)
    amounts = {key: wording.total(values) for key, values in made.items()}
    (name, unit), amount = max(amounts.items(), key=lambda e: (e[1], e[0]), default=(("", ""), 0.0))
    regions: dict[str, list[ProjectFinding]] = {}
    for entry in entries:
        regions.setdefault(entry.region_name, []).append(entry)
    return LaterCapacity(
        stage=stage,
        regions=tuple(sorted(regions, key=lambda r: (-capital_of(regions[r]), r))),
        first=min(entry.first for entry in entries),
        last=max(entry.first for entry in entries),
        made=amount,
        unit=unit,
        product=name,
        lifts_alone=not any(case.projects[e.commitment.project].rates for e in entries),
        named_musd=capital_of([e for e in entries if not e.placeholder]),
        placeholder_musd=capital_of([e for e in entries if e.placeholder]),
    )


def _shares_at(story: Story, year: int) -> dict[str, float]:
    """The share of its nameplate that each project makes in a year, everybody served."""
    nameplate: dict[str, list[float]] = {}
    for row in story.run.projects:
        nameplate.setdefault(row.project, []).append(row.capacity or 0.0)
    whole = {project: wording.total(parts) for project, parts in nameplate.items()}
    return {
        e.plant: e.used / whole[e.plant]
        for e in story.run.capacity
        if e.year == year and whole.get(e.plant, 0.0) > 0
    }


def _later_line(row: LaterCapacity) -> tuple[str, ...]:
    return (
        row.stage or "no stage",
        wording.names(row.regions, MOST_REGIONS),
        wording.years(row.first, row.last),
        _later_made(row),
        wording.short_money(row.named_musd),
        wording.short_money(row.placeholder_musd),
    )


def _later_made(row: LaterCapacity) -> str:
    if row.lifts_alone:
        return LIFTS_ALONE
    return f"{wording.about(row.made, row.unit)} of {row.product}" if row.made > 0 else "nothing"


def _purchases(story: Story) -> list[str]:
    """What is to be bought for stock, and when."""
    return [
        f"{wording.year_spans(stock.buying_years)}: buy {stock.bought} of {stock.commodity_name} "
        f"for stock in {stock.region_name} ({_paid(story.run.case, stock.paid_by)})."
        for stock in stockpiles(story)
        if stock.buying_years and stock.buying_years[0] <= last_of_now(story)
    ]


def _support(story: Story) -> list[str]:
    """Which plants are to be paid to run, and when."""
    paid = [entry for entry in margins(story) if entry.running_years and entry.paid_by]
    return [
        f"{wording.year_spans(entry.running_years)}: pay {entry.name} to run "
        f"({_paid(story.run.case, entry.paid_by)})."
        for entry in paid[:MOST_PLANTS]
        if entry.running_years[0] <= last_of_now(story)
    ]


def _paid(case: CaseRecord, paid_by: Mapping[str, float]) -> str:
    return wording.names(
        [f"{wording.money(v)} of {case.programme_name(k)}" for k, v in paid_by.items()]
    )
