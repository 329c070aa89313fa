"""Checks of a board, in the manner of a schedule's: the index of the family. A check's threshold is the standard's key of its name, in [board]."""

from pmo_lib.flow.quality import ageing, moves, records

CHECKS = {check.name: check for module in (moves, ageing, records) for check in module.CHECKS}
