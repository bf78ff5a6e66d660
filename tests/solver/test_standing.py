"""A plan held in changes of a case: asked of the model of the plan held as it is, and of models of
their own, beside each other on random workbooks."""

from __future__ import annotations

import random
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from random_cases import random_case
from random_cases_full import random_full_case
from random_cases_sheets import random_sheets_case
from test_loaded import SAME, Write, a_plan, changes, drawn

from opt.data.instance import Instance
from opt.errors import SolverError
from opt.fixed import FixedCommitment
from opt.solver.control import Control
from opt.solver.held import Held
from opt.solver.loaded import Altered, LastLoaded, Loaded
from opt.solver.progress import Silent
from opt.solver.stage import SolveOptions
from opt.studies.answering import answer
from opt.studies.task import Answer, Ask, How, Task


def told(task: Task, loaded: LastLoaded | None) -> Answer | None:
    """The answer; None where the plan breaks a rule of the case."""
    try:
        return answer(task, Control().start(task.ask.limits), Silent(), loaded)
    except SolverError:
        return None


@pytest.mark.parametrize("write", [random_case, random_sheets_case, random_full_case])
@pytest.mark.parametrize("seed", range(5))
def test_a_held_plan_comes_to_the_same_in_either_model(
    tmp_path: Path, write: Write, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = drawn(tmp_path, write, seed)
    plan = a_plan(case, random.Random(seed))
    asked, under = 0, Loaded.under_held

    def counted(model: Loaded, held: Held) -> AbstractContextManager[Altered]:
        nonlocal asked
        asked += 1
        return under(model, held)

    monkeypatch.setattr(Loaded, "under_held", counted)
    kept = LastLoaded()
    ask = Ask(How.STANDS, SolveOptions(plan=plan))
    for name, changed in changes(case):
        if not offered(changed, plan):
            continue
        one = told(Task(name, changed, ask, case), kept)
        own = told(Task(name, changed, ask), None)
        assert (one is None) == (own is None), name
        if one is not None and own is not None:
            assert one.value == pytest.approx(own.value, abs=SAME), name
            assert one.built == own.built, name
    assert asked > 10


def offered(case: Instance, plan: tuple[FixedCommitment, ...]) -> bool:
    """Whether a case offers every commitment of a plan."""
    projects = case.projects
    return all(c.project in projects and c.year in projects[c.project].offers for c in plan)
