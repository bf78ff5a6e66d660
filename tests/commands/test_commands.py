"""What the commands share: one exit code an outcome, told in the help."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from opt.cli import cli
from opt.commands.common import Exit, run_folder
from opt.errors import InputError


def test_the_help_tells_every_exit_code() -> None:
    assert cli.help
    told = re.sub(r"\s+", " ", cli.help).split("Exit codes: ")[1]
    assert [int(part.split()[0]) for part in told.split("; ")] == [int(code) for code in Exit]


def test_the_example_is_nobodys_default() -> None:
    with pytest.raises(InputError, match="example that comes with opt"):
        run_folder(None, "Example")
    assert run_folder(None, "no such case") == Path("outputs/no such case")
