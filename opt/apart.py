"""Libraries imported apart from Pyomo, which answers the first import of some by importing more of
them: the statistics of SciPy, pyplot of Matplotlib. Nothing here needs those, and they are a second
of every command."""

from __future__ import annotations

import importlib
import sys


def import_apart(name: str) -> None:
    """Import a module as if Pyomo did not watch for it. What Pyomo itself comes to need of the
    library it still imports then."""
    watching = [finder for finder in sys.meta_path if _is_of_pyomo(finder)]
    sys.meta_path[:] = [finder for finder in sys.meta_path if not _is_of_pyomo(finder)]
    try:
        importlib.import_module(name)
    finally:
        sys.meta_path[:0] = watching


def _is_of_pyomo(finder: object) -> bool:
    return type(finder).__module__.startswith("pyomo.")
