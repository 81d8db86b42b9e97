"""What the kernel takes for sound, and what it reads of it: JSON at its edges, ids, times, attributes."""

import json

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracetui import kernel
from tracetui.kernel.scan import Scan, Scanner, Shape

LIBRARY = kernel.library()
pytestmark = pytest.mark.skipif(not LIBRARY, reason="no kernel")

KEYS = ("cpu", "place", "role", "test.name")
IDS = '"traceId":"0123456789abcdef0123456789abcdef","spanId":"00000000000000ff"'
START = '"startTimeUnixNano":"1700000000000000000"'


@pytest.fixture
def scanner() -> Scanner:
    assert LIBRARY
    return Scanner(LIBRARY, KEYS, ("other.trace",), most_kept=1000)


def document(span: str) -> bytes:
    return (
        b'{"resourceSpans":[{"resource":{},"scopeSpans":[{"scope":{},"spans":[' + span.encode() + b"]}]}]}\n"
    )


def with_field(field: str) -> bytes:
    return document(f'{{{IDS},{START},"name":"n",{field}}}')


def scan(scanner: Scanner, text: bytes, shape: Shape = Shape.LINES) -> Scan:
    found = scanner.scan(text, 0, len(text), shape)
    assert found
    return found


def was_read(scanner: Scanner, text: bytes) -> tuple[bool, bool]:
    """Whether the one line is sound, and its one span is one the kernel is sure of."""
    found = scan(scanner, text)
    assert len(found.lines) == 1
    return bool(found.lines["was_read"][0]), bool(len(found.spans) and found.spans["clue"][0] >= 0)


SURE, LEFT, UNSOUND = (True, True), (True, False), (False, False)
VALUES = {
    # Anything that is JSON, in a field nobody knows.
    "0": SURE, "-0": SURE, "-1.5e+9": SURE, "1E9": SURE, "0.10": SURE, "true": SURE, "null": SURE, "{}": SURE,
    '[1, {"a" : [ ]}]': SURE, '""': SURE, '"\\u00e9\\n\\/"': SURE, '"\\ud83d\\ude00"': SURE, '"é中😀"': SURE,
    "[" * 59 + "]" * 59: SURE, "[" * 60 + "]" * 60: SURE,
    # What only looks like it.
    "01": UNSOUND, "+1": UNSOUND, "1.": UNSOUND, ".5": UNSOUND, "1e": UNSOUND, "-": UNSOUND, "NaN": UNSOUND,
    "tru": UNSOUND, "nulll": UNSOUND, "[1,]": UNSOUND, '{"a":1,}': UNSOUND, '{"a"}': UNSOUND,
    "{1:2}": UNSOUND,
    '"\\x"': UNSOUND, '"\\u12g4"': UNSOUND, '"\\ud800"': UNSOUND, '"\\ud800\\u0041"': UNSOUND,
    '"\\udc00"': UNSOUND, '"\t"': UNSOUND, '"': UNSOUND, "[" * 90 + "]" * 90: UNSOUND, "[1 2]": UNSOUND,
}  # fmt: skip


@pytest.mark.parametrize("value", VALUES)
def test_json_is_checked_in_full(scanner: Scanner, value: str) -> None:
    """Also where nobody looks."""
    assert was_read(scanner, with_field(f'"odd":{value}')) == VALUES[value]


BYTES = {
    b"\xc2\x80": True, b"\xdf\xbf": True, b"\xe0\xa0\x80": True, b"\xed\x9f\xbf": True, b"\xee\x80\x80": True,
    b"\xf0\x90\x80\x80": True, b"\xf4\x8f\xbf\xbf": True,
    b"\x80": False, b"\xc1\xbf": False, b"\xe0\x9f\xbf": False, b"\xed\xa0\x80": False,
    b"\xf0\x8f\xbf\xbf": False,
    b"\xf4\x90\x80\x80": False, b"\xf5\x80\x80\x80": False, b"\xc2": False, b"\xe0\xa0": False,
    b"\xf0\x90\x80": False,
    b"\x1f": False, b"\x7f": True,
}  # fmt: skip


