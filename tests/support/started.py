"""The command in a process of its own, which ends with its test."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


@contextmanager
def started(*arguments: object, prefix: Sequence[str] = ()) -> Iterator[subprocess.Popen[str]]:
    """The command, after a prefix that starts it, its output in pipes.

    A test that fails half way would leave behind a search without an end, so that it is killed
    when the block ends, however it ends.
    """
    with subprocess.Popen(
        [*prefix, sys.executable, "-m", "opt", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as process:
        try:
            yield process
        finally:
            process.kill()
