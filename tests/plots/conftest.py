"""The hand-made portfolio of the browser tests serves the plots too; and how a picture is drawn without a page."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

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


@pytest.fixture(scope="session")
def rendered() -> Callable[[Any], Any]:
    """Draws an element as Bokeh would show it. In a document of its own: Bokeh's current document is one for all threads, and may be a page
    that the browser tests' server is just answering with."""
    import holoviews as hv
    from bokeh.document import Document

    renderer: Any = hv.renderer("bokeh").instance(mode="server")  # another mode takes the current document whatever it is told
    return lambda element: renderer.get_plot(element, doc=Document()).state
