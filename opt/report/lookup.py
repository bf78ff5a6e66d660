"""Names and meanings of the workbook's ids, for the reader. Read from the checked tables."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property

from opt.data.tables import Row, Tables
from opt.report import wording


class Lookup:
    """Finds rows by id and says what they are called; an unknown id stands for itself."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables

    def _index(self, sheet: str, key: str) -> dict[str, Row]:
        return {row.text(key): row for row in self.tables.rows.get(sheet, ())}

    @cached_property
    def projects(self) -> dict[str, Row]:
        """Rows of sheet projects by id."""
        return self._index("projects", "project")

    @cached_property
    def facilities(self) -> dict[str, Row]:
        """Rows of sheet facilities by id."""
        return self._index("facilities", "facility")

    @cached_property
    def stockpiles(self) -> dict[str, Row]:
        """Rows of sheet stockpiles by id."""
        return self._index("stockpiles", "stockpile")

    def column(self, sheet: str, column: str) -> tuple[str, ...]:
        """What stands in one text column of a sheet, blank cells left out."""
        rows = self.tables.rows.get(sheet, ())
        return tuple(text for row in rows if (text := _text(row, column)))

    @cached_property
    def _names(self) -> dict[str, dict[str, Row]]:
        keys = {
            "regions": "region",
            "commodities": "commodity",
            "processes": "process",
            "programmes": "programme",
            "scenarios": "scenario",
        }
        return {sheet: self._index(sheet, key) for sheet, key in keys.items()}

    def name(self, sheet: str, key: str) -> str:
        """The name of a region, commodity, process, programme or scenario, else its id."""
        row = self._names[sheet].get(key)
        return _text(row, "name") or key

    def plant(self, key: str) -> str:
        """The name of a project or facility, else its id."""
        row = self.projects.get(key) or self.facilities.get(key)
        return _text(row, "name") or key

    def paid(self, paid_by: Mapping[str, float]) -> str:
        """Programmes and what they pay, USD million: 'Grant fund 30; Loan office 20'."""
        paid = [
            f"{self.name('programmes', key)} {wording.short_money(value)}"
            for key, value in paid_by.items()
        ]
        return "; ".join(paid) or "none"

    def project(self, key: str, column: str) -> str:
        """One text column of a project; blank where it has none."""
        return _text(self.projects.get(key), column)

    def activity_unit(self, processes: Collection[str]) -> str:
        """The unit of the activity of processes: that of what one unit makes one unit of."""
        for row in self.tables.rows.get("recipes", ()):
            if row.text("process") in processes and row.number_of("amount") == 1:
                return self.unit(row.text("commodity"))
        return "units"

    def unit(self, commodity: str) -> str:
        """The unit of a commodity's amounts."""
        return _text(self._names["commodities"].get(commodity), "unit") or "units"

    @cached_property
    def stages(self) -> tuple[str, ...]:
        """All stages in the order in which the workbook first names them."""
        rows = (*self.tables.rows.get("processes", ()), *self.tables.rows.get("commodities", ()))
        return tuple(dict.fromkeys(_text(row, "stage") for row in rows if _text(row, "stage")))


def _text(row: Row | None, column: str) -> str:
    value = row.values.get(column) if row else None
    return "" if value is None else str(value)
