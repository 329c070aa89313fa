"""Forward and backward pass over a block of iterations.

Every block array is int32 `[activities, iterations]`, C-contiguous, activities in the network's topological order. The functions know links, lags,
calendars and bounds, and nothing else; `network.lower` turns a source's rules into those.

The time axis depends on the network:

- **one calendar** (`net.grid` is empty): working minutes of that calendar since the network's origin. Finish and next start are the same number.
- **several calendars**: clock minutes since the origin. A start stands at the beginning of its first working minute, a finish at the end of its last.

`Network.instants` turns either into dates. Durations are working minutes of the activity's own calendar, always.

Calling order for a block: `forward(net, duration, es, ef)`; `latest(net, ef, finish)`; `backward(net, duration, ef, finish, ls, lf)`;
`total_float(net, which, es, ef, ls, lf, out)`; `longest_path(net, es, ef, finish, marked)`; `free_float(net, es, ef, finish, out)`.
Any number of threads may call them at once, each with its own block.
"""

from __future__ import annotations

from pmo_lib.schedule.kernel.axis import FAR, FF, FINISH_FLOAT, FS, SF, SMALLEST_FLOAT, SS, START_FLOAT, Arrays, earlier
from pmo_lib.schedule.kernel.backward import backward
from pmo_lib.schedule.kernel.floats import as_late_as_free, free_float, link_slack, longest_path, total_float, worked
from pmo_lib.schedule.kernel.forward import forward, latest

__all__ = [
    "FAR", "FF", "FINISH_FLOAT", "FS", "SF", "SMALLEST_FLOAT", "SS", "START_FLOAT", "Arrays", "as_late_as_free", "backward", "earlier", "forward",
    "free_float", "latest", "link_slack", "longest_path", "total_float", "worked",
]  # fmt: skip
