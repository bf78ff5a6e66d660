"""What a command imports with Pyomo around: no part of SciPy or Matplotlib that nothing needs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = """
import sys
import opt.api, opt.report.folder
print([m for m in ("scipy.stats", "scipy.optimize", "matplotlib.pyplot") if m in sys.modules])
import numpy
import pyomo.environ
from pyomo.common.dependencies import scipy_available
from pyomo.common.numeric_types import native_numeric_types
print(numpy.float64 in native_numeric_types, type(sys.meta_path[0]).__module__.split(".")[0])
print(bool(scipy_available), "scipy.stats" in sys.modules)
"""


def test_no_more_is_imported_than_is_needed() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.stderr == ""
    needless, watched, asked = done.stdout.splitlines()
    assert needless == "[]"
    # Pyomo knows the numbers of NumPy, and goes on as it would where it is asked for the rest.
    assert watched == "True pyomo"
    assert asked == "True True"
