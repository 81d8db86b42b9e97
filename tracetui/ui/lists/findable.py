"""A list in which texts can be found: matches are marked, counted, and gone to one by one."""

from abc import abstractmethod
from collections.abc import Sequence

from textual.message import Message
from textual.strip import Strip

from tracetui.analysis.query.search import Finds
from tracetui.ui.feed.reading import OfReading
from tracetui.ui.lists.draw_marked import marked_strip
from tracetui.ui.lists.kept_lines import KeptLines
from tracetui.ui.lists.matching import Matching
from tracetui.ui.theme.themes import Paint


class Findable(KeptLines):
    """Base of the lists. A place is where a row stands in the order in which matches are gone through."""

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
        """What a list shows is a newer reading from now on."""

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
        """What is looked through, by place; called away from the screen's thread. Foreign text."""
        return ()

    def says(self, index: int) -> bool:  # noqa: ARG002 - others look
        """Whether what stands behind a row says what is looked for, in sight or not."""
        return False

    def show_finds(self, finds: Finds | None) -> None:
        """What is looked for, and what was found of it."""
        if finds is None and self.finds is None:
            return  # As nearly always: nothing is painted anew for it.
        self.finds = finds
        self.match_anew()
        self.refresh()

    def match_anew(self) -> None:
        """Rows have come or gone, or something else is looked for."""
        self.matching.look(self.finds.needle if self.finds else "", self.labels)

    def tell_match(self) -> None:
        """The cursor or the matches are others."""
        if self.finds:
            self.post_message(self.Matched(self.matching.number(self.here), len(self.matching.places)))

    def to_match(self, step: int) -> None:
        """Goes to the next or previous match; from the last one to the first."""
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
