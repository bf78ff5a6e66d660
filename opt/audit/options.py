"""The options of run.json: the plan beside no new money, the least, and more money.

No new money and the plan are worked out whole. A row that was solved for itself is worked out from
what it commits, who pays for it and what it leaves exposed and short by year: these, and its bound,
rest on the solve alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from opt.audit.case import AuditCase
from opt.audit.check import (
    PASS_SLACK,
    Check,
    KeyedRows,
    Near,
    OfKind,
    Scales,
    at_most,
    compare,
    compare_table,
    holds,
    scales_of,
    table_columns,
)
from opt.audit.demand import dependence, dependence_by_year, year_entry
from opt.audit.evidence import OPTIONS, Evidence
from opt.audit.metrics import bare_cost, discounted_parts
from opt.audit.money import own_amount
from opt.audit.near import changes
from opt.audit.projects import committed_capex, lead_years, merchant_share
from opt.audit.rule import of_record
from opt.audit.weighing import Dependence, together, weights
from opt.record.lines import read_cells
from opt.record.projects import Commitment
from opt.record.shape import MAYBE_NUMBER, NUMBER, TEXT, check_part

NOTHING_NEW = "No new money"
FROZEN, WITH_MERCHANTS = "No new money, frozen", "No new money, with merchants"
MINIMUM = "Do the minimum"
ALL_TAKE = "The plan, if all took clear material"
BEST, FOUND, GIVEN = "The best plan", "The best plan found", "The given plan, "
LARGER = "A larger budget"
LARGER_FACTOR = 1.25  # of every programme's amount
OptionRow = Mapping[str, Any]


@of_record
def tell_options(evidence: Evidence) -> Iterator[Check]:
    """dependence = sum of (exposed + short) / sum of demand over by_year, the counted years;
    worst_year is the first of the largest dependence; capex = sum of capex of the commitments,
    plants = projects committed, first_output = least year + lead time; public = sum of paid_by,
    charge x paid_by <= amount; gap = |dependence - bound| / dependence; bound <= dependence.

    No new money is the baseline, the best plan the run's. Where projects come without it, that of
    the other sense of setting baseline may stand beside it: it commits and pays nothing, and frozen
    is no lower than with merchants. Do the minimum is no new money where nothing is forced; a
    larger budget (amounts x 1.25) without a better plan is the best plan again, and its bound is at
    most the best plan's. Where an uptake is below 1 the plan if all took clear material may stand
    beside the plan: it commits the same and is no more dependent. Where a plan is stayed near, a
    row of fewer changes makes no more than that of them.
    """
    given = evidence.answer.record.get("options")
    check_part("options", OPTIONS, given)
    assert given is not None
    rows: dict[str, OptionRow] = {row["name"]: row for row in given}
    yield holds(("options", *rows), len(rows) == len(given) and _are_known(evidence, rows.keys()))
    known = {NOTHING_NEW, other_sense(evidence.case), MINIMUM, plan_name(evidence), LARGER}
    known |= {ALL_TAKE, *fewer_changes(evidence)}
    for name in sorted(rows.keys() & known):
        row, place = rows[name], ("options", name)
        yield from compare(place, _expected(evidence, row), row)
        if row["bound"] is not None:
            most = row["dependence"] + PASS_SLACK
            yield at_most((*place, "bound"), row["bound"], most, 1.0)
        yield from _limit_payers(evidence, row)
    yield from _hold_near(evidence, rows)
    yield from _order_bounds(evidence, rows)
    yield from _order_baselines(evidence, rows)
    yield from _hold_plan(evidence, rows)


def _are_known(evidence: Evidence, names: Any) -> bool:
    """Whether the rows are those of the design: one whose case has no plan may be left out, as may
    more money where the search was stopped or the least money asked for."""
    needed = {NOTHING_NEW, plan_name(evidence)} | (set() if is_forced(evidence) else {MINIMUM})
    others = {other_sense(evidence.case)} if has_merchants(evidence.case) else set()
    if any(share < 1 for share in evidence.case.uptake.values()):
        others.add(ALL_TAKE)
    others |= fewer_changes(evidence).keys()
    return bool(needed <= names <= needed | others | {MINIMUM, LARGER})


def other_sense(case: AuditCase) -> str:
    """The name of no new money in the sense that setting baseline does not name."""
    return WITH_MERCHANTS if case.setting_text("baseline") == "frozen" else FROZEN


def _order_baselines(evidence: Evidence, rows: Mapping[str, OptionRow]) -> Iterator[Check]:
    """What comes without new money lowers dependence or leaves it; nothing is committed or paid."""
    name = other_sense(evidence.case)
    if name in rows and NOTHING_NEW in rows:
        own, other = (rows[n]["dependence"] for n in (NOTHING_NEW, name))
        low, high = (own, other) if name == FROZEN else (other, own)
        yield at_most(("options", name, "dependence"), low, high + PASS_SLACK, 1.0)
        bare = not rows[name]["commitments"] and not rows[name]["paid_by"]
        yield holds(("options", name, "commits"), bare)


def fewer_changes(evidence: Evidence) -> dict[str, int]:
    """The rows of fewer changes than asked for from a plan to stay near, and how many."""
    near = evidence.answer.near
    return {} if near is None else {fewer(n, near["name"]): n for n in range(near["changes"])}


def fewer(number: int, name: str) -> str:
    """What a row of so many changes is called."""
    changes = "no change" if number == 0 else f"{number} change{'s' if number > 1 else ''}"
    return f"With {changes} of {name}"


def _hold_near(evidence: Evidence, rows: Mapping[str, OptionRow]) -> Iterator[Check]:
    """A row of fewer changes makes no more than that of them from the plan to stay near."""
    near = evidence.answer.near
    for name, number in fewer_changes(evidence).items():
        if name in rows and near is not None:
            made = changes(near["commitments"], rows[name]["commitments"])
            yield at_most(("options", name, "changes"), made, number, 1.0)


def _hold_plan(evidence: Evidence, rows: Mapping[str, OptionRow]) -> Iterator[Check]:
    """The plan if all took clear material commits what the plan does, and is no more dependent."""
    plan = rows.get(plan_name(evidence))
    if ALL_TAKE in rows and plan is not None:
        row = rows[ALL_TAKE]
        most = plan["dependence"] + PASS_SLACK
        yield at_most(("options", ALL_TAKE, "dependence"), row["dependence"], most, 1.0)
        units = scales_of(evidence).units
        own = [{**made, "size": units(made["size"])} for made in plan["commitments"]]
        held = KeyedRows(("project", "year"), own)
        place = ("options", ALL_TAKE)
        yield from compare(place, {"commitments": held}, {"commitments": row["commitments"]})


def has_merchants(case: AuditCase) -> bool:
    """Whether anything comes without new money in a year of the plan."""
    plants = case.projects.values()
    return any(merchant_share(case, plant, t) > 0 for plant in plants for t in case.years)


def plan_name(evidence: Evidence) -> str:
    """What the run's own plan is called: best only where it was searched to the end."""
    plan = evidence.answer.plan
    if plan is not None and not plan.get("improve"):
        return f"{GIVEN}{plan['name']}"
    return BEST if evidence.answer.status == "optimal" else FOUND


