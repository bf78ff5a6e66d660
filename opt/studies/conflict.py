"""Why no plan obeys every rule: which rows conflict, and the least changes that would mend it.

Only forced projects, a given plan and targets ask for anything: all else can be left unbuilt and
every demand short. Where the money alone rules them out, the case without material is asked; else
targets are out of reach, each alone or several together.

Its questions are not tasks as those of the other studies are. Most rest on the answer before them,
and each softens other rows of one model that stays inside the solver, while a task builds its own.
To build one takes four times as long as to ask: nine small conflicts, of 88 questions to 27 models,
would take more than twice the time.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable

from opt.results.conflict import NEAR, Change, Conflict, WorkbookCell
from opt.solver.elastic import NOTHING, Elastic
from opt.solver.extract import Reader
from opt.solver.highs import SolverAnswer
from opt.solver.stage import Job, deciding_origins
from opt.studies.change import later, without_targets

# A mend is rounded to so many digits, to the side on which it mends.
DIGITS = 4
MENDING = (
    "money",
    "private_capital",
    "build_limits",
    "least use",
    "decision",
    "plan",
    "changes",
    "public share",
)
STOPPED = "The search for what stands against what was stopped: raise time_limit."


def explain_infeasible(job: Job) -> Conflict:
    """The rows in conflict and what would mend it, as far as the time allows."""
    instance = job.instance
    money = Elastic(job, without_targets(instance), ())
    aimed = bool(instance.targets) or instance.dependence_target is not None
    if aimed and money.possible():
        return _targets_in_conflict(job)
    rows = _irreducible(money, range(len(money.items)))
    mends = [_mend(money, group) for group in money.groups().values()]
    notes = (STOPPED,) if job.control.stopped else ()
    return Conflict(_places(money, rows), tuple(m for m in mends if m), notes)


def _places(elastic: Elastic, rows: Iterable[int]) -> tuple[WorkbookCell, ...]:
    return tuple(dict.fromkeys(elastic.items[n].place for n in rows))


def _irreducible(elastic: Elastic, items: Iterable[int]) -> list[int]:
    """Items that cannot hold together, none of which can be spared; all other given ones soft.

    Whole groups are tried first, then one item after the other.
    """
    asked = list(items)
    spared: set[int] = set()
    groups = [[n for n in group if n in asked] for group in elastic.groups().values()]
    for some in [*groups, *([n] for n in asked)]:
        trial = spared | set(some)
        if not set(some) <= spared and not elastic.possible(trial):
            spared = trial
    return [n for n in asked if n not in spared]


def _mend(elastic: Elastic, soft: Iterable[int]) -> tuple[Change, ...]:
    """The least change of some items that gives a plan; none where no change of them does."""
    answer = elastic.ask(list(soft))
    if answer.point is None:
        return ()
    for n in elastic.slacks(answer):
        if elastic.items[n].number in elastic.source_shares:
            answer = elastic.least_share(answer, n)
    changes = [_change(elastic, answer, n, s) for n, s in elastic.slacks(answer).items()]
    return tuple({change.place: change for change in changes}.values())


def _change(elastic: Elastic, answer: SolverAnswer, n: int, slack: float) -> Change:
    """What one item becomes with its slack, rounded to the side on which it mends."""
    item = elastic.items[n]
    if item.group == "decision":
        return Change(item.place, item.now, "free")
    if item.group == "plan":
        return Change(item.place, item.now, "left out")
    assert isinstance(item.now, float | int), item
    assert answer.point is not None
    if item.group == "public share":
        kept = _public_share(elastic, answer, dict(item.place.keys)["project"])
        return Change(item.place, item.now, _down(kept))
    if item.group == "target" and item.number >= 0:
        value = elastic.reached(answer, n)
        at_most = elastic.instance.targets[item.number].at_most
        return Change(item.place, item.now, _up(value) if at_most else _down(value))
    to = item.now + slack * item.unit
    if item.unit < 0:
        return Change(item.place, item.now, _down(to))
    starts = item.place.sheet == "build_limits" and ("what", "starts") in item.place.keys
    whole = starts or item.place.sheet == NEAR
    return Change(item.place, item.now, float(math.ceil(to - NOTHING)) if whole else _up(to))


def _public_share(elastic: Elastic, answer: SolverAnswer, project: str) -> float:
    """The smallest public share among the commitments of a project in an answer."""
    assert answer.point is not None
    reader = Reader(elastic.solver, elastic.model, answer.point)
    paid: dict[int, float] = defaultdict(float)
    for payment in reader.capital_payments():
        if payment.thing == project:
            paid[payment.year] += payment.paid_musd
    return min(
        paid[c.year] / c.capex_musd
        for c in reader.commitments()
        if c.project == project and c.capex_musd > 0
    )


def _up(value: float) -> float:
    """Rounded up to four digits."""
    return -_down(-value)


def _down(value: float) -> float:
    """Rounded down to four digits, but for the last millionth."""
    if value == 0.0:
        return 0.0
    unit = 10.0 ** (math.floor(math.log10(abs(value))) - DIGITS + 1)
    return float(f"{math.floor(value / unit + 1e-6) * unit:.12g}")


def _targets_in_conflict(job: Job) -> Conflict:
    """Targets that no plan reaches: those out of reach alone, else several that rule each other
    out."""
    elastic = Elastic(job, job.instance, deciding_origins(job.instance))
    targets = [n for n, item in enumerate(elastic.items) if item.group == "target"]
    alone = [n for n in targets if not elastic.possible([k for k in targets if k != n])]
    if job.control.stopped:
        return Conflict(_places(elastic, alone or targets), (), (STOPPED,))
    groups = elastic.groups()
    others = [_mend(elastic, groups[name]) for name in MENDING if name in groups]
    if alone:
        own = [_mend(elastic, alone) or _mend(elastic, targets)]
        notes = [note for n in alone for note in _earliest(job, elastic, n)]
        rows = alone
    else:
        rows, notes = _irreducible(elastic, targets), []
        own = [_mend(elastic, [n]) or _mend(elastic, _beside(n, rows, targets)) for n in rows]
    return Conflict(_places(elastic, rows), tuple(m for m in [*own, *others] if m), tuple(notes))


def _beside(n: int, rows: Iterable[int], targets: Iterable[int]) -> list[int]:
    """One of the targets in conflict and all that are not among them."""
    spared = set(rows)
    return [n, *(k for k in targets if k not in spared)]


def _earliest(job: Job, elastic: Elastic, n: int) -> list[str]:
    """The first later year in which a target could be met, in words."""
    number = elastic.items[n].number
    if number < 0:
        return []
    target = elastic.instance.targets[number]
    aims = tuple(later(target, elastic.instance.years))
    if not aims:
        return []
    instance = elastic.instance.replace(targets=aims, dependence_target=None)
    moved = Elastic(job, instance, deciding_origins(instance))
    asked = [k for k, item in enumerate(moved.items) if item.group == "target"]
    for k in asked:
        if job.control.stopped:
            return []
        if moved.possible([other for other in asked if other != k]):
            year = aims[moved.items[k].number].year
            return [f"The earliest year in which target {target.id} can be met is {year}."]
    return [f"Target {target.id} cannot be met in any later year of the plan."]
