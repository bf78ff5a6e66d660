"""Whom programmes may pay, beside the sentence of the fine print applied to every pair: rows of one
field join by or, fields by and, and never excludes."""

from __future__ import annotations

from pathlib import Path

import pytest
from random_cases import random_case

from opt.data.book import Book, PlantRow
from opt.data.reader import read
from opt.data.sheets.money import EligibilityRow, ProgrammeRow
from opt.data.sheets.projects import ProjectRow
from opt.data.sheets.stock import StockpileRow
from opt.errors import InputError

SEEDS = range(12)


def rules_that_match(
    book: Book, programme: ProgrammeRow, thing: PlantRow | StockpileRow
) -> list[EligibilityRow] | None:
    """The rows that match a thing, None where it may not be paid."""
    rules = [r for r in book.rows(EligibilityRow) if r.programme == programme.programme]
    met = [row for row in rules if book.matches(thing, row.field, row.value)]
    if any(row.rule == "never" for row in met):
        return None
    for field in {row.field for row in rules if row.rule == "only"}:
        if not any(row.field == field and row.rule == "only" for row in met):
            return None
    return met


def share(book: Book, programme: ProgrammeRow, project: ProjectRow) -> float:
    """The smallest max_share that holds; nothing where no capital is paid."""
    met = rules_that_match(book, programme, project)
    if met is None or "capex" not in programme.pays_for:
        return 0.0
    return min(
        programme.max_share, *(1.0 if row.max_share is None else row.max_share for row in met), 1.0
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_takers_and_payers_are_those_of_every_pair(tmp_path: Path, seed: int) -> None:
    try:
        book = Book(read(random_case(tmp_path, seed)))
    except InputError:
        pytest.skip("a random case that is refused")
    things = (*book.plants, *book.rows(StockpileRow))
    programmes = book.rows(ProgrammeRow)
    for programme in programmes:
        met = [rules_that_match(book, programme, thing) for thing in things]
        assert [book.matching(programme, thing) for thing in things] == met
        may = [thing for thing, rules in zip(things, met, strict=True) if rules is not None]
        assert book.takers(programme) == may
    for project in book.rows(ProjectRow):
        paying = [k for k in programmes if share(book, k, project) > 0]
        assert book.payers(project) == paying


def test_the_random_cases_have_both_kinds(tmp_path: Path) -> None:
    found = set()
    for seed in SEEDS:
        try:
            book = Book(read(random_case(tmp_path / f"{seed}", seed)))
        except InputError:
            continue
        found |= {
            book.eligible(programme, plant)
            for programme in book.rows(ProgrammeRow)
            for plant in book.plants
        }
        found |= {row.rule for row in book.rows(EligibilityRow)}
    assert {True, False, "only", "never"} <= found
