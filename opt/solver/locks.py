"""What Pyomo keeps for processes that are forked, which none is here."""

from __future__ import annotations

import threading

from pyomo.common import dependencies


def let_go_of_lock() -> None:
    """Put a lock among threads in place of the one that Pyomo makes for forked processes once
    multiprocessing is imported: from 3.14 on Python tells it as leaked where a process leaves at
    once."""
    dependencies.capture_output_lock = threading.Lock()
