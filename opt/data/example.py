"""A tiny complete case: a mine, a refinery and a magnet plant against a chain in China.

The figures are made up, to show what a workbook looks like. `opt init` writes it.
"""

from __future__ import annotations

# A header and rows.
Lines = tuple[tuple[str | int | float, ...], ...]

# Sheet to header and rows. A blank cell is "".
EXAMPLE: dict[str, Lines] = {
    "settings": (
        ("key", "value", "unit", "note"),
        ("schema", 1, "", "version of this layout"),
        ("title", "A small magnet chain", "", "made-up figures"),
        ("first_year", 2026, "year", ""),
        ("last_year", 2035, "year", ""),
        ("price_year", 2025, "year", ""),
        ("discount_rate", 0.05, "share a year", ""),
        ("dependence_from", 2026, "year", ""),
        ("dependence_to", 2035, "year", ""),
        ("public_share", 0.2, "share", ""),
    ),
    "regions": (
        ("region", "name", "bloc"),
        ("AUS", "Australia", "ally"),
        ("JPN", "Japan", "ally"),
        ("CHN", "China", "covered"),
    ),
    "commodities": (
        ("commodity", "name", "mineral", "stage", "unit", "surplus"),
        ("concentrate", "Rare earth concentrate", "rare earths", "mining", "t", "free"),
        ("oxide", "NdPr oxide", "rare earths", "separation", "t", "free"),
        ("magnet", "NdFeB magnet", "rare earths", "magnet", "t", "none"),
    ),
    "contents": (
        ("commodity", "element", "share"),
        ("concentrate", "NdPr", 0.1),
        ("oxide", "NdPr", 0.857),
        ("magnet", "NdPr", 0.3),
    ),
    "processes": (
        ("process", "name", "stage"),
        ("mine", "Mining", "mining"),
        ("refine", "Separation", "separation"),
        ("sinter", "Magnet making", "magnet"),
    ),
    "recipes": (
        ("process", "commodity", "amount"),
        ("mine", "concentrate", 1),
        ("refine", "concentrate", -10),
        ("refine", "oxide", 1),
        ("sinter", "oxide", -0.4),
        ("sinter", "magnet", 1),
    ),
    "facilities": (
        (
            "facility",
            "name",
            "region",
            "processes",
            "capacity",
            "capacity_of",
            "opex",
            "confidence",
        ),
        ("cn_mine", "Mines, China", "CHN", "mine", 60000, "concentrate", 500, "D"),
        ("cn_refinery", "Refineries, China", "CHN", "refine", 6000, "oxide", 9000, "D"),
        ("cn_magnets", "Magnet plants, China", "CHN", "sinter", 15000, "magnet", 20000, "D"),
    ),
    "projects": (
        (
            *("project", "name", "region", "processes", "capacity", "capacity_of", "capex"),
            *("lead_time", "ramp", "spend", "life", "earliest", "max_public_share", "opex"),
            *("decision", "confidence", "note"),
        ),
        (
            *("P1", "Western mine", "AUS", "mine", 20000, "concentrate", 400),
            *(3, "standard", "three", 20, 2026, 0.6, 700, "free", "D", "made up"),
        ),
        (
            *("P2", "Coast refinery", "AUS", "refine", 2000, "oxide", 600),
            *(2, "standard", "", 20, 2026, 0.6, 12000, "free", "D", "made up"),
        ),
        (
            *("P3", "Magnet plant", "JPN", "sinter", 4000, "magnet", 300),
            *(2, "", "", 20, 2026, 0.5, 25000, "free", "D", "made up"),
        ),
    ),
    "ramps": (
        ("ramp", "year_1", "year_2", "year_3"),
        ("standard", 0.4, 0.8, 1),
    ),
    "spends": (
        ("spend", "year_1", "year_2", "year_3"),
        ("three", 0.2, 0.5, 0.3),
    ),
    "programmes": (
        (
            *("programme", "name", "owner", "instrument", "amount", "commit_to", "max_share"),
            *(str(year) for year in range(2026, 2036)),
        ),
        ("mining_fund", "Mining fund", "Australia", "loan", 700, 2032, 0.5, *[""] * 10),
        ("magnet_grant", "Magnet grant", "Japan", "grant", 200, "", 0.5, *[50] * 3, *[200] * 7),
    ),
    "eligibility": (
        ("programme", "field", "value", "rule"),
        ("mining_fund", "region", "AUS", "only"),
        ("magnet_grant", "stage", "magnet", "only"),
    ),
    "private_capital": (
        ("field", "value", *(str(year) for year in range(2026, 2036))),
        ("all", "", *(700 for _ in range(2026, 2036))),
    ),
    "demand": (
        ("region", "commodity", "segment", "2026", "2030", "2035"),
        ("JPN", "magnet", "vehicles", 2000, 3000, 4000),
    ),
    "scenarios": (
        ("scenario", "name", "description"),
        ("embargo", "Embargo", "China sells no magnets or oxide from 2030"),
    ),
    "shocks": (
        ("scenario", "what", "field", "value", "first_year", "factor"),
        ("embargo", "lane", "origin", "CHN", 2030, 0),
    ),
    "plans": (
        ("plan", "project", "year", "units"),
        ("announced", "P1", 2026, 1),
        ("announced", "P2", 2027, 1),
    ),
}
