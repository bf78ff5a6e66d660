"""The audit against a tiny case whose right answer was worked out by hand, and one tampering for
each rule that breaks exactly that rule.

The case, 2026-2029. Ally `aland` has a mine (80 t x 0.8 = 64 t of ore a year) and asks for oxide:
cars 24, 26, 28, 30 t (weight 2), defence 4 t (weight 1, clear from 2028 on). `china` refines 2 t of
ore into 1 t of oxide and 1 t of tail. `oth` has a mine of 40 t and asks for 10 t of oxide.
Committed: ref_a in 2026 (lead 1, ramp 0.5, 1: makes 10, 20, 20 t from 2027 on), scrap in 2027
(scalable, size 6, availability 0.5, lead 2: 3 t in 2029), ghost in 2027 (costs and makes nothing).
"""

# ruff: noqa: E501 (rows of CSV are one line each)
from __future__ import annotations

import ast
import csv
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import opt.audit
from opt.audit import AuditReport, audit_answer
from opt.audit.case import AuditPlant, AuditShock, derive_case, interpolate, make_traits
from opt.audit.check import LIMIT, Check, at_most, equal, write_report
from opt.audit.demand import clear_shares, inflows_by_year
from opt.audit.money import is_eligible
from opt.audit.projects import (
    committed_capex,
    existing_capacity,
    lead_years,
    project_capacity,
    residual_share,
    spend_shares,
)
from opt.audit.trade import derive_lanes
from opt.data.reader import read
from opt.data.tables import Row, Tables
from opt.errors import InputError
from opt.record.flows import Activity, Flows, Shipment
from opt.record.projects import Commitment
from opt.record.tables import TABLE

Line = dict[str, Any]
YEARS = (2026, 2027, 2028, 2029)
TRUTHS = {True: "yes", False: "no"}

# Each sheet as it stands in the folder of CSV files.
SHEETS: dict[str, str] = {
    "settings": """key,value
        schema,1
        title,Tiny
        first_year,2026
        last_year,2029
        discount_rate,0.1
        dependence_from,2027
        dependence_to,2029""",
    "regions": """region,bloc
        aland,ally
        china,covered
        oth,other""",
    "commodities": """commodity,mineral,stage,surplus
        ore,rare earths,mined,free
        oxide,rare earths,refined,free
        tail,rare earths,waste,100000""",
    "processes": """process,stage
        dig,mining
        refine,refining
        collect,collection""",
    "recipes": """process,commodity,amount
        dig,ore,1
        refine,ore,-2
        refine,oxide,1
        refine,tail,1
        collect,oxide,1""",
    "facilities": """facility,region,processes,capacity,capacity_of,availability,opex,fixed_opex,controlled_by,opens,closes,ramp
        mine_a,aland,dig,80,ore,0.8,100000,1,,,,
        mine_o,oth,dig,40,ore,,,,,,,
        refinery_c,china,refine,60,oxide,,,0.5,,,,""",
    "projects": """project,region,processes,capacity,capacity_min,capacity_max,capacity_of,capex,capex_per_unit,capex_share,lead_time,ramp,spend,life,max_units,group,requires,public_share,max_public_share,opex,fixed_opex,availability,decision,latest
        ref_a,aland,refine,20,,,oxide,125,,0.8,1,slow,two,4,1,g,,0.5,0.7,200000,2,,force 2026,
        scrap,aland,collect,,5,10,oxide,4,1,,2,,,,1,,ref_a,,,,,0.5,,
        ghost,aland,dig,1,,,ore,0,,,1,,,,1,,,,,,,,,""",
    "ramps": """ramp,year_1,year_2
        slow,0.5,1""",
    "spends": """spend,year_1,year_2
        two,0.4,0.6""",
    "programmes": """programme,instrument,amount,charge,max_share,ticket_min,ticket_max,carry_over,commit_from,repay_years,2026,2027
        fund,grant,80,0.5,0.6,10,50,yes,,,20,30
        aid,loan,20,1,1,,,,,4,,""",
    "eligibility": """programme,field,value,rule,max_share
        aid,region,Aland,only,0.3
        aid,stage,refining,only,""",
    "private_capital": """field,value,2026,2027,2029
        all,,16,31,0
        stage,refining,16,24,""",
    "build_limits": """field,value,what,2026,2027,commodity
        all,,starts,1,3,
        region,Aland,capex,100,10,
        process,refine,capacity,20,0,oxide""",
    "demand": """region,commodity,segment,weight,clear_from,2026,2029
        aland,oxide,cars,2,,24,30
        aland,oxide,defence,1,2028,4,4
        oth,oxide,,1,,10,10""",
    "uptake": """region,segment,2026,2027
        aland,cars,1,""",
    "lanes": """origin,destination,commodity,cost,limit
        aland,china,ore,50000,60
        china,aland,oxide,0,
        bloc:other,bloc:covered,ore,10,
        *,*,oxide,20,""",
}

# Private money by year: ref_a (100 - 60) as 16 and 24, scrap 10 as 5 in 2027 and in 2028. So all
# projects need 16, 29, 5; limits are 16, 31, none, 0. Starts: 1 in 2026, 2 in 2027.
# By year, by hand. Oxide from china to aland, short cars, clear oxide made by ref_a.
EXPOSED = {2026: 26, 2027: 20, 2028: 12, 2029: 7}
SHORT = {2026: 2, 2027: 0, 2028: 0, 2029: 4}
REF_A = {2026: 0, 2027: 10, 2028: 20, 2029: 20}
OTHERS = {2026: 10, 2027: 10, 2028: 10, 2029: 8}
CARS = {2026: 24, 2027: 26, 2028: 28, 2029: 30}
BASELINE = {2026: 28, 2027: 30, 2028: 28, 2029: 30}  # defence is short from 2028 on
# (demand, exposed, short) weighted: cars count 2. 2026: 2x24+4, 2x22+4, 2x2; ...
BY_YEAR = {2026: (52, 48, 4), 2027: (56, 40, 0), 2028: (60, 24, 0), 2029: (64, 14, 8)}
BASE_BY_YEAR = {2026: (52, 52, 0), 2027: (56, 56, 0), 2028: (60, 56, 4), 2029: (64, 60, 4)}
DEPENDENCE = 86 / 180  # (40 + 24 + 14 + 8) / (56 + 60 + 64)
IN_TONNES = 43 / 96  # (20 + 12 + 7 + 4) / (26 + 28 + 30 + 3 x 4); all of it in the baseline
SHORTFALL = 12 / 180  # 2026 counts in shortfall's numerator: (4 + 8) / 180
BASE_SHORTFALL = 8 / 180
# Pooled: oxide in aland is of share 0, 10 / 30, 20 / 32, 23 / 30 (ref_a and scrap clear, china's
# not). Served, weighted: 48, 56, 60, 56; so 48 + 4, 56 x 2/3, 60 x 3/8, 56 x 7/30 + 8 depend.
POOLED_BY_YEAR = {2026: 1.0, 2027: 2 / 3, 2028: 3 / 8, 2029: (56 * 7 / 30 + 8) / 64}
POOLED = (56 * 2 / 3 + 60 * 3 / 8 + 56 * 7 / 30 + 8) / 180
# USD million by year. capex: ref_a 125 x 0.8 = 100 as 40 + 60, scrap 4 + 6 = 10 as 5 + 5.
# opex: mine_a 0.1 x (52, 60, 64, 54), ref_a 0.2 x (10, 20, 20). fixed: mine 1, china 0.5, ref_a 2.
# freight: 0.05 x ore to china (52, 40, 24, 14). surplus: 0.1 x tail of china and of ref_a.
# residual: ref_a runs 2027-2030, 1 of 4 years remains: 100 / 4.
COSTS = {
    "capex": (40, 65, 5, 0),
    "opex": (5.2, 8.0, 10.4, 9.4),
    "fixed_opex": (1.5, 3.5, 3.5, 3.5),
    "freight": (2.6, 2.0, 1.2, 0.7),
    "surplus": (2.6, 3.0, 3.2, 2.7),
    "residual": (0, 0, 0, -25),
}
# Made in all by the runs of a stage, world flows: mine_a digs the ore of china's and ref_a's oxide
# (52, 60, 64, 54), mine_o that of others'; refining makes oxide and as much tail.
OUTPUTS = {
    ("mining", "aland", "ally"): (52, 60, 64, 54),
    ("mining", "oth", "other"): (20, 20, 20, 16),
    ("refining", "aland", "ally"): (0, 20, 40, 40),
    ("refining", "china", "covered"): (72, 60, 44, 30),
    ("collection", "aland", "ally"): (0, 0, 0, 3),
}


@dataclass
class Run:
    """A run folder before it is written, open to tampering."""

    sheets: dict[str, list[Line]]
    json: Line
    tables: dict[str, list[Line]]
    sha256: str | None = None
    overrides: dict[str, str] = field(default_factory=dict)

    def sheet(self, name: str, key: str) -> Line:
        """The row of a sheet whose first column holds the key."""
        return next(row for row in self.sheets[name] if next(iter(row.values())) == key)

    def row(self, table: str, **values: Any) -> Line:
        """The row of a result table with these values."""
        rows = self.tables[table]
        return next(r for r in rows if all(r[k] == v for k, v in values.items()))

    def project(self, name: str) -> Line:
        return next(line for line in self.json["projects"] if line["project"] == name)

    def passed(self, name: str) -> Line:
        return next(line for line in self.json["passes"] if line["objective"] == name)


def parse(text: str) -> list[Line]:
    """Rows of an indented CSV text."""
    return list(csv.DictReader(line.strip() for line in text.splitlines()))


def write_csv(path: Path, rows: list[Line], header: Sequence[str] = ()) -> None:
    """Rows as a CSV file; None is blank, a truth yes or no."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        names = dict.fromkeys((*header, *(key for row in rows for key in row)))
        writer = csv.DictWriter(stream, list(names))
        writer.writeheader()
        writer.writerows(
            {
                key: TRUTHS.get(value, value) if isinstance(value, bool) else value
                for key, value in row.items()
            }
            for row in rows
        )


def header_of(table: str) -> list[str]:
    """The columns of a table."""
    return [column.name for column in TABLE[table].columns]


def write_sheets(folder: Path, sheets: dict[str, list[Line]]) -> Path:
    """A workbook as a folder of CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in sheets.items():
        write_csv(folder / f"{name}.csv", rows)
    return folder


