"""The active filter: every reading is filtered, away from the screen's thread."""

from collections.abc import Callable
from functools import partial

from msgspec import Struct
from msgspec.structs import replace
from textual.dom import DOMNode
from textual.message import Message

from tracetui.analysis.overview.overview import narrowed
from tracetui.analysis.query.filters.evaluate import attribute_keys
from tracetui.analysis.query.filters.lens import lens
from tracetui.analysis.query.filters.parser import parse
from tracetui.analysis.query.filters.syntax import Node
from tracetui.scan.chunks import ReadAt
from tracetui.scan.columns import AttributeColumns
from tracetui.ui.feed.latest_only import LatestOnly
from tracetui.ui.feed.reading import Reading


class Filter(Struct, frozen=True, eq=False):
    """A filter as typed, and parsed; without a `node` nothing is filtered."""

    text: str = ""
    node: Node | None = None


class Looked(Message):
    """The progress of a scan through all bytes, for an attribute that no column holds."""

    def __init__(self, done: int, total: int) -> None:
        super().__init__()
        self.done = done
        self.total = total

    def can_replace(self, message: Message) -> bool:
        """Only the newest one matters."""
        return isinstance(message, Looked)


class ActiveFilter:
    """Belongs to the screen's thread; `show` gets each newest reading, filtered."""

    def __init__(self, node: DOMNode, read_at: ReadAt, show: Callable[[Reading], None]) -> None:
        self.filter = Filter()
        self._node = node
        self._show = show
        self._newest: Reading | None = None
        self._seen_last: Reading | None = None
        self._columns = AttributeColumns(read_at)
        self._latest = LatestOnly(node, self._seen, self._take)

    def see(self, reading: Reading) -> None:
        """Filter a reading and show it soon; at once without a filter."""
        same, self._newest = reading is self._newest, reading
        if self.filter.node is None:
            self._show(reading)
        elif same and self._seen_last and self._seen_last.lens:
            self._show(self._seen_last)
        else:
            self._latest.ask((reading, self.filter), rested=bool(self._seen_last))

    def set(self, text: str) -> None:
        """Set another filter; raises `FilterError` for an invalid one, and keeps the one before."""
        node = parse(text)
        if text.strip() != self.filter.text:
            self.filter, self._seen_last = Filter(text.strip(), node), None
            if self._newest:
                self.see(self._newest)

    def _seen(self, question: tuple[Reading, Filter]) -> Reading | None:
        """A filtered reading; None if another filter is active by now."""
        reading, wanted = question
        assert wanted.node
        snapshot, keys = reading.findings.snapshot, attribute_keys(wanted.node)
        columns = self._columns.of(snapshot, keys, partial(self._goes_on, wanted))
        if columns is None:
            return None
        seen = replace(reading, lens=lens(wanted.text, wanted.node, reading.findings, columns))
        meant = seen.meant
        return (
            seen if meant is None else replace(seen, narrowed=narrowed(seen.overview, seen.findings, meant))
        )

    def _goes_on(self, wanted: Filter, done: int, total: int) -> bool:
        self._node.post_message(Looked(done, total))
        return self.filter is wanted

    def _take(self, reading: Reading | None) -> None:
        if reading and reading.lens and reading.lens.text == self.filter.text:
            self._seen_last = reading
            self._show(reading)
