"""What the tests of formats read with: bytes, cut anywhere, to one batch."""

from collections.abc import Sequence

from tests.builders import Json, compact, document, id_of, indented, line, log_line, span, start_record
from tracetui.formats.otlp_json import OtlpJson
from tracetui.model.batch import SpanBatch


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
    return reader.take()


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
