"""Times that look like another unit: told by the year they would be in, at its edges."""

from pathlib import Path

import msgspec
import pytest

from tests.builders import MS, T0, Json, line, snapshot, span
from tracetui.analysis.study.findings import study
from tracetui.analysis.time.wrong_units import FIRST_NS, LAST_NS, wrong_units
from tracetui.ingest import load
from tracetui.model.kind import Kind
from tracetui.report.troubles import troubles

UNITS = {"microseconds": 1_000, "milliseconds": 1_000_000, "seconds": 1_000_000_000}


@pytest.mark.parametrize("unit", UNITS)
def test_each_unit_is_told(unit: str) -> None:
    """A whole recording in it; the times stay as they are written."""
    start = T0 // UNITS[unit]
    seen = snapshot(line(span("a", start=start, end=start + 5), span("b", start=start + 1, end=start + 2)))
    (found,) = wrong_units(seen)
    assert (found.unit, found.rows.tolist()) == (unit, [0, 1])
    (told,) = (each for each in troubles(study(seen, T0)) if each.kind is Kind.UNIT)
    assert (told.count, told.loss) == (2, False)
    beside = {"microseconds": " (of Jaeger and Zipkin: milliseconds)", "seconds": ""}
    beside["milliseconds"] = " (of Jaeger and Zipkin: seconds)"
    assert told.examples[0].reason == (
        f"its start, read as {unit}{beside[unit]}, is 2026-11-18 11:06:40.000 UTC"
    )
    assert seen.start_ns.tolist() == [start, start + 1]


@pytest.mark.parametrize(("start", "is_told"), [
    (FIRST_NS // 1000 - 1, False), (FIRST_NS // 1000, True), (LAST_NS // 1000 - 1, True),
    (LAST_NS // 1000, False), (0, False), (1, False), (T0, False), (5 * MS, False),
])  # fmt: skip
def test_years_from_2000_to_2100_tell(start: int, is_told: bool) -> None:
    """What is in no unit of this century, or has no time, is left alone."""
    seen = snapshot(line(span("a", start=start, end=start + 5)))
    assert bool(list(wrong_units(seen))) is is_told


def test_a_relative_clock_begins_anywhere() -> None:
    """A document without an epoch may well begin 1.8 s after its own zero."""
    resource = {"tracetui.clock": "relative"}
    start = T0 // UNITS["seconds"]
    assert not list(wrong_units(snapshot(line(span("a", start=start, end=start + 5), resource=resource))))


def test_of_a_mixed_recording_only_those_spans_are_told() -> None:
    """One writer beside others; several units add up."""
    made = [span("good"), span("us", start=T0 // 1000, end=0), span("s", start=T0 // 1_000_000_000, end=0)]
    (told,) = (each for each in troubles(study(snapshot(line(*made)), T0)) if each.kind is Kind.UNIT)
    assert told.count == 2
    assert [example.reason.split()[4].rstrip(",") for example in told.examples] == ["microseconds", "seconds"]


@pytest.mark.parametrize("writer", ["jaeger", "zipkin"])
@pytest.mark.parametrize("start", [T0, T0 // 1_000_000])
def test_fields_of_microseconds(tmp_path: Path, writer: str, start: int) -> None:
    """Nanoseconds and milliseconds in them: what is said is what was written, and durations stay."""
    ids: Json = {"traceID": "ab", "spanID": "1", "operationName": "a", "startTime": start}
    if writer == "zipkin":
        ids = {"traceId": "ab", "id": "1", "name": "a", "timestamp": start}
    (tmp_path / "x.json").write_bytes(msgspec.json.encode([ids | {"duration": 2_000_000}]))
    ingest = load([str(tmp_path)])
    found = study(ingest.table.snapshot(), T0)
    (told,) = (each for each in troubles(found) if each.kind is Kind.UNIT)
    assert told.count == 1
    wanted = "read as nanoseconds," if start == T0 else "(of Jaeger and Zipkin: milliseconds)"
    assert wanted in told.examples[0].reason
    assert "is 2026-11-18 11:06:40.000 UTC" in told.examples[0].reason
    assert found.times.total[:].tolist() == [2_000_000_000]
    ingest.close()
