"""Sheets of projects: candidates, their ramps and spend profiles."""

from __future__ import annotations

from opt.data.sheets import cell
from opt.data.sheets.chain import FacilityRow
from opt.data.sheets.columns import CellKind, YearColumns
from opt.data.sheets.declare import YES_NO, SheetRow, sheet
from opt.data.sheets.ranges import (
    CAPEX,
    CAPEX_PER_UNIT,
    FIXED_OPEX,
    LEAD_TIME,
    LIFE,
    MASS,
    SHARE,
    UNITS,
)


@sheet(
    "projects",
    "Projects",
    "Candidate investments. A project once built is a plant of its own.",
    key=("project",),
)
class ProjectRow(SheetRow):
    """A candidate investment; once built, a plant of its own."""

    project = cell.identity("Project")
    name = FacilityRow.name
    site = FacilityRow.site
    region = cell.ref("regions", "Where it would stand")
    processes = cell.refs(
        "processes",
        "Processes that share its capacity, separated by ;",
        blank="it makes nothing, and lifts limits on capacity (sheet lifts)",
    )
    stage = cell.text(
        "Stage by which filters find it, where it has no processes", blank="that of its processes"
    )
    capacity = cell.number(
        "Nameplate capacity a year of one unit",
        "units/yr",
        MASS,
        blank="scalable: capacity_min and capacity_max; without processes none",
    )
    capacity_min = cell.number(
        "Smallest capacity of a scalable unit",
        "units/yr",
        MASS,
        blank="0 where capacity_max is given",
    )
    capacity_max = cell.number(
        "Largest capacity of a scalable unit", "units/yr", MASS, blank="not scalable"
    )
    capacity_of = FacilityRow.capacity_of
    capex = cell.number("Capital cost of one unit", "USD million", CAPEX)
    capex_per_unit = cell.number(
        "Capital cost on every unit of size of a scalable project",
        "USD million per unit/yr",
        CAPEX_PER_UNIT,
        default=0.0,
    )
    capex_share = cell.share("Share of the capex that this chain must carry", SHARE, default=1.0)
    lead_time = cell.number("Years from commitment to first operation", "years", LEAD_TIME)
    ramp = FacilityRow.ramp
    spend = cell.ref(
        "spends", "Spend profile", blank="evenly over max(1, lead_time) years, without shocks"
    )
    life = cell.whole(
        "Years of operation", "years", LIFE, blank="outlives the horizon, no residual value"
    )
    earliest = cell.year("First year in which it can be committed", blank="first_year")
    latest = cell.year("Last year in which it can be committed", blank="last_year")
    max_units = cell.whole("Most units over all years", "units", UNITS, default=1)
    group = cell.text("At most one project of a group is built", blank="no group")
    bundle = cell.text(
        "All projects of a bundle are committed in the same year, or none", blank="no bundle"
    )
    requires = cell.ref("projects", "A project that must be committed no later", blank="none")
    public_share = cell.share(
        "Least share of capex from public money", SHARE, blank="setting public_share"
    )
    max_public_share = cell.share("Largest share of capex from public money", SHARE, default=1.0)
    opex = FacilityRow.opex
    fixed_opex = cell.number(
        "Operating cost a year of one unit from first operation on",
        "USD million/yr",
        FIXED_OPEX,
        default=0.0,
    )
    opex_share = FacilityRow.opex_share
    availability = FacilityRow.availability
    chance = FacilityRow.chance
    merchant = cell.year(
        "First year in which it operates if it comes without new money", blank="never comes so"
    )
    merchant_chance = cell.share(
        "Chance that it then operates, reaching operation included; that share of its capacity runs"
        " without new money",
        SHARE,
        blank="only where merchant is blank",
    )
    lost_after = cell.year(
        "Last year in which it can be committed before the covered bloc takes it and builds it",
        blank="never lost",
    )
    controlled_by = FacilityRow.controlled_by
    placeholder = cell.choice(
        "yes: nobody has announced it; it stands for the thing that its note names",
        YES_NO,
        default="no",
        for_reader=True,
    )
    decision = cell.decision("free, forbid, force, or force with a year", default="free")

    @property
    def lifts_alone(self) -> bool:
        """Whether it has no processes: it makes nothing, and lifts limits on capacity."""
        return "processes" not in self.given

    def carried(self, capital: float) -> float:
        """What this chain must carry of a capital cost of the project, in its unit."""
        return capital * self.capex_share

    def unit_cost(self, size: float) -> float:
        """Capital cost of one unit of a size as this chain must carry it, without shocks. USD
        million."""
        return self.carried(self.capex + self.capex_per_unit * size)


@sheet(
    "ramps",
    "Ramps",
    "Share of capacity reached in the n-th year of operation; the last value stays.",
    key=("ramp",),
    years=YearColumns(
        "Share of capacity in that year of operation",
        "share",
        CellKind.SHARE,
        required=True,
        numbered=True,
        range=SHARE,
    ),
)
class RampRow(SheetRow):
    """A ramp-up curve: its shares of capacity by year of operation."""

    ramp = cell.identity("Ramp-up curve")


@sheet(
    "spends",
    "Spend profiles",
    "Share of capex that falls due in the year of commitment and the years after; sum 1.",
    key=("spend",),
    years=YearColumns(
        "Share of capex", "share", CellKind.SHARE, required=True, numbered=True, range=SHARE
    ),
)
class SpendRow(SheetRow):
    """A spend profile: its shares of capex from the year of commitment on."""

    spend = cell.identity("Spend profile")
