"""The default redaction, and the type of a custom hook."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Any

Redact = Callable[[str, Any], Any]
REDACTED = "[redacted]"
_KEYS_KNOWN = 4096
HARMLESS: set[str] = set()
"""Names that `scrub` was asked about and hides nothing by."""

_SECRET = re.compile(
    r"pass(word|wd|phrase)|secret|token|api[-_.]?key|authorization|cookie|session|credential|private",
    re.IGNORECASE,
)
_COMMAND_LINES = frozenset({"process.command", "process.command_args", "process.command_line"})
_ADDRESSES = frozenset(
    {"url.full", "http.url", "http.target", "http.request.header.referer", "db.connection_string"}
)


@lru_cache(maxsize=_KEYS_KNOWN)
def looks_secret(key: str) -> bool:
    """Whether a value with this name is likely to be a secret."""
    return _SECRET.search(key) is not None


def without_user(address: str) -> str:
    """A URL without user and password."""
    return re.sub(r"(://)[^/?#]*@", r"\1", address)


def scrub(key: str, value: Any) -> Any:
    """The hook used by default.

    Hides texts whose key looks like a secret's, command lines, and in URLs the user, the values of the query
    and the fragment.
    """
    rule = _rule(key)
    return value if rule is None else rule(value)


def leaves_alone(keys: Collection[str]) -> bool:
    """Whether `scrub` hides no value with any of these names."""
    if HARMLESS.issuperset(keys):
        return True
    if any(map(_rule, keys)):
        return False
    if len(HARMLESS) < _KEYS_KNOWN:
        HARMLESS.update(keys)
    return True


def keep(key: str, value: Any) -> Any:  # noqa: ARG001 - a hook takes the key
    """The hook that hides nothing."""
    return value


@lru_cache(maxsize=_KEYS_KNOWN)
def _rule(key: str) -> Callable[[Any], Any] | None:
    if looks_secret(key) or key in _COMMAND_LINES:
        return _hidden
    if key in _ADDRESSES:
        return _plain_address
    return _names_only if key == "url.query" else None


def _hidden(value: Any) -> Any:
    # A number of tokens is no token.
    return value if isinstance(value, (bool, int, float)) else REDACTED


def _plain_address(value: Any) -> Any:
    if not isinstance(value, str):
        return _hidden(value)
    address, hash_mark, _ = without_user(value).partition("#")
    path, question_mark, query = address.partition("?")
    return path + question_mark + _names_only(query) + (hash_mark and hash_mark + REDACTED)


def _names_only(query: Any) -> Any:
    if not isinstance(query, str):
        return _hidden(query)
    parts = [part.partition("=") for part in query.split("&") if part]
    return "&".join(f"{name}={REDACTED}" if mark else REDACTED for name, mark, _ in parts)
