"""A run on disk: what is evidence of it written, and the whole of it read back.

Evidence is the copy of the input, the tables and run.json. Memo, page, workbook and charts are made
of a run by others and hold nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from opt.data.reader import read as read_workbook
from opt.data.tables import Tables
from opt.disk.place import work_of
from opt.errors import InputError, Issue
from opt.record.broken import broken, read_json
from opt.record.case import CaseRecord
from opt.record.demand import Metrics
from opt.record.document import SCHEMA, Statements, run_json_text
from opt.record.facts import write_facts
from opt.record.flows import Flows
from opt.record.lines import read_cells, read_rows
from opt.record.money import BESIDE_CAPITAL, ProgrammeYear
from opt.record.options import Option
from opt.record.passes import Outcome, Pass
from opt.record.projects import BuildYear, BuiltProject, NearUsed, PlanUsed
from opt.record.proof import read_proofs
from opt.record.run import AuditSummary, Run, Solution
from opt.record.shape import ANYTHING, NUMBER, TEXT, WHOLE, Each, OrNull, check_part, read_object
from opt.record.table import FLOW_SETS
from opt.record.tables import TABLE, write_tables
from opt.record.targets import TargetResult

CaseRecorder = Callable[[Tables, str | None], CaseRecord]

RUN_FILE, LOG_FILE = "run.json", "solver.log"
TABLES_FOLDER, INPUT_FOLDER = "tables", "input"
FLOW_TABLES = ("activity", "shipments", "leftovers", "deliveries", "stock")
WITH_PLAN = (Outcome.OPTIMAL, Outcome.FEASIBLE)
# Tables of which a part stands in run.json and a part in the table alone.
PARTED = ("projects", "options", "targets")
LISTS = (
    *("passes", "projects", "options", "stages", "money", "touch", "elements", "minerals"),
    "stockpiles",
)
ASKED = {
    "id": TEXT,
    "workbook": {"name": TEXT, "sha256": TEXT},
    "title": TEXT,
    "scenario": OrNull(TEXT),
    "scenario_text": TEXT,
    "variant": OrNull(TEXT),
    "objective": TEXT,
    "status": TEXT,
    "settings": Each(ANYTHING),
    "overrides": Each(TEXT),
    "decisions": Each(TEXT),
    "versions": Each(TEXT),
    **{name: [ANYTHING] for name in LISTS},
    **dict.fromkeys(("metrics", "audit"), ANYTHING),
    **dict.fromkeys(("plan", "near"), ANYTHING),
}


def write_evidence(run: Run, stated: Statements, folder: Path) -> None:
    """Write input copy, tables, facts.csv and run.json into a folder that exists."""
    text = run_json_text(run, stated)
    (folder / RUN_FILE).write_text(text, encoding="utf-8", newline="\n")
    write_tables(run, folder / TABLES_FOLDER)
    write_facts(run, folder)
    _copy_input(run.input_files, folder / INPUT_FOLDER)


def _copy_input(files: Mapping[str, bytes], target: Path) -> None:
    """The workbook, or the CSV files of a folder, as they were read: by now they may be edited."""
    target.mkdir()
    for name, content in files.items():
        (target / name).write_bytes(content)


def read_document(folder: Path) -> dict[str, Any]:
    """The content of a run's run.json. Raises InputError where there is none, it cannot be read, it
    is of another schema, or it holds no plan."""
    path = folder / RUN_FILE
    if not path.is_file():
        hint = "Give the folder that python -m opt solve wrote."
        if work_of(folder).is_dir():
            hint = "A run is being written there; if its process was killed, the next one mends it."
        raise InputError([Issue(str(folder), "", "", "holds no run.json.", hint)])
    document = read_json(path)
    _check_schema(path, document)
    check_part("status", TEXT, document.get("status"))
    if document["status"] not in WITH_PLAN:
        raise InputError(
            [
                Issue(
                    str(path),
                    "",
                    document["status"],
                    "the run has no plan to audit or to go on from.",
                )
            ]
        )
    return document


def _check_schema(path: Path, document: Mapping[str, Any]) -> None:
    schema = document.get("schema")
    if schema == SCHEMA:
        return
    if isinstance(schema, int) and 0 < schema < SCHEMA:
        message = "was written by an older release of opt, which has to read and audit it."
        hint = "Install the release that it names under versions, or solve its input again."
    else:
        message = f"has schema {schema}, and this release of opt reads {SCHEMA}."
        hint = "Read it with the release that wrote it."
    raise InputError([Issue(str(path), "schema", str(schema), message, hint)])


def find_input(folder: Path) -> Path:
    """The workbook copy under input/: one .xlsx file, or a folder of CSV files.

    The folder may be input/ itself or the one folder in it.
    """
    copy = folder / INPUT_FOLDER
    entries = sorted(copy.iterdir()) if copy.is_dir() else []
    books = [entry for entry in entries if entry.suffix == ".xlsx"]
    if len(books) == 1:
        return books[0]
    if any(entry.suffix == ".csv" for entry in entries):
        return copy
    folders = [entry for entry in entries if entry.is_dir()]
    if len(folders) == 1:
        return folders[0]
    message = "holds no copy of the workbook."
    hint = "Expected one .xlsx file or a folder of CSV files in it."
    raise InputError([Issue(str(copy), "", "", message, hint)])


def read_run(folder: Path, case_of: CaseRecorder) -> Run:
    """A finished run as it was when it was written: of run.json, the tables, the input copy, the
    solver's log and the models of the passes.

    `case_of` makes the record of the case, of the checked workbook and the scenario.
    `workbook.path` is that of the copy. Raises InputError, which names the file and the place in
    it, where something cannot be read.
    """
    document, tables = read_document(folder), folder / TABLES_FOLDER
    check_part("", ASKED, document)
    name = document["workbook"]["name"]
    asked = (document["overrides"], document["variant"])
    workbook = read_workbook(find_input(folder), *asked, decisions=document["decisions"])
    workbook = replace(workbook, name=name)
    passes = _rows(document, "passes", Pass)
    flows = read_flows(tables)
    projects = _projects(document, tables)
    metrics = document["metrics"]
    plan, near = document["plan"], document["near"]
    return Run(
        name=name,
        title=document["title"],
        sha256=document["workbook"]["sha256"],
        workbook=workbook,
        case=case_of(workbook, document["scenario"]),
        scenario=document["scenario"],
        scenario_text=document["scenario_text"],
        objective=document["objective"],
        status=Outcome(document["status"]),
        passes=passes,
        metrics=_metrics(metrics, "metrics"),
        baseline=_metrics(metrics["baseline"], "metrics.baseline"),
        solution=Solution(
            commitments=read_rows(tables, "commitments"),
            payments=read_rows(tables, "payments"),
            allied=flows["allied"],
            world=flows["world"],
        ),
        baseline_flows=flows["baseline"],
        baseline_world=flows["baseline_world"],
        overrides=document["overrides"],
        plan=None if plan is None else read_object(PlanUsed, plan, "plan"),
        near=None if near is None else read_object(NearUsed, near, "near"),
        options=tuple(_option(entry, n) for n, entry in enumerate(document["options"])),
        payments_due=_rows(document, "money", ProgrammeYear),
        targets=_targets(document, tables),
        versions=document["versions"],
        audit=read_object(AuditSummary, document["audit"], "audit"),
        log=_log(folder),
        input_files=workbook.files,
        proofs=read_proofs(folder, passes),
        builds=tuple(
            BuildYear(entry.project, entry.year, year, usable)
            for entry in projects
            for year, usable in entry.usable.items()
        ),
        projects=projects,
        **_rows_by_field(document, tables),
    )


def _rows_by_field(document: Mapping[str, Any], tables: Path) -> dict[str, tuple[Any, ...]]:
    """The rows of every table that the run has a field of the same name for: out of run.json, in
    their order there, where it lists them, else out of the table."""
    names = [own.name for own in fields(Run) if own.name in TABLE and own.name not in PARTED]
    return {
        name: _rows(document, name, TABLE[name].row) if name in LISTS else read_rows(tables, name)
        for name in names
    }


def read_flows(tables: Path) -> dict[str, Flows]:
    """The sets of flows of a run by name, out of its tables."""
    found = {name: read_rows(tables, name) for name in FLOW_TABLES}
    return {
        flows: Flows(*(tuple(e.row for e in rows if e.flows == flows) for rows in found.values()))
        for flows in FLOW_SETS
    }


def _rows(document: Mapping[str, Any], key: str, row_type: type) -> tuple[Any, ...]:
    return tuple(
        read_object(row_type, entry, f"{key}.{n}") for n, entry in enumerate(document[key])
    )


def _metrics(given: Any, place: str) -> Metrics:
    keys = {f"{use}_musd": use for use in BESIDE_CAPITAL}
    check_part(place, {"by_year": Each({}), **dict.fromkeys(keys, NUMBER)}, given)
    by_use = {str(use): given[key] for key, use in keys.items()}
    own = {**given, "by_year": _years(given["by_year"]), "by_use_musd": by_use}
    return read_object(Metrics, own, place)


def _option(given: Any, number: int) -> Option:
    place = f"options.{number}"
    check_part(place, {"by_year": Each({})}, given)
    return read_object(Option, {**given, "by_year": _years(given["by_year"])}, place)


def _years(by_year: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"year": int(year), **values} for year, values in by_year.items()]


def _projects(document: Mapping[str, Any], tables: Path) -> tuple[BuiltProject, ...]:
    """The projects of run.json with their sites, which projects.csv has."""
    sites = {(e["project"], e["year"]): e["site"] for e in read_cells(tables, "projects")}
    found = []
    for n, entry in enumerate(document["projects"]):
        check_part(f"projects.{n}", {"project": TEXT, "year": WHOLE}, entry)
        key = (entry["project"], entry["year"])
        if key not in sites:
            message = f"has no line of project {key[0]} in {key[1]}, which run.json has."
            raise InputError([broken(tables / "projects.csv", "", key[0], message)])
        found.append(read_object(BuiltProject, {**entry, "site": sites[key]}, f"projects.{n}"))
    return tuple(found)


def _targets(document: Mapping[str, Any], tables: Path) -> tuple[TargetResult, ...]:
    """The rows of targets.csv with their units, which run.json has."""
    check_part("targets", [{"target": TEXT, "unit": TEXT}], document.get("targets"))
    units = {entry["target"]: entry["unit"] for entry in document["targets"]}
    return tuple(
        replace(row, unit=units.get(row.target, row.unit)) for row in read_rows(tables, "targets")
    )


def _log(folder: Path) -> str:
    """The solver's log; blank where it was taken away, which anybody may."""
    path = folder / LOG_FILE
    return path.read_text(encoding="utf-8") if path.is_file() else ""
