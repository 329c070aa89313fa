"""What drives the finish: indices of each activity, contributions to a percentile, and where paths merge."""
