"""What all tests share: the reference case solved once, and the tests for the desk, a part of every
room that takes less than a minute on one core (`pytest -m desk`)."""

from __future__ import annotations

import gc
import os
import signal

import pytest
from blank import undrawn
from reference import reference

__all__ = ["reference", "undrawn"]

ROOMS = {"model", "results"}
MODULES = {
    *("test_checks", "test_reader", "test_scopes", "test_assemble", "test_assemble_rules"),
    *("test_ceilings", "test_gathered", "test_payable"),
    *("test_audit", "test_audit_stock", "test_audit_support", "test_audit_targets"),
    *("test_audit_contracts", "test_audit_rules"),
    *("test_report_wording", "test_report_targets", "test_adapter", "test_commands"),
    *("test_example", "test_case_record", "test_layers", "test_docs"),
}


def pytest_configure() -> None:
    """Let the commands that tests start hear Ctrl-C and a closed terminal: what starts the tests in
    the background may ignore both, and a process hands on what it ignores. Lines are as long as
    they are, whatever width the terminal has from which the tests are started. Commands keep what
    they compile, though what starts the tests may not: compiling the package is a fifth of each."""
    os.environ.pop("COLUMNS", None)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    gc.disable()  # until everything is collected: modules and tests stay
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


def pytest_collection_finish() -> None:
    """Keep the collector of cycles from going over what all tests are made of again and again."""
    gc.freeze()
    gc.enable()


def pytest_addoption(parser: pytest.Parser) -> None:
    """How many damaged inputs of each source are tried."""
    parser.addoption("--damaged", type=int, default=150, help="damaged inputs of each source")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is quick enough for the desk."""
    for item in items:
        chosen = item.path.stem in MODULES or item.path.parent.name in ROOMS
        if chosen and item.get_closest_marker("slow") is None:
            item.add_marker(pytest.mark.desk)
