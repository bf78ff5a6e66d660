"""How a whole `opt solve` ends where streams, signals and limits of its process stand against it:
the right exit code, the right words, and the run where it is told to be."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from builders import chain, folder_of, project
from click.testing import CliRunner, Result
from hard import hard_case
from started import started

from opt import api
from opt.audit.check import AuditReport, Finding
from opt.cli import cli
from opt.record.manifest import touched_files
from opt.refused import refusal

ROOT = Path(__file__).parents[2]
SOLVED, OURS, REFUSED, STOPPED, STOPPED_WITH_PLAN = 0, 1, 2, 4, 5
MEGABYTE = 1024**2
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of POSIX")


def written_case(folder: Path) -> Path:
    """One project that helps, under a name that few terminals can show."""
    rows = chain(projects=[project("P", "smelt", 60, 10)])
    rows["settings"] = [*rows["settings"], {"key": "title", "value": "Größe 稀土 ≤"}]
    return folder_of(folder, rows)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """The case, in a folder of the test's own."""
    return written_case(tmp_path)


def shell(line: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """A line of bash, in which $OPT is the command."""
    return subprocess.run(
        ["bash", "-c", line],
        capture_output=True,
        check=False,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "OPT": f"{sys.executable} -m opt",
            **environment,
        },
    )


def whole(out: Path) -> dict[str, Any]:
    """run.json of a run that is whole, with nothing left beside it."""
    assert touched_files(out) == ()
    assert {p.name for p in out.parent.iterdir() if out.name in p.name} == {out.name}
    found: dict[str, Any] = json.loads((out / "run.json").read_text(encoding="utf-8"))
    return found


# ---- Streams --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "code"),
    [
        pytest.param("$OPT solve {case} --out {out} <&- >&- 2>&-", SOLVED, id="all closed"),
        pytest.param(
            "$OPT solve {case} --out {out} --json --quiet | true; exit ${{PIPESTATUS[0]}}",
            SOLVED,
            id="nobody reads the answer",
        ),
        pytest.param(
            "$OPT solve {case} --out {out} 2>&1 >/dev/null | head -n 1; exit ${{PIPESTATUS[0]}}",
            SOLVED,
            id="nobody reads the progress",
        ),
        pytest.param("$OPT solve {case} --out {out} >/dev/full", REFUSED, id="stdout full"),
    ],
)
def test_a_stream_that_is_gone(case: Path, tmp_path: Path, line: str, code: int) -> None:
    out = tmp_path / "run"
    done = shell(line.format(case=case, out=out))
    assert done.returncode == code, done
    # 60 of 100 clear; what libraries print went into no file of the run.
    assert whole(out)["metrics"]["dependence"] == pytest.approx(0.4, abs=2e-6)
    if code == REFUSED:
        assert b"standard output: the disk is full" in done.stderr
    for words in (b"fault of opt", b"Traceback", b"Exception ignored"):
        assert words not in done.stderr


def test_a_console_that_lacks_characters(case: Path, tmp_path: Path) -> None:
    """Words are shown with '?', and what a program reads is whole."""
    out = tmp_path / "run"
    console = {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}
    done = shell(f"$OPT solve {case} --out {out} --json", **console)
    assert done.returncode == SOLVED, done.stderr
    assert json.loads(done.stdout.decode("ascii")) == whole(out)
    assert json.loads(done.stdout)["title"] == "Größe 稀土 ≤"
    done = shell(f"$OPT solve {case} --scenario größer-稀", **console)
    assert done.returncode == REFUSED
    assert "'größer-?' is not a scenario" in done.stderr.decode("cp1252")


def test_an_ascii_console(case: Path, tmp_path: Path) -> None:
    console = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    done = shell(f"$OPT solve {case} --out {tmp_path / 'run'} --scenario größer-稀", **console)
    assert done.returncode == REFUSED
    assert "'gr????er-???' is not a scenario" in done.stderr.decode("ascii")  # bytes of UTF-8
    done = shell(f"$OPT solve {case} --out {tmp_path / 'run'}", **console)
    assert done.returncode == SOLVED
    assert done.stdout.decode("ascii").startswith("In ")


