"""What `panel serve dashboards/app.py` runs: the portfolio, or the project or the board that the URL names. `pmo serve` gives each page its own path.

The workspace is `PMO_WORKSPACE`, or the folder `pmo-workspace`.
"""

import os

import panel as pn
from pmo_dashboards import state
from pmo_dashboards.pages import flow, portfolio, project

import pmo_lib as pmo

pn.extension("tabulator", notifications=False)
state.PATHS.update(Portfolio="app", Project="app", Flow="app?page=flow")
desk = state.Office(pmo.open_workspace(os.environ.get("PMO_WORKSPACE", "pmo-workspace")))
asked = pn.state.session_args or {}
page = flow.page if asked.get("page") == [b"flow"] else project.page if "key" in asked else portfolio.page
page(desk).servable()
