"""What a run is, in memory and on disk: rows, tables, run.json and the folder that holds them.

It knows no report and no solver.
"""
