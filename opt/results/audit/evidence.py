"""Case and answer side by side, with the sums that several rules need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from opt.data.tables import Tables
from opt.results.audit.answer import ALLIED, BASELINE, FLOW_SETS, Answer
from opt.results.audit.case import Case, derive_case
from opt.results.audit.supply import use_of_capacity
from opt.results.audit.trade import Lanes, derive_lanes
from opt.results.solution import CLEAR, EXPOSED, Commitment, Flows

MaterialKey = tuple[str, str, str, int]  # region, commodity, origin class, year
Amounts = Mapping[MaterialKey, float]


@dataclass(frozen=True, slots=True)
class Sums:
    """One set of flows added up by region, commodity, origin class and year; `throughput` by
    plant and year, in the unit of the plant's capacity."""

    flows: Flows
    made: Amounts
    used: Amounts
    sent: Amounts
    arrived: Amounts
    downgraded: Amounts
    surplus: Amounts
    served: Amounts
    throughput: Mapping[tuple[str, int], float]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What every rule gets: the case, its lanes, the answer, and the answer added up."""

    case: Case
    lanes: Lanes
    answer: Answer
    sums: Mapping[str, Sums]

    def commitments(self, flow_set: str, project: str) -> tuple[Commitment, ...]:
        """The commitments behind a set of flows; the baseline has none."""
        if flow_set == BASELINE:
            return ()
        return tuple(c for c in self.answer.commitments if c.project == project)

    @property
    def has_baseline(self) -> bool:
        """Whether the run reports a baseline."""
        return self.answer.metrics.get(BASELINE) is not None

    @property
    def flow_sets(self) -> tuple[str, ...]:
        """The sets of flows that the run reports."""
        return tuple(name for name in FLOW_SETS if name != BASELINE or self.has_baseline)

    @property
    def allied(self) -> Sums:
        """The flows of the cost pass."""
        return self.sums[ALLIED]


def derive_evidence(tables: Tables, answer: Answer) -> Evidence:
    """Case and lanes without the sums, enough for the rules about names and signs."""
    case = derive_case(tables, answer.scenario)
    return Evidence(case, derive_lanes(case), answer, {})


def add_sums(evidence: Evidence) -> Evidence:
    """The evidence with its flows added up; names must be known by then."""
    case = evidence.case
    sums = {name: _add_up(case, flows) for name, flows in evidence.answer.flows.items()}
    return Evidence(case, evidence.lanes, evidence.answer, sums)


def _add_up(case: Case, flows: Flows) -> Sums:
    made, used, throughput = _add_activity(case, flows)
    sent, arrived = _add_shipments(case, flows)
    downgraded: dict[MaterialKey, float] = defaultdict(float)
    surplus: dict[MaterialKey, float] = defaultdict(float)
    served: dict[MaterialKey, float] = defaultdict(float)
    for left in flows.leftovers:
        downgraded[left.region, left.commodity, left.origin, left.year] += left.downgraded
        surplus[left.region, left.commodity, left.origin, left.year] += left.surplus
    for given in flows.deliveries:
        served[given.region, given.commodity, CLEAR, given.year] += given.clear
        served[given.region, given.commodity, EXPOSED, given.year] += given.exposed
    return Sums(flows, made, used, sent, arrived, downgraded, surplus, served, throughput)


def _add_activity(
    case: Case, flows: Flows
) -> tuple[dict[MaterialKey, float], dict[MaterialKey, float], dict[tuple[str, int], float]]:
    made: dict[MaterialKey, float] = defaultdict(float)
    used: dict[MaterialKey, float] = defaultdict(float)
    throughput: dict[tuple[str, int], float] = defaultdict(float)
    for run in flows.activities:
        plant = case.plant(run.plant)
        throughput[run.plant, run.year] += run.activity * use_of_capacity(case, plant, run.process)
        for commodity, amount in case.recipes[run.process].items():
            book = made if amount > 0 else used
            book[plant.region, commodity, run.origin, run.year] += run.activity * abs(amount)
    return made, used, throughput


def _add_shipments(
    case: Case, flows: Flows
) -> tuple[dict[MaterialKey, float], dict[MaterialKey, float]]:
    """What left and what arrived; material that reaches a covered region arrives exposed."""
    sent: dict[MaterialKey, float] = defaultdict(float)
    arrived: dict[MaterialKey, float] = defaultdict(float)
    for trade in flows.shipments:
        origin = EXPOSED if case.is_covered(trade.destination) else trade.origin
        sent[trade.origin_region, trade.commodity, trade.origin, trade.year] += trade.amount
        arrived[trade.destination, trade.commodity, origin, trade.year] += trade.amount
    return sent, arrived