@pytest.mark.parametrize("columns", [40, 60, 200])
def test_narrow_terminals(case: Path, tmp_path: Path, columns: int) -> None:
    """The moving line takes one line and no more."""
    import fcntl  # noqa: PLC0415
    import pty  # noqa: PLC0415
    import struct  # noqa: PLC0415
    import termios  # noqa: PLC0415

    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("COLUMNS", None)  # the terminal's own width
    command = [sys.executable, "-m", "opt", "solve", str(case), "--out", str(tmp_path / "run")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=slave, env=environment) as run:
        os.close(slave)
        shown = b""
        try:
            while chunk := os.read(master, 4096):
                shown += chunk
        except OSError:  # Linux: the other end is closed
            pass
    os.close(master)
    assert run.returncode == SOLVED
    lines = [part for part in shown.decode().split("\r") if "Solving" in part]
    assert lines
    assert max(map(len, lines)) <= columns - 1


# ---- Signals --------------------------------------------------------------------------------


@contextmanager
def searching(
    case: Path, out: Path, *more: str, prefix: Sequence[str] = ()
) -> Iterator[subprocess.Popen[str]]:
    """A search that takes longer than any test, a second into its first pass."""
    with started("solve", case, "--out", out, *more, prefix=prefix) as process:
        assert process.stderr
        while not (line := process.stderr.readline()).rstrip().endswith("dependence"):
            assert line
        time.sleep(1.0)
        yield process


def test_a_terminal_that_is_closed_keeps_the_best_plan(tmp_path: Path) -> None:
    out = tmp_path / "run"
    with searching(folder_of(tmp_path, hard_case()), out) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        process.stderr.close()
        process.send_signal(signal.SIGHUP)
        assert process.wait(timeout=60) == STOPPED_WITH_PLAN
    assert whole(out)["status"] == "feasible"


@pytest.mark.skipif(not Path("/proc/self/stat").is_file(), reason="reads /proc")
def test_ctrl_c_of_a_terminal_keeps_the_plan_and_leaves_no_second_process(tmp_path: Path) -> None:
    """A terminal sends it to every process of the command; progress went on until then."""
    out = tmp_path / "run"
    with searching(folder_of(tmp_path, hard_case()), out, "--workers", "2") as process:
        born = _children(process.pid)
        assert born
        for each in (process.pid, *born):
            os.kill(each, signal.SIGINT)
        _, told = process.communicate(timeout=60)
    assert process.returncode == STOPPED_WITH_PLAN
    assert "Stopping: keeping the best plan" in told
    assert "second process" not in told
    assert whole(out)["status"] == "feasible"
    until = time.monotonic() + 30
    while any(_runs(each) for each in born):  # the one that minds semaphores ends after all others
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_time_limit_ends_a_search_with_a_second_process(tmp_path: Path) -> None:
    out = tmp_path / "run"
    case = folder_of(tmp_path, hard_case())
    with searching(case, out, "--workers", "2", "--time-limit", "3") as process:
        _, told = process.communicate(timeout=60)
    assert process.returncode == STOPPED_WITH_PLAN
    assert "second process" not in told
    assert whole(out)["status"] == "feasible"


