"""Makes the generated pages of docs/ again: python docs/make"""

from __future__ import annotations

from pages import DOCS, PAGES

for name, page in PAGES.items():
    (DOCS / name).write_text(page(), encoding="utf-8", newline="\n")
