"""Every cross check: one change that it finds, in its exact words; and what it must let pass."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import bundle_cases
import contract_cases
import idle_cases
import money_cases
import pytest
import stock_cases
import support_cases
import target_cases
from cases import Cells, Edit, add, drop, patch, rename, setting, tiny_case
from full_case import FULL_CASE

import opt.data
from opt.data.check import checks_of
from opt.data.checks import CHECKS
from opt.data.reader import read
from opt.data.sheets.money import PAYS_FOR
from opt.data.sheets.registry import SHEETS
from opt.errors import InputError
from opt.given import find_plan


def outcome(path: Path) -> tuple[list[str], list[str]]:
    """Faults and warnings of a workbook as text; what is wrong with a plan alone is a fault of it,
    and not told again among the warnings."""
    try:
        tables = read(path)
    except InputError as error:
        return [str(issue) for issue in error.issues], [str(w) for w in error.warnings]
    faults = [str(issue) for found in tables.plan_faults.values() for issue in found]
    told = "cannot be asked for: "
    warnings = [str(warning) for warning in tables.warnings if told not in warning.message]
    return faults, warnings


def test_the_case_is_sound(tmp_path: Path) -> None:
    assert outcome(tiny_case(tmp_path)) == ([], [])


def lane(origin: str, destination: str, commodity: str = "*", **more: object) -> Edit:
    """A row of sheet lanes."""
    return add("lanes", origin=origin, destination=destination, commodity=commodity, **more)


def plan(project: str, year: int, **more: object) -> Edit:
    """A row of sheet plans."""
    return add("plans", plan="mine", project=project, year=year, **more)


def ranged(sheet: str, row: str, column: str, low: float, high: float) -> Edit:
    """A row of sheet ranges."""
    return add("ranges", sheet=sheet, row=row, column=column, low=low, high=high)


def project(row: int, **values: object) -> Edit:
    """Several cells of one project."""

    def change(case: Cells) -> None:
        for column, value in values.items():
            patch("projects", row, column, value)(case)

    return change


def comes(row: int, **values: object) -> Edit:
    """A project that comes without new money in 2030, with a chance of 0.4."""
    return project(row, merchant=2030, merchant_chance=0.4, **values)


def scalable(row: int) -> Edit:
    """Make a project scalable."""
    return project(row, capacity="", capacity_min=500, capacity_max=2000, capex_per_unit=0.1)


def calibrate(metric: str, scope: str, year: int, published: float) -> Edit:
    """A row of sheet calibration."""
    values = {"metric": metric, "scope": scope, "year": year, "published": published}
    return add("calibration", **values, tolerance=0.1)


def limit_of(commodity: str, value: str, field: str = "region") -> Edit:
    """A limit on capacity."""
    row = {"field": field, "value": value, "what": "capacity", "commodity": commodity}
    return add("build_limits", **row, **limits(900))


def ceiling(**values: object) -> Edit:
    """A second row of sheet private_capital, with a limit in 2026."""
    return add("private_capital", **values, **{"2026": 5})


def limits(amount: float, *free: int) -> dict[str, float]:
    """A limit for every year of the plan but those that are free of one."""
    return {str(year): amount for year in range(2026, 2036) if year not in free}


LIMITED = (
    limit_of(commodity="oxide", value="AUS"),
    patch("build_limits", 1, "limit", "pace"),
)
YEARS = range(2026, 2036)


def demand(*amounts: float) -> dict[str, float]:
    """Demand in the years for which the case gives it."""
    return dict(zip(("2026", "2030", "2035"), amounts, strict=True))


SPLIT = (("pumps", demand(10, 30, 50)), ("drones", demand(20, 40, 60)))


def total(where: str, name: str, why: str) -> str:
    """The warning of a row of totals."""
    return (
        f"{where}: '{name}' looks like a row of totals ({why}), but is read like any other row."
        " Delete the row, or rename it if it is meant."
    )


RECYCLER = {
    "facility": "cn_recycler",
    "region": "CHN",
    "processes": "recycle",
    "capacity": 100,
    "capacity_of": "magnet",
    "confidence": "D",
}
VALUE = setting("objective", "value-weighted")
SPAN = "first operation must come by last_year 2035"


def alone(where: str, label: str, near: str, of: str, kind: str) -> str:
    """The warning of a label a letter away from another."""
    return (
        f"{where}: '{label}' stands in this row alone, and is a letter away from '{near}' of {of}:"
        f" it is read as another {kind}. Type both the same way if one is meant."
    )


def loop(amount: float) -> list[Edit]:
    """Magnets of 0.4 oxide become oxide again, without contents that tell how much they can."""
    return [
        drop("contents"),
        add("processes", process="recycle", stage="recycling"),
        add("recipes", process="recycle", commodity="magnet", amount=-1),
        add("recipes", process="recycle", commodity="oxide", amount=amount),
        patch("facilities", 2, "processes", "refine;recycle"),
    ]


# (check, changes, faults)
FAULTS: list[tuple[str, list[Edit], list[str]]] = [
    (
        "countries",
        [add("regions", region="Japan", bloc="ally")],
        [
            "regions!A5: 'Japan' and 'JPN' (row 3) are one country. Name it 'JPN' everywhere, or"
            " rename it where a part is meant."
        ],
    ),
    (
        "mineral names",
        [
            add("minerals", mineral="rare earths", weight=1),
            add("minerals", mineral="tin", weight=1),
        ],
        ["minerals!A3: no commodity is of mineral 'tin'. See sheet commodities."],
    ),
    (
        # Magnets are asked for, and only lead, of which nothing is, has a weight.
        "mineral weights",
        [
            add("commodities", commodity="ingot", mineral="lead"),
            add("minerals", mineral="lead", weight=1, reason="output at risk"),
        ],
        [
            "minerals!A2: allies ask for 'rare earths' (demand!B2), which has no row here."
            " Add a row with its weight.",
            "minerals!B2: no mineral that allies ask for has a weight above 0, so nothing counts."
            " Type what one of them counts for.",
        ],
    ),
    (
        "mineral weights",
        [patch("commodities", 3, "mineral", ""), add("minerals", mineral="rare earths", weight=1)],
        [
            "commodities!C4: minerals are weighed, and 'magnet', for which allies ask, has none."
            " Type its mineral.",
            "minerals!B2: no mineral that allies ask for has a weight above 0, so nothing counts."
            " Type what one of them counts for.",
        ],
    ),
    (
        "mineral shocks",
        [add("shocks", scenario="embargo", what="money", mineral="rare earths", factor=0.5)],
        [
            "shocks!G3: a programme is of no mineral, so a money shock takes none. Leave the cell"
            " blank."
        ],
    ),
    (
        "second wave",
        [setting("second_wave", 2026)],
        [
            "settings!B11: 2026 does not lie in 2027-2035: nothing would wait. Type a year of the"
            " plan, or leave it blank."
        ],
    ),
    (
        "eligibility shares",
        [
            add(
                "eligibility",
                programme="mining_fund",
                field="region",
                value="CHN",
                rule="never",
                max_amount=5,
            )
        ],
        [
            "eligibility!E4: a row with rule never pays nothing, so it takes no max_amount."
            " Delete it, or change the rule to only."
        ],
    ),
    (
        # 0.4 t of oxide make 1 t of magnets, and these 0.41 t of oxide: 0.01 t comes of nothing,
        # or 0.024 t of magnets, which are more.
        "gaining loops",
        loop(0.41),
        [
            "processes!A4: processes 'sinter', 'recycle' feed each other and make magnet out of"
            " nothing. Mend their amounts in sheet recipes: what goes round must not grow."
        ],
    ),
    (
        "gaining loops",
        [
            drop("contents"),
            add("processes", process="split", stage="refining"),
            add("recipes", process="split", commodity="oxide", amount=-1),
            add("recipes", process="split", commodity="oxide2", amount=0.5),
            add("recipes", process="split", commodity="magnet", amount=0.1),
            add("processes", process="join", stage="refining"),
            add("recipes", process="join", commodity="oxide2", amount=-0.5),
            add("recipes", process="join", commodity="oxide", amount=1),
            add("commodities", commodity="oxide2"),
            patch("facilities", 2, "processes", "refine;split;join"),
            patch("facilities", 2, "capacity_of", "oxide"),
        ],
        # Oxide comes back whole, and leaves 0.1 magnet in each round.
        [
            "processes!A5: processes 'split', 'join' feed each other and make magnet out of"
            " nothing. Mend their amounts in sheet recipes: what goes round must not grow."
        ],
    ),
    (
        # Two loops that have nothing in common: alloy grows by a tenth in a round of two, and the
        # magnets of the first loop by a fortieth. The loop that gains most is told.
        "gaining loops",
        [
            *loop(0.41),
            add("commodities", commodity="alloy"),
            add("commodities", commodity="powder"),
            add("processes", process="grind", stage="refining"),
            add("recipes", process="grind", commodity="alloy", amount=-1),
            add("recipes", process="grind", commodity="powder", amount=1),
            add("processes", process="melt", stage="refining"),
            add("recipes", process="melt", commodity="powder", amount=-1),
            add("recipes", process="melt", commodity="alloy", amount=1.1),
            patch("facilities", 1, "processes", "mine;grind;melt"),
            patch("facilities", 1, "capacity_of", ""),
        ],
        [
            "processes!A6: processes 'grind', 'melt' feed each other and make alloy out of"
            " nothing. Mend their amounts in sheet recipes: what goes round must not grow."
        ],
    ),
    (
        "blocs",
        [patch("regions", 1, "bloc", "other"), patch("regions", 2, "bloc", "other")],
        [
            "regions: no region is in bloc ally, so no demand counts."
            " Give at least one region the bloc ally."
        ],
    ),
    (
        "demand years",
        [patch("demand", 1, "2035", "")],
        [
            "demand!F2: no value for 2031-2035; it is not treated as zero."
            " Fill the column of 2035; years between are interpolated."
        ],
    ),
    (
        "prices",
        [VALUE],
        [
            "demand!B2: there is no price of magnet in JPN."
            " Objective value-weighted needs one: add it to sheet prices."
        ],
    ),
    (
        "prices",
        [VALUE, add("prices", commodity="magnet", market="bloc:ally", **{"2026": 9, "2030": 9})],
        [
            "prices!D2: no price for 2031-2035; it is not treated as zero."
            " Fill the column of 2035; years between are interpolated."
        ],
    ),
    (
        "recipes exist",
        [
            add("processes", process="melt", stage="metal"),
            patch("facilities", 1, "processes", "mine;melt"),
        ],
        [
            "processes!A5: process 'melt' has no recipe. Add its rows to sheet recipes.",
        ],
    ),
    (
        "recipe amounts",
        [patch("recipes", 4, "amount", 0)],
        [
            "recipes!C5: an amount of 0 neither makes nor uses anything."
            " Type what is made (+) or used (-), or delete the row.",
        ],
    ),
    (
        "made from nothing",
        [drop("recipes", 2)],
        [
            "processes!A3: process 'refine' makes something from nothing. Add what it uses to sheet"
            " recipes; only these stages may do without: mining, collection, substitute, feed."
        ],
    ),
    (
        "contents",
        [patch("recipes", 2, "amount", -5)],
        [
            "processes!A3: process 'refine' makes 0.857 of NdPr per unit of activity, but its"
            " inputs hold 0.5. Mend the amounts in sheet recipes or the shares in sheet contents."
        ],
    ),
    (
        "content shares",
        [add("contents", commodity="oxide", element="Dy", share=0.2)],
        [
            "contents!C5: the shares of oxide sum to 1.057, more than 1. Mend the shares.",
            "processes!A3: process 'refine' makes 0.2 of Dy per unit of activity, but its inputs"
            " hold 0. Mend the amounts in sheet recipes or the shares in sheet contents.",
        ],
    ),
    (
        "spend shares",
        [patch("spends", 1, "year_3", 0.2)],
        ["spends!A2: the shares of 'three' sum to 0.9, not to 1. Mend the shares."],
    ),
    (
        "plant ids",
        [patch("facilities", 1, "facility", "p3")],
        ["projects!A4: 'P3' is also a facility (see facilities!A2). Rename one."],
    ),
    (
        "capacity_of",
        [patch("projects", 1, "capacity_of", "magnet")],
        [
            "projects!F2: process 'mine' neither makes nor uses magnet."
            " Name a commodity of all its recipes, or leave the cell blank for activity."
        ],
    ),
    (
        "facility capacity",
        [patch("facilities", 1, "capacity", "")],
        ["facilities!E2: no capacity is given. Fill this cell, or the year columns."],
    ),
    (
        "facility capacity",
        [patch("facilities", 1, "2035", 5)],
        ["facilities!E2: capacity is given twice, here and in the year columns. Keep one."],
    ),
    (
        "facility capacity",
        [patch("facilities", 1, "capacity", ""), patch("facilities", 1, "2034", 5)],
        [
            "facilities!I2: no capacity for 2035; it is not treated as zero."
            " Fill the column of 2035, or the year in which it closes."
        ],
    ),
    (
        "facility years",
        [patch("facilities", 1, "opens", 2030), patch("facilities", 1, "closes", 2028)],
        ["facilities!J2: it closes in 2028, before it opens in 2030. Swap or mend the years."],
    ),
    (
        "project capacity",
        [patch("projects", 1, "capacity", "")],
        ["projects!E2: no capacity is given. Fill capacity, or capacity_min and capacity_max."],
    ),
    (
        "project capacity",
        [patch("projects", 1, "capacity_max", 5), drop("plans")],
        [
            "projects!E2: capacity and capacity_max are both given."
            " Keep capacity, or the bounds of a scalable one."
        ],
    ),
    (
        "project capacity",
        [patch("projects", 1, "capacity_min", 5)],
        [
            "projects!R2: capacity_min is given without capacity_max."
            " Fill capacity_max, or delete this."
        ],
    ),
    (
        "project capacity",
        [scalable(1), patch("projects", 1, "capacity_min", 9000), drop("plans")],
        ["projects!R2: capacity_min is above capacity_max. Swap them."],
    ),
    (
        "project capacity",
        [patch("projects", 1, "capex_per_unit", 0.1)],
        [
            "projects!R2: capex_per_unit is for scalable projects; capacity_max is blank."
            " Fill capacity_max, or delete this."
        ],
    ),
    (
        "commitment windows",
        [project(1, earliest=2030, latest=2028), drop("plans")],
        ["projects!L2: earliest 2030 is after latest 2028. Swap or mend the years."],
    ),
    (
        "commitment windows",
        [project(1, earliest=2034, decision="force"), drop("plans")],
        [
            f"projects!O2: 'P1' is forced, but no year of commitment is left: {SPAN}, 3 years"
            " after commitment. Mend earliest, latest or lead_time, or free it."
        ],
    ),
    (
        "commitment windows",
        [project(1, earliest=2028, decision="force 2027"), drop("plans")],
        [
            "projects!O2: 2027 is outside the years in which it can be committed."
            " Choose a year from 2028 to 2032."
        ],
    ),
    (
        "commitment windows",
        [project(1, lead_time=2.5, decision="Force 2033"), drop("plans")],
        [
            "projects!O2: committed in 2033 it first operates in 2036, after last_year."
            " Choose a year from 2026 to 2032."
        ],
    ),
    (
        "requirements",
        [patch("projects", 1, "requires", "p1")],
        ["projects!R2: 'P1' requires itself. Name another project."],
    ),
    (
        "requirements",
        [drop("plans"), *(patch("projects", n, "requires", f"P{n % 3 + 1}") for n in (1, 2, 3))],
        [
            "projects!R2: these projects require each other in a circle: P1 -> P2 -> P3 -> P1."
            " Delete one of the requirements."
        ],
    ),
    (
        "requirements",
        [
            project(2, decision="force", requires="P3"),
            project(3, decision="forbid"),
            drop("plans"),
        ],
        [
            "projects!R3: it requires 'P3', which is forbidden."
            " A forced project needs what it requires."
        ],
    ),
    (
        "groups",
        [
            project(1, decision="force", group="G"),
            project(2, decision="force", group="g"),
            drop("plans"),
        ],
        [
            "projects!O3: 'P1' of group 'g' is forced too; one of a group can be built."
            " Free one of them."
        ],
    ),
    (
        "public shares",
        [patch("projects", 1, "public_share", 0.7)],
        ["projects!R2: public_share 0.7 is above max_public_share 0.6. Swap or mend the shares."],
    ),
    (
        "public shares",
        [patch("projects", 1, "max_public_share", 0.1)],
        [
            "projects!M2: max_public_share 0.1 is below setting public_share 0.2."
            " Fill public_share of this project."
        ],
    ),
    (
        "programme bounds",
        [patch("programmes", 1, "commit_from", 2033)],
        ["programmes!R2: commit_from 2033 is after commit_to 2032. Swap or mend the years."],
    ),
    (
        "programme bounds",
        [patch("programmes", 1, "ticket_min", 9), patch("programmes", 1, "ticket_max", 5)],
        ["programmes!R2: ticket_min is above ticket_max. Swap them."],
    ),
    (
        "uses of money",
        [patch("programmes", 1, "pays_for", "; ")],
        [f"programmes!R2: it names nothing that is paid for. Choose from: {', '.join(PAYS_FOR)}."],
    ),
    (
        "uses of money",
        [patch("programmes", 1, "pays_for", "capx")],
        ["programmes!R2: 'capx' cannot be paid for. Did you mean 'capex'?"],
    ),
    (
        "uses of money",
        [patch("programmes", 2, "repay_years", 10)],
        [
            "programmes!R3: instrument grant is not repaid; only a loan is."
            " Leave the cell blank, or choose loan."
        ],
    ),
    (
        "facility chances",
        [patch("facilities", 1, "chance", 0.6)],
        [
            "facilities!I2: a facility that is open has no chance of reaching operation."
            " Type the year in which it opens, or leave the cell blank."
        ],
    ),
    (
        "merchants",
        [project(1, merchant=2030, merchant_chance="")],
        [
            "projects!S2: merchant is given without merchant_chance."
            " Fill merchant_chance, or empty merchant."
        ],
    ),
    (
        "merchants",
        [project(1, merchant_chance=0.4)],
        ["projects!R2: merchant_chance is given without merchant. Fill merchant, or delete this."],
    ),
    (
        "merchants",
        [comes(1, chance=0.3)],
        [
            "projects!S2: merchant_chance 0.4 is above 0.3, the chance that a commitment reaches"
            " operation. Lower it, or raise chance."
        ],
    ),
    *(
        (
            "merchants",
            [comes(1, decision=decision), drop("plans")],
            [
                "projects!O2: 'P1' comes without new money: it is neither forced nor forbidden."
                " Free it, or empty merchant and merchant_chance."
            ],
        )
        for decision in ("force", "force 2027", "forbid")
    ),
    (
        "merchants",
        [comes(1, max_units=2)],
        [
            "projects!T2: 'P1' comes without new money, but max_units is 2."
            " Make it 1: each further unit a project of its own."
        ],
    ),
    (
        "merchants",
        [scalable(1), comes(1), drop("plans")],
        [
            "projects!S2: 'P1' comes without new money, but its size is open."
            " Fill capacity in place of capacity_min and capacity_max."
        ],
    ),
    (
        "merchants of groups",
        [comes(1, group="site"), comes(2, group="Site"), drop("plans")],
        [
            "projects!R3: 'P1' of group 'Site' comes without new money too; one of a group can."
            " Empty merchant and merchant_chance of one of them."
        ],
    ),
    (
        "merchants of groups",
        [comes(1, group="site"), project(2, group="Site", max_units=2), drop("plans")],
        [
            "projects!F3: it would take the place of 'P1', which comes without new money, but their"
            " capacities are not measured alike. Name the same commodity in both rows.",
            "projects!U3: it would take the place of 'P1', which comes without new money, but"
            " max_units is 2. Make it 1: each further unit a project of its own.",
        ],
    ),
    (
        "merchants of groups",
        [comes(3, group="site"), scalable(2), project(2, group="site"), drop("plans")],
        [
            "projects!F3: it would take the place of 'P3', which comes without new money, but their"
            " capacities are not measured alike. Name the same commodity in both rows.",
            "projects!V3: it would take the place of 'P3', which comes without new money, but its"
            " size is open. Fill capacity in place of capacity_min and capacity_max.",
        ],
    ),
    (
        "ceilings",
        [ceiling(field="all", value="JPN")],
        ["private_capital!B3: field all takes no value. Leave the cell blank."],
    ),
    (
        "ceilings",
        [ceiling(field="region")],
        ["private_capital!B3: which region is meant? Type it, or choose all."],
    ),
    (
        "ceilings",
        [add("build_limits", field="all", value="JPN", what="starts", **{"2026": 1})],
        ["build_limits!B2: field all takes no value. Leave the cell blank."],
    ),
    (
        "limits on capacity",
        [
            add("build_limits", field="all", what="capacity", **limits(900)),
            add("build_limits", field="all", what="capex", commodity="oxide", **limits(900)),
            add("build_limits", field="all", what="starts", learn=0.2, **limits(900)),
        ],
        [
            "build_limits!M2: a limit on capacity is in units of a commodity: which? Type the"
            " commodity that the plants make.",
            "build_limits!M3: a limit on capex takes no commodity. Leave the cell blank, or choose"
            " capacity.",
            "build_limits!N4: a limit on starts does not learn. Leave the cell blank, or choose"
            " capacity.",
        ],
    ),
    (
        "limits on capacity",
        [
            add("build_limits", field="all", what="capex", carry_over="yes", **limits(900)),
            add("build_limits", field="all", what="starts", carry_over="no", **limits(9)),
        ],
        [
            "build_limits!C2: a limit on capex carries nothing over. Leave the cell blank, or"
            " choose capacity."
        ],
    ),
    (
        "limits that carry over",
        [
            limit_of(commodity="magnet", value="JPN"),
            patch("build_limits", 1, "carry_over", "yes"),
            *(patch("build_limits", 1, str(year), "") for year in (2028, 2030, 2031)),
            add("build_limits", what="capacity", commodity="magnet", carry_over="yes"),
            patch("build_limits", 2, "field", "all"),
            # Without a column of its own the cell is that of carry_over.
            limit_of(commodity="magnet", value="magnet", field="stage"),
            patch("build_limits", 3, "carry_over", "yes"),
            rename("build_limits", "2035", "2036"),
        ],
        [
            "build_limits!G2: limits add up with carry_over, but none is given for 2028, 2030-2031,"
            " 2035. Add the limit of 2028, 2030-2031, 2035; 0 adds nothing.",
            "build_limits!E3: limits add up with carry_over, but none is given for 2026-2035. Add"
            " the limit of 2026-2035; 0 adds nothing.",
            "build_limits!O4: limits add up with carry_over, but none is given for 2035. Add the"
            " limit of 2035; 0 adds nothing.",
        ],
    ),
    (
        "lifts",
        [
            limit_of(commodity="magnet", value="JPN"),
            patch("build_limits", 1, "limit", "pace"),
            add("build_limits", limit="Pace", field="all", what="capex", **limits(900)),
            add("build_limits", limit="money", field="all", what="starts", **limits(9)),
            add("lifts", project="p3", limit="PACE", amount=100),
            add("lifts", project="p3", limit="money", amount=100),
            add("lifts", project="p2", limit="mony", amount=100),
        ],
        [
            "build_limits!O3: 'Pace' is used twice (also O2). Give each limit an id of its own.",
            "lifts!B3: 'money' limits starts; only a limit on capacity is lifted. Name a limit on"
            " capacity.",
            "lifts!B4: 'mony' is not in sheet build_limits. Did you mean 'money'?",
        ],
    ),
    (
        "eligibility shares",
        [
            add("eligibility", programme="mining_fund", field="project", value="p1"),
            patch("eligibility", 3, "rule", "never"),
            patch("eligibility", 3, "max_share", 0.3),
            patch("projects", 1, "public_share", 0),
        ],
        [
            "eligibility!E4: a row with rule never pays nothing, so it takes no max_share."
            " Delete it, or change the rule to only."
        ],
    ),
    (
        "public floor",
        [
            project(3, decision="force"),
            patch("eligibility", 2, "value", "separation"),
            drop("plans"),
        ],
        [
            "projects!O4: it needs a public share of 0.2, but no programme may pay for it."
            " Mend eligibility or public_share, or free it."
        ],
    ),
    (
        "public floor",
        [
            project(3, decision="force", public_share=0.4),
            patch("programmes", 2, "max_share", 0.3),
            drop("plans"),
        ],
        [
            "projects!O4: it needs a public share of 0.4; its programmes may pay 0.3."
            " Mend eligibility or public_share, or free it."
        ],
    ),
    (
        "forced money",
        [
            project(1, decision="force"),
            project(2, decision="force"),
            patch("programmes", 1, "amount", 100),
            patch("programmes", 1, "charge", 0.625),
        ],
        [
            "projects!O2: the forced projects (P1, P2) need at least 200 of public money, but"
            " their programmes hold 160 (USD million). Free some of them, or raise an amount."
        ],
    ),
    (
        "lane rows",
        [lane("*", "*", first_year=2030, last_year=2028)],
        ["lanes!D2: first_year 2030 is after last_year 2028. Swap or mend the years."],
    ),
    (
        "lane ties",
        [lane("CHN", "*"), lane("*", "JPN"), lane("*", "*")],
        [
            "lanes!A3: rows 2 and 3 fit CHN to JPN, concentrate, in 2026 equally well."
            " Make one of them more specific (mineral:NAME in column commodity, where each is of a"
            " mineral), or their years apart."
        ],
    ),
    (
        "lane ties",
        [
            lane("*", "*"),
            lane("bloc:covered", "*"),
            lane("CHN", "JPN"),
            lane("*", "bloc:ally", cost=1),
        ],
        [
            "lanes!A5: rows 3 and 5 fit CHN to AUS, concentrate, in 2026 equally well."
            " Make one of them more specific (mineral:NAME in column commodity, where each is of a"
            " mineral), or their years apart."
        ],
    ),
    (
        "shock fields",
        [patch("shocks", 1, "what", "supply")],
        [
            "shocks!C2: a supply shock cannot be aimed at an origin. Did you mean 'region'? Choose"
            " one of: region, bloc, stage, mineral, commodity, process, facility, project."
        ],
    ),
    (
        "shock fields",
        [patch("shocks", 1, "value", "")],
        ["shocks!D2: field origin is given without a value. Fill it."],
    ),
    (
        "shock fields",
        [patch("shocks", 1, "field", "")],
        [
            "shocks!C2: value 'CHN' is given without a field. Choose one of: region, bloc,"
            " origin, destination, stage, mineral, commodity."
        ],
    ),
    (
        "shock amounts",
        [patch("shocks", 1, "shift", 5)],
        ["shocks!G2: a lane shock takes a factor, not a shift. Use factor; 0 closes, 0.5 halves."],
    ),
    (
        "shock fields",
        [add("shocks", scenario="embargo", what="money", field="region", value="JPN", factor=0)],
        ["shocks!C3: a money shock cannot be aimed at a region. Choose one of: programme."],
    ),
    (
        "shock amounts",
        [add("shocks", scenario="embargo", what="lead_time", shift=1.5)],
        ["shocks!G3: a lead time shifts by whole years, not by 1.5. Type whole years."],
    ),
    (
        "lost projects",
        [project(1, lost_after=2030, max_units=2)],
        [
            "projects!S2: 'P1' is lost where it is not committed, but max_units is 2."
            " Make it 1: each further unit a project of its own."
        ],
    ),
    (
        "lost projects",
        [comes(1, lost_after=2030)],
        [
            "projects!T2: 'P1' is lost where it is not committed, but comes without new money."
            " Empty lost_after, or merchant."
        ],
    ),
    (
        "lost projects",
        [project(1, lost_after=2030, group="site")],
        [
            "projects!S2: 'P1' is lost where it is not committed, but others of group 'site' could"
            " stand in its place. Empty lost_after, or group."
        ],
    ),
    (
        "shock amounts",
        [add("shocks", scenario="embargo", what="control", factor=0.5, shift=1)],
        [
            "shocks!F3: a control shock takes no factor: its plants make exposed output alone."
            " Leave the cell blank.",
            "shocks!G3: a control shock takes no shift: its plants make exposed output alone."
            " Leave the cell blank.",
        ],
    ),
    (
        "shock years",
        [patch("shocks", 1, "last_year", 2028)],
        ["shocks!E2: first_year 2030 is after last_year 2028. Swap or mend the years."],
    ),
    (
        "calibration",
        [calibrate("output", "Oxide:chn", 2020, 10)],
        [
            "calibration!C2: 2020 is outside the baseline 2026-2035."
            " Mend it, or add setting calibrate_from."
        ],
    ),
    (
        "calibration",
        [calibrate("world_share", "magnet:covered", 2026, 92)],
        ["calibration!D2: 92 is outside 0-1. Did you mean 0.92 (92%)?"],
    ),
    (
        "plan rows",
        [project(1, decision="forbid")],
        ["plans!B2: 'P1' is forbidden in sheet projects. Delete the row, or free the project."],
    ),
    (
        "plan rows",
        [plan("P1", 2034)],
        [
            "plans!C4: committed in 2034 it first operates in 2037, after last_year."
            " Choose a year from 2026 to 2032."
        ],
    ),
    (
        "plan rows",
        [plan("P1", 2020)],
        ["plans!C4: 'P1' cannot be committed in 2020. Choose a year from 2026 to 2032."],
    ),
    (
        "plan rows",
        [plan("P3", 2026, size=500)],
        ["plans!E4: 'P3' is not scalable, so it takes no size. Delete it."],
    ),
    (
        "plan rows",
        [scalable(3), plan("P3", 2026)],
        ["plans!A4: 'P3' is scalable: size is blank. Type a capacity from 500 to 2000."],
    ),
    (
        "plan rows",
        [scalable(3), plan("P3", 2026, size=5000)],
        ["plans!E4: 5000 is not from 500 to 2000. Mend size or units."],
    ),
    (
        "plans",
        [plan("P3", 2026), plan("P3", 2027)],
        ["plans!D5: the plan commits 2 units of 'P3'; at most 1 can be built. Mend units."],
    ),
    (
        "plans",
        [project(1, group="g"), project(2, group="g")],
        [
            "plans!B3: 'P1' of group 'g' is in the plan too; one can be built."
            " Delete one of the rows."
        ],
    ),
    (
        "plans",
        [patch("projects", 1, "requires", "P2")],
        [
            "plans!B2: 'P1' requires 'P2', which the plan does not commit by 2026."
            " Add 'P2' in 2026 or before."
        ],
    ),
    (
        "plans",
        [project(3, decision="force")],
        [
            "plans!A2: plan 'announced' leaves out 'P3', which sheet projects forces."
            " Add it, or free the project."
        ],
    ),
    (
        "plans",
        [project(1, decision="force 2028")],
        ["plans!C2: 'P1' is forced in 2028, not in 2026. Mend the year, or free the project."],
    ),
    (
        "projects that lift alone",
        [project(3, processes="", capacity="", capacity_of="")],
        [
            "projects!D4: it runs no process, and sheet lifts does not name it."
            " Type its processes, or the limit that it lifts in sheet lifts."
        ],
    ),
    (
        "projects that lift alone",
        [
            *LIMITED,
            add("lifts", project="P3", limit="pace", amount=100),
            project(3, processes="", capacity="", max_units=2, availability=0.9),
        ],
        [
            "projects!F4: it runs no process, so capacity_of says nothing."
            " Leave the cell blank, or type its processes.",
            "projects!N4: it runs no process, so opex says nothing."
            " Leave the cell blank, or type its processes.",
            "projects!R4: a project that lifts a limit and makes nothing is one unit."
            " Type 1, or a row for each.",
            "projects!S4: it runs no process, so availability says nothing."
            " Leave the cell blank, or type its processes.",
        ],
    ),
    (
        "projects that lift alone",
        [project(1, stage="mining")],
        ["projects!R2: its stage is that of its processes. Leave the cell blank."],
    ),
    (
        "elements",
        [setting("elements", "NdPr; NdPt;;Dy")],
        [
            "settings!B11: 'NdPt' is not in sheet contents. Did you mean 'NdPr'?",
        ],
    ),
    (
        "elements",
        [setting("elements", ";")],
        ["settings!B11: it names nothing. Write elements, separated by ;"],
    ),
    (
        "ranges",
        [ranged("project", "P1", "capex", 300, 500)],
        ["ranges!A2: 'project' is not a sheet of the workbook. Did you mean 'projects'?"],
    ),
    (
        "ranges",
        [ranged("plans", "announced;P1;2026", "units", 1, 2)],
        [
            "ranges!A2: sheet plans says nothing of the world that a study could vary."
            " Delete the row."
        ],
    ),
    (
        "ranges",
        [ranged("spends", "three", "year_1", 0.1, 0.3)],
        [
            "ranges!A2: the shares of a spend profile sum to 1, so none varies alone."
            " Give the range to capex or lead_time."
        ],
    ),
    (
        "ranges",
        [ranged("projects", "P11", "capex", 300, 500)],
        ["ranges!B2: sheet projects has no row 'P11'. Did you mean 'p1'?"],
    ),
    (
        "ranges",
        [ranged("demand", "magnet", "2030", 2000, 4000)],
        ["ranges!B2: sheet demand has no row 'magnet'. Name the row by region;commodity;segment."],
    ),
    (
        "ranges",
        [
            lane("*", "*", limit=900),
            lane("*", "*", limit=800, open="yes"),
            ranged("lanes", "*;*;*", "limit", 700, 1000),
        ],
        [
            "lanes!A3: rows 2 and 3 fit AUS to CHN, concentrate, in 2026 equally well. Make one of"
            " them more specific (mineral:NAME in column commodity, where each is of a mineral), or"
            " their years apart.",
            "ranges!B2: '*;*;*' names 2 rows of sheet lanes: 2, 3."
            " Tell them apart by origin;destination;commodity;first_year.",
        ],
    ),
    (
        "ranges",
        [setting("gap", 0.01), ranged("settings", "gap", "value", 0, 0.1)],
        [
            "ranges!B2: setting gap says nothing of the world that a study could vary."
            " A range may be of discount_rate or public_share."
        ],
    ),
    (
        "ranges",
        [ranged("projects", "P1", "capx", 300, 500)],
        ["ranges!C2: sheet projects has no column 'capx'. Did you mean 'capex'?"],
    ),
    (
        "ranges",
        [ranged("projects", "P1", "region", 300, 500)],
        ["ranges!C2: column region holds no number. Name one that does."],
    ),
    (
        "ranges",
        [ranged("settings", "discount_rate", "unit", 0, 0.1), setting("discount_rate", 0.05)],
        ["ranges!C2: column unit holds no number. Name one that does."],
    ),
    (
        "ranges",
        [ranged("programmes", "mining_fund", "2030", 10, 20)],
        [
            "ranges!C2: the cell that it is of, programmes!L2, is blank."
            " Type a number there, or delete the row."
        ],
    ),
    (
        "ranges",
        [ranged("commodities", "oxide", "surplus", -10, 20)],
        [
            "ranges!C2: the cell that it is of, commodities!F3, holds 'free'."
            " Type a number there, or delete the row."
        ],
    ),
    (
        "ranges",
        [ranged("projects", "P1", "max_public_share", -0.1, 70)],
        [
            "ranges!D2: -0.1 is outside 0-1. Type a number from 0 to 1.",
            "ranges!E2: 70 is outside 0-1. Did you mean 0.7 (70%)?",
        ],
    ),
    (
        "ranges",
        [ranged("projects", "P1", "life", 15.5, 25)],
        ["ranges!D2: 15.5 is not a whole number. Type 15 if that is meant."],
    ),
    (
        "ranges",
        [ranged("recipes", "sinter;oxide", "amount", -0.5, 0)],
        [
            "ranges!E2: 0 has not the sign of the amount, -0.4."
            " What is used cannot become what is made, nor nothing."
        ],
    ),
    (
        "ranges",
        [ranged("projects", "P1", "capex", 500, 300)],
        ["ranges!D2: low 500 is above high 300. Mend one."],
    ),
    (
        "ranges",
        [
            ranged("projects", "P1", "capex", 450, 500),
            ranged("demand", "JPN;magnet;vehicles", "2035", 1000, 3000),
        ],
        [
            "ranges!D2: 400 in projects!G2 does not lie in 450 to 500. Mend the range or the"
            " figure.",
            "ranges!E3: 4000 in demand!F2 does not lie in 1000 to 3000. Mend the range or the"
            " figure.",
        ],
    ),
    (
        "ranges",
        [ranged("projects", "P1", "capex", 300, 500), ranged("Projects", "p1", "Capex", 200, 500)],
        ["ranges!A3: its cell has a range already (see A2). Keep one."],
    ),
    # What is wrong with the cell itself is told there alone.
    (
        "ranges",
        [patch("projects", 1, "capex", "4e2m"), ranged("projects", "P1", "capex", 300, 500)],
        [
            "projects!G2: '4e2m' is text, not a number. Type the number alone, in USD million, with"
            " its sign and all its digits."
        ],
    ),
]

FAULTS += [
    (check, [*FULL_CASE, *changes], faults)
    for subject in (
        *(stock_cases, support_cases, contract_cases, target_cases),
        *(idle_cases, bundle_cases),
    )
    for check, changes, faults in subject.FAULTS
]


@pytest.mark.parametrize(("_check", "changes", "expected"), FAULTS)
def test_check_finds(tmp_path: Path, _check: str, changes: list[Edit], expected: list[str]) -> None:
    issues, _ = outcome(tiny_case(tmp_path, *changes))
    assert issues == expected


# (check, changes, warnings) with no faults
WARNINGS: list[tuple[str, list[Edit], list[str]]] = [
    (
        # Two recipes of one name, as a merge by hand leaves them: it uses ore of both minerals.
        "minerals apart",
        [
            add("commodities", commodity="tin_ore", mineral="tin", surplus="free"),
            add("processes", process="dig", stage="mining"),
            add("recipes", process="dig", commodity="tin_ore", amount=1),
            add("recipes", process="refine", commodity="tin_ore", amount=-1),
            add("facilities", facility="tin_mine", region="AUS", processes="dig", capacity=1e6),
        ],
        [
            "recipes!B8: the recipe of 'refine' joins rare earths (row 3) and tin: two recipes of"
            " one name become one. Give each its own process, unless one plant does make both."
        ],
    ),
    (
        "eligibility shares",
        [patch("eligibility", 1, "max_amount", 700)],
        [
            "eligibility!E2: it is no less than what the programme may commit in all, 700."
            " It limits nothing: lower it, or leave it blank."
        ],
    ),
    (
        "objective",
        [setting("worth_of_point", 500)],
        [
            "settings!B11: objective dependence does not take it into account. Choose objective"
            " worth, or leave it blank."
        ],
    ),
    (
        "elements",
        [
            add("contents", commodity="concentrate", element="Ce", share=0.1),
            setting("elements", "Ce"),
        ],
        [
            "settings!B11: no allied demand holds 'Ce', so nothing is told of it."
            " Mend the name, or leave it out."
        ],
    ),
    (
        "units of mass",
        [patch("commodities", 3, "unit", "pieces")],
        [
            "demand!B2: 'pieces' of magnet is no unit of mass that is known, so dependence in"
            " tonnes is not told. Type the unit in sheet commodities as t, kt, kg, g, Mt or lb."
        ],
    ),
    (
        "ranges",
        [ranged("projects", "P1", "capex", 400, 400)],
        ["ranges!D2: low and high are the same, so nothing varies. Mend one, or delete the row."],
    ),
    (
        "ranges",
        [ranged("projects", "P1", "capex", 300, 500000)],
        [
            "ranges!E2: 500000 is unusual: 0.1 to 100000 USD million is usual."
            " Check the unit: USD million, not USD."
        ],
    ),
    (
        "usual numbers",
        [patch("projects", 1, "capex", 400e6)],
        [
            "projects!G2: 400000000 is unusual: 0.1 to 100000 USD million is usual."
            " Check the unit: USD million, not USD."
        ],
    ),
    (
        "usual settings",
        [setting("discount_rate", 0.5)],
        [
            "settings!B7: discount_rate: 0.5 is unusual: 0.001 to 0.25 share a year is usual."
            " Check the unit: share a year, a share, not per cent."
        ],
    ),
    (
        "like numbers",
        [patch("demand", 1, "2030", 3)],
        [
            "demand!E2: 2030 3: that is 667 times less than other years."
            " Check the unit: units/yr, in the commodity's own unit; t is not kt."
        ],
    ),
    (
        # Once a sheet; 2055 is 20 years after the plan, as an outlook may be.
        "years far off",
        [
            rename("demand", "2030", "2062"),
            patch("demand", 1, "2055", 4000),
            add("demand", region="AUS", commodity="magnet", **{"2062": 3000, "2035": 3000}),
            patch("facilities", 1, "capacity", ""),
            patch("facilities", 1, "1926", 60000),
            patch("facilities", 1, "2035", 60000),
        ],
        [
            "facilities!I2: 1926 lies 100 years outside the plan 2026-2035, and years between take"
            " from it. Mend the header of the column if it is mistyped.",
            "demand!E2: 2062 lies 27 years outside the plan 2026-2035, and years between take from"
            " it. Mend the header of the column if it is mistyped.",
        ],
    ),
    (
        # One that others have; a letter is left out, changed, added or moved.
        "labels",
        [
            patch("commodities", 3, "mineral", "rare earth"),
            patch("plans", 2, "plan", "announecd"),
            add("plans", plan="announced", project="P2", year=2027),
            patch("projects", 1, "group", "North mines"),
            patch("projects", 2, "group", "north minus"),
            patch("projects", 3, "group", "NORTH MINES"),
            add("demand", region="AUS", commodity="magnet", segment="Vehhicles", **demand(2, 3, 4)),
            add(
                "demand",
                region="AUS",
                commodity="oxide",
                segment="vehicles",
                **demand(200, 300, 400),
            ),
        ],
        [
            alone("commodities!C4", "rare earth", "rare earths", "commodities!C2", "mineral"),
            alone("projects!R3", "north minus", "North mines", "projects!R2", "group"),
            alone("demand!C3", "Vehhicles", "vehicles", "demand!C2", "segment"),
            "demand!B4: dependence adds up the demand for rare earth, rare earths unit by unit: the"
            " mineral of which most is used drowns the others."
            " Fill sheet minerals, or type setting weights = equal or tonnes.",
            alone("plans!A3", "announecd", "announced", "plans!A2", "plan"),
        ],
    ),
    (
        # Of two that stand once each the later is told, also of two sheets that share a label.
        "labels",
        [patch("processes", 2, "stage", "seperation")],
        [alone("commodities!D3", "separation", "seperation", "processes!C3", "stage")],
    ),
    (
        "labels",
        [patch("processes", 2, "stage", "Mining / separation")],
        [
            "processes!C3: 'Mining / separation' is read as one stage of its own, and not as"
            " mining, separation. A row has one stage: type which if one is meant."
        ],
    ),
    (
        "capacity and demand",
        [patch("demand", 1, year, n) for year, n in (("2026", 2), ("2030", 3), ("2035", 4))],
        [
            "demand!B2: all plants and candidates could make 4,750 times as much as is asked of"
            " magnet. Check the units of capacity, recipes and demand: t is not kt."
        ],
    ),
    (
        "blocs",
        [patch("regions", 3, "bloc", "other")],
        [
            "regions: no region is in bloc covered, so nothing can be exposed."
            " Dependence is then only what is short."
        ],
    ),
    (
        "allied demand",
        [patch("demand", 1, "region", "CHN")],
        ["demand: no allied demand in 2026-2035: dependence is 0."],
    ),
    (
        "sources",
        [
            add("sources", source="usgs-2025", title="Summaries"),
            patch("regions", 1, "source", "USGS-2025; https://example.org/a"),
            patch("regions", 2, "source", "usgs-2026"),
        ],
        ["regions!D3: 'usgs-2026' is not in sheet sources. Did you mean 'usgs-2025'?"],
    ),
    (
        "contents",
        [drop("contents", 1)],
        [
            "processes!A3: what process 'refine' makes holds NdPr; its inputs have no contents."
            " Add concentrate to sheet contents, so that this can be checked."
        ],
    ),
    (
        "facility years",
        [patch("facilities", 1, "closes", 2025)],
        ["facilities!I2: it closes before first_year 2026, so it changes nothing."],
    ),
    (
        "facility years",
        [patch("facilities", 1, "opens", 2036)],
        ["facilities!I2: it opens after last_year 2035, so it changes nothing."],
    ),
    (
        "makers",
        [
            add("commodities", commodity="acid"),
            add("recipes", process="refine", commodity="acid", amount=-1),
        ],
        [
            "recipes!B7: no plant makes acid: process 'refine' cannot run."
            " Add a plant that makes it, or mend the name."
        ],
    ),
    (
        "makers",
        [
            add("commodities", commodity="motor"),
            add("demand", region="JPN", commodity="motor", **{"2035": 5}),
        ],
        [
            "demand!B3: dependence adds up the demand for rare earths, no mineral unit by unit: the"
            " mineral of which most is used drowns the others."
            " Fill sheet minerals, or type setting weights = equal or tonnes.",
            "demand!B3: no plant makes motor: this demand stays short."
            " Add a plant that makes it, or mend the name.",
        ],
    ),
    (
        "idle processes",
        [
            add("processes", process="scrap", stage="Collection"),
            add("recipes", process="scrap", commodity="oxide", amount=1),
        ],
        ["processes!A5: no plant runs process 'scrap': it changes nothing."],
    ),
    (
        "useless projects",
        [
            add("commodities", commodity="sand"),
            add("processes", process="dig", stage="mining"),
            add("recipes", process="dig", commodity="sand", amount=1),
            project(3, processes="dig", capacity_of="sand"),
            drop("programmes"),
            drop("eligibility"),
            setting("public_share", 0),
        ],
        ["projects!D4: nothing that 'P3' makes is of use to any demand. It changes no result."],
    ),
    (
        "lead times",
        [patch("projects", 1, "lead_time", 2.5)],
        ["projects!H2: lead time 2.5 is rounded up to 3 years. Type whole years."],
    ),
    (
        "commitment windows",
        [
            project(3, earliest=2035),
            drop("programmes"),
            drop("eligibility"),
            setting("public_share", 0),
        ],
        [
            f"projects!L4: 'P3' is never offered: no year of commitment is left: {SPAN}, 2 years"
            " after commitment."
        ],
    ),
    (
        "requirements",
        [
            patch("projects", 1, "requires", "P3"),
            patch("projects", 3, "decision", "forbid"),
            drop("plans"),
            drop("programmes"),
            drop("eligibility"),
            setting("public_share", 0),
        ],
        ["projects!R2: it requires 'P3', which is forbidden. It can never be built."],
    ),
    (
        "programme bounds",
        [patch("programmes", 1, "commit_to", 2025)],
        ["programmes!F2: it cannot commit in 2026-2035, so it pays for nothing."],
    ),
    (
        "carry over",
        [patch("programmes", 2, "carry_over", "yes"), patch("programmes", 2, "2029", "")],
        [
            "programmes!K3: limits add up with carry_over, but 2029 is blank."
            " From a blank year on no limit holds: fill it."
        ],
    ),
    (
        "yearly limits",
        [rename("programmes", "2027", "2072")],
        [
            "programmes!A3: no limit holds in 2027: other years have one, and blank is no limit."
            " Add the limit of 2027; 0 lets nothing through.",
            "programmes!I3: 2072 lies outside the plan 2026-2035, so this limit holds nowhere."
            " Mend the header of the column, or delete the column.",
        ],
    ),
    (
        "yearly limits",
        [patch("programmes", 2, str(year), "") for year in (2028, 2034, 2035)],
        [
            "programmes!J3: no limit holds in 2028, 2034-2035: other years have one, and blank is"
            " no limit. Add the limit of 2028, 2034-2035; 0 lets nothing through."
        ],
    ),
    (
        "yearly limits",
        [patch("programmes", 2, "2026", ""), patch("programmes", 2, "commit_from", 2028)],
        # Nothing can fall due before 2028, so the blank of 2026 is no gap.
        [],
    ),
    (
        "uptake shocks",
        [add("shocks", scenario="embargo", what="uptake", factor=2)],
        ["shocks!B3: an uptake shock changes nothing: sheet uptake is empty."],
    ),
    (
        "money shocks",
        [
            add("shocks", scenario="embargo", what="money", factor=0.5),
            drop("programmes"),
            drop("eligibility"),
            setting("public_share", 0),
        ],
        ["shocks!B3: a money shock changes nothing: sheet programmes is empty."],
    ),
    (
        "lost projects",
        [project(1, lost_after=2035)],
        ["projects!R2: it would be lost after last_year 2035, so it changes nothing."],
    ),
    (
        "lost projects",
        [project(1, lost_after=2030, controlled_by="covered")],
        [
            "projects!R2: it makes exposed output alone, whoever commits it."
            " Empty lost_after, or mend region."
        ],
    ),
    (
        "control shocks",
        [add("shocks", scenario="embargo", what="control", field="bloc", value="covered")],
        [
            "shocks!B3: a control shock changes nothing: its plants make exposed output already."
            " Mend field and value, or delete the row."
        ],
    ),
    ("control shocks", [add("shocks", scenario="embargo", what="control")], []),
    (
        "money shocks",
        [
            patch("shocks", 1, "what", "money"),
            patch("shocks", 1, "field", "programme"),
            patch("shocks", 1, "value", "Mining_Fund"),
            patch("shocks", 1, "factor", 0.5),
        ],
        [
            "shocks!F2: no programme it is aimed at has a limit in its years: only 0 changes any."
            " Type 0, or give limits in sheet programmes."
        ],
    ),
    (
        "yearly limits",
        [add("uptake", region="JPN", **limits(0.5, 2030))],
        [
            "uptake!A2: no limit holds in 2030: other years have one, and blank is no limit. Add"
            " the limit of 2030; 0 lets nothing through."
        ],
    ),
    (
        "uptake",
        [add("uptake", region="CHN", **limits(0.5))],
        ["uptake!A2: no allied demand matches this row. Mend or delete it."],
    ),
    (
        "uptake",
        [add("uptake", segment="Vehicles", mineral="", commodity="magnet", **{"2036": 0.5})],
        [
            "uptake!A2: it limits no year of 2026-2035. Fill a year, or delete the row.",
            "uptake!D2: 2036 lies outside the plan 2026-2035, so this limit holds nowhere."
            " Mend the header of the column, or delete the column.",
        ],
    ),
    (
        "uptake",
        [add("uptake", region="JPN", **limits(0.5)), patch("demand", 1, "clear_from", 2034)],
        [
            "uptake!J2: the demand of demand!G2 takes clear material alone from 2034 on, which"
            " wins. Leave the cells from that year on blank."
        ],
    ),
    (
        "yearly limits",
        [patch("private_capital", 1, "2030", "")],
        [
            "private_capital!G2: no limit holds in 2030: other years have one, and blank is no"
            " limit. Add the limit of 2030; 0 lets nothing through."
        ],
    ),
    (
        "yearly limits",
        [add("build_limits", field="all", what="starts", **limits(1, 2026), **{"2036": 4})],
        [
            "build_limits!A2: no limit holds in 2026: other years have one, and blank is no"
            " limit. Add the limit of 2026; 0 lets nothing through.",
            "build_limits!L2: 2036 lies outside the plan 2026-2035, so this limit holds nowhere."
            " Mend the header of the column, or delete the column.",
        ],
    ),
    (
        "heavier outputs",
        [
            drop("contents"),
            patch("commodities", 2, "unit", "kt"),
            patch("recipes", 4, "amount", -0.001),
        ],
        [
            # 10 t of concentrate make 1 kt of oxide, which is 1000 t.
            "processes!A3: process 'refine' makes 1000 t out of 10 t, and sheet contents does not"
            " tell whether it can. Check the units and amounts of its recipe, and add its"
            " commodities to contents.",
        ],
    ),
    (
        "lost contents",
        [drop("contents", 2)],
        [
            "commodities!A3: sheet contents has no row for it, though it is made of what has one:"
            " the balance of process 'refine' is not checked."
            " Add its contents; 0 where it holds nothing.",
            "processes!A4: what process 'sinter' makes holds NdPr; its inputs have no contents."
            " Add oxide to sheet contents, so that this can be checked.",
        ],
    ),
    (
        "shared capacity",
        [patch("facilities", 2, "processes", "refine;sinter")],
        [
            "facilities!D3: 'sinter' uses what 'refine' makes, and both share one capacity: what"
            " the one runs is taken from the other."
            " For a capacity each, give every process a row of its own, with the same site."
        ],
    ),
    (
        "totals",
        [add("programmes", programme="Total", amount=900)],  # 700 + 200
        [total("programmes!A4", "Total", "its numbers are the sum of 2 other rows")],
    ),
    (
        "totals",
        [add("regions", region="Total", bloc="ally")],
        [total("regions!A5", "Total", "its name says so")],
    ),
    (
        "totals",
        [add("programmes", programme="s1", name="Total g\u00e9n\u00e9ral", amount=1)],
        [total("programmes!A4", "s1", "its name says so")],
    ),
    (
        "totals",
        [add("programmes", programme="total_allies", amount=900)],
        [total("programmes!A4", "total_allies", "its numbers are the sum of 2 other rows")],
    ),
    (
        "totals",
        [
            *(patch("programmes", 1, str(year), 100) for year in range(2026, 2036)),
            add("programmes", programme="both", amount=900),
            *(patch("programmes", 3, str(year), 150 if year < 2029 else 300) for year in YEARS),
        ],
        [total("programmes!A4", "both", "its numbers are the sum of 2 other rows")],
    ),
    (
        "totals of demand",
        [
            *(add("demand", region="JPN", commodity="magnet", segment=s, **a) for s, a in SPLIT),
            add("demand", region="JPN", commodity="magnet", segment="Summe", **{"2035": 9000}),
        ],
        [total("demand!C5", "Summe", "its name says so")],
    ),
    (
        "totals of demand",
        [
            patch("demand", 1, "segment", "cars"),
            *(add("demand", region="JPN", commodity="magnet", segment=s, **a) for s, a in SPLIT),
            # 2000 + 10 + 20, 3000 + 30 + 40, 4000 + 50 + 60
            add("demand", region="JPN", commodity="magnet", **demand(2030, 3070, 4110)),
        ],
        [total("demand!C5", "this row", "its numbers are the sum of 3 other rows")],
    ),
    (
        "private capital",
        [drop("private_capital")],
        [
            "private_capital: it is blank: private money has no ceiling, so budgets may mean"
            " little. Type what is ready by year."
        ],
    ),
    (
        "ceilings",
        [add("build_limits", field="stage", value="magnet", what="capex")],
        ["build_limits!A2: it limits no year of 2026-2035. Fill a year, or delete the row."],
    ),
    (
        "limits on capacity of use",
        [
            limit_of(commodity="magnet", value="AUS"),
            # P3 makes magnets in Japan, and a refinery no concentrate.
            limit_of(commodity="magnet", value="JPN"),
            limit_of(commodity="concentrate", field="process", value="refine"),
        ],
        [
            f"build_limits!D{row}: no project that it covers makes '{commodity}', so it limits"
            " nothing. Mend the row, or delete it."
            for row, commodity in ((2, "magnet"), (4, "concentrate"))
        ],
    ),
    (
        "eligibility shares",
        [patch("eligibility", 1, "max_share", 0.6)],
        ["eligibility!E2: max_share is above the programme's 0.5; the smaller holds."],
    ),
    (
        "programmes of use",
        [
            add("programmes", programme="idle", amount=5),
            add("eligibility", programme="idle", field="region", value="CHN"),
        ],
        [
            "programmes!A4: no project that is offered may take money of 'idle'."
            " See sheet eligibility."
        ],
    ),
    (
        "public floor",
        [patch("eligibility", 2, "value", "mining"), patch("projects", 1, "public_share", 0.3)],
        [
            "projects!R4: it needs a public share of 0.2, but no programme may pay for it."
            " It can never be built."
        ],
    ),
    (
        "lane rows",
        [lane("*", "*", limit=5)],
        ["lanes!D2: the limit holds for each of the 6 pairs separately."],
    ),
    (
        "lane rows",
        [lane("JPN", "JPN", limit=5)],
        [
            "lanes!A2: the row matches no pair of different regions, so it changes nothing."
            " Within a region no lane is needed."
        ],
    ),
    (
        "counted years",
        [setting("dependence_from", 2028), setting("dependence_to", 2034)],
        [
            "settings!B8: dependence does not count in 2026-2027. In years that do not count the"
            " plan may do worse than no new money, and stock for later years may be taken out of"
            " them. Type 2026, or leave it blank, to count every year.",
            "settings!B9: dependence does not count in 2035. In years that do not count the plan"
            " may do worse than no new money. Type 2035, or leave it blank, to count every year.",
        ],
    ),
    (
        "calibration",
        [setting("calibrate_from", 2024), calibrate("world_share", "mining:CHN", 2024, 0.7)],
        [
            "calibration!C2: dependence counts in 2026-2035, not in 2024: the baseline takes the"
            " cheapest flows there, not those that rest least on the covered bloc. Leave"
            " dependence_from and dependence_to blank: the baseline then counts all.",
        ],
    ),
    (
        "lanes open",
        [lane("CHN", "*", open="no"), lane("*", "CHN", "oxide", open="no")],
        [
            "lanes!D2: every row closes, and a pair that no row matches is closed where the sheet"
            " has rows: between regions nothing moves of concentrate, oxide, magnet. Add a row that"
            " opens the other pairs: origin *, destination *, commodity *.",
        ],
    ),
    (
        "lanes open",
        [lane("*", "*", "concentrate"), lane("CHN", "JPN", "oxide", limit=0)],
        [
            "lanes!D3: no row opens them, and a pair that no row matches is closed where the sheet"
            " has rows: between regions nothing moves of oxide. Add a row that opens the other"
            " pairs: origin *, destination *, commodity oxide.",
        ],
    ),
    (
        "lane rows",
        [lane("*", "*", first_year=2040)],
        ["lanes!D2: the row lies outside 2026-2035, so it changes nothing."],
    ),
    (
        "scenarios",
        [add("scenarios", scenario="calm")],
        [
            "scenarios!A3: scenario 'calm' has no shocks: it is the base case."
            " Add its rows to sheet shocks."
        ],
    ),
    (
        "scenarios",
        [
            patch("scenarios", 1, "probability", 0.6),
            add("scenarios", scenario="b", probability=0.5),
            add("shocks", scenario="b", what="demand", factor=2),
        ],
        ["scenarios!D3: the probabilities sum to 1.1, more than 1."],
    ),
    (
        "ramps",
        [patch("ramps", 1, "year_3", 0.08)],
        [
            "ramps!D2: ramp 'standard' falls from 0.8 to 0.08 in year 3."
            " Mend it, unless the plant wears out."
        ],
    ),
    (
        "ramps",
        [patch("ramps", 1, "year_3", 0)],
        [
            "ramps!D2: the last value of ramp 'standard' is 0 and stays: its plants then idle."
            " Type what stays after the last year."
        ],
    ),
    (
        "idle plants",
        [patch("facilities", 3, "capacity", 0)],
        [
            "facilities!E4: 'cn_magnets' has a capacity of 0: it makes nothing."
            " Type its capacity, or delete the row."
        ],
    ),
    (
        "idle plants",
        [patch("facilities", 3, "availability", 0)],
        [
            "facilities!I4: 'cn_magnets' is available for 0 of the year: it makes nothing."
            " Type the share of the year it can run."
        ],
    ),
    (
        "shocks given twice",
        [
            add(
                "shocks",
                scenario="embargo",
                what="lane",
                field="origin",
                value="chn",
                first_year=2030,
                factor=0,
            )
        ],
        [
            "shocks!B3: this shock is that of row 2 again, and both hold."
            " Delete one, unless its effect is meant twice."
        ],
    ),
    (
        "shock amounts",
        [patch("shocks", 1, "factor", "")],
        ["shocks!F2: factor 1 and shift 0 change nothing. Fill one of them."],
    ),
    (
        "price shocks",
        [add("shocks", scenario="embargo", what="price", factor=2)],
        ["shocks!B3: a price shock changes nothing: sheet prices is empty."],
    ),
    (
        "shock amounts",
        [patch("shocks", 1, "factor", 0.5)],
        [
            "shocks!F2: lanes have no limits, so only factor 0 changes anything."
            " Type 0, or give limits in sheet lanes."
        ],
    ),
    (
        "merchants",
        [project(1, merchant=2036, merchant_chance=0.4)],
        ["projects!R2: it comes after last_year 2035, so it changes nothing."],
    ),
    (
        "shock years",
        [patch("shocks", 1, "first_year", 2040)],
        ["shocks!E2: the shock lies outside 2026-2035, so it changes nothing."],
    ),
]

WARNINGS += [
    (check, [*FULL_CASE, *changes], warnings)
    for subject in (
        *(money_cases, stock_cases, support_cases, contract_cases, target_cases),
        *(idle_cases, bundle_cases),
    )
    for check, changes, warnings in subject.WARNINGS
]


@pytest.mark.parametrize(("_check", "changes", "expected"), WARNINGS)
def test_check_warns(tmp_path: Path, _check: str, changes: list[Edit], expected: list[str]) -> None:
    assert outcome(tiny_case(tmp_path, *changes)) == ([], expected)


# (what must pass, changes)
SOUND: list[tuple[str, list[Edit]]] = [
    (
        "labels told apart by a digit or a letter of a short word",
        [
            *(patch("projects", row, "group", f"phase {row}") for row in (1, 2)),
            *(patch("commodities", row, "mineral", name) for row, name in ((2, "LFP"), (3, "LMP"))),
        ],
    ),
    ("lanes apart in years", [lane("*", "*", last_year=2030), lane("*", "*", first_year=2031)]),
    (
        "a tie that a third row settles",
        [lane("CHN", "*"), lane("*", "JPN"), lane("CHN", "JPN"), lane("*", "*")],
    ),
    ("lane to a commodity only", [lane("*", "*"), lane("*", "*", "oxide")]),
    ("a closing row beside one that opens", [lane("*", "*"), lane("CHN", "*", open="no")]),
    ("a year in the objective", [setting("objective", "Dependence@2032")]),
    ("a target", [setting("objective", "public"), setting("dependence_target", 0.4)]),
    (
        "prices for a bloc",
        [VALUE, add("prices", commodity="magnet", market="bloc:ally", **{"2026": 9, "2035": 9})],
    ),
    (
        "capacity by year up to the end of the plant",
        [
            patch("facilities", 1, "capacity", ""),
            patch("facilities", 1, "2030", 5),
            patch("facilities", 1, "closes", 2030),
        ],
    ),
    ("a loan that is lent again", [patch("programmes", 1, "repay_years", 10)]),
    (
        "forced projects that one loan pays after another",
        [
            project(1, decision="force"),
            project(2, decision="force"),
            patch("programmes", 1, "amount", 100),
            patch("programmes", 1, "repay_years", 1),
        ],
    ),
    (
        "no money, no ceiling",
        [
            drop("private_capital"),
            drop("programmes"),
            drop("eligibility"),
            setting("public_share", 0),
        ],
    ),
    (
        "limits on what is built",
        [
            add("build_limits", field="all", what="starts", **limits(1)),
            add("build_limits", field="region", value="jpn", what="capex", **limits(300)),
            limit_of(commodity="Magnet", value="jpn"),
            patch("build_limits", 3, "carry_over", "yes"),
        ],
    ),
    ("a scalable project", [scalable(3), plan("P3", 2026, size=800)]),
    ("calibration", [calibrate("exports", "magnet:chn:Jpn", 2026, 10)]),
    ("calibration by element", [calibrate("dependence", "ndpr", 2026, 0.9)]),
    (
        "a baseline before the plan",
        [
            *(drop("settings", 7), setting("calibrate_from", 2024)),
            calibrate("world_share", "mining:CHN", 2024, 0.7),
        ],
    ),
    (
        "a disposal process",
        [
            add("processes", process="dump"),
            add("recipes", process="dump", commodity="oxide", amount=-1),
            patch("facilities", 1, "processes", "mine;dump"),
            patch("facilities", 1, "capacity_of", ""),
        ],
    ),
    (
        "recycling in a circle",
        [
            add("processes", process="recycle", stage="recycling"),
            add("recipes", process="recycle", commodity="magnet", amount=-1),
            add("recipes", process="recycle", commodity="oxide", amount=0.3),
            patch("facilities", 2, "processes", "refine;recycle"),
        ],
    ),
    (
        "recycling without contents that keeps all that goes round, and makes nothing",
        [
            *loop(0.4)[:-1],
            add("facilities", **RECYCLER),
            add("commodities", commodity="iron"),
            add("processes", process="smelt", stage="mining"),
            add("recipes", process="smelt", commodity="iron", amount=1),
            add("recipes", process="sinter", commodity="iron", amount=-0.6),
            patch("facilities", 1, "processes", "mine;smelt"),
            patch("facilities", 1, "capacity_of", ""),
        ],
    ),
    ("lane shock on a bloc", [patch("shocks", 1, "value", "Bloc:Covered")]),
    (
        "lane shock by the commodity's stage",
        [patch("shocks", 1, "field", "stage"), patch("shocks", 1, "value", "Magnet")],
    ),
]

SOUND.append(("the full case", FULL_CASE))
SOUND += [
    (name, [*FULL_CASE, *changes])
    for subject in (stock_cases, support_cases, contract_cases, target_cases)
    for name, changes in subject.SOUND
]


@pytest.mark.parametrize("changes", [case[1] for case in SOUND], ids=[case[0] for case in SOUND])
def test_sound_cases_pass(tmp_path: Path, changes: list[Edit]) -> None:
    assert outcome(tiny_case(tmp_path, *changes)) == ([], [])


def test_a_fault_sets_off_no_others(tmp_path: Path) -> None:
    changes: list[Callable[[Cells], None]] = [patch("recipes", 1, "amount", "?")]
    issues, warnings = outcome(tiny_case(tmp_path, *changes))
    assert issues == ["recipes!C2: '?' is text, not a number. Type a number."]
    assert warnings == []


def _tests() -> str:
    own, support = Path(__file__).parent, Path(__file__).parents[1] / "support"
    names = ("test_reader", "test_checks", "test_faults", "test_convert", "test_template")
    files = [own / f"{name}.py" for name in (*names, "test_variants")]
    subjects = ("money", "stock", "support", "contract", "target", "idle", "bundle")
    supporting = ("cases", "full_case", *(f"{subject}_cases" for subject in subjects))
    files += [support / f"{name}.py" for name in supporting]
    texts = [file.read_text(encoding="utf-8") for file in files]
    example = Path(__file__).parents[2] / "opt" / "data" / "example.py"
    return "\n".join([*texts, example.read_text(encoding="utf-8")])


def test_every_file_with_checks_is_in_the_contents() -> None:
    modules = [import_module(f"opt.data.{file.name}") for file in iter_modules(opt.data.__path__)]
    declared = [check.name for module in modules for check in checks_of(module)]
    assert sorted(declared) == sorted(check.name for check in CHECKS)
    assert len(set(declared)) == len(declared)


@pytest.mark.parametrize("name", [check.name for check in CHECKS])
def test_every_check_has_a_test(name: str) -> None:
    # Checks of single settings are tested with the other faults of cells, in test_faults.
    in_faults = {
        "horizon": "plan too long",
        "dependence years": "dependence year outside",
        "objective": "objective misspelt",
    }
    tested = {case[0] for case in (*FAULTS, *WARNINGS)}
    assert name in tested or f'"{in_faults[name]}"' in _tests()


@pytest.mark.parametrize(
    ("sheet", "column"), [(sheet.name, c.name) for sheet in SHEETS for c in sheet.all_columns]
)
def test_every_column_has_a_test(sheet: str, column: str) -> None:
    assert re.search(rf"\b{re.escape(column)}\b", _tests()), f"{sheet}.{column}"


FORBIDDEN = "plans!B2: 'P1' is forbidden in sheet projects. Delete the row, or free the project."


@pytest.mark.parametrize(
    ("what", "stage"), [("supply", "sintering"), ("demand", "magnet"), ("price", "magnet")]
)
def test_a_stage_of_flows_is_the_commodities_and_of_plants_the_processes(
    tmp_path: Path, what: str, stage: str
) -> None:
    stages = patch("processes", 3, "stage", "sintering")

    def case(name: str, value: str) -> list[str]:
        shock = {"field": "stage", "value": value, "factor": 0.5}
        change = add("shocks", scenario="embargo", what=what, **shock)
        return outcome(tiny_case(tmp_path / name, stages, change))[0]

    assert case("its", stage) == []
    other = {"sintering": "magnet", "magnet": "sintering"}[stage]
    assert [words.split(" Did")[0].split(" No")[0] for words in case("other", other)] == [
        f"shocks!D3: '{other}' is not a stage."
    ]


def test_what_is_wrong_with_a_plan_refuses_that_plan_alone(tmp_path: Path) -> None:
    path = tiny_case(
        tmp_path, patch("projects", 1, "decision", "forbid"), plan("P2", 2027), plan("P3", 2028)
    )
    tables = read(path)
    (warning,) = [warning for warning in tables.warnings if warning.sheet == "plans"]
    assert warning.message == (
        "plan 'announced' cannot be asked for: 'P1' is forbidden in sheet projects."
    )
    assert [c.project for c in find_plan(tables, "mine").commitments] == ["P2", "P3"]
    with pytest.raises(InputError) as caught:
        find_plan(tables, "Announced")
    assert [str(issue) for issue in caught.value.issues] == [FORBIDDEN]


# What cannot be read of a plan, and what is told of it where the plan is asked for.
UNREADABLE = (
    (plan("P9", 2027), "plans!B4: 'P9' is not in sheet projects. Add it there, or mend the name."),
    (plan("P2", "soon"), "plans!C4: 'soon' is text, not a number. Type a number."),
    (plan("P2", 2027, units=-1), "plans!D4: -1 is below 1. Type 1 or more."),
    (plan("", 2027), "plans!B4: project is blank. It is required."),
    (plan("P2", "#REF!"), "plans!C4: #REF! is an error value. Fix the formula or type a number."),
)


@pytest.mark.parametrize(("change", "words"), UNREADABLE)
def test_what_cannot_be_read_of_a_plan_refuses_that_plan_alone(
    tmp_path: Path, change: Edit, words: str
) -> None:
    # P1 twice is more than may be built: the other plan is still checked as a whole.
    other = [add("plans", plan="other", project="P1", year=2026, units=2)]
    tables = read(tiny_case(tmp_path, change, plan("P3", 2028), *other))
    assert [c.project for c in find_plan(tables, "announced").commitments] == ["P1", "P2"]
    with pytest.raises(InputError) as caught:
        find_plan(tables, "mine")
    assert [str(issue) for issue in caught.value.issues] == [words]
    with pytest.raises(InputError, match="at most 1 can be built"):
        find_plan(tables, "other")


def test_a_row_of_no_plan_is_a_fault(tmp_path: Path) -> None:
    path = tiny_case(tmp_path, add("plans", project="P2", year=2027, units=1))
    assert outcome(path) == (["plans!A4: plan is blank. It is required."], [])
