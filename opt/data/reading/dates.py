"""Dates and times of a spreadsheet: numbers, shown as days by the format of their cell.

A cell formatted as a date holds the count of days since the end of 1899 (or of 1903), so that 2029
typed into it is shown as a day of 1905. Which of the two was meant is told from the number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from opt.data.words import plain

# Formats that a file names by number alone; 27-36 and 50-58 are days in East Asian editions.
_BUILT_IN_DATES = frozenset((14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)))
_BUILT_IN_TIMES = frozenset((18, 19, 20, 21, 45, 46, 47))
_LITERALS = re.compile(r'"[^"]*"|\\.|[_*].|\[(?!(?:h+|m+|s+)\])[^\]]*\]', re.IGNORECASE)
_NO_DATE_CODE = re.compile("[cfi-lnoqrt-xz0#?]")  # letters and digits that no date is made of
_LAST_SERIAL = 2_958_465  # 9999-12-31
_DAYS_TO_1904 = 1_462
_PLAUSIBLE_YEARS = range(1900, 2201)


@dataclass(frozen=True, slots=True)
class Dated:
    """The number of a cell that is formatted as a date or a time, and what the cell shows.

    `year` is that of the day shown; None for a time, and for a number that is no day.
    """

    number: float
    shown: str
    year: int | None

    def __str__(self) -> str:
        return self.shown

    @property
    def is_year(self) -> bool:
        """Whether the number is a year typed into a cell formatted as a date."""
        return self.number in _PLAUSIBLE_YEARS

    @property
    def is_slip(self) -> bool:
        """Whether the number is too small for a day that anybody means (before 1906)."""
        return self.year is not None and self.number < _PLAUSIBLE_YEARS.stop

    @property
    def year_meant(self) -> int | None:
        """The year of a cell where a year is wanted: the number itself if it is one, else that of
        the day shown; None where neither can be meant."""
        if self.is_year:
            return int(self.number)
        return None if self.is_slip else self.year


def format_kinds(codes: Mapping[int, str], formats: list[int]) -> dict[str, bool]:
    """Which cell formats show a day (False) or a time alone (True), by their number in the file.

    `codes` are the number formats that the file spells out; `formats` gives the number format of
    each cell format. Cell formats that show neither are left out.
    """
    found = {}
    for style, number in enumerate(formats):
        is_time = _shows_time(codes[number]) if number in codes else _built_in(number)
        if is_time is not None:
            found[str(style)] = is_time
    return found


def _built_in(number: int) -> bool | None:
    if number in _BUILT_IN_TIMES:
        return True
    return False if number in _BUILT_IN_DATES else None


def _shows_time(code: str) -> bool | None:
    """True for the code of a time alone, False for that of a day, None for that of a number."""
    bare = _LITERALS.sub("", code).split(";")[0].casefold()
    bare = re.sub(r"s\.0+", "s", bare)
    if _NO_DATE_CODE.search(bare):
        return None
    if re.search("[yd]", bare):
        return False
    if re.search(r"[hs]|\[m", bare):
        return True
    return False if "m" in bare else None


def of_serial(number: float, is_time: bool, is_1904: bool) -> Dated:
    """What a number is in a cell formatted as a date or time."""
    if is_time and number >= 0:
        return Dated(number, _clock(number), None)
    day = number + (_DAYS_TO_1904 if is_1904 else 0)
    if not 0 <= day <= _LAST_SERIAL:
        return Dated(number, plain(number), None)
    # Excel counts a 29 February 1900 that never was.
    start = datetime(1899, 12, 31 if day < 60 else 30)  # noqa: DTZ001  days have no zone
    moment = start + timedelta(milliseconds=round(day * 86_400_000))
    shown = moment.date().isoformat() if moment.time() == time() else moment.isoformat()
    return Dated(number, shown, moment.year)


def of_iso(text: str, is_1904: bool) -> Dated | None:
    """What ISO 8601 text is in a cell marked as a date; None where it is none."""
    try:
        if re.match(r"T?\d\d:", text):
            clock = time.fromisoformat(text)
            seconds = clock.hour * 3600 + clock.minute * 60 + clock.second
            return of_serial(seconds / 86_400, True, False)
        moment = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
    days = (moment - datetime(1899, 12, 30)) / timedelta(1)  # noqa: DTZ001
    if is_1904:
        return of_serial(days - _DAYS_TO_1904, False, True)
    return of_serial(days if days >= 61 else days - 1, False, False)


def _clock(number: float) -> str:
    """Hours, minutes and seconds, as many hours as there are."""
    seconds = round(number * 86_400)
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
