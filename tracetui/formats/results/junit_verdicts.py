"""How a test ended, by the elements in its `testcase`: those of JUnit's dialects.

pytest, Surefire, GoogleTest and others write `failure`, `error` or `skipped`. For a test that was run again,
Surefire and nextest add `flakyFailure` and `flakyError` (it passed in the end) or, behind a first failure,
`rerunFailure` and `rerunError` (it never did). Some say in attributes that a test was not run.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from tracetui.formats.results.seconds import seconds_ns, stamp_ns
from tracetui.model.role import BAD, Outcome

ENDED = {
    "failure": Outcome.FAILED,
    "error": Outcome.ERROR,
    "skipped": Outcome.SKIPPED,
    "disabled": Outcome.SKIPPED,
    "ignored": Outcome.SKIPPED,
}
AGAIN = {
    "rerunFailure": Outcome.FAILED,
    "rerunError": Outcome.ERROR,
    "flakyFailure": Outcome.FAILED,
    "flakyError": Outcome.ERROR,
}
VERDICTS = ENDED | AGAIN

_NOT_RUN = ("notrun", "skipped", "suppressed", "disabled", "ignored", "pending", "todo")
_WORSE = (Outcome.ERROR, Outcome.FAILED, Outcome.XFAILED, Outcome.SKIPPED)
_EXPECTED = "pytest.xfail"
_TIMEOUT = "timeout"


class Verdict(Struct):
    """One of these elements: its name, its attributes, and the offset behind it."""

    element: str
    attributes: Mapping[str, str]
    end: int = -1

    @property
    def outcome(self) -> Outcome:
        """What it says."""
        is_expected = self.element == "skipped" and self.attributes.get("type") == _EXPECTED
        return Outcome.XFAILED if is_expected else VERDICTS[self.element]


class Attempt(NamedTuple):
    """One attempt at a test: how it ended, when (0: with the test) and how long it took, and where its
    element ends: -1 with the test.
    """

    outcome: Outcome
    took_ns: int = 0
    stamp_ns: int = 0
    end: int = -1
    timed_out: bool = False


def attempts(attributes: Mapping[str, str], verdicts: Sequence[Verdict], took_ns: int) -> list[Attempt]:
    """All attempts of a `testcase` that took `took_ns`, the last one last: that is the time of the one that
    passed, else of the first.
    """
    again = [verdict for verdict in verdicts if verdict.element in AGAIN]
    ended = [verdict for verdict in verdicts if verdict.element in ENDED]
    worst = min(ended, key=lambda verdict: _WORSE.index(verdict.outcome), default=None)
    if again and worst and worst.outcome in BAD:
        chain = [_attempt(worst)._replace(took_ns=took_ns), *map(_attempt, again)]
    elif again and again[-1].element.startswith("rerun"):
        chain = [*map(_attempt, again)]
    else:
        chain = [*map(_attempt, again), _last(attributes, worst)._replace(took_ns=took_ns)]
    return [*chain[:-1], chain[-1]._replace(end=-1)]


def _attempt(verdict: Verdict) -> Attempt:
    took_ns, began_ns = seconds_ns(verdict.attributes.get("time", "")) or 0, stamp_ns(verdict.attributes)
    return Attempt(verdict.outcome, took_ns, began_ns, verdict.end, _is_timeout(verdict))


def _last(attributes: Mapping[str, str], worst: Verdict | None) -> Attempt:
    if worst:
        return Attempt(worst.outcome, timed_out=_is_timeout(worst))
    said = {attributes.get(key, "").lower() for key in ("status", "result")}
    return Attempt(Outcome.PASSED if said.isdisjoint(_NOT_RUN) else Outcome.SKIPPED)


def _is_timeout(verdict: Verdict) -> bool:
    return _TIMEOUT in verdict.attributes.get("type", "").lower()
