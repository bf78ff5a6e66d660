"""What run.json should say of the case, the passes, the metrics, the plan and the money."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from opt.audit.answer import BASELINE, WORLD
from opt.audit.evidence import Evidence, Sums
from opt.audit.limits import (
    NOTHING,
    amount_and_left,
    amounts_by_year,
    limit_and_left,
)
from opt.audit.mixing import pooled_shares
from opt.audit.names import plant_name, scenario_text, stages_of
from opt.audit.objectives import gap_excess
from opt.audit.products import products
from opt.audit.record import OBJECT, WIDEST, Near, Rows, Scales, Told, scales_of
from opt.audit.supply import lead_years, operates, reach
from opt.audit.worth import (
    Dependence,
    dependence,
    dependence_by_year,
    discounted_parts,
    public_capex_musd,
    public_musd,
    shortfall,
)
from opt.errors import Issue
from opt.record.money import Use
from opt.record.projects import Commitment
from opt.record.shape import MAYBE_NUMBER, NUMBER, TEXT, TRUTH

SCHEMA = 2
VERSIONS = ("opt", "python", "pyomo", "highspy", "numpy", "scipy")
OUTCOMES = frozenset({"optimal", "feasible"})
STOCK = frozenset({"held", "cut", "free"})
REST = 1e-9  # of a limit or amount: less is no rest of it
SENTENCES = ("status", "headline", "proof", "proven", "money", "foresight")
ID_DIGITS = 12
KEPT = frozenset({0.0, 1e-9, 1e-8, 1e-7})  # by how much later passes may exceed a pass
POOLED_FLOOR = 1.0  # both programs settle mixes to a tolerance, not to the last digit


def tell_case(evidence: Evidence) -> Mapping[str, Any]:
    """The workbook's name, title, scenario, variant and objective; name and title of a folder's
    copy are the ones told. sha256: see same_workbook."""
    tables = evidence.case.tables
    told = evidence.answer.record["workbook"].get("name")
    name = tables.name if tables.path.suffix == ".xlsx" else Told(TEXT)
    title = str(tables.settings["title"] or told)
    scenario = evidence.answer.scenario
    return {
        "schema": SCHEMA,
        "id": _id(evidence),
        "sentences": dict.fromkeys(SENTENCES, Told(TEXT)),
        "workbook": {"name": name, "sha256": tables.sha256},
        "title": title if tables.variant is None else f"{title} (variant {tables.variant})",
        "scenario": scenario,
        "scenario_text": scenario_text(evidence.case, scenario),
        "variant": tables.variant,
        "objective": str(tables.settings["objective"]),
        "overrides": Told(OBJECT),
        "versions": dict.fromkeys(VERSIONS, Told(TEXT)),
    }


def _id(evidence: Evidence) -> str:
    """The first 12 hex digits of the SHA-256 of what was asked, as JSON with sorted keys: input,
    scenario, variant, settings but threads, objective, given plan, versions."""
    tables, record = evidence.case.tables, evidence.answer.record
    asked = {
        "sha256": tables.sha256,
        "scenario": evidence.answer.scenario,
        "variant": tables.variant,
        "settings": {k: v for k, v in tables.settings.items() if k != "threads"},
        "objective": str(tables.settings["objective"]),
        "plan": record.get("plan"),
        "versions": record.get("versions"),
    }
    text = json.dumps(asked, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:ID_DIGITS]


def tell_settings(evidence: Evidence) -> Mapping[str, Any]:
    """Every setting: that of the workbook, or what was given in its place, or the default."""
    settings = dict(evidence.case.tables.settings)
    return {"settings": json.loads(json.dumps(settings))}


def tell_reading(evidence: Evidence) -> Mapping[str, Any]:
    """The defaults that stood in for blank cells, and the warnings, as the workbook is read."""
    tables = evidence.case.tables
    defaults = [
        {"sheet": used.sheet, "column": used.column, "value": used.value, "rows": used.rows}
        for used in tables.defaults_used
    ]
    return {"defaults_used": defaults, "warnings": [_warning(issue) for issue in tables.warnings]}


def _warning(issue: Issue) -> dict[str, str]:
    names = ("sheet", "cell", "value", "message", "hint")
    return {name: getattr(issue, name) for name in names}


def tell_passes(evidence: Evidence) -> Mapping[str, Any]:
    """Every pass; its numbers are held by keep_pass, limit_bound, define_gap and limit_gap, and
    `seconds` is a clock. status: optimal where every pass is, to the gap asked for."""
    passes = [
        {
            "objective": line.objective,
            "value": Told(NUMBER),
            "bound": Told(MAYBE_NUMBER),
            "gap": Told(MAYBE_NUMBER),
            "seconds": Told(NUMBER),
            "status": Told(TEXT, OUTCOMES),
            "kept": Told(NUMBER, KEPT),
        }
        for line in evidence.answer.passes
    ]
    solved = [
        line.outcome == "optimal" and gap_excess(evidence, line) <= 0.0
        for line in evidence.answer.passes
    ]
    return {
        "passes": Rows(("objective",), passes),
        "status": "optimal" if all(solved) else "feasible",
    }


def tell_metrics(evidence: Evidence) -> Mapping[str, Any]:
    """dependence, shortfall, pooled_dependence and by_year: of the rules of the same names; money,
    USD million: cost discounted, capex = sum of capex of commitments, stock and support = sums of
    their payments, public = all payments, private = capex - payments for capex. The baseline's are
    the same of an answer without commitments and payments."""
    scales = scales_of(evidence)
    bare = _metrics(evidence.of_baseline(), scales)
    return {"metrics": {**_metrics(evidence, scales), BASELINE: bare}}


def _metrics(evidence: Evidence, scales: Scales) -> dict[str, Any]:
    """The metrics of an answer, with the plan or without."""
    answer = evidence.answer
    capex = sum(made.capex_musd for made in answer.commitments)
    parts = discounted_parts(evidence)
    pooled, pooled_by_year = pooled_shares(evidence, evidence.sums[WORLD])
    stock = sum(paid.paid_musd for paid in answer.paid_for(Use.STOCK))
    support = sum(paid.paid_musd for paid in answer.paid_for(Use.SUPPORT))
    largest = max(abs(part) for part in parts.values())
    cost = Scales(max(scales.money, WIDEST * largest), scales.mass)
    return {
        "dependence": scales.share(dependence(evidence, evidence.allied)),
        "shortfall": scales.share(shortfall(evidence, evidence.allied)),
        "cost_musd": cost.musd(sum(parts.values())),
        "capex_musd": scales.musd(capex),
        "public_musd": scales.musd(public_musd(evidence)),
        "private_musd": scales.musd(capex - public_capex_musd(evidence)),
        "stock_musd": scales.musd(stock),
        "support_musd": scales.musd(support),
        "by_year": _by_year(evidence, scales, evidence.allied),
        "pooled_dependence": _pooled(pooled),
        "pooled_by_year": {str(year): _pooled(share) for year, share in pooled_by_year.items()},
        "cost_parts": {part: cost.musd(musd) for part, musd in parts.items()},
    }


def _pooled(share: float | None) -> Near | Told:
    """A pooled share; only told where the mixes settle too slowly to be worked out."""
    return Told(NUMBER) if share is None else Near(share, POOLED_FLOOR)


def _by_year(evidence: Evidence, scales: Scales, sums: Sums) -> Mapping[str, Any]:
    by_year = dependence_by_year(evidence, sums)
    return {
        str(year): year_of(scales, line) | {"counted": evidence.case.is_counted(year)}
        for year, line in by_year.items()
    }


def year_of(scales: Scales, line: Dependence) -> dict[str, Any]:
    """The weighted amounts of a year and the shares made of them."""
    return {
        "demand": scales.units(line.demand),
        "exposed": scales.units(line.exposed),
        "short": scales.units(line.short),
        "dependence": scales.share(line.dependence()),
        "shortfall": scales.share(line.shortfall()),
    }


def tell_projects(evidence: Evidence) -> Mapping[str, Any]:
    """Each commitment: name, region, stages, nameplate capacity of all units, first operation =
    year + lead time, capex, public = sum of its payments, private = capex - public, who pays."""
    return {"projects": Rows(("project", "year"), project_rows(evidence))}


def project_rows(evidence: Evidence) -> list[dict[str, Any]]:
    """The rows of run.json's projects."""
    scales, case = scales_of(evidence), evidence.case
    paid: dict[tuple[str, int], dict[str, float]] = defaultdict(dict)
    for line in evidence.answer.paid_for(Use.CAPITAL):
        if line.paid_musd > 0:
            paid[line.thing, line.year][line.programme] = line.paid_musd
    rows = []
    for made in evidence.answer.commitments:
        own = paid[made.project, made.year]
        public = sum(own.values())
        plant = case.projects[made.project]
        rows.append(
            {
                "project": made.project,
                "name": plant_name(case, made.project),
                "region": plant.region,
                "stage": stages_of(case, made.project),
                "year": made.year,
                "units": made.units,
                "size": scales.units(made.size),
                "capacity": scales.units(_capacity(evidence, made)),
                "first_operation": made.year + lead_years(case, plant, made.year),
                "capex_musd": scales.musd(made.capex_musd),
                "public_musd": scales.musd(public),
                "private_musd": scales.musd(max(made.capex_musd - public, 0.0)),
                "paid_by": {name: scales.musd(musd) for name, musd in own.items()},
                "products": _products(evidence, scales, made),
                "usable": _usable(evidence, scales, made),
            }
        )
    return rows


