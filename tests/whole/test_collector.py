"""The collector of cycles rests while a run is written, and works afterwards as it did before."""

from __future__ import annotations

import gc

import pytest

from opt.collector import at_rest


def test_it_rests_and_works_again_whatever_happens() -> None:
    with at_rest():
        assert not gc.isenabled()
        with at_rest():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ValueError, match="a fault"), at_rest():
        raise ValueError("a fault")
    assert gc.isenabled()


def test_one_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with at_rest():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
