"""The suites and tests of one JUnit document, as far as they matter before it is over."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct, field

from tracetui.formats.results.junit_verdicts import Attempt, Verdict
from tracetui.formats.results.seconds import seconds_ns
from tracetui.model.role import BAD, Outcome

_RUNNER = "test"
"""What Node writes for the class of every test."""


class Suite(Struct):
    """A suite: what it says, and what is known of its tests so far.

    `number` counts in its document, `offset` and `end` are where its own attributes and properties stand.
    `own_stamp_ns` is its time of day, `stamp_ns` that of what it is in if it has none: 0 if none says.
    """

    number: int
    element: str
    attributes: Mapping[str, str]
    above: "Suite | None"
    offset: int
    own_stamp_ns: int
    stamp_ns: int
    end: int = -1
    is_open: bool = True
    is_parent: bool = False
    suites: int = 0
    tests_ns: int = 0
    failed: bool = False
    any_bad: bool = False
    ran: bool = False
    first_ns: int = 0
    last_ns: int = 0

    @property
    def name(self) -> str:
        """What it is called: foreign text."""
        named = (self.attributes.get(key, "").strip() for key in ("name", "package", "id"))
        return next(filter(None, named), "") or "(no name)"

    @property
    def host(self) -> str:
        """The machine: foreign text."""
        return self.attributes.get("hostname", "") or (self.above.host if self.above else "")

    @property
    def is_shown(self) -> bool:
        """Whether it is a suite of its own: what is around all suites is none without a name, nor if there is
        only one in it.
        """
        if self.element == "testsuite" or self.is_parent:
            return True
        return bool(self.attributes.get("name")) and (self.is_open or self.suites != 1)

    def shown(self) -> int:
        """The number of the nearest suite that is shown, from this one upwards; 0 for none."""
        if self.is_shown:
            self.is_parent = True
            return self.number
        return self.above.shown() if self.above else 0

    @property
    def told_ns(self) -> int | None:
        """How long it took, as it says."""
        return seconds_ns(self.attributes.get("time", ""))

    @property
    def took_ns(self) -> int:
        """The same; if it does not say, as long as its tests together."""
        return self.tests_ns if self.told_ns is None else self.told_ns

    @property
    def outcome(self) -> Outcome:
        """It failed with any of its tests, or by itself; it was skipped if none of them ran."""
        if self.failed:
            return Outcome.FAILED
        return Outcome.PASSED if self.ran else Outcome.SKIPPED

    @property
    def _told_bad(self) -> int:
        """How many failures and errors it says that it has."""
        told = (self.attributes.get(key, "").strip() for key in ("failures", "errors"))
        return sum(
            int(number) for number in told if number.isascii() and number.isdigit() and len(number) < 10
        )

    def count(self, test: "Test") -> None:
        """Add a test."""
        last = test.attempts[-1].outcome
        self.tests_ns += sum(attempt.took_ns for attempt in test.attempts)
        self.failed |= last in BAD
        self.any_bad |= any(attempt.outcome in BAD for attempt in test.attempts)
        self.ran |= last is not Outcome.SKIPPED

    def close(self) -> None:
        """All of it is known."""
        self.is_open = False
        # Some writers give numbers alone, or leave out what failed before any test.
        self.failed |= not self.any_bad and self._told_bad > 0
        if self.above is not None:
            self.above.suites += 1
            self.above.tests_ns += self.took_ns
            self.above.failed |= self.failed
            self.above.any_bad |= self.failed or self.any_bad
            self.above.ran |= self.ran

    def covers(self, start_ns: int, end_ns: int) -> None:
        """Something in it ran from one moment to another."""
        self.first_ns = min(self.first_ns or start_ns, start_ns)
        self.last_ns = max(self.last_ns, end_ns)
        if self.above is not None:
            self.above.covers(start_ns, end_ns)


class Case(Struct):
    """A `testcase` that is open, and what of it is open."""

    attributes: Mapping[str, str]
    offset: int
    verdicts: list[Verdict] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)


class Test(Struct):
    """A `testcase` that was read; the first of its attempts has the `number`. Names are foreign texts."""

    number: int
    suite: Suite | None
    class_name: str
    name: str
    attempts: Sequence[Attempt]
    stamp_ns: int
    offset: int
    end: int = -1


class Names(NamedTuple):
    """The class of a test, and its own name: foreign texts."""

    class_name: str
    name: str


def names_of(attributes: Mapping[str, str], suite: Suite | None) -> Names:
    """What a `testcase` is called: as pytest names it if it says its file, too (`junit_family=xunit1`); the
    suite stands for a class that says nothing.
    """
    class_name, file = attributes.get("classname", "").strip(), attributes.get("file", "").strip()
    module = file.removesuffix(".py").replace("/", ".").replace("\\", ".")
    if file.endswith(".py") and f"{class_name}.".startswith(f"{module}."):
        classes = class_name[len(module) + 1 :].split(".") if class_name != module else []
        return Names("", "::".join((file.replace("\\", "/"), *classes, attributes.get("name", "").strip())))
    if class_name in ("", _RUNNER):
        class_name = suite.name if suite and suite.is_shown else file
    name = attributes.get("name", "").strip()
    return Names(class_name if name else "", name or class_name or "(no name)")
