"""The findings that stand as titles of the figures, worked out from a run."""

from __future__ import annotations

from opt.report import wording
from opt.report.policy_words import touch_sentence
from opt.report.story import Story, spent_programmes, touching


def title_dependence(story: Story) -> str:
    """Finding of the figure of dependence by year."""
    target, before = story.findings.target, story.findings.target_baseline
    if not story.has_plan or target is None or before is None:
        return f"Dependence on {story.covered} by year"
    after_text, before_text = wording.percent(target.dependence), wording.percent(before.dependence)
    year = wording.year(target.year)
    if after_text == before_text:
        return f"In {year} dependence on {story.covered} is {after_text} with or without the plan"
    return (
        f"In {year} dependence on {story.covered} is {after_text} with the plan, "
        f"{before_text} without"
    )


def title_stages(story: Story) -> str:
    """Finding of the figure of exposure by stage."""
    exposed = touching(story)
    if not story.findings.stages:
        return "Allied plants and users take in no material"
    year = wording.year(story.findings.stages[0].year)
    if not exposed:
        return f"In {year} allied plants and users take in no exposed material"
    share = wording.percent(exposed[0].exposed_share)
    most = [entry.stage for entry in exposed if wording.percent(entry.exposed_share) == share]
    if len(most) == 1:
        return f"In {year} {most[0]} is the most exposed stage, at {share}"
    return f"In {year} {wording.names(most)} are the most exposed stages, at {share}"


def title_touch(story: Story) -> str:
    """Finding of the figure of first touch before and after."""
    if not story.has_plan:
        return f"Where the chain first touches {story.covered}"
    sentence = touch_sentence(story.findings.policy, story.covered)
    return sentence or f"No supply of allies has touched {story.covered}"


def title_builds(story: Story) -> str:
    """Finding of the figure of what is built when."""
    findings = story.findings
    if findings.first_output is None or findings.last_output is None:
        return "The plan builds nothing"
    projects = wording.count(findings.project_count, "project")
    span = wording.years(findings.first_output, findings.last_output)
    return f"{projects}, first output {span}"


def title_money(story: Story) -> str:
    """Finding of the figure of public money."""
    public = story.run.metrics.public_musd
    if public <= 0:
        return "The plan uses no public money"
    spent = spent_programmes(story)
    begin = f"{wording.money(public)} of public money"
    if not spent:
        return f"{begin}; no programme spends its whole amount"
    if len(spent) <= 2:
        verb = "spends its" if len(spent) == 1 else "spend their"
        return f"{begin}; {wording.names(spent)} {verb} whole amount"
    return f"{begin}; {wording.count(len(spent), 'programme')} spend their whole amount"
