"""The charts of a run as pictures and files.

Drawn without a screen, with fixed salts and no dates, so that a chart is the same bytes each time.
"""

from __future__ import annotations

import io
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
# The height of a picture: the memo makes it no higher than 22 cm, where this is 300 dots an inch.
MOST_PIXELS = 2600

CHARTS: tuple[Chart, ...] = (
    dependence.DEPENDENCE_CHART,
    builds.BUILDS_CHART,
    touch.TOUCH_CHART,
    stages.STAGES_CHART,
    money.MONEY_CHART,
)
CHART: dict[str, Chart] = {chart.name: chart for chart in CHARTS}


def draw(story: Story, chart: Chart, *, titled: bool = True) -> Figure:
    """The figure, sized to what it holds; without its finding where the page already says it."""
    figure = story.kept(chart.figure)
    height, width = chart.height(story), theme.WIDTH_INCHES
    left = 0.25 + 0.062 * max(len(text) for text in chart.labels(story))
    full = (TOP if titled else TOP_UNTITLED) + height + chart.bottom
    ax = figure.axes[0]
    figure.set_size_inches(width, full)
    ax.set_position(
        (left / width, chart.bottom / full, 1 - (left + chart.right) / width, height / full)
    )
    for text in ax.texts:
        if text.get_gid() == TITLE_GID:
            text.set_visible(titled)
    return figure


def render(story: Story, chart: Chart, kind: str, *, titled: bool = True) -> bytes:
    """One chart as bytes of a PNG or SVG; letters that the font lacks are drawn as boxes."""
    target = io.BytesIO()
    with mpl.rc_context(theme.FIGURE_STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from font")
        metadata = {"Date": None} if kind == "svg" else {"Software": None}
        figure = draw(story, chart, titled=titled)
        dpi = min(theme.DPI, MOST_PIXELS / figure.get_figheight())
        figure.savefig(target, format=kind, dpi=dpi, metadata=metadata)
    return target.getvalue()


def pictures(story: Story, kind: str, *, titled: bool = True) -> dict[str, Picture]:
    """Every chart by name, with its words."""
    return {
        chart.name: Picture(
            render(story, chart, kind, titled=titled),
            chart.title(story),
            chart.alt(story),
            chart.caption,
        )
        for chart in CHARTS
    }


def write_charts(story: Story, drawn: Pictures, folder: Path) -> None:
    """Writes every chart as folder/NAME.svg and the drawn pictures as NAME.png."""
    folder.mkdir(parents=True, exist_ok=True)
    for chart in CHARTS:
        (folder / f"{chart.name}.svg").write_bytes(render(story, chart, "svg"))
        (folder / f"{chart.name}.png").write_bytes(drawn[chart.name].data)
