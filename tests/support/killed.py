"""An action killed at a step of the file system, in a process of its own."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable

STEPS = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "ctypes.dlsym")


def was_killed(steps: int, action: Callable[[], object]) -> bool:
    """Whether an action was killed after so many steps in the folder of a place's work; False where
    it came to its end before."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            _kill_after(steps)
            action()
            code = 0
        finally:
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    assert status == 0 or os.WIFSIGNALED(status), "the action failed of itself"
    return status != 0


def _kill_after(steps: int) -> None:
    left = steps

    def killer(event: str, given: tuple[object, ...]) -> None:
        nonlocal left
        if event in STEPS or (event == "open" and ".opt" in str(given[0])):
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1

    sys.addaudithook(killer)
