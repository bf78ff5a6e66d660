"""A model whose limits can each give way by a slack: what may be asked of a case without a plan.

Every limit of the workbook that can leave no plan is an item: a forced project, a commitment of a
given plan, a public share, an amount, a yearly limit, a ceiling, a least use that always holds, a
target. An item holds unless it is named soft; then its slack, in model units, counts in what is
minimised.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

import pyomo.environ as pyo

from opt.data.instance import Instance
from opt.model.build import build_model
from opt.model.objectives import measure
from opt.model.projects import unit_capex
from opt.model.targets import use
from opt.record.passes import Outcome
from opt.results.conflict import NEAR, WorkbookCell
from opt.results.targets import target_value
from opt.solver.extract import Reader
from opt.solver.highs import HighsModel, SolverAnswer
from opt.solver.stage import Job, Stage, others_served

CEILING_SHEETS = {"private": "private_capital"} | dict.fromkeys(
    ("starts", "capex", "capacity"), "build_limits"
)
# Model units: what a search leaves of a slack that could be nothing.
NOTHING = 1e-6


@dataclass(slots=True)
class Item:
    """One limit: its cell, what it now is, and the rows that its slack loosens, with coefficients.

    `unit` turns the slack into the cell's unit; `number` is that of a target, or -1.
    """

    group: str
    place: WorkbookCell
    now: float | str
    unit: float
    rows: list[tuple[Any, Any]] = field(default_factory=list)
    number: int = -1


class Elastic:
    """One case inside the solver, its items hard or soft as each question asks."""

    def __init__(self, job: Job, instance: Instance, origins: Collection[str]) -> None:
        target = instance.dependence_target
        self.instance = instance
        self.model = build_model(instance.replace(dependence_target=None), origins, rooms=False)
        m = self.model
        self.items = [*_decisions(m, job), *_money(m), *_ceilings(m), *_least_use(m), *_targets(m)]
        self.items += _changes(m)
        if target is not None and measure(m, "dependence").per_unit > 0:
            self.items.append(_whole_dependence(m, target))
        self.source_shares = {
            n for n, aim in enumerate(instance.targets) if aim.metric == "source_share"
        }
        m.slack = pyo.Var(range(len(self.items)), domain=pyo.NonNegativeReals)
        for n, item in enumerate(self.items):
            for row, coefficient in item.rows:
                _loosen(row, coefficient * m.slack[n])
        self.solver = HighsModel(m, job.control)
        stage = Stage(m, self.solver, job.control, job.options)
        self.solver.set_upper(others_served(stage), 0.0)

    def ask(self, soft: Collection[int], counted: Collection[int] | None = None) -> SolverAnswer:
        """The least sum of counted slacks (all soft ones where not said) with the rest hard.

        No point: no plan even so.
        """
        m = self.model
        for n in range(len(self.items)):
            self.solver.set_upper([m.slack[n]], None if n in soft else 0.0)
        wanted = soft if counted is None else counted
        return self.solver.minimise(sum(m.slack[n] for n in sorted(wanted)))

    def possible(self, soft: Collection[int] = ()) -> bool:
        """Whether some plan obeys every item that is not soft, for all that is known in time."""
        return self.ask(soft, ()).outcome is not Outcome.INFEASIBLE

    def least_share(self, answer: SolverAnswer, n: int) -> SolverAnswer:
        """An answer that eases the source share of one item no further than it must, the slacks of
        all others as they are.

        The slack is a mass, the share a fraction: at the best share of a round the slack still to
        be had is asked for, until there is none.
        """
        m, number = self.model, self.items[n].number
        held = self.slacks(answer)
        for k in range(len(self.items)):
            if k != n:
                self.solver.set_upper([m.slack[k]], held.get(k, 0.0))
        while True:
            eased = abs(self.reached(answer, n) - self.instance.targets[number].bound)
            better = self.solver.minimise(m.slack[n] - eased * use(m, number))
            if better.point is None or better.value > -NOTHING:
                return answer
            answer = better

    def reached(self, answer: SolverAnswer, n: int) -> float:
        """What the target of an item comes to in an answer."""
        assert answer.point is not None
        flows = Reader(self.solver, self.model, answer.point).flows(others=False)
        return target_value(self.instance, self.instance.targets[self.items[n].number], flows)

    def slacks(self, answer: SolverAnswer) -> dict[int, float]:
        """The slacks of an answer that are not nothing, in model units."""
        assert answer.point is not None
        reader = Reader(self.solver, self.model, answer.point)
        return {n: value for n, value in reader.values("slack").items() if value > NOTHING}

    def groups(self) -> dict[str, list[int]]:
        """Items by group, in the order of the groups' first items."""
        found: dict[str, list[int]] = {}
        for n, item in enumerate(self.items):
            found.setdefault(item.group, []).append(n)
        return found


