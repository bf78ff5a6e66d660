"""The best plan of variants and scenarios of a workbook, each beside the same without new money.

Each is a case of its own: nothing that is proven of one bounds another.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from opt.data.instance import Instance
from opt.record.options import FROZEN, WITH_MERCHANTS
from opt.record.passes import Outcome
from opt.record.run import Solution
from opt.record.variants import NO_PLAN, VariantResult, Variants, case_words
from opt.studies.best import THE_BEST
from opt.studies.change import frozen, without_new_money
from opt.studies.options import option_of, row_task
from opt.studies.runner import Runner
from opt.studies.task import Answer, Base, if_known


@dataclass(frozen=True, slots=True)
class AskedCase:
    """A case by its variant and scenario, each blank for none."""

    variant: str = ""
    scenario: str = ""

    @property
    def words(self) -> str:
        """What it is called."""
        return case_words(self.variant, self.scenario)


# Holds the plan of a case, THE_BEST or without new money, named by a key, with its dependence
# against the cells of that case.
Confirm = Callable[[AskedCase, str, str, Solution, float], None]


def variants(
    bases: Mapping[AskedCase, Base],
    placeholders: Collection[str],
    runner: Runner,
    confirm: Confirm,
) -> Variants:
    """A row for each case, in the order given; `placeholders` are projects that nobody has
    announced. Dependence targets are not asked for. `confirm` audits each plan; it raises where one
    does not hold. Raises SolverError where the solver failed."""
    asked = [
        (own, kind, row_task(base, f"{own.words}: {kind}", instance))
        for own, base in bases.items()
        for kind, instance in _kinds(base.instance)
    ]
    # Searches first, so that no process waits for one that was begun last.
    asked.sort(key=lambda one: one[1] != THE_BEST)
    answers = runner.run([task for _, _, task in asked])
    found: dict[AskedCase, dict[str, Answer]] = {own: {} for own in bases}
    for (own, kind, task), answer in zip(asked, answers, strict=True):
        if answer.outcome is Outcome.ERROR:
            answer.sound()
        if answer.plan is not None:
            confirm(own, kind, task.key, answer.plan, answer.value)
        found[own][kind] = answer
    return Variants(
        tuple(_row(own, bases[own].instance, found[own], placeholders) for own in bases)
    )


def _kinds(instance: Instance) -> Iterator[tuple[str, Instance]]:
    """What is asked of a case; without new money once where nothing comes without it."""
    yield THE_BEST, instance
    yield FROZEN, frozen(instance)
    if any(project.merchant for project in instance.projects.values()):
        yield WITH_MERCHANTS, without_new_money(instance)


def _row(
    asked: AskedCase,
    instance: Instance,
    found: Mapping[str, Answer],
    placeholders: Collection[str],
) -> VariantResult:
    best, nothing = found[THE_BEST], found[FROZEN]
    option = None if best.plan is None else option_of(instance, best, "")
    built = {c.project for c in option.commitments} if option else set()
    return VariantResult(
        variant=asked.variant,
        scenario=asked.scenario,
        dependence=if_known(best.value),
        bound=if_known(best.bound),
        merchants=if_known(found.get(WITH_MERCHANTS, nothing).value),
        frozen=if_known(nothing.value),
        last_year=option.by_year[-1].dependence if option else None,
        public_musd=option.public_musd if option else None,
        capex_musd=option.capex_musd if option else None,
        projects=option.plants if option else None,
        placeholders=len(built & set(placeholders)) if option else None,
        reason="; ".join(dict.fromkeys(_reasons(found))),
    )


def _reasons(found: Mapping[str, Answer]) -> Iterator[str]:
    for kind, answer in found.items():
        if answer.outcome is Outcome.INFEASIBLE:
            yield NO_PLAN
        elif answer.plan is None:
            yield f"{kind}: {answer.reason or 'no plan was found in time'}"
