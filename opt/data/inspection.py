"""A book under inspection: what checks note goes to a log, by cell."""

from __future__ import annotations

from dataclasses import dataclass, replace

from opt.data.book import Book
from opt.data.reading.log import Log
from opt.data.sheets.declare import SheetRow
from opt.data.sheets.setup import SettingRow, setting_row
from opt.data.sheets.trade import PriceRow
from opt.data.tables import Row
from opt.errors import Effect, Issue


@dataclass(frozen=True)
class Inspection(Book):
    """A book with the log that its checks write to."""

    log: Log

    def fault(self, row: Row, column: str | int, message: str, hint: str = "") -> None:
        """Note a fault at one cell."""
        self.log.issues.append(row.issue(column, message, hint))

    def warn(
        self,
        row: Row,
        column: str | int,
        message: str,
        hint: str = "",
        *,
        effect: Effect,
        common: str = "",
        subject: str = "",
    ) -> None:
        """Note a warning at one cell; `common` and `subject` gather many of one kind."""
        issue = row.issue(column, message, hint)
        told = replace(issue, common=common, subject=subject, effect=effect)
        self.log.warnings.append(told)

    def setting_fault(self, key: str, message: str, hint: str = "") -> None:
        """Note a fault at a setting: its cell, or its name where the sheet does not give it."""
        self.log.issues.append(self._setting_issue(key, message, hint))

    def setting_warning(self, key: str, message: str, hint: str = "", *, effect: Effect) -> None:
        """Note a warning at a setting: its cell, or its name where the sheet does not give it."""
        issue = self._setting_issue(key, message, hint)
        self.log.warnings.append(replace(issue, effect=effect))

    def _setting_issue(self, key: str, message: str, hint: str) -> Issue:
        value = self.tables.settings[key]
        row = setting_row(self.rows(SettingRow), key)
        if row is not None and str(row["value"]).casefold() == str(value).casefold():
            return row.issue("value", message, hint)
        shown = "" if value is None else str(value)
        return Issue("settings", "", shown, f"{key}: {message}", hint)

    def keeps_years(self, row: SheetRow, name: str, effect: str) -> bool:
        """Whether the years of a row are in order and touch the plan; notes it where they do not,
        calling the row by name and saying what then is of it."""
        first, last = (row[column] for column in ("first_year", "last_year"))
        assert isinstance(first, int | None), row
        assert isinstance(last, int | None), row
        if first and last and first > last:
            message = f"first_year {first} is after last_year {last}."
            self.fault(row, "first_year", message, "Swap or mend the years.")
            return False
        if (first or self.first) <= self.last and (last or self.last) >= self.first:
            return True
        column = "first_year" if first and first > self.last else "last_year"
        message = f"{name} lies outside {self.first}-{self.last}, so it {effect}."
        self.warn(row, column, message, effect=Effect.UNUSED)
        return False

    def require_years(self, price: PriceRow) -> None:
        """Note a fault, once, where a price is not given up to last_year: it is never zero."""
        missing = missing_years(price, self.last) if price.years else ""
        if missing:
            cell = price.cell(last_year_cell(price, self.last))
            hint = f"Fill the column of {self.last}; years between are interpolated."
            message = f"no price for {missing}; it is not treated as zero."
            issue = Issue("prices", cell, "", message, hint)
            if issue not in self.log.issues:
                self.log.issues.append(issue)


def missing_years(row: Row, last: int) -> str:
    """The years after the last given one up to `last`, as `2031` or `2031-2035`; blank if none."""
    given = max(row.years)
    if given >= last:
        return ""
    return str(last) if given + 1 == last else f"{given + 1}-{last}"


def last_year_cell(row: Row, last: int) -> str:
    """The column to fill where years are missing: that of `last`, else the last one given."""
    return str(last) if str(last) in row.cells else str(max(row.years))
