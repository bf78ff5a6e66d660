"""The charts of a run as pictures and files.

Drawn without a screen, with fixed salts and no dates, so that a chart is the same bytes each time.
"""

from __future__ import annotations

import dataclasses
import io
import re
import warnings
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from opt.report import theme
from opt.report.document import Picture, Pictures
from opt.report.figures import builds, chain, dependence, frontier, money, risk, stress, tornado
from opt.report.figures.axes import LINE_INCHES, TITLE_GID, title_lines
from opt.report.figures.chart import NARROW, WIDE, Chart, Room
from opt.report.render.letters import printable
from opt.report.story import Story

TOP = 0.42  # inches for what is measured, under the finding
POINTS = 72  # an inch, the unit of an SVG's view
# The height of a picture: the memo makes it no higher than 22 cm, where this is 300 dots an inch.
MOST_PIXELS = 2600
ABOVE = 0.125  # inches from the upper edge to the finding
PACKED = 3  # of 9: half the time of the usual 6, for files that are 3% larger

_FINDING = re.compile(rf'^( *)<g id="{TITLE_GID}">.*?^\1</g>\n', re.DOTALL | re.MULTILINE)
_FONT = re.compile(rf"'{theme.FIGURE_FONT}'[^;\"]*")
_BOX = re.compile(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')

CHARTS: tuple[Chart, ...] = (
    dependence.DEPENDENCE_CHART,
    builds.BUILDS_CHART,
    chain.CHAIN_CHART,
    money.MONEY_CHART,
    frontier.FRONTIER_CHART,
    stress.STRESS_CHART,
    risk.RISK_CHART,
    tornado.TORNADO_CHART,
)
CHART: dict[str, Chart] = {chart.name: chart for chart in CHARTS}


def told(story: Story) -> tuple[Chart, ...]:
    """The charts that a story has."""
    return tuple(chart for chart in CHARTS if chart.is_told(story))


def draw(story: Story, chart: Chart, room: Room = WIDE) -> Figure:
    """The figure, sized to what it holds."""
    figure = story.kept_as((chart.name, room), lambda: chart.figure(story, room))
    height, width = chart.height(story, room), room.width
    left = 0.25 + 0.062 * max(len(text) for text in chart.labels(story, room))
    top = TOP + _finding_inches(story, chart, room) + chart.top(story, room)
    full = top + height + chart.bottom
    figure.set_size_inches(width, full)
    figure.axes[0].set_position(
        (
            left / width,
            chart.bottom / full,
            1 - (left + chart.right(room)) / width,
            height / full,
        )
    )
    return figure


def _finding_inches(story: Story, chart: Chart, room: Room) -> float:
    """What the finding takes above what is measured."""
    return LINE_INCHES * len(title_lines(chart.title(story), room))


def render(story: Story, chart: Chart, kind: str, room: Room = WIDE) -> bytes:
    """One chart as bytes of a PNG or SVG; letters that the font lacks are drawn as boxes. The text
    of an SVG stays text."""
    target = io.BytesIO()
    with mpl.rc_context(theme.FIGURE_STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from font")
        figure = draw(story, chart, room)
        if kind == "svg":
            figure.savefig(target, format=kind, metadata={"Date": None})
            text = printable(target.getvalue().decode())
            return _FONT.sub(theme.FIGURE_FONTS, text).encode()
        dpi = min(theme.DPI, MOST_PIXELS / figure.get_figheight())
        packed, metadata = {"compress_level": PACKED}, {"Software": None}
        figure.savefig(target, format=kind, dpi=dpi, metadata=metadata, pil_kwargs=packed)
    return target.getvalue()


def pictures(story: Story, kind: str, room: Room = WIDE) -> dict[str, Picture]:
    """Every chart by name, with its words."""
    return {
        chart.name: Picture(
            render(story, chart, kind, room), chart.title(story), chart.alt(story), chart.caption
        )
        for chart in told(story)
    }


def untitled(story: Story, drawn: Pictures, room: Room = WIDE) -> dict[str, Picture]:
    """The same SVG pictures without their findings, for where a heading says them: cut off above
    what is measured, so that nothing is told twice."""
    return {
        name: dataclasses.replace(
            picture,
            data=_without_finding(picture.data, _finding_inches(story, CHART[name], room)),
        )
        for name, picture in drawn.items()
    }


def narrow(story: Story) -> dict[str, Picture]:
    """Every chart as SVG for a telephone, without its finding."""
    return untitled(story, pictures(story, "svg", NARROW), NARROW)


def finding_shares(story: Story, room: Room) -> dict[str, float]:
    """The share of every chart's height that holds its finding, at the top: what is cut off where a
    heading says it."""
    return {
        chart.name: (ABOVE + _finding_inches(story, chart, room))
        / float(draw(story, chart, room).get_figheight())
        for chart in told(story)
    }


def _without_finding(svg: bytes, inches: float) -> bytes:
    """An SVG without its finding and the strip that held it."""

    def lowered(box: re.Match[str]) -> str:
        cut = inches * POINTS
        width, height = float(box[1]), float(box[2])
        return f'viewBox="0 {cut:.10g} {width:.10g} {height - cut:.10g}"'

    return _BOX.sub(lowered, _FINDING.sub("", svg.decode(), count=1), count=1).encode()


def write_charts(vectors: Pictures, pixels: Pictures, folder: Path) -> None:
    """Writes every chart as folder/NAME.svg and folder/NAME.png."""
    folder.mkdir(parents=True, exist_ok=True)
    for ending, drawn in (("svg", vectors), ("png", pixels)):
        for name, picture in drawn.items():
            (folder / f"{name}.{ending}").write_bytes(picture.data)
