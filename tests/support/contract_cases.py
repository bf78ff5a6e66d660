"""Offtake contracts: changes of the full case, faulty, doubtful or sound."""

from __future__ import annotations

from cases import Edit, patch
from full_case import contract

# (check, changes, faults in their words)
FAULTS: list[tuple[str, list[Edit], list[str]]] = [
    (
        "offtake rows",
        [patch("offtakes", 1, "project", "")],
        ["offtakes!A2: no plant is named. Fill facility or project."],
    ),
    (
        "offtake rows",
        [patch("offtakes", 1, "facility", "cn_refinery")],
        ["offtakes!A2: facility and project are both named. Keep one of them."],
    ),
    (
        "offtake rows",
        [patch("offtakes", 1, "commodity", "magnet")],
        ["offtakes!C2: 'P2' does not make magnet. It makes oxide."],
    ),
    (
        "offtake rows",
        [patch("offtakes", 1, "destination", "*")],
        [
            "offtakes!D2: output that is bound to every region is bound to none."
            " Name a region or a bloc, such as bloc:ally."
        ],
    ),
    (
        "offtake rows",
        [patch("offtakes", 1, "destination", "bloc:other")],
        ["offtakes!D2: no region is in bloc other. Name a region or another bloc."],
    ),
    (
        "offtake shares",
        [contract(share=0.4), contract(destination="AUS", share=0.3)],
        ["offtakes!E4: the shares of oxide of 'P2' sum to 1.2, more than 1. Mend the shares."],
    ),
    (
        "offtake number",
        [
            patch("facilities", 2, "region", "AUS"),
            *(
                contract(facility=plant, project="", destination=to)
                for plant in ("cn_refinery",)
                for to in ("AUS", "JPN", "CHN", "bloc:ally", "bloc:covered")
            ),
            contract(),
        ],
        [
            "offtakes!C8: more than 6 contracts of oxide in AUS are too many to prove."
            " Merge contracts with one destination."
        ],
    ),
]

# (check, changes, warnings in their words) with no faults
WARNINGS: list[tuple[str, list[Edit], list[str]]] = [
    (
        "offtake rows",
        [patch("offtakes", 1, "last_year", 2020)],
        ["offtakes!F2: it ends before first_year 2026, so it changes nothing."],
    ),
    (
        "offtake rows",
        [patch("offtakes", 1, "share", 1), contract(last_year=2025)],
        ["offtakes!F3: it ends before first_year 2026, so it changes nothing."],
    ),
]

# (what must pass, changes)
SOUND: list[tuple[str, list[Edit]]] = [
    (
        "six contracts of one commodity in a region",
        [
            patch("facilities", 2, "region", "AUS"),
            *(
                contract(facility="cn_refinery", project="", destination=to)
                for to in ("AUS", "JPN", "CHN", "bloc:ally", "bloc:covered")
            ),
            contract(commodity="concentrate", project="P1"),
        ],
    ),
    ("a contract with the plant's own region", [contract(destination="AUS")]),
]
