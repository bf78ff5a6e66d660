"""From checked tables to an Instance: one scenario, with ramps, shocks, money and lanes worked out.

Every rule here and in the files it calls is one sentence of the workbook's fine print.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from opt.data.book import Book
from opt.data.case import ScenarioBook, shocks_of
from opt.data.ceilings import ceilings
from opt.data.chain import commodity, facility
from opt.data.contracts import offtakes
from opt.data.demand import demands
from opt.data.elements import chosen_elements
from opt.data.idle import least_use
from opt.data.instance import Facility, Instance
from opt.data.lost import with_lost
from opt.data.merchants import with_merchants
from opt.data.minerals import mineral_weights
from opt.data.money import programmes
from opt.data.projects import projects
from opt.data.sheets.chain import FacilityRow
from opt.data.sheets.money import ProgrammeRow
from opt.data.sheets.stock import StockpileRow
from opt.data.stock import stockpile
from opt.data.support import gaps
from opt.data.tables import Row, Tables
from opt.data.targets import targets
from opt.data.trade import trade
from opt.fixed import FixedCommitment


def assemble(
    tables: Tables, scenario: str | None = None, plan: Sequence[FixedCommitment] = ()
) -> Instance:
    """The instance of one scenario (None: the base case).

    `plan` are commitments given from outside; each is offered even where a scenario's delay moves
    its first operation behind the last year: its money is spent and it makes nothing.

    The order of rows in the workbook changes nothing, not even the last digit of a sum, but for
    programmes: those named first are spared first where several could pay.

    Raises InputError where a forced project cannot operate by last_year under the scenario, or an
    allied demand has no price while the objective is value-weighted.
    """
    fixed = _in_fixed_order(tables)
    case = ScenarioBook(fixed, shocks_of(Book(fixed), scenario))
    candidates = with_lost(case, with_merchants(case, projects(case, plan)))
    facilities = {row.facility: _existing(case, row) for row in case.rows(FacilityRow)}
    plants = {f: item.plant for f, item in facilities.items()}
    plants |= {j: item.plant for j, item in candidates.items()}
    demanded = demands(case)
    contracts = offtakes(case, plants)
    aims = targets(case, demanded, plants.values())
    lanes, pools = trade(case, contracts, aims)
    lost = gaps(case, plants.values())
    return Instance(
        name=tables.name,
        scenario=scenario,
        years=tuple(case.years),
        dependence_years=tuple(case.dependence_years),
        dependence_target=case.settings.dependence_target,
        discount_rate=case.settings.discount_rate,
        blocs=case.bloc,
        commodities={c: commodity(row) for c, row in case.commodities.items()},
        processes=case.processes,
        facilities=facilities,
        projects=candidates,
        programmes=programmes(case, plants.values(), lost),
        ceilings=ceilings(case),
        demands=demanded,
        lanes=lanes,
        pools=pools,
        stockpiles={row.stockpile: stockpile(case, row) for row in case.rows(StockpileRow)},
        gaps=lost,
        offtakes=contracts,
        targets=aims,
        contents=case.contents,
        elements=chosen_elements(case),
        worth_of_point=case.settings.worth_of_point,
        mineral_weights=mineral_weights(case),
        programme_order=tuple(row.programme for row in Book(tables).rows(ProgrammeRow)),
    )


def _existing(case: ScenarioBook, row: FacilityRow) -> Facility:
    """An existing plant, with how much of it runs at least."""
    shares, plant = least_use(case, row), facility(case, row)
    if not shares:
        return plant
    return dataclasses.replace(plant, least_use=shares, idle_cost=row.idle_cost)


def _in_fixed_order(tables: Tables) -> Tables:
    """The tables with the rows of every sheet sorted by what stands in them, ids first.

    Sums, numbered contracts and ceilings, and so the rows of the model, follow the order of rows.
    """
    rows = {name: tuple(sorted(given, key=_content)) for name, given in tables.rows.items()}
    return dataclasses.replace(tables, rows=rows)


def _content(row: Row) -> tuple[tuple[str, ...], tuple[tuple[int, float], ...]]:
    """What stands in a row; two rows with the same content are the same."""
    return tuple(map(str, row.values.values())), tuple(sorted(row.years.items()))
