"""A finished run built by hand, small enough that every total can be checked on paper.

Each project costs USD 100 million, half of it public: 30 from grant GR and 20 from loan LN. Demand
is 1,000 t a year from 2026 to 2035; the years from 2030 on count. Each project takes 40 t a year
out of dependence from its third year on, at most 600 t in all.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from opt.data.schema import SETTINGS
from opt.data.tables import DefaultUsed, Row, Tables, Value
from opt.errors import Issue
from opt.results.run import (
    AuditSummary,
    CapacityYear,
    CostYear,
    Option,
    PlanUsed,
    ProgrammeYear,
    Run,
    StageYear,
)
from opt.results.solution import (
    Activity,
    Commitment,
    Delivery,
    Flows,
    Leftover,
    Metrics,
    Outcome,
    Pass,
    Payment,
    Shipment,
    Solution,
    YearMetrics,
)

FIRST, LAST, COUNTED_FROM = 2026, 2035, 2030
DEMAND = 1000.0
STAGES = ("mining", "separation", "metal", "magnet")
CAPEX, GRANT, LOAN = 100.0, 30.0, 20.0
PLACES = ("Aland", "Bland", "Gland")


def row(sheet: str, number: int, years: Mapping[int, float] | None = None, **values: Value) -> Row:
    """One row; every value counts as given."""
    return Row(sheet, number, values, years or {}, {}, frozenset(values))


def make_tables(path: Path, projects: int = 3, names: Mapping[int, str] | None = None) -> Tables:
    """A workbook of one chain with as many projects as asked for."""
    settings: dict[str, Value] = {column.name: column.default for column in SETTINGS}
    settings |= {
        "schema": 1,
        "first_year": FIRST,
        "last_year": LAST,
        "title": "Hand-made case",
        "dependence_from": COUNTED_FROM,
        "dependence_to": LAST,
        "price_year": 2025,
    }
    rows = {
        "regions": (
            row("regions", 5, region="AL", name="Aland", bloc="ally"),
            row("regions", 6, region="BL", name="Bland", bloc="ally"),
            row("regions", 7, region="CV", name="Coverland", bloc="covered"),
        ),
        "commodities": tuple(
            row(
                "commodities",
                5 + n,
                commodity=f"c{n}",
                name=f"{stage} product",
                stage=stage,
                unit="t",
            )
            for n, stage in enumerate(STAGES)
        ),
        "processes": tuple(
            row("processes", 5 + n, process=f"p{n}", name=f"{stage} process", stage=stage)
            for n, stage in enumerate(STAGES)
        ),
        "recipes": tuple(
            row("recipes", 5 + n, process=f"p{n}", commodity=f"c{n}", amount=1.0)
            for n in range(len(STAGES))
        ),
        "projects": tuple(_project_row(n, names or {}) for n in range(max(projects, 1))),
        "ramps": (row("ramps", 5, {1: 0.3, 2: 0.6, 3: 1.0}, ramp="slow"),),
        "programmes": (
            row(
                "programmes",
                5,
                programme="GR",
                name="Grant fund",
                owner="Aland treasury",
                amount=2000.0,
            ),
            row(
                "programmes",
                6,
                programme="LN",
                name="Loan office",
                owner="Bland bank",
                amount=1000.0,
            ),
        ),
        "sources": (
            row(
                "sources",
                5,
                source="S1",
                title="Yearbook",
                address="https://example.org/y",
                date="2024",
                confidence="A",
            ),
        ),
    }
    return Tables(
        name=path.stem,
        path=path,
        sha256="0123456789abcdef" * 4,
        settings=settings,
        rows=rows,
        warnings=(
            Issue("projects", "F6", "1.5", "lead time was rounded up to 2 years.", "Type 2."),
        ),
        defaults_used=(DefaultUsed("projects", "availability", "1.0", max(projects, 1)),),
    )


def _project_row(n: int, names: Mapping[int, str]) -> Row:
    return row(
        "projects",
        5 + n,
        project=f"PJ{n:02d}",
        name=names.get(n, f"Works number {n}"),
        site=f"Site {n}",
        region=("AL", "BL")[n % 2],
        processes=(f"p{n % 4}",),
        capacity=40.0,
        capacity_of=f"c{n % 4}",
        capex=CAPEX,
        lead_time=2,
        ramp="slow",
        life=None,
        requires="PJ00" if n == 1 else None,
        confidence="ABCD"[n % 4],
        source="S1",
    )


def commitment(n: int) -> Commitment:
    """The n-th project, committed in one of five years, two years before its first operation."""
    start = FIRST + n % 5
    return Commitment(f"PJ{n:02d}", start, 1, None, start + 2, CAPEX)


def _saved(projects: int, year: int) -> float:
    running = sum(1 for n in range(projects) if commitment(n).first_operation + 2 <= year)
    return min(40.0 * running, 600.0)


def _metrics(projects: int) -> Metrics:
    by_year = tuple(
        YearMetrics(
            year,
            DEMAND,
            890.0 - _saved(projects, year),
            10.0,
            (900.0 - _saved(projects, year)) / DEMAND,
            10.0 / DEMAND,
            year >= COUNTED_FROM,
        )
        for year in range(FIRST, LAST + 1)
    )
    counted = [entry.dependence for entry in by_year if entry.counted]
    return Metrics(
        dependence=sum(counted) / len(counted),
        shortfall=0.01,
        cost_musd=90.0 * projects + 250.0,
        capex_musd=CAPEX * projects,
        public_musd=(GRANT + LOAN) * projects,
        private_musd=(CAPEX - GRANT - LOAN) * projects,
        by_year=by_year,
        pooled_dependence=sum(counted) / len(counted),
        pooled_by_year={entry.year: entry.dependence for entry in by_year},
        cost_parts={"capex": 90.0 * projects, "opex": 200.0, "freight": 50.0},
    )


def _flows(projects: int) -> Flows:
    years = range(FIRST, LAST + 1)
    return Flows(
        activities=tuple(
            Activity("F1", "p0", "exposed", year, 890.0 - _saved(projects, year)) for year in years
        ),
        shipments=tuple(
            Shipment("CV", "AL", "c3", "exposed", year, 890.0 - _saved(projects, year))
            for year in years
        ),
        leftovers=(Leftover("AL", "c0", "clear", LAST, 0.0, 1.25),),
        deliveries=tuple(
            Delivery(
                "AL",
                "c3",
                "",
                year,
                DEMAND,
                100.0 + _saved(projects, year),
                890.0 - _saved(projects, year),
                10.0,
            )
            for year in years
        ),
    )


def _stages(projects: int) -> tuple[StageYear, ...]:
    found = []
    for place, stage in enumerate(STAGES):
        for year in range(FIRST, LAST + 1):
            before = 0.9 if place else 0.25
            after = max(before - _saved(projects, year) / DEMAND * (2.2 - 0.4 * place), 0.0)
            found.append(
                StageYear(stage, year, DEMAND * (1 - after), DEMAND * after, after, before)
            )
    return tuple(found)


def _money(projects: int) -> tuple[ProgrammeYear, ...]:
    found = []
    for programme, ticket, limit in (("GR", GRANT, 90.0), ("LN", LOAN, None)):
        for year in range(FIRST, LAST + 1):
            starts = sum(1 for n in range(projects) if commitment(n).year == year)
            before = sum(1 for n in range(projects) if commitment(n).year == year - 1)
            due = ticket * (starts + before) / 2
            left = None if limit is None else limit - due
            found.append(ProgrammeYear(programme, year, ticket * starts, due, 0.0, limit, left))
    return tuple(found)


def _capacity(projects: int) -> tuple[CapacityYear, ...]:
    return tuple(
        CapacityYear(f"PJ{n:02d}", "project", "AL", STAGES[n % 4], year, 40.0, 38.0, "t")
        for n in range(projects)
        for year in range(commitment(n).first_operation, LAST + 1)
    )


def _options(metrics: Metrics, baseline: Metrics, bound: float) -> tuple[Option, ...]:
    return (
        Option(
            "No new money",
            baseline.dependence,
            baseline.dependence,
            0.0,
            0.0,
            250.0,
            2030,
            0.9,
            0,
            None,
            "",
        ),
        Option(
            "Do the minimum",
            0.87,
            0.87,
            50.0,
            100.0,
            340.0,
            2030,
            0.88,
            1,
            2028,
            "One plant carries the gain.",
        ),
        Option(
            "The best plan",
            metrics.dependence,
            bound,
            metrics.public_musd,
            metrics.capex_musd,
            metrics.cost_musd,
            2030,
            0.85,
            3,
            2028,
            "Late starts move the first output.",
        ),
        Option(
            "A larger budget",
            0.58,
            0.55,
            1500.0,
            12000.0,
            14000.0,
            2030,
            0.75,
            20,
            2028,
            "Money may not find builders.",
        ),
    )


def make_run(
    path: Path,
    projects: int = 3,
    *,
    status: Outcome = Outcome.OPTIMAL,
    names: Mapping[int, str] | None = None,
    plan: PlanUsed | None = None,
    title: str = "Hand-made case",
) -> Run:
    """A run with as many committed projects as asked for; `path` is an input that exists."""
    tables = make_tables(path, projects, names)
    metrics, baseline = _metrics(projects), _metrics(0)
    bound = metrics.dependence - (0.0 if status is Outcome.OPTIMAL else 0.014)
    flows = _flows(projects)
    commitments = tuple(commitment(n) for n in range(projects))
    payments = tuple(
        Payment(entry.project, entry.year, programme, paid)
        for entry in commitments
        for programme, paid in (("GR", GRANT), ("LN", LOAN))
    )
    return Run(
        name=path.stem,
        title=title,
        sha256=tables.sha256,
        tables=tables,
        scenario=None,
        scenario_text="",
        objective="dependence",
        status=status,
        passes=(
            Pass("dependence", metrics.dependence, bound, 0.0, 1.5, status),
            Pass("shortfall", metrics.shortfall, metrics.shortfall, 0.0, 0.25, status),
            Pass("cost", metrics.cost_musd, metrics.cost_musd - 1.0, 0.002, 3.75, status),
        ),
        metrics=metrics,
        baseline=baseline,
        solution=Solution(commitments, payments, flows, flows),
        baseline_flows=_flows(0),
        overrides={"gap": "0"},
        plan=plan,
        options=_options(metrics, baseline, bound),
        capacity=_capacity(projects),
        payments_due=_money(projects),
        costs=tuple(
            CostYear(part, FIRST, musd * 1.1, musd) for part, musd in metrics.cost_parts.items()
        ),
        stages=_stages(projects),
        versions={"opt": "0.1.0", "highspy": "1.15.1"},
        audit=AuditSummary(True, 3.2e-9, {"balance": 120, "budget": 20}),
        log="Running the solver\n",
        input_path=path,
    )
