"""The flow part of the gallium case in plain linopy, as its users would write it.

Existing plants serve allied demand: least shortage, then least discounted cost of running and
freight. A region ships what was made there alone. Not covered: candidates and money, the classes
clear and exposed and so dependence, the demand of others, scenarios, checks of the data beyond what
pandas refuses, a bound that is worked out again, an audit, documents.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import linopy
import numpy as np
import pandas as pd
import xarray as xr


@dataclass(frozen=True, slots=True)
class Flow:
    """Shortfall, a share of allied demand; cost, USD million; CPU seconds by phase."""

    shortfall: float
    cost: float
    seconds: dict[str, float]


def solve(folder: Path) -> Flow:
    """Read the case from its folder of CSV files and solve it twice."""
    began = time.process_time()
    data = {file.stem: pd.read_csv(file) for file in folder.glob("*.csv")}
    settings = data["settings"].set_index("key")["value"]
    years = pd.Index(
        range(int(settings["first_year"]), int(settings["last_year"]) + 1), name="year"
    )
    regions = pd.Index(data["regions"]["region"], name="region")
    commodities = pd.Index(data["commodities"]["commodity"], name="commodity")
    bloc = data["regions"].set_index("region")["bloc"]
    plants = data["facilities"].set_index("facility")
    capacity = _capacity(plants, data["ramps"].set_index("ramp"), years)
    made = _made(plants, data["recipes"], regions, commodities)
    demand = _demand(data["demand"], bloc, regions, commodities, years)
    cost, limit = _lanes(data["lanes"], bloc, regions, commodities)
    rate = float(settings["discount_rate"])
    discount = xr.DataArray((1 + rate) ** -(years.to_numpy() - years[0]), {"year": years})
    read = time.process_time()

    linopy.options["semantics"] = "v1"
    model = linopy.Model()
    run = model.add_variables(0, capacity, name="run")
    most = limit.expand_dims(year=years)
    ship = model.add_variables(0, most, mask=most > 0, name="ship").fillna(0)
    short = model.add_variables(0, demand, name="short")
    output = (made.clip(min=0) * run).sum("facility")
    used = (-made.clip(max=0) * run).sum("facility")
    sent = ship.sum("destination").rename(origin="region")
    arrived = ship.sum("origin").rename(destination="region")
    model.add_constraints(output + arrived + short - used - sent >= demand, name="balance")
    model.add_constraints(sent - output <= 0, name="own_output")
    opex = xr.DataArray(plants["opex"].to_numpy(), {"facility": plants.index})
    running = (discount * opex * run).sum() / 1e6
    freight = (discount * cost * ship).sum() / 1e6
    built = time.process_time()

    model.add_objective(short.sum())
    model.solve("highs", io_api="direct", output_flag=False)
    least = float(model.objective.value)
    model.add_constraints(short.sum() <= least + 1e-9, name="least_short")
    model.add_objective(running + freight, overwrite=True)
    model.solve("highs", io_api="direct", output_flag=False)
    solved = time.process_time()
    seconds = {"read": read - began, "build": built - read, "solve": solved - built}
    return Flow(least / float(demand.sum()), float(model.objective.value), seconds)


def _years(table: pd.DataFrame, years: pd.Index) -> pd.DataFrame:
    """The year columns of a sheet over all years, straight lines between given ones."""
    given = table[[name for name in table.columns if name.isdigit()]]
    given.columns = given.columns.astype(int)
    return given.reindex(columns=years).interpolate(axis=1, limit_direction="backward")


def _capacity(plants: pd.DataFrame, ramps: pd.DataFrame, years: pd.Index) -> xr.DataArray:
    """Nameplate by year, times the ramp from the year of opening on."""
    found = _years(plants, years)
    for name, plant in plants.iterrows():
        if pd.notna(plant["capacity"]):
            found.loc[name] = plant["capacity"]
        if pd.notna(plant["opens"]):
            shares = ramps.loc[plant["ramp"]].filter(like="year_").dropna().astype(float).tolist()
            n = years.to_numpy() - int(plant["opens"])
            ramped = np.array([shares[min(i, len(shares) - 1)] if i >= 0 else 0.0 for i in n])
            found.loc[name] *= ramped
    return xr.DataArray(found)


def _made(
    plants: pd.DataFrame, recipes: pd.DataFrame, regions: pd.Index, commodities: pd.Index
) -> xr.DataArray:
    """What a unit of activity of each plant makes (+) or uses (-), where it stands."""
    amounts = recipes.pivot(index="process", columns="commodity", values="amount")
    amounts = amounts.reindex(columns=commodities).fillna(0.0).loc[plants["processes"]]
    here = plants["region"].to_numpy()[:, None] == regions.to_numpy()[None, :]
    found = amounts.to_numpy()[:, None, :] * here[:, :, None]
    return xr.DataArray(found, coords=[plants.index, regions, commodities])


def _demand(
    table: pd.DataFrame,
    bloc: pd.Series[str],
    regions: pd.Index,
    commodities: pd.Index,
    years: pd.Index,
) -> xr.DataArray:
    """What allies need."""
    allied = table[table["region"].map(bloc) == "ally"]
    by_year = _years(allied, years).set_index([allied["region"], allied["commodity"]])
    full = pd.MultiIndex.from_product([regions, commodities])
    amounts = by_year.reindex(full).fillna(0.0).to_numpy()
    shape = (len(regions), len(commodities), len(years))
    return xr.DataArray(amounts.reshape(shape), coords=[regions, commodities, years])


def _lanes(
    table: pd.DataFrame, bloc: pd.Series[str], regions: pd.Index, commodities: pd.Index
) -> tuple[xr.DataArray, xr.DataArray]:
    """Freight and limit of every pair; the more specific row wins, what is closed has limit 0."""
    ends = [regions.rename("origin"), regions.rename("destination"), commodities]
    shape = tuple(len(end) for end in ends)
    cost, limit = np.zeros(shape), np.zeros(shape)
    names = ["origin", "destination", "commodity"]
    score = sum(_score(table[name]) for name in names)
    for _, row in table.iloc[np.argsort(score, kind="stable")].iterrows():
        where = np.ix_(
            _matched(row["origin"], regions, bloc),
            _matched(row["destination"], regions, bloc),
            np.flatnonzero(
                (commodities == row["commodity"]) | np.full(shape[2], row["commodity"] == "*")
            ),
        )
        cost[where] = row["cost"]
        limit[where] = 0.0 if row["open"] == "no" else row.fillna(np.inf)["limit"]
    limit[np.arange(len(regions)), np.arange(len(regions))] = 0.0
    return xr.DataArray(cost, coords=ends), xr.DataArray(limit, coords=ends)


def _score(pattern: pd.Series[str]) -> np.ndarray:
    """How specific a pattern is: the id itself, its bloc, or everything."""
    return np.where(pattern == "*", 0, np.where(pattern.str.startswith("bloc:"), 1, 2))


def _matched(pattern: str, regions: pd.Index, bloc: pd.Series[str]) -> np.ndarray:
    """The regions, by number, that a pattern matches."""
    if pattern == "*":
        return np.arange(len(regions))
    if pattern.startswith("bloc:"):
        return np.flatnonzero(bloc.loc[regions] == pattern.removeprefix("bloc:"))
    return np.flatnonzero(regions == pattern)
