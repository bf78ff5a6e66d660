"""Bundles of projects: changes of the full case that are faults or doubtful."""

from __future__ import annotations

from cases import Cells, Edit, drop, patch


def bundle(*rows: int, **values: object) -> Edit:
    """Projects of some rows in one bundle; further cells of the first of them. 1 P1 (AUS, lead time
    3), 2 P2 (2), 3 P3 (2), all from 2026 on."""

    def change(case: Cells) -> None:
        for row in rows:
            patch("projects", row, "bundle", "site")(case)
        for column, value in values.items():
            patch("projects", rows[0], column, value)(case)

    return change


NO_PLAN = drop("plans")

# (check, changes, faults in their words)
FAULTS: list[tuple[str, list[Edit], list[str]]] = [
    (
        "bundles",
        [bundle(1, 2, max_units=2), NO_PLAN],
        [
            "projects!S2: 'P1' is of bundle 'site', but max_units is 2."
            " Make it 1: each further unit a bundle of its own."
        ],
    ),
    (
        "bundles",
        [bundle(1, 2, group="rival"), patch("projects", 2, "group", "Rival"), NO_PLAN],
        [
            "projects!S3: 'P1' of bundle 'site' is of group 'Rival' too."
            " One of a group can be built, and all of a bundle: mend one of the names."
        ],
    ),
    (
        "years of bundles",
        [
            bundle(1, 2, decision="force 2028"),
            patch("projects", 2, "decision", "force 2029"),
            NO_PLAN,
        ],
        [
            "projects!O2: 'P1' is forced, and so all of bundle 'site' in one year, but it can be in"
            " 2026-2032. Mend the years, or free it: those of a bundle that are forced name one"
            " year."
        ],
    ),
    (
        "years of bundles",
        [bundle(1, 2, decision="force"), patch("projects", 2, "decision", "forbid"), NO_PLAN],
        [
            "projects!O2: 'P1' is forced, and so all of bundle 'site' in one year, but there is no"
            " year for that. Mend the years, or free it: those of a bundle that are forced name one"
            " year."
        ],
    ),
    (
        "plans",
        [bundle(1, 3), patch("plans", 1, "year", 2027)],
        [
            "plans!B2: 'P1' is of bundle 'site', of which the plan does not commit 'P3' in 2027."
            " Add 'P3' in 2027."
        ],
    ),
]

# (check, changes, warnings in their words) with no faults
WARNINGS: list[tuple[str, list[Edit], list[str]]] = [
    (
        "bundles",
        [bundle(1)],
        [
            "projects!R2: no other project is of bundle 'site'."
            " Type it the same way in the others, or delete it."
        ],
    ),
    (
        "bundles",
        [bundle(1, 2, requires="P2"), NO_PLAN],
        [
            "projects!S2: it requires 'P2' of its own bundle, which is built with it."
            " Leave the cell blank."
        ],
    ),
    (
        "years of bundles",
        [bundle(1, 2, latest=2028), patch("projects", 2, "earliest", 2029), NO_PLAN],
        [
            "projects!R2: there is no year in which all of bundle 'site' can be committed."
            " It can never be built."
        ],
    ),
    ("bundles", [bundle(1, 2), NO_PLAN], []),
    ("years of bundles", [bundle(1, 2, decision="force 2028"), NO_PLAN], []),
]
