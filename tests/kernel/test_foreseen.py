"""What the kernel takes for granted until it sees otherwise: digits eight at a time, heads of attributes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kernel.test_scan import IDS, KEYS, LIBRARY, START, document, scan, with_field
from tracetui.kernel.scan import Scan, Scanner

pytestmark = pytest.mark.skipif(not LIBRARY, reason="no kernel")


@pytest.mark.parametrize("place", [0, 6, 7, 8, 15])
def test_each_byte_is_a_digit_or_none(place: int) -> None:
    """Eight are looked at together: what one counts is its own, and one that is none spoils all."""
    assert LIBRARY
    scanner = Scanner(LIBRARY, KEYS, (), most_kept=1000)
    digits, numbers = b"0123456789abcdef", b"1000000000000000000"
    for byte in range(256):
        one = bytes([byte])
        spelled = digits[:place] + one + digits[place + 1 :]
        time = numbers[:place] + one + numbers[place + 1 :]
        span = with_field('"parentSpanId":"@","endTimeUnixNano":"#"')
        found = scan(scanner, span.replace(b"@", spelled).replace(b"#", numbers)).spans
        is_sure = len(found) == 1 and found["clue"][0] >= 0
        assert is_sure == (byte in b"0123456789abcdefABCDEF")
        assert not is_sure or found["parent_id"][0] == int(spelled, 16)
        found = scan(scanner, span.replace(b"@", digits).replace(b"#", time)).spans
        is_sure = len(found) == 1 and found["clue"][0] >= 0
        assert is_sure == (byte in b"0123456789")
        assert not is_sure or found["end_ns"][0] == int(time)


HEADS = ('{"key":"@","value":', '{ "key" : "@" , "value" : ')
SPELLED = (
    '{"stringValue":"a"}', '{ "stringValue" : "b" }', '{"stringValue":"\\u00e9"}', '{"stringValue":1}',
    '{"intValue":"5"}', '{"intValue":5}', '{"intValue":-5}', '{"intValue":"1234567890123456789"}',
    '{"boolValue":true}', '{"boolValue":"true"}', '{"doubleValue":1.5}', '{"doubleValue":"1.5"}',
    "{}", "null",
    '{"arrayValue":{"values":[{"stringValue":"a"}]}}', '{"stringValue":"a","intValue":"5"}',
)  # fmt: skip


@st.composite
def attributes(draw: st.DrawFn) -> str:
    """Some that rules ask for and some that they do not, each however it may be spelled."""
    keys = draw(st.lists(st.sampled_from(["cpu", "role", "test.name", "x", "y"]), unique=True, max_size=4))
    each = [
        draw(st.sampled_from(HEADS)).replace("@", key) + draw(st.sampled_from(SPELLED)) + "}" for key in keys
    ]
    return f'"attributes":[{",".join(each)}]'


def told(found: Scan, row: int) -> list[object]:
    """What was read of a span."""
    span = found.spans[row]
    if span["clue"] < 0:
        return []
    clue = found.clues[span["clue"]]
    hots = found.hots[clue["first_hot"] : clue["first_hot"] + clue["hots"]].tolist()
    return [span["cpu_ns"], *((key, found.text[at : at + length]) for at, length, key in hots)]


@given(st.lists(attributes(), min_size=2, max_size=6))
def test_what_stood_before_a_span_changes_nothing(spans: list[str]) -> None:
    """Attributes are foreseen by those of other spans, and read as if they were not."""
    assert LIBRARY
    fields = [f'{{{IDS},{START},"name":"n","events":[{{{each}}}],{each}}}' for each in spans]
    together = scan(Scanner(LIBRARY, KEYS, (), most_kept=1000), document(",".join(fields)))
    alone = [scan(Scanner(LIBRARY, KEYS, (), most_kept=1000), document(each)) for each in fields]
    assert [told(together, row) for row in range(len(fields))] == [told(each, 0) for each in alone]
