"""Bytes that no person wrote, led by what the reader does with them (libFuzzer through atheris).

    pip install ".[fuzz]"
    python tests/support/fuzz_bytes.py -max_total_time=60

The first byte chooses what the rest stands for: a whole .xlsx, one part of the small workbook, or
one file of its folder. Whatever it is, reading ends, and ends in tables or in an InputError.
"""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
import zipfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["opt.data"]):
    from opt.data.assemble import assemble
    from opt.data.reader import read
from opt.errors import InputError

INPUTS = Path(__file__).parents[2] / "inputs"
WHOLE = (INPUTS / "small.xlsx").read_bytes()
FILES = {path.name: path.read_bytes() for path in sorted((INPUTS / "small").iterdir())}
with zipfile.ZipFile(io.BytesIO(WHOLE)) as archive:
    PARTS = {name: archive.read(name) for name in sorted(archive.namelist())}
# Seconds for one input, the corpus of one run, and the longest input.
OPTIONS = ("-timeout=20", "-len_control=0", "-max_len=60000", "-rss_limit_mb=4000")


def packed(parts: dict[str, bytes]) -> bytes:
    """An archive of some parts, not compressed."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as written:
        for name, content in parts.items():
            written.writestr(name, content)
    return out.getvalue()


def try_bytes(data: bytes) -> None:
    """Read what some bytes stand for."""
    if not data:
        return
    choice, rest = data[0], data[1:]
    targets = ["", *PARTS, *FILES]
    target = targets[choice % len(targets)]
    if target in FILES:
        path, files = Path("small"), {**FILES, target: rest}
    else:
        path = Path("small.xlsx")
        files = {path.name: packed({**PARTS, target: rest}) if target else rest}
    with contextlib.suppress(InputError):
        assemble(read(path, files=files))


def seeds(folder: Path) -> None:
    """What the search starts from: the shipped workbook, each of its parts and files."""
    for number, content in enumerate([WHOLE, *PARTS.values(), *FILES.values()]):
        (folder / f"{number:03d}").write_bytes(bytes([number]) + content)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as corpus:
        seeds(Path(corpus))
        atheris.Setup([sys.argv[0], *OPTIONS, *sys.argv[1:], corpus], try_bytes)
        atheris.Fuzz()