def _loosen(row: Any, slack: Any) -> None:
    """Add a slack to a row on the side on which it binds."""
    if row.has_ub():
        row.set_value(row.body - slack <= row.upper)
    else:
        row.set_value(row.body + slack >= row.lower)


def _decisions(m: Any, job: Job) -> Iterator[Item]:
    """Forced projects, commitments of a given plan, and the public money that both need."""
    needed = set(m.require_forced)
    for j in sorted(needed):
        place = WorkbookCell("projects", (("project", j),), "decision")
        yield Item("decision", place, "force", 1.0, [(m.require_forced[j], 1.0)])
    if job.options.fixed:
        needed = {c.project for c in job.options.plan or ()}
        yield from _planned(m, job)
    for j in sorted({j for j, _ in m.define_funding_floor if j in needed}):
        project = m.data.projects[j]
        rows = [
            (m.define_funding_floor[j, v], unit_capex(project, v)) for v in sorted(project.offers)
        ]
        place = WorkbookCell("projects", (("project", j),), "public_share")
        yield Item("public share", place, project.public_share, 1.0, rows)


def _planned(m: Any, job: Job) -> Iterator[Item]:
    """Commitments of a plan, each of which can be left out; nothing else is built."""
    given = {(c.project, c.year): c for c in job.options.plan or ()}
    m.planned = pyo.ConstraintList()
    m.left_out = pyo.Var(sorted(given), domain=pyo.Binary)
    for key in m.index.BUILD:
        m.build[key].setub(given[key].units if key in given else 0)
    for key in m.index.SIZE:
        mass = m.scale.of(m.data.projects[key[0]]).mass
        size = (given[key].size or 0.0) / mass if key in given else 0.0
        m.size[key].setub(size)
        if key in given:
            m.planned.add(m.size[key] + size * m.left_out[key] >= size)
    for key, commitment in sorted(given.items()):
        units = commitment.units
        m.planned.add(m.build[key] + units * m.left_out[key] >= units)
        row = m.planned.add(0.0 - m.left_out[key] >= 0.0)
        keys = (("plan", job.options.plan_name), ("project", key[0]), ("year", str(key[1])))
        place = WorkbookCell("plans", keys, "project")
        yield Item("plan", place, "in the plan", 1.0, [(row, 1.0)])


def _money(m: Any) -> Iterator[Item]:
    """Amounts and yearly limits of programmes, in the cells those of the whole programme. One of
    which this chain may take nothing gives no plan, however large it is."""
    for k in m.index.spenders():
        programme, keys = m.data.programmes[k], (("programme", k),)
        rows = [m.limit_programme[k]] if k in m.limit_programme else []
        rows += [m.limit_outstanding[key] for key in m.limit_outstanding if key[0] == k]
        place = WorkbookCell("programmes", keys, "amount")
        if programme.share > 0:
            unit = m.scale.money / programme.share
            yield Item("money", place, programme.amount * unit, unit, [(row, 1.0) for row in rows])
        for n in [n for programme_, n in m.limit_matched if programme_ == k]:
            cap, unit = programme.caps[n], m.scale.money
            place = WorkbookCell(
                "eligibility", (*keys, ("field", cap.field), ("value", cap.value)), "max_amount"
            )
            yield Item("money", place, cap.amount * unit, unit, [(m.limit_matched[k, n], 1.0)])
        for _, t in [key for key in m.limit_disbursement if key[0] == k]:
            later = [u for u in m.data.years if u >= t] if programme.carry_over else [t]
            loosened = [m.limit_disbursement[k, u] for u in later if (k, u) in m.limit_disbursement]
            place = WorkbookCell("programmes", keys, t)
            counted = programme.share * programme.left.get(t, 1.0)
            if counted > 0:
                unit = m.scale.money / counted
                now = programme.limits[t] * unit
                yield Item("money", place, now, unit, [(row, 1.0) for row in loosened])


