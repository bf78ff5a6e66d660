"""What the run shows, worked out once: run.json, the memo, the page and the charts all read this.

Only sums, differences, firsts and largest of the run's own figures; nothing here decides anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opt.data.grades import UNGRADED
from opt.record.chain import StageYear
from opt.record.demand import YearMetrics
from opt.record.money import ProgrammeYear, Use
from opt.record.projects import BuiltProject as BuiltProjectRow
from opt.record.projects import Commitment
from opt.record.run import Run
from opt.report import wording
from opt.report.findings_policy import PolicyFindings, find_policy
from opt.report.lookup import Lookup
from opt.results.grades import capex_by_grade
from opt.results.products import Product

LEFT = 1e-3  # share of a limit or an amount: below it nothing is left
MOST_PRODUCTS = 3  # of a commitment, in a cell of the plan table
CLEAR_BELOW = 0.0005  # an exposed share that shows as 0.0% or less than 0.1%


@dataclass(frozen=True, slots=True)
class BuiltProject:
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
class StageFinding:
    """One stage at the target year: exposed share before and after.

    `clear_from` is the first year from which the plan keeps it clear; None while it is exposed.
    """

    stage: str
    year: int
    exposed_share: float
    baseline_exposed_share: float
    clear_from: int | None

    @property
    def touches(self) -> bool:
        """Whether some of the stage's material is exposed with the plan."""
        return self.exposed_share >= CLEAR_BELOW

    @property
    def is_better(self) -> bool:
        """Whether the plan makes the stage less exposed by a share that shows."""
        return self.baseline_exposed_share - self.exposed_share >= CLEAR_BELOW


@dataclass(frozen=True, slots=True)
class ProgrammeFinding:
    """One programme over the whole plan, USD million: what it pays for capital, stock and running,
    and in all; `full_years` are those with nothing left of a yearly limit.

    `amount_musd` is the most that it may commit at its charge, `left_musd` the least that is left
    of it at the end of any year: of a programme that is lent again some may come back later.
    """

    programme: str
    name: str
    capital_musd: float
    stock_musd: float
    support_musd: float
    paid_musd: float
    full_years: tuple[int, ...]
    amount_musd: float
    left_musd: float

    @property
    def is_spent(self) -> bool:
        """Whether it pays, and at some time has nothing left of its amount."""
        return self.paid_musd > wording.NOTHING and self.left_musd <= LEFT * self.amount_musd


@dataclass(frozen=True, slots=True)
class Decision:
    """All commitments of one year, USD million."""

    year: int
    names: tuple[str, ...]
    capex_musd: float
    public_musd: float


@dataclass(frozen=True, slots=True)
class Findings:
    """All derived figures. `target` is the last counted year, `worst` the worst counted one.

    `short_share` is the share of allied demand of all years that goes unserved,
    `counted_short_share` that of the counted years, `worst_short` the year of which most does, None
    where all is served. `capital_public_musd` is the public money in the plan's capital cost,
    `public_share` its share, `floor_musd` the least that the workbook asks for. `forced_count` is
    how many projects of the plan the workbook forces.
    """

    projects: tuple[BuiltProject, ...]
    project_count: int
    forced_count: int
    stages: tuple[StageFinding, ...]
    programmes: tuple[ProgrammeFinding, ...]
    stages_touching: int
    stages_less_exposed: int
    decisions: tuple[Decision, ...]
    confidence_musd: Mapping[str, float]
    confidence_share: Mapping[str, float]
    counted: tuple[int, ...]
    target: YearMetrics | None
    target_baseline: YearMetrics | None
    worst: YearMetrics | None
    short_share: float
    counted_short_share: float
    worst_short: YearMetrics | None
    fall: float
    capital_public_musd: float
    public_share: float
    floor_musd: float
    weak_share: float
    largest: BuiltProject | None
    largest_share: float
    first_output: int | None
    last_output: int | None
    policy: PolicyFindings


