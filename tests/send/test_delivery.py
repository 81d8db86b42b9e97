"""Each batch until it is taken, split where it is refused, or given up; against answers that are values."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import InstrumentationScope, KeyValue
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.budgets import examples
from tracetui.send import packing
from tracetui.send.answers import Accepted, RefusedError, RetryableError, TooLargeError, UnusableError
from tracetui.send.delivery import FIRST_WAIT_S, MOST_WAIT_S, Delivery, UndeliveredError
from tracetui.send.packing import MOST_BYTES, MOST_SPANS, Outgoing, Packer, encoded, origin, outgoing

ORIGINS = [
    origin(number, Resource(attributes=[KeyValue(key=f"r{number}")]), InstrumentationScope(name="s" * 50))
    for number in range(3)
]


def spans(*sizes: int, origins: Sequence[int] = (0,)) -> list[Outgoing]:
    """Spans with names of these lengths, of these origins in turn; their row is their place."""
    return [
        outgoing(row, ORIGINS[origins[row % len(origins)]], Span(name="x" * size))
        for row, size in enumerate(sizes)
    ]


def decoded(body: bytes) -> list[Span]:
    """The spans of a request."""
    request = ExportTraceServiceRequest.FromString(body)
    return [span for group in request.resource_spans for scope in group.scope_spans for span in scope.spans]


@settings(max_examples=examples(35))
@given(
    st.lists(st.integers(0, 3000), max_size=60),
    st.lists(st.integers(0, 2), min_size=1, max_size=4),
    st.integers(200, 5000),
)
def test_batches_keep_all_and_stay_below(sizes: list[int], origins: list[int], most: int) -> None:
    """Every span once, in order; a request is larger than what it may be only where it has a single span."""
    given_spans = spans(*sizes, origins=origins)
    packer = Packer()
    packer.most_bytes = most
    batches = list(packer.batches(given_spans))
    assert [span.row for batch in batches for span in batch] == list(range(len(sizes)))
    for batch in batches:
        body = encoded(batch)
        assert len(batch) == 1 or len(body) <= most
        assert sorted(len(span.name) for span in decoded(body)) == sorted(sizes[span.row] for span in batch)


def test_batches_end_by_spans_too() -> None:
    """1000 are what receivers are used to, whatever they weigh."""
    lengths = [len(batch) for batch in Packer().batches(spans(*[1] * (2 * MOST_SPANS + 1)))]
    assert lengths == [MOST_SPANS, MOST_SPANS, 1]
    assert MOST_BYTES < 4 << 20


class Fake:
    """A collector whose answers are told by a function of the request; time passes only while it waits."""

    def __init__(self, answer: Callable[[int, list[Span]], Accepted], patience_s: float = 60.0) -> None:
        self._answer = answer
        self.calls = 0
        self.waits: list[float] = []
        self.packer = Packer()
        self.delivery = Delivery(
            self, self.packer, patience_s, sleep=self.waits.append, now=lambda: sum(self.waits)
        )

    def export(self, body: bytes) -> Accepted:
        self.calls += 1
        return self._answer(self.calls, decoded(body))

    def close(self) -> None:
        pass

    def deliver(self, batch: Sequence[Outgoing]) -> list[int]:
        """The rows that were taken."""
        return [span.row for part in self.delivery.deliver(batch) for span in part]


def test_a_busy_collector_is_asked_again() -> None:
    """Each time it is waited about twice as long, and never exactly; nothing is lost or sent twice."""

    def busy(call: int, _spans: list[Span]) -> Accepted:
        if call < 6:
            raise RetryableError("busy")
        return Accepted()

    fake = Fake(busy)
    assert fake.deliver(spans(1, 2)) == [0, 1]
    assert (fake.calls, fake.delivery.counts.retries, fake.delivery.counts.accepted) == (6, 5, 2)
    for number, wait in enumerate(fake.waits):
        assert FIRST_WAIT_S * 2**number / 2 <= wait <= min(MOST_WAIT_S, FIRST_WAIT_S * 2**number)
    assert len(set(fake.waits)) == 5


def test_a_collector_that_says_when_is_asked_then() -> None:
    """As long as that is within what the user wants to wait; otherwise it ends at once."""

    def later(call: int, _spans: list[Span]) -> Accepted:
        if call < 3:
            raise RetryableError("later", 7.0)
        return Accepted()

    fake = Fake(later)
    assert fake.deliver(spans(1)) == [0]
    assert fake.waits == [7.0, 7.0]
    fake = Fake(later, patience_s=6.0)
    with pytest.raises(UndeliveredError, match="left alone for 7s"):
        fake.deliver(spans(1))
    assert (fake.calls, fake.waits) == (1, [])


def test_it_is_given_up_some_time() -> None:
    """After as long as the user wants to wait for a request, and not before."""

    def down(_call: int, _spans: list[Span]) -> Accepted:
        raise RetryableError("down")

    fake = Fake(down)
    with pytest.raises(UndeliveredError, match="down; tried for 1m00s"):
        fake.deliver(spans(1))
    assert 60 - MOST_WAIT_S <= sum(fake.waits) <= 60
    fake = Fake(down, patience_s=0)
    with pytest.raises(UndeliveredError, match=r"^down$"):
        fake.deliver(spans(1))
    assert fake.calls == 1


@settings(max_examples=examples(20))
@given(st.sets(st.integers(0, 40), max_size=4), st.integers(1, 41))
def test_bad_spans_cost_only_themselves(bad: set[int], count: int) -> None:
    """Wherever they stand: all others are taken, each once, and the bad ones are counted."""
    batch = [outgoing(row, ORIGINS[0], Span(name=str(row))) for row in range(count)]

    def judge(_call: int, told: list[Span]) -> Accepted:
        if bad & {int(span.name) for span in told}:
            raise RefusedError("bad")
        return Accepted()

    fake = Fake(judge)
    expected = [row for row in range(count) if row not in bad]
    if not expected and count > 16:
        return
    assert fake.deliver(batch) == expected
    assert fake.delivery.counts.refused == count - len(expected)
    assert bool(fake.delivery.counts.messages) is bool(count - len(expected))


def test_what_is_too_large_is_halved_and_so_is_all_that_follows() -> None:
    """A limit that is below the usual one is found once; a span above it is counted."""
    limit = 300_000

    def small(_call: int, told: list[Span]) -> Accepted:
        if sum(len(span.name) for span in told) > limit:
            raise TooLargeError("too large")
        return Accepted()

    fake = Fake(small)
    given_spans = spans(*[100_000] * 20, 400_000, *[100_000] * 20)
    taken = [row for batch in fake.packer.batches(given_spans) for row in fake.deliver(batch)]
    assert taken == [row for row in range(41) if row != 20]
    assert fake.delivery.counts.refused == 1
    assert packing.LEAST_MOST_BYTES <= fake.packer.most_bytes <= limit
    assert fake.calls < 41


def test_who_refuses_everything_is_no_collector() -> None:
    """It is not asked about each of a million spans."""

    def no(_call: int, _spans: list[Span]) -> Accepted:
        raise RefusedError("no")

    fake = Fake(no)
    with pytest.raises(UnusableError, match="refuses everything: no"):
        fake.deliver(spans(*[1] * 1000))
    assert fake.calls < 50


def test_a_partial_success_is_not_sent_again() -> None:
    """What the collector rejected is its own count, and never more than was sent."""
    fake = Fake(lambda _call, _spans: Accepted(3, "why"))
    assert fake.deliver(spans(1, 1, 1, 1, 1)) == [0, 1, 2, 3, 4]
    counts = fake.delivery.counts
    assert (counts.accepted, counts.rejected, list(counts.messages)) == (2, 3, ["why"])
    fake = Fake(lambda _call, _spans: Accepted(-1))
    fake.deliver(spans(1))
    assert fake.delivery.counts.accepted == 1
