"""Tokens: from the environment or the keyring, never from a file of ours, and never shown."""

from __future__ import annotations

import base64
import os

from pmo_lib.errors import InvalidInput

KEYRING = "pmo-workbench"
HIDDEN = "(token)"


class Token:
    """A secret that says nothing of itself; `header` is for the request alone."""

    __slots__ = ("_secret", "_user")

    def __init__(self, secret: str, user: str | None = None) -> None:
        """With a `user` the header is Basic (Jira Cloud), else Bearer (Data Center's personal access tokens, Asana)."""
        self._secret, self._user = secret, user

    def __repr__(self) -> str:
        return HIDDEN

    def __reduce__(self) -> str:
        raise TypeError("a token is not written anywhere")

    def header(self) -> str:
        """The value of the Authorization header."""
        return f"Basic {self._basic()}" if self._user else f"Bearer {self._secret}"

    def _basic(self) -> str:
        return base64.b64encode(f"{self._user}:{self._secret}".encode()).decode()

    def hidden(self, text: str) -> str:
        """The text without the token in any form that it is sent in."""
        for form in (self._basic(), self._secret):
            text = text.replace(form, HIDDEN)
        return text

    def occurs_in(self, body: bytes) -> bool:
        """Whether an answer repeats the token."""
        return self._secret.encode() in body or self._basic().encode() in body


def token(source: str, host: str, *, user: str | None = None) -> Token:
    """The token for `source` ("jira", "asana"): PMO_JIRA_TOKEN or PMO_ASANA_TOKEN, else the keyring's under the host's name.

    Raises `InvalidInput` where there is none, or where it cannot be one.
    """
    variable = f"PMO_{source.upper()}_TOKEN"
    secret = (os.environ.get(variable) or "").strip() or (_from_keyring(host) or "").strip()
    if not secret:
        raise InvalidInput(f"there is no token for {host}: put it into the environment as {variable}, or into the keyring with: keyring set {KEYRING} {host}")
    if not secret.isascii() or not secret.isprintable() or " " in secret:
        raise InvalidInput(f"the token for {host} holds characters that no token has; copy it again, without quotes, line breaks or spaces")
    return Token(secret, user)


def _from_keyring(host: str) -> str | None:
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(KEYRING, host)
    except (KeyringError, OSError, RuntimeError):  # a machine without a keyring has no token in it
        return None
