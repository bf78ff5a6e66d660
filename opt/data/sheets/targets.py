"""The sheet of policy targets."""

from __future__ import annotations

from opt.data.sheets import cell
from opt.data.sheets.declare import SheetRow, sheet
from opt.data.sheets.ranges import FIGURE

METRICS = ("dependence", "shortfall", "source_share", "home_share", "output")


@sheet("targets", "Targets", "Policy targets, each for its year alone.", key=("target",))
class TargetRow(SheetRow):
    """A bound on one metric in one year."""

    target = cell.identity("Target")
    metric = cell.choice("What is measured", METRICS, required=True)
    scope = cell.text(
        "dependence, shortfall: a commodity, element, region, bloc, segment or mineral:NAME;"
        " source_share: stage:source or stage:source:users (source any: the largest); home_share:"
        " stage:users or stage:users:element; both with :mineral:NAME at the end of one mineral"
        " alone; output: commodity:where",
        blank="everything",
    )
    year = cell.year("Year in which it must hold")
    bound = cell.number("The bound", "share or units", FIGURE)
    sense = cell.choice("at_most or at_least", ("at_most", "at_least"), default="at_most")
