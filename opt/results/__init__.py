"""Room 2: what an answer is, what it is worth, and the audit of it. Never imports Pyomo."""
