"""Monte Carlo on a network in plain Python: what a careful person writes without any library.

Local names, tuples instead of objects, no attribute look-ups in the loops: faster in plain Python we could not make it.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

FS, SS, FF, SF = 0, 1, 2, 3
Link = tuple[int, int, int]  # other activity, type, lag


def simulate(
    points: Sequence[tuple[float, float, float]], incoming: Sequence[Sequence[Link]], outgoing: Sequence[Sequence[Link]], iterations: int, seed: int
) -> tuple[list[int], list[int]]:
    """The finish of each iteration, and in how many each activity had no float. Activities in topological order, triangular durations."""
    n = len(points)
    draw = random.Random(seed).triangular
    order, backwards = range(n), range(n - 1, -1, -1)
    critical, finishes = [0] * n, []
    start, finish, late_start, late_finish = [0] * n, [0] * n, [0] * n, [0] * n
    for _ in range(iterations):
        durations = [int(draw(low, high, likely) + 0.5) for low, likely, high in points]
        for i in order:
            own, at = durations[i], 0
            for j, kind, lag in incoming[i]:
                if kind == FS:
                    bound = finish[j] + lag
                elif kind == SS:
                    bound = start[j] + lag
                elif kind == FF:
                    bound = finish[j] + lag - own
                else:
                    bound = start[j] + lag - own
                if bound > at:
                    at = bound
            start[i] = at
            finish[i] = at + own
        end = max(finish)
        finishes.append(end)
        for i in backwards:
            own, at = durations[i], end
            for j, kind, lag in outgoing[i]:
                if kind == FS:
                    bound = late_start[j] - lag
                elif kind == SS:
                    bound = late_start[j] - lag + own
                elif kind == FF:
                    bound = late_finish[j] - lag
                else:
                    bound = late_finish[j] - lag + own
                if bound < at:
                    at = bound
            late_finish[i] = at
            late_start[i] = at - own
            if at <= finish[i]:
                critical[i] += 1
    return finishes, critical
