"""SciPy's sparse matrices, imported apart from Pyomo."""

from __future__ import annotations

# Pyomo first: it makes up at its own import for libraries that are there before it. NumPy as it
# wants, for it has to know the types of its numbers.
import pyomo.environ  # noqa: F401  isort: skip
import numpy  # noqa: F401

from opt.apart import import_apart

import_apart("scipy.sparse")

from scipy.sparse import csc_matrix, csr_matrix, vstack  # noqa: E402

__all__ = ["csc_matrix", "csr_matrix", "vstack"]
