"""The case itself: its years, its objective, its blocs and its sources."""

from __future__ import annotations

import re
from dataclasses import replace

from opt.data.check import check
from opt.data.countries import country_of
from opt.data.inspection import Inspection
from opt.data.sheets.registry import ROWS
from opt.data.sheets.setup import RegionRow
from opt.data.sheets.sources import SourceRow
from opt.data.sheets.targets import TargetRow
from opt.data.words import did_you_mean
from opt.errors import Effect
from opt.objectives import ASKABLE, NEED_WORTH, Objective, find_objective

LONGEST_PLAN = 100

_ADDRESS = re.compile(r"(https?://|www\.|doi:|10\.\d{4,}/)", re.IGNORECASE)


@check("horizon", "settings")
def check_horizon(book: Inspection) -> None:
    """The plan spans at most 100 years."""
    span = book.last - book.first + 1
    if span > LONGEST_PLAN:
        message = f"the plan spans {span} years; at most {LONGEST_PLAN} are allowed."
        book.setting_fault("last_year", message, "Bring last_year nearer.")


@check("dependence years", "settings")
def check_dependence_years(book: Inspection) -> None:
    """dependence_from and dependence_to lie in the plan, in order; calibrate_from before it."""
    asked = book.settings
    for key, year in (
        ("dependence_from", asked.dependence_from),
        ("dependence_to", asked.dependence_to),
    ):
        if year is not None and not book.first <= year <= book.last:
            message = f"{year} is outside {book.first}-{book.last}."
            book.setting_fault(key, message, "Choose a year of the plan.")
    if not book.dependence_years:
        start, end = book.dependence_years.start, book.dependence_years.stop - 1
        message = f"{start} is after dependence_to {end}."
        book.setting_fault("dependence_from", message, "Swap them.")
    start_year = asked.calibrate_from
    if start_year is not None and start_year > book.first:
        message = f"{start_year} is after first_year {book.first}."
        book.setting_fault("calibrate_from", message, "It may only be earlier.")


@check("counted years", "settings")
def check_counted_years(book: Inspection) -> None:
    """Every year of the plan counts: what does not count may be given away for what does."""
    start, end = book.dependence_years.start, book.dependence_years.stop - 1
    worse = "In years that do not count the plan may do worse than no new money"
    if book.first < start <= book.last:
        message = (
            f"dependence does not count in {_span(book.first, start - 1)}. {worse}, and stock for"
            " later years may be taken out of them."
        )
        hint = f"Type {book.first}, or leave it blank, to count every year."
        book.setting_warning("dependence_from", message, hint, effect=Effect.COUNTED)
    if book.first <= end < book.last:
        message = f"dependence does not count in {_span(end + 1, book.last)}. {worse}."
        hint = f"Type {book.last}, or leave it blank, to count every year."
        book.setting_warning("dependence_to", message, hint, effect=Effect.COUNTED)


def _span(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


@check("objective", "targets")
def check_objective(book: Inspection) -> None:
    """The objective is known and what it needs is given."""
    objective = book.settings.objective
    asked = find_objective(objective)
    if asked is None or not asked.passes:
        options = [option for option in ASKABLE if "@" not in option]
        hint = did_you_mean(objective, options, f"Choose one of: {', '.join(ASKABLE)}.")
        book.setting_fault("objective", f"'{objective}' is not an objective.", hint)
        return
    if asked.year is not None and not book.first <= asked.year <= book.last:
        message = f"{asked.year} is outside {book.first}-{book.last}."
        book.setting_fault("objective", message, "Choose a year of the plan.")
    aimless = book.settings.dependence_target is None and not book.rows(TargetRow)
    if asked.needs_target and aimless:
        message = (
            f"objective {objective} needs setting dependence_target or a row of sheet targets."
        )
        book.setting_fault("objective", message, "Add one: what the money must reach.")
    _check_worth(book, asked)


def _check_worth(book: Inspection, asked: Objective) -> None:
    """What a point of dependence is worth is more than nothing where it counts."""
    worth = book.settings.worth_of_point
    if asked.needs_worth and worth is None:
        message = f"objective {asked.name} needs setting worth_of_point."
        hint = "Add it: what a point of dependence is worth at most, USD million."
        book.setting_fault("objective", message, hint)
    elif asked.needs_worth and worth == 0:
        message = f"objective {asked.name} of a point that is worth nothing spends nothing."
        book.setting_fault("worth_of_point", message, "Type what it is worth, USD million.")
    elif worth is not None and not asked.needs_worth:
        message = f"objective {asked.name} does not take it into account."
        hint = f"Choose objective {' or '.join(NEED_WORTH)}, or leave it blank."
        book.setting_warning("worth_of_point", message, hint, effect=Effect.UNUSED)


@check("blocs", "regions")
def check_blocs(book: Inspection) -> None:
    """There is an ally, and a bloc whose hold on the chain can be measured."""
    blocs = set(book.bloc.values())
    if "ally" not in blocs:
        message = "no region is in bloc ally, so no demand counts."
        book.log.fault("regions", "", "", message, "Give at least one region the bloc ally.")
    if "covered" not in blocs:
        message = "no region is in bloc covered, so nothing can be exposed."
        book.log.caution(
            "regions", "", message, "Dependence is then only what is short.", effect=Effect.COUNTED
        )


@check("countries", "regions")
def check_countries(book: Inspection) -> None:
    """No two regions are one country under two names, which a merge by hand leaves."""
    first: dict[str, RegionRow] = {}
    for row in book.rows(RegionRow):
        country = country_of(row.region)
        other = first.setdefault(country, row) if country else row
        if other is not row:
            message = f"'{row.region}' and '{other.region}' (row {other.number}) are one country."
            hint = f"Name it '{other.region}' everywhere, or rename it where a part is meant."
            book.fault(row, "region", message, hint)


@check("sources", "sources")
def check_sources(book: Inspection) -> None:
    """A source is an id of sheet sources or an address."""
    known = {row.source.casefold(): row.source for row in book.rows(SourceRow)}
    if not known:
        return
    for kind in ROWS:
        for row in book.rows(kind) if kind.SHEET.data else ():
            for part in row.source.split(";"):
                name = part.strip()
                if name and name.casefold() not in known and not _ADDRESS.search(name):
                    hint = did_you_mean(name, known.values(), "Add it there, or give an address.")
                    issue = row.issue("source", f"'{name}' is not in sheet sources.", hint)
                    book.log.warnings.append(replace(issue, effect=Effect.SOURCES))
