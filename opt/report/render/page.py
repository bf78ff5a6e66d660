"""A document as one static HTML file that opens from mail: no script, nothing from elsewhere.

Every text is escaped, tables have scopes, figures words. A string given is text, one returned
markup.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import singledispatch
from html import escape
from typing import Any

from opt.report import theme
from opt.report.document import (
    Block,
    Bullets,
    Choices,
    Document,
    Facts,
    Figure,
    Heading,
    Note,
    Pairs,
    Picture,
    Pictures,
    Prompt,
    Section,
    TableBlock,
    Text,
)
from opt.report.render.letters import printable

MOST_CHOICES = 80  # buttons of which style knows the panel
# The panel of the button that is checked: the n-th of its box.
SHOWN = ",\n".join(
    f".choices > input:nth-of-type({n}):checked ~ .panels > div:nth-child({n})"
    for n in range(1, MOST_CHOICES + 1)
)
STYLE = f"""
:root {{ color-scheme: light; }}
* {{ box-sizing: border-box; }}
body {{ margin: 0 auto; max-width: 64rem; padding: 1rem; color: {theme.INK};
  background: {theme.WHITE};
  font: 1rem/1.5 "Segoe UI", Calibri, Carlito, Arial, sans-serif; overflow-wrap: break-word; }}
h1, h2, h3 {{ color: {theme.HEADER}; line-height: 1.25; }}
h1 {{ font-size: 1.6rem; margin: .3rem 0; }}
h2 {{ font-size: 1.25rem; margin: 2rem 0 .5rem; padding-bottom: .2rem;
  border-bottom: 1px solid {theme.RULE}; }}
h3 {{ font-size: 1.05rem; }}
.muted {{ color: {theme.MUTED}; }}
.headline {{ font-size: 1.15rem; font-weight: 600; }}
.keys {{ display: grid; grid-template-columns: repeat(2, 1fr); gap: .75rem;
  padding: 0; margin: 1rem 0; }}
.keys div {{ background: {theme.SHADE};
  border-left: 4px solid {theme.BLUE}; padding: .6rem .8rem; }}
.keys dt {{ font-size: .85rem; }}
.keys dd {{ margin: 0; font-size: 1.25rem; font-weight: 600; }}
nav ul {{ display: flex; flex-wrap: wrap; gap: .2rem 1rem; list-style: none; padding: 0; }}
a {{ color: {theme.BLUE}; }}
@media (min-width: 44rem) {{ .keys {{ grid-template-columns: repeat(4, 1fr); }} }}
figure {{ margin: 1.5rem 0; }}
figure h3 {{ margin: 0 0 .3rem; }}
figure svg {{ display: block; width: 100%; height: auto; }}
figure .wide svg {{ max-width: 48rem; }}
figure .narrow {{ display: none; }}
@media screen and (max-width: 36rem) {{
  figure .wide {{ display: none; }}
  figure .narrow {{ display: block; }}
}}
figcaption {{ font-size: .9rem; color: {theme.MUTED}; }}
.choices {{ border: 1px solid {theme.RULE}; margin: 1rem 0; padding: .6rem .8rem; }}
.choices legend {{ font-weight: 600; padding: 0 .3rem; }}
.choices > input {{ position: absolute; opacity: 0; }}
.choices > label {{ display: inline-block; margin: .15rem .2rem; padding: .2rem .5rem;
  border: 1px solid {theme.MUTED}; border-radius: .2rem; font-size: .9rem; cursor: pointer; }}
.choices > input:checked + label {{ background: {theme.HEADER}; color: {theme.WHITE}; }}
.choices > input:focus-visible + label {{ outline: 3px solid {theme.BLUE}; outline-offset: 1px; }}
.choices .panels > div {{ display: none; }}
{SHOWN} {{ display: block; }}
.choices h3 {{ margin: .6rem 0 .2rem; }}
.table {{ overflow-x: auto; margin: .5rem 0 1rem; }}
table {{ border-collapse: collapse; width: 100%; font-size: .9rem; }}
caption {{ text-align: left; font-weight: 600; padding: .3rem 0; max-width: calc(100vw - 2rem); }}
th, td {{ border: 1px solid {theme.RULE}; padding: .3rem .5rem;
  text-align: left; vertical-align: top; overflow-wrap: normal; }}
