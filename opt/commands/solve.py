"""The command `opt solve`."""
# ruff: noqa: PLC0415

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from opt.commands.common import (
    Session,
    audit_words,
    debug_option,
    ended,
    leave,
    quiet_option,
    run_folder,
    session,
    set_option,
    tell_json,
    try_memory,
    variant_option,
    written_words,
)
from opt.commands.help_words import WithExamples
from opt.commands.terminal import tell
from opt.errors import AuditError
from opt.objectives import ASKABLE

if TYPE_CHECKING:
    from opt.api import Case
    from opt.record.place import RunPlace
    from opt.record.run import Run


@click.command(
    cls=WithExamples,
    examples=(
        "solve inputs/small.xlsx",
        "solve inputs/small.xlsx --scenario late --out outputs/late",
        "solve inputs/gallium.xlsx --plan announced --improve --time-limit 600",
    ),
)
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="Run folder; outputs/<workbook>.")
@click.option("--scenario", help="A scenario of the workbook; the base case without it.")
@variant_option
@click.option(
    "--plan",
    help="A plan of the workbook or a finished run's folder, to evaluate: its projects stay, and"
    " what a run buys for stock too.",
)
@click.option("--improve", is_flag=True, help="Take --plan as the start and the plan to beat.")
@click.option("--free-stock", is_flag=True, help="What --plan buys for stock may change.")
@click.option(
    "--near",
    metavar="PLAN",
    help="A plan of the workbook or a finished run's folder to stay near, within --changes.",
)
@click.option(
    "--changes",
    type=click.IntRange(min=0),
    help="Units that may be added to --near, dropped, or committed in another year.",
)
@click.option(
    "--forbid", metavar="PROJECT", multiple=True, help="A project not to build; may be repeated."
)
@click.option(
    "--force", metavar="PROJECT", multiple=True, help="A project to build; may be repeated."
)
@click.option("--objective", help=f"{', '.join(ASKABLE)}.")
@click.option("--gap", type=float, help="Relative gap at which the first passes stop.")
@click.option("--cost-gap", type=float, help="Relative gap at which the cost pass stops.")
@click.option(
    "--cost-gap-added",
    type=float,
    help="Gap at which the cost pass stops, over what the plan costs above no new money.",
)
@click.option("--time-limit", type=float, help="Most seconds for all passes.")
@click.option("--threads", type=int, help="Threads of the solver.")
@click.option("--seed", type=int, help="Random seed of the solver.")
@set_option
@click.option(
    "--workers",
    type=click.IntRange(min=1),
    help="1: all in this process; else one more works beside the search, where there is memory for"
    " it. 2 where there are two cores. The answer is the same.",
)
@click.option(
    "--write-model", is_flag=True, help="Add each pass as a model file that others can solve."
)
@click.option(
    "--template",
    type=click.Path(path_type=Path),
    help="A Word document whose styles, page, header and footer the memo takes.",
)
@click.option(
    "--overwrite", is_flag=True, help="Also replace a run that is better than the new one."
)
@click.option("--json", "as_json", is_flag=True, help="run.json on stdout, nothing else.")
@quiet_option
@debug_option
def solve(workbook: Path, out: Path | None, as_json: bool, quiet: bool, **given: Any) -> None:
    """Find the best plan of a workbook, prove it, audit it, and write the run folder."""
    try_memory()
    from opt import api
    from opt.record.place import hold

    _check_use(given)
    case = api.load(workbook, _settings(given), given["variant"], _decisions(given))
    target = run_folder(out, case.name)
    fixed = bool(given["plan"]) and not given["improve"]
    limit = case.settings.time_limit
    with (
        session(limit, quiet=quiet, as_json=as_json, given=fixed, writes=True) as shown,
        hold(target, overwrite=given["overwrite"], tell=shown.screen.say) as place,
    ):
        run = _found(case, given, shown, place)
        shown.write()
        folder = _written(run, place, given["template"])
        # Still within the session: by now no Ctrl-C may say that nothing was written.
        if as_json:
            tell_json(_document(run))
        else:
            shown.screen.close()  # the moving line, or the answer begins behind it
            tell(summary(run, folder))
    leave(ended(run), shown.control)


def _found(case: Case, given: dict[str, Any], shown: Session, place: RunPlace) -> Run:
    """The proven and audited answer; one that the audit does not confirm is kept as evidence."""
    from opt import api
    from opt.record.run import Run
    from opt.studies.processes import second_process, usable_cores

    workers = given["workers"] or usable_cores()
    try:
        with second_process(shown.screen.say) if workers > 1 else nullcontext() as beside:
            return api.solve(
                case,
                scenario=given["scenario"],
                plan=given["plan"],
                improve=given["improve"],
                free_stock=given["free_stock"],
                control=shown.control,
                listener=shown.listener,
                write_model=given["write_model"],
                beside=beside,
                near=given["near"],
                changes=given["changes"] or 0,
            )
    except AuditError as error:
        from opt.report.folder import kept_words

        if isinstance(error.run, Run):
            error.add_note(kept_words(place, error.run))
        raise


def _written(run: Run, place: RunPlace, template: Path | None) -> Path:
    from opt.report.folder import write_into

    return write_into(place, run, template)


def _document(run: Run) -> dict[str, Any]:
    from opt.record.document import run_json
    from opt.report.statements import statements

    return run_json(run, statements(run))


def _check_use(given: dict[str, Any]) -> None:
    """What is asked fits together, and the memo's template can be used."""
    # All that writes the run is loaded before the search: what cannot be loaded costs none.
    import opt.report.folder  # noqa: F401
    from opt.report.render.blank import check_template

    if given["template"]:
        check_template(given["template"])
    if given["improve"] and not given["plan"]:
        raise click.UsageError("--improve needs --plan.")
    if (given["near"] is None) != (given["changes"] is None):
        raise click.UsageError("--near and --changes need each other.")
    if given["near"] and given["plan"] and not given["improve"]:
        raise click.UsageError("--near needs a plan that may change: add --improve to --plan.")
    if given["free_stock"] and (given["improve"] or not given["plan"]):
        raise click.UsageError("--free-stock needs --plan; with --improve stock is free anyway.")


def _decisions(given: dict[str, Any]) -> dict[str, str]:
    """What --forbid and --force ask for, by project. Raises UsageError for one under both."""
    asked = {name.strip(): "forbid" for name in given["forbid"]}
    for name in (name.strip() for name in given["force"]):
        if name in asked:
            raise click.UsageError(f"'{name}' stands under both --forbid and --force.")
        asked[name] = "force"
    return asked


def _settings(given: dict[str, Any]) -> dict[str, object]:
    """Settings from --set and from the flags that stand for one; a flag wins."""
    flags = ("objective", "gap", "cost_gap", "cost_gap_added", "time_limit", "threads", "seed")
    return {**given["overrides"], **{key: given[key] for key in flags if given[key] is not None}}


def summary(run: Run, folder: Path) -> str:
    """The answer in a few lines."""
    from opt.commands.check_words import run_warnings
    from opt.report.sections.summary import headline, proof, proven
    from opt.report.story import Story

    story = Story(run)
    return "\n".join(
        [
            headline(story),
            proof(story),
            proven(story),
            audit_words(run.audit.passed, run.audit.largest_violation, run.audit.checked),
            *run_warnings(run.case.warnings),
            written_words(folder, "report.html, results.xlsx, run.json, tables, charts"),
        ]
    )
