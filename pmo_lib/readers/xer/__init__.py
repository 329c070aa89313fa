"""Primavera P6's XER: `reader`, the `file` as tables of text, and what the others make of them."""
