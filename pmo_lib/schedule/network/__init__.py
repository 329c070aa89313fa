"""A plan lowered to the arrays of the kernel: every rule of P6 and of MS Project is applied here, those that only one of them has in `p6/` and `msp/`.

`lower(plan)` gives a `Network`; `net.arrays` is what the kernel's functions take, `net.duration` the planned durations `[activities]`.
Bound eagerly, because `lower` and its module share a name. Importing anything of this package loads the kernel, and numba with it.
"""

from pmo_lib.schedule.network.lower import lower
from pmo_lib.schedule.network.record import Network

__all__ = ["Network", "lower"]