def _ceilings(m: Any) -> Iterator[Item]:
    """Private money and what can be committed in a year."""
    for what, rule, own in (
        ("private", m.limit_private, m.scale.money),
        ("starts", m.limit_starts, 1.0),
        ("capex", m.limit_capex, m.scale.money),
        ("capacity", m.limit_capacity, None),
    ):
        for n, t, rows in _years_of(m, rule):
            ceiling = m.data.ceilings[n]
            unit = m.scale.of(ceiling).mass if own is None else own
            keys = (
                *(("field", ceiling.field), ("value", ceiling.value)),
                *([] if what == "private" else [("what", what)]),
                ("mineral", ceiling.mineral),
                *([] if what == "private" else [("commodity", ceiling.commodity)]),
            )
            place = WorkbookCell(CEILING_SHEETS[what], keys, t)
            now = ceiling.limits[t] * unit
            yield Item(CEILING_SHEETS[what], place, now, unit, [(row, 1.0) for row in rows])


def _years_of(m: Any, rule: Any) -> Iterator[tuple[int, int, list[Any]]]:
    """Ceilings by number with each year whose limit counts in rows of a rule, and those rows."""
    for n in sorted({n for n, _ in rule}):
        ceiling = m.data.ceilings[n]
        held = {t: ceiling.counted(t) for k, t in rule if k == n}
        for t in sorted({u for years in held.values() for u in years}):
            yield n, t, [rule[n, u] for u, years in held.items() if t in years]


def _least_use(m: Any) -> Iterator[Item]:
    """What always runs, where it is one share for all years; one that costs only when it idles
    stands against nothing."""
    for f in sorted({f for f, _ in m.keep_least_use} - {f for f, _ in m.index.IDLE}):
        facility = m.data.facilities[f]
        shares = sorted(set(facility.least_use.values()))
        if shares[1:]:
            continue
        rows = [(m.keep_least_use[f, t], facility.usable[t]) for g, t in m.keep_least_use if g == f]
        place = WorkbookCell("facilities", (("facility", f),), "least_use")
        yield Item("least use", place, shares[0], -1.0, rows)


def _changes(m: Any) -> Iterator[Item]:
    """How many changes there may be from a plan to stay near."""
    near = m.data.near
    for name in m.limit_changes:
        place = WorkbookCell(NEAR, (("near", name), ("changes", str(near.changes))), "changes")
        yield Item("changes", place, near.changes, 1.0, [(m.limit_changes[name], 1.0)])


def _targets(m: Any) -> Iterator[Item]:
    """Targets; the slack of a source share is a mass, that of any other is in the bound's unit."""
    for n, target in enumerate(m.data.targets):
        rows = [m.meet_target[key] for key in m.meet_target if key[0] == n]
        coefficient = 1.0 if target.metric == "source_share" else m.data.target_total(target)
        place = WorkbookCell("targets", (("target", target.id),), "bound")
        loosened = [(row, coefficient) for row in rows]
        yield Item("target", place, target.bound, 1.0, loosened, number=n)


def _whole_dependence(m: Any, target: float) -> Item:
    """The setting dependence_target."""
    measured = measure(m, "dependence")
    m.meet_dependence_target = pyo.Constraint(
        expr=measured.expression <= target / measured.per_unit
    )
    place = WorkbookCell("settings", (("key", "dependence_target"),), "value")
    rows = [(m.meet_dependence_target, 1.0 / measured.per_unit)]
    return Item("target", place, target, 1.0, rows)
