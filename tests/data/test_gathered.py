"""Warnings of one kind in one line, on the screen and in the memo; one a cell in JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
from builders import Rows, chain, folder_of, plant, project, solved
from click.testing import CliRunner

from opt.cli import cli
from opt.commands.check_words import report
from opt.errors import Effect, Issue
from opt.report.folder import write_run
from opt.report.sections.assumptions import section
from opt.report.story import Story
from opt.words import gathered, group_words, kind_words, not_known

HINT = "Add the prices, or leave it so."
NOT_MADE = "support is not judged, since nothing that they make has a price"
NOT_USED = "support is not judged, since what they use has no price"


def issue(cell: str, message: str = "m.", hint: str = "", sheet: str = "s", **more: Any) -> Issue:
    """A warning."""
    return Issue(sheet, cell, "", message, hint, **more)


def words(*issues: Issue) -> list[str]:
    """The lines of some warnings."""
    return [group_words(group) for group in gathered(issues)]


def test_a_warning_of_its_own_kind_stays_as_it_is() -> None:
    lone = issue("A2", "x of p.", "Mend it.", common="x of these", subject="p")
    assert words(lone) == ["s!A2: x of p. Mend it."]


def test_equal_words_are_one_line_with_every_cell() -> None:
    lines = words(issue("A2"), issue("A3", "other."), issue("B7"), issue("A9", hint="h"))
    assert lines == ["s!A2, B7 (2 cells): m.", "s!A3: other.", "s!A9: m. h"]


def test_wording_is_the_same_but_for_names_and_figures() -> None:
    lines = words(
        issue("A2", "'p' has a capacity of 0: it makes nothing.", "Type it."),
        issue("A3", "'q' has a capacity of 0: it makes nothing.", "Type it."),
        issue("A4", "'q' costs 1,000 in 2030."),
        issue("A5", "'p' costs 1.5 in 2030."),
        issue("A6", "'p' costs 1,000 in 2030 or 2031."),
    )
    assert lines == [
        "s!A2, A3 (2 cells): 'p' has a capacity of 0: it makes nothing. Likewise 'q'. Type it.",
        "s!A4, A5 (2 cells): 'q' costs 1,000 in 2030. Likewise 'p' 1.5.",
        "s!A6: 'p' costs 1,000 in 2030 or 2031.",
    ]


def test_of_very_many_cells_the_first_are_named() -> None:
    lines = words(*(issue(f"A{n}", f"'p{n}' is odd.") for n in range(1, 24)))
    cells = ", ".join(f"A{n}" for n in range(1, 21))
    names = ", ".join(f"'p{n}'" for n in range(2, 22))
    assert lines == [f"s!{cells} and 3 more (23 cells): 'p1' is odd. Likewise {names} and 2 more."]


def test_each_sheet_has_its_own_line() -> None:
    assert words(issue("A2"), issue("A2", sheet="t")) == ["s!A2: m.", "t!A2: m."]


def test_one_kind_names_what_each_cell_is_about() -> None:
    kind = {"hint": "Mend it.", "common": "x of these"}
    first = issue("A2", "x of p.", subject="p", **kind)
    second = issue("A5", "x of q.", subject="q in W", **kind)
    assert words(first, second) == ["s!A2, A5 (2 cells): x of these: p, q in W. Mend it."]


def kinds(*issues: Issue) -> list[str]:
    """The lines of some warnings by kind."""
    return [kind_words(group) for group in gathered(issues)]


def test_a_kind_says_its_first_cell_how_many_there_are_and_what_they_do_to_the_answer() -> None:
    idle = {"effect": Effect.UNUSED}
    lines = kinds(
        issue("A2", "'p' makes nothing.", **idle),
        issue("A3", "'q' makes nothing.", **idle),
        issue("A5", "x of p.", common="x of these", effect=Effect.TAKEN),
        issue("A6", "x of q.", common="x of these", effect=Effect.TAKEN),
        issue("A7", "y.", effect=Effect.NEVER_BUILT),
        issue("", "z.", sheet="t"),
    )
    assert lines == [
        "s!A2 (2 cells): 'p' makes nothing. It changes no answer: where it is meant, the answer"
        " lacks it.",
        "s!A5 (2 cells): x of these. The answer takes it so, and is wrong where that is not meant.",
        "s!A7: y. No plan builds it.",
        "t: z. No answer changes.",
    ]


def unjudged() -> dict[str, Rows]:
    """Support of what runs in W and V, with a price for metal in W alone and for no ore.

    `dig` makes ore alone, `smelt` and `cast` use it; `blast` uses nothing and makes metal and slag.
    """
    base = chain({"losing_plants": "need_support"})
    return base | {
        "regions": [*base["regions"], {"region": "V", "bloc": "ally"}],
        "commodities": [
            *base["commodities"],
            {"commodity": "slag", "mineral": "M", "stage": "metal", "surplus": "free"},
            {"commodity": "dust", "mineral": "M", "stage": "metal", "surplus": "free"},
        ],
        "processes": [
            *base["processes"],
            {"process": "cast", "stage": "metal"},
            *({"process": name, "stage": "substitute"} for name in ("blast", "burn")),
        ],
        "recipes": [
            *base["recipes"],
            {"process": "cast", "commodity": "ore", "amount": -2},
            {"process": "cast", "commodity": "metal", "amount": 1},
            {"process": "blast", "commodity": "metal", "amount": 1},
            {"process": "blast", "commodity": "slag", "amount": 1},
            {"process": "burn", "commodity": "metal", "amount": 1},
            {"process": "burn", "commodity": "dust", "amount": 1},
        ],
        "facilities": [
            *base["facilities"],
            plant("blast_w", "W", "blast", 5),
            plant("burn_w", "W", "burn", 5),
            plant("burn_v", "V", "burn", 5),
        ],
        "projects": [project("P", "smelt", 9, 9), project("Q", "cast", 9, 9)],
        "programmes": [{"programme": "floors", "pays_for": "price_support", "amount": 5}],
        "prices": [{"commodity": "metal", "market": "W", "2030": 10, "2033": 10}],
    }


# By hand: ore has no price, so that smelt and cast are not judged; metal has none in V.
GATHERED = [
    f"processes!A2, A6 (2 cells): {NOT_MADE}: dig, burn in V. {HINT}",
    f"processes!A3, A4 (2 cells): {NOT_USED}: smelt (ore), cast (ore). {HINT}",
    "processes!A5, A6 (2 cells): support counts outputs without a price as worth nothing:"
    f" blast (slag), burn in W (dust). {HINT}",
]


def test_processes_that_support_does_not_judge(tmp_path: Path) -> None:
    path = folder_of(tmp_path, unjudged())
    result = CliRunner().invoke(cli, ["check", str(path)])
    lines = result.stdout.splitlines()
    # The seventh: private_capital is blank.
    assert lines[0] == "case: no problems, 7 warnings."
    unjudged_by = "The answer lets their plants run without support, whatever they lose."
    assert [line.removeprefix("  warning  ") for line in lines[1:4]] == [
        f"processes!A2 (2 cells): {NOT_MADE}. {unjudged_by} {HINT}",
        f"processes!A3 (2 cells): {NOT_USED}. {unjudged_by} {HINT}",
        "processes!A5 (2 cells): support counts outputs without a price as worth nothing. The"
        " answer may take their plants to lose more than they do, and so to stand still."
        f" {HINT}",
    ]
    assert lines[5].startswith("  Every cell: ")
    document = json.loads(CliRunner().invoke(cli, ["check", str(path), "--json"]).stdout)
    cells = [entry["cell"] for entry in document["warnings"]]
    assert cells == ["A2", "A3", "A4", "A5", "A6", "A6", ""]
    assert document["warnings"][1] == {
        "sheet": "processes",
        "cell": "A3",
        "value": "smelt",
        "message": "support of process 'smelt' in W: it is not judged, since ore has no price.",
        "hint": HINT,
    }


def test_limits_of_several_pairs(tmp_path: Path) -> None:
    rows = [
        {"origin": "*", "destination": "*", "commodity": name, "limit": 500}
        for name in ("ore", "metal")
    ]
    result = CliRunner().invoke(cli, ["check", str(folder_of(tmp_path, chain(lanes=rows)))])
    # Three regions make 3 x 2 pairs.
    assert result.stdout.splitlines()[1] == (
        "  warning  lanes!D2 (2 cells): the limit holds for each of the 6 pairs separately. The"
        " answer takes it so, and is wrong where that is not meant."
    )


def test_many_kinds_are_cut_at_fifty_lines() -> None:
    found = [issue("A2", f"kind {'x' * (n // 2 if n < 4 else n)}.") for n in range(56)]
    lines = report([], found, "case").splitlines()
    # Two pairs of equal words and 52 of their own: 54 lines, of which 50 are shown.
    assert lines[0] == "case: no problems, 56 warnings."
    assert lines[51] == "  ... and 4 warnings more (all with --json)"


def test_the_memo_and_the_page_gather_too(tmp_path: Path) -> None:
    run = solved(tmp_path, unjudged())
    folder = write_run(run, tmp_path / "run")
    memo = [paragraph.text for paragraph in docx.Document(folder / "memo.docx").paragraphs]
    assert [text for text in memo if text.startswith("processes!")] == GATHERED
    assert "Warnings of the check: 7 warnings." in memo
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert page.count("is not judged") == 2
    document = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert len(document["warnings"]) == 7


def test_what_changes_no_answer_comes_last_and_of_all_sheets_at_once() -> None:
    kind = {"common": "rows below the table are used"}
    below = [
        Issue(sheet, "A9", "", "row 9 is below.", subject=f"{sheet} 9", minor=True, **kind)
        for sheet in ("s", "t")
    ]
    assert words(below[0], issue("A2"), below[1]) == [
        "s!A2: m.",
        "2 sheets: rows below the table are used: s 9, t 9.",
    ]
    assert words(below[0], issue("A2")) == ["s!A2: m.", "s!A9: row 9 is below."]


def test_what_changes_no_answer_is_not_in_the_memo(tmp_path: Path) -> None:
    run = solved(tmp_path, unjudged())
    small = Issue("s", "A9", "", "row 9 is below the Excel table.", minor=True)
    case = replace(run.case, warnings=(*run.case.warnings, small))
    found = str(section(Story(replace(run, case=case))))
    assert "7 warnings" in found
    assert "below the Excel table" not in found


def test_what_is_not_known_is_one_sentence_a_reason() -> None:
    late, short = "stopped before it was answered", "its time was over."
    reasons = [
        ("P", late),
        ("Q", short),
        ("R", late),
        ("", "no plan"),
        *((f"S{n}", short) for n in range(30)),
    ]
    assert list(not_known(reasons)) == [
        f"Not known of P, R: {late}.",
        f"Not known of Q, {', '.join(f'S{n}' for n in range(19))} and 11 more: its time was over.",
        "Not known: no plan.",
    ]