@pytest.mark.parametrize("data", BYTES)
@pytest.mark.parametrize("before", [0, 1, 14, 15, 16, 17])
def test_utf_8_is_checked_in_full(scanner: Scanner, data: bytes, before: int) -> None:
    """Wherever it stands among the bytes that are looked at together; Python says the same."""
    text = with_field('"odd":"@"').replace(b"@", b"x" * before + data)
    assert was_read(scanner, text) == (SURE if BYTES[data] else UNSOUND)
    if data[0] >= 0x20:
        assert BYTES[data] == (data.decode(errors="replace").count("\ufffd") == 0)


FIELDS = {
    '"endTimeUnixNano":"9223372036854775807"': SURE,
    '"endTimeUnixNano":"9223372036854775808"': LEFT,
    '"endTimeUnixNano":"99999999999999999999"': LEFT,
    '"endTimeUnixNano":999999999999999999': SURE,
    '"endTimeUnixNano":1000000000000000000': LEFT,
    '"endTimeUnixNano":1.5': LEFT,
    '"endTimeUnixNano":"-1"': LEFT,
    '"endTimeUnixNano":""': LEFT,
    '"endTimeUnixNano":null': LEFT,
    '"parentSpanId":""': SURE,
    '"parentSpanId":"00000000000000AB"': SURE,
    '"parentSpanId":"ab"': LEFT,
    '"parentSpanId":"00000000000000ag"': LEFT,
    '"name":"twice"': LEFT,
    '"kind":"SPAN_KIND_INTERNAL"': SURE,
    '"kind":true': LEFT,
    '"status":{}': SURE,
    '"status":{"code":2,"message":"m"}': SURE,
    '"status":{"code":"STATUS_CODE_ERROR"}': SURE,
    '"status":{"code":3}': LEFT,
    '"status":{"code":"ERROR"}': LEFT,
    '"status":null': LEFT,
    '"attributes":null': SURE,
    '"attributes":[]': SURE,
    '"attributes":{}': LEFT,
    '"attributes":[{"key":"x","value":{"doubleValue":1.5}}]': SURE,
    '"attributes":[ { "key" : "x" , "value" : { "intValue" : 1 } } ]': SURE,
    '"attributes":[{"value":{"intValue":1},"key":"x"}]': LEFT,
    '"attributes":[{"key":"x"}]': LEFT,
    '"attributes":[{"key":"r\\u006fle","value":{"intValue":1}}]': LEFT,
    '"attributes":[{"key":"role","value":{"doubleValue":1.5}}]': LEFT,
    '"attributes":[{"key":"role","value":{"stringValue":"a"}},{"key":"role","value":{"intValue":1}}]': LEFT,
    '"attributes":[{"key":"role","value":{"stringValue":"a","intValue":1}}]': LEFT,
    '"attributes":[{"key":"x","value":null},{"key":"x","value":{}}]': SURE,
    '"attributes":[{"key":"x","value":null}}]': UNSOUND,
    '"attributes":[{"key":"x","value":{"stringValue":""}]': UNSOUND,
    '"attributes":[{"key":"role","value":{"boolValue":true}}]': SURE,
    '"attributes":[{"key":"role","value":{"boolValue":"true"}}]': LEFT,
    '"attributes":[{"key":"role","value":{"stringValue":1}}]': LEFT,
    '"attributes":[{"key":"role","value":{"intValue":"1234567890123456789"}}]': LEFT,
    '"attributes":[{"key":"role","value":{"intValue":1.5}}]': LEFT,
    '"attributes":[{"key":"cpu","value":{"intValue":"999999999999999999"}}]': SURE,
    '"attributes":[{"key":"cpu","value":{"intValue":"1000000000000000000"}}]': LEFT,
    '"attributes":[{"key":"cpu","value":{"intValue":-1}}]': LEFT,
    '"attributes":[{"key":"other.trace","value":{"stringValue":"a"}}]': LEFT,
    '"events":[{"name":"e","timeUnixNano":"1","attributes":[{"key":"x","value":{}}]}]': SURE,
    '"events":[{"name":1}]': LEFT,
    '"events":[1]': LEFT,
    '"links":[{"traceId":1,"spanId":null,"flags":"x"}]': SURE,
    '"links":{}': LEFT,
}


@pytest.mark.parametrize("field", FIELDS)
def test_what_is_left_to_others(scanner: Scanner, field: str) -> None:
    """A span that is spelled in a way that means something else, or nothing, is no loss of its line."""
    assert was_read(scanner, with_field(field)) == FIELDS[field]


