"""Documents as data: the outline, the blocks in every format, house templates."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, get_args

import docx
import openpyxl
import pytest
from blank import DOT
from docx.oxml.ns import qn
from docx.shared import Cm
from run_factory import make_run

from opt.errors import InputError
from opt.report import outline
from opt.report.document import (
    COUNT,
    MUSD,
    SHARE,
    YEAR,
    Block,
    Bullets,
    Choice,
    Choices,
    Document,
    Facts,
    Figure,
    Heading,
    Note,
    Pair,
    Pairs,
    Picture,
    Prompt,
    Section,
    TableBlock,
    Text,
)
from opt.report.documents import memo_bytes
from opt.report.figures.registry import CHART, told
from opt.report.folder import write_run
from opt.report.render.blank import check_template
from opt.report.render.excel import xlsx_bytes
from opt.report.render.page import html_text
from opt.report.render.word import docx_bytes
from opt.report.story import Story, once

SVG = b'<?xml version="1.0"?><svg width="9" height="9"><g id="a"/></svg>'
PAIRS = Pairs(
    (
        Pair("Share", 0.25, SHARE),
        Pair("Money", 1234.0, MUSD),
        Pair("Things", 3, COUNT),
        Pair("First", 2031, YEAR),
    )
)
SAID: tuple[Block, ...] = (Text("strong words", strong=True), Bullets(("one", "two")), PAIRS)
SET: tuple[Block, ...] = (
    *SAID,
    Heading("inner"),
    TableBlock("numbers", ("a", "b"), [("x", "1")], (2, 1), (1,)),
    Note("meaning"),
    TableBlock("nothing", ("a",), [], (1,)),
    Figure("f", 0.5),
    Prompt("what to do."),
)
# What a page alone can set.
MOVED: tuple[Block, ...] = (
    Facts((("Level", "54%"),)),
    Choices("way", "By way", (Choice("left", (Text("went left"),)), Choice("right", ())), 1),
)


def document(*blocks: Block) -> Document:
    """A document of one section."""
    return Document("Title", "record", "header", (), (Section("s", "Subject", blocks),))


def word(made: Document, template: Path | None = None) -> Any:
    """The document as Word reads it."""
    return docx.Document(
        io.BytesIO(docx_bytes(made, {"f": Picture(DOT, "t", "alt", "c")}, template))
    )


@pytest.fixture
def story(tmp_path: Path) -> Story:
    """Three projects with stock, support and targets."""
    return Story(make_run(tmp_path / "case.xlsx", 3, full=True))


# ---- Blocks ---------------------------------------------------------------------------------


def test_these_are_all_blocks() -> None:
    assert {type(block) for block in (*SET, *MOVED)} == set(get_args(Block))


def test_word_sets_every_block() -> None:
    made = word(document(*SET))
    texts = ["".join(t.text for t in p._p.iter(qn("w:t"))) for p in made.paragraphs]
    assert texts == [
        *("Title", "record", "Subject", "strong words", "one", "two"),
        *("Share: 25.0%", "Money: USD 1,234 million", "Things: 3", "First: 2031", "inner"),
        *("Table 1. numbers", "meaning", "nothing: none.", "", "Figure 1. c"),
        "[Analyst: what to do.]",
    ]
    (table,) = made.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["a", "b"], ["x", "1"]]
    text_width = Cm(17)
    assert made.inline_shapes[0].width == pytest.approx(text_width / 2, rel=1e-3)
    assert sum(c.width for c in table.columns) == pytest.approx(text_width, rel=1e-3)


def test_the_page_sets_every_block_but_prompts() -> None:
    drawn = {"f": Picture(SVG, "t", "alt", "c")}
    page = html_text(document(*SET, *MOVED), drawn, drawn)
    for markup in (
        '<p class="headline">strong words</p>',
        "<li>two</li>",
        "<dt>Money</dt><dd>USD 1,234 million</dd>",
        "<h3>inner</h3>",
        '<th scope="row">x</th><td class="number">1</td>',
        '<p class="muted">meaning</p>',
        "<p>nothing: none.</p>",
        'id="chart-f-a"',
        'id="narrow-f-a"',
        "<dt>Level</dt><dd>54%</dd>",
        '<label for="way-0">left</label>',
        'id="way-1" checked="checked"/>',
        "<div><h3>left</h3><p>went left</p></div>",
        "<figcaption>c</figcaption>",
    ):
        assert markup in page, markup
    assert "what to do" not in page


def test_the_cover_keeps_numbers_as_numbers() -> None:
    made = xlsx_bytes(document(*SAID), [])
    cover = openpyxl.load_workbook(io.BytesIO(made))["Cover"]
    found = {row[0].value: (row[1].value, row[1].number_format) for row in cover.iter_rows()}
    assert found["Share"] == (0.25, "0.0%")
    assert found["Money, USD million"] == (1234, "#,##0.0")
    assert found["First"] == (2031, "0")


@pytest.mark.parametrize("block", [b for b in SET if not isinstance(b, Text | Bullets | Pairs)])
def test_a_cover_refuses_what_it_cannot_set(block: Block) -> None:
    if isinstance(block, Prompt | Note):
        assert xlsx_bytes(document(block), [])
        return
    with pytest.raises(TypeError):
        xlsx_bytes(document(block), [])


# ---- The outline ----------------------------------------------------------------------------


def figures_of(sections: Sequence[Section]) -> list[str]:
    """The names of the figures of some sections, in order."""
    return [b.name for section in sections for b in section.blocks if isinstance(b, Figure)]


def test_memo_and_page_show_every_chart_once(story: Story) -> None:
    drawn = [chart.name for chart in told(story)]
    for made in (outline.memo(story), outline.page(story)):
        assert sorted(figures_of(made.sections)) == sorted(drawn)


def test_every_outlet_begins_with_what_the_run_comes_to(story: Story) -> None:
    for made in (outline.memo(story), outline.page(story), outline.cover(story)):
        assert [section.name for section in made.sections[: made.leading]] == [
            "decision",
            "summary",
        ]
        names = [section.name for section in made.sections]
        assert len(names) == len(set(names))


def test_documents_keep_one_order(story: Story) -> None:
    order = [section.name for section in outline.page(story).sections]
    for outlet in outline.Outlet:
        shared = [s.name for s in outline.sections(story, outlet) if s.name in order]
        assert shared == [name for name in order if name in shared], outlet


def test_annexes_bear_letters_in_order(story: Story) -> None:
    titles = [s.title for s in outline.memo(story).sections if s.title.startswith("Annex")]
    assert [title[:8] for title in titles] == [f"Annex {letter}." for letter in "ABCDEFGHIJKLMN"]


def test_figures_are_worked_out_once_a_story(story: Story) -> None:
    calls = []

    @once
    def worked_out(told: Story) -> int:
        calls.append(told)
        return 7

    other = Story(story.run)
    assert [worked_out(story), worked_out(story), worked_out(other)] == [7, 7, 7]
    assert calls == [story, other]


# ---- House templates ------------------------------------------------------------------------


def house(path: Path, *, without: str = "") -> Path:
    """A template with margins, a heading font, a header and some text of its own."""
    made = docx.Document()
    made.sections[0].left_margin = made.sections[0].right_margin = Cm(4)
    made.sections[0].header.paragraphs[0].text = "Ministry of Metals"
    made.styles["Heading 1"].font.name = "Georgia"
    made.add_paragraph("Replace this text.")
    if without:
        made.styles[without].delete()
    made.save(path)
    return path


def test_a_template_gives_styles_page_and_header_and_no_text(tmp_path: Path, story: Story) -> None:
    path = house(tmp_path / "house.docx")
    before = path.read_bytes()
    pictures = dict.fromkeys(CHART, Picture(DOT, "", "", ""))
    made = docx.Document(io.BytesIO(memo_bytes(story, pictures, path)))
    assert path.read_bytes() == before
    assert made.sections[0].header.paragraphs[0].text == "Ministry of Metals"
    assert made.styles["Heading 1"].font.name == "Georgia"
    texts = [p.text for p in made.paragraphs]
    assert "Replace this text." not in texts
    plain = docx.Document(io.BytesIO(memo_bytes(story, pictures)))
    assert texts == [p.text for p in plain.paragraphs]
    page = made.sections[0]
    width = page.page_width - page.left_margin - page.right_margin
    for table in made.tables:
        assert sum(c.width for c in table.columns) == pytest.approx(width, rel=1e-3)
    assert made.core_properties.title == "Hand-made case"
    assert memo_bytes(story, pictures, path) == memo_bytes(story, pictures, path)


def test_a_template_without_a_style_is_refused(tmp_path: Path) -> None:
    path = house(tmp_path / "house.docx", without="List Bullet")
    for ask in (check_template, partial(word, document(*SET))):
        with pytest.raises(InputError, match=r"house\.docx has no style List Bullet"):
            ask(path)


@pytest.mark.parametrize("content", [None, b"", b"no document", b"PK\x03\x04broken"])
def test_what_is_no_word_document_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "house.docx"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match="cannot be read as a Word document"):
        word(document(*SET), path)


def test_a_run_folder_takes_the_template_or_is_absent(tmp_path: Path, story: Story) -> None:
    folder = write_run(story.run, tmp_path / "out", house(tmp_path / "house.docx"))
    memo = docx.Document(str(folder / "memo.docx"))
    assert memo.sections[0].header.paragraphs[0].text == "Ministry of Metals"
    with pytest.raises(InputError, match="cannot be read"):
        write_run(story.run, tmp_path / "none", tmp_path / "missing.docx")
    assert not (tmp_path / "none").exists()