def is_forced(evidence: Evidence) -> bool:
    """Whether the workbook forces a project."""
    decisions = (plant.row.text("decision") for plant in evidence.case.projects.values())
    return any(words.casefold().startswith("force") for words in decisions)


def _order_bounds(evidence: Evidence, rows: Mapping[str, OptionRow]) -> Iterator[Check]:
    """More money allows every plan that less allows."""
    names = (LARGER, plan_name(evidence))
    more, plan = (rows[name]["bound"] if name in rows else None for name in names)
    if more is not None and plan is not None:
        yield at_most(("options", LARGER, "bound"), more, plan + PASS_SLACK, 1.0)


def _limit_payers(evidence: Evidence, row: OptionRow) -> Iterator[Check]:
    """charge x paid <= share x amount, of a programme that is not lent again."""
    factor = LARGER_FACTOR if row["name"] == LARGER else 1.0
    for name, paid in row["paid_by"].items():
        own = evidence.case.programmes.get(name)
        place = ("options", row["name"], name)
        yield holds(place, own is not None and paid > 0)
        if own is not None and own.optional("repay_years") is None:
            most = factor * own_amount(own)
            yield at_most(place, paid * own.number_of("charge"), most, evidence.case.money_floor)


def _expected(evidence: Evidence, row: OptionRow) -> OptionRow:
    name = row["name"]
    if name == NOTHING_NEW or (name == MINIMUM and not is_forced(evidence)):
        return _nothing(evidence, row)
    if name == plan_name(evidence):
        return _best(evidence, row) | {"bound": _bound_of_plan(evidence)}
    if name == LARGER and row["cost_musd"] is not None:
        return _best(evidence, row)
    return _apart(evidence, row)


def _nothing(evidence: Evidence, row: OptionRow) -> OptionRow:
    """The baseline: nothing is committed or paid, and its dependence is its bound."""
    sums = evidence.baseline
    cost = bare_cost(evidence, sums.flows)
    own = _row(evidence, row, dependence_by_year(evidence, sums), (), {})
    share = scales_of(evidence).share(dependence(evidence, sums))
    return own | {"dependence": share, "bound": share, "cost_musd": scales_of(evidence).musd(cost)}


