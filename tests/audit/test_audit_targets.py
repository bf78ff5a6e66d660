"""The audit of targets and of the table of elements, on the case of test_audit.py.

A tonne of oxide holds half a tonne of Nd, the tail a fifth of Ce. One target or more of each metric;
values by hand from the figures of that file.
"""

# ruff: noqa: E501 (rows of CSV are one line each)
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from test_audit import (
    BASE_BY_YEAR,
    BY_YEAR,
    IN_TONNES,
    OUTPUTS,
    Line,
    Run,
    audit_written,
    make_measure,
    make_world,
    parse,
    written_run,
)

from opt.audit.measures import tonnes_in
from opt.audit.targets import Measured, split_scope
from opt.data import masses
from opt.errors import InputError

# Allied flows, by hand. all_27: 40 of 56. cars_29: 7 exposed and 4 short of 30. nd_29: 4 short, twice
# weighed, of 64. china_28: 12 t of 32 come from china and none is short (baseline: 28 come and 4 are
# short). any_28: china sends more than oth. ore_28: china uses 24 t of ore, all from aland. home_28:
# 20 of 32 t of Nd, with or without its name; of Ce nothing is demanded. made_29: 20 of ref_a and 3 of
# scrap. made_c: 7 t in china (baseline: 30).
TARGETS = """target,metric,scope,year,bound,sense,value,baseline_value
    all_27,dependence,,2027,0.75,at_most,0.7142857142857143,1
    ally_27,dependence,Bloc:Ally,2027,0.75,at_most,0.7142857142857143,1
    here_27,dependence,aland,2027,0.75,at_most,0.7142857142857143,1
    cars_29,dependence,cars,2029,0.4,at_most,0.36666666666666664,1
    oxide_28,shortfall,oxide,2028,0.1,at_most,0,0.06666666666666667
    nd_29,shortfall,Nd,2029,0.2,at_most,0.125,0.0625
    china_28,source_share,refining:china,2028,0.4,at_most,0.375,1
    any_28,source_share,refining:any:ally,2028,0.4,at_most,0.375,1
    ore_28,source_share,mining:ally:bloc:covered,2028,0.9,at_least,1,1
    most_28,source_share,refining:china,2028,0.3,at_least,0.375,1
    none_28,source_share,mining:china:other,2028,0.1,at_most,0,0
    home_28,home_share,refining:aland:nd,2028,0.6,at_least,0.625,0
    homes_28,home_share,Refining:bloc:ally,2028,0.6,at_least,0.625,0
    made_29,output,oxide:aland,2029,20,at_least,23,0
    made_c,output,oxide:covered,2029,7.5,at_most,7,30"""
CONTENTS = """commodity,element,share
    ore,Nd,0.25
    ore,Ce,0.1
    oxide,Nd,0.5
    tail,Ce,0.2"""

# The Nd that the stages make, as only of Nd something is demanded: a quarter of the ore, half of the
# oxide, nothing of the tail.
ND_OUTPUTS = {
    ("mining", "aland", "ally"): (13, 15, 16, 13.5),
    ("mining", "oth", "other"): (5, 5, 5, 4),
    ("refining", "aland", "ally"): (0, 5, 10, 10),
    ("refining", "china", "covered"): (18, 15, 11, 7.5),
    ("collection", "aland", "ally"): (0, 0, 0, 1.5),
}


def targets_run() -> Run:
    """The right answer of the case, with targets and elements."""
    run = written_run()
    rows = parse(TARGETS)
    columns = ("target", "metric", "scope", "year", "bound", "sense")
    run.sheets["targets"] = [{column: row[column] for column in columns} for row in rows]
    for row in rows:
        row["slack"] = slack_of(row)
    run.tables["targets"] = rows
    run.sheets["contents"] = parse(CONTENTS)
    run.tables["world"] = make_world(ND_OUTPUTS)
    # Half of all that is asked for is Nd; nobody asks for Ce.
    run.tables["measures"].append(make_measure("element", IN_TONNES, element="Nd"))
    run.tables["elements"] = [
        {"element": "Nd", "year": year, "demand": demand / 2, "exposed": exposed / 2}
        | {"short": short / 2, "dependence": (exposed + short) / demand}
        | {"baseline_dependence": sum(BASE_BY_YEAR[year][1:]) / demand}
        for year, (demand, exposed, short) in BY_YEAR.items()
    ]
    return run


