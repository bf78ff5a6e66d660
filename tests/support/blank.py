"""Pictures of nothing, in place of charts that a test does not look at: drawing them is most of
what writing the documents of a small case takes."""

from __future__ import annotations

import struct
import zlib

import pytest


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)


# A picture of one grey dot: PNG header, one row of one pixel, end.
DOT = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\x00\x80"))
    + _chunk(b"IEND", b"")
)
PICTURES = {"png": DOT, "svg": b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>\n'}


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every chart of every document is a picture of nothing, with its words."""
    render = "opt.report.figures.registry.render"
    monkeypatch.setattr(render, lambda _story, _chart, kind, *_room: PICTURES[kind])
