"""What a reader of a run reads, as text: memo, page, cover, lines of the command, run.json."""

from __future__ import annotations

import html
import io
import re
from pathlib import Path
from typing import Any
from unittest.mock import patch

import docx
import openpyxl
from blank import DOT
from docx.oxml.ns import qn

from opt.commands.solve import summary
from opt.record import document
from opt.record.run import Run
from opt.report.document import Picture
from opt.report.documents import memo_bytes, report_html, workbook_bytes
from opt.report.figures import registry
from opt.report.statements import statements
from opt.report.story import Story


def memo_text(run: Run) -> str:
    """All paragraphs of the memo, those of tables too; its figures are a dot."""
    pictures = dict.fromkeys(registry.CHART, Picture(DOT, "", "", ""))
    return _paragraphs(io.BytesIO(memo_bytes(Story(run), pictures)))


def written_memo(run_folder: Path) -> str:
    """The same of the memo that stands in a run folder."""
    return _paragraphs(run_folder / "memo.docx")


def _paragraphs(memo: Path | io.BytesIO) -> str:
    found = docx.Document(memo if isinstance(memo, io.BytesIO) else str(memo))
    paragraphs = found.element.body.iter(qn("w:p"))
    return "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in paragraphs)


def page_text(run: Run) -> str:
    """The page without its markup; of its figures the title and the words for who cannot see."""
    with patch.object(registry, "render", lambda *_, **__: b"<svg></svg>"):
        return html.unescape(re.sub(r"<[^>]+>", " ", report_html(Story(run))))


def cover_text(run: Run) -> str:
    """Both columns of the workbook's cover."""
    cover = openpyxl.load_workbook(io.BytesIO(workbook_bytes(Story(run))))["Cover"]
    rows = cover.iter_rows(max_col=2, values_only=True)
    return "\n".join(str(cell) for row in rows for cell in row if cell is not None)


def every_text(run: Run) -> dict[str, str]:
    """All of them by name, and run.json."""
    return {
        "memo": memo_text(run),
        "page": page_text(run),
        "cover": cover_text(run),
        "summary": summary(run, Path("outputs/case")),
        "run.json": run_json_text(run),
    }


def run_json(run: Run) -> dict[str, Any]:
    """run.json as plain data."""
    return document.run_json(run, statements(run))


def run_json_text(run: Run) -> str:
    """run.json as written."""
    return document.run_json_text(run, statements(run))
