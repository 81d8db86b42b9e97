"""Suites and tests of a result file as spans: what they are, their ids, and whether their times are known."""

from functools import lru_cache
from typing import NamedTuple

from tracetui.formats.columns import Bytes, Told, add
from tracetui.formats.others import plain
from tracetui.model.batch import SpanBatch
from tracetui.model.resource_facts import CLOCK, DURATIONS
from tracetui.model.role import Outcome, Role, StatusCode

UNDATED_NS = 1000
"""The start of all that has no date: a time of 0 would be none."""
MOST_BYTES = 8 << 20
"""Of a test's bytes so many are read when someone looks at it."""

_WORDS = {
    Outcome.PASSED: "pass",
    Outcome.FAILED: "fail",
    Outcome.ERROR: "error",
    Outcome.SKIPPED: "skip",
    Outcome.XFAILED: "xfail",
    Outcome.CUT_OFF: "cut_off",
}
_SUITE_WORDS = {
    "pass": "success",
    "skip": "skipped",
    "fail": "failure",
    "error": "error",
    "cut_off": "cut_off",
}
_STATUS = {
    Outcome.PASSED: StatusCode.OK,
    Outcome.FAILED: StatusCode.ERROR,
    Outcome.ERROR: StatusCode.ERROR,
}


class Row(NamedTuple):
    """One suite, test or attempt at a test: `number` and `above` (0: a root) count in its document.

    Times in ns, `end_ns` 0 for none; it `is_timed` if they are those of a clock, else only what is between
    them is known. With `is_final` false, there was another attempt after it. Texts are foreign.
    """

    number: int
    above: int
    role: Role
    suite: str
    name: str
    outcome: Outcome
    start_ns: int
    end_ns: int
    where: Bytes
    is_timed: bool
    is_final: bool = True
    timed_out: bool = False
    host: str = ""


def add_row(batch: SpanBatch, row: Row, digest: bytes, scope: bytes) -> None:
    """Add a span to the columns; `digest` (24 bytes) is that of its document."""
    told = Told(
        digest[:16].hex(),
        _span_id(digest, row.number),
        _span_id(digest, row.above) if row.above else "",
        row.name,
        row.start_ns,
        row.end_ns,
        _STATUS.get(row.outcome, StatusCode.UNSET),
        _hot(row),
    )
    offset, length = row.where
    add(batch, told, _resource(row.host, is_timed=row.is_timed), scope, (offset, min(length, MOST_BYTES)))


@lru_cache(maxsize=256)
def _resource(host: str, *, is_timed: bool) -> bytes:
    told = {"host.name": host} if host else {}
    return plain.resource(told if is_timed else told | {CLOCK: DURATIONS})


def _span_id(digest: bytes, number: int) -> str:
    """The id of a document's span: consecutive numbers, from one that is the document's own."""
    seed = int.from_bytes(digest[16:24], "big")
    return f"{(seed + number) % ((1 << 64) - 1) + 1:016x}"


def _hot(row: Row) -> dict[str, str]:
    """What the rules look at."""
    word = _WORDS.get(row.outcome, "")
    told = {"tracetui.span.role": row.role.label}
    if row.role is Role.SUITE:
        word = _SUITE_WORDS.get(word, "")
        return told | {"test.suite.name": row.name, "test.suite.run.status": word}
    told |= {"test.suite.name": row.suite, "test.case.name": row.name, "test.case.result.status": word}
    if not row.is_final:
        told["test.case.result.final"] = "false"
    if row.timed_out:
        told["error.type"] = "timeout"
    return told
