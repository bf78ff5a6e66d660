"""A finished run built by hand, small enough that every total can be checked on paper.

Each project costs USD 100 million, half of it public: 30 from grant GR and 20 from loan LN. Demand
is 1,000 t a year from 2026 to 2035; the years from 2030 on count. Each project takes 40 t a year
out of dependence from its third year on, at most 600 t in all; it runs at 30%, 60% and then all of
its capacity.

With `full` the workbook also has a stockpile, two plants that cost more than they earn, two
targets and an offtake. Programme ST buys 60 t clear and 40 t exposed in 2027 and 50 t clear in 2028
at USD 0.2 million a tonne, USD 30 million; the 110 t clear are released in 2031. Programme SU pays
F2 USD 50,000 a tonne for 50 t in 2030 and in 2031, USD 5 million; F3 stands idle. F2 has a least
use of 20 t a year, of which 15 t stand idle in 2034 and 5 t in 2035.

It is built and not solved, because documents are tested on runs of every status and size.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from opt.data.sheets.registry import ROW, SETTINGS, SHEET, SHEETS
from opt.data.tables import DefaultUsed, Row, Tables, Value
from opt.errors import Issue
from opt.record.ceilings import CeilingYear
from opt.record.chain import CapacityYear, StageYear, TouchYear, WorldShare
from opt.record.demand import ElementYear, Metrics, YearMetrics
from opt.record.flows import Activity, Delivery, Flows, Leftover, Shipment
from opt.record.idle import IdleYear
from opt.record.money import CostYear, Payment, ProgrammeYear, Use
from opt.record.options import ALL_TAKE, Option
from opt.record.passes import Outcome, Pass
from opt.record.projects import BuildYear, Commitment, PlanUsed
from opt.record.run import AuditSummary, Run, Solution
from opt.record.stock import StockpileYear, StockYear
from opt.record.support import MarginYear
from opt.record.targets import TargetResult
from opt.results.case import case_record
from opt.results.projects import built_projects

FIRST, LAST, COUNTED_FROM = 2026, 2035, 2030
DEMAND = 1000.0
STAGES = ("mining", "separation", "metal", "magnet")
CAPEX, GRANT, LOAN = 100.0, 30.0, 20.0
PLACES = ("Aland", "Bland", "Gland")
STOCK, SUPPORT = 30.0, 5.0
LEAST, IDLE_COST, IDLE = 20.0, 40_000.0, 6.0
LEAST_USE = {"least_use": 0.4, "idle_cost": IDLE_COST}
BOUGHT = {2027: (60.0, 40.0), 2028: (50.0, 0.0)}
RELEASED, PRICE = 2031, 200_000.0
GAP, WIDE_GAP, SUPPORTED = 50_000.0, 70_000.0, 50.0
CONTENTS = {"E1": 0.3, "E2": 0.02}
TOUCHED = {"separation": 0.5, "metal": 0.3, "stock": 0.2}  # of what is exposed


def row(sheet: str, number: int, years: Mapping[int, float] | None = None, **values: Value) -> Row:
    """One row; every value counts as given, and a declared default stands in for all others."""
    blank = {column.name: column.default for column in SHEET[sheet].all_columns}
    return ROW[sheet](sheet, number, blank | values, years or {}, {}, frozenset(values))


def _files(path: Path) -> dict[str, bytes]:
    """The input's bytes, none where a test has no need of an input."""
    return {path.name: path.read_bytes()} if path.exists() else {}


def make_tables(
    path: Path, projects: int = 3, names: Mapping[int, str] | None = None, *, full: bool = False
) -> Tables:
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
        "recipes": (
            *(
                row("recipes", 5 + n, process=f"p{n}", commodity=f"c{n}", amount=1.0)
                for n in range(len(STAGES))
            ),
            *(
                row("recipes", 9 + n, process=f"p{n}", commodity=f"c{n - 1}", amount=-1.0)
                for n in range(1, len(STAGES))
            ),
        ),
        "demand": (row("demand", 5, {FIRST: DEMAND}, region="AL", commodity="c3"),),
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
    if full:
        rows |= _full_rows(rows["programmes"])
    rows = {sheet.name: rows.get(sheet.name, ()) for sheet in SHEETS}
    return Tables(
        name=path.stem,
        path=path,
        files=_files(path),
        sha256="0123456789abcdef" * 4,
        settings=settings,
        rows=rows,
        warnings=(
            Issue("projects", "F6", "1.5", "lead time was rounded up to 2 years.", "Type 2."),
        ),
        defaults_used=(DefaultUsed("projects", "availability", "1.0", max(projects, 1)),),
    )


