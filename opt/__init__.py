"""Where allied money for critical minerals goes: a proven plan from one workbook."""

__version__ = "0.1.0"
