"""The charts of the page: those of the folder without the finding, which a heading says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from run_factory import make_run

from opt.report.figures.chart import NARROW, WIDE
from opt.report.figures.registry import pictures, untitled
from opt.report.story import Story

SVG = "{http://www.w3.org/2000/svg}"
LINE = 0.17 * 72  # points of a line of a finding


def test_every_chart_keeps_all_but_its_finding(tmp_path: Path) -> None:
    path = tmp_path / "case.xlsx"
    path.write_bytes(b"a workbook")
    story = Story(make_run(path, 3, full=True))
    for room in (WIDE, NARROW):
        drawn = pictures(story, "svg", room)
        assert drawn
        for name, cut in untitled(story, drawn, room).items():
            whole, own = etree.fromstring(drawn[name].data), etree.fromstring(cut.data)
            _, _, width, height = map(float, whole.get("viewBox").split())
            (finding,) = [e for e in whole.iter(f"{SVG}g") if e.get("id") == "finding"]
            said = ["".join(e.itertext()).strip() for e in finding.iter(f"{SVG}text")]
            strip = LINE * len(said)
            box = list(map(float, own.get("viewBox").split()))
            assert box == pytest.approx([0, strip, width, height - strip])
            assert width == pytest.approx(72 * room.width)
            assert " ".join(said) == drawn[name].title
            texts = [t for t in texts_of(whole) if t not in said]
            assert [t for t in texts_of(own) if t not in said] == texts
            assert not [e for e in own.iter(f"{SVG}g") if e.get("id") == "finding"]


def texts_of(svg: Any) -> list[str]:
    """All text of a drawing, which stays text."""
    return ["".join(e.itertext()).strip() for e in svg.iter(f"{SVG}text")]
