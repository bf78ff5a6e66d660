"""Scopes of targets: what each metric is measured over. Read here alone, for checks and model.

dependence, shortfall: blank or all, or a commodity, an element, a region, a bloc, a segment or
mineral:NAME. source_share: stage:source or stage:source:users; home_share: stage:users or
stage:users:element; both of one mineral alone with :mineral:NAME at the end. output:
commodity:where. A bloc is written bloc:ally, or ally where no region has that id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from opt.data import patterns
from opt.data.book import Book
from opt.data.patterns import BLOC, bloc_named, mineral_named
from opt.data.sheets.setup import BLOCS
from opt.data.sheets.targets import TargetRow
from opt.data.words import did_you_mean, listed, tidy

ANY = "any"
_ALL = "all"
_WORDS = (_ALL, ANY)  # words, not names
_BLOC = "bloc"
_FORMS = {
    "source_share": ("stage:source", "stage:source:users"),
    "home_share": ("stage:users", "stage:users:element"),
    "output": ("commodity:where",),
}
_DEMAND_KINDS = ("commodity", "element", "region", _BLOC, "segment", _ALL)
_PLACES = ("region", _BLOC)
_COLUMNS = {
    "commodity": ("commodities", "commodity"),
    "element": ("contents", "element"),
    "region": ("regions", "region"),
    "segment": ("demand", "segment"),
    "stage": ("processes", "stage"),
    "mineral": ("commodities", "mineral"),
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a target is measured, with every id in its defining spelling.

    `kind` is all, commodity, element, segment, mineral or regions for dependence and shortfall,
    else the metric; `mineral` is blank where a scope names none. `source` holds the sets of regions
    that are measured one by one. Stages and segments are matched without case. `users_named` (the
    regions, or the users) and `source_named` are a region, `bloc:` and a bloc, or `any`: how the
    scope names those sets.
    """

    kind: str
    stage: str = ""
    commodity: str = ""
    element: str = ""
    segment: str = ""
    mineral: str = ""
    regions: frozenset[str] = frozenset()
    source: tuple[frozenset[str], ...] = ()
    users: frozenset[str] = frozenset()
    users_named: str = field(default="", compare=False)
    source_named: str = field(default="", compare=False)


class ScopeError(Exception):
    """A scope that cannot be read: what is wrong, and the mend."""

    def __init__(self, message: str, hint: str) -> None:
        self.message = message
        self.hint = hint
        super().__init__(f"{message} {hint}")


def read_scope(book: Book, metric: str, text: str) -> Scope:
    """The scope of a metric of sheet targets; ScopeError where it cannot be read."""
    text = tidy(text)
    if metric not in _FORMS:
        return _demand_scope(book, text) if text else Scope(_ALL)
    if metric != "output":
        whole, mineral = _mineral_of(book, text)
        if mineral:
            return replace(read_scope(book, metric, whole), mineral=mineral)
    parts = _parts(text, _FORMS[metric])
    if metric == "source_share":
        return _source_share(book, parts)
    if metric == "home_share":
        stage, (named, users) = _one(book, parts[0], "stage"), _regions(book, parts[1])
        element = _one(book, parts[2], "element") if len(parts) > 2 else ""
        return Scope(metric, stage=stage, users=users, users_named=named, element=element)
    commodity, (named, where) = _one(book, parts[0], "commodity"), _regions(book, parts[1])
    return Scope(metric, commodity=commodity, users=where, users_named=named)


def _mineral_of(book: Book, text: str) -> tuple[str, str]:
    """A scope without the mineral at its end, and that mineral; blank where it names none."""
    *rest, last = patterns.parts(text)
    named = mineral_named(last)
    if named is None:
        return text, ""
    return ":".join(rest), _one(book, named, "mineral")


def readable(book: Book) -> Iterator[tuple[TargetRow, Scope]]:
    """The targets whose scope can be read; the check of scopes tells of the others."""
    for row in book.rows(TargetRow):
        try:
            scope = read_scope(book, row.metric, row.scope)
        except ScopeError:
            continue
        yield row, scope


def _demand_scope(book: Book, text: str) -> Scope:
    mineral = mineral_named(text)
    if mineral is not None:
        return Scope("mineral", mineral=_one(book, mineral, "mineral"))
    kind, name = _find(book, text, _DEMAND_KINDS)
    if kind == _ALL:
        return Scope(_ALL)
    if kind in _PLACES:
        regions = _members(book, kind, name)
        return Scope("regions", regions=regions, users_named=_named(kind, name))
    if kind == "commodity":
        return Scope(kind, commodity=name)
    return Scope(kind, element=name) if kind == "element" else Scope(kind, segment=name)


