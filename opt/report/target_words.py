"""What a policy target measures, in words."""

from __future__ import annotations

from collections.abc import Iterable

from opt.record.columns import SHARE
from opt.record.run import covered_name
from opt.record.targets import TargetResult
from opt.report.lookup import Lookup

_BLOC = "bloc"


def target_words(lookup: Lookup, target: TargetResult) -> str:
    """What is measured over which scope: 'Output of magnets in Japan'."""
    parts = _parts(target.scope)
    if target.metric == "output":
        return f"Output of {_commodity(lookup, parts[0])} in {_place(lookup, parts[1])}"
    if target.metric == "home_share":
        element = f" of {parts[2]}" if len(parts) > 2 else ""
        users = _place(lookup, parts[1])
        return f"Output of stage {parts[0]} in {users} over demand{element} there"
    if target.metric == "source_share":
        users = _place(lookup, parts[2] if len(parts) > 2 else "ally")
        source = _source(lookup, parts[1])
        return (
            f"Share of stage {parts[0]} products for {users} that comes from {source} or is short"
        )
    share = "Dependence" if target.metric == "dependence" else "Unserved share"
    return f"{share} of {_demand(lookup, target.scope.strip())}"


def target_unit(target: TargetResult) -> str:
    """The unit of a target's value; blank for a share."""
    return "" if target.unit == SHARE else target.unit


def _parts(scope: str) -> list[str]:
    """The parts between colons, `bloc:NAME` as one part."""
    parts: list[str] = []
    for part in (text.strip() for text in scope.split(":")):
        if parts and parts[-1].casefold() == _BLOC:
            parts[-1] = f"{_BLOC}:{part}"
        else:
            parts.append(part)
    return parts


def _spelt(known: Iterable[str], text: str) -> str:
    """The id as the workbook spells it where it is first named; blank where it is not one."""
    return next((name for name in known if name.casefold() == text.casefold()), "")


def _commodity(lookup: Lookup, text: str) -> str:
    key = _spelt(lookup.column("commodities", "commodity"), text)
    return lookup.name("commodities", key) if key else text


def _place(lookup: Lookup, text: str) -> str:
    """A region's name, or a bloc in words."""
    region = _spelt(lookup.column("regions", "region"), text)
    if region:
        return lookup.name("regions", region)
    bloc = "".join(_parts(text)[-1:]).removeprefix(f"{_BLOC}:").casefold()
    if bloc == "covered":
        return covered_name(lookup.tables)
    return {"ally": "allied countries", "other": "other countries"}.get(bloc, text)


def _source(lookup: Lookup, text: str) -> str:
    return "any one country" if text.casefold() == "any" else _place(lookup, text)


def _demand(lookup: Lookup, text: str) -> str:
    """Whose demand, or for what."""
    if text.casefold() in ("", "all"):
        return "all allied demand"
    if _spelt(lookup.column("commodities", "commodity"), text):
        return f"allied demand for {_commodity(lookup, text)}"
    if _spelt(lookup.column("contents", "element"), text):
        return f"allied demand for element {text}"
    place = _place(lookup, text)
    if place != text or _spelt(lookup.column("regions", "region"), text):
        return f"demand of {place}"
    return f"allied demand for use {text}"
