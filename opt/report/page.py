"""Pieces of a static HTML page: every text escaped, tables with scopes, figures with words.

Knows HTML, nothing about runs. A string returned from here is markup; a string given is text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from opt.report import theme

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
figure .wide {{ overflow-x: auto; }}
figure svg {{ display: block; width: 100%; max-width: 48rem; min-width: 33rem; height: auto; }}
figcaption {{ font-size: .9rem; color: {theme.MUTED}; }}
.wide:focus {{ outline: 2px solid {theme.BLUE}; }}
.table {{ overflow-x: auto; margin: .5rem 0 1rem; }}
table {{ border-collapse: collapse; width: 100%; font-size: .9rem; }}
caption {{ text-align: left; font-weight: 600; padding: .3rem 0; }}
th, td {{ border: 1px solid {theme.RULE}; padding: .3rem .5rem;
  text-align: left; vertical-align: top; overflow-wrap: normal; }}
td {{ min-width: 4rem; }}
td.long {{ min-width: 11rem; }}
thead th {{ background: {theme.SHADE}; }}
tbody th {{ font-weight: 600; min-width: 7rem; }}
.number {{ text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }}
thead th.number {{ white-space: normal; }}
code {{ overflow-wrap: anywhere; }}
@media print {{
  @page {{ size: A4; margin: 1.8cm; }}
  body {{ max-width: none; padding: 0; font-size: 10pt; }}
  nav {{ display: none; }}
  figure, tr, .keys div {{ break-inside: avoid; }}
  h2, h3, caption {{ break-after: avoid; }}
  thead {{ display: table-header-group; }}
  .table, figure .wide {{ overflow: visible; }}
  figure svg {{ min-width: 0; }}
}}
"""


def clean(text: str) -> str:
    """Text for HTML: escaped, without characters that XML cannot hold."""
    return escape("".join(c if c in "\t\n" or ord(c) >= 32 else " " for c in text), quote=True)


def paragraph(text: str, css: str = "") -> str:
    """One paragraph of text."""
    return f"<p{_css(css)}>{clean(text)}</p>"


def bullets(items: Sequence[str]) -> str:
    """A list of texts."""
    inner = "".join(f"<li>{clean(item)}</li>" for item in items)
    return f"<ul>{inner}</ul>" if items else ""


def section(anchor: str, title: str, *parts: str) -> str:
    """A section with its heading."""
    body = "\n".join(part for part in parts if part)
    return f'<section id="{anchor}"><h2>{clean(title)}</h2>\n{body}\n</section>'


def key_numbers(pairs: Sequence[tuple[str, str]]) -> str:
    """Key numbers as a list of terms."""
    inner = "".join(
        f"<div><dt>{clean(term)}</dt><dd>{clean(value)}</dd></div>" for term, value in pairs
    )
    return f'<dl class="keys">{inner}</dl>'


def table(
    caption: str, heads: Sequence[str], lines: Sequence[Sequence[str]], numbers: Sequence[int] = ()
) -> str:
    """A table whose first column names the row; `numbers` are the places of number columns."""
    if not lines:
        return paragraph(f"{caption}: none.")
    top = "".join(
        f'<th scope="col"{_css("number" if place in numbers else "")}>{clean(head)}</th>'
        for place, head in enumerate(heads)
    )
    body = "\n".join(f"<tr>{_cells(line, numbers)}</tr>" for line in lines)
    return (
        f'<div class="table" tabindex="0" role="region" aria-label="{clean(caption)}"><table>'
        f"<caption>{clean(caption)}</caption>"
        f"<thead><tr>{top}</tr></thead>\n<tbody>\n{body}\n</tbody></table></div>"
    )


def _cells(line: Sequence[str], numbers: Sequence[int]) -> str:
    first = f'<th scope="row">{clean(line[0])}</th>'
    rest = "".join(
        f"<td{_css(_cell_css(text, place in numbers))}>{clean(text)}</td>"
        for place, text in enumerate(line)
        if place
    )
    return first + rest


def _cell_css(text: str, number: bool) -> str:
    return "number" if number else "long" if len(text) > 28 else ""


def _css(name: str) -> str:
    return f' class="{name}"' if name else ""


def figure(name: str, svg: str, title: str, alt: str, caption: str) -> str:
    """An SVG set into the page: its ids made its own, with a title and a description."""
    inner = svg[svg.index("<svg") :]
    inner = re.sub(r"<metadata>.*?</metadata>", "", inner, flags=re.DOTALL)
    inner = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', inner)
    inner = re.sub(r'href="#([^"]+)"', rf'href="#{name}-\1"', inner)
    inner = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", inner)
    inner = re.sub(r'<svg\b([^>]*?)\swidth="[^"]*"', r"<svg\1", inner, count=1)
    inner = re.sub(r'<svg\b([^>]*?)\sheight="[^"]*"', r"<svg\1", inner, count=1)
    labelled = f'<svg role="img" aria-labelledby="{name}-title {name}-desc"'
    words = (
        f'<title id="{name}-title">{clean(title)}</title><desc id="{name}-desc">{clean(alt)}</desc>'
    )
    inner = re.sub(r"<svg\b", lambda _: labelled, inner, count=1)
    end = inner.index(">") + 1
    return (
        f"<figure><h3>{clean(title)}</h3>"
        f'<div class="wide" tabindex="0" role="region" aria-label="{clean(title)}">'
        f"{inner[:end]}{words}{inner[end:].strip()}</div>"
        f"<figcaption>{clean(caption)}</figcaption></figure>"
    )


def page(title: str, body: str) -> str:
    """The whole document: no script, nothing loaded from elsewhere."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8"/>\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\"/>\n"
        f"<title>{clean(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )
