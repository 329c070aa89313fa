"""The demo, generated once for all its tests, and its committed copy."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

DEMO = Path(__file__).resolve().parents[2] / "data" / "demo"
sys.path.insert(0, str(DEMO))

from pmo_demo.inbox import build_demo  # noqa: E402


@pytest.fixture(scope="session")
def demo() -> Path:
    """The committed demo."""
    return DEMO


@pytest.fixture(scope="session")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, generated anew."""
    out = tmp_path_factory.mktemp("demo")
    build_demo(out)
    return out
