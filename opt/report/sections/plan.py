"""The plan: what is committed, when, with whose money, and what it unlocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opt.record.case import CaseRecord
from opt.record.projects import BuiltProject, Commitment
from opt.record.run import Run
from opt.report import wording
from opt.report.document import Block, Figure, Section, TableBlock, Text
from opt.report.sections.years import years
from opt.report.story import Story, once
from opt.results.products import Product

MOST_PRODUCTS = 3  # of a commitment, in a cell of the plan table
MOST_ROWS = 6  # of the memo's two pages; the annex has all

HEADS = (
    "Project",
    "Country",
    "Stage",
    "Year",
    "First output",
    "Capital, USD m",
    "Public money, USD m",
    "What it unlocks",
)
WIDTHS = (2.9, 1.7, 1.7, 1.1, 1.3, 1.4, 2.6, 3.3)
NUMBERS = (5,)


@dataclass(frozen=True, slots=True)
class ProjectFinding:
    """One commitment with everything a reader asks about it. Money in USD million.

    `capacity` is nameplate, all units together, as the workbook measures it; `products` what it is
    in products; `usable` the share of it that can run, by year in which the plant is open.
    """

    commitment: Commitment
    name: str
    site: str
    region: str
    region_name: str
    stage: str
    public_musd: float
    private_musd: float
    paid_by: Mapping[str, float]
    confidence: str
    capacity: float | None
    products: tuple[Product, ...]
    usable: Mapping[int, float]
    unlocks: str


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """The plan in sum. `forced_count` is how many of its projects the workbook forces;
    `largest_share` the share of the capital that the largest commitment takes."""

    project_count: int
    forced_count: int
    largest: ProjectFinding | None
    largest_share: float
    first_output: int | None
    last_output: int | None


@once
def built(story: Story) -> tuple[ProjectFinding, ...]:
    """The commitments, by year and id."""
    run = story.run
    made = {(entry.project, entry.year): entry for entry in run.solution.commitments}
    return tuple(_built(run, row, made[row.project, row.year]) for row in run.projects)


@once
def plan(story: Story) -> PlanFigures:
    """The figures of the plan as a whole."""
    run, projects = story.run, built(story)
    capex = run.metrics.capex_musd
    candidates = run.case.projects
    keys = {entry.project for entry in run.solution.commitments}
    largest = max(projects, key=lambda entry: entry.commitment.capex_musd, default=None)
    outputs = [entry.commitment.first_operation for entry in projects]
    return PlanFigures(
        project_count=len(keys),
        forced_count=sum(candidates[key].forced for key in keys),
        largest=largest,
        largest_share=largest.commitment.capex_musd / capex if largest and capex > 0 else 0.0,
        first_output=min(outputs, default=None),
        last_output=max(outputs, default=None),
    )


def _built(run: Run, row: BuiltProject, commitment: Commitment) -> ProjectFinding:
    case = run.case
    made = tuple(
        Product(c, case.commodities[c].name, amount, case.commodities[c].unit)
        for c, amount in row.products.items()
    )
    return ProjectFinding(
        commitment=commitment,
        name=row.name,
        site=row.site,
        region=row.region,
        region_name=case.regions[row.region].name,
        stage=row.stage,
        public_musd=row.public_musd,
        private_musd=row.private_musd,
        paid_by=row.paid_by,
        confidence=case.projects[row.project].grade,
        capacity=row.capacity,
        products=made,
        usable=row.usable,
        unlocks=_unlocks(run, row.project, made),
    )


def _unlocks(run: Run, key: str, made: Sequence[Product]) -> str:
    """What a commitment brings in products, and what in the plan needs it or comes with it."""
    text = "nothing: it does not run"
    if made:
        first = f"{wording.amount(made[0].amount, made[0].unit)} a year of {made[0].name}"
        rest = [f"{wording.amount(e.amount, e.unit)} of {e.name}" for e in made[1:]]
        text = wording.names([first, *rest], MOST_PRODUCTS)
    keys = {entry.project for entry in run.solution.commitments}
    candidates = run.case.projects
    needed_by = [candidates[j].name for j in sorted(keys) if candidates[j].requires == key]
    needs = f"needed by {wording.names(needed_by)}" if needed_by else ""
    bundle = candidates[key].bundle
    mates = [candidates[j].name for j in sorted(keys - {key}) if candidates[j].bundle == bundle]
    together = f"committed together with {wording.names(mates)}" if bundle and mates else ""
    return "; ".join(part for part in (text, needs, together) if part)


def paid_words(case: CaseRecord, paid_by: Mapping[str, float]) -> str:
    """Programmes and what they pay, USD million: 'Grant fund 30; Loan office 20'."""
    paid = [f"{case.programme_name(k)} {wording.short_money(v)}" for k, v in paid_by.items()]
    return "; ".join(paid) or "none"


def forced_words(story: Story) -> str:
    """How many of the projects were not chosen but asked for in the workbook."""
    forced = plan(story).forced_count
    if story.run.is_given or not forced:
        return ""
    return f" ({wording.number(forced)} of them forced by the workbook)"


def timing_sentence(story: Story) -> str:
    """When new output begins, and which counted year is worst; nothing where none counts."""
    worst, found = years(story).worst, plan(story)
    if worst is None:
        return ""
    share = wording.percent(worst.dependence)
    peak = f"the worst counted year is {wording.year(worst.year)}, at {share}"
    if found.first_output is None or found.last_output is None:
        return f"No new plant starts; {peak}."
    if found.first_output == found.last_output:
        return f"New output begins in {wording.year(found.first_output)}; {peak}."
    return (
        f"New output begins in {wording.year(found.first_output)} and the last plant starts in "
        f"{wording.year(found.last_output)}; {peak}."
    )


def concentration_risk(story: Story) -> str:
    """How much of the capital the largest commitment takes; nothing in an empty plan."""
    found = plan(story)
    if found.largest is None:
        return ""
    return (
        f"The largest single commitment, {found.largest.name}, is "
        f"{wording.percent(found.largest_share)} of the plan's capital cost."
    )


def survival_risk(story: Story) -> str:
    """How many commitments count by their chance, and to which side that errs; nothing where every
    one counts whole.

    Dependence is convex in capacity, so that its mean over what works and what fails is no less
    than dependence at the mean capacity.
    """
    projects = {made.commitment.project for made in built(story)}
    chances = [story.run.case.projects[key].chance for key in sorted(projects)]
    short = [chance for chance in chances if chance < 1]
    if not short:
        return ""
    low, high = wording.percent(min(short)), wording.percent(max(short))
    spread = low if low == high else f"{low} to {high}"
    count = wording.count(len(chances), "project")
    return (
        f"Capacity of {len(short)} of {count} in the plan counts by the chance that it reaches "
        f"operation ({spread}), as if each worked in part. With some that work and others that "
        "fail, dependence is on average no lower than told here."
    )


def memo_section(story: Story) -> Section:
    """The largest commitments, in the order of the plan."""
    projects = built(story)
    largest = sorted(projects, key=lambda entry: -entry.commitment.capex_musd)[:MOST_ROWS]
    shown = [entry for entry in projects if entry in largest]
    title = "What is committed, when, and with whose money"
    if len(shown) < len(projects):
        number = wording.count(len(projects), "commitment")
        title = f"The largest {len(shown)} of {number}; annex G has all"
    return Section("plan", "The plan", _table(story, title, shown), opens_page=True)


def whole_section(story: Story) -> Section | None:
    """Every commitment, where the memo's own pages do not hold them."""
    if len(built(story)) <= MOST_ROWS:
        return None
    table = _table(story, "The whole plan", built(story), dense=True)
    return Section("whole", "The whole plan", table)


def section(story: Story) -> Section:
    """The figure, and every commitment."""
    title = "What is committed, when, and with whose money"
    return Section("plan", "The plan", (Figure("builds"), *_table(story, title, built(story))))


def _table(
    story: Story, title: str, shown: Sequence[ProjectFinding], *, dense: bool = False
) -> tuple[Block, ...]:
    if not shown:
        return (Text("The plan commits no new project."),)
    lines = [_line(story, entry) for entry in shown]
    return (TableBlock(title, HEADS, lines, WIDTHS, NUMBERS, dense=dense),)


def _line(story: Story, entry: ProjectFinding) -> tuple[str, ...]:
    """One commitment as a line of the plan table."""
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
        paid_words(story.run.case, entry.paid_by),
        entry.unlocks,
    )
