"""How often Python looks for objects that hold each other: what a command imports lives as long as it runs, and looking through it again and again is a tenth
of a short command's time."""

from __future__ import annotations

import gc

USUAL = gc.get_threshold()
RARE = (100_000, 20, 100)


def seldom() -> None:
    """Looks seldom from here on, as becomes a process that ends soon."""
    gc.set_threshold(*RARE)


def as_usual() -> None:
    """Looks as often as Python does of itself, as becomes a process that stays."""
    gc.set_threshold(*USUAL)