def _products(evidence: Evidence, scales: Scales, made: Commitment) -> dict[str, Any]:
    capacity = _capacity(evidence, made) or 0.0
    return {c: scales.units(a) for c, a in products(evidence, made.project, capacity).items()}


def _usable(evidence: Evidence, scales: Scales, made: Commitment) -> dict[str, Any]:
    """The share of the capacity that can run, by year in which the plant is open."""
    case = evidence.case
    plant = case.projects[made.project]
    start = made.year + lead_years(case, plant, made.year)
    years = [t for t in case.years if operates(plant, start, t)]
    return {str(t): scales.share(reach(case, plant, t - start + 1, t)) for t in years}


def _capacity(evidence: Evidence, made: Commitment) -> float | None:
    capacity = evidence.case.projects[made.project].row.optional("capacity")
    if made.size is not None or capacity is None:
        return made.size
    return capacity * made.units


def tell_plan(evidence: Evidence) -> Mapping[str, Any]:
    """A plan given from outside: the rows of sheet plans, where it has one of this name, else the
    ones told, which keep_plan holds against the commitments unless they are improved on."""
    plan = evidence.answer.plan
    if plan is None:
        return {"plan": None}
    name = str(plan["name"])
    rows = [
        {
            "project": row.text("project"),
            "year": int(row.number_of("year")),
            "units": int(row.number_of("units")),
            "size": scales_of(evidence).units(row.optional("size")),
        }
        for row in evidence.case.tables.rows.get("plans", ())
        if row.text("plan").casefold() == name.casefold()
    ]
    given = Rows(("project", "year"), rows or plan["commitments"])
    told = {"name": name, "improve": Told(TRUTH), "commitments": given}
    return {"plan": told | _purchases(evidence, plan)}


