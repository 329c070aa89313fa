"""What `panel serve dashboards/app.py` runs: the portfolio, or a project where the URL names one. `pmo serve` gives each its own path."""

import os

from pmo_dashboards.pages import portfolio, project
from pmo_dashboards.state import Office

import pmo_lib as pmo

desk = Office(pmo.open_workspace(os.environ.get("PMO_WORKSPACE", "pmo-workspace")))
pages = {"portfolio": portfolio.page, "project": project.page}
