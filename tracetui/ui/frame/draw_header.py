"""The header: which run, its state, its progress, and in red what is missing from it."""

from collections.abc import Iterable, Sequence
from operator import attrgetter

from textual.content import Content

from tracetui import units
from tracetui.analysis.runs.runs import NEWEST, Summary
from tracetui.model.kind import Kind
from tracetui.model.role import Outcome
from tracetui.report.drawing.eta import eta_words
from tracetui.report.drawing.style import MARKS, many
from tracetui.report.heading import NO_TIMES
from tracetui.text import Safe, fit_middle, sanitize, width
from tracetui.ui.feed.reading import Reading
from tracetui.ui.frame.draw_alarms import alarm_parts
from tracetui.ui.frame.header_part import Part

STATES = {
    "live": "▶ LIVE",
    "ended": "■ ended",
    "cut off": "╳ CUT OFF",
    "incomplete": "╳ INCOMPLETE",
    "empty": "… waiting",
}
_STATE_STYLES = {
    "live": "bold $success",
    "cut off": "bold $outcome-cut_off",
    "incomplete": "bold $outcome-cut_off",
}
_TOLD = (Outcome.PASSED, Outcome.FAILED, Outcome.ERROR, Outcome.SKIPPED, Outcome.XFAILED, Outcome.XPASSED)
_LOSSES = {Kind.TOO_LONG: "too long", Kind.BOMB: "stopped", Kind.RESET: "rewritten", Kind.DELETED: "deleted"}
_BRAND = "tracetui"
LEAST_BEHIND_NS = 2 * units.S
"""Readings come less often than spans: what is a little late is no news."""
_GOOD_NAME = 24
_WIDE = 100
"""From this width on there is room to say of how many runs it is the newest."""


def header_parts(
    reading: Reading | None,
    newest: Reading | None,
    title: Safe,
    age_ns: int,
    cells: int,
    behind_ns: int = 0,
    limit_ns: int | None = None,
) -> list[Part]:
    """At most `cells` cells, from left to right; losses, a pause and alarms are always included."""
    brand = Part(f" {_BRAND} ", "bold $accent", " ", 1, "help")
    if reading is None:
        return [brand, Part(f" {fit_middle(title, min(width(title), max(0, cells - 22)))}  opening …", "")]
    summary = reading.findings.summary
    name = sanitize(" ".join(filter(None, (summary.name, summary.apart)))) or title
    parts = [
        *_state(reading, cells),
        *_pause(reading, newest),
        *_counts(reading),
        *alarm_parts(reading, limit_ns),
        *_amount(reading, age_ns, behind_ns),
    ]
    brand, *parts = _fitted([brand, *parts, *_lost(reading)], cells - min(width(name) + 1, _GOOD_NAME))
    room = cells - 1 - sum(len(part.text) for part in (brand, *parts))
    shown = fit_middle(name, max(min(width(name), room), 0))
    return [brand, Part(f"{shown} ", "bold", worth=9, leads_to="runs"), *parts]


def header_content(parts: Iterable[Part]) -> Content:
    """The line."""
    return Content.assemble(*((part.text, part.style) for part in parts))


def _fitted(parts: Sequence[Part], room: int) -> list[Part]:
    """The parts that fit: the least important are shortened, then dropped; the first one never."""
    shown = list(parts)
    while sum(len(part.text) for part in shown) > room:
        long = [part for part in shown if part.short and part.text != part.short]
        worth = attrgetter("long_worth" if long else "worth")
        least = min(long or shown[1:], key=worth, default=None)
        if least is None or (not long and least.worth >= 9):
            break
        place = shown.index(least)
        shown[place : place + 1] = [least._replace(text=least.short)] if long else []
    return shown


def _state(reading: Reading, cells: int) -> list[Part]:
    summary = reading.findings.summary
    if summary.state == "empty" and reading.busy:
        return []
    if summary.state == "empty":
        return [Part(f" {STATES[summary.state] if reading.followed else 'no spans'}", "$quiet")]
    if reading.clock.told:
        return [Part(f" {reading.clock.told} ", "bold $warning", "", 9, "play")]
    end = max(reading.now_ns(), summary.end_ns) if summary.state == "live" else summary.end_ns
    elapsed, state = units.duration(end - summary.start_ns), STATES[summary.state]
    elapsed = NO_TIMES if reading.findings.no_timeline else elapsed
    parts = [Part(f" {state} {elapsed} ", _STATE_STYLES.get(summary.state, ""), f" {state[0]} {elapsed} ", 8)]
    if summary.is_quiet:
        quiet = f" quiet for {_roughly(reading.now_ns() - summary.end_ns)} "
        parts.append(Part(quiet, "$warning", quiet, 8))
    if summary.suites > 1:
        parts.append(Part(f" {summary.suites} suites ", "$quiet", "", 2))
    choice, runs = reading.findings.choice, reading.findings.runs
    if choice != NEWEST and runs.number(choice):
        newer = f" {runs.number(choice)} newer "
        parts.append(Part(f" viewing an older run ({newer.strip()}) ", "$warning", newer, 4, "runs"))
    elif choice == NEWEST and len(runs) > 1 and cells >= _WIDE:
        parts.append(Part(f" newest of {len(runs)} runs ", "$quiet", "", 2, "runs"))
    return parts