def _full_rows(programmes: tuple[Row, ...]) -> dict[str, tuple[Row, ...]]:
    """What a workbook with stock, support, targets and offtakes has beside other sheets."""
    funds = (("ST", "Stock office"), ("SU", "Support fund"))
    targets = (("T1", "dependence", "", LAST, 0.95), ("T2", "output", "c2:BL", 2031, 40.0))
    return {
        "facilities": (
            row("facilities", 5, facility="F2", name="Old smelter", region="BL", **LEAST_USE),
            row("facilities", 6, facility="F3", name="Old magnet works", region="AL"),
        ),
        "programmes": (
            *programmes,
            *(
                row("programmes", 7 + n, programme=key, name=name, amount=100.0)
                for n, (key, name) in enumerate(funds)
            ),
        ),
        "stockpiles": (
            row("stockpiles", 5, stockpile="RES", region="AL", commodity="c2", initial=0.0),
        ),
        "offtakes": (row("offtakes", 5, facility="F2", commodity="c2", share=0.5),),
        "contents": tuple(
            row("contents", 5 + n, commodity="c3", element=element, share=share)
            for n, (element, share) in enumerate(CONTENTS.items())
        ),
        "targets": tuple(
            row("targets", 5 + n, target=t, metric=m, scope=s, year=y, bound=b)
            for n, (t, m, s, y, b) in enumerate(targets)
        ),
    }


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


def _metrics(projects: int, *, full: bool = False) -> Metrics:
    stock, support = (STOCK, SUPPORT) if full else (0.0, 0.0)
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
        idle_musd=IDLE if full else 0.0,
        capex_musd=CAPEX * projects,
        public_musd=(GRANT + LOAN) * projects + stock + support,
        private_musd=(CAPEX - GRANT - LOAN) * projects,
        by_year=by_year,
        pooled_dependence=sum(counted) / len(counted),
        pooled_by_year={entry.year: entry.dependence for entry in by_year},
        cost_parts={"capex": 90.0 * projects, "opex": 200.0, "freight": 50.0},
        by_use_musd={Use.STOCK: stock, Use.SUPPORT: support},
        tonnes_dependence=sum(counted) / len(counted) - 0.05,
        element_dependence={name: sum(counted) / len(counted) for name in CONTENTS},
    )


