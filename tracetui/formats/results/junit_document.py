"""One JUnit document: what is in it is held until it is over, as only all of it tells what its times are."""

from collections.abc import Iterator, Mapping, Sequence

from tracetui.formats.others import plain
from tracetui.formats.results.junit_parts import Case, Suite, Test, names_of
from tracetui.formats.results.junit_verdicts import VERDICTS, Verdict, attempts
from tracetui.formats.results.legal_text import LATIN_1, UTF_8
from tracetui.formats.results.rows import UNDATED_NS, Row, add_row
from tracetui.formats.results.seconds import seconds_ns, stamp_ns
from tracetui.model.batch import Problem, SpanBatch
from tracetui.model.kind import Kind
from tracetui.model.role import Outcome, Role
from tracetui.units import S

FORMAT = "JUnit XML"
SCOPES = {UTF_8: plain.scope(FORMAT), LATIN_1: plain.scope(FORMAT, "Latin-1")}
"""By encoding what is said to have written the spans: how to read one again."""
MOST_HELD = 100_000
"""So many tests are held: the first ones of a longer document tell what its times are."""
SUITES = ("testsuites", "testsuite")
_MOST_OF_SUITE = 1 << 16


class JUnitDocument:
    """Hears of its elements; `flush` adds what is held."""

    def __init__(self) -> None:
        self.suite: Suite | None = None
        self.case: Case | None = None
        self._tests: list[Test] = []
        self._suites: list[Suite] = []
        self._waiting: list[Suite | Test | Verdict] = []
        self._numbers = 1
        self._is_timed: bool | None = None
        self._first_ns = 0
        self._odd = (0, -1)

    @property
    def is_full(self) -> bool:
        """Whether it is time to flush."""
        return len(self._tests) >= MOST_HELD

    def note(self, at: int) -> None:
        """What was read last ends at this offset."""
        for part in self._waiting:
            part.end = at
        self._waiting.clear()

    def start(self, name: str, attributes: Mapping[str, str], at: int) -> None:
        """An element begins."""
        self.note(at)
        if self.case is not None:
            if not self.case.inside and name in VERDICTS:
                self.case.verdicts.append(Verdict(name, attributes))
            self.case.inside.append(name)
        elif name in SUITES:
            self._open(name, attributes, at)
        elif name == "testcase":
            self._has_children(at)
            self.case = Case(attributes, at)
            self._look_at_time(attributes, at)
        elif self.suite is not None and name in ("failure", "error"):
            self.suite.failed = True

    def end(self, name: str, at: int) -> None:
        """An element ends."""
        self.note(at)
        if self.case is None:
            if name in SUITES:
                self.close()
        elif not self.case.inside:
            self._add(self.case)
            self.case = None
        elif self.case.inside.pop() in VERDICTS and not self.case.inside:
            self._waiting.append(self.case.verdicts[-1])

    def open_suites(self) -> list[str]:
        """The elements of the suites that are open, the outermost first."""
        names, suite = [], self.suite
        while suite is not None:
            names.append(suite.element)
            suite = suite.above
        return names[::-1]

    def close(self) -> None:
        """The innermost suite that is open ends."""
        suite = self.suite
        if suite is not None:
            suite.close()
            self._suites.append(suite)
            if suite.end < 0:
                self._waiting.append(suite)
            self.suite = suite.above

    def _open(self, name: str, attributes: Mapping[str, str], at: int) -> None:
        self._has_children(at)
        own_ns = stamp_ns(attributes)
        self._first_ns = self._first_ns or own_ns
        time_ns = own_ns or (self.suite.stamp_ns if self.suite else 0)
        self.suite = Suite(self._numbers, name, attributes, self.suite, at, own_ns, time_ns)
        self._numbers += 1
        self._look_at_time(attributes, at)

    def _has_children(self, at: int) -> None:
        """What a suite says itself stands before its first child."""
        if self.suite is not None and self.suite.end < 0:
            self.suite.end = at

    def _add(self, case: Case) -> None:
        took_ns = seconds_ns(case.attributes.get("time", "")) or 0
        chain = attempts(case.attributes, case.verdicts, took_ns)
        names = names_of(case.attributes, self.suite)
        test = Test(self._numbers, self.suite, *names, chain, stamp_ns(case.attributes), case.offset)
        self._numbers += len(chain)
        self._tests.append(test)
        self._waiting.append(test)
        if self.suite is not None:
            self.suite.count(test)

    def _look_at_time(self, attributes: Mapping[str, str], at: int) -> None:
        text = attributes.get("time", "").strip()
        if text and seconds_ns(text) is None:
            number, first = self._odd
            self._odd = (number + 1, at if first < 0 else first)

    def flush(self, batch: SpanBatch, digest: bytes, encoding: str) -> None:
        """Add all that is held; `digest` and `encoding` are the document's."""
        if not (self._tests or self._suites):
            return
        if self._is_timed is None:
            self._is_timed = _are_times(self._tests)
        batch.formats.add(FORMAT)
        for row in (*self._rows_of_tests(), *self._rows_of_suites()):
            add_row(batch, row, digest, SCOPES[encoding])
        number, first = self._odd
        if number:
            batch.noted.append(Problem(first, "`time` of a wrong type", kind=Kind.WRONG_TYPE, number=number))
        self._tests, self._suites, self._odd = [], [], (0, -1)

    def _rows_of_tests(self) -> Iterator[Row]:
        for test in self._tests:
            suite, last = test.suite, len(test.attempts) - 1
            for place, attempt in enumerate(test.attempts):
                own_ns = (attempt.stamp_ns or test.stamp_ns) if self._is_timed else 0
                start = own_ns or self._start(suite)
                if own_ns and suite is not None:
                    suite.covers(start, start + attempt.took_ns)
                end = test.end if attempt.end < 0 else attempt.end
                yield Row(
                    test.number + place,
                    suite.shown() if suite else 0,
                    Role.TEST,
                    test.class_name,
                    test.name,
                    attempt.outcome,
                    start,
                    start + attempt.took_ns,
                    (test.offset, end - test.offset),
                    is_timed=bool(own_ns),
                    is_final=place == last,
                    timed_out=attempt.timed_out,
                    host=suite.host if suite else "",
                )

    def _rows_of_suites(self) -> Iterator[Row]:
        for suite in self._suites:
            if not suite.is_shown:
                continue
            start, end = self._start(suite), self._start(suite) + suite.took_ns
            if suite.first_ns:
                start = min(suite.first_ns, suite.own_stamp_ns or suite.first_ns)
                end = max(suite.last_ns, start + (suite.told_ns or 0))
            yield Row(
                suite.number,
                suite.above.shown() if suite.above else 0,
                Role.SUITE,
                "",
                suite.name,
                suite.outcome,
                start,
                end,
                (suite.offset, min(suite.end - suite.offset, _MOST_OF_SUITE)),
                is_timed=suite.first_ns > 0,
                host=suite.host,
            )

    def _start(self, suite: Suite | None) -> int:
        """What stands for the start of something that has none: the day, if that is known."""
        return (suite.stamp_ns if suite else 0) or self._first_ns or UNDATED_NS


def _are_times(tests: Sequence[Test]) -> bool:
    """Whether the times of day of tests say when each ran: all that ran have one, not rounded to seconds, nor
    the same for all.
    """
    stamps = [test.stamp_ns for test in tests if test.attempts[-1].outcome is not Outcome.SKIPPED]
    apart = len(set(stamps)) > 1 or len(stamps) == 1
    return apart and all(stamps) and any(stamp % S for stamp in stamps)
