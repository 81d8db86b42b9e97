"""A ticket for each failed or slow test, in a file of its own, with a mark that prevents filing it twice."""

from collections.abc import Iterator
from hashlib import blake2b
from typing import NamedTuple

from tracetui import units
from tracetui.analysis.hooks.setups import setups
from tracetui.analysis.ranking.ranking import Rank
from tracetui.analysis.study.findings import Findings
from tracetui.model.role import BILLED, Outcome, Role
from tracetui.report.drawing.sparks import spark
from tracetui.report.markdown.digest import Digest, Failure, SpanOf, attributes_of
from tracetui.report.markdown.marks import code, fenced, inline, table
from tracetui.report.rerun import rerun_command

MOST_CHILDREN = 5


class Ticket(NamedTuple):
    """`name` is the file's, made from `mark`, which is the same for this test in every run."""

    mark: str
    name: str
    lines: tuple[str, ...]


def tickets(facts: Digest, span_of: SpanOf) -> Iterator[Ticket]:
    """A ticket for each failure, then for each of the slowest tests."""
    run = facts.findings.summary.name
    for failure in facts.failures:
        yield _ticket("failed", run, failure.title, tuple(_failed(failure)))
    for rank in facts.slowest:
        yield _ticket("slow", run, rank.name, tuple(_slow(facts, rank, span_of)))


def mark_of(kind: str, suite: str, test: str) -> str:
    """The mark of a test of a suite, the same in every run: 16 hex digits."""
    return blake2b("\0".join((kind, suite, test)).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def _ticket(kind: str, suite: str, test: str, lines: tuple[str, ...]) -> Ticket:
    mark = mark_of(kind, suite, test)
    return Ticket(mark, f"{kind}-{mark}.md", (*lines, "", f"<!-- tracetui:{kind}:{mark} -->"))


def _failed(failure: Failure) -> Iterator[str]:
    yield f"# {code(failure.title)} {'never ended' if failure.outcome is Outcome.CUT_OFF else 'failed'}"
    yield from ("", inline(failure.cause.headline), "")
    if failure.place:
        yield f"- where: {code(f'{failure.place.file}:{failure.place.line}')}"
    yield f"- own time: {units.duration(failure.own_ns)}"
    if failure.command:
        yield f"- run it again: {code(failure.command)}"
    for thrown in failure.cause.thrown:
        yield from ("", f"**{inline(thrown.headline)}**", "")
        yield from fenced(thrown.stack or thrown.message)


def _slow(facts: Digest, rank: Rank, span_of: SpanOf) -> Iterator[str]:
    findings, attributes = facts.findings, attributes_of(rank.row, span_of)
    yield f"# {code(rank.name)} takes {units.duration(rank.max_ns)}"
    yield ""
    n = f"n = {units.count(rank.count)} in this run"
    yield f"Own time, longest of its runs here ({n}); {units.share(rank.share)} of all tests' own time."
    yield from table(["part", "time"], [[name, units.duration(ns)] for name, ns in _parts(findings, rank)])
    file, line = attributes.get("code.file.path"), attributes.get("code.line.number")
    if isinstance(file, str):
        yield f"- where: {code(f'{file}:{line}' if isinstance(line, int) else file)}"
    if command := rerun_command(attributes):
        yield f"- run it again: {code(command)}"
    history = [ns for ns in rank.last_ns if ns >= 0]
    if len(history) > 1:
        last = units.duration(history[-1])
        yield f"- own time in the last {len(history)} runs: {spark(history)}, the last one {last}"
    yield from _children(findings, rank.row)


def _parts(findings: Findings, rank: Rank) -> Iterator[tuple[str, int]]:
    row = rank.row
    own, total = int(findings.times.own[row]), int(findings.times.total[row])
    before = int(setups(findings)[row])
    yield "own time", own
    yield "set-up", before
    yield "total, with hooks and archiving", total


def _children(findings: Findings, row: int) -> Iterator[str]:
    """The longest spans right below it and below its phases."""
    snapshot, tree, times = findings.snapshot, findings.tree, findings.times
    below = tree.subtree(row)[1:]
    inner = [int(child) for child in below if snapshot.role[child] in (Role.OTHER, *BILLED)]
    longest = sorted(inner, key=lambda child: -int(times.total[child]))[:MOST_CHILDREN]
    rows = [[code(snapshot.title(child)), units.duration(int(times.total[child]))] for child in longest]
    if rows:
        yield "\nIts longest spans:"
        yield from table(["span", "time"], rows)
