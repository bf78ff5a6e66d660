"""What several workbooks take together of the programmes that they share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from builders import chain, folder_of
from click.testing import CliRunner

from opt.cli import cli
from opt.data.reader import read
from opt.data.shared import check_shared


def workbook(parent: Path, *programmes: dict[str, Any], **settings: Any) -> Path:
    """The chain with programmes of some cells."""
    return folder_of(parent, chain(settings, programmes=list(programmes)))


def fund(share: Any = "", amount: float = 100, **cells: Any) -> dict[str, Any]:
    """One row of a programme that others share."""
    return {"programme": "fund", "amount": amount, "share": share, **cells}


def told(*folders: Path) -> list[list[str]]:
    """The warnings of each workbook, with the names of the others as `book1`, `book2`, ..."""
    names = {f"book{n}": read(folder) for n, folder in enumerate(folders, start=1)}
    return [[str(issue) for issue in issues] for issues in check_shared(names).values()]


def test_shares_that_add_up_to_one_are_sound(tmp_path: Path) -> None:
    thirds = [workbook(tmp_path, fund(1 / 3)) for _ in range(3)]
    assert told(*thirds) == [[], [], []]
    assert told(workbook(tmp_path, fund(0.4)), workbook(tmp_path, fund(0.6))) == [[], []]
    assert told(workbook(tmp_path, fund())) == [[]]


def test_shares_above_one_are_told_in_each_workbook(tmp_path: Path) -> None:
    # A blank is the whole: 1 + 0.25.
    whole, quarter = workbook(tmp_path, fund()), workbook(tmp_path, fund(0.25))
    parts = "(1 in book1, 0.25 in book2)"
    words = f"the shares of programme 'fund' add up to 1.25 {parts}."
    mend = "Lower the shares until they add up to 1 at most."
    assert told(whole, quarter) == [
        [f"programmes!C2: {words} {mend}"],
        [f"programmes!C2: {words} {mend}"],
    ]


def test_another_amount_or_limit_is_told(tmp_path: Path) -> None:
    one = workbook(tmp_path, fund(0.5, **{"2030": 20, "2031": 30}))
    other = workbook(tmp_path, fund(0.5, 90, **{"2030": 20, "2031": 25}))
    mend = "Amount and limits are the whole programme's: type the same in both."
    assert told(one, other) == [
        [],
        [
            f"programmes!B2: amount of programme 'fund' is 90 here and 100 in book1. {mend}",
            f"programmes!E2: 2031 of programme 'fund' is 25 here and 30 in book1. {mend}",
        ],
    ]


def test_years_outside_either_plan_are_not_compared(tmp_path: Path) -> None:
    one = workbook(tmp_path, fund(0.5, **{"2030": 20, "2033": 30}))
    short = workbook(tmp_path, fund(0.5, **{"2030": 20}), last_year=2031)
    assert told(one, short) == [[], []]


def test_the_command_names_each_workbook(tmp_path: Path) -> None:
    folders = [str(workbook(tmp_path, fund(share))) for share in (0.5, 0.75)]
    answer = CliRunner().invoke(cli, ["check", *folders, "--json"])
    document = json.loads(answer.output)
    assert [entry["workbook"] for entry in document["workbooks"]] == folders
    assert all(entry["problems"] == [] for entry in document["workbooks"])
    assert [(issue["workbook"], issue["cell"]) for issue in document["shared"]] == [
        (folders[0], "C2"),
        (folders[1], "C2"),
    ]
    words = CliRunner().invoke(cli, ["check", *folders]).output
    assert "Together: 2 warnings of shared programmes." in words
    refused = CliRunner().invoke(cli, ["check", *folders, "--problems", "faults.xlsx"])
    assert refused.exit_code != 0
    assert "one workbook" in refused.output
