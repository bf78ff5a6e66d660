"""The memo and the page where studies were run: what they fill in, and that it is what was found.

The case is that of `test_brief`: W needs 100 of metal a year over 2030-2033. A fund of USD 90
million can build a smelter of 60 for 60 and one of 30 for 30, which nobody has announced; a third
of 10 for 95 costs more than it has. In scenario `twice`, one time in five, demand doubles.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from builders import Rows, chain, project, solved
from documents import memo_text
from lxml import etree

import opt
from opt.audit import audit_folder
from opt.record.options import MORE, NAMED, OtherOptions
from opt.record.place import hold
from opt.record.run import Run
from opt.record.shown import Shown
from opt.record.studies import read_studies, write_studies
from opt.report import theme
from opt.report.deck import deck
from opt.report.document import Text
from opt.report.documents import report_html
from opt.report.folder import write_into
from opt.report.outline import memo, page
from opt.report.sections import options
from opt.report.sections.levels import case_span
from opt.report.story import Story

TOLERANCE = 2e-6


def case() -> dict[str, Rows]:
    """The case."""
    projects = [
        project("Big", "smelt", 60, 60, public_share=1),
        project("Little", "smelt", 30, 30, public_share=1, placeholder="yes"),
        project("Dear", "smelt", 10, 95, public_share=1),
    ]
    fund = [{"programme": "Fund", "instrument": "grant", "amount": 90}]
    twice = [{"scenario": "twice", "what": "demand", "factor": 2}]
    scenarios = [{"scenario": "twice", "probability": 0.2}]
    return chain(projects=projects, programmes=fund, scenarios=scenarios, shocks=twice)


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Mapping[str, Shown]]:
    """The run, and every study of the set."""
    run = solved(tmp_path_factory.mktemp("case"), case())
    return run, opt.brief(run).answers


def test_other_options_are_the_best_plans_of_their_cases(
    answered: tuple[Run, Mapping[str, Shown]],
) -> None:
    """45 buys the small smelter, 30 of 100 clear; without it 60 of 100 are. No row limits building,
    so that there is no row of a faster pace."""
    found = answered[1]["options"]
    assert isinstance(found, OtherOptions)
    assert found.complete
    rows = {row.name: row for row in found.rows}
    assert {name: row.dependence for name, row in rows.items()} == pytest.approx(
        {"Half the money": 0.7, "Named projects only": 0.4}, abs=TOLERANCE
    )
    assert {name: row.public_musd for name, row in rows.items()} == pytest.approx(
        {"Half the money": 30, "Named projects only": 60}, abs=1e-3
    )
    assert [c.project for c in rows[NAMED].commitments] == ["Big"]


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        # Within a thousandth of allied demand, which is one step of what is printed.
        ((0.6991, 0.3991), ""),
        ((0.6991, -math.inf), ""),
        ((0.7, 0.3969), "beat a mean of 39.6% with Named projects only."),
        (
            (0.6949, 0.3969),
            "beat a mean of 39.6% with Named projects only and 69.4% with Half the money.",
        ),
    ],
)
def test_options_that_may_come_lower_say_how_far(
    answered: tuple[Run, Mapping[str, Shown]], bounds: tuple[float, float], said: str
) -> None:
    """Half the money comes to 0.7, named projects to 0.4; bounds are rounded down."""
    run, studies = answered
    found = studies["options"]
    assert isinstance(found, OtherOptions)
    of = dict(zip(("Half the money", NAMED), bounds, strict=True))
    rows = tuple(dataclasses.replace(row, bound=of[row.name]) for row in found.rows)
    story = Story(run, {**studies, "options": dataclasses.replace(found, rows=rows)})
    (slide,) = (own for own in deck(story).sections if own.name == "options")
    for section in (options.section(story), options.memo_section(story), slide):
        texts = [block.text for block in section.blocks if isinstance(block, Text)]
        assert texts == ([f"Not searched to the end: no plan can {said}"] if said else [])


def test_a_larger_budget_that_buys_the_same_is_not_the_plan(
    answered: tuple[Run, Mapping[str, Shown]],
) -> None:
    run, _ = answered
    (best,) = (row for row in run.options if row.name == "The best plan")
    same = dataclasses.replace(best, name=MORE, note="The best plan again.")
    story = Story(dataclasses.replace(run, options=(*run.options[:-1], best, same)))
    assert options.the_plan(story) is best


def test_answers_come_back_as_they_were_written(
    answered: tuple[Run, Mapping[str, Shown]], tmp_path: Path
) -> None:
    write_studies(answered[1], tmp_path)
    assert read_studies(tmp_path) == answered[1]
    assert read_studies(tmp_path / "none") == {}


def told(answered: tuple[Run, Mapping[str, Shown]]) -> str:
    """The sections of the memo as text, names of figures left out."""
    story = Story(*answered)
    return "\n".join(f"{s.title}\n{s.blocks}" for s in memo(story).sections)


def test_studies_fill_the_memo(answered: tuple[Run, Mapping[str, Shown]]) -> None:
    """10 of 100 stay exposed; of 200 it is 110. Without Big 70 of 100 are, without any 100."""
    text = told(answered)
    assert "10% with the plan (10% to 55% in the 2 cases tried)" in text
    assert (
        "If that fails, the plan held: in 2033 at worst 55% (twice; 100% without the plan)." in text
    )
    assert "('Big fails', '70%', '100%', 'none', 'none')" in text
    assert "'1 of 1'" in text  # in how many good plans
    assert "Paid, USD million: Fund 90." in text
    assert "named projects alone bring 2033 to 40%" in text
    # 0.8 * 0.1 + 0.2 * 0.55
    assert "mean dependence to 10% to 55% in them, 19.0% expected" in text
    assert "What this memo does not answer" not in text
    alone = told((answered[0], {}))
    assert "cases tried" not in alone
    assert "'python -m opt brief case.xlsx' answers them." in alone


def test_the_band_of_the_figure_is_that_of_the_cases(
    answered: tuple[Run, Mapping[str, Shown]],
) -> None:
    # The smelters are committed in 2030 and run from that year on.
    band = case_span(Story(*answered))
    assert band[2033] == pytest.approx((0.1, 0.55), abs=TOLERANCE)
    assert case_span(Story(answered[0])) == {}


def the_page(answered: tuple[Run, Mapping[str, Shown]]) -> Any:
    """The page as a tree."""
    text = report_html(Story(*answered))
    return etree.fromstring(text.removeprefix("<!DOCTYPE html>\n").encode())


def test_the_cockpit_moves_among_points_that_were_solved(
    answered: tuple[Run, Mapping[str, Shown]],
) -> None:
    """By money 0, 30, 60, 90 and 185, which pays for all three: 100, 70, 40, 10 and 0% stay
    exposed, each proven. Style alone shows the panel of the button that is checked; each group has
    a button checked, and as many panels."""
    root = the_page(answered)
    groups = root.xpath('//fieldset[@class="choices"]')
    for group in groups:
        buttons = group.xpath("./input")
        assert len(group.xpath('./input[@checked="checked"]')) == 1
        assert len(buttons) == len(group.xpath('./div[@class="panels"]/div'))
        assert [b.get("id") for b in buttons] == group.xpath("./label/@for")
    money = next(g for g in groups if g.xpath("string(legend)") == "By money")
    panels = money.xpath('./div[@class="panels"]/div')
    shown = [[p.xpath("string(h3)"), *p.xpath("./dl/div/dd/text()")[:2]] for p in panels]
    assert shown == [
        ["USD 0 million", "100.0%", "100.0%"],
        ["USD 30 million", "70.0%", "70.0%"],
        ["USD 60 million", "40.0%", "40.0%"],
        ["USD 90 million", "10.0%", "10.0%"],
        ["USD 185 million", "0.0%", "0.0%"],
    ]
    checked = money.xpath("./input[@checked]/@id")
    assert money.xpath(f'string(./label[@for="{checked[0]}"])') == "USD 90 million"  # the plan's
    assert "input:nth-of-type(4):checked ~ .panels > div:nth-child(4)" in root.xpath(
        "string(//style)"
    )
    assert not root.xpath("//script")
    assert "cockpit" not in [s.name for s in page(Story(answered[0])).sections]


def test_headings_of_the_page_skip_no_level(answered: tuple[Run, Mapping[str, Shown]]) -> None:
    tags = [e.tag for e in the_page(answered).iter() if re.fullmatch(r"h\d", str(e.tag))]
    levels = [int(tag[1]) for tag in tags]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def luminance(colour: str) -> float:
    """Relative luminance of '#RRGGBB' (WCAG 2.1)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours (WCAG 2.1)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_of_the_page_has_contrast() -> None:

    for ink in (theme.INK, theme.MUTED, theme.HEADER, theme.BLUE):
        assert contrast(ink, theme.WHITE) >= 4.5, ink
    for ink in (theme.INK, theme.HEADER):
        assert contrast(ink, theme.SHADE) >= 4.5, ink
    assert contrast(theme.WHITE, theme.HEADER) >= 4.5
    for mark in (theme.BLUE, theme.VERMILLION, theme.GREEN, theme.PURPLE):
        assert contrast(mark, theme.WHITE) >= 3.0, mark


def test_a_folder_with_studies_is_told_from_them(
    answered: tuple[Run, Mapping[str, Shown]], tmp_path: Path
) -> None:

    run, answers = answered
    with hold(tmp_path / "run", overwrite=False, tell=lambda _: None) as place:
        folder = write_into(place, run, answers=answers)
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert "in the 2 cases tried" in text
    assert "in the 2 cases tried" not in memo_text(run)
    assert read_studies(folder) == answers
    assert (folder / "charts" / "stress.svg").is_file()
    assert audit_folder(folder).report.passed
