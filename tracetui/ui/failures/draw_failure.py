"""One failure in full: what, where, why, what was printed, what was kept, and how other attempts ended."""

from collections.abc import Iterator

from textual.content import Content

from tracetui import units
from tracetui.analysis.failures.captured import archive_of, output_of
from tracetui.analysis.failures.causes import Cause
from tracetui.analysis.failures.exceptions import Thrown
from tracetui.analysis.failures.failure_facts import FailureFacts
from tracetui.analysis.failures.stack import without_message
from tracetui.analysis.overview.running import lane
from tracetui.model.role import Outcome, Role
from tracetui.model.span import Event, Span, value_text
from tracetui.report.drawing.style import MARKS, many
from tracetui.text import sanitize, sanitize_lines, wrap
from tracetui.ui.chance.draw_chance import chance_lines
from tracetui.ui.failures.draw_section import heading
from tracetui.ui.failures.draw_stack import stack_lines

MOST_LINES = 3000
MOST_OUTPUT = 400
"""So many lines of each piece of output: its end, which is nearest to the failure."""


def failure_content(
    facts: FailureFacts, cells: int, *, whole: bool = False, has_beside: bool = False
) -> Content:
    """All of it, `cells` wide; `whole` opens the folded frames of libraries.

    Captured output is left out if the failure `has_beside` it a place for that.
    """
    lines = list(_lines(facts, max(20, cells), whole=whole, has_beside=has_beside))
    if len(lines) > MOST_LINES:
        lines[MOST_LINES:] = [Content.styled(f"… {many(len(lines) - MOST_LINES, 'more line')}", "$warning")]
    return Content("\n").join(lines)


def _lines(facts: FailureFacts, cells: int, *, whole: bool, has_beside: bool) -> Iterator[Content]:
    yield from _head(facts, cells)
    if facts.trouble:
        yield Content.styled(sanitize(facts.trouble), "$error")
    yield from _causes(facts.cause, cells, whole=whole)
    for cause in facts.beside:
        title = sanitize(facts.findings.snapshot.title(cause.row))
        role = Role(int(facts.findings.snapshot.role[cause.row])).label
        is_known = set(cause.thrown) <= set(facts.cause.thrown)
        yield heading(f"Failed inside: {role} {title}", "  as above" if is_known and cause.thrown else "")
        yield from () if is_known and cause.thrown else _causes(cause, cells, whole=whole)
    yield from chance_lines(facts.flaky, facts.suspicion, cells)
    yield from _attempts(facts)
    for archive in facts.archives:
        yield from _archive(archive, cells)
    for event in () if has_beside else facts.output:
        yield from output_lines(event, cells)


def _head(facts: FailureFacts, cells: int) -> Iterator[Content]:
    findings, row = facts.findings, facts.row
    snapshot = findings.snapshot
    role, outcome = Role(int(snapshot.role[row])), Outcome(int(snapshot.outcome[row]))
    label = outcome.label.replace("_", " ")
    title = Content.assemble(
        (f"{role.label} ", f"$role-{role.label}"),
        (sanitize(snapshot.title(row)), "bold"),
        (f"  {MARKS[outcome]} {label}", f"bold $outcome-{outcome.label}"),
    )
    yield from title.wrap(cells)
    values = {
        "own": units.duration(int(findings.times.own[row])),
        "total": units.duration(int(findings.times.total[row])),
        "lane": lane(snapshot, findings.tree, row),
        "at": units.moment(int(snapshot.start_ns[row])) if findings.has_place(row) else "",
        "owner": value_text(facts.attributes.get("tracetui.owner")),
    }
    parts = [
        Content.assemble((f"{name} ", "$quiet"), sanitize(value)) for name, value in values.items() if value
    ]
    yield from Content("   ").join(parts).wrap(cells)
    if facts.place:
        line = f":{facts.place.line}" if facts.place.line else ""
        where = Content.assemble((sanitize(facts.place.file) + line, "$accent"), ("   e: open", "$quiet"))
        yield from where.wrap(cells)


def _causes(cause: Cause, cells: int, *, whole: bool) -> Iterator[Content]:
    if not cause.thrown:
        yield Content.styled("\n" + sanitize(cause.said), "$quiet")
    for number, raised in enumerate(cause.thrown):
        yield heading(raised.kind or "Error", f"  {'then' if number else 'first'} in {raised.where}")
        yield from _message(raised, cells)
        stack = without_message(raised.stack, raised.message)
        if stack:
            yield Content("")
            yield from stack_lines(stack, cells, whole=whole)


def _message(raised: Thrown, cells: int) -> Iterator[Content]:
    for line in sanitize_lines(raised.message.strip()) if raised.message.strip() else ():
        yield from (Content.styled(piece, "$outcome-failed") for piece in wrap(line, cells))


def _attempts(facts: FailureFacts) -> Iterator[Content]:
    if len(facts.attempts) < 2:
        return
    findings, snapshot = facts.findings, facts.findings.snapshot
    yield heading("Attempts and earlier runs", f"  {len(facts.attempts)}")
    for row in facts.attempts:
        outcome = Outcome(int(snapshot.outcome[row]))
        label = outcome.label.replace("_", " ")
        here = "  ◀ this one" if row == facts.row else ""
        yield Content.assemble(
            (f"  {MARKS[outcome]} {label.ljust(9)}", f"$outcome-{outcome.label}"),
            units.duration(int(findings.times.own[row])).rjust(8),
            (f"  {units.moment(int(snapshot.start_ns[row]))}{here}", "$quiet"),
        )


def _archive(span: Span, cells: int) -> Iterator[Content]:
    archive = archive_of(span)
    amount = f"  {units.size(archive.size_bytes)}" if archive.size_bytes >= 0 else ""
    yield heading("Kept", f"  {archive.archiver}{amount}")
    for piece in wrap(sanitize(archive.path or "no archive was written"), cells - 2):
        yield Content(f"  {piece}")
    for left in archive.left_out:
        yield Content.styled(sanitize("  left out: " + left), "$warning")


def output_lines(event: Event, cells: int) -> Iterator[Content]:
    """What was printed or logged, with a heading."""
    output = output_of(event)
    yield heading(output.name, f"  {output.phase}")
    lines = sanitize_lines(output.text)
    if len(lines) > MOST_OUTPUT:
        yield Content.styled(f"  … {many(len(lines) - MOST_OUTPUT, 'earlier line')}", "$warning")
    for line in lines[-MOST_OUTPUT:]:
        yield from (Content(f"  {piece}") for piece in wrap(line, cells - 2))
