"""Fields of a page in step with its selection, and so with its address."""

from __future__ import annotations

import panel_material_ui as pmui

from pmo_dashboards.state import Selection

FIELD = 160  # [pixels] width of a filter


def choice(chosen: Selection, name: str, label: str, options: dict[str, str], instead: str = "") -> pmui.Select:
    """A filter in step with the selection in both directions; `instead` is what shows while nothing is chosen."""
    value = getattr(chosen, name) or instead
    if value not in options.values():
        options = {**options, value: value}
    select = pmui.Select(options=options, value=value, size="small", variant="outlined", label=label, width=FIELD, margin=0)
    select.param.watch(lambda event: chosen.param.update(**{name: event.new}), "value")
    chosen.param.watch(lambda event: setattr(select, "value", event.new) if event.new in select.values else None, name)
    return select


def find(chosen: Selection, name: str = "find", label: str = "Find a project") -> pmui.TextInput:
    """A field for a part of a name, in step with the selection."""
    field = pmui.TextInput(value=getattr(chosen, name), placeholder=label, size="small", variant="outlined", label=label, width=FIELD, margin=0)
    field.param.watch(lambda event: setattr(chosen, name, event.new), "value")
    field.param.watch(lambda event: setattr(chosen, name, event.new), "value_input")
    chosen.param.watch(lambda event: setattr(field, "value", event.new), name)
    return field
