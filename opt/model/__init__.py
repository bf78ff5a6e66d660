"""Room 3: Instance -> Pyomo. One rule per constraint, each beside its formula."""
