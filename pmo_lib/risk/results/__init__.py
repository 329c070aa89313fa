"""What a simulation says of its finishes: percentiles with their error, differences, convergence, what occurred, and whether the finish looks too sure."""
