"""Every number of run.json's metrics, recomputed from workbook, commitments and flows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from opt.audit.answer import BASELINE, WORLD
from opt.audit.check import PASS_SLACK, Check, at_most, equal, holds, within
from opt.audit.evidence import Evidence, Sums
from opt.audit.mixing import pooled_shares
from opt.audit.worth import (
    Dependence,
    capex_musd,
    dependence,
    dependence_by_year,
    discounted_parts,
    public_capex_musd,
    public_musd,
    shortfall,
)
from opt.record.money import Use

# Settings on which the audit's own arithmetic rests.
SETTINGS_USED = (
    "first_year",
    "last_year",
    "discount_rate",
    "dependence_from",
    "dependence_to",
    "public_share",
    "dependence_target",
)


def same_workbook(evidence: Evidence) -> Iterator[Check]:
    """The input copy is the workbook that was solved: equal sha256."""
    yield holds(("sha256",), evidence.answer.sha256 == evidence.case.tables.sha256)


def same_settings(evidence: Evidence) -> Iterator[Check]:
    """run.json's effective settings are the workbook's with the recorded overrides.

    Checked of the settings on which results rest; a blank year stands for first or last year.
    """
    tables = evidence.case.tables
    blanks = {"dependence_from": tables.first_year, "dependence_to": tables.last_year}
    for key in SETTINGS_USED:
        own = tables.settings.get(key)
        allowed = (own, blanks.get(key)) if own is None else (own,)
        yield holds((key,), evidence.answer.settings.get(key) in allowed)


def same_projects(evidence: Evidence) -> Iterator[Check]:
    """run.json's projects are the rows of commitments.csv, paid_by those of payments.csv."""
    floor = evidence.case.money_floor
    listed = {(line["project"], line["year"]): line for line in evidence.answer.projects}
    written = {(made.project, made.year): made for made in evidence.answer.commitments}
    for key in sorted(listed.keys() | written.keys()):
        line, made = listed.get(key), written.get(key)
        yield holds(key, line is not None and made is not None)
        if line is None or made is None:
            continue
        yield Check((*key, "units"), abs(line["units"] - made.units), 1.0)
        yield equal((*key, "size"), line["size"] or 0.0, made.size or 0.0, evidence.case.mass_floor)
        yield equal((*key, "capex_musd"), line["capex_musd"], made.capex_musd, floor)
        paid = {
            p.programme: p.paid_musd
            for p in evidence.answer.paid_for(Use.CAPITAL)
            if (p.thing, p.year) == key
        }
        for name in sorted(paid.keys() | line["paid_by"].keys()):
            left, right = line["paid_by"].get(name, 0.0), paid.get(name, 0.0)
            yield equal((*key, name), left, right, floor)


def define_dependence(evidence: Evidence) -> Iterator[Check]:
    """dependence = sum of weight x (exposed + short) / sum of weight x demand.

    Over allied demands and the years dependence_from..dependence_to; 0 without demand. A share.
    """
    right = dependence(evidence, evidence.allied)
    yield equal(("dependence",), evidence.answer.metrics["dependence"], right, 1.0)


def define_shortfall(evidence: Evidence) -> Iterator[Check]:
    """shortfall = sum over all years of weight x short, over the denominator of dependence."""
    right = shortfall(evidence, evidence.allied)
    yield equal(("shortfall",), evidence.answer.metrics["shortfall"], right, 1.0)


def define_by_year(evidence: Evidence) -> Iterator[Check]:
    """by_year: weighted demand, exposed and short of allies; dependence = (exposed + short) /
    demand, shortfall = short / demand, of each year of the plan; counted marks the optimised."""
    yield from _by_year(evidence, evidence.answer.metrics["by_year"], evidence.allied, ())


def define_baseline(evidence: Evidence) -> Iterator[Check]:
    """The baseline's dependence, shortfall and by_year, of the flows without projects."""
    given, sums = evidence.answer.metrics[BASELINE], evidence.sums[BASELINE]
    right = dependence(evidence, sums)
    yield equal((BASELINE, "dependence"), given["dependence"], right, 1.0)
    right = shortfall(evidence, sums)
    yield equal((BASELINE, "shortfall"), given["shortfall"], right, 1.0)
    yield from _by_year(evidence, given["by_year"], sums, (BASELINE,))


