"""Public money: what it pays for, how much the workbook asks for, what programmes have left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from opt.record.money import ProgrammeYear, Use
from opt.record.run import Run
from opt.report import wording
from opt.report.document import Block, Figure, Section, TableBlock, Text
from opt.report.sections import stock, support
from opt.report.story import Story, once

# What public money is paid for, and what it then does, as sentences say it.
USES = {
    Use.CAPITAL: ("for capital", "carries capital"),
    **stock.USES,
    **support.USES,
}
SETTLED = (
    "Which programme pays is settled after the plan and left open by it: of several that may pay "
    "any would do. As settled in this run:"
)
UNUSED = "The plan uses no public money."
LEFT = 1e-3  # share of a limit or an amount: below it nothing is left


@dataclass(frozen=True, slots=True)
class ProgrammeFinding:
    """One programme over the whole plan, USD million: what it pays by use, and in all; `full_years`
    are those with nothing left of a yearly limit.

    `amount_musd` is the most that it may commit at its charge, `left_musd` the least that is left
    of it at the end of any year: of a programme that is lent again some may come back later.
    """

    programme: str
    name: str
    by_use_musd: Mapping[Use, float]
    paid_musd: float
    full_years: tuple[int, ...]
    amount_musd: float
    left_musd: float

    @property
    def is_spent(self) -> bool:
        """Whether it pays, and at some time has nothing left of its amount."""
        return self.paid_musd > wording.NOTHING and self.left_musd <= LEFT * self.amount_musd


@dataclass(frozen=True, slots=True)
class Capital:
    """Public money in the plan's capital cost, its share, and `floor_musd`, the least that the
    workbook asks for. USD million."""

    public_musd: float
    public_share: float
    floor_musd: float


@once
def capital(story: Story) -> Capital:
    """The figures of public money in capital."""
    run = story.run
    public = wording.total(entry.paid_musd for entry in run.solution.paid_for(Use.CAPITAL))
    capex = run.metrics.capex_musd
    floor = wording.total(
        run.case.projects[entry.project].public_share * entry.capex_musd
        for entry in run.solution.commitments
    )
    return Capital(public, public / capex if capex > 0 else 0.0, floor)


@once
def programmes(story: Story) -> tuple[ProgrammeFinding, ...]:
    """Every programme, in the order of the workbook."""
    run = story.run
    order = list(run.case.programmes)
    known = [*order, *sorted({entry.programme for entry in run.payments_due} - set(order))]
    return tuple(_programme(run, key) for key in known)


def has_money(story: Story) -> bool:
    """Whether any programme has an amount."""
    return any(entry.amount_musd > wording.NOTHING for entry in programmes(story))


def _programme(run: Run, key: str) -> ProgrammeFinding:
    answer = run.solution
    by_use = {
        use: wording.total(e.paid_musd for e in answer.paid_for(use) if e.programme == key)
        for use in Use
    }
    due = [entry for entry in run.payments_due if entry.programme == key]
    return ProgrammeFinding(
        programme=key,
        name=run.case.programme_name(key),
        by_use_musd=by_use,
        paid_musd=wording.total(by_use.values()),
        full_years=tuple(entry.year for entry in due if _full(entry)),
        amount_musd=max((e.amount_musd for e in due if e.amount_musd is not None), default=0.0),
        left_musd=min(
            (e.amount_left_musd for e in due if e.amount_left_musd is not None), default=0.0
        ),
    )


def _full(entry: ProgrammeYear) -> bool:
    """Whether a programme has a limit in the year, uses it, and has nothing left."""
    if entry.left_musd is None or not entry.limit_musd or entry.due_musd <= 0:
        return False
    return entry.left_musd <= LEFT * entry.limit_musd


@once
def active(story: Story) -> dict[str, list[ProgrammeYear]]:
    """The years of each programme of which something falls due, in the workbook's order."""
    found: dict[str, list[ProgrammeYear]] = {entry.programme: [] for entry in programmes(story)}
    for entry in sorted(story.run.payments_due, key=lambda item: item.year):
        found[entry.programme].append(entry)
    return {key: rows for key, rows in found.items() if any(row.due_musd > 0 for row in rows)}


def has_more_than_capital(run: Run) -> bool:
    """Whether public money goes to stock or support too."""
    return wording.total(paid.paid_musd for paid in run.solution.outlays()) > wording.NOTHING


def paid_by_use(run: Run) -> dict[Use, float]:
    """Public money by use, USD million."""
    return {use: wording.total(e.paid_musd for e in run.solution.paid_for(use)) for use in Use}


def public_words(story: Story) -> str:
    """Public money in a part of a sentence: of capital, and of what else it pays."""
    run = story.run
    paid = paid_by_use(run)
    more = [
        f"{wording.round_money(musd)} {USES[use][0]}"
        for use, musd in paid.items()
        if use is not Use.CAPITAL and musd > wording.NOTHING
    ]
    words = ""
    if run.metrics.capex_musd > 0:
        found = capital(story)
        public = wording.round_money(found.public_musd)
        words = f". {public} of the capital is public{_floor_words(found)}"
        if found.public_musd <= wording.NOTHING:
            words = ". None of the capital is public"
    if not more:
        return words
    return f"{words}, with {wording.names(more)} of public money beside"