def slack_of(row: Line) -> float:
    """Distance of a value from its bound, at least 0 where it is kept."""
    distance = float(row["bound"]) - float(row["value"])
    return distance if row["sense"] == "at_most" else -distance


def ask(target: str, **cells: str) -> Callable[[Run], None]:
    """A tampering with a target, in the workbook and in the written table alike."""

    def tamper(run: Run) -> None:
        run.sheet("targets", target).update(cells)
        row = run.row("targets", target=target)
        row.update(cells)
        row["slack"] = slack_of(row)

    return tamper


def write(target: str, column: str, value: object) -> Callable[[Run], None]:
    """A tampering with a cell of the written table."""

    def tamper(run: Run) -> None:
        run.row("targets", target=target)[column] = value

    return tamper


def shift_an_element(column: str) -> Callable[[Run], None]:
    """A tampering with a cell of elements.csv."""

    def tamper(run: Run) -> None:
        run.row("elements", year=2028)[column] += 0.01

    return tamper


def value(target: str, given: str, baseline: str | None = None) -> Callable[[Run], None]:
    """A tampering with a written value, its slack as it should then be."""

    def tamper(run: Run) -> None:
        row = run.row("targets", target=target)
        row["value"] = given
        row["baseline_value"] = row["baseline_value"] if baseline is None else baseline
        row["slack"] = slack_of(row)

    return tamper


TAMPERINGS: dict[str, Callable[[Run], None]] = {
    "limit_target": ask("all_27", bound="0.71"),
    "define_targets": value("all_27", "0.7"),
    "define_elements_table": shift_an_element("exposed"),
}

OTHER_SIDES: dict[str, tuple[str, Callable[[Run], None]]] = {
    **{
        f"{target} not kept": ("limit_target", ask(target, bound=bound))
        for target, bound in (
            ("cars_29", "0.36"),
            ("nd_29", "0.12"),
            ("china_28", "0.37"),
            ("any_28", "0.37"),
            ("most_28", "0.38"),
            ("home_28", "0.63"),
            ("homes_28", "0.63"),
            ("made_29", "23.01"),
            ("made_c", "6.99"),
        )
    },
    **{
        f"{target} not as measured": ("define_targets", value(target, given))
        for target, given in (
            ("cars_29", "0.3"),
            ("oxide_28", "0.01"),
            ("nd_29", "0.12"),
            ("china_28", "0.36"),
            ("any_28", "0.36"),
            ("ore_28", "0.99"),
            ("none_28", "0.05"),
            ("home_28", "0.62"),
            ("made_29", "22.9"),
            ("made_c", "6.9"),
        )
    },
    "baseline not as measured": ("define_targets", value("made_c", "7", "29")),
    "slack not the distance": ("define_targets", write("made_29", "slack", -3)),
    "another bound": ("define_targets", write("none_28", "bound", "0.2")),
    "another scope": ("define_targets", write("all_27", "scope", "cars")),
    "another year": ("define_targets", write("all_27", "year", 2028)),
    "target left out": ("define_targets", lambda run: run.tables["targets"].pop()),
    "unknown target": ("known_names", write("all_27", "target", "all_28")),
    "target twice": (
        "unique_rows",
        lambda run: run.tables["targets"].append(dict(run.tables["targets"][0])),
    ),
    "element left out": ("define_elements_table", lambda run: run.tables["elements"].pop()),
    "element's share": ("define_elements_table", shift_an_element("dependence")),
    "element's baseline": ("define_elements_table", shift_an_element("baseline_dependence")),
    "unknown element": (
        "known_names",
        lambda run: run.row("elements", year=2028).update(element="Xe"),
    ),
}


def test_right_answer_passes(tmp_path: Path) -> None:
    assert audit_written(tmp_path, targets_run()).findings == ()


