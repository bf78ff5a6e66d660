"""The command `opt compare`."""
# ruff: noqa: PLC0415

from __future__ import annotations

from pathlib import Path

import click

from opt.commands.common import debug_option, json_option, tell_json
from opt.commands.documents_again import into_option, written_again
from opt.commands.help_words import WithExamples
from opt.commands.terminal import tell


@click.command(
    cls=WithExamples,
    examples=(
        "compare outputs/example outputs/late",
        "compare outputs/small outputs/late --memo",
    ),
)
@click.argument("runs", type=click.Path(path_type=Path), nargs=-1, required=True)
@into_option
@json_option
@debug_option
def compare(runs: tuple[Path, ...], into_memo: bool, as_json: bool) -> None:
    """Two or more runs side by side: inputs by cell, plans, measures, what is proven.

    Inputs are compared with those of the first, whose documents --memo writes again. Nothing is
    solved.
    """
    from opt import api, questions
    from opt.commands.compare_words import in_words

    if len(runs) < 2:
        raise click.UsageError("Name two runs or more.")
    found = questions.compare({name: api.read(run) for name, run in _named(runs).items()})
    more = {"comparison": found}
    words = in_words(found) + written_again(runs[0], more, into_memo=into_memo, quiet=as_json)
    if as_json:
        tell_json(found.document())
    else:
        tell(words)


def _named(runs: tuple[Path, ...]) -> dict[str, Path]:
    """The runs by the names of their folders; by their paths where two have the same name."""
    paths = dict.fromkeys(runs)
    names = [path.resolve().name for path in paths]
    return {
        name if names.count(name) == 1 else str(path): path
        for name, path in zip(names, paths, strict=True)
    }
