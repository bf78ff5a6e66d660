"""The commands of `opt`, one a file; `common` holds what they share.

A command imports what it needs when it runs, so that help answers at once. A new one is a file
here and its line in COMMANDS of `opt.cli`.
"""
