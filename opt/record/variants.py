"""Variants and scenarios of a workbook beside its base case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from opt.record.columns import MUSD, SHARE, Col
from opt.record.shown import Shown

# An answer too, where there is no plan to tell of.
NO_PLAN = "no plan obeys every rule"


def case_words(variant: str, scenario: str) -> str:
    """What a case is called by its variant and scenario, each blank for none."""
    named = (("variant", variant), ("scenario", scenario))
    return ", ".join(f"{what} {name}" for what, name in named if name) or "the base case"


@dataclass(frozen=True, slots=True)
class VariantResult:
    """What one of them comes to: the best plan, what no plan can beat, and the same case without
    new money in both senses. A blank: not known, for the `reason` that is given."""

    variant: Annotated[str, Col("Variant of the workbook; blank for none")]
    scenario: Annotated[str, Col("Scenario; blank: the base case")]
    dependence: Annotated[float | None, Col("Best plan found, counted years", SHARE)]
    bound: Annotated[float | None, Col("No plan can beat", SHARE)]
    merchants: Annotated[
        float | None, Col("No new money, with what comes without it, counted years", SHARE)
    ]
    frozen: Annotated[float | None, Col("No new money, existing and committed plants alone", SHARE)]
    last_year: Annotated[float | None, Col("The plan in the last counted year", SHARE)]
    public_musd: Annotated[float | None, Col("Public money of the plan", MUSD)]
    capex_musd: Annotated[float | None, Col("Capital cost of the plan", MUSD)]
    projects: Annotated[int | None, Col("Projects of which a unit is committed")]
    placeholders: Annotated[int | None, Col("Those of them that nobody has announced")]
    reason: Annotated[str, Col("Why something is not known")] = ""

    @property
    def words(self) -> str:
        """What the case is called."""
        return case_words(self.variant, self.scenario)


@dataclass(frozen=True, slots=True)
class Variants(Shown):
    """How far the answer moves with what stands in variants and scenarios in place of the base
    case, which comes first."""

    rows: tuple[VariantResult, ...]

    @property
    def complete(self) -> bool:
        """Whether every question was answered."""
        return all(row.reason in ("", NO_PLAN) for row in self.rows)
