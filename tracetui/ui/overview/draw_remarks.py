"""What mattered in a run: the verdict, then stalls and their causes, the slow end, what took longer."""

from collections.abc import Callable, Iterator
from textwrap import wrap

from tracetui import units
from tracetui.analysis.ledger.accounts import Account
from tracetui.analysis.ledger.run_costs import OVERHEAD, RunCosts
from tracetui.analysis.study.findings import Findings
from tracetui.model.role import Outcome
from tracetui.report.drawing.style import MARKS, many
from tracetui.report.drawing.verdict import verdict
from tracetui.report.heading import PERHAPS_LOST, lost_words
from tracetui.report.still import still_words
from tracetui.text import Safe, fit, sanitize
from tracetui.ui.feed.reading import Door
from tracetui.ui.lists.draw_panel import Bit, Item

MOST_LINES = 3
_COSTLY = 0.25
"""From this share on, what is no test is worth a word."""


def remark_items(
    findings: Findings, width: int, why: Callable[[int], Safe | None], spent: RunCosts
) -> list[Item]:
    """The verdict, then what mattered, the heaviest first.

    `why` gives the cause of a failed row, `spent` where the time went, once these are known.
    """
    items = [*_suites(findings, width, why), *_unfinished(findings, width), *_losses(findings, width)]
    items += [*_still(findings, width), *_shape(findings, width, spent)]
    if not findings.summary.tests:
        spans = many(findings.summary.spans, "span")
        reason = f"no tests in this trace; the waterfall shows {spans}"
        if findings.summary.idle:
            reason = f"no test ran; {many(findings.summary.idle, 'test')} only set up"
        return [*items, Item("no tests", [[Bit(f"   {reason}", "quiet")]], Door("waterfall"))]
    items = [_verdict(findings, width), *items]
    if len(items) > 1:
        return items
    quiet = sanitize(findings.no_timeline) or "No stalls; workers finished together"
    return [*items, Item("nothing", [[Bit(f"   {quiet}", "quiet")]])]


def _verdict(findings: Findings, width: int) -> Item:
    failed, outcome = findings.overview.failed.tolist(), findings.summary.outcome
    line = [
        Bit(f" {MARKS[outcome]} ", f"outcome-{outcome.label}", bold=True),
        Bit(fit(verdict(findings), max(8, width - 4)), bold=True),
    ]
    return Item("verdict", [line], Door("failures", failed[0]) if failed else Door("slowest"))


def _still(findings: Findings, width: int) -> Iterator[Item]:
    for still in findings.overview.still:
        happened, why = still_words(findings, still)
        yield _item(("still", still.start_ns), "■", "warning", happened, why, width, still.row)


def _suites(findings: Findings, width: int, why: Callable[[int], Safe | None]) -> Iterator[Item]:
    """Suites that failed by more than their tests."""
    tree, listed = findings.tree, findings.overview.failed
    for row in findings.overview.broken.tolist():
        outcome = Outcome(int(findings.snapshot.outcome[row]))
        if outcome.bad:
            happened = f"suite {sanitize(findings.title(row))} failed"
            lines = _lines(MARKS[outcome], f"outcome-{outcome.label}", happened, why(row) or "…", width)
            below = tree.position[listed] - tree.position[row]
            inside = listed[(below >= 0) & (below < tree.size[row])].tolist()
            yield Item(("suite", row), lines, Door("failures", inside[0] if inside else row))


def _losses(findings: Findings, width: int) -> Iterator[Item]:
    """Missing data, which qualifies everything below."""
    lost = findings.losses
    for happened, kinds in (("Data was lost", lost.own), (PERHAPS_LOST.capitalize(), lost.perhaps)):
        if kinds:
            lines = _lines("!", "error", f"{happened}: figures may be too low", lost_words(kinds), width)
            yield Item(happened, lines, Door("health"))


def _unfinished(findings: Findings, width: int) -> Iterator[Item]:
    cut_off = findings.summary.outcomes[Outcome.CUT_OFF]
    if findings.summary.state == "incomplete":
        why = "its end is not in this recording; copy the whole directory, live/ included"
        happened = "the run is incomplete: its suite is missing"
        yield _item("incomplete", MARKS[Outcome.CUT_OFF], "outcome-cut_off", happened, why, width, -1)
    if findings.summary.state == "cut off":
        last = units.wall_clock(findings.summary.end_ns)[:8]
        tests = f"{many(cut_off, 'test')} never ended" if cut_off else "it never ended"
        mark = MARKS[Outcome.CUT_OFF]
        why = f"its process died; last sign of life {last} UTC"
        yield _item("cut off", mark, "outcome-cut_off", f"the run was cut off: {tests}", why, width, -1)


def _shape(findings: Findings, width: int, spent: RunCosts) -> Iterator[Item]:
    seen, snapshot = findings.overview, findings.snapshot
    if findings.lanes.apart_ns >= max(units.S, findings.lanes.wall_ns // 20):
        happened = f"suites started up to {units.duration(findings.lanes.apart_ns)} apart"
        last = max(findings.lanes.timed, key=lambda lane: lane.since_ns)
        why = f"last {sanitize(last.name)}; each lane is compared from the start of its own suite"
        yield _item("apart", "…", "quiet", happened, why, width, -1)
    if tail := seen.tail:
        happened = f"{sanitize(tail.lane)} ran alone for the last {units.duration(tail.alone_ns)}"
        why = f"mostly {sanitize(snapshot.title(tail.row))}"
        yield _item("tail", "▶", "warning", happened, why, width, tail.row)
    if slower := seen.slower:
        own = int(findings.times.own[slower.row])
        happened = f"{many(slower.count, 'test')} took longer than ever before"
        most = f"{units.duration(own)}, never more than {units.duration(slower.before_ns)} before"
        name = sanitize(snapshot.title(slower.row))
        yield _item("slower", "↑", "warning", happened, f"{most}: {name}", width, slower.row)
    yield from _overhead(spent, width)
    if seen.start_ns:
        happened = f"First test started after {units.duration(seen.start_ns)}"
        yield _item("start", "…", "quiet", happened, "", width, -1)


def _overhead(spent: RunCosts, width: int) -> Iterator[Item]:
    """What is no test and took much of the lanes' time, as in the ledger below."""
    tests = next((cost.ns for cost in spent.costs if cost.name == Account.TESTS.title), 0)
    for cost in spent.costs:
        if cost.name in OVERHEAD and cost.share >= _COSTLY:
            happened = f"{cost.name} took {units.duration(cost.ns)} of the lanes' time"
            why = f"tests {units.duration(tests)}" if tests else ""
            yield Item(cost.name, _lines("◷", "role-hook", happened, why, width), Door("slowest", by="hook"))


def _item(key: object, mark: str, colour: str, happened: str, why: str, width: int, row: int) -> Item:
    door = Door("waterfall", row) if row >= 0 else Door("lanes")
    return Item(key, _lines(mark, colour, happened, why, width), door)


def _lines(mark: str, colour: str, happened: str, why: str, width: int) -> list[list[Bit]]:
    first = [Bit(f" {mark} ", colour, bold=True), Bit(happened, bold=True)]
    if not why:
        return [first]
    wrapped = wrap(sanitize(why), max(16, width - 4), break_on_hyphens=False)
    return [first, *([Bit(f"   {line}", "quiet")] for line in wrapped[:MOST_LINES])]
