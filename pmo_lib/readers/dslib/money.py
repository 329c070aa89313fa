"""The currency of a card: no cell says it, but the format of its amounts does, as in `#,##0.00€`."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

STYLES = "xl/styles.xml"
MOST = 512 * 1024  # [bytes] of the part that are read
FORMAT = re.compile(r'formatCode="([^"]*)"')
NAMED = re.compile(r"\[\$([^\]-]*)[^\]]*\]")  # Excel's own way to name one: [$€-407]
SIGNS = {"€": "EUR", "£": "GBP", "$": "USD"}


def currency_of(path: Path) -> str | None:
    """The currency that the workbook's formats show; None where they show none, or several."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(STYLES) as part:
            styles = part.read(MOST).decode("utf-8", "replace")
    except (KeyError, zipfile.BadZipFile, OSError):
        return None
    told = "".join(NAMED.sub(r"\1", code) for code in FORMAT.findall(styles))
    found = {currency for sign, currency in SIGNS.items() if sign in told}
    return found.pop() if len(found) == 1 else None
