"""Writes docs/referee.md: the reference case as a referee would doubt it.

python docs/referee.py STORE

Every case is solved for dependence alone, to the gap below, and STORE, a folder, keeps each answer,
so that a stopped run goes on where it was.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from pathlib import Path

import opt
from opt.data.assemble import assemble
from opt.data.instance import Instance
from opt.record.run import Solution
from opt.solver.control import Control, Limits
from opt.solver.progress import Silent
from opt.solver.stage import SolveOptions
from opt.studies.binding import LEAST_CHANGE
from opt.studies.change import (
    baseline,
    raised_ceiling,
    scaled_programmes,
    without_ceilings,
    without_programme,
)
from opt.studies.runner import Runner
from opt.studies.store import Store
from opt.studies.task import Answer, Ask, How, Task

ROOT = Path(__file__).parents[1]
WORKBOOK, PAGE = ROOT / "inputs" / "ree_magnets.xlsx", ROOT / "docs" / "referee.md"
BEGIN, END = "<!-- docs/referee.py: begin -->", "<!-- docs/referee.py: end -->"
# Of dependence; cost only ranks plans that do as well, so its gap is wide.
GAP, COST_GAP = 0.005, 0.1
SECONDS = 1500
VAULT = "vault"
STEPS = (3, 6, 12, 25)  # USD billion that this chain may take of it
# What the review of November 2026 found on the data of before (best plan, bound).
BEFORE = {
    "as shipped": "47.8%",
    "named projects only": "64.3%",
    "demand of the IEA": "30.1%",
    "sceptic": "58.0% (57.6%)",
    "no limits on building": "41.8%",
    "Vault for stock only": "53.1%",
    "twice the public money": "47.8%",
    "no new money, nothing comes of itself": "79.0%",
}


def instance(variant: str | None = None, scenario: str | None = None) -> Instance:
    """The reference case, of a variant and in a scenario."""
    return assemble(opt.load(WORKBOOK, variant=variant).tables, scenario)


def limits_on_building(case: Instance, what: str | None = None) -> list[str]:
    """Ids of its limits on building, of one kind or all."""
    kinds = {what} if what else {"starts", "capex", "capacity"}
    return [ceiling.id for ceiling in case.ceilings if ceiling.what in kinds]


def sceptic() -> Instance:
    """Vault buys stock alone, every lead time is a year longer, and pace in tonnes is half."""
    case = instance("vault_stock_only", "delay_1")
    for name in limits_on_building(case, "capacity"):
        case = raised_ceiling(case, name, 0.5)
    return case


def cases() -> Iterator[tuple[str, Instance]]:
    """The cases by the words of the page."""
    whole = instance()
    yield "as shipped", whole
    yield "named projects only", instance("named_only")
    yield "demand of the IEA", instance("demand_iea")
    yield "sceptic", sceptic()
    yield "no limits on building", without_ceilings(whole, set(limits_on_building(whole)))
    yield "Vault for stock only", instance("vault_stock_only")
    yield "twice the public money", scaled_programmes(whole, 2.0)
    yield "every tonne alike", instance("by_tonnes")
    yield "no new money, nothing comes of itself", baseline(whole, "frozen")
    yield "no new money, merchants come", baseline(whole, "merchant")


def with_vault(case: Instance, billion: float) -> Instance:
    """The case in which this chain may take so much of Project Vault."""
    factor = 1000 * billion / case.programmes[VAULT].amount
    return scaled_programmes(case, factor, {VAULT})


def solved(key: str, case: Instance) -> Task:
    """Its least dependence, and a plan that reaches it."""
    limits = Limits(seconds=SECONDS)
    return Task(key, case, Ask(How.CHAIN, SolveOptions(gap=GAP, cost_gap=COST_GAP), limits))


def relaxed(key: str, case: Instance, base: Instance) -> Task:
    """What no plan of it can beat."""
    return Task(key, case, Ask(How.RELAXED, SolveOptions(), Limits(seconds=SECONDS)), base)


def binding_rows(case: Instance, runner: Runner) -> list[str]:
    """Limits and programmes without which no plan's bound is lower or higher, by their words."""
    tasks = [relaxed("whole", case, case)]
    tasks += [relaxed(c.id, without_ceilings(case, {c.id}), case) for c in case.ceilings] + [
        relaxed(k, without_programme(case, k), case) for k in case.programme_order
    ]
    whole, *others = runner.run(tasks)
    return [a.key for a in others if abs(a.bound - whole.bound) >= LEAST_CHANGE]


def percent(share: float) -> str:
    """A share in words."""
    return f"{100 * share:.1f}%" if math.isfinite(share) else "-"


def plan_words(plan: Solution | None) -> str:
    """How many projects a plan has and what capital they take, as cells of a row."""
    if plan is None:
        return "- | -"
    capital = math.fsum(c.capex_musd for c in plan.commitments)
    return f"{len({c.project for c in plan.commitments})} | {capital / 1000:.1f}"


def row(key: str, answer: Answer) -> str:
    """A row of the first table."""
    cells = (key, BEFORE.get(key, "-"), percent(answer.value), percent(answer.bound))
    return f"| {' | '.join(cells)} | {plan_words(answer.plan)} |"


def main(folder: Path) -> None:
    """Solve what the store has not, and write the page."""
    runner = Runner(Control().start(Limits()), Silent(), store=Store(folder))
    lines = [
        "| case | before | best plan | no plan can beat | projects | capital, USD billion |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for key, case in cases():
        (answer,) = runner.run([solved(key, case)])
        lines.append(row(key, answer))
    lines += [
        "",
        "| of Vault, USD billion | best plan | no plan can beat | what binds |",
        "| ---: | ---: | ---: | --- |",
    ]
    for billion in STEPS:
        case = with_vault(instance(), billion)
        (answer,) = runner.run([solved(f"Vault {billion}", case)])
        binds = ", ".join(f"`{name}`" for name in binding_rows(case, runner)) or "-"
        cells = (str(billion), percent(answer.value), percent(answer.bound), binds)
        lines.append(f"| {' | '.join(cells)} |")
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    body = "\n".join(lines)
    PAGE.write_text(f"{before}{BEGIN}\n\n{body}\n\n{END}{after}", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
