"""Zipkin's shared spans: client and server of one call under one id, to a server's span below the client's.

Source: "Shared spans" of the B3 specification, and how Zipkin's own `SpanNode` joins them.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple, TypeVar

from tracetui.formats.foreign import Foreign

T = TypeVar("T")
Key = tuple[str, str]
"""A trace id and a span id."""


class Half(NamedTuple):
    """A span that may be one half of a call; `is_shared` where it says that it shares its id."""

    span: Foreign
    service: str
    is_shared: bool


MOST_CALLS = 100_000
"""So many calls are remembered, those that were seen last."""


class Calls:
    """The calls of one source so far: who made each and, where it shares its id, who answered.

    Halves that are given together are told apart in any order; else the client's has to come first.
    """

    def __init__(self) -> None:
        self._clients: dict[Key, str] = {}
        self._servers: dict[Key, Half] = {}

    def separate(self, spans: Sequence[Half]) -> list[Foreign]:
        """The same spans, each under an id of its own: what a server did is below its half of the call."""
        for each in spans:
            if each.span.kind == "client":
                _remember(self._clients, _key(each.span), each.service)
        for each in spans:
            if _is_server(each) and _key(each.span) in self._clients:
                _remember(self._servers, _key(each.span), each)
        return [self._separate(each) for each in spans]

    def _separate(self, each: Half) -> Foreign:
        span = each.span
        if self._servers.get(_key(span)) is each:
            return span._replace(span_id=_own_id(span), parent_span_id=span.span_id)
        above = (span.trace_id, span.parent_span_id)
        server = self._servers.get(above)
        if server and (each.service == server.service or each.service != self._clients.get(above)):
            return span._replace(parent_span_id=_own_id(server.span))
        return span


def _remember(found: dict[Key, T], key: Key, what: T) -> None:
    found[key] = what
    if len(found) > MOST_CALLS:
        del found[next(iter(found))]


def _is_server(each: Half) -> bool:
    return each.is_shared or each.span.kind == "server"


def _key(span: Foreign) -> Key:
    return span.trace_id, span.span_id


def _own_id(span: Foreign) -> str:
    return blake2b(
        f"{span.trace_id}/{span.span_id}/server".encode("utf-8", "replace"), digest_size=8
    ).hexdigest()
