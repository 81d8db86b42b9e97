"""Urgent facts about a run, in words: tests that hang, and its length against a limit."""

from collections.abc import Iterator

from rich.segment import Segment

from tracetui import units
from tracetui.analysis.alarms.hung import Hung, hung
from tracetui.analysis.alarms.limit import Kept, against
from tracetui.analysis.study.findings import Findings
from tracetui.report.drawing.style import BAD, QUIET, WARNING, Line, many, words
from tracetui.text import sanitize


def hung_words(alarm: Hung) -> str:
    """How long it has been running, as a multiple of its measure: `hung: 30x its p95`."""
    times = f"{units.count(int(alarm.times))}x"
    return f"hung: {times} its p95" if alarm.is_known else f"{times} any other"


def measure_words(alarm: Hung) -> str:
    """The measure: statistic, value and n."""
    took = units.duration(alarm.measure_ns)
    if alarm.is_known:
        return f"p95 {took}, n {units.count(alarm.n)}"
    return f"longest of {many(alarm.n, 'test')} {took}"


def limit_words(kept: Kept) -> str:
    """A run's length against its limit, in few words."""
    limit = units.tick(kept.limit_ns, units.MS if kept.limit_ns % units.S else units.S)
    return {
        "breached": f"breached {limit}",
        "will breach": f"will breach {limit}",
        "may breach": f"may breach {limit}",
        "will keep": f"limit {limit}",
        "kept": f"limit {limit} kept",
        "no forecast": f"limit {limit}, no forecast yet",
    }[kept.state]


def alarms(findings: Findings, limit_ns: int | None) -> Iterator[Line]:
    """A line for each running span that hangs, and one for the limit, if there is one."""
    now_ns = findings.now_ns
    for alarm in hung(findings, now_ns).values() if findings.summary.is_live else ():
        ran = f" for {units.duration(alarm.elapsed_ns)} ({measure_words(alarm)})"
        yield [
            words(f"■ {hung_words(alarm)}: ", BAD if alarm.is_known else WARNING),
            Segment(sanitize(findings.title(alarm.row))),
            words(ran, QUIET),
        ]
    if limit_ns is not None and len(findings.snapshot):
        kept = against(limit_ns, findings.summary, findings.progress, now_ns)
        yield [words(f"{limit_words(kept)}: {_lengths(kept)}", _STYLES.get(kept.state, QUIET))]


_STYLES = {"breached": BAD, "will breach": BAD, "may breach": WARNING}


def _lengths(kept: Kept) -> str:
    """The run's length, its limit, and by how much it exceeds that."""
    so_far = units.duration(kept.so_far_ns)
    said = [f"{so_far} so far" if kept.live else f"took {so_far}"]
    if kept.live and kept.expected_ns is not None:
        said.append(f"should take {units.duration(kept.expected_ns)}")
    if kept.over_ns:
        said.append(f"{units.duration(kept.over_ns)} too long")
    return ", ".join(said)
