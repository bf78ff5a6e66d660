"""Makes the generated pages of docs/ and the data packages of inputs/ again: python docs/make"""

from __future__ import annotations

from data_packages import PACKAGE, data_package
from pages import DOCS, INPUTS, PAGES

for name, page in PAGES.items():
    (DOCS / name).write_text(page(), encoding="utf-8", newline="\n")
for folder in sorted(path for path in INPUTS.iterdir() if path.is_dir()):
    (folder / PACKAGE).write_text(data_package(folder), encoding="utf-8", newline="\n")