def write_run(folder: Path, run: Run) -> Path:
    """The run folder on disk; the sha256 is that of the input as it is now."""
    book = write_sheets(folder / "input", run.sheets)
    run.json["workbook"]["sha256"] = run.sha256 or read(book, run.overrides).sha256
    (folder / "tables").mkdir()
    for name, rows in run.tables.items():
        write_csv(folder / "tables" / f"{name}.csv", rows, () if rows else header_of(name))
    (folder / "run.json").write_text(json.dumps(run.json), encoding="utf-8")
    return folder


def audit_written(folder: Path, run: Run) -> AuditReport:
    """The audit of a run written to disk."""
    return audit_answer(write_run(folder, run))


def make_flows(tables: dict[str, list[Line]], name: str, year: int) -> None:
    """All flows of one set and year, by hand from the figures above."""

    def act(plant: str, process: str, origin: str, activity: float) -> None:
        row = {"flows": name, "plant": plant, "process": process, "origin": origin}
        tables["activity"].append(row | {"year": year, "activity": activity})

    def ship(origin: str, to: str, commodity: str, amount: float) -> None:
        row = {"flows": name, "from": origin, "to": to, "commodity": commodity}
        tables["shipments"].append(row | {"origin": "exposed", "year": year, "amount": amount})

    def leave(region: str, good: str, origin: str, down: float, surplus: float) -> None:
        row = {"flows": name, "region": region, "commodity": good, "origin": origin}
        row |= {"year": year, "downgraded": down, "surplus": surplus, "contracted": 0}
        tables["leftovers"].append(row)

    def serve(key: tuple[str, str], demand: float, split: tuple[float, float, float]) -> None:
        row = {"flows": name, "region": key[0], "commodity": "oxide", "segment": key[1]}
        parts = dict(zip(("clear", "exposed", "short"), split, strict=True))
        tables["deliveries"].append(row | {"year": year, "demand": demand} | parts)

    base = name == "baseline"
    oxide = BASELINE[year] if base else EXPOSED[year]
    clear = 0 if base else REF_A[year]
    others = OTHERS[year] if name == "world" else 0
    scrap = 3 if year == 2029 and not base else 0
    down = 4 if year == 2028 and not base else 0  # 44 t clear ore, 4 of it sent to china
    act("mine_a", "dig", "clear", 2 * clear + down)
    act("mine_a", "dig", "exposed", 2 * oxide - down)
    act("mine_o", "dig", "exposed", 2 * others)
    act("refinery_c", "refine", "exposed", oxide + others)
    act("ref_a", "refine", "clear", clear)
    act("scrap", "collect", "clear", scrap)
    ship("aland", "china", "ore", 2 * oxide)
    ship("oth", "china", "ore", 2 * others)
    ship("china", "aland", "oxide", oxide)
    ship("china", "oth", "oxide", others)
    leave("china", "tail", "exposed", 0, oxide + others)
    leave("aland", "tail", "clear", 0, clear)
    leave("aland", "ore", "clear", down, 0)
    late = year >= 2028
    if base:
        serve(("aland", "cars"), CARS[year], (0, CARS[year], 0))
        serve(("aland", "defence"), 4, (0, 0, 4) if late else (0, 4, 0))
        return
    guns = (4, 0, 0) if year > 2026 else (0, 4, 0)
    cars_clear = clear + scrap - guns[0]
    serve(("aland", "cars"), CARS[year], (cars_clear, oxide - guns[1], SHORT[year]))
    serve(("aland", "defence"), 4, guns)
    if name == "world":
        serve(("oth", ""), 10, (0, others, 10 - others))


def make_by_year(figures: Mapping[int, tuple[float, float, float]], counts: int = 0) -> Line:
    """by_year of run.json from weighted demand, exposed and short."""
    return {
        str(year): {
            "demand": demand,
            "exposed": exposed,
            "short": short,
            "dependence": (exposed + short) / demand,
            "shortfall": short / demand,
            "counted": year >= counts,
        }
        for year, (demand, exposed, short) in figures.items()
    }


def written_run() -> Run:
    """The right answer of the case."""
    discounted = {
        part: sum(musd / 1.1**n for n, musd in enumerate(by_year))
        for part, by_year in COSTS.items()
    }
    cost = sum(discounted.values())
    commitments = [
        {"project": "ref_a", "year": 2026, "units": 1, "size": None, "capex_musd": 100.0},
        {"project": "scrap", "year": 2027, "units": 1, "size": 6.0, "capex_musd": 10.0},
        {"project": "ghost", "year": 2027, "units": 1, "size": None, "capex_musd": 0.0},
    ]
    starts = (2027, 2029, 2028)
    tables: dict[str, list[Line]] = {
        "commitments": [
            row | {"first_operation": start} for row, start in zip(commitments, starts, strict=True)
        ],
        "payments": [
            capital("ref_a", 2026, "fund", 40),
            capital("ref_a", 2026, "aid", 20),
        ],
        "activity": [],
        "shipments": [],
        "leftovers": [],
        "deliveries": [],
        "dependence": [
            {"year": int(year)}
            | line
            | {"baseline_dependence": 1.0, "pooled_dependence": POOLED_BY_YEAR[int(year)]}
            for year, line in make_by_year(BY_YEAR, 2027).items()
        ],
        "money": make_money(),
        "costs": [
            {"part": part, "year": 2026 + n, "musd": musd, "discounted_musd": musd / 1.1**n}
            for part, by_year in COSTS.items()
            for n, musd in enumerate(by_year)
            if musd
        ],
        "ceilings": [],
        "stock": [],
        "margins": [],
        "idle": [],
        "targets": [],
        "stockpiles": [],
        "world": make_world(OUTPUTS),
        "measures": [make_measure("weighted", DEPENDENCE), make_measure("tonnes", IN_TONNES)],
        "uptake": [],
        "elements": [],
        "minerals": [],
        "mineral_years": [],
        "touch": make_touch(BY_YEAR, BASE_BY_YEAR),
    }
    for name in ("allied", "world", "baseline"):
        for year in YEARS:
            make_flows(tables, name, year)
    paid = {"ref_a": {"fund": 40, "aid": 20}}
    document = {
        "schema": 2,
        "workbook": {"name": "tiny", "sha256": ""},
        "scenario": None,
        "objective": "dependence",
        "status": "optimal",
        "passes": [
            make_pass("dependence", DEPENDENCE),
            make_pass("shortfall", SHORTFALL),
            make_pass("cost", cost),
            make_pass("world", 2.0),
        ],
        "metrics": {
            "dependence": DEPENDENCE,
            "shortfall": SHORTFALL,
            "cost_musd": cost,
            "capex_musd": 110.0,
            "public_musd": 60.0,
            "private_musd": 50.0,
            "by_year": make_by_year(BY_YEAR, 2027),
            "pooled_dependence": POOLED,
            "pooled_by_year": {str(year): share for year, share in POOLED_BY_YEAR.items()},
            "cost_parts": discounted,
            "baseline": {
                "dependence": 1.0,
                "shortfall": BASE_SHORTFALL,
                "by_year": make_by_year(BASE_BY_YEAR, 2027),
            },
        },
        "projects": [row | {"paid_by": paid.get(row["project"], {})} for row in commitments],
        "settings": {
            "first_year": 2026,
            "last_year": 2029,
            "discount_rate": 0.1,
            "dependence_from": 2027,
            "dependence_to": 2029,
            "public_share": 0.0,
            "dependence_target": None,
            "gap": 0.001,
            "cost_gap": 0.01,
        },
        "overrides": {},
        "decisions": {},
        "plan": None,
        "near": None,
    }
    return Run({name: parse(text) for name, text in SHEETS.items()}, document, tables)


def make_measure(measure: str, share: float, base: float = 1.0, element: str = "") -> Line:
    """A row of measures.csv."""
    row = {"measure": measure, "element": element}
    return row | {"dependence": share, "baseline_dependence": base}


def make_world(outputs: dict[tuple[str, str, str], tuple[float, ...]]) -> list[Line]:
    """world.csv: shares of all regions, and 10000 x the sum of their squares."""
    rows = []
    for (stage, region, bloc), by_year in outputs.items():
        for n, output in enumerate(by_year):
            others = [made[n] for (own, _, _), made in outputs.items() if own == stage]
            hhi = 10_000 * sum((made / sum(others)) ** 2 for made in others) if output else 0
            if output:
                row = {"stage": stage, "region": region, "bloc": bloc, "year": 2026 + n}
                rows.append(row | {"output": output, "share": output / sum(others), "hhi": hhi})
    return rows


def make_touch(
    allied: Mapping[int, tuple[float, ...]], baseline: Mapping[int, tuple[float, ...]]
) -> list[Line]:
    """touch.csv where all exposed supply was refined in the covered bloc."""
    return [
        {
            "stage": "refining",
            "year": year,
            "share": allied[year][1] / allied[year][0],
            "baseline_share": baseline[year][1] / baseline[year][0],
        }
        for year in allied
    ]


def capital(project: str, year: int, programme: str, paid_musd: float) -> Line:
    """A payment into a commitment."""
    place = {"use": "capital", "thing": project, "process": "", "year": year}
    return place | {"programme": programme, "activity": None, "paid_musd": paid_musd}


def make_pass(objective: str, value: float) -> Line:
    """A pass solved to the optimum."""
    found = {"objective": objective, "value": value, "bound": value, "gap": 0.0, "seconds": 1.0}
    return found | {"status": "optimal", "kept": 0.0}


