"""The memo's first page holds its figure: as large as there is room for, else among the annexes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from printed import printed_pages
from reference import INPUTS
from run_factory import make_run

import opt
from opt.record.options import FASTER, LESS, NAMED, OtherOptions
from opt.record.run import Run
from opt.report import outline, room
from opt.report.document import Bullets, Figure, Section
from opt.report.story import Story


def page_of(sentences: int) -> tuple[Section, ...]:
    """A page of so many sentences of one line, and a figure."""
    return (Section("a", "A", (Bullets(["x" * 100] * sentences), Figure("dependence"))),)


def share_of(sentences: int) -> float | None:
    """The part of the width that the figure of such a page gets; None where it is left out."""
    (section,) = room.fitted(page_of(sentences), 0.0)
    found = [block.share for block in section.blocks if isinstance(block, Figure)]
    return found[0] if found else None


def test_the_figure_takes_what_room_is_left() -> None:
    """A line takes 13.6 of 754 points: after 44 of them 754 - 17.5 - 598.4 - 16.5 = 121.6 are
    left, two thirds of the 185.6 that the figure takes at the whole width; 50 leave 40."""
    assert share_of(1) == room.MOST
    assert share_of(44) == pytest.approx(121.6 / (482 * 0.385))
    assert share_of(50) is None


def test_a_figure_without_room_stands_first_among_the_annexed(tmp_path: Path) -> None:
    path = tmp_path / "case.xlsx"
    path.touch()
    run = make_run(path)
    rows = tuple(replace(run.options[-1], name=f"Option {n}") for n in range(60))
    made = outline.memo(Story(run, {"options": OtherOptions(rows)}))
    figures = [(s.title[:5], b.name) for s in made.sections for b in s.blocks if _is_figure(b)]
    assert figures[0] == ("Annex", "dependence")
    assert [name for _, name in figures].count("dependence") == 1


def _is_figure(block: object) -> bool:
    return isinstance(block, Figure)


def asked(run: Run) -> Story:
    """The run with rows beside it as `opt brief` adds them."""
    names = (NAMED, LESS, FASTER)
    rows = tuple(replace(run.options[-1], name=name, cost_musd=None) for name in names)
    return Story(run, {"options": OtherOptions(rows)})


@pytest.mark.slow
@pytest.mark.parametrize("scenario", [None, "embargo_all"])
def test_gallium_stands_alone_on_two_pages(tmp_path: Path, scenario: str | None) -> None:
    """Alone, and with the options that a brief adds; its figure stays on the first page."""
    run = opt.solve(opt.load(INPUTS / "gallium.xlsx"), scenario=scenario)
    for name, story in (("alone", Story(run)), ("asked", asked(run))):
        folder = tmp_path / name
        folder.mkdir()
        pages = printed_pages(story, folder)
        assert "Figure 1." in pages[0], name
        assert "Decide now" in pages[1], name
        assert "Annex A." in pages[2], name
        assert not any("Annex A." in page for page in pages[:2]), name
