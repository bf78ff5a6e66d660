"""What `opt binding` says: tables for a terminal and for a page, and plain data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from opt.commands.marked_page import Marks
from opt.commands.word_table import WordTable, aligned, piped
from opt.report import wording
from opt.studies.binding import (
    EVERY_LIMIT,
    EVERY_PROGRAMME,
    LIMITS,
    NO_PLAN,
    PROGRAMMES,
    SHEETS_OF_LIMITS,
    Binding,
    Bound,
    LimitRow,
    TargetBinding,
    binds,
)

if TYPE_CHECKING:
    from opt.api import Case

MARKS = Marks.of("binding")
WHATS = {
    "starts": "starts a year",
    "capex": "capital cost a year",
    "capacity": "new capacity a year",
    "private": "private money",
}
TOGETHER = {
    EVERY_PROGRAMME: "every programme; more: twice as much",
    EVERY_LIMIT: "all limits",
    **{sheet: f"all of sheet {sheet}" for sheet in SHEETS_OF_LIMITS},
}
METHOD = (
    "No plan can beat: the bound of the relaxation in which projects may be built in parts, so it "
    "holds for every plan."
)
UNITS_OF_OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class Study:
    """A case and what binds in it."""

    case: Case
    found: Binding

    @property
    def complete(self) -> bool:
        """Whether every question was answered."""
        return not list(_reasons(self))

    @property
    def label(self) -> str:
        """The variant, where it is one."""
        return self.case.tables.variant or "as it is"


@dataclass(frozen=True, slots=True)
class Studies:
    """What the command tells: the study of the case, then that of a variant where one is named."""

    studies: tuple[Study, ...]

    @property
    def complete(self) -> bool:
        """Whether every question was answered."""
        return all(study.complete for study in self.studies)

    def document(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {"studies": [_document(study) for study in self.studies]}


# ---- Words and numbers ----------------------------------------------------------------------


def _bound(bound: Bound | None) -> str:
    """A bound, rounded down; '-' where it was not asked."""
    if bound is None:
        return "-"
    if bound.value is None:
        return "no plan" if bound.reason == NO_PLAN else "not known"
    return wording.bound_value("dependence", bound.value)


def _amount(musd: float | None) -> str:
    return "-" if musd is None else f"{musd:,.0f}"


def _measured(row: TargetBinding, value: float | None) -> str:
    if value is None:
        return "-"
    if row.target.metric == UNITS_OF_OUTPUT:
        return wording.number(value)
    return wording.percent(value)


def _earliest(row: TargetBinding) -> str:
    if row.met:
        return "yes"
    if row.earliest is not None:
        return f"from {row.earliest}"
    return "not known" if row.reason not in ("", NO_PLAN) else "never"


def _names(case: Case) -> dict[str, str]:
    """The names of programmes as the workbook gives them."""
    return {row.text("programme"): row.text("name") for row in case.tables.rows["programmes"]}


def _title(case: Case, row: LimitRow) -> str:
    """What a row is about: a programme by id and name, a limit by what it holds over."""
    if row.name in TOGETHER:
        return TOGETHER[row.name]
    if row.subject == PROGRAMMES:
        return f"`{row.name}` {_names(case).get(row.name, '')}".rstrip()
    what, column, value, *others = row.name.split("|")
    carried = ", with carry_over" if row.name in _carried_over(case) else ""
    return f"{WHATS[what]}, {' '.join(filter(None, [column, value, *others]))}{carried}"


def _carried_over(case: Case) -> set[str]:
    """The names of limits of which what a year leaves adds to the next."""
    return {
        "|".join((*map(row.text, ("what", "field", "value")), *filter(None, others)))
        for row in case.tables.rows["build_limits"]
        if row.text("carry_over") == "yes"
        for others in [map(row.text, ("mineral", "commodity"))]
    }


# ---- Tables ---------------------------------------------------------------------------------


def tables(studies: Sequence[Study]) -> dict[str, WordTable]:
    """The tables that hold something, by subject; those of further studies in further columns."""
    found = {
        PROGRAMMES: _limits(PROGRAMMES, studies),
        LIMITS: _limits(LIMITS, studies),
        "targets": _targets(studies[0]),
    }
    return {subject: table for subject, table in found.items() if table.rows}


def _limits(subject: str, studies: Sequence[Study]) -> WordTable:
    first, others = studies[0], studies[1:]
    money = ("amount, USD million", "paid to plants by the plan") if subject == PROGRAMMES else ()
    head = (subject, *money, "no plan without it can beat", "with more of it")
    rows = [row for row in first.found.limits if row.subject == subject]
    return WordTable(
        head=(*head, *(f"without it, {study.label}" for study in others)),
        rows=tuple(
            (
                _title(first.case, row),
                *((_amount(row.amount), _amount(row.paid)) if money else ()),
                _bound(row.without),
                _bound(row.more),
                *(_bound(_same(study, row).without) for study in others),
            )
            for row in rows
        ),
        texts=frozenset({0}),
    )


def _same(study: Study, row: LimitRow) -> LimitRow:
    """The row of the same programme or limit in another study; one without bounds where there is
    none."""
    rows = (r for r in study.found.limits if (r.subject, r.name) == (row.subject, row.name))
    return next(rows, LimitRow(row.subject, row.name, None, None))


def _targets(study: Study) -> WordTable:
    notes = {row.text("target"): row.text("note") for row in study.case.tables.rows["targets"]}
    return WordTable(
        head=(
            *("target", "metric", "scope", "year", "sense", "bound", "in the plan", "nearest"),
            *("can be met", "no plan that meets it can beat", "note"),
        ),
        rows=tuple(
            (
                f"`{row.target.id}`",
                row.target.metric,
                row.target.scope,
                str(row.target.year),
                "at most" if row.target.at_most else "at least",
                _measured(row, row.target.bound),
                _measured(row, row.planned),
                _measured(row, row.nearest),
                _earliest(row),
                _bound(row.beat),
                notes[row.target.id],
            )
            for row in study.found.targets
        ),
        texts=frozenset({0, 1, 2, 3, 4, 10}),
    )


# ---- Sentences ------------------------------------------------------------------------------


def binding_sentences(study: Study) -> Iterator[str]:
    """What holds of the case as it is, and what of it binds."""
    found = study.found
    best = "" if found.best is None else f"best plan {wording.percent(found.best)}, "
    named = "" if study.case.tables.variant is None else f" of variant {study.label}"
    yield f"Dependence{named}: {best}no plan can beat {_bound(found.whole)}."
    if found.limits:
        rows = [row for row in found.limits if binds(found, row)]
        titles = [_title(study.case, row) for row in rows]
        yield f"Binding: {'; '.join(titles) if titles else 'none'}."
    for reason in _reasons(study):
        yield f"Not known: {reason}."


def _reasons(study: Study) -> Iterator[str]:
    """What was not answered, and why."""
    found = study.found
    known: list[tuple[str, str]] = [("the plan", found.reason), ("the bound", found.whole.reason)]
    for row in found.limits:
        bounds = (bound for bound in (row.without, row.more) if bound is not None)
        known += [(_title(study.case, row), bound.reason) for bound in bounds]
    for aim in found.targets:
        known += [(aim.target.id, aim.reason), (aim.target.id, aim.beat.reason if aim.beat else "")]
    yield from (f"{what}: {why}" for what, why in known if why not in ("", NO_PLAN))


# ---- Outlets --------------------------------------------------------------------------------


def in_words(found: Studies) -> str:
    """All of it for a terminal."""
    lines = [line for study in found.studies for line in binding_sentences(study)]
    for table in tables(found.studies).values():
        lines += ["", *aligned(table)]
    return "\n".join([*lines, "", METHOD])


def in_markdown(found: Studies) -> str:
    """All of it for a page, between its marks."""
    blocks = [*(line for study in found.studies for line in binding_sentences(study)), METHOD]
    blocks += ["\n".join(piped(table)) for table in tables(found.studies).values()]
    return "\n\n".join(blocks)


def _document(study: Study) -> dict[str, Any]:
    found = study.found
    return {
        "variant": study.case.tables.variant,
        "dependence": found.best,
        "bound": found.whole.value,
        "limits": [{**asdict(row), "binds": binds(found, row)} for row in found.limits],
        "targets": [_target(row) for row in found.targets],
        "not_known": list(_reasons(study)),
    }


def _target(row: TargetBinding) -> dict[str, Any]:
    target = row.target
    return {
        "target": target.id,
        "metric": target.metric,
        "scope": target.scope,
        "year": target.year,
        "sense": "at_most" if target.at_most else "at_least",
        "bound": target.bound,
        "planned": row.planned,
        "nearest": row.nearest,
        "met": row.met,
        "earliest": row.earliest,
        "no_plan_can_beat": None if row.beat is None else row.beat.value,
    }
