"""The dependence pass of an instance alone, as the first pass of a solve is run."""

from __future__ import annotations

from opt.data.instance import Instance
from opt.record.passes import Pass
from opt.solver.control import Control
from opt.solver.priorities import run_pass, starting_plan
from opt.solver.progress import Silent
from opt.solver.stage import Job, SolveOptions, deciding_origins, open_stage


def first_pass(instance: Instance, gap: float) -> Pass:
    """The pass on the origin classes that decide dependence, from nothing built."""
    job = Job(instance, SolveOptions(gap=gap), Control(), Silent())
    stage = open_stage(job, deciding_origins(instance))
    return run_pass(stage, "dependence", starting_plan(stage, "dependence"), Silent())[0]
