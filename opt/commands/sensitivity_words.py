"""What `opt sensitivity` says: tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from opt.commands.word_table import WordTable, aligned
from opt.record.sensitivity import (
    CellToVerify,
    Sensitivity,
    SensitivityCell,
    SwitchingValue,
)
from opt.report import wording

MOST_ROWS = 30
# Shares: what the tolerances of the passes move.
LEAST = 1e-6
METHOD = (
    "Dependence over the counted years with the commitments held, all else as it is. A switching "
    "value lies between the two told; where the plan switches more than once it need not be the "
    "first."
)


def _name(row: SensitivityCell | SwitchingValue | CellToVerify) -> str:
    return f"{row.sheet} {row.row} {row.column}"


def _share(value: float | None) -> str:
    return "not known" if value is None else wording.percent(value)


def _points(share: float) -> str:
    return f"{100 * share:.2f}"


def _figure(value: float) -> str:
    return f"{value:,.6g}"


def _best(value: float | None, bound: float | None) -> str:
    if value is None:
        return "-" if bound is None else f"none below {wording.bound_value('dependence', bound)}"
    return wording.percent(value)


def cells_table(found: Sensitivity) -> WordTable:
    """The cells that move the plan, those that move it most first."""
    best = any(cell.reoptimised for cell in found.cells)
    more = ("best at low", "best at high") if best else ()
    moved = [cell for cell in found.cells if cell.swing > LEAST or cell.reoptimised][:MOST_ROWS]
    rows = (
        (
            _name(cell),
            _figure(cell.value),
            f"{_figure(cell.low)} to {_figure(cell.high)}",
            f"{cell.grade}{'' if cell.given else ', by grade'}",
            _share(cell.at_low),
            _share(cell.at_high),
            _points(cell.swing),
            *(
                (
                    _best(cell.best_at_low, cell.bound_at_low),
                    _best(cell.best_at_high, cell.bound_at_high),
                )
                if best
                else ()
            ),
        )
        for cell in moved
    )
    head = ("cell", "value", "range", "grade", "at low", "at high", "swing, points", *more)
    return WordTable(head, tuple(rows), frozenset({0, 2, 3}))


def switching_table(found: Sensitivity) -> WordTable:
    """Where the plan switches."""
    rows = (
        (
            _name(row),
            _figure(row.value),
            f"{_figure(row.stands)} and {_figure(row.switches)}",
            row.switch,
        )
        for row in found.switching
    )
    return WordTable(("cell", "value", "between", "beyond it"), tuple(rows), frozenset({0, 2, 3}))


def sentences(found: Sensitivity) -> Iterator[str]:
    """What the plan comes to, how many cells were tried, and which to verify first."""
    plan, without = _share(found.dependence), _share(found.without_plan)
    yield f"Dependence: the plan {plan}, without it {without}."
    given = sum(cell.given for cell in found.cells)
    graded = len(found.cells) - given
    widths = ", ".join(f"{grade} {100 * share:g}%" for grade, share in found.half_widths.items())
    yield f"Cells tried: {given} of sheet ranges, {graded} by grade ({widths} to either side)."
    still = sum(cell.swing <= LEAST for cell in found.cells)
    if still:
        yield f"Of these {still} move nothing."
    if found.verify_first:
        names = "; ".join(f"{_name(row)} ({row.grade})" for row in found.verify_first)
        yield f"Verify first: {names}."
    yield from (f"Not known: {reason}." for reason in found.reasons)
    for cell in found.cells:
        if cell.reason:
            yield f"Not known of {_name(cell)}: {cell.reason}"
        if cell.refused:
            yield f"Not asked of {_name(cell)}, since the workbook is not sound so: {cell.refused}"


def in_words(found: Sensitivity) -> str:
    """All of it for a terminal."""
    lines = list(sentences(found))
    for table in (cells_table(found), switching_table(found)):
        if table.rows:
            lines += ["", *aligned(table)]
    return "\n".join([*lines, "", METHOD])
