"""Turns one raw cell into a typed value, or says in words what is wrong with it and how to mend it.

Where the mend is plain (`1,200`, a share typed as 85) the reading goes on with it, so that further
faults are found in the same pass; the fault is reported all the same and nothing is solved.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from opt.data.patterns import BLOC, EVERYTHING, bloc_named, mineral_named
from opt.data.reading.dates import Dated
from opt.data.reading.error_values import BY_NUMBER, ERROR_VALUES
from opt.data.reading.raw import CALCULATE, CellValue, ErrorValue, RawCell
from opt.data.sheets.columns import CellKind, Column
from opt.data.sheets.declare import YES_NO
from opt.data.sheets.ranges import YEARS, Range
from opt.data.sheets.setup import BLOCS
from opt.data.tables import Value
from opt.data.words import (
    composed,
    did_you_mean,
    figure,
    in_plain_digits,
    listed,
    near,
    plain,
    tidy,
    unwritable,
)

DECISIONS = ("free", "forbid", "force", "force 2028")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?\d{1,3}([, ']\d{3})+(\.\d+)?", re.ASCII)
_PERCENT = re.compile(r"([+-]?\d+(\.\d+)?) ?%", re.ASCII)
_WITH_UNIT = re.compile(r"([a-z$/ ]*)([+-]?\d+(?:\.\d+)?)([a-z$/ ]*)", re.IGNORECASE | re.ASCII)
_BRACKETS = re.compile(r"\( ?(\d+(\.\d+)?) ?\)", re.ASCII)
_MINUS = "\u2212"
# Words beside a number that only repeat the unit of its column; any other may stand for a size.
_REPEATS = {
    "USD million": ("musd", "usd million", "million usd", "usd m", "$m", "m$", "usd mn", "mn usd"),
    "USD million/yr": ("musd/yr", "musd", "usd million/yr", "usd million", "million usd"),
    "USD/unit": ("usd", "$", "us$", "usd/t", "$/t", "us$/t"),
    "units/yr": ("t", "t/yr", "t/y", "t/a", "tpa", "tonnes", "tonnes/yr"),
    "units": ("t", "tonnes"),
    "years": ("year", "yr", "yrs", "a"),
    "seconds": ("s", "sec"),
}
# How people and spreadsheets in several languages say yes and no.
_ANSWERS = {
    **dict.fromkeys(("y", "true", "1", "x", "ja", "j", "oui", "o", "si", "s\u00ed", "sim"), "yes"),
    **dict.fromkeys(("wahr", "vrai", "verdadero", "on", "open", "\u2713", "\u662f"), "yes"),
    **dict.fromkeys(("n", "false", "0", "nein", "non", "n\u00e3o", "falsch", "faux"), "no"),
    **dict.fromkeys(("falso", "off", "closed", "\u5426"), "no"),
}
_NUMERIC = (CellKind.NUMBER, CellKind.SHARE, CellKind.INTEGER, CellKind.YEAR)


@dataclass(frozen=True, slots=True)
class Typed:
    """A typed value, or a fault in words; with a fault the value is the guess to go on with.

    `tidied` says that spaces or unseen marks of the cell were dropped.
    """

    value: Value
    message: str = ""
    hint: str = ""
    tidied: bool = False


def type_cell(cell: RawCell, column: Column, is_text: bool) -> Typed:
    """The value of a cell that is not blank. `is_text`: numbers come as text, as in CSV."""
    value = cell.value
    if cell.uncalculated:
        return Typed(None, "this formula was never calculated.", CALCULATE)
    if is_error(value):
        kind = "number" if column.kind in _NUMERIC else "value"
        message = f"{as_text(value).strip()} is an error value."
        return Typed(None, message, f"Fix the formula or type a {kind}.")
    if column.kind in _NUMERIC:
        return _bounded(_number(value, column, is_text), column)
    if isinstance(value, Dated) and value.is_slip:
        return Typed(None, *slip(value))
    text = as_text(value)
    seen = tidy(text)
    character = unwritable(seen)
    if character:
        message = f"this text holds {character}, which no document can show."
        return Typed(None, message, "Delete it: type the text again.")
    typed = _worded(seen, value, column, is_text)
    tidied = column.kind is not CellKind.TEXT and seen != composed(text)
    return Typed(typed.value, typed.message, typed.hint, tidied)


def is_error(value: CellValue) -> bool:
    """Whether a cell holds an error value: one marked as such, or its text."""
    if not isinstance(value, str):
        return False
    text = value.strip()
    return (
        isinstance(value, ErrorValue)
        or text in ERROR_VALUES
        or BY_NUMBER.fullmatch(text) is not None
    )


def slip(value: Dated) -> tuple[str, str]:
    """What is wrong with a small number that its cell shows as a day long ago, and the mend."""
    held = plain(value.number)
    message = f"this cell holds {held} but is formatted as a date, and shows {value.shown}."
    return message, "Format it as a number or as text, and type what is meant."


def as_text(value: CellValue) -> str:
    """A cell as text: numbers with all digits, dates as 2028-01-31."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return plain(value)
    if isinstance(value, datetime):
        return (value.date() if value.time() == datetime.min.time() else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value or "")


