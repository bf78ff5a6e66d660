"""Damaged inputs, drawn from seeds: nothing ends in a traceback or without end, and nothing that a
person could not have meant changes what matters without a word (support/damage.py).

`pytest tests/data/test_damaged.py --damaged 5000` tries so many of each kind of source.
"""

from __future__ import annotations

import faulthandler
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from damage import tried

ROOT = Path(__file__).parents[2] / "inputs"
SOURCES = ("small", "small.xlsx", "gallium", "gallium.xlsx")
# Seconds for one damaged input, a hundred times what it takes: after them the run dies and says
# where it stood.
WITHOUT_END = 60


@pytest.fixture(autouse=True)
def _no_hang() -> Iterator[None]:
    yield
    faulthandler.cancel_dump_traceback_later()


@pytest.mark.slow
@pytest.mark.parametrize("source", SOURCES)
def test_no_damage_passes_in_silence(
    tmp_path: Path, source: str, pytestconfig: pytest.Config
) -> None:
    count = int(pytestconfig.getoption("damaged"))
    found = []
    with warnings.catch_warnings():
        # The damage is written by a library that warns of what it is asked to write.
        warnings.simplefilter("ignore")
        outcomes = tried(ROOT / source, range(count), tmp_path)
        faulthandler.dump_traceback_later(WITHOUT_END, exit=True)
        for outcome in outcomes:
            faulthandler.dump_traceback_later(WITHOUT_END, exit=True)
            if outcome.damage.told and outcome.silent:
                found.append((outcome.seed, outcome.damage.words, outcome.silent))
    assert not found
