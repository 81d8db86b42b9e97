"""Single events, one a line, in no array: those of a source are one document together."""

from hashlib import blake2b

from tracetui.formats.chrome.trace import Trace
from tracetui.model.batch import Problem, SpanBatch

_PHASE = b'"ph"'


class LooseEvents:
    """Takes the events of one source until it ends."""

    def __init__(self) -> None:
        self._trace = Trace()
        self._digest = blake2b(digest_size=16)
        self._trace_id = ""

    @property
    def seen(self) -> int:
        """How many events there were."""
        return self._trace.seen

    def add(self, batch: SpanBatch, text: bytes, offset: int) -> bool:
        """Take an event, or reject it; False if it is none."""
        if _PHASE not in text:
            return False
        try:
            if not self._trace.add(text.rstrip(), offset):
                return False
        except ValueError as error:
            batch.rejected.append(Problem(offset, f"bad event: {error}", len(text)))
        self._digest.update(text)
        return True

    @property
    def is_behind(self) -> bool:
        """Whether there are events that were not shown yet."""
        return self._trace.is_behind

    def settle(self, batch: SpanBatch) -> None:
        """Add their spans so far: no more come for now."""
        if self._trace.seen:
            self._trace_id = self._trace_id or self._digest.hexdigest()
            self._trace.show(batch, self._trace_id, {})

    def finish(self, batch: SpanBatch) -> None:
        """Add their spans: no more will come."""
        trace, self._trace = self._trace, Trace()
        if trace.seen:
            trace.finish(batch, self._trace_id or self._digest.hexdigest(), {})
