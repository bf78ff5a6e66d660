"""The command `opt doctor`: whether this machine solves rightly and can write what a run needs."""
# ruff: noqa: PLC0415

from __future__ import annotations

import shutil
import sys
import tempfile
import tomllib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import TYPE_CHECKING

import click

import opt
from opt.commands.common import Exit, debug_option, json_option, leave, tell_json
from opt.commands.help_words import WithExamples
from opt.commands.terminal import tell

if TYPE_CHECKING:
    from packaging.requirements import Requirement

# Programs that turn the memo into pages; none is needed to solve.
CONVERTERS = ("soffice", "libreoffice")
CHECKOUT = Path(opt.__file__).parent.parent
SAMPLE = "Größe – 稀土 – ≤"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing looked at: whether it is sound, and what was seen or how to mend it. `needed` is
    False where opt works without it."""

    subject: str
    sound: bool
    words: str
    needed: bool = True


@click.command(
    cls=WithExamples,
    examples=("doctor",),
)
@json_option
@debug_option
def doctor(as_json: bool) -> None:
    """Look at this installation: versions, known solver faults, a tiny solve, files, converters.

    Exit code 0 where all that is needed is sound, else 2.
    """
    findings = [finding for look in LOOKS for finding in look()]
    sound = all(finding.sound for finding in findings if finding.needed)
    if as_json:
        tell_json({"sound": sound, "findings": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            mark = "ok  " if finding.sound else ("FAIL" if finding.needed else "none")
            tell(f"{mark}  {finding.subject}: {finding.words}")
        tell("All sound." if sound else "Mend what says FAIL; answers cannot be trusted now.")
    leave(Exit.SOLVED if sound else Exit.FAULT_INPUT)


def look_at_versions() -> list[Diagnosis]:
    """Every library that opt needs: installed, and of a release that was tested."""
    from packaging.requirements import Requirement

    found = [Diagnosis("python", sys.version_info >= (3, 11), sys.version.split()[0])]
    try:
        needed = requires("opt") or []
    except PackageNotFoundError:
        needed = _needed_by_checkout()
        found.append(_not_installed(bool(needed)))
    for requirement in map(Requirement, needed):
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            found.append(_look_at(requirement))
    return found


def _needed_by_checkout() -> list[str]:
    """What pyproject.toml beside the package asks for; nothing where there is none."""
    project = CHECKOUT / "pyproject.toml"
    if not project.is_file():
        return []
    needed: list[str] = tomllib.loads(project.read_text(encoding="utf-8"))["project"][
        "dependencies"
    ]
    return needed


def _not_installed(compared: bool) -> Diagnosis:
    """That opt runs from a folder, and what its libraries could be compared with."""
    against = "pyproject.toml" if compared else "nothing: releases of libraries are not looked at"
    words = f"not installed, run from {CHECKOUT}; compared with {against}. pip install {CHECKOUT}"
    return Diagnosis("opt", False, words, needed=False)


def _look_at(requirement: Requirement) -> Diagnosis:
    """One library against the bounds within which it was tested."""
    mend = f'pip install "{requirement}"'
    try:
        have = version(requirement.name)
    except PackageNotFoundError:
        return Diagnosis(requirement.name, False, f"is missing: {mend}")
    sound = requirement.specifier.contains(have, prereleases=True)
    return Diagnosis(requirement.name, sound, have if sound else f"{have} was not tested: {mend}")


def look_at_canaries() -> list[Diagnosis]:
    """Small programmes with known answers that some release of the solver answers wrongly."""
    from opt.solver.canary import verdicts

    found = []
    for verdict in verdicts():
        words = f"{verdict.optimum:g}, as known"
        if not verdict.passed:
            words = (
                f"HiGHS {version('highspy')} reports {verdict.reported:g} with bound "
                f"{verdict.bound:g} at a point worth {verdict.recomputed:g}; "
                f"{verdict.optimum:g} is right"
            )
        found.append(Diagnosis(f"solver: {verdict.name}", verdict.passed, words))
    return found


def look_at_a_solve() -> list[Diagnosis]:
    """The example of `opt init` read, solved, proven, audited and written."""
    from opt import api
    from opt.data.convert import save_workbook
    from opt.data.example import EXAMPLE
    from opt.data.reading.grids import complete, plan_years

    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "example.xlsx"
        save_workbook(book, complete(dict(EXAMPLE), plan_years(dict(EXAMPLE))))
        run = api.solve(api.load(book))
        api.write(run, Path(folder) / "run")
    words = f"{run.status}, dependence {run.metrics.dependence:.1%}, audit passed"
    return [Diagnosis("a tiny solve", str(run.status) == "optimal", words)]


def look_at_files() -> list[Diagnosis]:
    """Whether the folder opt is called in takes files, and text comes back as it went."""
    try:
        with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
            path = Path(folder) / "sample.txt"
            path.write_text(SAMPLE, encoding="utf-8")
            same = path.read_text(encoding="utf-8") == SAMPLE
    except OSError as error:
        hint = f"{error.strerror}: name a folder you may write to with --out"
        return [Diagnosis("write access", False, f"{Path.cwd()}: {hint}")]
    shown = SAMPLE.encode(sys.stdout.encoding or "ascii", "replace").decode("latin-1", "replace")
    told = sys.stdout.encoding or "none"
    words = told if "?" not in shown else f"{told}: characters it lacks are shown as '?'"
    return [
        Diagnosis("write access", same, str(Path.cwd())),
        Diagnosis("encoding of the terminal", "?" not in shown, words, needed=False),
    ]


def look_at_converters() -> list[Diagnosis]:
    """Programs that turn the memo into pages, where there is one."""
    found = [name for name in CONVERTERS if shutil.which(name)]
    words = ", ".join(found) if found else "none found; only needed to print memo.docx from here"
    return [Diagnosis("converters", bool(found), words, needed=False)]


LOOKS: tuple[Callable[[], list[Diagnosis]], ...] = (
    look_at_versions,
    look_at_canaries,
    look_at_a_solve,
    look_at_files,
    look_at_converters,
)
