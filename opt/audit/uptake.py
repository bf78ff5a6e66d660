"""What is clear but not taken, where only a part of demand takes clear material."""

from __future__ import annotations

from collections.abc import Iterator

from opt.audit.check import Check, equal, holds, within
from opt.audit.demand import dependence_by_year
from opt.audit.evidence import Evidence
from opt.audit.options import ALL_TAKE
from opt.audit.rule import of_plan


@of_plan
def define_uptake_table(evidence: Evidence) -> Iterator[Check]:
    """uptake.csv: weighted allied demand and what of it is exposed or short, of each counted year;
    if_taken = exposed + short of the option in which all take clear material; untaken = the former
    - if_taken, untaken_share = untaken / demand. Empty without that option. Scale: the demand."""
    options = [row for row in evidence.answer.record.get("options", ()) if row["name"] == ALL_TAKE]
    told = options[0]["by_year"] if options else {}
    rows = {str(row.year): row for row in evidence.answer.uptake}
    whole = dependence_by_year(evidence, evidence.allied)
    yield holds(("rows",), len(rows) == len(evidence.answer.uptake) and rows.keys() == told.keys())
    for year in sorted(rows.keys() & told.keys()):
        row, line, own = rows[year], told[year], whole[int(year)]
        dependent, if_taken = own.exposed + own.short, line["exposed"] + line["short"]
        amounts = {
            "demand": own.demand,
            "dependent": dependent,
            "if_taken": if_taken,
            "untaken": dependent - if_taken,
        }
        scale = max(evidence.case.mass_floor, own.demand)
        for column, right in amounts.items():
            yield equal((year, column), getattr(row, column), right, scale)
        share = (dependent - if_taken) / own.demand if own.demand else 0.0
        yield within((year, "untaken_share"), row.untaken_share, share, 0.0)
