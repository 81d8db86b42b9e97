"""Which elements of a streamed document are looked at together, and which alone."""

import json

from tracetui.errors import DecodeError
from tracetui.formats.streaming.streamed import Streamed
from tracetui.model.batch import SpanBatch


class Reader:
    """A document that is fed in whole, the documents it is read as, and what becomes of it."""

    def __init__(self, data: bytes, *, refuses: bytes = b"") -> None:
        self.batch = SpanBatch()
        self.documents: list[tuple[bytes, int]] = []
        self._refuses = refuses
        self.streamed = Streamed(lambda: self.batch, self._document, 100)
        assert self.streamed.feed(data) == len(data)

    def _document(self, text: bytes, offset: int) -> None:
        self.documents.append((text, offset))
        if self._refuses and self._refuses in text:
            raise DecodeError(offset, "refused")


def test_one_element_is_a_document() -> None:
    """Where it stands, without the array around it."""
    reader = Reader(b'[{"name":"a"}]')
    assert reader.documents == [(b'{"name":"a"}', 101)]


def test_two_elements_are_an_array() -> None:
    """Each where it stands: one may tell something about the other."""
    reader = Reader(b'[ {"a":"three"},  {"b":"five"}]')
    (text, offset), *others = reader.documents
    assert (json.loads(text), others) == ([{"a": "three"}, {"b": "five"}], [])
    assert text.index(b'{"a"') + offset == 102
    assert text.index(b'{"b"') + offset == 118


def test_an_element_that_nobody_can_read_is_rejected_by_itself() -> None:
    """With its own place and length."""
    reader = Reader(b'[{"bad":1}]', refuses=b"bad")
    assert [(problem.offset, problem.length) for problem in reader.batch.rejected] == [(101, 9)]
