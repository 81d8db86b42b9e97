"""JUnit's XML, in pytest's dialect (`junit_family=xunit1`) with Surefire's elements for reruns.

Sources: pytest's `junitxml.py` (class names, `file`, `line`, how control characters are escaped) and the
schema `surefire-test-report`: `flakyFailure` and `flakyError` for a test that passed in the end; after the
first failure of one that never did, `rerunFailure` and `rerunError`. Times are seconds: `time` is a test's
own, and properties beside it hold the time of hooks.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from tracetui import units
from tracetui.model.role import Outcome, Role
from tracetui.report.formats.results import Attempt, Result, Results
from tracetui.text import spelled_out

_ILLEGAL = re.compile(r"[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no place for, as in pytest; and DEL and the C1 controls, which terminals obey."""

_ERRORS = (Outcome.ERROR, Outcome.CUT_OFF, Outcome.RUNNING)
_SKIPPED = (Outcome.SKIPPED, Outcome.XFAILED, Outcome.UNKNOWN)


def junit(results: Results) -> Iterator[str]:
    """The document, in parts."""
    summary = results.findings.summary
    counts = _counts(results.all_outcomes, summary.end_ns - summary.start_ns)
    yield f'<?xml version="1.0" encoding="utf-8"?>\n<testsuites name={_quoted(summary.name)}{counts}>\n'
    for suite, chains in results.by_suite():
        yield from _suite(results, suite, chains)
    if results.unfinished:
        counts = _counts([results.unfinished.last.outcome], 0)
        name = _quoted(results.unfinished.suite)
        yield f"<testsuite name={name}{counts}>\n{_case(results.unfinished)}</testsuite>\n"
    yield "</testsuites>\n"


def _suite(results: Results, name: str, chains: Sequence[tuple[int, ...]]) -> Iterator[str]:
    start = min(int(results.findings.snapshot.start_ns[chain[0]]) for chain in chains)
    end = max(int(results.findings.times.end[chain[-1]]) for chain in chains)
    began = ""
    if start >= units.NO_EPOCH:
        date = datetime.fromtimestamp(start / 1e9, UTC).isoformat(timespec="milliseconds")
        began = f' timestamp="{date}"'
    counts = _counts(results.outcomes(chains), end - start)
    yield f"<testsuite name={_quoted(name)}{counts}{began}>\n"
    for chain in chains:
        yield _case(results.result(chain))
    yield "</testsuite>\n"


def _counts(outcomes: Sequence[Outcome], took_ns: int) -> str:
    kinds = Counter(map(_kind, outcomes))
    numbers = {"tests": len(outcomes), "failures": kinds["failure"], "errors": kinds["error"]}
    counts = "".join(f' {name}="{number}"' for name, number in numbers.items())
    return f'{counts} skipped="{kinds["skipped"]}" time="{_seconds(took_ns)}"'


def _kind(outcome: Outcome) -> str:
    """The element for an outcome; empty if it passed."""
    if outcome in _SKIPPED:
        return "skipped"
    if outcome in _ERRORS:
        return "error"
    return "failure" if outcome in (Outcome.FAILED, Outcome.RERUN) else ""


def _case(result: Result) -> str:
    classname, name = names(result)
    place = f" file={_quoted(result.file)}" if result.file else ""
    place += f' line="{result.line}"' if result.line else ""
    # As Surefire has it: of a test that was run again in vain the first attempt's, the others have their own.
    timed = result.last if result.is_flaky else result.attempts[0]
    place += f' time="{_seconds(timed.own_ns)}"'
    head = f"<testcase classname={_quoted(classname)} name={_quoted(name)}{place}>"
    return f"{head}\n{_properties(result)}{''.join(_verdicts(result))}</testcase>\n"


def names(result: Result) -> tuple[str, str]:
    """The class and the name that tools distinguish tests by, as pytest makes them from a node id."""
    base, bracket, parameters = result.name.partition("[")
    parts = base.split("::")
    if result.role is not Role.TEST or len(parts) < 2:
        return result.suite, result.name
    module = parts[0].removesuffix(".py").replace("/", ".")
    return ".".join((module, *parts[1:-1])), parts[-1] + bracket + parameters


def _properties(result: Result) -> str:
    last = result.last
    properties = {"own_time": _seconds(last.own_ns), "hooks_time": _seconds(last.hooks_ns)}
    properties |= {"total_time": _seconds(last.total_ns), "outcome": last.outcome.label}
    properties |= {"lane": result.lane} if result.lane else {}
    properties |= {"attempts": str(len(result.attempts))} if len(result.attempts) > 1 else {}
    lines = (
        f"<property name={_quoted(name)} value={_quoted(value)}/>\n" for name, value in properties.items()
    )
    return f"<properties>\n{''.join(lines)}</properties>\n"


def _verdicts(result: Result) -> Iterator[str]:
    """The outcome of a test; if it was run again, of each failed attempt."""
    kind = _kind(result.last.outcome)
    if kind == "skipped":
        why = result.last.message or f"outcome {result.last.outcome.label}"
        yield f'<skipped type="{result.last.outcome.label}" message={_quoted(why)}/>\n'
    elif kind:
        first, *others = result.attempts
        yield _failure(_element(first), first)
        yield from (_rerun("rerun", attempt) for attempt in others)
    if result.is_flaky:
        yield from (_rerun("flaky", attempt) for attempt in result.attempts[:-1])


def _element(attempt: Attempt) -> str:
    return "error" if attempt.outcome in _ERRORS else "failure"


def _failure(element: str, attempt: Attempt) -> str:
    about = f"type={_quoted(attempt.kind)} message={_quoted(attempt.message)}"
    return f"<{element} {about}>{_text(attempt.stack or attempt.message)}</{element}>\n"


def _rerun(when: str, attempt: Attempt) -> str:
    element = when + _element(attempt).capitalize()
    about = f"type={_quoted(attempt.kind)} message={_quoted(attempt.message)}"
    stack = f"<stackTrace>{_text(attempt.stack or attempt.message)}</stackTrace>"
    return f'<{element} {about} time="{_seconds(attempt.own_ns)}">{stack}</{element}>\n'


def _seconds(ns: int) -> str:
    return f"{ns / 1e9:.6f}"


def _legal(text: str) -> str:
    return spelled_out(text, _ILLEGAL)


def _quoted(text: str) -> str:
    return quoteattr(_legal(text))


def _text(text: str) -> str:
    return escape(_legal(text).replace("\r", "#x0D"))
