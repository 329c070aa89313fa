"""Rules that only P6 has: finished work that hands on what it waits for, the expected finish."""
