"""Several workbooks, each of its own minerals, as one."""
