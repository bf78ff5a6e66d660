"""The charts of the page: those of the folder without the finding, which a heading says."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree
from run_factory import make_run

from opt.report.document import Picture
from opt.report.figures.registry import pictures, untitled
from opt.report.story import Story

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
STRIP = 0.42 * 72  # points: 0.72 inches above a plot with its finding, 0.3 without

DRAWN = b"""<svg width="10pt" height="90pt" viewBox="0 0 10 90" xmlns:xlink="x">
 <g id="figure_1">
  <g id="finding">
   <!-- ab -->
   <g>
    <defs>
     <path id="a" d="M 0 0
z
"/>
     <path id="b" d="M 1 1"/>
    </defs>
    <use xlink:href="#a"/>
   </g>
  </g>
  <g id="text_2">
   <use xlink:href="#b"/>
  </g>
 </g>
</svg>
"""


def test_the_finding_goes_and_the_letters_it_shares_stay() -> None:
    (cut,) = untitled({"c": Picture(DRAWN, "t", "alt", "c")}).values()
    text = cut.data.decode()
    assert 'viewBox="0 30.24 10 59.76"' in text
    assert "finding" not in text
    assert 'id="a"' not in text
    assert text.count('id="b"') == 1
    assert text.index('id="b"') < text.index('href="#b"')


def test_every_chart_keeps_all_but_its_finding(tmp_path: Path) -> None:
    path = tmp_path / "case.xlsx"
    path.write_bytes(b"a workbook")
    drawn = pictures(Story(make_run(path, 3, full=True)), "svg")
    for name, cut in untitled(drawn).items():
        whole, own = etree.fromstring(drawn[name].data), etree.fromstring(cut.data)
        _, _, width, height = map(float, whole.get("viewBox").split())
        box = list(map(float, own.get("viewBox").split()))
        assert box == pytest.approx([0, STRIP, width, height - STRIP])
        (finding,) = [e for e in whole.iter(f"{SVG}g") if e.get("id") == "finding"]
        said = {e.text for e in finding.iter(etree.Comment)}
        assert said
        comments = [e.text for e in whole.iter(etree.Comment) if e.text not in said]
        assert [e.text for e in own.iter(etree.Comment)] == comments
        ids = [e.get("id") for e in own.iter() if e.get("id")]
        assert len(ids) == len(set(ids))
        assert {e.get(HREF)[1:] for e in own.iter(f"{SVG}use")} <= set(ids)