def _worded(text: str, value: CellValue, column: Column, is_text: bool) -> Typed:
    if column.kind is CellKind.CHOICE:
        return choice(text, column.choices)
    if column.kind is CellKind.SURPLUS:
        return _surplus(text, value, column, is_text)
    by_kind = {
        CellKind.ID: _id,
        CellKind.REFS: _refs,
        CellKind.DECISION: _decision,
        CellKind.PATTERN: _pattern,
    }
    return by_kind.get(column.kind, Typed)(text)


def choice(text: str, choices: Iterable[str]) -> Typed:
    """One of the choices, matched without case."""
    choices = tuple(choices)
    for option in choices:
        if option.casefold() == text.casefold():
            return Typed(option)
    message = f"'{text}' is not one of: {listed(choices)}."
    answer = _ANSWERS.get(text.casefold()) if set(choices) == set(YES_NO) else None
    if answer:
        return Typed(answer, message, f"Type {answer}.")
    return Typed(near(text, choices), message, did_you_mean(text, choices, "Type one of these."))


def _id(text: str) -> Typed:
    if ";" in text:
        return Typed(text, f"'{text}' holds a semicolon.", "Semicolons separate ids; leave it out.")
    if text == EVERYTHING or bloc_named(text) is not None or mineral_named(text) is not None:
        return Typed(text, f"'{text}' cannot be an id.", "It means many in sheet lanes.")
    return Typed(text)


def _refs(text: str) -> Typed:
    parts = tuple(part for part in (tidy(part) for part in text.split(";")) if part)
    if not parts:
        return Typed(None, f"'{text}' names nothing.", "Write ids, separated by ;")
    seen = [part.casefold() for part in parts]
    for part in parts:
        if seen.count(part.casefold()) > 1:
            once = tuple(dict.fromkeys(parts))
            return Typed(once, f"'{part}' is named twice.", "Name it once.")
    return Typed(parts)


def _decision(text: str) -> Typed:
    word, _, year = text.casefold().partition(" ")
    if word in DECISIONS and not year:
        return Typed(word)
    if word == "force" and re.fullmatch(r"[0-9]{4}", year) and int(year) in YEARS:
        return Typed(f"force {year}")
    message = f"'{text}' is not a decision."
    otherwise = "Type free, forbid, force, or force with a year."
    # What holds a year means it: force alone would be another decision.
    hint = otherwise if year else did_you_mean(text, DECISIONS[:3], otherwise)
    return Typed("free", message, hint)


def _surplus(text: str, value: CellValue, column: Column, is_text: bool) -> Typed:
    for word in ("free", "none"):
        if text.casefold() == word:
            return Typed(word)
    if re.search(r"\d", text):
        return _bounded(_number(value, column, is_text), column)
    message = f"'{text}' is not a surplus."
    return Typed("free", message, "Type free, none, or a cost in USD per unit.")


def _pattern(text: str) -> Typed:
    bloc = bloc_named(text)
    if bloc is None:
        return Typed(text)
    typed = choice(bloc, BLOCS)
    guess = f"{BLOC}{typed.value}" if typed.value else None
    return Typed(guess, typed.message, typed.hint)


def _number(value: CellValue, column: Column, is_text: bool) -> Typed:
    if isinstance(value, Dated):
        return _of_dated(value, column)
    if isinstance(value, bool):
        return Typed(None, f"{as_text(value)} is not a number.", "Type a number.")
    if isinstance(value, int | float):
        return Typed(float(value))
    return _number_of_text(tidy(as_text(value)), column, is_text)


def _of_dated(value: Dated, column: Column) -> Typed:
    """A cell formatted as a date or time where a number is wanted: only a year is read from it."""
    if column.kind is CellKind.YEAR:
        if value.year_meant is not None:
            return Typed(value.year_meant)
        message = f"{value.shown} is not a year from 1900 to 2200."
        return Typed(None, message, "Format the cell as a number and type a year such as 2028.")
    what = "a time" if value.year is None else "a date"
    held = plain(value.number)
    hint = f"Type a number; formatted as a number, the cell holds {held}."
    return Typed(None, f"{value.shown} is {what}, not a number.", hint)


def _number_of_text(text: str, column: Column, is_text: bool) -> Typed:
    if not _NUMBER.fullmatch(text):
        return _text_for_number(text, column)
    if is_text:
        return Typed(float(text))
    message = f"'{text}' is text, not a number."
    return Typed(float(text), message, f"Type {text} as a number.")


