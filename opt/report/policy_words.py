"""Sentences on public money by use, stock, support, targets and first touch, worked out from a run.

Each gives nothing where the workbook does not use what it tells of.
"""

from __future__ import annotations

from collections.abc import Mapping

from opt.record.projects import CUT_STOCK, FREE_STOCK, HELD_STOCK
from opt.record.run import Run
from opt.report import wording
from opt.report.findings_policy import PolicyFindings, StockpileFinding, TouchFinding
from opt.report.lookup import Lookup

STOCK_MEANING = (
    "Clear stock serves clear. Exposed stock stands in when supply fails; it does not lower "
    "dependence. Days of cover: how long the whole stock would last allied users at the use of "
    "that year."
)
MARGIN_MEANING = (
    "The gap is what a unit costs above what it earns at market prices. Where there is one, a "
    "plant runs only as far as a programme pays for it."
)
CONCENTRATION_MEANING = (
    "Shares are of what all plants of a stage make, everybody served. The Herfindahl-Hirschman "
    "index is 10,000 where one country makes all."
)
STOCK_METHOD = (
    "Stock is bought at the market price, kept in the class in which it was bought, and released "
    "in any year, or only in a disruption where the workbook says so. Programmes pay the price and "
    "the carrying cost of what they add as long as it is held; stock that lay there at first costs "
    "them nothing."
)
GIVEN_STOCK = {
    HELD_STOCK: "What the given plan buys for stock stays as it is.",
    CUT_STOCK: (
        "What the given plan buys for stock stays as far as the material and money of this "
        "scenario allow."
    ),
    FREE_STOCK: "The given plan holds its projects alone: what is bought for stock is chosen anew.",
}
SUPPORT_METHOD = (
    "A plant that can make clear output, but whose opex and inputs cost more at market prices than "
    "its output earns, runs only as far as programmes pay the gap: a floor tops the market price "
    "up, output support pays so much on a unit made. Such money is not repaid."
)
OFFTAKE_METHOD = (
    "The contracted share of a plant's output goes to the place named in its offtake contract, or "
    "stays with the holder; users elsewhere cannot have it."
)
TARGET_METHOD = (
    "Targets are rules: each holds in its own year whatever the goal, and slack is the distance "
    "between what the plan comes to and the bound."
)
MOST_PLANTS = 6  # of the memo's pages; results.xlsx has all
TARGET_MEANING = "Every target holds in its own year; a plan that misses one is not allowed."


def public_parts(run: Run, capital_public: float) -> list[str]:
    """Public money by use, uses without any left out. `capital_public` in USD million."""
    uses = (
        (capital_public, "for capital"),
        (run.metrics.stock_musd, "for stock"),
        (run.metrics.support_musd, "for price and output support"),
    )
    return [f"{wording.money(musd)} {use}" for musd, use in uses if musd > wording.NOTHING]


def has_more_than_capital(run: Run) -> bool:
    """Whether public money goes to stock or support too."""
    return run.metrics.stock_musd + run.metrics.support_musd > wording.NOTHING


def more_than_capital(run: Run) -> str:
    """What public money pays beside capital, as a sentence; nothing where it pays nothing else."""
    stock, support = run.metrics.stock_musd, run.metrics.support_musd
    found = []
    if stock > wording.NOTHING:
        found.append(f"{wording.money(stock)} of public money buys and keeps stock")
    if support > wording.NOTHING:
        found.append(f"{wording.money(support)} of public money pays plants to run")
    return f" {wording.names(found)}." if found else ""


def stock_amount(finding: StockpileFinding, clear: float, exposed: float) -> str:
    """Amounts of both classes: '60 t clear and 40 t exposed', or 'nothing'."""
    parts = [
        f"{wording.amount(amount, finding.unit)} {origin}"
        for amount, origin in ((clear, "clear"), (exposed, "exposed"))
        if amount > wording.NOTHING
    ]
    return wording.names(parts) or "nothing"


def margins_sentence(policy: PolicyFindings) -> str:
    """How many plants are paid to run, and how many stand idle."""
    paid, idle = wording.number(policy.paid_plants), wording.number(policy.idle_plants)
    return (
        f"Plants that are paid to run in some year, since they cost more than they earn: {paid}. "
        f"Plants that stand idle in some year in which they would cost more than they earn: {idle}."
    )


