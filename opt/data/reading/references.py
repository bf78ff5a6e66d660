"""Ids and what names them: one spelling each, every name found, no key twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from opt.data import patterns
from opt.data.patterns import BLOC, EVERYTHING, MINERAL, bloc_named, mineral_named
from opt.data.reading.log import Log
from opt.data.reading.lookalikes import report_lookalikes
from opt.data.sheets.columns import CellKind, Column, Sheet
from opt.data.sheets.registry import SHEET, SHEETS
from opt.data.sheets.setup import BLOCS
from opt.data.tables import Row, Value
from opt.data.words import did_you_mean, is_total, names_in, near, tidy

Spellings = dict[str, dict[str, str]]  # sheet or field -> name without case -> name as defined

_FILTER_SHEETS = {
    "region": "regions",
    "commodity": "commodities",
    "process": "processes",
    "project": "projects",
    "facility": "facilities",
    "programme": "programmes",
    "origin": "regions",
    "destination": "regions",
}
_FLOW_SHOCKS = (
    "lane",
    "demand",
    "price",
    "uptake",
)  # their stage is the commodity's, else the process's
_FILTERED = ("eligibility", "private_capital", "build_limits", "shocks")
# Columns of text that name what another sheet names so, by sheet.
_NAMES: dict[str, tuple[str, ...]] = {
    "private_capital": ("mineral",),
    "build_limits": ("mineral",),
    "uptake": ("segment", "mineral"),
    "shocks": ("mineral",),
}
# Columns of labels, which no sheet defines: the first spelling of one holds.
_LABELS = {
    "element": "elements",
    "plan": "plan",
    "stage": "stage",
    "mineral": "mineral",
    "segment": "segment",
}
_SCOPES: dict[str, tuple[tuple[str, ...], ...]] = {
    "world_share": (("stage",), ("bloc", "regions")),
    "output": (("commodities",), ("bloc", "regions", "world")),
    "exports": (
        ("commodities",),
        ("bloc", "regions", "world"),
        ("bloc", "regions", "any", "world"),
    ),
    "dependence": (("commodities", "elements", "all"),),
}
_WORDS = {
    "stage": "stage",
    "bloc": "bloc",
    "regions": "region",
    "commodities": "commodity",
    "elements": "element",
    "all": "all",
    "any": "any",
    "world": "world",
}
_OF_MINERALS = ("world_share", "dependence")  # whose scope can be one mineral's
_LISTED = ("commodities",)  # parts of a scope that take several ids, separated by ;


def resolve_references(
    typed: Mapping[str, list[Row]], misread: frozenset[str], log: Log
) -> tuple[dict[str, tuple[Row, ...]], frozenset[str]]:
    """Rows with every id in its defining spelling, and the sheets from which rows were left out.

    Names of the sheets `misread` are taken on trust. Left out are rows without a required value
    and the later of two rows with one key.
    """
    names = _spellings(typed)
    report_lookalikes(typed, log)
    rows: dict[str, tuple[Row, ...]] = {}
    broken = set()
    for sheet in SHEETS:
        mended = [
            _Mender(row, names, misread, log).mend(sheet) for row in typed.get(sheet.name, ())
        ]
        whole = [row for row in mended if all(row[c.name] is not None for c in _required(sheet))]
        rows[sheet.name] = _without_doubles(sheet, whole, log)
        if len(rows[sheet.name]) < len(mended):
            broken.add(sheet.name)
    return rows, frozenset(broken)


def _required(sheet: Sheet) -> list[Column]:
    return [column for column in sheet.columns if column.required]


def _takes_bloc(column: Column) -> bool:
    return column.kind is CellKind.PATTERN and "regions" in column.refs


def _defining(sheet: Sheet) -> str | None:
    """The column whose ids other sheets may name."""
    if len(sheet.key) == 1 and sheet.column(sheet.key[0]).kind is CellKind.ID:
        return sheet.key[0]
    return None


def _spellings(typed: Mapping[str, list[Row]]) -> Spellings:
    """First spelling of every id by sheet, and of every free name that filters may match."""
    names: Spellings = {"bloc": {bloc: bloc for bloc in BLOCS}, "all": {"all": "all"}}
    names |= {word: {word: word} for word in ("any", "world")}
    for sheet in SHEETS:
        defining = _defining(sheet)
        if defining:
            names[sheet.name] = _first_spelling(typed.get(sheet.name, ()), defining)
    for key, sheets, column in (
        ("stage", ("processes", "commodities", "projects"), "stage"),
        ("process stage", ("processes", "projects"), "stage"),
        ("commodity stage", ("commodities",), "stage"),
        ("mineral", ("commodities",), "mineral"),
        ("segment", ("demand",), "segment"),
        ("elements", ("contents",), "element"),
        ("plan", ("plans",), "plan"),
        ("build_limits", ("build_limits",), "limit"),
    ):
        rows = [row for sheet_name in sheets for row in typed.get(sheet_name, ())]
        names[key] = _first_spelling(rows, column)
    return names


def _first_spelling(rows: Sequence[Row], column: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows:
        text = row.text(column)
        if text:
            found.setdefault(text.casefold(), text)
    return found


@dataclass(frozen=True, slots=True)
class _Mender:
    """Puts one row's names into their defining spelling; notes those that are not defined."""

    row: Row
    names: Spellings
    misread: frozenset[str]
    log: Log

    def mend(self, sheet: Sheet) -> Row:
        """The row with every name in its defining spelling."""
        values = dict(self.row.values)
        for column in sheet.columns:
            value = values[column.name]
            if value is not None:
                values[column.name] = self._canonical(column, value)
        if sheet.name in _FILTERED and values.get("field") and values.get("value"):
            values["value"] = self._filter_value(str(values["field"]), str(values["value"]))
        for column_name in _NAMES.get(sheet.name, ()):
            text, known = values[column_name], self.names[column_name]
            if text:
                values[column_name] = self._among(column_name, str(text), column_name, known)
        if sheet.name == "calibration" and values["metric"]:
            values["scope"] = self._scope(_SCOPES[str(values["metric"])])
        return replace(self.row, values=values)

    def _canonical(self, column: Column, value: Value) -> Value:
        if column.kind is CellKind.REF:
            return self._look(column, str(value))
        if column.kind is CellKind.REFS and isinstance(value, tuple):
            return tuple(item for item in (self._look(column, v) for v in value) if item) or None
        if column.kind is CellKind.PATTERN:
            mineral = mineral_named(str(value)) if "commodities" in column.refs else None
            if mineral is not None:
                return self._mineral(column.name, mineral)
            bloc = bloc_named(str(value)) and _takes_bloc(column)
            return value if value == EVERYTHING or bloc else self._look(column, str(value))
        if column.name in _LABELS:
            return self.names[_LABELS[column.name]].get(str(value).casefold(), value)
        return value

    def _mineral(self, column: str, text: str) -> str | None:
        """`mineral:NAME` with the name in its defining spelling."""
        found = self._among(column, text, "mineral", self.names["mineral"])
        return MINERAL + found if found else None

    def _look(self, column: Column, text: str) -> str | None:
        """The defining spelling; a fault and the nearest name where it is not defined."""
        for sheet in column.refs:
            if text.casefold() in self.names[sheet]:
                return self.names[sheet][text.casefold()]
        known = [name for sheet in column.refs for name in self.names[sheet].values()]
        if self.misread.intersection(column.refs):
            return text  # what that sheet defines is not known, which is reported
        if _takes_bloc(column) and text.casefold() in BLOCS:
            known = [BLOC + text.casefold()]
        several = column.kind is CellKind.REFS
        hint = _mend(text, known, "Add it there, or mend the name.", takes_several=several)
        message = f"'{text}' is not in sheet {' or '.join(column.refs)}."
        self.log.fault(self.row.sheet, self.row.cell(column.name), text, message, hint)
        return near(text, known)

    def _filter_value(self, field: str, text: str) -> Value:
        if field == "all":
            return text
        bloc = bloc_named(text) if field in ("origin", "destination") else None
        if bloc is not None:
            found = self._among("value", bloc, "bloc", self.names["bloc"])
            return BLOC + found if found else None
        return self._among("value", text, field, self._options(field))

    def _options(self, field: str) -> dict[str, str]:
        if field == "stage":
            if self.row.sheet == "eligibility":  # a stockpile's stage is the commodity's
                return self.names["stage"]
            what = self.row.values.get("what")
            return self.names["commodity stage" if what in _FLOW_SHOCKS else "process stage"]
        return self.names[_FILTER_SHEETS.get(field, field)]

    def _among(self, column: str, text: str, kind: str, options: Mapping[str, str]) -> str | None:
        """The text in its defining spelling; text that is spelt exactly so always counts."""
        if text in options.values():
            return text
        found = options.get(text.casefold())
        if found or (self.misread and not options):
            return found or text
        hint = _mend(text, options.values(), f"No {kind} of this name is in the workbook.")
        article = "an" if kind[0] in "aeiou" else "a"
        message = f"'{text}' is not {article} {kind}."
        self.log.fault(self.row.sheet, self.row.cell(column), text, message, hint)
        return near(text, options.values())

    def _scope(self, kinds: tuple[tuple[str, ...], ...]) -> Value:
        text = self.row.text("scope")
        parts = patterns.parts(text)
        own = mineral_named(parts[-1]) if self.row.text("metric") in _OF_MINERALS else None
        mineral = [] if own is None else [self._mineral("scope", own) or parts[-1]]
        parts = parts[:-1] if mineral else parts
        if mineral and not parts and self.row.text("metric") == "dependence":
            return mineral[0]
        if len(parts) != len(kinds):
            form = ":".join(" or ".join(_WORDS[kind] for kind in group) for group in kinds)
            cell = self.row.cell("scope")
            message = f"'{text}' is not of the form {form}."
            self.log.fault("calibration", cell, text, message, "Mend the scope.")
            return text
        found = []
        for part, group in zip(parts, kinds, strict=True):
            # Of two meanings of a word the earlier kind holds: a region called world is a region.
            last = reversed(group)
            options = {key: name for kind in last for key, name in self.names[kind].items()}
            words = " or ".join(_WORDS[kind] for kind in group)
            items = part.split(";") if group == _LISTED else [part]
            named = [self._among("scope", tidy(i), words, options) or tidy(i) for i in items]
            found.append(";".join(named))
        return ":".join([*found, *mineral])