def _purchases(evidence: Evidence, plan: Mapping[str, Any]) -> dict[str, Any]:
    """What of the plan's purchases stays, as the allied flows buy it (see keep_purchases)."""
    bought = {
        (stock.stockpile, stock.origin, stock.year): stock.bought
        for stock in evidence.allied.flows.stocks
    }
    keys = ("stockpile", "origin", "year")
    rows = [
        {
            **dict(zip(keys, key, strict=True)),
            "bought": scales_of(evidence).units(bought.get(key, 0.0)),
        }
        for line in plan.get("purchases") or ()
        for key in [tuple(line[name] for name in keys)]
    ]
    return {"stock": Told(TEXT, STOCK), "purchases": Rows(keys, rows)}


def tell_money(evidence: Evidence) -> Mapping[str, Any]:
    """Each programme in each year, as in money.csv; after last_year where money is due or back."""
    scales, amounts = scales_of(evidence), amounts_by_year(evidence)
    rows: list[dict[str, Any]] = []
    spare: list[dict[str, Any]] = []
    for programme in evidence.case.programmes:
        late = {t for k, t in amounts if k == programme and t not in evidence.case.years}
        for year in (*evidence.case.years, *sorted(late)):
            own = amounts.get((programme, year), NOTHING)
            limit, left = limit_and_left(evidence, amounts, programme, year)
            amount, free = amount_and_left(evidence, amounts, programme, year)
            row = {
                "programme": programme,
                "year": year,
                "committed_musd": scales.musd(own.committed),
                "due_musd": scales.musd(own.due),
                "repaid_musd": scales.musd(own.repaid),
                "limit_musd": scales.musd(limit),
                "left_musd": _left(scales, limit, left),
                "amount_musd": scales.musd(amount),
                "amount_left_musd": _left(scales, amount, free),
            }
            (rows if year in evidence.case.years or any(own) else spare).append(row)
    return {"money": Rows(("programme", "year"), rows, spare)}


def _left(scales: Scales, limit: float | None, left: float | None) -> Near | None:
    """What is left of a limit; a difference of amounts as large as the limit, and nothing where it
    is their rounding."""
    whole = limit or 0.0
    return None if left is None else Near(left, max(scales.money, WIDEST * whole), REST * whole)
