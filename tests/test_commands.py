"""What the commands share: one exit code an outcome, told in the help; typed settings."""

from __future__ import annotations

import dataclasses
import re
import typing

from opt.cli import cli
from opt.commands.common import Exit
from opt.data.run_settings import RunSettings
from opt.data.schema import SETTINGS, Kind

TYPES = {Kind.INTEGER: int, Kind.YEAR: int, Kind.NUMBER: float, Kind.SHARE: float}


def test_the_help_tells_every_exit_code() -> None:
    assert cli.help
    told = re.sub(r"\s+", " ", cli.help).split("Exit codes: ")[1]
    assert [int(part.split()[0]) for part in told.split("; ")] == [int(code) for code in Exit]


def test_every_declared_setting_is_a_typed_field() -> None:
    names = [field.name for field in dataclasses.fields(RunSettings)]
    assert names == [column.name for column in SETTINGS]
    hints = typing.get_type_hints(RunSettings)
    for column in SETTINGS:
        kind = TYPES.get(column.kind, str)
        always = column.required or column.default is not None
        assert hints[column.name] == (kind if always else kind | None), column.name
