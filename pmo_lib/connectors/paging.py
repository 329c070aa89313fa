"""The three ways in which lists come in pages: by a token, by a position, by an offset. Each gives every object and never runs in a circle."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

from pmo_lib.connectors.answers import Answer
from pmo_lib.connectors.polite import Contradiction, Params

PAGES = 100_000  # more than any list has
EMPTY = 100  # pages without an object in a row
Page = list[dict[str, Any]]


class Source(Protocol):
    """Whoever is asked: a service, or a staging of its answers."""

    @property
    def address(self) -> str:
        """Where it is."""
        ...

    def get(self, path: str, params: Params | None = None) -> Answer:
        """The answer to a GET."""
        ...

    def same_origin(self, link: str | None) -> None:
        """Refuses a link to another host."""
        ...


def by_token(ask: Callable[[str | None], Answer], under: str, where: str) -> Iterator[Page]:
    """Jira Cloud's: each page names the next by `nextPageToken`; there is no total, and a token that comes again would run in a circle."""
    token: str | None = None
    seen: set[str] = set()
    pause = _Pause(where)
    while True:
        said = mapping(ask(token).said, where)
        page = objects(said, under, where)
        pause.after(page)
        yield page
        token = said.get("nextPageToken")
        if not token:
            if said.get("isLast") is False:
                raise Contradiction(f"{where} says that there is more, and does not say where")
            return
        if not isinstance(token, str) or token in seen:
            raise Contradiction(
                f"{where} sent the same page token twice, so that its list would never end; nothing of it is kept, run the same command again later"
            )
        seen.add(token)


def by_position(source: Source, path: str, params: Params, under: str, *, size: int) -> Iterator[Page]:
    """Jira's `startAt`: the next page begins where this one ended, however many were asked for. A list without a total, bare, is one page."""
    where = f"{source.address}/{path}"
    start = 0
    for _ in range(PAGES):
        said = source.get(path, {**params, "startAt": start, "maxResults": size}).said
        if isinstance(said, list):
            yield objects({under: said}, under, where)
            return
        said = mapping(said, where)
        source.same_origin(said.get("nextPage"))
        page = objects(said, under, where)
        yield page
        start += len(page)
        total, last = said.get("total"), said.get("isLast")
        if last is True or (last is None and isinstance(total, int) and start >= total):
            return
        if not page:
            if isinstance(total, int) and start >= total:
                return
            raise Contradiction(
                f"{where} sent an empty page after {start} of {total if isinstance(total, int) else 'more'}; nothing of it is kept, run the command again later"
            )
        if last is None and not isinstance(total, int):
            return
    raise Contradiction(f"{where} has no end")


def by_offset(source: Source, path: str, params: Params, *, size: int = 100) -> Iterator[Page]:
    """Asana's: `next_page` holds the offset of the next page, or null."""
    where = f"{source.address}/{path}"
    offset: str | None = None
    seen: set[str] = set()
    pause = _Pause(where)
    while True:
        said = mapping(source.get(path, {**params, "limit": size, **({"offset": offset} if offset else {})}).said, where)
        page = objects(said, "data", where)
        pause.after(page)
        yield page
        if not (following := said.get("next_page")):
            return
        following = mapping(following, where)
        source.same_origin(following.get("uri"))
        offset = following.get("offset")
        if not isinstance(offset, str) or not offset or offset in seen:
            raise Contradiction(
                f"{where} names the same next page twice, so that its list would never end; nothing of it is kept, run the same command again later"
            )
        seen.add(offset)


def mapping(said: Any, where: str) -> Mapping[str, Any]:
    """The answer as an object. Raises `ServiceFault` where it is something else."""
    if not isinstance(said, dict):
        raise Contradiction(f"{where} sent a {type(said).__name__} where an object was expected; is the address that of the service itself?")
    return said


def objects(said: Mapping[str, Any], under: str, where: str) -> Page:
    """The objects of a page. Raises `ServiceFault` where the page has no list of objects."""
    found = said.get(under)
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Contradiction(f"{where} sent a page without its list {under}; is the address that of the service itself?")
    return found


class _Pause:
    """Empty pages may come between full ones, but not for ever."""

    def __init__(self, where: str) -> None:
        self._where, self._count, self._empty = where, 0, 0

    def after(self, page: Page) -> None:
        self._count += 1
        self._empty = 0 if page else self._empty + 1
        if self._empty > EMPTY or self._count > PAGES:
            raise Contradiction(f"{self._where} sends page after page without an end; nothing of it is kept, run the same command again later")