def _floor_words(found: Capital) -> str:
    """How much of the public money in capital the workbook asks for, and so is no finding."""
    if found.floor_musd <= wording.NOTHING:
        return ""
    if found.public_musd <= found.floor_musd * (1 + wording.NOTHING):
        return ", all of it the floor that the workbook sets"
    return f", {wording.round_money(found.floor_musd)} of it the floor that the workbook sets"


def spent_sentence(story: Story) -> str:
    """Which programmes have nothing left of their amount, and how much the others that pay have."""
    spent = spent_programmes(story)
    rest = [entry for entry in _paying(story) if not entry.is_spent]
    words = "No programme spends its whole amount."
    if spent:
        words = f"Spent to the whole amount: {wording.names(spent, len(spent))}."
    if not rest:
        return words
    left = wording.money(wording.total(entry.left_musd for entry in rest))
    return f"{words} The {'others' if spent else 'programmes'} that pay have {left} left."


def _paying(story: Story) -> list[ProgrammeFinding]:
    return [entry for entry in programmes(story) if entry.paid_musd > wording.NOTHING]


def spent_programmes(story: Story) -> list[str]:
    """Names of the programmes with nothing left of their amount."""
    return [entry.name for entry in programmes(story) if entry.is_spent]


def full_programmes(story: Story) -> list[str]:
    """Names of the programmes with nothing left of a yearly limit in some year."""
    return [entry.name for entry in programmes(story) if entry.full_years]


def money_risks(story: Story) -> list[str]:
    """Programmes on which a dearer project or a delay cannot draw."""
    found = []
    if spent_programmes(story):
        found.append(f"{spent_sentence(story)} A dearer project has nothing to draw on there.")
    if full_programmes(story):
        full = wording.names(full_programmes(story))
        found.append(
            f"Nothing left of a yearly limit in at least one year: {full}. A delay or a dearer "
            f"project has nothing to draw on."
        )
    return found


def section(story: Story) -> Section:
    """What each programme has left, and every year with a promise or a payment."""
    years = [_years(story)] if _paying(story) else []
    blocks = (*_said(story), _programmes(story), *_shared(story), *years)
    return Section("money", "Money", blocks)


def _said(story: Story) -> tuple[Block, ...]:
    """What programmes have left, and what of them falls due by year."""
    if not _paying(story):
        return (Text(UNUSED),)
    figure = [Figure("money")] if active(story) else []
    return (Text(f"{SETTLED} {spent_sentence(story)}"), *figure)


def cover_section(story: Story) -> Section:
    """What programmes have left, in a sentence."""
    return Section("money", "Money", _said(story)[:1])


def annex_section(story: Story) -> Section:
    """The figure, and what each programme has left."""
    return Section("money", "Money", (*_said(story), _programmes(story), *_shared(story)))


def _shared(story: Story) -> tuple[Text, ...]:
    """Of which programmes the workbook gives this chain a part."""
    parts = [
        f"{wording.percent(programme.share)} of {programme.name}"
        for programme in story.run.case.programmes.values()
        if programme.share < 1
    ]
    if not parts:
        return ()
    taken = wording.names(parts, len(parts))
    words = f"By the workbook this chain may take {taken}; amounts and limits are of that part."
    return (Text(words),)


def _programmes(story: Story) -> TableBlock:
    lines = [
        (
            entry.name,
            wording.short_money(entry.amount_musd),
            wording.short_money(max(entry.amount_musd - entry.left_musd, 0.0)),
            "spent" if entry.is_spent else wording.short_money(max(entry.left_musd, 0.0)),
        )
        for entry in programmes(story)
    ]
    return TableBlock(
        "What is committed of each programme and what is left, USD million",
        ("Programme", "Amount", "Most committed, at its charge", "Least left"),
        lines,
        (5, 2, 2, 2),
        (1, 2, 3),
    )


def _years(story: Story) -> TableBlock:
    lines = [
        (
            story.run.case.programme_name(e.programme),
            wording.year(e.year),
            wording.short_money(e.committed_musd),
            wording.short_money(e.due_musd),
            _optional(e.limit_musd, "no limit"),
            _optional(e.left_musd, "no limit"),
            _optional(e.amount_left_musd, "not asked"),
        )
        for e in sorted(story.run.payments_due, key=lambda e: (e.programme, e.year))
        if e.committed_musd > 0 or e.due_musd > 0
    ]
    return TableBlock(
        "Public money in years with a promise or a payment, USD million",
        (
            *("Programme", "Year", "Promised", "Falls due", "Yearly limit", "Left of limit"),
            "Left of amount",
        ),
        lines,
        (4, 1, 2, 2, 2, 2, 2),
        (1, 2, 3, 4, 5, 6),
    )


def _optional(value: float | None, words: str) -> str:
    return words if value is None else wording.short_money(value)
