"""The plan: what is committed, when, with whose money, and what it unlocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opt.record.case import CaseRecord
from opt.record.projects import BuiltProject, Commitment
from opt.record.run import Run
from opt.report import wording
from opt.report.document import Block, Figure, Section, TableBlock, Text
from opt.report.story import Story, once
from opt.results.products import Product

MOST_PRODUCTS = 3  # of a commitment, in a cell of the plan table
MOST_ROWS = 6  # of a long table in an annex; results.xlsx has all
LIFTS_ALONE = "nothing: it lifts limits on building"
WHOLE = 0.9995  # a share of nameplate that shows as all of it

HEADS = (
    "Project",
    "Country",
    "Stage",
    "Year",
    "Runs from",
    "Capital, USD m",
    "Public money, USD m",
    "Makes in the plan",
)
WIDTHS = (2.9, 1.7, 1.7, 1.1, 1.3, 1.4, 2.6, 3.3)
NUMBERS = (5,)


@dataclass(frozen=True, slots=True)
class ProjectFinding:
    """One commitment with everything a reader asks about it. Money in USD million.

    `capacity` is nameplate, all units together, as the workbook measures it; `products` what it is
    in products, of which the share `used` is made in the year in which most is; `usable` the share
    of it that can run, by year in which the plant is open. A `placeholder` nobody has announced.
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
    placeholder: bool
    capacity: float | None
    used: float
    products: tuple[Product, ...]
    usable: Mapping[int, float]
    unlocks: str

    @property
    def first(self) -> int:
        """The year of commitment."""
        return self.commitment.year

    @property
    def capex_musd(self) -> float:
        """Its capital cost, USD million."""
        return self.commitment.capex_musd


@dataclass(frozen=True, slots=True)
class PlanFigures:
    """The plan in sum. `forced_count` is how many of its projects the workbook forces,
    `placeholder_count` how many nobody has announced and `placeholder_musd` their capital;
    `largest_share` the share of the capital that the largest commitment takes."""

    project_count: int
    forced_count: int
    placeholder_count: int
    placeholder_musd: float
    largest: ProjectFinding | None
    largest_share: float
    first_output: int | None
    last_output: int | None


@once
def built(story: Story) -> tuple[ProjectFinding, ...]:
    """The commitments, by year and id."""
    run, used = story.run, _used_shares(story)
    made = {(entry.project, entry.year): entry for entry in run.solution.commitments}
    return tuple(
        _built(run, row, made[row.project, row.year], used.get(row.project, 0.0))
        for row in run.projects
    )


def _used_shares(story: Story) -> dict[str, float]:
    """The largest share of its nameplate that each project makes in a year, everybody served."""
    nameplate: dict[str, list[float]] = {}
    for row in story.run.projects:
        nameplate.setdefault(row.project, []).append(row.capacity or 0.0)
    whole = {project: wording.total(parts) for project, parts in nameplate.items()}
    found: dict[str, float] = {}
    for entry in story.run.capacity:
        if whole.get(entry.plant, 0.0) > 0:
            share = entry.used / whole[entry.plant]
            found[entry.plant] = max(found.get(entry.plant, 0.0), share)
    return found


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
        placeholder_count=sum(candidates[key].placeholder for key in keys),
        placeholder_musd=capital_of([entry for entry in projects if entry.placeholder]),
        largest=largest,
        largest_share=largest.commitment.capex_musd / capex if largest and capex > 0 else 0.0,
        first_output=min(outputs, default=None),
        last_output=max(outputs, default=None),
    )


def _built(run: Run, row: BuiltProject, commitment: Commitment, used: float) -> ProjectFinding:
    case = run.case
    made = tuple(
        Product(c, case.commodities[c].name, amount, case.commodities[c].unit)
        for c, amount in _main_first(run, row).items()
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
        placeholder=case.projects[row.project].placeholder,
        capacity=row.capacity,
        used=used,
        products=made,
        usable=row.usable,
        unlocks=_unlocks(run, row.project, made, used),
    )


def _main_first(run: Run, row: BuiltProject) -> dict[str, float]:
    """What a commitment makes, first what its processes are measured in: a by-product may weigh
    more."""
    recipes = [run.case.processes[p].recipe for p in run.case.projects[row.project].rates]
    main = {c for recipe in recipes for c, amount in recipe.items() if amount == 1}
    return dict(sorted(row.products.items(), key=lambda own: own[0] not in main))


def _unlocks(run: Run, key: str, made: Sequence[Product], used: float) -> str:
    """What a commitment makes in the year in which it makes most, beside its nameplate, and what in
    the plan needs it or comes with it."""
    text = "nothing: it does not run"
    if made and used > wording.NOTHING:
        first = f"{_made(made[0], used)} a year of {made[0].name}{_nameplate(made[0], used)}"
        rest = [f"{_made(e, used)} of {e.name}" for e in made[1:]]
        text = wording.names([first, *rest], MOST_PRODUCTS)
    elif not made and not run.case.projects[key].rates:
        text = LIFTS_ALONE
    keys = {entry.project for entry in run.solution.commitments}
    candidates = run.case.projects
    needed_by = [candidates[j].name for j in sorted(keys) if candidates[j].requires == key]
    needs = f"needed by {wording.names(needed_by)}" if needed_by else ""
    bundle = candidates[key].bundle
    mates = [candidates[j].name for j in sorted(keys - {key}) if candidates[j].bundle == bundle]
    together = f"committed together with {wording.names(mates)}" if bundle and mates else ""
    return "; ".join(part for part in (text, needs, together) if part)


def _made(product: Product, used: float) -> str:
    return wording.amount(product.amount * min(used, 1.0), product.unit)


def _nameplate(product: Product, used: float) -> str:
    """What it could make, where that shows as more."""
    return "" if used >= WHOLE else f" (nameplate {wording.amount(product.amount, '')})"


def capital_of(entries: Sequence[ProjectFinding]) -> float:
    """The capital cost of some commitments, USD million."""
    return wording.total(entry.capex_musd for entry in entries)


def parts_words(entries: Sequence[ProjectFinding]) -> str:
    """The capital of some commitments, named and placeholders apart."""
    named = [entry for entry in entries if not entry.placeholder]
    rest = [entry for entry in entries if entry.placeholder]
    whole = wording.round_money(capital_of(entries))
    if not rest:
        return f"{whole}, all by named projects"
    if not named:
        return f"{whole}, all by placeholders that nobody has announced"
    return (
        f"{whole}, {wording.round_money(capital_of(named))} of it by named projects and "
        f"{wording.round_money(capital_of(rest))} by placeholders that nobody has announced"
    )


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


def whole_section(story: Story) -> Section | None:
    """Every commitment; none in an empty plan."""
    if not built(story):
        return None
    table = _table(story, "The whole plan", built(story), dense=True)
    return Section("whole", "The whole plan", table)


def section(story: Story) -> Section:
    """The figure, and every commitment."""
    title = "What is committed, when, and with whose money"
    if not built(story):
        return Section("plan", "The plan", (Text("The plan commits no new project."),))
    return Section("plan", "The plan", (*figures(story), *_table(story, title, built(story))))


def figures(story: Story) -> list[Figure]:
    """The figure of what is built when; none in an empty plan."""
    return [Figure("builds")] if built(story) else []


def _table(
    story: Story, title: str, shown: Sequence[ProjectFinding], *, dense: bool = False
) -> tuple[Block, ...]:
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
