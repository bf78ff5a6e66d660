"""What run.json should say in its findings: sums, differences, firsts and largest of the rest.

Which year or which stage is the largest is taken from the run's own shares, held elsewhere: several
may be as large but for rounding.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from opt.audit.case import (
    ALLIED,
    GRADES,
    WORLD,
    activity_unit,
    chain_of,
    grade_of,
    name_of,
    plant_name,
    unit_of,
)
from opt.audit.chain import stage_rows
from opt.audit.check import WIDEST, KeyedRows, Near, Scales, scales_of
from opt.audit.demand import dependence, dependence_by_year, element_row
from opt.audit.evidence import Evidence, Sums
from opt.audit.metrics import public_capex_musd
from opt.audit.money import NOTHING, REST, amount_and_left, amounts_by_year, limit_and_left
from opt.audit.options import WITH_MERCHANTS
from opt.audit.projects import project_rows
from opt.audit.rule import told
from opt.audit.touch import touch_row
from opt.audit.weighing import together
from opt.record.money import Use

CLEAR_BELOW = 0.0005  # an exposed share below it shows as clear
WEAK = ("C", "D", "none")
FULL = 1e-3  # of a limit: with less left a year is full
MOVES_ABOVE = 1e-6  # units: a smaller movement is the solver's noise
SHOWS = 2e-6  # a share that shows
LONGEST = 1e-6  # of the longest cover: as long
COVERED = "covered"


@told
def tell_findings(evidence: Evidence) -> Mapping[str, Any]:
    """target_year: the last counted; worst_year: the first counted of the largest dependence;
    neither where no allied demand falls in the counted years; fall = baseline's dependence - the
    plan's, additional_fall = the same of the baseline with merchants (setting baseline frozen: of
    the option so named); would_come = sum of payments for capex x merchant_chance of its project;
    capital_public = payments for capex, public_share = it / capex; weak_share = capex of grades C,
    D and none / capex; confidence by grade of the projects' rows; decisions = capex and public by
    year; a stage touches from a share of 0.0005 on, and is clear_from the first year of those
    without; a programme is full in a year that leaves at most 0.001 of its limit; relying = sum of
    exposed + short over allied deliveries by year, where all are of commodities of one unit;
    placeholders are projects that column placeholder says yes of."""
    findings = {
        **_years(evidence),
        "relying": _relying(evidence),
        **_placeholders(evidence),
        **_money(evidence),
        **_projects(evidence),
        **_stages(evidence),
        "programmes": _programmes(evidence),
        **_by_subject(evidence),
    }
    return {"findings": findings}


def counted_years(evidence: Evidence) -> list[int]:
    """The years that count in dependence."""
    return [year for year in evidence.case.years if evidence.case.is_counted(year)]


def target_year(evidence: Evidence) -> int:
    """The last counted year, or the last of all."""
    return max(counted_years(evidence), default=evidence.case.tables.last_year)


def _years(evidence: Evidence) -> dict[str, Any]:
    counted = counted_years(evidence)
    by_year = evidence.answer.metrics["by_year"]
    asked = counted if any(by_year[str(t)]["demand"] > 0 for t in counted) else []
    worst = max(asked, key=lambda t: by_year[str(t)]["dependence"], default=None)
    fall = dependence(evidence, evidence.baseline) - dependence(evidence, evidence.allied)
    return {
        "target_year": max(asked, default=None),
        "worst_year": worst,
        "fall": scales_of(evidence).share(fall),
        "additional_fall": _additional_fall(evidence, fall),
        **_unserved(evidence, counted),
    }


def _relying(evidence: Evidence) -> KeyedRows:
    """What of allied demand is exposed or short by year, unweighted; no row where units differ."""
    case, scales = evidence.case, scales_of(evidence)
    units = {unit_of(case, key[1]) for key in case.demands if case.is_allied(key[0])}

    def amount(sums: Sums, year: int) -> float:
        return sum(
            given.exposed + given.short
            for given in sums.flows.deliveries
            if given.year == year and case.is_allied(given.region)
        )

    rows = [
        {
            "year": year,
            "amount": scales.units(amount(evidence.allied, year)),
            "baseline_amount": scales.units(amount(evidence.baseline, year)),
        }
        for year in (case.years if len(units) == 1 else ())
    ]
    return KeyedRows(("year",), rows)


def _placeholders(evidence: Evidence) -> dict[str, Any]:
    """How many of the projects committed nobody has announced, and their capital."""
    projects = evidence.case.projects
    made = [
        entry
        for entry in evidence.answer.commitments
        if projects[entry.project].row.text("placeholder").casefold() == "yes"
    ]
    musd = scales_of(evidence).musd(sum(entry.capex_musd for entry in made))
    return {"placeholder_count": len({e.project for e in made}), "placeholder_musd": musd}


def _additional_fall(evidence: Evidence, fall: float) -> Near | None:
    """What the plan takes off dependence beyond what comes without it; None where that was not
    worked out."""
    case, scales = evidence.case, scales_of(evidence)
    comes = any(p.row.optional("merchant_chance") for p in case.projects.values())
    if case.setting_text("baseline") != "frozen" or not comes:
        return scales.share(fall)
    told = {row["name"]: row["dependence"] for row in evidence.answer.record["options"]}
    if WITH_MERCHANTS not in told:
        return None
    return scales.share(told[WITH_MERCHANTS] - dependence(evidence, evidence.allied))


def _would_come(evidence: Evidence) -> float:
    """Public money for capital that bought what would have come without it, USD million."""
    return sum(
        line.paid_musd * (evidence.case.projects[line.thing].row.optional("merchant_chance") or 0.0)
        for line in evidence.answer.paid_for(Use.CAPITAL)
    )


def _unserved(evidence: Evidence, counted: Sequence[int]) -> dict[str, Any]:
    """Short over demand, of all years and of the counted ones, and the first year of the largest
    shortfall where a share shows."""
    scales, by_year = scales_of(evidence), dependence_by_year(evidence, evidence.allied)
    whole, own = (together(by_year[t] for t in years).shortfall() for years in (by_year, counted))
    told = evidence.answer.metrics["by_year"]
    worst = max(by_year, key=lambda t: told[str(t)]["shortfall"])
    return {
        "short_share": scales.share(whole),
        "counted_short_share": scales.share(own),
        "worst_short_year": worst if whole > SHOWS else None,
    }


def _money(evidence: Evidence) -> dict[str, Any]:
    scales, public = scales_of(evidence), public_capex_musd(evidence)
    capex = sum(made.capex_musd for made in evidence.answer.commitments)
    graded: dict[str, float] = defaultdict(float)
    for made in evidence.answer.commitments:
        graded[grade_of(evidence.case.projects[made.project].row)] += made.capex_musd
    whole = capex or 1.0
    return {
        "capital_public_musd": scales.musd(public),
        "floor_musd": scales.musd(_floor(evidence)),
        "would_come_musd": scales.musd(_would_come(evidence)),
        "public_share": scales.share(public / whole),
        "weak_share": scales.share(sum(graded.get(grade, 0.0) for grade in WEAK) / whole),
        "confidence_musd": {g: scales.musd(graded[g]) for g in GRADES if g in graded},
        "confidence_share": {g: scales.share(graded[g] / whole) for g in GRADES if g in graded},
    }


def _floor(evidence: Evidence) -> float:
    """The least public money that the workbook asks for: sum of public_share x capex."""
    general = evidence.case.setting("public_share", 0.0)
    floor = 0.0
    for made in evidence.answer.commitments:
        own = evidence.case.projects[made.project].row.optional("public_share")
        floor += (general if own is None else own) * made.capex_musd
    return floor


def _projects(evidence: Evidence) -> dict[str, Any]:
    scales, rows = scales_of(evidence), project_rows(evidence)
    capex = [row["capex_musd"].value for row in rows]
    starts = [row["first_operation"] for row in rows]
    by_year: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in rows:
        by_year[row["year"]][0] += row["capex_musd"].value
        by_year[row["year"]][1] += row["public_musd"].value
    decisions = [
        {"year": year, "capex_musd": scales.musd(capital), "public_musd": scales.musd(public)}
        for year, (capital, public) in by_year.items()
    ]
    return {
        "project_count": len({row["project"] for row in rows}),
        "forced_count": len({row["project"] for row in rows if _forced(evidence, row)}),
        "largest_share": scales.share(max(capex, default=0.0) / (sum(capex) or 1.0)),
        "first_output": min(starts, default=None),
        "last_output": max(starts, default=None),
        "decisions": KeyedRows(("year",), decisions),
    }


def _forced(evidence: Evidence, row: Mapping[str, Any]) -> bool:
    decision = evidence.case.projects[row["project"]].row.text("decision")
    return decision.casefold().startswith("force")


def _stages(evidence: Evidence) -> dict[str, Any]:
    target, names = target_year(evidence), ("exposed_share", "baseline_exposed_share")
    rows = stage_rows(evidence)
    at_target = [row for row in rows if row["year"] == target]
    shares = [(row[names[0]].value, row[names[1]].value) for row in at_target]
    found = [
        {name: row[name] for name in ("stage", "year", *names)}
        | {"clear_from": _clear_from(rows, row["stage"], target)}
        for row in at_target
    ]
    return {
        "stages": KeyedRows(("stage",), found),
        "stages_touching": sum(now >= CLEAR_BELOW for now, _ in shares),
        "stages_less_exposed": sum(before - now >= CLEAR_BELOW for now, before in shares),
    }


def _clear_from(rows: Sequence[Mapping[str, Any]], stage: str, target: int) -> int | None:
    """The first of the years up to the target's from which the stage stays clear."""
    found = None
    years = {row["year"]: row["exposed_share"].value for row in rows if row["stage"] == stage}
    for year in sorted((t for t in years if t <= target), reverse=True):
        if years[year] >= CLEAR_BELOW:
            break
        found = year
    return found


