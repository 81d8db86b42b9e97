"""The packages and tests of one output of `go test -json`, event by event.

Source: `cmd/test2json` and `testing` of Go 1.19 to 1.25. A test begins with `run`, and once more with `cont`
if it was paused to run in parallel with others. Results of subtests are told with those of the test that they
are in: how long they took is in `Elapsed`, to 10 ms, and their own event is no end. Results from the cache
have the times at which they are told, and the durations of the day on which they were made.
"""

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field

from tracetui.formats.results.rows import UNDATED_NS, Row
from tracetui.formats.times import event_time, start_time
from tracetui.model.role import BAD, Outcome, Role
from tracetui.units import MS, S

ENDS = {
    "pass": Outcome.PASSED,
    "bench": Outcome.PASSED,
    "fail": Outcome.FAILED,
    "skip": Outcome.SKIPPED,
}
ACTIONS = frozenset(
    (*ENDS, "start", "run", "pause", "cont", "output", "attr", "artifacts", "build-output", "build-fail")
)
_ROUNDED_NS = 10 * MS
_TIMED_OUT = "panic: test timed out after "
_BUILD_FAILED = ("[build failed]", "[setup failed]")
_CACHED = "(cached)"
_RESULT = re.compile(r"\s*--- [A-Z]+: .* \((\d{1,9}(?:\.\d{1,9})?)s\)\n?\Z")
_NO_BUILD = re.compile(rb"FAIL\s+(\S+) \[(?:build|setup) failed\]\s*")


class GoEvent(Struct, rename="pascal"):
    """One event."""

    action: str = ""
    time: Any = None
    package: str = ""
    test: str = ""
    elapsed: float | int | None = None
    output: str = ""
    failed_build: str = ""
    import_path: str = ""


class GoTest(Struct):
    """A test, or a test of tests: times in ns, 0 if not told; `where` it begins and ends in the bytes."""

    number: int
    above: int
    name: str
    begin: int
    ran_ns: int
    started_ns: int
    end: int = 0
    ended_ns: int = 0
    took_ns: int = 0
    outcome: Outcome = Outcome.CUT_OFF
    is_parent: bool = False
    is_paused: bool = False
    timed_out: bool = False

    def finish(self, event: GoEvent, time_ns: int, end: int) -> None:
        """It has ended."""
        self.outcome, self.end = ENDS[event.action], end
        self.took_ns = elapsed_ns(event) or self.took_ns
        self.ended_ns = time_ns
        lasted_ns = time_ns - self.started_ns
        # Of a test of tests the time in which it waits for those is not in `Elapsed`.
        if self.started_ns and not self.is_parent and lasted_ns > self.took_ns + _ROUNDED_NS:
            self.ended_ns = self.started_ns + self.took_ns

    def hear(self, output: str) -> None:
        """It printed a line; that with its result says how long it took, also without `Elapsed`."""
        told = _RESULT.match(output)
        self.took_ns = round(float(told[1]) * S) if told else self.took_ns

    @property
    def is_older(self) -> bool:
        """Whether it took longer than the time in which it is told: then it ran at some other time."""
        return self.took_ns > self.ended_ns - self.ran_ns + 2 * _ROUNDED_NS

    def row(self, package: str, day_ns: int) -> Row:
        """It as a row; with a `day_ns`, its times are not when it ran."""
        start = day_ns or self.started_ns
        took_ns = self.took_ns if day_ns else max(0, self.ended_ns - start)
        role = Role.SUITE if self.is_parent else Role.TEST
        return Row(
            self.number,
            self.above,
            role,
            package,
            self.name,
            self.outcome,
            start,
            start + took_ns,
            (self.begin, self.end - self.begin),
            is_timed=not day_ns,
            timed_out=self.timed_out,
        )


