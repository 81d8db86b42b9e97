"""One source on its way into the table: identified by its head, then decoded."""

from tracetui.formats.detect import Detected
from tracetui.formats.scanned.counters import Counters, most_ahead
from tracetui.formats.signatures import JUNIT
from tracetui.formats.what_is_it import BESIDE_SPANS, HEAD_BYTES, Judgement, Verdict, judge
from tracetui.model.batch import SpanBatch
from tracetui.sources.block import Block
from tracetui.sources.read_ahead import LONG_BYTES, Blocks
from tracetui.sources.unpacking.compressed import Unpacked
from tracetui.store.table import SpanTable

BLOCK_BYTES = 4 * 1024 * 1024
"""Read at a time: some ten milliseconds of decoding."""

AT_ONCE = 2
"""So many times as much of what is long and does not grow: passes over arrays cost the same for few spans as
for many.
"""

FIRST_BYTES = 64 * 1024
"""Read of a source that is not judged yet: most heads tell."""

MOST_HELD_BYTES = 64 * 1024
"""A file that grows is judged again while it is no longer than this; so much of it is held."""

_SPANS = b'{"resourceSpans":'

_OPEN = Judgement(Verdict.PERHAPS)


class Reader:
    """Decodes `source`, which has this `number` in the table.

    `judgement` is the kind of the source by its head, which is held until it is clear; what is not a trace is
    not decoded. `member` reads the current file of an archive, if the source is one. It is `done` if nothing
    more will come of it, and `caught_up` once there was nothing more to read. A small file with only lines of
    OTLP/JSON spans is not decoded but held in `whole`, to be decoded with others: a complete file, or what
    exists of one that it `follows`, and then lines that it grows by, which begin at `whole_at`. Bytes from
    the offset `taken_back` on may be read again: the writer replaced them. Whether `results` of tests are
    read may be said; else it `waits` with them until `go_on` says it. In what it follows they are not.
    Readers of one thread may share `counters`.
    """

    def __init__(
        self,
        source: Unpacked,
        number: int,
        *,
        follows: bool = True,
        jobs: int = 1,
        results: bool | None = None,
        counters: Counters | None = None,
    ) -> None:
        self.source = source
        self.number = number
        self.judgement = _OPEN
        self.member: Reader | None = None
        self.done = False
        self.caught_up = False
        self._rested_at = -1
        self.whole = b""
        self.whole_at = 0
        self.taken_back: int | None = None
        self.waits = False
        self._reads_results = False if follows else results
        self._follows = follows
        self._is_all = False
        self._format = Detected(counters)
        self._blocks = Blocks(source, self._format.ahead, 0 if follows or jobs < 2 else most_ahead(jobs))
        self._head = b""
        self._end = 0
        self._counted = 0

    @property
    def is_trace(self) -> bool:
        """Whether it is decoded."""
        return self.judgement.verdict is Verdict.TRACE

    @property
    def is_none(self) -> bool:
        """Whether it is not a trace, as far as it was read."""
        return self.judgement.verdict is Verdict.NO_TRACE

    @property
    def is_idle(self) -> bool:
        """Whether nothing has come or ended since it came to `rest`, with nothing left to decode."""
        return self._rested_at == self._end and not self.source.ended

    @property
    def is_asleep(self) -> bool:
        """Whether it is idle, and stays so until a sweep sees that its file has changed."""
        return self.is_idle and self.source.is_quiet

    def rest(self) -> None:
        """Note that everything available was taken."""
        self.caught_up = True
        self._rested_at = -1 if self._format.is_behind else self._end

    def forget(self) -> None:
        """Keep only what is needed to resume a source that is asleep."""
        self._format.forget()

    @property
    def may_become_one(self) -> bool:
        """Whether it is not a trace, but short enough to be identified again when it grows."""
        return self.is_none and self._end <= MOST_HELD_BYTES

    @property
    def limit(self) -> int:
        """The number of bytes to read next."""
        if self.is_trace:
            return BLOCK_BYTES if self._follows or self._end < LONG_BYTES else AT_ONCE * BLOCK_BYTES
        return FIRST_BYTES if self._end < FIRST_BYTES and self._follows else HEAD_BYTES

    @property
    def pending(self) -> int:
        """The number of bytes held because their record is not complete yet."""
        return 0 if self.is_none else len(self._head) or self._format.pending

    def formats(self, batch: SpanBatch) -> set[str]:
        """The formats of the spans, except JSON of other tracers, and their compression."""
        names = batch.formats or ({self._format.name} if len(batch) else set())
        return names | ({self.source.packing} if self.source.packing else set())

    def read(self) -> bool:
        """Read and decode a block; False if there is no more now. Raises InputError."""
        was_open, limit = not self.is_trace, self.limit
        block = self._blocks.next(limit, ahead=self.is_trace)
        if block is None:
            return False
        self._is_all = len(block.data) < limit
        self._feed(block)
        if (
            was_open
            and self.is_trace
            and len(block.data) == limit
            and (rest := self._blocks.next(self.limit, ahead=True))
        ):
            self._feed(rest)
        return not self.source.is_drained

    def bytes(self) -> int:
        """The number of bytes decoded since the last call."""
        before, self._counted = self._counted, self._end if self.is_trace else 0
        return self._counted - before

    def _feed(self, block: Block) -> None:
        """Decode a block; the writer may have replaced some of the held bytes."""
        self._rested_at = -1  # Other bytes may end where those before did.
        if block.offset < self._end:
            had_whole = self._end - block.offset > self.pending
            if not self._rewind(self._end - block.offset):
                self.source.abandon()
                return
            self.taken_back = block.offset if had_whole else self.taken_back
        self._end = block.offset + len(block.data)
        if self._may_wait(block):
            self.whole, self.whole_at = block.data, block.offset
        elif self.is_trace:
            self._format.feed(block.data)
        else:
            self._head += block.data
            self._judge(whole=False)

    def _may_wait(self, block: Block) -> bool:
        """Whether a block is lines of spans that were written just now, and nothing before it matters."""
        is_news = self._follows and self.caught_up and self.taken_back is None
        if not is_news or len(block.data) > FIRST_BYTES:
            return False
        return self._format.resumes_at == block.offset and _is_plain(block.data)

    def pause(self, table: SpanTable) -> None:
        """Handle the end of the bytes, whether or not more may follow; the table of spans hears of it."""
        if self.source.reset:
            table.reset(self.number)
        elif self.source.vanished:
            table.deleted(self.number)
        elif self.source.ended:
            self.finish()
            if self.source.gone:
                table.over(self.number)
        else:
            self.settle()

    def settle(self) -> None:
        """Handle the end of the bytes for now."""
        if self._head:
            self._judge(whole=True)
        self._format.settle()

    def finish(self) -> None:
        """Handle the final end of the bytes: what is still unclear is read as a trace."""
        if self._head:
            self._judge(whole=True)
        if not self.is_none:
            self._take_up()
            self._format.finish()

    def take(self) -> SpanBatch:
        """Everything decoded, rejected and torn since the last call."""
        return self._format.take()

    def decode_whole(self) -> None:
        """Decode `whole` by itself after all."""
        self._format.feed(self.whole)
        if self.source.ended:
            self._format.finish()
        else:
            self._format.settle()
        self.whole = b""

    def was_decoded(self) -> None:
        """Note that `whole` was decoded with others, and counted."""
        self._format.begin_at(self.whole_at + len(self.whole))
        self._counted, self.whole = self._end, b""

    @property
    def _is_cut_short(self) -> bool:
        return self.source.reset or self.source.vanished

    def _rewind(self, length: int) -> bool:
        if self.is_trace:
            return self._format.rewind(length)
        self._head = self._head[: max(0, len(self._head) - length)]
        return True

    def go_on(self, *, reads_results: bool) -> None:
        """Read the results that it holds, or leave them: then it is no trace."""
        self.waits, self._reads_results = False, reads_results
        self._judge(whole=False)

    def _judge(self, *, whole: bool) -> None:
        self.judgement = judge(self._head, whole=whole)
        if self.judgement.results == JUNIT and not self._reads_results:
            self.waits = self._reads_results is None
            self.judgement = _OPEN if self.waits else BESIDE_SPANS
        elif self.is_trace or (not self.is_none and len(self._head) >= HEAD_BYTES):
            self._take_up()

    def _take_up(self) -> None:
        if self.judgement.results:
            self._format.begin_as(self.judgement.results)
        self.judgement = Judgement(Verdict.TRACE)
        head, self._head = self._head, b""
        is_whole = self._is_all if self._follows else True
        is_all_there = self.source.ended is not self._follows and not self._is_cut_short
        if is_whole and is_all_there and _is_plain(head):
            self.whole = head
        else:
            self._format.feed(head)


def _is_plain(content: bytes) -> bool:
    """Whether it looks like lines of spans alone; who decodes it with others finds the rest."""
    return content.startswith(_SPANS) and content.endswith(b"\n")
