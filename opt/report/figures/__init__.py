"""The charts: a file a chart, with its drawing, finding, words and caption."""
