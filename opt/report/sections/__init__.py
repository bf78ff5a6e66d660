"""What the documents say of a run: a file a subject, with its figures, words and tables.

Only sums, differences, firsts and largest of the run's own figures: nothing here decides anything.
"""
