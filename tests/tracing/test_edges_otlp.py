"""What is sent to a collector, at the edges of how much at once and of how long at the end."""

from __future__ import annotations

from typing import cast

import pytest
from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.trace import ReadableSpan

from tests.tracing.made_spans import span_with
from tracetui.tracing.otlp import tee
from tracetui.tracing.otlp.packing import packed
from tracetui.tracing.otlp.tee import Tee, shut_down

MOST = 4 * 1024 * 1024 - 64 * 1024
S = 1_000_000_000


def sized(length: int) -> ReadableSpan:
    """A span that takes so many bytes by itself in a request."""
    text = length - 1000
    for _ in range(4):
        span = span_with({"x": "y" * text})
        text += length - encode_spans([span]).ByteSize()
    assert encode_spans([span]).ByteSize() == length
    return span


@pytest.mark.parametrize(
    ("lengths", "batches"),
    [
        ((MOST,), [1]),
        ((MOST + 1,), []),
        ((3_000_000, MOST - 3_000_000), [2]),
        ((3_000_000, MOST - 3_000_000 + 1), [1, 1]),
    ],
)
def test_a_request_is_64_kib_smaller_than_servers_take(lengths: tuple[int, ...], batches: list[int]) -> None:
    """One byte more is another request; a span that is larger by itself is in none."""
    assert [len(batch) for batch in packed([sized(length) for length in lengths])] == batches


class Hanging:
    """A collector that does not answer."""

    target = "h"

    def __init__(self) -> None:
        self.processor = self
        self.lost = 3
        self.asked: list[object] = []

    def begin_shutdown(self) -> None:
        self.asked.append("begin")

    def is_done(self, deadline_ns: int) -> bool:
        self.asked.append(deadline_ns)
        return False

    def give_up(self) -> None:
        self.asked.append("give up")


@pytest.mark.parametrize(("seconds", "until_ns"), [(1.9, 1_900_000_000), (5.0, 5 * S)])
def test_how_long_a_program_waits_at_its_end(
    monkeypatch: pytest.MonkeyPatch, seconds: float, until_ns: int
) -> None:
    """All but 0.2 s for an answer, and these for the end of a call that was given up."""
    monkeypatch.setattr(tee, "now_ns", lambda: 7 * S)
    hanging, warnings = Hanging(), list[str]()
    shut_down([cast("Tee", hanging)], warnings.append, seconds)
    answer_ns, end_ns = 7 * S + until_ns - 200_000_000, 7 * S + until_ns
    assert hanging.asked == ["begin", answer_ns, "give up", end_ns]
    assert warnings == ["3 spans not delivered to h"]
