"""The answers of studies on disk: a document of each, and its rows as tables."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path

from opt.record.alternatives import Alternatives
from opt.record.broken import read_json
from opt.record.columns import cells_of
from opt.record.comparison import Comparison
from opt.record.explain import Explanation
from opt.record.frontier import Frontier
from opt.record.labels import Labels
from opt.record.options import OtherOptions
from opt.record.pool import Pool
from opt.record.risk import Risk
from opt.record.sensitivity import Sensitivity
from opt.record.shape import read_object
from opt.record.shown import Shown, rows_of
from opt.record.stress import Stress
from opt.record.tables import written
from opt.record.update import Update

STUDIES_FOLDER = "studies"
# The answers that documents of a run are told from, by the name of their file.
ANSWERS: Mapping[str, type[Shown]] = {
    "stress": Stress,
    "options": OtherOptions,
    "labels": Labels,
    "frontier": Frontier,
    "explain": Explanation,
    "alternatives": Alternatives,
    "sensitivity": Sensitivity,
    "risk": Risk,
    "pool": Pool,
    "update": Update,
    "comparison": Comparison,
}


def write_studies(answers: Mapping[str, Shown], folder: Path) -> None:
    """Write NAME.json of each answer, and NAME_ROWS.csv of each of its kinds of rows, into
    folder/studies; nothing where there are no answers."""
    target = folder / STUDIES_FOLDER
    if answers:
        target.mkdir()
    for name, answer in answers.items():
        text = json.dumps(answer.document(), indent=2, ensure_ascii=False) + "\n"
        (target / f"{name}.json").write_text(text, encoding="utf-8", newline="\n")
        for rows, kind in rows_of(type(answer)):
            columns = cells_of(kind)
            with (target / f"{name}_{rows}.csv").open("w", encoding="utf-8", newline="") as file:
                lines = csv.writer(file, lineterminator="\n")
                lines.writerow([column.name for column in columns])
                for row in getattr(answer, rows):
                    lines.writerow(written(tuple(column.cell(row) for column in columns)))


def read_studies(folder: Path) -> dict[str, Shown]:
    """The answers that `write_studies` wrote beside a run, by name; none where none were.

    Raises InputError, which names the file and the place in it, where one cannot be read.
    """
    target = folder / STUDIES_FOLDER
    found: dict[str, Shown] = {}
    for name, kind in ANSWERS.items():
        path = target / f"{name}.json"
        if path.is_file():
            found[name] = read_object(kind, kind.fields_of(read_json(path)), name)
    return found


def with_newer(
    stands: Mapping[str, Shown], found: Mapping[str, Shown]
) -> tuple[dict[str, Shown], dict[str, str]]:
    """The answers that stand beside a run with those `found` since in their place, and the names of
    those that stay nevertheless, with why: one that came to its end makes no room for one that did
    not, or that was asked less."""
    stay = {
        name: why
        for name, own in found.items()
        if name in stands and (why := _why_it_stays(stands[name], own))
    }
    return {**stands, **{name: own for name, own in found.items() if name not in stay}}, stay


def _why_it_stays(stands: Shown, own: Shown) -> str:
    """Why an answer that stands makes no room for another; blank where it does."""
    if not _is_finished(stands):
        return ""
    if not _is_finished(own):
        return "not finished, so the finished answer that stands in the run stays"
    if own.asks_less_than(stands):
        return "asked less than the answer that stands in the run, so that stays"
    return ""


def _is_finished(answer: Shown) -> bool:
    """Whether every question of an answer was answered; for a comparison nothing is solved."""
    return bool(getattr(answer, "complete", True))
