"""Two versions of a plan: which activity is which, what changed, and which group of changes moved the finish."""
