"""The releases that an answer rests on."""

from __future__ import annotations

import functools
import hashlib
import platform
from importlib.metadata import version
from pathlib import Path

from opt import __version__

TELLING = frozenset({"audit", "commands", "report"})  # rooms that find no answer
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
    """SHA-256 of every module of this package that an answer may rest on: an answer of other code
    may be another. The rooms that tell answers or check them find none."""
    return digest_of(Path(__file__).parents[1])


def digest_of(home: Path) -> str:
    """The same of the package in a folder."""
    digest = hashlib.sha256()
    for path in sorted(home.rglob("*.py")):
        name = path.relative_to(home)
        if name.parts[0] not in TELLING:
            digest.update(name.as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
