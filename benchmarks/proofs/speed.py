"""The engine against its rivals, and what a person waits for at the command line."""

from __future__ import annotations

import contextlib
import io
from typing import Any

from benchmarks import clustered, large, open_rival
from benchmarks.__main__ import PARTS

TITLE = "Speed: the engine against its rivals, and cold starts"
OPTIONS: dict[str, Any] = {}


def prove() -> str:
    """Each benchmark's own words."""
    told = []
    for title, part in (PARTS | {"Large plans": large.main, "Dask": clustered.main, "Against mcprojsim": open_rival.main}).items():
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            met = part()
        told.append(f"## {title}: goals {'met' if met else '**missed**'}\n\n```\n{said.getvalue().rstrip()}\n```")
    return "\n\n".join(told)
