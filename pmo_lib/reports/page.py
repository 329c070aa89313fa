"""An executed notebook as one HTML file: offline, sanitised, with style, font and drawings within it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bleach
import nbformat
from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors.sanitize import SanitizeHTML

from pmo_lib.plots.theme import font_face
from pmo_lib.reports.document import MIME
from pmo_lib.reports.html import ATTRIBUTES, TAGS, css, fragment

TEMPLATE = Path(__file__).with_name("page.html.j2")


class Cleaned(SanitizeHTML):
    """Our parts are set anew from their data; whatever else a cell shows passes the same allow-list."""

    def sanitize_code_outputs(self, outputs: list[Any]) -> list[Any]:
        for output in outputs:
            if MIME in output.get("data", {}):
                output["data"] = {"text/html": fragment(output["data"][MIME])}
        return super().sanitize_code_outputs(outputs)

    def sanitize_html_tags(self, html_str: str) -> str:
        return bleach.clean(html_str, tags=TAGS, attributes=ATTRIBUTES, protocols={"data"}, strip=True)


def page(notebook: nbformat.NotebookNode) -> str:
    """The HTML of an executed report notebook; the notebook itself is left as it is."""
    head = parts(notebook)[0]
    exporter = HTMLExporter(preprocessors=[Cleaned(enabled=True)], raw_template=TEMPLATE.read_text(encoding="utf-8"))
    given = {"title": head["title"], "foot": head["foot"], "style": font_face() + css()}
    html, _ = exporter.from_notebook_node(notebook, resources={"report": given})
    return html


def parts(notebook: nbformat.NotebookNode) -> list[dict[str, Any]]:
    """The report's parts that the notebook's cells show, its head first."""
    found = [output["data"][MIME] for cell in notebook.cells for output in cell.get("outputs", []) if MIME in output.get("data", {})]
    return sorted(found, key=lambda part: part["part"] != "head")
