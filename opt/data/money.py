"""Public money: programmes with what each may pay for."""

from __future__ import annotations

from collections.abc import Iterable

from opt.data import support
from opt.data.book import Book, PlantRow, Tags
from opt.data.case import ScenarioBook
from opt.data.check import PAYERS, PLANTS, check
from opt.data.inspection import Inspection
from opt.data.instance import Cap, Plant, Programme
from opt.data.patterns import casefolded
from opt.data.sheets.ceilings import BuildLimitRow, CeilingRow, PrivateCapitalRow
from opt.data.sheets.demand import UptakeRow
from opt.data.sheets.money import PAYS_FOR, EligibilityRow, ProgrammeRow
from opt.data.sheets.projects import ProjectRow
from opt.data.sheets.stock import StockpileRow
from opt.data.sheets.support import UNIT_USES
from opt.data.support import Gaps, unit_rates
from opt.data.taker import Taker
from opt.data.words import did_you_mean, listed, plain, rounded, spans, tidy
from opt.errors import Effect


def programmes(case: ScenarioBook, plants: Iterable[Plant], lost: Gaps) -> dict[str, Programme]:
    """Programmes with the projects, stockpiles and running plants each may pay for."""
    short = {f for f, _ in lost}
    rows = {case.plant_id(row): row for row in case.plants}
    losing = [(plant, rows[plant.id]) for plant in plants if plant.id in short]
    return {row.programme: programme(case, row, losing, lost) for row in case.rows(ProgrammeRow)}


def programme(
    case: ScenarioBook, row: ProgrammeRow, losing: Iterable[tuple[Plant, PlantRow]], lost: Gaps
) -> Programme:
    """One programme; `losing` are the plants that lose money in some year."""
    paid = case.takers(row) if "capex" in case.pays_for(row) else ()
    left = {t: case.factor("money", _tags(row), t) for t in case.years}
    stocks = _stocked(case, row) if "stock" in case.pays_for(row) else ()
    return Programme(
        id=row.programme,
        amount=row.own_amount,
        commit_from=row.commit_from or case.first,
        commit_to=row.commit_to or case.last,
        charge=row.charge,
        ticket_min=row.ticket_min,
        ticket_max=row.ticket_max,
        carry_over=row.carry_over == "yes",
        limits={t: amount * left[t] for t, amount in row.own_limits.items() if t in left},
        shares={p.project: case.largest_share(row, p) for p in paid if isinstance(p, ProjectRow)},
        repay_years=row.repay_years,
        stocks=tuple(sorted(stock.stockpile for stock in stocks)),
        rates=unit_rates(case, row, losing, lost),
        share=row.share,
        left={t: factor for t, factor in left.items() if factor != 1},
        closed=frozenset(t for t in case.years if left[t] == 0 and t not in row.years),
        caps=tuple(_cap(case, rule) for rule in case.caps(row)),
    )


def _cap(case: ScenarioBook, rule: EligibilityRow) -> Cap:
    """What a row of eligibility matches of plants and stockpiles, and the most for it."""
    assert rule.max_amount is not None, rule
    plants = (p for p in case.plants if case.matches(p, rule.field, rule.value))
    stocks = (s for s in case.rows(StockpileRow) if case.matches(s, rule.field, rule.value))
    return Cap(
        field=rule.field,
        value=rule.value,
        amount=rule.max_amount,
        plants=frozenset(map(case.plant_id, plants)),
        stocks=frozenset(stock.stockpile for stock in stocks),
    )


def _tags(row: ProgrammeRow) -> Tags:
    """What shocks can match of a programme."""
    return {"programme": casefolded([row.programme])}


@check("programme bounds", "settings")
def check_programme_bounds(book: Inspection) -> None:
    """From is not after to, smallest not above largest."""
    for row in book.rows(ProgrammeRow):
        start, end = row.commit_from, row.commit_to
        if start and end and start > end:
            message = f"commit_from {start} is after commit_to {end}."
            book.fault(row, "commit_from", message, "Swap or mend the years.")
        elif start and start > book.last:
            book.warn(row, "commit_from", _never_commits(book), effect=Effect.UNUSED)
        elif end and end < book.first and book.pays_for(row).isdisjoint(UNIT_USES):
            book.warn(row, "commit_to", _never_commits(book), effect=Effect.UNUSED)
        most = row.ticket_max
        if most is not None and row.ticket_min > most:
            book.fault(row, "ticket_min", "ticket_min is above ticket_max.", "Swap them.")


