"""How every help is laid out: no word is broken at its hyphen, and it ends with command lines that
a user would type."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

import click

# However it was started: as all pages name it, and as no other program is called (LLVM has an opt).
CALLED = "python -m opt"
_CONTINUED = " \\"
_UNBROKEN = "\N{NON-BREAKING HYPHEN}"


class WholeWords(click.HelpFormatter):
    """Wraps to the terminal's width between words alone: an option or a span of years that is cut
    at its hyphen reads as another."""

    def write_text(self, text: str) -> None:
        """A paragraph."""
        super().write_text(_unbroken(text))

    def write_dl(self, rows: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        """Terms and what they mean."""
        super().write_dl([(term, _unbroken(text)) for term, text in rows], *args, **kwargs)

    def getvalue(self) -> str:
        """All of it, with plain hyphens."""
        return super().getvalue().replace(_UNBROKEN, "-")


def _unbroken(text: str) -> str:
    return text.replace("-", _UNBROKEN)


class HelpContext(click.Context):
    """A context whose help keeps words whole."""

    formatter_class = WholeWords


class WithExamples(click.Command):
    """A command whose help ends with its examples, each as it is typed after the program's name."""

    context_class = HelpContext

    def __init__(self, *args: Any, examples: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = tuple(f"{CALLED} {example}" for example in examples)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The examples, each on a line of its own."""
        super().format_epilog(ctx, formatter)
        with formatter.section("Examples"):
            indent = " " * formatter.current_indent
            for example in self.examples:
                formatter.write(_shown(example, indent, formatter.width))


def _shown(example: str, indent: str, width: int) -> str:
    """A line; where it is too long for the terminal, several that a shell takes as one."""
    lines = textwrap.wrap(
        example,
        width - len(_CONTINUED),
        initial_indent=indent,
        subsequent_indent=f"{indent}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    if len(indent + example) <= width:
        lines = [indent + example]
    return f"{_CONTINUED}\n".join(lines) + "\n"
