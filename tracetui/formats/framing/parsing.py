"""Interfaces of what turns documents into spans: one by one, many lines at once, or element by element."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

from tracetui.formats.framing.lines import Line

UNKNOWN = "JSON without spans or logs"
"""Why a document is refused that no format knows."""
UNFINISHED = "unfinished JSON"
"""Why one is refused that ends where another begins."""


class IncompleteError(Exception):
    """The document is well-formed as far as it goes, and goes on."""


class TrailingError(Exception):
    """A document ends at byte `length`, and something else follows."""

    def __init__(self, length: int) -> None:
        super().__init__(length)
        self.length = length


Parse = Callable[[memoryview, int], None]
"""Takes a document and its offset; keeps nothing where it raises one of these two or a `DecodeError`."""


class Run(Protocol):
    """Whole lines without a gap, each a document that was read: places in their text, line ends included."""

    @property
    def begin(self) -> int:
        """Where the first one begins."""

    @property
    def first_end(self) -> int:
        """Where it ends."""

    @property
    def end(self) -> int:
        """Where the last one ends."""

    def without_first(self) -> "Run":
        """All but the first one, of several."""


class Bulk(Protocol):
    """Takes many whole lines at once."""

    def runs(self, lines: Line) -> Iterator[Any]:
        """The `Run`s among lines, in order; what is between them is none of its business."""

    def take_run(self, lines: Line, run: Any) -> None:
        """Take such a run."""


class Stream(Protocol):
    """A document that is read element by element."""

    offset: int
    is_counted: bool
    """Whether all of it is counted as one loss already: what is no element in it is none of its own."""

    @property
    def pending(self) -> int:
        """Bytes held because their element is not complete yet."""

    @property
    def length(self) -> int:
        """Bytes of the document so far."""

    def feed(self, data: bytes) -> int | None:
        """The next bytes; returns how many of them belong to the document if it ends there, else None."""

    @property
    def awaits_element(self) -> bool:
        """Whether another document may stand next, as an element of a list."""

    @property
    def is_behind(self) -> bool:
        """Whether there is something in it that was not shown yet."""

    def settle(self) -> None:
        """No more bytes for now: show what there is."""

    def finish(self) -> bool:
        """No more bytes ever: take what is complete; returns whether that is everything."""
