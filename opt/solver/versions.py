"""The releases that an answer rests on."""

from __future__ import annotations

import functools
import platform
from importlib.metadata import version

from opt import __version__

LIBRARIES = ("pyomo", "highspy", "numpy", "scipy")


def versions() -> dict[str, str]:
    """opt, Python and the libraries between the model and its answer, by name."""
    return {"opt": __version__, "python": platform.python_version()} | _libraries()


@functools.cache
def _libraries() -> dict[str, str]:
    """Asked once: each is read from a file, and what is imported stays."""
    return {name: version(name) for name in LIBRARIES}
