"""Checks of public money: programmes, whom they may pay, and whether they are enough."""

from __future__ import annotations

from opt.data.facts import Facts
from opt.data.sheets.money import PAYS_FOR
from opt.data.tables import Row
from opt.data.words import did_you_mean, listed, plain, tidy


def check_programme_bounds(facts: Facts) -> None:
    """From is not after to, smallest not above largest."""
    for row in facts.rows("programmes"):
        start, end = row.optional("commit_from"), row.optional("commit_to")
        if start and end and start > end:
            message = f"commit_from {int(start)} is after commit_to {int(end)}."
            facts.fault(row, "commit_from", message, "Swap or mend the years.")
        elif start and start > facts.last:
            facts.warn(row, "commit_from", _never_commits(facts))
        elif end and end < facts.first and row not in facts.supporters:
            facts.warn(row, "commit_to", _never_commits(facts))
        most = row.optional("ticket_max")
        if most is not None and row.number_of("ticket_min") > most:
            facts.fault(row, "ticket_min", "ticket_min is above ticket_max.", "Swap them.")


def _never_commits(facts: Facts) -> str:
    return f"it cannot commit in {facts.first}-{facts.last}, so it pays for nothing."


def check_uses(facts: Facts) -> None:
    """What a programme pays for is known and what its instrument says; only a loan is repaid."""
    for row in facts.rows("programmes"):
        instrument, known = row.text("instrument"), facts.pays_for(row)
        for item in filter(None, map(tidy, row.text("pays_for").split(";"))):
            if item.casefold() not in PAYS_FOR:
                hint = did_you_mean(item, PAYS_FOR, f"Choose from: {listed(PAYS_FOR)}.")
                facts.fault(row, "pays_for", f"'{item}' cannot be paid for.", hint)
        if not tidy(row.text("pays_for").replace(";", "")):
            hint = f"Choose from: {listed(PAYS_FOR)}."
            facts.fault(row, "pays_for", "it names nothing that is paid for.", hint)
        elif instrument in PAYS_FOR and instrument not in known:
            message = f"instrument {instrument} is a label alone: pays_for does not name it."
            facts.warn(row, "pays_for", message, f"Type {instrument} in pays_for.")
        if row["repay_years"] is not None and instrument != "loan":
            message = f"instrument {instrument} is not repaid; only a loan is."
            facts.fault(row, "repay_years", message, "Leave the cell blank, or choose loan.")


def check_carry_over(facts: Facts) -> None:
    """With carry_over, limits are given without gaps."""
    for row in facts.rows("programmes"):
        if row.text("carry_over") != "yes" or not row.years:
            continue
        for year in range(facts.first, facts.last + 1):
            if year not in row.years:
                column = year if str(year) in row.cells else "carry_over"
                message = f"limits add up with carry_over, but {year} is blank."
                facts.warn(row, column, message, "From a blank year on no limit holds: fill it.")
                break


def check_eligibility(facts: Facts) -> None:
    """max_share of a row goes with only, and lowers the programme's."""
    most = {r.text("programme"): r.number_of("max_share") for r in facts.rows("programmes")}
    for row in facts.rows("eligibility"):
        share = row.optional("max_share")
        if share is None:
            continue
        if row.text("rule") == "never":
            message = "a row with rule never pays nothing, so it takes no max_share."
            facts.fault(row, "max_share", message, "Delete it, or change the rule to only.")
        elif share > most.get(row.text("programme"), 1.0):
            limit = plain(most[row.text("programme")])
            message = f"max_share is above the programme's {limit}; the smaller holds."
            facts.warn(row, "max_share", message)


def eligible(facts: Facts, programme: Row, thing: Row) -> bool:
    """Whether a programme's eligibility passes for a plant or a stockpile.

    Rows of one field join by or, fields by and, never excludes.
    """
    only: dict[str, bool] = {}
    for row in _rules(facts, programme):
        field = row.text("field")
        match = facts.matches(thing, field, row.text("value"))
        if row.text("rule") == "only":
            only[field] = only.get(field, False) or match
        elif match:
            return False
    return all(only.values())


def _rules(facts: Facts, programme: Row) -> list[Row]:
    name = programme.text("programme")
    return [row for row in facts.rows("eligibility") if row.text("programme") == name]


def largest_share(facts: Facts, programme: Row, project: Row) -> float:
    """The largest share of the project's capex that the programme may pay; 0 if it pays none.

    The smallest max_share of the programme and the rows that match holds.
    """
    if "capex" not in facts.pays_for(programme) or not eligible(facts, programme, project):
        return 0.0
    shares = [
        row.optional("max_share")
        for row in _rules(facts, programme)
        if facts.matches(project, row.text("field"), row.text("value"))
    ]
    given = [share for share in shares if share is not None]
    return min([programme.number_of("max_share"), *given])


def _pays(facts: Facts, project: Row) -> list[Row]:
    return [row for row in facts.rows("programmes") if largest_share(facts, row, project) > 0]


