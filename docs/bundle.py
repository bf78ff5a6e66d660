"""Packs opt for a machine without a network: python docs/bundle.py FOLDER

Needs the network once, and `pip install ".[supply]"`. The folder gets the wheel of every library of
docs/lock.txt for this system and this Python, checked against its hash, the wheel of opt, the lines
that install them, what is in it (CycloneDX) and under which licences, and SHA256SUMS of all of it.

With --papers it writes docs/sbom.json and docs/third_party.md again instead, from the locked
libraries.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parent
ROOT = DOCS.parent
LOCK = DOCS / "lock.txt"
INSTALL = """\
opt for a machine without a network. In a new virtual environment, from this folder:

    python -m pip install --no-index --find-links wheels --require-hashes -r lock.txt
    python -m pip install --no-index --find-links wheels --no-deps opt
    python -m opt doctor

The wheels are those of one system and one Python: the one that packed them (platform.txt).
sbom.json says what is inside, third_party.md under which licences, licences.txt has their texts.
sha256sum -c SHA256SUMS checks that nothing was changed on the way.
"""
THIRD_PARTY = """\
# Libraries and their licences

What opt needs at run time, in the versions of `lock.txt`, as each declares itself. opt itself is
under the MIT licence (`LICENSE`). The same for machines is `sbom.json` (CycloneDX 1.6). Made by
`python docs/bundle.py --papers`.

"""


def run(*command: str) -> str:
    """What a command prints. Raises CalledProcessError where it fails."""
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def locked_python(folder: Path) -> str:
    """The interpreter of a new virtual environment that holds the locked libraries and nothing
    else."""
    run(sys.executable, "-m", "venv", "--without-pip", str(folder))
    python = next(folder.glob("bin/python")) if folder.joinpath("bin").is_dir() else None
    python = python or folder / "Scripts" / "python.exe"
    pip = (sys.executable, "-m", "pip", "--python", str(python))
    run(*pip, "install", "--quiet", "--require-hashes", "-r", str(LOCK))
    return str(python)


def sbom(python: str) -> str:
    """The bill of materials of an environment as CycloneDX 1.6, without clock or random number."""
    said = run(
        *(sys.executable, "-m", "cyclonedx_py", "environment", "--output-reproducible"),
        *("--sv", "1.6", "--pyproject", str(ROOT / "pyproject.toml"), python),
    )
    return json.dumps(json.loads(said), indent=2, sort_keys=True) + "\n"


def licences(python: str, *options: str) -> list[dict[str, Any]]:
    """Name, version and licence of each library of an environment, and what options add."""
    said = run(
        *(sys.executable, "-m", "piplicenses", f"--python={python}", "--format=json"),
        *("--order=name", *options),
    )
    found: list[dict[str, Any]] = json.loads(said)
    return found


def third_party(rows: list[dict[str, Any]]) -> str:
    """The page of libraries and licences."""
    lines = ["| library | version | licence |", "| --- | --- | --- |"]
    lines += [f"| {row['Name']} | {row['Version']} | {row['License']} |" for row in rows]
    return THIRD_PARTY + "\n".join(lines) + "\n"


def texts(rows: list[dict[str, Any]]) -> str:
    """The licence texts, one after the other."""
    parts = [f"{row['Name']} {row['Version']}\n\n{row['LicenseText']}\n" for row in rows]
    return ("=" * 80 + "\n").join(parts)


def papers(python: str) -> dict[str, str]:
    """The bill of materials and the page of licences by file name."""
    return {"sbom.json": sbom(python), "third_party.md": third_party(licences(python))}


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write some texts into a folder."""
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def pack(folder: Path, python: str) -> None:
    """Fill a folder with wheels and papers."""
    wheels = folder / "wheels"
    pip = (sys.executable, "-m", "pip")
    only = ("--only-binary", ":all:", "--require-hashes")
    run(*pip, "download", "--quiet", *only, "-d", str(wheels), "-r", str(LOCK))
    run(*pip, "wheel", "--quiet", "--no-deps", "-w", str(wheels), str(ROOT))
    system = run(sys.executable, "-c", "import sysconfig; print(sysconfig.get_platform())").strip()
    full = licences(python, "--with-license-file", "--no-license-path")
    files = {
        **papers(python),
        "lock.txt": LOCK.read_text(encoding="utf-8"),
        "licences.txt": texts(full),
        "platform.txt": f"{system}, Python {sys.version_info[0]}.{sys.version_info[1]}\n",
        "INSTALL.txt": INSTALL,
    }
    write(folder, files)
    write(folder, {"SHA256SUMS": sums(folder)})


def sums(folder: Path) -> str:
    """SHA-256 of every file under a folder, as sha256sum writes and checks them."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in files
    )


def main() -> None:
    """Pack a folder, or write the papers again."""
    parser = argparse.ArgumentParser(prog="python docs/bundle.py", description=__doc__)
    chosen = parser.add_mutually_exclusive_group(required=True)
    chosen.add_argument("folder", nargs="?", type=Path, help="a folder that is not there yet")
    chosen.add_argument("--papers", action="store_true", help="write docs/sbom.json and the page")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        python = locked_python(Path(work) / "locked")
        if asked.papers:
            write(DOCS, papers(python))
        else:
            asked.folder.mkdir(parents=True)
            pack(asked.folder, python)


if __name__ == "__main__":
    main()
