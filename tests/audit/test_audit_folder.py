"""`opt audit` on a finished folder: what may be edited, what may not, and files that are broken."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from builders import chain, folder_of, project
from click.testing import CliRunner, Result

import opt
from opt.audit import audit_folder
from opt.cli import cli
from opt.record.manifest import MANIFEST

CONFIRMED, FAULTS, NOT_CONFIRMED = 0, 2, 6
# Of one worker where tests run beside each other: what they share is solved once.
pytestmark = pytest.mark.xdist_group("finished folder")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder as opt writes it: one project that helps."""
    parent = tmp_path_factory.mktemp("finished")
    case = folder_of(parent, chain(projects=[project("P", "smelt", 60, 10)]))
    return opt.write(opt.solve(opt.load(case)), parent / "run")


@pytest.fixture
def folder(finished: Path, tmp_path: Path) -> Path:
    """A copy of it to change."""
    return shutil.copytree(finished, tmp_path / "run")


def audited(folder: Path, *options: str) -> Result:
    """The command on a folder, in this process."""
    result = CliRunner().invoke(cli, ["audit", str(folder), *options])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result


def append(path: Path, text: str) -> None:
    """Add text to a file."""
    path.write_bytes(path.read_bytes() + text.encode())


# ---- Manifest -------------------------------------------------------------------------------


def test_manifest_holds_the_hash_of_every_other_file(folder: Path) -> None:
    files = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    hashes = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}
    del hashes[MANIFEST]
    written = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    assert written == hashes
    assert list(written) == sorted(written)
    assert {"run.json", "memo.docx", "tables/costs.csv", "input/demand.csv"} <= set(written)


def test_untouched_run_is_confirmed(folder: Path) -> None:
    result = audited(folder)
    assert result.exit_code == CONFIRMED
    assert result.output.startswith("Audit passed")
    assert len(result.output.splitlines()) == 1
    told = json.loads(audited(folder, "--json").output)
    assert (told["passed"], told["edited"], told["added"]) == (True, [], [])


@pytest.mark.parametrize(
    "name", ["memo.docx", "report.html", "results.xlsx", "solver.log", "charts/dependence.svg"]
)
def test_what_is_for_people_may_be_edited(folder: Path, name: str) -> None:
    append(folder / name, " ")
    result = audited(folder)
    assert result.exit_code == CONFIRMED
    assert f"{name}: edited since written." in result.output
    assert json.loads(audited(folder, "--json").output)["edited"] == [name]


def test_removed_memo_and_a_users_own_file_are_told(folder: Path) -> None:
    (folder / "memo.docx").unlink()
    note = folder / "notes.txt"
    note.write_text("mine", encoding="utf-8")
    result = audited(folder)
    assert result.exit_code == CONFIRMED
    assert "memo.docx: removed since written." in result.output
    assert "notes.txt: not written by opt, not looked at." in result.output


def edit_a_table(folder: Path) -> None:
    path = folder / "tables" / "touch.csv"
    append(path, "\n")  # a blank line, which no arithmetic finds


def add_a_table(folder: Path) -> None:
    (folder / "tables" / "more.csv").write_text("a\n1\n", encoding="utf-8")


def remove_a_table(folder: Path) -> None:
    (folder / "tables" / "stages.csv").unlink()


def edit_run_json(folder: Path) -> None:
    append(folder / "run.json", " ")


def edit_the_input(folder: Path) -> None:
    append(folder / "input" / "demand.csv", "\r\n")


def add_to_the_input(folder: Path) -> None:
    (folder / "input" / "notes.txt").write_text("mine", encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (edit_run_json, "run.json changed since written"),
        (edit_the_input, "input/demand.csv changed since written"),
        (add_a_table, "tables/more.csv not written by opt"),
        (remove_a_table, "tables/stages.csv is missing"),
        (add_to_the_input, "input/notes.txt not written by opt"),
    ],
)
def test_changed_evidence_is_not_confirmed(
    folder: Path, change: Callable[[Path], None], words: str
) -> None:
    change(folder)
    result = audited(folder)
    assert result.exit_code == NOT_CONFIRMED, result.output
    assert f"keep_files {words}: 1" in result.output
    assert "FAILED" in result.output


def test_a_file_whose_name_begins_like_one_of_the_run_is_the_users(folder: Path) -> None:
    shutil.copy(folder / "run.json", folder / "run.json.bak")
    found = audit_folder(folder)
    assert found.report.passed
    assert found.files.added == ("run.json.bak",)