def _never_commits(book: Inspection) -> str:
    return f"it cannot commit in {book.first}-{book.last}, so it pays for nothing."


@check("uses of money")
def check_uses(book: Inspection) -> None:
    """What a programme pays for is known and what its instrument says; only a loan is repaid."""
    for row in book.rows(ProgrammeRow):
        instrument, known = row.instrument, book.pays_for(row)
        for item in filter(None, map(tidy, row.pays_for.split(";"))):
            if item.casefold() not in PAYS_FOR:
                hint = did_you_mean(item, PAYS_FOR, f"Choose from: {listed(PAYS_FOR)}.")
                book.fault(row, "pays_for", f"'{item}' cannot be paid for.", hint)
        if not tidy(row.pays_for.replace(";", "")):
            hint = f"Choose from: {listed(PAYS_FOR)}."
            book.fault(row, "pays_for", "it names nothing that is paid for.", hint)
        elif instrument in PAYS_FOR and instrument not in known:
            message = f"instrument {instrument} is a label alone: pays_for does not name it."
            book.warn(
                row, "pays_for", message, f"Type {instrument} in pays_for.", effect=Effect.UNUSED
            )
        if row.repay_years is not None and instrument != "loan":
            message = f"instrument {instrument} is not repaid; only a loan is."
            book.fault(row, "repay_years", message, "Leave the cell blank, or choose loan.")


@check("carry over", "settings")
def check_carry_over(book: Inspection) -> None:
    """With carry_over, limits are given without gaps."""
    for row in book.rows(ProgrammeRow):
        if row.carry_over != "yes" or not row.years:
            continue
        for year in range(book.first, book.last + 1):
            if year not in row.years:
                column = year if str(year) in row.cells else "carry_over"
                message = f"limits add up with carry_over, but {year} is blank."
                book.warn(
                    row,
                    column,
                    message,
                    "From a blank year on no limit holds: fill it.",
                    effect=Effect.UNLIMITED,
                )
                break


@check("yearly limits", "settings")
def check_yearly_limits(book: Inspection) -> None:
    """Where limits are given for some years, they are for every year in which money can flow."""
    for programme in book.rows(ProgrammeRow):
        start = max(book.first, programme.commit_from or book.first)
        _check_limit_years(book, programme, "programme", start)
    ceilings: list[CeilingRow] = [*book.rows(PrivateCapitalRow), *book.rows(BuildLimitRow)]
    for row in ceilings:
        _check_limit_years(book, row, "field", book.first)
    for uptake in book.rows(UptakeRow):
        _check_limit_years(book, uptake, "region", book.first)


def _check_limit_years(
    book: Inspection, row: ProgrammeRow | CeilingRow | UptakeRow, named: str, start: int
) -> None:
    """Warn of limits outside the plan, and of years without one beside years that have one."""
    plan = f"{book.first}-{book.last}"
    outside = [year for year in row.years if year not in book.years]
    for year in outside:
        book.warn(
            row,
            year,
            f"{year} lies outside the plan {plan}, so this limit holds nowhere.",
            "Mend the header of the column, or delete the column.",
            common=f"limits of {year} lie outside the plan {plan} and hold nowhere",
            subject=row.text(named),
            effect=Effect.UNUSED,
        )
    adds_up = isinstance(row, ProgrammeRow | BuildLimitRow) and row.carry_over == "yes"
    free = [year for year in range(start, book.last + 1) if year not in row.years]
    if not free or not row.years or adds_up:  # limits that add up have a check of their own
        return
    if len(outside) == len(row.years) and not isinstance(row, ProgrammeRow):
        return
    years = listed(spans(free))
    column = free[0] if str(free[0]) in row.cells else named
    message = f"no limit holds in {years}: other years have one, and blank is no limit."
    hint = f"Add the limit of {years}; 0 lets nothing through."
    book.warn(row, column, message, hint, effect=Effect.UNLIMITED)


@check("eligibility shares", "programmes")
def check_eligibility(book: Inspection) -> None:
    """max_share and max_amount of a row go with only, and lower the programme's."""
    most = {r.programme: r.max_share for r in book.rows(ProgrammeRow)}
    own = {r.programme: r.own_amount for r in book.rows(ProgrammeRow)}
    for row in book.rows(EligibilityRow):
        _check_max_amount(book, row, own.get(row.programme))
        share = row.max_share
        if share is None:
            continue
        if row.rule == "never":
            message = "a row with rule never pays nothing, so it takes no max_share."
            book.fault(row, "max_share", message, "Delete it, or change the rule to only.")
        elif share > most.get(row.programme, 1.0):
            limit = plain(most[row.programme])
            message = f"max_share is above the programme's {limit}; the smaller holds."
            book.warn(row, "max_share", message, effect=Effect.UNUSED)


