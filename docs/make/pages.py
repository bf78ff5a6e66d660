"""Every generated page of docs/ by name, made from the declarations that the code runs on or from
the shipped workbooks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from data_page import data_page
from model_page import model_page
from outputs_page import outputs_page
from studies_page import studies_page
from workbook_page import workbook_page

from opt.data.reader import read

DOCS = Path(__file__).parent.parent
INPUTS = DOCS.parent / "inputs"
MERGED = "vault"  # whose rows are those of the other cases


def shipped_data_page() -> str:
    """The page of the shipped workbooks' data, each row once."""
    cases = [path for path in sorted(INPUTS.iterdir()) if path.is_dir() and path.name != MERGED]
    return data_page([read(path) for path in cases])


PAGES: dict[str, Callable[[], str]] = {
    "data.md": shipped_data_page,
    "model.md": model_page,
    "outputs.md": outputs_page,
    "studies.md": studies_page,
    "workbook.md": workbook_page,
}
