"""Which module may import which, by the contracts in pyproject.toml; and what ARCHITECTURE.md says
of the house is so."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Container, Iterable
from pathlib import Path

import pytest

import opt
from opt.audit.rows import THINGS
from opt.data.money import TAKERS
from opt.data.sheets.money import PAYS_FOR
from opt.model import outlays
from opt.record.money import BESIDE_CAPITAL, BY_UNIT, Use
from opt.report.sections.money import USES

ROOT = Path(opt.__file__).parent
TOP = Path(__file__).parents[2]
CONTRACTS = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]["contracts"]
LAYERS = [[name.strip() for name in layer.split("|")] for layer in CONTRACTS[0]["layers"]]
IGNORED = {tuple(line.split(" -> ")) for line in CONTRACTS[0]["ignore_imports"]}
SOLVERS = {"pyomo", "highspy"}
# What a workbook says, cell by cell; all else in data is what follows from it.
READ = {
    *("opt.data", "opt.data.sheets", "opt.data.reading"),
    *("opt.data.tables", "opt.data.patterns", "opt.data.words"),
}
# Reads and checks a workbook; what comes through it are the rows as they were typed.
DOOR = "opt.data.reader"


def module_name(path: Path) -> str:
    """The dotted name of a source file."""
    parts = ["opt", *path.relative_to(ROOT).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path) -> set[str]:
    """Every module that a source file imports, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


FILES = {module_name(path): path for path in sorted(ROOT.rglob("*.py"))}
IMPORTS = {name: imported(path) for name, path in FILES.items()}


def inside(modules: Iterable[str]) -> set[str]:
    """Those that are modules of the package."""
    return {name for name in modules if name in FILES}


def reached(start: Iterable[str], through: Container[str] = FILES) -> set[str]:
    """All modules of the package that some import, directly or through others that may be passed
    through."""
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(inside(IMPORTS[name]) if name in through else ())
    return found


def is_read(name: str) -> bool:
    """Whether a module of data belongs to the reading of a workbook."""
    return name in READ or name.rpartition(".")[0] in READ - {"opt.data"}


def room(name: str) -> str:
    """The room of a module, `data`; blank for the package itself."""
    return name.partition(".")[2].partition(".")[0]


def layer_of(name: str) -> int | None:
    """The number of a module's layer, the top one first; None for the package itself."""
    own = f"opt.{room(name)}"
    return next((n for n, layer in enumerate(LAYERS) if own in layer), None)


@pytest.mark.parametrize("name", [name for name in FILES if name != "opt"])
def test_imports_point_down(name: str) -> None:
    own = layer_of(name)
    assert own is not None, "no layer has it"
    wrong = {
        other
        for other in inside(IMPORTS[name])
        if room(other) != room(name) and (name, other) not in IGNORED
        if other != "opt" and (layer_of(other) or 0) <= own
    }
    assert wrong == set()


def test_the_papers_name_every_room_and_no_other() -> None:
    text = (TOP / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`opt/([a-z_/]+)(?:\.py)?/?`", text))
    rooms = {room(name) for name in FILES} - {"", "__main__"}
    assert rooms <= {path.partition("/")[0] for path in named}
    missing = [p for p in named if not ((ROOT / p).is_dir() or (ROOT / f"{p}.py").is_file())]
    assert missing == []


def test_the_papers_name_files_that_are_there() -> None:
    text = (TOP / "ARCHITECTURE.md").read_text(encoding="utf-8")
    inside_opt = re.findall(
        r"`((?:data|model|solver|results|record|report|audit)/[a-z_/]+\.py)`", text
    )
    assert inside_opt
    assert [path for path in inside_opt if not (ROOT / path).is_file()] == []


def test_only_model_and_solver_know_the_solver() -> None:
    users = {
        name
        for name, modules in IMPORTS.items()
        if SOLVERS & {module.split(".")[0] for module in modules}
    }
    assert {room(name) for name in users} == {"model", "solver"}


def test_only_one_module_knows_the_second_solver() -> None:
    users = {name for name, modules in IMPORTS.items() if "pyscipopt" in modules}
    assert users == {"opt.audit.scip"}


def test_the_report_sees_no_cell() -> None:
    (contract,) = [c for c in CONTRACTS if c.get("source_modules") == ["opt.report"]]
    banned = {name.removeprefix("opt.") for name in contract["forbidden_modules"]}
    report = {name for name in FILES if room(name) == "report"}
    assert {
        (name, other) for name in report for other in inside(IMPORTS[name]) if room(other) in banned
    } == set()


def test_audit_shares_nothing_with_what_it_audits() -> None:
    audit = {name for name in FILES if room(name) == "audit"}
    assert audit
    seen = reached(audit, set(FILES) - {DOOR})
    assert {name for name in seen if room(name) in ("model", "solver")} == set()
    assert {name for name in seen if room(name) == "data" and not is_read(name)} == {DOOR}


def test_reading_knows_nothing_of_what_follows() -> None:
    reading = [name for name in FILES if room(name) == "data" and is_read(name)]
    assert len(reading) > 20
    seen = reached(reading)
    assert {name for name in seen if room(name) == "data" and not is_read(name)} == set()


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name
        for name, path in FILES.items()
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []


def test_every_room_knows_every_use_of_public_money() -> None:
    assert set(USES) == set(Use)
    assert tuple(outlay.use for outlay in outlays.OUTLAYS) == BESIDE_CAPITAL
    assert tuple(outlay.use for outlay in outlays.UNIT_OUTLAYS) == BY_UNIT
    assert tuple(outlay.use for outlay in outlays.OUTLAYS if outlay.driver) == BY_UNIT
    assert set(THINGS) == set(BESIDE_CAPITAL)
    assert set(TAKERS) == set(PAYS_FOR)
