"""deck.pptx: eight slides, read back by the library that others open it with."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from run_factory import make_run

from opt.record.run import Run
from opt.report.deck import SLIDES, deck
from opt.report.document import Bullets, Figure, TableBlock, Text
from opt.report.documents import deck_bytes
from opt.report.sections import doubts, summary
from opt.report.story import Story


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Three projects, stock, support and targets."""
    book = tmp_path / "case.xlsx"
    book.write_bytes(b"a workbook")
    return make_run(book, 3, full=True)


def test_the_slides_say_what_the_blocks_say_and_pictures_have_words(run: Run) -> None:
    """Every slide has its title in the title's own place, the sentences and cells of its blocks as
    text, and words for every picture and table."""
    story = Story(run)
    document, made = deck(story), Presentation(io.BytesIO(deck_bytes(story)))
    assert len(made.slides) == len(document.sections) <= SLIDES
    for slide, section in zip(made.slides, document.sections, strict=True):
        assert slide.shapes.title.text_frame.text == section.title
        said = "\n".join(s.text_frame.text for s in slide.shapes if s.has_text_frame)
        drawn = [s for s in slide.shapes if s.shape_type == MSO_SHAPE_TYPE.PICTURE]
        grids = [s for s in slide.shapes if s.has_table]
        assert len(drawn) == sum(isinstance(block, Figure) for block in section.blocks)
        for block in section.blocks:
            if isinstance(block, Bullets):
                assert all(item in said for item in block.items)
            if isinstance(block, TableBlock):
                (grid,) = grids
                rows = [[cell.text for cell in row.cells] for row in grid.table.rows]
                assert rows == [list(block.heads), *map(list, block.lines)]
        for shape in (*drawn, *grids):
            assert shape._element.xpath(".//p:cNvPr")[0].get("descr")


def test_nothing_leaves_the_slide_and_the_bytes_are_the_same_again(run: Run) -> None:
    once, again = deck_bytes(Story(run)), deck_bytes(Story(run))
    assert once == again
    made = Presentation(io.BytesIO(once))
    for slide in made.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= made.slide_width
            if not shape.has_table:
                assert shape.top + shape.height <= made.slide_height


def test_the_title_of_sentences_is_the_first_of_them(run: Run) -> None:
    """What the memo's sections say first stands as the title and nowhere else on its slide."""
    story = Story(run)
    by_name = {section.name: section for section in deck(story).sections}
    for name, build in (("bottom_line", summary.section), ("doubts", doubts.memo_section)):
        section = build(story)
        assert section is not None
        said = [item for b in section.blocks if isinstance(b, Bullets) for item in b.items]
        said += [block.text for block in section.blocks if isinstance(block, Text)]
        slide = by_name[name]
        assert any(text.startswith(slide.title) for text in said)
        (block,) = slide.blocks
        assert isinstance(block, Bullets)
        assert all(slide.title not in item for item in block.items)
