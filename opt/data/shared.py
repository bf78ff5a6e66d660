"""Programmes that several workbooks share: what their chains may take of one, together."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from opt.data.book import Book
from opt.data.sheets.money import ProgrammeRow
from opt.data.tables import Tables
from opt.data.words import plain
from opt.errors import Effect, Issue

ROUNDING = 1e-9  # of a share or an amount


class Claim(NamedTuple):
    """What one workbook says of a programme."""

    workbook: str
    years: range
    row: ProgrammeRow


def check_shared(workbooks: Mapping[str, Tables]) -> dict[str, list[Issue]]:
    """Warnings, by workbook, where the shares of one programme add up to more than 1, and where its
    amount or limits differ: both are the whole programme's. Programmes are one by their ids."""
    claims: dict[str, list[Claim]] = {}
    for name, tables in workbooks.items():
        book = Book(tables)
        for row in book.rows(ProgrammeRow):
            claims.setdefault(row.programme.casefold(), []).append(Claim(name, book.years, row))
    found: dict[str, list[Issue]] = {name: [] for name in workbooks}
    for held in claims.values():
        if len(held) > 1:
            _check_shares(held, found)
            _check_amounts(held, found)
    return found


def _check_shares(held: Sequence[Claim], found: Mapping[str, list[Issue]]) -> None:
    taken = sum(claim.row.share for claim in held)
    if taken <= 1 + ROUNDING:
        return
    parts = ", ".join(f"{plain(claim.row.share)} in {claim.workbook}" for claim in held)
    for workbook, _, row in held:
        message = f"the shares of programme '{row.programme}' add up to {plain(taken)} ({parts})."
        issue = row.issue("share", message, "Lower the shares until they add up to 1 at most.")
        found[workbook].append(
            dataclasses.replace(
                issue,
                common="the shares of a programme add up to more than 1 over the workbooks",
                subject=f"{row.programme} {plain(taken)}",
                effect=Effect.UNLIMITED,
            )
        )


def _check_amounts(held: Sequence[Claim], found: Mapping[str, list[Issue]]) -> None:
    first = held[0]
    for claim in held[1:]:
        for column, own, other in _differences(claim, first):
            name = claim.row.programme
            message = (
                f"{column} of programme '{name}' is {own} here and {other} in {first.workbook}."
            )
            hint = "Amount and limits are the whole programme's: type the same in both."
            found[claim.workbook].append(
                dataclasses.replace(
                    claim.row.issue(column, message, hint),
                    common=f"amounts and limits that differ from those in {first.workbook}",
                    subject=f"{name} {column} {own}, not {other}",
                    effect=Effect.TAKEN,
                )
            )


def _differences(one: Claim, other: Claim) -> list[tuple[str | int, str, str]]:
    """The columns of amount and limits in which two rows differ, with what stands in each; limits
    in the years of both plans."""
    pairs: list[tuple[str | int, float | None, float | None]] = [
        ("amount", one.row.amount, other.row.amount)
    ]
    limits, others = one.row.years, other.row.years
    pairs += [(t, limits.get(t), others.get(t)) for t in one.years if t in other.years]
    return [(column, _words(a), _words(b)) for column, a, b in pairs if not _same(a, b)]


def _same(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is other
    return math.isclose(one, other, rel_tol=ROUNDING)


def _words(amount: float | None) -> str:
    return "blank" if amount is None else plain(amount)
