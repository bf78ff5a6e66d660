"""Ids that stand in several workbooks: each gets the prefix of its own, wherever it is named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from opt.data import patterns
from opt.data.merging.parts import Cells, Line, Part
from opt.data.sheets.columns import CellKind
from opt.data.sheets.registry import SHEET

# Spaces of ids: what shares one must not meet, and the sheets and columns that define it.
SPACES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "commodities": (("commodities", "commodity"),),
    "processes": (("processes", "process"),),
    "plants": (("facilities", "facility"), ("projects", "project")),
    "ramps": (("ramps", "ramp"),),
    "spends": (("spends", "spend"),),
    "stockpiles": (("stockpiles", "stockpile"),),
    "limits": (("build_limits", "limit"),),
    "groups": (("projects", "group"),),
    "bundles": (("projects", "bundle"),),
    "targets": (("targets", "target"),),
}
# Curves that are the same in all are one.
CURVES = ("ramps", "spends")
# The space of what a column of references names, by the sheet that defines it.
_OF_SHEET = {
    "commodities": "commodities",
    "processes": "processes",
    "facilities": "plants",
    "projects": "plants",
    "ramps": "ramps",
    "spends": "spends",
    "stockpiles": "stockpiles",
    "build_limits": "limits",
}
# The space of what the value of a filter names, by its field.
_OF_FIELD = {
    "commodity": "commodities",
    "process": "processes",
    "project": "plants",
    "facility": "plants",
}


@dataclass(frozen=True, slots=True)
class Renames:
    """The new ids of one workbook, by space and id without case."""

    new: Mapping[str, Mapping[str, str]]

    def of(self, space: str, name: str) -> str:
        """An id as it is now."""
        return self.new.get(space, {}).get(name.strip().casefold(), name)

    def line(self, line: Line) -> Cells:
        """The cells of a row with every id in them as it is now."""
        sheet = line.row.sheet
        cells = dict(line.cells)
        for column in SHEET[sheet].columns:
            text = line.text(column.name)
            if text:
                space = _space(sheet, column.name, column.refs)
                new = self._renamed(space, column.kind, text)
                if new != text:
                    cells[column.name] = new
        field = line.text("field").casefold()
        if field in _OF_FIELD and "value" in SHEET[sheet].named_by:
            cells["value"] = self.of(_OF_FIELD[field], line.text("value"))
        if sheet in ("targets", "calibration") and line.text("scope"):
            cells["scope"] = self.scope(line)
        return cells

    def scope(self, line: Line) -> str:
        """The scope of a target or of a published figure: the commodities in it as they are now."""
        of_goods = line.row.text("metric") in ("output", "exports", "dependence", "shortfall")
        first, *rest = patterns.parts(line.row.text("scope"))
        if not of_goods or (rest and line.row.text("metric") in ("dependence", "shortfall")):
            return line.row.text("scope")
        goods = ";".join(self.of("commodities", good) for good in first.split(";"))
        return ":".join([goods, *rest])

    def value(self, sheet: str, column: str, text: str) -> str:
        """What a cell of a sheet holds, as it is now."""
        declared = next((c for c in SHEET[sheet].columns if c.name == column.casefold()), None)
        if declared is None:
            return text
        space = _space(sheet, declared.name, declared.refs)
        return self._renamed(space, declared.kind, text)

    def _renamed(self, space: str, kind: CellKind, text: str) -> str:
        if not space:
            return text
        if kind is CellKind.REFS:
            return ";".join(self.of(space, item) for item in text.split(";"))
        return self.of(space, text)


def _space(sheet: str, column: str, refs: Sequence[str]) -> str:
    for space, places in SPACES.items():
        if (sheet, column) in places:
            return space
    return next((_OF_SHEET[name] for name in refs if name in _OF_SHEET), "")


def renames_of(parts: Sequence[Part]) -> list[Renames]:
    """What is called otherwise in each workbook: every id that stands in another too, but for
    curves that are the same in all."""
    found: list[dict[str, dict[str, str]]] = [{} for _ in parts]
    for space in SPACES:
        ids = [dict(_ids(part, space)) for part in parts]
        every = {key for own in ids for key in own}
        meet = {key for key in every if sum(key in own for own in ids) > 1}
        if space in CURVES:
            meet = {key for key in meet if not _is_same(parts, space, key)}
        for part, own, new in zip(parts, ids, found, strict=True):
            new[space] = {
                key: _free(f"{part.prefix}_{name}", every)
                for key, name in own.items()
                if key in meet
            }
    return [Renames(new) for new in found]


def _ids(part: Part, space: str) -> Iterator[tuple[str, str]]:
    for sheet, column in SPACES[space]:
        for line in part.lines[sheet]:
            name = line.row.text(column)
            if name:
                yield name.casefold(), name


def _free(name: str, taken: Iterable[str]) -> str:
    known = set(taken)
    while name.casefold() in known:
        name = name.replace("_", "__", 1)
    return name


def _is_same(parts: Sequence[Part], space: str, key: str) -> bool:
    sheet, column = SPACES[space][0]
    curves = [
        tuple(sorted(line.row.years.items()))
        for part in parts
        for line in part.lines[sheet]
        if line.row.text(column).casefold() == key
    ]
    return len(set(curves)) == 1
