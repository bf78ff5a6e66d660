"""Every rule, variable and measure has a test of its own."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from tested import TESTED

from opt.model.build import RULES
from opt.model.objectives import MEASURES
from opt.model.variables import VARIABLES


def test_every_rule_variable_and_measure_has_a_test() -> None:
    # Each enters what it tests.
    files = sorted(Path(__file__).parent.glob("test_model_*.py"))
    modules = {file.stem: import_module(file.stem) for file in files}
    names = [name.replace("-", "_").replace("@YEAR", "_at_a_year") for name in MEASURES]
    assert {rule.name for rule in RULES} | {f"measure_{name}" for name in names} == TESTED
    variables = modules["test_model_variables"]
    assert {variable.name for variable in VARIABLES} == {
        *variables.EXPECTED,
        *variables.EXPECTED_OF_EVERYTHING,
    }
