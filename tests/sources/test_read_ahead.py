"""Blocks that another thread reads ahead come as if they were read when they are asked for."""

from collections.abc import Callable, Iterator

import pytest

from tracetui.errors import InputError
from tracetui.sources.block import Block
from tracetui.sources.files.recorded import RecordedFile
from tracetui.sources.read_ahead import Blocks

FULL = b"as many as "[:9]
"""As long as a block may be here: what is longer is read ahead."""


class Scripted(RecordedFile):
    """A source that gives these blocks: none where there is None, a refusal where there is an error."""

    def __init__(self, script: Iterator[bytes | InputError | None]) -> None:
        self._script = script
        self.reads = 0

    def read(self, _: int) -> Block | None:
        self.reads += 1
        what = next(self._script, None)
        if isinstance(what, InputError):
            raise what
        return Block(0, what) if what else None


def begun(source: "Scripted", announce: Callable[[bytes], None]) -> Blocks:
    """The blocks behind the first, which tells that there are more."""
    blocks = Blocks(source, announce, 3)
    assert blocks.next(9, ahead=True) == Block(0, FULL)
    return blocks


def test_what_cannot_be_read_is_told_after_what_could() -> None:
    """And what comes after it is read only then."""
    source = Scripted(iter([FULL, b"one", b"two", InputError("refused"), b"three", None]))
    heard: list[bytes] = []
    blocks = begun(source, heard.append)
    assert [blocks.next(9, ahead=True) for _ in range(2)] == [Block(0, b"one"), Block(0, b"two")]
    with pytest.raises(InputError, match="refused"):
        blocks.next(9, ahead=True)
    assert heard == [b"one", b"two"]
    assert blocks.next(9, ahead=True) == Block(0, b"three")
    assert blocks.next(9, ahead=True) is None


def test_nothing_is_read_behind_a_pause_before_it_is_known() -> None:
    """Whoever hears that there is nothing now asks whether the source has ended."""
    source = Scripted(iter([FULL, b"one", None, b"two", None]))
    blocks = begun(source, lambda _: None)
    assert blocks.next(9, ahead=True) == Block(0, b"one")
    assert blocks.next(9, ahead=True) == Block(0, b"two") or source.reads == 3


def test_no_more_is_read_than_was_allowed() -> None:
    """A recording does not fit in memory."""
    source = Scripted(iter([FULL, *[b"block"] * 20]))
    blocks = begun(source, lambda _: None)
    for taken in range(2, 11):
        assert blocks.next(9, ahead=True) == Block(0, b"block")
        assert source.reads <= taken + 3


def test_what_is_no_longer_than_a_block_is_read_where_it_is_asked_for() -> None:
    """No thread is begun for it: that would take longer."""
    source, heard = Scripted(iter([b"short", None, b"more"])), list[bytes]()
    blocks = Blocks(source, heard.append, 3)
    read = [blocks.next(9, ahead=True) for _ in range(3)]
    assert read == [Block(0, b"short"), None, Block(0, b"more")]
    assert not heard
