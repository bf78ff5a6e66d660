"""The figures of a run as files: which there are, what each says to a reader who cannot see it.

Drawn without a screen, with fixed salts and no dates, so that a figure is the same bytes each time.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from opt.record.run import Run
from opt.report import theme, wording
from opt.report.charts import TITLE_GID, plot_dependence, plot_stages, plot_touch, touch_labels
from opt.report.charts_plan import active_programmes, label, plot_builds, plot_money
from opt.report.findings import BuiltProject
from opt.report.lookup import Lookup
from opt.report.story import Story, tell
from opt.report.titles import (
    title_builds,
    title_dependence,
    title_money,
    title_stages,
    title_touch,
)

TOP = 0.72  # inches for the title and what is measured
TOP_UNTITLED = 0.3
BOTTOM = 0.32


@dataclass(frozen=True, slots=True)
class Chart:
    """One figure.

    File name, what it shows, drawing, finding, words for who cannot see it, height in inches of
    the plot itself, and the labels that stand left of it; `right` and `bottom` are margins.
    """

    name: str
    caption: str
    plot: Callable[[Run, Axes], None]
    title: Callable[[Story], str]
    alt: Callable[[Story], str]
    height: Callable[[Run], float]
    labels: Callable[[Run], list[str]]
    right: float = 0.15
    bottom: float = BOTTOM


def _no_labels(_: Run) -> list[str]:
    return ["100%"]


def _alt_dependence(story: Story) -> str:
    before = {entry.year: entry.dependence for entry in story.run.baseline.by_year}
    parts = [
        f"{wording.year(e.year)} {wording.percent(e.dependence)}"
        + (f" (without {wording.percent(before[e.year])})" if e.year in before else "")
        for e in story.run.metrics.by_year
    ]
    return f"Line chart. {title_dependence(story)}. With the plan: {'; '.join(parts)}."


def _alt_stages(story: Story) -> str:
    return f"Line chart, one line a stage. {title_stages(story)}. {_stage_shares(story)}"


def _stage_shares(story: Story) -> str:
    parts = [
        f"{e.stage} {wording.percent(e.exposed_share)} (without "
        f"{wording.percent(e.baseline_exposed_share)})"
        for e in story.findings.stages
    ]
    return f"Exposed shares at the target year: {'; '.join(parts)}." if parts else ""


def _alt_touch(story: Story) -> str:
    parts = [
        f"{e.stage} {wording.percent(e.share)} (without {wording.percent(e.baseline_share)})"
        for e in story.findings.policy.touch
    ]
    shares = f" Shares of allied demand: {'; '.join(parts)}." if parts else ""
    return f"Chart of two marks a stage, before and after. {title_touch(story)}.{shares}"


def _alt_builds(story: Story) -> str:
    parts = [
        f"{e.name}: committed {wording.year(e.commitment.year)}, first output "
        f"{wording.year(e.commitment.first_operation)}{_usable_words(e)}"
        for e in story.findings.projects
    ]
    return f"Chart of one bar a project over the years. {title_builds(story)}. {'; '.join(parts)}."


def _usable_words(entry: BuiltProject) -> str:
    """The shares of capacity that can run, one after the other."""
    shares = dict.fromkeys(wording.short_percent(share) for share in entry.usable.values())
    return f", runs at {', '.join(shares)}" if shares else ""


def _alt_money(story: Story) -> str:
    parts = [
        f"{e.name} {wording.money(e.paid_musd)}"
        for e in story.findings.programmes
        if e.paid_musd > 0
    ]
    return f"Bars by programme and year. {title_money(story)}. In all: {'; '.join(parts)}."


def _touch_labels(run: Run) -> list[str]:
    return touch_labels(run) or ["100%"]


def _build_labels(run: Run) -> list[str]:
    return [label(entry.name) for entry in tell(run).findings.projects] or [""]


def _money_labels(run: Run) -> list[str]:
    lookup = Lookup(run.workbook)
    return [label(lookup.name("programmes", key)) for key in active_programmes(run)] or [""]


CHARTS: tuple[Chart, ...] = (
    Chart(
        "dependence",
        "Dependence by year, with the plan and without new money.",
        plot_dependence,
        title_dependence,
        _alt_dependence,
        lambda _: 2.35,
        _no_labels,
        right=1.35,
    ),
    Chart(
        "builds",
        "What is built when.",
        plot_builds,
        title_builds,
        _alt_builds,
        lambda run: max(0.215 * len(run.solution.commitments), 0.6),
        _build_labels,
        bottom=0.62,
    ),
    Chart(
        "touch",
        "Where the chain is first touched, without new money and with the plan.",
        plot_touch,
        title_touch,
        _alt_touch,
        lambda run: 0.4 * max(len(tell(run).findings.policy.touch), 1) + 0.5,
        _touch_labels,
    ),
    Chart(
        "stages",
        "Exposed share of each stage by year, with the plan.",
        plot_stages,
        title_stages,
        _alt_stages,
        lambda run: 2.4 + 0.1 * max(len({e.stage for e in run.stages}) - 6, 0),
        _no_labels,
        right=1.95,
    ),
    Chart(
        "money",
        "Public money falling due, by programme and year.",
        plot_money,
        title_money,
        _alt_money,
        lambda run: max(0.56 * len(active_programmes(run)), 0.6),
        _money_labels,
    ),
)

CHART: dict[str, Chart] = {chart.name: chart for chart in CHARTS}


def draw(run: Run, chart: Chart, *, titled: bool = True) -> Figure:
    """The figure, sized to what it holds; without its finding where the page already says it."""
    height = chart.height(run)
    left = 0.25 + 0.062 * max(len(text) for text in chart.labels(run))
    full = (TOP if titled else TOP_UNTITLED) + height + chart.bottom
    figure = Figure(figsize=(theme.WIDTH_INCHES, full))
    FigureCanvasAgg(figure)
    width = theme.WIDTH_INCHES
    frame = (left / width, chart.bottom / full, 1 - (left + chart.right) / width, height / full)
    ax = figure.add_axes(frame)
    chart.plot(run, ax)
    for text in ax.texts:
        if text.get_gid() == TITLE_GID:
            text.set_visible(titled)
    return figure


def _save(run: Run, chart: Chart, kind: str, *, titled: bool) -> bytes:
    """One figure as bytes of a PNG or SVG; letters that the font lacks are drawn as boxes."""
    target = io.BytesIO()
    with mpl.rc_context(theme.FIGURE_STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from font")
        metadata = {"Date": None} if kind == "svg" else {"Software": None}
        figure = draw(run, chart, titled=titled)
        figure.savefig(target, format=kind, dpi=theme.DPI, metadata=metadata)
    return target.getvalue()


def svg(run: Run, chart: Chart, *, titled: bool = True) -> str:
    """One figure as SVG text with LF line ends."""
    return _save(run, chart, "svg", titled=titled).decode("utf-8")


def png(run: Run, chart: Chart) -> bytes:
    """One figure as PNG."""
    return _save(run, chart, "png", titled=True)


def draw_pngs(run: Run) -> dict[str, bytes]:
    """Every figure as PNG by name; drawn once for both the charts folder and the memo."""
    return {chart.name: png(run, chart) for chart in CHARTS}


def write_charts(run: Run, pictures: Mapping[str, bytes], folder: Path) -> None:
    """Writes every figure as folder/NAME.svg and the given pictures as NAME.png."""
    folder.mkdir(parents=True, exist_ok=True)
    for chart in CHARTS:
        (folder / f"{chart.name}.svg").write_text(svg(run, chart), encoding="utf-8", newline="\n")
        (folder / f"{chart.name}.png").write_bytes(pictures[chart.name])
