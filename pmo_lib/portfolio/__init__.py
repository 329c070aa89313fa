"""The portfolio: each project's computed status, and all of them side by side, worst first."""

from pmo_lib.portfolio.health import Status, health, status

__all__ = ["Status", "health", "status"]
