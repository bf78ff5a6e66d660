"""Rows and measures of a model as dicts of coefficients, to be compared with algebra by hand."""

from __future__ import annotations

from typing import Any

import pytest
from instances import programme, project, tiny_instance
from pyomo.repn import generate_standard_repn

from opt.model.build import build_model
from opt.model.objectives import measure
from opt.model.rule import OptModel

CARS, DEFENCE = "A|magnet|cars", "A|magnet|defence"
VariableKey = tuple[Any, ...]


def linear(expression: Any) -> tuple[dict[VariableKey, float], float]:
    """Coefficients by (variable, *index), zeros left out, and the constant."""
    repn = generate_standard_repn(expression, compute_values=True)
    assert repn.is_linear()
    found: dict[VariableKey, float] = {}
    for coefficient, variable in zip(repn.linear_coefs, repn.linear_vars, strict=True):
        index = variable.index()
        key = (variable.parent_component().local_name, *_flat(index))
        found[key] = found.get(key, 0.0) + coefficient
    return {key: c for key, c in found.items() if c != 0}, repn.constant


def _flat(index: Any) -> tuple[Any, ...]:
    if index is None:
        return ()
    return index if isinstance(index, tuple) else (index,)


def assert_row(row: Any, expected: dict[VariableKey, float], sense: str, rhs: float) -> None:
    """The row is: sum of coefficient x variable, sense, right-hand side."""
    terms, constant = linear(row.body)
    assert terms == pytest.approx(expected)
    senses = {(True, True): "=", (False, True): "<=", (True, False): ">="}
    assert senses[row.lower is not None, row.upper is not None] == sense
    bound = row.upper if row.upper is not None else row.lower
    assert float(bound) - constant == pytest.approx(rhs)


def with_project(**changes: Any) -> OptModel:
    """The model with the refinery changed."""
    return build_model(tiny_instance(projects={"refinery": project(**changes)}))


def with_programme(**changes: Any) -> OptModel:
    """The model with the programme changed."""
    return build_model(tiny_instance(programmes={"grant": programme(**changes)}))


def assert_share(m: OptModel, name: str, expected: dict[VariableKey, float]) -> None:
    """The reported value (expression x per_unit) has these coefficients, and no constant."""
    measured = measure(m, name)
    terms, constant = linear(measured.expression)
    assert constant == 0
    assert {key: c * measured.per_unit for key, c in terms.items()} == pytest.approx(expected)
    assert max(terms.values()) == pytest.approx(1.0)
