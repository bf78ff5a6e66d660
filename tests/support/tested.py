"""Which rules and measures of the model have a test of their own, as the tests say themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

TESTED: set[str] = set()


def own_test(test: Callable[..., Any]) -> Callable[..., Any]:
    """Enters what a test is named for: `test_limit_share` is that of rule limit_share."""
    TESTED.add(test.__name__.removeprefix("test_"))
    return test
