"""Answers of several parts, each of which can be refused without the others."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pmo_lib.errors import PMOError

Made = TypeVar("Made")


class Attempts:
    """Makes parts one by one; of those that could not be made, `refusals` says why under the part's name."""

    def __init__(self, refusal: type[PMOError] = PMOError) -> None:
        """A fault that is no such `refusal` is raised, and refuses the answer as a whole."""
        self.refusals: dict[str, str] = {}
        self._refusal = refusal

    def __call__(self, part: str, make: Callable[[], Made]) -> Made | None:
        """What could be made, or None with the reason kept."""
        try:
            return make()
        except self._refusal as refusal:
            self.refusals[part] = str(refusal)
            return None
