"""The releases that an answer rests on."""

from __future__ import annotations

import platform
from importlib.metadata import version

from opt import __version__

LIBRARIES = ("pyomo", "highspy", "numpy", "scipy")


def versions() -> dict[str, str]:
    """opt, Python and the libraries between the model and its answer, by name."""
    libraries = {name: version(name) for name in LIBRARIES}
    return {"opt": __version__, "python": platform.python_version()} | libraries
