"""From checked tables to an Instance: one scenario, with ramps, shocks, money and lanes worked out.

Every rule here is one sentence of the workbook's fine print.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from opt.data import lanes as lane_rules
from opt.data import shocks as shock_rules
from opt.data.instance import (
    Ceiling,
    Commodity,
    Demand,
    Facility,
    FixedCommitment,
    Instance,
    Offer,
    Plant,
    Process,
    Programme,
    Project,
)
from opt.data.lanes import BLOC, EVERYTHING, LaneRow
from opt.data.shocks import Shock
from opt.data.tables import Row, Tables
from opt.errors import InputError, Issue

Tags = Mapping[str, frozenset[str]]

# A lead time of 2.0000000001 is a rounding error of a spreadsheet, not a third year.
ROUNDING = 1e-9


def assemble(
    tables: Tables, scenario: str | None = None, plan: Sequence[FixedCommitment] = ()
) -> Instance:
    """The instance of one scenario (None: the base case).

    `plan` are commitments given from outside; each is offered even where a scenario's delay moves
    its first operation behind the last year: its money is spent and it makes nothing.

    Raises InputError where a forced project cannot operate by last_year under the scenario, or an
    allied demand has no price while the objective is value-weighted.
    """
    shocks = shock_rules.read_shocks(tables, scenario)
    blocs = {row.text("region"): row.text("bloc") for row in tables.rows["regions"]}
    commodities = {row.text("commodity"): _commodity(row) for row in tables.rows["commodities"]}
    processes = _processes(tables)
    builder = _Builder(tables, shocks, blocs, commodities, processes)
    projects = {row.text("project"): builder.project(row, plan) for row in tables.rows["projects"]}
    _check_forced(tables, projects)
    lanes, pools = lane_rules.resolve(
        _lane_rows(tables),
        shock_rules.lane_shocks(shocks, blocs, builder.commodity_tags),
        blocs,
        tuple(commodities),
        tuple(tables.years),
    )
    target = tables.settings["dependence_target"]
    return Instance(
        name=tables.name,
        scenario=scenario,
        years=tuple(tables.years),
        dependence_years=_dependence_years(tables),
        dependence_target=None if target is None else float(target),  # type: ignore[arg-type]
        discount_rate=_setting(tables, "discount_rate"),
        blocs=blocs,
        commodities=commodities,
        processes=processes,
        facilities={
            row.text("facility"): builder.facility(row) for row in tables.rows["facilities"]
        },
        projects=projects,
        programmes=builder.programmes(projects),
        ceilings=builder.ceilings(),
        demands=builder.demands(),
        lanes=lanes,
        pools=pools,
    )


def interpolate(given: Mapping[int, float], year: int) -> float:
    """The value in a year: straight line between given years, the first value before the first.

    Raises ValueError after the last given year; the check of the workbook comes first.
    """
    known = sorted(given)
    if year <= known[0]:
        return given[known[0]]
    if year > known[-1]:
        raise ValueError(f"no value for {year}")
    after = next(y for y in known if y >= year)
    if after == year:
        return given[year]
    before = max(y for y in known if y < year)
    slope = (given[after] - given[before]) / (after - before)
    return given[before] + slope * (year - before)


def whole_years(lead_time: float) -> int:
    """A lead time in whole years, fractions rounded up."""
    return math.ceil(lead_time - ROUNDING)


def ramp_share(ramp: Sequence[float], n: int | None) -> float:
    """Share of capacity in the n-th year of operation (the first is 1); the last value stays.

    None means past the ramp. An empty ramp is full from the first year.
    """
    if not ramp:
        return 1.0
    if n is None or n > len(ramp):
        return ramp[-1]
    return ramp[n - 1]


def _setting(tables: Tables, key: str) -> float:
    value = tables.settings[key]
    assert isinstance(value, int | float), (key, value)
    return float(value)


def _dependence_years(tables: Tables) -> tuple[int, ...]:
    first, last = tables.settings["dependence_from"], tables.settings["dependence_to"]
    start = tables.first_year if first is None else int(first)  # type: ignore[arg-type]
    end = tables.last_year if last is None else int(last)  # type: ignore[arg-type]
    return tuple(range(start, end + 1))


def _commodity(row: Row) -> Commodity:
    surplus = row["surplus"]
    cost = {"free": 0.0, "none": None}.get(str(surplus), surplus)
    return Commodity(
        id=row.text("commodity"),
        mineral=row.text("mineral"),
        stage=row.text("stage"),
        unit=row.text("unit"),
        surplus=None if cost is None else float(cost),  # type: ignore[arg-type]
    )


def _processes(tables: Tables) -> dict[str, Process]:
    recipes: dict[str, dict[str, float]] = {
        row.text("process"): {} for row in tables.rows["processes"]
    }
    for row in tables.rows["recipes"]:
        recipes[row.text("process")][row.text("commodity")] = row.number_of("amount")
    return {
        row.text("process"): Process(
            row.text("process"), row.text("stage"), recipes[row.text("process")]
        )
        for row in tables.rows["processes"]
    }


def _lane_rows(tables: Tables) -> list[LaneRow]:
    first, last = tables.first_year, tables.last_year
    rows = [
        LaneRow(
            origin=row.text("origin"),
            destination=row.text("destination"),
            commodity=row.text("commodity"),
            cost=row.number_of("cost"),
            limit=row.optional("limit"),
            first_year=int(row.optional("first_year") or first),
            last_year=int(row.optional("last_year") or last),
            open=row.text("open") == "yes",
        )
        for row in tables.rows["lanes"]
    ]
    return rows or [LaneRow(EVERYTHING, EVERYTHING, EVERYTHING, 0.0, None, first, last, True)]


def _check_forced(tables: Tables, projects: Mapping[str, Project]) -> None:
    issues = []
    for row in tables.rows["projects"]:
        project = projects[row.text("project")]
        wanted = project.forced_year
        if project.forced and not (project.offers if wanted is None else wanted in project.offers):
            message = (
                f"'{project.plant.id}' is forced, but no commitment"
                f"{'' if wanted is None else f' in {wanted}'} would operate by {tables.last_year}."
            )
            issues.append(row.issue("decision", message, "Choose an earlier year or free it."))
    if issues:
        raise InputError(issues, tables.warnings)


def _casefolded(values: Iterable[str]) -> frozenset[str]:
    return frozenset(value.casefold() for value in values if value)


class _Builder:
    """Rows to domain objects, with the case's shocks and names at hand."""

    def __init__(
        self,
        tables: Tables,
        shocks: Sequence[Shock],
        blocs: Mapping[str, str],
        commodities: Mapping[str, Commodity],
        processes: Mapping[str, Process],
    ) -> None:
        self.tables = tables
        self.shocks = shocks
        self.blocs = blocs
        self.commodities = commodities
        self.processes = processes
        self.years = tables.years
        self.ramps = {
            row.text("ramp"): [row.years[n] for n in sorted(row.years)]
            for row in tables.rows["ramps"]
        }
        self.spends = {
            row.text("spend"): [row.years[n] for n in sorted(row.years)]
            for row in tables.rows["spends"]
        }
        self.commodity_tags: dict[str, Tags] = {
            c.id: {
                "commodity": _casefolded([c.id]),
                "mineral": _casefolded([c.mineral]),
                "stage": _casefolded([c.stage]),
            }
            for c in commodities.values()
        }

    def tags(self, row: Row, kind: str) -> Tags:
        """What filters can match of a plant: stage is its processes', commodity and mineral their
        outputs'; any match takes the whole plant."""
        processes = [self.processes[p] for p in row.items("processes")]
        outputs = [self.commodities[c] for p in processes for c in p.outputs]
        return {
            kind: _casefolded([row.text(kind)]),
            "region": _casefolded([row.text("region")]),
            "bloc": _casefolded([self.blocs[row.text("region")]]),
            "process": _casefolded(p.id for p in processes),
            "stage": _casefolded(p.stage for p in processes),
            "commodity": _casefolded(c.id for c in outputs),
            "mineral": _casefolded(c.mineral for c in outputs),
        }

    def plant(self, row: Row, kind: str) -> Plant:
        """The part that facilities and projects share."""
        basis = row.text("capacity_of")
        covered = "covered" in (self.blocs[row.text("region")], row.text("controlled_by"))
        return Plant(
            id=row.text(kind),
            name=row.text("name") or row.text(kind),
            site=row.text("site"),
            region=row.text("region"),
            rates={
                p: abs(self.processes[p].recipe[basis]) if basis else 1.0
                for p in row.items("processes")
            },
            clear=not covered,
            opex=row.number_of("opex"),
            fixed_opex=row.number_of("fixed_opex"),
        )

    def facility(self, row: Row) -> Facility:
        """Capacity by year: nameplate x ramp x availability x shocks, from opens to closes."""
        opens, closes = row.optional("opens"), row.optional("closes")
        open_years = tuple(
            t
            for t in self.years
            if (opens is None or t >= opens) and (closes is None or t <= closes)
        )
        tags = self.tags(row, "facility")
        ramp = self.ramps.get(row.text("ramp"), [])
        capacity = row.optional("capacity")
        usable = {}
        for t in open_years:
            nameplate = interpolate(row.years, t) if capacity is None else capacity
            n = None if opens is None else t - int(opens) + 1
            usable[t] = nameplate * self.running(row, tags, ramp_share(ramp, n), t)
        return Facility(self.plant(row, "facility"), usable, open_years)

    def running(self, row: Row, tags: Tags, ramped: float, year: int) -> float:
        """Share of nameplate that can run: ramp x availability x supply and ramp shocks."""
        return (
            ramped
            * row.number_of("availability")
            * shock_rules.factor(self.shocks, "supply", tags, year)
            * shock_rules.factor(self.shocks, "ramp", tags, year)
        )

    def project(self, row: Row, plan: Sequence[FixedCommitment]) -> Project:
        """A candidate with one offer for each year in which it can be committed."""
        forced, _, named = row.text("decision").partition(" ")
        capacity = row.optional("capacity")
        largest = row.optional("capacity_max") if capacity is None else capacity
        smallest = (row.optional("capacity_min") or 0.0) if capacity is None else capacity
        floor = row.optional("public_share")
        assert largest is not None, row
        return Project(
            plant=self.plant(row, "project"),
            capacity_min=smallest,
            capacity_max=largest,
            scalable=capacity is None,
            max_units=int(row.number_of("max_units")),
            group=row.text("group").casefold(),
            requires=row.text("requires"),
            public_share=_setting(self.tables, "public_share") if floor is None else floor,
            max_public_share=row.number_of("max_public_share"),
            forced=forced == "force",
            forced_year=int(named) if forced == "force" and named else None,
            offers={} if forced == "forbid" else self.offers(row, plan),
        )

    def offers(self, row: Row, plan: Sequence[FixedCommitment]) -> dict[int, Offer]:
        """One offer a year from earliest to latest that first operates by last_year."""
        earliest, latest = row.optional("earliest"), row.optional("latest")
        first = max(self.years[0], int(earliest or self.years[0]))
        last = min(self.years[-1], int(latest or self.years[-1]))
        tags = self.tags(row, "project")
        planned = {c.year for c in plan if c.project == row.text("project")}
        offers = {v: self.offer(row, tags, v) for v in range(first, last + 1)}
        return {
            v: offer
            for v, offer in offers.items()
            if offer.first_operation <= self.years[-1] or v in planned
        }

    def offer(self, row: Row, tags: Tags, year: int) -> Offer:
        """The project as committed in one year."""
        lead = self.lead_time(row, tags, year)
        start = year + lead
        life = row.optional("life")
        end = math.inf if life is None else start + int(life) - 1
        open_years = tuple(t for t in self.years if start <= t <= end)
        ramp = self.ramps.get(row.text("ramp"), [])
        carried = row.number_of("capex_share")
        capex = row.number_of("capex") * shock_rules.factor(self.shocks, "capex", tags, year)
        added = shock_rules.shift(self.shocks, "capex", tags, year)
        per_unit = row.number_of("capex_per_unit") * shock_rules.factor(
            self.shocks, "capex", tags, year
        )
        spend = self.spends.get(row.text("spend")) or [1.0 / max(1, lead)] * max(1, lead)
        left = 0.0 if life is None else min(life, max(0.0, end - self.years[-1])) / life
        return Offer(
            year=year,
            first_operation=start,
            capex=max(0.0, capex + added) * carried,
            capex_per_unit=per_unit * carried,
            spend={year + n: share for n, share in enumerate(spend) if share > 0},
            usable={
                t: self.running(row, tags, ramp_share(ramp, t - start + 1), t) for t in open_years
            },
            open_years=open_years,
            residual=left,
        )

    def lead_time(self, row: Row, tags: Tags, year: int) -> int:
        """Whole years from commitment to first operation, under the shocks of that year."""
        stretch = shock_rules.factor(self.shocks, "lead_time", tags, year)
        delay = shock_rules.shift(self.shocks, "lead_time", tags, year)
        planned = whole_years(row.number_of("lead_time"))
        return max(0, whole_years(planned * stretch) + whole_years(delay))

    def ceilings(self) -> tuple[Ceiling, ...]:
        """Ceilings on private money and on what can be committed in a year, with the projects
        each covers: any match of a row's field takes the whole project, `all` takes every one."""
        tags = {
            row.text("project"): self.tags(row, "project") for row in self.tables.rows["projects"]
        }
        found = []
        for sheet in ("private_capital", "build_limits"):
            for row in self.tables.rows[sheet]:
                what = "private" if sheet == "private_capital" else row.text("what")
                field, value = row.text("field"), row.text("value")
                covered = tuple(
                    sorted(j for j in tags if field == "all" or value.casefold() in tags[j][field])
                )
                limits = {t: limit for t, limit in row.years.items() if t in self.years}
                found.append(Ceiling(f"{what}|{field}|{value}", what, covered, limits))
        return tuple(found)

    def programmes(self, projects: Mapping[str, Project]) -> dict[str, Programme]:
        """Programmes with the projects each may pay for."""
        rows = {row.text("project"): row for row in self.tables.rows["projects"]}
        tags = {j: self.tags(rows[j], "project") for j in projects}
        rules: dict[str, list[Row]] = {}
        for row in self.tables.rows["eligibility"]:
            rules.setdefault(row.text("programme"), []).append(row)
        return {
            row.text("programme"): self.programme(row, rules.get(row.text("programme"), []), tags)
            for row in self.tables.rows["programmes"]
        }

    def programme(self, row: Row, rules: Sequence[Row], tags: Mapping[str, Tags]) -> Programme:
        """One programme; a project is eligible where no `never` row and, for every field with
        `only` rows, at least one of them matches it."""
        own_share = row.number_of("max_share")
        shares = {}
        for j, project_tags in tags.items():
            matching = [
                r for r in rules if r.text("value").casefold() in project_tags[r.text("field")]
            ]
            asked = {r.text("field") for r in rules if r["rule"] == "only"}
            met = {r.text("field") for r in matching if r["rule"] == "only"}
            if asked <= met and all(r["rule"] == "only" for r in matching):
                given = [s for r in matching if (s := r.optional("max_share")) is not None]
                shares[j] = min([own_share, *given])
        commit_from, commit_to = row.optional("commit_from"), row.optional("commit_to")
        repay = row.optional("repay_years")
        return Programme(
            id=row.text("programme"),
            amount=row.number_of("amount"),
            commit_from=int(commit_from or self.years[0]),
            commit_to=int(commit_to or self.years[-1]),
            charge=row.number_of("charge"),
            ticket_min=row.number_of("ticket_min"),
            ticket_max=row.optional("ticket_max"),
            carry_over=row["carry_over"] == "yes",
            limits={t: amount for t, amount in row.years.items() if t in self.years},
            shares=shares,
            repay_years=None if repay is None else int(repay),
        )

    def demands(self) -> dict[str, Demand]:
        """Demands by region, commodity and segment, with shocks."""
        found = {}
        for row in self.tables.rows["demand"]:
            demand = self.demand(row)
            found[demand.id] = demand
        return found

    def demand(self, row: Row) -> Demand:
        """One demand over all years."""
        region, commodity, segment = row.text("region"), row.text("commodity"), row.text("segment")
        bloc = self.blocs[region]
        tags: Tags = {
            **self.commodity_tags[commodity],
            "region": _casefolded([region]),
            "bloc": _casefolded([bloc]),
            "segment": _casefolded([segment]),
        }
        clear_from = row.optional("clear_from")
        allied = bloc == "ally"
        priced = allied and self.tables.settings["objective"] == "value-weighted"
        return Demand(
            id=f"{region}|{commodity}|{segment}",
            region=region,
            commodity=commodity,
            segment=segment,
            weight=row.number_of("weight"),
            clear_from=None if clear_from is None else int(clear_from),
            amounts={
                t: max(
                    0.0,
                    interpolate(row.years, t) * shock_rules.factor(self.shocks, "demand", tags, t)
                    + shock_rules.shift(self.shocks, "demand", tags, t),
                )
                for t in self.years
            },
            allied=allied,
            prices=self.prices(row, tags) if priced else {},
        )

    def prices(self, row: Row, tags: Tags) -> dict[int, float]:
        """Price of the demanded commodity where it is demanded: the region's own market, its
        bloc's, or `*`; shocks included. USD per unit."""
        region, commodity = row.text("region"), row.text("commodity")
        markets = {
            r.text("market"): r for r in self.tables.rows["prices"] if r["commodity"] == commodity
        }
        wanted = (region, BLOC + self.blocs[region], EVERYTHING)
        market = next((markets[m] for m in wanted if m in markets), None)
        if market is None:
            message = f"'{commodity}' in '{region}' has no price."
            raise InputError([Issue("prices", "", "", message, "Add a row for it.")])
        return {
            t: interpolate(market.years, t) * shock_rules.factor(self.shocks, "price", tags, t)
            + shock_rules.shift(self.shocks, "price", tags, t)
            for t in self.years
        }
