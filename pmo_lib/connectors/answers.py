"""What came back: a body within its size, unpacked within its size, that is JSON and says so."""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

SAID = 300  # [characters] of a service's own words in a sentence of ours


class Passing(Exception):
    """A fault that may be gone at the next try; `wait` [s] is what the service asked for."""

    def __init__(self, what: str, *, status: int | None = None, wait: float | None = None) -> None:
        self.what, self.status, self.wait = what, status, wait
        super().__init__(what)


class Lasting(Exception):
    """A fault that another try will not mend."""

    def __init__(self, what: str, *, status: int | None = None) -> None:
        self.what, self.status = what, status
        super().__init__(what)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its body as it was sent, what it says, and the service's clock."""

    body: bytes
    said: Any
    at: datetime | None


def body_of(response: httpx.Response, largest: int) -> bytes:
    """The body, unpacked; raises `Lasting` where it is larger than `largest` [bytes] or packed in a way that was not asked for."""
    declared = response.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > largest:
        raise Lasting(_too_large(largest))
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("identity", "gzip", ""):
        raise Lasting(f"sent an answer packed as {plain(coding)}, which was not asked for")
    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS) if coding == "gzip" else None
    parts, size = [], 0
    for raw in response.iter_raw():
        part = _unpacked(unpack, raw, largest - size) if unpack else raw
        size += len(part)
        if size > largest:
            raise Lasting(_too_large(largest))
        parts.append(part)
    if unpack and not unpack.eof:
        raise Passing("broke off in the middle of an answer")
    return b"".join(parts)


def _unpacked(unpack: Any, raw: bytes, room: int) -> bytes:
    try:
        return unpack.decompress(raw, room + 1)
    except zlib.error:
        raise Passing("sent an answer that cannot be unpacked") from None


def _too_large(largest: int) -> str:
    return f"sent an answer larger than {largest // 1024**2} MiB"


def json_of(response: httpx.Response, body: bytes) -> Any:
    """What the body says; raises `Lasting` where it is no JSON and does not say that it is, `Passing` where it breaks off."""
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        page = "a web page" if "html" in kind or body.lstrip()[:1] == b"<" else f"{plain(kind) or 'something unnamed'}"
        raise Lasting(f"answered with {page} instead of JSON (HTTP {response.status_code}): the address may be that of a login page or of another service")
    try:
        return json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Passing("sent JSON that is damaged or breaks off") from None


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def words_of(said: Any) -> str:
    """The service's own message in an answer of error: Jira's errorMessages and errors, Asana's errors."""
    if not isinstance(said, dict):
        return ""
    errors = said.get("errors")
    told = [*_texts(said.get("errorMessages")), *_texts(said.get("message"))]
    if isinstance(errors, dict):
        told += [f"{name}: {text}" for name, text in errors.items() if isinstance(text, str)]
    elif isinstance(errors, list):
        told += [text for one in errors if isinstance(one, dict) for text in _texts(one.get("message"))]
    return plain(" ".join(told))


def _texts(value: Any) -> list[str]:
    return [text for text in (value if isinstance(value, list) else [value]) if isinstance(text, str)]


def plain(text: str) -> str:
    """Text of a stranger as one short line: no control characters that a terminal would obey."""
    line = re.sub(r"\s+", " ", "".join(c if c.isprintable() else " " for c in text)).strip()
    return line if len(line) <= SAID else line[: SAID - 1] + "…"


def clock_of(response: httpx.Response) -> datetime | None:
    """The service's clock when it answered, in UTC."""
    return _http_date(response.headers.get("date", ""))


def moment(at: datetime) -> str:
    """An instant as it is written down: ISO 8601, in UTC."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def wait_of(response: httpx.Response) -> float | None:
    """Seconds that Retry-After asks for: a number, or a date held against the service's own clock, since ours may be wrong."""
    told = response.headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d+(\.\d+)?", told):
        return float(told)
    until = _http_date(told)
    return max(0.0, (until - (clock_of(response) or datetime.now(UTC))).total_seconds()) if until else None


def _http_date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
