"""Market prices: which row holds for a commodity at a place, and what shocks make of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from opt.audit.case import Case, interpolate
from opt.audit.shocks import effect
from opt.data.tables import Row, Tables

PriceKey = tuple[str, str, int]  # commodity, region, year


@dataclass(frozen=True, slots=True)
class Prices:
    """All rows of sheet prices by commodity and market, and a memo of what was looked up."""

    case: Case
    rows: Mapping[tuple[str, str], Row]
    memo: dict[PriceKey, float | None] = field(default_factory=dict)

    def find(self, commodity: str, region: str, year: int) -> float | None:
        """USD per unit: (interpolated x factors + shifts), at least 0; None without a row.

        The row of the region, else of its bloc, else of `*`. Price shocks match the commodity with
        its mineral and stage, and the region and bloc of the market place.
        """
        key = (commodity, region, year)
        if key not in self.memo:
            self.memo[key] = self._find(*key)
        return self.memo[key]

    def worth(self, commodity: str, region: str, year: int) -> float:
        """The price, or 0 where there is none. USD per unit."""
        return self.find(commodity, region, year) or 0.0

    def _find(self, commodity: str, region: str, year: int) -> float | None:
        for market in (region, f"bloc:{self.case.blocs[region]}", "*"):
            row = self.rows.get((commodity, market))
            if row is not None:
                traits = self.case.goods_traits(commodity, region)
                change = effect(self.case.shocks, "price", traits, year)
                return max(0.0, interpolate(row.years, year) * change.factor + change.shift)
        return None


def derive_prices(case: Case) -> Prices:
    """The prices of a workbook."""
    return Prices(case, _rows_by_market(case.tables))


def _rows_by_market(tables: Tables) -> Mapping[tuple[str, str], Row]:
    return {
        (row.text("commodity"), row.text("market")): row for row in tables.rows.get("prices", ())
    }
