"""The columns of every table that a run writes, as the audit expects them."""

from __future__ import annotations

from collections.abc import Mapping

_NAMES: Mapping[str, str] = {
    "projects": (
        "project name site region stage year units size first_operation capex_musd "
        "public_musd private_musd paid_by"
    ),
    "commitments": "project year units size first_operation capex_musd",
    "payments": "project year programme paid_musd",
    "money": (
        "programme year committed_musd due_musd repaid_musd limit_musd left_musd amount_musd "
        "amount_left_musd"
    ),
    "dependence": (
        "year counted demand exposed short dependence shortfall baseline_dependence "
        "pooled_dependence"
    ),
    "stages": "stage year clear exposed exposed_share baseline_exposed_share",
    "options": (
        "name dependence bound public_musd capex_musd cost_musd worst_year "
        "worst_year_dependence plants first_output note"
    ),
    "capacity": "plant kind region stage year capacity used unit",
    "costs": "part year musd discounted_musd",
    "deliveries": "flows region commodity segment year demand clear exposed short",
    "shipments": "flows from to commodity origin year amount",
    "activity": "flows plant process origin year activity",
    "leftovers": "flows region commodity origin year downgraded surplus contracted",
    "stockpiles": (
        "stockpile year clear exposed bought_clear bought_exposed released_clear "
        "released_exposed price paid_musd cover_days"
    ),
    "stock": "flows stockpile origin year bought released level",
    "stock_payments": "stockpile year programme paid_musd",
    "margins": "plant process year gap activity baseline_activity",
    "support": "plant process year programme activity paid_musd",
    "targets": "target metric scope year sense bound value slack baseline_value",
    "touch": "stage year share baseline_share",
    "elements": "element year demand exposed short dependence baseline_dependence",
    "world": "stage region bloc year output share hhi",
}

COLUMNS: Mapping[str, tuple[str, ...]] = {
    name: tuple(columns.split()) for name, columns in _NAMES.items()
}

# A run of an older version lacks these; the audit says so.
LATER_COLUMNS: Mapping[str, tuple[str, ...]] = {"leftovers": ("contracted",)}
