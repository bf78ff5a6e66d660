"""Table of contents: every check of the workbook by subject; each says in words what is wrong and
where.

Of several faults of one cell the first is told.
"""

from __future__ import annotations

from opt.data import (
    balance,
    bundles,
    calibration,
    ceilings,
    cell_ranges,
    chain,
    contracts,
    demand,
    elements,
    idle,
    labels,
    lost,
    merchants,
    minerals,
    money,
    numbers,
    plans,
    projects,
    scenarios,
    setup,
    stock,
    support,
    targets,
    totals,
    trade,
)
from opt.data.check import WorkbookCheck, checks_of
from opt.data.inspection import Inspection
from opt.data.reading.log import Log
from opt.data.spans import check_spans
from opt.data.tables import Tables

# A subject a module, whose checks stand in their own order there.
SUBJECTS = (
    *(
        setup,
        demand,
        minerals,
        elements,
        numbers,
        totals,
        labels,
        chain,
        idle,
        balance,
        projects,
        bundles,
    ),
    *(merchants, lost, money, ceilings, support, stock, contracts, targets, trade, scenarios),
    *(calibration, plans, cell_ranges),
)
CHECKS: tuple[WorkbookCheck, ...] = tuple(
    check for subject in SUBJECTS for check in checks_of(subject)
)


def run_checks(tables: Tables, not_whole: frozenset[str], log: Log) -> None:
    """Run every check whose sheets are whole, and what is checked of sound tables alone; faults and
    warnings go into the log."""
    book = Inspection(tables, log)
    for check in CHECKS:
        if not not_whole.intersection(check.whole):
            check.run(book)
    if not log.issues:
        check_spans(book)