def test_run_without_manifest_is_not_confirmed(folder: Path) -> None:
    (folder / MANIFEST).unlink()
    result = audited(folder)
    assert result.exit_code == NOT_CONFIRMED
    assert "keep_files manifest.json is missing: 1" in result.output


# ---- Files that cannot be read --------------------------------------------------------------


def rewritten(**keys: Any) -> Callable[[bytes], bytes]:
    """run.json with other values under some of its keys; `...` takes the key out."""

    def change(content: bytes) -> bytes:
        document = json.loads(content)
        for key, value in keys.items():
            document.pop(key) if value is ... else document.update({key: value})
        return json.dumps(document).encode()

    return change


def at_cell(line: int, cell: int, text: str) -> Callable[[bytes], bytes]:
    """A table with another text in one cell."""

    def change(content: bytes) -> bytes:
        lines = content.decode().splitlines()
        cells = lines[line].split(",")
        cells[cell] = text
        lines[line] = ",".join(cells)
        return "\n".join(lines).encode() + b"\n"

    return change


BROKEN: dict[str, tuple[str, Callable[[bytes], bytes], str]] = {
    "not JSON": ("run.json", lambda b: b[: len(b) // 2], "run.json is not JSON"),
    "empty JSON": ("run.json", lambda _: b"", "run.json is empty."),
    "bad UTF-8 in JSON": ("run.json", lambda b: b + b"\xff", "run.json is not UTF-8 at byte"),
    "a list": ("run.json", lambda _: b"[]", "run.json holds no JSON object."),
    "NaN": ("run.json", rewritten(objective=float("nan")), "run.json cannot be read: NaN"),
    "infinity": ("run.json", rewritten(plan=float("inf")), "cannot be read: Infinity is no number"),
    "a key twice": ("run.json", lambda b: b'{"a": 1, "a": 2}', "key 'a' stands twice"),
    "a key missing": ("run.json", rewritten(metrics=...), "run.json!metrics metrics is missing."),
    "a text for a number": (
        "run.json",
        rewritten(passes=[{"objective": "cost", "value": "1", "bound": 1, "gap": 0}]),
        "run.json!passes.0.value passes.0.value is not a number.",
    ),
    "an object for a list": (
        "run.json",
        rewritten(projects={}),
        "run.json!projects projects is not a list.",
    ),
    "empty table": ("tables/money.csv", lambda _: b"", "money.csv is empty."),
    "no header": (
        "tables/activity.csv",
        lambda b: b.split(b"\n", 1)[1],
        "activity.csv!A1 the header lacks column",
    ),
    "a column too many": (
        "tables/costs.csv",
        lambda b: b.replace(b"part,year", b"part,year,year", 1),
        "costs.csv!A1 the header has column year, year, which is not of the table.",
    ),
    "cut short": (
        "tables/deliveries.csv",
        lambda b: b[: b.rindex(b",")],
        "deliveries.csv!A",
    ),
    "a quote left open": (
        "tables/world.csv",
        at_cell(1, 0, '"'),
        "world.csv",
    ),
    "text for a number in a table": (
        "tables/dependence.csv",
        at_cell(2, 3, "much"),
        "dependence.csv!D3 exposed cannot be read: 'much' is not a number.",
    ),
    "NaN in a table": (
        "tables/stages.csv",
        at_cell(1, 2, "NaN"),
        "stages.csv!C2 clear cannot be read: 'NaN' is not a number.",
    ),
    "a truth that is none": (
        "tables/dependence.csv",
        at_cell(1, 1, "maybe"),
        "dependence.csv!B2 counted cannot be read: 'maybe' is neither yes nor no.",
    ),
    "an unknown use of money": (
        "tables/payments.csv",
        lambda b: b + b"gift,P,,2030,fund,,1\n",
        "payments.csv!A2 use cannot be read: 'gift' is not one of capital,",
    ),
    "bad UTF-8 in a table": (
        "tables/capacity.csv",
        lambda b: b + b"\xff\xfe",
        "capacity.csv is not UTF-8 at byte",
    ),
    "manifest not JSON": (MANIFEST, lambda b: b[:-4], "manifest.json is not JSON"),
    "manifest of numbers": (MANIFEST, lambda _: b'{"run.json": 1}', "is not text."),
    "input not CSV": ("input/demand.csv", lambda _: b"\xff\xfe\x00", "demand"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_file_is_named(folder: Path, name: str) -> None:
    file, change, words = BROKEN[name]
    path = folder / file
    path.write_bytes(change(path.read_bytes()))
    result = audited(folder)
    assert result.exit_code == FAULTS, result.output
    assert words in " ".join(result.output.split())
    assert "Traceback" not in result.output