def _source_share(book: Book, parts: list[str]) -> Scope:
    stage = _one(book, parts[0], "stage")
    kind, name = _find(book, parts[1], (*_PLACES, ANY))
    named, users = _regions(book, parts[2] if len(parts) > 2 else f"{BLOC}ally")
    if kind == ANY:
        source = tuple(
            frozenset([region])
            for region in _options(book, "region").values()
            if region not in users
        )
    else:
        source = tuple(filter(None, [_members(book, kind, name) - users]))
    if not source:
        message = f"source '{parts[1]}' lies inside the users, so nothing comes from it."
        raise ScopeError(message, "Name a source outside the users.")
    return Scope(
        "source_share",
        stage=stage,
        source=source,
        users=users,
        users_named=named,
        source_named=_named(kind, name),
    )


def _parts(text: str, forms: tuple[str, ...]) -> list[str]:
    """The parts of a text that has one of some forms."""
    parts = patterns.parts(text)
    if len(parts) not in [form.count(":") + 1 for form in forms] or not all(parts):
        written = " or ".join(forms)
        if not text:
            raise ScopeError("scope is blank.", f"Write {written}.")
        raise ScopeError(f"'{text}' is not of the form {written}.", "Write a bloc as bloc:ally.")
    return parts


def _one(book: Book, text: str, kind: str) -> str:
    return _find(book, text, (kind,))[1]


def _regions(book: Book, text: str) -> tuple[str, frozenset[str]]:
    """How a scope names some regions, and the regions."""
    kind, name = _find(book, text, _PLACES)
    return _named(kind, name), _members(book, kind, name)


def _named(kind: str, name: str) -> str:
    return BLOC + name if kind == _BLOC else name


def _members(book: Book, kind: str, name: str) -> frozenset[str]:
    """The region itself, or the regions of the bloc: there must be one."""
    if kind == "region":
        return frozenset([name])
    members = book.members(BLOC + name)
    if not members:
        raise ScopeError(f"no region is in bloc {name}.", "Name another bloc, or a region.")
    return members


def _options(book: Book, kind: str) -> Mapping[str, str]:
    """Names of a kind by their lower case, in the spelling that stands first."""
    if kind in _COLUMNS:
        sheet, column = _COLUMNS[kind]
        return _spellings(row.text(column) for row in book.tables.rows[sheet])
    return _spellings(BLOCS if kind == _BLOC else [kind])


def _spellings(names: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        if name:
            found.setdefault(name.casefold(), name)
    return found


def _find(book: Book, text: str, kinds: tuple[str, ...]) -> tuple[str, str]:
    """The one kind and name that a text means."""
    key = text.casefold()
    bloc = bloc_named(text) if _BLOC in kinds else None
    if bloc is not None:
        return _BLOC, _bloc(bloc)
    options = {kind: _options(book, kind) for kind in kinds}
    found = [(kind, names[key]) for kind, names in options.items() if key in names]
    if not found:
        known = [name for names in options.values() for name in names.values()]
        raise _unknown(text, kinds, known)
    if len(found) > 1:
        raise _ambiguous(text, [kind for kind, _ in found])
    return found[0]


def _bloc(text: str) -> str:
    if text.casefold() in BLOCS:
        return text.casefold()
    hint = did_you_mean(text, BLOCS, f"The blocs are {listed(BLOCS)}.")
    raise ScopeError(f"'{text}' is not a bloc.", hint)


def _unknown(text: str, kinds: Iterable[str], known: Iterable[str]) -> ScopeError:
    words = [kind for kind in kinds if kind not in _WORDS]
    names = " or ".join(filter(None, [listed(words[:-1]), words[-1]]))
    hint = did_you_mean(text, known, f"No {names} of this name is in the workbook.")
    return ScopeError(f"'{text}' is not {_article(names)}.", hint)


def _article(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def _ambiguous(text: str, kinds: Sequence[str]) -> ScopeError:
    meanings = " and ".join(
        f"the word {kind}" if kind in _WORDS else f"the name of {_article(kind)}" for kind in kinds
    )
    hint = f"Write {BLOC}{text} for the bloc, or rename the other."
    if _ALL in kinds:
        other = next(kind for kind in kinds if kind != _ALL)
        hint = f"Leave it blank for everything, or rename the {other}."
    elif _BLOC not in kinds:
        hint = f"Rename the {next(kind for kind in kinds if kind not in _WORDS)}."
    return ScopeError(f"'{text}' is {meanings}: which is meant?", hint)