@pytest.mark.parametrize("missing", [IDS.split(",", maxsplit=1)[0], IDS.split(",")[1], START, '"name":"n"'])
def test_a_span_without_what_every_span_has(scanner: Scanner, missing: str) -> None:
    fields = [field for field in (*IDS.split(","), START, '"name":"n"') if field != missing]
    assert was_read(scanner, document("{" + ",".join(fields) + "}")) == LEFT
    assert was_read(scanner, document(f'{{{IDS},{START},"name":"n"}}'.replace("ff", "00"))) == LEFT


ENVELOPES = {
    '{"resourceSpans":[]}': True,
    '{"resourceSpans":[{"scopeSpans":[{"spans":[]}]}]}\t\r': True,
    '{"resourceSpans":[{"scopeSpans":[{"spans":null,"schemaUrl":"u"}],"schemaUrl":"u"}]}': True,
    '{"resource":{},"scopeSpans":[]}': True,
    '{"scopeSpans":[]}': True,
    '{"resource":{}}': False,
    '{"scopeSpans":[],}': False,
    '{"resource":{},"scopeSpans":[],"resource":{}}': False,
    '{"resourceSpans":null}': False,
    '{"resourceSpans":[],"resourceLogs":[]}': False,
    '{"resourceSpans":[{"scopeSpans":[],"resource":{}}]}': False,
    '{"resourceSpans":[{"scopeSpans":[{"spans":[],"scope":{}}]}]}': False,
    '{"resourceSpans":[{"instrumentationLibrarySpans":[]}]}': False,
    '{"resourceSpans":[]} {}': False,
    '[{"resourceSpans":[]}]': False,
    "": False,
    "a line of a log": False,
}


@pytest.mark.parametrize("envelope", ENVELOPES)
def test_which_documents_it_knows(scanner: Scanner, envelope: str) -> None:
    found = scan(scanner, envelope.encode() + b"\n")
    assert found.lines["was_read"].tolist() == [ENVELOPES[envelope]]
    assert found.lines["end"].tolist() == [len(envelope.encode()) + 1]


def test_what_it_reads(scanner: Scanner) -> None:
    """Every column, and what its numbers stand for."""
    text = with_field(
        '"parentSpanId":"ABCDEF0000000001","endTimeUnixNano":1700000000000000005,"status":{"code":1},'
        '"attributes":[{"key":"cpu","value":{"intValue":"12"}},{"key":"place","value":{"intValue":7}},'
        '{"key":"role","value":{"stringValue":"te\\"st"}},{"key":"x","value":{"arrayValue":{}}}]'
    ).replace(b'"resource":{}', b'"resource":{"a":1}')
    text = text.replace(b'00005,"status"', b'00005,"x":0,"status"').replace(
        b":1700000000000000005", b':"1700000000000000005"'
    )
    found = scan(scanner, text)
    (span,), (clue,) = found.spans, found.clues
    assert (span["start_ns"], span["end_ns"]) == (1_700_000_000_000_000_000, 1_700_000_000_000_000_005)
    assert (span["span_id"], span["parent_id"]) == (0xFF, 0xABCDEF0000000001)
    assert (span["cpu_ns"], span["place"], span["status"], clue["status"]) == (12, 8, 1, 1)
    assert json.loads(text[span["offset"] : span["offset"] + span["length"]])["name"] == "n"
    assert text[clue["name_at"] :][: clue["name_length"]] == b"n"
    assert [(KEYS[hot["key"]], text[hot["value_at"] :][: hot["value_length"]]) for hot in found.hots] == [
        ("role", b'"te\\"st"')
    ]
    assert [text[blob["at"] :][: blob["length"]] for blob in found.blobs] == [b'{"a":1}', b"{}"]
    assert found.traces[0].tobytes().hex() == "0123456789abcdef0123456789abcdef"
    again = scan(scanner, text)
    assert [len(rows) for rows in again[1:7]] == [1, 1, 0, 0, 0, 0]
    assert again.spans.tobytes() == found.spans.tobytes()


