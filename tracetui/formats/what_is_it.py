"""What a file is, judged once by its head: a trace, perhaps one, or something else, and what to do instead.

`judge` is the one place that decides whether a file is read at all. It never looks at names.
"""

import re
from enum import Enum
from functools import partial
from typing import NamedTuple

from tracetui.formats.otlp.frames import MOST_BYTES, field_header
from tracetui.formats.otlp.proto_signal import is_metrics
from tracetui.formats.signatures import (
    BINARY,
    GO_TEST,
    IS_GO_TEST,
    IS_JUNIT,
    JSON,
    JUNIT,
    METRICS,
    TEXT,
)

HEAD_BYTES = 1 << 20
"""So many bytes decide; whoever has fewer, and expects more, may be told `PERHAPS`."""

_SIGNATURE_BYTES = 1 << 16
_LEAST_BINARY = 64
_SHORTEST = 33
"""A shorter length is white space behind the zeros of a power cut."""

_GROUP = (b"\x0a", b"\x12")
"""The tags with which a `ResourceSpans` starts: its resource, or its first scope where it has none."""

_PADDING = re.compile(rb"(?:[ \t\r\n\0]|\xef\xbb\xbf)*+")
_KEY = re.compile(rb'"([^"\\\n]{1,40}+)"\s*+:')
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)
_MARK = re.compile(
    rb'"(?:resource_?(?:[Ss]pans|[Ll]ogs)|scope_?(?:[Ss]pans|[Ll]ogs)|instrumentationLibrarySpans|ilSpans'
    rb'|batches|traceEvents|ph|[Tt]race_?(?:I[Dd]|id)|[Ss]pan_?(?:I[Dd]|id)|SpanContext|operationName)"\s*+:'
)
"""Keys that tell of spans, in any format that is read."""

_SURE = tuple(
    frozenset(keys.encode().split())
    for keys in (
        *(
            "resourceSpans",
            "resource_spans",
            "scopeSpans",
            "scope_spans",
            "traceEvents",
            "ph ts",
            "SpanContext",
        ),
        *("traceID spanID operationName", "traceId id timestamp", "context parent_id start_time"),
        "span_id start duration",
    )
)
"""Keys that together tell of a format that is read, whatever else is beside them."""

_USUAL = b'{"resourceSpans":'
"""What most files begin with: of thousands of small ones nothing else has to be looked at."""

_JSON_LINE = re.compile(rb"^[ \t]*+[\[{]", re.MULTILINE)
_ENVELOPE = re.compile(rb'\{"resource(?:Spans|Logs)?"\s*+:')
_FENCE = re.compile(rb"^```", re.MULTILINE)
_EMPTY = re.compile(rb"[\[\]{}\s,]+")
_SCALAR = re.compile(rb'(?:null|true|false|-?\d[\d.eE+-]*|"[^"\\\n]*")\s*')
_NO_CONTROLS = bytes({*range(0x20, 0x100), *b"\0\t\n\r\f\b\x1b"})


class Verdict(Enum):
    """Whether a file is to be read."""

    TRACE = "trace"
    PERHAPS = "perhaps"
    NO_TRACE = "no trace"


class Judgement(NamedTuple):
    """A verdict; for `NO_TRACE` also what the file is ("an SVG picture") and the next step (a clause).

    `results` is the format of a file that is read, and holds results of tests instead of spans.
    """

    verdict: Verdict
    what: str = ""
    next_step: str = ""
    results: str = ""

    def __str__(self) -> str:
        """A clause such as "this is TAP: it has results but no spans; run the tests with ..."; else empty."""
        return f"this is {self.what}: {self.next_step}" if self.what else ""


_TRACE, _PERHAPS = Judgement(Verdict.TRACE), Judgement(Verdict.PERHAPS)
_JUNIT, _GO_TEST = (Judgement(Verdict.TRACE, results=name) for name in (JUNIT, GO_TEST))
_no = partial(Judgement, Verdict.NO_TRACE)
BESIDE_SPANS = _no(JUNIT, "it has results of tests; open it alone")
"""What results are where there are spans: two accounts of one run would count every test twice."""
_NOTHING_KNOWN = "it has no spans that tracetui knows; open span files, or a directory of them"


