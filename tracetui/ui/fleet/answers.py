"""What the screen of all runs shows, and the protocol it asks: only what implements that knows the store."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from tracetui.analysis.history.over_runs import HistoryValue
from tracetui.analysis.ranking.ranking import Rank
from tracetui.model.role import Outcome
from tracetui.ui.feed.fitting_mode import SpanIds


@dataclass(frozen=True, slots=True)
class FleetTest(Rank):
    """A test over all runs: in how many `runs` it was, `count` how often it ran. All its times are own times,
    and its `share` is of what tests, hooks, fixtures and archivers took.
    """

    runs: int = 0


class FleetRanking(NamedTuple):
    """All tests, the headline, and the runs that it is about."""

    tests: Sequence[FleetTest]
    said: str
    beside: str


class FleetRun(NamedTuple):
    """One time that a test ran: when, in which run, how it ended, and the file (foreign) and span it is."""

    start_ns: int
    run: str
    attempt: int
    branch: str
    revision: str
    suite: str
    variant: str
    outcome: Outcome
    own_ns: int
    source: str
    trace: str
    span: str


class OneTest(NamedTuple):
    """A test run by run, the newest first, and its history: a trend for each suite and variant."""

    test: str
    history: HistoryValue
    runs: Sequence[FleetRun]


class Recording(NamedTuple):
    """The files of a run that still exist, that of the test first, and the test's span."""

    paths: Sequence[str]
    at: SpanIds


class FleetAnswers(Protocol):
    """Asked away from the screen's thread, by several at a time. Raises `InputError`."""

    def ranking(self) -> FleetRanking:
        """All tests."""

    def one(self, test: str) -> OneTest:
        """One of them."""

    def recording(self, run: FleetRun) -> Recording:
        """The files of a run; raises `InputError` if they are gone."""


class Order(NamedTuple):
    """The column by which tests are sorted, and the direction."""

    sorted_by: str = "total_ns"
    descending: bool = True


class Place(NamedTuple):
    """Where the user is: the tests and their order, the cursor; the one test that is shown run by run.

    `news` is what to say when the screen opens (foreign).
    """

    ranking: FleetRanking | None = None
    order: Order = Order()
    cursor: int = 0
    one: OneTest | None = None
    run_order: str = "began"
    run_cursor: int = 0
    news: str = ""


NOWHERE = Place()
