"""Support of running plants, against algebra by hand.

The instance is that of `instances.tiny_instance`, whose model has scale 1. A row is a dict from
variable and index to coefficient, all variables on the left, with its sense and right-hand side.
"""

from __future__ import annotations

from algebra import assert_row
from instances import MILLION, SINTER, YEARS, programme, project, tiny_instance
from models import with_support
from tested import own_test

from opt.model.build import build_model
from opt.record.flows import CLEAR, EXPOSED


@own_test
def test_cover_gap() -> None:
    # The grant covers 1 of the 4 a unit loses; the credit pays 6, of which 4 are needed.
    m = build_model(with_support(1.0, 6.0))
    assert list(m.cover_gap) == [(*SINTER, 2031)]
    row = {
        ("supported", "grant", *SINTER, 2031): 0.25,
        ("supported", "credit", *SINTER, 2031): 1.0,
        ("run", *SINTER, CLEAR, 2031): -1.0,
        ("run", *SINTER, EXPOSED, 2031): -1.0,
    }
    assert_row(m.cover_gap[*SINTER, 2031], row, ">=", 0.0)
    # Without support it does not run.
    m = build_model(with_support())
    row = {("run", *SINTER, CLEAR, 2031): -1.0, ("run", *SINTER, EXPOSED, 2031): -1.0}
    assert_row(m.cover_gap[*SINTER, 2031], row, ">=", 0.0)
    # What is lost needs none: 20 of the refinery, unless it is committed.
    refine = ("refinery", "refine")
    lost = {"refinery": project(max_units=1, lost={2032: 0.5})}
    m = build_model(tiny_instance(projects=lost, gaps={refine: {2032: 4 * MILLION}}, programmes={}))
    row = {
        **{("run", *refine, o, 2032): -1.0 for o in (CLEAR, EXPOSED)},
        **{("build", "refinery", v): -20.0 for v in (2030, 2031)},
    }
    assert_row(m.cover_gap[*refine, 2032], row, ">=", -20.0)


@own_test
def test_limit_supported() -> None:
    m = build_model(with_support(1.0))
    row = {
        ("supported", "grant", *SINTER, 2031): 1.0,
        ("run", *SINTER, CLEAR, 2031): -1.0,
        ("run", *SINTER, EXPOSED, 2031): -1.0,
    }
    assert_row(m.limit_supported["grant", *SINTER, 2031], row, "<=", 0.0)


def test_support_begins_with_the_programme() -> None:
    rates = dict.fromkeys(YEARS, 1 * MILLION)
    fund = programme(commit_from=2031, commit_to=2031, rates={"support": {SINTER: rates}})
    gaps = {SINTER: dict.fromkeys(YEARS, 4 * MILLION)}
    m = build_model(tiny_instance(gaps=gaps, programmes={"grant": fund}))
    # commit_to does not end it.
    assert set(m.supported) == {("grant", *SINTER, t) for t in (2031, 2032)}
    # In 2030 the refinery does not exist yet: nothing of it can be supported.
    refine = ("refinery", "refine")
    fund = programme(rates={"support": {refine: rates}})
    m = build_model(tiny_instance(gaps={refine: gaps[SINTER]}, programmes={"grant": fund}))
    assert set(m.supported) == {("grant", *refine, t) for t in (2031, 2032)}