def test_only_values_that_were_asked_for_make_clues(scanner: Scanner) -> None:
    """All at first; once told which matter, spans that differ elsewhere are one clue."""
    texts = [
        with_field(f'"attributes":[{{"key":"role","value":{{"stringValue":"{role}"}}}}]') for role in "abc"
    ]
    first = scan(scanner, b"".join(texts[:2]))
    assert first.spans["clue"].tolist() == [0, 1]
    scanner.ask(first.life + 1, {0: [2]})
    scanner.ask(first.life, {7: [2], int(first.clues["kind"][0]): []})
    assert len(set(scan(scanner, b"".join(texts)).spans["clue"].tolist())) == 1


def test_of_too_much_everything_is_forgotten() -> None:
    """Numbers begin anew, in another life, and only between two texts."""
    assert LIBRARY
    scanner = Scanner(LIBRARY, KEYS, (), most_kept=2)
    spans = [with_field('"x":1').replace(b'"name":"n"', f'"name":"{number}"'.encode()) for number in range(5)]
    first = scan(scanner, b"".join(spans))
    assert (first.spans["clue"].tolist(), first.life) == ([0, 1, 2, 3, 4], 0)
    second = scan(scanner, spans[4])
    assert (second.spans["clue"].tolist(), second.life, len(second.traces)) == ([0], 1, 1)


def test_one_document_over_many_lines(scanner: Scanner) -> None:
    text = json.dumps(json.loads(with_field('"x":[1,2]')), indent=2).encode() + b"\n"
    assert not scan(scanner, text).lines["was_read"].any()
    one = scan(scanner, text, Shape.DOCUMENT)
    assert (one.lines["was_read"].tolist(), len(one.spans)) == ([1], 1)


@given(st.binary(max_size=60), st.integers(0, 400), st.integers(0, 60))
def test_nothing_unsound_is_taken_for_sound(data: bytes, at: int, cut: int) -> None:
    """Whatever is written over a document: if its lines are read, msgspec reads them as well."""
    assert LIBRARY
    text = with_field('"attributes":[{"key":"role","value":{"stringValue":"test"}}],"events":[{"name":"e"}]')
    text = text[:at] + data + text[at + cut :]
    found = Scanner(LIBRARY, KEYS, (), most_kept=1000).scan(text, 0, len(text))
    assert found
    ends = found.lines["end"].tolist()
    for begin, end, is_read in zip([0, *ends], ends, found.lines["was_read"].tolist(), strict=False):
        if is_read:
            msgspec.json.decode(text[begin:end])
    inside = (found.spans["offset"] >= 0) & (found.spans["offset"] + found.spans["length"] <= len(text))
    assert np.all(inside)


DENSE = {
    "empty spans": (Shape.LINES, b'{"resourceSpans":[{"scopeSpans":[{"spans":[@]}]}]}\n', b"{}", b","),
    "empty events": (Shape.LINES, document('{"events":[@]}'), b"{}", b","),
    "no spans in messages": (Shape.GROUP, b"\x12\xff\xff\xff\x01@", b"\x12\0", b""),
    "empty lines": (Shape.LINES, b"@\n", b"\n", b""),
}


@pytest.mark.parametrize("what", DENSE)
@pytest.mark.parametrize("number", [200_002, 3_000_000])
def test_what_would_swell_in_memory_is_left(scanner: Scanner, what: str, number: int) -> None:
    """Two bytes each in a file, and a hundred in memory: few rows are made of them, whatever comes behind."""
    shape, around, piece, between = DENSE[what]
    text = around.replace(b"@", between.join([piece] * number))
    if shape is Shape.GROUP:
        size = 2 * number
        text = (
            b"\x12"
            + bytes([size & 127 | 128, size >> 7 & 127 | 128, size >> 14 & 127 | 128, size >> 21])
            + text[5:]
        )
    found = scan(scanner, text, shape)
    assert (len(found.spans), found.lines["was_read"].tolist(), len(found.lines)) == (0, [0], 1)
    assert found.lines["end"].tolist() == [len(text)]


def test_no_seed_makes_it_unsure() -> None:
    """Where a table of 20,000 names has its places depends on chance; whether a name finds one does not."""
    assert LIBRARY
    name = with_field('"x":1')
    text = b"".join(name.replace(b'"name":"n"', b'"name":"n%d"' % number) for number in range(20_000))
    for _ in range(10):
        found = scan(Scanner(LIBRARY, KEYS, (), most_kept=100_000), text)
        assert (found.spans["clue"] >= 0).all()
