"""Documents as files: each module sets blocks in one format and knows no run."""
