"""Which sheets results.xlsx has, in order, and which lines of which table each shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated

from opt.record.columns import COUNT, Col, Line
from opt.record.passes import Pass
from opt.record.run import Run
from opt.record.table import Table
from opt.record.tables import TABLE
from opt.report import wording


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
    out of a workbook where it has none."""

    name: str
    table: Table
    keep: Callable[[Line], bool] = _everything
    title: str = ""
    help: str = ""
    optional: bool = False

    def lines(self, run: Run) -> list[Line]:
        """The lines the sheet shows."""
        return [line for line in self.table.lines(run) if self.keep(line)]


def _sheet(
    name: str,
    table: Table,
    keep: Callable[[Line], bool] = _everything,
    *,
    title: str = "",
    help_: str = "",
    optional: bool = False,
) -> ResultSheet:
    return ResultSheet(name, table, keep, title or table.title, help_ or table.help, optional)


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
    _sheet("Plan", TABLE["projects"]),
    _sheet("Money", TABLE["money"]),
    _sheet("Payments", TABLE["payments"]),
    _sheet("Dependence", TABLE["dependence"]),
    _sheet("Measures", TABLE["measures"]),
    _sheet("Minerals", TABLE["minerals"], optional=True),
    _sheet("Minerals by year", TABLE["mineral_years"], optional=True),
    _sheet("Stages", TABLE["stages"]),
    _sheet("First touch", TABLE["touch"], _touched, optional=True),
    _sheet("Elements", TABLE["elements"], optional=True),
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
    ),
    _sheet("Uptake", TABLE["uptake"], optional=True),
    _sheet("World output", TABLE["world"], optional=True),
    _sheet("Costs", TABLE["costs"]),
    _sheet("Settings", SETTINGS_TABLE),
    _sheet("Defaults", DEFAULTS),
    _sheet("Sources", SOURCES),
    _sheet("Warnings", WARNINGS),
)


def sheets_of(run: Run) -> tuple[ResultSheet, ...]:
    """The sheets of a run's workbook, in order."""
    return tuple(sheet for sheet in RESULT_SHEETS if not sheet.optional or sheet.lines(run))
