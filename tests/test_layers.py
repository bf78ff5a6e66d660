"""Which module may import which: data, record, then results, audit and model, then solver; report
beside them."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path

import pytest

import opt

ROOT = Path(opt.__file__).parent
# Room to the rooms it may import; the package's own modules (errors, words) are open to all.
ALLOWED = {
    "data": {"data"},
    "record": {"data", "record"},
    "results": {"data", "record", "results"},
    "audit": {"data", "record", "audit"},
    "model": {"data", "record", "model"},
    "solver": {"data", "record", "results", "model", "solver"},
    "report": {"data", "record", "results", "report"},
}
SHARED = {"opt", "opt.errors", "opt.fixed"}
SOLVERS = {"pyomo", "highspy"}
# What would let the audit share a mistake of the code it audits.
AUDITED = {
    *("opt.data.assemble", "opt.data.instance", "opt.data.lanes", "opt.data.shocks"),
    *("opt.data.context", "opt.data.plants", "opt.data.money", "opt.data.needs"),
    "opt.data.timing",
    *("opt.model", "opt.results", "opt.solver"),
}


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


def reached(start: Iterable[str]) -> set[str]:
    """All modules of the package that some import, directly or through others."""
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(inside(IMPORTS[name]))
    return found


def room(name: str) -> str:
    """The room of a module; blank for the package's own modules."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in ALLOWED else ""


@pytest.mark.parametrize("name", [name for name in FILES if room(name)])
def test_imports_point_down(name: str) -> None:
    wrong = {
        other
        for other in inside(IMPORTS[name])
        if other not in SHARED and room(other) not in ALLOWED[room(name)]
    }
    assert wrong == set()


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


def test_report_reaches_no_solver() -> None:
    report = reached(name for name in FILES if room(name) == "report")
    assert {name for name in report if room(name) in ("model", "solver")} == set()


def test_audit_shares_nothing_with_what_it_audits() -> None:
    audit = {name for name in FILES if room(name) == "audit"}
    assert audit
    shared = {
        name
        for name in reached(audit)
        if any(name == other or name.startswith(f"{other}.") for other in AUDITED)
    }
    assert shared == set()


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name
        for name, path in FILES.items()
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert silent == []
