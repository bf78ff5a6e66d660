"""What run.json should say of stages, stock, support, targets, first touch, elements and the world.

What a table holds too is the table's, which the rules of the tables recompute.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from opt.audit.case import Case
from opt.audit.evidence import Evidence, Sums
from opt.audit.names import unit_of
from opt.audit.record import Rows, Scales, Told, scales_of
from opt.audit.targets import OUTPUT, split_scope
from opt.record.flows import CLEAR
from opt.record.money import Payment
from opt.record.shape import TEXT

TakenIn = Mapping[tuple[str, int], tuple[float, float]]


def tell_stages(evidence: Evidence) -> Mapping[str, Any]:
    """By stage and year: inputs of allied plants and what allied users are served, clear and
    exposed, of the stage's commodities; exposed_share = exposed / (clear + exposed), of the allied
    flows and of the baseline's."""
    return {"stages": Rows(("stage", "year"), stage_rows(evidence))}


def stage_rows(evidence: Evidence) -> list[dict[str, Any]]:
    """The rows of stages, in run.json and in stages.csv."""
    scales, now = scales_of(evidence), taken_in(evidence.case, evidence.allied)
    before = taken_in(evidence.case, evidence.baseline)
    rows = []
    for stage, year in sorted(now.keys() | before.keys()):
        clear, exposed = now.get((stage, year), (0.0, 0.0))
        rows.append(
            {
                "stage": stage,
                "year": year,
                "clear": scales.units(clear),
                "exposed": scales.units(exposed),
                "exposed_share": scales.share(_part(clear, exposed)),
                "baseline_exposed_share": scales.share(
                    _part(*before.get((stage, year), (0.0, 0.0)))
                ),
            }
        )
    return rows


def _part(clear: float, exposed: float) -> float:
    return exposed / (clear + exposed) if clear + exposed > 0 else 0.0


def taken_in(case: Case, sums: Sums) -> TakenIn:
    """Clear and exposed material taken in by allied plants and users, by stage and year, units."""
    taken: dict[tuple[str, int], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for book in (sums.used, sums.served):
        for (region, commodity, origin, year), amount in book.items():
            if case.is_allied(region):
                stage = case.commodities[commodity].text("stage")
                taken[stage, year][0 if origin == CLEAR else 1] += amount
    return {key: (clear, exposed) for key, (clear, exposed) in taken.items()}


def tell_policy(evidence: Evidence) -> Mapping[str, Any]:
    """The rows of the tables of the same names; margins by plant and process, targets with their
    unit, the world by stage and year: output and hhi, and the shares of blocs, sums of regions'."""
    scales, answer = scales_of(evidence), evidence.answer
    return {
        "stockpiles": Rows(
            ("stockpile", "year"), [_stockpile(scales, e) for e in answer.stockpiles]
        ),
        "payments": Rows(
            ("use", "thing", "process", "year", "programme"),
            [_payment(scales, e) for e in answer.payments],
        ),
        "margins": _margins(evidence, scales),
        "targets": Rows(("target",), [_target(evidence.case, scales, e) for e in answer.targets]),
        "touch": Rows(("stage", "year"), [touch_row(scales, e) for e in answer.touch]),
        "elements": Rows(("element", "year"), [element_row(scales, e) for e in answer.elements]),
        "world": _world(evidence, scales),
    }


def _stockpile(scales: Scales, row: Any) -> dict[str, Any]:
    amounts = ("clear", "exposed", "bought_clear", "bought_exposed", "released_clear")
    return {
        "stockpile": row.stockpile,
        "year": row.year,
        **{name: scales.units(getattr(row, name)) for name in (*amounts, "released_exposed")},
        "price": scales.usd(row.price),
        "paid_musd": scales.musd(row.paid_musd),
        "cover_days": scales.share(row.cover_days),
    }


def _payment(scales: Scales, row: Payment) -> dict[str, Any]:
    activity, paid = scales.units(row.activity), scales.musd(row.paid_musd)
    return asdict(row) | {"use": str(row.use), "activity": activity, "paid_musd": paid}


def _margins(evidence: Evidence, scales: Scales) -> Rows:
    by_process: dict[tuple[str, str], dict[str, Any]] = defaultdict(dict)
    for row in evidence.answer.margins:
        by_process[row.plant, row.process][str(row.year)] = {
            "gap": scales.usd(row.gap),
            "activity": scales.units(row.activity),
            "baseline_activity": scales.units(row.baseline_activity),
        }
    rows = [{"plant": f, "process": p, "by_year": years} for (f, p), years in by_process.items()]
    return Rows(("plant", "process"), rows)


def _target(case: Case, scales: Scales, row: Any) -> dict[str, Any]:
    unit = "share"
    if row.metric == OUTPUT:
        name = split_scope(row.scope)[0].casefold()
        unit = next((unit_of(case, c) for c in case.commodities if c.casefold() == name), "units")
    numbers = ("bound", "value", "slack", "baseline_value")
    own = {name: scales.share(getattr(row, name)) for name in numbers}
    return {**asdict(row), **own, "words": Told(TEXT), "unit": unit}


def touch_row(scales: Scales, row: Any) -> dict[str, Any]:
    """A row of touch.csv."""
    shares = ("share", "baseline_share")
    return asdict(row) | {name: scales.share(getattr(row, name)) for name in shares}


def element_row(scales: Scales, row: Any) -> dict[str, Any]:
    """A row of elements.csv."""
    amounts = {name: scales.units(getattr(row, name)) for name in ("demand", "exposed", "short")}
    shares = ("dependence", "baseline_dependence")
    return asdict(row) | amounts | {name: scales.share(getattr(row, name)) for name in shares}


def _world(evidence: Evidence, scales: Scales) -> dict[str, Any]:
    found: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in evidence.answer.world:
        found[row.stage][str(row.year)].append(row)
    return {
        stage: {year: _stage_year(scales, rows) for year, rows in years.items()}
        for stage, years in found.items()
    }


def _stage_year(scales: Scales, rows: list[Any]) -> dict[str, Any]:
    shares: dict[str, float] = defaultdict(float)
    for row in rows:
        shares[row.bloc] += row.share
    return {
        "output": scales.units(sum(row.output for row in rows)),
        "hhi": scales.share(rows[0].hhi),
        "shares": {bloc: scales.share(share) for bloc, share in shares.items()},
    }
