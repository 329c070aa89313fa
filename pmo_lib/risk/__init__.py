"""Risk: distributions, Monte Carlo on the schedule, percentiles with their error, what drives the finish."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
