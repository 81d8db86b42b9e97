"""What tests of result files read with: bytes, cut anywhere, to one batch, and spans in full."""

from collections.abc import Callable, Sequence
from pathlib import Path

from tests.formats.reading import listed
from tracetui.formats.detail import decode_span
from tracetui.formats.detect import Format
from tracetui.formats.results.go_test import GoTestJson
from tracetui.formats.results.junit import JUnit
from tracetui.model.batch import SpanBatch
from tracetui.model.role import Role
from tracetui.model.span import Event, Span, value_text

DATA = Path(__file__).parents[2] / "data" / "results"


def junit(data: bytes | str, cuts: Sequence[int] = ()) -> SpanBatch:
    """The spans of JUnit XML that comes in parts."""
    return _read(JUnit(), data, cuts)


def go_test(data: bytes | str, cuts: Sequence[int] = ()) -> SpanBatch:
    """The spans of an output of `go test -json` that comes in parts."""
    return _read(GoTestJson(), data, cuts)


def _read(reader: Format, data: bytes | str, cuts: Sequence[int]) -> SpanBatch:
    data = data.encode() if isinstance(data, str) else data
    begin = 0
    for end in (*sorted(cut for cut in cuts if cut < len(data)), len(data)):
        reader.feed(data[begin:end])
        begin = end
    reader.finish()
    assert reader.pending == 0
    return listed(reader.take())


def sample(name: str, read: Callable[[bytes], SpanBatch]) -> tuple[SpanBatch, dict[str, list[Span]]]:
    """A recording of `tests/data/results`; by title, its spans in full."""
    data = (DATA / name).read_bytes()
    batch = read(data)
    assert (batch.rejected, batch.torn) == ([], [])
    return batch, in_full(data, batch)


def in_full(data: bytes | str, batch: SpanBatch) -> dict[str, list[Span]]:
    """By title the spans of a batch, decoded from their own bytes, in their order."""
    data = data.encode() if isinstance(data, str) else data
    spans: dict[str, list[Span]] = {}
    for title, at, length, resource, scope in zip(
        batch.title, batch.offset, batch.length, batch.resource, batch.scope, strict=True
    ):
        spans.setdefault(title, []).append(decode_span(data[at : at + length], resource, scope))
    return spans


def outcomes(batch: SpanBatch, role: Role = Role.TEST) -> list[tuple[str, str, int]]:
    """Title, outcome and duration (ns) of each span of a role, in the order of the bytes."""
    columns = zip(batch.title, batch.facts, batch.start_ns, batch.end_ns, strict=True)
    return [
        (title, facts.outcome.label, end - start)
        for title, facts, start, end in columns
        if facts.role is role
    ]


def said(event: Event, key: str) -> str:
    """An attribute of an event, as text."""
    return value_text(event.attributes.get(key))


def is_timed(batch: SpanBatch) -> set[bool]:
    """Whether spans have a place in time, as their resources say."""
    return {b"durations" not in resource for resource in batch.resource}