td {{ min-width: 4rem; }}
td.long {{ min-width: 11rem; }}
td.unbroken {{ min-width: 11rem; overflow-wrap: anywhere; }}
thead th {{ background: {theme.SHADE}; }}
tbody th {{ font-weight: 600; min-width: 7rem; }}
.number {{ text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }}
thead th.number {{ white-space: normal; }}
code {{ overflow-wrap: anywhere; }}
@media print {{
  @page {{ size: A4; margin: 1.8cm; }}
  body {{ max-width: none; padding: 0; font-size: 9.5pt; line-height: 1.35; }}
  nav {{ display: none; }}
  figure, tr, .keys div, .choices {{ break-inside: avoid; }}
  h2, h3, caption, thead {{ break-after: avoid; }}
  tbody tr:first-child {{ break-before: avoid; }}
  thead {{ display: table-header-group; }}
  th, td {{ padding: .1rem .3rem; }}
  .keys {{ grid-template-columns: repeat(5, 1fr); gap: .3rem; margin: .5rem 0; }}
  .keys div {{ padding: .2rem .4rem; }}
  .keys dd {{ font-size: 1rem; }}
  .table {{ overflow: visible; }}
  .choices > label {{ display: none; }}
  .choices > input:checked + label {{ display: inline-block; color: {theme.INK};
    background: {theme.WHITE}; }}
  a {{ color: inherit; }}
  h2 {{ margin-top: 1rem; }}
  figure .wide svg {{ max-width: 15cm; max-height: 22cm; }}
  table {{ font-size: 8pt; }}
  td, td.long, td.unbroken, tbody th {{ min-width: 0; }}
}}
"""


CHECKED = ' checked="checked"'
LONG_CELL = 28  # characters from which a cell must not be squeezed


@dataclass(frozen=True, slots=True)
class Drawn:
    """The figures by name, as they are drawn for a wide and for a narrow screen."""

    wide: Pictures
    narrow: Pictures


def html_text(document: Document, wide: Pictures, narrow: Pictures) -> str:
    """The whole page: what the document comes to first, then its contents, then the rest."""
    first, rest = document.sections[: document.leading], document.sections[document.leading :]
    pictures = Drawn(wide, narrow)
    links = "".join(f'<li><a href="#{e.name}">{_clean(e.title)}</a></li>' for e in rest)
    body = (
        f"<header><h1>{_clean(document.title)}</h1>{_paragraph(document.record, 'muted')}"
        f"{_blocks(document.opening, pictures)}</header>\n"
        + "\n".join(_section(section, pictures) for section in first)
        + "\n"
        f'<nav aria-label="Contents"><ul>{links}</ul></nav>\n'
        + "\n".join(_section(section, pictures) for section in rest)
    )
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8"/>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\"/>\n"
        f"<title>{_clean(document.title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        f"{body}\n</body>\n</html>\n"
    )


def _section(section: Section, pictures: Drawn) -> str:
    body = _blocks(section.blocks, pictures)
    return f'<section id="{section.name}"><h2>{_clean(section.title)}</h2>\n{body}\n</section>'


def _blocks(blocks: Sequence[Block], pictures: Drawn) -> str:
    return "\n".join(filter(None, (_markup(block, pictures) for block in blocks)))


def _clean(text: str) -> str:
    """Text for HTML: escaped, without characters that XML cannot hold."""
    return escape(printable(text), quote=True)


def _css(name: str) -> str:
    return f' class="{name}"' if name else ""


def _paragraph(text: str, css: str = "") -> str:
    return f"<p{_css(css)}>{_clean(text)}</p>"


@singledispatch
def _markup(block: Any, pictures: Drawn) -> str:
    raise TypeError(block)


@_markup.register
def _(block: Heading, pictures: Drawn) -> str:
    return f"<h3>{_clean(block.text)}</h3>"


@_markup.register
def _(block: Text, pictures: Drawn) -> str:
    return _paragraph(block.text, "headline" if block.strong else "")


@_markup.register
def _(block: Note, pictures: Drawn) -> str:
    return _paragraph(block.text, "muted")


@_markup.register
def _(block: Bullets, pictures: Drawn) -> str:
    inner = "".join(f"<li>{_clean(item)}</li>" for item in block.items)
    return f"<ul>{inner}</ul>" if inner else ""


@_markup.register
def _(block: Pairs, pictures: Drawn) -> str:
    inner = "".join(
        f"<div><dt>{_clean(pair.name)}</dt><dd>{_clean(pair.text)}</dd></div>"
        for pair in block.items
    )
    return f'<dl class="keys">{inner}</dl>'


@_markup.register
def _(block: Facts, pictures: Drawn) -> str:
    inner = "".join(f"<div><dt>{_clean(n)}</dt><dd>{_clean(t)}</dd></div>" for n, t in block.items)
    return f'<dl class="keys">{inner}</dl>'


@_markup.register
def _(block: Choices, pictures: Drawn) -> str:
    """Radio buttons, and a panel each, of which style shows that of the button that is checked."""
    if len(block.items) > MOST_CHOICES:
        raise ValueError(f"{block.name}: {len(block.items)} choices")
    buttons = "".join(
        f'<input type="radio" name="{block.name}" id="{block.name}-{n}"'
        f"{CHECKED if n == block.first else ''}/>"
        f'<label for="{block.name}-{n}">{_clean(item.name)}</label>'
        for n, item in enumerate(block.items)
    )
    panels = "".join(
        f"<div><h3>{_clean(item.name)}</h3>{_blocks(item.blocks, pictures)}</div>"
        for item in block.items
    )
    return (
        f'<fieldset class="choices"><legend>{_clean(block.title)}</legend>{buttons}'
        f'<div class="panels">{panels}</div></fieldset>'
    )


@_markup.register
def _(block: Prompt, pictures: Drawn) -> str:
    return ""  # nobody can write into a page


@_markup.register
def _(block: TableBlock, pictures: Drawn) -> str:
    if not block.lines:
        return _paragraph(f"{block.title}: none.")
    top = "".join(
        f'<th scope="col"{_css("number" if place in block.right else "")}>{_clean(head)}</th>'
        for place, head in enumerate(block.heads)
    )
    body = "\n".join(f"<tr>{_cells(line, block.right)}</tr>" for line in block.lines)
    title = _clean(block.title)
    return (
        f'<div class="table" tabindex="0" role="region" aria-label="{title}"><table>'
        f"<caption>{title}</caption>"
        f"<thead><tr>{top}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>"
    )


def _cells(line: Sequence[str], numbers: Sequence[int]) -> str:
    """The cells of a row, the first of which names it."""
    first = f'<th scope="row">{_clean(line[0])}</th>'
    rest = "".join(
        f"<td{_css(_cell_css(text, place in numbers))}>{_clean(text)}</td>"
        for place, text in enumerate(line)
        if place
    )
    return first + rest


def _cell_css(text: str, number: bool) -> str:
    if number:
        return "number"
    # An address has no blank at which a line could end, and would widen its table without bound.
    longest = max(map(len, text.split()), default=0)
    return "unbroken" if longest > LONG_CELL else "long" if len(text) > LONG_CELL else ""


@_markup.register
def _(block: Figure, pictures: Drawn) -> str:
    picture, small = pictures.wide[block.name], pictures.narrow[block.name]
    return (
        f"<figure><h3>{_clean(picture.title)}</h3>"
        f'<div class="wide">{_drawing(f"chart-{block.name}", picture)}</div>'
        f'<div class="narrow">{_drawing(f"narrow-{block.name}", small)}</div>'
        f"<figcaption>{_clean(picture.caption)}</figcaption></figure>"
    )


def _drawing(name: str, picture: Picture) -> str:
    """An SVG set into the page: its ids made its own, with a title and a description."""
    svg = picture.data.decode("utf-8")
    inner = svg[svg.index("<svg") :]
    inner = re.sub(r"<metadata>.*?</metadata>", "", inner, flags=re.DOTALL)
    inner = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', inner)
    inner = re.sub(r'href="#([^"]+)"', rf'href="#{name}-\1"', inner)
    inner = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", inner)
    inner = re.sub(r'<svg\b([^>]*?)\swidth="[^"]*"', r"<svg\1", inner, count=1)
    inner = re.sub(r'<svg\b([^>]*?)\sheight="[^"]*"', r"<svg\1", inner, count=1)
    labelled = f'<svg role="img" aria-labelledby="{name}-title {name}-desc"'
    words = (
        f'<title id="{name}-title">{_clean(picture.title)}</title>'
        f'<desc id="{name}-desc">{_clean(picture.alt)}</desc>'
    )
    inner = re.sub(r"<svg\b", lambda _: labelled, inner, count=1)
    end = inner.index(">") + 1
    return f"{inner[:end]}{words}{inner[end:].strip()}"
