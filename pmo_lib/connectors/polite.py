"""The one polite client of all services: to the configured host only, one request at a time, waiting as it is told to, within limits of time and size."""

from __future__ import annotations

import logging
import math
import ssl
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import tenacity

from pmo_lib.connectors.answers import Answer, Lasting, Passing, body_of, clock_of, json_of, plain, wait_of, words_of
from pmo_lib.connectors.connecting import GuardedBackend, GuardedTransport, PrivateAddress
from pmo_lib.connectors.tokens import Token
from pmo_lib.errors import InvalidInput, ServiceFault

log = logging.getLogger(__name__)
HERE = ("localhost", "127.0.0.1", "::1")  # the only hosts that may be spoken to without encryption, where they are allowed by name
BUSY = (408, 425, 429, 500, 502, 503, 504)
REDIRECTS = 3
Params = Mapping[str, str | int | bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one request may take."""

    step: float = 30.0  # [s] for each connect, read or write
    answer: float = 120.0  # [s] for a whole answer
    size: int = 64 * 1024**2  # [bytes] of an answer, unpacked
    tries: int = 6
    patience: float = 900.0  # [s] of waiting for one answer; who is asked to wait longer stops, and goes on another time
    backoff: float = 60.0  # [s] of the longest pause that nobody asked for


class Service:
    """A service at its address. `get` and `post` give the answer, or raise `ServiceFault` in one sentence without the token in it."""

    def __init__(
        self,
        address: str,
        token: Token,
        *,
        private: Collection[str] = (),
        authority: str | None = None,
        limits: Limits | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """`private` names hosts that may lie in a private network; `authority` is a file of certificates to trust besides the usual ones."""
        self.address = checked(address, private)
        self.limits = limits or Limits()
        self._token, self._pause = token, pause
        self._backend = GuardedBackend(private)
        self._client = httpx.Client(
            transport=GuardedTransport(self._backend, _trust(authority)),
            timeout=self.limits.step,
            follow_redirects=False,
            trust_env=False,
            headers={"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "pmo-workbench"},
        )

    def __repr__(self) -> str:
        return f"<Service {self.address}>"

    def __enter__(self) -> Service:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def get(self, path: str, params: Params | None = None) -> Answer:
        """The answer to a GET; what may pass is tried again, after the time that the service asks for or a random part of a growing one (full jitter)."""
        waiting = tenacity.Retrying(
            retry=tenacity.retry_if_exception(lambda error: isinstance(error, Passing)),
            stop=self._enough,
            wait=self._wait,
            sleep=self._pause,
            reraise=True,
        )
        return self._in_a_sentence(lambda: waiting(self._once, "GET", path, params, None))

    def post(self, path: str, content: Mapping[str, Any]) -> Answer:
        """The answer to a POST, which is never sent twice."""
        return self._in_a_sentence(lambda: self._once("POST", path, None, content))

    def same_origin(self, link: str | None) -> None:
        """Refuses a link to a next page that leads to another host. Raises `ServiceFault`."""
        if link and (not isinstance(link, str) or origin(_joined(f"{self.address}/", link)) != origin(self.address)):
            raise Contradiction(f"{self.address} names a next page on another host, {plain(str(link))}, which is not followed; is the address right?")

    def _wait(self, state: tenacity.RetryCallState) -> float:
        fault = state.outcome.exception() if state.outcome else None
        asked = fault.wait if isinstance(fault, Passing) else None
        jitter = tenacity.wait_random_exponential(multiplier=1, max=self.limits.backoff)(state)
        pause = jitter if asked is None else asked + min(jitter, 1.0)
        log.info("%s: %s; waiting %.0f s before try %d", self.address, fault, pause, state.attempt_number + 1)
        return pause

    def _enough(self, state: tenacity.RetryCallState) -> bool:
        return state.attempt_number >= self.limits.tries or state.idle_for + state.upcoming_sleep > self.limits.patience

    def _once(self, method: str, path: str, params: Params | None, content: Mapping[str, Any] | None) -> Answer:
        """One request; redirects on the same host are followed."""
        url = f"{self.address}/{path}"
        for _ in range(REDIRECTS + 1):
            found = self._sent(method, url, params, content)
            if isinstance(found, Answer):
                return found
            url, params = found, None
        raise Lasting("redirects in a circle")

    def _sent(self, method: str, url: str, params: Params | None, content: Mapping[str, Any] | None) -> Answer | str:
        self._backend.deadline = time.monotonic() + self.limits.answer
        try:
            request = self._client.build_request(method, url, params=params, json=content, headers={"Authorization": self._token.header()})
            self._client.cookies.clear()  # each request stands for itself
            response = self._client.send(request, stream=True)
            try:
                return self._read(response, method, url)
            finally:
                # with a body half read the connection is of no further use; closing it must not wait for the rest
                with suppress(httpx.HTTPError):
                    response.close()
        except httpx.InvalidURL:
            raise Lasting("names an address that is none") from None
        except PrivateAddress:
            raise Lasting(
                "leads to a private address, where nothing is asked unless its name is allowed: if it is meant, add its host to private = [...] in pmo.toml"
            ) from None
        except httpx.TimeoutException:
            raise Passing("did not answer in time") from None
        except httpx.ConnectError as error:
            raise _unreached(error) from None
        except httpx.HTTPError as error:
            raise Passing(f"broke the connection off ({type(error).__name__})") from None
        finally:
            self._backend.deadline = math.inf

    def _read(self, response: httpx.Response, method: str, url: str) -> Answer | str:
        status = response.status_code
        if status in (301, 302, 303, 307, 308):
            return self._redirect(response, method, url)
        if response.headers.get("x-seraph-loginreason", "").upper().startswith("AUTHENTICATED_FAILED"):
            raise Lasting("no longer accepts the token", status=401)  # Jira answers such a request as to a stranger, with less than there is
        body = body_of(response, self.limits.size)
        if self._token.occurs_in(body):
            raise Lasting("repeats the token in its answer, which is therefore not kept")
        if status != 200:
            self._refuse(response, body)
        return Answer(body, json_of(response, body), clock_of(response))

    def _redirect(self, response: httpx.Response, method: str, url: str) -> str:
        target = _joined(url, response.headers.get("location", ""))
        if method != "GET" or origin(target) != origin(self.address):
            raise Lasting(f"redirects to {origin(target)[1] or 'nowhere'}, which is not followed; if the site has moved, change its address in pmo.toml")
        return target

    def _refuse(self, response: httpx.Response, body: bytes) -> None:
        status = response.status_code
        if status in BUSY:
            raise Passing({429: "asks for fewer requests"}.get(status, f"answers HTTP {status}"), status=status, wait=wait_of(response))
        words = ""
        with suppress(Lasting, Passing):
            words = words_of(json_of(response, body))
        raise Lasting(self._token.hidden(words), status=status)

    def _in_a_sentence(self, ask: Callable[[], Answer]) -> Answer:
        try:
            return ask()
        except Passing as fault:
            how = f" (it asks for {fault.wait:,.0f} s)" if fault.wait is not None and fault.wait > self.limits.patience else ""
            raise Unsteady(f"{self.address} {fault.what}{how}; run the same command later, it goes on from where it stopped", status=fault.status) from None
        except Lasting as fault:
            if fault.status is not None:
                raise Refused(fault.what, self.address, fault.status) from None
            raise ServiceFault(f"{self.address} {fault.what}") from None


class Unsteady(ServiceFault):
    """A fault that was still there after the last try, and may be gone later."""


class Contradiction(ServiceFault):
    """Answers that cannot be true together, or are not what the interface promises: none of them is used for another try."""


class Refused(ServiceFault):
    """An answer of error; `said` are the service's own words. Connectors tell what was refused."""

    status: int

    def __init__(self, said: str, address: str, status: int) -> None:
        self.said, self.address = said, address
        super().__init__(f"{address} answers HTTP {status}" + (f": {said}" if said else ""), status=status)


def _unreached(error: httpx.ConnectError) -> Passing | Lasting:
    text = str(error)
    if "CERTIFICATE_VERIFY_FAILED" in text or "certificate" in text.lower():
        return Lasting('shows a certificate that is not trusted; behind an authority of your own, name its file as certificates = "..." in pmo.toml')
    return Passing("cannot be reached: " + ("its name is not known (if it is misspelt, correct site in pmo.toml)" if "is not known" in text else plain(text)))


def _joined(base: str, link: str) -> str:
    """A link as seen from an address; nothing where it is none."""
    try:
        return urljoin(base, link)
    except ValueError:
        return ""


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port of an address."""
    try:
        parts = urlsplit(url)
        return parts.scheme, (parts.hostname or "").casefold(), parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        return "", "", None


def checked(address: str, private: Collection[str]) -> str:
    """The address without its last slash. Raises `InvalidInput` for one that is not https://, has a user in it, or is no address."""
    scheme, host, port = origin(address.strip())
    parts = urlsplit(address.strip() if host else "")
    allowed = scheme == "https" or (scheme == "http" and host in HERE and host in {name.casefold() for name in private})
    if not host or port is None or parts.username or parts.password or parts.query or parts.fragment or not allowed:
        raise InvalidInput("site is an address that begins with https://, as in https://acme.atlassian.net, without a user or a token in it")
    return f"{scheme}://{parts.netloc}{parts.path.rstrip('/')}"


@cache
def _trust(authority: str | None) -> ssl.SSLContext:
    context = httpx.create_ssl_context(trust_env=True)
    if authority:
        try:
            context.load_verify_locations(authority)
        except (OSError, ssl.SSLError) as error:
            raise InvalidInput(f"{authority} cannot be read as certificates: {error}; name a PEM file") from None
    return context
