"""The charts as pictures, beside pictures that were looked at.

Only with the locked matplotlib, whose text and lines are the same everywhere.
`PYTHONPATH=tests/support python tests/report/test_chart_images.py` draws the pictures again.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import matplotlib as mpl
import pytest
from builders import chain, project, solved
from matplotlib.testing.compare import compare_images
from run_factory import make_run

from opt.record.run import Run
from opt.report.figures.registry import pictures
from opt.report.story import Story

ROOT = Path(__file__).parents[2]
BASELINES = Path(__file__).parent / "baselines"
LOCKED = re.search(r"^matplotlib==(\S+)", (ROOT / "docs" / "lock.txt").read_text(), re.MULTILINE)
TOLERANCE = 1.0  # root mean square of 255: what one pixel of a line's edge makes


def made_by_hand(folder: Path) -> Run:
    """A run with every feature."""
    path = folder / "case.xlsx"
    path.write_bytes(b"")
    return make_run(path, 3, full=True)


def under_a_ramp_shock(folder: Path) -> Run:
    """A smelter that ramps up over three years, half as far from 2032 on."""
    case = chain(
        projects=[project("P", "smelt", 100, 60, public_share=0.4, ramp="slow")],
        programmes=[{"programme": "fund", "amount": 100}],
        ramps=[{"ramp": "slow", "year_1": 0.2, "year_2": 0.6, "year_3": 1}],
        scenarios=[{"scenario": "slower"}],
        shocks=[{"scenario": "slower", "what": "ramp", "factor": 0.5, "first_year": 2032}],
    )
    return solved(folder, case, scenario="slower")


RUNS = {"full": made_by_hand, "ramp_shock": under_a_ramp_shock}


def draw(name: str) -> dict[str, bytes]:
    """The charts of a run as PNG by the name of their file."""
    with tempfile.TemporaryDirectory() as parent:
        drawn = pictures(Story(RUNS[name](Path(parent))), "png")
    return {f"{name}_{chart}.png": picture.data for chart, picture in drawn.items()}


@pytest.mark.skipif(
    LOCKED is None or mpl.__version__ != LOCKED[1], reason="another matplotlib than the locked one"
)
@pytest.mark.parametrize("name", RUNS)
def test_charts_look_as_they_did(tmp_path: Path, name: str) -> None:
    for file, data in draw(name).items():
        (tmp_path / file).write_bytes(data)
        difference = compare_images(str(BASELINES / file), str(tmp_path / file), TOLERANCE)
        assert difference is None, difference


if __name__ == "__main__":
    BASELINES.mkdir(exist_ok=True)
    for run in RUNS:
        for file, data in draw(run).items():
            (BASELINES / file).write_bytes(data)
