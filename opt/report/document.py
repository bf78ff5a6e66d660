"""A document as plain data: sections of blocks, which a renderer of any format sets.

Every number in a block is text already, through `wording`; key numbers alone stay numbers, so that
a workbook can hold them as such. Nothing here knows a run or a file format.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from opt.report import wording


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside a section."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; a `strong` one carries the document."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of sentences."""

    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table: `widths` are shares of the text width, `right` the places of number columns. A
    `dense` one is set smaller. `lines` may be empty: the title then says that there is none."""

    title: str
    heads: Sequence[str]
    lines: Sequence[Sequence[str]]
    widths: Sequence[float]
    right: Sequence[int] = ()
    dense: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure by its name among the pictures handed to the renderer; `share` of the text width."""

    name: str
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Pair:
    """A number with its name. `unit` is SHARE, MUSD, COUNT or YEAR."""

    name: str
    value: float
    unit: str

    @property
    def text(self) -> str:
        """The number as a reader sees it."""
        return _SHOWN[self.unit](self.value)


@dataclass(frozen=True, slots=True)
class Pairs:
    """Key numbers by name."""

    items: Sequence[Pair]


@dataclass(frozen=True, slots=True)
class Note:
    """What the table or figure above means."""

    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A place that the analyst fills in, where a document can be written in."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and what is told of each, both text."""

    items: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several things to look at: what it is called, and what is told of it."""

    name: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Choices:
    """Several things of which a reader looks at one at a time, `first` (a place) to begin with;
    `name` is their anchor. For the page alone."""

    name: str
    title: str
    items: Sequence[Choice]
    first: int


Block = Heading | Text | Bullets | TableBlock | Figure | Pairs | Note | Prompt | Facts | Choices


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks under a title; `name` is its anchor. One that `opens_page` begins on a new page where
    there are pages."""

    name: str
    title: str
    blocks: Sequence[Block]
    opens_page: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A title, what it was made from (`record`), a header line for every page, and sections; the
    first of them, so many as `leading`, say what the document comes to."""

    title: str
    record: str
    header: str
    opening: Sequence[Block]
    sections: Sequence[Section]
    leading: int = 1


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn figure: PNG or SVG, the finding it shows, words for who cannot see it, caption."""

    data: bytes
    title: str
    alt: str
    caption: str


Pictures = Mapping[str, Picture]

SHARE, MUSD, COUNT, YEAR = "share", "USD million", "count", "year"
_SHOWN: Mapping[str, Callable[[float], str]] = {
    SHARE: wording.percent,
    MUSD: wording.money,
    COUNT: wording.number,
    YEAR: lambda value: wording.year(round(value)),
}
