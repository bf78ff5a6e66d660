"""Units of mass, and recipes in tonnes."""

from __future__ import annotations

from collections.abc import Mapping

from opt.data.book import Book

# Tonnes in a unit. Mt is a million tonnes, mt a slip for it that is read alike.
_TONNES = {"g": 1e-6, "kg": 1e-3, "t": 1.0, "kt": 1e3, "mt": 1e6, "lb": 0.00045359237}
_SPELT = {
    **dict.fromkeys(("gram", "grams", "gramme", "grammes"), "g"),
    **dict.fromkeys(("kgs", "kilo", "kilogram", "kilograms", "kilogramme", "kilogrammes"), "kg"),
    **dict.fromkeys(("ton", "tons", "tonne", "tonnes", "tonnen", "metric ton", "mton"), "t"),
    **dict.fromkeys(("metric tons", "metric tonne", "metric tonnes", "tm", "to"), "t"),
    **dict.fromkeys(("kton", "ktonne", "kilotonne", "kilotonnes", "kiloton", "kilotons"), "kt"),
    **dict.fromkeys(("lbs", "pound", "pounds"), "lb"),
    **dict.fromkeys(("megatonne", "megatonnes", "million tonnes", "mio t"), "mt"),
}


def tonnes_in(unit: str) -> float | None:
    """Tonnes in a unit of a commodity; None where it is no unit of mass that is known."""
    name = unit.casefold()
    return _TONNES.get(_SPELT.get(name, name))


def in_tonnes(book: Book, recipe: Mapping[str, float]) -> Mapping[str, float]:
    """The amounts of a recipe in tonnes; those in other units than of mass as they stand."""
    return {name: amount * (_mass_of(book, name) or 1.0) for name, amount in recipe.items()}


def is_mass(book: Book, recipe: Mapping[str, float]) -> bool:
    """Whether all amounts of a recipe are in units of mass."""
    return all(_mass_of(book, name) is not None for name in recipe)


def _mass_of(book: Book, commodity: str) -> float | None:
    row = book.commodities.get(commodity)
    return tonnes_in(row.unit) if row is not None else None
