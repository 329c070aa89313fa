"""The hand-made portfolio of the browser tests serves the plots too."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def sample() -> ModuleType:
    if "sample" not in sys.modules:
        spec = importlib.util.spec_from_file_location("sample", Path(__file__).parents[1] / "browser" / "sample.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules["sample"] = module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return sys.modules["sample"]