def define_pooled(evidence: Evidence) -> Iterator[Check]:
    """pooled_dependence = sum of weight x (served x (1 - clear share of the mix at the demand) +
    short) / sum of weight x demand; pooled_by_year likewise of each year of the plan.

    Of the world's flows, over allied demands and the years dependence_from..dependence_to; the
    shares as in mixing.py. The baseline's pooled dependence is not checked: the tables hold its
    allied flows, and it rests on its world's. Nor is a year in which the shares do not settle.
    A share.
    """
    metrics = evidence.answer.metrics
    total, by_year = pooled_shares(evidence, evidence.sums[WORLD])
    if total is not None:
        yield equal(("pooled_dependence",), metrics["pooled_dependence"], total, 1.0)
    given = metrics["pooled_by_year"]
    yield holds(("years",), given.keys() == {str(year) for year in by_year})
    for year, right in by_year.items():
        if right is not None:
            yield equal((year,), given.get(str(year), 0.0), right, 1.0)


def define_money(evidence: Evidence) -> Iterator[Check]:
    """capex = sum of effective capex; public = sum of payments for capex, stock and support;
    private = capex - payments for capex.

    Undiscounted, USD million.
    """
    metrics, floor = evidence.answer.metrics, evidence.case.money_floor
    capex, public = capex_musd(evidence), public_musd(evidence)
    private = capex - public_capex_musd(evidence)
    for name, right in (("capex", capex), ("public", public), ("private", private)):
        yield equal((name,), metrics[f"{name}_musd"], right, max(floor, capex))


def define_cost_parts(evidence: Evidence) -> Iterator[Check]:
    """cost_parts[part] = sum over years of its cost x (1 + discount_rate)^-(t - first_year).

    Of the allied flows; residual negative. USD million; scale: the largest part.
    """
    parts = discounted_parts(evidence)
    given = evidence.answer.metrics["cost_parts"]
    scale = max(evidence.case.money_floor, *(abs(part) for part in parts.values()))
    for name, right in parts.items():
        yield equal((name,), given.get(name, 0.0), right, scale)


def define_cost(evidence: Evidence) -> Iterator[Check]:
    """cost = capex + opex + fixed_opex + freight + surplus + residual + carrying + support,
    discounted, USD million."""
    parts = discounted_parts(evidence)
    scale = max(evidence.case.money_floor, *(abs(part) for part in parts.values()))
    yield equal(("cost",), evidence.answer.metrics["cost_musd"], sum(parts.values()), scale)


def limit_dependence(evidence: Evidence) -> Iterator[Check]:
    """dependence <= dependence_target, where the setting is given (slack 2e-6)."""
    target = evidence.case.tables.settings.get("dependence_target")
    if target is not None:
        most = float(target) + PASS_SLACK  # type: ignore[arg-type]
        yield at_most(("dependence",), dependence(evidence, evidence.allied), most, 1.0)


def _by_year(
    evidence: Evidence, given: Mapping[str, Any], sums: Sums, place: tuple[str, ...]
) -> Iterator[Check]:
    for year, right in dependence_by_year(evidence, sums).items():
        line = given.get(str(year))
        yield holds((*place, year), line is not None)
        if line is not None:
            yield from check_year(evidence, line, right, year, place)


def check_year(
    evidence: Evidence,
    line: Mapping[str, Any],
    right: Dependence,
    year: int,
    place: tuple[str, ...],
) -> Iterator[Check]:
    """One year's line against what is recomputed; amounts scale with the year's demand."""
    scale = max(evidence.case.mass_floor, right.demand)
    for column in ("demand", "exposed", "short"):
        yield equal((*place, year, column), line[column], getattr(right, column), scale)
    yield within((*place, year, "dependence"), line["dependence"], right.dependence(), 0.0)
    yield within((*place, year, "shortfall"), line["shortfall"], right.shortfall(), 0.0)
    yield holds((*place, year, "counted"), line["counted"] == evidence.case.is_counted(year))
