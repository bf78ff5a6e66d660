"""What minerals count for, and shares in which they do: the mean of each mineral's own share,
weighed by what the mineral counts for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from opt.audit.case import AuditCase, DemandKey


@dataclass(frozen=True, slots=True)
class Dependence:
    """Weighted demand of allies and what of it is exposed or short, over some years."""

    demand: float = 0.0
    exposed: float = 0.0
    short: float = 0.0

    def dependence(self) -> float:
        """(exposed + short) / demand; 0 where nothing is demanded."""
        return ratio(self.exposed + self.short, self.demand)

    def shortfall(self, demand: float | None = None) -> float:
        """short / demand; 0 where nothing is demanded."""
        return ratio(self.short, self.demand if demand is None else demand)

    def plus(self, other: Dependence) -> Dependence:
        """Both together."""
        return Dependence(
            self.demand + other.demand, self.exposed + other.exposed, self.short + other.short
        )


def together(lines: Iterable[Dependence]) -> Dependence:
    """Amounts added up as they are."""
    found = Dependence()
    for line in lines:
        found = found.plus(line)
    return found


ByMineral = Mapping[str, Dependence]


def ratio(part: float, whole: float) -> float:
    """part / whole; 0 where the whole is 0."""
    return part / whole if whole else 0.0


def mineral_of(case: AuditCase, key: DemandKey) -> str:
    """The mineral of what a demand asks for."""
    return case.commodities[key[1]].text("mineral")


def weights(case: AuditCase) -> Mapping[str, float] | None:
    """What each mineral counts for; None where all demand is added up as it is: setting weights is
    tonnes, or minerals and the sheet is blank. Equal: 1 for each."""
    asked = case.setting_text("weights") or "minerals"
    rows = case.tables.rows.get("minerals", ())
    if asked == "equal":
        return {row.text("mineral"): 1.0 for row in case.commodities.values()}
    if asked == "tonnes" or not rows:
        return None
    return {row.text("mineral"): row.number_of("weight") for row in rows}


def joined(case: AuditCase, each: ByMineral, counted: ByMineral | None = None) -> Dependence:
    """Several minerals as one: demand = the sum over minerals that count; exposed = demand x sum of
    W x exposed / own demand / sum of W, short likewise. Own demand is that of `counted` where that
    is given. Without weights all is summed."""
    given = weights(case)
    if given is None:
        return together(each.values())
    wholes = {m: line.demand for m, line in (each if counted is None else counted).items()}
    count = {m: given[m] for m, whole in wholes.items() if whole > 0 and given[m] > 0}
    demand, heavy = sum(wholes[m] for m in count), sum(count.values())
    lines = {m: each.get(m, Dependence()) for m in count}
    exposed = sum(w * lines[m].exposed / wholes[m] for m, w in count.items())
    short = sum(w * lines[m].short / wholes[m] for m, w in count.items())
    return Dependence(demand, demand * ratio(exposed, heavy), demand * ratio(short, heavy))


def over(case: AuditCase, parts: Mapping[str, float], wholes: Mapping[str, float]) -> float:
    """Sum of parts over sum of wholes, by mineral: sum of W x part / whole / sum of W."""
    each = {m: Dependence(whole, parts.get(m, 0.0), 0.0) for m, whole in wholes.items()}
    return joined(case, each).dependence()
