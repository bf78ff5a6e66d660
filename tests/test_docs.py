"""The pages in docs/ are made from the declarations that the code runs on, and the README's own
claims hold."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from opt.cli import cli
from opt.data.data_page import data_page
from opt.data.reader import read
from opt.data.sheets.registry import SHEETS
from opt.data.workbook_page import workbook_page
from opt.model.model_page import model_page
from opt.record.outputs_page import outputs_page
from opt.record.tables import TABLES

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


@pytest.mark.parametrize(
    ("name", "page"),
    [("workbook.md", workbook_page), ("model.md", model_page), ("outputs.md", outputs_page)],
)
def test_generated_pages_are_up_to_date(name: str, page: object) -> None:
    assert callable(page)
    assert (DOCS / name).read_text(encoding="utf-8") == page()


def test_the_data_page_is_that_of_the_shipped_cases() -> None:
    cases = [read(path) for path in sorted((ROOT / "inputs").iterdir()) if path.is_dir()]
    assert (DOCS / "data.md").read_text(encoding="utf-8") == data_page(cases)


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
        assert f"`opt {name}" in readme, name
        assert command.help, name
        assert all(p.help for p in command.params if isinstance(p, click.Option)), name


def test_links_of_the_readme_lead_somewhere() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)\)", readme):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("folder", sorted(p for p in (ROOT / "inputs").iterdir() if p.is_dir()))
def test_workbook_and_folder_of_a_case_are_equal(folder: Path) -> None:
    book, files = read(folder.with_suffix(".xlsx")), read(folder)
    assert book.settings == files.settings
    for name, rows in files.rows.items():
        assert [(r.values, r.years) for r in book.rows[name]] == [(r.values, r.years) for r in rows]
