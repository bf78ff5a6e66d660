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
from opt.report.figures import builds, dependence, money, stages, touch
from opt.report.figures.axes import TITLE_GID
from opt.report.figures.chart import Chart
from opt.report.story import Story

TOP = 0.72  # inches for the title and what is measured
TOP_UNTITLED = 0.3
POINTS = 72  # an inch, the unit of an SVG's view
# The height of a picture: the memo makes it no higher than 22 cm, where this is 300 dots an inch.
MOST_PIXELS = 2600
PACKED = 3  # of 9: half the time of the usual 6, for files that are 3% larger

_FINDING = re.compile(rf'^( *)<g id="{TITLE_GID}">.*?^\1</g>\n', re.DOTALL | re.MULTILINE)
_LETTER = re.compile(r'^ *<path id="([^"]+)"[^>]*/>\n', re.MULTILINE)
_BOX = re.compile(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')

CHARTS: tuple[Chart, ...] = (
    dependence.DEPENDENCE_CHART,
    builds.BUILDS_CHART,
    touch.TOUCH_CHART,
    stages.STAGES_CHART,
    money.MONEY_CHART,
)
CHART: dict[str, Chart] = {chart.name: chart for chart in CHARTS}


def draw(story: Story, chart: Chart) -> Figure:
    """The figure, sized to what it holds."""
    figure = story.kept(chart.figure)
    height, width = chart.height(story), theme.WIDTH_INCHES
    left = 0.25 + 0.062 * max(len(text) for text in chart.labels(story))
    full = TOP + height + chart.bottom
    figure.set_size_inches(width, full)
    figure.axes[0].set_position(
        (left / width, chart.bottom / full, 1 - (left + chart.right) / width, height / full)
    )
    return figure


def render(story: Story, chart: Chart, kind: str) -> bytes:
    """One chart as bytes of a PNG or SVG; letters that the font lacks are drawn as boxes."""
    target = io.BytesIO()
    with mpl.rc_context(theme.FIGURE_STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from font")
        figure = draw(story, chart)
        if kind == "svg":
            figure.savefig(target, format=kind, metadata={"Date": None})
        else:
            dpi = min(theme.DPI, MOST_PIXELS / figure.get_figheight())
            packed, metadata = {"compress_level": PACKED}, {"Software": None}
            figure.savefig(target, format=kind, dpi=dpi, metadata=metadata, pil_kwargs=packed)
    return target.getvalue()


def pictures(story: Story, kind: str) -> dict[str, Picture]:
    """Every chart by name, with its words."""
    return {
        chart.name: Picture(
            render(story, chart, kind), chart.title(story), chart.alt(story), chart.caption
        )
        for chart in CHARTS
    }


def untitled(drawn: Pictures) -> dict[str, Picture]:
    """The same SVG pictures without their findings, for where a heading says them: cut off above
    what is measured, so that nothing is drawn twice."""
    return {
        name: dataclasses.replace(picture, data=_without_finding(picture.data))
        for name, picture in drawn.items()
    }


def _without_finding(svg: bytes) -> bytes:
    """An SVG without its finding and the strip that held it. A letter that the finding declares
    stays where another text uses it."""
    text = svg.decode()
    rest = _FINDING.sub("", text, count=1)
    used = [letter[0] for letter in _LETTER.finditer(text) if f'"#{letter[1]}"' in rest]
    missing = [letter for letter in used if letter not in rest]
    kept = f"<defs>\n{''.join(missing)}</defs>\n" if missing else ""
    return _BOX.sub(_lowered, _FINDING.sub(kept, text, count=1), count=1).encode()


def _lowered(box: re.Match[str]) -> str:
    """The view of a drawing, begun lower by the strip of the finding."""
    cut = (TOP - TOP_UNTITLED) * POINTS
    width, height = float(box[1]), float(box[2])
    return f'viewBox="0 {cut:.10g} {width:.10g} {height - cut:.10g}"'


def write_charts(vectors: Pictures, pixels: Pictures, folder: Path) -> None:
    """Writes every chart as folder/NAME.svg and folder/NAME.png."""
    folder.mkdir(parents=True, exist_ok=True)
    for ending, drawn in (("svg", vectors), ("png", pixels)):
        for name, picture in drawn.items():
            (folder / f"{name}.{ending}").write_bytes(picture.data)
