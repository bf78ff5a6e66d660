"""Published figures that a baseline without new projects should reproduce."""

from __future__ import annotations

from opt.data.check import check
from opt.data.inspection import Inspection
from opt.data.sheets.calibration import CalibrationRow
from opt.data.words import plain
from opt.errors import Effect


@check("calibration", "settings")
def check_calibration(book: Inspection) -> None:
    """Published figures lie in the years of the baseline, shares in 0-1."""
    first = book.settings.calibrate_from or book.first
    for row in book.rows(CalibrationRow):
        year, figure = row.year, row.published
        if not first <= year <= book.last:
            message = f"{year} is outside the baseline {first}-{book.last}."
            book.fault(row, "year", message, "Mend it, or add setting calibrate_from.")
        elif year not in _counted(book, first):
            counted = _counted(book, first)
            why = (
                "the baseline takes the cheapest flows there, not those that rest least on the"
                " covered bloc"
            )
            message = (
                f"dependence counts in {counted.start}-{counted.stop - 1}, not in {year}: {why}."
            )
            hint = "Leave dependence_from and dependence_to blank: the baseline then counts all."
            book.warn(
                *(row, "year", message, hint),
                common=f"dependence does not count in a year of calibration: {why}",
                subject=str(year),
                effect=Effect.COMPARED,
            )
        if row.metric in ("world_share", "dependence") and not 0 <= figure <= 1:
            message = f"{plain(figure)} is outside 0-1."
            guess = plain(float(f"{figure / 100:.12g}"))
            hint = f"Did you mean {guess} ({plain(figure)}%)?" if 1 < figure <= 100 else ""
            book.fault(row, "published", message, hint)


def _counted(book: Inspection, first: int) -> range:
    """The years of the baseline, from its first year on, in which dependence counts."""
    return range(book.settings.dependence_from or first, book.dependence_years.stop)
