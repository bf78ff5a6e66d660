"""The releases that an answer rests on."""

from __future__ import annotations

import functools
import hashlib
import platform
from importlib.metadata import version
from pathlib import Path

from opt import __version__

LIBRARIES = ("pyomo", "highspy", "numpy", "scipy")


def versions() -> dict[str, str]:
    """opt, Python and the libraries between the model and its answer, by name."""
    return {"opt": __version__, "python": platform.python_version()} | _libraries()


@functools.cache
def _libraries() -> dict[str, str]:
    """Asked once: each is read from a file, and what is imported stays."""
    return {name: version(name) for name in LIBRARIES}


@functools.cache
def digest_of_code() -> str:
    """SHA-256 of every module of this package: an answer of other code may be another."""
    home = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted(home.rglob("*.py")):
        digest.update(path.relative_to(home).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