def _offered(facts: Facts) -> list[Row]:
    projects = facts.rows("projects")
    return [row for row in projects if row.text("decision") != "forbid" and facts.window(row)]


def check_programmes_of_use(facts: Facts) -> None:
    """Every programme may pay for something, and for something of each kind that it names."""
    for row in facts.rows("programmes"):
        name, uses = row.text("programme"), sorted(facts.pays_for(row))
        idle = [use for use in uses if not _takers(facts, row, use)]
        if idle and idle == uses:
            things = " or ".join(dict.fromkeys(_TAKERS[use] for use in uses))
            message = f"no {things} may take money of '{name}'."
            facts.warn(row, "programme", message, "See sheet eligibility.")
            continue
        for use in idle:
            message = f"it pays for {use}, but no {_TAKERS[use]} may take money of '{name}'."
            facts.warn(row, "pays_for", message, f"See sheet eligibility, or leave {use} out.")


_TAKERS = {
    "capex": "project that is offered",
    "stock": "stockpile",
    "price_support": "plant that makes clear output",
    "output_support": "plant that makes clear output",
}


def _takers(facts: Facts, programme: Row, use: str) -> list[Row]:
    """What may take a programme's money of one kind."""
    if use == "capex":
        return [row for row in _offered(facts) if largest_share(facts, programme, row) > 0]
    if use == "stock":
        return [row for row in facts.rows("stockpiles") if eligible(facts, programme, row)]
    return supported(facts, programme)


def supported(facts: Facts, programme: Row) -> list[Row]:
    """The plants that a programme of price or output support may pay."""
    return [
        row
        for row in (*facts.rows("facilities"), *_offered(facts))
        if facts.is_clear(row) and eligible(facts, programme, row)
    ]


def check_public_floor(facts: Facts) -> None:
    """Programmes may pay the public share that a project needs."""
    for row in _offered(facts):
        floor = facts.floor(row)
        shares = [largest_share(facts, k, row) for k in facts.rows("programmes")]
        if floor <= 0 or sum(shares) >= floor - 1e-9:
            continue
        most = plain(float(f"{sum(shares):.6g}"))
        message = f"it needs a public share of {plain(floor)}; its programmes may pay {most}."
        if not any(shares):
            message = f"it needs a public share of {plain(floor)}, but no programme may pay for it."
        if facts.is_forced(row):
            facts.fault(row, "decision", message, "Mend eligibility or public_share, or free it.")
        else:
            facts.warn(row, "public_share", message, "It can never be built.")


def _least_capex(project: Row) -> float:
    """Capex of one unit of the smallest size, USD million, as this chain must carry it."""
    size = project.optional("capacity_min") or 0.0
    capex = project.number_of("capex") + project.number_of("capex_per_unit") * size
    return capex * project.number_of("capex_share")


def _pays_without_end(programme: Row) -> bool:
    """Whether a programme's amount is no bound on all that it pays: nothing counts against it, or
    what comes back is lent again."""
    return programme.number_of("charge") == 0 or programme["repay_years"] is not None


def check_forced_money(facts: Facts) -> None:
    """The programmes hold enough for the public floors of the forced projects."""
    forced = [row for row in _offered(facts) if facts.is_forced(row) and _pays(facts, row)]
    needed = sum(facts.floor(row) * _least_capex(row) for row in forced)
    payers = {k.text("programme"): k for row in forced for k in _pays(facts, row)}
    if not forced or any(_pays_without_end(k) for k in payers.values()):
        return
    held = sum(k.number_of("amount") / k.number_of("charge") for k in payers.values())
    if needed > held * (1 + 1e-9):
        names = ", ".join(row.text("project") for row in forced)
        message = (
            f"the forced projects ({names}) need at least {plain(float(f'{needed:.6g}'))} of public"
            f" money, but their programmes hold {plain(float(f'{held:.6g}'))} (USD million)."
        )
        facts.fault(forced[0], "decision", message, "Free some of them, or raise an amount.")


def check_ceilings(facts: Facts) -> None:
    """A row of private_capital or build_limits says what it covers, and limits some year."""
    for sheet in ("private_capital", "build_limits"):
        for row in facts.rows(sheet):
            field, value = row.text("field"), row.text("value")
            if field == "all" and value:
                facts.fault(row, "value", "field all takes no value.", "Leave the cell blank.")
            elif field != "all" and not value:
                facts.fault(row, "value", f"which {field} is meant?", "Type it, or choose all.")
            elif not any(facts.first <= year <= facts.last for year in row.years):
                message = f"it limits no year of {facts.first}-{facts.last}."
                facts.warn(row, "field", message, "Fill a year, or delete the row.")


def check_private_capital(facts: Facts) -> None:
    """Without ceilings on private money budgets may mean little."""
    if facts.rows("programmes") and facts.rows("projects") and not facts.rows("private_capital"):
        message = "it is blank: private money has no ceiling, so budgets may mean little."
        facts.log.caution("private_capital", "", message, "Type what is ready by year.")
