"""Tasks answered by the workers of a Dask scheduler, on any machines.

A task goes whole to whichever worker is free, its instance with it: no worker opens a file. What
comes back is an answer as any process gives it. A worker that ends is replaced by another, which
answers its tasks again; one that is added takes its share. A worker of another release of opt, or
of a library that answers depend on, answers nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import Any

from opt.errors import InputError, Issue, SolverError
from opt.solver.versions import digest_of_code, versions

CONNECT_SECONDS = 10
Release = tuple[str, tuple[tuple[str, str], ...]]
# HiGHS counts its threads by process: a worker with several answers one task at a time all the
# same.
_ONE_AT_A_TIME = threading.Lock()


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """An executor on the workers of the scheduler at an address (tcp://host:8786), let go of with
    the block; what is still at work there is cancelled.

    Raises InputError where no scheduler answers or Dask is not installed.
    """
    try:
        from distributed import Client  # noqa: PLC0415  an extra of its own
    except ImportError as error:
        raise _refused(address, "Dask is not installed", "Install the extra cluster.") from error
    try:
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        hint = "Start one with `dask scheduler`, and give its address: tcp://host:8786."
        raise _refused(address, "no scheduler answers there", hint) from error
    try:
        # No answer is taken from the cluster's memory: what is kept stands in the store.
        yield _OfRelease(client.get_executor(pure=False), _release())
    finally:
        client.close()


def _refused(address: str, why: str, hint: str) -> InputError:
    return InputError([Issue("--scheduler", "", address, f"{address}: {why}.", hint)])


class _OfRelease(Executor):
    """An executor whose workers answer only where they are of the same release."""

    def __init__(self, inner: Executor, release: Release) -> None:
        self._inner, self._release = inner, release

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The call, on some worker."""
        return self._inner.submit(_on_worker, self._release, fn, args, kwargs)


def _release() -> Release:
    return digest_of_code(), tuple(sorted(versions().items()))


def _on_worker(
    release: Release, fn: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """The call in a worker. Raises SolverError where that is of another release."""
    if _release() != release:
        raise SolverError("a worker has another release of opt or of what it solves with")
    with _ONE_AT_A_TIME:
        return fn(*args, **kwargs)
