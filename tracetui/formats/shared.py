"""Zipkin's shared spans: client and server of one call under one id, to a server's span below the client's.

Source: "Shared spans" of the B3 specification, and how Zipkin's own `SpanNode` joins them.
"""

from collections.abc import Sequence
from hashlib import blake2b
from typing import NamedTuple

from tracetui.formats.foreign import Foreign

Key = tuple[str, str]
"""A trace id and a span id."""


class Half(NamedTuple):
    """A span that may be one half of a call; `is_shared` where it says that it shares its id."""

    span: Foreign
    service: str
    is_shared: bool


def separated(spans: Sequence[Half]) -> list[Foreign]:
    """The same spans, each under an id of its own: what a server did is below its half of the call."""
    owners = {_key(each.span): each.service for each in spans if each.span.kind == "client"}
    servers = {_key(each.span): each for each in spans if _is_server(each) and _key(each.span) in owners}
    return [_separated(each, owners, servers) for each in spans]


def _separated(each: Half, owners: dict[Key, str], servers: dict[Key, Half]) -> Foreign:
    span = each.span
    if servers.get(_key(span)) is each:
        return span._replace(span_id=_own_id(span), parent_span_id=span.span_id)
    above = (span.trace_id, span.parent_span_id)
    server = servers.get(above)
    if server and (each.service == server.service or each.service != owners[above]):
        return span._replace(parent_span_id=_own_id(server.span))
    return span


def _is_server(each: Half) -> bool:
    return each.is_shared or each.span.kind == "server"


def _key(span: Foreign) -> Key:
    return span.trace_id, span.span_id


def _own_id(span: Foreign) -> str:
    return blake2b(f"{span.trace_id}/{span.span_id}/server".encode(), digest_size=8).hexdigest()
