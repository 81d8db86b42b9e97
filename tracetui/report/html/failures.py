"""The failures, grouped by cause, each with its exceptions, code, local variables, output and archives."""

from collections.abc import Iterator

from tracetui import units
from tracetui.analysis.failures.captured import archive_of, output_of
from tracetui.analysis.failures.causes import Alike, grouped
from tracetui.analysis.failures.failure_facts import FailureFacts
from tracetui.analysis.overview.running import lane
from tracetui.model.role import Outcome, Role
from tracetui.model.span import Event, value_text
from tracetui.report.html.contents import Contents
from tracetui.report.html.markup import Markup, fitting, joined, lines, tag
from tracetui.report.html.stack import exception
from tracetui.report.html.timeline.waterfall import mark
from tracetui.report.rerun import rerun_command

MOST_FAILURES, MOST_OPEN, MOST_OUTPUT = 200, 3, 12_000
ROOM, FAILURE_ROOM = 1_100_000, 300_000


def failures_section(contents: Contents) -> Markup:
    """The whole section, the largest groups first; a line if nothing failed."""
    rows = contents.failed
    if not rows:
        matching = " that matches the filter" if contents.lens else ""
        return tag("p", f"Nothing{matching} failed.", class_="note")
    facts = {row: contents.failure(row) for row in rows[:MOST_FAILURES]}
    groups = grouped(facts_of.cause for facts_of in facts.values())
    parts: list[Markup] = []
    for number, alike in enumerate(groups):
        opened = alike.rows[0] if number < MOST_OPEN else -1
        parts.append(_heading(alike))
        parts += [_failure(facts[row], is_open=row == opened) for row in alike.rows]
    shown, count = fitting(parts, ROOM)
    shown_failures = sum(part.startswith("<details") for part in parts[:count])
    left = len(rows) - shown_failures
    note = (
        f"{units.many(left, 'more failure')} left out (tracetui report --format json has all)."
        if left
        else ""
    )
    return joined((shown, tag("p", note, class_="warning") if note else None))


def _heading(alike: Alike) -> Markup:
    """What a group of failures has in common."""
    count = f"{units.count(len(alike.rows))} × " if len(alike.rows) > 1 else ""
    return tag("h3", tag("span", count, class_="quiet") if count else None, alike.headline)


def _failure(facts: FailureFacts, *, is_open: bool) -> Markup:
    """One of them, folded except for the first of each group."""
    parts = (
        _line(facts),
        tag("p", facts.trouble, class_="warning") if facts.trouble else None,
        *_exceptions(facts),
        *_attempts(facts),
        *_archives(facts),
        *(_output(event) for event in facts.output),
    )
    return tag(
        "details", _title(facts), tag("div", *parts), class_="failure", open=is_open, id=anchor(facts.row)
    )


def anchor(row: int) -> str:
    """The anchor of a failure within the page."""
    return f"failure-{row}"


def _title(facts: FailureFacts) -> Markup:
    findings, row = facts.findings, facts.row
    role, outcome = Role(int(findings.snapshot.role[row])), Outcome(int(findings.snapshot.outcome[row]))
    word = tag("span", f"{role.label} ", class_=f"word role-{role.label}") if role is not Role.TEST else None
    own = tag("span", units.duration(int(findings.times.own[row])), class_="number quiet")
    return tag("summary", mark(outcome), word, tag("span", findings.title(row), class_="what"), own)


def _line(facts: FailureFacts) -> Markup:
    """Its place, lane, duration, time and owner, and the command that runs it again."""
    findings, row = facts.findings, facts.row
    place = facts.place
    at = f"{place.file}:{place.line}" if place and place.line else place.file if place else ""
    values = {
        "where": at,
        "lane": lane(findings.snapshot, findings.tree, row),
        "total": units.duration(int(findings.times.total[row])),
        "at": units.moment(int(findings.snapshot.start_ns[row])),
        "owner": value_text(facts.attributes.get("tracetui.owner")),
    }
    parts = [part for name, value in values.items() if value for part in (tag("dt", name), tag("dd", value))]
    command = rerun_command(facts.attributes)
    again = tag("p", tag("code", command), class_="command") if command else None
    return joined((tag("dl", *parts, class_="facts"), again))


def _exceptions(facts: FailureFacts) -> Iterator[Markup]:
    for cause in (facts.cause, *facts.beside):
        if cause is not facts.cause:
            if cause.thrown and set(cause.thrown) <= set(facts.cause.thrown):
                continue
            yield tag("h4", f"Failed inside: {facts.findings.snapshot.title(cause.row)}")
        if not cause.thrown:
            yield tag("p", cause.said, class_="quiet")
        for number, thrown in enumerate(cause.thrown):
            yield exception(thrown, is_first=not number)


def _attempts(facts: FailureFacts) -> Iterator[Markup]:
    """The other attempts at the same test, if it ran several times."""
    if len(facts.attempts) < 2:
        return
    findings, snapshot = facts.findings, facts.findings.snapshot
    yield tag("h4", f"Attempts and earlier runs: {len(facts.attempts)}")
    items = []
    for row in facts.attempts:
        outcome = Outcome(int(snapshot.outcome[row]))
        own, at = units.duration(int(findings.times.own[row])), units.moment(int(snapshot.start_ns[row]))
        here = " (this one)" if row == facts.row else ""
        items.append(tag("li", mark(outcome), f" {outcome.label.replace('_', ' ')} {own}, {at}{here}"))
    yield tag("ul", *items, class_="attempts")


def _archives(facts: FailureFacts) -> Iterator[Markup]:
    for archive in map(archive_of, facts.archives):
        amount = f", {units.size(archive.size_bytes)}" if archive.size_bytes >= 0 else ""
        path = tag("code", archive.path or "no archive was written")
        left_out = (tag("li", f"left out: {left}", class_="warning") for left in archive.left_out)
        yield tag("p", tag("b", "Kept "), path, f" ({archive.archiver}{amount})")
        yield tag("ul", *left_out) if archive.left_out else Markup("")


def _output(event: Event) -> Markup:
    """What was printed or logged."""
    output = output_of(event)
    head = tag("h4", output.name, tag("span", f" {output.phase}", class_="quiet"))
    return joined((head, tag("pre", lines(output.text, MOST_OUTPUT), class_="output")))
