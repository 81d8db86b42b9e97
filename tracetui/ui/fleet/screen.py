"""All runs: tests ranked, the history of the one under the cursor, and its runs one by one."""

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.screen import Screen

from tracetui.analysis.query.search import Finds
from tracetui.text import Safe, fit, sanitize, width
from tracetui.ui.dialogs.find_bar import FindBar
from tracetui.ui.fleet.answers import NOWHERE, FleetAnswers, FleetRanking, Order, Place, Recording
from tracetui.ui.fleet.asking import Asking
from tracetui.ui.fleet.draw_runs import SORTS
from tracetui.ui.fleet.draw_tests import FIELDS
from tracetui.ui.fleet.run_rows import FleetRuns, RunTitles, ShownTest, shown_test
from tracetui.ui.fleet.test_rows import FleetTests
from tracetui.ui.fleet.trend_panel import TrendPanel
from tracetui.ui.frame.footer import KeyFooter
from tracetui.ui.frame.too_small import TooSmall
from tracetui.ui.keys.fleet_keys import FLEET
from tracetui.ui.keys.key import bindings
from tracetui.ui.lists.findable import Findable
from tracetui.ui.painting.auto_height_text import Told
from tracetui.ui.ranking.rows import RankTitles

KNOWN = 32
"""So many tests are kept, so that going back to one takes no time."""
TALL = 30
"""From so many lines on, the trend panel is taller."""