def _pause(reading: Reading, newest: Reading | None) -> list[Part]:
    if newest is None:
        return []
    behind = len(newest.findings.snapshot) - len(reading.findings.snapshot)
    late = units.seconds(newest.now_ns() - reading.now_ns())
    text = f" ‖ PAUSED {late}, {many(behind, 'span')} behind "
    return [Part(text, "bold $background on $warning", f" ‖ {late} +{units.count(behind)} ", 9, "pause")]


def _counts(reading: Reading) -> list[Part]:
    summary, progress = reading.findings.summary, reading.findings.progress
    outcomes = summary.outcomes
    if not outcomes and not progress.expected:
        return _suites(summary)
    parts = [_tests(reading)]
    for outcome in _TOLD:
        if outcomes[outcome] or outcome in (Outcome.PASSED, Outcome.FAILED):
            bad = outcome.bad and outcomes[outcome]
            style = f"bold $outcome-{outcome.label}" if bad else f"$outcome-{outcome.label}"
            text = f" {MARKS[outcome]} {units.count(outcomes[outcome])}"
            leads = "mode('failures')" if outcome.bad else ""
            worth = 9 if bad else 6
            quiet = style if outcomes[outcome] else "$quiet"
            parts.append(Part(text, quiet, text.replace(f"{MARKS[outcome]} ", MARKS[outcome]), worth, leads))
    parts += _suites(summary)  # After what the number of tests is the sum of.
    for outcome, number in (
        (Outcome.RERUN, summary.reruns),
        (Outcome.RUNNING, summary.running),
        (Outcome.CUT_OFF, outcomes[Outcome.CUT_OFF]),
    ):
        if number:
            style = f"$outcome-{outcome.label}"
            word = outcome.label.replace("_", " ")
            parts.append(Part(f" {MARKS[outcome]} {number} {word}", style, f" {MARKS[outcome]}{number}", 5))
    return [*parts, *_outlook(reading)]


def _suites(summary: Summary) -> list[Part]:
    """That a suite or a hook failed, if that is more than its tests say."""
    mark, leads, outside = MARKS[Outcome.FAILED], "mode('failures')", summary.failed_outside_tests
    if summary.has_failed_suite:
        return [Part(f"  {mark} suite failed", "bold $outcome-failed", f" {mark} suite", 9, leads, 5)]
    if outside:
        said = f"  {mark} {many(outside, 'failure')} outside tests"
        return [Part(said, "bold $outcome-failed", f" {mark} {outside} outside", 9, leads, 5)]
    return []


def _tests(reading: Reading) -> Part:
    summary, progress = reading.findings.summary, reading.findings.progress
    if progress.expected and summary.state != "ended":
        about = "" if progress.is_told else "~"
        of = f" {units.count(progress.done)}/{about}{units.count(progress.expected)}"
        return Part(f" {of} tests ", "", of, 7)
    return Part(f"  {many(summary.tests, 'test')} ", "", f" {units.count(summary.tests)}", 6)


def _outlook(reading: Reading) -> list[Part]:
    summary, progress = reading.findings.summary, reading.findings.progress
    parts = []
    if summary.state == "live" and progress.expected:
        parts.append(Part(f"  {100 * progress.share:.0f}%", "", f" {100 * progress.share:.0f}%", 7))
    if summary.state == "live" and progress.eta_ns is not None:
        brief = f" ETA {units.seconds(max(units.S, progress.eta_ns))}"
        parts.append(Part(f"  ETA {eta_words(progress)}", "", brief, 6))
    if progress.done and not reading.findings.no_timeline:
        parts.append(Part(f"  {units.rate(progress.rate)}", "$quiet", "", 3))
    return parts


def _amount(reading: Reading, age_ns: int, behind_ns: int) -> list[Part]:
    number = reading.findings.summary.spans
    spans = [Part(f"  {many(number, 'span')}", "$quiet", "", 1)] if number else []
    if reading.busy:
        percent = units.share(reading.read_bytes / max(1, reading.total_bytes))
        text = f"  reading {percent} of {units.size(reading.total_bytes)}"
        text += f" at {units.size(round(reading.rate))}/s" if reading.rate else ""
        return [*spans, Part(text, "$warning", f" reading {percent}", 8)]
    if reading.followed and behind_ns >= LEAST_BEHIND_NS:
        behind = f"  behind by {units.seconds(behind_ns)}"
        return [*spans, Part(behind, "$warning", behind, 8)]
    if reading.followed:
        ago = f"changed {_roughly(age_ns)} ago" if age_ns >= 2 * units.S else "now"
        return [*spans, Part(f"  {ago}", "$quiet", "", 2)]
    return spans


def _roughly(age_ns: int) -> str:
    """An age, rounded so that it need not be repainted every second for long."""
    step = units.S if age_ns < 10 * units.S else 10 * units.S if age_ns < units.MINUTE else units.MINUTE
    return units.seconds(age_ns // step * step)


def _lost(reading: Reading) -> list[Part]:
    health = reading.findings.snapshot.health
    lost = reading.findings.losses
    counts = [(kind, count, "") for kind, count in lost.own.items()]
    counts += [(kind, count, " in some run") for kind, count in lost.perhaps.items()]
    losses = [
        (f"{units.count(count)} {_LOSSES.get(kind, kind.value)}", whose) for kind, count, whose in counts
    ]
    parts = [
        Part(f"  {text}{whose}", "bold $error", f" {text}", 9, "mode('health')") for text, whose in losses
    ]
    if health.count(Kind.POLLING):
        parts.append(Part("  polling", "$warning", "", 3, "mode('health')"))
    return parts