class GoPackage(Struct):
    """A package: its tests that are `open`, by name, and those that have `ended`."""

    number: int
    name: str
    begin: int
    end: int = 0
    started_ns: int = 0
    ended_ns: int = 0
    took_ns: int = 0
    outcome: Outcome = Outcome.CUT_OFF
    open: dict[str, GoTest] = field(default_factory=dict)
    ended: list[GoTest] = field(default_factory=list)
    is_dated: bool = True
    is_cached: bool = False
    timed_out: bool = False
    is_broken: bool = False

    def hear(self, event: GoEvent, time_ns: int, end: int) -> None:
        """An event of the package itself."""
        self._tell(time_ns, end)
        if event.action == "output":
            self._look(event.output)
        elif event.action in ENDS:
            self._look(event.output)
            self.outcome = Outcome.ERROR if self.is_broken or event.failed_build else ENDS[event.action]
            self.took_ns = elapsed_ns(event)

    def hear_test(self, event: GoEvent, time_ns: int, place: tuple[int, int], number: int) -> int:
        """An event of a test; a new one has this `number`. Returns how many there are now."""
        begin, end = place
        self._tell(time_ns, end)
        test = self.open.get(event.test)
        if test is None:
            test = GoTest(number, self._above(event.test), event.test, begin, time_ns, time_ns)
            self.open[event.test] = test
            number += 1
        test.end = end
        if event.action in ENDS:
            test.finish(event, time_ns, end)
            self.ended.append(self.open.pop(event.test))
        elif event.action in ("pause", "cont"):
            test.is_paused = event.action == "pause"
            test.started_ns = time_ns
        elif event.action == "output":
            self._look(event.output)
            test.hear(event.output)
        return number

    def finish(self) -> None:
        """Nothing more comes of it: tests that have not ended never will."""
        for test in self.open.values():
            test.ended_ns = test.started_ns if test.is_paused else self.ended_ns
            test.took_ns = max(0, test.ended_ns - test.started_ns)
            if self.timed_out and not test.is_paused:
                test.outcome, test.timed_out = Outcome.ERROR, True
        self.ended += self.open.values()
        self.open = {}

    @property
    def is_timed(self) -> bool:
        """Whether its times are when its tests ran."""
        return self.is_dated and not self.is_cached and not any(test.is_older for test in self.ended)

    def rows(self, above: int) -> Iterator[Row]:
        """Its tests, and itself."""
        day_ns = 0 if self.is_timed else self.started_ns or UNDATED_NS
        yield from (test.row(self.name, day_ns) for test in self.ended)
        took_ns = self.took_ns or sum(test.took_ns for test in self.ended if test.above == self.number)
        start = day_ns or self.started_ns
        end = start + took_ns if day_ns else max(start, self.ended_ns)
        place = self.begin, self.end - self.begin
        yield Row(
            self.number,
            above,
            Role.SUITE,
            "",
            self.name,
            self.verdict,
            start,
            end,
            place,
            is_timed=not day_ns,
        )

    @property
    def verdict(self) -> Outcome:
        """How it ended; without an end, as far as its tests tell."""
        if self.outcome is Outcome.CUT_OFF and any(test.outcome in BAD for test in self.ended):
            return Outcome.FAILED
        return self.outcome

    def _above(self, name: str) -> int:
        """The number of what a test is in: the innermost open test whose name its own goes on from."""
        above, slash, _ = name.rpartition("/")
        while slash:
            if above in self.open:
                self.open[above].is_parent = True
                return self.open[above].number
            above, slash, _ = above.rpartition("/")
        return self.number

    def _tell(self, time_ns: int, end: int) -> None:
        self.started_ns = self.started_ns or time_ns
        self.ended_ns = max(self.ended_ns, time_ns)
        self.is_dated = self.is_dated and time_ns > 0
        self.end = end

    def _look(self, output: str) -> None:
        self.timed_out |= output.startswith(_TIMED_OUT)
        self.is_broken |= output.rstrip().endswith(_BUILD_FAILED)
        self.is_cached |= output.startswith("ok ") and _CACHED in output


def unbuilt(line: bytes) -> GoEvent | None:
    """The event in a line that Go before 1.24 wrote as text: a package could not be built."""
    match = _NO_BUILD.fullmatch(line)
    package = match[1].decode("utf-8", "replace") if match else ""
    return GoEvent("fail", package=package, output=line.decode("utf-8", "replace")) if match else None


def elapsed_ns(event: GoEvent) -> int:
    """How long something took, as it is told: to 10 ms for tests."""
    return event_time(event.elapsed, 1_000_000_000) if event.elapsed and event.elapsed > 0 else 0


def time_of(event: GoEvent) -> int:
    """When an event was, in ns since the epoch; 0 if that is not told."""
    return start_time(event.time) if isinstance(event.time, str) else 0
