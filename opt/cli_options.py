"""Options that several commands share."""

from __future__ import annotations

import click

DEBUG = "opt.debug"


def _set_debug(ctx: click.Context, _: click.Parameter, value: bool) -> None:
    if value:
        ctx.meta[DEBUG] = True


debug_option = click.option(
    "--debug",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_set_debug,
    help="Show the traceback of an error.",
)


def _read_settings(_: click.Context, __: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    settings = {}
    for text in given:
        key, equals, value = text.partition("=")
        if not equals:
            raise click.BadParameter(f"'{text}' is not of the form key=value.")
        settings[key.strip()] = value.strip()
    return settings


set_option = click.option(
    "--set",
    "overrides",
    metavar="KEY=VALUE",
    multiple=True,
    callback=_read_settings,
    help="A setting in place of the workbook's; may be repeated.",
)

variant_option = click.option(
    "--variant", help="A variant of the workbook: cells of sheet variants in place of others."
)
