"""opt memo: documents again, of a run that the audit confirms."""

from __future__ import annotations

import shutil
from pathlib import Path

from click.testing import CliRunner, Result

from opt.cli import cli
from opt.record.manifest import write_manifest

EXAMPLE = Path(__file__).parents[2] / "outputs" / "example"


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path within."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def last_line(done: Result) -> str:
    """The last line that a command printed."""
    return done.stdout.splitlines()[-1]


def test_the_same_bytes_again_and_an_edited_memo_is_kept(tmp_path: Path) -> None:
    """The example stands as a solve wrote it: written again nothing differs; what a person wrote in
    the memo stays in a folder beside."""
    run = tmp_path / "run"
    shutil.copytree(EXAMPLE, run)
    before = files(run)
    done = CliRunner().invoke(cli, ["memo", str(run)])
    assert done.exit_code == 0, done.output
    assert last_line(done) == f"Open first: {run / 'memo.docx'}"
    assert files(run) == before
    (run / "memo.docx").write_bytes(b"my words")
    done = CliRunner().invoke(cli, ["memo", str(run), "--quiet"])
    assert done.exit_code == 0, done.output
    assert files(run) == before
    assert (tmp_path / "run-kept" / "memo.docx").read_bytes() == b"my words"


def test_no_memo_is_made_of_a_changed_number(tmp_path: Path) -> None:
    """One digit of facts.csv and of its line in the manifest: the audit finds it by the tables."""
    run = tmp_path / "run"
    shutil.copytree(EXAMPLE, run)
    path = run / "facts.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    place = next(n for n, line in enumerate(lines) if ",capex_musd," in line)
    lines[place] = lines[place].rstrip("\n").rsplit(",", 1)[0] + ",123456.0\n"
    path.write_text("".join(lines), encoding="utf-8", newline="\n")
    write_manifest(run)
    before = files(run)
    done = CliRunner().invoke(cli, ["memo", str(run)])
    assert done.exit_code == 6
    assert "same_facts" in done.output
    assert files(run) == before


def test_runs_side_by_side_are_a_section_of_the_first(tmp_path: Path) -> None:
    """The example beside a copy of itself: nothing differs, which its page says; the other's
    documents stay."""
    runs = [tmp_path / name for name in ("first", "second")]
    for run in runs:
        shutil.copytree(EXAMPLE, run)
    before = files(runs[1])
    done = CliRunner().invoke(cli, ["compare", *map(str, runs), "--memo"])
    assert done.exit_code == 0, done.output
    assert last_line(done) == f"Open first: {runs[0] / 'memo.docx'}"
    alone = CliRunner().invoke(cli, ["compare", *map(str, runs)])
    assert "Open first" not in alone.output  # nothing was written
    page = (runs[0] / "report.html").read_text(encoding="utf-8")
    assert "Beside other runs" in page
    assert "Cells of the input that differ: 0." in page
    assert files(runs[1]) == before
    again = files(runs[0])
    assert CliRunner().invoke(cli, ["memo", str(runs[0]), "--quiet"]).exit_code == 0
    assert files(runs[0]) == again