def _children(process: int) -> list[int]:
    """The processes that a process has begun."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # gone meanwhile
            fields = path.read_text(encoding="utf-8").rpartition(")")[2].split()
            if int(fields[1]) == process:
                found.append(int(path.parent.name))
    return found


def _runs(process: int) -> bool:
    """Whether a process is there and not only its entry, which nobody may collect."""
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return state.rpartition(")")[2].split()[0] != "Z"


def test_a_search_ends_with_a_test_that_fails(tmp_path: Path) -> None:
    searches = []

    def fail() -> None:
        with searching(folder_of(tmp_path, hard_case()), tmp_path / "run") as process:
            searches.append(process)
            raise AssertionError

    with pytest.raises(AssertionError):
        fail()
    assert [process.poll() for process in searches] == [-signal.SIGKILL]


def test_nohup_is_heeded(tmp_path: Path) -> None:
    out = tmp_path / "run"
    case = folder_of(tmp_path, hard_case())
    with searching(case, out, "--time-limit", "3", prefix=["nohup"]) as process:
        process.send_signal(signal.SIGHUP)
        _, told = process.communicate(timeout=60)
    assert process.returncode == STOPPED_WITH_PLAN
    assert "Stopping" not in told


def test_a_stopped_run_does_not_replace_a_finished_one(tmp_path: Path, case: Path) -> None:
    out = tmp_path / "run"
    assert shell(f"$OPT solve {case} --out {out}").returncode == SOLVED
    (tmp_path / "hard").mkdir()
    hard = folder_of(tmp_path / "hard", hard_case())
    done = shell(f"$OPT solve {hard} --out {out} --time-limit 0")
    assert done.returncode == STOPPED_WITH_PLAN
    assert b"holds a better run and stays" in done.stderr
    assert f"Written: {tmp_path / 'run-new'}".encode() in done.stdout
    assert json.loads((out / "run.json").read_text())["status"] == "optimal"
    done = shell(f"$OPT solve {hard} --out {out} --time-limit 0 --overwrite")
    assert done.returncode == STOPPED_WITH_PLAN
    assert json.loads((out / "run.json").read_text())["status"] == "feasible"


def test_two_searches_for_one_folder(tmp_path: Path, case: Path) -> None:
    out = tmp_path / "run"
    with searching(folder_of(tmp_path / "hard", hard_case()), out):
        second = shell(f"$OPT solve {case} --out {out}")
        assert second.returncode == REFUSED
        assert b"another process is writing" in second.stderr
    # Killed as its block ended: what it leaves behind goes with the next run.
    assert (tmp_path / ".run.opt").exists()
    assert shell(f"$OPT solve {case} --out {out}").returncode == SOLVED
    assert whole(out)["status"] == "optimal"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """A run that was solved twice for one folder, and the seconds that the second took."""
    folder = tmp_path_factory.mktemp("finished")
    case, out = written_case(folder), folder / "run"
    assert shell(f"$OPT solve {case} --out {out}").returncode == SOLVED
    began = time.monotonic()
    assert shell(f"$OPT solve {case} --out {out}").returncode == SOLVED
    return out, time.monotonic() - began


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_signals_at_many_moments(
    tmp_path: Path, case: Path, finished: tuple[Path, float], number: signal.Signals
) -> None:
    """From before the first line to the last file, over an earlier run: a whole run is there after
    each, and after one more run nothing else."""
    earlier, spent = finished
    out = Path(shutil.copytree(earlier, tmp_path / "run"))
    for part in range(8):
        with subprocess.Popen(
            [sys.executable, "-m", "opt", "solve", str(case), "--out", str(out)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        ) as process:
            time.sleep(spent * (part + 1) / 9)
            process.send_signal(number)
        # Ended by the signal before the search; stopped; or done when it came.
        assert process.returncode in (-number, SOLVED, 4, STOPPED_WITH_PLAN)
        assert touched_files(out) == ()
    assert shell(f"$OPT solve {case} --out {out}").returncode == SOLVED
    assert not (tmp_path / ".run.opt").exists()
    whole_runs = [p for p in tmp_path.iterdir() if p.name.startswith("run")]
    assert all(touched_files(folder) == () for folder in whole_runs)


# ---- Limits of the process ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("-n 12", b"too many files are open"),
        ("-v 250000", b"memory ran out"),
        ("-v 450000", b"memory ran out"),
        ("-f 40", b"a file may not grow so large here"),
    ],
)
def test_a_limit_that_leaves_no_room_is_said_before_the_search(
    case: Path, tmp_path: Path, limit: str, words: bytes
) -> None:
    out = tmp_path / "run"
    done = shell(f"ulimit {limit}; $OPT solve {case} --out {out}")
    assert done.returncode == REFUSED, done
    assert words in done.stderr
    assert b"fault of opt" not in done.stderr
    assert b"Solving" not in done.stderr
    assert sorted(p.name for p in tmp_path.iterdir() if "run" in p.name) == []


@pytest.mark.slow
@pytest.mark.parametrize("limit", [f"-n {n}" for n in (16, 18, 20, 24)])
def test_few_file_handles_are_enough_or_said(case: Path, tmp_path: Path, limit: str) -> None:
    done = shell(f"ulimit {limit}; $OPT solve {case} --out {tmp_path / 'run'}")
    assert done.returncode in (SOLVED, REFUSED), done
    if done.returncode == SOLVED:
        whole(tmp_path / "run")
    else:
        assert b"too many files are open" in done.stderr


# ---- Failures after the search --------------------------------------------------------------


def command(*arguments: object) -> Result:
    """The command in this process, for what is broken on purpose."""
    return CliRunner().invoke(cli, [str(a) for a in arguments])


def test_an_answer_that_the_audit_does_not_confirm_is_kept(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def doubt(_: Path) -> AuditReport:
        return AuditReport(False, 1.0, {"limit_x": 1}, (Finding("limit_x", "P", 1.0),))

    monkeypatch.setattr(api, "audit_run", doubt)
    result = command("solve", case, "--out", tmp_path / "run")
    assert result.exit_code == OURS
    kept = tmp_path / "run-evidence"
    assert f"Input, tables and run.json are kept in {kept}." in result.stderr
    # By hand: P is committed in 2026, the only year it is offered.
    assert "case,P," in result.stderr
    assert touched_files(kept) == ()
    assert not (tmp_path / "run").exists()
    assert [p["project"] for p in json.loads((kept / "run.json").read_text())["projects"]] == ["P"]


def test_ctrl_c_before_a_search_is_a_stop(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(_: Path) -> bytes:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "read_bytes", pressed)
    result = command("check", case)
    assert (result.exit_code, result.stderr) == (STOPPED, "Stopped. Nothing was written.\n")


def test_ctrl_c_while_a_module_in_c_loads(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """pybind11 tells of it as an import that failed, caused by what was pressed."""

    def load(*_: object, **__: object) -> None:
        raise ImportError("initialization failed") from KeyboardInterrupt()

    monkeypatch.setattr(api, "load", load)
    result = CliRunner().invoke(cli, ["solve", str(case)])
    assert (result.exit_code, result.stderr) == (STOPPED, "Stopped. Nothing was written.\n")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("libhighs.so: failed to map segment from shared object", "memory ran out"),
        ("libhighs.so: cannot open shared object file: Too many open files", "too many files are"),
    ],
)
def test_a_library_for_which_the_system_has_no_room(said: str, words: str) -> None:
    # as the loader of glibc says it, without a code
    found = refusal(ImportError(said))
    assert found is not None
    assert words in found[0]
    assert refusal(ImportError("No module named 'highspy'")) is None


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (MemoryError(), REFUSED, "memory ran out"),
        (OSError(errno.EMFILE, "Too many open files"), REFUSED, "too many files are open"),
        (KeyError("x"), OURS, "This is a fault of opt, not of your data: KeyError('x')"),
    ],
)
def test_what_fails_after_the_search_leaves_the_plan(
    error: Exception, code: int, words: str, case: Path, tmp_path: Path
) -> None:
    broken = f"""
