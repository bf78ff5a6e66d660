"""A tiny instance built in code: one mine, one refinery, one magnet plant, three years.

The scale of its model is 1: the largest allied demand of a year lies in 100..1000 units and the
dearest project in 1..10 USD million. So the model's numbers are the workbook's, and a unit cost of
USD 1,000,000 per unit is 1 (USD million per unit). No workbook stands behind it, so that a test of
the model reads what the model takes and nothing of how it is read.
"""

from __future__ import annotations

import dataclasses

from opt.data.instance import (
    Commodity,
    Demand,
    Facility,
    Instance,
    Lane,
    Offer,
    Offtake,
    Plant,
    Pool,
    Process,
    Programme,
    Project,
    Stockpile,
    Target,
)
from opt.record.flows import CLEAR, EXPOSED

YEARS = (2030, 2031, 2032)
MILLION = 1e6
SINTER = ("magnets_a", "sinter")
BOTH = (CLEAR, EXPOSED)


def plant(id_: str, region: str, process: str, **changes: object) -> Plant:
    """A plant of one process, capacity in activity, without costs."""
    made = Plant(
        id=id_,
        name=id_,
        site="",
        region=region,
        rates={process: 1.0},
        clear=region != "C",
        opex=0.0,
        fixed_opex=0.0,
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def offer(year: int, **changes: object) -> Offer:
    """A commitment that operates a year later, half its capacity in its first year."""
    usable = {t: 0.5 if t == year + 1 else 1.0 for t in YEARS if t > year}
    made = Offer(
        year=year,
        first_operation=year + 1,
        capex=4.0,
        capex_per_unit=0.0,
        spend={year: 0.5, year + 1: 0.5},
        usable=usable,
        open_years=tuple(usable),
        residual=0.0,
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def project(id_: str = "refinery", **changes: object) -> Project:
    """A refinery of 40 units of oxide in the allied region A, at most two of them."""
    made = Project(
        plant=plant(id_, "A", "refine"),
        capacity_min=40.0,
        capacity_max=40.0,
        scalable=False,
        max_units=2,
        group="",
        requires="",
        public_share=0.25,
        max_public_share=0.75,
        forced=False,
        forced_year=None,
        offers={2030: offer(2030), 2031: offer(2031)},
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def programme(id_: str = "grant", **changes: object) -> Programme:
    """A programme of USD 3 million that may pay half of the refinery, without yearly limits."""
    made = Programme(
        id=id_,
        amount=3.0,
        commit_from=2030,
        commit_to=2032,
        charge=1.0,
        ticket_min=0.0,
        ticket_max=None,
        carry_over=False,
        limits={},
        shares={"refinery": 0.5},
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def demand(segment: str, region: str = "A", **changes: object) -> Demand:
    """A demand for magnets: 400, 450 and 500 a year, of weight 2."""
    made = Demand(
        id=f"{region}|magnet|{segment}",
        region=region,
        commodity="magnet",
        segment=segment,
        weight=2.0,
        clear_from=None,
        amounts={2030: 400.0, 2031: 450.0, 2032: 500.0},
        allied=region == "A",
        prices={},
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def stockpile(id_: str = "vault", **changes: object) -> Stockpile:
    """A stockpile of oxide in A with 20 clear units, room for 60 and a loss of a tenth a year.

    A unit costs USD 2, 3 and 4 million in the three years and USD 0.5 million a year to keep.
    """
    made = Stockpile(
        id=id_,
        region="A",
        commodity="oxide",
        initial={"clear": 20.0},
        capacity=60.0,
        loss=0.1,
        carrying_cost=0.5 * MILLION,
        release_years=frozenset({2031, 2032}),
        buys=("clear",),
        prices={2030: 2 * MILLION, 2031: 3 * MILLION, 2032: 4 * MILLION},
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def offtake(*destinations: str, share: float, **changes: object) -> Offtake:
    """A contract on the refinery's oxide over all years."""
    made = Offtake("refinery", "A", "oxide", frozenset(destinations), share, YEARS[-1])
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def target(metric: str, bound: float, **changes: object) -> Target:
    """A target for 2031, at most."""
    made = Target("goal", metric, "", 2031, bound, True)
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def tiny_instance(**changes: object) -> Instance:
    """The mine and the magnet plant stand in A; the refinery in A is a project, one in C exists.

    Ore is shipped through a pool of both regions at USD 1 million, oxide on one lane from C to A
    at USD 2 million with a limit of 30. Surplus of ore costs USD 3 million, of oxide there may be
    none, of magnets it is free. The discount rate of 25% makes the factors 1, 0.8 and 0.64.
    """
    demands = [
        demand("cars", clear_from=2032),
        demand("defence", weight=1.0, amounts=dict.fromkeys(YEARS, 100.0)),
    ]
    made = Instance(
        name="tiny",
        scenario=None,
        years=YEARS,
        dependence_years=(2031, 2032),
        dependence_target=None,
        discount_rate=0.25,
        blocs={"A": "ally", "C": "covered"},
        commodities={
            "ore": Commodity("ore", "rare earths", "mining", "t", 3 * MILLION),
            "oxide": Commodity("oxide", "rare earths", "separation", "t", None),
            "magnet": Commodity("magnet", "rare earths", "magnet", "t", 0.0),
        },
        processes={
            "mine": Process("mine", "mining", {"ore": 1.0}),
            "refine": Process("refine", "separation", {"ore": -10.0, "oxide": 1.0}),
            "sinter": Process("sinter", "magnet", {"oxide": -0.5, "magnet": 1.0}),
        },
        facilities={
            "mine_a": Facility(plant("mine_a", "A", "mine"), dict.fromkeys(YEARS, 600.0), YEARS),
            "refinery_c": Facility(
                plant("refinery_c", "C", "refine", rates={"refine": 10.0}),
                dict.fromkeys(YEARS, 300.0),
                YEARS,
            ),
            "magnets_a": Facility(
                plant("magnets_a", "A", "sinter"), dict.fromkeys(YEARS, 100.0), YEARS
            ),
        },
        projects={"refinery": project()},
        programmes={"grant": programme()},
        demands={d.id: d for d in demands},
        lanes=(Lane(0, "oxide", "C", "A", 2 * MILLION, dict.fromkeys(YEARS, 30.0)),),
        pools=(Pool(0, "ore", 1 * MILLION, ("A", "C"), ("A", "C"), YEARS),),
    )
    return made.replace(**changes)


def scalable_instance() -> Instance:
    """The tiny instance with a refinery of 10 to 50 units, USD 1 million + 0.04 a unit."""
    scalable = project(
        scalable=True,
        capacity_min=10.0,
        capacity_max=50.0,
        offers={2030: offer(2030, capex=1.0, capex_per_unit=0.04)},
    )
    return tiny_instance(projects={"refinery": scalable})


def large(**changes: object) -> Instance:
    """The instance with a thousand times the demand and the capex."""
    base = tiny_instance(projects={"refinery": project(offers={2030: offer(2030, capex=4000.0)})})
    demands = {
        d.id: dataclasses.replace(d, amounts={t: a * 1e3 for t, a in d.amounts.items()})
        for d in base.demands.values()
    }
    return base.replace(demands=demands, **changes)


def trading(**changes: object) -> Instance:
    """Oxide of A, made by the refinery in both classes, can be left over, or go to magnet plants in
    A, in B (an ally) and in C; oxide of C goes to A. Lanes: 0 C to A, 1 A to B, 2 A to C."""
    base = tiny_instance()
    users = {
        f: Facility(plant(f, region, "sinter"), dict.fromkeys(YEARS, 100.0), YEARS)
        for f, region in (("magnets_b", "B"), ("magnets_c", "C"))
    }
    limits = dict.fromkeys(YEARS, 30.0)
    lanes = [("C", "A"), ("A", "B"), ("A", "C")]
    made = base.replace(
        blocs={"A": "ally", "B": "ally", "C": "covered"},
        commodities={**base.commodities, "oxide": Commodity("oxide", "", "separation", "t", 0.0)},
        facilities={**base.facilities, **users},
        lanes=tuple(Lane(n, "oxide", a, b, 0.0, limits) for n, (a, b) in enumerate(lanes)),
    )
    return made.replace(**changes)
