"""ro-crate-metadata.json: what RO-Crate 1.1 asks of a folder, and nothing that a clock changes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from run_factory import make_run

from opt.record.crate import CRATE_FILE, write_crate


def test_the_crate_names_every_file_of_the_folder(tmp_path: Path) -> None:
    """The rules of section "Root Data Entity" of RO-Crate 1.1: the descriptor is about ./, which is
    a Dataset with a name, a description, a date and parts that are all described."""
    book = tmp_path / "case.xlsx"
    book.write_bytes(b"a workbook")
    run = make_run(book, 1)
    folder = tmp_path / "run"
    (folder / "input").mkdir(parents=True)
    for name in ("run.json", "memo.docx", "manifest.json", f"input/{run.workbook.name}"):
        (folder / name).write_bytes(b"x")
    write_crate(run, folder)
    crate = json.loads((folder / CRATE_FILE).read_text(encoding="utf-8"))
    assert crate["@context"] == "https://w3id.org/ro/crate/1.1/context"
    by_id = {entity["@id"]: entity for entity in crate["@graph"]}
    assert len(by_id) == len(crate["@graph"])
    descriptor, root = by_id[CRATE_FILE], by_id["./"]
    assert descriptor["about"] == {"@id": "./"}
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    assert root["@type"] == "Dataset"
    assert all(root[key] for key in ("name", "description", "datePublished", "identifier"))
    parts = [part["@id"] for part in root["hasPart"]]
    assert parts == [f"input/{run.workbook.name}", "manifest.json", "memo.docx", "run.json"]
    # `printf x | sha256sum`; what holds a clock has its hash in the manifest alone.
    x = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    hashes = {part: by_id[part].get("sha256") for part in parts}
    assert hashes == {parts[0]: x, "memo.docx": x, "manifest.json": None, "run.json": None}
    assert all(by_id[part]["@type"] == "File" for part in parts)
    named = [ref["@id"] for key in ("object", "result") for ref in by_id["#solve"][key]]
    assert sorted(named) == sorted(parts)
    assert by_id["#opt"]["version"] == run.versions["opt"]
    slower = replace(run, passes=tuple(replace(p, seconds=p.seconds + 9.0) for p in run.passes))
    before = (folder / CRATE_FILE).read_bytes()
    write_crate(slower, folder)
    assert (folder / CRATE_FILE).read_bytes() == before
