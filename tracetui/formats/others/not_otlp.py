"""The JSON of one source that is not OTLP/JSON. What reads it is loaded once there is any: most have none."""

from typing import TYPE_CHECKING

from msgspec import Raw

from tracetui.model.batch import SpanBatch

if TYPE_CHECKING:
    from tracetui.formats.chrome import LooseEvents
    from tracetui.formats.others.other_json import OtherJson


class NotOtlp:
    """Reads the documents of other tracers, and Chrome trace events that stand alone."""

    def __init__(self) -> None:
        self._json: OtherJson | None = None
        self._events: LooseEvents | None = None

    @property
    def remembers(self) -> bool:
        """Whether something of what was read matters to what comes."""
        return self.has_events or bool(self._json and self._json.remembers)

    @property
    def has_events(self) -> bool:
        """Whether there were events that stand alone."""
        return bool(self._events and self._events.seen)

    @property
    def is_behind(self) -> bool:
        """Whether there are events that were not shown yet."""
        return bool(self._events and self._events.is_behind)

    def settle(self, batch: SpanBatch) -> None:
        """Add the spans of events so far: no more come for now."""
        if self._events:
            self._events.settle(batch)

    def finish(self, batch: SpanBatch) -> None:
        """Add the spans of events: no more will come."""
        if self._events:
            self._events.finish(batch)

    @property
    def json(self) -> "OtherJson":
        """The reader of other tracers' documents."""
        if self._json is None:
            from tracetui.formats.others.other_json import OtherJson

            self._json = OtherJson()
        return self._json

    def add_event(self, batch: SpanBatch, text: bytes, offset: int) -> bool:
        """Take a document that is an event, or reject it; False if it is none."""
        if self._events is None:
            from tracetui.formats.chrome import LooseEvents

            self._events = LooseEvents()
        return self._events.add(batch, text, offset)


def are_events(raws: list[Raw]) -> bool:
    """See `chrome.events.are_events`."""
    from tracetui.formats import chrome

    return chrome.are_events(raws)


def is_known(text: bytes | memoryview) -> bool:
    """See `other_json.is_known`."""
    from tracetui.formats.others import other_json

    return other_json.is_known(text)
