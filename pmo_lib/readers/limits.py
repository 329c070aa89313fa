"""Which dates and durations a plan can have: beyond them lies a fault of the file. Imports nothing, for the process beside the JVM."""

from __future__ import annotations

LONGEST = 60 * 24 * 366 * 200  # [minutes] a duration or lag beyond two centuries
YEARS = range(1900, 2200)
