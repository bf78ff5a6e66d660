"""Words and tables on terminals of any width: whole figures, and no line that is too long."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from opt.cli import cli
from opt.commands.screen import Screen
from opt.commands.terminal import columns, wrapped
from opt.commands.word_table import WordTable, aligned

EXAMPLE = Path(__file__).parents[2] / "outputs" / "example"
TABLE = WordTable(
    ("project", "most that no plan can beat", "what changes"),
    (("great_mine", "USD 1,200 million", "+new_hall -quick_mine"), ("a", "USD 5 million", "")),
    frozenset({0, 2}),
)


def test_the_width_is_what_columns_says_or_none_where_there_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for told, width in (("60", 60), ("0", None), ("wide", None), ("", None)):
        monkeypatch.setenv("COLUMNS", told)
        assert columns(io.StringIO()) == width


def test_lines_break_between_words_and_keep_their_indent() -> None:
    words = "USD 1,200 million by 2026-2040.\n  warning  lanes!E98: no limit.\n\nshort"
    assert wrapped(words, 18) == (
        "USD 1,200 million\nby 2026-2040.\n  warning\n    lanes!E98: no\n    limit.\n\nshort"
    )
    assert wrapped(words, None) == words


def test_a_table_that_fits_is_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [
        "project     most that no plan can beat  what changes",
        "great_mine           USD 1,200 million  +new_hall -quick_mine",
        "a                        USD 5 million",
    ]
    for told in ("", "61"):  # 10 + 26 + 21 and two gaps of 2
        monkeypatch.setenv("COLUMNS", told)
        assert aligned(TABLE) == whole


def test_a_table_that_does_not_breaks_heads_and_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """10 for the first, 17 for the figure, a third of the width for the last, two gaps of 2: 46."""
    monkeypatch.setenv("COLUMNS", "46")
    assert aligned(TABLE) == [
        "project     most that no plan  what changes",
        "                     can beat",
        "great_mine  USD 1,200 million  +new_hall",
        "                               -quick_mine",
        "a               USD 5 million",
    ]


def test_a_table_far_too_wide_goes_on_below_its_first_column(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The last takes its longest word, 11, being more than a third of the width."""
    monkeypatch.setenv("COLUMNS", "30")
    assert aligned(TABLE) == [
        "project     most that no plan",
        "                     can beat",
        "great_mine  USD 1,200 million",
        "a               USD 5 million",
        "",
        "project     what",
        "            changes",
        "great_mine  +new_hall",
        "            -quick_mine",
        "a",
    ]


@pytest.mark.parametrize("width", [60, 200])
def test_no_figure_of_a_command_is_broken(tmp_path: Path, width: int) -> None:
    """Two runs side by side: each word with a digit is as it is without a terminal."""
    other = Path(shutil.copytree(EXAMPLE, tmp_path / "other"))
    asked = ["compare", str(EXAMPLE), str(other)]
    whole = CliRunner().invoke(cli, asked).stdout
    narrow = CliRunner().invoke(cli, asked, env={"COLUMNS": str(width)}).stdout
    assert max(map(len, whole.splitlines())) > 60
    assert max(map(len, narrow.splitlines())) <= width
    for word in whole.split():
        if any(letter.isdigit() for letter in word):
            assert word in narrow.split()


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Yes."""
        return True


def test_the_moving_line_is_cut_between_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    stream = Terminal()
    screen = Screen(stream)
    screen.begin("best plan 1,234")  # 16 for the clock: room for 13 of 15
    assert stream.getvalue() == "\r" + "Solving  00:00  best plan".ljust(29)
    screen.say("The plan of 1,234 is written into a folder.")
    assert stream.getvalue().endswith("\rThe plan of 1,234 is written \ninto a folder.\n")
