"""Common Test Report Format 0.1.0, written by hand: its published schema is small.

Source: ctrf-io/ctrf, its specification and schema. Times are whole milliseconds; what the format has no place
for goes into `extra`, in ns. `retryAttempts` are the attempts before the last, which the test itself
describes.
"""

import json
from collections import Counter
from collections.abc import Iterator
from importlib.metadata import version

from tracetui.model.role import Outcome, Role
from tracetui.report.formats.results import RAN_BADLY, Attempt, Result, Results

SPEC_VERSION = "0.1.0"
_MS = 1_000_000
_STATUS = {
    Outcome.PASSED: "passed",
    Outcome.XPASSED: "passed",
    Outcome.SKIPPED: "skipped",
    Outcome.XFAILED: "skipped",
    Outcome.RUNNING: "pending",
} | dict.fromkeys(RAN_BADLY, "failed")

Json = dict[str, object]


def ctrf(results: Results) -> Iterator[str]:
    """The document, in parts."""
    head: Json = {"reportFormat": "CTRF", "specVersion": SPEC_VERSION, "generatedBy": "tracetui"}
    tool: Json = {"name": "tracetui", "version": version("tracetui")}
    summary = _summary(results)
    yield f'{_text(head)[:-1]}, "results": {{"tool": {_text(tool)}, "summary": {_text(summary)}, "tests": ['
    before = "\n"
    for result in results:
        yield before + _text(_test(result))
        before = ",\n"
    yield "\n]}}\n"


def _summary(results: Results) -> Json:
    run, chains = results.findings.summary, results.chains
    counts = Counter(_STATUS.get(outcome, "other") for outcome in results.all_outcomes)
    summary: Json = {"tests": counts.total()}
    summary |= {status: counts[status] for status in ("passed", "failed", "skipped", "pending", "other")}
    flaky = [
        chain
        for chain, outcome in zip(chains, results.outcomes(chains), strict=True)
        if len(chain) > 1 and _STATUS.get(outcome) == "passed"
    ]
    suites = sum(1 for _ in results.by_suite())
    start, stop = _ms(run.start_ns), _ms(run.end_ns)
    times = {"start": start, "stop": stop, "duration": stop - start}
    return summary | {"flaky": len(flaky), "suites": suites} | times


def _test(result: Result) -> Json:
    last = result.last
    test: Json = {
        "name": result.name or "(no name)",
        **_attempt(last),
        "suite": [result.suite],
        "rawStatus": last.outcome.label,
        "filePath": result.file,
        "line": result.line,
        "threadId": result.lane,
        "retries": len(result.attempts) - 1,
        "retryAttempts": [
            {"attempt": number, **_attempt(attempt)} for number, attempt in enumerate(result.attempts[:-1], 1)
        ],
        "flaky": result.is_flaky,
        "type": "" if result.role is Role.TEST else result.role.label,
        "extra": {"own_ns": last.own_ns, "hooks_ns": last.hooks_ns, "total_ns": last.total_ns},
    }
    return {key: value for key, value in test.items() if value or key in ("duration", "start")}


def _attempt(attempt: Attempt) -> Json:
    """The keys that every attempt has; `duration` is its own time."""
    keys: Json = {
        "status": _STATUS.get(attempt.outcome, "other"),
        "duration": _ms(attempt.own_ns),
        "start": _ms(attempt.start_ns),
        "stop": _ms(attempt.start_ns + attempt.total_ns),
    }
    keys |= {"message": attempt.message} if attempt.message else {}
    return keys | ({"trace": attempt.stack} if attempt.stack else {})


def _ms(ns: int) -> int:
    return round(ns / _MS)


def _text(value: Json) -> str:
    return json.dumps(value).replace("\x7f", "\\u007f")
