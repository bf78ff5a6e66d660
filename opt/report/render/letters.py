"""Text as XML can hold it."""

from __future__ import annotations

import re

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f]")


def printable(text: str) -> str:
    """The text with a space for every control character but tab and line feed."""
    return _CONTROLS.sub(" ", text)
