"""Lets `python -m opt` do what `opt` does."""

from opt.cli import main

if __name__ == "__main__":
    main()