def _text_for_number(text: str, column: Column) -> Typed:
    message = f"'{text}' is text, not a number."
    percent = _PERCENT.fullmatch(text)
    if percent:
        share = float(f"{float(percent[1]) / 100:.12g}")
        return Typed(share, message, f"Type {plain(share)}.")
    if _THOUSANDS.fullmatch(text):
        digits = re.sub("[, ']", "", text)
        return Typed(float(digits), message, f"Type {digits}.")
    if re.fullmatch(r"[+-]?[\d.]*,\d+", text):
        return Typed(None, message, "Write decimals with a point; a comma is never guessed.")
    return _number_in_words(text, message, column)


def _number_in_words(text: str, message: str, column: Column) -> Typed:
    """Text around a number: the mend leaves out what only repeats the unit, and guesses no sign and
    no size of what it does not know."""
    digits = in_plain_digits(text)
    if digits != text and _NUMBER.fullmatch(digits):
        return Typed(float(digits), message, f"Type {digits}, in the digits 0 to 9.")
    brackets = _BRACKETS.fullmatch(text)
    if brackets:
        hint = f"Type -{brackets[1]} if a negative is meant, as accountants write it."
        return Typed(None, message, hint)
    if text.startswith(_MINUS) and _NUMBER.fullmatch(text[1:]):
        return Typed(-float(text[1:]), message, f"Type -{text[1:]}, with a plain minus.")
    unit = _WITH_UNIT.fullmatch(text)
    if unit and _repeats(unit[1] + unit[3], column.unit):
        return Typed(float(unit[2]), message, f"Type {unit[2]} alone.")
    if re.search(r"\d", text):
        of = f", in {column.unit}" if column.unit else ""
        return Typed(None, message, f"Type the number alone{of}, with its sign and all its digits.")
    blank = "Type a number." if column.required else "Type a number, or leave the cell blank."
    return Typed(None, message, blank)


def _repeats(words: str, unit: str) -> bool:
    """Whether the words beside a number say no more than the column's unit does."""
    said = tidy(words).casefold()
    return said == unit.casefold() or said in _REPEATS.get(unit, ())


def _bounded(typed: Typed, column: Column) -> Typed:
    number = typed.value
    if not isinstance(number, int | float):
        return typed
    if not math.isfinite(number):
        message = typed.message or f"{number} is not a number to count with."
        return Typed(None, message, "Type a number.")
    return (_guess if typed.message else _held)(typed, number, column)


def _held(typed: Typed, number: float, column: Column) -> Typed:
    """A number where its column can hold it, else the fault."""
    shown = plain(number)
    if _is_whole_kind(column) and number != int(number):
        what = "a year" if column.kind is CellKind.YEAR else "a whole number"
        return Typed(
            int(number), f"{shown} is not {what}.", f"Type {int(number)} if that is meant."
        )
    if column.kind is CellKind.YEAR and int(number) not in YEARS:
        return Typed(None, f"{shown} is not a year from 1900 to 2200.", "Type a year such as 2028.")
    fault = _outside(number, column)
    if fault:
        return fault
    return _whole(typed) if _is_whole_kind(column) else typed


def _guess(typed: Typed, number: float, column: Column) -> Typed:
    """A fault whose guess is one that the column could hold, else one without a guess: the checks
    count with it."""
    is_year = column.kind is CellKind.YEAR
    if _outside(number, column) or (is_year and int(number) not in YEARS):
        return Typed(None, typed.message, typed.hint)
    return _whole(typed) if _is_whole_kind(column) else typed


def _is_whole_kind(column: Column) -> bool:
    return column.kind in (CellKind.INTEGER, CellKind.YEAR)


def _whole(typed: Typed) -> Typed:
    assert isinstance(typed.value, int | float)
    return Typed(int(typed.value), typed.message, typed.hint)


def _outside(number: float, column: Column) -> Typed | None:
    """The fault of a number beyond what is possible; None where it is possible."""
    allowed = column.range
    if allowed is None or (
        allowed.low <= number <= allowed.high and not allowed.is_too_small(number)
    ):
        return None
    if allowed.is_share and not allowed.is_too_small(number):
        return _not_a_share(number)
    return Typed(None, *_beyond(number, allowed, column.unit))


def _not_a_share(number: float) -> Typed:
    shown = plain(number)
    message = f"{shown} is outside 0-1."
    if 1 < number <= 100:
        share = float(f"{number / 100:.12g}")
        return Typed(share, message, f"Did you mean {plain(share)} ({shown}%)?")
    return Typed(None, message, "Type a number from 0 to 1.")


def _beyond(number: float, allowed: Range, unit: str) -> tuple[str, str]:
    """What is wrong with a number beyond what is possible, and the mend, which says the unit."""
    shown, of = plain(number), f" {unit}" if unit else ""
    if number < allowed.low:
        low = figure(allowed.low)
        return f"{shown} is below {low}.", f"Type {low} or more."
    if number > allowed.high:
        high = figure(allowed.high)
        return f"{shown} is above {high}.", f"Type at most {high}{of}."
    least = figure(allowed.least)
    return f"{shown} is not 0, but smaller than {least}.", f"Type 0, or at least {least}{of}."
