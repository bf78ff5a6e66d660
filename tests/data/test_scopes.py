"""Scopes of targets: what each text means, by hand. Scopes that cannot be read are among the faults
of test_checks."""

from __future__ import annotations

from pathlib import Path

import pytest
from cases import add, patch, tiny_case

from opt.data.book import Book
from opt.data.reader import read
from opt.data.scopes import Scope, ScopeError, read_scope

ALLIES = frozenset({"AUS", "JPN"})
CHINA = frozenset({"CHN"})
BRAZIL = frozenset({"BRA"})


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    """The example with a region of bloc other."""
    folder = tmp_path_factory.mktemp("scopes")
    return Book(read(tiny_case(folder, add("regions", region="BRA", bloc="other"))))


def share(*source: frozenset[str], users: frozenset[str] = ALLIES) -> Scope:
    """The scope of a source_share of magnets."""
    return Scope("source_share", stage="magnet", source=source, users=users)


SCOPES: list[tuple[str, str, Scope]] = [
    ("dependence", "", Scope("all")),
    ("shortfall", "All", Scope("all")),
    ("dependence", "MAGNET", Scope("commodity", commodity="magnet")),
    ("dependence", "ndpr", Scope("element", element="NdPr")),
    ("shortfall", "Vehicles", Scope("segment", segment="vehicles")),
    ("dependence", "jpn", Scope("regions", regions=frozenset({"JPN"}))),
    ("dependence", "ally", Scope("regions", regions=ALLIES)),
    ("dependence", "Bloc: ally", Scope("regions", regions=ALLIES)),
    ("source_share", "Magnet:chn", share(CHINA)),
    ("source_share", "magnet:covered", share(CHINA)),
    ("source_share", "magnet:bloc:covered", share(CHINA)),
    ("source_share", "magnet:any", share(CHINA, BRAZIL)),
    (
        "source_share",
        "magnet:any:JPN",
        share(frozenset({"AUS"}), CHINA, BRAZIL, users=frozenset({"JPN"})),
    ),
    ("source_share", "magnet:other:bloc:covered", share(BRAZIL, users=CHINA)),
    ("source_share", "magnet : bloc:ally : bloc:other", share(ALLIES, users=BRAZIL)),
    # The users' own output is not shipped: the other allies are the source.
    ("source_share", "magnet:ally:JPN", share(frozenset({"AUS"}), users=frozenset({"JPN"}))),
    ("home_share", "mining:aus", Scope("home_share", stage="mining", users=frozenset({"AUS"}))),
    (
        "home_share",
        "magnet:bloc:ally:NDPR",
        Scope("home_share", stage="magnet", users=ALLIES, element="NdPr"),
    ),
    ("output", "Oxide:AUS", Scope("output", commodity="oxide", users=frozenset({"AUS"}))),
    ("output", "oxide:bloc:ally", Scope("output", commodity="oxide", users=ALLIES)),
]


def test_a_blank_scope_is_everything_whatever_is_called_all(tmp_path: Path) -> None:
    book = Book(read(tiny_case(tmp_path, patch("demand", 1, "segment", "All"))))
    for metric in ("dependence", "shortfall"):
        assert read_scope(book, metric, "") == Scope("all")
        with pytest.raises(ScopeError, match="Leave it blank for everything, or rename the seg"):
            read_scope(book, metric, "all")


@pytest.mark.parametrize(("metric", "text", "expected"), SCOPES)
def test_scope_is_read(book: Book, metric: str, text: str, expected: Scope) -> None:
    assert read_scope(book, metric, text) == expected
