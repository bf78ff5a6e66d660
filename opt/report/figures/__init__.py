"""The charts: a file a chart, with its drawing, finding, words and caption."""

from opt.apart import import_apart

import_apart("matplotlib")
