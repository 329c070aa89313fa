"""What a run is made of: the network, what is drawn, what risks and choices make of it, and which blocks of iterations there are."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from pmo_lib.risk.engine import block
from pmo_lib.risk.engine.drawing import Variables
from pmo_lib.risk.engine.effects import Effects
from pmo_lib.schedule.kernel import Arrays


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What is needed to run the same iterations again."""

    arrays: Arrays
    variables: Variables
    effects: Effects | None  # None: neither risks nor branches
    fixed: np.ndarray  # [n] int32, working minutes: what is planned
    blocks: np.ndarray  # as `sampling.blocks`, of `lanes`
    threads: int
    spare: dict[bool, list[block.Scratch]] = field(
        default_factory=lambda: {True: [], False: []}, repr=False, compare=False
    )  # see `running.run_into`; by float or not

    @property
    def lanes(self) -> int:
        """Iterations of a block."""
        return block.lanes_of(self.fixed.size)
