"""The summary of a run, a job of it or a whole recording, and the one verdict on how it ended."""

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct, field

from tracetui.model.kind import Kind
from tracetui.model.role import BAD, Outcome

STATES = ("empty", "live", "incomplete", "cut off", "ended")

_WORST_FIRST = (
    Outcome.FAILED,
    Outcome.ERROR,
    Outcome.CUT_OFF,
    Outcome.RUNNING,
    Outcome.XPASSED,
    Outcome.PASSED,
    Outcome.XFAILED,
    Outcome.SKIPPED,
)
_GOOD = (Outcome.XPASSED, Outcome.PASSED, Outcome.XFAILED)


class Summary(Struct, frozen=True):
    """The summary of a run, a job or a whole recording.

    It `is_quiet` if it is live only because its files, which have not changed for a while, may yet. `name`
    and `apart` (what distinguishes it from others of that name) are foreign text; `state` is one of `STATES`.
    Times in ns since the epoch; `end_ns` is as in `Times`, or `start_ns` if only durations are known.
    `outcomes` counts tests, each once, by its last attempt, `suite_outcomes` the suites without a suite above
    them; `reruns` counts the attempts before the last, `nested` the tests that ran inside tests or hooks,
    `idle` those that were only set up. `failed` is how many rows `verdicts.failing` has of it. `expected` is
    how many tests there will be once all have run, 0 if any suite does not say (yet). `bytes` is the size of
    its spans in their files, `lost` what is certainly missing of them, by kind.
    """

    name: str
    suites: int
    state: str
    start_ns: int
    end_ns: int
    outcomes: Counter[Outcome]
    spans: int = 0
    bytes: int = 0
    reruns: int = 0
    expected: int = 0
    suite_outcomes: Counter[Outcome] = field(default_factory=Counter)
    failed: int = 0
    nested: int = 0
    idle: int = 0
    apart: str = ""
    lost: Mapping[Kind, int] = field(default_factory=dict)
    is_quiet: bool = False

    @property
    def tests(self) -> int:
        """How many tests were seen."""
        return self.outcomes.total()

    @property
    def running(self) -> int:
        """How many tests have started and not ended."""
        return self.outcomes[Outcome.RUNNING]

    @property
    def is_live(self) -> bool:
        """Whether more is to come."""
        return self.state == "live"

    @property
    def outcome(self) -> Outcome:
        """How it ended, or its state so far: the worst of its suites' and its tests' outcomes.

        Until its suite has ended well it has not passed, and neither has a run without tests, or one in which
        a hook failed.
        """
        counts = self.outcomes + self.suite_outcomes
        worst = next((outcome for outcome in _WORST_FIRST if counts[outcome]), Outcome.UNKNOWN)
        if worst.bad or worst is Outcome.CUT_OFF:
            return worst
        if self.failed_outside_tests:
            return Outcome.FAILED
        if self.is_live:
            return Outcome.RUNNING
        if self.state in ("cut off", "incomplete"):
            return Outcome.CUT_OFF
        return worst if self.tests or worst not in _GOOD else Outcome.UNKNOWN

    @property
    def has_failed_suite(self) -> bool:
        """Whether a suite failed by more than its tests: a hook, a fixture, collection, an exit status."""
        tests = self.outcomes[Outcome.FAILED] + self.outcomes[Outcome.ERROR]
        failed, broke = (self.suite_outcomes[outcome] for outcome in (Outcome.FAILED, Outcome.ERROR))
        return broke > 0 or (failed > 0 and not tests)

    @property
    def failed_outside_tests(self) -> int:
        """How many failures are none of tests: hooks, archivers and suites."""
        return max(0, self.failed - sum(self.outcomes[outcome] for outcome in (*BAD, Outcome.CUT_OFF)))


EMPTY = Summary("", 0, "empty", 0, 0, Counter())
