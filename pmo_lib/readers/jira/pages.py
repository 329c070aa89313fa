"""Whether pages of a search are all there, as they say themselves: a file saved by hand is often the first page of several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pmo_lib.readers.notes import Notes

REMEDY = "save the other pages beside it in one folder, or use pmo pull jira"


class Pages:
    """What the pages of issues said of their number."""

    def __init__(self) -> None:
        self._total = 0  # issues that a search has, at most
        self._begun = self._ended = 0  # pages with a token, and those that say they are the last

    def take(self, content: Any) -> None:
        """Take in an answer, whatever it is."""
        for page in content if isinstance(content, list) else [content]:
            if isinstance(page, Mapping) and isinstance(page.get("issues"), list):
                total, last = page.get("total"), page.get("isLast")
                self._total = max(self._total, total if isinstance(total, int) else 0)
                self._begun += bool(page.get("nextPageToken")) or last is False
                self._ended += last is True

    def tell(self, issues: int, place: str, notes: Notes) -> None:
        """A finding where there should be more issues than came."""
        message = None
        if self._total > issues:
            message = f"the search had {self._total:,} issues and {issues:,} are here: it is a page of several"
        elif self._begun and not self._ended:
            message = f"the last page says that more follow, and {issues:,} issues are here"
        if message:
            notes.add("error", "pages-missing", place, f"{message}, so every figure is of a part", REMEDY)


def refused(content: Any) -> str | None:
    """Why an answer holds no issue, in words; None where nothing tells."""
    if not isinstance(content, Mapping):
        return None
    said = content.get("errorMessages") or list(content["errors"].values() if isinstance(content.get("errors"), Mapping) else [])
    if said:
        return f"it is a refusal of Jira: {str(said[0])[:200]}"
    held = content.get("issues")
    if held == []:
        return "the search found no issue"
    if isinstance(held, list) and not any(isinstance(each, Mapping) and each.get("fields") for each in held):
        return "its issues have no fields: search/jql sends ids alone unless it is asked for fields=*all"
    return None
