"""The audit of everything that run.json says, on runs that were solved and written.

run.json is written by opt/record from opt/results, and worked out anew by the audit: two programs
that share no arithmetic. Every change below is made beside a manifest that knows of it, so that
only arithmetic can find it.
"""

from __future__ import annotations

import json
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from builders import chain, folder_of, project
from random_cases_sheets import random_sheets_case
from single_changes import (
    CellChange,
    NumberChange,
    cell_changes,
    change_cell,
    change_json,
    numbers_of,
    single_changes,
    write_manifest_anew,
)

import opt
import opt.audit.folder
import opt.audit.rules
from opt.audit import RECORD_RULES, AuditReport, audit_folder
from opt.audit.check import Check, merge_reports, write_report
from opt.audit.touch import TouchInflow, touched_mixes
from opt.data.reader import read
from opt.data.tables import Tables
from opt.errors import InputError

ROOT = Path(__file__).parents[2]
# Seeds of random cases whose plans hold stock, support and targets, and public money for capital.
SUPPORT_AND_TARGETS, STOCK_AND_CAPITAL = 398, 291
# What may pass: a number as close as the audit says (docs/outputs.md).
CLOSE = 1e-6
# Numbers that are rounding themselves, as a gap is where bound and value are one; the largest by
# which passes may keep each other.
ROUNDED, KEPT = ("kept", "largest_violation", "gap_added"), 1e-7
# Of each run, numbers of run.json and cells of tables: 2,004 in all.
CHANGED = 334
# Of one worker where tests run beside each other: what they share is solved once.
pytestmark = pytest.mark.xdist_group("finished runs")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Finished runs: the small case, and two with every sheet."""
    parent = tmp_path_factory.mktemp("runs")
    cases = {"small": ROOT / "inputs" / "small.xlsx"}
    for name, seed in (("support", SUPPORT_AND_TARGETS), ("capital", STOCK_AND_CAPITAL)):
        cases[name] = random_sheets_case(parent / name, seed)
    settings = {"support": {"losing_plants": "need_support"}}
    return {
        name: opt.write(opt.solve(opt.load(case, settings.get(name))), parent / f"run_{name}")
        for name, case in cases.items()
    }


def copy_of(run: Path, folder: Path) -> Path:
    """The evidence of a run, to change."""
    shutil.rmtree(folder, ignore_errors=True)
    people = shutil.ignore_patterns("charts", "memo.docx", "results.xlsx", "report.html")
    return shutil.copytree(run, folder, ignore=people)


def is_noticed(folder: Path) -> bool:
    """Whether the audit refuses a folder."""
    write_manifest_anew(folder)
    try:
        return not audit_folder(folder).report.passed
    except InputError:
        return True


def may_pass(document: dict[str, Any], change: NumberChange) -> bool:
    """Whether a change may be overlooked: it is below what the audit holds, a millionth of the
    number or what passes keep of each other, far below half a unit of the last digit that any
    document prints; or it is the year of a commitment of an option that was solved for itself,
    which nothing else in the folder tells (docs/outputs.md)."""
    path, size = change.path, abs(change.after - change.before)
    if path[0] == "options" and path[2] == "commitments" and path[-1] == "year":
        return document["options"][path[1]]["cost_musd"] is None
    return size <= max(KEPT if path[-1] in ROUNDED else 0.0, CLOSE * abs(change.before))


def test_runs_hold_what_is_to_be_changed(runs: dict[str, Path]) -> None:
    found = {name: json.loads((run / "run.json").read_text()) for name, run in runs.items()}
    support, capital = found["support"], found["capital"]
    assert [row for row in support["payments"] if row["use"] == "support"]
    assert support["targets"]
    assert support["elements"]
    assert support["touch"]
    assert capital["metrics"]["stock_musd"] > 0
    assert capital["findings"]["capital_public_musd"] > 0
    apart = [row for row in capital["options"] if row["name"] == "Do the minimum"]
    assert [row["cost_musd"] for row in apart] == [None]


@pytest.mark.parametrize("name", ["small", "support", "capital"])
def test_solved_runs_pass(runs: dict[str, Path], name: str) -> None:
    report = audit_folder(runs[name]).report
    assert report.findings == ()
    assert report.largest_violation < 1e-9


@pytest.fixture
def input_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The audit reads each input copy once for each way of asking: no change here touches it, and
    `test_audit_reads_the_input_copy_anew` holds what it does without this."""
    found: dict[str, Tables] = {}

    def read_once(path: Path, overrides: Any, variant: Any, *, decisions: Any) -> Tables:
        asked = json.dumps([str(path), overrides, variant, decisions])
        if asked not in found:
            found[asked] = read(path, overrides, variant, decisions=decisions)
        return found[asked]

    monkeypatch.setattr(opt.audit.folder, "read", read_once)


