"""What the tests of formats read with: bytes, cut anywhere, to one batch."""

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec.structs import replace

from tests.builders import Json, compact, document, id_of, indented, line, log_line, span, start_record
from tracetui.formats.otlp.otlp_json import OtlpJson
from tracetui.model.batch import LISTS, SpanBatch
from tracetui.model.columns import JUDGED, Facts, SpanColumns
from tracetui.model.role import Outcome, Role, StatusCode


def read(data: bytes, cuts: Sequence[tuple[int, bool]] = ()) -> SpanBatch:
    """The whole of `data` in one batch, fed in parts; a cut is a position and whether to settle there."""
    reader = OtlpJson()
    begin = 0
    for cut, settles in sorted(cuts):
        reader.feed(data[begin:cut])
        begin = cut
        if settles:
            reader.settle()
    reader.feed(data[begin:])
    reader.finish()
    assert reader.pending == 0
    return listed(reader.take())


def listed(batch: SpanBatch) -> SpanBatch:
    """The same with all spans in its lists, in the order of their bytes, however they were decoded.

    Of what was told again only the last word.
    """
    whole = _with(batch, {name: list(getattr(batch, name)) for name in LISTS})
    for spans in batch.packed:
        told: dict[str, Iterable[Any]] = {
            "trace_id": [spans.traces.values[index] for index in spans.trace],
            "span_id": [f"{number:016x}" for number in spans.span_id.tolist()],
            "parent_span_id": [f"{number:016x}" if number else "" for number in spans.parent_id.tolist()],
            "name": [spans.texts.values[index] for index in spans.name],
            "status": map(StatusCode, spans.status.tolist()),
            "facts": facts_of(spans),
        }
        told |= {name: [spans.blobs[i] for i in getattr(spans, name)] for name in ("resource", "scope")}
        for name in LISTS:
            getattr(whole, name).extend(told[name] if name in told else getattr(spans, name).tolist())
    again = {name for spans in batch.packed if spans.again for name in spans.traces.values}
    places = {
        (trace, span_id) if trace in again else place: place
        for place, (trace, span_id) in enumerate(zip(whole.trace_id, whole.span_id, strict=True))
    }
    order = sorted(places.values(), key=whole.offset.__getitem__)
    return _with(whole, {name: [getattr(whole, name)[place] for place in order] for name in LISTS})


def facts_of(spans: SpanColumns) -> list[Facts]:
    """What the rules said of each span."""
    said = {name: getattr(spans, name).tolist() for name in JUDGED}
    said |= {name: [spans.texts.values[i] for i in getattr(spans, name)] for name in ("title", "worker")}
    said |= {"role": map(Role, said["role"]), "outcome": map(Outcome, said["outcome"])}
    return [Facts(**dict(zip(said, values, strict=True))) for values in zip(*said.values(), strict=True)]


def _with(batch: SpanBatch, lists: dict[str, list[Any]]) -> SpanBatch:
    changed = replace(batch, packed=[])
    for name, values in lists.items():
        setattr(changed, name, values)
    return changed


def one(number: int) -> Json:
    """A small span that only its number tells from others, with brackets and quotes in its name."""
    return span(f'}}s"[{number}\\', id=id_of(number))


def torn(number: int) -> bytes:
    """The first part of a line, cut within the span."""
    whole = line(one(number))
    return whole[: len(whole) * 2 // 3]


PIECES = (
    b"\n",
    b"\r\n",
    b"   \n",
    b"\xef\xbb\xbf",
    b"\0\0\0\0",
    b"no JSON at all\n",
    b'{"quoted": "} and no end\n',
    b"}}]]\n",
    b"[]\n",
    b"{}\n",
    b"\xff\xfe\x80\n",
    b"INFO: otlp ",
    torn(1),
    torn(2) + b"\n",
    line(one(3)),
    line(one(4)).rstrip() + b"\r\n",
    line(one(5)).rstrip(),
    line(one(6), one(7)),
    indented(one(8)) + b"\n",
    indented(one(9)).replace(b"\n", b"\r\n") + b"\r\n",
    indented(one(10)),
    indented(one(11))[:150] + b"\n",
    b"[" + line(one(12)).rstrip() + b",\n" + line(one(13)).rstrip() + b"]\n",
    b"[" + line(one(12)).rstrip() + b', {"no": "spans"}]\n',
    line(span("bad time", start=-1), one(14)),
    start_record(one(15)),
    log_line({"body": {"stringValue": "hello"}}),
    compact(document()),
)
"""What a stream of spans may hold: whole and torn documents, padding, garbage."""
