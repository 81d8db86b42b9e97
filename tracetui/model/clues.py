"""What a rule may look at, and what it finds."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from tracetui.model.resource_facts import NOTHING_TOLD, ResourceFacts
from tracetui.model.role import Outcome, Role, StatusCode


class Clues(NamedTuple):
    """What a rule may look at; `attributes` holds only hot keys, values as text."""

    name: str
    scope: str
    status: StatusCode
    attributes: Mapping[str, str]

    def get(self, key: str) -> str:
        """The attribute's value, or an empty text."""
        return self.attributes.get(key, "")


class Facts(NamedTuple):
    """What the rules found: role, outcome once finished, and how people call it.

    `title` is a test's or suite's name, else the span's name. `worker` is the lane, empty where nothing names
    it. `own` is whether the span's duration counts as its test's own time: not that of hooks, but for
    function-scoped fixtures, and not that of a wrapper around the test proper and its hooks. `billed_ns` is
    how much of a phase, in ns, is billed to spans that hang elsewhere (fixtures of a wider scope).
    `expected` is how many tests a suite said it would run, `workers` on how many; 0 where it did not say.
    `job` is what the span of a suite itself tells of its CI job.
    """

    role: Role
    outcome: Outcome
    title: str
    worker: str
    own: bool = True
    billed_ns: int = 0
    expected: int = 0
    workers: int = 0
    job: ResourceFacts = NOTHING_TOLD


class Rule(NamedTuple):
    """One dialect: whether it applies, and what it then makes of a span."""

    dialect: str
    applies: Callable[[Clues], bool]
    facts: Callable[[Clues], Facts]


_BY_STATUS = {
    StatusCode.UNSET: Outcome.UNKNOWN,
    StatusCode.OK: Outcome.PASSED,
    StatusCode.ERROR: Outcome.FAILED,
}
_BY_WORD = {outcome.label: outcome for outcome in Outcome} | {
    "pass": Outcome.PASSED,
    "success": Outcome.PASSED,
    "fail": Outcome.FAILED,
    "failure": Outcome.FAILED,
    "aborted": Outcome.ERROR,
    "timed_out": Outcome.ERROR,
    "timeout": Outcome.ERROR,
    "crashed": Outcome.ERROR,
    "skip": Outcome.SKIPPED,
    "xfail": Outcome.XFAILED,
    "xpass": Outcome.XPASSED,
}
_JOINTS = ("::", ".", "/", "#", " ")


def by_status(clues: Clues) -> Outcome:
    """The outcome where only the span's status speaks."""
    return _BY_STATUS[clues.status]


def by_word(clues: Clues, *keys: str) -> Outcome:
    """The outcome that the first of `keys` with a known word names, else that of the status."""
    for key in keys:
        outcome = _BY_WORD.get(clues.get(key))
        if outcome is not None:
            return outcome
    return by_status(clues)


def as_count(text: str) -> int:
    """A count that a span tells, below 10 ** 18; 0 for whatever is none."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def joined(suite: str, case: str) -> str:
    """A test's full name, for base names are not unique: its suite's before it, unless already there."""
    if suite and case and not f"{case}.".startswith(tuple(suite + joint for joint in _JOINTS)):
        return f"{suite}::{case}"
    return case