def _best(evidence: Evidence, row: OptionRow) -> dict[str, Any]:
    """The run's own plan."""
    paid: dict[str, float] = {}
    for line in evidence.answer.payments:
        paid[line.programme] = paid.get(line.programme, 0.0) + line.paid_musd
    paid = {programme: musd for programme, musd in paid.items() if musd > 0}
    by_year = dependence_by_year(evidence, evidence.allied)
    own = _row(evidence, row, by_year, evidence.answer.commitments, paid)
    cost = sum(discounted_parts(evidence).values())
    scales = scales_of(evidence)
    share = scales.share(dependence(evidence, evidence.allied))
    return own | {"dependence": share, "cost_musd": scales.musd(cost)}


def _bound_of_plan(evidence: Evidence) -> Near | None:
    """What the dependence pass proves."""
    bounds = [line.bound for line in evidence.answer.passes if line.objective == "dependence"]
    return scales_of(evidence).share(bounds[0]) if bounds else None


def _apart(evidence: Evidence, row: OptionRow) -> OptionRow:
    """A row solved for itself: its commitments, payers, and yearly exposed and short are told; so
    is its dependence where minerals have weights, which years alone do not show."""
    whole = dependence_by_year(evidence, evidence.allied)
    by_year = {
        year: Dependence(whole[year].demand, line["exposed"], line["short"])
        for year in whole
        if (line := row["by_year"].get(str(year))) is not None
    }
    made = [
        Commitment(line["project"], line["year"], line["units"], line["size"], 0, 0.0)
        for line in row["commitments"]
        if line["project"] in evidence.case.projects
    ]
    own = _row(evidence, row, by_year, made, row["paid_by"])
    if weights(evidence.case) is not None:
        return own | {"dependence": OfKind(NUMBER)}
    return own | {"dependence": own["dependence"]._replace(slack=PASS_SLACK)}


def _row(
    evidence: Evidence,
    row: OptionRow,
    by_year: Mapping[int, Dependence],
    made: Sequence[Commitment],
    paid: Mapping[str, float],
) -> dict[str, Any]:
    """A row of what is exposed and short, committed and paid. Which year is worst is taken from the
    row's own years, of which several may be as bad but for rounding."""
    scales, case = scales_of(evidence), evidence.case
    counted = {t: line for t, line in by_year.items() if case.is_counted(t)}
    worst = max(row["by_year"], key=lambda t: row["by_year"][t]["dependence"], default="0")
    at_worst = by_year.get(int(worst)) if worst.isdigit() else None
    starts = [c.year + lead_years(case, case.projects[c.project], c.year) for c in made]
    return {
        "name": row["name"],
        "dependence": scales.share(together(counted.values()).dependence()),
        "bound": OfKind(MAYBE_NUMBER),
        "gap": _gap(scales, row),
        "public_musd": scales.musd(sum(paid.values())),
        "capex_musd": scales.musd(sum(committed_capex(case, c) for c in made)),
        "cost_musd": None,
        "worst_year": int(worst) if worst.isdigit() else None,
        "worst_year_dependence": scales.share(at_worst.dependence() if at_worst else 0.0),
        "plants": len({c.project for c in made}),
        "first_output": min(starts, default=None),
        "note": OfKind(TEXT),
        "by_year": {
            str(t): year_entry(scales, line) | {"counted": True} for t, line in counted.items()
        },
        "commitments": KeyedRows(("project", "year"), [_commitment(scales, c) for c in made]),
        "paid_by": {programme: scales.musd(musd) for programme, musd in paid.items()},
    }


def _gap(scales: Scales, row: OptionRow) -> Near | None:
    if row["bound"] is None:
        return None
    whole = row["dependence"]
    return scales.share(abs(whole - row["bound"]) / whole if whole > 0 else 0.0)


def _commitment(scales: Scales, made: Commitment) -> dict[str, Any]:
    size = scales.units(made.size)
    return {"project": made.project, "year": made.year, "units": made.units, "size": size}


@of_record
def repeat_options(evidence: Evidence) -> Iterator[Check]:
    """options.csv holds the options of run.json."""
    scales = scales_of(evidence)
    money = ("public_musd", "capex_musd", "cost_musd")
    shares = ("dependence", "bound", "worst_year_dependence")
    rows = [
        {column: row[column] for column in table_columns("options")}
        | {column: scales.share(row[column]) for column in shares}
        | {column: scales.musd(row[column]) for column in money}
        for row in evidence.answer.record["options"]
    ]
    lines = read_cells(evidence.answer.folder, "options")
    yield from compare_table("options.csv", KeyedRows(("name",), rows), lines)
