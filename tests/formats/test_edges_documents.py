"""Lists of documents over several lines, and the spans that the fast path must not learn from."""

import json

import pytest

from tests.builders import T0, Json, document, key_values, span
from tests.formats.reading import listed
from tests.formats.test_bulk import assert_same
from tracetui.formats.bulk.shape import learn
from tracetui.formats.framing.unfinished import Unfinished
from tracetui.formats.otlp.otlp_json import OtlpJson

DOCUMENTS = [document(span(name, start=T0 + place)) for place, name in enumerate("abc")]


def written(value: Json) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def layouts(documents: list[Json]) -> dict[str, bytes]:
    """A list of documents, broken into lines at different places."""
    each = [written(one) for one in documents]
    return {
        "brackets on lines of their own": b"[\n" + b",\n".join(each) + b"\n]\n",
        "brackets beside the documents": b"[" + b",\n".join(each) + b"]\n",
        "commas first": b"[\n" + b"\n,".join(each) + b"\n]\n",
        "commas alone": b"[\n" + b"\n,\n".join(each) + b"\n]\n",
        "indented": json.dumps(documents, indent=2).encode() + b"\n",
        "without a line's end": b"[\n" + b",\n".join(each) + b"\n]",
        "white space between": b"[\n \n" + b",\n\t\n".join(each) + b"\n \n]\n",
        "empty lines between": b"[\n\n" + b",\n\n".join(each) + b"\n\n]\n",
        "two lists": b"[\n" + each[0] + b"\n]\n[\n" + b",\n".join(each[1:]) + b"\n]\n",
    }


@pytest.mark.parametrize("layout", layouts(DOCUMENTS))
@pytest.mark.parametrize("cut", [None, 1])
def test_lists_over_lines(layout: str, cut: int | None) -> None:
    """Every document of the list is read, nothing is rejected and nothing torn, however it is broken up."""
    data, reader = layouts(DOCUMENTS)[layout], OtlpJson()
    for at in range(0, len(data), cut or len(data)):
        reader.feed(data[at : at + (cut or len(data))])
    reader.finish()
    batch = reader.take()
    assert (listed(batch).name, list(batch.rejected), list(batch.torn)) == (["a", "b", "c"], [], [])


@pytest.mark.parametrize(
    ("line", "ends"),
    [(b"]", False), (b"]}", True), (b"]}]", True), (b"[]}", False), (b"[]]}", True), (b"", False)],
)
def test_where_an_open_document_ends(line: bytes, ends: bool) -> None:
    """With the line in which as many brackets close as are open, and not one before."""
    document = Unfinished(b'{"a":[\n', 0, 2)
    assert document.may_end_in(line) == ends
    assert document.add(line) == ends
    assert ends or document.add(b"]}")


def with_attributes(attributes: list[Json]) -> bytes:
    """One span as exporters write it: with a status behind its attributes."""
    made = span("t", start=T0, end=T0 + 9, status=1)
    status = made.pop("status")
    return written(made | {"attributes": attributes, "status": status})


ROLE, OUTCOME = key_values({"tracetui.span.role": "test"})[0], key_values({"pytest.outcome": "passed"})[0]
OTHER = key_values({"pytest.outcome": "failed"})[0]


@pytest.mark.parametrize(
    ("attributes", "is_learned"),
    [
        pytest.param([ROLE, OUTCOME], True, id="each key once"),
        pytest.param([ROLE, OUTCOME, OTHER], False, id="a key that matters twice"),
        pytest.param([OUTCOME, ROLE, OUTCOME], False, id="the same twice"),
        pytest.param([ROLE, *key_values({"x": "1"}), *key_values({"x": "2"})], True, id="another key twice"),
        pytest.param(
            [ROLE, *key_values({"logfire.span_type": "x"})], False, id="what makes another span of it"
        ),
        pytest.param([], False, id="no attributes"),
    ],
)
def test_what_a_shape_is_learned_from(attributes: list[Json], is_learned: bool) -> None:
    """Nothing whose attributes say two things of one key that decides."""
    assert (learn(with_attributes(attributes)) is not None) == is_learned


@pytest.mark.parametrize("order", [[ROLE, OUTCOME, OTHER], [OTHER, ROLE, OUTCOME]])
def test_keys_twice_read_the_same(order: list[Json]) -> None:
    """Which of two values counts does not depend on how many such spans there are."""
    spans = [
        span("t", start=T0 + number, status=1) | {"attributes": order, "status": {"code": 1}}
        for number in range(80)
    ]
    assert_same(b"".join(written(document(each)) + b"\n" for each in spans))
    assert_same(written(document(*spans)) + b"\n")


@pytest.mark.parametrize(("beyond", "is_learned"), [(0, True), (1, False)])
def test_the_longest_head_that_is_compared(beyond: int, is_learned: bool) -> None:
    """What stands before a span's name has at most so many bytes."""
    text = with_attributes([ROLE])
    head = text.index(b'"name":"') + len(b'"name":"')
    filler = b'"x":"' + b"x" * (2048 - head - len(b'"x":"",') + beyond) + b'",'
    assert (learn(text[:1] + filler + text[1:]) is not None) == is_learned
