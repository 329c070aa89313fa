"""What every range asks of its numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from pmo_lib.errors import InvalidInput

REACH = 6.5  # standard deviations beyond which nothing is drawn: a chance of 4e-11 on either side


def finite(shape: str, **values: float) -> None:
    """Refuses a value that is no number."""
    for name, value in values.items():
        if not math.isfinite(value):
            raise InvalidInput(f"{shape}: {name} must be a number, and is {value}")


def chances(p: Any) -> np.ndarray:
    """`p` as an array, refused outside 0..1."""
    array = np.asarray(p, dtype=float)
    if not np.all((array >= 0) & (array <= 1)):
        raise InvalidInput(f"a chance lies between 0 and 1, and is {p}")
    return array


def plain(values: np.ndarray) -> Any:
    """A float for a scalar question, an array for an array."""
    return float(values) if np.ndim(values) == 0 else values