def make_money() -> list[Line]:
    """fund pays 40, of which half counts: due 0.4 and 0.6 of 20; limits 20 and 30, 12 carried over.

    aid is a loan that comes back over 4 years from ref_a's first operation in 2027 on: 20 / 4.
    """
    rows = (
        ("fund", 2026, 40, 8, 0, 20, 12, 80, 60),
        ("fund", 2027, 0, 12, 0, 42, 30, 80, 60),
        ("aid", 2026, 20, 8, 0, None, None, 20, 0),
        ("aid", 2027, 0, 12, 5, None, None, 20, 5),
        ("aid", 2028, 0, 0, 5, None, None, 20, 10),
        ("aid", 2029, 0, 0, 5, None, None, 20, 15),
        ("aid", 2030, 0, 0, 5, None, None, None, None),
    )
    names = (
        "programme",
        "year",
        "committed_musd",
        "due_musd",
        "repaid_musd",
        "limit_musd",
        "left_musd",
        "amount_musd",
        "amount_left_musd",
    )
    return [dict(zip(names, row, strict=True)) for row in rows]


# --- smaller cases of other files, written the same way --------------------------------------


@dataclass(frozen=True)
class Figures:
    """What a small case comes to, by hand: (demand, exposed, short) by year of the allied and the
    baseline flows, pooled dependence by year, cost by part and year, public money in USD
    million, what others are short of, what idle capacity costs."""

    by_year: dict[int, tuple[float, float, float]]
    baseline: dict[int, tuple[float, float, float]]
    pooled: dict[int, float]
    costs: dict[str, tuple[float, ...]] = field(default_factory=dict)
    public: float = 0.0
    world: float = 0.0
    idle: float = 0.0

    @property
    def dependence(self) -> float:
        return sum_of(self.by_year, 1, 2) / sum_of(self.by_year, 0)

    @property
    def shortfall(self) -> float:
        return sum_of(self.by_year, 2) / sum_of(self.by_year, 0)


def sum_of(by_year: Mapping[int, tuple[float, ...]], *columns: int) -> float:
    """Sum of some columns over all years."""
    return sum(figures[n] for figures in by_year.values() for n in columns)


def small_run(sheets: dict[str, str], tables: dict[str, str], figures: Figures) -> Run:
    """A run without projects and discount, all of whose years count.

    Rows of flows that say `both` stand for allied and world. Tables not given are empty.
    """
    run = written_run()
    run.sheets = {name: parse(text) for name, text in sheets.items()}
    given = {name: parse(text) for name, text in tables.items()}
    run.tables = {name: doubled(given.get(name, [])) for name in run.tables}
    years = [
        {"baseline_dependence": sum(figures.baseline[year][1:]) / figures.baseline[year][0]}
        | {"year": year, "pooled_dependence": figures.pooled[year]}
        | make_by_year(figures.by_year)[str(year)]
        for year in figures.by_year
    ]
    run.tables["dependence"] = years
    # Demand is of weight 1 and in tonnes.
    shares = (figures.dependence, sum_of(figures.baseline, 1, 2) / sum_of(figures.baseline, 0))
    run.tables["measures"] = [make_measure(name, *shares) for name in ("weighted", "tonnes")]
    run.tables["costs"] = [
        {"part": part, "year": year, "musd": musd, "discounted_musd": musd}
        for part, by_year in figures.costs.items()
        for year, musd in zip(figures.by_year, by_year, strict=True)
    ]
    write_figures(run, figures)
    return run


def doubled(rows: list[Line]) -> list[Line]:
    """The rows, with those of `both` once for the allied and once for the world's flows."""
    return [
        row | ({"flows": name} if "flows" in row else {})
        for row in rows
        for name in (("allied", "world") if row.get("flows") == "both" else (row.get("flows"),))
    ]


def write_figures(run: Run, figures: Figures) -> None:
    """run.json of a small case: passes solved to the optimum, metrics, settings."""
    parts = {part: sum(by_year) for part, by_year in figures.costs.items()}
    first, last = min(figures.by_year), max(figures.by_year)
    minimised = sum(parts.values()) + figures.idle
    values = (figures.dependence, figures.shortfall, minimised, figures.world)
    names = ("dependence", "shortfall", "cost", "world")
    base = figures.baseline
    run.json["passes"] = [make_pass(*pair) for pair in zip(names, values, strict=True)]
    run.json["metrics"] = {
        "dependence": figures.dependence,
        "shortfall": figures.shortfall,
        "cost_musd": sum(parts.values()),
        "capex_musd": 0.0,
        "public_musd": figures.public,
        "private_musd": 0.0,
        "by_year": make_by_year(figures.by_year),
        "pooled_dependence": sum(
            share * figures.by_year[year][0] for year, share in figures.pooled.items()
        )
        / sum_of(figures.by_year, 0),
        "pooled_by_year": {str(year): share for year, share in figures.pooled.items()},
        "cost_parts": parts,
        "baseline": {
            "dependence": sum_of(base, 1, 2) / sum_of(base, 0),
            "shortfall": sum_of(base, 2) / sum_of(base, 0),
            "by_year": make_by_year(base),
        },
    }
    run.json["projects"] = []
    years = {"first_year": first, "last_year": last}
    counted = {"dependence_from": first, "dependence_to": last}
    run.json["settings"] |= {"discount_rate": 0.0} | years | counted


def cell(table: str, column: str, value: object, **where: Any) -> Callable[[Run], None]:
    """A tampering with one cell of a result table."""

    def tamper(run: Run) -> None:
        run.row(table, **where)[column] = value

    return tamper


def write_twice(table: str) -> Callable[[Run], None]:
    """A tampering that repeats the first row of a table."""

    def tamper(run: Run) -> None:
        run.tables[table].append(dict(run.tables[table][0]))

    return tamper


# --- tamperings: each breaks exactly the rule it is named after ------------------------------


def name_an_unknown_plant(run: Run) -> None:
    run.row("activity", plant="mine_a")["plant"] = "nowhere"


def write_a_row_twice(run: Run) -> None:
    run.tables["deliveries"].append(run.tables["deliveries"][0])


def pay_less_than_nothing(run: Run) -> None:
    run.row("payments", programme="aid")["paid_musd"] = -20


def commit_a_unit_too_many(run: Run) -> None:
    run.row("commitments", project="ghost")["units"] = 2
    run.project("ghost")["units"] = 2


def outgrow_capacity_max(run: Run) -> None:
    run.sheet("projects", "scrap")["capacity_max"] = "5.9"


def build_two_of_a_group(run: Run) -> None:
    run.sheet("projects", "ghost")["group"] = "g"


def commit_part_of_a_bundle(run: Run) -> None:
    """ref_a in 2026, ghost in 2027."""
    for name in ("ref_a", "ghost"):
        run.sheet("projects", name)["bundle"] = "site"


def bundled_run() -> Run:
    """The right answer where scrap and ghost, both of 2027, are of one bundle."""
    run = written_run()
    for name, bundle in (("scrap", "Site"), ("ghost", "site")):
        run.sheet("projects", name)["bundle"] = bundle
    return run


def commit_before_the_required(run: Run) -> None:
    run.sheet("projects", "ref_a")["requires"] = "ghost"  # ref_a in 2026, ghost in 2027


def commit_after_latest(run: Run) -> None:
    run.sheet("projects", "ghost")["latest"] = "2026"


def start_a_year_early(run: Run) -> None:
    run.row("commitments", project="scrap")["first_operation"] = 2028


def commit_in_another_than_the_forced_year(run: Run) -> None:
    run.sheet("projects", "ghost")["decision"] = "force 2026"


def write_another_capex(run: Run) -> None:
    run.row("commitments", project="ref_a")["capex_musd"] = 125.0
    run.project("ref_a")["capex_musd"] = 125.0


def commit_another_plan(run: Run) -> None:
    lines = [
        {k: row[k] for k in ("project", "year", "units", "size")} for row in run.json["projects"]
    ]
    run.json["plan"] = {"name": "package", "commitments": lines[:2]}


def change_more_than_asked_for(run: Run) -> None:
    """ref_a was to come in 2027 and ghost in 2027: scrap is new and ref_a another year."""
    lines = [
        {"project": name, "year": 2027, "units": 1, "size": None} for name in ("ref_a", "ghost")
    ]
    run.json["near"] = {"name": "before", "changes": 1, "commitments": lines}


def pay_for_the_excluded(run: Run) -> None:
    run.sheets["eligibility"].append(
        {"programme": "aid", "field": "project", "value": "REF_A", "rule": "never"}
    )


def pay_before_commit_from(run: Run) -> None:
    run.sheet("programmes", "aid")["commit_from"] = "2027"


def pay_more_than_a_matching_row_allows(run: Run) -> None:
    run.sheets["eligibility"][1]["max_share"] = "0.19"


def pay_more_than_a_ticket(run: Run) -> None:
    run.sheet("programmes", "fund")["ticket_max"] = "39"


def give(run: Run, programme: str, amount: float) -> None:
    """Another amount of a programme, and what money.csv then says is left of it."""
    own = run.sheet("programmes", programme)
    more = amount - float(own["amount"])
    own["amount"] = str(amount)
    for row in run.tables["money"]:
        if row["programme"] == programme and row["amount_musd"] not in (None, ""):
            left = float(row["amount_left_musd"]) + more
            row.update(amount_musd=amount, amount_left_musd=left)


def commit_more_than_the_amount(run: Run) -> None:
    give(run, "fund", 19.9)


def pay_more_to_what_a_row_matches(run: Run) -> None:
    for number, row in enumerate(run.sheets["eligibility"]):
        # Of aid the refinery gets 20, all of which counts.
        run.sheets["eligibility"][number] = {**row, "max_amount": "19.9"}


def tell_of_the_only_mineral(run: Run) -> None:
    shares = dict.fromkeys(("weight", "dependence", "baseline_dependence", "shortfall"), 0)
    money = dict.fromkeys(("capex_musd", "public_musd", "other_public_musd"), 0)
    run.tables["minerals"] = [{"mineral": "", "demand": 0, "plants": 0, **shares, **money}]


def tell_of_a_year_of_the_only_mineral(run: Run) -> None:
    amounts = {"demand": 4, "exposed": 0, "short": 0, "dependence": 0, "baseline_dependence": 0}
    run.tables["mineral_years"] = [{"mineral": "", "year": 2026, **amounts}]


def spend_more_than_the_year_allows(run: Run) -> None:
    run.sheet("programmes", "fund")["2026"] = "7"
    run.row("money", programme="fund", year=2026).update(limit_musd=7, left_musd=-1)
    run.row("money", programme="fund", year=2027).update(limit_musd=29, left_musd=17)


