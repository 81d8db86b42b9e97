"""The line on top: what is shown, how it goes, and in red what is missing from it."""

from textual.content import Content

from tracetui import units
from tracetui.model.role import Outcome
from tracetui.report.style import MARKS, many
from tracetui.text import Safe, fit_middle, sanitize, width
from tracetui.ui.reading import Reading

STATES = {"live": "▶ LIVE", "ended": "■ ended", "cut off": "╳ CUT OFF", "empty": "… waiting"}
_STATE_STYLES = {"live": "bold $success", "cut off": "bold $outcome-cut_off"}
_TOLD = (Outcome.PASSED, Outcome.FAILED, Outcome.ERROR, Outcome.SKIPPED, Outcome.XFAILED, Outcome.XPASSED)

Part = tuple[str, str]


def header_content(reading: Reading | None, title: Safe, age_ns: int, cells: int) -> Content:
    """At most `cells` cells; parts that do not fit leave from the right, losses never do."""
    brand: Part = (" tracetui  ", "bold $accent")
    if reading is None:
        return Content.assemble(brand, (title, ""), ("  opening …", "$quiet"))
    lost = _lost(reading)
    parts = [*_state(reading), *_tests(reading), *_amount(reading, age_ns)]
    room = cells - len(brand[0]) - sum(width(Safe(text)) for text, _ in lost)
    name = sanitize(reading.findings.summary.name) or title
    while parts and sum(width(Safe(text)) for text, _ in parts) > room - min(width(name), 16):
        parts.pop()
    room -= sum(width(Safe(text)) for text, _ in parts)
    return Content.assemble(brand, (fit_middle(name, min(room, width(name))), "bold"), *parts, *lost)


def _state(reading: Reading) -> list[Part]:
    summary = reading.findings.summary
    if summary.state == "empty":
        return [(f"  {STATES[summary.state] if reading.followed else 'no spans'}", "$quiet")]
    end = max(reading.now_ns(), summary.end_ns) if summary.state == "live" else summary.end_ns
    elapsed = units.duration(end - summary.start_ns)
    runs = [(f"  {summary.suites} suites", "$quiet")] if summary.suites > 1 else []
    return [(f"  {STATES[summary.state]} {elapsed}", _STATE_STYLES.get(summary.state, "")), *runs]


def _tests(reading: Reading) -> list[Part]:
    outcomes = reading.findings.summary.outcomes
    if not outcomes:
        return []
    parts: list[Part] = [(f"  {many(outcomes.total(), 'test')}", "")]
    for outcome in _TOLD:
        if outcomes[outcome] or outcome in (Outcome.PASSED, Outcome.FAILED):
            style = f"$outcome-{outcome.label}" if outcomes[outcome] else "$quiet"
            parts.append((f"  {MARKS[outcome]} {units.count(outcomes[outcome])}", style))
    still = [outcome for outcome in (Outcome.RUNNING, Outcome.CUT_OFF) if outcomes[outcome]]
    if reruns := reading.findings.summary.reruns:
        parts.append((f"  {MARKS[Outcome.RERUN]} {units.count(reruns)}", "$outcome-rerun"))
    return [
        *parts,
        *((f"  {MARKS[each]} {outcomes[each]} {each.label.replace('_', ' ')}", "bold") for each in still),
    ]


def _amount(reading: Reading, age_ns: int) -> list[Part]:
    spans: Part = (f"  {many(len(reading.findings.snapshot), 'span')}", "$quiet")
    if reading.busy:
        percent = units.share(reading.read_bytes / max(1, reading.total_bytes))
        return [spans, (f"  reading {percent} of {units.size(reading.total_bytes)}", "$warning")]
    if reading.followed:
        return [
            spans,
            (f"  changed {units.duration(age_ns // units.S * units.S)} ago", "$quiet")
            if age_ns >= 2 * units.S
            else ("  now", "$quiet"),
        ]
    return [spans]


def _lost(reading: Reading) -> list[Part]:
    health = reading.findings.snapshot.health
    counts = (
        (health.rejected, "rejected"),
        (health.torn, "torn"),
        (health.dropped, "dropped"),
        (health.unreadable, "unreadable"),
        (health.resets, "rewritten"),
    )
    return [(f"  {units.count(count)} {word}", "bold $error") for count, word in counts if count]