class FleetScreen(Screen[None]):
    """The runs of one test take the place of all tests, until the user goes back."""

    BINDINGS = bindings(FLEET)
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    FleetScreen { layers: default above; }
    FleetScreen #said { height: auto; max-height: 2; background: $surface; padding: 0 1; }
    FleetScreen.tall TrendPanel { height: 10; }
    FleetScreen FleetRuns, FleetScreen RunTitles { display: none; }
    FleetScreen.one FleetRuns, FleetScreen.one RunTitles { display: block; }
    FleetScreen.one FleetTests, FleetScreen.one RankTitles { display: none; }
    """

    class Opened(Message):
        """The user wants to see a recording."""

        def __init__(self, recording: Recording) -> None:
            super().__init__()
            self.recording = recording

    def __init__(self, answers: FleetAnswers, place: Place = NOWHERE) -> None:
        super().__init__()
        self._place = place
        self._ranking = place.ranking
        self.order = place.order
        self._known: dict[str, ShownTest] = {}
        self._wanted = ""
        self._ask_ranking = Asking[None, FleetRanking](
            self, lambda _: answers.ranking(), self._take_ranking, self._fail_ranking
        )
        self._ask_one = Asking[str, ShownTest](
            self, lambda name: shown_test(answers.one(name)), self._take_test, self._fail_test
        )
        self._ask_recording = Asking(self, answers.recording, self._open)

    def compose(self) -> ComposeResult:
        """The headline, a list with its titles, the trend, and the keys."""
        yield Told(id="said")
        yield RankTitles()
        yield FleetTests()
        yield RunTitles()
        yield FleetRuns()
        yield TrendPanel()
        yield FindBar()
        yield KeyFooter()
        yield TooSmall()

    def on_mount(self) -> None:
        """Go where the user was, or ask for all tests."""
        self._tests.focus()
        if self._place.one is not None:
            shown = shown_test(self._place.one)
            self._take_test(shown)
            self._show_runs(shown, self._place.run_order, self._place.run_cursor)
        if self._ranking is not None:
            self._take_ranking(self._ranking)
        else:
            self._ask_ranking.ask(None)

    def on_resize(self) -> None:
        """Fit into the new size."""
        self.query_one(TooSmall).fit()
        self.set_class(self.size.height >= TALL, "tall")
        self._say()

    @property
    def place(self) -> Place:
        """Where the user is."""
        runs, tests = self._runs, self._tests
        one = self._known[self._wanted].one if self.has_class("one") else None
        return Place(self._ranking, self.order, tests.cursor, one, runs.sorted_by, runs.cursor)

    @property
    def _tests(self) -> FleetTests:
        return self.query_one(FleetTests)

    @property
    def _runs(self) -> FleetRuns:
        return self.query_one(FleetRuns)

    @property
    def rows(self) -> FleetTests | FleetRuns:
        """All tests, or the runs of one."""
        return self._runs if self.has_class("one") else self._tests

    def _take_ranking(self, ranking: FleetRanking) -> None:
        self._ranking = ranking
        self._say()
        self._tests.tell(ranking, self.order, self._place.cursor)

    def _fail_ranking(self, why: Safe) -> None:
        self._tests.fail(why)

    def _say(self) -> None:
        if self._ranking is None:
            return
        said, beside = sanitize(self._ranking.said), sanitize(self._ranking.beside)
        room = self.size.width - 2
        between = "   " if width(said) + width(beside) + 3 <= room else "\n"
        content = Content.assemble((said, "bold"), between, (fit(beside, min(width(beside), room)), "$quiet"))
        self.query_one("#said", Told).put(content)

    @on(FleetTests.Moved)
    def _moved(self, message: FleetTests.Moved) -> None:
        self.query_one(RankTitles).shown = message.shown
        if self.has_class("one"):
            return
        name = message.test.name if message.test else ""
        self._wanted = self._wanted if self._wanted == name else ""  # The user has moved on.
        shown = self._known.get(name)
        self.query_one(TrendPanel).tell(name, shown.one if shown else None)
        if name and shown is None:
            self._ask_one.ask(name)

    def _take_test(self, shown: ShownTest) -> None:
        name = shown.one.test
        self._known[name] = shown
        while len(self._known) > KNOWN:
            del self._known[next(old for old in self._known if old not in (name, self._wanted))]
        test = self._tests.test
        if self._wanted == name and not self.has_class("one"):
            self._show_runs(shown, SORTS[0])
        elif test and test.name == name:
            self.query_one(TrendPanel).tell(name, shown.one)

    def _fail_test(self, why: Safe) -> None:
        self._wanted = ""
        if test := self._tests.test:
            self.query_one(TrendPanel).tell(test.name, None, why)

    def _show_runs(self, shown: ShownTest, sorted_by: str, cursor: int = 0) -> None:
        self._wanted = shown.one.test
        self.add_class("one")
        self._end_find()
        self._runs.tell(shown, sorted_by, cursor)
        self._runs.focus()
        self.query_one(TrendPanel).tell(shown.one.test, shown.one)

    def action_choose(self) -> None:
        """Show the runs of a test; for one of these, open its recording. Without an answer, ask again."""
        if self.has_class("one"):
            if run := self._runs.run:
                self._ask_recording.ask(run)
        elif test := self._tests.test:
            self._wanted = test.name
            if shown := self._known.get(test.name):
                self._show_runs(shown, SORTS[0])
            else:
                self._ask_one.ask(test.name)
        elif self._ranking is None:
            self._tests.wait()
            self._ask_ranking.ask(None)

    def _open(self, recording: Recording) -> None:
        self.post_message(self.Opened(recording))

    def action_back(self) -> None:
        """Show all tests again."""
        self._wanted = ""
        if self.has_class("one"):
            self.remove_class("one")
            self._end_find()
            self._tests.focus()
            self._tests.highlighted()

    def action_sort(self, step: int) -> None:
        """Sort by the next column: of tests, or of the runs of one."""
        if self.has_class("one"):
            place = SORTS.index(self._runs.sorted_by) + step
            self._runs.tell(self._known[self._wanted], SORTS[place % len(SORTS)])
        else:
            place = FIELDS.index(self.order.sorted_by) + step
            self._sort(FIELDS[place % len(FIELDS)])

    def action_reverse(self) -> None:
        """Reverse the order of tests."""
        if not self.has_class("one"):
            self._sort(self.order.sorted_by)

    @on(RankTitles.Sort)
    def _clicked(self, message: RankTitles.Sort) -> None:
        self._sort(message.field)

    def _sort(self, field: str) -> None:
        same = field == self.order.sorted_by
        self.order = Order(field, not self.order.descending if same else field != "name")
        if self._ranking is not None:
            self._tests.tell(self._ranking, self.order)

    @property
    def is_finding(self) -> bool:
        """Whether the search line is open."""
        return not self.query_one(FindBar).has_class("off")

    def open_find(self) -> None:
        """Open the line to type a search into."""
        self.query_one(FindBar).open(self.rows.finds.needle if self.rows.finds else "")

    @on(FindBar.Typed)
    def _find(self, message: FindBar.Typed) -> None:
        self.rows.show_finds(Finds(message.text) if message.text else None)
        self._count_finds()

    @on(Findable.Matched)
    def _count_finds(self) -> None:
        rows = self.rows
        place, count = rows.matching.number(rows.here), len(rows.matching.places)
        self.query_one(FindBar).show(rows.finds, place, count)

    @on(FindBar.Done)
    def _end_typing(self) -> None:
        if self.rows.finds and not self.rows.matching.number(self.rows.here):
            self.rows.to_match(1)
        self.rows.focus()

    def end_find(self) -> None:
        """Stop searching."""
        self._end_find()
        self.rows.focus()

    def _end_find(self) -> None:
        for rows in (self._tests, self._runs):
            rows.show_finds(None)
        self.query_one(FindBar).add_class("off")
