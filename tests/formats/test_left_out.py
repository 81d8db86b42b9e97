"""Lines that are no records: which of them may have been one of spans, and which are a log's."""

import pytest

from tests.builders import line, span
from tests.formats.reading import read
from tracetui.formats.framing.left_out import may_be_of_spans
from tracetui.model.batch import MOST_PROBLEMS
from tracetui.model.kind import Kind

LOGS = (
    b"2026-01-01 12:00:00 INFO [main] started on port 80", b"[INFO] done [x]", b"INFO {not json}",
    b"Traceback (most recent call last):", b'  File "x.py", line 5, in <module>', b"{not json}", b"[]", b"{}",
    b'{"level":"info","msg":"m","trace_id":"a1","span_id":"b2"}', b'INFO sent {"user": {"id": 5}}',
    b"\x1b[32mgreen\x1b[0m", b"caf\xe9", b"2026-01-01T00:00:00.000Z stdout F ",
)  # fmt: skip
BROKEN = (
    b'{"resourceSpans":null}', b'{"name":"x","spanId":"b2","startTimeUnixNano":"1', b'"x"}}]}]}]}]}', b"x}",
    b'{"quoted": "} and no end', b'"value":{"stringValue":"x"', b"bytes \x01\x02", b'[{"a": tru',
    b'{"spanId":"b2","start":5}', b'"key":"x"',
)  # fmt: skip


@pytest.mark.parametrize("text", LOGS)
def test_a_line_of_a_log_is_no_loss(text: bytes) -> None:
    """Plain or JSON, whatever ids it names."""
    assert not may_be_of_spans(text)


@pytest.mark.parametrize("text", BROKEN)
def test_what_may_have_been_a_record_is_one(text: bytes) -> None:
    """Keys of spans, JSON that is torn at either end, bytes that are no text."""
    assert may_be_of_spans(text)


def test_a_log_with_spans_in_it_is_one_note() -> None:
    """However many lines it has; what loggers write before a record is of it too."""
    log = b"".join(each + b"\n" for each in LOGS if each != b"[]") * MOST_PROBLEMS
    batch = read(log + line(span("one")) + log + b"INFO: exporter: " + line(span("two")))
    assert (batch.name, batch.rejected, batch.torn) == (["one", "two"], [], [])
    (note,) = batch.noted
    assert (note.kind, note.offset) == (Kind.OTHER_LINES, 0)
    assert note.number == 2 * MOST_PROBLEMS * (len(LOGS) - 1) + 1
