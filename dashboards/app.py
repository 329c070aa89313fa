"""What `panel serve dashboards/app.py` runs: the portfolio, or the project that the URL names. `pmo serve` gives each page its own path.

The workspace is `PMO_WORKSPACE`, or the folder `pmo-workspace`.
"""

import os

import panel as pn
from pmo_dashboards import state
from pmo_dashboards.pages import portfolio, project

import pmo_lib as pmo

pn.extension("tabulator", notifications=False)
state.PATHS.update(Portfolio="app", Project="app")
desk = state.Office(pmo.open_workspace(os.environ.get("PMO_WORKSPACE", "pmo-workspace")))
page = project.page if "key" in (pn.state.session_args or {}) else portfolio.page
page(desk).servable()
