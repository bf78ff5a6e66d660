"""Dependence by measures without weights: in plain tonnes, and of elements in theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from opt.audit.check import Check, Scales, holds, within
from opt.audit.demand import dependence
from opt.audit.evidence import Evidence, Sums
from opt.audit.rule import of_plan
from opt.record.demand import CountedBy

# How the units of mass are written, case apart.
_SPELLINGS: tuple[tuple[float, str], ...] = (
    (1e-6, "g|gram|grams|gramme|grammes"),
    (1e-3, "kg|kgs|kilo|kilogram|kilograms|kilogramme|kilogrammes"),
    (0.45359237e-3, "lb|lbs|pound|pounds"),
    (1.0, "t|to|tm|ton|tons|tonne|tonnes|tonnen|mton"),
    (1.0, "metric ton|metric tons|metric tonne|metric tonnes"),
    (1e3, "kt|kton|ktonne|kilotonne|kilotonnes|kiloton|kilotons"),
    (1e6, "mt|megatonne|megatonnes|million tonnes|mio t"),
)


def tonnes_in(unit: str) -> float | None:
    """Tonnes in a unit; None where it is none of mass."""
    found = [size for size, words in _SPELLINGS if unit.casefold() in words.split("|")]
    return found[0] if found else None


class Tonnes(NamedTuple):
    """Tonnes of allied demand over the counted years, and those of it that are exposed or short;
    `is_mass` says whether every unit that they are in is one of mass."""

    asked: float
    rests: float
    is_mass: bool

    @property
    def share(self) -> float | None:
        """rests / asked; 0 where nothing is asked for, None where some unit is none of mass."""
        if not self.is_mass:
            return None
        return self.rests / self.asked if self.asked > 0 else 0.0


def plain_tonnes(evidence: Evidence, sums: Sums) -> Tonnes:
    """Of the tonnes of all commodities."""
    return _tonnes(evidence, sums, dict.fromkeys(evidence.case.commodities, 1.0))


def element_shares(evidence: Evidence, sums: Sums) -> dict[str, float]:
    """Of the tonnes of each chosen element: those of setting elements, by default all that allied
    demand holds; one that nothing asks for in the counted years, or that is held by what is in no
    unit of mass, is left out."""
    contents = evidence.case.contents
    spelling = {name.casefold(): name for held in contents.values() for name in held}
    asked = str(evidence.case.tables.settings.get("elements") or "").split(";")
    chosen = [spelling[name.strip().casefold()] for name in asked if name.strip()]
    found = {}
    for element in chosen or sorted(set(spelling.values())):
        tonnes = _tonnes(
            evidence, sums, {c: held.get(element, 0.0) for c, held in contents.items()}
        )
        if tonnes.share is not None and tonnes.asked > 0:
            found[element] = tonnes.share
    return found


def _tonnes(evidence: Evidence, sums: Sums, content: Mapping[str, float]) -> Tonnes:
    """Sums over allied demand and the counted years of amounts x tonnes in their unit x content."""
    case = evidence.case
    each: dict[str, float] = {}
    is_mass = True
    for _, good, _ in (key for key in case.demands if case.is_allied(key[0])):
        held = content.get(good, 0.0)
        unit = tonnes_in(case.commodities[good].text("unit"))
        is_mass = is_mass and (unit is not None or not held)
        each[good] = held * (unit or 0.0)
    asked = sum(
        amount * each[good]
        for ((region, good, _), year), amount in case.demand.items()
        if case.is_allied(region) and case.is_counted(year)
    )
    rests = sum(
        (given.exposed + given.short) * each[given.commodity]
        for given in sums.flows.deliveries
        if case.is_allied(given.region) and case.is_counted(given.year)
    )
    return Tonnes(asked, rests, is_mass)


def told_measures(evidence: Evidence, scales: Scales) -> dict[str, object]:
    """tonnes_dependence and element_dependence of run.json."""
    share = plain_tonnes(evidence, evidence.allied).share
    elements = element_shares(evidence, evidence.allied)
    return {
        "tonnes_dependence": None if share is None else scales.share(share),
        "element_dependence": {name: scales.share(own) for name, own in elements.items()},
    }


@of_plan
def define_measures_table(evidence: Evidence) -> Iterator[Check]:
    """measures.csv: dependence; the same in plain tonnes, sum of (exposed + short) x tonnes in a
    unit / sum of demand x tonnes in a unit; and of each chosen element, both x its content. Over
    allied demands and the counted years; beside it that of the baseline's flows.
    """
    now, before = (_shares(evidence, sums) for sums in (evidence.allied, evidence.baseline))
    rows = {(row.measure, row.element): row for row in evidence.answer.measures}
    yield holds(("rows",), list(rows) == list(now) and len(evidence.answer.measures) == len(rows))
    for key, right in now.items():
        row = rows.get(key)
        if row is not None:
            yield within((*key, "dependence"), row.dependence, right, 0.0)
            yield within((*key, "baseline_dependence"), row.baseline_dependence, before[key], 0.0)


def _shares(evidence: Evidence, sums: Sums) -> dict[tuple[CountedBy, str], float]:
    """The shares by measure and element, in the order of the table."""
    found = {(CountedBy.WEIGHTED, ""): dependence(evidence, sums)}
    plain = plain_tonnes(evidence, sums).share
    if plain is not None:
        found[CountedBy.TONNES, ""] = plain
    elements = element_shares(evidence, sums)
    return found | {(CountedBy.ELEMENT, name): share for name, share in elements.items()}
