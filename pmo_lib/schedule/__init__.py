"""Scheduling: dates, the certificate against the source's own, quality checks, what changed."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__, submod_attrs={"dates": ["dates"], "agreement": ["agreement"], "checks": ["checks"], "compare": ["compare"]}
)