def judge(head: bytes, *, whole: bool = False) -> Judgement:
    """What a file is, given its first bytes (unpacked, and UTF-8 where it is text).

    `whole` says that no bytes follow for now. Give it the first block, however long. The verdicts:

    * `TRACE`: read it. What cannot be read in it is a loss.
    * `PERHAPS`: nothing tells yet. Judge again once there are more bytes, up to `HEAD_BYTES`; a file that
      ends with this verdict is empty, or torn in its first record, and is read as a trace is.
    * `NO_TRACE`: do not read on; it is one quiet note, and `str()` of the judgement says what it is and what
      to do. A file that is followed and was judged `whole` is judged again when it grows, up to `HEAD_BYTES`.
    """
    if head.startswith(_USUAL):
        return _TRACE
    begin = head[:HEAD_BYTES]
    at = _end_of_padding(begin)
    if is_framed(begin) or is_request(begin):
        return _no(*METRICS) if _is_metrics(begin) else _TRACE
    if at == len(begin):
        return _PERHAPS
    ended = whole or len(head) >= HEAD_BYTES
    if _is_binary(begin[:_SIGNATURE_BYTES]):
        return _binary(begin, at) if ended or len(begin) >= _LEAST_BINARY else _PERHAPS
    take = _json if begin[at : at + 1] in (b"{", b"[") else _text
    return take(begin, at, ended=ended)


def _is_metrics(head: bytes) -> bool:
    message = 4 if is_framed(head) else 0
    lengths = field_header(head[message : message + 16]) if is_request(head[message:]) else None
    return lengths is not None and is_metrics(head, message + lengths[0])


def is_framed(head: bytes) -> bool:
    """Whether a message stands behind its length (4 bytes, big-endian): JSON, or a request."""
    length = int.from_bytes(head[:4], "big")
    if len(head) < 5 or not _SHORTEST <= length <= MOST_BYTES:
        return False
    return head[4:5] == b"{" or is_request(head[4:])


def is_request(head: bytes) -> bool:
    """Whether an OTLP request starts here; text may start alike, but has no control characters."""
    if all(byte >= 0x20 or byte in b"\t\n\r" for byte in head[:64]):
        return False
    try:
        lengths = field_header(head[:16])
        return lengths is not None and head[lengths[0] : lengths[0] + 1] in _GROUP
    except ValueError:
        return False


def _json(head: bytes, at: int, *, ended: bool) -> Judgement:
    """Judge JSON, or what begins like it: other formats by their keys, traces by theirs."""
    signed = head[at : at + _SIGNATURE_BYTES]
    keys = frozenset(_KEY.findall(signed))
    is_sure = any(sure <= keys for sure in _SURE)
    if not is_sure and IS_GO_TEST.search(signed):
        return _GO_TEST
    for kind in () if is_sure else JSON:
        if kind.matches(signed, keys):
            return _no(kind.what, kind.next_step)
    if _MARK.search(head, at):
        return _TRACE
    if not ended or _is_open(head[at:]):
        return _PERHAPS
    return _no("JSON" if keys or _EMPTY.fullmatch(head, at) else "text", _NOTHING_KNOWN)


def _text(head: bytes, at: int, *, ended: bool) -> Judgement:
    """Judge text that begins with something else; loggers write lines before JSON, and around it."""
    if IS_JUNIT.match(head, at):
        return _JUNIT
    for kind in TEXT:
        if kind.matches(head, at, at + _SIGNATURE_BYTES):
            return _no(kind.what, kind.next_step)
    is_document = _FENCE.search(head, at) is not None
    json_at = None if is_document else _JSON_LINE.search(head, at)
    if (json_at and _MARK.search(head, json_at.start())) or (not is_document and _ENVELOPE.search(head, at)):
        return _TRACE
    if json_at and IS_GO_TEST.search(head, at):
        return _GO_TEST
    return _no("JSON" if _SCALAR.fullmatch(head, at) else "text", _NOTHING_KNOWN) if ended else _PERHAPS


def _binary(head: bytes, at: int) -> Judgement:
    for kind in BINARY:
        if kind.matches(head, 0, _SIGNATURE_BYTES):
            return _no(kind.what, kind.next_step)
    if _MARK.search(head, at):  # Text with a few bytes that are none.
        return _TRACE
    return _no("a binary file", _NOTHING_KNOWN)


def _is_binary(head: bytes) -> bool:
    """Whether control characters stand in it that no text has; zeros may be the padding of a power cut."""
    return bool(head.translate(None, _NO_CONTROLS))


def _is_open(text: bytes) -> bool:
    """Whether JSON goes on behind `text`: more brackets are opened than closed."""
    bare = _STRING.sub(b"", text)
    return bare.count(b"{") + bare.count(b"[") > bare.count(b"}") + bare.count(b"]")


def _end_of_padding(head: bytes) -> int:
    """Where the first byte is that is no white space, zero or byte order mark."""
    padding = _PADDING.match(head)
    return padding.end() if padding else 0
