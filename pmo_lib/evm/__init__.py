"""Earned value: indices from four numbers, metrics of a plan, and a row a period with earned schedule."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={"formulas": ["indices", "undefined"], "measured": ["basis", "metrics"], "periods": ["series"]},
)