def find(run: Run) -> Findings:
    """The derived figures of a run."""
    lookup = Lookup(run.workbook)
    projects = tuple(_built(run, lookup, made) for made in run.projects)
    counted = [entry for entry in run.metrics.by_year if entry.counted]
    target = counted[-1] if counted else None
    before = {entry.year: entry for entry in run.baseline.by_year}
    stages = _stage_findings(run, lookup, target.year if target else run.workbook.last_year)
    confidence = capex_by_grade(run.workbook, run.solution.commitments)
    capex = run.metrics.capex_musd
    public = wording.total(entry.paid_musd for entry in run.solution.paid_for(Use.CAPITAL))
    years = tuple(entry.year for entry in counted)
    largest = max(projects, key=lambda entry: entry.commitment.capex_musd, default=None)
    outputs = [entry.commitment.first_operation for entry in projects]
    return Findings(
        projects=projects,
        project_count=len({entry.commitment.project for entry in projects}),
        forced_count=len({e.commitment.project for e in projects if _forced(lookup, e)}),
        stages=stages,
        stages_touching=sum(entry.touches for entry in stages),
        stages_less_exposed=sum(entry.is_better for entry in stages),
        programmes=_programme_findings(run, lookup),
        decisions=_decisions(projects),
        confidence_musd=confidence,
        confidence_share={
            grade: value / capex if capex > 0 else 0.0 for grade, value in confidence.items()
        },
        counted=years,
        target=target,
        target_baseline=before.get(target.year) if target else None,
        worst=max(counted, key=lambda entry: entry.dependence, default=None),
        short_share=_short_share(run.metrics.by_year),
        counted_short_share=_short_share(counted),
        worst_short=_worst_short(run.metrics.by_year),
        fall=run.baseline.dependence - run.metrics.dependence,
        capital_public_musd=public,
        public_share=public / capex if capex > 0 else 0.0,
        floor_musd=_floor(run, lookup),
        weak_share=_weak(confidence) / capex if capex > 0 else 0.0,
        largest=largest,
        largest_share=largest.commitment.capex_musd / capex if largest and capex > 0 else 0.0,
        first_output=min(outputs, default=None),
        last_output=max(outputs, default=None),
        policy=find_policy(run, lookup, years),
    )


def _short_share(years: Sequence[YearMetrics]) -> float:
    """Share of the weighted allied demand of some years that goes unserved."""
    demand = wording.total(entry.demand for entry in years)
    return wording.total(entry.short for entry in years) / demand if demand > 0 else 0.0


def _worst_short(years: Sequence[YearMetrics]) -> YearMetrics | None:
    """The year of which the largest share goes unserved; None where all demand is served but for
    what the passes' own tolerances may leave."""
    if _short_share(years) <= wording.NOTHING:
        return None
    return max(years, key=lambda entry: entry.shortfall)


def _forced(lookup: Lookup, entry: BuiltProject) -> bool:
    return lookup.project(entry.commitment.project, "decision").startswith("force")


def _floor(run: Run, lookup: Lookup) -> float:
    """The least public money that the workbook asks for in the capital of the plan, USD million."""
    general = run.workbook.settings.get("public_share")
    floors = []
    for entry in run.solution.commitments:
        row = lookup.projects.get(entry.project)
        own = row.values.get("public_share") if row else None
        share = general if own is None else own
        floors.append(float(share) * entry.capex_musd if isinstance(share, int | float) else 0.0)
    return wording.total(floors)


def _built(run: Run, lookup: Lookup, made: BuiltProjectRow) -> BuiltProject:
    key = made.project
    products = tuple(
        Product(c, lookup.name("commodities", c), amount, lookup.unit(c))
        for c, amount in made.products.items()
    )
    commitment = Commitment(
        key, made.year, made.units, made.size, made.first_operation, made.capex_musd
    )
    return BuiltProject(
        commitment=commitment,
        name=made.name,
        site=made.site,
        region=made.region,
        region_name=lookup.name("regions", made.region),
        stage=made.stage,
        public_musd=made.public_musd,
        private_musd=made.private_musd,
        paid_by=made.paid_by,
        confidence=lookup.project(key, "confidence") or UNGRADED,
        capacity=made.capacity,
        products=products,
        usable=made.usable,
        unlocks=_unlocks(run, lookup, key, products),
    )


