"""Which sheets results.xlsx has, in order, and which lines of which table each shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import fsum
from typing import Annotated, NamedTuple

from opt.record.case import CaseRecord
from opt.record.columns import COUNT, MUSD, SHARE, Col, Line, Scalar, TableColumn
from opt.record.passes import Pass
from opt.record.run import Run
from opt.record.table import Table
from opt.record.tables import TABLE
from opt.report import wording
from opt.report.left_out import NOT_CHOSEN
from opt.report.limits_in_use import LIMITS


def _everything(_: Line) -> bool:
    return True


def _reported(line: Line) -> bool:
    """Flows of the world pass, the ones that are reported."""
    return line[0] == "world"


def _short(line: Line) -> bool:
    """Demands of the world pass that are not wholly served."""
    short = line[-1]
    return _reported(line) and isinstance(short, float) and short > 1e-6


def _touched(line: Line) -> bool:
    """Shares of first touch that show, with the plan or without new money."""
    return any(isinstance(share, float) and share > wording.NOTHING for share in line[2:])


@dataclass(frozen=True, slots=True)
class ResultSheet:
    """One sheet: its name, the table it shows, and which of its lines; an `optional` one is left
    out of a workbook where it has none. `totals` are the columns that a row of totals adds up. One
    of `every_year` has a line for each year of what its first column names."""

    name: str
    table: Table
    keep: Callable[[Line], bool] = _everything
    title: str = ""
    help: str = ""
    optional: bool = False
    totals: tuple[str, ...] = ()
    every_year: bool = False

    def filled(self, run: Run) -> Filled:
        """The sheet with the lines that it shows, a name beside every id of the workbook."""
        lines = [line for line in self.table.lines(run) if self.keep(line)]
        if self.every_year:
            lines = _every_year(self.table.columns, lines)
        return Filled(self, *_named(run.case, self.table.columns, lines))


def _every_year(columns: Sequence[TableColumn], lines: Sequence[Line]) -> list[Line]:
    """The lines and, for each year that only others have, one of nothing: a chart sets what it
    draws side by side by its place, not by its year."""
    years = sorted({line[1] for line in lines}, key=str)
    known = {line[:2]: line for line in lines}
    nothing = tuple(None if column.unit == SHARE else 0.0 for column in columns[2:])
    keys = [(own, year) for own in dict.fromkeys(line[0] for line in lines) for year in years]
    return [known.get(key, (*key, *nothing)) for key in keys]


class Filled(NamedTuple):
    """A sheet with its columns and lines as they are shown."""

    sheet: ResultSheet
    columns: tuple[TableColumn, ...]
    lines: list[Line]


def _namers(case: CaseRecord) -> Mapping[str, Callable[[str], str]]:
    """By column of ids, what gives the name of one."""

    def process(key: str) -> str:
        return case.processes[key].name if key in case.processes else key

    def commodity(key: str) -> str:
        return case.commodities[key].name if key in case.commodities else key

    plant, programme = case.plant_name, case.programme_name
    return {
        "project": plant,
        "plant": plant,
        "facility": plant,
        "thing": plant,
        "process": process,
        "commodity": commodity,
        "programme": programme,
    }


def _named(
    case: CaseRecord, columns: tuple[TableColumn, ...], lines: list[Line]
) -> tuple[tuple[TableColumn, ...], list[Line]]:
    """Columns and lines with a column of names after each column of ids, where any name differs."""
    told = {} if any(column.name == "name" for column in columns) else _namers(case)
    wide: list[TableColumn] = []
    cells: list[list[Scalar]] = []
    for n, column in enumerate(columns):
        own = [line[n] for line in lines]
        wide.append(column)
        cells.append(own)
        name_of = told.get(column.name)
        names = [] if name_of is None else [name_of(_id(cell)) or None for cell in own]
        if any(name != cell for name, cell in zip(names, own, strict=False)):
            title = f"{column.name} name"
            wide.append(replace(column, field=title, name=title, help=f"{column.help}: its name"))
            cells.append(list(names))
    return tuple(wide), list(zip(*cells, strict=True))


def _id(cell: Scalar) -> str:
    return "" if cell is None else str(cell)


def _sheet(
    name: str,
    table: Table,
    keep: Callable[[Line], bool] = _everything,
    *,
    title: str = "",
    help_: str = "",
    optional: bool = False,
    totals: tuple[str, ...] = (),
    every_year: bool = False,
) -> ResultSheet:
    told = title or table.title, help_ or table.help
    return ResultSheet(name, table, keep, *told, optional, totals, every_year)


@dataclass(frozen=True, slots=True)
class ProgrammeTotal:
    """What a programme gives to the plan, against its amount, USD million at its charge.

    `used` is what is committed over the amount; blank where that is not above zero.
    """

    programme: Annotated[str, Col("Programme")]
    name: Annotated[str, Col("Name")]
    amount_musd: Annotated[float | None, Col("Most that may be committed in all", MUSD)]
    committed_musd: Annotated[float, Col("Committed, at the charge", MUSD)]
    left_musd: Annotated[float | None, Col("Left of the amount after the last year", MUSD)]
    used: Annotated[float | None, Col("Committed, as a share of the amount", SHARE)]
    paid_musd: Annotated[float, Col("Paid to commitments, stock and plants", MUSD)]


def _programme_totals(run: Run) -> Iterable[ProgrammeTotal]:
    paid: dict[str, float] = defaultdict(float)
    for payment in run.solution.payments:
        paid[payment.programme] += payment.paid_musd
    for programme, own in groupby(run.payments_due, key=lambda year: year.programme):
        years = list(own)
        amounts = [y.amount_musd for y in years if y.amount_musd is not None]
        left = [y.amount_left_musd for y in years if y.amount_left_musd is not None]
        committed = fsum(y.committed_musd for y in years)
        amount = amounts[0] if amounts else None
        yield ProgrammeTotal(
            programme=programme,
            name=run.case.programme_name(programme),
            amount_musd=amount,
            committed_musd=committed,
            left_musd=left[-1] if left else None,
            used=committed / amount if amount else None,
            paid_musd=paid[programme],
        )


PROGRAMMES = Table(
    "programmes",
    "Programmes",
    "What each programme commits over all years, against its amount.",
    ProgrammeTotal,
    _programme_totals,
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a run."""

    key: Annotated[str, Col("Setting")]
    value: Annotated[object, Col("Value")]
    changed_to: Annotated[str, Col("Given as an option, in place of the workbook")]