def _programmes(evidence: Evidence) -> KeyedRows:
    scales, answer = scales_of(evidence), evidence.answer
    kinds = {f"{use}_musd": answer.paid_for(use) for use in Use}
    rows = []
    for programme in evidence.case.programmes:
        sums = {
            name: sum(line.paid_musd for line in lines if line.programme == programme)
            for name, lines in kinds.items()
        }
        rows.append(
            {
                "programme": programme,
                **{name: scales.musd(musd) for name, musd in sums.items()},
                "paid_musd": scales.musd(sum(sums.values())),
                "full_years": _full_years(evidence, programme),
                **_amount(evidence, scales, programme, sum(sums.values())),
            }
        )
    return KeyedRows(("programme",), rows)


def _amount(evidence: Evidence, scales: Scales, programme: str, paid: float) -> dict[str, Any]:
    """The amount, the least that is left of it at the end of any year, and whether it is spent."""
    amounts = amounts_by_year(evidence)
    pairs = [amount_and_left(evidence, amounts, programme, t) for t in evidence.case.years]
    amount = pairs[0][0] or 0.0
    left = min(left or 0.0 for _, left in pairs)
    return {
        "amount_musd": scales.musd(amount),
        "left_musd": Near(left, max(scales.money, WIDEST * amount), REST * amount),
        "is_spent": paid > SHOWS and left <= FULL * amount,
    }


