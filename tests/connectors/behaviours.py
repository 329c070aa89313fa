"""How services misbehave, as a table: each behaviour with what it does to an answer, what must come of the pull, and on which services it can happen.

A twist sees each request and the answer that the world has ready; `Misbehaving` applies it at one page of the main listing.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

from tests.connectors import serving
from tests.connectors.serving import Reply, Request

CLOUD, DATA_CENTER, ASANA = "jira-cloud", "jira-data-center", "asana"
ALL = (CLOUD, DATA_CENTER, ASANA)
ITEMS = "issues", "data"
Change = Callable[[Reply, Any, Request], Reply | None]


@dataclass(frozen=True)
class Behaviour:
    """`fault`: words of the sentence that ends the pull; None: it is complete. `times`: how often it happens at its page. `ids`: the items there are then."""

    name: str
    change: Change
    fault: str | None = None
    times: int = 1
    on: tuple[str, ...] = ALL
    ids: Callable[[set[int]], set[int]] = lambda numbers: numbers
    transport: bool = True  # the client deals with it, whatever the service
    slow: bool = False  # it takes a limit that is short to be seen
    waits: float | None = None  # [s] that the pull must have waited for, at least


def status(code: int, **headers: str) -> Change:
    """An answer of error; its body is JSON."""
    return lambda reply, world, request: Reply({"errorMessages": ["Not now."]}, code, {name.replace("_", "-"): value for name, value in headers.items()})


def body(content: bytes | Callable[[bytes], bytes], **headers: str) -> Change:
    """Another body, under other headers."""

    def change(reply: Reply, world: Any, request: Request) -> Reply:
        sent = content(reply.bytes()) if callable(content) else content
        return replace(reply, body=sent, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return change


def rough(send: Any) -> Change:
    """The same answer, sent badly."""
    return lambda reply, world, request: replace(reply, rough=send)


def said(alter: Callable[[dict[str, Any], Request], object]) -> Change:
    """The same answer, saying something else."""

    def change(reply: Reply, world: Any, request: Request) -> Reply:
        told = json.loads(reply.bytes())
        alter(told, request)
        return replace(reply, said=told)

    return change


def happens(act: Callable[[Any], object]) -> Change:
    """The answer as it was; then something happens on the board."""

    def change(reply: Reply, world: Any, request: Request) -> Reply:
        body = reply.bytes()
        act(world)
        return replace(reply, body=body)

    return change


def listed(told: dict[str, Any]) -> list[dict[str, Any]]:
    """The page's items."""
    return next(told[name] for name in ITEMS if name in told)


def emptied(told: dict[str, Any], request: Request) -> None:
    """No item, and the page after this one starts where this one did."""
    listed(told).clear()
    if "nextPageToken" in told or "isLast" in told:
        here = request.query.get("nextPageToken", "after-0").removeprefix("after-")
        told.update(nextPageToken=f"after-0{here}", isLast=False)  # another name for the same place
    if told.get("next_page"):
        told["next_page"]["offset"] = request.query.get("offset", "at-0") + " "


def repeated(told: dict[str, Any], request: Request) -> None:
    """The next page is this one, again and again."""
    if "issues" in told:
        told.update(nextPageToken="after-00", isLast=False)
    else:
        told["next_page"] = {"offset": "at-00", "path": "/tasks", "uri": None}


def off_host(told: dict[str, Any], request: Request) -> None:
    """A next page on another host."""
    if "data" in told:
        told["next_page"] = {"offset": "at-2", "path": "/tasks", "uri": "https://evil.example/tasks?offset=at-2"}
    else:
        told["nextPage"] = "https://evil.example/rest/api/2/search?startAt=2"


def twice(told: dict[str, Any], request: Request) -> None:
    """Each item stands twice on its page."""
    listed(told).extend(list(listed(told)))


def strange(told: dict[str, Any], request: Request) -> None:
    """Fields that nobody knows, on the page and on its items."""
    told["surprise"] = {"nested": [1, None, "ü"]}
    for item in listed(told):
        item["surprise"] = [None, 1.5]


