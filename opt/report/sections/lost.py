"""What the covered bloc takes where nobody commits it in time."""

from __future__ import annotations

from opt.report import wording
from opt.report.story import Story


def lost_sentence(story: Story) -> str:
    """The projects that the plan leaves to the covered bloc; nothing where none can be lost within
    the plan."""
    case = story.run.case
    built = {c.project for c in story.run.solution.commitments}
    at_risk = {
        j: (project.name, project.lost_after)
        for j, project in case.projects.items()
        if project.lost_after is not None and project.lost_after < case.last_year
    }
    left = [f"{name} (after {year})" for j, (name, year) in at_risk.items() if j not in built]
    if not at_risk:
        return ""
    if not left:
        return (
            f"Every project that {story.covered} would take where nobody commits it in time is"
            " committed."
        )
    return (
        f"{story.covered} takes what nobody commits in time: {wording.names(left)}. That does not"
        " show in dependence, since what it then makes is exposed supply and only keeps others from"
        " going short: it shows in who makes what."
    )
