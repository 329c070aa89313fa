"""HoloViews draws by Bokeh. Set without `hv.extension`, which would write JavaScript into every notebook that imports a plot."""

from typing import Any

import holoviews as hv
import holoviews.plotting.bokeh

__all__ = ["Element", "hv"]

Element = Any  # a HoloViews element or overlay: what `opts` gives back is not annotated

hv.Store.set_current_backend("bokeh")
