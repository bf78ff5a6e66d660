"""From checked tables to an Instance: one scenario, with ramps, shocks, money and lanes worked out.

Every rule here and in the files it calls is one sentence of the workbook's fine print.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from opt.data import lanes as lane_rules
from opt.data import shocks as shock_rules
from opt.data.context import Context, curves, setting
from opt.data.instance import Commodity, Instance, Process, Project
from opt.data.lanes import EVERYTHING, LaneRow
from opt.data.money import ceilings, programmes
from opt.data.needs import demands
from opt.data.plants import facility, project
from opt.data.policy import contents_of, offtakes, targets, told_apart
from opt.data.stockpiles import stockpiles
from opt.data.support import gaps
from opt.data.tables import Row, Tables
from opt.errors import InputError
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
    tables = _in_fixed_order(tables)
    shocks = shock_rules.read_shocks(tables, scenario)
    blocs = {row.text("region"): row.text("bloc") for row in tables.rows["regions"]}
    commodities = {row.text("commodity"): _commodity(row) for row in tables.rows["commodities"]}
    processes = _processes(tables)
    case = Context(
        tables,
        shocks,
        blocs,
        commodities,
        processes,
        ramps=curves(tables, "ramps", "ramp"),
        spends=curves(tables, "spends", "spend"),
    )
    projects = {row.text("project"): project(case, row, plan) for row in tables.rows["projects"]}
    _check_forced(tables, projects)
    facilities = {row.text("facility"): facility(case, row) for row in tables.rows["facilities"]}
    plants = {f: item.plant for f, item in facilities.items()}
    plants |= {j: item.plant for j, item in projects.items()}
    demanded = demands(case)
    contracts = offtakes(case, plants)
    aims = targets(case, demanded, plants.values())
    lanes, pools = lane_rules.resolve(
        _lane_rows(tables),
        shock_rules.lane_shocks(shocks, blocs, {c: case.commodity_tags(c) for c in commodities}),
        blocs,
        tuple(commodities),
        tuple(tables.years),
        apart=told_apart(contracts, aims),
    )
    lost = gaps(case, plants.values())
    target = tables.settings["dependence_target"]
    return Instance(
        name=tables.name,
        scenario=scenario,
        years=tuple(tables.years),
        dependence_years=_dependence_years(tables),
        dependence_target=None if target is None else float(target),  # type: ignore[arg-type]
        discount_rate=setting(tables, "discount_rate"),
        blocs=blocs,
        commodities=commodities,
        processes=processes,
        facilities=facilities,
        projects=projects,
        programmes=programmes(case, projects, plants.values(), lost),
        ceilings=ceilings(case),
        demands=demanded,
        lanes=lanes,
        pools=pools,
        stockpiles=stockpiles(case),
        gaps=lost,
        offtakes=contracts,
        targets=aims,
        contents=contents_of(tables),
        programme_order=_in_sheet_order(tables, "programmes", "programme"),
    )


def _in_fixed_order(tables: Tables) -> Tables:
    """The tables with the rows of every sheet sorted by what stands in them, ids first.

    Sums, numbered contracts and ceilings, and so the rows of the model, follow the order of rows.
    """
    rows = {name: tuple(sorted(given, key=_content)) for name, given in tables.rows.items()}
    return dataclasses.replace(tables, rows=rows)


def _in_sheet_order(tables: Tables, sheet: str, column: str) -> tuple[str, ...]:
    """The ids of a sheet in the order in which its rows stand."""
    rows = sorted(tables.rows[sheet], key=lambda row: row.number)
    return tuple(row.text(column) for row in rows)


def _content(row: Row) -> tuple[tuple[str, ...], tuple[tuple[int, float], ...]]:
    """What stands in a row; two rows with the same content are the same."""
    return tuple(map(str, row.values.values())), tuple(sorted(row.years.items()))


def _dependence_years(tables: Tables) -> tuple[int, ...]:
    first, last = tables.settings["dependence_from"], tables.settings["dependence_to"]
    start = tables.first_year if first is None else int(first)  # type: ignore[arg-type]
    end = tables.last_year if last is None else int(last)  # type: ignore[arg-type]
    return tuple(range(start, end + 1))


def _commodity(row: Row) -> Commodity:
    surplus = row["surplus"]
    cost = {"free": 0.0, "none": None}.get(str(surplus), surplus)
    return Commodity(
        id=row.text("commodity"),
        mineral=row.text("mineral"),
        stage=row.text("stage"),
        unit=row.text("unit"),
        surplus=None if cost is None else float(cost),  # type: ignore[arg-type]
    )


def _processes(tables: Tables) -> dict[str, Process]:
    recipes: dict[str, dict[str, float]] = {
        row.text("process"): {} for row in tables.rows["processes"]
    }
    for row in tables.rows["recipes"]:
        recipes[row.text("process")][row.text("commodity")] = row.number_of("amount")
    return {
        row.text("process"): Process(
            row.text("process"), row.text("stage"), recipes[row.text("process")]
        )
        for row in tables.rows["processes"]
    }


def _lane_rows(tables: Tables) -> list[LaneRow]:
    first, last = tables.first_year, tables.last_year
    rows = [
        LaneRow(
            origin=row.text("origin"),
            destination=row.text("destination"),
            commodity=row.text("commodity"),
            cost=row.number_of("cost"),
            limit=row.optional("limit"),
            first_year=int(row.optional("first_year") or first),
            last_year=int(row.optional("last_year") or last),
            open=row.text("open") == "yes",
        )
        for row in tables.rows["lanes"]
    ]
    return rows or [LaneRow(EVERYTHING, EVERYTHING, EVERYTHING, 0.0, None, first, last, True)]


def _check_forced(tables: Tables, projects: Mapping[str, Project]) -> None:
    issues = []
    for row in sorted(tables.rows["projects"], key=lambda row: row.number):
        project = projects[row.text("project")]
        wanted = project.forced_year
        if project.forced and not (project.offers if wanted is None else wanted in project.offers):
            message = (
                f"'{project.plant.id}' is forced, but no commitment"
                f"{'' if wanted is None else f' in {wanted}'} would operate by {tables.last_year}."
            )
            issues.append(row.issue("decision", message, "Choose an earlier year or free it."))
    if issues:
        raise InputError(issues, tables.warnings)
