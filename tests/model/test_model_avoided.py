"""Sets of projects that are not to be built together, against algebra by hand.

The instance is that of `instances.tiny_instance`: at most two refineries, committed in 2030 or
2031; another project of one unit stands beside it.
"""

from __future__ import annotations

from algebra import assert_row
from instances import project, tiny_instance
from tested import own_test

from opt.model.build import build_model
from opt.model.rule import OptModel
from opt.record.flows import CLEAR


def avoiding(*sets: tuple[str, ...]) -> OptModel:
    """The model with sets to avoid."""
    base = tiny_instance()
    projects = {**base.projects, "other": project("other", max_units=1)}
    return build_model(base.replace(projects=projects, avoided=sets), (CLEAR,))


@own_test
def test_link_present() -> None:
    m = avoiding(("other", "refinery"))
    # What has one unit needs no column of its own.
    assert list(m.link_present) == list(m.present) == ["refinery"]
    row = {
        ("build", "refinery", 2030): 1.0,
        ("build", "refinery", 2031): 1.0,
        ("present", "refinery"): -2.0,
    }
    assert_row(m.link_present["refinery"], row, "<=", 0.0)


@own_test
def test_avoid_set() -> None:
    m = avoiding(("other", "refinery"), ("other",))
    other = {("build", "other", year): 1.0 for year in m.index.commitments["other"]}
    assert_row(m.avoid_set[0], other | {("present", "refinery"): 1.0}, "<=", 1.0)
    assert_row(m.avoid_set[1], other, "<=", 0.0)


def test_nothing_is_avoided_where_no_set_is(tiny: OptModel) -> None:
    for name in ("link_present", "avoid_set", "present"):
        assert not list(getattr(tiny, name))
