from .index import REPORTS as REPORTS
from .index import build as build
from .run import report as report
from .run import report_all as report_all

__all__ = ["REPORTS", "build", "report", "report_all"]
