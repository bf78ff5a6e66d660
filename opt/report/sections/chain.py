"""The chain: where supply first touches the covered bloc, and what allies take in exposed."""

from __future__ import annotations

from dataclasses import dataclass

from opt.record.chain import StageYear
from opt.report import wording
from opt.report.document import Block, Figure, Note, Section, TableBlock, Text
from opt.report.sections.years import target_year
from opt.report.story import Story, once

CLEAR_BELOW = 0.0005  # an exposed share that shows as 0.0% or less than 0.1%
NONE = "none"
STAGE_MEANING = (
    "Exposed intake: exposed share of what allied plants and users take in at each stage. A stage "
    "at zero takes in no exposed material itself; exposed material bought at a later stage has its "
    "earlier stages behind it."
)


@dataclass(frozen=True, slots=True)
class StageFinding:
    """One stage at the target year: exposed share before and after.

    `clear_from` is the first year from which the plan keeps it clear; None while it is exposed.
    """

    stage: str
    year: int
    exposed_share: float
    baseline_exposed_share: float
    clear_from: int | None

    @property
    def touches(self) -> bool:
        """Whether some of the stage's material is exposed with the plan."""
        return self.exposed_share >= CLEAR_BELOW

    @property
    def is_better(self) -> bool:
        """Whether the plan makes the stage less exposed by a share that shows."""
        return self.baseline_exposed_share - self.exposed_share >= CLEAR_BELOW


@dataclass(frozen=True, slots=True)
class TouchFinding:
    """Share of allied demand in a year whose supply first touched the covered bloc at a stage."""

    stage: str
    year: int
    share: float
    baseline_share: float


@once
def years_by_stage(story: Story) -> dict[str, list[StageYear]]:
    """The years of each stage, stages in the order of the chain."""
    run = story.run
    found: dict[str, list[StageYear]] = {}
    for entry in sorted(run.stages, key=lambda e: (run.case.rank(e.stage), e.year)):
        found.setdefault(entry.stage, []).append(entry)
    return found


@once
def stages(story: Story) -> tuple[StageFinding, ...]:
    """Every stage at the target year, in the order of the chain."""
    target = target_year(story)
    return tuple(
        StageFinding(
            stage=stage,
            year=target,
            exposed_share=at.exposed_share,
            baseline_exposed_share=at.baseline_exposed_share,
            clear_from=_clear_from(entries, target),
        )
        for stage, entries in years_by_stage(story).items()
        for at in entries
        if at.year == target
    )


def _clear_from(entries: list[StageYear], target: int) -> int | None:
    found = None
    for entry in reversed([entry for entry in entries if entry.year <= target]):
        if entry.exposed_share >= CLEAR_BELOW:
            break
        found = entry.year
    return found


@once
def touch(story: Story) -> tuple[TouchFinding, ...]:
    """The stages at which something that shows is first touched, in the order of the chain."""
    run, year = story.run, target_year(story)
    shown = [
        TouchFinding(e.stage, e.year, e.share, e.baseline_share)
        for e in run.touch
        if e.year == year and max(e.share, e.baseline_share) > wording.NOTHING
    ]
    return tuple(sorted(shown, key=lambda e: run.case.rank(e.stage)))


@once
def allied_use(story: Story) -> dict[str, float]:
    """The share of allied capacity that is used at the target year, by stage, everybody served: of
    plants whose capacity is in one unit."""
    run, year = story.run, target_year(story)
    able: dict[str, list[float]] = {}
    made: dict[str, list[float]] = {}
    for entry in run.capacity:
        ally = run.case.regions[entry.region].bloc == "ally"
        if ally and entry.year == year and entry.stage:
            able.setdefault(entry.stage, []).append(entry.capacity)
            made.setdefault(entry.stage, []).append(entry.used)
    whole = {stage: wording.total(parts) for stage, parts in able.items()}
    return {stage: wording.total(made[stage]) / whole[stage] for stage in whole if whole[stage] > 0}


def most_touched(story: Story, *, before: bool = False) -> TouchFinding | None:
    """The stage at which most allied demand is first touched, with the plan or `before`; None where
    none is."""
    found = max(touch(story), key=lambda e: _share(e, before=before), default=None)
    return found if found and _share(found, before=before) > wording.NOTHING else None


