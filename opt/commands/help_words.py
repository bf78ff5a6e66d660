"""How every help is laid out: no word is broken at its hyphen, and it ends with command lines that
a user would type."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click

from opt.commands.terminal import broken, columns

# However it was started: as all pages name it, and as no other program is called (LLVM has an opt).
CALLED = "python -m opt"
# Help is as wide as the terminal, but no wider than lines can be read.
WIDEST, NARROWEST, MARGIN = 200, 50, 2
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

    def make_formatter(self) -> click.HelpFormatter:
        """One as wide as the terminal behind standard output, less the margin that click leaves."""
        known = None if self.terminal_width else columns(sys.stdout)
        if known is None:
            return super().make_formatter()
        return WholeWords(width=max(min(known, WIDEST) - MARGIN, NARROWEST))


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
    if len(indent + example) <= width:
        return f"{indent}{example}\n"
    lines = broken(example, width - len(_CONTINUED), indent, f"{indent}  ")
    return f"{_CONTINUED}\n".join(lines) + "\n"
