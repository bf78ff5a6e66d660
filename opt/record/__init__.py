"""What a run is: plain frozen data, in memory and on disk. Knows no report and no solver."""