@pytest.mark.parametrize("rule", TAMPERINGS)
def test_one_tampering_breaks_exactly_its_rule(rule: str, tmp_path: Path) -> None:
    run = targets_run()
    TAMPERINGS[rule](run)
    assert {finding.rule for finding in audit_written(tmp_path, run).findings} == {rule}


@pytest.mark.parametrize("name", OTHER_SIDES)
def test_other_sides_of_rules(name: str, tmp_path: Path) -> None:
    rule, tamper = OTHER_SIDES[name]
    run = targets_run()
    tamper(run)
    assert {finding.rule for finding in audit_written(tmp_path, run).findings} == {rule}


def test_a_blank_cell_of_a_number_is_named(tmp_path: Path) -> None:
    run = targets_run()
    write("made_c", "baseline_value", None)(run)
    with pytest.raises(InputError, match=r"targets\.csv!.*baseline_value cannot be read"):
        audit_written(tmp_path, run)


def test_scope_without_name_may_say_all(tmp_path: Path) -> None:
    run = targets_run()
    write("all_27", "scope", "all")(run)
    assert audit_written(tmp_path, run).passed


def test_without_contents_every_unit_counts(tmp_path: Path) -> None:
    """20 t of oxide and 20 t of tail made, of 32 t demanded."""
    run = targets_run()
    del run.sheets["contents"]
    run.tables["elements"] = []
    del run.tables["measures"][-1]
    run.tables["world"] = make_world(OUTPUTS)
    rows = [row for row in run.tables["targets"] if row["target"] == "homes_28"]
    run.tables["targets"] = rows
    run.sheets["targets"] = [row for row in run.sheets["targets"] if row["target"] == "homes_28"]
    value("homes_28", "1.25")(run)
    assert audit_written(tmp_path, run).findings == ()


@pytest.mark.parametrize(
    ("unit", "tonnes"),
    [("t", 1), ("KT", 1000), ("kg", 0.001), ("g", 1e-6), ("Pounds", 0.00045359237), ("m3", None)],
)
def test_tonnes_in_a_unit(unit: str, tonnes: float | None) -> None:
    assert tonnes_in(unit) == (None if tonnes is None else pytest.approx(tonnes, rel=1e-12))


def test_units_are_read_as_the_checks_read_them() -> None:
    words = [*masses._TONNES, *masses._SPELT]
    assert len(words) > 30
    assert [word for word in words if tonnes_in(word) != masses.tonnes_in(word)] == []


def chosen(names: str) -> Run:
    """The case that asks to be told of some elements."""
    run = targets_run()
    run.sheets["settings"].append({"key": "elements", "value": names})
    run.json["settings"]["elements"] = names
    return run


def test_chosen_elements_alone_are_told(tmp_path: Path) -> None:
    run = chosen("nd; CE")
    assert audit_written(tmp_path / "both", run).passed  # nobody asks for Ce
    run = chosen("Ce")
    found = audit_written(tmp_path / "one", run).findings
    assert {finding.rule for finding in found} == {"define_measures_table"}
    del run.tables["measures"][-1]
    run.sha256 = None
    assert audit_written(tmp_path / "none", run).passed


def test_what_is_not_mass_is_not_told_in_tonnes(tmp_path: Path) -> None:
    run = targets_run()
    for row in run.sheets["commodities"]:
        row["unit"] = "m3"
    found = audit_written(tmp_path / "told", run).findings
    assert {finding.rule for finding in found} == {"define_measures_table"}
    del run.tables["measures"][1:]
    run.sha256 = None
    assert audit_written(tmp_path / "left out", run).passed


def test_scope_is_split_at_colons_but_not_within_a_bloc() -> None:
    assert split_scope("mining:bloc:ally:bloc: covered") == ["mining", "bloc:ally", "bloc:covered"]
    assert split_scope("refining : any") == ["refining", "any"]


def test_nothing_used_is_nothing() -> None:
    assert Measured(0.0, 0.0).value == 0.0
    assert Measured(1.0, 4.0).value == 0.25
