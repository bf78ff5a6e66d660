"""What a caller names or asks for: a scenario by its id, a plan of the workbook or a finished run,
and a solve as the settings say.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from opt.data.instance import Instance, Near
from opt.data.sheets.setup import CaseSettings
from opt.data.tables import Tables
from opt.errors import InputError, Issue
from opt.fixed import FixedCommitment, FixedPurchase
from opt.record.flows import CLEAR, EXPOSED
from opt.record.projects import CUT_STOCK, HELD_STOCK, NearUsed, PlanUsed
from opt.solver.control import Limits
from opt.solver.stage import SolveOptions

NO_PURCHASE = 1e-6  # units of material; less is what a solver leaves of nothing


@dataclass(frozen=True, slots=True)
class GivenPlan:
    """Commitments from outside and what they are called. `purchases` is what they buy for stock;
    None: what is bought is free."""

    name: str
    commitments: tuple[FixedCommitment, ...]
    purchases: tuple[FixedPurchase, ...] | None = None


def find_plan(tables: Tables, plan: str | Path) -> GivenPlan:
    """A plan of the workbook by name, or a finished run by its folder: its commitments, and what it
    buys for stock. Raises InputError where there is none, or it is one that cannot be made."""
    faults = tables.plan_faults.get(str(plan).casefold())
    if faults:
        raise InputError(faults)
    rows = [r for r in tables.rows["plans"] if r.text("plan").casefold() == str(plan).casefold()]
    if rows:
        found = tuple(
            FixedCommitment(
                r.text("project"),
                int(r.number_of("year")),
                int(r.number_of("units")),
                r.optional("size"),
            )
            for r in rows
        )
        return GivenPlan(rows[0].text("plan"), found)
    answer = Path(plan) / "run.json"
    if answer.is_file():
        return _plan_of(answer)
    names = sorted({r.text("plan") for r in tables.rows["plans"]})
    known = f"The workbook has: {', '.join(names)}." if names else "The workbook has no plans."
    message = f"'{plan}' is neither a plan of the workbook nor a run folder."
    raise InputError([Issue("plans", "", str(plan), message, known)])


def _plan_of(answer: Path) -> GivenPlan:
    """The commitments and purchases for stock that a finished run's run.json holds."""
    try:
        document = json.loads(answer.read_text(encoding="utf-8"))
        commitments = tuple(
            FixedCommitment(p["project"], int(p["year"]), int(p["units"]), p["size"])
            for p in document["projects"]
        )
        purchases = tuple(
            FixedPurchase(s["stockpile"], origin, int(s["year"]), float(s[f"bought_{origin}"]))
            for s in document["stockpiles"]
            for origin in (CLEAR, EXPOSED)
            if s[f"bought_{origin}"]
        )
        return GivenPlan(answer.parent.name, commitments, purchases)
    except (ValueError, KeyError, TypeError) as error:
        message = f"{answer} cannot be read as a run: {error}."
        raise InputError(
            [Issue("--plan", "", str(answer), message, "Name a run folder.")]
        ) from error


def near_of(used: NearUsed | None) -> Near | None:
    """A plan to stay near, as the case has it; None for none."""
    if used is None:
        return None
    units: dict[tuple[str, int], int] = {}
    for c in used.commitments:
        units[c.project, c.year] = units.get((c.project, c.year), 0) + c.units
    return Near(used.name, units, used.changes)


def check_given(instance: Instance, given: GivenPlan, improve: bool) -> None:
    """A plan of a finished run must fit this workbook; one of its own was checked on reading.

    Raises InputError with all that does not fit.
    """
    issues = [*_commitment_issues(instance, given)]
    if not improve:
        issues += _forced_issues(instance, given)
        issues += _purchase_issues(instance, given.purchases or ())
    if issues:
        raise InputError(issues)


def _commitment_issues(instance: Instance, given: GivenPlan) -> Iterator[Issue]:
    """Commitments that nobody offers in this workbook."""
    for c in given.commitments:
        project = instance.projects.get(c.project)
        if project is None or c.year not in project.offers:
            message = f"the plan commits '{c.project}' in {c.year}, which is not offered."
            yield Issue("plans", "", c.project, message, "Check sheet projects.")


def _forced_issues(instance: Instance, given: GivenPlan) -> Iterator[Issue]:
    """Projects that the workbook forces and the plan leaves out."""
    planned = {c.project for c in given.commitments}
    for j, project in instance.projects.items():
        if project.forced and j not in planned:
            message = f"the plan leaves out '{j}', which is forced."
            yield Issue("plans", "", j, message, "Add it, or free it in sheet projects.")


def _purchase_issues(instance: Instance, purchases: Iterable[FixedPurchase]) -> Iterator[Issue]:
    """Purchases for stock that nobody may make in this workbook."""
    for p in purchases:
        stock = instance.stockpiles.get(p.stockpile)
        payers = [k for k in instance.programmes.values() if p.stockpile in k.stocks]
        paid = any(k.commits_in(p.year) for k in payers)
        if p.bought > NO_PURCHASE and not (
            stock and p.origin in stock.buys and paid and p.year in instance.years
        ):
            message = (
                f"the plan buys {p.origin} material for '{p.stockpile}' in {p.year}, which no"
                " programme may."
            )
            hint = "Check sheets stockpiles and programmes, or free its stock (--free-stock)."
            yield Issue("stockpiles", "", p.stockpile, message, hint)


def find_id(tables: Tables, sheet: str, column: str, name: str | None) -> str | None:
    """The id of a sheet as it is spelt there, found without case; None for None.

    Raises InputError where the sheet has no such id.
    """
    if name is None:
        return None
    known = [row.text(column) for row in tables.rows[sheet]]
    for spelling in known:
        if spelling.casefold() == name.strip().casefold():
            return spelling
    hint = f"The workbook has: {', '.join(known)}." if known else "The workbook has none."
    raise InputError([Issue(sheet, "", name, f"'{name}' is not a {column}.", hint)])


def plan_used(given: GivenPlan, improve: bool, held: tuple[FixedPurchase, ...] | None) -> PlanUsed:
    """What a run tells of the plan it was given; `held` is what of its purchases for stock was
    held, None where stock was free."""
    if held is None:
        return PlanUsed(given.name, improve, given.commitments)
    stock = HELD_STOCK if held == given.purchases else CUT_STOCK
    return PlanUsed(given.name, False, given.commitments, stock, held)


def limits_of(settings: CaseSettings) -> Limits:
    """Threads, seed and time that the settings allow."""
    return Limits(settings.threads, settings.seed, settings.time_limit)


def options_of(
    settings: CaseSettings, given: GivenPlan | None = None, *, improve: bool = False
) -> SolveOptions:
    """What a solve is asked for, as the settings say, of a given plan where there is one."""
    return SolveOptions(
        objective=settings.objective,
        gap=settings.gap,
        cost_gap=settings.cost_gap,
        cost_gap_added=settings.cost_gap_added,
        plan=given.commitments if given else None,
        improve=improve,
        plan_name=given.name if given else "",
        purchases=given.purchases if given else None,
    )
