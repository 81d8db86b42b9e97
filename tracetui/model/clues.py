"""What a rule is and what it may look at, and the ways to an outcome that several rules share."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from tracetui.model.columns import Facts
from tracetui.model.role import OUTCOMES, Outcome, StatusCode

NAME = ""
"""Among the keys of attributes, that of a span's name."""


class Clues(NamedTuple):
    """What a rule may look at; `attributes` holds only hot keys, values as text.

    A rule that hands a text on as the title, whatever it says, asks for it by `title` or `first_title`: spans
    that differ in nothing else share its decision (`formats.scanned.decisions`).
    """

    name: str
    scope: str
    status: StatusCode
    attributes: Mapping[str, str]

    def get(self, key: str) -> str:
        """The attribute's value, or an empty text."""
        return self.attributes.get(key, "")

    def has(self, key: str) -> bool:
        """Whether the attribute's value is more than an empty text."""
        return bool(self.attributes.get(key))

    def title(self, key: str = NAME, suite: str = "") -> str:
        """The attribute's value or the span's name, `joined` to the attribute that names its suite."""
        return joined(self.get(suite), self.text(key)) if suite else self.text(key)

    def first_title(self, *keys: str) -> str:
        """The first of these attributes that is not empty, else the span's name."""
        return self.title(next(filter(self.has, keys), NAME))

    def text(self, key: str) -> str:
        """The attribute's value, or the span's name."""
        return self.get(key) if key else self.name


class Rule(NamedTuple):
    """One dialect: whether it applies, and the facts it derives from a span."""

    dialect: str
    applies: Callable[[Clues], bool]
    facts: Callable[[Clues], Facts]


_BY_STATUS = {
    StatusCode.UNSET: Outcome.UNKNOWN,
    StatusCode.OK: Outcome.PASSED,
    StatusCode.ERROR: Outcome.FAILED,
}
WORDS = OUTCOMES | {
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
"""How writers spell outcomes."""
JOINTS = ("::", ".", "/", "#", " ")


def by_status(clues: Clues) -> Outcome:
    """The outcome if only the span's status says it."""
    return _BY_STATUS[clues.status]


def by_word(clues: Clues, *keys: str) -> Outcome:
    """The outcome that the first of `keys` with a known word names, else that of the status."""
    for key in keys:
        outcome = WORDS.get(clues.get(key))
        if outcome is not None:
            return outcome
    return by_status(clues)


def as_count(text: str) -> int:
    """A count in an attribute, below 10 ** 18; 0 for anything else."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def joined(suite: str, case: str) -> str:
    """A test's full name: its suite's is prepended, unless already there, as base names are not unique."""
    if not suite or not case or (case.startswith(suite) and f"{case}.".startswith(JOINTS, len(suite))):
        return case
    return f"{suite}::{case}"