@pytest.fixture
def first_finding_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The audit ends with the first rule that is broken, which is all that is asked of a changed
    run; every rule of a sound one is looked at. Rules that were broken before come first, for they
    find most of the later changes too."""
    broken = Counter[str]()

    def until_broken(results: Iterable[tuple[str, Iterable[Check]]]) -> AuditReport:
        report = write_report([])
        for rule in sorted(results, key=lambda result: -broken[result[0]]):
            report = merge_reports(report, write_report([rule]))
            if not report.passed:
                broken[rule[0]] += 1
                break
        return report

    monkeypatch.setattr(opt.audit.rules, "write_report", until_broken)
    monkeypatch.setattr(opt.audit.folder, "write_report", until_broken)


def test_audit_reads_the_input_copy_anew(runs: dict[str, Path], tmp_path: Path) -> None:
    """A changed cell of the input copy is found, though its folder was audited just before."""
    folder = copy_of(runs["capital"], tmp_path / "run")
    assert not is_noticed(folder)
    demand = next((folder / "input").rglob("demand.csv"))
    lines = demand.read_text(encoding="utf-8").splitlines()
    demand.write_text("\n".join([*lines, lines[-1]]) + "\n", encoding="utf-8")
    assert is_noticed(folder)


@pytest.mark.slow
@pytest.mark.usefixtures("input_read_once", "first_finding_alone")
@pytest.mark.parametrize("name", ["small", "support", "capital"])
def test_single_change_of_a_number_of_run_json_is_noticed(
    runs: dict[str, Path], tmp_path: Path, name: str
) -> None:
    folder = copy_of(runs[name], tmp_path / "run")
    path = folder / "run.json"
    sound = path.read_bytes()
    document = json.loads(sound)
    unnoticed = []
    for change in single_changes(document, CHANGED, seed=2026):
        change_json(folder, change)
        if not may_pass(document, change) and not is_noticed(folder):
            unnoticed.append(str(change))
        path.write_bytes(sound)
    assert unnoticed == []
    assert not is_noticed(folder)  # each change was taken back


@pytest.mark.slow
@pytest.mark.usefixtures("input_read_once", "first_finding_alone")
@pytest.mark.parametrize("name", ["small", "support", "capital"])
def test_single_change_of_a_cell_is_noticed(
    runs: dict[str, Path], tmp_path: Path, name: str
) -> None:
    folder = copy_of(runs[name], tmp_path / "run")
    unnoticed = []
    for change in cell_changes(runs[name], CHANGED, seed=2026):
        path = folder / "tables" / f"{change.table}.csv"
        sound = path.read_bytes()
        change_cell(folder, change)
        if not is_noticed(folder) and not is_slight(change):
            unnoticed.append(change)
        path.write_bytes(sound)
    assert unnoticed == []
    assert not is_noticed(folder)  # each change was taken back


def is_slight(change: CellChange) -> bool:
    """Whether a cell moved by no more than the rows that rest on it are held to."""
    before, after = float(change.before), float(change.after)
    return abs(after - before) <= CLOSE * max(abs(before), 1.0)


# ---- One change for each rule ---------------------------------------------------------------

Path_ = tuple[str | int, ...]


def put(*path: Any) -> Callable[[dict[str, Any]], None]:
    """Writes the last of the arguments at the place that the others say."""

    def change(document: dict[str, Any]) -> None:
        at: Any = document
        for key in path[:-2]:
            at = at[key]
        at[path[-2]] = path[-1]

    return change


def more(*path: Any) -> Callable[[dict[str, Any]], None]:
    """Makes the number at a place larger by a tenth and one."""

    def change(document: dict[str, Any]) -> None:
        at: Any = document
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = at[path[-1]] * 1.1 + 1

    return change


def concentrate(document: dict[str, Any]) -> None:
    """Another concentration of the first stage in its first year."""
    years = next(iter(document["world"].values()))
    next(iter(years.values()))["hhi"] += 1


# The run whose plan has what a rule is about; the capital's for all others.
RUN_OF = {"tell_elements": "support", "tell_world": "support"}


def tell_of_another_mineral(document: dict[str, Any]) -> None:
    document["minerals"].append({"mineral": "unobtainium"})


CHANGES: dict[str, Callable[[dict[str, Any]], None]] = {
    "keep_keys": put("more", 1),
    "tell_case": put("title", "Another case"),
    "tell_settings": put("settings", "seed", 5),
    "tell_reading": put("defaults_used", 0, "rows", 77),
    "tell_passes": put("status", "feasible"),
    "tell_metrics": more("metrics", "baseline", "pooled_dependence"),
    "tell_projects": more("projects", 0, "private_musd"),
    "tell_plan": put("plan", {"name": "x", "improve": 1, "commitments": []}),
    "tell_near": put("near", {"name": "x", "changes": "9", "commitments": []}),
    "tell_money": more("money", 0, "due_musd"),
    "tell_stages": more("stages", 0, "clear"),
    "tell_stockpiles": more("stockpiles", 0, "released_clear"),
    "tell_payments": more("payments", 0, "paid_musd"),
    "tell_margins": more("margins", 0, "by_year", "2030", "gap"),
    "tell_targets": more("targets", 0, "slack"),
    "tell_touch": more("touch", 0, "share"),
    "tell_elements": more("elements", 0, "demand"),
    "tell_minerals": tell_of_another_mineral,
    "tell_world": concentrate,
    "tell_options": put("options", 0, "plants", 3),
    "tell_findings": more("findings", "weak_share"),
}
# What nothing else tells is refused where it is of another kind.
WRONG_KIND = {"tell_plan": "plan.improve", "tell_near": "near.changes"}
CELLS: dict[str, tuple[str, str]] = {
    "define_touch": ("touch", "share"),
    "obey_in_baseline": ("shipments", "amount"),
    "repeat_stages": ("stages", "exposed_share"),
    "repeat_money": ("money", "due_musd"),
    "repeat_options": ("options", "plants"),
    "repeat_projects": ("projects", "private_musd"),
    "repeat_capacity": ("capacity", "used"),
    "repeat_ceilings": ("ceilings", "limit"),
}


def test_changed_payers_of_a_project_are_noticed(runs: dict[str, Path], tmp_path: Path) -> None:
    folder = copy_of(runs["capital"], tmp_path / "run")
    path = folder / "tables" / "projects.csv"
    header, first, *rest = path.read_text(encoding="utf-8").splitlines()
    payer = first.rsplit(",", 1)[1]
    assert payer
    path.write_text("\n".join((header, f"{first}0", *rest, "")), encoding="utf-8")
    write_manifest_anew(folder)
    found = {finding.rule for finding in audit_folder(folder).report.findings}
    assert found == {"repeat_projects", "same_audit"}


def test_every_rule_of_the_record_has_a_change_and_a_formula() -> None:
    assert set(CHANGES) | set(CELLS) == {rule.name for rule in RECORD_RULES}
    assert all(rule.formula for rule in RECORD_RULES)


@pytest.mark.parametrize("rule", CHANGES)
def test_changed_record_breaks_its_rule(runs: dict[str, Path], tmp_path: Path, rule: str) -> None:
    folder = copy_of(runs[RUN_OF.get(rule, "capital")], tmp_path / "run")
    document = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    CHANGES[rule](document)
    (folder / "run.json").write_text(json.dumps(document), encoding="utf-8")
    write_manifest_anew(folder)
    if rule in WRONG_KIND:
        with pytest.raises(InputError, match=f"run.json!{WRONG_KIND[rule]}"):
            audit_folder(folder)
        return
    found = {finding.rule for finding in audit_folder(folder).report.findings}
    assert rule in found
    # The same number may stand in the findings and in a table that repeats it, and what the plan is
    # called among the options follows the status.
    assert found <= {rule, "tell_findings", "repeat_options", "same_audit", "tell_options"}


@pytest.mark.parametrize("rule", CELLS)
def test_changed_cell_breaks_its_rule(runs: dict[str, Path], tmp_path: Path, rule: str) -> None:
    folder = copy_of(runs["capital"], tmp_path / "run")
    table, column = CELLS[rule]
    lines = (folder / "tables" / f"{table}.csv").read_text(encoding="utf-8").splitlines()
    wanted = "baseline_world" if rule == "obey_in_baseline" else ""
    number = next(n for n, line in enumerate(lines[1:]) if line.startswith(wanted))
    before = lines[number + 1].split(",")[lines[0].split(",").index(column)]
    after = str(int(before) + 1) if before.isdigit() else str(float(before) + 5.0)
    change_cell(folder, CellChange(table, number, column, before, after))
    write_manifest_anew(folder)
    assert rule in {finding.rule for finding in audit_folder(folder).report.findings}


def test_every_metric_is_held(runs: dict[str, Path], tmp_path: Path) -> None:
    """The last number under each key, with the plan and without new money, a tenth and one more; of
    elements in the run that has some."""
    assert _metrics_unnoticed(runs["capital"], tmp_path) == (["element_dependence"] * 2, [])
    (keyless, unnoticed) = _metrics_unnoticed(runs["support"], tmp_path, "element_dependence")
    assert (keyless, unnoticed) == ([], [])


def _metrics_unnoticed(run: Path, folder: Path, only: str = "") -> tuple[list[str], list[Path_]]:
    """The keys of the metrics under which stands no number, and the numbers of which a change is
    not noticed."""
    metrics = json.loads((run / "run.json").read_text(encoding="utf-8"))["metrics"]
    keys: list[Path_] = [(key,) for key in metrics]
    keys += [("baseline", key) for key in metrics["baseline"]]
    assert len(keys) > 20
    keyless, unnoticed = [], []
    for key in keys:
        own = [path for path, _ in numbers_of(metrics) if path[: len(key)] == key]
        if only and key[-1] != only:
            continue
        if not own:
            keyless.append(str(key[-1]))
        elif not is_noticed(rewritten(run, folder / "run", more("metrics", *own[-1]))):
            unnoticed.append(own[-1])
    return keyless, unnoticed


# ---- Keys, kinds and what the audit says of itself ------------------------------------------


def rewritten(run: Path, folder: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """A copy of a run with another run.json."""
    copy = copy_of(run, folder)
    document = json.loads((copy / "run.json").read_text(encoding="utf-8"))
    change(document)
    (copy / "run.json").write_text(json.dumps(document), encoding="utf-8")
    write_manifest_anew(copy)
    return copy


def drop(*path: Any) -> Callable[[dict[str, Any]], None]:
    """Takes a key out."""

    def change(document: dict[str, Any]) -> None:
        at: Any = document
        for key in path[:-1]:
            at = at[key]
        del at[path[-1]]

    return change


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (drop("stages"), "stages"),
        (drop("findings", "fall"), "findings.fall"),
        (drop("metrics", "stock_musd"), "metrics.stock_musd"),
        (drop("audit"), "audit"),
        (put("metrics", "stock_musd", "much"), "metrics.stock_musd"),
        (put("findings", "project_count", True), "findings.project_count"),
        (put("money", {}), "money"),
        (put("variant", []), "variant"),
        (put("options", 3, "paid_by", []), "options.3.paid_by"),
        (drop("money", 0, "programme"), "money.0.programme"),
    ],
)
def test_missing_key_or_wrong_kind_is_named(
    runs: dict[str, Path],
    tmp_path: Path,
    change: Callable[[dict[str, Any]], None],
    where: str,
) -> None:
    folder = rewritten(runs["small"], tmp_path / "run", change)
    with pytest.raises(InputError, match=rf"run\.json!{where}: {where} is"):
        audit_folder(folder)


@pytest.mark.parametrize(
    "change",
    [
        put("metrics", "more", 1.0),
        put("findings", "programmes", 0, "more", 1.0),
        put("settings", "more", 1.0),
        put("audit", "more", 1.0),
        put("audit", "checked", "more", 1),
        put("metrics", "by_year", "1999", {}),
        put("metrics", "cost_musd", None),
        put("metrics", "by_year", "2030", None),
    ],
)
def test_unknown_key_or_no_value_is_a_finding(
    runs: dict[str, Path], tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    assert is_noticed(rewritten(runs["small"], tmp_path / "run", change))


@pytest.mark.parametrize(
    "change",
    [
        put("audit", "passed", False),
        put("audit", "checked", "limit_lane", 1),
        put("audit", "largest_violation", 1e-8),
    ],
)
def test_audit_of_the_audit(
    runs: dict[str, Path], tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    report = audit_folder(rewritten(runs["small"], tmp_path / "run", change)).report
    assert {finding.rule for finding in report.findings} == {"same_audit"}


DAMAGES: tuple[Any, ...] = (None, "text", "", True, [], {}, [1], {"a": 1}, -5, 1e30, 1.5)


def places_of(document: Any, path: Path_ = ()) -> list[Path_]:
    """The path of every value of a JSON document."""
    inner = document.items() if isinstance(document, dict) else enumerate(document)
    found = []
    for key, value in inner:
        found.append((*path, key))
        if isinstance(value, dict | list):
            found += places_of(value, (*path, key))
    return found


@pytest.mark.slow
def test_no_damage_ends_in_a_traceback(runs: dict[str, Path], tmp_path: Path) -> None:
    """Any value of run.json in place of any other: confirmed where nothing is changed by it, a
    finding, or an InputError, which names the place; no other error."""
    draw = random.Random(2026)
    document = json.loads((runs["capital"] / "run.json").read_text(encoding="utf-8"))
    places = places_of(document)
    for number in range(150):
        place, damage = draw.choice(places), draw.choice(DAMAGES)
        change = drop(*place) if number % 5 == 0 else put(*place, damage)
        is_noticed(rewritten(runs["capital"], tmp_path / "run", change))


# ---- Options --------------------------------------------------------------------------------


def test_minimum_of_a_forced_project_is_worked_out_of_its_own_plan(tmp_path: Path) -> None:
    """P1 of 30 is forced, P2 of 40 is free: the least leaves 70 of 100, the best 30 of 100."""
    projects = [
        project("P1", "smelt", 30, 10, decision="force 2030"),
        project("P2", "smelt", 40, 20),
    ]
    run = opt.solve(opt.load(folder_of(tmp_path, chain(projects=projects))))
    folder = opt.write(run, tmp_path / "run")
    report = audit_folder(folder).report
    assert report.findings == ()
    document = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    options = {row["name"]: row for row in document["options"]}
    least = options["Do the minimum"]
    assert least["dependence"] == pytest.approx(0.7, abs=2e-6)
    assert [row["project"] for row in least["commitments"]] == ["P1"]
    assert (least["capex_musd"], least["cost_musd"]) == (pytest.approx(10), None)
    assert options["The best plan"]["dependence"] == pytest.approx(0.3, abs=2e-6)
    for key in ("dependence", "bound", "gap", "public_musd", "capex_musd", "worst_year_dependence"):
        copy = rewritten(
            folder, tmp_path / "copy", put("options", 1, key, least[key] * 0.99 - 0.001)
        )
        assert is_noticed(copy), key
    for key in ("demand", "exposed", "short", "dependence", "shortfall"):
        copy = rewritten(folder, tmp_path / "copy", more("options", 1, "by_year", "2031", key))
        assert is_noticed(copy), key


# ---- First touch ----------------------------------------------------------------------------

ORE, OXIDE, METAL = ("w", "ore"), ("w", "oxide"), ("w", "metal")


def test_first_touch_by_hand() -> None:
    """Half of the oxide was refined in the covered bloc of untouched ore, half at home of exposed
    ore. Metal is made of it in the covered bloc: half touched before, the rest there."""
    found = touched_mixes(
        {
            ORE: [TouchInflow(10, (), "")],
            OXIDE: [TouchInflow(5, (ORE,), "refining"), TouchInflow(5, (ORE,), "")],
            METAL: [TouchInflow(10, (OXIDE,), "metal")],
        }
    )
    assert found is not None
    assert found[ORE] == {}
    assert found[OXIDE] == pytest.approx({"refining": 0.5})
    assert found[METAL] == pytest.approx({"refining": 0.5, "metal": 0.5})


def test_most_touched_input_is_followed_and_a_loop_of_nothing_touched_is_untouched() -> None:
    found = touched_mixes(
        {
            ORE: [TouchInflow(1, (), "mining"), TouchInflow(3, (), "")],
            OXIDE: [TouchInflow(1, (), "refining"), TouchInflow(1, (), "")],
            METAL: [TouchInflow(1, (ORE, OXIDE), "")],
            ("x", "scrap"): [TouchInflow(1, (("x", "metal"),), "")],
            ("x", "metal"): [TouchInflow(1, (("x", "scrap"),), "")],
        }
    )
    assert found is not None
    assert found[METAL] == pytest.approx({"refining": 0.5})
    assert found["x", "metal"] == {}
