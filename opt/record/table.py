"""What an output table is, and how a subject's file declares it beside the type of its rows.

CAPACITY = Table(
    "capacity", "Capacity and use", "What each plant could make.", CapacityYear,
    lambda run: run.capacity,
)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType
from typing import Any, NamedTuple

from opt.record.columns import Line, Scalar, TableColumn, cells_of

FLOW_SETS = ("allied", "world", "baseline", "baseline_world")


class InFlows(NamedTuple):
    """A row of one of the four sets of flows."""

    flows: str
    row: Any


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `rows` gives its rows out of what it is written of, a run as a rule; `ordered`
    says that their order carries meaning. `in_flows` says that it has a column for the set of
    flows, and its rows are `InFlows`."""

    name: str
    title: str
    help: str
    row: type
    rows: Callable[[Any], Iterable[Any]]
    ordered: bool = False
    in_flows: bool = False

    @property
    def columns(self) -> tuple[TableColumn, ...]:
        """The columns, in order."""
        return (FLOWS, *cells_of(self.row)) if self.in_flows else cells_of(self.row)

    def lines(self, source: Any) -> list[Line]:
        """The cells of all rows, sorted unless their order carries meaning."""
        lines = [self._line(entry) for entry in self.rows(source)]
        return lines if self.ordered else sorted(lines, key=_sort_key)

    def _line(self, entry: Any) -> Line:
        if self.in_flows:
            return (entry.flows, *[column.cell(entry.row) for column in cells_of(self.row)])
        return tuple([column.cell(entry) for column in cells_of(self.row)])


def _sort_key(line: Line) -> tuple[tuple[bool, Scalar], ...]:
    return tuple((cell is None, "" if cell is None else cell) for cell in line)


FLOWS = TableColumn(
    field="flows",
    name="flows",
    type=str,
    optional=False,
    required=True,
    help="allied: cost pass, only allied demand; world: everybody; baseline, baseline_world: the "
    "same without new money",
    unit="",
    blank=None,
    is_cell=True,
    is_key=False,
)


def flow_table(
    name: str, title: str, help_: str, row: type, rows: Callable[[Any], Iterable[Any]]
) -> Table:
    """A table of all four sets of flows; `rows` gives those of one set out of its `Flows`."""

    def in_flows(run: Any) -> Iterator[InFlows]:
        for flows, own in run.flows.items():
            yield from (InFlows(flows, entry) for entry in rows(own))

    return Table(name, title, help_, row, in_flows, in_flows=True)


def tables_of(module: ModuleType) -> tuple[Table, ...]:
    """The tables that a module declares, in their order there."""
    found = [item for item in vars(module).values() if isinstance(item, Table)]
    return tuple(item for item in found if item.row.__module__ == module.__name__)
