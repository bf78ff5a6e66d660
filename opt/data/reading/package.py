"""The file behind an .xlsx: a zip of XML parts that point to each other by relationships.

Parts are found without regard to case, as Excel finds them. Nothing is unpacked before its size has
been looked up, no entity is expanded, and nothing outside the file is opened.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote
from xml.parsers import expat

MOST_BYTES = 500_000_000  # of all parts that are read, unpacked: some million cells
_CHUNK = 1 << 16
_MAIN = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",  # Strict Open XML
    "http://schemas.openxmlformats.org/package/2006/relationships",
)
_REFERENCE = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)


class PackageError(Exception):
    """What is wrong with the file or one of its parts, and the mend."""

    def __init__(self, message: str, hint: str = "Open it in Excel and save it as .xlsx.") -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


class _Names(dict[str, str]):
    """Short names of elements and attributes: `c`, `r:id`; foreign ones keep their namespace."""

    def __missing__(self, name: str) -> str:
        space, _, local = name.rpartition("}")
        short = local if space in _MAIN else f"r:{local}" if space in _REFERENCE else name
        return self.setdefault(name, short)


NAMES = _Names()


@dataclass(frozen=True, slots=True)
class Element:
    """The start of one element: its name, its parent's, its attributes."""

    parent: str
    name: str
    attributes: dict[str, str]

    def get(self, name: str, default: str = "") -> str:
        """An attribute by its short name."""
        return self.attributes.get(name, default)


@dataclass(frozen=True, slots=True)
class Related:
    """A part that another points to; `kind` is the last word of the relationship's type."""

    id: str
    kind: str
    part: str


@dataclass(slots=True)
class Package:
    """The parts of one file by name, and how much of them was unpacked so far."""

    archive: zipfile.ZipFile
    names: dict[str, str]
    unpacked: int = 0

    @classmethod
    def of(cls, content: bytes) -> Package:
        """The package with these bytes; PackageError if they are none."""
        try:
            archive = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, OSError, ValueError, RuntimeError):
            raise PackageError("this is not an Excel workbook.") from None
        given = archive.namelist()
        names = {_plain(name).casefold(): name for name in given} | {name: name for name in given}
        return cls(archive, names)

    def find(self, part: str) -> str | None:
        """The name in the zip of a part; None where it is missing."""
        return self.names.get(part, self.names.get(part.casefold()))

    def chunks(self, part: str) -> Iterator[bytes]:
        """The bytes of a part, piece by piece; PackageError where it is missing or damaged."""
        name = self.find(part)
        if name is None:
            raise PackageError(f"its part {part} is missing.")
        whole = self.unpacked + self.archive.getinfo(name).file_size
        if whole > MOST_BYTES:
            size, most = (f"{n / 1e6:,.0f} MB" for n in (whole, MOST_BYTES))
            message = f"with its part {part} the file unpacks to {size}; at most {most} are read."
            raise PackageError(message, "Delete what is not needed.")
        self.unpacked = whole
        try:
            with self.archive.open(name) as stream:
                while chunk := stream.read(_CHUNK):
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError):
            # RuntimeError: a part with a password, or packed in a way that Excel does not use
            raise PackageError(f"its part {part} is damaged.") from None

    def parse(
        self,
        part: str,
        start: Callable[[str, dict[str, str]], Any],
        end: Callable[[str], Any],
        text: Callable[[str], Any] | None = None,
    ) -> Iterator[None]:
        """Call back for every element and text of a part, stopping after each piece of it."""
        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler = text

        def refuse(*_: object) -> None:
            raise PackageError(f"its part {part} declares a document type, which no workbook does.")

        parser.StartDoctypeDeclHandler = refuse
        try:
            for chunk in self.chunks(part):
                parser.Parse(chunk, False)
                yield
            parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, ValueError) as error:
            # LookupError: an encoding that is not known; ValueError: one that cannot be read
            line = f" (line {error.lineno})" if isinstance(error, expat.ExpatError) else ""
            raise PackageError(f"its part {part} is not sound XML{line}.") from None
        yield

    def elements(self, part: str) -> Iterator[Element]:
        """The elements of a part, one by one."""
        found: list[Element] = []
        path = [""]

        def start(name: str, attributes: dict[str, str]) -> None:
            given = {NAMES[key] if "}" in key else key: v for key, v in attributes.items()}
            found.append(Element(path[-1], NAMES[name], given))
            path.append(NAMES[name])

        for _ in self.parse(part, start, lambda _: path.pop()):
            yield from found
            found.clear()

    def related(self, part: str) -> list[Related]:
        """The parts inside the file that a part points to; none where it says of none."""
        folder, name = posixpath.split(part)
        listing = posixpath.join(folder, "_rels", f"{name}.rels")
        if self.find(listing) is None:
            return []
        return [
            Related(
                element.get("Id"),
                element.get("Type").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, unquote(element.get("Target"))))[1:],
            )
            for element in self.elements(listing)
            if element.name == "Relationship" and element.get("TargetMode") != "External"
        ]


def _plain(name: str) -> str:
    return name.replace("\\", "/").removeprefix("/")
