"""Least use of facilities: changes of the full case that are faults or doubtful."""

from __future__ import annotations

from cases import Cells, Edit, add, patch


def least(row: int, use: float | str, cost: float | str) -> Edit:
    """Least use and idle cost of one facility: 1 cn_mine, 2 cn_refinery, 3 cn_magnets."""

    def change(case: Cells) -> None:
        patch("facilities", row, "least_use", use)(case)
        patch("facilities", row, "idle_cost", cost)(case)

    return change


def by_year(facility: str, **shares: float | str) -> Edit:
    """A row of sheet least_use."""
    return add("least_use", facility=facility, **shares)


ALL = {"2026": 0.5, "2035": 0.5}
MINE = {"facility": "au_mine", "region": "AUS", "processes": "mine", "capacity": 100}

# (check, changes, faults in their words)
FAULTS: list[tuple[str, list[Edit], list[str]]] = [
    (
        "least use",
        [least(2, 0.5, 100), by_year("cn_refinery", **ALL)],
        ["facilities!I3: least use is given twice, here and in least_use!A2. Keep one."],
    ),
    (
        "least use",
        [least(2, "", 100), by_year("cn_refinery")],
        ["least_use!A2: no least use is given. Fill the year columns."],
    ),
    (
        "least use",
        [least(2, "", 100), by_year("cn_refinery", **{"2026": 0.5, "2030": 0.4})],
        [
            "least_use!C2: no least use for 2031-2035; it is not treated as zero."
            " Fill the column of 2035, or the year in which the facility closes."
        ],
    ),
    (
        "idle costs",
        [least(2, "", 100)],
        ["facilities!J3: idle_cost is given without a least use. Fill least_use, or delete this."],
    ),
    (
        "host metals",
        [least(2, 0.5, "")],
        [
            "facilities!J3: without it 'cn_refinery' always runs its least use, but process"
            " 'refine' needs concentrate, which may lack. Type what an idle unit costs."
        ],
    ),
    (
        "host metals",
        [by_year("cn_mine", **ALL), patch("commodities", 1, "surplus", "none")],
        [
            "facilities!A2: without it 'cn_mine' always runs its least use, but of concentrate,"
            " which process 'mine' makes, nothing may be left over. Type what an idle unit costs."
        ],
    ),
    (
        "host metals",
        [add("facilities", **MINE, least_use=0.5)],
        [
            "facilities!A5: without it 'au_mine' always runs its least use, but a losing plant runs"
            " only as far as support pays (setting losing_plants). Type what an idle unit costs."
        ],
    ),
]

# (check, changes, warnings in their words) with no faults
WARNINGS: list[tuple[str, list[Edit], list[str]]] = [
    (
        "idle costs",
        [least(2, 0.5, 0)],
        [
            "facilities!J3: to stand idle costs nothing, so its least use changes nothing."
            " Type what an idle unit costs."
        ],
    ),
    ("host metals", [least(1, 0.5, "")], []),
    ("host metals", [by_year("cn_mine", **ALL)], []),
    (
        "least use",
        [
            least(2, "", 100),
            patch("facilities", 2, "closes", 2030),
            by_year("cn_refinery", **{"2026": 0.5, "2030": 0.4}),
        ],
        [],
    ),
]
