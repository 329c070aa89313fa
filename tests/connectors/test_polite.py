"""The one client: only to the configured host, only to public addresses, and never a word of the token."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import socket
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpcore
import keyring
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmo_lib.connectors.answers import plain, words_of
from pmo_lib.connectors.connecting import GuardedBackend, PrivateAddress, is_public
from pmo_lib.connectors.polite import Limits, Service, checked
from pmo_lib.connectors.tokens import Token, token
from pmo_lib.errors import InvalidInput, ServiceFault
from tests.connectors.conftest import Bench
from tests.connectors.jira_world import JiraWorld
from tests.connectors.serving import TOKEN, Reply, Request, reset, serving

PRIVATE = [
    *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "192.0.2.1"),
    *("::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "2001:db8::1"),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_no_public_ones(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> None:
    """Names lead to the first answer at the first look-up, to the second at the second, and so on."""
    left = list(answers)

    def found(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in (left.pop(0) if len(left) > 1 else left[0])]

    monkeypatch.setattr(socket, "getaddrinfo", found)


def test_a_name_that_is_bound_anew_does_not_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, ["203.0.113.7"], ["127.0.0.1"])
    monkeypatch.setattr(
        "pmo_lib.connectors.connecting.is_public", lambda address: address == "203.0.113.7"
    )  # an address kept for examples, taken for public here
    connected: list[str] = []

    class Recording(httpcore.NetworkBackend):
        def connect_tcp(self, host: str, *_: Any, **__: Any) -> Any:
            connected.append(host)
            raise httpcore.ConnectError("nobody there")

    backend = GuardedBackend()
    backend._plain = Recording()  # type: ignore[assignment]
    with pytest.raises(httpcore.ConnectError):
        backend.connect_tcp("rebinding.example", 443)
    with pytest.raises(PrivateAddress):
        backend.connect_tcp("rebinding.example", 443)
    assert connected == ["203.0.113.7"]  # the very address that was checked, not the name


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, ["1.1.1.1", "10.0.0.1"])
    with pytest.raises(PrivateAddress):
        GuardedBackend().connect_tcp("mixed.example", 443)


@pytest.mark.parametrize("address", ["https://localhost:1", "https://127.0.0.1", "https://2130706433", "https://0x7f.1", "https://[::1]:8443"])
def test_private_hosts_are_refused_in_a_sentence(address: str) -> None:
    with Service(address, Token(TOKEN)) as asked, pytest.raises(ServiceFault, match="leads to a private address"):
        asked.get("rest/api/3/myself")


@pytest.mark.parametrize(
    "address",
    [
        "http://acme.example",
        "http://127.0.0.1",
        "ftp://acme.example",
        "https://",
        "acme.example",
        "https://ana:x@acme.example",
        "https://a.example?x=1",
        "https://a:b",
    ],
)
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(InvalidInput, match="begins with https://"):
        checked(address, ())


def test_a_path_belongs_to_the_address() -> None:
    assert checked("https://jira.acme.example/jira/", ()) == "https://jira.acme.example/jira"
    assert checked("http://127.0.0.1:4010", ["127.0.0.1"]) == "http://127.0.0.1:4010"


def test_over_tls_with_an_authority_of_ones_own(certificate: Path) -> None:
    with serving(JiraWorld(), certificate) as served:
        with Service(served.address, Token(TOKEN, "ana"), private=["localhost"], authority=str(certificate)) as asked:
            assert asked.get("rest/api/3/myself").said["displayName"] == "Ana"
        with Service(served.address, Token(TOKEN, "ana"), private=["localhost"]) as asked, pytest.raises(ServiceFault, match="certificate that is not trusted"):
            asked.get("rest/api/3/myself")
        # the certificate is that of another name
        other = served.address.replace("localhost", "127.0.0.1")
        with Service(other, Token(TOKEN, "ana"), private=["127.0.0.1"], authority=str(certificate)) as asked, pytest.raises(ServiceFault, match="not trusted"):
            asked.get("rest/api/3/myself")


def test_an_authority_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "x.pem").write_text("no certificate")
    with pytest.raises(InvalidInput, match="cannot be read as certificates"):
        Service("https://acme.example", Token(TOKEN), authority=str(tmp_path / "x.pem"))


def test_posts_are_never_sent_twice_and_the_same_is_had_otherwise(bench: Callable[..., Bench]) -> None:
    made = bench("jira-cloud")
    whole = made.pull()
    made.home = made.home / "again"
    made.served.twist = lambda request, reply: Reply({}, 503) if request.method == "POST" else None
    count = len(made.served.asked)
    again = made.pull()
    posts = [request for request, _ in made.served.asked[count:] if request.method == "POST"]
    assert len(posts) == 1

    def histories(folder: Path) -> dict[str, Any]:
        said = json.loads((folder / "changelogs-0001.json").read_bytes())["issueChangeLogs"]
        return {one["issueId"]: sorted(change["id"] for change in one["changeHistories"]) for one in said}

    assert histories(again.folder) == histories(whole.folder)


def test_a_reset_post_is_not_repeated(bench: Callable[..., Bench]) -> None:
    made = bench("jira-cloud")
    made.served.twist = lambda request, reply: Reply(reply.said, rough=reset) if request.method == "POST" else None
    with made.service() as asked, pytest.raises(ServiceFault, match="broke the connection off"):
        asked.post("rest/api/3/changelog/bulkfetch", {"issueIdsOrKeys": ["10001"]})
    assert len(made.served.asked) == 1


def test_pauses_grow_with_full_jitter(bench: Callable[..., Bench]) -> None:
    made = bench("asana")
    made.limits = Limits(tries=7, backoff=60)
    made.served.twist = lambda request, reply: Reply({}, 503)
    for _ in range(12):
        with made.service() as asked, pytest.raises(ServiceFault):
            asked.get("api/1.0/users/me")
    by_try = [made.waited[number::6] for number in range(6)]
    assert all(0 <= pause <= 2**number for number, pauses in enumerate(by_try) for pause in pauses)
    assert max(by_try[5]) > max(by_try[0])
    assert min(by_try[5]) < 16  # full jitter: also short ones
    assert len({round(pause, 6) for pause in made.waited}) > 60


def test_one_request_at_a_time_over_one_connection(bench: Callable[..., Bench]) -> None:
    made = bench("asana")
    made.pull()
    assert len({request.peer for request, _ in made.served.asked}) == 1
    with made.service() as asked:
        assert asked._client._transport._pool._max_connections == 1  # type: ignore[attr-defined]


def test_nothing_of_the_token_shows(bench: Callable[..., Bench], caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]) -> None:
    caplog.set_level(logging.DEBUG)
    made = bench("jira-cloud")
    secret = Token(TOKEN, "ana@acme.example")
    said = Reply({"errorMessages": [f"Bearer {TOKEN} and {secret.header()} are\nno good\x1b[31m"], "errors": {}}, 418)
    made.served.twist = lambda request, reply: said
    with made.service() as asked:
        with pytest.raises(ServiceFault) as fault:
            asked.get("rest/api/3/myself")
        shown = [repr(asked), repr(asked._client), repr(vars(asked)), repr(secret), str(secret), f"{secret}", str(fault.value), repr(fault.value)]
        shown += ["".join(traceback.format_exception(fault.value)), caplog.text, *capsys.readouterr()]
    forms = (TOKEN, secret.header().removeprefix("Basic "))
    assert not any(form in text for form in forms for text in shown)
    assert "\x1b" not in str(fault.value)
    for way in (pickle.dumps, copy.deepcopy):
        with pytest.raises(TypeError):
            way(secret)


def test_tokens_come_from_the_environment_or_the_keyring_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {("pmo-workbench", "acme.atlassian.net"): "from-the-keyring"}
    monkeypatch.setattr(keyring, "get_password", lambda service, name: kept.get((service, name)))
    monkeypatch.delenv("PMO_JIRA_TOKEN", raising=False)
    assert token("jira", "acme.atlassian.net").header() == "Bearer from-the-keyring"
    monkeypatch.setenv("PMO_JIRA_TOKEN", " from-the-environment\n")
    assert token("jira", "acme.atlassian.net").header() == "Bearer from-the-environment"
    with pytest.raises(InvalidInput, match=r"PMO_ASANA_TOKEN.*keyring set pmo-workbench app.asana.com"):
        token("asana", "app.asana.com")
    monkeypatch.setenv("PMO_JIRA_TOKEN", "two words")
    with pytest.raises(InvalidInput, match="characters that no token has") as fault:
        token("jira", "acme.atlassian.net")
    assert "two words" not in str(fault.value)


def test_a_keyring_that_fails_holds_no_token(monkeypatch: pytest.MonkeyPatch) -> None:
    from keyring.errors import NoKeyringError

    def fails(service: str, name: str) -> str:
        raise NoKeyringError("none here")

    monkeypatch.setattr(keyring, "get_password", fails)
    monkeypatch.delenv("PMO_JIRA_TOKEN", raising=False)
    with pytest.raises(InvalidInput, match="there is no token for acme"):
        token("jira", "acme.atlassian.net")


@given(st.text())
def test_a_strangers_words_are_one_short_harmless_line(text: str) -> None:
    line = plain(text)
    assert line.isprintable()
    assert len(line) <= 300
    assert words_of({"errorMessages": [text], "errors": {"jql": text}}).isprintable()


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8))
def test_any_answer_of_error_has_words(said: Any) -> None:
    assert isinstance(words_of({"errors": said, "errorMessages": said, "message": said}), str)


def test_a_deadline_holds_for_a_whole_answer() -> None:
    backend = GuardedBackend()
    backend.deadline = time.monotonic() + 5
    assert 4 < backend.left(None) <= 5
    assert backend.left(1.0) == 1.0


def test_the_environment_names_no_proxy(bench: Callable[..., Bench], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    made = bench("asana")
    with made.service() as asked:
        assert asked.get("api/1.0/users/me").said["data"]["name"] == "Ana"


def request_headers(request: Request) -> set[str]:
    return {name.casefold() for name in request.headers}


def test_the_token_goes_to_the_host_alone(bench: Callable[..., Bench]) -> None:
    made, other = bench("asana"), bench("asana")
    made.served.twist = lambda request, reply: Reply({}, 302, {"Location": f"{other.served.address}/api/1.0/users/me"})
    with made.service() as asked, pytest.raises(ServiceFault, match="which is not followed"):
        asked.get("api/1.0/users/me")
    assert other.served.asked == []
    assert request_headers(made.served.asked[0][0]) >= {"authorization", "accept-encoding"}
