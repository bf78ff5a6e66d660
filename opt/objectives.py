"""Every objective, one row each: what a pass can make small, and all that must be known of it.

The one place that says which objectives there are. How each is written in the model stands in
opt.model.objectives, and how it is recomputed from a written answer in opt.audit.passes, in
arithmetic of their own; both name every row of this table.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from enum import StrEnum

# Stands for the year in the name and words of an objective that is asked for one.
ANY_YEAR = "YEAR"
_OF_A_YEAR = re.compile(r"(.+)@([0-9]{4})")


class ObjectiveKind(StrEnum):
    """What the value of an objective is, as a person reads it."""

    SHARE = "share"
    MONEY = "USD million"
    MASS = "units"


@dataclass(frozen=True, slots=True, kw_only=True)
class Objective:
    """One objective.

    `passes` are those of a run that asks for it, in order, without the closing world pass; empty
    where none can ask for it. `floor` says that its value is never below 0, so that a plan at 0
    needs no search; `needs_network` that it counts more than clear flows; `weighs_prices` that it
    takes the prices of demand; `needs_target` that it means nothing unless something must be
    reached, `needs_worth` unless it is said what a point of dependence is worth. `year` is the year
    of one that was asked for a year, whose row is `row`.
    """

    name: str
    words: str
    kind: ObjectiveKind
    floor: bool = True
    needs_network: bool = False
    weighs_prices: bool = False
    needs_target: bool = False
    needs_worth: bool = False
    passes: tuple[str, ...] = ()
    row: str = ""
    year: int | None = None

    def of(self, year: int) -> Objective:
        """The same objective in one year."""

        def named(text: str) -> str:
            return text.replace(ANY_YEAR, str(year))

        return dataclasses.replace(
            self,
            name=named(self.name),
            words=named(self.words),
            passes=tuple(map(named, self.passes)),
            row=self.name,
            year=year,
        )


_USUAL = ("dependence", "shortfall", "cost")

OBJECTIVES = (
    Objective(
        name="dependence",
        words="dependence over the counted years",
        kind=ObjectiveKind.SHARE,
        passes=_USUAL,
    ),
    Objective(
        name="cost",
        words="discounted cost",
        kind=ObjectiveKind.MONEY,
        floor=False,  # surplus can earn a credit
        needs_network=True,
        passes=("shortfall", "cost", "dependence"),
    ),
    Objective(
        name="public",
        words="public money",
        kind=ObjectiveKind.MONEY,
        needs_target=True,
        passes=("public", *_USUAL),
    ),
    Objective(
        name="worth",
        words="public money and dependence at what it is worth",
        kind=ObjectiveKind.MONEY,
        needs_worth=True,
        passes=("worth", *_USUAL),
    ),
    Objective(
        name="peak",
        words="dependence in the worst year",
        kind=ObjectiveKind.SHARE,
        passes=("peak", *_USUAL),
    ),
    Objective(
        name="value-weighted",
        words="dependence weighted by value",
        kind=ObjectiveKind.SHARE,
        weighs_prices=True,
        passes=("value-weighted", *_USUAL),
    ),
    Objective(
        name=f"dependence@{ANY_YEAR}",
        words=f"dependence in {ANY_YEAR}",
        kind=ObjectiveKind.SHARE,
        passes=(f"dependence@{ANY_YEAR}", *_USUAL),
    ),
    Objective(
        name="shortfall",
        words="unserved demand",
        kind=ObjectiveKind.SHARE,
        needs_network=True,
    ),
    Objective(
        name="world",
        words="shortage of everybody else",
        kind=ObjectiveKind.MASS,
        needs_network=True,
    ),
)

# What a run can be asked for, as a person types it.
ASKABLE = tuple(row.name for row in OBJECTIVES if row.passes)
# Of these, the ones that mean nothing unless something must be reached, or without what a point of
# dependence is worth.
NEED_TARGET = tuple(row.name for row in OBJECTIVES if row.needs_target)
NEED_WORTH = tuple(row.name for row in OBJECTIVES if row.needs_worth)
_ROW = {row.name: dataclasses.replace(row, row=row.name) for row in OBJECTIVES}


def find_objective(name: str) -> Objective | None:
    """The objective of a name, with its year where it has one; None where there is none."""
    of_a_year = _OF_A_YEAR.fullmatch(name)
    if of_a_year:
        row = _ROW.get(f"{of_a_year[1]}@{ANY_YEAR}")
        return row and row.of(int(of_a_year[2]))
    return None if ANY_YEAR in name else _ROW.get(name)


def objective_of(name: str) -> Objective:
    """The objective of a name. Raises KeyError where there is none."""
    found = find_objective(name)
    if found is None:
        raise KeyError(name)
    return found