def most_touched(policy: PolicyFindings, *, before: bool = False) -> TouchFinding | None:
    """The stage at which most allied demand is first touched, with the plan or `before`; None where
    none is."""
    found = max(policy.touch, key=lambda e: _share(e, before=before), default=None)
    return found if found and _share(found, before=before) > wording.NOTHING else None


def _share(entry: TouchFinding, *, before: bool) -> float:
    return entry.baseline_share if before else entry.share


def touch_sentence(policy: PolicyFindings, covered: str) -> str:
    """Where the chain first touches the covered bloc, before and after; blank where it does not."""
    now, before = most_touched(policy), most_touched(policy, before=True)
    if now is None and before is None:
        return ""
    year = wording.year(policy.touch[0].year)
    if now is None:
        return f"In {year} no supply of allies has touched {covered}{_before(before)}"
    share = f"{wording.percent(now.share)} of allied demand"
    rest = f"){_before(before)}"
    if before is not None and before.stage == now.stage:
        rest = f"; {wording.percent(now.baseline_share)} without new money)"
    return f"In {year} supply first touches {covered} most {stage_words(now.stage)} ({share}{rest}"


def _before(before: TouchFinding | None) -> str:
    if before is None:
        return ""
    place = f"{stage_words(before.stage)} ({wording.percent(before.baseline_share)})"
    return f"; without new money most {place}"


def stage_words(stage: str) -> str:
    """Where in the chain: 'in metal', or in stock, whose past is not known."""
    return "in old stock" if stage == "stock" else f"in {stage}"


def touch_meaning(covered: str) -> str:
    """What first touch measures."""
    return (
        f"First touch: share of allied demand served with exposed material, by the stage at which "
        f"that material was first worked in {covered} or under its control."
    )


def element_sentence(policy: PolicyFindings) -> str:
    """The most dependent element and year; nothing where no element is traced."""
    worst = policy.worst_element
    if worst is None:
        return ""
    return (
        f"The most dependent element is {worst.element}: {wording.percent(worst.dependence)} of "
        f"allied demand in {wording.year(worst.year)}, "
        f"{wording.percent(worst.baseline_dependence)} without new money."
    )


def money_decisions(run: Run, policy: PolicyFindings) -> list[str]:
    """What is to be bought for stock and paid for running, and when."""
    lookup = Lookup(run.workbook)
    found = []
    for stock in policy.stockpiles:
        if stock.buying_years:
            bought = stock_amount(stock, stock.bought_clear, stock.bought_exposed)
            found.append(
                f"{wording.year_spans(stock.buying_years)}: buy {bought} of "
                f"{stock.commodity_name} for {stock.stockpile} ({_paid(lookup, stock.paid_by)})."
            )
    paid = [entry for entry in policy.margins if entry.running_years and entry.paid_by]
    for entry in paid[:MOST_PLANTS]:
        years = wording.year_spans(entry.running_years)
        found.append(f"{years}: pay {entry.name} to run ({_paid(lookup, entry.paid_by)}).")
    return found


def _paid(lookup: Lookup, paid_by: Mapping[str, float]) -> str:
    return wording.names(
        [f"{wording.money(v)} of {lookup.name('programmes', key)}" for key, v in paid_by.items()]
    )


def policy_method(run: Run) -> tuple[str, ...]:
    """How stock, support, offtakes and targets are dealt with, a paragraph each where used."""
    rows = run.workbook.rows
    used = (
        (run.stockpiles, STOCK_METHOD + _given_stock(run)),
        (run.margins, SUPPORT_METHOD),
        (rows.get("offtakes"), OFFTAKE_METHOD),
        (run.targets, TARGET_METHOD),
    )
    return tuple(text for feature, text in used if feature)


def _given_stock(run: Run) -> str:
    """What becomes of stock in a plan that is taken as given; blank where none is."""
    if run.plan is None or run.plan.improve:
        return ""
    return " " + GIVEN_STOCK[run.plan.stock]


def policy_risks(policy: PolicyFindings) -> list[str]:
    """What could go wrong with support and targets."""
    found = []
    if policy.paid_plants:
        plants = wording.count(policy.paid_plants, "plant")
        verb = "is" if policy.paid_plants == 1 else "are"
        found.append(
            f"{plants} {verb} paid to run in some year; without it what is paid for costs more "
            f"than it earns at market prices."
        )
    tight = [e.result.target for e in policy.targets if e.result.slack <= wording.NOTHING]
    if tight:
        found.append(f"No slack in target {wording.names(tight)}.")
    return found
