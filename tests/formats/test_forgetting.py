"""What a sleeping source forgets changes nothing of what is read of it later."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.builders import indented, line, span
from tests.formats.reading import listed
from tracetui import kernel
from tracetui.formats.detect import Detected
from tracetui.formats.scanned import counters, scanned
from tracetui.model.batch import SpanBatch

DATA = Path(__file__).parent.parent / "data"

_UPPER = b'[{"trace_id":%d,"span_id":%d,"name":"n","start":1700000000000000000,"duration":5,"meta":{%s}}]\n'
_EVENT = b'{"name":"n","ph":"%s","ts":%d,"pid":1,"tid":1}\n'

SOURCES = {
    "lines": [line(span(f"test {number}", start=10**18 + number)) for number in range(6)],
    "many": [
        b"".join(line(span(f"{n}{m}", {"a": m}, start=10**18 + m)) for m in range(40)) for n in range(3)
    ],
    "no line end": [
        line(span("one")),
        line(span("two", start=10**18))[:40],
        line(span("two", start=10**18))[40:],
    ],
    "a document of many lines": [indented(span("one"))[:90], indented(span("one"))[90:], line(span("two"))],
    "logs": [b"a line of a log\n", line(span("one")), b"another\n", line(span("two", start=10**18))],
    "spans of Datadog": [_UPPER % (7, 1, b'"_dd.p.tid":"00000000000000ab"'), _UPPER % (7, 2, b"")],
    "events": [_EVENT % (b"B", 5), _EVENT % (b"E", 9)],
    "a sample": [(DATA / "other/otlp-proto-example-trace.json").read_bytes(), line(span("one"))],
}
FORGETFUL = {"lines", "many", "logs"}
"""Of these nothing that was read matters to the rest."""


def taken(parts: Sequence[bytes], *, forgets: bool) -> Iterator[tuple[SpanBatch, bool]]:
    """What comes of each part, and whether the source knew anything of it afterwards."""
    source = Detected()
    for part in parts:
        source.feed(part)
        source.settle()
        batch = source.take()
        if forgets:
            source.forget()
        yield listed(batch), source._format is not None
    source.finish()
    yield listed(source.take()), False


@pytest.mark.parametrize("name", SOURCES)
def test_it_reads_the_same(name: str) -> None:
    """However often it sleeps; and where it may forget, it does."""
    parts = SOURCES[name]
    forgetful, other = (list(taken(parts, forgets=forgets)) for forgets in (True, False))
    assert [batch for batch, _ in forgetful] == [batch for batch, _ in other]
    assert (name in FORGETFUL) == (not any(knows for _, knows in forgetful))


def test_who_takes_back_what_was_read_before_a_sleep() -> None:
    """Offsets go on from there."""
    source, last = Detected(), line(span("two", start=10**18))
    source.feed(line(span("one")) + last)
    source.settle()
    source.take()
    source.forget()
    assert source.rewind(len(last))
    source.feed(last)
    assert listed(source.take()).offset == [len(line(span("one"))) + last.index(b'{"traceId')]


@pytest.mark.skipif(bool(kernel.why_not()), reason="no kernel")
def test_texts_of_a_source_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel counts anew rather than know every name there ever was."""
    monkeypatch.setattr(counters, "MOST_KEPT", 100)
    monkeypatch.setattr(scanned, "LEAST_BYTES", 0)
    sizes, names, source = [], [], Detected()
    for block in range(8):
        spans = [span(f"{block}-{number}", {"a": number}, start=10**18 + number) for number in range(60)]
        source.feed(b"".join(map(line, spans)))
        batch = source.take()
        sizes += [len(packed.texts.values) for packed in batch.packed]
        names += listed(batch).name
    assert len(sizes) >= 8
    assert max(sizes) < 250
    assert names == [f"{block}-{number}" for block in range(8) for number in range(60)]