@dataclass(frozen=True, slots=True)
class Default:
    """A declared default that stood in for blank cells."""

    sheet: Annotated[str, Col("Sheet")]
    column: Annotated[str, Col("Column")]
    value: Annotated[str, Col("Default")]
    rows: Annotated[int, Col("Rows with a blank cell", COUNT)]


@dataclass(frozen=True, slots=True)
class Source:
    """A source of the workbook's figures."""

    source: Annotated[str, Col("Source")]
    title: Annotated[str, Col("Title")]
    address: Annotated[str, Col("Address")]
    date: Annotated[str, Col("Date")]
    confidence: Annotated[str, Col("Grade")]


@dataclass(frozen=True, slots=True)
class Warned:
    """What the check found suspicious in the workbook."""

    sheet: Annotated[str, Col("Sheet")]
    cell: Annotated[str, Col("Cell")]
    value: Annotated[str, Col("What stands there")]
    message: Annotated[str, Col("What is wrong")]
    hint: Annotated[str, Col("How to mend it")]


def _settings(run: Run) -> Iterable[Setting]:
    for key, value in run.case.settings.items():
        shown = "; ".join(value) if isinstance(value, tuple) else value
        yield Setting(key, shown, run.overrides.get(key, ""))


def _defaults(run: Run) -> Iterable[Default]:
    for entry in run.case.defaults_used:
        yield Default(entry.sheet, entry.column, entry.value, entry.rows)


