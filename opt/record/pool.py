"""One joint budget against separate ones."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from opt.record.columns import MUSD, SHARE, Col
from opt.record.shown import Shown

OTHERS = "all others"  # the smallest owners, where they are taken together


@dataclass(frozen=True, slots=True)
class PoolMember:
    """One owner of programmes. Dependence and its bounds are those of the best plan with its money
    `alone`, and of that of all others (`without`). `share` is its Shapley value: what its money
    takes off dependence, averaged over all orders in which owners join; it lies between `share_low`
    and `share_high`, since values lie between plan and bound."""

    owner: Annotated[str, Col("Owner of programmes")]
    programmes: Annotated[tuple[str, ...], Col("Its programmes")]
    amount: Annotated[float, Col("What they hold", MUSD)]
    alone: Annotated[float | None, Col("Best plan with its money alone", SHARE)]
    alone_bound: Annotated[float | None, Col("No plan with it alone can beat", SHARE)]
    without: Annotated[float | None, Col("Best plan with all money but its own", SHARE)]
    without_bound: Annotated[float | None, Col("No plan without it can beat", SHARE)]
    share: Annotated[float | None, Col("What it takes off dependence: Shapley value", SHARE)]
    share_low: Annotated[float | None, Col("The same at least", SHARE)]
    share_high: Annotated[float | None, Col("The same at most", SHARE)]


@dataclass(frozen=True, slots=True)
class Coalition:
    """The best plan with the money of some owners together."""

    owners: Annotated[tuple[str, ...], Col("Owners whose money is there")]
    dependence: Annotated[float | None, Col("Best plan found", SHARE)]
    bound: Annotated[float | None, Col("No plan can beat", SHARE)]
    reason: Annotated[str, Col("Why something is not known")] = ""


@dataclass(frozen=True, slots=True)
class PoolAlly:
    """What an ally gets in the plans that were found, with all money and without that of one owner.
    Another plan as good may divide what is clear otherwise."""

    ally: Annotated[str, Col("Ally")]
    owner: Annotated[str, Col("Owner whose money leaves")]
    with_all: Annotated[float, Col("Share of its weighted demand served clear, all money", SHARE)]
    without: Annotated[float, Col("The same without that owner's money", SHARE)]


@dataclass(frozen=True, slots=True)
class Pool(Shown):
    """Dependence with no public money, with each owner's plan made alone and of these built what is
    best together under every rule (`separate`; no part of them can beat `separate_bound`), and with
    one joint plan. `allies` says who loses where an owner leaves, and so who gains where it joins
    the others, as far as both plans are known. `lapsed` are projects of the separate plans that are
    not built beside the others: money, a limit or a group keeps them out, or they add nothing.
    `shares` are Shapley values by owner."""

    nothing: float | None
    nothing_bound: float | None
    separate: float | None
    separate_bound: float | None
    joint: float | None
    joint_bound: float | None
    shares: Mapping[str, float | None]
    members: tuple[PoolMember, ...]
    coalitions: tuple[Coalition, ...]
    allies: tuple[PoolAlly, ...] = ()
    lapsed: tuple[str, ...] = ()
    reason: str = ""

    @property
    def worth(self) -> tuple[float, float] | None:
        """What the joint plan is worth beside the separate ones, a share of allied demand, from
        what is proven to what it may be (inf: nothing is); None where one of them is not known."""
        if self.joint is None or self.separate is None:
            return None
        proven = self.joint if self.separate_bound is None else self.separate_bound
        most = math.inf if self.joint_bound is None else self.separate - self.joint_bound
        return max(0.0, proven - self.joint), most

    @property
    def by_ally(self) -> Mapping[str, Mapping[str, PoolAlly]]:
        """What is known of each ally, by the owner who leaves."""
        found: dict[str, dict[str, PoolAlly]] = {}
        for row in self.allies:
            found.setdefault(row.ally, {})[row.owner] = row
        return found

    @property
    def complete(self) -> bool:
        """Whether every question was answered."""
        return not self.reason and not any(row.reason for row in self.coalitions)
