"""docs/model.md, made from the model's own rules, variables and objectives."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

from opt.model import objectives, risk
from opt.model.build import CONTENTS
from opt.model.variables import VARIABLES
from opt.objectives import OBJECTIVES

LINE = 100

INTRODUCTION = """\
# The model

This page is made from the docstrings in `opt/model/`; a test keeps the two equal.

A mixed-integer linear programme over calendar years. It decides which projects to commit, in which
year, with whose money, and how material then flows, so that as little of the allied demand as
possible rests on the covered bloc.

Sets: t years, v years of commitment, r regions, c commodities, p processes, f plants (facilities,
and projects once built), j projects, k programmes, d demands, s stockpiles, n offtakes and targets,
o origin classes (clear, exposed).

**Origin.** Material is clear only if no step of it was done in the covered bloc or by a plant under
its control. Each commodity flows in two classes: a clear run uses clear inputs and makes clear
outputs; clear material may be used as exposed, never the other way round. So tracing is exact and
linear. It assumes that clear material is kept apart. A stock keeps its classes apart too.

**Gaps.** Where setting losing_plants is need_support and the workbook has prices, a plant outside
the covered bloc whose opex and inputs cost more than its outputs earn runs only as far as support
covers the gap. A process is judged where all its inputs and one of its outputs have a price. With
losing_plants run there is no gap, and no support.

**What comes without new money.** A project with a merchant year runs, from that year on, its
capacity times merchant_chance (which counts whatever setting survival says), along its ramp and for
its life, without any commitment; a lead time that a shock stretches puts it off, if it would be
committed within the plan. A commitment is paid in full and adds what its own capacity is above that
share, so that one more never lowers what the plant can make. Another project of its group runs from
the first year on in which it is as large, and from then on in its place. The capital and the fixed
cost of what comes so are others' and lie outside private_capital and build_limits; what it runs has
its opex. A requirement is met by a commitment alone.

**Least use.** Existing plants run at least a share of what they could where the workbook says so,
or stand idle at a cost. That bears on the network alone, never on the clear chain: no pass of
shares knows it, and what idle capacity costs is made small with the cost but is no part of the cost
told. A host metal, which has no idle cost, makes from nothing what may be left over, so it always
runs. In the world pass no more stands idle than for allies.

**Passes.** dependence, shortfall, cost, then world. While a later pass searches it keeps each
earlier one at its value to 1e-9 (shares: absolute; money: of itself), or where that leaves no plan
to 1e-8 or at most 1e-7, so that plans as good but for rounding count. The plan found is then
completed with the earlier passes kept to their very values; where it cannot be, run.json says by
how much as `kept`. Passes that depend on clear flows alone are solved without exposed flows, which
is exact. The world pass is a linear programme for the report: commitments, clear flows and allied
deliveries fixed, least shortage of others, then least cost. ORDERS

**Old before new.** The passes leave open which of several plants runs where all would do as well.
After the last pass a linear programme makes as little as can be by the plants of projects, those
that come without new money among them, so that an old plant that could run as well does: every
pass keeps its value, commitments, purchases and what is paid by the unit stay
(`opt/solver/ties.py`). A plan held in a changed case by a study is told as its cost pass leaves it.

**Who pays.** The passes leave open which of several programmes pays. It is settled after them, in
this order: the least public money; then of each programme, in the order of its sheet, as little as
possible, so that those named first are spared; then of each payment as little as possible, by year
of commitment and project. So one answer remains (`opt/solver/settle.py`).

**Units.** Inside the model masses and money are scaled by powers of ten chosen from what can bind:
the largest demand that counts comes to 100 to 1000, the dearest commitment that could be paid to 1
to 10, and every objective to a largest weight of 1 (`opt/model/scaling.py`). A commitment that all
money ready for it could not pay (`opt/data/payable.py`) sets no scale and is left out of a search,
unless it is forced.
"""


def model_page() -> str:
    """The page as Markdown."""
    lines = [_introduction(), "## Variables\n", "| name | unit | meaning |", "| --- | --- | --- |"]
    lines += [f"| `{v.name}` | {v.unit} | {v.doc} |" for v in VARIABLES]
    lines.append("\n## Constraints")
    for heading, rules in CONTENTS.items():
        lines.append(f"\n### {heading}")
        lines += [_entry(rule.rule) for rule in rules]
    lines += ["\n## Objectives", *map(_entry, _measures())]
    lines += [f"\n## Many scenarios\n\n{inspect.getdoc(risk)}"]
    lines += [_entry(rule.rule) for rule in risk.RISK_RULES]
    lines += map(_entry, risk.MEASURED.values())
    return "\n".join(lines) + "\n"


def _introduction() -> str:
    """The introduction, told the passes of every objective."""
    return "\n\n".join(
        textwrap.fill(part.replace("ORDERS", _orders()), LINE) if "ORDERS" in part else part
        for part in INTRODUCTION.split("\n\n")
    )


def _orders() -> str:
    """The passes of every objective but the first, whose own stand above."""
    first, *others = (row for row in OBJECTIVES if row.passes)
    ahead = [f"`{row.name}`" for row in others if row.passes == (row.name, *first.passes)]
    told = [
        f"with objective `{row.name}` the order is {', '.join(row.passes)}"
        for row in others
        if row.passes != (row.name, *first.passes)
    ]
    before = f"{', '.join(ahead[:-1])} and {ahead[-1]} come before {first.name}."
    words = "; ".join([*told, before])
    return words[0].upper() + words[1:]


def _measures() -> Iterator[Callable[..., Any]]:
    """The measure of every objective, the parts of the cost after it."""
    for measure in objectives.MEASURES.values():
        yield measure
        if measure is objectives.cost:
            yield from (*objectives.COST_PARTS, objectives.idle_cost)
    yield objectives.made_by_projects


def _entry(function: Callable[..., Any]) -> str:
    first, _, rest = (inspect.getdoc(function) or "").partition("\n")
    body = rest.strip()
    block = f"\n\n```\n{body}\n```" if body else ""
    return f"\n**{function.__name__}** {first}{block}"
