"""Blocks that another thread reads ahead come as if they were read when they are asked for."""

from collections.abc import Iterator

import pytest

from tracetui.errors import InputError
from tracetui.sources.block import Block
from tracetui.sources.files.recorded import RecordedFile
from tracetui.sources.read_ahead import LONG_BYTES, Blocks


class Scripted(RecordedFile):
    """A source that gives these blocks: none where there is None, a refusal where there is an error."""

    def __init__(self, script: Iterator[bytes | InputError | None]) -> None:
        self._script = script
        self.reads, self.size = 0, LONG_BYTES

    def read(self, _: int) -> Block | None:
        self.reads += 1
        what = next(self._script, None)
        if isinstance(what, InputError):
            raise what
        return Block(0, what) if what else None


def test_what_cannot_be_read_is_told_after_what_could() -> None:
    """And what comes after it is read only then."""
    source = Scripted(iter([b"one", b"two", InputError("refused"), b"three", None]))
    heard: list[bytes] = []
    blocks = Blocks(source, heard.append, 3)
    assert [blocks.next(9, ahead=True) for _ in range(2)] == [Block(0, b"one"), Block(0, b"two")]
    with pytest.raises(InputError, match="refused"):
        blocks.next(9, ahead=True)
    assert heard == [b"one", b"two"]
    assert blocks.next(9, ahead=True) == Block(0, b"three")
    assert blocks.next(9, ahead=True) is None


def test_nothing_is_read_behind_a_pause_before_it_is_known() -> None:
    """Whoever hears that there is nothing now asks whether the source has ended."""
    source = Scripted(iter([b"one", None, b"two", None]))
    blocks = Blocks(source, lambda _: None, 3)
    assert blocks.next(9, ahead=True) == Block(0, b"one")
    assert blocks.next(9, ahead=True) == Block(0, b"two") or source.reads == 2


def test_no_more_is_read_than_was_allowed() -> None:
    """A recording does not fit in memory."""
    source = Scripted(iter([b"block"] * 20))
    blocks = Blocks(source, lambda _: None, 3)
    for taken in range(1, 10):
        assert blocks.next(9, ahead=True) == Block(0, b"block")
        assert source.reads <= taken + 3


def test_what_is_short_is_read_where_it_is_asked_for() -> None:
    """Until it is known to be long, as what is unpacked may turn out to be."""
    source, heard = Scripted(iter([b"one", None, b"two", b"three"])), list[bytes]()
    source.size = 64 * 1024 * 1024 - 1
    blocks = Blocks(source, heard.append, 3)
    assert [blocks.next(9, ahead=True) for _ in range(3)] == [Block(0, b"one"), None, Block(0, b"two")]
    assert not heard
    source.size = 64 * 1024 * 1024
    assert blocks.next(9, ahead=True) == Block(0, b"three")
    assert heard == [b"three"]
