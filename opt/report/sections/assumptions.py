"""Assumptions: the settings in force, the defaults that stood in, the warnings of the check."""

from __future__ import annotations

from opt.record.run import Run
from opt.report import wording
from opt.report.document import Block, Bullets, Section, TableBlock, Text
from opt.report.story import Story
from opt.words import gathered, group_words

MOST_WARNINGS = 25


def section(story: Story) -> Section:
    """All that can change the answer and stands in no sheet of figures."""
    run = story.run
    blocks = (_settings(run), *_defaults(run), *_warnings(run))
    return Section("assumptions", "Assumptions and defaults used", blocks)


def _settings(run: Run) -> TableBlock:
    """Key, value and remark of every setting that can change the answer."""
    heads, values = ("Setting", "Value"), run.settings_asked.items()
    if not run.overrides.keys() & run.settings_asked.keys():
        lines: list[tuple[str, ...]] = [(key, _value(value)) for key, value in values]
        return TableBlock("Settings in force", heads, lines, (3, 6))
    lines = [
        (key, _value(value), "changed for this run" if key in run.overrides else "")
        for key, value in values
    ]
    return TableBlock("Settings in force", (*heads, "Remark"), lines, (3, 3, 3))


def _value(value: object) -> str:
    return "not set" if value is None else str(value)


def _defaults(run: Run) -> tuple[Block, ...]:
    """The declared defaults that stood in and can change the answer."""
    lines = [
        (e.sheet, e.column, e.value, wording.count(e.rows, "row"))
        for e in run.case.defaults_used
        if e.sheet != "settings" or e.column in run.settings_asked
    ]
    if not lines:
        return (Text("No blank cell was filled with a default."),)
    heads = ("Sheet", "Column", "Default", "Where")
    return (TableBlock("Blank cells filled with a declared default", heads, lines, (3, 3, 2, 2)),)


def _warnings(run: Run) -> tuple[Block, ...]:
    warnings = [issue for issue in run.case.warnings if not issue.minor]
    if not warnings:
        return ()
    groups = gathered(warnings)
    found: list[Block] = [
        Text(f"Warnings of the check: {wording.count(len(warnings), 'warning')}."),
        Bullets([group_words(group) for group in groups[:MOST_WARNINGS]]),
    ]
    if len(groups) > MOST_WARNINGS:
        rest = wording.count(sum(map(len, groups[MOST_WARNINGS:])), "warning")
        found.append(Text(f"And {rest} more, all in results.xlsx."))
    return tuple(found)