def ask_for_more_private_money_than_is_ready(run: Run) -> None:
    run.sheet("private_capital", "all")["2027"] = "28.9"


def start_more_than_can_be_built(run: Run) -> None:
    run.sheet("build_limits", "all")["2027"] = "1"  # scrap and ghost


def commit_more_capex_than_can_be_built(run: Run) -> None:
    run.sheet("build_limits", "region")["2026"] = "99"


def commit_more_capacity_than_can_be_built(run: Run) -> None:
    run.sheet("build_limits", "process")["2026"] = "19.9"  # ref_a makes 20


def lend_before_it_comes_back(run: Run) -> None:
    """aid holds 19 and has 20 out in 2026; in 2027 5 of them are back."""
    give(run, "aid", 19)


def shift_what_comes_back(run: Run) -> None:
    run.row("money", programme="aid", year=2028)["repaid_musd"] = 4


def with_limits_of_aid(limits: dict[int, float]) -> Callable[[Run], None]:
    """Yearly limits of the loan that comes back, and what money.csv says of them: due are 8 and 12,
    back come 5 a year from 2027 on."""

    def tamper(run: Run) -> None:
        spent = {2026: 8, 2027: 12 - 5}
        for year, limit in limits.items():
            run.sheet("programmes", "aid")[str(year)] = str(limit)
            row = run.row("money", programme="aid", year=year)
            row.update(limit_musd=limit, left_musd=limit - spent[year])

    return tamper


def pay_less_than_public_share(run: Run) -> None:
    run.sheet("projects", "ref_a")["public_share"] = "0.61"


def pay_more_than_max_public_share(run: Run) -> None:
    run.sheet("projects", "ref_a")["max_public_share"] = "0.59"


def leave(run: Run, at: Line, region: str, commodity: str, surplus: float) -> None:
    """Material nobody uses; `at` holds flows, origin and year."""
    row = {"region": region, "commodity": commodity, "downgraded": 0, "surplus": surplus}
    run.tables["leftovers"].append(at | row | {"contracted": 0})


def leave_more_than_there_is(run: Run) -> None:
    leave(run, {"flows": "world", "origin": "exposed", "year": 2026}, "oth", "ore", 0.001)


def outrun_capacity(run: Run) -> None:
    run.sheet("facilities", "mine_a")["capacity"] = "79.9"  # 2028 needs all of 64 t


def make_clear_under_covered_control(run: Run) -> None:
    run.sheet("facilities", "mine_o")["controlled_by"] = "covered"
    make_clear_elsewhere(run)


def make_clear_under_control_in(year: int) -> Callable[[Run], None]:
    """Clear ore of 2026 from a mine that a shock puts under covered control in a year."""

    def tamper(run: Run) -> None:
        years = {"first_year": str(year), "last_year": str(year)}
        under({"what": "control", "field": "region", "value": "Oth", **years})(run)
        make_clear_elsewhere(run)

    return tamper


def make_clear_elsewhere(run: Run) -> None:
    """A tonne of clear ore more, which nobody uses."""
    at = {"flows": "baseline", "year": 2026, "origin": "clear"}
    run.tables["activity"].append(at | {"plant": "mine_o", "process": "dig", "activity": 1})
    leave(run, at, "oth", "ore", 1)


def pass_imports_on(run: Run) -> None:
    for origin, to in (("aland", "china"), ("china", "aland")):
        row = {"flows": "world", "from": origin, "to": to, "commodity": "oxide"}
        run.tables["shipments"].append(row | {"origin": "exposed", "year": 2026, "amount": 1})


def ship_more_than_the_limit(run: Run) -> None:
    run.sheets["lanes"][0]["limit"] = "59.9"


def write_another_demand(run: Run) -> None:
    run.row("deliveries", flows="world", region="oth", year=2027)["demand"] = 11


def forget_a_shortage(run: Run) -> None:
    run.row("deliveries", flows="world", region="oth", year=2029)["short"] = 1
    run.passed("world").update(value=1.0, bound=1.0)


def leave_out_a_pass(run: Run) -> None:
    run.json["passes"].remove(run.passed("shortfall"))


def serve_others_in_the_baseline(run: Run) -> None:
    at = {"flows": "baseline", "year": 2026}
    run.row("activity", plant="mine_o", **at)["activity"] += 2
    run.row("activity", plant="refinery_c", **at)["activity"] += 1
    run.row("shipments", **at, **{"from": "oth", "to": "china"})["amount"] += 2
    run.row("shipments", **at, **{"from": "china", "to": "oth"})["amount"] += 1
    run.row("leftovers", **at, region="china")["surplus"] += 1
    row = {"region": "oth", "commodity": "oxide", "segment": "", "demand": 10}
    run.tables["deliveries"].append(at | row | {"clear": 0, "exposed": 1, "short": 9})


def serve_exposed_to_who_wants_clear(run: Run) -> None:
    run.sheet("demand", "aland")["clear_from"] = ""  # cars stay as they are
    run.sheets["demand"][1]["clear_from"] = "2027"  # in the baseline defence is exposed in 2027


def take_more_clear_than_buyers_do(run: Run) -> None:
    row = {"region": "aland", "commodity": "", "segment": "CARS", "mineral": ""}
    run.sheets["uptake"] = [row | {"2026": "0", "2027": "0", "2028": "0", "2029": "0"}]


def leave_what_must_be_used(run: Run) -> None:
    run.sheet("commodities", "ore")["surplus"] = "none"
    at = {"flows": "baseline", "year": 2026, "origin": "exposed"}
    run.row("activity", plant="mine_a", **at)["activity"] += 1
    leave(run, at, "aland", "ore", 1)


def make_more_clear_for_the_world(run: Run) -> None:
    at = {"flows": "world", "year": 2026, "origin": "clear"}
    run.tables["activity"].append(at | {"plant": "mine_o", "process": "dig", "activity": 1})
    leave(run, at, "oth", "ore", 1)
    more = {**OUTPUTS, ("mining", "oth", "other"): (21, 20, 20, 16)}
    run.tables["world"] = make_world(more)


def give_allies_less_in_the_world(run: Run) -> None:
    row = run.row("deliveries", flows="world", segment="cars", year=2026)
    row.update(exposed=row["exposed"] - 1, short=row["short"] + 1)
    leave(run, {"flows": "world", "origin": "exposed", "year": 2026}, "aland", "oxide", 1)


def change_the_input_copy(run: Run) -> None:
    run.sha256 = "0" * 64


def solve_with_another_rate(run: Run) -> None:
    run.json["settings"]["discount_rate"] = 0.2


def list_another_payment(run: Run) -> None:
    run.project("ref_a")["paid_by"]["fund"] = 41


def metric(name: str, change: float) -> Callable[[Run], None]:
    """A tampering that shifts one number of the metrics."""

    def tamper(run: Run) -> None:
        run.json["metrics"][name] += change

    return tamper


def shift_a_year(run: Run) -> None:
    run.json["metrics"]["by_year"]["2028"]["dependence"] += 0.01


def shift_the_baseline(run: Run) -> None:
    run.json["metrics"]["baseline"]["dependence"] -= 0.01


def shift_a_pooled_year(run: Run) -> None:
    run.json["metrics"]["pooled_by_year"]["2026"] -= 1e-5


def forget_a_pooled_year(run: Run) -> None:
    del run.json["metrics"]["pooled_by_year"]["2028"]


def shift_a_row_of_pooled(run: Run) -> None:
    run.row("dependence", year=2026)["pooled_dependence"] = 48 / 52  # without what is short


def shift_a_cost_part(run: Run) -> None:
    run.json["metrics"]["cost_parts"]["freight"] += 0.1


def tell_of_an_uptake_that_all_take(run: Run) -> None:
    amounts = {"demand": 52, "dependent": 52, "if_taken": 50, "untaken": 2}
    run.tables["uptake"].append({"year": 2026, **amounts, "untaken_share": 2 / 52})


def miss_the_target(run: Run) -> None:
    run.sheets["settings"].append({"key": "dependence_target", "value": "0.4"})
    run.json["settings"]["dependence_target"] = 0.4


def shift_a_row_of_dependence(run: Run) -> None:
    run.row("dependence", year=2027)["baseline_dependence"] = 0.9


def shift_a_row_of_money(run: Run) -> None:
    run.row("money", programme="fund", year=2027)["left_musd"] = 18  # without what 2026 left


def forget_a_row_of_costs(run: Run) -> None:
    run.tables["costs"].remove(run.row("costs", part="residual"))


def report_another_value(run: Run) -> None:
    run.passed("dependence").update(value=0.6, bound=0.6)


def bound_above_value(run: Run) -> None:
    run.passed("world").update(bound=2.2, gap=0.1)


def report_another_gap(run: Run) -> None:
    run.passed("cost")["gap"] = 0.005


def call_it_optimal(run: Run) -> None:
    run.passed("shortfall").update(bound=SHORTFALL / 2, gap=0.5)