import errno, sys
from opt import api
from opt.cli import main
def fail(*_, **__):
    raise {error!r}
api._measure = fail
sys.argv = ["opt", "solve", {str(case)!r}, "--out", {str(tmp_path / "run")!r}]
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", broken],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    rows = done.stderr.split("The plan that was found, as rows of sheet plans:\n")[1]
    assert rows.startswith("plan,project,year,units,size\ncase,P,")


def test_a_page_that_cannot_be_written_is_refused_before_the_study(
    case: Path, tmp_path: Path
) -> None:
    page = tmp_path / "none" / "page.md"
    done = shell(f"$OPT binding {case} --of limits --page {page}")
    assert done.returncode == REFUSED
    assert f"{page}: there is no such file or folder.".encode() in done.stderr
    assert done.stdout == b""


# ---- No network -----------------------------------------------------------------------------

OFFLINE = """
import sys
def refuse(event, given):
    if event.startswith(("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "webbrowser.")):
        raise SystemExit(f"NETWORK {event} {given}")
sys.addaudithook(refuse)
sys.argv = ["opt", *sys.argv[1:]]
from opt.cli import main
main()
"""


def offline(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The command where every socket ends it."""
    return subprocess.run(
        [sys.executable, "-c", OFFLINE, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def test_no_socket_is_opened(case: Path, tmp_path: Path) -> None:
    out, book = tmp_path / "run", tmp_path / "book.xlsx"
    for arguments in (
        ("solve", case, "--out", out, "--write-model"),
        ("audit", out),
        ("check", case, "--calibration", "--grades", "--problems", tmp_path / "p.xlsx"),
        ("convert", case, book),
        ("init", tmp_path / "new.xlsx"),
        ("binding", case, "--of", "limits"),
    ):
        done = offline(*arguments)
        assert done.returncode == SOLVED, (arguments, done.stderr)
        assert "NETWORK" not in done.stderr


def test_the_hook_finds_a_socket() -> None:
    code = OFFLINE.split("sys.argv", maxsplit=1)[0] + "import socket; socket.socket()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "NETWORK socket.__new__" in done.stderr
