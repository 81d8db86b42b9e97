"""JUnit XML: suites, their tests, and how long each took.

The format has no owner; what is read is what pytest, Surefire, Gradle, Jest, Vitest, Playwright, nextest,
GoogleTest, Bazel, Node, gotestsum and their like write. Most give a time of day to suites only (`timestamp`),
or to nothing: of their tests the durations are known, and neither place in time nor order. Such spans are
marked (`model.resource_facts.DURATIONS`). Where every test that ran has a `timestamp` of its own, with
fractions of seconds (nextest, GoogleTest), times are what they seem.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b

from tracetui.formats.results.junit_document import JUnitDocument
from tracetui.formats.results.xml_stream import XmlStream
from tracetui.model.batch import Problem, SpanBatch


class JUnit:
    """Reads one source, fed in pieces; `take` gives what was decoded since the last time."""

    is_behind = False
    resumes_at = None

    def __init__(self) -> None:
        self._batch = SpanBatch()
        self._hash = blake2b(digest_size=24)
        self._digest = b""
        self._document = JUnitDocument()
        self._stream = XmlStream(self)

    @property
    def pending(self) -> int:
        """Bytes held because their element is not complete yet."""
        return self._stream.pending

    def feed(self, data: bytes) -> None:
        """The next bytes of the source."""
        self._stream.feed(data)

    def rewind(self, length: int) -> bool:
        """Go back by `length` bytes: XML that was read cannot be taken back."""
        return not length

    def settle(self) -> None:
        """No more bytes for now: a document is shown once it is over."""

    def finish(self) -> None:
        """No more bytes ever."""
        self._stream.finish()

    def take(self) -> SpanBatch:
        """Everything decoded, rejected and torn since the last call."""
        batch, self._batch = self._batch, SpanBatch()
        return batch

    def start(self, name: str, attributes: Mapping[str, str], at: int) -> None:
        """An element begins."""
        self._hash.update(repr((name, attributes)).encode("utf-8", "replace"))
        self._document.start(name, attributes, at)

    def end(self, name: str, at: int) -> None:
        """An element ends."""
        self._document.end(name, at)
        if self._document.is_full:
            self._flush()

    def text(self, at: int) -> None:
        """Text begins."""
        self._document.note(at)

    def broken(self, at: int, reason: str) -> Sequence[str]:
        """Something is broken before `at`: a test that is not complete is lost."""
        document = self._document
        lost = at if document.case is None else document.case.offset
        self._batch.torn.append(Problem(lost, f"broken XML: {reason}", max(1, at - lost)))
        document.note(at)
        document.case = None
        return document.open_suites()

    def refused(self, at: int, reason: str) -> None:
        """Nothing is read from there on: what was read before is shown."""
        self._batch.rejected.append(Problem(at, f"refused XML: {reason}"))
        self._document.case = None
        self.over(at)

    def over(self, at: int) -> None:
        """A document is over, complete or not."""
        self._document.note(at)
        while self._document.suite is not None:
            self._document.close()
        self._document.note(at)
        self._flush()
        self._document, self._digest, self._hash = JUnitDocument(), b"", blake2b(digest_size=24)

    def _flush(self) -> None:
        """Add what is held; all spans of one document have the digest of what was read at first."""
        self._digest = self._digest or self._hash.digest()
        self._document.flush(self._batch, self._digest, self._stream.encoding)
