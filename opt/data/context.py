"""What every row of one scenario is read against: settings, blocs, recipes, shocks, and the names
by which filters find things."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from opt.data.instance import Commodity, Process
from opt.data.shocks import Shock
from opt.data.tables import Row, Tables

Tags = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Context:
    """One scenario of checked tables. `ramps` and `spends` hold shares by year of operation and of
    spending; tags are what a filter can match, in lower case."""

    tables: Tables
    shocks: tuple[Shock, ...]
    blocs: Mapping[str, str]
    commodities: Mapping[str, Commodity]
    processes: Mapping[str, Process]
    ramps: Mapping[str, list[float]]
    spends: Mapping[str, list[float]]

    @property
    def years(self) -> range:
        """All years of the plan."""
        return self.tables.years

    def commodity_tags(self, commodity: str) -> dict[str, frozenset[str]]:
        """What filters can match of a commodity: itself, its mineral, its stage."""
        item = self.commodities[commodity]
        return {
            "commodity": casefolded([item.id]),
            "mineral": casefolded([item.mineral]),
            "stage": casefolded([item.stage]),
        }

    def tags(self, row: Row, kind: str) -> Tags:
        """What filters can match of a plant: stage is its processes', commodity and mineral their
        outputs'; any match takes the whole plant."""
        processes = [self.processes[p] for p in row.items("processes")]
        outputs = [self.commodities[c] for p in processes for c in p.outputs]
        return {
            kind: casefolded([row.text(kind)]),
            "region": casefolded([row.text("region")]),
            "bloc": casefolded([self.blocs[row.text("region")]]),
            "process": casefolded(p.id for p in processes),
            "stage": casefolded(p.stage for p in processes),
            "commodity": casefolded(c.id for c in outputs),
            "mineral": casefolded(c.mineral for c in outputs),
        }


def casefolded(values: Iterable[str]) -> frozenset[str]:
    """Names as filters compare them: lower case, blanks left out."""
    return frozenset(value.casefold() for value in values if value)


def setting(tables: Tables, key: str) -> float:
    """The value of a numeric setting that is required or has a default."""
    value = tables.settings[key]
    assert isinstance(value, int | float), (key, value)
    return float(value)


def curves(tables: Tables, sheet: str, key: str) -> dict[str, list[float]]:
    """The numbered years of each row of a sheet, in order."""
    return {row.text(key): [row.years[n] for n in sorted(row.years)] for row in tables.rows[sheet]}