TAMPERINGS: dict[str, Callable[[Run], None]] = {
    "known_names": name_an_unknown_plant,
    "unique_rows": write_a_row_twice,
    "limit_sign": pay_less_than_nothing,
    "limit_units": commit_a_unit_too_many,
    "limit_size": outgrow_capacity_max,
    "exclude_group": build_two_of_a_group,
    "keep_bundle": commit_part_of_a_bundle,
    "order_requires": commit_before_the_required,
    "limit_years": commit_after_latest,
    "define_first_operation": start_a_year_early,
    "keep_decision": commit_in_another_than_the_forced_year,
    "define_capex": write_another_capex,
    "keep_plan": commit_another_plan,
    "limit_changes": change_more_than_asked_for,
    "limit_eligibility": pay_for_the_excluded,
    "limit_commit_years": pay_before_commit_from,
    "limit_share": pay_more_than_a_matching_row_allows,
    "limit_ticket": pay_more_than_a_ticket,
    "limit_programme": commit_more_than_the_amount,
    "limit_matched": pay_more_to_what_a_row_matches,
    "limit_disbursement": spend_more_than_the_year_allows,
    "require_public_share": pay_less_than_public_share,
    "limit_public_share": pay_more_than_max_public_share,
    "limit_private": ask_for_more_private_money_than_is_ready,
    "limit_starts": start_more_than_can_be_built,
    "limit_build_capex": commit_more_capex_than_can_be_built,
    "limit_capacity": commit_more_capacity_than_can_be_built,
    "balance_commodity": leave_more_than_there_is,
    "limit_throughput": outrun_capacity,
    "require_clear_plant": make_clear_under_covered_control,
    "limit_export": pass_imports_on,
    "limit_lane": ship_more_than_the_limit,
    "define_demand": write_another_demand,
    "meet_demand": forget_a_shortage,
    "serve_allies_only": serve_others_in_the_baseline,
    "require_clear_from": serve_exposed_to_who_wants_clear,
    "limit_uptake": take_more_clear_than_buyers_do,
    "define_uptake_table": tell_of_an_uptake_that_all_take,
    "limit_surplus": leave_what_must_be_used,
    "keep_clear_flows": make_more_clear_for_the_world,
    "keep_allied_deliveries": give_allies_less_in_the_world,
    "same_workbook": change_the_input_copy,
    "same_settings": solve_with_another_rate,
    "same_projects": list_another_payment,
    "define_dependence": metric("dependence", 1e-5),
    "define_shortfall": metric("shortfall", 1e-5),
    "define_by_year": shift_a_year,
    "define_baseline": shift_the_baseline,
    "define_pooled": metric("pooled_dependence", 1e-5),
    "define_money": metric("private_musd", 0.01),
    "define_cost_parts": shift_a_cost_part,
    "define_cost": metric("cost_musd", 0.01),
    "limit_dependence": miss_the_target,
    "define_measures_table": cell("measures", "dependence", 0.448, measure="tonnes"),
    "define_minerals_table": tell_of_the_only_mineral,
    "define_mineral_years": tell_of_a_year_of_the_only_mineral,
    "define_dependence_table": shift_a_row_of_dependence,
    "define_pooled_column": shift_a_row_of_pooled,
    "define_money_table": shift_a_row_of_money,
    "define_costs_table": forget_a_row_of_costs,
    "keep_order": leave_out_a_pass,
    "keep_pass": report_another_value,
    "limit_bound": bound_above_value,
    "define_gap": report_another_gap,
    "limit_gap": call_it_optimal,
}


def test_right_answer_passes(tmp_path: Path) -> None:
    report = audit_written(tmp_path, written_run())
    assert report.findings == ()
    assert report.passed
    assert report.largest_violation < 1e-12


@pytest.mark.parametrize("rule", TAMPERINGS)
def test_one_tampering_breaks_exactly_its_rule(rule: str, tmp_path: Path) -> None:
    run = written_run()
    TAMPERINGS[rule](run)
    report = audit_written(tmp_path, run)
    assert {finding.rule for finding in report.findings} == {rule}
    assert not report.passed
    assert report.largest_violation > LIMIT


# --- the other side of rules that have two --------------------------------------------------


def change(sheet: str, key: str, **values: str) -> Callable[[Run], None]:
    """A tampering with cells of one row of the input."""

    def tamper(run: Run) -> None:
        run.sheet(sheet, key).update(values)

    return tamper


def add(sheet: str, **values: str) -> Callable[[Run], None]:
    """A tampering that adds a row to a sheet of the input."""

    def tamper(run: Run) -> None:
        run.sheets.setdefault(sheet, []).append(dict(values))

    return tamper


def under(*shocks: Line) -> Callable[[Run], None]:
    """A tampering that says the answer is of a scenario with these shocks."""

    def tamper(run: Run) -> None:
        run.json["scenario"] = "Storm"
        run.sheets["scenarios"] = [{"scenario": "storm"}]
        columns = ("what", "field", "value", "first_year", "last_year", "factor", "shift")
        run.sheets["shocks"] = [
            {"scenario": "storm"} | {column: shock.get(column, "") for column in columns}
            for shock in shocks
        ]

    return tamper


def spend_more_than_a_shock_leaves(run: Run) -> None:
    """Of the fund's 20 in 2026 a quarter is left, and 0.5 x 0.4 x 40 = 8 fall due. What is carried
    over to 2027 is 15 less too."""
    under({"what": "money", "factor": "0.25", "last_year": "2026"})(run)
    for year in (2026, 2027):
        row = run.row("money", programme="fund", year=year)
        row.update({name: row[name] - 15 for name in ("limit_musd", "left_musd")})


def with_plan(size: float, **more: Any) -> Callable[[Run], None]:
    """A tampering that says the commitments were given, scrap in this size."""

    def tamper(run: Run) -> None:
        lines = [
            {k: row[k] for k in ("project", "year", "units", "size")}
            for row in run.json["projects"]
        ]
        lines[1]["size"] = size
        run.json["plan"] = {"name": "package", "commitments": lines} | more

    return tamper


def both_plans(size: float, in_workbook: float) -> Callable[[Run], None]:
    """A tampering that says so of a plan of the workbook, which has scrap in its own size."""

    def tamper(run: Run) -> None:
        with_plan(size)(run)
        run.sheets["plans"] = [
            {"plan": "Package", **{k: "" if v is None else str(v) for k, v in line.items()}}
            for line in run.json["plan"]["commitments"]
        ]
        run.sheets["plans"][1]["size"] = str(in_workbook)

    return tamper


def forget_a_delivery(run: Run) -> None:
    run.tables["deliveries"].remove(run.row("deliveries", flows="world", region="oth", year=2028))
    leave(run, {"flows": "world", "origin": "exposed", "year": 2028}, "oth", "oxide", 10)


def send_clear_from_exposed(run: Run) -> None:
    """Clear ore arrives at aland from oth, and leaves oth again out of what was made exposed."""
    at = {"flows": "baseline", "year": 2026}
    run.sheets["lanes"].append(
        {"origin": "*", "destination": "*", "commodity": "tail", "cost": "0", "limit": ""}
    )
    for origin, to in (("aland", "oth"), ("oth", "aland")):
        row = {"from": origin, "to": to, "commodity": "tail", "origin": "clear", "amount": 1}
        run.tables["shipments"].append(at | row)


def forget_a_row(table: str, **values: Any) -> Callable[[Run], None]:
    """A tampering that leaves a row of a result table out."""

    def tamper(run: Run) -> None:
        run.tables[table].remove(run.row(table, **values))

    return tamper


def tell_of_a_year_before_the_plan(run: Run) -> None:
    run.tables["dependence"].insert(0, run.row("dependence", year=2026) | {"year": 2025})


def overstate_the_last_pass(run: Run) -> None:
    cost = run.passed("cost")
    cost.update(value=cost["value"] * 1.001, bound=cost["value"] * 1.001)


MORE: tuple[tuple[str, str, Callable[[Run], None]], ...] = (
    ("size below capacity_min", "limit_size", change("projects", "scrap", capacity_min="6.1")),
    ("before earliest", "limit_years", change("projects", "ghost", earliest="2028")),
    ("after it is lost", "limit_years", change("projects", "ghost", lost_after="2026")),
    ("forbidden", "keep_decision", change("projects", "ghost", decision="forbid")),
    ("below a ticket", "limit_ticket", change("programmes", "aid", ticket_min="20.1")),
    (
        "no field matches",
        "limit_eligibility",
        add("eligibility", programme="aid", field="bloc", value="other"),
    ),
    ("after commit_to", "limit_commit_years", change("programmes", "fund", commit_to="2025")),
    (
        "clear under control of the covered bloc",
        "require_clear_plant",
        make_clear_under_control_in(2026),
    ),
    (
        "commits without money in the year",
        "limit_commit_years",
        under({"what": "money", "field": "programme", "value": "AID", "factor": "0"}),
    ),
    (
        "due above what a shock leaves",
        "limit_disbursement",
        spend_more_than_a_shock_leaves,
    ),
    ("lends before it comes back", "limit_programme", lend_before_it_comes_back),
    ("due less repaid above its limit", "limit_disbursement", with_limits_of_aid({2027: 6.9})),
    (
        "repaid not as it comes back",
        "define_money_table",
        shift_what_comes_back,
    ),
    (
        "private money of one stage",
        "limit_private",
        change("private_capital", "stage", **{"2027": "23"}),
    ),
    ("programme's own max_share", "limit_share", change("programmes", "fund", max_share="0.39")),
    (
        "public share by setting",
        "require_public_share",
        add("settings", key="public_share", value="0.1"),
    ),
    (
        "opened too late for its ramp",
        "limit_throughput",
        change("facilities", "refinery_c", opens="2026", ramp="slow", capacity="70"),
    ),
    ("closed", "limit_throughput", change("facilities", "mine_o", closes="2028")),
    ("no lane of that kind", "limit_lane", change("lanes", "bloc:other", commodity="tail")),
    ("lane outside its years", "limit_lane", change("lanes", "bloc:other", last_year="2028")),
    ("delivery left out", "meet_demand", forget_a_delivery),
    ("another size than the workbook's plan", "keep_plan", both_plans(6.0, in_workbook=6.5)),
    ("exports more than made", "limit_export", send_clear_from_exposed),
    ("another size than planned", "keep_plan", with_plan(6.5)),
    ("pooled of a year", "define_pooled", shift_a_pooled_year),
    ("pooled of a year left out", "define_pooled", forget_a_pooled_year),
    ("row of money left out", "define_money_table", forget_a_row("money", programme="aid")),
    (
        "row of dependence left out",
        "define_dependence_table",
        forget_a_row("dependence", year=2028),
    ),
    ("row before the plan", "define_dependence_table", tell_of_a_year_before_the_plan),
    ("last pass above its flows", "keep_pass", overstate_the_last_pass),
    (
        "supply shock",
        "limit_throughput",
        under({"what": "supply", "field": "bloc", "value": "Covered", "factor": "0.5"}),
    ),
    (
        "supply shock by what is made",  # refinery_c makes 36 of 60 t in 2026
        "limit_throughput",
        under({"what": "supply", "field": "commodity", "value": "oxide", "factor": "0.5"}),
    ),
    (
        "ramp shock",
        "limit_throughput",
        under({"what": "ramp", "field": "project", "value": "ref_a", "factor": "0.9"}),
    ),
    (
        "lane shock closes",
        "limit_lane",
        under({"what": "lane", "field": "origin", "value": "oth", "factor": "0"}),
    ),
    (
        "lane shock narrows",
        "limit_lane",
        under({"what": "lane", "field": "bloc", "value": "ally", "factor": "0.9"}),
    ),
)


