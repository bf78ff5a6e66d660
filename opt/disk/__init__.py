"""Folders that are written whole: tried first, held by one process, exchanged at once."""