def _full_years(evidence: Evidence, programme: str) -> list[int]:
    amounts = amounts_by_year(evidence)
    full = []
    for year in evidence.case.years:
        limit, left = limit_and_left(evidence, amounts, programme, year)
        due = amounts.get((programme, year), NOTHING).due
        if limit and left is not None and due > 0 and left <= FULL * limit:
            full.append(year)
    return full


def _by_subject(evidence: Evidence) -> dict[str, Any]:
    scales, target = scales_of(evidence), target_year(evidence)
    answer = evidence.answer
    margins = _margins(evidence, scales)
    shown = [
        row
        for row in answer.touch
        if row.year == target and max(row.share, row.baseline_share) > SHOWS
    ]
    rank = chain_of(evidence.case)
    shown.sort(key=lambda row: (rank.get(row.stage, len(rank)), row.stage))
    return {
        "stockpiles": KeyedRows(("stockpile",), _stockpiles(evidence, scales)),
        "margins": KeyedRows(("plant", "process"), margins),
        "paid_plants": len({row["plant"] for row in margins if row["running_years"]}),
        "idle_plants": len({row["plant"] for row in margins if row["idle_years"]}),
        "touch": KeyedRows(("stage",), [touch_row(scales, row) for row in shown]),
        "first_touch": _first_touch(scales, shown, target),
        **_elements(evidence, scales, target),
        "concentration": KeyedRows(("stage",), _concentration(evidence, scales)),
    }


