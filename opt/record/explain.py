"""Why a project is in the best plan or not, what would change that, and what binds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from opt.record.columns import MUSD, SHARE, YEAR, Col, key_values
from opt.record.projects import PROJECT
from opt.record.shown import Shown

CAPITAL, LEAD_TIME, MONEY = "capital", "lead_time", "money"
EVERY_PROJECT = "every project"
NOT_PROVEN = "that it loses anything is not proven, so what would make it good was not asked"
RISE = "Rise of dependence over the best plan"
NONE_KNOWN = "blank: no plan is known"
NO_PLAN = "blank: no plan obeys every rule"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What it would take for a project to cost nothing in dependence: of its capital so much less,
    its lead time so many years shorter, or so much more money in a programme, all else as it is.
    `enough` is shown by a plan that was found, `not_enough` is proven."""

    project: Annotated[str, PROJECT]
    what: Annotated[str, Col("capital, lead_time or money")]
    programme: Annotated[str, Col("The programme of money; else blank")]
    not_enough: Annotated[float, Col("So much is proven not to be enough", "share, years or USD m")]
    enough: Annotated[
        float | None,
        Col("So much is enough; blank: not the most that was tried", "share, years or USD m"),
    ]
    tried: Annotated[float, Col("The most that was tried", "share, years or USD m")]
    reason: Annotated[str, Col("Why the search for it stopped; blank where it did not")] = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """One project: what forcing it in and forcing it out loses, each from what is proven to what a
    plan that was found comes to; the money that makes good the loss of the other decision, every
    programme raised by the same part; and what then leaves and joins the best plan, in the plan
    that was found for it."""

    project: Annotated[str, PROJECT]
    name: Annotated[str, Col("Name")]
    chosen: Annotated[bool, Col("Whether the best plan builds it")]
    in_low: Annotated[float, Col(f"{RISE}, forced in, at least; {NO_PLAN}", SHARE, blank=math.inf)]
    in_high: Annotated[
        float, Col(f"{RISE}, forced in, at most; {NONE_KNOWN}", SHARE, blank=math.inf)
    ]
    out_low: Annotated[
        float, Col(f"{RISE}, forced out, at least; {NO_PLAN}", SHARE, blank=math.inf)
    ]
    out_high: Annotated[
        float, Col(f"{RISE}, forced out, at most; {NONE_KNOWN}", SHARE, blank=math.inf)
    ]
    money_low: Annotated[float, Col("So much more public money does not make good the loss", MUSD)]
    money_high: Annotated[
        float | None,
        Col("So much does; blank: not twice the money of every programme, or not asked", MUSD),
    ]
    leaves: tuple[str, ...]
    joins: tuple[str, ...]
    would_take: tuple[Wanted, ...]
    reason: Annotated[str, Col("Why there is no plan, or no answer; blank where all is known")] = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What it loses if a project, or every project, can first be committed a year later."""

    project: Annotated[str, Col(f"Project of the best plan, or {EVERY_PROJECT}")]
    loss_low: Annotated[float, Col(f"{RISE}, at least; {NO_PLAN}", SHARE, blank=math.inf)]
    loss_high: Annotated[float, Col(f"{RISE}, at most; {NONE_KNOWN}", SHARE, blank=math.inf)]
    reason: Annotated[str, Col("Why there is no plan, or no answer; blank where all is known")] = ""


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """Where the run's supply of allies still first touches the covered bloc in a year: the stage of
    the largest share, and the element that depends most."""

    year: Annotated[int, Col("Year", YEAR)]
    stage: Annotated[str, Col("Stage")]
    share: Annotated[float, Col("Share of weighted allied demand that it holds exposed", SHARE)]
    element: Annotated[str, Col("Element that depends most; blank without contents")]


@dataclass(frozen=True, slots=True)
class Explanation(Shown):
    """Why projects are in the best plan or not, what waiting a year loses, where the chain still
    touches the covered bloc, and what the next billion of each programme does: `next_dollar`, by
    programme, pairs of amount and least dependence found, the amount as it is first. `best` is the
    dependence of the best plan, `bound` what no plan can beat. `not_known` says what was not
    answered, and why."""

    best: float
    bound: float
    projects: tuple[Explained, ...]
    waiting: tuple[Waiting, ...]
    bottlenecks: tuple[Bottleneck, ...]
    next_dollar: dict[str, tuple[tuple[float, float], ...]]
    not_known: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every question was answered."""
        return not self.not_known

    def document(self) -> dict[str, Any]:
        """All of it as plain data; of a project force_in and force_out are pairs, at least and at
        most."""
        values = key_values(self)
        values["projects"] = [_public(row) for row in values["projects"]]
        return values

    @classmethod
    def fields_of(cls, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """The values of its fields, those of a project out of their pairs."""
        return {**document, "projects": [_own(row) for row in document["projects"]]}


_PAIRS = {"force_in": "in", "force_out": "out", "makes_good_musd": "money"}


def _own(row: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a project out of what `_public` makes of it."""
    values = dict(row)
    for pair, name in _PAIRS.items():
        values[f"{name}_low"], values[f"{name}_high"] = values.pop(pair)
    return {**values, **values.pop("gives_way")}


def _public(row: dict[str, Any]) -> dict[str, Any]:
    names = ("in_low", "in_high", "out_low", "out_high", "money_low", "money_high")
    parts = {name: row.pop(name) for name in (*names, "leaves", "joins")}
    return {
        **row,
        "force_in": [parts["in_low"], parts["in_high"]],
        "force_out": [parts["out_low"], parts["out_high"]],
        "makes_good_musd": [parts["money_low"], parts["money_high"]],
        "gives_way": {"leaves": parts["leaves"], "joins": parts["joins"]},
    }
