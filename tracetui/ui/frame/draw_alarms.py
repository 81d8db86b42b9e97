"""What the header says of hung tests, and of a time limit."""

from tracetui.analysis.alarms.hung import hung
from tracetui.analysis.alarms.limit import against
from tracetui.report.drawing.alarms import limit_words
from tracetui.ui.feed.reading import Reading
from tracetui.ui.frame.header_part import Part

_STYLES = {
    "breached": "bold $error",
    "will breach": "bold $error",
    "may breach": "bold $warning",
    "no forecast": "$quiet",
}
_ALARMING = ("breached", "will breach", "may breach")


def alarm_parts(reading: Reading, limit_ns: int | None) -> list[Part]:
    """How many spans hang, if any, and how the run compares with its limit, if it has one."""
    findings, now_ns = reading.findings, reading.now_ns()
    parts = []
    hanging = sum(alarm.is_known for alarm in hung(findings, now_ns).values()) if reading.grows else 0
    if hanging:
        parts.append(Part(f"  {hanging} hung", "bold $error", f" {hanging} hung", 9, "mode('run')"))
    if limit_ns is not None and findings.summary.state not in ("empty", "incomplete"):
        kept = against(limit_ns, findings.summary, findings.progress, now_ns)
        is_alarm = kept.state in _ALARMING
        text = limit_words(kept)
        short = f" {text}" if is_alarm else ""
        parts.append(Part(f"  {text}", _STYLES.get(kept.state, "$quiet"), short, 9 if is_alarm else 4))
    return parts