def _flows(projects: int, *, full: bool = False) -> Flows:
    years = range(FIRST, LAST + 1)
    paid = [Activity("F2", "p2", "clear", year, SUPPORTED) for year in (2030, 2031)]
    return Flows(
        activities=(
            *(
                Activity("F1", "p0", "exposed", year, 890.0 - _saved(projects, year))
                for year in years
            ),
            *(paid if full else ()),
            *(
                Activity(c.project, f"p{n % 4}", "clear", LAST, 40.0)
                for n, c in enumerate(map(commitment, range(projects)))
            ),
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
        stocks=tuple(
            StockYear("RES", origin, e.year, bought, released, level)
            for e in (_stockpiles() if full else ())
            for origin, bought, released, level in (
                ("clear", e.bought_clear, e.released_clear, e.clear),
                ("exposed", e.bought_exposed, e.released_exposed, e.exposed),
            )
            if bought or released or level
        ),
    )


def _stockpiles() -> tuple[StockpileYear, ...]:
    found, clear, exposed = [], 0.0, 0.0
    for year in range(FIRST, LAST + 1):
        bought_clear, bought_exposed = BOUGHT.get(year, (0.0, 0.0))
        released = clear if year == RELEASED else 0.0
        clear, exposed = clear + bought_clear - released, exposed + bought_exposed
        paid = PRICE * (bought_clear + bought_exposed) / 1e6
        moved = (bought_clear, bought_exposed, released, 0.0)
        days = 365.0 * (clear + exposed) / DEMAND
        found.append(StockpileYear("RES", year, clear, exposed, *moved, PRICE, paid, days))
    return tuple(found)


def _margins() -> tuple[MarginYear, ...]:
    """F2 runs in two years and idles from 2032 on, F3 never runs."""
    runs = [MarginYear("F2", "p2", year, GAP, SUPPORTED, 0.0) for year in (2030, 2031)]
    rests = [MarginYear("F2", "p2", year, WIDE_GAP, 0.0, 0.0) for year in range(2032, LAST + 1)]
    idle = [MarginYear("F3", "p3", year, GAP, 0.0, 0.0) for year in range(2030, LAST + 1)]
    return (*runs, *rests, *idle)


def _idle() -> tuple[IdleYear, ...]:
    """F2 lacks an input in 2034 and costs more to run in 2035; without new money it is full."""
    unused = {2034: 15.0, 2035: 5.0}
    lacks = {2034: "input c1"}
    return tuple(
        IdleYear("F2", t, LEAST, idle, LEAST, 0.0, IDLE_COST, lacks.get(t, ""))
        for t in range(FIRST, LAST + 1)
        for idle in [unused.get(t, 0.0)]
    )


def _targets(metrics: Metrics, baseline: Metrics) -> tuple[TargetResult, ...]:
    value, before = metrics.by_year[-1].dependence, baseline.by_year[-1].dependence
    return (
        TargetResult("T1", "dependence", "", LAST, "at_most", 0.95, value, 0.95 - value, before),
        TargetResult("T2", "output", "c2:BL", 2031, "at_least", 40.0, SUPPORTED, 10.0, 0.0, "t"),
    )


def _elements(metrics: Metrics, baseline: Metrics) -> tuple[ElementYear, ...]:
    return tuple(
        ElementYear(
            element,
            e.year,
            share * e.demand,
            share * e.exposed,
            share * e.short,
            e.dependence,
            before.dependence,
        )
        for element, share in CONTENTS.items()
        for e, before in zip(metrics.by_year, baseline.by_year, strict=True)
    )


def _touch(metrics: Metrics, baseline: Metrics) -> tuple[TouchYear, ...]:
    return tuple(
        TouchYear(stage, e.year, part * e.exposed / e.demand, part * before.exposed / before.demand)
        for stage, part in TOUCHED.items()
        for e, before in zip(metrics.by_year, baseline.by_year, strict=True)
    )


def _world() -> tuple[WorldShare, ...]:
    """Coverland makes nine tenths of all until 2030 and six tenths from 2031 on."""
    found = []
    for stage in STAGES:
        for year in range(FIRST, LAST + 1):
            share = 0.9 if year < 2031 else 0.6
            hhi = 10_000 * (share**2 + (1 - share) ** 2)
            found.append(WorldShare(stage, "CV", "covered", year, 1000 * share, share, hhi))
            found.append(WorldShare(stage, "AL", "ally", year, 1000 * (1 - share), 1 - share, hhi))
    return tuple(found)


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


def _money(projects: int, *, full: bool = False) -> tuple[ProgrammeYear, ...]:
    found = []
    paid = {("ST", 2027): 20.0, ("ST", 2028): 10.0, ("SU", 2030): 2.5, ("SU", 2031): 2.5}
    free = {"ST": 100.0, "SU": 100.0}
    for (programme, year), musd in paid.items() if full else ():
        free[programme] -= musd
        money = (musd, musd, 0.0, None, None, 100.0, free[programme])
        found.append(ProgrammeYear(programme, year, *money))
    for programme, ticket, limit, amount in (
        ("GR", GRANT, 90.0, 2000.0),
        ("LN", LOAN, None, 1000.0),
    ):
        left_of_amount = amount
        for year in range(FIRST, LAST + 1):
            starts = sum(1 for n in range(projects) if commitment(n).year == year)
            before = sum(1 for n in range(projects) if commitment(n).year == year - 1)
            due = ticket * (starts + before) / 2
            left = None if limit is None else limit - due
            left_of_amount -= ticket * starts
            yearly = (ticket * starts, due, 0.0, limit, left)
            found.append(ProgrammeYear(programme, year, *yearly, amount, left_of_amount))
    return tuple(found)


def _ceilings(projects: int) -> tuple[CeilingYear, ...]:
    """Two plants may start a year, and half a plant's capital cost of private money is ready."""
    found = []
    for year in range(FIRST, LAST + 1):
        starts = sum(commitment(n).year == year for n in range(projects))
        found.append(_ceiling("starts", year, starts, 2.0, "units"))
        found.append(_ceiling("private", year, 25.0 * starts, CAPEX / 2, "USD million"))
    return tuple(found)


def _ceiling(what: str, year: int, used: float, limit: float, unit: str) -> CeilingYear:
    return CeilingYear(what, "all", "", "", "", year, float(used), limit, used / limit, unit)


def _capacity(projects: int, *, full: bool = False) -> tuple[CapacityYear, ...]:
    built = tuple(
        CapacityYear(f"PJ{n:02d}", "project", "AL", STAGES[n % 4], year, 40.0, 38.0, "t")
        for n in range(projects)
        for year in range(commitment(n).first_operation, LAST + 1)
    )
    old = tuple(
        CapacityYear(plant, "facility", region, stage, year, SUPPORTED, 0.0, "t")
        for plant, region, stage in (("F2", "BL", "metal"), ("F3", "AL", "magnet"))
        for year in (range(FIRST, LAST + 1) if full else ())
    )
    return (*built, *old)


def _builds(projects: int) -> tuple[BuildYear, ...]:
    return tuple(
        BuildYear(c.project, c.year, year, (0.3, 0.6, 1.0)[min(year - c.first_operation, 2)])
        for c in map(commitment, range(projects))
        for year in range(c.first_operation, LAST + 1)
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


def _all_take(metrics: Metrics) -> tuple[Option, ...]:
    """The plan where buyers take one unit of demand more."""
    taken = tuple(replace(e, exposed=e.exposed - 1) for e in metrics.by_year if e.counted)
    share = metrics.dependence
    own = (share, share, metrics.public_musd, metrics.capex_musd, None, 2030, 0.85, 3, 2028)
    return (Option(ALL_TAKE, *own, "Some do not.", by_year=taken),)


def _payments(commitments: Iterable[Commitment], *, full: bool) -> tuple[Payment, ...]:
    capital = (
        Payment(Use.CAPITAL, made.project, "", made.year, programme, None, paid)
        for made in commitments
        for programme, paid in (("GR", GRANT), ("LN", LOAN))
    )
    stock = (
        Payment(Use.STOCK, "RES", "", e.year, "ST", None, e.paid_musd)
        for e in _stockpiles()
        if e.paid_musd
    )
    support = (
        Payment(Use.SUPPORT, "F2", "p2", year, "SU", SUPPORTED, GAP * SUPPORTED / 1e6)
        for year in (2030, 2031)
    )
    return (*capital, *stock, *support) if full else tuple(capital)


def make_run(
    path: Path,
    projects: int = 3,
    *,
    status: Outcome = Outcome.OPTIMAL,
    names: Mapping[int, str] | None = None,
    plan: PlanUsed | None = None,
    title: str = "Hand-made case",
    full: bool = False,
) -> Run:
    """A run with as many committed projects as asked for; `path` is an input that exists.

    `full` adds stock, support, targets and an offtake.
    """
    tables = make_tables(path, projects, names, full=full)
    metrics, baseline = _metrics(projects, full=full), _metrics(0)
    bound = metrics.dependence - (0.0 if status is Outcome.OPTIMAL else 0.014)
    flows = _flows(projects, full=full)
    commitments = tuple(commitment(n) for n in range(projects))
    solution = Solution(commitments, _payments(commitments, full=full), flows, flows)
    case = case_record(tables)
    return Run(
        name=path.stem,
        title=title,
        sha256=tables.sha256,
        workbook=tables,
        case=case,
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
        solution=solution,
        baseline_flows=_flows(0),
        baseline_world=_flows(0),
        overrides={"gap": "0"},
        plan=plan,
        options=(*_options(metrics, baseline, bound), *(_all_take(metrics) if full else ())),
        capacity=_capacity(projects, full=full),
        payments_due=_money(projects, full=full),
        costs=tuple(
            CostYear(part, FIRST, musd * 1.1, musd) for part, musd in metrics.cost_parts.items()
        ),
        ceilings=_ceilings(projects) if full else (),
        stages=_stages(projects),
        stockpiles=_stockpiles() if full else (),
        margins=_margins() if full else (),
        idle=_idle() if full else (),
        targets=_targets(metrics, baseline) if full else (),
        world=_world(),
        elements=_elements(metrics, baseline),
        minerals=(),
        mineral_years=(),
        touch=_touch(metrics, baseline),
        versions={"opt": "0.1.0", "highspy": "1.15.1"},
        audit=AuditSummary(True, 3.2e-9, {"balance": 120, "budget": 20}),
        log="Running the solver\n",
        input_files=tables.files,
        builds=_builds(projects),
        projects=built_projects(case, solution, _builds(projects)),
    )
