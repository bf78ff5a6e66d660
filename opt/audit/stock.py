"""Stockpiles: what they may buy, hold and release, who may pay for it, and what it costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from opt.audit.case import ALLIED, BASELINE, USD_PER_MUSD, WORLD, AuditCase
from opt.audit.check import (
    NOISE_MUSD,
    PRICE_FLOOR,
    Check,
    KeyedRows,
    Scales,
    at_most,
    equal,
    holds,
    scales_of,
)
from opt.audit.evidence import Evidence
from opt.audit.money import STOCK, commit_years, commits_in, eligibility, is_eligible, uses
from opt.audit.rule import of_flows, of_plan, told
from opt.data.tables import Row
from opt.record.flows import CLEAR, EXPOSED, Flows
from opt.record.money import Payment, Use
from opt.record.stock import StockpileYear, StockYear

CLASSES = (CLEAR, EXPOSED)
StockKey = tuple[str, str, int]  # stockpile, origin class, year
DAYS = 365.0


def is_stockpile(case: AuditCase, paid: Payment) -> bool:
    """Whether a stockpile is paid for."""
    return not paid.process and paid.thing in case.stockpiles


THINGS = {Use.STOCK: is_stockpile}


def stocks_by_key(flows: Flows) -> Mapping[StockKey, StockYear]:
    """The written stock of a set of flows; what is not written is 0."""
    return {(stock.stockpile, stock.origin, stock.year): stock for stock in flows.stocks}


def total_level(stocks: Mapping[StockKey, StockYear], name: str, year: int) -> float:
    """Both classes at the end of a year, units."""
    return sum(stocks[key].level for o in CLASSES if (key := (name, o, year)) in stocks)


def total_bought(stocks: Mapping[StockKey, StockYear], name: str, year: int) -> float:
    """Both classes bought in a year, units."""
    return sum(stocks[key].bought for o in CLASSES if (key := (name, o, year)) in stocks)


def may_release(case: AuditCase, row: Row, year: int) -> bool:
    """`any`: always; `disruption`: while a lane or supply shock with factor < 1 lasts, whatever it
    hits but another mineral; so never in the base case."""
    if row.text("release") == "any":
        return True
    own = {case.commodities[row.text("commodity")].text("mineral")}
    return any(
        shock.what in ("lane", "supply")
        and shock.is_of(own)
        and shock.factor < 1
        and shock.first_year <= year <= shock.last_year
        for shock in case.shocks
    )


def may_hold_bought(case: AuditCase, row: Row, origin: str) -> bool:
    """Whether a class may be bought: clear; exposed where buys is any or the region is covered."""
    anything = row.text("buys") == "any" or case.is_covered(row.text("region"))
    return origin == CLEAR or anything


def may_pay(case: AuditCase, programme: str, row: Row) -> bool:
    """Whether a programme may pay for a stockpile: pays_for names stock, and eligibility passes for
    the place and the commodity; a stockpile has no project and no process."""
    traits = case.goods_traits(row.text("commodity"), row.text("region"))
    return STOCK in uses(case, programme) and is_eligible(eligibility(case, programme), traits)


def may_buy(case: AuditCase, programme: str, row: Row, year: int) -> bool:
    """Whether a programme may buy for a stockpile: it may pay for it, in a year in which it may
    commit."""
    return may_pay(case, programme, row) and commits_in(case, programme, year)


def buyers(case: AuditCase, row: Row, year: int) -> frozenset[str]:
    """The programmes that may buy for a stockpile in a year."""
    return frozenset(name for name in case.programmes if may_buy(case, name, row, year))


@of_flows
def define_level(evidence: Evidence) -> Iterator[Check]:
    """level[s, o, t] = (1 - loss[s]) x level[s, o, t - 1] + bought - released.

    Before the first year: `initial` in class initial_origin, 0 in the other. For each set of flows;
    a row left out is 0. Unit: units. Scale: the largest term.
    """
    case = evidence.case
    for name, sums in evidence.sets():
        stocks = stocks_by_key(sums.flows)
        for stockpile, row in case.stockpiles.items():
            for origin in CLASSES:
                starts_here = row.text("initial_origin") == origin
                before = row.number_of("initial") if starts_here else 0.0
                for year in case.years:
                    key = (stockpile, origin, year)
                    stock = stocks.get(key, StockYear(*key, 0.0, 0.0, 0.0))
                    left = (1.0 - row.number_of("loss")) * before
                    right = left + stock.bought - stock.released
                    scale = max(case.mass_floor, left, stock.bought, stock.released)
                    yield equal((name, *key), stock.level, right, scale)
                    before = stock.level


@of_plan
def keep_purchases(evidence: Evidence) -> Iterator[Check]:
    """bought[s, o, t] of the allied flows is what the plan given from outside buys, where run.json
    says that its purchases stay (held, cut). Unit: units."""
    plan = evidence.answer.plan
    if plan is None or plan.get("stock") not in ("held", "cut"):
        return
    given = {
        (line["stockpile"], line["origin"], int(line["year"])): float(line["bought"])
        for line in plan["purchases"]
    }
    written = {key: stock.bought for key, stock in stocks_by_key(evidence.allied.flows).items()}
    for key in sorted(given.keys() | written.keys()):
        scale = max(evidence.case.mass_floor, given.get(key, 0.0))
        yield equal(key, written.get(key, 0.0), given.get(key, 0.0), scale)


@of_flows
def limit_room(evidence: Evidence) -> Iterator[Check]:
    """Sum over o of level[s, o, t] <= capacity[s], where one is given. Unit: units."""
    case = evidence.case
    for name, sums in evidence.sets():
        stocks = stocks_by_key(sums.flows)
        for stockpile, row in case.stockpiles.items():
            most = row.optional("capacity")
            for year in case.years if most is not None else ():
                level = total_level(stocks, stockpile, year)
                yield at_most((name, stockpile, year), level, most or 0.0, case.mass_floor)


@of_flows
def limit_release(evidence: Evidence) -> Iterator[Check]:
    """released[s, o, t] = 0 of a stockpile for disruptions, in a year without one: the scenario has
    no lane or supply shock with factor < 1 that covers the year. Unit: units."""
    case = evidence.case
    for name, sums in evidence.sets():
        for stock in sums.flows.stocks:
            free = may_release(case, case.stockpiles[stock.stockpile], stock.year)
            most = stock.released if free else 0.0
            yield at_most(_place(name, stock), stock.released, most, case.mass_floor)


@of_flows
def limit_buying(evidence: Evidence) -> Iterator[Check]:
    """bought[s, o, t] = 0 of what may not be bought: exposed material, unless buys is any or the
    region is covered; in a year in which no programme may buy; in the baseline.

    Unit: units.
    """
    case = evidence.case
    for name, sums in evidence.sets():
        for stock in sums.flows.stocks:
            row = case.stockpiles[stock.stockpile]
            free = name != BASELINE and may_hold_bought(case, row, stock.origin)
            free = free and any(may_buy(case, k, row, stock.year) for k in case.programmes)
            most = stock.bought if free else 0.0
            yield at_most(_place(name, stock), stock.bought, most, case.mass_floor)


@of_flows
def keep_stock(evidence: Evidence) -> Iterator[Check]:
    """bought, released and level of the world pass = those of the allied flows. Unit: units."""
    allied, world = (stocks_by_key(evidence.sums[name].flows) for name in (ALLIED, WORLD))
    for key in sorted(allied.keys() | world.keys()):
        nothing = StockYear(*key, 0.0, 0.0, 0.0)
        left, right = world.get(key, nothing), allied.get(key, nothing)
        for column in ("bought", "released", "level"):
            pair = getattr(left, column), getattr(right, column)
            yield equal((*key, column), *pair, evidence.case.mass_floor)


def _place(name: str, stock: StockYear) -> tuple[object, ...]:
    return (name, stock.stockpile, stock.origin, stock.year)


@of_plan
def limit_stock_payers(evidence: Evidence) -> Iterator[Check]:
    """A programme pays for a stockpile only if pays_for names stock, its eligibility passes for the
    region, bloc, commodity, mineral and stage, and t >= commit_from. True or false."""
    case = evidence.case
    for paid in _payments(evidence):
        fits = may_pay(case, paid.programme, case.stockpiles[paid.thing])
        begun = paid.year >= commit_years(case, paid.programme).start
        yield holds((paid.thing, paid.year, paid.programme), fits and begun)


@of_plan
def pay_for_stock(evidence: Evidence) -> Iterator[Check]:
    """P x sum over o of bought / 1e6 <= sum of paid[k, s, t] over programmes that may buy in t; and
    (P x sum of bought + C x (sum of level - initial x (1 - loss)^n)) / 1e6 <= sum of paid[k, s, t].

    P is the price in the stockpile's region, C the carrying_cost, n = t - first_year + 1: what is
    left of the initial stock costs the programmes nothing. USD million. Scale: what the floor of
    mass would cost, because a solver's tolerance on what is bought is one of mass.
    """
    case = evidence.case
    paid = _paid(evidence)
    stocks = stocks_by_key(evidence.allied.flows)
    for name, row in case.stockpiles.items():
        carrying = row.number_of("carrying_cost") / USD_PER_MUSD
        for n, year in enumerate(case.years, start=1):
            price = evidence.prices.worth(row.text("commodity"), row.text("region"), year)
            price /= USD_PER_MUSD
            purchase = price * total_bought(stocks, name, year)
            initial = row.number_of("initial") * (1.0 - row.number_of("loss")) ** n
            held = carrying * (total_level(stocks, name, year) - initial)
            by = paid.get((name, year), {})
            of_buyers = sum(usd for k, usd in by.items() if may_buy(case, k, row, year))
            scale = max(case.money_floor, (price + carrying) * case.mass_floor)
            yield at_most((name, year, "purchase"), purchase, of_buyers, scale)
            yield at_most((name, year), purchase + held, sum(by.values()), scale)


def _paid(evidence: Evidence) -> dict[tuple[str, int], dict[str, float]]:
    """USD million by stockpile and year, then by programme."""
    paid: dict[tuple[str, int], dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for line in evidence.answer.paid_for(Use.STOCK):
        paid[line.thing, line.year][line.programme] += line.paid_musd
    return paid


def _payments(evidence: Evidence) -> Iterator[Payment]:
    """Payments that are more than noise."""
    for paid in evidence.answer.paid_for(Use.STOCK):
        if paid.paid_musd > NOISE_MUSD:
            yield paid


@of_plan
def define_stockpiles_table(evidence: Evidence) -> Iterator[Check]:
    """stockpiles.csv: levels, bought and released by class of the allied flows; price in the
    stockpile's region, USD per unit (may be blank where nothing can be bought); paid, USD million;
    cover_days = 365 x level / yearly allied use, blank where nothing is used.

    Every stockpile has a row for every year.
    """
    rows = {(row.stockpile, row.year): row for row in evidence.answer.stockpiles}
    for name in evidence.case.stockpiles:
        for year in evidence.case.years:
            row = rows.get((name, year))
            yield holds((name, year), row is not None)
            if row is not None:
                yield from _check_amounts(evidence, row)
                yield from _check_price(evidence, row)
                yield from _check_cover(evidence, row)


def _check_amounts(evidence: Evidence, row: StockpileYear) -> Iterator[Check]:
    key = (row.stockpile, row.year)
    stocks = stocks_by_key(evidence.allied.flows)
    for origin in (CLEAR, EXPOSED):
        nothing = StockYear(row.stockpile, origin, row.year, 0.0, 0.0, 0.0)
        stock = stocks.get((row.stockpile, origin, row.year), nothing)
        pairs = {
            origin: stock.level,
            f"bought_{origin}": stock.bought,
            f"released_{origin}": stock.released,
        }
        for column, right in pairs.items():
            left = getattr(row, column)
            yield equal((*key, column), left, right, evidence.case.mass_floor)
    paid = sum(
        line.paid_musd
        for line in evidence.answer.paid_for(Use.STOCK)
        if (line.thing, line.year) == key
    )
    yield equal((*key, "paid"), row.paid_musd, paid, evidence.case.money_floor)


def _check_price(evidence: Evidence, row: StockpileYear) -> Iterator[Check]:
    own = evidence.case.stockpiles[row.stockpile]
    price = evidence.prices.find(own.text("commodity"), own.text("region"), row.year)
    place = (row.stockpile, row.year, "price")
    if row.price is None:
        yield holds(place, price is None or not buyers(evidence.case, own, row.year))
    else:
        yield holds(place, price is not None)
        yield equal(place, row.price, price or 0.0, PRICE_FLOOR)


def _check_cover(evidence: Evidence, row: StockpileYear) -> Iterator[Check]:
    place, floor = (row.stockpile, row.year, "cover_days"), evidence.case.mass_floor
    use = _allied_use(evidence, evidence.case.stockpiles[row.stockpile].text("commodity"), row.year)
    if row.cover_days is None:
        yield at_most(place, use, 0.0, floor)
    else:
        yield holds(place, use > 0)
        yield equal(place, row.cover_days * use, DAYS * (row.clear + row.exposed), DAYS * floor)


def _allied_use(evidence: Evidence, commodity: str, year: int) -> float:
    """Inputs of plants in allied regions and what is served there, of the allied flows, units."""
    books = (evidence.allied.used, evidence.allied.served)
    return sum(
        amount
        for book in books
        for (region, good, _, t), amount in book.items()
        if (good, t) == (commodity, year) and evidence.case.is_allied(region)
    )


@told
def tell_stockpiles(evidence: Evidence) -> Mapping[str, Any]:
    """The rows of stockpiles.csv, which define_stockpiles_table recomputes."""
    scales = scales_of(evidence)
    rows = [_stockpile(scales, e) for e in evidence.answer.stockpiles]
    return {"stockpiles": KeyedRows(("stockpile", "year"), rows)}


def _stockpile(scales: Scales, row: Any) -> dict[str, Any]:
    amounts = ("clear", "exposed", "bought_clear", "bought_exposed", "released_clear")
    return {
        "stockpile": row.stockpile,
        "year": row.year,
        **{name: scales.units(getattr(row, name)) for name in (*amounts, "released_exposed")},
        "price": scales.usd(row.price),
        "paid_musd": scales.musd(row.paid_musd),
        "cover_days": scales.share(row.cover_days),
    }