def _mend(text: str, known: Iterable[str], otherwise: str, *, takes_several: bool = False) -> str:
    """What may be meant by a name that is not defined; never fewer things, nor other ones, than
    it may name."""
    if is_total(text):
        return "Delete the row if it holds totals."
    known = list(known)
    several = names_in(text, {name.casefold(): name for name in known})
    if several and takes_several:
        return f"Separate ids by ; alone: {';'.join(several)}."
    if several:
        return "One name can stand here: write a row for each."
    return did_you_mean(text, known, otherwise)


def _without_doubles(sheet: Sheet, rows: Sequence[Row], log: Log) -> tuple[Row, ...]:
    first: dict[tuple[str, ...], Row] = {}
    kept = []
    for row in rows:
        if not sheet.key:
            kept.append(row)
            continue
        key = tuple(_key_part(sheet, row, column) for column in sheet.key)
        if key in first:
            column = sheet.key[0]
            shown = " / ".join(row.text(part) for part in sheet.key if row.text(part))
            also = first[key].cell(column)
            message = f"'{shown}' is used twice (also {also})."
            log.issues.append(row.issue(column, message, "Keep one."))
        else:
            first[key] = row
            kept.append(row)
    return tuple(kept)


def _key_part(sheet: Sheet, row: Row, column: str) -> str:
    text = row.text(column)
    return text.casefold() if SHEET[sheet.name].column(column).kind is CellKind.ID else text