@pytest.mark.parametrize(("rule", "tamper"), [m[1:] for m in MORE], ids=[m[0] for m in MORE])
def test_other_sides_of_rules(rule: str, tamper: Callable[[Run], None], tmp_path: Path) -> None:
    run = written_run()
    tamper(run)
    if "public_share" in [row["key"] for row in run.sheets["settings"]]:
        run.json["settings"]["public_share"] = 0.1
    assert {finding.rule for finding in audit_written(tmp_path, run).findings} == {rule}


HARMLESS: dict[str, Callable[[Run], None]] = {
    "plan as given": with_plan(6.0),
    "plan to improve on": with_plan(9.0, improve=True),
    "plan of the workbook, whatever run.json repeats of it": both_plans(6.5, in_workbook=6.0),
    "a demand of nothing, which has no row": add(
        "demand",
        region="oth",
        commodity="ore",
        segment="",
        weight="1",
        **{"2026": "0", "2029": "0"},
    ),
    "shock elsewhere": under(
        {"what": "supply", "field": "region", "value": "oth", "factor": "0.5"}
    ),
    "shock of no limit": under(
        {"what": "lane", "field": "commodity", "value": "oxide", "factor": "0.1"}
    ),
    "shock before its years": under(
        {"what": "supply", "factor": "0", "first_year": "2030", "last_year": "2031"}
    ),
    "never of something else": add(
        "eligibility", programme="fund", field="stage", value="mining", rule="never"
    ),
    "due less repaid within its limit": with_limits_of_aid({2026: 8, 2027: 7}),
    "ceiling of where nobody builds": add(
        "private_capital", field="region", value="oth", **{"2026": "0"}
    ),
    "ceiling of what costs nothing": add(
        "build_limits", field="process", value="dig", what="capex", **{"2027": "0"}
    ),
    "clear before it is controlled": make_clear_under_control_in(2027),
    "open in its years": change("facilities", "mine_o", opens="2026", closes="2029"),
}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_changes_nothing_passes(name: str, tmp_path: Path) -> None:
    run = written_run()
    HARMLESS[name](run)
    assert audit_written(tmp_path, run).findings == ()


LIFTED = {"limit": "pace", "field": "process", "value": "collect", "commodity": "oxide"}


@pytest.mark.parametrize(("least", "passes"), [(1.0, True), (0.99, False)])
@pytest.mark.parametrize(
    ("limit", "lift"),
    [
        # scrap makes 6 of oxide, committed in 2027; ref_a, one unit, operates from 2027 on.
        (LIFTED | {"2027": "4"}, 2.0),
        # ghost makes 1 of ore, committed in 2027; mines could make 80 x 0.8 + 40 in 2026.
        ({"field": "all", "commodity": "ore", "2027": "0", "learn": 1 / 104}, 0.0),
    ],
    ids=["lifted", "learnt"],
)
def test_a_limit_on_capacity_grows_by_so_much(
    tmp_path: Path, limit: Line, lift: float, least: float, passes: bool
) -> None:
    run = written_run()
    learn = least * limit.get("learn", 0.0)
    run.sheets["build_limits"].append(limit | {"what": "capacity", "learn": learn})
    if lift:
        run.sheets["lifts"] = [{"project": "ref_a", "limit": "pace", "amount": least * lift}]
    found = audit_written(tmp_path, run).findings
    assert {finding.rule for finding in found} == (set() if passes else {"limit_capacity"})


def test_overrides_are_applied(tmp_path: Path) -> None:
    run = written_run()
    run.sheet("settings", "discount_rate")["value"] = "0.05"
    run.overrides = {"discount_rate": "0.1"}
    run.json["overrides"] = run.overrides
    assert audit_written(tmp_path, run).passed


def test_the_variant_of_the_run_is_read(tmp_path: Path) -> None:
    run = written_run()
    run.sheet("facilities", "mine_a")["capacity"] = "70"  # 80 t are what it takes
    names = {"variant": "full", "sheet": "facilities", "row": "mine_a", "column": "capacity"}
    run.sheets["variants"] = [names | {"value": "80"}]
    run.json["variant"] = "full"
    assert audit_written(tmp_path / "with", run).passed
    run.json["variant"] = None
    found = audit_written(tmp_path / "without", run).findings
    assert {finding.rule for finding in found} == {"limit_throughput"}


def test_bettered_pass_is_no_finding_but_a_worse_one_is(tmp_path: Path) -> None:
    for name, value, passed in (("a", DEPENDENCE * 1.0005, True), ("b", DEPENDENCE - 1e-4, False)):
        run = written_run()
        bound = DEPENDENCE - 2e-4
        line = run.passed("dependence")
        line.update(value=value, bound=bound, gap=(value - bound) / value)
        report = audit_written(tmp_path / name, run)
        assert report.passed == passed, report.findings


def test_stopped_early_needs_no_gap(tmp_path: Path) -> None:
    run = written_run()
    call_it_optimal(run)
    run.json["status"] = "feasible"
    assert audit_written(tmp_path, run).passed


def test_kilotonnes_give_the_violation_of_tonnes(tmp_path: Path) -> None:
    tonnes, kilotonnes = written_run(), written_run()
    kilotonnes.sheets["facilities"] = [dict(row) for row in kilotonnes.sheets["facilities"]]
    in_thousands(kilotonnes)
    sizes = []
    for name, run in (("t", tonnes), ("kt", kilotonnes)):
        row = run.row("leftovers", flows="baseline", region="china")
        row["surplus"] *= 1.001
        report = audit_written(tmp_path / name, run)
        assert [finding.rule for finding in report.findings] == ["balance_commodity"]
        sizes.append(report.largest_violation)
    # 28 t of tail, 0.028 t too much: 0.028 / 28.028
    assert sizes == pytest.approx([0.028 / 28.028] * 2)


def in_thousands(run: Run) -> None:
    """The same case with every mass in thousands of its unit."""
    columns = {
        "facilities": (("capacity", 1e-3), ("opex", 1e3)),
        "projects": (
            ("capacity", 1e-3),
            ("capacity_min", 1e-3),
            ("capacity_max", 1e-3),
            ("capex_per_unit", 1e3),
            ("opex", 1e3),
        ),
        "demand": (("2026", 1e-3), ("2029", 1e-3)),
        "lanes": (("limit", 1e-3), ("cost", 1e3)),
    }
    for sheet, scaled in columns.items():
        for row in run.sheets[sheet]:
            for column, factor in scaled:
                row[column] = str(float(row[column]) * factor) if row[column] else ""
    run.sheet("commodities", "tail")["surplus"] = "100000000"
    masses = ("activity", "amount", "downgraded", "surplus", "demand", "clear", "exposed", "short")
    masses += ("output",)
    for table in ("activity", "shipments", "leftovers", "deliveries", "dependence", "world"):
        for row in run.tables[table]:
            row.update({c: row[c] / 1e3 for c in masses if isinstance(row.get(c), int | float)})
    for metrics in (run.json["metrics"], run.json["metrics"]["baseline"]):
        for line in metrics["by_year"].values():
            line.update({column: line[column] / 1e3 for column in ("demand", "exposed", "short")})
    run.tables["commitments"][1]["size"] = run.project("scrap")["size"] = 0.006
    run.passed("world").update(value=0.002, bound=0.002)


def test_touch_is_measured_as_a_share(tmp_path: Path) -> None:
    run = written_run()
    # 24 of 60 are exposed in 2028, all touched at refining: 0.4; a hundredth more is told.
    run.row("touch", year=2028)["share"] = 0.41
    found = [str(f) for f in audit_written(tmp_path, run).findings if f.rule == "limit_touch"]
    assert found == ["limit_touch 2028 share: 0.01"]


def test_a_delivery_left_out_hides_no_other(tmp_path: Path) -> None:
    run = written_run()
    cars, defence = (
        run.row("deliveries", flows="world", segment=segment, year=2026)
        for segment in ("cars", "defence")
    )
    run.tables["deliveries"].remove(cars)  # of the allied flows' first row
    defence.update(exposed=3, short=1)
    found = {str(f) for f in audit_written(tmp_path, run).findings}
    # a tonne of the 4 that are asked for
    assert {
        f"keep_allied_deliveries aland oxide defence 2026 {c}: 0.25" for c in ("exposed", "short")
    } <= found


def test_finding_names_rule_and_place(tmp_path: Path) -> None:
    run = written_run()
    outrun_capacity(run)
    found = audit_written(tmp_path, run).findings
    # 64 t of ore in 2028 from 79.9 x 0.8 = 63.92 t: 0.08 / 64, in allied and world alike
    assert {str(f) for f in found} == {
        "limit_throughput allied mine_a 2028: 0.00125",
        "limit_throughput world mine_a 2028: 0.00125",
    }


def test_numbers_that_are_no_numbers_are_violations() -> None:
    nan, infinity = float("nan"), float("inf")
    assert Check((), nan, 1.0).violation == infinity
    assert at_most((), infinity, 1.0, 1.0).violation == infinity
    assert equal((), 1.0, nan, 1.0).violation == infinity


def test_scale_is_the_largest_side_or_the_floor() -> None:
    assert equal((), 100.0, 101.0, 1.0).violation == pytest.approx(1 / 101)
    assert at_most((), 0.5, 0.0, 2.0).violation == pytest.approx(0.25)
    assert at_most((), 1.0, 5.0, 1.0).violation == 0.0
    report = write_report([("rule", [at_most(("here", 2030), 1 + 2e-6, 1.0, 1.0)])])
    assert not report.passed
    assert write_report([("rule", [at_most((), 1 + 5e-7, 1.0, 1.0)])]).passed


# --- run folders ----------------------------------------------------------------------------


