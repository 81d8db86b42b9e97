"""Which format a source is in: its first bytes decide, never its name."""

from collections.abc import Callable, Mapping
from typing import Protocol

from tracetui.formats.otlp.frames import Frames, collector_header, field_header
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.formats.scanned.counters import Counters
from tracetui.formats.signatures import GO_TEST, JUNIT
from tracetui.formats.what_is_it import is_framed, is_request
from tracetui.model.batch import SpanBatch

HEAD_BYTES = 64
_OPEN = b"\0\1\2\3\4\n"
"""Bytes with which both text and protobuf may start."""


class Format(Protocol):
    """The decoder of one source, fed in pieces; `take` gives what was decoded since the last time."""

    @property
    def is_behind(self) -> bool:
        """Whether there is something that `settle` has not shown yet, to avoid showing too often."""

    @property
    def pending(self) -> int:
        """Bytes held because their record is not complete yet."""

    @property
    def resumes_at(self) -> int | None:
        """The offset from which one that knows nothing goes on as this one would; None where none does."""

    def feed(self, data: bytes) -> None:
        """The next bytes of the source."""

    def rewind(self, length: int) -> bool:
        """Go back by `length` bytes, to a line's end; False if a document may have begun before it."""

    def settle(self) -> None:
        """No more bytes for now."""

    def finish(self) -> None:
        """No more bytes ever."""

    def take(self) -> SpanBatch:
        """Everything decoded, rejected and torn since the last call."""


def _junit() -> Format:
    from tracetui.formats.results.junit import JUnit

    return JUnit()


def _go_test() -> Format:
    from tracetui.formats.results.go_test import GoTestJson

    return GoTestJson()


_RESULTS: Mapping[str, Callable[[], Format]] = {JUNIT: _junit, GO_TEST: _go_test}


class Detected:
    """The format of a source, from its first bytes on; holds them until they decide.

    Sources that one thread reads may share `counters`.
    """

    def __init__(self, counters: Counters | None = None) -> None:
        self._counters = counters
        self._head = b""
        self._format: Format | None = None
        self._begin = 0

    @property
    def is_behind(self) -> bool:
        """Whether there is something that `settle` has not shown yet, to avoid showing too often."""
        return self._format is not None and self._format.is_behind

    @property
    def pending(self) -> int:
        """Bytes held because their record is not complete yet."""
        return self._format.pending if self._format else len(self._head)

    @property
    def name(self) -> str:
        """The name of the format, except for JSON of other tracers; empty while unknown."""
        match self._format:
            case None if not self._begin:
                return ""
            case Frames():
                return "OTLP protobuf"
        return "OTLP/JSON"

    def begin_as(self, results: str) -> None:
        """The first bytes to come are those of a file of results (`Judgement.results`)."""
        self._format = _RESULTS[results]()

    def begin_at(self, offset: int) -> None:
        """The first bytes to come are lines of OTLP/JSON at `offset`."""
        self._format, self._begin = None, offset

    @property
    def resumes_at(self) -> int | None:
        """The offset from which one that knows nothing goes on as this one would; None where none does."""
        return self._format.resumes_at if self._format else self._begin or None

    def forget(self) -> None:
        """Lets go of what was learned, if the rest is read all the same without it."""
        if self._format and self.resumes_at:
            self.begin_at(self.resumes_at)

    def ahead(self, data: bytes) -> None:
        """Bytes that will be fed, after all that were announced before: a thread may begin with them."""
        if isinstance(self._format, OtlpJson):
            self._format.ahead(data)

    def feed(self, data: bytes) -> None:
        """The next bytes of the source."""
        if self._begin and not self._format:
            self._format = OtlpJson(begin=self._begin, counters=self._counters)
        if self._format:
            self._format.feed(data)
            return
        self._head += data
        if self._head and (self._head[0] not in _OPEN or len(self._head) >= HEAD_BYTES):
            self._decide()

    def rewind(self, length: int) -> bool:
        """Go back by `length` bytes, to a line's end; False if a document may have begun before it."""
        if self._format:
            return self._format.rewind(length)
        if self._begin:
            self._begin -= length
            return True
        self._head = self._head[: max(0, len(self._head) - length)]
        return True

    def settle(self) -> None:
        """No more bytes for now."""
        if self._format:
            self._format.settle()

    def finish(self) -> None:
        """No more bytes ever."""
        if self._format or not self._begin:
            self._decide().finish()

    def take(self) -> SpanBatch:
        """Everything decoded, rejected and torn since the last call."""
        return self._format.take() if self._format else SpanBatch()

    def _decide(self) -> Format:
        if self._format is None:
            self._format = _format(self._head[:HEAD_BYTES], self._counters)
            head, self._head = self._head, b""
            self._format.feed(head)
        return self._format


def _format(head: bytes, counters: Counters | None) -> Format:
    if is_framed(head):
        return Frames(collector_header, counters)
    return Frames(field_header, counters) if is_request(head) else OtlpJson(counters=counters)
