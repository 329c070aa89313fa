"""How progress and the baseline are kept."""
