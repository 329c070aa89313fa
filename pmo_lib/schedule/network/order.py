"""The order of activities: predecessors first, or the loop that forbids it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np

from pmo_lib.compiled import kernel
from pmo_lib.errors import NotSchedulable

SEARCHED = 400  # activities of loops from which the shortest loop is sought; enough to find a short one


def grouped(keys: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """For each of `count` keys where its members begin (count + 1 entries), and the members' positions, in their order."""
    first = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(keys, minlength=count), out=first[1:])
    return first, _dealt(keys, first[:-1].copy())


@kernel
def _dealt(keys, free):
    """Positions of the keys, those of each key from `free` of it on: a sort by counting."""
    order = np.empty(keys.size, np.int64)
    for position in range(keys.size):
        key = keys[position]
        order[free[key]] = position
        free[key] += 1
    return order


def topological(count: int, predecessor: np.ndarray, successor: np.ndarray, names: Sequence[str]) -> np.ndarray:
    """Positions 0..count-1, every predecessor before its successors, otherwise in the given order as far as may be.

    Raises `NotSchedulable` naming a shortest loop.
    """
    first, order = grouped(predecessor, count)
    following = successor[order]
    waiting = np.bincount(successor, minlength=count)
    done = np.empty(count, np.int64)
    if _released(first, following, waiting, done) < count:
        loop = _shortest_loop(np.flatnonzero(waiting).tolist(), first.tolist(), following.tolist())
        shown = [names[i].splitlines()[0] for i in [*loop, loop[0]]]
        raise NotSchedulable(f"the schedule has a loop: {' -> '.join(shown)}; remove one of its relationships")
    return done


@kernel
def _released(first, following, waiting, done):
    """Fills `done` with what waits for nothing any more, in that order; how many there are. `waiting` counts down."""
    last = 0
    for i in range(waiting.size):
        if waiting[i] == 0:
            done[last] = i
            last += 1
    next_ = 0
    while next_ < last:
        i = done[next_]
        next_ += 1
        for k in range(first[i], first[i + 1]):
            j = following[k]
            waiting[j] -= 1
            if waiting[j] == 0:
                done[last] = j
                last += 1
    return last


def _shortest_loop(left: list[int], bounds: list[int], following: list[int]) -> list[int]:
    """The shortest loop through any of the first activities that are left over."""
    inside = set(left)
    best: list[int] = []
    for start in left[:SEARCHED]:
        came_from: dict[int, int] = {start: -1}
        queue = deque([start])
        found = None
        while queue and found is None:
            i = queue.popleft()
            for j in following[bounds[i] : bounds[i + 1]]:
                if j == start:
                    found = i
                    break
                if j in inside and j not in came_from:
                    came_from[j] = i
                    queue.append(j)
        if found is not None:
            path = [found]
            while came_from[path[-1]] != -1:
                path.append(came_from[path[-1]])
            if not best or len(path) < len(best):
                best = path[::-1]
    return best
