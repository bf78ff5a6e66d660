"""Where allied money for critical minerals goes: a proven plan from one workbook.

case = opt.load("case.xlsx")
run = opt.solve(case)
opt.write(run, "outputs/case")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opt.api import Case, load, merge, read, solve, write
    from opt.best_plans import alternatives, explain, labels
    from opt.questions import (
        compare,
        frontier,
        minerals,
        pool,
        risk,
        sensitivity,
        stress,
        update,
        variants,
    )
    from opt.record.run import Run
    from opt.standard_set import brief

__version__ = "0.1.0"
__all__ = [
    "Case",
    "Run",
    "__version__",
    "alternatives",
    "brief",
    "compare",
    "explain",
    "frontier",
    "labels",
    "load",
    "merge",
    "minerals",
    "pool",
    "read",
    "risk",
    "sensitivity",
    "solve",
    "stress",
    "update",
    "variants",
    "write",
]

_HOMES = {
    "Case": "opt.api",
    "load": "opt.api",
    "merge": "opt.api",
    "read": "opt.api",
    "solve": "opt.api",
    "write": "opt.api",
    "compare": "opt.questions",
    "minerals": "opt.questions",
    "pool": "opt.questions",
    "risk": "opt.questions",
    "sensitivity": "opt.questions",
    "stress": "opt.questions",
    "update": "opt.questions",
    "variants": "opt.questions",
    "Run": "opt.record.run",
    "alternatives": "opt.best_plans",
    "brief": "opt.standard_set",
    "explain": "opt.best_plans",
    "frontier": "opt.questions",
    "labels": "opt.best_plans",
}


def __dir__() -> list[str]:
    """The public names, also those not imported yet."""
    return sorted(__all__)


def __getattr__(name: str) -> Any:
    """Import the public names when they are first used, so that `opt --help` answers at once."""
    if name in _HOMES:
        from importlib import import_module  # noqa: PLC0415

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'opt' has no attribute '{name}'")
