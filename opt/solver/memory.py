"""The memory that a second process needs, and what the machine has left for it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from opt.data.instance import Instance

MEGABYTE = 1024**2
# Python with all libraries of a solve: 127 MB measured.
LIBRARIES = 150 * MEGABYTE
# Of each plant in each year: Pyomo's model, the matrix, and HiGHS at its relaxation. Measured: 32,
# 42, 38 and 34 KB on gallium (51 plants, 10 years), the reference case (232, 15 years) and drawn
# cases of 108 and 345 plants.
PLANT_YEAR = 48 * 1024
MEMINFO, CGROUP, CGROUPS = Path("/proc/meminfo"), Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")


def needed(instance: Instance) -> int:
    """Bytes that a process takes at most for the relaxation of the whole network of a case."""
    plants = len(instance.facilities) + len(instance.projects)
    return LIBRARIES + PLANT_YEAR * plants * len(instance.years)


def available() -> int | None:
    """Bytes that processes can still take without anything being moved to disk: the least of what
    the system and the control groups of this process leave. None where none of them tells, as on
    systems other than Linux."""
    found = _left_in_groups()
    with suppress(OSError, ValueError, LookupError):
        found.append(_entries(MEMINFO)["MemAvailable:"] * 1024)
    return min(found, default=None)


def _left_in_groups() -> list[int]:
    """What the control group of this process and those above it leave, where they have a limit.
    Files that are only kept in memory give way."""
    found: list[int] = []
    with suppress(OSError, LookupError):
        names = [x[3:] for x in CGROUP.read_text().splitlines() if x.startswith("0::")]
        path = CGROUPS / names[0].lstrip("/")
        for group in (path, *path.parents):
            with suppress(OSError, ValueError, LookupError):  # a group without a limit says "max"
                most, now = (int((group / f"memory.{x}").read_text()) for x in ("max", "current"))
                found.append(most - now + _entries(group / "memory.stat")["inactive_file"])
    return found


def _entries(path: Path) -> dict[str, int]:
    """The first number behind each name of a file of lines."""
    lines = (line.split() for line in path.read_text().splitlines())
    return {words[0]: int(words[1]) for words in lines}


def processes_in_memory(instance: Instance) -> int | None:
    """How many processes with a model of a case each there is memory for, at least 1; None where
    nobody tells."""
    left = available()
    return None if left is None else max(1, left // needed(instance))


def lacking_memory(instance: Instance) -> str:
    """Why there is no room for a second process, in words; blank where there is, or where nobody
    tells. This process still makes models of its own as large: there must be room for both."""
    least, left = 2 * needed(instance), available()
    if left is None or left >= least:
        return ""
    return (
        f"two processes may need {least / MEGABYTE:,.0f} MB of memory, and "
        f"{max(left, 0) / MEGABYTE:,.0f} MB are free"
    )
