"""HoloViews draws by Bokeh. Set without `hv.extension`, which would write JavaScript into every notebook that imports a plot."""

import holoviews as hv
import holoviews.plotting.bokeh

__all__ = ["hv"]

hv.Store.set_current_backend("bokeh")
