"""What a change of a case changes in the rows and columns of its model.

The model stays as it was built: its index sets, its units, its variables. What is gone from the
case is closed (a project is never built, a programme never pays), and every row on which the change
can tell is read off its own rule again, with the data changed, so that no formula stands twice. A
change that asks for rows, columns or coefficients that the model has not cannot be expressed so.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from opt.data.instance import Ceiling, Demand, Facility, Instance, Programme, Project, Target
from opt.data.payable import payable
from opt.model import ceilings, demand, idle, money, objectives, projects, support, targets
from opt.model.outlays import OUTLAYS
from opt.model.rule import OptModel, Rule, rules_of
from opt.model.scaling import to_model_units
from opt.solver.matrix import Row, RowReader
from opt.solver.stage import Stage

FIELDS: Mapping[str, type] = {
    "programmes": Programme,
    "projects": Project,
    "facilities": Facility,
    "demands": Demand,
    "ceilings": Ceiling,
    "targets": Target,
}
# The rules that read what limits on capacity leave room for.
ROOM = (projects.limit_size_max, ceilings.fit_commitments)
# What may differ of a record of these, and the rules that read it.
READ_BY: Mapping[type, Mapping[str, tuple[Rule, ...]]] = {
    Programme: {
        "amount": (money.limit_programme, money.limit_outstanding),
        "charge": (
            *(money.limit_programme, money.limit_outstanding, money.limit_disbursement),
            money.limit_matched,
        ),
        "limits": (money.limit_disbursement,),
        "ticket_max": (money.limit_ticket_max, money.link_ticket),
        "caps": (money.limit_matched,),
    },
    Project: {
        "forced": (projects.require_forced,),
        "forced_year": (projects.require_forced,),
        "public_share": (money.define_funding_floor,),
        "max_public_share": (money.define_funding_ceiling,),
        "offers": (
            projects.limit_throughput,
            projects.limit_clear_throughput,
            *ROOM,
            *rules_of(ceilings),
            *rules_of(money),
        ),
        "merchant": (projects.limit_throughput, ceilings.limit_capacity, *ROOM),
        "lost": (projects.limit_throughput, support.cover_gap),
    },
    Facility: {
        "usable": (
            projects.limit_throughput,
            ceilings.limit_capacity,
            *ROOM,
            idle.keep_least_use,
        ),
    },
    Demand: {
        "amounts": (demand.meet_demand, demand.limit_uptake, objectives.define_worst),
        "uptake": (demand.limit_uptake,),
    },
    Ceiling: {
        "limits": (*rules_of(ceilings), projects.limit_size_max, money.limit_private),
        "projects": (),
    },
    Target: dict.fromkeys(("bound", "at_most", "totals", "demands", "made"), rules_of(targets)),
}
# Fields that no row reads: names, the order in which programmes are spared, the target of the
# objective (a row of the stage), contracts (those of projects that are gone bind nothing).
UNREAD = frozenset({"name", "scenario", "programme_order", "dependence_target", "offtakes"})


class OtherModelError(ValueError):
    """A change that the model of a case cannot express: it takes a model of its own."""


@dataclass(frozen=True, slots=True)
class Alteration:
    """A changed case in the terms of a model: its `data` in model units, with what is gone from it
    still there; how `rows`, by number, read now; the bounds of `columns`, by number."""

    data: Instance
    rows: Mapping[int, Row]
    columns: Mapping[int, tuple[float, float]]


@contextmanager
def reading(model: OptModel, data: Instance) -> Iterator[None]:
    """While it is open, rules and objectives read other data, in the units of the model."""
    before = model.data
    model.data = data
    try:
        yield
    finally:
        model.data = before


def alteration(stage: Stage, base: Instance, changed: Instance) -> Alteration:
    """What turns the model of `base` on a stage into one with the optima of `changed`.

    Raises OtherModelError where that takes another model.
    """
    _check_fields(base, changed)
    found = _differences(base, changed)
    data, rules = _in_model_units(stage.model, found)
    with reading(stage.model, data):
        rows = _rows_of(stage, rules)
        columns = _columns(stage, base, changed)
    rows |= _without_targets(stage, changed)
    return _with_forced(stage, base, changed, Alteration(data, rows, columns))


# ---- What differs ---------------------------------------------------------------------------


def _check_fields(base: Instance, changed: Instance) -> None:
    """Raise for a difference of any field but those of which something may differ."""
    for field in dataclasses.fields(Instance):
        free = field.name in FIELDS or field.name in UNREAD
        if not free and getattr(base, field.name) != getattr(changed, field.name):
            raise OtherModelError(field.name)
    plants = changed.plants()
    if changed.offtakes != tuple(n for n in base.offtakes if n.plant in plants):
        raise OtherModelError("offtakes")


def _differences(base: Instance, changed: Instance) -> dict[str, dict[str, Any]]:
    """By field and id the records that differ, as they are now; ceilings that are gone without
    their limits, projects that are gone no longer forced and as they come without new money.
    """
    found = {
        name: _differing(name, getattr(base, name), getattr(changed, name))
        for name in ("programmes", "facilities", "demands")
    }
    left = _decided(base, changed)
    found["projects"] = _differing("projects", base.projects, left)
    gone = base.projects.keys() - left.keys()
    for j in gone:
        out = _gone(base.projects[j], changed.projects.get(j))
        if out != base.projects[j]:
            found["projects"][j] = out
    ceilings, targets = _by_id(base.ceilings), _by_id(changed.targets)
    kept = {
        c.id: dataclasses.replace(c, projects=ceilings[c.id].projects)
        for c in changed.ceilings
        if c.id in ceilings and _held(c, base, changed) == _held(ceilings[c.id], base, changed)
    }
    if len(kept) != len(changed.ceilings):
        raise OtherModelError("ceilings")
    without = {i: dataclasses.replace(c, limits={}) for i, c in ceilings.items() if i not in kept}
    found["ceilings"] = _differing("ceilings", ceilings, kept | without)
    found["targets"] = _differing("targets", _by_id(base.targets), targets)
    return found


def _decided(base: Instance, changed: Instance) -> dict[str, Project]:
    """The projects of a changed case that are still to decide on, with what is no longer offered of
    them as it was: not those of which is left what comes without new money."""
    return {
        j: _with_all_offers(base.projects.get(j), project)
        for j, project in changed.projects.items()
        if j not in base.projects or project == base.projects[j] or project.offers
    }


def _with_all_offers(before: Project | None, project: Project) -> Project:
    if before is None or before.offers.keys() <= project.offers.keys():
        return project
    return dataclasses.replace(project, offers={**before.offers, **project.offers})


def _gone(project: Project, coming: Project | None) -> Project:
    """A project that is never built, and so not forced, with what comes of it without new money."""
    merchant, offers = coming.merchant if coming else {}, project.offers
    lost = coming.lost if coming else {}
    if merchant != project.merchant:
        # Of a commitment only what is above the merchant's share is in the model.
        idle = {v: dict.fromkeys(offer.usable, 0.0) for v, offer in offers.items()}
        offers = {v: dataclasses.replace(offer, usable=idle[v]) for v, offer in offers.items()}
    return dataclasses.replace(
        project, forced=False, forced_year=None, merchant=merchant, lost=lost, offers=offers
    )


def _held(ceiling: Ceiling, base: Instance, changed: Instance) -> tuple[str, ...]:
    """The projects of a changed case that a ceiling holds: those on offer in its base, and those
    that come without new money, which it may learn from."""
    left = (j for j in ceiling.projects if j in changed.projects)
    return tuple(j for j in left if base.projects[j].offers or base.projects[j].merchant)


def _by_id(records: Iterable[Any]) -> dict[str, Any]:
    """Ceilings or targets by id; raises where one stands twice."""
    found: dict[str, Any] = {}
    for record in records:
        if found.setdefault(record.id, record) is not record:
            raise OtherModelError(record.id)
    return found


def _differing(field: str, base: Mapping[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    """The records of a field that differ, in nothing but what may differ."""
    if not changed.keys() <= base.keys():
        raise OtherModelError(field)
    if field in ("facilities", "demands") and changed.keys() != base.keys():
        raise OtherModelError(field)
    found = {}
    for name, record in changed.items():
        before = base[name]
        if record is before or record == before:
            continue
        free = {n: getattr(before, n) for n in READ_BY[type(record)]}
        if dataclasses.replace(record, **free) != before or not _fits(before, record):
            raise OtherModelError(f"{field}: {name}")
        found[name] = record
    return found


def _fits(before: Any, after: Any) -> bool:
    """Whether plants run and demand is asked for in no year in which there was none."""
    if isinstance(after, Project):
        years = before.offers.keys() == after.offers.keys()
        coming = _open(after.merchant) <= _open(before.merchant)
        coming &= _open(after.lost) <= _open(before.lost)
        return (years and coming) and all(
            _open(after.offers[v].usable) <= _open(before.offers[v].usable) for v in after.offers
        )
    if isinstance(after, Facility):
        return before.usable.keys() == after.usable.keys() and (
            _open(after.usable) <= _open(before.usable)
        )
    if isinstance(after, Demand):
        return before.amounts.keys() == after.amounts.keys() and (
            _open(after.amounts) <= _open(before.amounts)
        )
    return True


def _open(amounts: Mapping[int, float]) -> set[int]:
    return {t for t, amount in amounts.items() if amount > 0}


def _in_model_units(
    model: OptModel, found: Mapping[str, Mapping[str, Any]]
) -> tuple[Instance, dict[Rule, None]]:
    """The data of the model with the records that differ in it, and the rules that read what
    differs. A project that is newly forced is not so there: there is no row of its own to read."""
    changes: dict[str, Any] = {}
    rules: dict[Rule, None] = {}
    for field, records in found.items():
        held = getattr(model.data, field)
        now = dict(held) if isinstance(held, Mapping) else _by_id(held)
        for name, record in records.items():
            own, before = to_model_units(record, model.scale), now[name]
            now[name] = _as_forced_as(before, own) if field == "projects" else own
            for part, readers in READ_BY[FIELDS[field]].items():
                if getattr(now[name], part) != getattr(before, part):
                    rules |= dict.fromkeys(readers)
        changes[field] = now if isinstance(held, Mapping) else tuple(now.values())
    return model.data.replace(**changes), rules


def _as_forced_as(before: Project, project: Project) -> Project:
    if before.forced or not project.forced:
        return project
    return dataclasses.replace(project, forced=False, forced_year=before.forced_year)


# ---- Rows -----------------------------------------------------------------------------------


def _rows_of(stage: Stage, rules: Iterable[Rule]) -> dict[int, Row]:
    """The rows of some rules that read otherwise with the data that the model now reads."""
    number, reader = _numbers(stage), RowReader(stage.solver.columns)
    found: dict[int, Row] = {}
    for rule in rules:
        family = getattr(stage.model, rule.name)
        held = {key if isinstance(key, tuple) else (key,) for key in rule.keys(stage.model)}
        known = {key if isinstance(key, tuple) else (key,): row for key, row in family.items()}
        if not held <= known.keys():
            raise OtherModelError(rule.name)
        for key, constraint in known.items():
            n = number.get(id(constraint))
            if key not in held:
                found |= {} if n is None else {n: _free(stage, n)}
                continue
            row = reader.row_of(rule.rule(stage.model, *key))
            if n is None:
                _check_constant(rule.name, row)
            elif not _same(row, built := stage.solver.row_as_built(n)):
                if not _weighed(row).keys() <= built.weights.keys():
                    raise OtherModelError(rule.name)
                found[n] = row
    return found


def _numbers(stage: Stage) -> dict[int, int]:
    """The numbers of the rows by the identity of their constraints."""
    return {id(row): n for n, row in enumerate(stage.solver.constraints)}


def _free(stage: Stage, n: int) -> Row:
    """A row that asks for nothing."""
    return dataclasses.replace(stage.solver.row_as_built(n), lower=-math.inf, upper=math.inf)


def _weighed(row: Row) -> dict[int, float]:
    return {n: weight for n, weight in row.weights.items() if weight}


def _same(one: Row, other: Row) -> bool:
    sides = (one.lower, one.upper) == (other.lower, other.upper)
    return sides and _weighed(one) == _weighed(other)


def _check_constant(name: str, row: Row) -> None:
    """Raise where a row that no variable was in has one now, or does not hold."""
    if _weighed(row) or not row.lower <= 0.0 <= row.upper:
        raise OtherModelError(name)


def _without_targets(stage: Stage, changed: Instance) -> dict[int, Row]:
    """The rows of targets that are gone, which ask for nothing."""
    kept, number = {target.id for target in changed.targets}, _numbers(stage)
    family = stage.model.meet_target
    gone = {n for n, target in enumerate(stage.model.data.targets) if target.id not in kept}
    rows = (number.get(id(family[key])) for key in family if key[0] in gone)
    return {n: _free(stage, n) for n in rows if n is not None}


# ---- Columns --------------------------------------------------------------------------------


def _columns(stage: Stage, base: Instance, changed: Instance) -> dict[int, tuple[float, float]]:
    """The bounds of columns that differ from the model's own, demand as the model now reads it."""
    model, solver = stage.model, stage.solver
    within = payable(changed)
    bounds: dict[int, tuple[float, float]] = {}
    for j, v in model.index.BUILD:
        project = changed.projects.get(j)
        offered = project is not None and v in project.offers
        out = not offered or ((j, v) not in within and not changed.projects[j].forced)
        most = 0.0 if out else float(base.projects[j].max_units)
        bounds[solver.column_of(model.build[j, v])] = (0.0, most)
    for d, t in model.index.SHORT:
        if solver.knows(model.short[d, t]):
            most = model.data.demands[d].amounts[t]
            bounds[solver.column_of(model.short[d, t])] = (0.0, most)
    for variable in _closed(model, base.programmes.keys() - changed.programmes.keys(), changed):
        if solver.knows(variable):
            bounds[solver.column_of(variable)] = (0.0, 0.0)
    return {n: found for n, found in bounds.items() if found != solver.bounds_of(n)}