def nulls(told: dict[str, Any], request: Request) -> None:
    """Null wherever something is not needed."""
    for item in listed(told):
        for name in item:
            if name not in ("id", "gid", "key", "changelog", "fields", "modified_at"):
                item[name] = None
        if "fields" in item:
            item["fields"] = dict.fromkeys(item["fields"])


def later(seconds: float, clock: timedelta = timedelta()) -> str:
    """A moment by the service's clock, as HTTP writes it."""
    return format_datetime(datetime.now(UTC) + clock + timedelta(seconds=seconds), usegmt=True)


def dated(reply: Reply, world: Any, request: Request) -> Reply:
    """Retry-After as a date, by a clock that is years off."""
    world.clock = timedelta(days=-700)
    return Reply({}, 429, {"Retry-After": later(40, world.clock)})


def echoed(reply: Reply, world: Any, request: Request) -> Reply:
    """The request's own header in the answer."""
    return replace(reply, said=json.loads(reply.bytes()) | {"debug": {"Authorization": request.headers["Authorization"]}})


BEHAVIOURS = [
    Behaviour("429 with Retry-After in seconds", status(429, Retry_After="30"), waits=30),
    Behaviour("429 with Retry-After as a date, clock skewed", dated, waits=38),
    Behaviour("429 without Retry-After", status(429)),
    Behaviour("429 for ever", status(429), "asks for fewer requests", times=99),
    Behaviour("429 that asks for hours", status(429, Retry_After="7200"), "asks for 7,200 s"),
    Behaviour("500 once", status(500)),
    Behaviour("500 for ever", status(500), "answers HTTP 500", times=99),
    Behaviour("502 once", status(502)),
    Behaviour("503 with Retry-After", status(503, Retry_After="5"), waits=5),
    Behaviour("timeout once", rough(serving.silent), slow=True),
    Behaviour("timeout for ever", rough(serving.silent), "did not answer in time", times=99, on=(CLOUD,), slow=True),
    Behaviour("reset mid-body once", rough(serving.reset)),
    Behaviour("reset mid-body for ever", rough(serving.reset), "broke the connection off", times=99),
    Behaviour("no answer once", rough(serving.hang_up)),
    Behaviour("truncated JSON once", body(lambda sent: sent[: len(sent) // 2])),
    Behaviour("truncated JSON for ever", body(lambda sent: sent[: len(sent) // 2]), "damaged or breaks off", times=99),
    Behaviour("HTML instead of JSON", body(b"<html>Log in</html>", Content_Type="text/html"), "a web page instead of JSON"),
    Behaviour("wrong content type", body(b"a;b\n1;2\n", Content_Type="text/csv"), "text/csv instead of JSON"),
    Behaviour("JSON of another kind", body(b"[1, 2]"), "an object was expected", on=(CLOUD, ASANA), transport=False),
    Behaviour("page without its list", body(b'{"total": 6, "isLast": true}'), "without its list", transport=False),
    Behaviour("item without id", said(lambda told, request: [item.pop("id", item.pop("gid", None)) for item in listed(told)]), "without", transport=False),
    Behaviour("repeated token", said(repeated), "twice", on=(CLOUD, ASANA), times=99, transport=False),
    Behaviour("empty page with more to come", said(emptied), on=(CLOUD, ASANA), transport=False),
    Behaviour("empty pages for ever", said(lambda told, request: listed(told).clear()), "an empty page", on=(DATA_CENTER,), times=99, transport=False),
    Behaviour("item changed between pages", happens(lambda world: world.touch(1, summary="Changed")), transport=False),
    Behaviour("item deleted between pages", happens(lambda world: world.remove(1)), ids=lambda numbers: numbers - {1}, transport=False),
    Behaviour("item moved away between pages", happens(lambda world: world.touch(2, project="OTHER")), ids=lambda numbers: numbers - {2}, transport=False),
    Behaviour(
        "item hidden between pages",
        happens(lambda world: world.touch(5, hidden=True)),
        ids=lambda numbers: numbers - {5},
        on=(CLOUD, DATA_CENTER),
        transport=False,
    ),
    Behaviour(
        "item created between pages",
        happens(lambda world: world.items.append(type(world.items[0])(7, "New"))),
        ids=lambda numbers: numbers | {7},
        transport=False,
    ),
    Behaviour("duplicates on a page", said(twice), transport=False),
    Behaviour("redirect off the host", status(302, Location="https://evil.example/login"), "redirects to evil.example"),
    Behaviour("redirect to plain text", status(301, Location="http://evil.example:80/"), "redirects to evil.example"),
    Behaviour(
        "redirect on the host, in a circle",
        lambda reply, world, request: Reply({}, 307, {"Location": f"{request.path}?{urlencode(request.query)}"}),
        "in a circle",
        times=99,
    ),
    Behaviour("next link off the host", said(off_host), "another host", on=(DATA_CENTER, ASANA), transport=False),
    Behaviour("oversized page", body(b"[" + b"1," * 600_000 + b"1]"), "larger than 1 MiB"),
    Behaviour("oversized page without a length", rough(lambda c, head, sent: serving.unmeasured(c, head, b" " * 1_200_000)), "larger than 1 MiB"),
    Behaviour("gzip bomb", body(gzip.compress(b" " * 30_000_000), Content_Encoding="gzip"), "larger than 1 MiB"),
    Behaviour("gzip that breaks off", body(lambda sent: gzip.compress(sent)[:-9], Content_Encoding="gzip")),
    Behaviour("gzip as it should be", body(gzip.compress, Content_Encoding="gzip")),
    Behaviour("packing not asked for", body(b"\x00", Content_Encoding="br"), "packed as br"),
    Behaviour("slow drip", rough(serving.dripped), "did not answer in time", times=99, on=(CLOUD,), slow=True),
    Behaviour("slow drip of the head", rough(serving.dripped_head), "did not answer in time", times=99, on=(CLOUD,), slow=True),
    Behaviour("clock skew", happens(lambda world: setattr(world, "clock", timedelta(days=-400)))),
    Behaviour("token expired", status(401), "does not accept the token", times=99, transport=False),
    Behaviour(
        "token expired, answered as to a stranger", said(lambda told, request: None), "does not accept the token", on=(CLOUD,), times=99, transport=False
    ),
    Behaviour("permission lost", status(403), "does not let this token see", times=99, transport=False),
    Behaviour("unknown fields", said(strange), transport=False),
    Behaviour("nulls", said(nulls), transport=False),
    Behaviour("token in the answer", echoed, "repeats the token"),
    Behaviour("history broken off", happens(lambda world: setattr(world, "histories_at_once", 1)), on=(DATA_CENTER,), transport=False),
]


@dataclass
class Misbehaving:
    """Applies a behaviour at page `at` of the main listing, counted from 0, as often as it says."""

    behaviour: Behaviour
    at: int
    world: Any
    pages: int = -1
    last: str = ""
    happened: int = 0

    def __call__(self, request: Request, reply: Reply) -> Reply | None:
        if not self._is_listing(request):
            return None
        place = request.query.get("nextPageToken", "") + request.query.get("offset", "") + request.query.get("startAt", "")
        if place != self.last or self.pages < 0:
            self.pages, self.last = self.pages + 1, place
        if self.pages < self.at or self.happened >= self.behaviour.times or (self.pages > self.at and self.behaviour.times == 1):
            return None
        self.happened += 1
        changed = self.behaviour.change(reply, self.world, request)
        if changed is not None and "stranger" in self.behaviour.name:
            changed.headers = {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"}
        return changed

    def _is_listing(self, request: Request) -> bool:
        ids = request.query.get("fields") == "id" or request.query.get("opt_fields") == "completed"
        path = request.path.endswith(("/search/jql", "/search")) or (request.path == "/api/1.0/tasks")
        return path and not ids and "id in (" not in request.query.get("jql", "")