def _unlocks(run: Run, lookup: Lookup, key: str, made: Sequence[Product]) -> str:
    """What a commitment brings in products, and what in the plan needs it."""
    text = "nothing: it does not run"
    if made:
        first = f"{wording.amount(made[0].amount, made[0].unit)} a year of {made[0].name}"
        rest = [f"{wording.amount(e.amount, e.unit)} of {e.name}" for e in made[1:]]
        text = wording.names([first, *rest], MOST_PRODUCTS)
    built = {entry.project for entry in run.solution.commitments}
    needed_by = [
        lookup.plant(other) for other in sorted(built) if lookup.project(other, "requires") == key
    ]
    needs = f"needed by {wording.names(needed_by)}" if needed_by else ""
    return "; ".join(part for part in (text, needs) if part)


def _decisions(projects: tuple[BuiltProject, ...]) -> tuple[Decision, ...]:
    by_year: dict[int, list[BuiltProject]] = {}
    for entry in projects:
        by_year.setdefault(entry.commitment.year, []).append(entry)
    return tuple(
        Decision(
            year,
            tuple(entry.name for entry in entries),
            wording.total(entry.commitment.capex_musd for entry in entries),
            wording.total(entry.public_musd for entry in entries),
        )
        for year, entries in by_year.items()
    )


def _stage_findings(run: Run, lookup: Lookup, target: int) -> tuple[StageFinding, ...]:
    by_stage = stages_in_order(run, lookup)
    return tuple(
        StageFinding(
            stage=stage,
            year=target,
            exposed_share=at.exposed_share,
            baseline_exposed_share=at.baseline_exposed_share,
            clear_from=_clear_from(entries, target),
        )
        for stage, entries in by_stage.items()
        for at in entries
        if at.year == target
    )


def stages_in_order(run: Run, lookup: Lookup) -> dict[str, list[StageYear]]:
    """The years of each stage, stages in the order of the chain."""
    rank = {stage: place for place, stage in enumerate(lookup.stages)}
    entries = sorted(run.stages, key=lambda e: (rank.get(e.stage, len(rank)), e.stage, e.year))
    found: dict[str, list[StageYear]] = {}
    for entry in entries:
        found.setdefault(entry.stage, []).append(entry)
    return found


def _clear_from(entries: list[StageYear], target: int) -> int | None:
    found = None
    for entry in reversed([entry for entry in entries if entry.year <= target]):
        if entry.exposed_share >= CLEAR_BELOW:
            break
        found = entry.year
    return found


def _programme_findings(run: Run, lookup: Lookup) -> tuple[ProgrammeFinding, ...]:
    order = [row.text("programme") for row in run.workbook.rows.get("programmes", ())]
    known = [*order, *sorted({entry.programme for entry in run.payments_due} - set(order))]
    return tuple(_programme(run, lookup, key) for key in known)


def _programme(run: Run, lookup: Lookup, key: str) -> ProgrammeFinding:
    answer = run.solution
    capital, stock, support = (
        wording.total(e.paid_musd for e in answer.paid_for(use) if e.programme == key)
        for use in Use
    )
    years = [entry for entry in run.payments_due if entry.programme == key]
    return ProgrammeFinding(
        programme=key,
        name=lookup.name("programmes", key),
        capital_musd=capital,
        stock_musd=stock,
        support_musd=support,
        paid_musd=capital + stock + support,
        full_years=tuple(entry.year for entry in years if _full(entry)),
        amount_musd=max((e.amount_musd for e in years if e.amount_musd is not None), default=0.0),
        left_musd=min(
            (e.amount_left_musd for e in years if e.amount_left_musd is not None), default=0.0
        ),
    )


def _full(entry: ProgrammeYear) -> bool:
    """Whether a programme has a limit in the year, uses it, and has nothing left."""
    if entry.left_musd is None or not entry.limit_musd or entry.due_musd <= 0:
        return False
    return entry.left_musd <= LEFT * entry.limit_musd


def _weak(confidence: Mapping[str, float]) -> float:
    """Capex that rests on unverified figures, estimates, or rows without a grade."""
    return wording.total(confidence.get(grade, 0.0) for grade in ("C", "D", UNGRADED))
