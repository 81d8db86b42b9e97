"""What makes spans of documents: one by one, many lines at once, or element by element."""

from collections.abc import Callable, Iterator
from typing import Protocol

from tracetui.formats.bulk.envelopes import Run
from tracetui.formats.framing.lines import Line


class IncompleteError(Exception):
    """The document is well-formed as far as it goes, and goes on."""


class TrailingError(Exception):
    """A document ends at byte `length`, and something else follows."""

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length


Parse = Callable[[memoryview, int], None]
"""Takes a document and its offset; keeps nothing where it raises one of these two or a `DecodeError`."""


class Bulk(Protocol):
    """What may take many whole lines at once."""

    def runs(self, lines: Line) -> Iterator[Run]:
        """The stretches of lines that it may take."""

    def take_run(self, lines: Line, run: Run) -> bool:
        """Takes such a stretch, all of it or nothing, where one line is broken."""


class Stream(Protocol):
    """A document that is read element by element."""

    offset: int
    is_counted: bool
    """Whether all of it is counted as one loss already: what is no element in it is none of its own."""

    @property
    def pending(self) -> int:
        """Bytes held because their element is not whole yet."""

    @property
    def length(self) -> int:
        """Bytes of the document so far."""

    def feed(self, data: bytes) -> int | None:
        """The next bytes; how many of them belong to the document where it ends there, else None."""

    @property
    def is_behind(self) -> bool:
        """Whether there is something in it that was not shown yet."""

    def settle(self) -> None:
        """No more bytes for now: shows what there is."""

    def finish(self) -> bool:
        """No more bytes ever: takes what is whole; whether that is all."""
