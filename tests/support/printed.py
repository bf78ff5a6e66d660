"""A memo as LibreOffice prints it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from opt.report.documents import memo_bytes
from opt.report.story import Story


def printed_pages(story: Story, folder: Path) -> list[str]:
    """The text of each page; skips the test where LibreOffice or pdftotext is not installed."""
    office, reader = shutil.which("soffice"), shutil.which("pdftotext")
    if office is None or reader is None:
        pytest.skip("LibreOffice and pdftotext are not installed")
    (folder / "memo.docx").write_bytes(memo_bytes(story))
    ask = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless"]
    ask += ["--convert-to", "pdf", "--outdir", str(folder), str(folder / "memo.docx")]
    subprocess.run(ask, check=True, capture_output=True, timeout=300)
    told = subprocess.run(
        [reader, str(folder / "memo.pdf"), "-"], check=True, capture_output=True, timeout=60
    )
    return told.stdout.decode().split("\f")