def _check_max_amount(book: Inspection, row: EligibilityRow, own: float | None) -> None:
    if row.max_amount is None:
        return
    if row.rule == "never":
        message = "a row with rule never pays nothing, so it takes no max_amount."
        book.fault(row, "max_amount", message, "Delete it, or change the rule to only.")
    elif own is not None and row.max_amount >= own:
        message = f"it is no less than what the programme may commit in all, {plain(own)}."
        book.warn(
            row,
            "max_amount",
            message,
            "It limits nothing: lower it, or leave it blank.",
            effect=Effect.UNUSED,
        )


@check("programmes of use", *PAYERS, "commodities", "stockpiles", *PLANTS)
def check_programmes_of_use(book: Inspection) -> None:
    """Every programme may pay for something, and for something of each kind that it names."""
    for row in book.rows(ProgrammeRow):
        name, uses = row.programme, sorted(book.pays_for(row))
        idle = [use for use in uses if not TAKERS[use].found(book, row)]
        if idle and idle == uses:
            things = " or ".join(dict.fromkeys(TAKERS[use].words for use in uses))
            message = f"no {things} may take money of '{name}'."
            book.warn(row, "programme", message, "See sheet eligibility.", effect=Effect.UNUSED)
            continue
        for use in idle:
            message = f"it pays for {use}, but no {TAKERS[use].words} may take money of '{name}'."
            book.warn(
                row,
                "pays_for",
                message,
                f"See sheet eligibility, or leave {use} out.",
                effect=Effect.UNUSED,
            )


def _funded(book: Book, programme: ProgrammeRow) -> list[ProjectRow]:
    return [
        thing
        for thing in book.takers(programme)
        if isinstance(thing, ProjectRow)
        and book.is_offered(thing)
        and book.largest_share(programme, thing) > 0
    ]


def _stocked(book: Book, programme: ProgrammeRow) -> list[StockpileRow]:
    return [thing for thing in book.takers(programme) if isinstance(thing, StockpileRow)]


# One for each of PAYS_FOR.
TAKERS = {
    "capex": Taker("project that is offered", _funded),
    "stock": Taker("stockpile", _stocked),
    **support.TAKERS,
}


@check("public floor", "settings", "programmes", "eligibility", "recipes", "processes")
def check_public_floor(book: Inspection) -> None:
    """Programmes may pay the public share that a project needs."""
    for row in book.offered:
        floor = book.floor(row)
        shares = [book.largest_share(k, row) for k in book.payers(row)]
        if floor <= 0 or sum(shares) >= floor - 1e-9:
            continue
        most = rounded(sum(shares))
        message = f"it needs a public share of {plain(floor)}; its programmes may pay {most}."
        if not any(shares):
            message = f"it needs a public share of {plain(floor)}, but no programme may pay for it."
        if book.is_forced(row):
            book.fault(row, "decision", message, "Mend eligibility or public_share, or free it.")
        else:
            book.warn(
                row, "public_share", message, "It can never be built.", effect=Effect.NEVER_BUILT
            )


def _least_capex(project: ProjectRow) -> float:
    """Capex of one unit of the smallest size, USD million, as this chain must carry it."""
    return project.unit_cost(project.capacity_min or 0.0)


def _pays_without_end(programme: ProgrammeRow) -> bool:
    """Whether a programme's amount is no bound on all that it pays: nothing counts against it, or
    what comes back is lent again."""
    return programme.charge == 0 or programme.repay_years is not None


@check("forced money", "settings", "programmes", "eligibility")
def check_forced_money(book: Inspection) -> None:
    """The programmes hold enough for the public floors of the forced projects."""
    forced = [row for row in book.offered if book.is_forced(row) and book.payers(row)]
    needed = sum(book.floor(row) * _least_capex(row) for row in forced)
    payers = {k.programme: k for row in forced for k in book.payers(row)}
    if not forced or any(_pays_without_end(k) for k in payers.values()):
        return
    held = sum(k.own_amount / k.charge for k in payers.values())
    if needed > held * (1 + 1e-9):
        names = ", ".join(row.project for row in forced)
        message = (
            f"the forced projects ({names}) need at least {rounded(needed)} of public"
            f" money, but their programmes hold {rounded(held)} (USD million)."
        )
        book.fault(forced[0], "decision", message, "Free some of them, or raise an amount.")