def _share(entry: TouchFinding, *, before: bool) -> float:
    return entry.baseline_share if before else entry.share


def touch_words(story: Story) -> str:
    """Where the chain first touches the covered bloc, before and after; blank where it does not."""
    now, before = most_touched(story), most_touched(story, before=True)
    if now is None and before is None:
        return ""
    year = wording.year(touch(story)[0].year)
    if now is None:
        return f"In {year} no supply of allies has touched {story.covered}{_before(before)}"
    share = f"{wording.percent(now.share)} of allied demand"
    rest = f"){_before(before)}"
    if before is not None and before.stage == now.stage:
        rest = f"; {wording.percent(now.baseline_share)} without new money)"
    place = _stage_words(now.stage)
    return f"In {year} supply first touches {story.covered} most {place} ({share}{rest}"


def _before(before: TouchFinding | None) -> str:
    if before is None:
        return ""
    place = f"{_stage_words(before.stage)} ({wording.percent(before.baseline_share)})"
    return f"; without new money most {place}"


def _stage_words(stage: str) -> str:
    """Where in the chain: 'in metal', or in stock, whose past is not known."""
    return "in old stock" if stage == "stock" else f"in {stage}"


def touch_sentence(story: Story) -> str:
    """The same as a sentence; nothing where the chain touches nothing."""
    words = touch_words(story)
    return f"{words}." if words else ""


def touch_title(story: Story) -> str:
    """What the figure of first touch shows."""
    if not story.has_plan:
        return f"Where the chain first touches {story.covered}"
    return touch_words(story) or f"No supply of allies has touched {story.covered}"


def section(story: Story) -> Section:
    """The strip of the chain, and the same in numbers."""
    return Section(
        "chain",
        f"Where the chain first touches {story.covered}",
        (Figure("chain"), *_blocks(story)),
    )


def annex_section(story: Story) -> Section:
    """The numbers alone."""
    return Section("chain", f"Where the chain first touches {story.covered}", _blocks(story))


def _blocks(story: Story) -> tuple[Block, ...]:
    table = _table(story)
    if not table.lines:
        return (Text("Allied plants and users take in no material."),)
    meaning = (
        f"First touch: share of allied demand served with exposed material, by the stage at which "
        f"that material was first worked in {story.covered} or under its control."
    )
    return (Text(f"{touch_title(story)}."), table, Note(f"{meaning} {STAGE_MEANING}"))


def _table(story: Story) -> TableBlock:
    """Each stage before and after: what is first touched there, and what is taken in exposed."""
    touched = {entry.stage: entry for entry in touch(story)}
    taken = {entry.stage: entry for entry in stages(story)}
    order = [*story.run.case.stages, *touched]
    known = dict.fromkeys(stage for stage in order if stage in touched or stage in taken)
    found = [*(e.year for e in touched.values()), *(e.year for e in taken.values())]
    year = f" in {wording.year(found[0])}" if found else ""
    return TableBlock(
        f"Where the chain first touches {story.covered}, and what allies take in exposed,{year}",
        (
            *("Stage", "First touch, no new money", "First touch, plan"),
            *("Exposed intake, no new money", "Exposed intake, plan", "With the plan intake is"),
        ),
        [_line(stage, touched.get(stage), taken.get(stage)) for stage in known],
        (2.4, 2, 2, 2, 2, 2.6),
        (1, 2, 3, 4),
    )


def _line(stage: str, first: TouchFinding | None, intake: StageFinding | None) -> tuple[str, ...]:
    return (
        stage,
        wording.percent(first.baseline_share if first else 0.0),
        wording.percent(first.share if first else 0.0),
        wording.percent(intake.baseline_exposed_share) if intake else NONE,
        wording.percent(intake.exposed_share) if intake else NONE,
        _clear_words(intake.clear_from) if intake else NONE,
    )


def _clear_words(clear_from: int | None) -> str:
    return "still exposed" if clear_from is None else f"clear from {wording.year(clear_from)}"
