"""Where the files lie that come with the program: notebooks and the demo's data."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent


def shipped(name: str) -> Path:
    """Path of a shipped file or folder, as in `notebooks/reports/status.ipynb`.

    The repository comes first: an editable install may hold a stale copy. Raises `FileNotFoundError` for a name that is not shipped.
    """
    for root in (PACKAGE.parent, PACKAGE / "_shipped"):
        if (root / name).exists():
            return root / name
    raise FileNotFoundError(f"{name} is not shipped with PMO Workbench")
