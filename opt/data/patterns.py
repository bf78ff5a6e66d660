"""What names several places or things at once: `*`, `bloc:NAME`, `mineral:NAME`, ids joined by
colons.

Lanes, markets, destinations, shocks and the scopes of targets and of calibration are written so;
this is the one place that knows how.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from opt.data.words import tidy

EVERYTHING = "*"
BLOC = "bloc:"
MINERAL = "mineral:"


def bloc_named(pattern: str) -> str | None:
    """The NAME of `bloc:NAME` as it is written; None where the pattern names no bloc."""
    return tidy(pattern[len(BLOC) :]) if pattern.casefold().startswith(BLOC) else None


def mineral_named(pattern: str) -> str | None:
    """The NAME of `mineral:NAME` as it is written; None where the pattern names no mineral."""
    return tidy(pattern[len(MINERAL) :]) if pattern.casefold().startswith(MINERAL) else None


def members(pattern: str, blocs: Mapping[str, str]) -> frozenset[str]:
    """The regions that a region, `bloc:NAME` or `*` means; `blocs` maps regions to blocs."""
    if pattern == EVERYTHING:
        return frozenset(blocs)
    bloc = bloc_named(pattern)
    if bloc is None:
        return frozenset([pattern])
    return frozenset(region for region, own in blocs.items() if own == bloc.casefold())


def score(pattern: str) -> int:
    """How specific a pattern is: 2 for an id, 1 for a bloc or a mineral, 0 for `*`."""
    if pattern == EVERYTHING:
        return 0
    return 2 if bloc_named(pattern) is None and mineral_named(pattern) is None else 1


def match(pattern: str, region: str, bloc: str) -> int | None:
    """The score of a pattern that matches a region of a bloc; None where it does not."""
    if pattern == EVERYTHING:
        return 0
    if pattern == region:
        return 2
    return 1 if pattern == BLOC + bloc else None


def match_good(pattern: str, commodity: str, mineral: str) -> int | None:
    """The score of a pattern that matches a commodity of a mineral; None where it does not."""
    if pattern == EVERYTHING:
        return 0
    if pattern == commodity:
        return 2
    named = mineral_named(pattern)
    return 1 if named is not None and named.casefold() == mineral.casefold() else None


def most_specific(region: str, bloc: str) -> tuple[str, str, str]:
    """The patterns that match a region, the one that wins first."""
    return region, BLOC + bloc, EVERYTHING


def parts(text: str) -> list[str]:
    """What stands between colons, `bloc:NAME` and `mineral:NAME` as one part."""
    found: list[str] = []
    for part in map(tidy, text.split(":")):
        if found and f"{found[-1].casefold()}:" in (BLOC, MINERAL):
            found[-1] = f"{found[-1].casefold()}:{part}"
        else:
            found.append(part)
    return found


def casefolded(values: Iterable[str]) -> frozenset[str]:
    """Names as filters compare them: without case, blanks left out."""
    return frozenset(value.casefold() for value in values if value)
