"""The model of the toy instance."""

from __future__ import annotations

import pytest
from instances import tiny_instance

from opt.model.build import build_model
from opt.model.rule import OptModel


@pytest.fixture(scope="module")
def tiny() -> OptModel:
    """The model of `instances.tiny_instance`."""
    return build_model(tiny_instance())