def test_run_without_plan_or_tables_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no run\.json"):
        audit_answer(tmp_path)
    write_run(tmp_path / "run", written_run())
    (tmp_path / "run" / "tables" / "costs.csv").unlink()
    with pytest.raises(InputError, match=r"costs\.csv.*missing"):
        audit_answer(tmp_path / "run")
    run = written_run()
    run.json["status"] = "infeasible"
    write_run(tmp_path / "none", run)
    with pytest.raises(InputError, match="no plan to audit"):
        audit_answer(tmp_path / "none")


def test_row_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    bad = (("year", "soon", "E"), ("flows", "lunar", "A"), ("activity", "nan", "F"))
    for column, text, letter in bad:
        run = written_run()
        run.tables["activity"][1][column] = text
        write_run(tmp_path / column, run)
        cell = rf"activity\.csv!{letter}3: {column} cannot be read: .*{text}"
        with pytest.raises(InputError, match=cell):
            audit_answer(tmp_path / column)


def test_shares_no_code_with_the_model() -> None:
    own = ("opt.audit", "opt.data.tables", "opt.data.reader", "opt.record.")
    plain_data = ("opt.errors", "opt.fixed", "opt.objectives", "opt.data.reading.changed_cells")
    allowed = (*own, *plain_data)
    for path in Path(opt.audit.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("opt"):
                assert str(node.module).startswith(allowed), (path.name, node.module)
            names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
            plain = {"csv", "functools", "hashlib", "io", "json", "math", "os", "sys", "time"}
            solver = {"pyscipopt"} if path.name == "scip.py" else set()
            assert set(names) <= plain | solver, (path.name, names)


def test_input_copy_may_be_a_folder_in_input(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", written_run())
    (folder / "input").rename(folder / "tiny")
    (folder / "input").mkdir()
    with pytest.raises(InputError, match="no copy of the workbook"):
        audit_answer(folder)
    (folder / "tiny").rename(folder / "input" / "tiny")
    assert audit_answer(folder).passed


# --- the audit's own derivations, each against a figure worked out by hand --------------------


def tables_with(tmp_path: Path, *tampers: Callable[[Run], None]) -> Tables:
    run = written_run()
    for tamper in tampers:
        tamper(run)
    return read(write_sheets(tmp_path, run.sheets))


def commit(project: str, year: int, units: int = 1, size: float | None = None) -> Commitment:
    return Commitment(project, year, units, size, first_operation=0, capex_musd=0.0)


def test_interpolation() -> None:
    points = {2026: 10.0, 2030: 30.0}
    assert [interpolate(points, t) for t in (2024, 2026, 2027, 2030)] == [10, 10, 15, 30]


def test_a_part_of_twice_the_operating_cost_is_the_same(tmp_path: Path) -> None:
    run = written_run()
    for sheet, name in (("facilities", "mine_a"), ("projects", "ref_a")):
        row = run.sheet(sheet, name)
        doubled = {column: str(2 * float(row[column])) for column in ("opex", "fixed_opex")}
        row.update(doubled, opex_share="0.5")
    assert audit_written(tmp_path, run).findings == ()
    run.sheet("projects", "ref_a")["opex_share"] = "0.51"
    broken = {finding.rule for finding in audit_written(tmp_path / "other", run).findings}
    assert broken >= {"define_cost_parts", "define_cost", "define_costs_table"}


def test_existing_capacity(tmp_path: Path) -> None:
    ramped = change("facilities", "mine_a", ramp="slow", opens="2027", closes="2028")
    case = derive_case(tables_with(tmp_path / "a", ramped), None)
    # 80 x 0.8 x ramp 0.5, then 1; shut before 2027 and after 2028
    capacity = [existing_capacity(case, case.facilities["mine_a"], t) for t in YEARS]
    assert capacity == pytest.approx([0, 32, 64, 0])
    falling = add("ramps", ramp="ageing", year_1="1", year_2="0.4")
    aged = change("facilities", "mine_a", ramp="ageing")
    case = derive_case(tables_with(tmp_path / "b", falling, aged), None)
    # without opens it is past its ramp: the last value, 0.4, from the start
    capacity = [existing_capacity(case, case.facilities["mine_a"], t) for t in YEARS]
    assert capacity == pytest.approx([25.6] * 4)


def test_capacity_by_year_columns(tmp_path: Path) -> None:
    def grow(run: Run) -> None:
        run.sheet("facilities", "mine_o").update({"capacity": "", "2027": "40", "2029": "60"})

    case = derive_case(tables_with(tmp_path, grow), None)
    capacity = [existing_capacity(case, case.facilities["mine_o"], t) for t in YEARS]
    assert capacity == pytest.approx([40, 40, 50, 60])


def test_supply_shocks_multiply(tmp_path: Path) -> None:
    shocks = under(
        {"what": "supply", "field": "mineral", "value": "rare earths", "factor": "0.5"},
        {
            "what": "supply",
            "field": "facility",
            "value": "mine_a",
            "factor": "0.8",
            "first_year": "2028",
        },
        {"what": "ramp", "factor": "0.9", "last_year": "2026"},
    )
    case = derive_case(tables_with(tmp_path, shocks), "storm")
    capacity = [existing_capacity(case, case.facilities["mine_a"], t) for t in YEARS]
    # 64 x 0.5 = 32; x 0.9 in 2026; x 0.8 from 2028 on
    assert capacity == pytest.approx([28.8, 32, 25.6, 25.6])


def test_project_capacity_over_life_and_units(tmp_path: Path) -> None:
    life = change("projects", "ref_a", life="2", max_units="3", decision="")
    case = derive_case(tables_with(tmp_path, life), None)
    made = (commit("ref_a", 2026), commit("ref_a", 2027, units=2))
    # the first runs 2027-2028: 10, 20; the other two 2028-2029: 20, 40
    capacity = [project_capacity(case, case.projects["ref_a"], made, t) for t in YEARS]
    assert capacity == pytest.approx([0, 10, 40, 40])


@pytest.mark.parametrize(("size", "own", "left"), [(12, 12, 0), (11, 0, 12)])
def test_what_comes_without_new_money_and_who_takes_its_place(
    tmp_path: Path, size: float, own: float, left: float
) -> None:
    # ref_a of 20 on a ramp of 0.5, 1 from 2026 on, with a chance of 0.6: 6, 12, 12, 12. Committed
    # in 2026 it first operates in 2027: 10, 20, 20 are 8 above the 12 of 2028 and 2029.
    comes = change("projects", "ref_a", merchant="2026", merchant_chance="0.6", decision="")
    rival = {"processes": "refine", "group": "G", "capacity": str(size), "capacity_of": "oxide"}
    tables = tables_with(tmp_path, comes, change("projects", "ghost", **rival))
    case = derive_case(tables, None)
    ref_a, ghost = case.projects["ref_a"], case.projects["ghost"]

    def yearly(plant: AuditPlant, *made: Commitment, **how: bool) -> list[float]:
        return [project_capacity(case, plant, made, t, **how) for t in YEARS]

    assert yearly(ref_a) == pytest.approx([6, 12, 12, 12])
    assert yearly(ref_a, merchants=False) == [0, 0, 0, 0]
    assert yearly(ref_a, commit("ref_a", 2026)) == pytest.approx([6, 12, 20, 20])
    # One of 12 from 2027 on is as large and runs in its place, one of 11 never.
    made = commit("ghost", 2026)
    assert yearly(ghost, made) == pytest.approx([0, own, own, own])
    assert yearly(ref_a, made) == pytest.approx([6, left, left, left])


def test_lead_time_rounds_up(tmp_path: Path) -> None:
    shocks = under(
        {"what": "lead_time", "field": "project", "value": "scrap", "factor": "1.1"},
        {"what": "lead_time", "shift": "1", "first_year": "2027"},
    )
    fraction = change("projects", "scrap", lead_time="9.2")
    free = (change("projects", "ref_a", decision=""), fraction)
    case = derive_case(tables_with(tmp_path, shocks, *free), "storm")
    # 9.2 is 10 whole years, x 1.1 = 11 (not 12 by float noise), + 1 from 2027 on
    assert [lead_years(case, case.projects["scrap"], v) for v in (2026, 2027)] == [11, 12]
    assert [lead_years(case, case.projects["ref_a"], v) for v in (2026, 2027)] == [1, 2]


def test_capex_and_its_shocks(tmp_path: Path) -> None:
    shocks = under(
        {"what": "capex", "factor": "1.2", "last_year": "2026"},
        {"what": "capex", "field": "process", "value": "collect", "shift": "3"},
    )
    case = derive_case(tables_with(tmp_path, shocks), "storm")
    # 125 x 1.2 x share 0.8 = 120; plain in 2027
    assert committed_capex(case, commit("ref_a", 2026)) == pytest.approx(120)
    assert committed_capex(case, commit("ref_a", 2027, units=2)) == pytest.approx(200)
    # 4 x 1.2 + 3 = 7.8, + 1 x 1.2 x size 6 = 7.2; the shift does not touch capex_per_unit
    assert committed_capex(case, commit("scrap", 2026, size=6.0)) == pytest.approx(15)


def test_spend_after_last_year_and_residual(tmp_path: Path) -> None:
    slow = change("projects", "scrap", lead_time="3", life="5")
    case = derive_case(tables_with(tmp_path, slow), None)
    thirds = {2028: 1 / 3, 2029: 1 / 3, 2030: 1 / 3}
    assert spend_shares(case, "scrap", 2028) == pytest.approx(thirds)
    assert spend_shares(case, "ref_a", 2029) == pytest.approx({2029: 0.4, 2030: 0.6})
    # a delay puts off operation, not what falls due
    late = under({"what": "lead_time", "shift": "2"})
    delayed = derive_case(tables_with(tmp_path / "late", slow, late), "storm")
    assert lead_years(delayed, delayed.projects["scrap"], 2028) == 5
    assert spend_shares(delayed, "scrap", 2028) == pytest.approx(thirds)
    # from 2029 on 5 years: 4 remain after 2029; a plant that starts later has all of them left
    assert residual_share(case, commit("scrap", 2026, size=6.0)) == pytest.approx(0.8)
    assert residual_share(case, commit("scrap", 2028, size=6.0)) == pytest.approx(1.0)
    assert residual_share(case, commit("ghost", 2027)) == 0.0


def test_demand_shocks(tmp_path: Path) -> None:
    shocks = under(
        {"what": "demand", "field": "segment", "value": "cars", "factor": "0.5"},
        {
            "what": "demand",
            "field": "region",
            "value": "aland",
            "shift": "-5",
            "first_year": "2029",
        },
    )
    case = derive_case(tables_with(tmp_path, shocks), "storm")
    cars, guns = ("aland", "oxide", "cars"), ("aland", "oxide", "defence")
    # (24, 26, 28, 30) / 2, less 5 in 2029; defence 4 - 5 is no demand below 0
    assert [case.demand[cars, t] for t in YEARS] == pytest.approx([12, 13, 14, 10])
    assert [case.demand[guns, t] for t in YEARS] == [4, 4, 4, 0]


def test_a_shock_passes_by_what_lacks_its_field() -> None:
    shock = AuditShock("supply", "facility", "mine_a", 2026, 2029, factor=0.0, shift=0.0)
    assert shock.hits(make_traits(facility=["mine_a"]), 2027)
    assert not shock.hits(make_traits(region=["aland"]), 2027)


def test_where_nobody_asks_for_anything_capacity_is_the_scale(tmp_path: Path) -> None:
    tables = tables_with(tmp_path, under({"what": "demand", "factor": "0"}))
    # The largest plant is mine_a of 80 t; a five-hundredth of it (MASS_FLOOR).
    assert derive_case(tables, "storm").mass_floor == pytest.approx(80 / 500)
    # With demand it is the largest of an ally's: 30 t of cars.
    assert derive_case(tables, None).mass_floor == pytest.approx(30 / 500)


def run_plant(plant: str, process: str, activity: float) -> Activity:
    return Activity(plant, process, "clear", 2028, activity)


def ship(origin: str, to: str, good: str, amount: float) -> Shipment:
    return Shipment(origin, to, good, "clear", 2028, amount)


def shares_of(
    tables: Tables, *flows: Activity | Shipment
) -> Mapping[tuple[str, str], float] | None:
    """Clear shares of the mixes that these flows of 2028 make."""
    runs = tuple(flow for flow in flows if isinstance(flow, Activity))
    trades = tuple(flow for flow in flows if isinstance(flow, Shipment))
    joined = inflows_by_year(derive_case(tables, None), Flows(runs, trades, (), ()))
    return clear_shares(joined[2028])


def test_material_mixes_where_it_meets(tmp_path: Path) -> None:
    # aland has 30 t of its own ore and 10 t that china gives back: 3/4 clear, and so are the 5 t of
    # oxide and of tail made of it. With 20 t of china's oxide, 3.75 of 25 t are clear. oth gets of
    # that mix. Ore is exposed from china on, wherever it was dug.
    found = shares_of(
        tables_with(tmp_path),
        run_plant("mine_a", "dig", 30),
        run_plant("mine_o", "dig", 10),
        ship("oth", "china", "ore", 10),
        ship("china", "aland", "ore", 10),
        run_plant("ref_a", "refine", 5),
        ship("china", "aland", "oxide", 20),
        ship("aland", "oth", "oxide", 3),
    )
    assert found == pytest.approx(
        {
            ("aland", "ore"): 0.75,
            ("oth", "ore"): 1.0,
            ("china", "ore"): 0.0,
            ("aland", "oxide"): 0.15,
            ("aland", "tail"): 0.75,
            ("oth", "oxide"): 0.15,
        }
    )


def press_and_turn(run: Run) -> None:
    """Oxide can be pressed from ore and tail, and turned into tail again."""
    run.sheets["processes"] += parse(
        """process,stage
        sweep,collection
        press,refining
        turn,refining"""
    )
    run.sheets["recipes"] += parse(
        """process,commodity,amount
        sweep,tail,1
        press,ore,-1
        press,tail,-1
        press,oxide,1
        turn,oxide,-1
        turn,tail,1"""
    )
    run.sheet("projects", "ghost").update(processes="sweep;press;turn", capacity_of="")


def test_smallest_share_among_inputs_decides_and_a_loop_settles(tmp_path: Path) -> None:
    # Oxide: 20 t pressed from clear ore and tail, 20 t of china: half the share of tail. Tail: 10 t
    # swept, clear, and 10 t made back from oxide: t = (10 + 10 t / 2) / 20, so t = 2 / 3.
    found = shares_of(
        tables_with(tmp_path, press_and_turn),
        run_plant("mine_a", "dig", 20),
        run_plant("ghost", "sweep", 10),
        run_plant("ghost", "turn", 10),
        run_plant("ghost", "press", 20),
        ship("china", "aland", "oxide", 20),
    )
    assert found is not None
    assert found["aland", "tail"] == pytest.approx(2 / 3)
    assert found["aland", "oxide"] == pytest.approx(1 / 3)


def test_loop_that_all_but_feeds_itself_is_not_checked(tmp_path: Path) -> None:
    # A millionth of the oxide is china's, and nothing clear joins: the shares creep down to 0.
    found = shares_of(
        tables_with(tmp_path, press_and_turn),
        run_plant("mine_a", "dig", 20),
        run_plant("ghost", "turn", 20),
        run_plant("ghost", "press", 20),
        ship("china", "aland", "oxide", 2e-5),
    )
    assert found is None


def test_covered_control_makes_nothing_clear(tmp_path: Path) -> None:
    held = tables_with(tmp_path, change("facilities", "mine_a", controlled_by="covered"))
    assert shares_of(held, run_plant("mine_a", "dig", 1)) == {("aland", "ore"): 0.0}


def test_most_specific_lane_wins(tmp_path: Path) -> None:
    def rows(run: Run) -> None:
        run.sheets["lanes"] = parse(
            """origin,destination,commodity,cost,limit,first_year,last_year,open
            *,*,*,1,,,,
            bloc:ally,*,ore,2,,,,
            aland,bloc:covered,ore,3,7,2027,2028,
            aland,china,ore,4,,2028,2028,no"""
        )

    case = derive_case(tables_with(tmp_path, rows), None)
    lanes = derive_lanes(case)
    found = [lanes.find("aland", "china", "ore", t) for t in YEARS]
    # sums 0, 3, 5, 6: a row does not exist outside its years
    assert [(lane.is_open, lane.cost, lane.limit) for lane in found] == [
        (True, 2.0, None),
        (True, 3.0, 7.0),
        (False, 0.0, 0.0),
        (True, 2.0, None),
    ]
    assert lanes.find("oth", "china", "ore", 2028).cost == 1.0


def test_empty_lanes_are_open_and_free_but_for_a_closure(tmp_path: Path) -> None:
    def no_lanes(run: Run) -> None:
        del run.sheets["lanes"]

    closure = under({"what": "lane", "field": "destination", "value": "oth", "factor": "0"})
    tables = tables_with(tmp_path, no_lanes, closure)
    base, storm = (derive_lanes(derive_case(tables, name)) for name in (None, "storm"))
    assert base.find("china", "oth", "ore", 2026).is_open
    assert base.find("china", "oth", "ore", 2026).cost == 0
    assert not storm.find("china", "oth", "ore", 2026).is_open
    assert storm.find("china", "aland", "ore", 2026).limit is None


def test_eligibility_joins_by_or_and_by_and() -> None:
    def rows(*given: tuple[str, str, str]) -> tuple[Row, ...]:
        names = ("field", "value", "rule")
        return tuple(
            Row("eligibility", n, dict(zip(names, row, strict=True))) for n, row in enumerate(given)
        )

    traits = make_traits(region=["Aland"], bloc=["ally"], stage=["refining"], mineral=["Nd"])
    here = (("region", "oth", "only"), ("region", "aland", "only"))
    assert is_eligible((), traits)
    assert is_eligible(rows(*here), traits)
    assert not is_eligible(rows(*here, ("stage", "mining", "only")), traits)
    assert not is_eligible(rows(*here, ("bloc", "ally", "never")), traits)
    assert is_eligible(rows(("mineral", "Dy", "never")), traits)
    # stages are exact, ids are not
    assert not is_eligible(rows(("stage", "Refining", "only")), traits)


def test_late_commitment_of_a_plan_under_a_delay(tmp_path: Path) -> None:
    """ghost of 2027 would start in 2028; a delay of 2 makes it 2030, after the last year."""
    delay = under({"what": "lead_time", "field": "project", "value": "ghost", "shift": "2"})
    for name, plan, late in (("a", None, True), ("b", with_plan(6.0), False)):
        run = written_run()
        delay(run)
        if plan:
            plan(run)
        run.row("commitments", project="ghost")["first_operation"] = 2030
        rules = {found.rule for found in audit_written(tmp_path / name, run).findings}
        assert rules == ({"limit_years"} if late else set())


def test_run_without_baseline_is_named(tmp_path: Path) -> None:
    run = written_run()
    run.json["metrics"]["baseline"] = None
    with pytest.raises(InputError, match=r"run\.json!metrics\.baseline"):
        audit_answer(write_run(tmp_path, run))


# Oxide: ref_a makes 20, committed in 2026, and scrap 6, in 2027. Of 2026 2 are left.
CARRIED = {"field": "all", "what": "capacity", "commodity": "oxide", "2028": "0", "2029": "0"}


@pytest.mark.parametrize(
    ("limits", "carries", "passes"),
    [
        (("22", "4"), "yes", True),
        (("22", "3.9"), "yes", False),
        (("22", "4"), "no", False),
        # What comes later is not there yet.
        (("19.9", "6.1"), "yes", False),
    ],
)
def test_what_a_year_leaves_of_a_limit_adds_to_the_next(
    tmp_path: Path, limits: tuple[str, str], carries: str, passes: bool
) -> None:
    run = written_run()
    years = dict(zip(("2026", "2027"), limits, strict=True))
    run.sheets["build_limits"].append(CARRIED | years | {"carry_over": carries})
    found = audit_written(tmp_path, run).findings
    assert {finding.rule for finding in found} == (set() if passes else {"limit_capacity"})
