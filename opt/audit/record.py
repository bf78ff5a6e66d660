"""run.json held against what it should say: every key, every number, nothing more.

A section of run.json is worked out as plain data of the same form, in which a number stands as
`Near`, a list of objects as `Rows`, and what nothing else in the folder tells as `Told`. The
comparison yields one Check a value. A number may differ by LIMIT of itself, or of its floor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, NoReturn

from opt.audit.check import FLOOR, Check, Place, equal, holds
from opt.audit.evidence import Evidence
from opt.errors import InputError, Issue
from opt.record.broken import REPAIR
from opt.record.shape import NUMBER, TEXT, TRUTH, Kind, is_kind

MONEY_FLOOR = 1e-3  # USD million: sums of payments differ by rounding alone
PRICE_FLOOR = 1.0  # USD per unit: a gap is a difference of prices
KINDS: Mapping[type, Kind] = {bool: TRUTH, str: TEXT, int: NUMBER, float: NUMBER}
OBJECT, LIST = Kind((dict,), "an object"), Kind((list,), "a list")
WIDEST = 1e-6  # of the largest amount of a case, as a floor: rounding of that amount is no finding


class Near(NamedTuple):
    """A number, the floor of the scale by which a difference from it is measured, and by how much
    it may differ beside."""

    value: float
    floor: float
    slack: float = 0.0


class Told(NamedTuple):
    """A value that nothing else in the folder tells: of a kind, and where a set is given in it."""

    kind: Kind
    among: frozenset[Any] | None = None


class Rows(NamedTuple):
    """A list of objects, each found by the values of its keys; `spare` ones may be left out."""

    keys: tuple[str, ...]
    rows: Sequence[Mapping[str, Any]]
    spare: Sequence[Mapping[str, Any]] = ()


class Scales(NamedTuple):
    """Makers of numbers of one case: shares, USD million, units, USD per unit."""

    money: float
    mass: float

    def share(self, value: float | None) -> Near | None:
        """A share, or an index made of shares."""
        return None if value is None else Near(value, FLOOR)

    def musd(self, value: float | None) -> Near | None:
        """USD million."""
        return None if value is None else Near(value, self.money)

    def units(self, value: float | None) -> Near | None:
        """Units of mass or activity, weighted or not."""
        return None if value is None else Near(value, self.mass)

    def usd(self, value: float | None) -> Near | None:
        """USD per unit."""
        return None if value is None else Near(value, PRICE_FLOOR)


def scales_of(evidence: Evidence) -> Scales:
    """The floors of a case: of money a thousand dollars, of mass a millionth of the largest
    demand, and of both at least what rounding of the largest amounts needs."""
    paid = [made.capex_musd for made in evidence.answer.commitments]
    asked = max(evidence.case.demand.values(), default=0.0)
    return Scales(max(MONEY_FLOOR, WIDEST * sum(paid)), WIDEST * (asked or 1.0))


def compare(place: Place, expected: Any, given: Any) -> Iterator[Check]:
    """One Check for every value expected or given.

    Raises InputError where a key is missing or a value is of another kind.
    """
    if isinstance(expected, Told):
        _demand(place, given, expected.kind)
        yield holds(place, expected.among is None or given in expected.among)
    elif isinstance(expected, Near):
        yield _near(place, expected, given)
    elif isinstance(expected, Rows):
        yield from _rows(place, expected, given)
    elif isinstance(expected, Mapping):
        yield from _object(place, expected, given)
    elif isinstance(expected, list | tuple):
        yield from _list(place, expected, given)
    else:
        if expected is not None and given is not None:
            _demand(place, given, KINDS[type(expected)])
        yield holds(place, type(expected) is type(given) and expected == given)


def _near(place: Place, expected: Near, given: Any) -> Check:
    if given is None:
        return holds(place, False)
    _demand(place, given, NUMBER)
    check = equal(place, given, expected.value, expected.floor)
    return check._replace(excess=check.excess - expected.slack)


def _object(place: Place, expected: Mapping[str, Any], given: Any) -> Iterator[Check]:
    if given is None:
        yield holds(place, False)
        return
    _demand(place, given, OBJECT)
    for key, value in expected.items():
        if key not in given:
            _refuse((*place, key), "is missing")
        yield from compare((*place, key), value, given[key])
    yield from (holds((*place, key, "is unknown"), False) for key in given if key not in expected)


def _list(place: Place, expected: Sequence[Any], given: Any) -> Iterator[Check]:
    _demand(place, given, LIST)
    yield holds((*place, "length"), len(given) == len(expected))
    for number, (left, right) in enumerate(zip(expected, given, strict=False)):
        yield from compare((*place, number), left, right)


def _rows(place: Place, expected: Rows, given: Any) -> Iterator[Check]:
    """Rows by their keys; the order of a list is not looked at."""
    _demand(place, given, LIST)
    rows = {_key(expected.keys, row): row for row in expected.rows}
    spare = {_key(expected.keys, row): row for row in expected.spare}
    found: dict[tuple[str, ...], Any] = {}
    for number, row in enumerate(given):
        _demand((*place, number), row, OBJECT)
        for key in expected.keys:
            if key not in row:
                _refuse((*place, number, key), "is missing")
        found[_key(expected.keys, row)] = row
    yield holds((*place, "rows"), len(found) == len(given))
    for lost in sorted(rows.keys() - found.keys()):
        yield holds((*place, *lost, "is missing"), False)
    for place_of, row in found.items():
        own = rows.get(place_of) or spare.get(place_of)
        if own is None:
            yield holds((*place, *place_of, "is unknown"), False)
        else:
            yield from compare((*place, *place_of), own, row)


def _key(keys: tuple[str, ...], row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(row[key]) for key in keys)


def _demand(place: Place, given: Any, kind: Kind) -> None:
    """Refuse a value that is not of its kind."""
    if not is_kind(given, kind):
        _refuse(place, f"is not {kind.words}")


def _refuse(place: Place, message: str) -> NoReturn:
    where = ".".join(map(str, place))
    raise InputError([Issue("run.json", where, "", f"{where} {message}.", REPAIR)])


def compare_table(name: str, expected: Rows, lines: Iterable[Mapping[str, Any]]) -> Iterator[Check]:
    """The lines of a table, cells by column, against rows of its columns."""
    yield from _rows((name,), expected, list(lines))
