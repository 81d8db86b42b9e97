"""Tests over all runs, with a cursor; sorted away from the screen's thread."""

from collections.abc import Sequence

from textual.message import Message
from textual.strip import Strip

from tracetui.text import NOTHING_SHARED, Safe
from tracetui.ui.feed.latest_only import LatestOnly
from tracetui.ui.fleet.answers import FleetRanking, FleetTest, Order
from tracetui.ui.fleet.draw_tests import Arranged, arranged, layout
from tracetui.ui.lists.row_list import RowList
from tracetui.ui.ranking.draw_rank_row import Layout, rank_row
from tracetui.ui.theme.themes import Paint

Question = tuple[FleetRanking, Order, int]

ASKED = [Safe("asking the store …")]


class FleetTests(RowList):
    """Tests in an order; the cursor goes to the top when that changes."""

    DEFAULT_CSS = "FleetTests { height: 1fr; min-height: 3; }"

    class Moved(Message):
        """Another test is under the cursor, or there is none; columns may have changed."""

        def __init__(self, test: FleetTest | None, shown: Layout) -> None:
            super().__init__()
            self.test = test
            self.shown = shown

    def __init__(self) -> None:
        super().__init__()
        self._latest = LatestOnly[Question, tuple[Arranged, int]](self, _arrange, self._take, rest=0)
        self._why = ASKED
        self._arranged = Arranged([], Order(), NOTHING_SHARED, {})
        self._paint = Paint({})
        self._layout = layout(self._arranged, 0)

    @property
    def count(self) -> int:
        """How many tests there are."""
        return len(self._arranged.tests)

    @property
    def test(self) -> FleetTest | None:
        """The test under the cursor."""
        return self.under(self._arranged.tests)

    def tell(self, ranking: FleetRanking, order: Order, cursor: int = 0) -> None:
        """Show tests in an order, soon."""
        self._latest.ask((ranking, order, cursor))

    def fail(self, why: Safe) -> None:
        """Say why there are no tests."""
        self._why = [why, Safe("enter asks again")]
        self.repaint()

    def wait(self) -> None:
        """Say that they are asked for."""
        self._why = ASKED
        self.repaint()

    def _take(self, answer: tuple[Arranged, int]) -> None:
        self._arranged, cursor = answer
        self._why = [Safe("No test ran in these runs.")]
        self.anchored(cursor, cursor - self.size.height // 2)
        self.highlighted()

    def labels(self) -> Sequence[str]:
        """The names, in this order."""
        return [test.name for test in self._arranged.tests]

    def reframe(self) -> None:
        """The colours and the columns."""
        self._paint = Paint(self.app.theme_variables)
        self._layout = layout(self._arranged, self.room)
        self.highlighted()

    def draw(self, index: int, *, selected: bool) -> Strip:
        """One test."""
        return rank_row(self._arranged.tests[index], self._layout, self._paint, selected=selected)

    def _nothing(self) -> list[Safe]:
        """No recording is read here: `empty` says it all."""
        return []

    def empty(self) -> list[Safe]:
        """Why there are no rows."""
        return self._why

    def highlighted(self) -> None:
        """Post which test the cursor is on."""
        self.post_message(self.Moved(self.test, self._layout))

    def clicked(self, index: int, x: int) -> None:
        """Nothing: a click only moves the cursor."""


def _arrange(question: Question) -> tuple[Arranged, int]:
    ranking, order, cursor = question
    return arranged(list(ranking.tests), order), cursor
