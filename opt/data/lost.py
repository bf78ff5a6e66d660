"""Projects that are lost to the covered bloc where they are not committed in time."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from opt.data.case import ScenarioBook
from opt.data.check import check
from opt.data.inspection import Inspection
from opt.data.instance import Project
from opt.data.merchants import check_single
from opt.data.projects import offer
from opt.data.sheets.projects import ProjectRow
from opt.errors import Effect


def with_lost(case: ScenarioBook, candidates: Mapping[str, Project]) -> dict[str, Project]:
    """Candidates with what runs of them exposed where nobody has committed them."""
    found = {
        row.project: dataclasses.replace(candidates[row.project], lost=lost(case, row))
        for row in case.rows(ProjectRow)
        if row.lost_after is not None
    }
    return {j: found.get(j, project) for j, project in candidates.items()}


def lost(case: ScenarioBook, row: ProjectRow) -> dict[int, float]:
    """Share of a project's capacity that runs exposed where it was not committed, by year in which
    any does: as a commitment of the year after lost_after would run."""
    assert row.lost_after is not None
    usable = offer(case, row, case.tags(row), row.lost_after + 1).usable
    return {t: share for t, share in usable.items() if share > 0}


@check("lost projects", "settings", "regions")
def check_lost(book: Inspection) -> None:
    """What is lost where it is not committed is one unit of one size, stands alone, does not come
    without new money, and could be clear."""
    for row in book.rows(ProjectRow):
        if row.lost_after is None:
            continue
        why = f"'{row.project}' is lost where it is not committed"
        check_single(book, row, why)
        if row.merchant is not None:
            message = f"{why}, but comes without new money."
            book.fault(row, "lost_after", message, "Empty lost_after, or merchant.")
        if row.group:
            message = f"{why}, but others of group '{row.group}' could stand in its place."
            book.fault(row, "group", message, "Empty lost_after, or group.")
        if row.lost_after >= book.last:
            message = f"it would be lost after last_year {book.last}, so it changes nothing."
            book.warn(row, "lost_after", message, effect=Effect.UNUSED)
        elif not book.is_clear(row):
            message = "it makes exposed output alone, whoever commits it."
            book.warn(
                row,
                "lost_after",
                message,
                "Empty lost_after, or mend region.",
                effect=Effect.UNUSED,
            )
