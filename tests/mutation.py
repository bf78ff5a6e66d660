"""Mutation testing, by hand: python tests/mutation.py ROOM [--sample N] [--seed S] [--mark M]

Breaks one operator, number, word or argument of a room at a time, runs the tests of the room that
walk the broken function, and prints every break that none of them saw. The tests are those for the
desk; --mark "not slow" adds the rest, without which some functions of audit, and most of reading,
have none. A survivor is killed by a test that asserts a value known from elsewhere, or told to be
equivalent. Never a test: thousands of breaks take hours, which is why a sample is drawn; the same
seed draws the same of the same source.

All of it happens in a copy of the tree under build/mutation/ROOM. There a decorator of a function
is written as a call after it, since mutmut passes over decorated functions, and with them over
every rule of the model.

A survivor is no survivor yet: a break of what runs at import comes too late, and mutmut holds what
a shared fixture walks to be walked by the first test that asks for it alone. In the copy's folder
mutants `MUTANT_UNDER_TEST=NAME python -m pytest -x TESTS` is the last word.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import random
import resource
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
# What of the package each room is. The tests of the room itself must see it break: what only a test
# of another room sees is found late there and far from its cause.
ROOMS = {
    "model": ("opt/model", "tests/model"),
    "audit": ("opt/audit", "tests/audit"),
    "reading": ("opt/data/reading", "tests/data"),
    "data": ("opt/data", "tests/data"),
}
# Left as they are: mutmut knows the first two, and the last is no code.
KNOWN = {"staticmethod", "classmethod", "overload"}


class CallsForDecorators(ast.NodeTransformer):
    """`@over(keys) def f` as `def keys_of_f`, `def f`, `f = over(keys_of_f)(f)`; others alike."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> list[ast.stmt]:
        """The function, bare, and the calls of its decorators; functions in it stay as they are."""
        if not node.decorator_list or any(ast.unparse(d) in KNOWN for d in node.decorator_list):
            return [node]
        before: list[ast.stmt] = []
        call: ast.expr = ast.Name(node.name)
        for decorator in reversed(node.decorator_list):
            call = ast.Call(_with_named_keys(decorator, node.name, before), [call], [])
        node.decorator_list = []
        return [*before, node, ast.Assign([ast.Name(node.name)], call, lineno=0)]


def _with_named_keys(decorator: ast.expr, name: str, before: list[ast.stmt]) -> ast.expr:
    """The decorator, the keys of an `over` made a function that stands in `before`: written in
    place, they would be worked out at import, when no break is in force yet."""
    keys = f"keys_of_{name}"
    match decorator:
        case ast.Call(ast.Name("over"), [ast.Lambda(args=args, body=body)]):
            pass
        case ast.Call(ast.Name("over"), [ast.Call() as made]):
            args = ast.arguments([], [ast.arg("m")], None, [], [], None, [])
            body = ast.Call(made, [ast.Name("m")], [])
        case _:
            return decorator
    before.append(ast.FunctionDef(keys, args, [ast.Return(body)], [], lineno=0))
    return ast.Call(ast.Name("over"), [ast.Name(keys)], [])


def calls_for_decorators(source: str) -> str:
    """The same module with no function decorated."""
    tree = CallsForDecorators().visit(ast.parse(source))
    return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def lay_out(room: str, mark: str) -> Path:
    """A fresh copy of the tree with the room's source rewritten and mutmut told of it."""
    source, tests = ROOMS[room]
    copy = ROOT / "build" / "mutation" / room
    shutil.rmtree(copy, ignore_errors=True)
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    for path in (copy / source).rglob("*.py"):
        path.write_text(calls_for_decorators(path.read_text("utf-8")), "utf-8")
    settings = {
        "source_paths": ["opt"],
        "only_mutate": [f"{source}/*"],
        "also_copy": ["inputs", "docs", "README.md", "ARCHITECTURE.md", "CHANGELOG.md"],
        "pytest_add_cli_args_test_selection": [tests],
        "pytest_add_cli_args": ["-m", mark, "-p", "no:cacheprovider"],
        # A process forked from one whose solver has started threads would wait for them for ever.
        "process_isolation": "forkserver",
        "track_dependencies": False,
        # Clock, not processor, measures what runs for ever: others may share the machine.
        "timeout_constant": 30,
        "timeout_multiplier": 5,
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    with (copy / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("\n".join(["\n[tool.mutmut]", *lines, ""]))
    return copy


def mutants(copy: Path, room: str) -> list[str]:
    """The names of every break of the room, sorted."""
    from mutmut.mutation.file_mutation import mutate_file_contents  # noqa: PLC0415
    from mutmut.utils.format_utils import get_mutant_name  # noqa: PLC0415

    found = []
    for path in sorted((copy / ROOMS[room][0]).rglob("*.py")):
        inside = path.relative_to(copy)
        made = mutate_file_contents(str(inside), path.read_text("utf-8"))
        found.extend(get_mutant_name(inside, name) for name in made.mutant_names)
    return sorted(found)


def main() -> None:
    """Draw, run, and print what survived."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("room", choices=ROOMS)
    parser.add_argument("--sample", type=int, default=200, help="how many are drawn; 0 is all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mark", default="desk", help="which tests, as pytest -m takes it")
    parser.add_argument("--workers", type=int, default=os.cpu_count())
    given = parser.parse_args()
    copy = lay_out(given.room, given.mark)
    os.chdir(copy)
    every = mutants(copy, given.room)
    size = min(given.sample or len(every), len(every))
    drawn = random.Random(given.seed).sample(every, size)
    mutmut = [sys.executable, "-c", "from mutmut.__main__ import cli; cli()"]
    environment = {**os.environ, "PYTHONPATH": ""}
    command = [*mutmut, "run", "--max-children", str(given.workers), *drawn]
    subprocess.run(command, env=environment, check=True)
    results = [*mutmut, "results", "--all", "1"]
    told = subprocess.run(results, check=True, capture_output=True, text=True)
    lines = [line.strip().split(": ") for line in told.stdout.splitlines() if ": " in line]
    status = {name: word for name, word in lines if name in set(drawn)}
    for name in sorted(name for name, word in status.items() if word != "killed"):
        print(f"\n== {name}: {status[name]}", flush=True)  # noqa: T201
        subprocess.run([*mutmut, "show", name], check=True)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    counts = ", ".join(f"{n} {word}" for word, n in sorted(Counter(status.values()).items()))
    seconds = spent.ru_utime + spent.ru_stime
    print(f"\n{len(drawn)} of {len(every)}: {counts}; {seconds:.0f} s of processor")  # noqa: T201


if __name__ == "__main__":
    main()