def _closed(model: OptModel, gone: Collection[str], changed: Instance) -> Iterator[Any]:
    """What programmes that are gone pay, and what can be bought only by them."""
    index = model.index
    for family, keys, at in (
        (model.pay, index.PAY, 1),
        (model.ticket, index.TICKET, 1),
        *((getattr(model, use.variable), index.paid(use), 0) for use in OUTLAYS),
    ):
        yield from (family[key] for key in keys if key[at] in gone)
    if gone:
        for s, o, t in index.BUY:
            left = changed.programmes.values()
            if not any(s in k.stocks and k.commits_in(t) for k in left):
                yield model.buy[s, o, t]


def _with_forced(stage: Stage, base: Instance, changed: Instance, found: Alteration) -> Alteration:
    """The alteration, and at least a unit of every project on offer that is newly forced: in its
    year where one is named, else over all years."""
    model, solver, number = stage.model, stage.solver, _numbers(stage)
    rows, columns = dict(found.rows), dict(found.columns)
    for j, project in changed.projects.items():
        if not project.forced or base.projects[j].forced or not project.offers:
            continue
        if project.forced_year is not None:
            n = solver.column_of(model.build[j, project.forced_year])
            columns[n] = (1.0, columns.get(n, solver.bounds_of(n))[1])
        else:
            n = number[id(model.limit_units[j])]
            row = rows.get(n, solver.row_as_built(n))
            rows[n] = dataclasses.replace(row, lower=1.0)
    return Alteration(found.data, rows, columns)
