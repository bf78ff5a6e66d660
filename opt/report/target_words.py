"""What a policy target measures, in words."""

from __future__ import annotations

from opt.record.case import CaseRecord, ScopeRecord
from opt.results.run import TargetResult

_BLOC = "bloc:"
ANY = "any"


def target_words(case: CaseRecord, target: TargetResult) -> str:
    """What is measured over which scope: 'Output of magnets in Japan'."""
    scope = case.scopes[target.metric, target.scope]
    users, source = _place(case, scope.users), _place(case, scope.source)
    if target.metric == "output":
        return f"Output of {case.commodities[scope.commodity].name} in {users}"
    if target.metric == "home_share":
        element = f" of {scope.element}" if scope.element else ""
        return f"Output of stage {scope.stage} in {users} over demand{element} there"
    if target.metric == "source_share":
        return (
            f"Share of stage {scope.stage} products for {users} that comes from {source} or is "
            f"short"
        )
    share = "Dependence" if target.metric == "dependence" else "Unserved share"
    return f"{share} of {_demand(case, scope)}"


def target_unit(case: CaseRecord, target: TargetResult) -> str:
    """The unit of a target's value; blank for a share."""
    if target.metric != "output":
        return ""
    return case.commodities[case.scopes[target.metric, target.scope].commodity].unit


def _place(case: CaseRecord, named: str) -> str:
    """A region's name, or a bloc in words."""
    if named in case.regions:
        return case.regions[named].name
    blocs = {
        "ally": "allied countries",
        "covered": case.covered,
        "other": "other countries",
        ANY: "any one country",
    }
    return blocs.get(named.removeprefix(_BLOC), "")


def _demand(case: CaseRecord, scope: ScopeRecord) -> str:
    """Whose demand, or for what."""
    if scope.kind == "commodity":
        return f"allied demand for {case.commodities[scope.commodity].name}"
    if scope.kind == "element":
        return f"allied demand for element {scope.element}"
    if scope.kind == "segment":
        return f"allied demand for use {scope.segment}"
    return f"demand of {_place(case, scope.users)}" if scope.users else "all allied demand"
