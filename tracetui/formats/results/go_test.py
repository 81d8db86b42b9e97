"""The output of `go test -json`: packages are suites of tests, with the times of their events.

A test with subtests is a suite of them: what counts are those that have none. Without times of day (`go tool
test2json` without `-t`), and for results from the cache, only durations are known. Lines that are no events
(what the go command says itself) are counted.
"""

from hashlib import blake2b

from tracetui.formats.columns import count_odd
from tracetui.formats.framing.lenient import Lenient
from tracetui.formats.framing.lines import Line, Lines
from tracetui.formats.others import plain
from tracetui.formats.results.go_packages import ACTIONS, ENDS, GoEvent, GoPackage, time_of, unbuilt
from tracetui.formats.results.rows import UNDATED_NS, Row, add_row
from tracetui.model.batch import Problem, SpanBatch
from tracetui.model.kind import Kind
from tracetui.model.role import BAD, Outcome, Role

FORMAT = "go test -json"
SCOPE = plain.scope(FORMAT)
_ROOT = 1
_MOST_BUILDS = 10_000
_event = Lenient(GoEvent)


class GoTestJson:
    """Reads one source, fed in pieces; `take` gives what was decoded since the last time."""

    is_behind = False
    resumes_at: int | None = None

    def __init__(self) -> None:
        self._batch = SpanBatch()
        self._lines = Lines()
        self._hash = blake2b(digest_size=24)
        self._digest = b""
        self._numbers = _ROOT + 1
        self._open: dict[str, GoPackage] = {}
        self._ended: list[GoPackage] = []
        self._names: set[str] = set()
        self._builds: dict[str, int] = {}
        self._root = _Whole()
        self._first_other: Problem | None = None
        self._others = 0

    @property
    def pending(self) -> int:
        """Bytes of a line that has not ended yet."""
        return self._lines.held

    def feed(self, data: bytes) -> None:
        """The next bytes of the source."""
        for lines in self._lines.feed(data):
            self._take(lines)

    def rewind(self, length: int) -> bool:
        """Go back by `length` bytes, if only a line that has not ended is among them."""
        if length <= self._lines.held:
            self._lines.rewind(length)
            return True
        return not length

    def settle(self) -> None:
        """No more bytes for now: a package is shown once it has ended."""

    def finish(self) -> None:
        """No more bytes ever: what has not ended never will."""
        tail = self._lines.tail()
        self._take(tail)
        self._lines.take(len(tail.text))
        for package in list(self._open.values()):
            self._end(package)
        self._add(is_last=True)
        if len(self._names) > 1:
            self._put(self._root.row())

    def take(self) -> SpanBatch:
        """Everything decoded, rejected and torn since the last call."""
        batch, self._batch = self._batch, SpanBatch()
        batch.rejected.take(self._lines.rejected)
        if self._first_other:
            batch.noted.append(self._first_other._replace(number=self._others))
        self._first_other, self._others = None, 0
        return batch

    def _take(self, lines: Line) -> None:
        begin, offset = lines.begin, lines.offset + lines.begin
        while begin < lines.end:
            end = lines.text.find(b"\n", begin, lines.end) + 1 or lines.end
            self._line(lines.text[begin:end], offset)
            offset += end - begin
            begin = end

    def _line(self, text: bytes, offset: int) -> None:
        where = offset, len(text)
        if not text.strip(b" \t\r\n\0"):
            return
        if not text.lstrip().startswith(b"{"):
            self._text(text, where)
            return
        try:
            event = count_odd(self._batch, _event.decode(text), where)
        except (ValueError, RecursionError) as error:
            self._batch.rejected.append(Problem(offset, f"no event: {error}", len(text)))
            return
        if event.action in ACTIONS:
            self._hash.update(text)
            self._hear(event, offset, offset + len(text), time_of(event))
        else:
            self._other(where)

    def _text(self, text: bytes, where: tuple[int, int]) -> None:
        event = unbuilt(text)
        if event is None:
            self._other(where)
        else:
            self._hash.update(text)
            self._hear(event, where[0], sum(where), self._root.end_ns)

    def _other(self, where: tuple[int, int]) -> None:
        self._first_other = self._first_other or Problem(where[0], "no event", where[1], Kind.OTHER_LINES)
        self._others += 1

    def _hear(self, event: GoEvent, begin: int, end: int, time_ns: int) -> None:
        if event.action.startswith("build-"):
            if len(self._builds) < _MOST_BUILDS:
                self._builds.setdefault(event.import_path, begin)
            return
        self._root.hear(time_ns, begin, end)
        package = self._open.get(event.package) or self._new(event, begin)
        if event.test:
            self._numbers = package.hear_test(event, time_ns, (begin, end), self._numbers)
        else:
            package.hear(event, time_ns, end)
            if event.action in ENDS:
                package.begin = self._builds.get(event.failed_build, package.begin)
                self._end(package)

    def _new(self, event: GoEvent, begin: int) -> GoPackage:
        package = GoPackage(self._numbers, event.package, begin)
        self._numbers += 1
        self._names.add(event.package)
        self._open[event.package] = package
        return package

    def _end(self, package: GoPackage) -> None:
        """A package is over; until there is another, nobody knows whether it is the only one."""
        package.finish()
        del self._open[package.name]
        self._root.count(package)
        self._ended.append(package)
        self._add(is_last=False)

    def _add(self, *, is_last: bool) -> None:
        if len(self._names) < 2 and not is_last:
            return
        above = _ROOT if len(self._names) > 1 else 0
        for package in self._ended:
            for row in package.rows(above):
                self._put(row)
        self._ended = []

    def _put(self, row: Row) -> None:
        self._digest = self._digest or self._hash.digest()
        self._batch.formats.add(FORMAT)
        add_row(self._batch, row, self._digest, SCOPE)


class _Whole:
    """All packages together: the command itself."""

    def __init__(self) -> None:
        self._where: tuple[int, int] | None = None
        self._start_ns = self.end_ns = 0
        self._is_timed = True
        self._outcomes: set[Outcome] = set()

    def hear(self, time_ns: int, begin: int, end: int) -> None:
        """An event of any package."""
        self._where = self._where or (begin, end - begin)
        self._start_ns = self._start_ns or time_ns
        self.end_ns = max(self.end_ns, time_ns)
        self._is_timed = self._is_timed and time_ns > 0

    def count(self, package: GoPackage) -> None:
        """A package is over."""
        self._outcomes.add(package.verdict)

    def row(self) -> Row:
        """It as a row."""
        outcome = Outcome.FAILED if self._outcomes.intersection(BAD) else Outcome.PASSED
        if Outcome.CUT_OFF in self._outcomes and outcome is Outcome.PASSED:
            outcome = Outcome.CUT_OFF
        start = self._start_ns or UNDATED_NS
        end = max(start, self.end_ns)
        where = self._where or (0, 0)
        return Row(_ROOT, 0, Role.SUITE, "", FORMAT, outcome, start, end, where, is_timed=self._is_timed)
