"""Spans in full: reads their bytes again from where they were found."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from tracetui.errors import DecodeError, InputError
from tracetui.sources.unpacking.compressed import Unpacked
from tracetui.store.logs import LogIndex, Place
from tracetui.store.snapshot import Snapshot

if TYPE_CHECKING:
    from tracetui.model.span import Event, Span


class Details:
    """Reads spans of `sources` again, and adds what `logs` have about them. Any thread may call it."""

    def __init__(self, sources: Sequence[Unpacked], logs: LogIndex) -> None:
        self._sources = sources
        self._logs = logs

    def span(self, snapshot: Snapshot, row: int) -> "Span":
        """The full span of a row, with its log records among its events, and ids and times as the row has
        them.

        Raises `InputError` if its bytes are gone.
        """
        return self._logged(_placed(self._decoded(snapshot, row), snapshot, row))

    def written(self, snapshot: Snapshot, row: int) -> "Span":
        """The span of a row as it was written, with the parent it has in its own trace alone.

        Raises `InputError` if its bytes are gone.
        """
        span = self._decoded(snapshot, row)
        parent_row = int(snapshot.parent_row[row])
        is_elsewhere = parent_row >= 0 and snapshot.trace_index[parent_row] != snapshot.trace_index[row]
        placed = _placed(span, snapshot, row)
        return replace(placed, parent_span_id=span.parent_span_id) if is_elsewhere else placed

    def _decoded(self, snapshot: Snapshot, row: int) -> "Span":
        origin = snapshot.origin(row)
        source = self._sources[origin.source]
        data = source.read_at(int(snapshot.offset[row]), int(snapshot.length[row]))
        from tracetui.formats.detail import decode_span

        try:
            return decode_span(data, origin.resource, origin.scope)
        except DecodeError as error:
            raise InputError(
                f"{source.label}: the span cannot be read back ({error}); open it again"
            ) from error

    def read_at(self, source: int, offset: int, length: int) -> bytes:
        """Read bytes of a source again; raises `InputError` if they are gone."""
        return self._sources[source].read_at(offset, length)

    def _logged(self, span: "Span") -> "Span":
        """The span with its log records among its events, in order of time, and its links."""
        from tracetui.model.span import Link

        places = self._logs.of(span.trace_id, span.span_id)
        if not places:
            return span
        events = [self._event(place) for place in places if not place.linked]
        links = [
            Link(span.trace_id, place.linked, self._event(place).attributes)
            for place in places
            if place.linked
        ]
        return replace(
            span,
            events=tuple(sorted((*span.events, *events), key=lambda event: event.time_ns)),
            links=(*span.links, *links),
        )

    def _event(self, place: Place) -> "Event":
        from tracetui.formats.detail import decode_log
        from tracetui.model.span import Event

        try:
            event = decode_log(self.read_at(place.source, place.offset, place.length))
        except (InputError, DecodeError) as error:
            return Event(0, f"log record that cannot be read back: {error}", {})
        return replace(event, time_ns=place.time_ns) if place.time_ns else event


def _placed(span: "Span", snapshot: Snapshot, row: int) -> "Span":
    """The span with the ids and times of its row, which not every format repeats beside a span."""
    parent_row = int(snapshot.parent_row[row])
    return replace(
        span,
        trace_id=snapshot.trace_id(row),
        span_id=snapshot.span_id_text(row),
        parent_span_id=snapshot.span_id_text(parent_row) if parent_row >= 0 else span.parent_span_id,
        start_ns=int(snapshot.start_ns[row]),
        end_ns=int(snapshot.end_ns[row]),
    )
