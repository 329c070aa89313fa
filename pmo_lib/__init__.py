"""PMO Workbench: plans in, judgement out."""

__version__ = "0.1.0"
