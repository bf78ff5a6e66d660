"""Programmes: changes of the full case that are doubtful."""

from __future__ import annotations

from cases import Edit, drop, patch
from full_case import eligible

# (check, changes, warnings in their words) with no faults
WARNINGS: list[tuple[str, list[Edit], list[str]]] = [
    (
        "uses of money",
        [patch("programmes", 1, "instrument", "output_support")],
        [
            "programmes!R2: instrument output_support is a label alone: pays_for does not name it."
            " Type output_support in pays_for."
        ],
    ),
    (
        "programmes of use",
        [patch("eligibility", 3, "value", "magnet")],
        [
            "programmes!A4: no stockpile may take money of 'reserve'. See sheet eligibility.",
        ],
    ),
    *(
        (
            "programmes of use",
            [eligible("reserve", field, value, how)],
            ["programmes!A4: no stockpile may take money of 'reserve'. See sheet eligibility."],
        )
        for field, value, how in (
            ("project", "P1", "only"),
            ("process", "refine", "only"),
            ("bloc", "ally", "never"),
            ("region", "AUS", "only"),
        )
    ),
    (
        "programmes of use",
        [eligible("floors", "project", "P2"), drop("supports", 2)],
        [
            "programmes!R5: it pays for output_support, but sheet supports has no amount of"
            " 'floors'. Add a row with basis per_unit, or leave it out.",
        ],
    ),
    (
        "programmes of use",
        [drop("stockpiles")],
        [
            "programmes!A4: no stockpile may take money of 'reserve'. See sheet eligibility.",
        ],
    ),
    (
        "programmes of use",
        [patch("programmes", 1, "pays_for", "capex; stock")],
        [
            "programmes!R2: it pays for stock, but no stockpile may take money of 'mining_fund'."
            " See sheet eligibility, or leave stock out."
        ],
    ),
    (
        "programmes of use",
        [eligible("floors", "bloc", "covered"), drop("supports", 1), drop("supports")],
        [
            "programmes!A5: no plant that makes clear output may take money of 'floors'."
            " See sheet eligibility.",
            "programmes!R5: it pays for output_support, but sheet supports has no amount of"
            " 'floors'. Add a row with basis per_unit, or leave it out.",
        ],
    ),
]
