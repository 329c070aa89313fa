"""HTML and PDF from an executed notebook: offline, sanitised, with text as text."""

from __future__ import annotations

import re
import shutil
import subprocess
import zlib
from html.parser import HTMLParser
from pathlib import Path

import hand_made
import nbformat
import pytest
from test_status import HOSTILE

from pmo_lib import reports
from pmo_lib.office import Assessment
from pmo_lib.reports.page import page, parts
from pmo_lib.reports.pdf import pdf


def notebook(assessment: Assessment) -> nbformat.NotebookNode:
    """A report's notebook as if it had been run."""
    document = reports.build(assessment)
    shown = [document.head, *document.sections.values()]
    outputs = [nbformat.v4.new_output("execute_result", data=part._repr_mimebundle_(), execution_count=1) for part in shown]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("report", outputs=[output]) for output in outputs])


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.references: list[str] = []
        self.handlers: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.references += [value or "" for name, value in attrs if name in ("src", "href", "data", "srcset", "action")]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def hostile() -> nbformat.NotebookNode:
    return notebook(hand_made.northgate(hostile=HOSTILE))


def test_the_page_asks_for_nothing_outside_itself(hostile: nbformat.NotebookNode) -> None:
    html = page(hostile)
    tags = Tags(html)
    assert tags.references
    assert all(reference.startswith("data:") for reference in tags.references)
    assert all(reference.startswith(('"data:', "data:")) for reference in re.findall(r"url\(([^)]{1,20})", html))
    assert "@import" not in html
    assert "default-src 'none'" in html


def test_hostile_names_are_text_in_the_page(hostile: nbformat.NotebookNode) -> None:
    tags = Tags(page(hostile))
    assert "script" not in tags.tags
    assert not tags.handlers
    assert "the lag of 12.5 minutes was rounded to 12" + HOSTILE in tags.text


def test_other_output_is_cleaned(hostile: nbformat.NotebookNode) -> None:
    added = nbformat.from_dict(hostile)
    evil = {"text/html": '<p onclick="x()">kept</p><img src="http://outside/x.png"><script>bad()</script>', "application/javascript": "bad()"}
    added.cells.append(nbformat.v4.new_code_cell("x", outputs=[nbformat.v4.new_output("display_data", data=evil)]))
    html = page(added)
    assert "<p>kept</p>" in html
    assert "outside" not in html
    assert "onclick" not in html
    assert "<script" not in html


def test_each_status_has_its_word(hostile: nbformat.NotebookNode) -> None:
    html = page(hostile)
    assert html.count("Failed") >= 3
    assert 'alt="The target of 29 Jan 2027 has a chance of 11' in html


def test_hostile_names_are_text_in_the_pdf(hostile: nbformat.NotebookNode, tmp_path: Path) -> None:
    made = pdf(parts(hostile))
    title = next(chunk for chunk in chunks(made) if b"dc:title" in chunk).decode(errors="replace")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; #import" in title
    if shutil.which("pdftotext"):  # where Poppler is at hand, the pages themselves
        (tmp_path / "report.pdf").write_bytes(made)
        text = subprocess.run(["pdftotext", "-raw", str(tmp_path / "report.pdf"), "-"], capture_output=True, text=True, check=True).stdout
        assert "".join(HOSTILE.split()) in "".join(text.split())
        assert "page 1 of" in text


def chunks(made: bytes) -> list[bytes]:
    """The file's streams, unpacked, and the file itself."""
    found = [made]
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", made, re.DOTALL):
        try:
            found.append(zlib.decompress(match.group(1)))
        except zlib.error:
            found.append(match.group(1))
    return found


@pytest.mark.parametrize("assessment", [hand_made.northgate(), hand_made.bare()], ids=["known", "bare"])
def test_the_pdf_is_a4_landscape_with_its_fonts(assessment: Assessment, tmp_path: Path) -> None:
    made = pdf(parts(notebook(assessment)))
    assert made.startswith(b"%PDF-")
    assert b"Inter-Regular" in made
    assert b"Inter-SemiBold" in made
    boxes = {box for chunk in chunks(made) for box in re.findall(rb"/MediaBox ?\[([^\]]+)\]", chunk)}
    assert len(boxes) == 1
    width, height = (float(value) for value in boxes.pop().split()[2:])
    assert (round(width), round(height)) == (842, 595)


def test_html_and_pdf_come_from_the_notebook_alone(hostile: nbformat.NotebookNode) -> None:
    read_again = nbformat.reads(nbformat.writes(hostile), as_version=4)
    assert parts(read_again) == parts(nbformat.reads(nbformat.writes(hostile), as_version=4))
    assert page(read_again) == page(hostile)
