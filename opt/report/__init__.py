"""A finished run -> the files of its run folder. Never imports the model or the solver."""
