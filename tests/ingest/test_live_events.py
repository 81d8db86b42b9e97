"""Chrome trace events that are shown while their document is being written."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.builders import Json, S
from tracetui.analysis.study.findings import study
from tracetui.analysis.study.study import Study
from tracetui.analysis.tree.row_mapping import moved
from tracetui.ingest import Ingest
from tracetui.ingest.loading import load
from tracetui.model.role import Outcome

US = 1_795_000_000_000_000
KINDS = {
    "array": ("[\n", ",\n", "\n]\n"),
    "one line": ("[", ",", "]"),
    "object": ('{"traceEvents": [\n', ",\n", '\n], "displayTimeUnit": "ms"}\n'),
    "object on one line": ('{"otherData": {"version": "1"}, "traceEvents": [', ", ", "]}"),
    "one a line": ("", "\n", "\n"),
}


def event(phase: str, name: str, at: int, **more: Any) -> Json:
    return {"ph": phase, "name": name, "ts": US + at, "pid": 1, "tid": 1} | more


EVENTS = [
    event("X", "child", 2, dur=1),
    event("B", "begun", 10),
    event("X", "parent", 0, dur=5),
    event("i", "instant", 3),
    event("E", "begun", 20, args={"k": "v"}),
    event("M", "thread_name", 0, args={"name": "main"}),
    event("X", "last", 30, dur=1),
]


def told(ingest: Ingest) -> dict[str, tuple[str, int, str, Outcome]]:
    """By name: what is above, how long it took (µs, 0 for no end), the lane, and how it ended."""
    read = ingest.table.snapshot()
    assert len({read.name(row) for row in range(len(read))}) == len(read), "nothing is there twice"
    assert read.health.duplicates == read.health.collisions == 0
    return {
        read.name(row): (
            read.name(parent) if parent >= 0 else "",
            int(max(0, read.end_ns[row] - read.start_ns[row])) // 1000,
            read.worker(row),
            Outcome(int(read.outcome[row])),
        )
        for row, parent in enumerate(read.parent_row.tolist())
    }


@pytest.mark.parametrize("kind", KINDS)
def test_events_are_shown_as_they_come(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each as soon as it is whole, its parent and its end when they come; in the end nothing is twice."""
    monkeypatch.setattr("tracetui.formats.chrome.trace._PAUSES", 0)
    head, between, tail = KINDS[kind]
    path = tmp_path / "trace.json"
    path.write_text(head)
    ingest = Ingest([str(tmp_path)], follow=True)
    seen = []
    for number, each in enumerate(EVENTS):
        text = json.dumps(each)
        for part in (text[:9], text[9:] + between):
            with path.open("a") as file:
                file.write(part if part.startswith("{") or number < len(EVENTS) - 1 else text[9:] + tail)
            ingest.sweep()
            while ingest.step():
                pass
        seen.append(told(ingest))
    unknown, running = Outcome.UNKNOWN, Outcome.RUNNING
    assert seen[0] == {"child": ("", 1, "thread 1", unknown)}
    assert seen[1]["begun"] == ("", 0, "thread 1", running)
    assert seen[2]["child"] == ("parent", 1, "thread 1", unknown)
    assert seen[4]["begun"] == ("", 10, "thread 1", unknown)
    opened = load([str(path)])
    path.unlink()
    ingest.sweep()
    while ingest.step():
        pass
    assert told(ingest) == told(opened)
    assert set(told(ingest)) == {"child", "begun", "parent", "last"}
    assert told(ingest)["child"] == ("parent", 1, "main", unknown)
    ingest.close()
    opened.close()


@pytest.mark.parametrize(
    ("beside", "start_ns"), [(f'"baseTimeNanoseconds": {US}000', US * 1000 + 2000), ('"other": 1', 2000)]
)
def test_a_clock_that_is_told_at_the_end_is_right_from_then_on(
    tmp_path: Path, beside: str, start_ns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was shown on an axis of its own moves to where it belongs; what the reader looks at stays."""
    monkeypatch.setattr("tracetui.formats.chrome.trace._PAUSES", 0)
    path = tmp_path / "trace.json"
    inner, outer = event("X", "inner", 12 - US, dur=3), event("X", "outer", 2 - US, dur=20)
    path.write_text('{"traceEvents": [\n' + json.dumps(inner) + ",\n" + json.dumps(outer))
    ingest = Ingest([str(tmp_path)], follow=True)
    studies, read = [], Study()
    for more in ("", ",\n" + json.dumps(event("X", "last", 30 - US, dur=1)), "], " + beside + "}\n"):
        with path.open("a") as file:
            file.write(more)
        ingest.sweep()
        while ingest.step():
            pass
        studies.append(read(ingest.table.snapshot(), US * 1000 + S))
    before, after = studies[1].written, studies[2].written
    assert {before.name(row): int(before.start_ns[row]) for row in range(3)} == {
        "outer": 2000, "inner": 12_000, "last": 30_000
    }  # fmt: skip
    assert {after.name(row): int(after.start_ns[row]) - start_ns for row in range(3)} == {
        "outer": 0, "inner": 10_000, "last": 28_000
    }  # fmt: skip
    assert told(ingest)["inner"][:2] == ("outer", 3)
    row = studies[2].tree.roots.tolist()[0]
    assert moved(before, after, [row]) == {row: row}
    assert studies[2].summary == study(after, US * 1000 + S).summary
    ingest.close()


def test_events_are_not_shown_all_the_time(tmp_path: Path) -> None:
    """All spans are made anew: that takes a part of the time only; what is behind is shown a bit later."""
    path = tmp_path / "trace.json"
    path.write_text("[" + ",\n".join(json.dumps(event("X", f"x{n}", n, dur=1)) for n in range(3000)) + ",\n")
    ingest = Ingest([str(tmp_path)], follow=True)
    counts = []
    for number in range(100):
        with path.open("a") as file:
            file.write(json.dumps(event("X", f"y{number}", number, dur=1)) + ",\n")
        ingest.sweep()
        while ingest.step():
            pass
        counts.append(len(ingest.table))
    assert counts[0] >= 3001
    assert len(set(counts)) < 90
    ingest.close()