def _stockpiles(evidence: Evidence, scales: Scales) -> list[dict[str, Any]]:
    rows = []
    for name, row in evidence.case.stockpiles.items():
        years = sorted(
            (line for line in evidence.answer.stockpiles if line.stockpile == name),
            key=lambda line: line.year,
        )
        if years:
            rows.append(_stockpile(evidence, scales, name, row.text("commodity"), years))
    return rows


def _stockpile(
    evidence: Evidence, scales: Scales, name: str, commodity: str, years: Sequence[Any]
) -> dict[str, Any]:
    case, region = evidence.case, evidence.case.stockpiles[name].text("region")
    payments = [e for e in evidence.answer.paid_for(Use.STOCK) if e.thing == name]
    moved = ("bought_clear", "bought_exposed", "released_clear", "released_exposed")
    covered = [(line.cover_days, line.year) for line in years if line.cover_days is not None]
    longest = max((days for days, _ in covered), default=0.0)
    first = next((e for e in covered if e[0] >= longest * (1 - LONGEST)), (None, None))
    return {
        "stockpile": name,
        "region_name": name_of(case, "regions", "region", region),
        "commodity_name": name_of(case, "commodities", "commodity", commodity),
        "unit": unit_of(case, commodity),
        **{key: scales.units(sum(getattr(line, key) for line in years)) for key in moved},
        "end_clear": scales.units(years[-1].clear),
        "end_exposed": scales.units(years[-1].exposed),
        "buying_years": _moving(years, "bought_clear", "bought_exposed"),
        "release_years": _moving(years, "released_clear", "released_exposed"),
        "paid_musd": scales.musd(sum(line.paid_musd for line in years)),
        "paid_by": _paid_by(scales, payments),
        "most_days": scales.share(first[0]),
        "most_days_year": first[1],
        "end_days": scales.share(years[-1].cover_days),
    }


def _moving(years: Iterable[Any], *columns: str) -> list[int]:
    return [e.year for e in years if sum(getattr(e, c) for c in columns) > MOVES_ABOVE]


def _paid_by(scales: Scales, payments: Iterable[Any]) -> dict[str, Any]:
    paid: dict[str, float] = defaultdict(float)
    for line in payments:
        paid[line.programme] += line.paid_musd
    return {name: scales.musd(musd) for name, musd in paid.items() if musd > 0}


def _margins(evidence: Evidence, scales: Scales) -> list[dict[str, Any]]:
    found: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in sorted(evidence.answer.margins, key=lambda row: row.year):
        found[row.plant, row.process].append(row)
    return [_margin(evidence, scales, *key, rows) for key, rows in found.items()]


