"""What the documents say of a run, as run.json repeats it."""

from __future__ import annotations

from opt.record.document import Statements
from opt.record.run import Run
from opt.report.findings import findings, sentences
from opt.report.sections.targets import targets
from opt.report.story import Story


def statements(run: Run) -> Statements:
    """The findings, the sentences on the run as a whole, and the words of its targets."""
    story = Story(run)
    return Statements(
        findings=findings(story),
        sentences=sentences(story),
        targets={entry.result.target: entry.words for entry in targets(story)},
    )
