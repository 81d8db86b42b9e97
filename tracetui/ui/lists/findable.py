"""A list that can be searched: matches are marked, counted, and visited one by one."""

from abc import abstractmethod
from collections.abc import Sequence

from textual.message import Message
from textual.strip import Strip

from tracetui.analysis.query.search import Finds
from tracetui.ui.feed.reading import OfReading
from tracetui.ui.lists.draw_marked import marked_strip
from tracetui.ui.lists.matching import Matching
from tracetui.ui.painting.kept_lines import KeptLines
from tracetui.ui.theme.themes import Paint


class Findable(KeptLines):
    """Base class of the lists. A place is a row's index in the order of visiting matches."""

    finds: Finds | None = None

    class Matched(Message):
        """The cursor is on match number `place` (from 1, 0 for none) of `count`."""

        def __init__(self, place: int, count: int) -> None:
            super().__init__()
            self.place = place
            self.count = count

        def can_replace(self, message: Message) -> bool:
            """Only the newest one matters."""
            return isinstance(message, Findable.Matched)

    class Settled(OfReading):
        """The list now shows a newer reading."""

        def can_replace(self, message: Message) -> bool:
            """Only the newest one matters."""
            return isinstance(message, Findable.Settled)

    def __init__(self) -> None:
        super().__init__()
        self.matching = Matching(self, self.tell_match)

    @property
    @abstractmethod
    def here(self) -> int:
        """The place of the cursor."""

    @abstractmethod
    def go_to(self, place: int) -> None:
        """Puts the cursor on a place."""

    def labels(self) -> Sequence[str]:
        """The texts to search, by place; called away from the screen's thread. Foreign text."""
        return ()

    def says(self, index: int) -> bool:  # noqa: ARG002 - others look
        """Whether a row's data contain the search text, visible or not."""
        return False

    def show_finds(self, finds: Finds | None) -> None:
        """Take over the search text, and what was found of it."""
        if finds is None and self.finds is None:
            return  # As nearly always: nothing is painted anew for it.
        self.finds = finds
        self.match_anew()
        self.refresh()

    def match_anew(self) -> None:
        """Match again: rows have changed, or the search text has."""
        self.matching.look(self.finds.needle if self.finds else "", self.labels)

    def tell_match(self) -> None:
        """Post the cursor's match."""
        if self.finds:
            self.post_message(self.Matched(self.matching.number(self.here), len(self.matching.places)))

    def to_match(self, step: int) -> None:
        """Go to the next or previous match; after the last to the first."""
        place = self.matching.next(self.here, step)
        if place is not None:
            self.go_to(place)
            self.tell_match()

    def marked(self, strip: Strip, index: int) -> Strip:
        """A row with its matches marked."""
        if self.finds is None:
            return strip
        style = Paint(self.app.theme_variables).style("background", "warning", bold=True)
        return marked_strip(strip, self.finds.needle, style, elsewhere=self.says(index))
