"""Sends a recording to a collector: what it has not accepted yet, request by request."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from tracetui import units
from tracetui.errors import InputError, TracetuiError
from tracetui.export.subject import Subject, cut_off
from tracetui.ingest import Ingest
from tracetui.model.kind import Kind
from tracetui.model.role import Outcome
from tracetui.model.span import Span
from tracetui.send.delivery import Channel, Counts, Delivery
from tracetui.send.packing import Origin, Outgoing, Packer, origin, outgoing
from tracetui.send.places import Accounts, Places, Rows
from tracetui.send.spans import resource_message, scope_message, span_message
from tracetui.send.target import GRPC, Target


class Sent(Struct):
    """The result of sending.

    Of the requested `spans`, earlier calls delivered `before`, and `running` have not ended and wait for a
    later call. Of what was sent, `cut_off` never ended: they end at their last sign of life. `log_records`
    are not sent. `error` is why it ended early; empty if it did not.
    """

    spans: int = 0
    before: int = 0
    running: int = 0
    cut_off: int = 0
    log_records: int = 0
    unreadable: int = 0
    took_ns: int = 0
    ledgers: list[str] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    error: TracetuiError | None = None

    @property
    def left(self) -> int:
        """The number of spans that the collector still lacks: a later call may send them."""
        return self.spans - self.before - self.running - self.counts.taken

    @property
    def is_all_there(self) -> bool:
        """Whether the collector accepted every span that there was to send."""
        return not (self.left or self.counts.rejected)


class Orders(Struct, frozen=True):
    """How to send: `again` what was sent before, with `patience_s` seconds for a request.

    `begins` is called with the number of spans to send, `advance` with how many more are done, `waits` with
    the reason for a wait and its seconds.
    """

    again: bool = False
    patience_s: float = 60.0
    begins: Callable[[int], None] = lambda _count: None
    advance: Callable[[int], None] = lambda _count: None
    waits: Callable[[str, float], None] = lambda _why, _seconds: None


def send(ingest: Ingest, subject: Subject, target: Target, orders: Orders) -> Sent:
    """Send what was not sent before; returns the result, also if it ended early.

    Raises `InputError` if the recording is not complete in memory, or is being sent already.
    """
    snapshot = ingest.table.snapshot()
    if evicted := snapshot.health.count(Kind.EVICTED):
        raise InputError(
            f"send: {units.many(evicted, 'span')} did not fit into memory; give more with --memory, or send "
            "the files one by one"
        )
    began = time.monotonic_ns()
    sent = Sent(log_records=snapshot.health.log_records)
    with ExitStack() as stack:
        channel = channel_to(target)
        stack.callback(channel.close)
        places = Places(snapshot)
        accounts = Accounts(ingest.paths, snapshot.sources, ingest.read_at, target.url, again=orders.again)
        stack.callback(accounts.close)
        sent.ledgers = [os.fspath(path) for path in accounts.paths]
        rows = _rows(subject, places, accounts, sent)
        stack.callback(lambda: accounts.tidy(places.ranges(np.flatnonzero(places.taken))))
        packer = Packer()
        delivery = Delivery(channel, packer, orders.patience_s, orders.waits)
        sent.counts = delivery.counts
        orders.begins(len(rows))
        try:
            for batch in packer.batches(_spans(ingest, subject, rows, sent)):
                for part in delivery.deliver(batch):
                    taken = np.array([span.row for span in part], np.int32)
                    accounts.add(places.ranges(taken))
                    places.taken[taken] = True
                    orders.advance(len(part))
        except TracetuiError as error:
            sent.error = error
    sent.took_ns = time.monotonic_ns() - began
    return sent


def channel_to(target: Target) -> Channel:
    """A channel to a target; its libraries are loaded only here."""
    if target.protocol == GRPC:
        # Its core prints what it thinks of a failed handshake, unless told not to when it is loaded.
        os.environ.setdefault("GRPC_VERBOSITY", "NONE")
        from tracetui.send.grpc_channel import GrpcChannel

        return GrpcChannel(target)
    from tracetui.send.http_channel import HttpChannel

    return HttpChannel(target)


def _rows(subject: Subject, places: Places, accounts: Accounts, sent: Sent) -> Rows:
    """The rows to send, in order; the others are counted."""
    snapshot, rows = subject.snapshot, subject.rows
    for source, ranges in accounts.taken():
        places.take(source, ranges)
    is_open = snapshot.end_ns[rows] == 0
    is_cut_off = is_open & (snapshot.outcome[rows] == Outcome.CUT_OFF)
    is_before = places.taken[rows]
    sent.spans = len(rows)
    sent.before = int(np.count_nonzero(is_before))
    sent.running = int(np.count_nonzero(is_open & ~is_cut_off & ~is_before))
    sent.cut_off = int(np.count_nonzero(is_cut_off & ~is_before))
    return places.in_order(rows[~is_before & (~is_open | is_cut_off)])


def _spans(ingest: Ingest, subject: Subject, rows: Rows, sent: Sent) -> Iterator[Outgoing]:
    """The spans, read again one by one; those whose bytes are gone are counted."""
    snapshot = ingest.table.snapshot()
    _ = snapshot.span_id  # All at once: one by one they would take a sixth of the time.
    origins: dict[int, Origin] = {}
    for row in rows.tolist():
        try:
            span = ingest.details.written(snapshot, row)
        except InputError as error:
            sent.unreadable += 1
            sent.counts.note(str(error))
            continue
        number = int(snapshot.origin_id[row])
        if number not in origins:
            origins[number] = origin(number, resource_message(span.resource), scope_message(span.scope))
        message = span_message(_ended(subject, row, span))
        yield outgoing(row, origins[number], message)


def _ended(subject: Subject, row: int, span: Span) -> Span:
    """A cut-off span with an end, and attributes that say that it never ended."""
    if span.end_ns:
        return span
    end_ns = span.start_ns + int(subject.findings.times.total[row])
    marks = cut_off(subject.snapshot, row, span)
    return replace(span, end_ns=end_ns, attributes={**span.attributes, **marks})
