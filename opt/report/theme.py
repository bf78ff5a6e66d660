"""Colours, fonts and sizes of every figure, page and sheet.

Marks keep a contrast of at least 3:1 on white, text at least 4.5:1. Colour never carries meaning
alone: line style, hatch or a label says the same.
"""

from __future__ import annotations

BLUE = "#0072B2"
VERMILLION = "#D55E00"
GREEN = "#008F68"
PURPLE = "#B15C90"
INK = "#1A1A1A"
MUTED = "#595959"
RULE = "#BFBFBF"
GRID = "#E3E3E3"
SHADE = "#EDF3F8"
HEADER = "#1F3A56"
WHITE = "#FFFFFF"

LIGHT = "#A9CBE3"

SERIES = (BLUE, VERMILLION, GREEN, PURPLE)

FIGURE_FONT = "DejaVu Sans"
# Where a page's reader has not that font: others as wide.
FIGURE_FONTS = f"'{FIGURE_FONT}', Verdana, 'Segoe UI', Arial, sans-serif"
DOCUMENT_FONT = "Calibri"
WIDTH_INCHES = 6.3  # the text width of the memo, 16 cm
NARROW_INCHES = 3.6  # a telephone's 360 dots less the margins of the page
DPI = 200

FIGURE_STYLE = {
    "font.family": FIGURE_FONT,
    "font.size": 8.5,
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 10,
    "axes.labelsize": 8.5,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "hatch.linewidth": 0.6,
    "svg.hashsalt": "opt",
    "svg.fonttype": "none",
    "figure.facecolor": WHITE,
    "text.parse_math": False,
}
