"""Lists of documents over several lines, and spans that say two things of one key."""

import json

import pytest

from tests.builders import T0, Json, document, key_values, span
from tests.formats.reading import listed
from tests.formats.test_scanned import assert_same
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


ROLE, OUTCOME = key_values({"tracetui.span.role": "test"})[0], key_values({"pytest.outcome": "passed"})[0]
OTHER = key_values({"pytest.outcome": "failed"})[0]


@pytest.mark.parametrize("order", [[ROLE, OUTCOME, OTHER], [OTHER, ROLE, OUTCOME]])
def test_keys_twice_read_the_same(order: list[Json]) -> None:
    """Which of two values counts does not depend on how many such spans there are."""
    spans = [
        span("t", start=T0 + number, status=1) | {"attributes": order, "status": {"code": 1}}
        for number in range(80)
    ]
    assert_same(b"".join(written(document(each)) + b"\n" for each in spans))
    assert_same(written(document(*spans)) + b"\n")