def _sources(run: Run) -> Iterable[Source]:
    for e in run.case.sources:
        yield Source(e.source, e.title, e.address, e.date, e.confidence)


def _warnings(run: Run) -> Iterable[Warned]:
    for issue in run.case.warnings:
        yield Warned(issue.sheet, issue.cell, issue.value, issue.message, issue.hint)


PROOF = Table(
    "proof",
    "Proof",
    "What each pass found, its bound, and the gap between them.",
    Pass,
    lambda run: run.passes,
    ordered=True,
)
SETTINGS_TABLE = Table(
    "settings",
    "Settings in force",
    "Every setting the run used.",
    Setting,
    _settings,
    ordered=True,
)
DEFAULTS = Table(
    "defaults",
    "Defaults used",
    "Declared defaults that stood in for blank cells.",
    Default,
    _defaults,
    ordered=True,
)
SOURCES = Table(
    "sources",
    "Sources",
    "Where the workbook's figures come from.",
    Source,
    _sources,
    ordered=True,
)
WARNINGS = Table(
    "warnings",
    "Warnings",
    "What the check found suspicious in the workbook.",
    Warned,
    _warnings,
    ordered=True,
)

RESULT_SHEETS: tuple[ResultSheet, ...] = (
    _sheet("Plan", TABLE["projects"], totals=("capex_musd", "public_musd", "private_musd")),
    _sheet("Not chosen", NOT_CHOSEN, optional=True),
    _sheet("Programmes", PROGRAMMES, totals=("committed_musd", "paid_musd")),
    _sheet("Limits", LIMITS, optional=True),
    _sheet("Money", TABLE["money"]),
    _sheet("Payments", TABLE["payments"]),
    _sheet("Dependence", TABLE["dependence"]),
    _sheet("Measures", TABLE["measures"]),
    _sheet("Minerals", TABLE["minerals"], optional=True),
    _sheet("Minerals by year", TABLE["mineral_years"], optional=True),
    _sheet("Stages", TABLE["stages"], every_year=True),
    _sheet("First touch", TABLE["touch"], _touched, optional=True),
    _sheet("Elements", TABLE["elements"], optional=True, every_year=True),
    _sheet("Options", TABLE["options"]),
    _sheet("Proof", PROOF),
    _sheet("Targets", TABLE["targets"], optional=True),
    _sheet("Stockpiles", TABLE["stockpiles"], optional=True),
    _sheet("Margins", TABLE["margins"], optional=True),
    _sheet("Idle", TABLE["idle"], optional=True),
    _sheet(
        "Flows", TABLE["shipments"], _reported, help_="Trade between regions, everybody served."
    ),
    _sheet(
        "Activity", TABLE["activity"], _reported, help_="What each plant runs, everybody served."
    ),
    _sheet("Capacity", TABLE["capacity"]),
    _sheet(
        "Shortfalls",
        TABLE["deliveries"],
        _short,
        title="Shortfalls",
        help_="Demands that are not wholly served.",
        optional=True,
    ),
    _sheet("Uptake", TABLE["uptake"], optional=True),
    _sheet("World output", TABLE["world"], optional=True),
    _sheet("Costs", TABLE["costs"], every_year=True),
    _sheet("Settings", SETTINGS_TABLE),
    _sheet("Defaults", DEFAULTS),
    _sheet("Sources", SOURCES),
    _sheet("Warnings", WARNINGS, optional=True),
)


def sheets_of(run: Run) -> list[Filled]:
    """The sheets of a run's workbook with their lines, in order."""
    filled = (sheet.filled(run) for sheet in RESULT_SHEETS)
    return [own for own in filled if own.lines or not own.sheet.optional]
