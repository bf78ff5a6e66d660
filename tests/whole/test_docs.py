"""The pages in docs/ are made from the declarations that the code runs on, and the README's own
claims hold."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import click
import pytest
from data_packages import PACKAGE, data_package
from pages import PAGES

from opt.cli import cli
from opt.data.reader import read
from opt.data.sheets.registry import SHEETS
from opt.record.tables import TABLES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
NAMES = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "tests/README.md")
CASES = sorted(path for path in (ROOT / "inputs").iterdir() if path.is_dir())
PAPERS = [ROOT / name for name in NAMES]


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_are_up_to_date(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), "run: python docs/make"


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_data_packages_are_up_to_date_and_name_every_file_and_column(folder: Path) -> None:
    text = (folder / PACKAGE).read_text(encoding="utf-8")
    assert text == data_package(folder), "run: python docs/make"
    resources = json.loads(text)["resources"]
    assert {r["path"] for r in resources} == {file.name for file in folder.glob("*.csv")}
    for resource in resources:
        with (folder / resource["path"]).open(encoding="utf-8", newline="") as file:
            headers = next(csv.reader(file))
        assert [field["name"] for field in resource["schema"]["fields"]] == headers


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_data_packages_are_valid_in_the_eyes_of_frictionless(folder: Path) -> None:
    frictionless = pytest.importorskip("frictionless", reason='pip install ".[data]"')
    report = frictionless.validate(str(folder / PACKAGE))
    assert report.valid, report.flatten(["path", "rowNumber", "fieldName", "type", "note"])


def test_every_sheet_and_column_is_on_the_workbook_page() -> None:
    text = (DOCS / "workbook.md").read_text(encoding="utf-8")
    for sheet in SHEETS:
        section = text.split(f"## {sheet.name}\n")[1].split("\n## ")[0]
        if sheet.name == "settings":
            continue
        for column in sheet.columns:
            assert f"`{column.name}`" in section, (sheet.name, column.name)


def test_every_output_column_is_on_the_outputs_page() -> None:
    text = (DOCS / "outputs.md").read_text(encoding="utf-8")
    for table in TABLES:
        section = text.split(f"## tables/{table.name}.csv\n")[1].split("\n## ")[0]
        for field in table.columns:
            assert f"`{field.name}`" in section, (table.name, field.name)


def test_every_command_is_in_the_readme_and_has_help() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, command in cli.commands.items():
        assert f"`python -m opt {name}" in readme, name
        assert command.help, name
        assert all(p.help for p in command.params if isinstance(p, click.Option)), name


@pytest.mark.parametrize("paper", PAPERS, ids=NAMES)
def test_links_of_the_papers_lead_somewhere(paper: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", paper.read_text(encoding="utf-8")):
        assert (paper.parent / target).exists(), target


def test_the_toy_worlds_are_there() -> None:
    tests = ROOT / "tests"
    named = re.findall(r"`(support/\w+\.py)`", (tests / "README.md").read_text(encoding="utf-8"))
    assert len(named) == 4
    assert [name for name in named if not (tests / name).is_file()] == []


@pytest.mark.parametrize("folder", sorted(p for p in (ROOT / "inputs").iterdir() if p.is_dir()))
def test_workbook_and_folder_of_a_case_are_equal(folder: Path) -> None:
    book, files = read(folder.with_suffix(".xlsx")), read(folder)
    assert book.settings == files.settings
    for name, rows in files.rows.items():
        assert [(r.values, r.years) for r in book.rows[name]] == [(r.values, r.years) for r in rows]