def _margin(
    evidence: Evidence, scales: Scales, plant: str, process: str, rows: Sequence[Any]
) -> dict[str, Any]:
    case = evidence.case
    payments = [
        line
        for line in evidence.answer.paid_for(Use.SUPPORT)
        if (line.thing, line.process) == (plant, process)
    ]
    paid = {line.year for line in payments if line.paid_musd > 0}
    running = [row for row in rows if row.year in paid and row.activity > MOVES_ABOVE]
    return {
        "plant": plant,
        "name": plant_name(case, plant),
        "process": process,
        "process_name": name_of(case, "processes", "process", process),
        "unit": activity_unit(case, process),
        "least_gap": scales.usd(min(row.gap for row in rows)),
        "largest_gap": scales.usd(max(row.gap for row in rows)),
        "running_years": [row.year for row in running],
        "idle_years": [row.year for row in rows if _still(evidence, plant, row.year)],
        "activity": scales.units(sum(row.activity for row in running)),
        "paid_musd": scales.musd(sum(line.paid_musd for line in payments)),
        "paid_by": _paid_by(scales, payments),
    }


def _still(evidence: Evidence, plant: str, year: int) -> bool:
    """Whether a plant has capacity in a year and runs nothing at all, for allies or for others."""
    runs = (
        line
        for name in (ALLIED, WORLD)
        for line in evidence.sums[name].flows.activities
        if (line.plant, line.year) == (plant, year) and line.activity > MOVES_ABOVE
    )
    own = evidence.case.plant(plant)
    return evidence.capacity(WORLD, own, year) > MOVES_ABOVE and not any(True for _ in runs)


def _first_touch(scales: Scales, shown: Sequence[Any], target: int) -> dict[str, Any] | None:
    """The stages of the largest share, with the plan and without new money."""
    now = max(shown, key=lambda row: row.share, default=None)
    before = max(shown, key=lambda row: row.baseline_share, default=None)
    now = now if now and now.share > SHOWS else None
    before = before if before and (before.baseline_share or 0.0) > SHOWS else None
    if now is None and before is None:
        return None
    return {
        "year": target,
        "stage": now.stage if now else None,
        "share": scales.share(now.share if now else 0.0),
        "baseline_stage": before.stage if before else None,
        "baseline_share": scales.share((before.baseline_share or 0.0) if before else 0.0),
    }


def _elements(evidence: Evidence, scales: Scales, target: int) -> dict[str, Any]:
    wanted = set(counted_years(evidence)) or set(evidence.case.years)
    rows = [row for row in evidence.answer.elements if row.year in wanted]
    found = []
    for row in rows:
        if row.year != target:
            continue
        own = [other for other in rows if other.element == row.element]
        worst = max(own, key=lambda other: other.dependence)
        found.append(
            {
                "element": row.element,
                "year": target,
                "dependence": scales.share(row.dependence),
                "baseline_dependence": scales.share(row.baseline_dependence),
                "worst_year": worst.year,
                "worst_dependence": scales.share(worst.dependence),
            }
        )
    most = max(rows, key=lambda row: row.dependence, default=None)
    return {
        "elements": KeyedRows(("element",), found),
        "worst_element": None if most is None else element_row(scales, most),
    }


def _concentration(evidence: Evidence, scales: Scales) -> list[dict[str, Any]]:
    first, last = evidence.case.tables.first_year, evidence.case.tables.last_year
    by_stage: dict[str, dict[int, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in evidence.answer.world:
        by_stage[row.stage][row.year].append(row)
    rows = []
    for stage, years in by_stage.items():
        at_first, at_last = years.get(first, []), years.get(last, [])
        rows.append(
            {
                "stage": stage,
                "first_year": first,
                "last_year": last,
                "first_hhi": scales.share(at_first[0].hhi if at_first else None),
                "last_hhi": scales.share(at_last[0].hhi if at_last else None),
                "first_covered": scales.share(_covered(at_first)),
                "last_covered": scales.share(_covered(at_last)),
            }
        )
    return rows


def _covered(rows: Sequence[Any]) -> float | None:
    return sum(row.share for row in rows if row.bloc == COVERED) if rows else None
