"""Scheduling: dates, the certificate against the source's own, quality checks, what changed.

Bound eagerly, because a verb and its module share a name: whichever way the module was imported first, `schedule.dates` is the verb.
The kernel, and numba with it, is loaded when a verb first needs it.
"""

from pmo_lib.schedule.agreement import agreement
from pmo_lib.schedule.checks import checks
from pmo_lib.schedule.compare import Comparison, compare
from pmo_lib.schedule.dates import dates, schedule_once
from pmo_lib.schedule.trend import trend
from pmo_lib.schedule.unconstrained import unconstrained

__all__ = ["Comparison", "agreement", "checks", "compare", "dates", "schedule_once", "trend", "unconstrained"]
